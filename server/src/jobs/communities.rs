//! What is done to every community from time to time: old tombstones and results are forgotten, and
//! what deletions, ended memberships, left conversations and erasures left to be done is swept up, and whoever was suspended
//! until now takes part again.
//!
//! In steps, each a short write, so that nobody waits for long; a step that was stopped is taken up
//! again by whichever process comes next.

use crate::{
    db::{Connection, DbError, Scope},
    erasure,
    error::Result,
    http::App,
    membership,
    sync::chores,
};
use enishi_protocol::CommunityId;

/// Goes through all communities once.
pub async fn tidy(app: &App) -> Result<()> {
    let listed = app.db.read(Scope::Whole, |conn| {
        let rows = conn.query("SELECT id FROM community ORDER BY id", &[])?;
        rows.iter().map(|row| row.get(0)).collect::<std::result::Result<Vec<CommunityId>, DbError>>()
    });
    for community in listed.await? {
        let surroundings = std::sync::Arc::clone(&app.surroundings);
        let sweep = move || {
            let surroundings = std::sync::Arc::clone(&surroundings);
            app.db.write(Scope::Community(community), move |conn| erasure::sweep(conn, &*surroundings, community))
        };
        while sweep().await? {
            app.hub.changed(community);
        }
        let surroundings = std::sync::Arc::clone(&app.surroundings);
        let restore = move || {
            let surroundings = std::sync::Arc::clone(&surroundings);
            let due = move |conn: &mut dyn Connection| membership::restore_due(conn, &*surroundings, community);
            app.db.write(Scope::Community(community), due)
        };
        while restore().await? {
            app.hub.changed(community);
        }
        // What a process that died between the database and the list has left out.
        if let Err(error) = erasure::settle(&app.db, &app.config.erasures_file(), community).await {
            tracing::error!(%error, "erasures are not in the list that is kept apart");
        }
        let now_us = app.surroundings.now_us();
        let expire = || app.db.write(Scope::Community(community), move |conn| chores::expire(conn, now_us, community));
        while expire().await? {}
    }
    Ok(())
}
