//! Changes of what a member is: role, name, leaving.

use super::{MemberRow, admission, find, name_is_valid};
use crate::{
    directory::groups_of,
    grants, groups,
    policy::Permit,
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
/// [`ErrorCode::NotFound`].
pub fn set_role(writing: &mut Writing<'_>, member: MemberId, role: Role) -> Result<(), Failure> {
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
/// # Errors
/// [`ErrorCode::NotFound`].
pub fn end(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let (permit, row) = (Permit::of_the_server(), of(writing, member)?);
    for group in groups_of(writing.conn, writing.community, member)? {
        groups::leave_group(writing, &permit, &row.actor, group)?;
    }
    writing.conn.execute(
        "UPDATE member SET standing = 'ended' WHERE community = $1 AND id = $2",
        values![writing.community, member],
    )?;
    profiles::withdraw(writing, &permit, Stream::Community, member)?;
    let ended = of(writing, member)?;
    admission::publish(writing, &permit, &ended)?;
    let desk = Stream::community_desk(writing.community);
    for stream in [desk, Stream::Community, Stream::Member(member)] {
        grants::take(writing, &permit, member, stream)?;
    }
    drop_requests(writing, &permit, member)
}

fn drop_requests(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    let requests = writing.conn.query(
        "SELECT id, group_id FROM join_request WHERE community = $1 AND member = $2",
        values![writing.community, member],
    )?;
    for request in &requests {
        let desk = match request.get::<Option<GroupId>>(1)? {
            Some(group) => Stream::group_desk(group),
            None => Stream::community_desk(writing.community),
        };
        writing.gone(permit, desk, &EntityKind::JoinRequest, request.get(0)?)?;
    }
    writing
        .conn
        .execute("DELETE FROM join_request WHERE community = $1 AND member = $2", values![writing.community, member])?;
    Ok(())
}

fn of(writing: &mut Writing<'_>, member: MemberId) -> Result<MemberRow, Failure> {
    Ok(find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?)
}
