//! The printed recovery code: a way in without mail and without another device, used once.
//!
//! It is found by its first eight characters, which only the paper shows, so that tries at it are
//! counted where nobody else can use them up; its other eighty bits are kept as Argon2id.

use super::{
    attempts::Asker,
    calls,
    devices::Naming,
    entering, notices,
    sessions::{self, SignedInAs},
    tries::{self, Subject},
};
use crate::{
    db::{Connection, DbError, Row},
    error::Result,
    mail::Message,
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{
    AccountId, AttemptId, ErrorCode, RequestId,
    account::{NoticeEvent, read_recovery_code, recovery_code_parts},
};

/// A recovery code in its two parts.
#[derive(Clone)]
pub struct Code {
    handle: String,
    /// What is hashed slowly.
    pub secret: String,
}

impl Code {
    /// Reads one as it was typed.
    ///
    /// # Errors
    /// [`ErrorCode::RecoveryCodeWrong`] where it is not whole or mistyped.
    pub fn read(text: &str) -> std::result::Result<Self, ErrorCode> {
        let code = read_recovery_code(text).ok_or(ErrorCode::RecoveryCodeWrong)?;
        let (handle, secret) = recovery_code_parts(&code);
        Ok(Self { handle: handle.to_owned(), secret: secret.to_owned() })
    }

    fn hash(&self) -> Hash {
        secrets::sha256(self.handle.as_bytes())
    }
}

/// Makes a code the account's only one; all other devices and addresses are told. A repeat changes nothing.
///
/// # Errors
/// [`crate::error::Error::Wait`]; [`ErrorCode::AlreadyExists`] for a code that is found like another's.
pub fn set(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    id: RequestId,
    code: &Code,
    (salt, secret_hash): (&[u8; 16], &Hash),
) -> Result<()> {
    let now_us = surroundings.now_us();
    if !calls::is_first(conn, now_us, asking.account, id)? {
        return Ok(());
    }
    tries::count(conn, now_us, Subject::MakingRecoveryCodes(asking.account.0.as_bytes()))?;
    conn.execute("DELETE FROM recovery_code WHERE account = $1", values![asking.account])?;
    let nonce: Hash = secrets::random(surroundings);
    let made = conn.execute(
        "INSERT INTO recovery_code (handle_hash, account, salt, secret_hash, nonce, made_us) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (handle_hash) DO NOTHING",
        values![
            code.hash().as_slice(),
            asking.account,
            salt.as_slice(),
            secret_hash.as_slice(),
            nonce.as_slice(),
            now_us
        ],
    )?;
    if made == 0 {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let told = (&NoticeEvent::RecoveryCodeMade, &Message::RecoveryCodeMade);
    notices::to_all(conn, surroundings, asking.account, told, Some(asking.device))
}

/// Counts a try before its slow hash, and gives the salt: known and unknown codes do the same steps.
///
/// # Errors
/// [`crate::error::Error::Wait`].
pub fn begin(conn: &mut dyn Connection, now_us: i64, asker: &Asker, code: &Code) -> Result<[u8; 16]> {
    let kept = Kept::load(conn, code)?;
    let held_by = match &asker.token_hash {
        Some(token_hash) => sessions::ever_of(conn, token_hash)?,
        None => None,
    };
    match (&asker.token_hash, &kept) {
        (Some(token_hash), Some(kept)) if held_by == Some(kept.account) => {
            tries::count(conn, now_us, Subject::KnownDevice(token_hash))?;
        }
        _ => {
            tries::count(conn, now_us, Subject::RecoveryCode(&code.handle))?;
            let network = asker.network.as_deref();
            network.map_or(Ok(()), |network| tries::count(conn, now_us, Subject::Network(network)))?;
        }
    }
    Ok(kept.and_then(|kept| kept.salt.try_into().ok()).unwrap_or_default())
}

/// A code to be spent.
pub struct Spending {
    /// The attempt, which a repeat names again.
    pub attempt: AttemptId,
    /// The attempt's secret.
    pub secret: Hash,
    /// The code.
    pub code: Code,
    /// Argon2id of its secret part with the salt that [`begin`] gave.
    pub secret_hash: Hash,
    /// The device that signs in.
    pub device: Naming,
}

/// Spends a code: the device is signed in, and everybody else is told. A repeat by the same attempt
/// gets the same token; whose it is.
///
/// # Errors
/// [`ErrorCode::RecoveryCodeWrong`], also for one that was used.
pub fn spend(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    spending: &Spending,
) -> Result<(String, AccountId)> {
    let kept = Kept::load(conn, &spending.code)?.ok_or(ErrorCode::RecoveryCodeWrong)?;
    if !secrets::same(&kept.secret_hash, &spending.secret_hash) {
        return Err(ErrorCode::RecoveryCodeWrong.into());
    }
    let token = entering::token(&spending.secret, spending.attempt, &kept.nonce);
    if let Some(given) = &kept.token_hash {
        let now_us = surroundings.now_us();
        let same = kept.attempt == Some(spending.attempt) && secrets::same(given, &token.hash);
        if !same || sessions::authenticate(conn, now_us, &token.hash).is_err() {
            return Err(ErrorCode::RecoveryCodeWrong.into());
        }
        return Ok((token.text, kept.account));
    }
    let spent = conn.execute(
        "UPDATE recovery_code SET attempt = $1, token_hash = $2, spent_us = $3 \
         WHERE handle_hash = $4 AND spent_us IS NULL",
        values![spending.attempt, token.hash.as_slice(), surroundings.now_us(), spending.code.hash().as_slice()],
    )?;
    if spent == 0 {
        return Err(ErrorCode::TryAgain.into());
    }
    let event = NoticeEvent::RecoveryCodeUsed { device: spending.device.name.clone() };
    let message = Message::RecoveryCodeUsed { device: spending.device.name.clone() };
    notices::to_all(conn, surroundings, kept.account, (&event, &message), Some(spending.device.id))?;
    entering::enter(conn, surroundings, kept.account, &spending.device, &token)?;
    Ok((token.text, kept.account))
}

struct Kept {
    account: AccountId,
    salt: Vec<u8>,
    secret_hash: Vec<u8>,
    nonce: Vec<u8>,
    attempt: Option<AttemptId>,
    token_hash: Option<Vec<u8>>,
}

impl Kept {
    fn load(conn: &mut dyn Connection, code: &Code) -> Result<Option<Self>> {
        let sql =
            "SELECT account, salt, secret_hash, nonce, attempt, token_hash FROM recovery_code WHERE handle_hash = $1";
        Ok(conn.first(sql, values![code.hash().as_slice()])?.map(|row| Self::read(&row)).transpose()?)
    }

    fn read(row: &Row) -> std::result::Result<Self, DbError> {
        Ok(Self {
            account: row.get(0)?,
            salt: row.get(1)?,
            secret_hash: row.get(2)?,
            nonce: row.get(3)?,
            attempt: row.get(4)?,
            token_hash: row.get(5)?,
        })
    }
}
