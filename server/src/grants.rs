//! The right to read streams: given by membership, group membership and roles, and by nothing else.

use crate::{
    db::{Connection, DbError},
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, Entity, EntityKind, Grant, MemberId, Stream, change::GrantOf, sync::Roots};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The version at which a member got the right to read a stream; none where they may not.
pub fn of(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
    stream: Stream,
) -> Result<Option<Grant>, DbError> {
    let row = conn.first(
        "SELECT granted FROM stream_grant WHERE community = $1 AND member = $2 AND stream = $3",
        values![community, member, stream],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Everything that a member may read.
pub fn all(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<BTreeMap<Stream, Grant>, DbError> {
    let rows = conn.query(
        "SELECT stream, granted FROM stream_grant WHERE community = $1 AND member = $2",
        values![community, member],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The grants that come with being a member; none for whoever takes no part.
pub fn roots(grants: &BTreeMap<Stream, Grant>, member: MemberId) -> Option<Roots> {
    Some(Roots { inbox: *grants.get(&Stream::Member(member))?, community: *grants.get(&Stream::Community)? })
}

/// The id under which an inbox tells of a stream: the community's or the group's.
fn told_as(community: CommunityId, stream: Stream) -> (EntityKind, Uuid) {
    match stream {
        Stream::Community => (EntityKind::Grant, community.0),
        Stream::Group(group) => (EntityKind::Grant, group.0),
        Stream::Desk(id) => (EntityKind::Duty, id),
        Stream::Member(member) => (EntityKind::Grant, member.0),
    }
}

fn is_root(stream: Stream) -> bool {
    matches!(stream, Stream::Community | Stream::Member(_))
}

/// Lets a member read a stream. Their inbox tells them, but for the two that every member has.
pub(crate) fn give(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    stream: Stream,
) -> Result<(), Failure> {
    let grant = Grant(writing.next_version().0);
    let given = writing.conn.execute(
        "INSERT INTO stream_grant (community, member, stream, granted) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, member, stream) DO NOTHING",
        values![writing.community, member, stream, grant],
    )?;
    if given == 0 {
        return Ok(());
    }
    writing.grants_changed();
    if !is_root(stream) {
        let (kind, id) = told_as(writing.community, stream);
        let of = GrantOf { stream, grant };
        let entity = if kind == EntityKind::Duty { Entity::Duty(of) } else { Entity::Grant(of) };
        writing.put(permit, Stream::Member(member), id, None, &entity)?;
    }
    Ok(())
}

/// Takes a member's right to read a stream.
pub(crate) fn take(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    stream: Stream,
) -> Result<(), Failure> {
    let taken = writing.conn.execute(
        "DELETE FROM stream_grant WHERE community = $1 AND member = $2 AND stream = $3",
        values![writing.community, member, stream],
    )?;
    if taken > 0 {
        writing.grants_changed();
        if !is_root(stream) {
            let (kind, id) = told_as(writing.community, stream);
            writing.gone(permit, Stream::Member(member), &kind, id)?;
        }
    }
    Ok(())
}

/// Takes every right of a member at once, in two statements however many there are.
///
/// What their inbox told of them goes with it, without tombstones: nobody reads that inbox any more, and
/// whoever comes back reads it under another grant, from its beginning.
pub(crate) fn take_all(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    writing
        .conn
        .execute("DELETE FROM stream_grant WHERE community = $1 AND member = $2", values![writing.community, member])?;
    writing.conn.execute(
        "DELETE FROM change WHERE community = $1 AND stream = $2 AND kind IN ($3, $4)",
        values![writing.community, Stream::Member(member), EntityKind::Grant.as_str(), EntityKind::Duty.as_str()],
    )?;
    writing.grants_changed();
    Ok(())
}

/// Gives the roots of a member anew: whoever held them before, on a phone or live, holds nothing any
/// more. To be called in a write that makes a change.
pub(crate) fn renew_roots(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let grant = Grant(writing.next_version().0);
    for stream in [Stream::Member(member), Stream::Community] {
        writing.conn.execute(
            "UPDATE stream_grant SET granted = $4 WHERE community = $1 AND member = $2 AND stream = $3",
            values![writing.community, member, stream, grant],
        )?;
    }
    writing.grants_changed();
    Ok(())
}
