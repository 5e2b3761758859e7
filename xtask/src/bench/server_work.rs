//! What the server does: single writes, newest pages, changes as they happen, many connections, memory and start.

use super::{
    Scale,
    posts::numbered,
    report::{Measured, Report, ms, share},
    session::{Session, write_post},
    wire::Wire,
    world::World,
};
use crate::Failed;
use enishi_protocol::{
    Era, MutationId, Stream,
    sync::{LiveRequest, Page, Place, StreamRequest, SyncReply, SyncRequest},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Connections of a busy server.
const BUSY: usize = 32;
/// Sessions that these connections share.
const SESSIONS: usize = 8;

/// Single writes and newest pages a second. Names end with `suffix`.
pub(super) async fn load(report: &mut Report, scale: &Scale, world: &World, suffix: &str) -> Result<(), Failed> {
    let name = |name: &str| format!("{name}{suffix}");
    let names = ["create_1000_c1", "create_1000_c32", "create_wrk_c32", "list50_c32_skiptotal"].map(name);
    let after = name("rss_after_load");
    if !report.wants(&[&after]) && !report.wants(&names.each_ref().map(String::as_str)) {
        return Ok(());
    }
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        let mut session = world.session().await?;
        session.present().await?;
        sessions.push(session);
    }
    for (name, connections) in [(&names[0], 1), (&names[1], BUSY)] {
        let mut runs = Vec::new();
        for _ in 0..scale.runs {
            let started = Instant::now();
            let calls = writes(world, &mut sessions, connections, Until::Calls(1_000)).await?;
            runs.push(per_second(calls, started.elapsed()));
        }
        report.ours(&Measured { name, unit: "req/s", runs, limit: None })?;
    }
    let mut runs = Vec::new();
    for _ in 0..scale.runs.min(3) {
        let started = Instant::now();
        let calls = writes(world, &mut sessions, BUSY, Until::Time(started + scale.load)).await?;
        runs.push(per_second(calls, started.elapsed()));
    }
    report.ours(&Measured { name: &names[2], unit: "req/s", runs, limit: None })?;
    let mut runs = Vec::new();
    for _ in 0..scale.runs.min(3) {
        let started = Instant::now();
        let calls = pages(world, &sessions, started + scale.load).await?;
        runs.push(per_second(calls, started.elapsed()));
    }
    report.ours(&Measured { name: &names[3], unit: "req/s", runs, limit: None })
}

#[derive(Clone, Copy)]
enum Until {
    Calls(usize),
    Time(Instant),
}

