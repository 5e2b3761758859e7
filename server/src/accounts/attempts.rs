//! One attempt to sign in: a code is asked for, mailed, and spent by the device that asked.
//!
//! The attempt is bound to that device by a secret of which only the hash is kept, so a code alone
//! is of no use to who reads the mail, and nobody else can use up its tries. Repeats get the same
//! answer: the session's token is derived from the secret, not stored.

use super::{
    address, by_address, by_address_or_new,
    codes::Code,
    devices,
    entering::{self, Token},
    sessions::{self, SignedInAs},
    tries::{self, Subject},
};
use crate::{
    db::{Connection, Row},
    error::{Error, Result},
    mail::{Message, queue},
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{AccountId, AttemptId, ErrorCode, Language, limits, session::SignInStart};

/// A wish for a code, checked.
#[derive(Clone, Debug)]
pub struct Wish {
    attempt: AttemptId,
    secret_hash: Hash,
    address: String,
    language: Language,
}

impl Wish {
    /// Checks what came from outside.
    ///
    /// # Errors
    /// [`ErrorCode::AddressInvalid`] or [`ErrorCode::Malformed`].
    pub fn read(start: &SignInStart) -> std::result::Result<Self, ErrorCode> {
        Ok(Self {
            attempt: start.attempt,
            secret_hash: secrets::from_hex(&start.secret_hash).ok_or(ErrorCode::Malformed)?,
            address: address::fold(&start.address).ok_or(ErrorCode::AddressInvalid)?,
            language: start.language,
        })
    }
}

/// From where a code is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The network, where it is counted.
    pub network: Option<Vec<u8>>,
    /// Hash of the token of a session that the device holds or held.
    pub token_hash: Option<Hash>,
}

/// Keeps the attempt and queues the mail with its code. A repeat changes and sends nothing.
///
/// # Errors
/// [`crate::error::Error::Wait`] where too many were asked for; [`ErrorCode::CodeExpired`] for the
/// id of an attempt that is over or another's.
pub fn start(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    wish: &Wish,
    asker: &Asker,
    code: &Code,
) -> Result<()> {
    let now_us = surroundings.now_us();
    if let Some(earlier) = Attempt::load(conn, wish.attempt)? {
        let same = secrets::same(&earlier.secret_hash, &wish.secret_hash) && earlier.address == wish.address;
        return if same && now_us < earlier.expires_us { Ok(()) } else { Err(ErrorCode::CodeExpired.into()) };
    }
    count(conn, now_us, wish, asker)?;
    let expires_us = now_us + limits::CODE_SECONDS * 1_000_000;
    let nonce: Hash = secrets::random(surroundings);
    conn.execute(
        "INSERT INTO sign_in_attempt \
         (id, secret_hash, address, language, code_salt, code_hash, nonce, tries, expires_us, token_hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, NULL)",
        values![
            wish.attempt,
            wish.secret_hash.as_slice(),
            wish.address.as_str(),
            queue::language_name(wish.language),
            code.salt.as_slice(),
            code.hash.as_slice(),
            nonce.as_slice(),
            expires_us
        ],
    )?;
    let message = Message::Code { code: code.digits.clone() };
    queue::push(conn, surroundings.new_id(), now_us, expires_us, &wish.address, wish.language, &message)
}

/// A device that was signed in to this address before has a count of its own, which nobody else can use up.
fn count(conn: &mut dyn Connection, now_us: i64, wish: &Wish, asker: &Asker) -> Result<()> {
    let account = by_address(conn, &wish.address)?;
    if let Some(token_hash) = &asker.token_hash {
        let held_by = sessions::ever_of(conn, token_hash)?;
        if held_by.is_some() && held_by == account {
            return tries::count(conn, now_us, Subject::KnownDevice(token_hash));
        }
    }
    tries::count(conn, now_us, Subject::Address(&wish.address))?;
    tries::count(conn, now_us, Subject::AddressInADay(&wish.address))?;
    asker.network.as_deref().map_or(Ok(()), |network| tries::count(conn, now_us, Subject::Network(network)))
}

/// The salt of an attempt's code, or another one: known and unknown attempts do the same steps.
pub fn salt(conn: &mut dyn Connection, attempt: AttemptId) -> Result<[u8; 16]> {
    let attempt = Attempt::load(conn, attempt)?;
    Ok(attempt.and_then(|attempt| attempt.code_salt.try_into().ok()).unwrap_or_default())
}

/// A code to be spent.
pub struct Spending {
    /// The attempt that it was asked for in.
    pub attempt: AttemptId,
    /// The attempt's secret.
    pub secret: Hash,
    /// Argon2id of the digits with the attempt's salt.
    pub code_hash: Hash,
    /// The device that signs in.
    pub device: devices::Naming,
}

