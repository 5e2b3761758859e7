//! What is left of a conversation with those who are no longer in it, and of one that nobody is in.
//!
//! An inbox may hold more messages of it than one request may write, so what does not fit is taken
//! away by a chore, in steps that can be stopped and taken up again. The key goes last: until then
//! everything that an inbox still has of it opens.

use super::{belonging, keys};
use crate::{
    db::Connection,
    directory,
    policy::Permit,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, ConversationId, EntityKind, MemberId, Position, Stream, membership::Standing};
use uuid::Uuid;

/// Messages that one step takes away.
const STEP: usize = 500;

/// Takes a conversation out of a member's inbox, and begins with its messages.
pub(super) fn take_from(
    writing: &mut Writing<'_>,
    permit: &Permit,
    conversation: ConversationId,
    member: MemberId,
) -> Result<(), Failure> {
    for kind in [EntityKind::Conversation, EntityKind::ConversationMark] {
        writing.gone(permit, Stream::Member(member), &kind, conversation.0)?;
    }
    writing.conn.execute(
        "INSERT INTO conversation_leftover (community, conversation, member, taken) VALUES ($1, $2, $3, 0)
         ON CONFLICT (community, conversation, member) DO UPDATE SET taken = 0",
        values![writing.community, conversation, member],
    )?;
    take_some(writing, permit, conversation, member, Position(0))
}

/// Takes away some of what is left in a community. Whether there may be more.
///
/// # Errors
/// That the database failed.
pub fn sweep(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let row = conn.first(
        "SELECT conversation, member, taken FROM conversation_leftover WHERE community = $1
         ORDER BY conversation, member LIMIT 1",
        values![community],
    )?;
    let Some(row) = row else { return sweep_leavers(conn, surroundings, community) };
    let (conversation, member, taken) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let sweeping = Writing::by_server(conn, surroundings, community, |writing| {
        take_some(writing, &Permit::of_the_server(), conversation, member, taken)
    });
    sweeping.map(|_| true)
}

/// Takes those whose membership has ended out of one conversation after another. Whether there was any. Without
/// the message key it is left to a process that has it.
fn sweep_leavers(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let sql = "SELECT member FROM conversation_leaver WHERE community = $1 ORDER BY member LIMIT 1";
    let Some(row) = conn.first(sql, values![community])?.filter(|_| conn.message_key().is_some()) else {
        return Ok(false);
    };
    let member: MemberId = row.get(0)?;
    let step = Writing::by_server(conn, surroundings, community, |writing| {
        // Somebody who is back meanwhile stays where they are.
        let found = directory::find(writing.conn, community, member)?;
        let ended = found.is_none_or(|row| row.actor.standing == Standing::Ended);
        if !ended || !belonging::leave_one(writing, &Permit::of_the_server(), member)? {
            let sql = "DELETE FROM conversation_leaver WHERE community = $1 AND member = $2";
            writing.conn.execute(sql, values![community, member])?;
        }
        Ok(())
    });
    step.map(|_| true)
}

fn take_some(
    writing: &mut Writing<'_>,
    permit: &Permit,
    conversation: ConversationId,
    member: MemberId,
    taken: Position,
) -> Result<(), Failure> {
    let limit = STEP.min(writing.room());
    let rows = writing.conn.query(
        "SELECT id, position FROM message WHERE community = $1 AND conversation = $2 AND position > $3
         AND position < coalesce((SELECT since FROM participant WHERE community = $1 AND conversation = $2
            AND member = $4 AND standing IN ('in', 'asked')), $5)
         ORDER BY position LIMIT $6",
        values![writing.community, conversation, taken, member, i64::MAX, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    let mut reached = taken;
    for row in &rows {
        writing.gone(permit, Stream::Member(member), &EntityKind::Message, row.get::<Uuid>(0)?)?;
        reached = row.get(1)?;
    }
    let of = values![writing.community, conversation, member];
    if rows.len() == limit || !is_forgotten(writing, conversation, member)? {
        let sql =
            "UPDATE conversation_leftover SET taken = $4 WHERE community = $1 AND conversation = $2 AND member = $3";
        writing.conn.execute(sql, values![writing.community, conversation, member, reached])?;
    } else {
        let sql = "DELETE FROM conversation_leftover WHERE community = $1 AND conversation = $2 AND member = $3";
        writing.conn.execute(sql, of)?;
    }
    Ok(())
}

/// Forgets some of a conversation that nobody holds any more: its messages, then its key and title. Who
/// was in it is kept where somebody declined, so that they are not asked again. True where nothing is
/// left to forget, or others still hold it.
pub(super) fn is_forgotten(
    writing: &mut Writing<'_>,
    conversation: ConversationId,
    but: MemberId,
) -> Result<bool, Failure> {
    let of = values![writing.community, conversation];
    let held = writing.conn.first(
        "SELECT 1 FROM participant WHERE community = $1 AND conversation = $2 AND standing IN ('in', 'asked')
         UNION ALL
         SELECT 1 FROM conversation_leftover WHERE community = $1 AND conversation = $2 AND member <> $3 LIMIT 1",
        values![writing.community, conversation, but],
    )?;
    if held.is_some() {
        return Ok(true);
    }
    let step = i64::try_from(STEP).unwrap_or(i64::MAX);
    let forgotten = writing.conn.execute(
        "DELETE FROM message WHERE community = $1 AND id IN
         (SELECT id FROM message WHERE community = $1 AND conversation = $2 LIMIT $3)",
        values![writing.community, conversation, step],
    )?;
    if forgotten >= STEP as u64 {
        return Ok(false);
    }
    keys::destroy(writing, conversation)?;
    writing.conn.execute("DELETE FROM message_withheld WHERE community = $1 AND conversation = $2", of)?;
    writing.conn.execute("UPDATE conversation SET title = NULL WHERE community = $1 AND id = $2", of)?;
    let sql = "SELECT 1 FROM participant WHERE community = $1 AND conversation = $2 AND standing = 'declined' LIMIT 1";
    if writing.conn.first(sql, of)?.is_none() {
        writing.conn.execute("DELETE FROM participant WHERE community = $1 AND conversation = $2", of)?;
        writing.conn.execute("DELETE FROM conversation WHERE community = $1 AND id = $2", of)?;
    }
    Ok(true)
}
