//! Calls of an account that were done: a repeat of one whose answer was lost changes nothing.

use crate::{db::Connection, error::Result, values};
use enishi_protocol::{AccountId, RequestId, limits};

/// Notes a call. Whether it is the first of its id: otherwise it was done before.
pub fn is_first(conn: &mut dyn Connection, now_us: i64, account: AccountId, id: RequestId) -> Result<bool> {
    let noted = conn.execute(
        "INSERT INTO account_call (account, id, at_us) VALUES ($1, $2, $3) ON CONFLICT (account, id) DO NOTHING",
        values![account, id, now_us],
    )?;
    Ok(noted > 0)
}

/// Forgets calls that nobody repeats any more.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    let before = now_us - limits::CALLS_KEPT_SECONDS * 1_000_000;
    conn.execute("DELETE FROM account_call WHERE at_us < $1", values![before])?;
    Ok(())
}
