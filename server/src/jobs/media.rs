//! Removes files that nothing shows any more, and uploads that came to nothing.

use crate::{
    db::{DbError, Scope},
    error::Result,
    http::App,
};
use enishi_protocol::CommunityId;

/// Goes through all communities once. Gives how many objects were removed.
pub async fn sweep(app: &App) -> Result<usize> {
    let listed = app.db.read(Scope::Whole, |conn| {
        let rows = conn.query("SELECT id FROM community ORDER BY id", &[])?;
        rows.iter().map(|row| row.get(0)).collect::<std::result::Result<Vec<CommunityId>, DbError>>()
    });
    let mut count = 0;
    for community in listed.await? {
        count += app.media.sweep(&app.db, app.surroundings.now_us(), community).await?;
    }
    Ok(count)
}
