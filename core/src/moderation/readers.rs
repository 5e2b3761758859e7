//! Who can read a stream: what every composer shows beside what is written.
//!
//! Counted from the mirror, without asking anybody: those whom the server lets read it, without those
//! with whom this member has nothing to do because of a block.

use crate::{
    error::StoreError,
    store::{Store, view::View},
};
use enishi_protocol::{
    CommunityId, ErrorCode, MemberId, Operation, Stream,
    groups::{Group, GroupMember},
    membership::{Role, Standing},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who can read a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Readers {
    /// How many members can read it, this one included.
    pub members: i64,
    /// Whether somebody who runs the community is among them.
    pub staff: bool,
    /// Whether nobody who runs the community can ever be among them.
    pub closed_to_staff: bool,
    /// Whether everything that the count rests on is here; while it is not, there may be more.
    pub whole: bool,
}

/// Who can read the community's feed, or that of a group that this member is in.
///
/// # Errors
/// [`ErrorCode::WrongPlace`] for what this member cannot write into.
pub fn readers(store: &Store, community: CommunityId, stream: Stream) -> Result<Readers, StoreError> {
    store.view(community, |view| match stream {
        Stream::Community => of_community(view),
        Stream::Group(group) => of_group(view, stream, group.0),
        Stream::Member(_) | Stream::Desk(_) => Err(StoreError::Refused(ErrorCode::WrongPlace)),
    })
}

fn of_community(view: &View<'_>) -> Result<Readers, StoreError> {
    let roles = active(view)?;
    let seen = roles.iter().filter(|(id, role)| !view.is_unseen((**id).into(), **role));
    Ok(Readers {
        members: count(seen.count()),
        staff: roles.values().any(|role| *role != Role::Member),
        closed_to_staff: false,
        whole: is_whole(view, Stream::Community),
    })
}

fn of_group(view: &View<'_>, stream: Stream, group: Uuid) -> Result<Readers, StoreError> {
    if !view.copies.contains_key(&stream) {
        return of_new_group(view, group);
    }
    let copy = view.copy(stream);
    let closed = view.entity::<Group>(copy, "group", group)?.is_some_and(|group| group.closed_to_staff);
    let roles = active(view)?;
    let members = view.entities::<GroupMember>(copy, "group_member")?;
    let inside = members.into_iter().filter(|(_, member)| member.standing == Standing::Active).map(|(id, _)| id);
    let inside: Vec<(MemberId, Role)> =
        inside.map(|id| (id.into(), roles.get(&id).copied().unwrap_or(Role::Member))).collect();
    Ok(Readers {
        members: count(inside.iter().filter(|(id, role)| !view.is_unseen(*id, *role)).count()),
        staff: inside.iter().any(|(_, role)| *role != Role::Member),
        closed_to_staff: closed,
        whole: is_whole(view, Stream::Community) && is_whole(view, stream),
    })
}

/// A group that waits in the outbox has one member: this one.
fn of_new_group(view: &View<'_>, group: Uuid) -> Result<Readers, StoreError> {
    let created = view.shown_operations().find_map(|(waiting, operation)| match operation {
        Operation::CreateGroup(creation) if waiting.id.0 == group => Some(creation.closed_to_staff),
        _ => None,
    });
    let closed_to_staff = created.ok_or(StoreError::Refused(ErrorCode::WrongPlace))?;
    let staff = active(view)?.get(&view.member.0).is_some_and(|role| *role != Role::Member);
    Ok(Readers { members: 1, staff, closed_to_staff, whole: true })
}

/// The active members with their roles.
fn active(view: &View<'_>) -> Result<BTreeMap<Uuid, Role>, StoreError> {
    let mut statement =
        view.connection.prepare_cached("SELECT id, role FROM member WHERE copy = ?1 AND standing = 'active'")?;
    let mut rows = statement.query([view.commons()])?;
    let mut roles = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let role = crate::store::values::named(row, 1, Role::named)?;
        roles.insert(crate::store::values::id(row, 0)?, role);
    }
    Ok(roles)
}

fn is_whole(view: &View<'_>, stream: Stream) -> bool {
    view.copies.get(&stream).is_some_and(|copy| copy.whole)
}

fn count(members: usize) -> i64 {
    i64::try_from(members).unwrap_or(i64::MAX)
}
