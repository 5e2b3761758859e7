//! What there is of a member who is erased: what they wrote, that they were in conversations, their setting.
//!
//! What others wrote to them is theirs and stays where they hold it.

use super::{belonging, keys, leftovers, rows, texts};
use crate::{
    db::{Connection, DbError},
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, ConversationId, MemberId, limits::CONVERSATION_MEMBERS};
use uuid::Uuid;

/// Whether somebody can be erased with this connection: what is told to those who stay in conversations needs the
/// message key.
///
/// # Errors
/// That the database failed.
pub(crate) fn can_erase(conn: &mut dyn Connection, community: CommunityId) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM participant WHERE community = $1 LIMIT 1";
    Ok(conn.message_key().is_some() || conn.first(sql, values![community])?.is_none())
}

/// Erases what there is of a member in conversations, as much as there is room for. Whether nothing is left.
///
/// # Errors
/// That the database failed, or was opened without the message key where others are to be told.
pub(crate) fn erase_all_of(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    if !texts::erase_written_by(writing, permit, member)? || belonging::leave_one(writing, permit, member)? {
        return Ok(false);
    }
    let of = values![writing.community, member];
    let row = writing.conn.first("SELECT conversation FROM participant WHERE community = $1 AND member = $2", of)?;
    if let Some(row) = row {
        if writing.room() > 2 * CONVERSATION_MEMBERS {
            forget_in(writing, permit, row.get(0)?, member)?;
        }
        return Ok(false);
    }
    for table in ["messaging", "conversation_leaver", "conversation_leftover"] {
        writing.conn.execute(&format!("DELETE FROM {table} WHERE community = $1 AND member = $2"), of)?;
    }
    Ok(true)
}

/// Forgets that a member was in a conversation, and tells those who still hold it.
fn forget_in(
    writing: &mut Writing<'_>,
    permit: &Permit,
    conversation: ConversationId,
    member: MemberId,
) -> Result<(), Failure> {
    let of = values![writing.community, conversation, member];
    if !leftovers::is_forgotten(writing, conversation, member)? {
        return Ok(());
    }
    // A request by somebody who is nobody any more: of two it goes, of more it stands without a name.
    let asked = writing.conn.query(
        "SELECT member FROM participant WHERE community = $1 AND conversation = $2 AND added_by = $3
         AND member <> $3 AND standing = 'asked'",
        of,
    )?;
    let pair = rows::find(writing.conn, writing.community, conversation)?.is_some_and(|row| row.pair);
    for row in &asked {
        if pair {
            belonging::goes(writing, permit, conversation, row.get(0)?)?;
        }
    }
    let sql = "UPDATE participant SET added_by = $4 WHERE community = $1 AND conversation = $2 AND added_by = $3";
    writing.conn.execute(sql, values![writing.community, conversation, member, Uuid::nil()])?;
    for table in ["conversation_leftover", "message_withheld", "participant"] {
        let sql = format!("DELETE FROM {table} WHERE community = $1 AND conversation = $2 AND member = $3");
        writing.conn.execute(&sql, of)?;
    }
    if rows::find(writing.conn, writing.community, conversation)?.is_some_and(|row| row.is_held()) {
        let key = keys::key_or_new(writing, conversation)?;
        rows::publish(writing, permit, conversation, &key)?;
    }
    Ok(())
}
