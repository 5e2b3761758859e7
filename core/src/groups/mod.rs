//! Groups as a screen shows them, and what a member can do with them.

pub mod commands;
#[cfg(test)]
mod tests;

use crate::{
    error::StoreError,
    feed::{Delivery, stub},
    store::{Store, view::View},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, GroupId, MemberId, Operation, RequestId, Stream,
    change::GrantOf,
    groups::{Group, GroupInvitation, GroupMember, Joining},
    invitations::JoinRequest,
    membership::{Role, Standing},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How this member stands towards a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Belonging {
    /// In it.
    Member,
    /// Somebody in it has invited this member.
    Invited,
    /// A wish to join waits: in the outbox, or for somebody who decides.
    Requested,
    /// Not in it.
    Outside,
}

/// A group as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GroupView {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How one comes in.
    pub joining: Joining,
    /// Whether only its members and those invited know of it.
    pub secret: bool,
    /// Whether nobody who runs the community can be in it.
    pub closed_to_staff: bool,
    /// How many are in it; none where this member may not know.
    pub members: Option<i64>,
    /// How this member stands towards it.
    pub belonging: Belonging,
    /// Whether this member runs it.
    pub keeper: bool,
    /// How far this member's latest wish about it has come.
    pub delivery: Delivery,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GroupMemberView {
    /// Who.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they run the group.
    pub keeper: bool,
}

/// A wish to join, on a desk that this member sees.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct JoinRequestView {
    /// Which request.
    pub id: RequestId,
    /// The group it is about; none for the community itself.
    pub group: Option<GroupId>,
    /// Who wishes to join, and their word.
    pub request: JoinRequest,
}

/// The groups that this member may know of: own ones first, then by name.
pub fn groups(store: &Store, community: CommunityId) -> Result<Vec<GroupView>, StoreError> {
    store.view(community, |view| {
        let mut groups = known(view)?;
        for (id, _) in view.entities::<GrantOf>(view.inbox(), "grant")? {
            if let Some(group) = groups.get_mut(&id) {
                group.belonging = Belonging::Member;
                let own: Option<GroupMember> =
                    view.entity(view.copy(Stream::Group(id.into())), "group_member", view.member.0)?;
                group.keeper = own.is_some_and(|own| own.keeper);
            }
        }
        lay(view, &mut groups);
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort_by(|a, b| (a.belonging, &a.name, a.id).cmp(&(b.belonging, &b.name, b.id)));
        Ok(groups)
    })
}

fn known(view: &View<'_>) -> Result<BTreeMap<Uuid, GroupView>, StoreError> {
    let mut groups = BTreeMap::new();
    let invited = view.entities::<GroupInvitation>(view.inbox(), "group_invitation")?;
    let open = view.entities::<Group>(view.commons(), "group")?;
    for (id, group) in open {
        groups.insert(id, shown(id, &group, Belonging::Outside));
    }
    // A group's own stream knows it best, and is the only one that knows a secret one.
    for stream in view.copies.keys() {
        let Stream::Group(id) = stream else { continue };
        if let Some(group) = view.entity::<Group>(view.copy(*stream), "group", id.0)? {
            let mut group = shown(id.0, &group, Belonging::Outside);
            let unseen = unseen_members(view, *stream)?;
            group.members = group.members.map(|members| members - unseen);
            groups.insert(id.0, group);
        }
    }
    for (id, invitation) in invited {
        if !is_shown(view, invitation.by)? {
            continue;
        }
        let group = groups.entry(id).or_insert_with(|| GroupView {
            id: id.into(),
            name: invitation.name,
            description: invitation.description,
            joining: Joining::Invitation,
            secret: true,
            closed_to_staff: invitation.closed_to_staff,
            members: None,
            belonging: Belonging::Invited,
            keeper: false,
            delivery: Delivery::Sent,
        });
        group.belonging = Belonging::Invited;
    }
    Ok(groups)
}

fn shown(id: Uuid, group: &Group, belonging: Belonging) -> GroupView {
    GroupView {
        id: id.into(),
        name: group.name.clone(),
        description: group.description.clone(),
        joining: group.joining,
        secret: group.secret,
        closed_to_staff: group.closed_to_staff,
        members: Some(group.members),
        belonging,
        keeper: false,
        delivery: Delivery::Sent,
    }
}

