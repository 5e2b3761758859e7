//! R2: within a community versions become visible in order.

use crate::town::{self, Town, post};
use enishi_protocol::{
    Cursor, Grant, PostId, Stream,
    sync::{StreamRequest, SyncReply, SyncRequest},
};
use enishi_server::{
    db::Database,
    surroundings::{RealSurroundings, Surroundings},
    sync::{Hub, serve},
};
use enishi_tests::{
    Place, both_engines, place,
    raw::{bare, from_start, mutation},
    waiting::{in_time, until},
};
use std::{collections::BTreeSet, sync::Arc};
use tokio::sync::oneshot;
use tokio_postgres::{Client, NoTls};

const WRITERS: usize = 8;
const POSTS_EACH: usize = 40;

/// One server process: what `POST /v1/sync` runs on.
#[derive(Clone)]
struct Process {
    db: Database,
    hub: Hub,
    surroundings: Arc<dyn Surroundings>,
}

impl Process {
    fn on(db: Database) -> Self {
        Self { hub: Hub::start_deaf(db.clone()), db, surroundings: Arc::new(RealSurroundings) }
    }

    async fn sync(&self, town: &Town, at: usize, request: SyncRequest) -> SyncReply {
        let reply = serve(&self.db, &self.hub, &self.surroundings, town.members[at], request).await;
        serde_json::from_slice(&reply.unwrap()).unwrap()
    }

    /// A member writes posts, one request each.
    async fn write(self, town: Town, at: usize) -> Vec<PostId> {
        let mut posts = Vec::new();
        for number in 0..POSTS_EACH {
            let mutation = mutation(&post(Stream::Community, &format!("{at}の{number}")), enishi_protocol::Version(0));
            posts.push(PostId::from(mutation.id));
            let request = SyncRequest { mutations: vec![mutation], ..bare(town.community) };
            assert_eq!(self.sync(&town, at, request).await.undecided, None);
        }
        posts
    }
}

/// A phone that pulls the community's stream by its cursor, and sees every post that comes.
struct Reader {
    process: Process,
    town: Town,
    grant: Grant,
    cursor: Cursor,
    posts: Vec<PostId>,
}

impl Reader {
    async fn new(process: Process, town: &Town) -> Self {
        let request = SyncRequest { streams: vec![from_start(Stream::Community)], ..bare(town.community) };
        let page = process.sync(town, 0, request).await.pages.remove(0);
        Self { process, town: town.clone(), grant: page.grant, cursor: page.v0, posts: Vec::new() }
    }

    /// Pulls once. Nothing but posts is written here, so each version after the cursor must be there.
    async fn pull(&mut self) {
        let stream = Stream::Community;
        let asked = StreamRequest { stream, grant: Some(self.grant), cursor: Some(self.cursor), page: None };
        let request = SyncRequest { streams: vec![asked], ..bare(self.town.community) };
        let batch = self.process.sync(&self.town, 0, request).await.batches.remove(0);
        assert_eq!(batch.from, self.cursor);
        let versions: Vec<i64> = batch.changes.iter().map(|change| change.version.0).collect();
        let expected: Vec<i64> = (batch.from.0 + 1..=batch.to.0).collect();
        assert_eq!(versions, expected, "a version was skipped");
        self.posts.extend(batch.changes.iter().map(|change| PostId(change.id)));
        self.cursor = batch.to;
    }
}

both_engines! {
    async fn r2_a_reader_skips_nothing_of_what_many_write_at_once(place: Place) {
        let (town, db) = Town::at(&place, WRITERS).await;
        let mut processes = vec![Process::on(db)];
        if place.database_url().is_some() {
            for _ in 0..2 {
                processes.push(Process::on(town::open(&place).await));
            }
        }
        let mut reader = Reader::new(processes[0].clone(), &town).await;
        let writing = (0..WRITERS).map(|at| {
            tokio::spawn(processes[at % processes.len()].clone().write(town.clone(), at))
        });
        let writing: Vec<_> = writing.collect();
        in_time("every post", async {
            while reader.posts.len() < WRITERS * POSTS_EACH {
                reader.pull().await;
                tokio::task::yield_now().await;
            }
        })
        .await;
        let mut written = BTreeSet::new();
        for writer in writing {
            written.extend(writer.await.unwrap());
        }
        assert_eq!(reader.posts.iter().copied().collect::<BTreeSet<_>>(), written);
        assert_eq!(reader.posts.len(), written.len(), "nothing was told twice");
    }
}

