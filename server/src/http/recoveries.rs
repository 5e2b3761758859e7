//! Recovering a membership, as the account that asks and the one that has it.

use super::{App, body::Json, extract::SignedIn, invitations, network::Asker};
use crate::{
    db::{Connection, Scope},
    error::Result,
    invitations::code,
    recovery::{self, Place},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use enishi_protocol::{
    ErrorBody, ErrorCode, RecoveryId,
    account::{OwnRecovery, RecoveryStart, RecoveryStop},
};

/// Says "this membership is mine". A repeat with the same id changes nothing.
#[utoipa::path(post, path = "/v1/recoveries", operation_id = "ask_for_recovery", tag = "session", security(("session" = [])),
    request_body = RecoveryStart, responses(
    (status = 200, description = "It is with those who know the member", body = OwnRecovery),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn ask(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Asker(asker): Asker,
    Json(start): Json<RecoveryStart>,
) -> Result<axum::Json<OwnRecovery>> {
    let code = code::read(&start.code).ok_or(ErrorCode::InvitationUnknown)?;
    let community = invitations::find(&app, &code, asker.network).await?.community;
    let surroundings = app.surroundings.clone();
    let ask = move |conn: &mut dyn Connection| recovery::ask(conn, &*surroundings, community, session.account, &start);
    let own = app.db.write(Scope::Community(community), ask).await?;
    app.mail_due.notify_one();
    app.hub.changed(community);
    Ok(axum::Json(own))
}

/// The recoveries that this account has asked for.
#[utoipa::path(get, path = "/v1/recoveries", operation_id = "recoveries", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "How far each has come", body = Vec<OwnRecovery>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn list(State(app): State<App>, SignedIn(session): SignedIn) -> Result<axum::Json<Vec<OwnRecovery>>> {
    recovery::list(&app.db, session.account).await.map(axum::Json)
}

/// Stops a recovery, from a device of the account that has the membership. A repeat changes nothing.
#[utoipa::path(post, path = "/v1/recoveries/{recovery}/stop", operation_id = "stop_recovery", tag = "session", security(("session" = [])),
    params(("recovery" = RecoveryId, Path, description = "Which one")), request_body = RecoveryStop, responses(
    (status = 204, description = "Stopped"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn stop(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(recovery): Path<RecoveryId>,
    Json(stop): Json<RecoveryStop>,
) -> Result<StatusCode> {
    let place = Place { community: stop.community, recovery };
    let surroundings = app.surroundings.clone();
    let stop = move |conn: &mut dyn Connection| recovery::stop_by_account(conn, &*surroundings, place, session.account);
    app.db.write(Scope::Community(place.community), stop).await?;
    app.mail_due.notify_one();
    app.hub.changed(place.community);
    Ok(StatusCode::NO_CONTENT)
}