/// Each connection writes one post after the other, each in a call of its own.
async fn writes(world: &World, sessions: &mut [Session], connections: usize, until: Until) -> Result<usize, Failed> {
    let mut tasks = JoinSet::new();
    let calls = Arc::new(AtomicUsize::new(0));
    for number in 0..connections {
        let session = &mut sessions[number % SESSIONS];
        let mut request = session.request().await?;
        let template = session.mutation(&write_post(world.feed(number), numbered(number).text)).await?;
        let mut wire = Wire::connect(world.url_of(number), "/v1/sync", &session.token).await?;
        let calls = Arc::clone(&calls);
        tasks.spawn(async move {
            loop {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                let goes_on = match until {
                    Until::Calls(most) => call < most,
                    Until::Time(end) => Instant::now() < end,
                };
                if !goes_on {
                    calls.fetch_sub(1, Ordering::Relaxed);
                    return Ok::<_, Failed>(());
                }
                let mut mutation = template.clone();
                mutation.id = MutationId(Uuid::now_v7());
                request.ask = vec![mutation.id];
                request.mutations = vec![mutation];
                accepted(wire.call(&serde_json::to_vec(&request)?).await?)?;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(calls.load(Ordering::Relaxed))
}

/// Whether the one mutation of a call was accepted.
fn accepted(answer: &[u8]) -> Result<(), Failed> {
    if answer.windows(8).any(|bytes| bytes == b"accepted") {
        return Ok(());
    }
    Err(String::from_utf8_lossy(answer).into_owned().into())
}

/// Each connection asks for the newest page of a group, again and again.
async fn pages(world: &World, sessions: &[Session], end: Instant) -> Result<usize, Failed> {
    let mut tasks = JoinSet::new();
    for number in 0..BUSY {
        let request = first_page(world, world.feed(number));
        let body = serde_json::to_vec(&request)?;
        let mut wire = Wire::connect(world.url_of(number), "/v1/sync", &sessions[number % SESSIONS].token).await?;
        let reply: SyncReply = serde_json::from_slice(wire.call(&body).await?)?;
        let entities = reply.pages.first().map_or(0, |page| page.changes.len());
        if entities < 50 {
            return Err(format!("a page has {entities} entities").into());
        }
        tasks.spawn(async move {
            let mut calls = 0;
            while Instant::now() < end {
                wire.call(&body).await?;
                calls += 1;
            }
            Ok::<usize, Failed>(calls)
        });
    }
    let mut calls = 0;
    while let Some(ended) = tasks.join_next().await {
        calls += ended??;
    }
    Ok(calls)
}

fn first_page(world: &World, stream: Stream) -> SyncRequest {
    let streams = vec![StreamRequest { stream, grant: None, cursor: None, page: Some(Place::start()) }];
    SyncRequest { community: world.community, era: None, mutations: Vec::new(), ask: Vec::new(), streams }
}

/// From just before a post is sent to its event at everyone who is live.
pub(super) async fn realtime(report: &mut Report, scale: &Scale, world: &World) -> Result<(), Failed> {
    for listeners in [1, 50] {
        let names = ["p50", "p99"].map(|end| format!("realtime_{listeners}sub_{end}"));
        if !report.wants(&names.each_ref().map(String::as_str)) {
            continue;
        }
        let mut writer = world.session().await?;
        let mut crowd = Crowd::gather(world, listeners).await?;
        let mut times = Vec::new();
        for number in 0..scale.events {
            times.extend(crowd.hear(world, &mut writer, number).await?);
        }
        report.one(&names[0], "ms", share(&mut times, 0.5))?;
        report.one(&names[1], "ms", share(&mut times, 0.99))?;
    }
    Ok(())
}

/// Very many who are live and hear nothing, and then one post to all of them.
pub(super) async fn live(report: &mut Report, scale: &Scale, world: &World) -> Result<(), Failed> {
    if !report.wants(&["live_10k_each", "live_10k_p99"]) {
        return Ok(());
    }
    let mut writer = world.session().await?;
    let before = memory(world).await?;
    let mut crowd = Crowd::gather(world, scale.crowd).await?;
    // The first post shows that all of them are there.
    crowd.hear(world, &mut writer, 0).await?;
    #[expect(clippy::cast_precision_loss, reason = "a count of connections")]
    let each = (memory(world).await? - before) * 1024.0 / scale.crowd as f64;
    report.one("live_10k_each", "KiB", each)?;
    let mut runs = Vec::new();
    for number in 1..=scale.runs {
        let mut times = crowd.hear(world, &mut writer, number).await?;
        runs.push(share(&mut times, 0.99));
    }
    report.ours(&Measured { name: "live_10k_p99", unit: "ms", runs, limit: None })
}

/// Connections that are live for one feed.
struct Crowd {
    stream: Stream,
    wires: Vec<Wire>,
}

impl Crowd {
    async fn gather(world: &World, listeners: usize) -> Result<Self, Failed> {
        let stream = world.feed(0);
        let mut followers = Vec::new();
        for _ in 0..listeners.div_ceil(2_000).min(SESSIONS) {
            let session = world.session().await?;
            // Each by its own grant: with another member's it would follow nothing.
            let reply = session.api.sync(&session.token, &first_page(world, stream)).await?.reply;
            let page = reply.pages.into_iter().next().ok_or("no page came")?;
            followers.push((session.token, serde_json::to_vec(&live_request(world, reply.era, &page))?));
        }
        let mut wires = Vec::new();
        for number in 0..listeners {
            let (token, body) = &followers[number % followers.len()];
            let mut wire = Wire::connect(&world.url, "/v1/live", token).await?;
            wire.send(body).await?;
            wires.push(wire);
        }
        for wire in &mut wires {
            wire.head_of_answer().await?;
        }
        Ok(Self { stream, wires })
    }

    /// Writes a post; how long after that each of them heard of it, in milliseconds.
    async fn hear(&mut self, world: &World, writer: &mut Session, number: usize) -> Result<Vec<f64>, Failed> {
        let mut request = writer.request().await?;
        let mutation = writer.mutation(&write_post(self.stream, numbered(number).text)).await?;
        let id = mutation.id.to_string();
        request.ask = vec![mutation.id];
        request.mutations = vec![mutation];
        let body = serde_json::to_vec(&request)?;
        let mut sending = Wire::connect(&world.url, "/v1/sync", &writer.token).await?;
        let mut tasks = JoinSet::new();
        for mut wire in self.wires.drain(..) {
            let id = id.clone();
            tasks.spawn(async move {
                let heard = wire.until(id.as_bytes());
                tokio::time::timeout(Duration::from_mins(1), heard).await.map_err(|_| "an event did not come")??;
                Ok::<_, Failed>((wire, Instant::now()))
            });
        }
        let sent = Instant::now();
        accepted(sending.call(&body).await?)?;
        let mut times = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            let (wire, heard) = ended??;
            self.wires.push(wire);
            times.push(ms(heard - sent));
        }
        Ok(times)
    }
}

fn live_request(world: &World, era: Era, page: &Page) -> LiveRequest {
    let stream = StreamRequest { stream: page.stream, grant: Some(page.grant), cursor: Some(page.v0), page: None };
    LiveRequest { community: world.community, era, streams: vec![stream] }
}

/// The server's memory, and how soon a stopped one answers again.
pub(super) async fn start(report: &mut Report, scale: &Scale, world: &World, name: &str) -> Result<(), Failed> {
    if !report.wants(&[name]) {
        return Ok(());
    }
    let mut runs = Vec::new();
    for _ in 0..scale.runs {
        world.server.stop().await?;
        let started = Instant::now();
        world.server.start().await?;
        runs.push(ms(started.elapsed()));
    }
    report.ours(&Measured { name, unit: "ms", runs, limit: None })
}

/// Memory that the server's process holds, in MiB.
pub(super) async fn memory(world: &World) -> Result<f64, Failed> {
    let process = world.server.process().await.ok_or("no server runs")?;
    resident(&process.to_string())
}

/// Memory that a process holds, in MiB: its number, or `self`.
pub(super) fn resident(process: &str) -> Result<f64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

#[expect(clippy::cast_precision_loss, reason = "a count of calls")]
fn per_second(calls: usize, time: Duration) -> f64 {
    calls as f64 / time.as_secs_f64()
}
