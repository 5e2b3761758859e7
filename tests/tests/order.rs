//! R2 with processes that are real ones: four servers on one PostgreSQL, sixteen writers on each, and a reader that
//! follows by its cursor and misses nothing.
//!
//! The same readers and writers over numbers of a plain sequence miss something: what the locked version is for, and the
//! proof that this test would notice. `ENISHI_TEST_SEED=…` sets another seed; with `ENISHI_TEST_LONG` there are 100,000
//! changes, else 2,000, and `ENISHI_TEST_CASES=…` sets another number.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "stories are tests")]

use enishi_protocol::{
    CommunityId, Cursor, Era, Grant, Operation, Stream, Version,
    feed::{PostKind, PostWriting},
    invitations::Fact,
    membership::Role,
    sync::{Outcome, StreamRequest, SyncReply, SyncRequest},
};
use enishi_tests::{
    Place, Raw, TestServer, chance, place,
    raw::{bare, from_start, mutation},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use std::{
    collections::BTreeSet,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

const PROCESSES: usize = 4;
const WRITERS_EACH: usize = 16;
/// Most changes that one write makes.
const TOGETHER: usize = 16;

/// Where many write at once, and whatever is written gets a number.
trait Numbered: Send + Sync + 'static {
    /// A writer writes so many things at once; their ids.
    fn write(&self, writer: usize, things: usize) -> impl Future<Output = Vec<Uuid>> + Send;

    /// Things numbered above a cursor, in order, and how far they go.
    fn after(&self, cursor: i64) -> impl Future<Output = (Vec<Uuid>, i64)> + Send;
}

/// What a reader came to know of what was written.
#[derive(Debug)]
struct Read {
    written: usize,
    missed: usize,
    twice: usize,
}

/// A writer takes its share until all changes are taken.
async fn write(numbered: Arc<impl Numbered>, writer: usize, seed: u64, left: Arc<AtomicUsize>) -> Vec<Uuid> {
    let mut dice = StdRng::seed_from_u64(seed.wrapping_add(writer as u64));
    let mut written = Vec::new();
    loop {
        let wished = dice.random_range(1..=TOGETHER);
        let before = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(wished)));
        let things = wished.min(before.unwrap());
        if things == 0 {
            return written;
        }
        written.extend(numbered.write(writer, things).await);
    }
}

/// Lets all write at once while one reads, and lets the reader come to the end.
async fn read_while_all_write(numbered: Arc<impl Numbered>, changes: usize) -> Read {
    let (seed, left) = (chance::seed(), Arc::new(AtomicUsize::new(changes)));
    let writing =
        (0..PROCESSES * WRITERS_EACH).map(|writer| tokio::spawn(write(numbered.clone(), writer, seed, left.clone())));
    let writing: Vec<_> = writing.collect();
    let (mut read, mut cursor) = (Vec::new(), 0);
    loop {
        let over = writing.iter().all(tokio::task::JoinHandle::is_finished);
        let (things, to) = numbered.after(cursor).await;
        assert!(to >= cursor, "a cursor never goes back");
        if over && things.is_empty() {
            break;
        }
        read.extend(things);
        cursor = to;
    }
    let mut written = BTreeSet::new();
    for writer in writing {
        written.extend(writer.await.unwrap());
    }
    let known: BTreeSet<_> = read.iter().copied().collect();
    assert!(known.is_subset(&written), "nothing is read that nobody wrote");
    Read { written: written.len(), missed: written.len() - known.len(), twice: read.len() - known.len() }
}

/// Four real servers, reached over HTTP.
struct Servers {
    community: CommunityId,
    era: Era,
    /// A member at each of them, and by which grant they read the community's stream.
    members: Vec<(Raw, Grant)>,
    /// Where the reader begins.
    start: Cursor,
    asked: AtomicUsize,
}

impl Servers {
    async fn on(place: &Place) -> (Self, Vec<TestServer>) {
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            processes.push(TestServer::start_process(place).await);
        }
        let community = processes[0].community("縁商事", Fact::BirthDate).await;
        let (mut members, mut start) = (Vec::new(), Version(0));
        for (number, process) in processes.iter().enumerate() {
            let address = format!("member{number}@example.jp");
            processes[0].admit(community, &address, &format!("佐藤 花子{number}"), Role::Member).await;
            let member = Raw::signed_in(process, &address).await;
            let request = SyncRequest { streams: vec![from_start(Stream::Community)], ..bare(community) };
            let page = member.sync(&request).await.pages.remove(0);
            start = page.v0;
            members.push((member, page.grant));
        }
        let (era, _) = members[0].0.present(community).await;
        (Self { community, era, members, start, asked: AtomicUsize::new(0) }, processes)
    }

    /// Asks until there is an answer: a busy server tells whoever asks to come again, and a phone does. What it decided
    /// before is decided once.
    async fn sync(&self, process: usize, request: &SyncRequest) -> SyncReply {
        loop {
            let answer = self.members[process].0.post("/v1/sync", request).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                return answer.read();
            }
        }
    }
}

