//! A community with members, and phones that only store what they are sent.

use crate::{
    db::{Database, DbError, Scope, testing::TestDatabase},
    membership::{self, Admission},
    surroundings::Surroundings,
    sync::{commit, pull},
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, Change, CommunityId, Cursor, EntityKind, Era, ErrorCode, Grant, MemberId, Mutation, MutationId,
    Operation, PostId, Stream, Version,
    change::{Entity, GrantOf},
    feed::{PostKind, PostWriting},
    groups::{GroupCreation, Joining},
    membership::{Affiliation, Community, CommunityKind, PersonName, Role},
    sync::{Outcome, Place, StreamRequest, SyncReply, SyncRequest, Undecided},
};
use serde_json::value::RawValue;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// A clock that tests turn, and ids in a row.
#[derive(Default)]
pub(crate) struct Simulated {
    pub(crate) now_us: AtomicI64,
    next: AtomicU64,
}

impl Surroundings for Simulated {
    fn now_us(&self) -> i64 {
        self.now_us.load(Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.next.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            *byte = next.to_be_bytes()[0];
        }
    }
}

pub(crate) struct World {
    pub(crate) db: TestDatabase,
    pub(crate) community: CommunityId,
    pub(crate) surroundings: Arc<Simulated>,
}

pub(crate) const DAY_US: i64 = 24 * 3600 * 1_000_000;

impl World {
    /// An empty community.
    pub(crate) async fn new(db: TestDatabase) -> Self {
        let surroundings = Arc::new(Simulated::default());
        surroundings.now_us.store(1_000 * DAY_US, Ordering::Relaxed);
        let world = Self { db, community: CommunityId(Uuid::new_v4()), surroundings };
        let community = Community { name: "縁".into(), kind: CommunityKind::Company };
        let (id, surroundings) = (world.community, Arc::clone(&world.surroundings));
        world
            .write(move |conn| membership::create_community(conn, &*surroundings, id, &community))
            .await
            .expect("created");
        world
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn crate::db::Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.db.write(Scope::Community(self.community), work).await
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn crate::db::Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.db.read(Scope::Community(self.community), work).await
    }

    /// Does something as the server itself.
    pub(crate) async fn by_server<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        let (community, surroundings) = (self.community, Arc::clone(&self.surroundings));
        let done = self.write(move |conn| Writing::by_server(conn, &*surroundings, community, work)).await;
        done.expect("done").0
    }

    /// Lets somebody in.
    pub(crate) async fn member(&self, family: &str, role: Role) -> MemberId {
        let member = MemberId(Uuid::new_v4());
        self.admit(member, family, role).await;
        member
    }

    /// Lets somebody in again who had left.
    pub(crate) async fn readmit(&self, member: MemberId, family: &str) {
        self.admit(member, family, Role::Member).await;
    }

    async fn admit(&self, member: MemberId, family: &str, role: Role) {
        let admission = Admission {
            member,
            account: AccountId(Uuid::new_v4()),
            name: PersonName { family: family.into(), given: String::new() },
            role,
            affiliation: Affiliation::Alumnus,
        };
        self.by_server(move |writing| membership::admit(writing, &admission)).await;
    }

    pub(crate) async fn decide(
        &self,
        member: MemberId,
        era: Option<Era>,
        mutations: Vec<Mutation>,
    ) -> Result<Option<Undecided>, Failure> {
        let (community, surroundings) = (self.community, Arc::clone(&self.surroundings));
        self.write(move |conn| commit::decide(conn, &*surroundings, community, member, era, &mutations)).await
    }

    pub(crate) async fn reply(&self, member: MemberId, request: SyncRequest) -> SyncReply {
        let bytes = self.read(move |conn| pull::reply(conn, member, &request, None)).await.expect("a reply");
        serde_json::from_slice(&bytes).expect("a reply that reads")
    }

    pub(crate) async fn outcome(&self, member: MemberId, id: MutationId) -> Option<Outcome> {
        let reply = self.reply(member, SyncRequest { ask: vec![id], ..self.request() }).await;
        reply.results.into_iter().next().map(|result| result.outcome)
    }

    pub(crate) fn request(&self) -> SyncRequest {
        SyncRequest { community: self.community, era: None, mutations: vec![], ask: vec![], streams: vec![] }
    }

    /// Does one thing as a member; its id.
    pub(crate) async fn does(&self, member: MemberId, operation: &Operation) -> (MutationId, Outcome) {
        let mutation = mutation(operation, self.version().await);
        let id = mutation.id;
        assert_eq!(self.decide(member, None, vec![mutation]).await, Ok(None), "{operation:?}");
        (id, self.outcome(member, id).await.expect("decided"))
    }

    /// Does one thing that must be accepted.
    pub(crate) async fn can(&self, member: MemberId, operation: &Operation) -> MutationId {
        let (id, outcome) = self.does(member, operation).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{operation:?}: {outcome:?}");
        id
    }

    /// Tries one thing that must be refused; why.
    pub(crate) async fn cannot(&self, member: MemberId, operation: &Operation) -> ErrorCode {
        match self.does(member, operation).await.1 {
            Outcome::Refused(code) => code,
            Outcome::Accepted { .. } => panic!("{operation:?} was accepted"),
        }
    }

    pub(crate) async fn post(&self, member: MemberId, stream: Stream, text: &str) -> PostId {
        self.can(member, &write_post(stream, text)).await.into()
    }

    pub(crate) async fn row(&self) -> crate::directory::CommunityRow {
        let community = self.community;
        let row = self.read(move |conn| Ok(crate::directory::community(conn, community)?)).await;
        row.expect("read").expect("a community")
    }

    pub(crate) async fn version(&self) -> Version {
        self.row().await.version
    }

    pub(crate) fn pass_days(&self, days: i64) {
        self.surroundings.now_us.fetch_add(days * DAY_US, Ordering::Relaxed);
    }

    pub(crate) fn database(&self) -> Database {
        Database::clone(&self.db)
    }
}

