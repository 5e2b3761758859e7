//! How an account can be signed in to again.

use super::sessions::SignedInAs;
use crate::{db::Connection, error::Result, values};
use enishi_protocol::account::WaysIn;

/// The account's ways in.
pub fn of(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs) -> Result<WaysIn> {
    let mut count = |sql: &str, values: &[crate::db::Value]| -> Result<i64> {
        Ok(conn.first(sql, values)?.map_or(Ok(0), |row| row.get(0))?)
    };
    let addresses = count("SELECT count(*) FROM address WHERE account = $1", values![asking.account])?;
    let devices = count(
        "SELECT count(DISTINCT device) FROM session WHERE account = $1 AND ended_us IS NULL AND expires_us > $2",
        values![asking.account, now_us],
    )?;
    let codes =
        count("SELECT count(*) FROM recovery_code WHERE account = $1 AND spent_us IS NULL", values![asking.account])?;
    Ok(WaysIn { addresses, devices, recovery_code: codes > 0 })
}