/// Lays waiting wishes over the groups. One that only asks to join is not in before somebody decides.
fn lay(view: &View<'_>, groups: &mut BTreeMap<Uuid, GroupView>) {
    for entry in view.overlay.iter() {
        let delivery = match entry.waiting.state {
            State::Waiting => Delivery::Pending,
            State::Accepted { .. } => Delivery::Sent,
            State::Attention(code) => Delivery::NeedsAttention(code),
        };
        let refused = entry.waiting.needs_attention();
        match &entry.operation {
            Some(Operation::CreateGroup(creation)) if !refused => {
                groups.entry(entry.waiting.id.0).or_insert_with(|| GroupView {
                    id: entry.waiting.id.into(),
                    name: creation.name.clone(),
                    description: creation.description.clone(),
                    joining: creation.joining,
                    secret: creation.secret,
                    closed_to_staff: creation.closed_to_staff,
                    members: Some(1),
                    belonging: Belonging::Member,
                    keeper: true,
                    delivery,
                });
            }
            Some(Operation::JoinGroup(joining)) => {
                let Some(group) = groups.get_mut(&joining.group.0) else { continue };
                group.delivery = delivery;
                if !refused && group.belonging != Belonging::Member {
                    group.belonging = Belonging::Requested;
                }
            }
            Some(Operation::LeaveGroup(leaving)) => {
                let Some(group) = groups.get_mut(&leaving.group.0) else { continue };
                group.delivery = delivery;
                if !refused {
                    group.belonging = Belonging::Outside;
                }
            }
            _ => {}
        }
    }
}

/// The active members of a group that are shown here.
fn active_members(view: &View<'_>, stream: Stream) -> Result<Vec<(Uuid, GroupMember)>, StoreError> {
    let mut active = view.entities::<GroupMember>(view.copy(stream), "group_member")?;
    active.retain(|(_, member)| member.standing == Standing::Active);
    let mut shown = Vec::new();
    for (id, member) in active {
        if is_shown(view, id.into())? {
            shown.push((id, member));
        }
    }
    Ok(shown)
}

/// How many active members of a group are left out here.
fn unseen_members(view: &View<'_>, stream: Stream) -> Result<i64, StoreError> {
    if view.unseen.condition("id").is_none() {
        return Ok(0);
    }
    let all = view.entities::<GroupMember>(view.copy(stream), "group_member")?;
    let active = all.iter().filter(|(_, member)| member.standing == Standing::Active).count();
    let shown = active_members(view, stream)?.len();
    Ok(i64::try_from(active - shown).unwrap_or_default())
}

fn is_shown(view: &View<'_>, id: MemberId) -> Result<bool, StoreError> {
    let unseen = view.unseen.hides_content_of(id)
        && view.is_unseen(id, stub::member(view, id)?.map_or(Role::Member, |member| member.role));
    Ok(!unseen)
}

/// The members of a group that this member is in, keepers first, then by name.
pub fn group_members(
    store: &Store,
    community: CommunityId,
    group: GroupId,
) -> Result<Vec<GroupMemberView>, StoreError> {
    store.view(community, |view| {
        let active = active_members(view, Stream::Group(group))?;
        let mut members: Vec<_> = active
            .into_iter()
            .map(|(id, member)| GroupMemberView { id: id.into(), name: member.name.full(), keeper: member.keeper })
            .collect();
        members.sort_by(|a, b| (!a.keeper, &a.name, a.id).cmp(&(!b.keeper, &b.name, b.id)));
        Ok(members)
    })
}

/// Requests to join at the desks that this member sees and has not decided yet, oldest first.
pub fn join_requests(store: &Store, community: CommunityId) -> Result<Vec<JoinRequestView>, StoreError> {
    store.view(community, |view| {
        let decided: BTreeSet<RequestId> = view
            .shown_operations()
            .filter_map(|(_, operation)| match operation {
                Operation::DecideGroup(decision) => Some(decision.request),
                Operation::DecideJoin(decision) => Some(decision.request),
                _ => None,
            })
            .collect();
        let mut requests = Vec::new();
        for stream in view.copies.keys() {
            let Stream::Desk(desk) = stream else { continue };
            let group = (*desk != community.0).then_some(GroupId(*desk));
            for (id, request) in view.entities::<JoinRequest>(view.copy(*stream), "join_request")? {
                if !decided.contains(&id.into()) {
                    requests.push(JoinRequestView { id: id.into(), group, request });
                }
            }
        }
        requests.sort_by_key(|view| (view.request.at_us, view.id));
        Ok(requests)
    })
}
