//! What a phone does: first sync, catching up, sending, showing, writing and finding.

use super::{
    Scale,
    phone::Phone,
    posts::numbered,
    report::{Measured, Report, ms, share},
    session::write_post,
    world::World,
};
use crate::Failed;
use enishi_core::feed::{FeedWindow, Selection};
use enishi_protocol::{
    Operation, PostId,
    feed::{PostEdit, PostKind},
};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Posts on a screen and a little more.
const WINDOW: usize = 50;
/// Windows, writes and searches in one run.
const WINDOWS: usize = 500;
const WRITES: usize = 100;
const SEARCHES: usize = 100;
/// A word of two characters that many posts contain.
const WORD: &str = "清掃";
/// Two characters that nearly every post contains, and none of them side by side.
const HARD: &str = "会知";

/// Empty phones that fetch everything.
pub(super) async fn first_sync(report: &mut Report, scale: &Scale, world: &World) -> Result<(), Failed> {
    if !report.wants(&["a_initial_10k", "a_initial_10k_searchable"]) {
        return Ok(());
    }
    let (mut whole, mut searchable) = (Vec::new(), Vec::new());
    for _ in 0..scale.runs {
        let phone = Phone::empty(world).await?;
        let started = Instant::now();
        phone.fetch_whole().await?;
        whole.push(ms(started.elapsed()));
        phone.searchable().await?;
        searchable.push(ms(started.elapsed()));
        holds_all(&phone, world)?;
        phone.close().await;
    }
    let limit = Some(("floor_initial_10k", scale.of_small));
    report.ours(&Measured { name: "a_initial_10k", unit: "ms", runs: whole, limit })?;
    report.ours(&Measured { name: "a_initial_10k_searchable", unit: "ms", runs: searchable, limit })
}

/// That the phone can read as many posts as there are: a measurement of less would be worth nothing.
fn holds_all(phone: &Phone, world: &World) -> Result<(), Failed> {
    let mut held = 0;
    for number in 0..world.groups.len() {
        held += phone.window(Selection::Stream(world.feed(number)), world.posts)?.posts.len();
    }
    if held < world.posts {
        return Err(format!("the phone holds {held} of {} posts", world.posts).into());
    }
    Ok(())
}

/// Empty phones that show their first screen, in a community of any size.
pub(super) async fn first_screen(report: &mut Report, scale: &Scale, world: &World, size: &str) -> Result<(), Failed> {
    let name = format!("a_first_screen_{size}");
    if !report.wants(&[&name]) {
        return Ok(());
    }
    let mut runs = Vec::new();
    for _ in 0..scale.runs {
        let phone = Phone::empty(world).await?;
        let started = Instant::now();
        phone.first_screen(WINDOW).await?;
        runs.push(ms(started.elapsed()));
        phone.close().await;
    }
    report.ours(&Measured { name: &name, unit: "ms", runs, limit: None })
}

/// A hundred posts are edited elsewhere; the phone catches up.
pub(super) async fn delta(
    report: &mut Report,
    scale: &Scale,
    (world, phone): (&World, &Phone),
    name: &str,
) -> Result<(), Failed> {
    const CHANGED: usize = 100;
    if !report.wants(&[name]) {
        return Ok(());
    }
    let mut author = world.session().await?;
    let posts = (0..CHANGED).map(|number| write_post(world.feed(number), numbered(number).text));
    let written = author.write(&posts.collect::<Vec<_>>()).await?;
    let mut latest = written.clone();
    let cancel = CancellationToken::new();
    phone.set_online(true);
    phone.lay_down();
    phone.community.in_step(&cancel).await?;
    let mut runs = Vec::new();
    for run in 0..scale.runs {
        let edits = written.iter().zip(&latest).enumerate().map(|(number, (post, base))| {
            let text = format!("{run}回目 {}", numbered(number).text);
            Operation::EditPost(PostEdit { post: PostId::from(*post), base: *base, text, mentions: Vec::new() })
        });
        latest = author.write(&edits.collect::<Vec<_>>()).await?;
        let started = Instant::now();
        phone.community.sync_now(&cancel).await?;
        runs.push(ms(started.elapsed()));
        let edited = phone.window(Selection::All, CHANGED)?;
        let seen = edited.posts.iter().filter(|post| post.text.starts_with(&format!("{run}回目"))).count();
        if seen != CHANGED {
            return Err(format!("the phone has {seen} of {CHANGED} edits").into());
        }
    }
    report.ours(&Measured { name, unit: "ms", runs, limit: Some(("floor_delta_100", 1.0)) })
}

