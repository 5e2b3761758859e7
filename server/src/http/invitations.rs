//! Invitations as an app sees them: reading one, and accepting it.

use super::{App, body::Json, extract::SignedIn, network::Asker};
use crate::{
    db::{Connection, Scope},
    error::{Error, Result},
    invitations::{self, Answer, Place, code, guessing},
    secrets::Hash,
};
use axum::extract::{Path, State};
use enishi_protocol::{
    AccountId, ErrorBody, ErrorCode,
    invitations::{Acceptance, Accepted, InvitationPreview, is_printed},
};

/// Shows an invitation. Changes and counts nothing.
#[utoipa::path(get, path = "/v1/invitations/{code}", operation_id = "preview_invitation", tag = "public",
    params(("code" = String, Path, description = "The invitation's code")), responses(
    (status = 200, description = "The invitation", body = InvitationPreview),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn show(
    State(app): State<App>,
    Asker(asker): Asker,
    Path(text): Path<String>,
) -> Result<axum::Json<InvitationPreview>> {
    let code = code::read(&text).ok_or(ErrorCode::InvitationUnknown)?;
    let (_, preview) = preview(&app, &code, asker.network).await?;
    Ok(axum::Json(preview))
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
    Asker(asker): Asker,
    Path(text): Path<String>,
    Json(acceptance): Json<Acceptance>,
) -> Result<axum::Json<Accepted>> {
    let code = code::read(&text).ok_or(ErrorCode::InvitationUnknown)?;
    let place = find(&app, &code, asker.network).await?;
    match accept_as(&app, place, session.account, acceptance, |_| Ok(())).await? {
        Answer::Accepted(accepted) => Ok(axum::Json(accepted)),
        Answer::Refused(code) => Err(code.into()),
    }
}

/// Finds the invitation of a code, for somebody in a network.
pub(super) async fn find(app: &App, code: &str, network: Option<Vec<u8>>) -> Result<Place> {
    look_up(app, code, network, invitations::find).await
}

/// Finds what a code leads to, for somebody in a network. A printed code that does not exist is counted.
pub(super) async fn look_up<T: Send + 'static>(
    app: &App,
    code: &str,
    network: Option<Vec<u8>>,
    find: fn(&mut dyn Connection, &Hash) -> Result<T>,
) -> Result<T> {
    let (hash, printed, now_us) = (code::hash(code), is_printed(code), app.surroundings.now_us());
    let asked_from = network.clone();
    let look = move |conn: &mut dyn Connection| {
        if printed {
            guessing::allow(conn, now_us, asked_from.as_deref())?;
        }
        find(conn, &hash)
    };
    let found = app.db.read(Scope::Accounts, look).await;
    if printed && matches!(found, Err(Error::Refused(ErrorCode::InvitationUnknown))) {
        let missed = move |conn: &mut dyn Connection| guessing::missed(conn, now_us, network.as_deref());
        app.db.write(Scope::Accounts, missed).await?;
    }
    found
}

/// Looks an invitation up for an app or a page.
pub(super) async fn preview(app: &App, code: &str, network: Option<Vec<u8>>) -> Result<(Place, InvitationPreview)> {
    let place = find(app, code, network).await?;
    let now_us = app.surroundings.now_us();
    let look = move |conn: &mut dyn Connection| invitations::preview(conn, now_us, place);
    Ok((place, app.db.read(Scope::Community(place.community), look).await?))
}

/// Accepts for an account; `then` is done in the same transaction where the account is in, or waits.
pub(super) async fn accept_as(
    app: &App,
    place: Place,
    account: AccountId,
    acceptance: Acceptance,
    then: impl FnOnce(&mut dyn Connection) -> Result<()> + Send + 'static,
) -> Result<Answer> {
    let surroundings = app.surroundings.clone();
    let accept = move |conn: &mut dyn Connection| {
        let answer = invitations::accept(conn, &*surroundings, place, account, &acceptance)?;
        if matches!(answer, Answer::Accepted(_)) {
            then(conn)?;
        }
        Ok(answer)
    };
    let answer = app.db.write(Scope::Community(place.community), accept).await;
    app.mail_due.notify_one();
    app.hub.changed(place.community);
    answer
}
