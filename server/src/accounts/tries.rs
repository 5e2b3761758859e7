//! Limits against guessing and flooding, counted in the database so that they hold over all processes.

use crate::{
    db::Connection,
    error::{Error, Result},
    secrets, values,
};
use enishi_protocol::limits;

const HOUR_US: i64 = 3_600_000_000;

/// Whose tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// Codes asked for an address by devices that nobody knows.
    Address(&'a str),
    /// Codes asked by a device that was signed in before: nobody else can use this up.
    KnownDevice(&'a [u8]),
    /// Codes asked from one network.
    Network(&'a [u8]),
    /// Codes asked by an account for addresses to add.
    AddingAddresses(&'a [u8]),
    /// Codes mailed to an address that somebody wants to add.
    AddressAdded(&'a str),
    /// Devices of one network that ask to be approved.
    Approvals(&'a [u8]),
    /// Tries at the recovery code that is found by this: only who holds the paper knows it.
    RecoveryCode(&'a str),
    /// Recovery codes made by an account.
    MakingRecoveryCodes(&'a [u8]),
    /// Mails to an account about what can happen often.
    Told(&'a [u8]),
    /// Memberships that an account says are its own.
    Recoveries(&'a [u8]),
    /// Mails to an account that somebody says one of its memberships is theirs.
    ToldOfRecovery(&'a [u8]),
    /// Printed codes of invitations that one network asked for and that do not exist.
    PrintedOfNetwork(&'a [u8]),
    /// The same of all networks together.
    PrintedInAll,
}

impl Subject<'_> {
    /// Tries allowed in an hour.
    fn limit(self) -> i64 {
        match self {
            Self::ToldOfRecovery(_) => 2,
            Self::Recoveries(_) => 5,
            Self::Address(_) | Self::Told(_) => 6,
            Self::KnownDevice(_)
            | Self::AddingAddresses(_)
            | Self::AddressAdded(_)
            | Self::RecoveryCode(_)
            | Self::MakingRecoveryCodes(_) => 10,
            Self::Network(_) | Self::Approvals(_) => 60,
            Self::PrintedOfNetwork(_) => limits::PRINTED_MISSES_PER_NETWORK,
            Self::PrintedInAll => limits::PRINTED_MISSES_IN_ALL,
        }
    }

    fn hash(self) -> [u8; 32] {
        let (kind, value): (&[u8], &[u8]) = match self {
            Self::Address(address) => (b"address", address.as_bytes()),
            Self::KnownDevice(token_hash) => (b"device", token_hash),
            Self::Network(network) => (b"network", network),
            Self::AddingAddresses(account) => (b"adding addresses", account),
            Self::AddressAdded(address) => (b"address added", address.as_bytes()),
            Self::Approvals(network) => (b"approvals", network),
            Self::RecoveryCode(handle) => (b"recovery code", handle.as_bytes()),
            Self::MakingRecoveryCodes(account) => (b"making recovery codes", account),
            Self::Told(account) => (b"told", account),
            Self::Recoveries(account) => (b"recoveries", account),
            Self::ToldOfRecovery(account) => (b"told of recovery", account),
            Self::PrintedOfNetwork(network) => (b"printed", network),
            Self::PrintedInAll => (b"printed in all", b""),
        };
        secrets::sha256_of(&[kind, value])
    }
}

/// Counts a try.
///
/// # Errors
/// [`Error::Wait`] where there were too many in this hour; that try is not counted.
pub fn count(conn: &mut dyn Connection, now_us: i64, subject: Subject<'_>) -> Result<()> {
    let hour = now_us.div_euclid(HOUR_US);
    let counted = conn.execute(
        "INSERT INTO try_count (subject, hour, tries) VALUES ($1, $2, 1) \
         ON CONFLICT (subject, hour) DO UPDATE SET tries = try_count.tries + 1 WHERE try_count.tries < $3",
        values![subject.hash().as_slice(), hour, subject.limit()],
    )?;
    if counted == 1 {
        return Ok(());
    }
    Err(wait(now_us))
}

/// How many tries were counted in this hour. Counts nothing.
pub fn counted(conn: &mut dyn Connection, now_us: i64, subject: Subject<'_>) -> Result<i64> {
    let sql = "SELECT tries FROM try_count WHERE subject = $1 AND hour = $2";
    let row = conn.first(sql, values![subject.hash().as_slice(), now_us.div_euclid(HOUR_US)])?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// What whoever tried too often is told: until the hour is over.
pub fn wait(now_us: i64) -> Error {
    let seconds = (HOUR_US - now_us.rem_euclid(HOUR_US)) / 1_000_000 + 1;
    Error::Wait { seconds: u32::try_from(seconds).unwrap_or(3_600) }
}

/// Forgets counts of past hours.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    conn.execute("DELETE FROM try_count WHERE hour < $1", values![now_us.div_euclid(HOUR_US)])?;
    Ok(())
}
