//! Live connections: after each commit everyone who follows a changed stream gets the change itself.
//!
//! A connection that cannot keep up is closed, not buffered. Other processes on the same database
//! are told by NOTIFY; as one may be lost, versions are compared every two seconds as well.

use super::fan_out::{ConnectionId, Due, Room};
use crate::{
    db::{Connection, Database, DbError, Scope},
    secrets::Hash,
    values,
    writing::Failure,
};
use enishi_protocol::{CommunityId, Era, ErrorCode, MemberId, Version, limits::STREAMS_PER_REQUEST, sync::LiveRequest};
use std::{
    collections::{BTreeSet, HashMap},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc},
    task,
    time::{sleep, timeout},
};

/// Events that wait for one connection's network at most.
const WAITING: usize = 128;
/// How often versions are compared with the database.
const COMPARE_EVERY: Duration = Duration::from_secs(2);
/// How often a room looks for connections that are gone, and tries again what failed.
const TIDY_EVERY: Duration = Duration::from_secs(2);
/// How long changed communities are gathered for one NOTIFY.
const GATHER: Duration = Duration::from_millis(4);
/// Ids in one NOTIFY, whose words PostgreSQL limits to 8,000 bytes.
const TOLD_AT_ONCE: usize = 200;

/// An event of a live connection: its SSE name and the bytes of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveItem {
    /// `batch` or `again`.
    pub event: &'static str,
    /// JSON in one line.
    pub data: Vec<u8>,
}

impl From<Due> for LiveItem {
    fn from(due: Due) -> Self {
        match due {
            Due::Batch(data) => Self { event: "batch", data },
            Due::Again(code) => Self { event: "again", data: serde_json::to_vec(&code).unwrap_or_default() },
        }
    }
}

/// The live connections of this process. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    db: Database,
    rooms: Mutex<HashMap<CommunityId, Arc<LiveRoom>>>,
    next: AtomicU64,
    tell: Option<mpsc::UnboundedSender<CommunityId>>,
}

/// The two ways in which a hub learns of what other processes changed. Each suffices.
#[derive(Clone, Copy)]
struct Senses {
    /// It is told, and tells.
    hears: bool,
    /// It compares versions.
    compares: bool,
}

#[derive(Default)]
struct LiveRoom {
    wake: Notify,
    /// Locked while the database is read: only by a look, whose thread may wait. Whoever else locked it would
    /// hold up the very workers that bring the database's answer.
    room: Mutex<Room>,
    /// Who came and went since the last look, which lets them in and out.
    passings: Mutex<Vec<Passing>>,
    /// The era and version last looked at.
    seen: Mutex<Option<(Era, Version)>>,
    senders: Mutex<HashMap<ConnectionId, Sender>>,
    /// The last look failed, so that the next one does not wait until somebody wakes it.
    failed: AtomicBool,
}

enum Passing {
    Came(ConnectionId, MemberId, LiveRequest),
    Went(ConnectionId),
}

struct Sender {
    session: Hash,
    items: mpsc::Sender<LiveItem>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Starts the hub of this process, which hears other processes and tells them.
    pub fn start(db: Database) -> Self {
        Self::start_with(db, Senses { hears: true, compares: true })
    }

    /// A hub for tests that hears and tells nobody: all NOTIFYs are lost.
    pub fn start_deaf(db: Database) -> Self {
        Self::start_with(db, Senses { hears: false, compares: true })
    }

    /// A hub for tests that never compares versions: it knows what it is told.
    pub fn start_blind(db: Database) -> Self {
        Self::start_with(db, Senses { hears: true, compares: false })
    }

    /// A hub for tests that hears nobody and compares nothing: it knows what is changed through it.
    #[cfg(test)]
    pub(super) fn start_alone(db: Database) -> Self {
        Self::start_with(db, Senses { hears: false, compares: false })
    }

