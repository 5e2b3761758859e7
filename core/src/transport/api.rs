//! The protocol's calls, typed, to one server.

use super::{Content, Live, LiveBytes, Method, Request, Response, Server, Transport, TransportError};
use enishi_protocol::{
    AttachmentId, AttemptId, CommunityId, DeviceId, ErrorBody, ErrorCode, Language, RecoveryId,
    account::{
        AccountDeletion, Address, AddressCode, AddressRemoval, AddressStart, ApprovalAnswer, ApprovalProof,
        ApprovalStart, ApprovalStarted, ApprovalView, Leaving, NoticesSeen, OwnRecovery, RecoveryCodeMaking,
        RecoveryCodeSpending, RecoveryStart, RecoveryStop,
    },
    invitations::{Acceptance, Accepted, InvitationPreview},
    media::{FileFacts, MediaSize, UploadFinish, UploadStanding},
    session::{Device, Session, SignInCode, SignInStart, SignInStarted, SignedIn},
    sync::{LiveRequest, SyncReply, SyncRequest},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, sync::Arc, time::Duration};

/// A small call, for which a person waits.
const SHORT: Duration = Duration::from_secs(30);
/// A sync, which may carry much over a slow network.
const LONG: Duration = Duration::from_mins(2);

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It had no answer of the server's own: as if offline.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server answered that it will not.
    #[error("the server refused: {}", code.as_str())]
    Refused {
        /// Why.
        code: ErrorCode,
        /// How long it asks to wait before another call.
        retry_after: Option<Duration>,
    },
    /// What should be sent cannot be written: a defect of ours.
    #[error("the request cannot be written")]
    Unwritable,
}

impl CallError {
    /// What the server said, where it was the server that spoke.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::Transport(_) | Self::Unwritable => None,
        }
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::Transport(_) | Self::Unwritable => None,
        }
    }

    /// Whether the answer decides the matter, so that the same call again would be told the same.
    pub fn is_final(&self) -> bool {
        self.code().is_some_and(|code| (400..500).contains(&code.status()) && code != ErrorCode::RateLimited)
    }
}

impl From<CallError> for crate::Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Transport(_)
            | CallError::Refused { code: ErrorCode::TryAgain | ErrorCode::ShuttingDown, .. } => Self::Offline,
            CallError::Refused { code, .. } => code.into(),
            CallError::Unwritable => Self::Internal { detail: error.to_string() },
        }
    }
}

/// The answer to a sync request.
#[derive(Debug)]
pub struct Synced {
    /// What it says.
    pub reply: SyncReply,
    /// When the server says that it answered, in microseconds since 1970 UTC.
    pub date_us: Option<i64>,
}

