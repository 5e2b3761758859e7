//! Wishes to have a membership back, as the desk sees them.

use crate::{error::StoreError, store::Store};
use enishi_protocol::{CommunityId, Operation, RecoveryId, Stream, account::Recovery};
use std::collections::BTreeSet;

/// Somebody's wish to have a membership back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RecoveryView {
    /// Which one.
    pub id: RecoveryId,
    /// Who says that they are whom, and how far it has come.
    pub recovery: Recovery,
    /// Whether this member has said something about it that has not arrived yet.
    pub pending: bool,
}

/// Wishes on the community's desk, oldest first.
pub fn recoveries(store: &Store, community: CommunityId) -> Result<Vec<RecoveryView>, StoreError> {
    store.view(community, |view| {
        let said: BTreeSet<RecoveryId> = view
            .shown_operations()
            .filter_map(|(_, operation)| match operation {
                Operation::SupportRecovery(support) => Some(support.recovery),
                Operation::DeclineRecovery(declining) => Some(declining.recovery),
                _ => None,
            })
            .collect();
        let desk = view.copy(Stream::community_desk(community));
        let held = view.entities::<Recovery>(desk, "recovery")?;
        let shown = |(id, recovery): (uuid::Uuid, Recovery)| {
            let id = RecoveryId(id);
            RecoveryView { id, recovery, pending: said.contains(&id) }
        };
        let mut recoveries: Vec<_> = held.into_iter().map(shown).collect();
        recoveries.sort_by_key(|view| (view.recovery.at_us, view.id));
        Ok(recoveries)
    })
}
