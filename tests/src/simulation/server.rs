//! The server's real decisions and pulls over its real embedded database, in memory.

use super::{Violation, hold, surroundings::SimSurroundings};
use enishi_protocol::{
    AccountId, CommunityId, EntityKind, Era, GroupId, MemberId, Mutation, MutationId, Operation, PostId, Stream,
    Version,
    feed::{PostKind, PostWriting},
    groups::{GroupCreation, Joining},
    membership::{Affiliation, Community, CommunityKind, PersonName, Role},
    sync::{Batch, LiveRequest, Outcome, SyncReply, SyncRequest},
};
use enishi_server::{
    db::{Connection, SqliteConnection},
    erasure::{self, Erasure, What},
    grants,
    membership::{self, Admission},
    surroundings::Surroundings,
    sync::{
        chores, commit,
        fan_out::{ConnectionId, Due, Room},
        pull,
    },
    values,
    writing::Writing,
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::OnceLock,
};
use uuid::Uuid;

/// A row that a member could read: member, number of the era, stream, kind, id, version.
pub(super) type Readable = (MemberId, u64, Stream, EntityKind, Uuid, Version);

/// The server in a simulation.
pub struct SimServer {
    /// The only community.
    pub community: CommunityId,
    /// Its members; the first runs it.
    pub members: Vec<MemberId>,
    /// Its groups, open to all.
    pub groups: Vec<GroupId>,
    /// Posts that are gone from some feed for a reason that a member could know.
    pub(super) left: BTreeSet<PostId>,
    /// Mutations whose effect a restore lost, with the number of the era that began then.
    pub(super) lost: BTreeMap<MutationId, u64>,
    /// Posts that were erased for good.
    pub(super) erased: BTreeSet<PostId>,
    /// What was decided, in order. A restore forgets it with the database.
    pub(super) applied: Vec<Applied>,
    database: RefCell<SqliteConnection>,
    surroundings: SimSurroundings,
    eras: Vec<Era>,
    readable: HashSet<Readable>,
    room: Room,
    /// Whose each live connection is: phone and session.
    live: BTreeMap<ConnectionId, (usize, u64)>,
    connections: ConnectionId,
    backup: Option<(Vec<u8>, Vec<Applied>)>,
}

/// A decision.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) phone: usize,
    pub(super) mutation: MutationId,
    pub(super) accepted: bool,
    /// Whether it was refused because its time was over, which says nothing of the outbox's order.
    pub(super) expired: bool,
}

/// Databases with so many members and posts, ready to be copied.
type Templates = std::sync::Mutex<BTreeMap<(usize, usize), Vec<u8>>>;

/// A phone that exists only to set a community up.
const NO_PHONE: usize = usize::MAX;
const GROUPS: u128 = 2;
const NINETY_ONE_DAYS_US: i64 = 91 * 24 * 3600 * 1_000_000;

impl SimServer {
    /// A community with members, two open groups, and posts in the community's feed.
    pub fn new(members: usize, posts: usize) -> Self {
        static TEMPLATES: OnceLock<Templates> = OnceLock::new();
        let mut server = Self {
            community: CommunityId(Uuid::from_u128(1)),
            members: (0..members as u128).map(|at| MemberId(Uuid::from_u128(0x1000 + at))).collect(),
            groups: (0..GROUPS).map(|at| GroupId(Uuid::from_u128(0x2000 + at))).collect(),
            left: BTreeSet::new(),
            lost: BTreeMap::new(),
            erased: BTreeSet::new(),
            applied: Vec::new(),
            database: RefCell::new(SqliteConnection::memory().expect("a database in memory opens")),
            surroundings: SimSurroundings::default(),
            eras: Vec::new(),
            readable: HashSet::new(),
            room: Room::default(),
            live: BTreeMap::new(),
            connections: 0,
            backup: None,
        };
        let templates = TEMPLATES.get_or_init(Default::default);
        let template = templates.lock().expect("no test fails while it holds this").get(&(members, posts)).cloned();
        if let Some(template) = template {
            server.database.borrow_mut().restore(&template).expect("restores");
        } else {
            server.set_up(posts);
            let template = server.database.borrow_mut().snapshot().expect("a snapshot");
            templates.lock().expect("no test fails while it holds this").insert((members, posts), template);
        }
        server.applied.clear();
        server.left.clear();
        server.readable.clear();
        server.surroundings.begin_afresh();
        server.note_era();
        server.note_readable().expect("reads");
        server
    }