pub(crate) fn write_post(stream: Stream, text: &str) -> Operation {
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text: text.into(),
        mentions: vec![],
        poll: None,
        attachments: Vec::new(),
    })
}

pub(crate) fn open_group(name: &str) -> Operation {
    group(name, Joining::Open, false)
}

pub(crate) fn group(name: &str, joining: Joining, secret: bool) -> Operation {
    Operation::CreateGroup(GroupCreation {
        name: name.into(),
        description: String::new(),
        joining,
        secret,
        closed_to_staff: false,
    })
}

pub(crate) fn mutation(operation: &Operation, since: Version) -> Mutation {
    Mutation {
        id: MutationId(Uuid::now_v7()),
        after: None,
        since,
        kind: operation.kind().into(),
        body: operation.encode().expect("encodes"),
    }
}

pub(crate) fn malformed(kind: &str, body: &str, since: Version) -> Mutation {
    let body = RawValue::from_string(body.into()).expect("JSON");
    Mutation { id: MutationId(Uuid::now_v7()), after: None, since, kind: kind.into(), body }
}

/// Each entity's version, and its body unless it is gone.
pub(crate) type Rows = BTreeMap<(EntityKind, Uuid), (Version, Option<String>)>;

/// One stream on a phone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Held {
    pub(crate) grant: Option<Grant>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) place: Option<Place>,
    pub(crate) rows: Rows,
}

/// A phone that follows its roots and every grant in its inbox, and only stores.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) member: MemberId,
    pub(crate) era: Option<Era>,
    pub(crate) streams: BTreeMap<Stream, Held>,
    pub(crate) pages: usize,
}

impl Phone {
    pub(crate) fn new(member: MemberId) -> Self {
        let begun = Held { place: Some(Place::start()), ..Held::default() };
        let streams = [Stream::Community, Stream::Member(member)].map(|stream| (stream, begun.clone()));
        Self { member, era: None, streams: streams.into(), pages: 0 }
    }

    pub(crate) fn request(&self, world: &World) -> SyncRequest {
        let streams = self.streams.iter().map(|(stream, held)| StreamRequest {
            stream: *stream,
            grant: held.grant,
            cursor: held.cursor,
            page: held.place.clone(),
        });
        SyncRequest { era: self.era, streams: streams.collect(), ..world.request() }
    }

    /// Pulls until there is no more to pull.
    pub(crate) async fn sync(&mut self, world: &World) {
        while self.step(world).await || self.streams.values().any(|held| held.place.is_some()) {}
    }

    /// One request; whether another is worth it.
    pub(crate) async fn step(&mut self, world: &World) -> bool {
        let reply = world.reply(self.member, self.request(world)).await;
        self.take(reply)
    }

