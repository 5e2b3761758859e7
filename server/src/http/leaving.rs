//! Leaving a community.

use super::{App, body::Json, extract::SignedIn};
use crate::{
    accounts,
    db::{Connection, Scope},
    error::Result,
    membership,
    writing::Writing,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use enishi_protocol::{CommunityId, ErrorBody, account::Leaving};

/// Leaves a community. What was written stays under the name. A repeat changes nothing.
#[utoipa::path(post, path = "/v1/communities/{community}/leave", operation_id = "leave_community", tag = "session", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community")), request_body = Leaving, responses(
    (status = 204, description = "Left"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn leave(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(community): Path<CommunityId>,
    Json(leaving): Json<Leaving>,
) -> Result<StatusCode> {
    let surroundings = app.surroundings.clone();
    let leave = move |conn: &mut dyn Connection| -> Result<()> {
        // The same wish, late, does not end a membership that began after it.
        if accounts::is_first_call(conn, surroundings.now_us(), session.account, leaving.id)? {
            let leave = |writing: &mut Writing<'_>| membership::leave(writing, session.account);
            Writing::by_server(conn, &*surroundings, community, leave)?;
        }
        Ok(())
    };
    app.db.write(Scope::Community(community), leave).await?;
    app.hub.changed(community);
    Ok(StatusCode::NO_CONTENT)
}
