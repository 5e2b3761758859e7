//! One's own profile as others see it: exactly what each audience gets, with what waits.

use super::own_fields;
use crate::{
    error::StoreError,
    store::{Store, view::View},
};
use enishi_protocol::{
    CommunityId, GroupId, Operation, Stream,
    membership::{Audience, ProfileField},
};
use std::collections::BTreeMap;

/// Who looks at a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Viewer {
    /// Any member of the community.
    Everyone,
    /// A member of this group.
    Group(GroupId),
    /// Those who run the community, in the list that they may export.
    Hr,
}

/// This member's profile as somebody else sees it once everything has arrived.
pub fn profile_as(
    store: &Store,
    community: CommunityId,
    viewer: Viewer,
) -> Result<BTreeMap<ProfileField, String>, StoreError> {
    store.view(community, |view| {
        let seen: &[Audience] = match viewer {
            Viewer::Group(group) if is_in(view, group) => &[Audience::Everyone, Audience::Groups],
            Viewer::Everyone | Viewer::Group(_) => &[Audience::Everyone],
            Viewer::Hr => &[Audience::Everyone, Audience::Hr],
        };
        let (fields, _) = own_fields(view)?;
        let seen = fields.into_iter().filter(|(_, field)| seen.contains(&field.audience));
        Ok(seen.map(|(name, field)| (name, field.value)).collect())
    })
}

/// Whether this member is in a group, with leaving and creating that wait.
fn is_in(view: &View<'_>, group: GroupId) -> bool {
    let held = view.copies.contains_key(&Stream::Group(group));
    view.shown_operations().fold(held, |is_in, (waiting, operation)| match operation {
        Operation::CreateGroup(_) if waiting.id.0 == group.0 => true,
        Operation::LeaveGroup(leaving) if leaving.group == group => false,
        _ => is_in,
    })
}