    pub(crate) fn take(&mut self, reply: SyncReply) -> bool {
        assert!(self.era.is_none_or(|era| era == reply.era), "another era");
        self.era = Some(reply.era);
        for page in reply.pages {
            let held = self.streams.get_mut(&page.stream).expect("a stream that is followed");
            assert_eq!(held.place.as_ref(), Some(&page.place));
            assert!(page.changes.len() <= 1_000);
            self.pages += 1;
            held.grant = Some(page.grant);
            if page.place.is_start() {
                held.cursor = Some(page.v0);
            }
            held.place = page.next;
            held.put(page.changes);
        }
        for batch in reply.batches {
            let held = self.streams.get_mut(&batch.stream).expect("a stream that is followed");
            held.take_batch(batch);
        }
        assert!(reply.resets.is_empty(), "{:?}", reply.resets);
        self.follow();
        reply.more
    }

    /// Follows what the inbox grants.
    fn follow(&mut self) {
        let inbox = &self.streams[&Stream::Member(self.member)];
        let granted: BTreeMap<Stream, Grant> = inbox
            .rows
            .iter()
            .filter(|((kind, _), _)| matches!(kind, EntityKind::Grant | EntityKind::Duty))
            .filter_map(|(_, (_, body))| serde_json::from_str::<GrantOf>(body.as_ref()?).ok())
            .map(|of| (of.stream, of.grant))
            .collect();
        let roots = [Stream::Community, Stream::Member(self.member)];
        self.streams.retain(|stream, held| roots.contains(stream) || granted.get(stream) == held.grant.as_ref());
        for (stream, grant) in granted {
            let begun = Held { grant: Some(grant), place: Some(Place::start()), ..Held::default() };
            self.streams.entry(stream).or_insert(begun);
        }
    }

    /// What the phone shows, without tombstones.
    pub(crate) fn state(&self) -> BTreeMap<Stream, Rows> {
        let live = |held: &Held| {
            held.rows
                .iter()
                .filter(|(_, (_, body))| body.is_some())
                .map(|(key, row)| (key.clone(), row.clone()))
                .collect()
        };
        self.streams.iter().map(|(stream, held)| (*stream, live(held))).collect()
    }

    /// An entity that the phone holds.
    pub(crate) fn entity(&self, stream: Stream, kind: &EntityKind, id: Uuid) -> Option<Entity> {
        let (_, body) = self.streams.get(&stream)?.rows.get(&(kind.clone(), id))?;
        let body = RawValue::from_string(body.clone()?).expect("JSON");
        Entity::decode(kind, &body).expect("an entity that reads")
    }

    /// How many entities of a kind the phone holds in a stream.
    pub(crate) fn count(&self, stream: Stream, kind: &EntityKind) -> usize {
        let rows = self.streams.get(&stream).map(|held| &held.rows);
        rows.map_or(0, |rows| rows.iter().filter(|((of, _), (_, body))| of == kind && body.is_some()).count())
    }
}

impl Held {
    pub(crate) fn take_batch(&mut self, batch: enishi_protocol::sync::Batch) {
        let cursor = self.cursor.expect("a batch answers a cursor");
        assert!(batch.from <= cursor && batch.to <= batch.now);
        assert!(batch.changes.windows(2).all(|pair| pair[0].version < pair[1].version));
        self.cursor = Some(cursor.max(batch.to));
        self.put(batch.changes);
    }

    fn put(&mut self, changes: Vec<Change>) {
        for change in changes {
            let body = change.body.map(|body| body.get().to_owned());
            let held = self.rows.entry((change.kind, change.id)).or_insert((Version(-1), None));
            if change.version > held.0 {
                *held = (change.version, body);
            }
        }
    }
}

/// Runs SQL in a write.
pub(crate) async fn run_sql(world: &World, sql: &'static str) {
    let community = world.community;
    let done = world.write(move |conn| Ok(conn.execute(sql, crate::values![community])?)).await;
    done.map_err(|error: Failure| error).map(drop).expect("done");
}

/// The rows of a query in a read.
pub(crate) async fn query(world: &World, sql: &'static str) -> Vec<crate::db::Row> {
    let community = world.community;
    let rows = world.read(move |conn| Ok::<_, Failure>(conn.query(sql, crate::values![community])?)).await;
    rows.map_err(|error| DbError::Failed(error.to_string())).expect("read")
}
