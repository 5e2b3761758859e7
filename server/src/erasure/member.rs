//! Erasing a member of a community: at once they have no rights and no name, and then, in steps, all that was
//! theirs goes: posts, comments, reactions, marks, reports, messages, blocks, groups, invitations, results, inbox.

use crate::{
    blocks,
    db::Connection,
    feed, groups, invitations,
    media::attaching,
    membership, messages, moderation,
    policy::Permit,
    referrals,
    registry::matching,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, GroupId, MemberId, Stream};

/// Rows that one step deletes of what only the member ever saw.
const ROWS: i64 = 1_000;

/// Begins.
pub(super) fn begin(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    membership::begin_to_erase(writing, member)?;
    matching::forget_member(writing.conn, writing.community, member)?;
    invitations::erase_all_by(writing.conn, writing.community, member)?;
    attaching::forget_unshown_of(writing, member)?;
    Ok(())
}

/// Does some of what is left of the members that are erased. Whether there may be more.
pub(super) fn sweep(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let sql = "SELECT member, after_group FROM member_leftover WHERE community = $1 ORDER BY member LIMIT 1";
    let Some(row) = conn.first(sql, values![community])? else { return Ok(false) };
    // Left to a process that has the message key: the server.
    if !messages::can_erase(conn, community)? {
        return Ok(false);
    }
    let (member, after) = (row.get(0)?, row.get(1)?);
    Writing::by_server(conn, surroundings, community, |writing| step(writing, member, after)).map(|_| true)
}

fn step(writing: &mut Writing<'_>, member: MemberId, after: Option<GroupId>) -> Result<(), Failure> {
    let (permit, whole) = (Permit::of_the_server(), writing.room());
    let none_left = feed::erase_all_by(writing, &permit, member)?
        && moderation::erase_all_by(writing, &permit, member)?
        && messages::erase_all_of(writing, &permit, member)?
        && blocks::erase_all_of(writing, member)?
        && referrals::erase_all_by(writing, &permit, member)?;
    // What comes next counts on having all the room.
    if !none_left || writing.room() < whole {
        return Ok(());
    }
    if let Some(last) = groups::erase(writing, &permit, member, after)? {
        writing.conn.execute(
            "UPDATE member_leftover SET after_group = $3 WHERE community = $1 AND member = $2",
            values![writing.community, member, last],
        )?;
        return Ok(());
    }
    if forget_what_nobody_else_saw(writing, member)? {
        return Ok(());
    }
    membership::finish_erasing(writing, member)
}

/// The inbox, and what was decided about the member's mutations. Whether there was any.
fn forget_what_nobody_else_saw(writing: &mut Writing<'_>, member: MemberId) -> Result<bool, Failure> {
    let mut deleted = 0;
    for table in ["mutation_result", "mutation_failure"] {
        deleted += writing.conn.execute(
            &format!(
                "DELETE FROM {table} WHERE community = $1 AND member = $2 AND mutation IN
                 (SELECT mutation FROM {table} WHERE community = $1 AND member = $2 LIMIT $3)"
            ),
            values![writing.community, member, ROWS],
        )?;
    }
    deleted += writing.conn.execute(
        "DELETE FROM change WHERE community = $1 AND stream = $2 AND version IN
         (SELECT version FROM change WHERE community = $1 AND stream = $2 LIMIT $3)",
        values![writing.community, Stream::Member(member), ROWS],
    )?;
    Ok(deleted > 0)
}
