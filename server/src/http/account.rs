//! The end of an account.

use super::{App, body::Json, extract};
use crate::{
    accounts::deletion,
    db::{Connection, Scope},
    error::Result,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use enishi_protocol::{ErrorBody, account::AccountDeletion};

/// Deletes the account. From the answer on nobody can sign in to it; its memberships end shortly
/// after. A repeat by the same session is answered alike, though the session is over.
#[utoipa::path(post, path = "/v1/account/delete", operation_id = "delete_account", tag = "session", security(("session" = [])),
    request_body = AccountDeletion, responses(
    (status = 204, description = "It has begun, and cannot be taken back"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn delete(
    State(app): State<App>,
    headers: HeaderMap,
    Json(wish): Json<AccountDeletion>,
) -> Result<StatusCode> {
    if let Some(token) = extract::token_hash(&headers) {
        let asked = wish.clone();
        if app.db.read(Scope::Accounts, move |conn| deletion::was_begun(conn, &token, &asked)).await? {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    let session = extract::session(&headers, &app).await?;
    deletion::check(&app.db, session.account).await?;
    let surroundings = app.surroundings.clone();
    let begin = move |conn: &mut dyn Connection| deletion::begin(conn, &*surroundings, &session, &wish);
    app.db.write(Scope::Accounts, begin).await?;
    app.mail_due.notify_one();
    Ok(StatusCode::NO_CONTENT)
}
