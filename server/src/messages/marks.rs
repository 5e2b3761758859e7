//! What a member marks for themselves: how far they have read, what is to be still, who may begin a
//! conversation with them. Only their inbox knows; nobody who wrote is told that they were read.

use super::{reach, rows};
use crate::{
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ConversationId, Entity, Position, Stream,
    messages::{ConversationMark, ConversationMuting, ConversationReading, Messaging, MessagingSetting},
};

/// Moves a read mark forward; one behind the present mark changes nothing.
///
/// # Errors
/// Why not, as the member is told.
pub fn read(writing: &mut Writing<'_>, actor: &Actor, reading: &ConversationReading) -> Result<(), Failure> {
    let permit = permit(writing, actor, reading.conversation)?;
    // Nobody has read what is not written yet; a mark beyond it would hide what comes.
    let read_to = Position(reading.position.0.min(writing.next_version().0 - 1));
    let moved = writing.conn.execute(
        "UPDATE participant SET read_to = $4
         WHERE community = $1 AND conversation = $2 AND member = $3 AND read_to < $4",
        values![writing.community, reading.conversation, actor.id, read_to],
    )?;
    if moved > 0 { put(writing, &permit, actor, reading.conversation) } else { Ok(()) }
}

/// Makes a conversation still, or not.
///
/// # Errors
/// Why not, as the member is told.
pub fn mute(writing: &mut Writing<'_>, actor: &Actor, muting: &ConversationMuting) -> Result<(), Failure> {
    let permit = permit(writing, actor, muting.conversation)?;
    let changed = writing.conn.execute(
        "UPDATE participant SET muted = $4
         WHERE community = $1 AND conversation = $2 AND member = $3 AND muted <> $4",
        values![writing.community, muting.conversation, actor.id, muting.muted],
    )?;
    if changed > 0 { put(writing, &permit, actor, muting.conversation) } else { Ok(()) }
}

fn permit(writing: &mut Writing<'_>, actor: &Actor, conversation: ConversationId) -> Result<Permit, Failure> {
    let row = rows::found(writing, conversation)?;
    Ok(policy::ask(actor, Action::MarkConversation, row.relation(actor.id, None))?)
}

fn put(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, conversation: ConversationId) -> Result<(), Failure> {
    let row = writing.conn.first(
        "SELECT read_to, muted FROM participant WHERE community = $1 AND conversation = $2 AND member = $3",
        values![writing.community, conversation, actor.id],
    )?;
    let Some(row) = row else { return Ok(()) };
    let entity = Entity::ConversationMark(ConversationMark { read_to: row.get(0)?, muted: row.get(1)? });
    writing.put(permit, Stream::Member(actor.id), conversation.0, None, &entity)?;
    Ok(())
}

/// Sets who may begin a conversation with a member.
///
/// # Errors
/// Why not, as the member is told.
pub fn set_messaging(writing: &mut Writing<'_>, actor: &Actor, setting: &MessagingSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetMessaging, Relation::NONE)?;
    if reach::accepts(writing.conn, writing.community, actor.id)? == setting.from {
        return Ok(());
    }
    writing.conn.execute(
        "INSERT INTO messaging (community, member, accepts) VALUES ($1, $2, $3)
         ON CONFLICT (community, member) DO UPDATE SET accepts = excluded.accepts",
        values![writing.community, actor.id, setting.from.as_str()],
    )?;
    let entity = Entity::Messaging(Messaging { from: setting.from });
    writing.put(&permit, Stream::Member(actor.id), actor.id.0, None, &entity)?;
    Ok(())
}
