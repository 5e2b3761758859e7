//! Forgets what has served its time: attempts to sign in, counts of tries, ended sessions.

use crate::{
    accounts::{attempts, sessions, tries},
    db::Scope,
    error::Result,
    http::App,
};

/// Forgets once.
pub async fn forget(app: &App) -> Result<()> {
    let now_us = app.surroundings.now_us();
    app.db
        .write(Scope::Accounts, move |conn| {
            attempts::forget(conn, now_us)?;
            tries::forget(conn, now_us)?;
            sessions::forget(conn, now_us)
        })
        .await
}