/// One server's calls, in one language.
#[derive(Clone)]
pub struct Api {
    server: Server,
    transport: Arc<dyn Transport>,
    language: Language,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Api {
    /// The calls of a server over a transport to it.
    pub fn new(server: Server, transport: Arc<dyn Transport>, language: Language) -> Self {
        Self { server, transport, language }
    }

    /// Which server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Asks for a code by mail. `token`: of a session that this phone holds or held, if it did.
    pub async fn sign_in(&self, start: &SignInStart, token: Option<&str>) -> Result<SignInStarted, CallError> {
        let request = self.request(Method::Post, "/v1/sign-in".into()).with(start)?;
        self.call(match token {
            Some(token) => request.of(token),
            None => request,
        })
        .await
    }

    /// Spends a code.
    pub async fn spend_code(&self, attempt: AttemptId, code: &SignInCode) -> Result<SignedIn, CallError> {
        let request = self.request(Method::Post, format!("/v1/sign-in/{attempt}/code")).with(code)?;
        self.call(request).await
    }

    /// The session and the account's communities.
    pub async fn session(&self, token: &str) -> Result<Session, CallError> {
        self.call(self.request(Method::Get, "/v1/session".into()).of(token)).await
    }

    /// Ends the session.
    pub async fn sign_out(&self, token: &str) -> Result<(), CallError> {
        self.done(self.request(Method::Delete, "/v1/session".into()).of(token)).await
    }

    /// The account's devices.
    pub async fn devices(&self, token: &str) -> Result<Vec<Device>, CallError> {
        self.call(self.request(Method::Get, "/v1/devices".into()).of(token)).await
    }

    /// Signs a device out.
    pub async fn revoke_device(&self, token: &str, device: DeviceId) -> Result<(), CallError> {
        self.done(self.request(Method::Delete, format!("/v1/devices/{device}")).of(token)).await
    }

    /// Signs all other devices out.
    pub async fn revoke_other_devices(&self, token: &str) -> Result<(), CallError> {
        self.done(self.request(Method::Delete, "/v1/devices".into()).of(token)).await
    }

    /// Says which notices this device has shown.
    pub async fn notices_seen(&self, token: &str, seen: &NoticesSeen) -> Result<(), CallError> {
        self.done(self.request(Method::Post, "/v1/notices/seen".into()).of(token).with(seen)?).await
    }

    /// The account's addresses.
    pub async fn addresses(&self, token: &str) -> Result<Vec<Address>, CallError> {
        self.call(self.request(Method::Get, "/v1/addresses".into()).of(token)).await
    }

    /// Asks for a code to a new address.
    pub async fn add_address(&self, token: &str, start: &AddressStart) -> Result<SignInStarted, CallError> {
        self.call(self.request(Method::Post, "/v1/addresses".into()).of(token).with(start)?).await
    }

    /// Confirms a new address.
    pub async fn confirm_address(
        &self,
        token: &str,
        attempt: AttemptId,
        code: &AddressCode,
    ) -> Result<Vec<Address>, CallError> {
        let request = self.request(Method::Post, format!("/v1/addresses/{attempt}/code")).of(token);
        self.call(request.with(code)?).await
    }

    /// Removes an address.
    pub async fn remove_address(&self, token: &str, removal: &AddressRemoval) -> Result<Vec<Address>, CallError> {
        self.call(self.request(Method::Post, "/v1/addresses/remove".into()).of(token).with(removal)?).await
    }

    /// Asks to be approved by a device that is signed in.
    pub async fn ask_for_approval(&self, start: &ApprovalStart) -> Result<ApprovalStarted, CallError> {
        self.call(self.request(Method::Post, "/v1/approvals".into()).with(start)?).await
    }

    /// The device that asks to be approved.
    pub async fn approval(&self, token: &str, attempt: AttemptId) -> Result<ApprovalView, CallError> {
        self.call(self.request(Method::Get, format!("/v1/approvals/{attempt}")).of(token)).await
    }

    /// Approves it.
    pub async fn approve(&self, token: &str, attempt: AttemptId) -> Result<(), CallError> {
        self.done(self.request(Method::Post, format!("/v1/approvals/{attempt}/approve")).of(token)).await
    }

    /// Asks whether this device was approved.
    pub async fn spend_approval(&self, attempt: AttemptId, proof: &ApprovalProof) -> Result<ApprovalAnswer, CallError> {
        self.call(self.request(Method::Post, format!("/v1/approvals/{attempt}/session")).with(proof)?).await
    }

    /// Makes or replaces the recovery code.
    pub async fn make_recovery_code(&self, token: &str, making: &RecoveryCodeMaking) -> Result<(), CallError> {
        self.done(self.request(Method::Post, "/v1/recovery-code".into()).of(token).with(making)?).await
    }

    /// Signs in with the recovery code. `token`: of a session that this phone holds or held, if it did.
    pub async fn spend_recovery_code(
        &self,
        spending: &RecoveryCodeSpending,
        token: Option<&str>,
    ) -> Result<SignedIn, CallError> {
        let request = self.request(Method::Post, "/v1/recovery-code/spend".into()).with(spending)?;
        self.call(match token {
            Some(token) => request.of(token),
            None => request,
        })
        .await
    }

    /// Says that a membership is this account's.
    pub async fn ask_for_recovery(&self, token: &str, start: &RecoveryStart) -> Result<OwnRecovery, CallError> {
        self.call(self.request(Method::Post, "/v1/recoveries".into()).of(token).with(start)?).await
    }

    /// The recoveries that this account has asked for.
    pub async fn recoveries(&self, token: &str) -> Result<Vec<OwnRecovery>, CallError> {
        self.call(self.request(Method::Get, "/v1/recoveries".into()).of(token)).await
    }

    /// Stops the recovery of a membership that this account has.
    pub async fn stop_recovery(&self, token: &str, recovery: RecoveryId, stop: &RecoveryStop) -> Result<(), CallError> {
        let request = self.request(Method::Post, format!("/v1/recoveries/{recovery}/stop")).of(token);
        self.done(request.with(stop)?).await
    }

    /// Leaves a community.
    pub async fn leave(&self, token: &str, community: CommunityId, leaving: &Leaving) -> Result<(), CallError> {
        let request = self.request(Method::Post, format!("/v1/communities/{community}/leave")).of(token);
        self.done(request.with(leaving)?).await
    }

    /// Deletes the account.
    pub async fn delete_account(&self, token: &str, deletion: &AccountDeletion) -> Result<(), CallError> {
        self.done(self.request(Method::Post, "/v1/account/delete".into()).of(token).with(deletion)?).await
    }

    /// What a link shows before anybody joins. Changes and counts nothing.
    pub async fn preview(&self, code: &str) -> Result<InvitationPreview, CallError> {
        self.call(self.request(Method::Get, format!("/v1/invitations/{code}"))).await
    }

    /// Accepts an invitation.
    pub async fn accept(&self, token: &str, code: &str, acceptance: &Acceptance) -> Result<Accepted, CallError> {
        let request = self.request(Method::Post, format!("/v1/invitations/{code}/accept")).of(token);
        self.call(request.with(acceptance)?).await
    }

    /// Sends what waits and fetches what is new.
    pub async fn sync(&self, token: &str, request: &SyncRequest) -> Result<Synced, CallError> {
        let request = self.request(Method::Post, "/v1/sync".into()).of(token).with(request)?;
        let answer = self.transport.call(Request { time_limit: LONG, ..request }).await?;
        Ok(Synced { date_us: answer.date_us, reply: read(&answer)? })
    }

    /// Follows streams as they change.
    pub async fn live(&self, token: &str, request: &LiveRequest) -> Result<LiveBytes, CallError> {
        let request = self.request(Method::Post, "/v1/live".into()).of(token).with(request)?;
        match self.transport.live(request).await? {
            Live::Open(bytes) => Ok(bytes),
            Live::Answered(answer) => Err(refusal(&answer)),
        }
    }

    /// How far an upload has come.
    pub async fn upload_standing(
        &self,
        token: &str,
        community: CommunityId,
        id: AttachmentId,
    ) -> Result<UploadStanding, CallError> {
        self.call(self.request(Method::Get, format!("{}/upload", at(community, id))).of(token)).await
    }

    /// Sends a piece of a file that has `total` bytes, from `start` on.
    pub async fn upload_piece(
        &self,
        token: &str,
        community: CommunityId,
        id: AttachmentId,
        (start, total): (u64, u64),
        piece: Vec<u8>,
    ) -> Result<UploadStanding, CallError> {
        let path = format!("{}/upload?start={start}&total={total}", at(community, id));
        let request = self.request(Method::Put, path).of(token);
        self.call(Request { body: Some(piece), carries: Content::File, time_limit: LONG, ..request }).await
    }

    /// Finishes an upload.
    pub async fn finish_upload(
        &self,
        token: &str,
        community: CommunityId,
        id: AttachmentId,
        sha256: &[u8; 32],
    ) -> Result<FileFacts, CallError> {
        let finish = UploadFinish { sha256: data_encoding::HEXLOWER.encode(sha256) };
        let request = self.request(Method::Post, format!("{}/finish", at(community, id))).of(token).with(&finish)?;
        self.call(Request { time_limit: LONG, ..request }).await
    }

    /// Gives an upload up.
    pub async fn cancel_upload(&self, token: &str, community: CommunityId, id: AttachmentId) -> Result<(), CallError> {
        self.done(self.request(Method::Delete, format!("{}/upload", at(community, id))).of(token)).await
    }

    /// The bytes of a file.
    pub async fn attachment(
        &self,
        token: &str,
        community: CommunityId,
        id: AttachmentId,
        size: MediaSize,
    ) -> Result<bytes::Bytes, CallError> {
        let path = format!("{}?size={}", at(community, id), size.as_str());
        let request = self.request(Method::Get, path).of(token);
        let answer = self.transport.call(Request { wants: Content::File, time_limit: LONG, ..request }).await?;
        if answer.is_success() { Ok(answer.body) } else { Err(refusal(&answer)) }
    }

    /// Reads something of another form from a path, for what is kept out of the streams.
    pub async fn get<T: DeserializeOwned>(&self, token: &str, path: String) -> Result<T, CallError> {
        self.call(self.request(Method::Get, path).of(token)).await
    }

    fn request(&self, method: Method, path: String) -> Request {
        let (carries, wants) = (Content::Json, Content::Json);
        Request { method, path, bearer: None, body: None, carries, wants, language: self.language, time_limit: SHORT }
    }

    async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, CallError> {
        read(&self.transport.call(request).await?)
    }

    async fn done(&self, request: Request) -> Result<(), CallError> {
        let answer = self.transport.call(request).await?;
        if answer.is_success() { Ok(()) } else { Err(refusal(&answer)) }
    }
}

/// What the server answered, where it did as asked.
fn read<T: DeserializeOwned>(answer: &Response) -> Result<T, CallError> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|_| TransportError::NotTheServer("the answer is not of the form that was asked for").into())
}

