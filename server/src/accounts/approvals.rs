//! A new device that one which is signed in lets in: it shows the attempt's id as a QR code, is
//! approved, and proves itself by the attempt's secret, which it never shows.

use super::{
    devices::Naming,
    entering,
    sessions::{self, SignedInAs},
    tries::{self, Subject},
};
use crate::{
    db::{Connection, DbError, Row},
    error::Result,
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{AccountId, AttemptId, ErrorCode, account::ApprovalStart, account::ApprovalView, limits};

/// A device's wish to be approved, checked.
#[derive(Clone, Debug)]
pub struct Wish {
    attempt: AttemptId,
    secret_hash: Hash,
    device: Naming,
}

impl Wish {
    /// Checks what came from outside.
    ///
    /// # Errors
    /// [`ErrorCode::Malformed`].
    pub fn read(start: &ApprovalStart) -> std::result::Result<Self, ErrorCode> {
        Ok(Self {
            attempt: start.attempt,
            secret_hash: secrets::from_hex(&start.secret_hash).ok_or(ErrorCode::Malformed)?,
            device: Naming::read(start.device, &start.device_name)?,
        })
    }
}

/// Keeps the wish. A repeat changes nothing.
///
/// # Errors
/// [`crate::error::Error::Wait`]; [`ErrorCode::CodeExpired`] for the id of an attempt that is over or another's.
pub fn start(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    network: Option<&[u8]>,
    wish: &Wish,
) -> Result<()> {
    let now_us = surroundings.now_us();
    if let Some(earlier) = Approval::load(conn, wish.attempt)? {
        let same = secrets::same(&earlier.secret_hash, &wish.secret_hash);
        return if same && now_us < earlier.expires_us { Ok(()) } else { Err(ErrorCode::CodeExpired.into()) };
    }
    network.map_or(Ok(()), |network| tries::count(conn, now_us, Subject::Approvals(network)))?;
    let nonce: Hash = secrets::random(surroundings);
    conn.execute(
        "INSERT INTO approval (id, secret_hash, device, device_name, network, nonce, asked_us, expires_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            wish.attempt,
            wish.secret_hash.as_slice(),
            wish.device.id,
            wish.device.name.as_str(),
            network.map(|network| network_hash(wish.attempt, network).to_vec()),
            nonce.as_slice(),
            now_us,
            now_us + limits::APPROVAL_SECONDS * 1_000_000
        ],
    )?;
    Ok(())
}

fn network_hash(attempt: AttemptId, network: &[u8]) -> Hash {
    secrets::sha256_of(&[attempt.0.as_bytes(), network])
}

/// The device that asks, for one that may approve it.
///
/// # Errors
/// [`ErrorCode::CodeExpired`] for one that asks no longer, or for another account.
pub fn show(
    conn: &mut dyn Connection,
    now_us: i64,
    asking: &SignedInAs,
    network: Option<&[u8]>,
    attempt: AttemptId,
) -> Result<ApprovalView> {
    let approval = open(conn, now_us, asking, attempt)?;
    let same_network = match (&approval.network, network) {
        (Some(theirs), Some(own)) => Some(secrets::same(theirs, &network_hash(attempt, own))),
        _ => None,
    };
    Ok(ApprovalView { device_name: approval.device.name, asked_us: approval.asked_us, same_network })
}

/// Lets the device into the account of the one that approves. A repeat changes nothing.
///
/// # Errors
/// As [`show`].
pub fn approve(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs, attempt: AttemptId) -> Result<()> {
    open(conn, now_us, asking, attempt)?;
    let sql = "UPDATE approval SET account = $1 WHERE id = $2 AND (account IS NULL OR account = $1)";
    match conn.execute(sql, values![asking.account, attempt])? {
        0 => Err(ErrorCode::CodeExpired.into()),
        _ => Ok(()),
    }
}

fn open(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs, attempt: AttemptId) -> Result<Approval> {
    let approval = Approval::load(conn, attempt)?.ok_or(ErrorCode::CodeExpired)?;
    let others = approval.account.is_some_and(|account| account != asking.account);
    if others || now_us >= approval.expires_us { Err(ErrorCode::CodeExpired.into()) } else { Ok(approval) }
}

/// What became of a device's wish.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nobody has approved it yet.
    Waiting,
    /// The session's token, in hexadecimal, and whose it is.
    SignedIn {
        /// 256 bits in hexadecimal.
        token: String,
        /// Whose it is.
        account: AccountId,
    },
}

/// Signs the device in where it was approved; a repeat gets the same token.
///
/// # Errors
/// [`ErrorCode::CodeExpired`] for an attempt that is over, or without its secret.
pub fn spend(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    attempt: AttemptId,
    secret: &Hash,
) -> Result<Answer> {
    let now_us = surroundings.now_us();
    let approval = Approval::load(conn, attempt)?.ok_or(ErrorCode::CodeExpired)?;
    if !secrets::same(&secrets::sha256(secret), &approval.secret_hash) || now_us >= approval.expires_us {
        return Err(ErrorCode::CodeExpired.into());
    }
    let Some(account) = approval.account else { return Ok(Answer::Waiting) };
    let token = entering::token(secret, attempt, &approval.nonce);
    if approval.token_hash.is_some() {
        sessions::authenticate(conn, now_us, &token.hash).map_err(|_| ErrorCode::CodeExpired)?;
    } else {
        entering::enter(conn, surroundings, account, &approval.device, &token)?;
        conn.execute("UPDATE approval SET token_hash = $1 WHERE id = $2", values![token.hash.as_slice(), attempt])?;
    }
    Ok(Answer::SignedIn { token: token.text, account })
}

/// Forgets wishes that are over.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    conn.execute("DELETE FROM approval WHERE expires_us < $1", values![now_us - 24 * 3_600_000_000])?;
    Ok(())
}

struct Approval {
    secret_hash: Vec<u8>,
    device: Naming,
    network: Option<Vec<u8>>,
    nonce: Vec<u8>,
    asked_us: i64,
    expires_us: i64,
    account: Option<AccountId>,
    token_hash: Option<Vec<u8>>,
}

impl Approval {
    fn load(conn: &mut dyn Connection, id: AttemptId) -> Result<Option<Self>> {
        let sql = "SELECT secret_hash, device, device_name, network, nonce, asked_us, expires_us, account, token_hash \
                   FROM approval WHERE id = $1";
        Ok(conn.first(sql, values![id])?.map(|row| Self::read(&row)).transpose()?)
    }

    fn read(row: &Row) -> std::result::Result<Self, DbError> {
        Ok(Self {
            secret_hash: row.get(0)?,
            device: Naming { id: row.get(1)?, name: row.get(2)? },
            network: row.get(3)?,
            nonce: row.get(4)?,
            asked_us: row.get(5)?,
            expires_us: row.get(6)?,
            account: row.get(7)?,
            token_hash: row.get(8)?,
        })
    }
}
