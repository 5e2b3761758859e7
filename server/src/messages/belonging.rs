//! Answering a request, leaving a conversation, and leaving all of them with the community.

use super::{
    keys, leftovers,
    rows::{self, ConversationRow, Stands},
    withheld,
};
use crate::{
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ConversationId, MemberId,
    limits::CONVERSATION_MEMBERS,
    messages::{ConversationDecision, ConversationLeaving},
};

/// Answers a request. A yes is told to the others; a no to nobody: it only leaves one's own inbox.
///
/// # Errors
/// Why not, as the member is told.
pub fn decide(writing: &mut Writing<'_>, actor: &Actor, decision: &ConversationDecision) -> Result<(), Failure> {
    let row = rows::found(writing, decision.conversation)?;
    let permit = policy::ask(actor, Action::DecideConversation, row.relation(actor.id, None))?;
    if row.stands(actor.id) != Some(Stands::Asked) {
        // It was answered with yes before; one who has changed their mind leaves.
        return Ok(());
    }
    if decision.accept {
        rows::set_stands(writing, row.id, actor.id, Stands::In)?;
        let key = keys::key_or_new(writing, row.id)?;
        return rows::publish(writing, &permit, row.id, &key);
    }
    declines(writing, &permit, &row, actor.id)
}

/// Nobody is told; what has arrived counts on as if it were there.
fn declines(
    writing: &mut Writing<'_>,
    permit: &Permit,
    row: &ConversationRow,
    member: MemberId,
) -> Result<(), Failure> {
    if let Some(of) = row.of(member) {
        withheld::note_held(writing, row.id, of)?;
    }
    rows::set_stands(writing, row.id, member, Stands::Declined)?;
    leftovers::take_from(writing, permit, row.id, member)
}

/// Leaves a conversation. One who was only asked has declined by that.
///
/// # Errors
/// Why not, as the member is told.
pub fn leave(writing: &mut Writing<'_>, actor: &Actor, leaving: &ConversationLeaving) -> Result<(), Failure> {
    let row = rows::found(writing, leaving.conversation)?;
    let permit = policy::ask(actor, Action::LeaveConversation, row.relation(actor.id, None))?;
    if row.stands(actor.id) == Some(Stands::Asked) {
        return declines(writing, &permit, &row, actor.id);
    }
    goes(writing, &permit, row.id, actor.id)
}

/// A member is in it no more, and the others are told.
pub(super) fn goes(
    writing: &mut Writing<'_>,
    permit: &Permit,
    conversation: ConversationId,
    member: MemberId,
) -> Result<(), Failure> {
    rows::set_stands(writing, conversation, member, Stands::Left)?;
    withheld::forget_of(writing, conversation, member)?;
    let key = keys::key_or_new(writing, conversation)?;
    rows::publish(writing, permit, conversation, &key)?;
    leftovers::take_from(writing, permit, conversation, member)
}

/// Notes that a member whose membership ends is to leave every conversation: a chore does that, as it needs
/// more than one write may have, and the message key.
///
/// # Errors
/// That the database failed.
pub(crate) fn note_leaver(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO conversation_leaver (community, member) VALUES ($1, $2) ON CONFLICT (community, member) DO NOTHING",
        values![writing.community, member],
    )?;
    Ok(())
}

/// Takes a member out of one of the conversations that they are in or were asked to. Whether there was one.
///
/// # Errors
/// That the database failed, or was opened without the message key.
pub(crate) fn leave_one(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let row = writing.conn.first(
        "SELECT conversation FROM participant WHERE community = $1 AND member = $2 AND standing IN ('in', 'asked')
         ORDER BY conversation LIMIT 1",
        values![writing.community, member],
    )?;
    let Some(row) = row else { return Ok(false) };
    // What is told to the others, and the beginning of what leaves the inbox.
    if writing.room() > CONVERSATION_MEMBERS + 2 {
        goes(writing, permit, row.get(0)?, member)?;
    }
    Ok(true)
}