fn at(community: CommunityId, id: AttachmentId) -> String {
    format!("/v1/communities/{community}/attachments/{id}")
}

/// A text as the value of a parameter in a path (RFC 3986, 2.1).
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    escaped
}

impl Request {
    fn of(self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self }
    }

    fn with(self, body: &impl Serialize) -> Result<Self, CallError> {
        let body = serde_json::to_vec(body).map_err(|_| CallError::Unwritable)?;
        Ok(Self { body: Some(body), ..self })
    }
}

/// Reads an error. Only one in the server's own form counts as its word.
fn refusal(answer: &Response) -> CallError {
    if let Ok(body) = serde_json::from_slice::<ErrorBody>(&answer.body) {
        let seconds = body.retry_after_seconds.map(|seconds| Duration::from_secs(seconds.into()));
        return CallError::Refused { code: body.code, retry_after: answer.retry_after.or(seconds) };
    }
    if (502..=504).contains(&answer.status) {
        return CallError::Refused { code: ErrorCode::TryAgain, retry_after: answer.retry_after };
    }
    TransportError::NotTheServer("the error is not in the server's form").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Response {
        Response { status, retry_after: None, date_us: None, body: bytes::Bytes::from_static(body.as_bytes()) }
    }

    #[test]
    fn only_the_servers_own_word_signs_anybody_out() {
        let own = refusal(&answer(401, r#"{"code":"signed_out","message":"…"}"#));
        assert_eq!(own.code(), Some(ErrorCode::SignedOut));
        for foreign in ["<html>Welcome to the hotel</html>", "", r#"{"error":"login"}"#] {
            assert!(matches!(refusal(&answer(401, foreign)), CallError::Transport(_)), "{foreign}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_reach_the_server_asks_for_patience() {
        let error = refusal(&answer(503, "upstream is down"));
        assert_eq!(error.code(), Some(ErrorCode::TryAgain));
        assert!(!error.is_final());
    }

    #[test]
    fn a_wait_is_taken_from_the_body_where_no_header_says_it() {
        let error = refusal(&answer(429, r#"{"code":"rate_limited","message":"…","retry_after_seconds":9}"#));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
        assert!(!error.is_final());
    }
}
