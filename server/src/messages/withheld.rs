//! Which messages did not arrive at whom though they were taken: whoever declined, or is behind a block.
//!
//! What becomes of them later must take as many versions as if they had arrived, so that no count tells.

use super::rows::ParticipantRow;
use crate::{
    db::DbError,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{ConversationId, MemberId, MessageId, Stream};

/// Notes that a message did not arrive at a member.
pub(super) fn note(
    writing: &mut Writing<'_>,
    conversation: ConversationId,
    message: MessageId,
    member: MemberId,
) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO message_withheld (community, message, member, conversation) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, message, member) DO NOTHING",
        values![writing.community, message, member, conversation],
    )?;
    Ok(())
}

/// Whether a message is to count as if it had arrived at a member.
pub(super) fn is_from(writing: &mut Writing<'_>, message: MessageId, member: MemberId) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM message_withheld WHERE community = $1 AND message = $2 AND member = $3";
    Ok(writing.conn.first(sql, values![writing.community, message, member])?.is_some())
}

/// Notes what of a conversation is in the inbox of one who declines, which is taken out of it: no more than may
/// come before an answer.
pub(super) fn note_held(
    writing: &mut Writing<'_>,
    conversation: ConversationId,
    of: &ParticipantRow,
) -> Result<(), Failure> {
    let rows = writing.conn.query(
        "SELECT m.id FROM message m JOIN change c ON c.community = m.community AND c.stream = $4
            AND c.kind = 'message' AND c.id = m.id AND c.body IS NOT NULL
         WHERE m.community = $1 AND m.conversation = $2 AND m.position >= $3",
        values![writing.community, conversation, of.since, Stream::Member(of.member)],
    )?;
    let held = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<MessageId>, DbError>>()?;
    held.into_iter().try_for_each(|message| note(writing, conversation, message, of.member))
}

/// Forgets it of a message that is deleted.
pub(super) fn forget(writing: &mut Writing<'_>, message: MessageId) -> Result<(), Failure> {
    let sql = "DELETE FROM message_withheld WHERE community = $1 AND message = $2";
    writing.conn.execute(sql, values![writing.community, message])?;
    Ok(())
}

/// Forgets it of one who leaves a conversation.
pub(super) fn forget_of(
    writing: &mut Writing<'_>,
    conversation: ConversationId,
    member: MemberId,
) -> Result<(), Failure> {
    let sql = "DELETE FROM message_withheld WHERE community = $1 AND conversation = $2 AND member = $3";
    writing.conn.execute(sql, values![writing.community, conversation, member])?;
    Ok(())
}
