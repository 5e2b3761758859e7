//! Consents as a screen shows them: each purpose with its words, and what was agreed to when.

#[cfg(test)]
mod tests;

use crate::{
    error::StoreError,
    feed::Delivery,
    store::{Store, Wish, view::View},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, Language, Operation,
    consents::{ConsentGiving, ConsentWithdrawal, Purpose, Receipt},
};
use std::cmp::Reverse;

/// One purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConsentView {
    /// What for.
    pub purpose: Purpose,
    /// What it is about, in a few words.
    pub title: String,
    /// What is allowed by consenting, and what is not.
    pub text: String,
    /// The version of these words.
    pub version: i64,
    /// Whether this member consents to these words, with what waits.
    pub given: bool,
    /// Whether they consented to older words: for these they have to be asked again.
    pub outdated: bool,
    /// How far this member's latest choice has come.
    pub delivery: Delivery,
    /// What they agreed to and took back, the newest first.
    pub receipts: Vec<ReceiptView>,
}

/// A receipt with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReceiptView {
    /// What was agreed to, and when.
    pub receipt: Receipt,
    /// The words of that version in the language they were read in; none where this build lacks them.
    pub text: Option<String>,
}

/// All purposes, with their words in a language.
pub fn consents(store: &Store, community: CommunityId, language: Language) -> Result<Vec<ConsentView>, StoreError> {
    store.view(community, |view| {
        let receipts: Vec<Receipt> =
            view.entities::<Receipt>(view.inbox(), "receipt")?.into_iter().map(|(_, receipt)| receipt).collect();
        let views = Purpose::ALL.iter().filter_map(|purpose| shown(view, *purpose, &receipts, language));
        Ok(views.collect())
    })
}

fn shown(view: &View<'_>, purpose: Purpose, receipts: &[Receipt], language: Language) -> Option<ConsentView> {
    let version = purpose.version();
    let words = purpose.text(version, language)?;
    let mut of_purpose: Vec<_> = receipts.iter().filter(|receipt| receipt.purpose == purpose).collect();
    of_purpose.sort_by_key(|receipt| Reverse(receipt.given_us));
    let in_force = of_purpose.iter().find(|receipt| receipt.withdrawn_us.is_none()).map(|receipt| receipt.version);
    let (mut given, mut outdated) = (in_force == Some(version), in_force.is_some_and(|held| held != version));
    let mut delivery = Delivery::Sent;
    for entry in view.overlay.iter() {
        let wished = match &entry.operation {
            Some(Operation::GiveConsent(giving)) if giving.purpose == purpose => true,
            Some(Operation::WithdrawConsent(withdrawal)) if withdrawal.purpose == purpose => false,
            _ => continue,
        };
        delivery = match entry.waiting.state {
            State::Waiting => Delivery::Pending,
            State::Accepted { .. } => Delivery::Sent,
            State::Attention(code) => Delivery::NeedsAttention(code),
        };
        if !entry.waiting.needs_attention() {
            (given, outdated) = (wished, false);
        }
    }
    let receipts = of_purpose.into_iter().map(|receipt| ReceiptView {
        text: purpose.text(receipt.version, receipt.language).map(|words| words.text.to_owned()),
        receipt: receipt.clone(),
    });
    let (title, text) = (words.title.to_owned(), words.text.to_owned());
    Some(ConsentView { purpose, title, text, version, given, outdated, delivery, receipts: receipts.collect() })
}

/// Consents to the words of the present version, read in a language.
pub fn give(purpose: Purpose, language: Language) -> Wish {
    let version = purpose.version();
    Wish::free(Operation::GiveConsent(ConsentGiving { purpose, version, language }))
}

/// Takes a consent back.
pub fn withdraw(purpose: Purpose) -> Wish {
    Wish::free(Operation::WithdrawConsent(ConsentWithdrawal { purpose }))
}
