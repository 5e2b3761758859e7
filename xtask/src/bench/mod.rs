//! `cargo xtask bench`: phones and the server, measured beside what this machine can do at all.
//!
//! The server is the real program with its real durability, phones are real clients with encrypted
//! stores, and everything between them goes over HTTP on loopback with real sessions. Names of
//! measurements are those by which other products are measured on the same posts.

mod enumeration;
mod limits;
mod phone;
mod phone_work;
mod posts;
mod report;
mod server_work;
mod session;
mod wire;
mod world;

use crate::{Failed, Outcome, bindings, stop, workspace};
use enishi_core::feed::Selection;
use phone::Phone;
use report::{Measured, Report, ms, tell};
use serde_json::{Map, json};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::Command;
use world::World;

/// What to measure.
#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    /// Also write each measurement as a line of JSON to this file; `-` writes them to the standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only measurements whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// A tenth of the posts and one run of each, to see that everything runs: no figures to quote
    #[arg(long)]
    quick: bool,
    /// Runs of each measurement
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Also measure the server on this PostgreSQL, with one process and with three; it must be an empty database
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The server's program [default: the one built beside this]
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Opens the phone in this folder, and says what that took
    #[arg(long, value_name = "DIR", hide = true)]
    open_phone: Option<PathBuf>,
}

/// How large everything is.
#[derive(Clone, Copy)]
struct Scale {
    runs: usize,
    /// Posts of the communities that are called 10k, 100k and 1m.
    small: usize,
    big: usize,
    huge: Option<usize>,
    /// What share of ten thousand posts the small one has.
    of_small: f64,
    /// How long a load lasts.
    load: Duration,
    /// Codes asked for, for known addresses and for others.
    asked: usize,
    /// Posts heard live.
    events: usize,
    /// Connections that are live at once.
    crowd: usize,
}

impl Scale {
    fn of(options: &Options) -> Self {
        if options.quick {
            return Self {
                runs: 1,
                small: 1_000,
                big: 10_000,
                huge: None,
                of_small: 0.1,
                load: Duration::from_secs(1),
                asked: 50,
                events: 20,
                crowd: 500,
            };
        }
        Self {
            runs: options.runs.max(1),
            small: 10_000,
            big: 100_000,
            huge: Some(1_000_000),
            of_small: 1.0,
            load: Duration::from_secs(5),
            asked: 2_000,
            events: 200,
            crowd: 10_000,
        }
    }
}