    fn start_with(db: Database, senses: Senses) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let tell = (senses.hears && db.engine() == crate::db::Engine::Postgres).then_some(tell);
        let inner = Inner { db: db.clone(), rooms: Mutex::default(), next: AtomicU64::new(1), tell };
        let inner = Arc::new(inner);
        if senses.compares {
            drop(task::spawn(compare(Arc::downgrade(&inner))));
        }
        if inner.tell.is_some() {
            drop(task::spawn(tell_others(db.clone(), told)));
            drop(task::spawn(hear_others(db, Arc::downgrade(&inner))));
        }
        Self(inner)
    }

    /// To be called after each commit that may have changed a community.
    pub fn changed(&self, community: CommunityId) {
        self.0.wake(community);
        if let Some(tell) = &self.0.tell {
            // Where it ends, the process does.
            tell.send(community).ok();
        }
    }

    /// Opens a live connection. What was missed since its cursors comes first. The connection ends
    /// when the receiver is dropped, or after an `again` event.
    ///
    /// # Errors
    /// [`ErrorCode::TooLarge`].
    pub fn open(
        &self,
        member: MemberId,
        session: Hash,
        request: &LiveRequest,
    ) -> Result<mpsc::Receiver<LiveItem>, ErrorCode> {
        if request.streams.len() > STREAMS_PER_REQUEST {
            return Err(ErrorCode::TooLarge);
        }
        let (items, receiver) = mpsc::channel(WAITING);
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let mut rooms = lock(&self.0.rooms);
        let room = rooms.entry(request.community).or_insert_with(|| {
            let room = Arc::new(LiveRoom::default());
            drop(task::spawn(serve(Arc::downgrade(&self.0), request.community, Arc::clone(&room))));
            room
        });
        lock(&room.senders).insert(id, Sender { session, items });
        lock(&room.passings).push(Passing::Came(id, member, request.clone()));
        room.wake.notify_one();
        Ok(receiver)
    }

    /// The sessions that have live connections here, so that whoever knows sessions can look which
    /// have ended.
    pub fn sessions(&self) -> BTreeSet<Hash> {
        let rooms = lock(&self.0.rooms);
        let sessions = rooms
            .values()
            .flat_map(|room| lock(&room.senders).values().map(|sender| sender.session).collect::<Vec<_>>());
        sessions.collect()
    }

    /// Ends the connections of a session.
    pub fn close_session(&self, session: &Hash, code: ErrorCode) {
        self.close(code, |sender| sender.session == *session);
    }

    /// Ends all connections, as the server is going away: phones come back by themselves.
    pub fn close_all(&self, code: ErrorCode) {
        self.close(code, |_| true);
    }

    /// How many connections are open here.
    pub fn connections(&self) -> usize {
        lock(&self.0.rooms).values().map(|room| lock(&room.senders).len()).sum()
    }

    /// Whether the last look at a community failed.
    #[cfg(test)]
    pub(super) fn has_failed(&self, community: CommunityId) -> bool {
        lock(&self.0.rooms).get(&community).is_some_and(|room| room.failed.load(Ordering::Relaxed))
    }

    fn close(&self, code: ErrorCode, whose: impl Fn(&Sender) -> bool) {
        let rooms: Vec<_> = lock(&self.0.rooms).values().cloned().collect();
        for room in rooms {
            let closing = |(id, sender): (&ConnectionId, &Sender)| whose(sender).then_some(*id);
            let ids: Vec<_> = lock(&room.senders).iter().filter_map(closing).collect();
            for id in ids {
                room.deliver(id, Due::Again(code));
            }
        }
    }
}

impl Inner {
    fn wake(&self, community: CommunityId) {
        if let Some(room) = lock(&self.rooms).get(&community) {
            room.wake.notify_one();
        }
    }

    fn wake_all(&self) {
        for room in lock(&self.rooms).values() {
            room.wake.notify_one();
        }
    }

    /// Removes the room where nobody is in it any more.
    fn leave(&self, community: CommunityId, room: &LiveRoom) -> bool {
        let mut rooms = lock(&self.rooms);
        let empty = lock(&room.senders).is_empty();
        if empty {
            rooms.remove(&community);
        }
        empty
    }
}

impl LiveRoom {
    fn deliver(&self, id: ConnectionId, due: Due) {
        let ends = matches!(due, Due::Again(_));
        let mut senders = lock(&self.senders);
        let delivered = senders.get(&id).is_some_and(|sender| sender.items.try_send(due.into()).is_ok());
        if ends || !delivered {
            // One that cannot keep up is closed, and reopens with its cursors.
            senders.remove(&id);
            drop(senders);
            lock(&self.passings).push(Passing::Went(id));
        }
    }

    fn prune(&self) {
        let mut senders = lock(&self.senders);
        let gone: Vec<_> = senders.iter().filter(|(_, sender)| sender.items.is_closed()).map(|(id, _)| *id).collect();
        for id in &gone {
            senders.remove(id);
        }
        drop(senders);
        lock(&self.passings).extend(gone.into_iter().map(Passing::Went));
    }

    /// Finds out who is due what, in one snapshot.
    fn look(&self, conn: &mut dyn Connection, community: CommunityId) -> Result<Vec<(ConnectionId, Due)>, Failure> {
        let mut room = lock(&self.room);
        for passing in mem::take(&mut *lock(&self.passings)) {
            match passing {
                Passing::Came(id, member, request) => room.add(id, member, &request),
                Passing::Went(id) => room.remove(id),
            }
        }
        let due = if room.has_new(conn, community)? { room.due(conn, community)? } else { vec![] };
        *lock(&self.seen) = room.seen();
        Ok(due)
    }
}

