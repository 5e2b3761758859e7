//! Values that the core has as pairs, or with more in them than a screen needs.

use enishi_core::{account::AccountKey, attention::Attention, client::Joining, feed::SearchHits, store::Salvage};
use enishi_protocol::{ErrorCode, MemberId, MutationId};

/// Something that this member did and that was refused: it waits for their choice.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Refused {
    /// Which mutation.
    pub id: MutationId,
    /// Why. It has words for a person.
    pub reason: ErrorCode,
    /// What kind of thing it was, by the operation's name on the wire.
    pub kind: String,
    /// What the member wrote, where it was a text.
    pub yours: Option<String>,
    /// On a conflict, the text as it is now.
    pub theirs: Option<String>,
}

impl From<Attention> for Refused {
    fn from(Attention { id, reason, kind, yours, theirs, .. }: Attention) -> Self {
        Self { id, reason, kind, yours, theirs }
    }
}

/// An account whose store could not be opened and was set aside. The member is to be told.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Salvaged {
    /// Which account.
    pub account: AccountKey,
    /// What was saved of it.
    pub salvage: Salvage,
}

/// An acceptance that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UnfinishedJoining {
    /// The invitation's code.
    pub code: String,
    /// What was said.
    pub joining: Joining,
}

/// Who brought whom, where both agreed that the company is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Brought {
    /// Who came.
    pub member: MemberId,
    /// Who invited them.
    pub inviter: MemberId,
}

/// The hits of a search with the older ones that were found from where they ended.
#[uniffi::export]
fn hits_with_older(hits: SearchHits, older: SearchHits) -> SearchHits {
    hits.with_older(older)
}
