//! Notices about the account: a device says which it has shown. It gets them with its session.

use super::{App, body::Json, extract::SignedIn};
use crate::{accounts::notices, db::Scope, error::Result};
use axum::{extract::State, http::StatusCode};
use enishi_protocol::{ErrorBody, account::NoticesSeen};

/// This device has shown notices. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/notices/seen", operation_id = "notices_seen", tag = "session", security(("session" = [])),
    request_body = NoticesSeen, responses(
    (status = 204, description = "Noted"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn seen(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Json(seen): Json<NoticesSeen>,
) -> Result<StatusCode> {
    app.db.write(Scope::Accounts, move |conn| notices::seen(conn, &session, &seen.notices)).await?;
    Ok(StatusCode::NO_CONTENT)
}
