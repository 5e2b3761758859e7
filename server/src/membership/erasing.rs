//! A membership that is erased: at once it is nobody's any more, and in the end nothing of it is left.

use super::{find, standing};
use crate::{
    accounts::memberships,
    policy::Permit,
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{AccountId, EntityKind, MemberId, Stream};

/// Takes all rights, the name, the profile and the account from a member, and tells the community that they
/// are gone. What they wrote is not whole without them, so that phones show none of it from here on.
///
/// The row stays, without saying whose it is, until all that hangs on it is gone. For as long as tombstones are
/// kept the account is told that its membership is over, so that its phones clear the community away.
pub(crate) fn begin_to_erase(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let Some(row) = find(writing.conn, writing.community, member)? else { return Ok(()) };
    let permit = Permit::of_the_server();
    standing::stop(writing, &row)?;
    memberships::forget(writing.conn, row.account, writing.community)?;
    writing.conn.execute(
        "INSERT INTO ended_membership (community, account, at_us) VALUES ($1, $2, $3)
         ON CONFLICT (community, account) DO UPDATE SET at_us = excluded.at_us",
        values![writing.community, row.account, writing.now_us],
    )?;
    // Whoever comes back by another invitation is another member.
    let nobody = AccountId(writing.surroundings.new_id());
    writing.conn.execute(
        "UPDATE member SET account = $3, family = '', given = '', role = 'member' WHERE community = $1 AND id = $2",
        values![writing.community, member, nobody],
    )?;
    profiles::erase(writing, &permit, member)?;
    writing.gone(&permit, Stream::Community, &EntityKind::Member, member.0)?;
    writing.conn.execute(
        "INSERT INTO member_leftover (community, member, after_group) VALUES ($1, $2, NULL)
         ON CONFLICT (community, member) DO NOTHING",
        values![writing.community, member],
    )?;
    Ok(())
}

/// Deletes the row of a member of whom nothing else is left.
pub(crate) fn finish_erasing(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    for table in ["notification_setting", "notification_mark", "consent", "join_vouch", "member_leftover"] {
        let sql = format!("DELETE FROM {table} WHERE community = $1 AND member = $2");
        writing.conn.execute(&sql, values![writing.community, member])?;
    }
    writing.conn.execute("DELETE FROM member WHERE community = $1 AND id = $2", values![writing.community, member])?;
    Ok(())
}
