//! A community on a database, without phones and without HTTP: the server's plain functions.

use enishi_protocol::{
    AccountId, CommunityId, MemberId, MutationId, Operation, Stream, Version,
    feed::{PostKind, PostWriting},
    membership::{Affiliation, Community, CommunityKind, Role},
    sync::{StreamRequest, SyncReply},
};
use enishi_server::{
    db::{Connection, Database, Scope, SqliteConnection},
    membership::{self, Admission},
    surroundings::RealSurroundings,
    sync::{commit, pull},
    values,
    writing::{Failure, Writing},
};
use enishi_tests::{
    Place, people,
    raw::{bare, mutation},
};
use uuid::Uuid;

/// Mutations that are decided together.
const TOGETHER: usize = 200;

/// A community and its members; the first runs it.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub(crate) community: CommunityId,
    pub(crate) members: Vec<MemberId>,
}

/// A handle to the database of a place, as another process would have one.
pub(crate) async fn open(place: &Place) -> Database {
    match place.database_url() {
        Some(url) => Database::connect_postgres(url).await.unwrap(),
        None => Database::open_sqlite(&place.folder().join("contract.db")).unwrap(),
    }
}

impl Town {
    /// A community with so many members, in a database of a place.
    pub(crate) async fn at(place: &Place, members: usize) -> (Self, Database) {
        let (db, town) = (open(place).await, Self::new(members));
        let founded = town.clone();
        town.write(&db, move |conn| founded.found(conn)).await;
        (town, db)
    }

    /// A community with so many members, in memory.
    pub(crate) fn in_memory(members: usize) -> (Self, SqliteConnection) {
        let (mut conn, town) = (SqliteConnection::memory().unwrap(), Self::new(members));
        conn.begin().unwrap();
        town.found(&mut conn);
        conn.commit().unwrap();
        (town, conn)
    }

    fn new(members: usize) -> Self {
        let members = (0..members).map(|_| MemberId(Uuid::new_v4())).collect();
        Self { community: CommunityId(Uuid::new_v4()), members }
    }

    fn found(&self, conn: &mut dyn Connection) {
        let community = Community { name: "縁商事".into(), kind: CommunityKind::Company };
        membership::create_community(conn, &RealSurroundings, self.community, &community).unwrap();
        for (at, member) in self.members.iter().enumerate() {
            let admission = Admission {
                member: *member,
                account: AccountId(Uuid::new_v4()),
                name: people::name(&format!("佐藤 花子{at}")),
                role: if at == 0 { Role::Owner } else { Role::Member },
                affiliation: Affiliation::Alumnus,
            };
            let admit = |writing: &mut Writing<'_>| membership::admit(writing, &admission);
            Writing::by_server(conn, &RealSurroundings, self.community, admit).unwrap();
        }
    }

    /// Writes in one transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        db: &Database,
        work: impl FnOnce(&mut dyn Connection) -> T + Send + 'static,
    ) -> T {
        let done = db.write::<T, Failure>(Scope::Community(self.community), move |conn| Ok(work(conn))).await;
        done.unwrap()
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        db: &Database,
        work: impl FnOnce(&mut dyn Connection) -> T + Send + 'static,
    ) -> T {
        let done = db.read::<T, Failure>(Scope::Community(self.community), move |conn| Ok(work(conn))).await;
        done.unwrap()
    }

    /// A member does things, which must be accepted; their ids.
    pub(crate) async fn does(&self, db: &Database, at: usize, operations: Vec<Operation>) -> Vec<MutationId> {
        let mut ids = Vec::new();
        for some in operations.chunks(TOGETHER) {
            let (town, some) = (self.clone(), some.to_vec());
            ids.extend(self.write(db, move |conn| town.does_in(conn, at, &some)).await);
        }
        ids
    }

    /// The same, in an open transaction.
    pub(crate) fn does_in(&self, conn: &mut dyn Connection, at: usize, operations: &[Operation]) -> Vec<MutationId> {
        let since = self.version(conn);
        let mutations: Vec<_> = operations.iter().map(|operation| mutation(operation, since)).collect();
        for some in mutations.chunks(TOGETHER) {
            let decided = commit::decide(conn, &RealSurroundings, self.community, self.members[at], None, some);
            assert_eq!(decided, Ok(None));
        }
        let refused = "SELECT code FROM mutation_result WHERE community = $1 AND code IS NOT NULL";
        assert_eq!(conn.first(refused, values![self.community]).unwrap(), None, "a mutation was refused");
        mutations.iter().map(|mutation| mutation.id).collect()
    }

    /// The community's version.
    pub(crate) fn version(&self, conn: &mut dyn Connection) -> Version {
        let row = conn.first("SELECT version FROM community WHERE id = $1", values![self.community]).unwrap();
        row.unwrap().get(0).unwrap()
    }

    /// What a member is answered who asks for streams.
    pub(crate) fn pulled(&self, conn: &mut dyn Connection, at: usize, streams: Vec<StreamRequest>) -> SyncReply {
        let request = enishi_protocol::sync::SyncRequest { streams, ..bare(self.community) };
        serde_json::from_slice(&pull::reply(conn, self.members[at], &request, None).unwrap()).unwrap()
    }
}

/// Writing a post.
pub(crate) fn post(stream: Stream, text: &str) -> Operation {
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text: text.into(),
        mentions: Vec::new(),
        poll: None,
        attachments: Vec::new(),
    })
}
