//! What is done to every community from time to time: old tombstones and results are forgotten, and
//! what hung on a long post that was deleted or moved is swept up.
//!
//! In steps, each a short write, so that nobody waits for long; a step that was stopped is taken up
//! again by whichever process comes next.

use crate::{
    db::{DbError, Scope},
    error::Result,
    feed,
    http::App,
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
            app.db.write(Scope::Community(community), move |conn| feed::sweep(conn, &*surroundings, community))
        };
        while sweep().await? {
            app.hub.changed(community);
        }
        let now_us = app.surroundings.now_us();
        let expire = || app.db.write(Scope::Community(community), move |conn| chores::expire(conn, now_us, community));
        while expire().await? {}
    }
    Ok(())
}