async fn client(place: &Place) -> Client {
    let (client, connection) = tokio_postgres::connect(place.database_url().unwrap(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A write that has its version and does not commit until it is told to.
async fn slow_write(town: &Town, db: Database) -> (tokio::task::JoinHandle<()>, std::sync::mpsc::Sender<()>) {
    let ((begun, has_begun), (release, released)) = (oneshot::channel(), std::sync::mpsc::channel());
    let town = town.clone();
    let writing = tokio::spawn(async move {
        let founded = town.clone();
        let work = move |conn: &mut dyn enishi_server::db::Connection| {
            founded.does_in(conn, 0, &[post(Stream::Community, "遅い")]);
            begun.send(()).unwrap();
            released.recv().unwrap();
        };
        town.write(&db, work).await;
    });
    in_time("the slow write to have its version", has_begun).await.unwrap();
    (writing, release)
}

async fn a_slow_write_is_waited_for(place: Place) {
    let (town, db) = Town::at(&place, 2).await;
    let other = town::open(&place).await;
    let mut reader = Reader::new(Process::on(town::open(&place).await), &town).await;
    let watching = client(&place).await;
    let (slow, release) = slow_write(&town, db).await;
    let fast = tokio::spawn({
        let town = town.clone();
        async move { town.does(&other, 1, vec![post(Stream::Community, "速い")]).await }
    });
    let waits = "SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND application_name = current_setting('application_name')";
    until("the fast write to wait or to be done", async || {
        let waiting: i64 = watching.query_one(waits, &[]).await.unwrap().get(0);
        (fast.is_finished() || waiting > 0).then_some(())
    })
    .await;
    reader.pull().await;
    assert_eq!(reader.posts, [], "nothing is visible that could be passed");
    release.send(()).unwrap();
    slow.await.unwrap();
    let fast = fast.await.unwrap();
    reader.pull().await;
    assert_eq!((reader.posts.len(), reader.posts[1]), (2, fast[0].into()), "both are seen, the slow one first");
}

/// The same with numbers from a plain sequence: what the row lock is for.
async fn a_plain_sequence_loses(place: Place) {
    let [mut slow, fast, reader] = [client(&place).await, client(&place).await, client(&place).await];
    fast.batch_execute("CREATE TABLE plain (version BIGSERIAL PRIMARY KEY, words TEXT NOT NULL)").await.unwrap();
    let after = async |cursor: i64| -> Vec<i64> {
        let rows = reader.query("SELECT version FROM plain WHERE version > $1 ORDER BY version", &[&cursor]).await;
        rows.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let late = slow.transaction().await.unwrap();
    late.execute("INSERT INTO plain (words) VALUES ('slow')", &[]).await.unwrap();
    fast.execute("INSERT INTO plain (words) VALUES ('fast')", &[]).await.unwrap();
    let mut seen = after(0).await;
    late.commit().await.unwrap();
    seen.extend(after(*seen.last().unwrap()).await);
    assert_eq!((seen, after(0).await), (vec![2], vec![1, 2]), "a reader by cursor never sees the first");
}

mod r2_a_slow_write_is_not_passed_by_a_faster_one {
    #[test]
    fn on_postgres() {
        super::place::on_postgres(super::a_slow_write_is_waited_for);
    }
}

mod r2_with_a_plain_sequence_a_reader_would_miss_a_slow_write {
    #[test]
    fn on_postgres() {
        super::place::on_postgres(super::a_plain_sequence_loses);
    }
}
