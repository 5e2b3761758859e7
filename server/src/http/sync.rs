//! `POST /v1/sync`.

use super::{App, extract::MemberBody, feed::json};
use crate::{accounts::memberships::member_context, db::Scope, error::Result, sync};
use axum::{extract::State, response::IntoResponse};
use enishi_protocol::{
    ErrorBody,
    sync::{SyncReply, SyncRequest},
};

/// Decides what the phone sends and answers with what it lacks, from one snapshot.
#[utoipa::path(post, path = "/v1/sync", operation_id = "sync", tag = "member", security(("session" = [])),
    request_body = SyncRequest, responses(
    (status = 200, description = "Results, changes and pages", body = SyncReply),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn sync(
    State(app): State<App>,
    MemberBody(member, request): MemberBody<SyncRequest>,
) -> Result<impl IntoResponse> {
    let community = member.community;
    let bytes = sync::serve(&app.db, &app.hub, &app.surroundings, member.member, request).await?;
    // A membership may have gone over to another account since this request came in.
    app.db.read(Scope::Community(community), move |conn| member_context(conn, &member.session, community)).await?;
    Ok(json(bytes))
}
