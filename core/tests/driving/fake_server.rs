//! A small server in memory: one community, whose every post is accepted, behind a network that a
//! test can cut. It keeps only what the driver's stories need; the real one has tests of its own.

use bytes::Bytes;
use enishi_core::{
    surroundings::{RealSurroundings, Surroundings},
    transport::{Live, Request, Response, Server, Transport, TransportError, Transports},
};
use enishi_protocol::{
    Change, CommunityId, Entity, EntityKind, Era, ErrorBody, ErrorCode, Grant, Language, MemberId, Mutation,
    MutationId, Operation, Position, Stream, Version,
    feed::{Post, PostKind},
    membership::{CommunityKind, Membership, Standing},
    session::{SignInStarted, SignedIn},
    sync::{Batch, LiveRequest, MutationResult, Outcome, Page, Roots, StreamRequest, SyncReply, SyncRequest},
};
use futures_util::StreamExt;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

pub(crate) const COMMUNITY: CommunityId = CommunityId(Uuid::from_u128(1));
pub(crate) const MEMBER: MemberId = MemberId(Uuid::from_u128(2));
/// What signs its member in.
pub(crate) const TOKEN: &str = "a-token-that-nobody-else-has";
const GRANT: Grant = Grant(1);

/// What the network does to a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Network {
    /// Everything arrives.
    #[default]
    Up,
    /// Nothing arrives.
    Down,
    /// Something answers in the server's place.
    Portal,
    /// What is asked arrives, the answer does not.
    LosesAnswers,
    /// Answers to sync requests are kept back until the test lets them go.
    KeepsSyncsBack,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) network: Network,
    /// Every call is refused with this.
    pub(crate) refuses: Option<ErrorCode>,
    pub(crate) syncs: usize,
    /// Answers to sync requests that are on their way.
    pub(crate) kept_back: usize,
    era: u128,
    version: i64,
    changes: Vec<Change>,
    results: BTreeMap<MutationId, i64>,
    live: Vec<mpsc::UnboundedSender<Bytes>>,
}

#[derive(Clone, Default)]
pub(crate) struct FakeServer(Arc<Mutex<World>>, Arc<Notify>);

impl FakeServer {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("world")
    }

    /// Somebody else posts; those who are live are told.
    pub(crate) fn somebody_posts(&self, text: &str) {
        let mut world = self.world();
        let from = world.version;
        let change = world.post(MutationId(RealSurroundings.new_id()), text);
        let batch = world.batch(Stream::Community, Version(from), vec![change]);
        let event = format!("event: batch\ndata: {}\n\n", serde_json::to_string(&batch).expect("writes"));
        world.live.retain(|live| live.send(Bytes::from(event.clone())).is_ok());
    }

    /// How often each post was accepted must be once; gives how many there are.
    pub(crate) fn posts(&self) -> usize {
        self.world().changes.len()
    }

    /// Lets the answer go that was kept back.
    pub(crate) fn let_go(&self) {
        self.world().network = Network::Up;
        self.1.notify_one();
    }

    pub(crate) fn is_followed_live(&self) -> bool {
        self.world().live.iter().any(|live| !live.is_closed())
    }
}

impl World {
    fn era(&self) -> Era {
        Era(Uuid::from_u128(7 + self.era))
    }

    fn post(&mut self, mutation: MutationId, text: &str) -> Change {
        self.version += 1;
        let post = Entity::Post(Post {
            position: Position(self.version),
            author: MEMBER,
            kind: PostKind::Text,
            text: text.to_owned(),
            text_by: mutation,
            created_us: 0,
            edited_us: None,
            pinned: false,
            mentions: Vec::new(),
            poll: None,
            hidden: None,
            attachments: Vec::new(),
        });
        let body = post.encode().expect("encodes");
        let (version, kind) = (Version(self.version), EntityKind::Post);
        let change = Change { version, kind, id: mutation.0, mutation: Some(mutation), body: Some(body) };
        self.changes.push(change.clone());
        change
    }

    fn batch(&self, stream: Stream, from: Version, changes: Vec<Change>) -> Batch {
        let now = Version(self.version);
        Batch { era: self.era(), stream, grant: GRANT, from, to: now, now, changes }
    }

    fn after(&self, stream: Stream, from: Version) -> Vec<Change> {
        let changes = self.changes.iter().filter(|change| change.version > from);
        if stream == Stream::Community { changes.cloned().collect() } else { Vec::new() }
    }

    fn decide(&mut self, mutation: &Mutation) {
        if !self.results.contains_key(&mutation.id) {
            if let Ok(Operation::WritePost(writing)) = Operation::decode(&mutation.kind, &mutation.body) {
                self.post(mutation.id, &writing.text);
            }
            self.results.insert(mutation.id, self.version);
        }
    }

