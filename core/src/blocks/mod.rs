//! Blocks and mutes that this member has set, and setting them.
//!
//! Both show at once and offline. What others have set is no business of this module.

#[cfg(test)]
mod tests;

use crate::{
    error::StoreError,
    feed::{Delivery, stub},
    store::{Store, Wish, view::View},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, ErrorCode, MemberId, Operation,
    blocks::{Blocking, Muting},
    membership::Role,
};
use std::collections::BTreeSet;

/// Somebody whom this member has blocked or muted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UnseenMember {
    /// Who.
    pub id: MemberId,
    /// Their name; none where it is not known yet.
    pub name: Option<String>,
    /// How far this member's wish has come.
    pub delivery: Delivery,
}

/// Those whom this member has blocked, by name.
pub fn blocked(store: &Store, community: CommunityId) -> Result<Vec<UnseenMember>, StoreError> {
    store.view(community, |view| {
        listed(view, &view.unseen.blocked, |operation| match operation {
            Operation::Block(blocking) => Some(blocking.member),
            _ => None,
        })
    })
}

/// Those whom this member has muted, by name.
pub fn muted(store: &Store, community: CommunityId) -> Result<Vec<UnseenMember>, StoreError> {
    store.view(community, |view| {
        listed(view, &view.unseen.muted, |operation| match operation {
            Operation::Mute(muting) => Some(muting.member),
            _ => None,
        })
    })
}

fn listed(
    view: &View<'_>,
    members: &BTreeSet<MemberId>,
    about: impl Fn(&Operation) -> Option<MemberId>,
) -> Result<Vec<UnseenMember>, StoreError> {
    let mut listed = Vec::new();
    for id in members {
        let name = stub::member(view, *id)?.map(|member| member.name.full());
        let waits = view
            .shown_operations()
            .any(|(waiting, operation)| about(operation) == Some(*id) && waiting.state == State::Waiting);
        let delivery = if waits { Delivery::Pending } else { Delivery::Sent };
        listed.push(UnseenMember { id: *id, name, delivery });
    }
    listed.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(listed)
}

/// Blocks a member, or ends the block: neither then sees what the other writes.
pub fn block(store: &Store, community: CommunityId, member: MemberId, on: bool) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        check(view, member, &view.unseen.blocked)?;
        Ok(Wish::free(Operation::Block(Blocking { member, on })))
    })
}

/// Mutes a member, or ends the mute: this member no longer sees what they write.
pub fn mute(store: &Store, community: CommunityId, member: MemberId, on: bool) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        check(view, member, &view.unseen.muted)?;
        Ok(Wish::free(Operation::Mute(Muting { member, on })))
    })
}

/// Only who is shown here can be blocked or muted: all others are answered like who does not exist.
fn check(view: &View<'_>, member: MemberId, already: &BTreeSet<MemberId>) -> Result<(), StoreError> {
    if member == view.member {
        return Err(StoreError::Refused(ErrorCode::NotAllowed));
    }
    if already.contains(&member) || is_shown(view, member)? {
        Ok(())
    } else {
        Err(StoreError::Refused(ErrorCode::NotFound))
    }
}

/// Whether a member is shown here, or would be if this member had not blocked them.
pub(crate) fn is_shown(view: &View<'_>, member: MemberId) -> Result<bool, StoreError> {
    let role: Option<Role> = stub::member(view, member)?.map(|member| member.role);
    Ok(role.is_some_and(|role| view.unseen.blocked.contains(&member) || !view.is_unseen(member, role)))
}
