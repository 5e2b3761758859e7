//! The present session.

use super::{
    App,
    extract::{self, SignedIn},
};
use crate::{
    accounts::{memberships, notices, sessions, ways},
    db::Scope,
    error::Result,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use enishi_protocol::{ErrorBody, session::Session};

/// Whose session this is.
#[utoipa::path(get, path = "/v1/session", operation_id = "session", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "The session", body = Session),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn show(State(app): State<App>, SignedIn(session): SignedIn) -> Result<axum::Json<Session>> {
    let memberships = memberships::list(&app.db, session.account).await?;
    let now_us = app.surroundings.now_us();
    let about = move |conn: &mut dyn crate::db::Connection| -> Result<_> {
        Ok((notices::unseen(conn, &session)?, ways::of(conn, now_us, &session)?))
    };
    let (notices, ways) = app.db.read(Scope::Accounts, about).await?;
    Ok(axum::Json(Session { account: session.account, device: session.device, memberships, notices, ways }))
}

/// Signs this device out. A repeat by the same session is answered alike, though the session is over.
#[utoipa::path(delete, path = "/v1/session", operation_id = "sign_out", tag = "session", security(("session" = [])), responses(
    (status = 204, description = "Signed out"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn end(State(app): State<App>, headers: HeaderMap) -> Result<StatusCode> {
    if extract::ended_device(&headers, &app).await?.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let session = extract::session(&headers, &app).await?;
    let now_us = app.surroundings.now_us();
    let end = move |conn: &mut dyn crate::db::Connection| {
        sessions::end_of_device(conn, now_us, session.account, session.device)
    };
    app.db.write(Scope::Accounts, end).await?;
    Ok(StatusCode::NO_CONTENT)
}
