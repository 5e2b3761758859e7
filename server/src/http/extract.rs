//! Who asks: the only way in which a handler learns of a session or a member.

use super::{App, body};
use crate::{
    accounts::{
        memberships::{MemberContext, member_context},
        sessions::{self, SignedInAs},
    },
    db::Scope,
    error::Error,
    secrets::Hash,
};
use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, header, request::Parts},
};
use enishi_protocol::{
    CommunityId, DeviceId, ErrorCode, limits,
    sync::{LiveRequest, SyncRequest},
};
use serde::de::DeserializeOwned;

/// A request with a valid session.
pub(super) struct SignedIn(pub(super) SignedInAs);

/// A request by a member who takes part in the community that its path names as `{community}`.
pub(super) struct Member(pub(super) MemberContext);

/// A request by a member who takes part in the community that its body names.
pub(super) struct MemberBody<T>(pub(super) MemberContext, pub(super) T);

/// A body that names the community that all of it is about.
pub(super) trait OfCommunity {
    /// Bytes that such a body may have.
    const LIMIT: usize;
    /// The community.
    fn community(&self) -> CommunityId;
}

impl OfCommunity for SyncRequest {
    const LIMIT: usize = limits::SYNC_BODY_BYTES;
    fn community(&self) -> CommunityId {
        self.community
    }
}

impl OfCommunity for LiveRequest {
    const LIMIT: usize = limits::BODY_BYTES;
    fn community(&self) -> CommunityId {
        self.community
    }
}

/// The hash of the token in the `Authorization` header, where there is one.
pub(super) fn token_hash(headers: &HeaderMap) -> Option<Hash> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| sessions::hash_of(token.trim()))
}

/// The valid session of a request.
pub(super) async fn session(headers: &HeaderMap, app: &App) -> Result<SignedInAs, Error> {
    let token_hash = token_hash(headers).ok_or(ErrorCode::SignedOut)?;
    let now_us = app.surroundings.now_us();
    let session = app.db.read(Scope::Accounts, move |conn| sessions::authenticate(conn, now_us, &token_hash)).await?;
    if sessions::is_seen_due(now_us, &session) {
        let app = app.clone();
        tokio::spawn(async move {
            let noted = app.db.write(Scope::Accounts, move |conn| sessions::seen(conn, now_us, &session)).await;
            if let Err(error) = noted {
                tracing::warn!(%error, "a device's visit was not noted");
            }
        });
    }
    Ok(session)
}

/// The device of a request's session, where that session is over: whoever ended it and heard nothing asks again.
pub(super) async fn ended_device(headers: &HeaderMap, app: &App) -> Result<Option<DeviceId>, Error> {
    let Some(token_hash) = token_hash(headers) else { return Ok(None) };
    app.db.read(Scope::Accounts, move |conn| sessions::ended_device(conn, &token_hash)).await
}

async fn member(headers: &HeaderMap, app: &App, community: CommunityId) -> Result<MemberContext, Error> {
    let session = session(headers, app).await?;
    app.db.read(Scope::Community(community), move |conn| member_context(conn, &session, community)).await
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        session(&parts.headers, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let signed_in = session(&parts.headers, app).await?;
        let community = path_community(parts, app).await?;
        let context =
            app.db.read(Scope::Community(community), move |conn| member_context(conn, &signed_in, community)).await?;
        Ok(Self(context))
    }
}

async fn path_community(parts: &mut Parts, app: &App) -> Result<CommunityId, Error> {
    let unknown = || Error::Refused(ErrorCode::NotFound);
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| unknown())?;
    let text = params.iter().find(|(name, _)| *name == "community").map(|(_, value)| value);
    text.and_then(|text| text.parse().ok()).ok_or_else(unknown)
}

impl<T: OfCommunity + DeserializeOwned + Send> FromRequest<App> for MemberBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let headers = request.headers().clone();
        if token_hash(&headers).is_none() {
            return Err(ErrorCode::SignedOut.into());
        }
        let body: T = body::parse(&body::read(request, T::LIMIT).await?)?;
        let context = member(&headers, app, body.community()).await?;
        Ok(Self(context, body))
    }
}
