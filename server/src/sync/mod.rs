//! `POST /v1/sync` and the live stream, without their HTTP.
//!
//! `commit` decides mutations, `apply` hands each to its feature, `pull` and `pages` read streams,
//! `fan_out` finds out who is due what; all are plain functions over a connection, so that a
//! simulator can run them on one thread. `serve` and `hub` are the shell with tasks around them.

mod apply;
mod changes;
pub mod chores;
pub mod commit;
pub mod fan_out;
pub mod hub;
mod opening;
mod pages;
pub mod pull;
mod singles;

pub use hub::Hub;
pub use pages::{OlderRead, older, with_ids};
pub use singles::{SinglesRead, singles};

use crate::{
    db::{Database, DbError, Scope},
    surroundings::Surroundings,
    writing::Failure,
};
use enishi_protocol::{
    ErrorCode, MemberId,
    limits::{MUTATIONS_PER_REQUEST, RESULTS_PER_REQUEST, STREAMS_PER_REQUEST},
    sync::SyncRequest,
};
use std::sync::Arc;

/// Decides a request's mutations, then answers it from one snapshot: the bytes of a `SyncReply`.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no member of such a community, [`ErrorCode::TooLarge`], why the member
/// takes no part, or that the database failed: then nothing of the request was decided.
pub async fn serve(
    db: &Database,
    hub: &Hub,
    surroundings: &Arc<dyn Surroundings>,
    member: MemberId,
    request: SyncRequest,
) -> Result<Vec<u8>, Failure> {
    let counts = [
        (request.mutations.len(), MUTATIONS_PER_REQUEST),
        (request.ask.len(), RESULTS_PER_REQUEST),
        (request.streams.len(), STREAMS_PER_REQUEST),
    ];
    if counts.iter().any(|(count, limit)| count > limit) {
        return Err(ErrorCode::TooLarge.into());
    }
    let (community, request) = (request.community, Arc::new(request));
    let mut undecided = None;
    if !request.mutations.is_empty() {
        let (surroundings, request) = (Arc::clone(surroundings), Arc::clone(&request));
        let deciding = db.write(Scope::Community(community), move |conn| {
            commit::decide(conn, &*surroundings, community, member, request.era, &request.mutations)
        });
        undecided = deciding.await?;
        hub.changed(community);
    }
    db.read(Scope::Community(community), move |conn| pull::reply(conn, member, &request, undecided)).await
}

/// A defect of ours.
fn defect(error: impl std::fmt::Display) -> Failure {
    Failure::Database(DbError::Failed(error.to_string()))
}

#[cfg(test)]
pub(crate) mod tests;
