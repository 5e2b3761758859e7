//! What is still to be said of members whose membership ended: to their groups, and to desks that had
//! requests of theirs. In steps that can be stopped and taken up again.

use crate::{
    db::Connection,
    groups,
    policy::Permit,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, EntityKind, MemberId, Stream};
use uuid::Uuid;

/// Notes what is to be taken out of a stream.
pub(crate) fn leave(writing: &mut Writing<'_>, stream: Stream, kind: &EntityKind, id: Uuid) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO stream_leftover (community, stream, kind, id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, stream, kind, id) DO NOTHING",
        values![writing.community, stream, kind.as_str(), id],
    )?;
    Ok(())
}

/// Takes out of streams what was noted, as much as there is room for. How much that was.
pub(crate) fn take_out(writing: &mut Writing<'_>, permit: &Permit) -> Result<usize, Failure> {
    let rows = writing.conn.query(
        "SELECT stream, kind, id FROM stream_leftover WHERE community = $1 ORDER BY stream, kind, id LIMIT $2",
        values![writing.community, i64::try_from(writing.room()).unwrap_or(i64::MAX)],
    )?;
    for row in &rows {
        let (stream, kind, id): (Stream, String, Uuid) = (row.get(0)?, row.get(1)?, row.get(2)?);
        writing.gone(permit, stream, &EntityKind::named(&kind), id)?;
        writing.conn.execute(
            "DELETE FROM stream_leftover WHERE community = $1 AND stream = $2 AND kind = $3 AND id = $4",
            values![writing.community, stream, kind, id],
        )?;
    }
    Ok(rows.len())
}

/// Does some of what is left in a community. Whether there may be more.
///
/// # Errors
/// That the database failed.
pub fn sweep(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let sql = "SELECT member FROM group_leftover WHERE community = $1 ORDER BY member LIMIT 1";
    let row = conn.first(sql, values![community])?;
    let member: Option<MemberId> = row.map(|row| row.get(0)).transpose()?;
    let swept = Writing::by_server(conn, surroundings, community, |writing| {
        let permit = Permit::of_the_server();
        match member {
            Some(member) => groups::tell_left(writing, &permit, member).map(|_| true),
            None => take_out(writing, &permit).map(|taken| taken > 0),
        }
    });
    swept.map(|(more, _)| more)
}
