//! Consents: given and taken back by the member, kept with what the words said, and enforced by one
//! piece of SQL in every query that needs one.

mod export;
#[cfg(test)]
mod tests;

pub use export::{Exported, members};

use crate::{
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, ErrorCode, MutationId, Stream,
    consents::{ConsentGiving, ConsentWithdrawal, Purpose, Receipt},
    error::Language,
};
use uuid::Uuid;

/// A condition that holds where the member of the table or alias `of` consents to a purpose now, to
/// the words of its present version, and takes part. The only way to ask.
pub(crate) fn in_force(of: &str, purpose: Purpose) -> String {
    format!(
        "({of}.standing = 'active' AND EXISTS (SELECT 1 FROM consent WHERE consent.community = {of}.community
          AND consent.member = {of}.id AND consent.purpose = '{}' AND consent.version = {}
          AND consent.withdrawn_us IS NULL))",
        purpose.as_str(),
        purpose.version(),
    )
}

/// Consents. To the same words once more changes nothing; to newer words takes the place of the older.
///
/// # Errors
/// [`ErrorCode::ConsentOutdated`] where the member read other words than those asked for now.
pub fn give(writing: &mut Writing<'_>, actor: &Actor, by: MutationId, giving: &ConsentGiving) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::GiveConsent, Relation::NONE)?;
    if giving.version != giving.purpose.version() {
        return Err(ErrorCode::ConsentOutdated.into());
    }
    if let Some((id, receipt)) = present(writing, actor, giving.purpose)? {
        if receipt.version == giving.version {
            return Ok(());
        }
        end(writing, &permit, actor, id, &receipt)?;
    }
    let ConsentGiving { purpose, version, language } = *giving;
    writing.conn.execute(
        "INSERT INTO consent (community, member, id, purpose, version, language, given_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![writing.community, actor.id, by, purpose.as_str(), version, language_name(language), writing.now_us],
    )?;
    let receipt = Receipt { purpose, version, language, given_us: writing.now_us, withdrawn_us: None };
    put(writing, &permit, actor, by.0, receipt)
}

/// Takes a consent back; where there is none, nothing changes.
///
/// # Errors
/// Why not, as the member is told.
pub fn withdraw(writing: &mut Writing<'_>, actor: &Actor, withdrawal: &ConsentWithdrawal) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::WithdrawConsent, Relation::NONE)?;
    match present(writing, actor, withdrawal.purpose)? {
        Some((id, receipt)) => end(writing, &permit, actor, id, &receipt),
        None => Ok(()),
    }
}

fn present(writing: &mut Writing<'_>, actor: &Actor, purpose: Purpose) -> Result<Option<(Uuid, Receipt)>, Failure> {
    let row = writing.conn.first(
        "SELECT id, version, language, given_us FROM consent
         WHERE community = $1 AND member = $2 AND purpose = $3 AND withdrawn_us IS NULL",
        values![writing.community, actor.id, purpose.as_str()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let language = if row.get::<String>(2)? == "en" { Language::En } else { Language::Ja };
    let receipt = Receipt { purpose, version: row.get(1)?, language, given_us: row.get(3)?, withdrawn_us: None };
    Ok(Some((row.get(0)?, receipt)))
}

fn end(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, id: Uuid, receipt: &Receipt) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE consent SET withdrawn_us = $4 WHERE community = $1 AND member = $2 AND id = $3",
        values![writing.community, actor.id, id, writing.now_us],
    )?;
    let withdrawn_us = Some(writing.now_us);
    put(writing, permit, actor, id, Receipt { withdrawn_us, ..receipt.clone() })
}

fn put(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, id: Uuid, receipt: Receipt) -> Result<(), Failure> {
    writing.put(permit, Stream::Member(actor.id), id, None, &Entity::Receipt(receipt))?;
    Ok(())
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}