    fn set_up(&mut self, posts: usize) {
        let community = Community { name: "縁商事".into(), kind: CommunityKind::Company };
        self.database.borrow_mut().begin().expect("begins");
        membership::create_community(&mut *self.database.borrow_mut(), &self.surroundings, self.community, &community)
            .expect("a community is created");
        for at in 0..self.members.len() {
            let admission = Admission {
                member: self.members[at],
                account: AccountId(Uuid::from_u128(0x3000 + at as u128)),
                name: PersonName { family: format!("佐藤{at}"), given: "花子".into() },
                role: if at == 0 { Role::Owner } else { Role::Member },
                affiliation: Affiliation::Alumnus,
            };
            Writing::by_server(&mut *self.database.borrow_mut(), &self.surroundings, self.community, |writing| {
                membership::admit(writing, &admission)
            })
            .expect("a member is admitted");
        }
        self.database.borrow_mut().commit().expect("commits");
        for group in self.groups.clone() {
            let (name, description) = ("登山部".to_owned(), String::new());
            let creation =
                GroupCreation { name, description, joining: Joining::Open, secret: false, closed_to_staff: false };
            self.by_owner(group.0.into(), &Operation::CreateGroup(creation)).expect("a group is created");
            let leaving = enishi_protocol::groups::GroupLeaving { group };
            let id = Uuid::from_u128(group.0.as_u128() + 0x100);
            self.by_owner(id.into(), &Operation::LeaveGroup(leaving)).expect("left");
        }
        for at in 0..posts {
            let (text, mentions) = (format!("昔の話 {at}"), Vec::new());
            let writing = PostWriting {
                stream: Stream::Community,
                kind: PostKind::Text,
                text,
                mentions,
                poll: None,
                attachments: Vec::new(),
            };
            let id = Uuid::from_u128(0x4000 + at as u128);
            self.by_owner(id.into(), &Operation::WritePost(writing)).expect("a post is written");
        }
    }

    /// The owner does something, outside any phone.
    fn by_owner(&mut self, id: MutationId, operation: &Operation) -> Result<(), Violation> {
        let body = operation.encode().expect("encodes");
        let since = self.version();
        let mutation = Mutation { id, after: None, since, kind: operation.kind().into(), body };
        self.decide(self.members[0], NO_PHONE, None, &[mutation]).map(drop)
    }

    /// Handles `POST /v1/sync`.
    pub fn handle(&mut self, member: MemberId, phone: usize, request: &SyncRequest) -> Result<SyncReply, Violation> {
        let undecided = self.decide(member, phone, request.era, &request.mutations)?;
        self.reply(member, request, undecided)
    }

    /// Answers a request that carries nothing.
    pub fn peek(&self, member: MemberId, request: &SyncRequest) -> Result<SyncReply, Violation> {
        self.reply(member, request, None)
    }

    fn reply(
        &self,
        member: MemberId,
        request: &SyncRequest,
        undecided: Option<enishi_protocol::sync::Undecided>,
    ) -> Result<SyncReply, Violation> {
        self.database.borrow_mut().begin().map_err(broken)?;
        let bytes = pull::reply(&mut *self.database.borrow_mut(), member, request, undecided);
        self.database.borrow_mut().rollback().map_err(broken)?;
        serde_json::from_slice(&bytes.map_err(broken)?).map_err(broken)
    }

    fn decide(
        &mut self,
        member: MemberId,
        phone: usize,
        era: Option<Era>,
        mutations: &[Mutation],
    ) -> Result<Option<enishi_protocol::sync::Undecided>, Violation> {
        let before: Vec<_> = mutations.iter().map(|mutation| self.decision(member, mutation.id)).collect();
        self.note_leaving(mutations)?;
        self.database.borrow_mut().begin().map_err(broken)?;
        let undecided = commit::decide(
            &mut *self.database.borrow_mut(),
            &self.surroundings,
            self.community,
            member,
            era,
            mutations,
        );
        self.database.borrow_mut().commit().map_err(broken)?;
        for (mutation, before) in mutations.iter().zip(before) {
            let after = self.decision(member, mutation.id)?;
            if let (Some((code, _)), true) = (&after, after != before?) {
                let (accepted, expired) = (code.is_none(), code.as_deref() == Some("expired"));
                self.applied.push(Applied { phone, mutation: mutation.id, accepted, expired });
            }
        }
        // Again: a post may have been written and its group left in one request.
        self.note_leaving(mutations)?;
        self.note_readable()?;
        self.ready_bytes_agree_with_tables()?;
        undecided.map_err(broken)
    }

