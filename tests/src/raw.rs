//! A program of somebody's own that speaks to a server: what it sends is up to the test.

use crate::{Fault, TestServer, waiting::in_time};
use enishi_protocol::{
    AttachmentId, AttemptId, CommunityId, DeviceId, Era, ErrorCode, Language, MemberId, Mutation, MutationId,
    Operation, PostId, Stream, Version,
    feed::{CommentWriting, PostKind, PostWriting},
    limits::PIECE_BYTES,
    media::{MediaSize, UploadFinish, UploadStanding},
    session::{Session, SignInCode, SignInStart, SignedIn},
    sync::{Outcome, Place, StreamRequest, SyncReply, SyncRequest},
};
use reqwest::{Client, Method, StatusCode, header::HeaderMap};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt::Write as _;
use uuid::Uuid;

/// A program, signed in or not.
#[derive(Clone)]
pub struct Raw {
    http: Client,
    url: String,
    /// Its session's token.
    pub token: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The body as what it should be.
    pub fn read<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.json());
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The error's code; none for a success or where the server did not say it in its own form.
    pub fn code(&self) -> Option<ErrorCode> {
        let body: enishi_protocol::ErrorBody = serde_json::from_slice(&self.bytes).ok()?;
        assert_eq!(self.status.as_u16(), body.code.status(), "status and code agree");
        assert!(!body.message.is_empty());
        Some(body.code)
    }
}

impl Raw {
    /// Nobody in particular.
    pub fn nobody(server: &TestServer) -> Self {
        #[allow(clippy::disallowed_methods, reason = "this is no client of ours, but a program of somebody's own")]
        let http = Client::builder().tls_backend_preconfigured(crate::raw::no_tls()).no_proxy().build().unwrap();
        Self { http, url: server.url(), token: None }
    }

    /// The same program with a session.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// Somebody who is signed in.
    pub async fn signed_in(server: &TestServer, address: &str) -> Self {
        let raw = Self::nobody(server);
        let before = server.codes(address).len();
        let (attempt, secret) = (AttemptId(Uuid::new_v4()), "11".repeat(32));
        // SHA-256 of thirty-two bytes 0x11.
        let secret_hash = "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc".to_owned();
        let start = SignInStart { attempt, secret_hash, address: address.to_owned(), language: Language::En };
        raw.post("/v1/sign-in", &start).await.read::<Value>();
        let code = server.code_after(address, before).await;
        let device = DeviceId(Uuid::new_v4());
        let spend = SignInCode { secret, code, device, device_name: "a program".into() };
        let signed_in: SignedIn = raw.post(&format!("/v1/sign-in/{attempt}/code"), &spend).await.read();
        Self { token: Some(signed_in.token), ..raw }
    }

