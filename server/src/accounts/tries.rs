//! Limits against guessing and flooding, counted in the database so that they hold over all processes.

use crate::{
    db::Connection,
    error::{Error, Result},
    secrets, values,
};
use enishi_protocol::limits;

const HOUR_US: i64 = 3_600_000_000;
/// Hours in which tries are counted that a day allows.
const DAY: i64 = 24;

/// Whose tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// Codes asked for an address by devices that nobody knows.
    Address(&'a str),
    /// The same, in a day.
    AddressInADay(&'a str),
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
    /// Tries allowed in an hour, or in a day.
    fn limit(self) -> i64 {
        match self {
            Self::ToldOfRecovery(_) => 2,
            Self::Recoveries(_) => 5,
            Self::Address(_) | Self::Told(_) => 6,
            Self::AddressInADay(_) => limits::CODES_A_DAY,
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
            Self::AddressInADay(address) => (b"address in a day", address.as_bytes()),
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

    /// The hour under which a try is counted now: the present one, or the last of the present day.
    fn hour(self, now_us: i64) -> i64 {
        let hour = now_us.div_euclid(HOUR_US);
        match self {
            Self::AddressInADay(_) => hour.div_euclid(DAY) * DAY + DAY - 1,
            _ => hour,
        }
    }
}

/// Counts a try.
///
/// # Errors
/// [`Error::Wait`] where there were too many in this hour, or day; that try is not counted.
pub fn count(conn: &mut dyn Connection, now_us: i64, subject: Subject<'_>) -> Result<()> {
    let hour = subject.hour(now_us);
    let counted = conn.execute(
        "INSERT INTO try_count (subject, hour, tries) VALUES ($1, $2, 1) \
         ON CONFLICT (subject, hour) DO UPDATE SET tries = try_count.tries + 1 WHERE try_count.tries < $3",
        values![subject.hash().as_slice(), hour, subject.limit()],
    )?;
    if counted == 1 {
        return Ok(());
    }
    Err(wait_for(now_us, hour))
}

/// How many tries were counted in this hour, or day. Counts nothing.
pub fn counted(conn: &mut dyn Connection, now_us: i64, subject: Subject<'_>) -> Result<i64> {
    let sql = "SELECT tries FROM try_count WHERE subject = $1 AND hour = $2";
    let row = conn.first(sql, values![subject.hash().as_slice(), subject.hour(now_us)])?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// What whoever tried too often is told: until the hour is over.
pub fn wait(now_us: i64) -> Error {
    wait_for(now_us, now_us.div_euclid(HOUR_US))
}

fn wait_for(now_us: i64, hour: i64) -> Error {
    let seconds = ((hour + 1) * HOUR_US - now_us) / 1_000_000 + 1;
    Error::Wait { seconds: u32::try_from(seconds).unwrap_or(3_600) }
}

/// Forgets counts of past hours.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    conn.execute("DELETE FROM try_count WHERE hour < $1", values![now_us.div_euclid(HOUR_US)])?;
    Ok(())
}
