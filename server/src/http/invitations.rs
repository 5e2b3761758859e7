//! Invitations as an app sees them: reading one, and accepting it.

use super::{App, body::Json, extract::SignedIn, landing};
use crate::{
    db::Scope,
    error::Result,
    invitations::{self, Answer, code},
};
use axum::extract::{Path, State};
use enishi_protocol::{
    ErrorBody, ErrorCode,
    invitations::{Acceptance, Accepted, InvitationPreview},
};

/// Shows an invitation. Changes and counts nothing.
#[utoipa::path(get, path = "/v1/invitations/{code}", operation_id = "preview_invitation", tag = "public",
    params(("code" = String, Path, description = "The invitation's code")), responses(
    (status = 200, description = "The invitation", body = InvitationPreview),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn show(State(app): State<App>, Path(text): Path<String>) -> Result<axum::Json<InvitationPreview>> {
    let code = code::read(&text).ok_or(ErrorCode::InvitationUnknown)?;
    landing::preview(&app, &code).await.map(axum::Json)
}

/// Accepts an invitation. A repeat with the same id gets the same answer.
#[utoipa::path(post, path = "/v1/invitations/{code}/accept", operation_id = "accept_invitation", tag = "session", security(("session" = [])),
    params(("code" = String, Path, description = "The invitation's code")), request_body = Acceptance, responses(
    (status = 200, description = "Joined, or waiting until somebody decides", body = Accepted),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn accept(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(text): Path<String>,
    Json(acceptance): Json<Acceptance>,
) -> Result<axum::Json<Accepted>> {
    let hash = code::hash(&code::read(&text).ok_or(ErrorCode::InvitationUnknown)?);
    let place = app.db.read(Scope::Accounts, move |conn| invitations::find(conn, &hash)).await?;
    let surroundings = app.surroundings.clone();
    let accept = move |conn: &mut dyn crate::db::Connection| {
        invitations::accept(conn, &*surroundings, place, session.account, &acceptance)
    };
    let answer = app.db.write(Scope::Community(place.community), accept).await?;
    app.mail_due.notify_one();
    app.hub.changed(place.community);
    match answer {
        Answer::Accepted(accepted) => Ok(axum::Json(accepted)),
        Answer::Refused(code) => Err(code.into()),
    }
}
