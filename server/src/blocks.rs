//! Blocks and mutes. A block is private to whoever blocks.
//!
//! The server accepts what a blocked member does and writes it as always: their phone and the blocker's
//! leave each other's content out, so that no result, count or timing tells. What the server answers to
//! one reader alone (search, history) leaves it out here. Nothing in this module may refuse or delay.

use crate::{
    db::{Connection, DbError},
    directory, membership,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, EntityKind, ErrorCode, MemberId, Stream,
    blocks::{Block, Blocking, Mute, Muting, Unseen},
    limits::BLOCKS,
};
use std::collections::BTreeSet;

/// Rows that one step of an erasure goes through.
const ROWS: i64 = 200;

/// Whether one of two members has blocked the other. What either sends the other then has no effect,
/// and is answered as always.
///
/// # Errors
/// That the database failed.
pub fn between(
    conn: &mut dyn Connection,
    community: CommunityId,
    one: MemberId,
    other: MemberId,
) -> Result<bool, DbError> {
    let row = conn.first(
        "SELECT 1 FROM block WHERE community = $1
         AND (blocker = $2 AND blocked = $3 OR blocker = $3 AND blocked = $2) LIMIT 1",
        values![community, one, other],
    )?;
    Ok(row.is_some())
}

/// Whose content a member does not see: those with whom there is a block, and those whom they have muted.
///
/// # Errors
/// That the database failed.
pub fn unseen_by(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<BTreeSet<MemberId>, DbError> {
    let rows = conn.query(
        "SELECT blocked FROM block WHERE community = $1 AND blocker = $2
         UNION SELECT blocker FROM block WHERE community = $1 AND blocked = $2
         UNION SELECT muted FROM mute WHERE community = $1 AND member = $2",
        values![community, member],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Blocks a member, or ends the block. The other's inbox gets what their phone must know, which it
/// shows to nobody.
///
/// # Errors
/// [`ErrorCode::TooMany`] beyond the limit; or why not, as the member is told.
pub fn set_block(writing: &mut Writing<'_>, actor: &Actor, blocking: &Blocking) -> Result<(), Failure> {
    let permit = ask(writing, actor, blocking.member)?;
    let values = values![writing.community, actor.id, blocking.member];
    let (own, theirs) = (Stream::Member(actor.id), Stream::Member(blocking.member));
    if !blocking.on {
        writing.conn.execute("DELETE FROM block WHERE community = $1 AND blocker = $2 AND blocked = $3", values)?;
        writing.gone(&permit, own, &EntityKind::Block, blocking.member.0)?;
        writing.gone(&permit, theirs, &EntityKind::Unseen, actor.id.0)?;
        return Ok(());
    }
    check_room(writing, "SELECT count(*) FROM block WHERE community = $1 AND blocker = $2", actor.id)?;
    let blocked = writing.conn.execute(
        "INSERT INTO block (community, blocker, blocked, at_us) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, blocker, blocked) DO NOTHING",
        values![writing.community, actor.id, blocking.member, writing.now_us],
    )?;
    if blocked > 0 {
        let block = Entity::Block(Block { at_us: writing.now_us });
        writing.put(&permit, own, blocking.member.0, None, &block)?;
        writing.put(&permit, theirs, actor.id.0, None, &Entity::Unseen(Unseen {}))?;
    }
    Ok(())
}

/// Takes away the blocks and mutes by and of a member who is erased, some at a time; the streams that have them
/// are told in steps. Whether none are left.
pub(crate) fn erase_all_of(writing: &mut Writing<'_>, member: MemberId) -> Result<bool, Failure> {
    let values = values![writing.community, member, ROWS];
    let blocks = writing.conn.query(
        "SELECT blocker, blocked FROM block WHERE community = $1 AND (blocker = $2 OR blocked = $2) LIMIT $3",
        values,
    )?;
    for row in &blocks {
        let (by, whom): (MemberId, MemberId) = (row.get(0)?, row.get(1)?);
        let sql = "DELETE FROM block WHERE community = $1 AND blocker = $2 AND blocked = $3";
        writing.conn.execute(sql, values![writing.community, by, whom])?;
        membership::leave_in_stream(writing, Stream::Member(by), &EntityKind::Block, whom.0)?;
        membership::leave_in_stream(writing, Stream::Member(whom), &EntityKind::Unseen, by.0)?;
    }
    let mutes = writing.conn.query(
        "SELECT member, muted FROM mute WHERE community = $1 AND (member = $2 OR muted = $2) LIMIT $3",
        values,
    )?;
    for row in &mutes {
        let (by, whom): (MemberId, MemberId) = (row.get(0)?, row.get(1)?);
        let sql = "DELETE FROM mute WHERE community = $1 AND member = $2 AND muted = $3";
        writing.conn.execute(sql, values![writing.community, by, whom])?;
        membership::leave_in_stream(writing, Stream::Member(by), &EntityKind::Mute, whom.0)?;
    }
    Ok(blocks.is_empty() && mutes.is_empty())
}

/// Mutes a member, or ends the mute. Nobody else knows.
///
/// # Errors
/// [`ErrorCode::TooMany`] beyond the limit; or why not, as the member is told.
pub fn set_mute(writing: &mut Writing<'_>, actor: &Actor, muting: &Muting) -> Result<(), Failure> {
    let permit = ask(writing, actor, muting.member)?;
    let values = values![writing.community, actor.id, muting.member];
    let inbox = Stream::Member(actor.id);
    if !muting.on {
        writing.conn.execute("DELETE FROM mute WHERE community = $1 AND member = $2 AND muted = $3", values)?;
        writing.gone(&permit, inbox, &EntityKind::Mute, muting.member.0)?;
        return Ok(());
    }
    check_room(writing, "SELECT count(*) FROM mute WHERE community = $1 AND member = $2", actor.id)?;
    let muted = writing.conn.execute(
        "INSERT INTO mute (community, member, muted, at_us) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, member, muted) DO NOTHING",
        values![writing.community, actor.id, muting.member, writing.now_us],
    )?;
    if muted > 0 {
        writing.put(&permit, inbox, muting.member.0, None, &Entity::Mute(Mute { at_us: writing.now_us }))?;
    }
    Ok(())
}

fn ask(writing: &mut Writing<'_>, actor: &Actor, other: MemberId) -> Result<Permit, Failure> {
    let permit = policy::ask(actor, Action::Block, Relation::NONE)?;
    if other == actor.id {
        return Err(ErrorCode::NotAllowed.into());
    }
    directory::find(writing.conn, writing.community, other)?.ok_or(ErrorCode::NotFound)?;
    Ok(permit)
}

fn check_room(writing: &mut Writing<'_>, count: &str, member: MemberId) -> Result<(), Failure> {
    let row = writing.conn.first(count, values![writing.community, member])?;
    let held: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    if held >= BLOCKS { Err(ErrorCode::TooMany.into()) } else { Ok(()) }
}