    fn sync(&mut self, request: &SyncRequest) -> SyncReply {
        let same_era = request.era.is_none_or(|era| era == self.era());
        if same_era {
            request.mutations.iter().for_each(|mutation| self.decide(mutation));
        }
        let told = request.ask.iter().filter_map(|id| Some((*id, *self.results.get(id)?)));
        let results = told.map(|(mutation, version)| MutationResult {
            mutation,
            outcome: Outcome::Accepted { streams: [(Stream::Community, Version(version))].into() },
        });
        let mut reply = SyncReply {
            era: self.era(),
            version: Version(self.version),
            roots: Roots { inbox: GRANT, community: GRANT },
            results: results.collect(),
            undecided: None,
            batches: Vec::new(),
            pages: Vec::new(),
            resets: Vec::new(),
            more: false,
        };
        for stream in request.streams.iter().filter(|_| same_era) {
            self.serve(stream, &mut reply);
        }
        reply
    }

    fn serve(&self, request: &StreamRequest, reply: &mut SyncReply) {
        let (stream, now) = (request.stream, Version(self.version));
        if let Some(place) = request.page.clone() {
            let changes = self.after(stream, Version(0));
            let page = Page { era: self.era(), stream, grant: GRANT, v0: now, now, place, next: None, changes };
            reply.pages.push(page);
        } else if let Some(cursor) = request.cursor {
            reply.batches.push(self.batch(stream, cursor, self.after(stream, cursor)));
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
        self.syncs += usize::from(request.path == "/v1/sync");
        if let Some(code) = self.refuses {
            return json(code.status(), &ErrorBody::new(code, Language::En));
        }
        let body = request.body.as_deref().unwrap_or(b"{}");
        match request.path.as_str() {
            "/v1/sign-in" => json(200, &SignInStarted { good_for_seconds: 600, sender: "enishi@example.jp".into() }),
            "/v1/sync" => json(200, &self.sync(&serde_json::from_slice(body).expect("a request"))),
            "/v1/session" => Response { status: 204, retry_after: None, date_us: None, body: Bytes::new() },
            path if path.starts_with("/v1/sign-in/") => json(200, &signed_in()),
            _ => json(404, &ErrorBody::new(ErrorCode::NotFound, Language::En)),
        }
    }
}

fn signed_in() -> SignedIn {
    let membership = Membership {
        community: COMMUNITY,
        member: MEMBER,
        name: "縁商事".into(),
        kind: CommunityKind::Company,
        standing: Standing::Active,
    };
    SignedIn { token: TOKEN.into(), account: Uuid::from_u128(3).into(), memberships: vec![membership] }
}

fn json(status: u16, body: &impl serde::Serialize) -> Response {
    Response { status, retry_after: None, date_us: None, body: serde_json::to_vec(body).expect("writes").into() }
}

#[async_trait::async_trait]
impl Transport for FakeServer {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        tokio::task::yield_now().await;
        if self.world().network == Network::KeepsSyncsBack && request.path == "/v1/sync" {
            let answer = self.world().answer(&request);
            self.world().kept_back += 1;
            self.1.notified().await;
            return Ok(answer);
        }
        let mut world = self.world();
        match world.network {
            Network::Down => Err(TransportError::TimedOut),
            Network::Portal => Err(TransportError::NotTheServer("a hotel")),
            Network::Up | Network::KeepsSyncsBack => Ok(world.answer(&request)),
            Network::LosesAnswers => {
                world.answer(&request);
                Err(TransportError::TimedOut)
            }
        }
    }

    async fn live(&self, request: Request) -> Result<Live, TransportError> {
        let mut world = self.world();
        if world.network != Network::Up {
            return Err(TransportError::TimedOut);
        }
        let request: LiveRequest = serde_json::from_slice(&request.body.expect("a body")).expect("a request");
        let (tell, told) = mpsc::unbounded_channel();
        for stream in &request.streams {
            let from = stream.cursor.expect("a cursor");
            let batch = world.batch(stream.stream, from, world.after(stream.stream, from));
            let event = format!("event: batch\ndata: {}\n\n", serde_json::to_string(&batch).expect("writes"));
            tell.send(Bytes::from(event)).expect("open");
        }
        world.live.push(tell);
        let bytes = futures_util::stream::unfold(told, |mut told| async { Some((Ok(told.recv().await?), told)) });
        Ok(Live::Open(bytes.boxed()))
    }
}

impl Transports for FakeServer {
    fn to(&self, _: &Server) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }
}