    /// A call whose headers and body are as given.
    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url)).body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = in_time(format!("{method} {path}"), request.send()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = in_time(format!("{method} {path}"), answer.bytes()).await.unwrap().to_vec();
        Answer { status, headers, bytes }
    }

    /// A call that the server handles, and whose answer the network loses.
    pub async fn call_unheard(&self, server: &TestServer, (method, path): (Method, &str), body: Vec<u8>) {
        server.proxy().plan_for(&format!("{method} {path} "), [Fault::AnswerLost]);
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url)).body(body);
        request = request.header(JSON[0].0, JSON[0].1);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let heard = in_time(format!("{method} {path}"), request.send()).await;
        assert!(heard.is_err() && server.proxy().left() == 0, "{method} {path}: {heard:?}");
    }

    /// A call with a JSON body.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.call(Method::POST, path, &JSON, serde_json::to_vec(body).unwrap()).await
    }

    /// A call that reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Vec::new()).await
    }

    /// Opens a live connection; its bytes as they come.
    pub async fn live(&self, body: &impl Serialize) -> reqwest::Response {
        let request = self.http.post(format!("{}/v1/live", self.url)).bearer_auth(self.token.as_ref().unwrap());
        let request = request.header(JSON[0].0, JSON[0].1).body(serde_json::to_vec(body).unwrap());
        in_time("the live connection", request.send()).await.unwrap()
    }

    /// Sends a piece of a file.
    pub async fn piece(
        &self,
        community: CommunityId,
        id: AttachmentId,
        start: usize,
        total: usize,
        piece: &[u8],
    ) -> Answer {
        let path = format!("/v1/communities/{community}/attachments/{id}/upload?start={start}&total={total}");
        self.call(Method::PUT, &path, &[("content-type", "application/octet-stream")], piece.to_vec()).await
    }

    /// Finishes an upload.
    pub async fn finish(&self, community: CommunityId, id: AttachmentId, file: &[u8]) -> Answer {
        let sha256 = hex(&enishi_server::secrets::sha256(file));
        self.post(&format!("/v1/communities/{community}/attachments/{id}/finish"), &UploadFinish { sha256 }).await
    }

    /// Uploads a file, under a new id; what finishing it came to.
    pub async fn upload(&self, community: CommunityId, file: &[u8]) -> (AttachmentId, Answer) {
        let id = AttachmentId(Uuid::now_v7());
        let mut start = 0;
        for piece in file.chunks(PIECE_BYTES) {
            let answer = self.piece(community, id, start, file.len(), piece).await;
            start += piece.len();
            assert_eq!(answer.read::<UploadStanding>().received, u64::try_from(start).unwrap());
        }
        (id, self.finish(community, id, file).await)
    }

    /// The file of an attachment.
    pub async fn file(&self, community: CommunityId, id: AttachmentId, size: MediaSize) -> Answer {
        self.get(&format!("/v1/communities/{community}/attachments/{id}?size={}", size.as_str())).await
    }

    /// The member that this program speaks for in a community.
    pub async fn member(&self, community: CommunityId) -> MemberId {
        let session: Session = self.get("/v1/session").await.read();
        session.memberships.iter().find(|membership| membership.community == community).unwrap().member
    }

    /// Syncs.
    pub async fn sync(&self, request: &SyncRequest) -> SyncReply {
        self.post("/v1/sync", request).await.read()
    }

    /// The community's present era and version.
    pub async fn present(&self, community: CommunityId) -> (Era, Version) {
        let reply = self.sync(&bare(community)).await;
        (reply.era, reply.version)
    }

    /// Has operations decided one after the other; their ids with what became of each.
    pub async fn write(&self, community: CommunityId, operations: &[Operation]) -> Vec<(MutationId, Outcome)> {
        let (era, since) = self.present(community).await;
        let mut outcomes = Vec::new();
        for some in operations.chunks(enishi_protocol::limits::MUTATIONS_PER_REQUEST) {
            let mutations: Vec<_> = some.iter().map(|operation| mutation(operation, since)).collect();
            let ask: Vec<_> = mutations.iter().map(|mutation| mutation.id).collect();
            let reply = self.sync(&SyncRequest { era: Some(era), mutations, ask, ..bare(community) }).await;
            assert_eq!(reply.undecided, None);
            outcomes.extend(reply.results.into_iter().map(|result| (result.mutation, result.outcome)));
        }
        assert_eq!(outcomes.len(), operations.len());
        outcomes
    }

    /// Writes posts, each with so many comments; the ids of the posts.
    pub async fn fill(&self, community: CommunityId, posts: usize, comments: usize) -> Vec<PostId> {
        let write = |number| {
            let text = format!("{number}番目の知らせです。退職したみなさまへ。");
            let (stream, kind, mentions) = (Stream::Community, PostKind::Text, Vec::new());
            Operation::WritePost(PostWriting { stream, kind, text, mentions, poll: None, attachments: Vec::new() })
        };
        let operations: Vec<_> = (0..posts).map(write).collect();
        let posts: Vec<_> = self.accepted(community, &operations).await.into_iter().map(PostId::from).collect();
        let comment = |(post, number)| {
            let text = format!("{number}番目の返事");
            Operation::WriteComment(CommentWriting {
                post,
                reply_to: None,
                text,
                mentions: Vec::new(),
                attachments: Vec::new(),
            })
        };
        let pairs = posts.iter().flat_map(|post| (0..comments).map(|number| (*post, number)));
        self.accepted(community, &pairs.map(comment).collect::<Vec<_>>()).await;
        posts
    }

    /// Has operations accepted.
    pub async fn accepted(&self, community: CommunityId, operations: &[Operation]) -> Vec<MutationId> {
        let outcomes = self.write(community, operations).await;
        let accepted = outcomes.into_iter().map(|(id, outcome)| {
            assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
            id
        });
        accepted.collect()
    }
}

/// The header of a JSON body.
pub const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// A request that asks for nothing.
pub fn bare(community: CommunityId) -> SyncRequest {
    SyncRequest { community, era: None, mutations: Vec::new(), ask: Vec::new(), streams: Vec::new() }
}

/// Asks for a stream from its beginning.
pub fn from_start(stream: Stream) -> StreamRequest {
    StreamRequest { stream, grant: None, cursor: None, page: Some(Place::start()) }
}

/// A mutation under a new id.
pub fn mutation(operation: &Operation, since: Version) -> Mutation {
    let body = operation.encode().unwrap();
    Mutation { id: MutationId(Uuid::now_v7()), after: None, since, kind: operation.kind().to_owned(), body }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    })
}

pub(crate) fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
