//! Ends live connections whose session has ended, wherever it was ended.

use crate::{accounts::sessions, db::Scope, error::Result, http::App};
use enishi_protocol::ErrorCode;

/// Looks once.
pub async fn close_ended(app: &App) -> Result<()> {
    let held = app.hub.sessions();
    if held.is_empty() {
        return Ok(());
    }
    let now_us = app.surroundings.now_us();
    let ended = app.db.read(Scope::Accounts, move |conn| sessions::ended(conn, now_us, held)).await?;
    for session in &ended {
        app.hub.close_session(session, ErrorCode::SignedOut);
    }
    Ok(())
}