/// Hands out what is due in one community, until nobody is there.
///
/// It looks when it is woken: to compare versions here as well would cost one read per community
/// where [`compare`] needs one for all.
async fn serve(inner: Weak<Inner>, community: CommunityId, room: Arc<LiveRoom>) {
    loop {
        let woken = timeout(TIDY_EVERY, room.wake.notified()).await.is_ok();
        let Some(inner) = inner.upgrade() else { return };
        room.prune();
        if inner.leave(community, &room) {
            return;
        }
        if !woken && !room.failed.load(Ordering::Relaxed) {
            continue;
        }
        let looked = Arc::clone(&room);
        let looked = inner.db.read(Scope::Community(community), move |conn| looked.look(conn, community)).await;
        room.failed.store(looked.is_err(), Ordering::Relaxed);
        match looked {
            Ok(due) => due.into_iter().for_each(|(id, due)| room.deliver(id, due)),
            Err(Failure::Database(DbError::Unavailable(_))) => {}
            Err(error) => tracing::error!(%error, "live changes could not be read"),
        }
    }
}

type Versions = Vec<(CommunityId, Era, Version)>;

/// Wakes the rooms whose community has moved on unheard.
async fn compare(inner: Weak<Inner>) {
    loop {
        sleep(COMPARE_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        if lock(&inner.rooms).is_empty() {
            continue;
        }
        let versions = inner.db.read(Scope::Whole, |conn| {
            let rows = conn.query("SELECT id, era, version FROM community", values![])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect::<Result<Versions, DbError>>()
        });
        let Ok(versions) = versions.await else { continue };
        for (community, era, version) in versions {
            let room = lock(&inner.rooms).get(&community).cloned();
            if let Some(room) = room
                && *lock(&room.seen) != Some((era, version))
            {
                room.wake.notify_one();
            }
        }
    }
}

/// One NOTIFY for the communities of a few milliseconds, on a connection of its own: inside the
/// transaction it would take a lock over the whole database.
async fn tell_others(db: Database, mut told: mpsc::UnboundedReceiver<CommunityId>) {
    while let Some(first) = told.recv().await {
        sleep(GATHER).await;
        let mut changed = BTreeSet::from([first]);
        while changed.len() < TOLD_AT_ONCE
            && let Ok(community) = told.try_recv()
        {
            changed.insert(community);
        }
        let words: Vec<String> = changed.iter().map(ToString::to_string).collect();
        if let Err(error) = db.notify(&words.join(",")).await {
            tracing::warn!(%error, "other processes could not be told of changes");
        }
    }
}

async fn hear_others(db: Database, inner: Weak<Inner>) {
    while inner.strong_count() > 0 {
        match db.listen().await {
            Ok(Some(mut listener)) => {
                // What was said while nobody listened is found by looking.
                inner.upgrade().inspect(|inner| inner.wake_all());
                while let Ok(Some(words)) | Err((words, _)) =
                    timeout(COMPARE_EVERY, listener.heard()).await.map_err(|late| (String::new(), late))
                {
                    let Some(inner) = inner.upgrade() else { return };
                    words.split(',').filter_map(|id| id.parse().ok()).for_each(|id| inner.wake(id));
                }
            }
            Ok(None) => return,
            Err(error) => tracing::warn!(%error, "other processes cannot be heard"),
        }
        sleep(COMPARE_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_engines, db::testing::TestDatabase};
    use std::{sync::mpsc as threads, thread};

    both_engines! {
        async fn connections_come_and_go_while_a_look_waits_for_the_database(db: TestDatabase) {
            let hub = Hub::start(db.database.clone());
            let request = LiveRequest { community: CommunityId(uuid::Uuid::nil()), era: Era(uuid::Uuid::nil()), streams: vec![] };
            let (here, member) = (tokio::runtime::Handle::current(), MemberId(uuid::Uuid::nil()));
            let _first = hub.open(member, [1; 32], &request).expect("opened");
            let room = Arc::clone(&lock(&hub.0.rooms)[&request.community]);
            let looking = lock(&room.room);
            let (tell, told) = threads::channel();
            thread::spawn(move || {
                let _inside = here.enter();
                let second = hub.open(member, [2; 32], &request).expect("opened");
                hub.changed(request.community);
                hub.close_session(&[1; 32], ErrorCode::SignedOut);
                tell.send((hub.connections(), second)).expect("told");
            });
            let done = told.recv_timeout(Duration::from_secs(10));
            drop(looking);
            assert_eq!(done.map(|(connections, _second)| connections), Ok(1), "nobody waits for the look");
        }
    }
}
