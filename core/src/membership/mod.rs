//! The directory and this member's own profile, as a screen shows them.

pub mod commands;
mod directory;
mod preview;
mod recoveries;
#[cfg(test)]
mod tests;

pub(crate) use directory::active;
pub use directory::{MemberView, directory, member, newcomers};
pub use recoveries::{RecoveryView, recoveries};

pub use preview::{Viewer, profile_as};

use crate::{
    error::StoreError,
    feed::Delivery,
    store::{Store, view::View},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, Operation,
    membership::{Community, OwnField, OwnProfile, ProfileField},
};
use std::collections::BTreeMap;

/// This member's own profile, with what waits laid over it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OwnProfileView {
    /// Every field that has a value.
    pub fields: BTreeMap<ProfileField, OwnField>,
    /// Fields whose latest setting has not arrived, or was refused.
    pub deliveries: BTreeMap<ProfileField, Delivery>,
}

/// This member's own profile.
pub fn own_profile(store: &Store, community: CommunityId) -> Result<OwnProfileView, StoreError> {
    store.view(community, |view| {
        let (fields, deliveries) = own_fields(view)?;
        Ok(OwnProfileView { fields, deliveries })
    })
}

type OwnFields = (BTreeMap<ProfileField, OwnField>, BTreeMap<ProfileField, Delivery>);

/// This member's own fields with what waits laid over them, and how far that has come.
pub(crate) fn own_fields(view: &View<'_>) -> Result<OwnFields, StoreError> {
    let held: Option<OwnProfile> = view.entity(view.inbox(), "own_profile", view.member.0)?;
    let mut fields = held.unwrap_or_default().fields;
    let mut deliveries = BTreeMap::new();
    for entry in view.overlay.iter() {
        let Some(Operation::SetProfile(setting)) = &entry.operation else { continue };
        match entry.waiting.state {
            State::Attention(code) => {
                deliveries.insert(setting.field, Delivery::NeedsAttention(code));
                continue;
            }
            State::Waiting => drop(deliveries.insert(setting.field, Delivery::Pending)),
            State::Accepted { .. } => drop(deliveries.remove(&setting.field)),
        }
        match &setting.value {
            Some(value) => {
                let field = OwnField { value: value.clone(), audience: setting.audience };
                fields.insert(setting.field, field);
            }
            None => drop(fields.remove(&setting.field)),
        }
    }
    Ok((fields, deliveries))
}

/// The community as its members see it; none before anything is synced.
pub fn community(store: &Store, community: CommunityId) -> Result<Option<Community>, StoreError> {
    store.view(community, |view| view.entity(view.commons(), "community", community.0))
}