/// What became of a code. All of these are kept: a wrong code counts.
#[derive(Debug, PartialEq, Eq)]
pub enum Spent {
    /// The session's token, in hexadecimal, and whose it is.
    SignedIn {
        /// 256 bits in hexadecimal.
        token: String,
        /// Whose it is.
        account: AccountId,
    },
    /// Not the code.
    Wrong,
    /// The attempt is over, or there is none.
    Over,
}

/// Spends a code. A repeat by the same device gets the same token.
pub fn spend(conn: &mut dyn Connection, surroundings: &dyn Surroundings, spending: &Spending) -> Result<Spent> {
    let now_us = surroundings.now_us();
    let Some(attempt) = Attempt::load(conn, spending.attempt)? else { return Ok(Spent::Over) };
    let secret_hash = secrets::sha256(&spending.secret);
    if !secrets::same(&secret_hash, &attempt.secret_hash)
        || now_us >= attempt.expires_us
        || attempt.tries >= limits::TRIES
    {
        return Ok(Spent::Over);
    }
    if !secrets::same(&spending.code_hash, &attempt.code_hash) {
        conn.execute("UPDATE sign_in_attempt SET tries = tries + 1 WHERE id = $1", values![spending.attempt])?;
        return Ok(Spent::Wrong);
    }
    let token = entering::token(&spending.secret, spending.attempt, &attempt.nonce);
    let account = if attempt.token_hash.is_some() {
        match sessions::authenticate(conn, now_us, &token.hash) {
            Ok(session) => session.account,
            Err(_) => return Ok(Spent::Over),
        }
    } else {
        begin_session(conn, surroundings, spending, &attempt, &token)?
    };
    Ok(Spent::SignedIn { token: token.text, account })
}

fn begin_session(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    spending: &Spending,
    attempt: &Attempt,
    token: &Token,
) -> Result<AccountId> {
    let language = queue::language_named(&attempt.language);
    let account = by_address_or_new(conn, surroundings, &attempt.address, language)?;
    entering::enter(conn, surroundings, account, &spending.device, token)?;
    conn.execute(
        "UPDATE sign_in_attempt SET token_hash = $1 WHERE id = $2",
        values![token.hash.as_slice(), spending.attempt],
    )?;
    Ok(account)
}

/// How far an attempt has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A code was sent to this address.
    Sent {
        /// The address, folded.
        address: String,
    },
    /// Its code was spent.
    Spent {
        /// Whose address it is.
        account: AccountId,
        /// The session that it began, while that lasts.
        session: Option<SignedInAs>,
    },
    /// It is over, or there is none, or it is another's.
    Over,
}

/// How far an attempt has come, for whoever proves its secret. Changes nothing.
pub fn progress(conn: &mut dyn Connection, now_us: i64, attempt: AttemptId, secret: &Hash) -> Result<Progress> {
    let Some(attempt) = Attempt::load(conn, attempt)? else { return Ok(Progress::Over) };
    if !secrets::same(&secrets::sha256(secret), &attempt.secret_hash) {
        return Ok(Progress::Over);
    }
    let Some(token_hash) = attempt.token_hash else {
        let good = now_us < attempt.expires_us && attempt.tries < limits::TRIES;
        return Ok(if good { Progress::Sent { address: attempt.address } } else { Progress::Over });
    };
    let token_hash: Hash = token_hash.try_into().unwrap_or_default();
    let Some(account) = sessions::ever_of(conn, &token_hash)? else { return Ok(Progress::Over) };
    let session = match sessions::authenticate(conn, now_us, &token_hash) {
        Ok(session) => Some(session),
        Err(Error::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(Progress::Spent { account, session })
}

/// Forgets attempts that have been over for a day.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    conn.execute("DELETE FROM sign_in_attempt WHERE expires_us < $1", values![now_us - 24 * 3_600_000_000])?;
    Ok(())
}

struct Attempt {
    secret_hash: Vec<u8>,
    address: String,
    language: String,
    code_salt: Vec<u8>,
    code_hash: Vec<u8>,
    nonce: Vec<u8>,
    tries: i64,
    expires_us: i64,
    token_hash: Option<Vec<u8>>,
}

impl Attempt {
    fn load(conn: &mut dyn Connection, id: AttemptId) -> Result<Option<Self>> {
        let sql = "SELECT secret_hash, address, language, code_salt, code_hash, nonce, tries, expires_us, token_hash \
                   FROM sign_in_attempt WHERE id = $1";
        conn.first(sql, values![id])?.map(|row| Self::read(&row)).transpose()
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            secret_hash: row.get(0)?,
            address: row.get(1)?,
            language: row.get(2)?,
            code_salt: row.get(3)?,
            code_hash: row.get(4)?,
            nonce: row.get(5)?,
            tries: row.get(6)?,
            expires_us: row.get(7)?,
            token_hash: row.get(8)?,
        })
    }
}
