//! Accounts: one person on one server. Addresses, the ways in (a mailed code, approval by a device,
//! a printed code), devices, sessions, notices, the end of an account.
//!
//! Known and unknown addresses are treated alike at every step, so that nobody learns from here
//! who is a member. Only hashes of codes, tokens and secrets are stored.

pub mod address;
pub mod addresses;
pub mod approvals;
pub mod attempts;
mod calls;
pub mod codes;
pub mod deletion;
pub mod devices;
pub mod employers;
mod entering;
pub mod memberships;
pub mod notices;
pub mod recovery_codes;
pub mod sessions;
pub mod tries;
pub mod ways;

pub use calls::{forget as forget_calls, is_first as is_first_call};

use crate::{
    db::Connection,
    error::Result,
    mail::{Message, queue},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{AccountId, ErrorCode, Language};

/// The account of a (folded) address.
pub fn by_address(conn: &mut dyn Connection, address: &str) -> Result<Option<AccountId>> {
    let row = conn.first("SELECT account FROM address WHERE address = $1", values![address])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The account of a (folded) address, made where there is none.
pub fn by_address_or_new(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    address: &str,
    language: Language,
) -> Result<AccountId> {
    if let Some(account) = by_address(conn, address)? {
        return Ok(account);
    }
    let account = without_address(conn, surroundings, language)?;
    let now_us = surroundings.now_us();
    conn.execute(
        "INSERT INTO address (address, account, added_us) VALUES ($1, $2, $3)",
        values![address, account, now_us],
    )?;
    Ok(account)
}

/// A new account that nobody can sign in to yet.
pub fn without_address(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    language: Language,
) -> Result<AccountId> {
    let account = AccountId(surroundings.new_id());
    conn.execute(
        "INSERT INTO account (id, language, created_us) VALUES ($1, $2, $3)",
        values![account, queue::language_name(language), surroundings.now_us()],
    )?;
    Ok(account)
}

/// Queues a mail to every address of an account, in the account's language.
pub fn tell(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    message: &Message,
) -> Result<()> {
    let sql = "SELECT address.address, account.language FROM address JOIN account ON account.id = address.account \
               WHERE address.account = $1";
    let now_us = surroundings.now_us();
    for row in conn.query(sql, values![account])? {
        let (address, language): (String, String) = (row.get(0)?, row.get(1)?);
        let language = queue::language_named(&language);
        queue::push(conn, surroundings.new_id(), now_us, now_us + queue::KEPT_US, &address, language, message)?;
    }
    Ok(())
}

/// Holds an account until the transaction ends, so that of two that change its addresses each sees
/// what the other did.
///
/// # Errors
/// [`ErrorCode::SignedOut`] for one that is not there any more.
pub fn lock(conn: &mut dyn Connection, account: AccountId) -> Result<()> {
    match conn.execute("UPDATE account SET language = language WHERE id = $1", values![account])? {
        0 => Err(ErrorCode::SignedOut.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
