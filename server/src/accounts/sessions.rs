//! Sessions: who asks. A session belongs to one device and is known by the hash of its token.

use super::devices;
use crate::{
    db::Connection,
    error::{Error, Result},
    secrets::{self, Hash},
    values,
};
use enishi_protocol::{AccountId, DeviceId, ErrorCode};

/// How long a session lasts after it was last used, in microseconds: 400 days.
const KEPT_US: i64 = 400 * 24 * 3_600_000_000;

/// The account, device and session that a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedInAs {
    /// The account.
    pub account: AccountId,
    /// Its device.
    pub device: DeviceId,
    /// SHA-256 of the session's token.
    pub session: Hash,
    /// When the device was last here, to the hour.
    pub seen_us: i64,
}

/// The hash under which a token is known.
pub fn hash_of(token: &str) -> Hash {
    secrets::sha256(token.as_bytes())
}

/// Whose a token is.
///
/// # Errors
/// [`ErrorCode::SignedOut`] for a token that is unknown, revoked or too old.
pub fn authenticate(conn: &mut dyn Connection, now_us: i64, token_hash: &Hash) -> Result<SignedInAs> {
    let sql = "SELECT session.account, session.device, device.seen_us FROM session \
               JOIN device ON device.account = session.account AND device.id = session.device \
               WHERE session.token_hash = $1 AND session.ended_us IS NULL AND session.expires_us > $2";
    let row = conn.first(sql, values![token_hash.as_slice(), now_us])?.ok_or(ErrorCode::SignedOut)?;
    Ok(SignedInAs { account: row.get(0)?, device: row.get(1)?, session: *token_hash, seen_us: row.get(2)? })
}

/// Begins a session; those that the device had before are over.
pub(super) fn begin(
    conn: &mut dyn Connection,
    now_us: i64,
    token_hash: &Hash,
    account: AccountId,
    device: DeviceId,
) -> Result<()> {
    end_of_device(conn, now_us, account, device)?;
    conn.execute(
        "INSERT INTO session (token_hash, account, device, created_us, expires_us) VALUES ($1, $2, $3, $4, $5)",
        values![token_hash.as_slice(), account, device, now_us, now_us + KEPT_US],
    )?;
    Ok(())
}

/// The account that a token's session is or was of.
pub(super) fn ever_of(conn: &mut dyn Connection, token_hash: &Hash) -> Result<Option<AccountId>> {
    let row = conn.first("SELECT account FROM session WHERE token_hash = $1", values![token_hash.as_slice()])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The device of a session that was ended, for as long as that is remembered.
pub fn ended_device(conn: &mut dyn Connection, token_hash: &Hash) -> Result<Option<DeviceId>> {
    let sql = "SELECT device FROM session WHERE token_hash = $1 AND ended_us IS NOT NULL";
    Ok(conn.first(sql, values![token_hash.as_slice()])?.map(|row| row.get(0)).transpose()?)
}

/// Ends the sessions of a device. Returns whether there were any.
pub fn end_of_device(conn: &mut dyn Connection, now_us: i64, account: AccountId, device: DeviceId) -> Result<bool> {
    let ended = conn.execute(
        "UPDATE session SET ended_us = $1 WHERE account = $2 AND device = $3 AND ended_us IS NULL",
        values![now_us, account, device],
    )?;
    Ok(ended > 0)
}

/// Those of some sessions that have ended.
pub fn ended(conn: &mut dyn Connection, now_us: i64, sessions: impl IntoIterator<Item = Hash>) -> Result<Vec<Hash>> {
    let mut ended = Vec::new();
    for session in sessions {
        match authenticate(conn, now_us, &session) {
            Ok(_) => {}
            Err(Error::Refused(_)) => ended.push(session),
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

/// Lets a session end at `until_us`, where it would last longer.
pub fn shorten(conn: &mut dyn Connection, token_hash: &Hash, until_us: i64) -> Result<()> {
    conn.execute(
        "UPDATE session SET expires_us = $1 WHERE token_hash = $2 AND expires_us > $1",
        values![until_us, token_hash.as_slice()],
    )?;
    Ok(())
}

/// Whether `seen` is due: the device was last seen in an earlier hour.
pub fn is_seen_due(now_us: i64, session: &SignedInAs) -> bool {
    devices::hour(now_us) > session.seen_us
}

/// Notes that a session is in use: its device was seen, and it lasts longer.
pub fn seen(conn: &mut dyn Connection, now_us: i64, session: &SignedInAs) -> Result<()> {
    conn.execute(
        "UPDATE device SET seen_us = $1 WHERE account = $2 AND id = $3 AND seen_us < $1",
        values![devices::hour(now_us), session.account, session.device],
    )?;
    conn.execute(
        "UPDATE session SET expires_us = $1 WHERE token_hash = $2 AND ended_us IS NULL",
        values![now_us + KEPT_US, session.session.as_slice()],
    )?;
    Ok(())
}

/// Forgets sessions that have been over for 400 days.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    let before = now_us - KEPT_US;
    conn.execute("DELETE FROM session WHERE expires_us < $1 OR ended_us < $1", values![before])?;
    Ok(())
}