impl Numbered for Servers {
    async fn write(&self, writer: usize, things: usize) -> Vec<Uuid> {
        let (stream, kind, mentions, attachments) = (Stream::Community, PostKind::Text, Vec::new(), Vec::new());
        let text = format!("{writer}番目の人の知らせ");
        let post = Operation::WritePost(PostWriting { stream, kind, text, mentions, poll: None, attachments });
        let mutations: Vec<_> = (0..things).map(|_| mutation(&post, self.start)).collect();
        let ask: Vec<_> = mutations.iter().map(|mutation| mutation.id).collect();
        let request = SyncRequest { era: Some(self.era), mutations, ask, ..bare(self.community) };
        let reply = self.sync(writer % PROCESSES, &request).await;
        assert_eq!((reply.undecided, reply.results.len()), (None, things));
        let accepted = reply.results.into_iter().map(|result| {
            assert!(matches!(result.outcome, Outcome::Accepted { .. }), "{:?}", result.outcome);
            result.mutation.0
        });
        accepted.collect()
    }

    /// Each time another process is asked.
    async fn after(&self, cursor: i64) -> (Vec<Uuid>, i64) {
        let cursor = Version(cursor.max(self.start.0));
        let member = self.asked.fetch_add(1, Ordering::SeqCst) % PROCESSES;
        let (stream, grant) = (Stream::Community, Some(self.members[member].1));
        let asked = StreamRequest { stream, grant, cursor: Some(cursor), page: None };
        let request = SyncRequest { era: Some(self.era), streams: vec![asked], ..bare(self.community) };
        // By another member's grant there would be no batch, and the reader would take that for the end.
        let batch = self.sync(member, &request).await.batches.pop().expect("a batch, if an empty one");
        assert_eq!(batch.from, cursor);
        let versions: Vec<_> = batch.changes.iter().map(|change| change.version).collect();
        assert!(versions.is_sorted_by(|one, next| one < next), "in order");
        (batch.changes.iter().map(|change| change.id).collect(), batch.to.0)
    }
}

/// The same with numbers of a plain sequence.
struct Plain {
    writers: Vec<tokio::sync::Mutex<Client>>,
    reader: Client,
}

async fn client(place: &Place) -> Client {
    let (client, connection) = tokio_postgres::connect(place.database_url().unwrap(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Plain {
    async fn on(place: &Place) -> Self {
        let reader = client(place).await;
        reader.batch_execute("CREATE TABLE plain (version BIGSERIAL PRIMARY KEY, id UUID NOT NULL)").await.unwrap();
        let mut writers = Vec::new();
        for _ in 0..PROCESSES * WRITERS_EACH {
            writers.push(tokio::sync::Mutex::new(client(place).await));
        }
        Self { writers, reader }
    }
}

impl Numbered for Plain {
    async fn write(&self, writer: usize, things: usize) -> Vec<Uuid> {
        let mut client = self.writers[writer].lock().await;
        let transaction = client.transaction().await.unwrap();
        let ids: Vec<_> = (0..things).map(|_| Uuid::now_v7()).collect();
        for id in &ids {
            transaction.execute("INSERT INTO plain (id) VALUES ($1)", &[id]).await.unwrap();
        }
        transaction.commit().await.unwrap();
        ids
    }

    async fn after(&self, cursor: i64) -> (Vec<Uuid>, i64) {
        let sql = "SELECT id, version FROM plain WHERE version > $1 ORDER BY version";
        let rows = self.reader.query(sql, &[&cursor]).await.unwrap();
        let to = rows.last().map_or(cursor, |row| row.get(1));
        (rows.iter().map(|row| row.get(0)).collect(), to)
    }
}

async fn nothing_is_missed(place: Place) {
    let (servers, processes) = Servers::on(&place).await;
    let changes = chance::cases(2_000, 100_000);
    let read = read_while_all_write(Arc::new(servers), changes).await;
    println!("{read:?}");
    assert_eq!((read.written, read.missed, read.twice), (changes, 0, 0));
    drop(processes);
}

async fn something_is_missed(place: Place) {
    let read = read_while_all_write(Arc::new(Plain::on(&place).await), 2_000).await;
    println!("{read:?}");
    assert_eq!((read.written, read.twice), (2_000, 0));
    assert!(read.missed > 0, "a test that misses nothing here would notice nothing");
}

mod r2_a_reader_misses_nothing_of_what_four_processes_write_at_once {
    #[test]
    fn on_postgres() {
        super::place::on_postgres(super::nothing_is_missed);
    }
}

mod r2_with_a_plain_sequence_the_same_reader_misses_something {
    #[test]
    fn on_postgres() {
        super::place::on_postgres(super::something_is_missed);
    }
}