/// Measures what was asked for.
pub(crate) async fn run(options: Options) -> Outcome {
    if let Some(folder) = &options.open_phone {
        return open_phone(folder).await;
    }
    if cfg!(debug_assertions) {
        tell("this is a debug build: its figures mean nothing");
    }
    let folder = std::env::temp_dir().join(format!("enishi-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = tokio::select! {
        measured = measure(&options, &folder) => measured,
        () = stop::requested() => Err("stopped".into()),
    };
    std::fs::remove_dir_all(&folder)?;
    measured.map(|()| true)
}

async fn measure(options: &Options, folder: &Path) -> Result<(), Failed> {
    let scale = Scale::of(options);
    let mut notes = Map::new();
    if options.quick {
        notes.insert("quick".into(), json!(true));
    }
    let mut report = Report::new(options.json.as_deref(), options.only.clone(), notes)?;
    tell("what this machine can do at all");
    limits::measure(&mut report, folder, scale.big, scale.runs)?;
    size(&mut report, options)?;
    crossing(&mut report, options, scale.runs).await?;
    empty(&mut report, options, (&scale, folder)).await?;
    small(&mut report, options, (&scale, folder)).await?;
    big(&mut report, options, (&scale, folder)).await?;
    huge(&mut report, options, (&scale, folder)).await?;
    postgres(&mut report, options, (&scale, folder)).await
}

/// What is downloaded.
fn size(report: &mut Report, options: &Options) -> Result<(), Failed> {
    if !report.wants(&["size_server"]) {
        return Ok(());
    }
    let program = options.server.clone().unwrap_or_else(|| workspace::built("release", "alumni-server"));
    #[expect(clippy::cast_precision_loss, reason = "a file's size")]
    let mib = std::fs::metadata(program)?.len() as f64 / f64::from(1 << 20);
    report.one("size_server", "MiB", mib)
}

/// A window of 50 posts brought into Kotlin.
async fn crossing(report: &mut Report, options: &Options, runs: usize) -> Result<(), Failed> {
    if !report.wants(&["crossing_kotlin_50_p50"]) {
        return Ok(());
    }
    if let Some(missing) = bindings::kotlin::missing().await {
        tell(&format!("no window into Kotlin: {missing}"));
        return Ok(());
    }
    let program = options.server.clone().unwrap_or_else(|| workspace::built("release", "alumni-server"));
    let runs = bindings::kotlin::crossing(&program, runs).await?;
    report.ours(&Measured { name: "crossing_kotlin_50_p50", unit: "ms", runs, limit: None })
}

async fn empty(report: &mut Report, options: &Options, (scale, folder): (&Scale, &Path)) -> Result<(), Failed> {
    if !report.wants(&["rss_server_empty", "sign_in_known_p50", "sign_in_unknown_p50", "sign_in_apart"]) {
        return Ok(());
    }
    let world = World::make(options, &folder.join("empty"), 0, None).await?;
    if report.wants(&["rss_server_empty"]) {
        report.one("rss_server_empty", "MiB", server_work::memory(&world).await?)?;
    }
    enumeration::measure(report, scale, &world).await?;
    world.end().await
}

async fn small(report: &mut Report, options: &Options, (scale, folder): (&Scale, &Path)) -> Result<(), Failed> {
    let synced = ["a_initial_10k", "a_initial_10k_searchable", "a_first_screen_10k"];
    let changed = ["b_delta_100", "c_outbox_1000", "c_outbox_1000_applied"];
    if !report.wants(&synced) && !report.wants(&changed) {
        return Ok(());
    }
    let world = World::make(options, &folder.join("small"), scale.small, None).await?;
    phone_work::first_sync(report, scale, &world).await?;
    phone_work::first_screen(report, scale, &world, "10k").await?;
    if report.wants(&changed) {
        let phone = Phone::full(&world).await?;
        // At rest: what it has just fetched is indexed behind, which would be measured along.
        phone.searchable().await?;
        phone_work::delta(report, scale, (&world, &phone), "b_delta_100").await?;
        phone_work::outbox(report, scale, (&world, &phone)).await?;
        phone.close().await;
    }
    world.end().await
}

async fn big(report: &mut Report, options: &Options, (scale, folder): (&Scale, &Path)) -> Result<(), Failed> {
    let local = ["d_page50_100k_p50", "d_page50_100k_p99", "e_write_one_p50", "e_write_one_p99"];
    let found = ["f_search_100k_p50", "f_search_100k_p99", "f_search_100k_hard_p50", "f_search_100k_hard_p99"];
    let opened = ["open_100k", "rss_client_100k", "b_delta_100_100k"];
    let loaded = ["create_1000_c1", "create_1000_c32", "create_wrk_c32", "list50_c32_skiptotal", "rss_after_load"];
    let heard = ["realtime_1sub_p50", "realtime_1sub_p99", "realtime_50sub_p50", "realtime_50sub_p99"];
    let server = ["a_first_screen_100k", "live_10k_each", "live_10k_p99", "cold_start_100k"];
    let on_phone = report.wants(&local) || report.wants(&found) || report.wants(&opened);
    if !on_phone && !report.wants(&loaded) && !report.wants(&heard) && !report.wants(&server) {
        return Ok(());
    }
    let world = World::make(options, &folder.join("big"), scale.big, None).await?;
    phone_work::first_screen(report, scale, &world, "100k").await?;
    if on_phone {
        tell("a phone takes all of it");
        let phone = Phone::full(&world).await?;
        phone.searchable().await?;
        phone_work::delta(report, scale, (&world, &phone), "b_delta_100_100k").await?;
        phone_work::local(report, scale, &world, &phone)?;
        phone_work::write(report, scale, &world, &phone).await?;
        opening(report, scale, &phone.close().await).await?;
    }
    server_work::realtime(report, scale, &world).await?;
    server_work::load(report, scale, &world, "").await?;
    if report.wants(&loaded) {
        report.one("rss_after_load", "MiB", server_work::memory(&world).await?)?;
    }
    server_work::live(report, scale, &world).await?;
    server_work::start(report, scale, &world, "cold_start_100k").await?;
    world.end().await
}

async fn huge(report: &mut Report, options: &Options, (scale, folder): (&Scale, &Path)) -> Result<(), Failed> {
    let Some(posts) = scale.huge else { return Ok(()) };
    if !report.wants(&["a_first_screen_1m"]) {
        return Ok(());
    }
    let world = World::make(options, &folder.join("huge"), posts, None).await?;
    phone_work::first_screen(report, scale, &world, "1m").await?;
    world.end().await
}

/// The server on PostgreSQL, with one process and with three.
async fn postgres(report: &mut Report, options: &Options, (scale, folder): (&Scale, &Path)) -> Result<(), Failed> {
    let Some(url) = options.postgres.clone() else { return Ok(()) };
    let mut world = World::make(options, &folder.join("postgres"), scale.small, Some(url)).await?;
    server_work::load(report, scale, &world, "_pg1").await?;
    world.grow().await?;
    world.grow().await?;
    server_work::load(report, scale, &world, "_pg3").await?;
    world.end().await
}

/// How soon a phone that was closed shows its newest posts, and what memory it then holds: in a process of
/// its own, as nothing else is in a phone's.
async fn opening(report: &mut Report, scale: &Scale, folder: &Path) -> Result<(), Failed> {
    if !report.wants(&["open_100k", "rss_client_100k"]) {
        return Ok(());
    }
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..scale.runs {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bench", "--open-phone"]).arg(folder).stdin(Stdio::null()).kill_on_drop(true);
        let output = command.output().await?;
        let said = String::from_utf8(output.stdout)?;
        let (time, resident) = said.trim().split_once(' ').ok_or("the phone's process said nothing")?;
        times.push(time.parse()?);
        memory.push(resident.parse()?);
    }
    report.ours(&Measured { name: "open_100k", unit: "ms", runs: times, limit: None })?;
    report.ours(&Measured { name: "rss_client_100k", unit: "MiB", runs: memory, limit: None })
}

async fn open_phone(folder: &Path) -> Outcome {
    let started = Instant::now();
    let phone = Phone::again(folder)?;
    let shown = phone.window(Selection::All, 50)?.posts.len();
    let took = ms(started.elapsed());
    println!("{took} {}", server_work::resident("self")?);
    phone.close().await;
    Ok(shown == 50)
}
