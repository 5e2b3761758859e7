//! Groups: who is in them reads their stream, and nobody else.

mod joining;
mod leaving;

pub use joining::{decide, invite, join};
pub(crate) use leaving::{erase, leave_all, tell_left};

use crate::{
    db::{Connection, DbError},
    directory::word,
    grants,
    policy::{self, Action, Actor, Permit, Relation},
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, EntityKind, ErrorCode, GroupId, MemberId, MutationId, Stream,
    groups::{Group, GroupCreation, GroupLeaving, GroupMember, Joining},
    limits::{GROUP_NAME_CHARS, NOTE_CHARS},
    membership::Standing,
};

/// A group as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Which group.
    pub id: GroupId,
    /// What its members may know.
    pub group: Group,
}

/// Looks a group up.
pub fn find(conn: &mut dyn Connection, community: CommunityId, id: GroupId) -> Result<Option<GroupRow>, DbError> {
    let row = conn.first(
        "SELECT name, description, joining, secret, members, closed_to_staff FROM group_ WHERE community = $1 AND id = $2",
        values![community, id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let group = Group {
        name: row.get(0)?,
        description: row.get(1)?,
        joining: word(&row, 2, Joining::named)?,
        secret: row.get(3)?,
        members: row.get(4)?,
        closed_to_staff: row.get(5)?,
    };
    Ok(Some(GroupRow { id, group }))
}

/// Whether a member is in a group, and is its keeper.
pub fn keeper(
    conn: &mut dyn Connection,
    community: CommunityId,
    group: GroupId,
    member: MemberId,
) -> Result<Option<bool>, DbError> {
    let row = conn.first(
        "SELECT keeper FROM group_member WHERE community = $1 AND group_id = $2 AND member = $3",
        values![community, group, member],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Creates a group, with its creator as keeper.
///
/// # Errors
/// Why not, as the member is told.
pub fn create(
    writing: &mut Writing<'_>,
    actor: &Actor,
    id: MutationId,
    creation: &GroupCreation,
) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::CreateGroup, Relation::NONE)?;
    let (id, name) = (GroupId::from(id), creation.name.trim());
    text_fits(name, GROUP_NAME_CHARS)?;
    text_fits(&creation.description, NOTE_CHARS)?;
    if name.is_empty() {
        return Err(ErrorCode::TextEmpty.into());
    }
    if creation.closed_to_staff && policy::on_duty(actor.role) {
        return Err(ErrorCode::ClosedToStaff.into());
    }
    if creation.secret && creation.joining != Joining::Invitation {
        return Err(ErrorCode::Malformed.into());
    }
    if find(writing.conn, writing.community, id)?.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    writing.conn.execute(
        "INSERT INTO group_ (community, id, name, description, joining, secret, members, created_us, closed_to_staff)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
        values![
            writing.community,
            id,
            name,
            creation.description.as_str(),
            creation.joining.as_str(),
            creation.secret,
            writing.now_us,
            creation.closed_to_staff,
        ],
    )?;
    add(writing, &permit, actor, id, true)
}

/// Leaves a group. One who is not in it has left already.
///
/// # Errors
/// Why not, as the member is told.
pub fn leave(writing: &mut Writing<'_>, actor: &Actor, leaving: &GroupLeaving) -> Result<(), Failure> {
    let keeper = keeper(writing.conn, writing.community, leaving.group, actor.id)?;
    let relation = Relation { reads: true, keeper: keeper == Some(true), ..Relation::NONE };
    let permit = policy::ask(actor, Action::LeaveGroup, relation)?;
    leave_group(writing, &permit, actor, leaving.group)
}

/// Puts a member into a group.
pub(super) fn add(
    writing: &mut Writing<'_>,
    permit: &Permit,
    actor: &Actor,
    group: GroupId,
    keeper: bool,
) -> Result<(), Failure> {
    check_open_to(writing, actor, group)?;
    let added = writing.conn.execute(
        "INSERT INTO group_member (community, group_id, member, keeper, joined_us) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (community, group_id, member) DO NOTHING",
        values![writing.community, group, actor.id, keeper, writing.now_us],
    )?;
    if added == 0 {
        return Ok(());
    }
    grants::give(writing, permit, actor.id, Stream::Group(group))?;
    if keeper {
        grants::give(writing, permit, actor.id, Stream::group_desk(group))?;
    }
    count(writing, permit, group, 1)?;
    publish_member(writing, permit, group, actor)?;
    profiles::publish_to_group(writing, permit, actor.id, group)
}

/// Nobody who runs the community comes into a group that is closed to them, by whatever way.
fn check_open_to(writing: &mut Writing<'_>, actor: &Actor, group: GroupId) -> Result<(), Failure> {
    let row = find(writing.conn, writing.community, group)?.ok_or(ErrorCode::NotFound)?;
    let closed = row.group.closed_to_staff && policy::on_duty(actor.role);
    if closed { Err(ErrorCode::ClosedToStaff.into()) } else { Ok(()) }
}

/// Whether a member is in a group that nobody who runs the community can be in.
pub(crate) fn is_in_closed(writing: &mut Writing<'_>, member: MemberId) -> Result<bool, DbError> {
    let row = writing.conn.first(
        "SELECT 1 FROM group_member m JOIN group_ g ON g.community = m.community AND g.id = m.group_id
         WHERE m.community = $1 AND m.member = $2 AND g.closed_to_staff = 1 LIMIT 1",
        values![writing.community, member],
    )?;
    Ok(row.is_some())
}

/// A suspended member stays in their group and reads nothing of it; they keep it no longer.
pub(crate) fn pause(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, group: GroupId) -> Result<(), Failure> {
    let kept = writing.conn.execute(
        "UPDATE group_member SET keeper = 0 WHERE community = $1 AND group_id = $2 AND member = $3 AND keeper = 1",
        values![writing.community, group, actor.id],
    )?;
    grants::take(writing, permit, actor.id, Stream::Group(group))?;
    grants::take(writing, permit, actor.id, Stream::group_desk(group))?;
    publish_member(writing, permit, group, actor)?;
    if kept > 0 { hand_on(writing, permit, group) } else { Ok(()) }
}

/// A member who was suspended reads their group again.
pub(crate) fn resume(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, group: GroupId) -> Result<(), Failure> {
    grants::give(writing, permit, actor.id, Stream::Group(group))?;
    publish_member(writing, permit, group, actor)?;
    hand_on(writing, permit, group)
}

/// Takes a member out of a group: their posts stay under their name, their profile leaves with them.
pub(crate) fn leave_group(
    writing: &mut Writing<'_>,
    permit: &Permit,
    actor: &Actor,
    group: GroupId,
) -> Result<(), Failure> {
    let was = keeper(writing.conn, writing.community, group, actor.id)?;
    let Some(kept) = was else { return Ok(()) };
    writing.conn.execute(
        "DELETE FROM group_member WHERE community = $1 AND group_id = $2 AND member = $3",
        values![writing.community, group, actor.id],
    )?;
    grants::take(writing, permit, actor.id, Stream::Group(group))?;
    grants::take(writing, permit, actor.id, Stream::group_desk(group))?;
    profiles::withdraw_from_group(writing, permit, actor.id, group)?;
    count(writing, permit, group, -1)?;
    publish_member(writing, permit, group, actor)?;
    if kept { hand_on(writing, permit, group) } else { Ok(()) }
}

/// A group whose last keeper has left is kept by whoever has been in it longest.
fn hand_on(writing: &mut Writing<'_>, permit: &Permit, group: GroupId) -> Result<(), Failure> {
    let heir = writing.conn.first(
        "SELECT g.member, g.keeper FROM group_member g JOIN member m ON m.community = g.community AND m.id = g.member
         WHERE g.community = $1 AND g.group_id = $2 AND m.standing = 'active'
         ORDER BY g.keeper DESC, g.joined_us, g.member LIMIT 1",
        values![writing.community, group],
    )?;
    let Some(heir) = heir else { return Ok(()) };
    if heir.get(1)? {
        return Ok(());
    }
    let member: MemberId = heir.get(0)?;
    writing.conn.execute(
        "UPDATE group_member SET keeper = 1 WHERE community = $1 AND group_id = $2 AND member = $3",
        values![writing.community, group, member],
    )?;
    grants::give(writing, permit, member, Stream::group_desk(group))?;
    match crate::directory::find(writing.conn, writing.community, member)? {
        Some(row) => publish_member(writing, permit, group, &row.actor),
        None => Ok(()),
    }
}

/// Changes the number of members, and tells all who may know of the group.
fn count(writing: &mut Writing<'_>, permit: &Permit, group: GroupId, change: i64) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE group_ SET members = members + $3 WHERE community = $1 AND id = $2",
        values![writing.community, group, change],
    )?;
    publish(writing, permit, group)
}

/// Tells all who may know of a group how it is now.
fn publish(writing: &mut Writing<'_>, permit: &Permit, group: GroupId) -> Result<(), Failure> {
    let row = find(writing.conn, writing.community, group)?.ok_or(ErrorCode::NotFound)?;
    let entity = Entity::Group(row.group.clone());
    if !row.group.secret {
        writing.put(permit, Stream::Community, group.0, None, &entity)?;
    }
    writing.put(permit, Stream::Group(group), group.0, None, &entity)?;
    Ok(())
}

/// Tells a group what it may know of one who is, or was, in it.
pub(crate) fn publish_member(
    writing: &mut Writing<'_>,
    permit: &Permit,
    group: GroupId,
    actor: &Actor,
) -> Result<(), Failure> {
    let keeper = keeper(writing.conn, writing.community, group, actor.id)?;
    let standing = match keeper {
        Some(_) if actor.standing == Standing::Suspended => Standing::Suspended,
        Some(_) => Standing::Active,
        None => Standing::Ended,
    };
    let entity = Entity::GroupMember(GroupMember { name: actor.name.clone(), keeper: keeper == Some(true), standing });
    writing.put(permit, Stream::Group(group), actor.id.0, None, &entity)?;
    Ok(())
}

/// Takes a request to join from the group's desk.
fn close_requests(writing: &mut Writing<'_>, permit: &Permit, group: GroupId, member: MemberId) -> Result<(), Failure> {
    let values = values![writing.community, member, group];
    let requests = writing
        .conn
        .query("SELECT id FROM join_request WHERE community = $1 AND member = $2 AND group_id = $3", values)?;
    for request in &requests {
        writing.gone(permit, Stream::group_desk(group), &EntityKind::JoinRequest, request.get(0)?)?;
    }
    writing.conn.execute("DELETE FROM join_request WHERE community = $1 AND member = $2 AND group_id = $3", values)?;
    Ok(())
}

fn text_fits(text: &str, chars: usize) -> Result<(), ErrorCode> {
    if text.contains('\0') {
        Err(ErrorCode::Malformed)
    } else if text.chars().count() > chars {
        Err(ErrorCode::TextTooLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
