//! Wishes to join that members may vouch for.

use crate::{
    error::StoreError,
    store::{Store, Wish},
};
use enishi_protocol::{
    CommunityId, Operation, RequestId,
    invitations::{JoinVouch, JoinVouching},
};
use std::collections::BTreeSet;

/// Somebody who wishes to join.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct VouchingView {
    /// Which request.
    pub id: RequestId,
    /// What they say, and how many vouch.
    pub vouching: JoinVouching,
    /// Whether this member's own word waits to be sent.
    pub pending: bool,
}

/// Those who wish to join and whom members may vouch for, the one who has waited longest first.
pub fn waiting(store: &Store, community: CommunityId) -> Result<Vec<VouchingView>, StoreError> {
    store.view(community, |view| {
        let said: BTreeSet<RequestId> = view
            .shown_operations()
            .filter_map(|(_, operation)| match operation {
                Operation::VouchJoin(vouch) => Some(vouch.request),
                _ => None,
            })
            .collect();
        let held = view.entities::<JoinVouching>(view.commons(), "join_vouching")?;
        let shown = |(id, vouching): (uuid::Uuid, JoinVouching)| {
            let id = RequestId(id);
            VouchingView { id, vouching, pending: said.contains(&id) }
        };
        let mut waiting: Vec<_> = held.into_iter().map(shown).collect();
        waiting.sort_by_key(|view| (view.vouching.at_us, view.id));
        Ok(waiting)
    })
}

/// Vouches for somebody.
pub fn vouch(request: RequestId) -> Wish {
    Wish::free(Operation::VouchJoin(JoinVouch { request }))
}
