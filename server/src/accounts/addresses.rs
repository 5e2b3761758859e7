//! The addresses that an account signs in with: added by a code that is mailed there, never by
//! anybody but the member, and never taken down to none.
//!
//! One that another account has goes through the same steps, and is refused only to whoever has
//! proved that they read its mail.

use super::{
    address, by_address, calls,
    codes::Code,
    employers::Employers,
    lock, notices,
    sessions::SignedInAs,
    tries::{self, Subject},
};
use crate::{
    db::{Connection, DbError, Row},
    error::{Error, Result},
    mail::{Message, queue},
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{
    AccountId, AttemptId, ErrorCode, Language, RequestId,
    account::{Address, AddressStart, NoticeEvent},
    limits,
};

/// The account's addresses, oldest first.
pub fn list(conn: &mut dyn Connection, account: AccountId) -> Result<Vec<Address>> {
    let sql = "SELECT address, added_us FROM address WHERE account = $1 ORDER BY added_us, address";
    let mut addresses = Vec::new();
    for row in conn.query(sql, values![account])? {
        addresses.push(Address { address: row.get(0)?, added_us: row.get(1)? });
    }
    Ok(addresses)
}

/// The account's addresses as they are compared.
pub fn of(conn: &mut dyn Connection, account: AccountId) -> Result<Vec<String>> {
    Ok(list(conn, account)?.into_iter().map(|held| held.address).collect())
}

/// A wish for another address, checked.
#[derive(Clone, Debug)]
pub struct Wish {
    attempt: AttemptId,
    secret_hash: Hash,
    address: String,
    replaces: Option<String>,
    language: Language,
}

impl Wish {
    /// Checks what came from outside.
    ///
    /// # Errors
    /// [`ErrorCode::AddressInvalid`] or [`ErrorCode::Malformed`].
    pub fn read(start: &AddressStart) -> std::result::Result<Self, ErrorCode> {
        let fold = |text: &String| address::fold(text).ok_or(ErrorCode::AddressInvalid);
        Ok(Self {
            attempt: start.attempt,
            secret_hash: secrets::from_hex(&start.secret_hash).ok_or(ErrorCode::Malformed)?,
            address: fold(&start.address)?,
            replaces: start.replaces.as_ref().map(fold).transpose()?,
            language: start.language,
        })
    }
}

/// Keeps the wish and queues the mail with its code. A repeat changes and sends nothing.
///
/// # Errors
/// [`Error::Wait`]; [`ErrorCode::AlreadyExists`] for an address that the account has,
/// [`ErrorCode::NotFound`] where the one to be replaced is not the account's,
/// [`ErrorCode::TooMany`], [`ErrorCode::CodeExpired`] for the id of an attempt that is over.
pub fn start(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    network: Option<&[u8]>,
    wish: &Wish,
    code: &Code,
) -> Result<()> {
    let now_us = surroundings.now_us();
    if let Some(earlier) = Attempt::load(conn, wish.attempt)? {
        let same = secrets::same(&earlier.secret_hash, &wish.secret_hash)
            && (earlier.account, &earlier.address, &earlier.replaces)
                == (asking.account, &wish.address, &wish.replaces);
        return if same && now_us < earlier.expires_us { Ok(()) } else { Err(ErrorCode::CodeExpired.into()) };
    }
    let held = of(conn, asking.account)?;
    if held.contains(&wish.address) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    if wish.replaces.as_ref().is_some_and(|replaced| !held.contains(replaced)) {
        return Err(ErrorCode::NotFound.into());
    }
    if held.len() >= limits::ADDRESSES && wish.replaces.is_none() {
        return Err(ErrorCode::TooMany.into());
    }
    // Counts of their own: what others do to this address keeps nobody from signing in with it.
    tries::count(conn, now_us, Subject::AddingAddresses(asking.account.0.as_bytes()))?;
    tries::count(conn, now_us, Subject::AddressAdded(&wish.address))?;
    network.map_or(Ok(()), |network| tries::count(conn, now_us, Subject::Network(network)))?;
    let expires_us = now_us + limits::CODE_SECONDS * 1_000_000;
    conn.execute(
        "INSERT INTO address_attempt \
         (id, account, secret_hash, address, replaces, code_salt, code_hash, tries, expires_us, outcome) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, NULL)",
        values![
            wish.attempt,
            asking.account,
            wish.secret_hash.as_slice(),
            wish.address.as_str(),
            wish.replaces.clone(),
            code.salt.as_slice(),
            code.hash.as_slice(),
            expires_us
        ],
    )?;
    let message = Message::AddressCode { code: code.digits.clone() };
    queue::push(conn, surroundings.new_id(), now_us, expires_us, &wish.address, wish.language, &message)
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
}

/// Confirms an address. Why not is kept as well, as a wrong code counts; a repeat gets the same.
///
/// # Errors
/// [`ErrorCode::TryAgain`] and failures, after which nothing is kept.
pub fn confirm(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    spending: &Spending,
    employers: &Employers,
) -> Result<std::result::Result<(), ErrorCode>> {
    let Some(attempt) = Attempt::load(conn, spending.attempt)? else { return Ok(Err(ErrorCode::CodeExpired)) };
    let is_theirs =
        secrets::same(&secrets::sha256(&spending.secret), &attempt.secret_hash) && attempt.account == asking.account;
    if !is_theirs || surroundings.now_us() >= attempt.expires_us || attempt.tries >= limits::TRIES {
        return Ok(Err(ErrorCode::CodeExpired));
    }
    if !secrets::same(&spending.code_hash, &attempt.code_hash) {
        conn.execute("UPDATE address_attempt SET tries = tries + 1 WHERE id = $1", values![spending.attempt])?;
        return Ok(Err(ErrorCode::CodeWrong));
    }
    if let Some(outcome) = attempt.outcome {
        return Ok(if outcome == ADDED { Ok(()) } else { Err(ErrorCode::named(&outcome)) });
    }
    let outcome = match add(conn, surroundings, asking, &attempt, employers) {
        Ok(()) => Ok(()),
        Err(Error::Refused(code)) if code != ErrorCode::TryAgain => Err(code),
        Err(error) => return Err(error),
    };
    let text = outcome.err().map_or(ADDED, ErrorCode::as_str);
    conn.execute("UPDATE address_attempt SET outcome = $1 WHERE id = $2", values![text, spending.attempt])?;
    Ok(outcome)
}

const ADDED: &str = "added";

/// Everything is checked before anything is written, as what is refused is kept as refused.
fn add(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    attempt: &Attempt,
    employers: &Employers,
) -> Result<()> {
    lock(conn, asking.account)?;
    let address = attempt.address.as_str();
    if by_address(conn, address)?.is_some_and(|holder| holder != asking.account) {
        return Err(ErrorCode::AddressTaken.into());
    }
    let before = of(conn, asking.account)?;
    let replaced = attempt.replaces.as_ref().filter(|replaced| before.contains(replaced));
    if before.len() >= limits::ADDRESSES && replaced.is_none() {
        return Err(ErrorCode::TooMany.into());
    }
    if let Some(replaced) = replaced {
        let kept = before.iter().filter(|held| *held != replaced).cloned();
        let left: Vec<_> = kept.chain([address.to_owned()]).collect();
        employers.check(conn, asking.account, &left)?;
    }
    let event = NoticeEvent::AddressAdded { address: address.to_owned() };
    let message = Message::AddressAdded { address: address.to_owned() };
    notices::to_all(conn, surroundings, asking.account, (&event, &message), Some(asking.device))?;
    let added = conn.execute(
        "INSERT INTO address (address, account, added_us) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING",
        values![address, asking.account, surroundings.now_us()],
    )?;
    if added == 0 && by_address(conn, address)? != Some(asking.account) {
        // Somebody else was a moment earlier: what was written here is undone, and asked again.
        return Err(ErrorCode::TryAgain.into());
    }
    replaced.map_or(Ok(()), |replaced| drop_address(conn, surroundings, asking, replaced))
}

/// Removes an address; all of them are told, the removed one too. A repeat changes nothing.
///
/// # Errors
/// [`ErrorCode::AddressInvalid`], [`ErrorCode::NotFound`], [`ErrorCode::LastAddress`],
/// [`ErrorCode::OwnAddressNeeded`], [`ErrorCode::TryAgain`].
pub fn remove(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    (id, text): (RequestId, &str),
    employers: &Employers,
) -> Result<()> {
    let address = address::fold(text).ok_or(ErrorCode::AddressInvalid)?;
    lock(conn, asking.account)?;
    if !calls::is_first(conn, surroundings.now_us(), asking.account, id)? {
        return Ok(());
    }
    let before = of(conn, asking.account)?;
    if !before.contains(&address) {
        return Err(ErrorCode::NotFound.into());
    }
    let left: Vec<_> = before.into_iter().filter(|held| *held != address).collect();
    if left.is_empty() {
        return Err(ErrorCode::LastAddress.into());
    }
    employers.check(conn, asking.account, &left)?;
    drop_address(conn, surroundings, asking, &address)
}

fn drop_address(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    address: &str,
) -> Result<()> {
    let event = NoticeEvent::AddressRemoved { address: address.to_owned() };
    let message = Message::AddressRemoved { address: address.to_owned() };
    notices::to_all(conn, surroundings, asking.account, (&event, &message), Some(asking.device))?;
    conn.execute("DELETE FROM address WHERE address = $1 AND account = $2", values![address, asking.account])?;
    Ok(())
}

/// Forgets attempts that have been over for a day.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    conn.execute("DELETE FROM address_attempt WHERE expires_us < $1", values![now_us - 24 * 3_600_000_000])?;
    Ok(())
}

struct Attempt {
    account: AccountId,
    secret_hash: Vec<u8>,
    address: String,
    replaces: Option<String>,
    code_salt: Vec<u8>,
    code_hash: Vec<u8>,
    tries: i64,
    expires_us: i64,
    outcome: Option<String>,
}

impl Attempt {
    fn load(conn: &mut dyn Connection, id: AttemptId) -> Result<Option<Self>> {
        let sql = "SELECT account, secret_hash, address, replaces, code_salt, code_hash, tries, expires_us, outcome \
                   FROM address_attempt WHERE id = $1";
        Ok(conn.first(sql, values![id])?.map(|row| Self::read(&row)).transpose()?)
    }

    fn read(row: &Row) -> std::result::Result<Self, DbError> {
        Ok(Self {
            account: row.get(0)?,
            secret_hash: row.get(1)?,
            address: row.get(2)?,
            replaces: row.get(3)?,
            code_salt: row.get(4)?,
            code_hash: row.get(5)?,
            tries: row.get(6)?,
            expires_us: row.get(7)?,
            outcome: row.get(8)?,
        })
    }
}