/// A thousand posts written without a network, until the server has them.
pub(super) async fn outbox(report: &mut Report, scale: &Scale, (world, phone): (&World, &Phone)) -> Result<(), Failed> {
    const WRITTEN: usize = 1_000;
    if !report.wants(&["c_outbox_1000", "c_outbox_1000_applied"]) {
        return Ok(());
    }
    let (mut answered, mut applied) = (Vec::new(), Vec::new());
    for run in 0..scale.runs {
        phone.set_online(false);
        for number in 0..WRITTEN {
            let text = numbered(run * WRITTEN + number).text;
            phone.community.write_post(world.feed(number), PostKind::Text, &text, &[])?;
        }
        let started = Instant::now();
        phone.set_online(true);
        let (last, stored) = phone.sent().await?;
        answered.push(ms(last - started));
        applied.push(ms(stored - started));
        phone.community.in_step(&CancellationToken::new()).await?;
    }
    let limit = Some(("floor_outbox_1000", 1.0));
    report.ours(&Measured { name: "c_outbox_1000", unit: "ms", runs: answered, limit })?;
    report.ours(&Measured { name: "c_outbox_1000_applied", unit: "ms", runs: applied, limit })
}

/// One post written and shown, while the phone is offline. What was written is sent between runs.
pub(super) async fn write(report: &mut Report, scale: &Scale, world: &World, phone: &Phone) -> Result<(), Failed> {
    if !report.wants(&["e_write_one_p50", "e_write_one_p99"]) {
        return Ok(());
    }
    let mut samples = Samples::default();
    for run in 0..scale.runs {
        phone.set_online(false);
        samples.take(WRITES, |number| {
            let stream = world.feed(number);
            let text = numbered(run * WRITES + number).text;
            let id = phone.community.write_post(stream, PostKind::Text, &text, &[])?;
            is_first(&phone.window(Selection::Stream(stream), 1)?, id)
        })?;
        phone.set_online(true);
        phone.community.in_step(&CancellationToken::new()).await?;
    }
    phone.set_online(false);
    samples.report(report, "e_write_one", Some(("sqlite_write_one_tx_wal_full", 1e-3)))
}

/// Windows and searches on a phone that holds a large community.
pub(super) fn local(report: &mut Report, scale: &Scale, world: &World, phone: &Phone) -> Result<(), Failed> {
    if report.wants(&["d_page50_100k_p50", "d_page50_100k_p99"]) {
        let mut samples = Samples::default();
        for _ in 0..scale.runs {
            let page = |number| full(&phone.window(Selection::Stream(world.feed(number)), WINDOW)?);
            samples.take(WINDOWS, page)?;
        }
        samples.report(report, "d_page50_100k", Some(("sqlite_page50_by_group", 1e-3)))?;
    }
    for (name, word, expected) in [("f_search_100k", WORD, WINDOW), ("f_search_100k_hard", HARD, 0)] {
        if report.wants(&[&format!("{name}_p50"), &format!("{name}_p99")]) {
            let mut samples = Samples::default();
            for _ in 0..scale.runs {
                samples.take(SEARCHES, |_| {
                    let found = phone.community.search(Selection::All, word)?.posts.len();
                    if found >= expected { Ok(()) } else { Err("the search found too little".into()) }
                })?;
            }
            samples.report(report, name, None)?;
        }
    }
    Ok(())
}

/// Something small, measured many times: of each run its middle and its slow end.
#[derive(Default)]
struct Samples {
    middle: Vec<f64>,
    high: Vec<f64>,
}

impl Samples {
    /// One run.
    fn take(&mut self, samples: usize, mut work: impl FnMut(usize) -> Result<(), Failed>) -> Result<(), Failed> {
        let mut times = Vec::with_capacity(samples);
        for number in 0..samples {
            let started = Instant::now();
            work(number)?;
            times.push(ms(started.elapsed()));
        }
        self.middle.push(share(&mut times, 0.5));
        self.high.push(share(&mut times, 0.99));
        Ok(())
    }

    fn report(self, report: &mut Report, name: &str, limit: Option<(&str, f64)>) -> Result<(), Failed> {
        for (end, runs) in [("p50", self.middle), ("p99", self.high)] {
            let limit = limit.map(|(limit, unit)| (format!("{limit}_{end}"), unit));
            let limit = limit.as_ref().map(|(limit, unit)| (limit.as_str(), *unit));
            report.ours(&Measured { name: &format!("{name}_{end}"), unit: "ms", runs, limit })?;
        }
        Ok(())
    }
}

fn full(window: &FeedWindow) -> Result<(), Failed> {
    if window.posts.len() < WINDOW || window.posts.iter().any(|post| post.author_name.is_none()) {
        return Err("a window is not full".into());
    }
    Ok(())
}

fn is_first(window: &FeedWindow, id: PostId) -> Result<(), Failed> {
    if window.posts.first().is_some_and(|post| post.id == id) {
        Ok(())
    } else {
        Err("what was written is not shown".into())
    }
}