    /// The result of a mutation with the time of its decision, if it was decided.
    fn decision(&self, member: MemberId, id: MutationId) -> Result<Option<(Option<String>, i64)>, Violation> {
        let sql = "SELECT code, at_us FROM mutation_result WHERE community = $1 AND member = $2 AND mutation = $3";
        let row = self.database.borrow_mut().first(sql, values![self.community, member, id]).map_err(broken)?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?)))
            .transpose()
            .map_err(|error: enishi_server::db::DbError| broken(error))
    }

    /// What the mutation wrote in each stream, where it was accepted and that is still known.
    pub(super) fn result(&self, member: MemberId, id: MutationId) -> Result<Option<Outcome>, Violation> {
        let sql = "SELECT streams FROM mutation_result
                   WHERE community = $1 AND member = $2 AND mutation = $3 AND code IS NULL";
        let row = self.database.borrow_mut().first(sql, values![self.community, member, id]).map_err(broken)?;
        let Some(row) = row else { return Ok(None) };
        let streams = serde_json::from_str(&row.get::<String>(0).map_err(broken)?).map_err(broken)?;
        Ok(Some(Outcome::Accepted { streams }))
    }

    /// Posts that these mutations may take out of a feed that somebody shows.
    fn note_leaving(&mut self, mutations: &[Mutation]) -> Result<(), Violation> {
        for mutation in mutations {
            match Operation::decode(&mutation.kind, &mutation.body) {
                Ok(Operation::DeletePost(deletion)) => drop(self.left.insert(deletion.post)),
                Ok(Operation::MovePost(moving)) => drop(self.left.insert(moving.post)),
                Ok(Operation::LeaveGroup(leaving)) => {
                    let stream = Stream::Group(leaving.group);
                    let gone = self.posts_in(stream)?;
                    self.left.extend(gone);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn posts_in(&self, stream: Stream) -> Result<Vec<PostId>, Violation> {
        let sql = "SELECT id FROM post WHERE community = $1 AND stream = $2";
        let rows = self.database.borrow_mut().query(sql, values![self.community, stream]).map_err(broken)?;
        rows.iter().map(|row| row.get(0).map_err(broken)).collect()
    }

    /// Every post that there is, oldest first.
    pub fn posts(&self) -> Result<Vec<PostId>, Violation> {
        let sql = "SELECT id FROM post WHERE community = $1 ORDER BY position";
        let rows = self.database.borrow_mut().query(sql, values![self.community]).map_err(broken)?;
        rows.iter().map(|row| row.get(0).map_err(broken)).collect()
    }

    /// Members with whom a member shares a block, on whichever side.
    pub(super) fn blocks_with(&self, member: MemberId) -> Result<BTreeSet<MemberId>, Violation> {
        let sql = "SELECT blocked FROM block WHERE community = $1 AND blocker = $2
                   UNION SELECT blocker FROM block WHERE community = $1 AND blocked = $2";
        let rows = self.database.borrow_mut().query(sql, values![self.community, member]).map_err(broken)?;
        rows.iter().map(|row| row.get(0).map_err(broken)).collect()
    }

    /// R3: what hangs on a post is where the post is, in the streams as in the tables.
    fn ready_bytes_agree_with_tables(&self) -> Result<(), Violation> {
        let sql = "SELECT count(*) FROM change LEFT JOIN comment ON change.kind = 'comment' AND comment.id = change.id
                   LEFT JOIN post ON post.id = CASE change.kind WHEN 'comment' THEN comment.post ELSE change.id END
                   WHERE change.kind IN ('post', 'comment', 'counts') AND change.body IS NOT NULL
                   AND (post.stream IS NULL OR post.stream <> change.stream)";
        let row = self.database.borrow_mut().first(sql, &[]).map_err(broken)?;
        let astray: i64 = row.map_or(Ok(0), |row| row.get(0)).map_err(broken)?;
        hold!(astray == 0, "R3: {astray} changes are not where their post is");
        Ok(())
    }

    /// Notes what every member can read now.
    fn note_readable(&mut self) -> Result<(), Violation> {
        let era = self.era_number();
        let sql = "SELECT stream, kind, id, version FROM change WHERE community = $1 AND body IS NOT NULL";
        let rows = self.database.borrow_mut().query(sql, values![self.community]).map_err(broken)?;
        for member in self.members.clone() {
            let granted = grants::all(&mut *self.database.borrow_mut(), self.community, member).map_err(broken)?;
            for row in &rows {
                let stream: Stream = row.get(0).map_err(broken)?;
                if granted.contains_key(&stream) {
                    let kind = EntityKind::named(&row.get::<String>(1).map_err(broken)?);
                    let (id, version) = (row.get(2).map_err(broken)?, row.get(3).map_err(broken)?);
                    self.readable.insert((member, era, stream, kind, id, version));
                }
            }
        }
        Ok(())
    }

    pub(super) fn was_readable(&self, row: &Readable) -> bool {
        self.readable.contains(row)
    }

    /// Mutations whose effect is in the database or was taken back by a later one.
    pub(super) fn accepted(&self) -> impl Iterator<Item = MutationId> {
        self.applied.iter().filter(|applied| applied.accepted).map(|applied| applied.mutation)
    }

    /// The community's version.
    pub fn version(&self) -> Version {
        let row =
            self.database.borrow_mut().first("SELECT version FROM community WHERE id = $1", values![self.community]);
        row.expect("reads").map_or(Version(0), |row| row.get(0).expect("a version"))
    }

    fn note_era(&mut self) {
        let row = self.database.borrow_mut().first("SELECT era FROM community WHERE id = $1", values![self.community]);
        let era = Era(row.expect("reads").expect("there is a community").get(0).expect("an era"));
        self.eras.push(era);
    }

    /// Eras are random; a simulation numbers them as they come.
    pub fn number_of(&self, era: Era) -> u64 {
        self.eras.iter().rposition(|known| *known == era).map_or(u64::MAX, |at| at as u64)
    }

    /// The number of the present era.
    pub fn era_number(&self) -> u64 {
        (self.eras.len() as u64).saturating_sub(1)
    }

    /// The process starts anew: live connections are gone.
    pub fn restart(&mut self) {
        self.room = Room::default();
        self.live.clear();
    }

    /// Results and tombstones from before now are forgotten.
    pub fn expire(&mut self) -> Result<(), Violation> {
        self.surroundings.pass(NINETY_ONE_DAYS_US);
        self.database.borrow_mut().begin().map_err(broken)?;
        let now_us = self.surroundings.now_us();
        let mut more = true;
        while more {
            more = chores::expire(&mut *self.database.borrow_mut(), now_us, self.community).map_err(broken)?;
        }
        self.database.borrow_mut().commit().map_err(broken)
    }

    /// Backs the database up.
    pub fn back_up(&mut self) {
        self.backup = Some((self.database.borrow_mut().snapshot().expect("a snapshot"), self.applied.clone()));
    }

    /// Restores the last backup: a new era begins, and what was erased since is erased again.
    pub fn restore(&mut self) -> Result<(), Violation> {
        let Some((snapshot, applied)) = self.backup.clone() else { return Ok(()) };
        let had: BTreeSet<MutationId> = self.accepted().collect();
        let posts = self.posts()?;
        self.left.extend(posts);
        self.database.borrow_mut().restore(&snapshot).map_err(broken)?;
        self.applied = applied;
        let erased: Vec<_> = self.erased.iter().map(|post| Erasure { what: What::Post(*post), day: 0 }).collect();
        self.database.borrow_mut().begin().map_err(broken)?;
        chores::new_era(&mut *self.database.borrow_mut(), &self.surroundings, self.community, &erased)
            .map_err(broken)?;
        self.database.borrow_mut().commit().map_err(broken)?;
        self.restart();
        self.note_era();
        let has: BTreeSet<MutationId> = self.accepted().collect();
        let era = self.era_number();
        self.lost.extend(had.difference(&has).map(|id| (*id, era)));
        self.note_readable()
    }

    /// Erases a post for good.
    pub fn erase(&mut self, at: usize) -> Result<(), Violation> {
        let posts = self.posts()?;
        if posts.is_empty() {
            return Ok(());
        }
        let post = posts[at % posts.len()];
        self.erased.insert(post);
        self.left.insert(post);
        self.database.borrow_mut().begin().map_err(broken)?;
        let what = What::Post(post);
        erasure::erase(&mut *self.database.borrow_mut(), &self.surroundings, self.community, what).map_err(broken)?;
        self.database.borrow_mut().commit().map_err(broken)?;
        self.note_readable()
    }

    /// Opens a live connection; the phone's former one is over.
    pub fn open(&mut self, phone: usize, member: MemberId, session: u64, request: &LiveRequest) {
        let former = self.live.iter().find(|(_, (of, _))| *of == phone).map(|(id, _)| *id);
        if let Some(former) = former {
            self.room.remove(former);
            self.live.remove(&former);
        }
        self.connections += 1;
        self.room.add(self.connections, member, request);
        self.live.insert(self.connections, (phone, session));
    }

    /// What live connections are due: phone, session, batch. A connection that cannot go on is closed;
    /// the phone asks anyway.
    pub fn fan_out(&mut self) -> Result<Vec<(usize, u64, Batch)>, Violation> {
        self.database.borrow_mut().begin().map_err(broken)?;
        let due = self.room.due(&mut *self.database.borrow_mut(), self.community).map_err(broken);
        self.database.borrow_mut().rollback().map_err(broken)?;
        let mut out = Vec::new();
        for (id, due) in due? {
            match due {
                Due::Batch(bytes) => {
                    let (phone, session) = self.live[&id];
                    out.push((phone, session, serde_json::from_slice(&bytes).map_err(broken)?));
                }
                Due::Again(_) => drop(self.live.remove(&id)),
            }
        }
        Ok(out)
    }
}

fn broken(error: impl std::fmt::Display) -> Violation {
    Violation(format!("the server failed: {error}"))
}
