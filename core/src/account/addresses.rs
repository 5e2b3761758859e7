//! Adding an address to an account: a code is mailed there and spent on the phone that asked.

use super::{
    AccountKey,
    records::{AddressRecord, Records},
    sign_in::{CODE_DIGITS, CodeSent, digits},
};
use crate::{error::Error, surroundings::Surroundings, transport::api::Api};
use data_encoding::HEXLOWER;
use enishi_protocol::{
    AttemptId, ErrorCode, Language,
    account::{Address, AddressCode, AddressStart},
    limits,
};
use sha2::{Digest, Sha256};

/// A wish for another address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'w> {
    pub(crate) account: AccountKey,
    pub(crate) address: &'w str,
    /// An address that the new one takes the place of.
    pub(crate) replaces: Option<&'w str>,
    pub(crate) language: Language,
}

/// Asks for a code to a new address.
pub(crate) async fn start(
    records: &Records,
    surroundings: &dyn Surroundings,
    api: &Api,
    token: &str,
    wish: Wish<'_>,
) -> Result<CodeSent, Error> {
    let address = wish.address.trim();
    if !address.contains('@') || address.chars().count() > limits::ADDRESS_CHARS {
        return Err(Error::Rejected { code: ErrorCode::AddressInvalid });
    }
    let attempt = attempt_for(records, surroundings, Wish { address, ..wish })?;
    let secret = HEXLOWER.decode(attempt.secret.as_bytes()).unwrap_or_default();
    let start = AddressStart {
        attempt: attempt.attempt,
        secret_hash: HEXLOWER.encode(&Sha256::digest(&secret)),
        address: address.to_owned(),
        replaces: attempt.replaces,
        language: wish.language,
    };
    let started = api.add_address(token, &start).await?;
    records.change(|state| {
        for held in state.addresses.iter_mut().filter(|held| held.attempt == attempt.attempt) {
            held.under_way = true;
        }
    })?;
    Ok(CodeSent { attempt: attempt.attempt, good_for_seconds: started.good_for_seconds, sender: started.sender })
}

/// The attempt whose start was not answered, or a new one. Kept when this returns.
fn attempt_for(records: &Records, surroundings: &dyn Surroundings, wish: Wish<'_>) -> Result<AddressRecord, Error> {
    let now = surroundings.now_us();
    let fresh_from = now - limits::CODE_SECONDS * 1_000_000;
    let attempt = records.change(|state| {
        state.addresses.retain(|held| (fresh_from..=now).contains(&held.started_us));
        let same = |held: &&AddressRecord| {
            held.account == wish.account
                && held.address == wish.address
                && held.replaces.as_deref() == wish.replaces
                && !held.under_way
        };
        if let Some(held) = state.addresses.iter().find(same) {
            return held.clone();
        }
        let attempt = AddressRecord {
            attempt: AttemptId(surroundings.new_id()),
            secret: HEXLOWER.encode(surroundings.new_secret().as_ref()),
            account: wish.account,
            address: wish.address.to_owned(),
            replaces: wish.replaces.map(str::to_owned),
            started_us: now,
            under_way: false,
        };
        state.addresses.push(attempt.clone());
        attempt
    })?;
    Ok(attempt)
}

/// Spends a code. Where the answer is lost, the same call again gets it.
pub(crate) async fn confirm(
    records: &Records,
    api: &Api,
    (account, token): (AccountKey, &str),
    attempt: AttemptId,
    code: &str,
) -> Result<Vec<Address>, Error> {
    let same = |held: &&AddressRecord| held.attempt == attempt && held.account == account;
    let held = records.look(|state| state.addresses.iter().find(same).cloned());
    let held = held.ok_or(Error::Rejected { code: ErrorCode::CodeExpired })?;
    let code = digits(code);
    // What cannot be a code must not cost one of the few tries.
    if code.len() != CODE_DIGITS {
        return Err(Error::Rejected { code: ErrorCode::CodeWrong });
    }
    let addresses = api.confirm_address(token, attempt, &AddressCode { secret: held.secret, code }).await?;
    records.change(|state| state.addresses.retain(|held| held.attempt != attempt))?;
    Ok(addresses)
}
