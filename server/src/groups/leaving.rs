//! Leaving all groups at once, with the membership. Somebody may be in more of them than one request may
//! write to: they are out of each at once, and the groups are told in steps.

use super::{hand_on, keeper, publish, publish_member};
use crate::{
    directory,
    policy::Permit,
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{EntityKind, GroupId, MemberId, Stream};

/// Changes that telling one group may make at most: the profile, the group in two streams, the member,
/// and an heir with their duty.
const ROOM: usize = 6;

/// Groups that one step of an erasure goes through: in each at most two things are taken away.
const GROUPS: i64 = 300;

/// Takes a member out of every group, in a few statements however many there are. The groups are told by
/// [`tell_left`].
pub(crate) fn leave_all(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let values = values![writing.community, member];
    writing.conn.execute(
        "INSERT INTO group_leftover (community, member, group_id)
         SELECT community, member, group_id FROM group_member WHERE community = $1 AND member = $2
         ON CONFLICT (community, member, group_id) DO NOTHING",
        values,
    )?;
    writing.conn.execute(
        "UPDATE group_ SET members = members - 1 WHERE community = $1
         AND id IN (SELECT group_id FROM group_member WHERE community = $1 AND member = $2)",
        values,
    )?;
    writing.conn.execute("DELETE FROM group_member WHERE community = $1 AND member = $2", values)?;
    Ok(())
}

/// Tells groups that a member has left them, as many as there is room for. Whether that was all.
pub(crate) fn tell_left(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let fit = writing.room() / ROOM;
    let rows = writing.conn.query(
        "SELECT group_id FROM group_leftover WHERE community = $1 AND member = $2 ORDER BY group_id LIMIT $3",
        values![writing.community, member, i64::try_from(fit).unwrap_or(i64::MAX)],
    )?;
    for row in &rows {
        let group: GroupId = row.get(0)?;
        tell(writing, permit, member, group)?;
        writing.conn.execute(
            "DELETE FROM group_leftover WHERE community = $1 AND member = $2 AND group_id = $3",
            values![writing.community, member, group],
        )?;
    }
    Ok(rows.len() < fit)
}

/// Tells one group how things are: the member may have come back meanwhile.
fn tell(writing: &mut Writing<'_>, permit: &Permit, member: MemberId, group: GroupId) -> Result<(), Failure> {
    if keeper(writing.conn, writing.community, group, member)?.is_none() {
        profiles::withdraw_from_group(writing, permit, member, group)?;
    }
    publish(writing, permit, group)?;
    let row = directory::find(writing.conn, writing.community, member)?;
    match row {
        Some(row) if !directory::is_erased(writing.conn, writing.community, member.0)? => {
            publish_member(writing, permit, group, &row.actor)?;
        }
        _ => forget(writing, permit, member, group)?,
    }
    hand_on(writing, permit, group)
}

/// Takes all that groups were told of a member out of their streams, also of groups that they left long ago:
/// of some groups, from the one after `after` on. Up to where it came; none where that was all.
pub(crate) fn erase(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    after: Option<GroupId>,
) -> Result<Option<GroupId>, Failure> {
    let rows = writing.conn.query(
        "SELECT id FROM group_ WHERE community = $1 AND id > $2 ORDER BY id LIMIT $3",
        values![writing.community, after.map_or(uuid::Uuid::nil(), |group| group.0), GROUPS],
    )?;
    let mut last = None;
    for row in &rows {
        let group: GroupId = row.get(0)?;
        profiles::withdraw_from_group(writing, permit, member, group)?;
        forget(writing, permit, member, group)?;
        last = Some(group);
    }
    if last.is_none() {
        writing.conn.execute(
            "DELETE FROM group_invitation WHERE community = $1 AND member = $2",
            values![writing.community, member],
        )?;
    }
    Ok(last)
}

fn forget(writing: &mut Writing<'_>, permit: &Permit, member: MemberId, group: GroupId) -> Result<(), Failure> {
    writing.gone(permit, Stream::Group(group), &EntityKind::GroupMember, member.0).map(drop)
}
