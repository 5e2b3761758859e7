//! Forgets what has served its time: attempts, notices, counts of tries, ended sessions, and each
//! community's old tombstones and results, in steps that hold nobody up for long.

use crate::{
    accounts::{self, addresses, approvals, attempts, notices, sessions, tries},
    db::{Connection, Scope},
    error::Result,
    http::App,
    sync::chores,
};

/// Forgets once.
pub async fn forget(app: &App) -> Result<()> {
    let now_us = app.surroundings.now_us();
    app.db
        .write(Scope::Accounts, move |conn| {
            attempts::forget(conn, now_us)?;
            addresses::forget(conn, now_us)?;
            approvals::forget(conn, now_us)?;
            notices::forget(conn, now_us)?;
            accounts::forget_calls(conn, now_us)?;
            tries::forget(conn, now_us)?;
            sessions::forget(conn, now_us)
        })
        .await?;
    let sql = "SELECT id FROM community";
    for row in app.db.read(Scope::Whole, move |conn| conn.query(sql, &[])).await? {
        let community = row.get(0)?;
        let step = move |conn: &mut dyn Connection| chores::expire(conn, now_us, community);
        while app.db.write(Scope::Community(community), step).await? && !app.closing.is_cancelled() {}
    }
    Ok(())
}
