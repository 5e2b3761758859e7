//! Changes of what a member is: role, name, leaving.

use super::{MemberRow, admission, find, leftovers, name_is_valid};
use crate::{
    directory::groups_of,
    grants, groups, messages,
    policy::{self, Permit},
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    EntityKind, ErrorCode, GroupId, MemberId, Stream,
    membership::{PersonName, Role, Standing},
};

/// Gives a member another role, and the duty that goes with it.
///
/// # Errors
/// [`ErrorCode::NotFound`]; [`ErrorCode::LastOwner`] where nobody else would be one;
/// [`ErrorCode::LeaveGroupsFirst`] for a role that a group of theirs is closed to.
pub fn set_role(writing: &mut Writing<'_>, member: MemberId, role: Role) -> Result<(), Failure> {
    let before = of(writing, member)?.actor.role;
    if before == role {
        return Ok(());
    }
    if before == Role::Owner && !has_owner_beside(writing, member)? {
        return Err(ErrorCode::LastOwner.into());
    }
    if policy::on_duty(role) && groups::is_in_closed(writing, member)? {
        return Err(ErrorCode::LeaveGroupsFirst.into());
    }
    writing.conn.execute(
        "UPDATE member SET role = $3 WHERE community = $1 AND id = $2",
        values![writing.community, member, role.as_str()],
    )?;
    let (permit, row) = (Permit::of_the_server(), of(writing, member)?);
    if row.actor.standing == Standing::Active {
        admission::publish(writing, &permit, &row)?;
        admission::give_duty(writing, &permit, &row.actor)?;
    }
    Ok(())
}

/// Whether a community has an active owner beside one member.
fn has_owner_beside(writing: &mut Writing<'_>, member: MemberId) -> Result<bool, Failure> {
    let row = writing.conn.first(
        "SELECT 1 FROM member WHERE community = $1 AND role = 'owner' AND standing = 'active' AND id <> $2 LIMIT 1",
        values![writing.community, member],
    )?;
    Ok(row.is_some())
}

/// Gives a member another name, here and in their groups.
///
/// # Errors
/// [`ErrorCode::NotFound`], [`ErrorCode::NameInvalid`].
pub fn rename(writing: &mut Writing<'_>, member: MemberId, name: &PersonName) -> Result<(), Failure> {
    if !name_is_valid(name) {
        return Err(ErrorCode::NameInvalid.into());
    }
    writing.conn.execute(
        "UPDATE member SET family = $3, given = $4 WHERE community = $1 AND id = $2",
        values![writing.community, member, name.family.as_str(), name.given.as_str()],
    )?;
    let (permit, row) = (Permit::of_the_server(), of(writing, member)?);
    admission::publish(writing, &permit, &row)?;
    for group in groups_of(writing.conn, writing.community, member)? {
        groups::publish_member(writing, &permit, group, &row.actor)?;
    }
    Ok(())
}

/// Ends a membership: posts stay under the name, everything else of it leaves the streams.
///
/// The member's rights end here and now. Whom that concerns in groups and on desks is told as far as one
/// write has room for it, and the rest by a chore.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub fn end(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let permit = Permit::of_the_server();
    let row = of(writing, member)?;
    stop(writing, &row)?;
    profiles::withdraw(writing, &permit, Stream::Community, member)?;
    let ended = of(writing, member)?;
    admission::publish(writing, &permit, &ended)?;
    groups::tell_left(writing, &permit, member)?;
    leftovers::take_out(writing, &permit).map(drop)
}

/// Takes from a member all that they may do and read, and takes them out of every group.
pub(super) fn stop(writing: &mut Writing<'_>, row: &MemberRow) -> Result<(), Failure> {
    let member = row.actor.id;
    writing.conn.execute(
        "UPDATE member SET standing = 'ended' WHERE community = $1 AND id = $2",
        values![writing.community, member],
    )?;
    // Nobody is let in again for whom it is over.
    let sql = "DELETE FROM standing_reason WHERE community = $1 AND member = $2 AND standing = 'suspended'";
    writing.conn.execute(sql, values![writing.community, member])?;
    grants::take_all(writing, member)?;
    groups::leave_all(writing, member)?;
    messages::note_leaver(writing, member)?;
    drop_requests(writing, member)
}

fn drop_requests(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let requests = writing.conn.query(
        "SELECT id, group_id FROM join_request WHERE community = $1 AND member = $2",
        values![writing.community, member],
    )?;
    for request in &requests {
        let group: Option<GroupId> = request.get(1)?;
        if group.is_none() {
            super::vouching::drop_wish(writing, request.get(0)?)?;
        }
        let desk = group.map_or_else(|| Stream::community_desk(writing.community), Stream::group_desk);
        leftovers::leave(writing, desk, &EntityKind::JoinRequest, request.get(0)?)?;
    }
    writing
        .conn
        .execute("DELETE FROM join_request WHERE community = $1 AND member = $2", values![writing.community, member])?;
    Ok(())
}

pub(super) fn of(writing: &mut Writing<'_>, member: MemberId) -> Result<MemberRow, Failure> {
    Ok(find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?)
}
