//! Messages: writing, editing and deleting them. What is replaced or deleted is kept nowhere.

use super::{
    keys,
    reach::{self, Arrival},
    rows::{self, ConversationRow, ParticipantRow, Stands},
    withheld,
};
use crate::{
    blocks,
    db::{Connection, DbError},
    policy::{self, Action, Actor, Permit},
    sealing::ConversationKey,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, ConversationId, Entity, EntityKind, ErrorCode, MemberId, MessageId, MutationId, Position, Stream,
    limits::{CHANGES_WRITTEN_PER_REQUEST, CONVERSATION_MEMBERS, MESSAGE_CHARS},
    messages::{Message, MessageDeletion, MessageEdit, MessageWriting},
    rules::{Rule, on},
};

/// A message as the database knows it, without its text.
struct MessageRow {
    id: MessageId,
    conversation: ConversationId,
    position: Position,
    author: MemberId,
    text_by: MutationId,
    created_us: i64,
    edited_us: Option<i64>,
}

impl MessageRow {
    fn entity(&self, text: &str) -> Entity {
        Entity::Message(Message {
            conversation: self.conversation,
            position: self.position,
            author: self.author,
            text: text.to_owned(),
            text_by: self.text_by,
            created_us: self.created_us,
            edited_us: self.edited_us,
        })
    }
}

fn find(conn: &mut dyn Connection, community: CommunityId, id: MessageId) -> Result<Option<MessageRow>, DbError> {
    let row = conn.first(
        "SELECT conversation, position, author, text_by, created_us, edited_us FROM message
         WHERE community = $1 AND id = $2",
        values![community, id],
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(MessageRow {
        id,
        conversation: row.get(0)?,
        position: row.get(1)?,
        author: row.get(2)?,
        text_by: row.get(3)?,
        created_us: row.get(4)?,
        edited_us: row.get(5)?,
    }))
}

/// Writes a message. One who was asked has said yes by that.
///
/// # Errors
/// Why not, as the member is told.
pub fn write_message(
    writing: &mut Writing<'_>,
    actor: &Actor,
    by: MutationId,
    new: &MessageWriting,
) -> Result<(), Failure> {
    let conversation = rows::found(writing, new.conversation)?;
    let permit = policy::ask(actor, Action::WriteMessage, conversation.relation(actor.id, None))?;
    check_text(&new.text)?;
    check_id(writing, by.into())?;
    let arrivals = arrivals(writing, actor, &conversation)?;
    if !arrivals.iter().any(|(_, arrival)| matches!(arrival, Arrival::Delivered | Arrival::Withheld)) {
        let full = arrivals.iter().any(|(_, arrival)| *arrival == Arrival::Full);
        return Err(if full { ErrorCode::RequestWaiting } else { ErrorCode::NobodyThere }.into());
    }
    let key = keys::key_or_new(writing, conversation.id)?;
    if conversation.stands(actor.id) == Some(Stands::Asked) {
        rows::set_stands(writing, conversation.id, actor.id, Stands::In)?;
        rows::publish(writing, &permit, conversation.id, &key)?;
    }
    let row = MessageRow {
        id: by.into(),
        conversation: conversation.id,
        position: Position(writing.next_version().0),
        author: actor.id,
        text_by: by,
        created_us: writing.now_us,
        edited_us: None,
    };
    insert(writing, &key, &row, &new.text)?;
    let entity = row.entity(&new.text);
    put(writing, &permit, actor.id, &row, &entity, &key)?;
    for (to, arrival) in &arrivals {
        match arrival {
            Arrival::Delivered => put(writing, &permit, to.member, &row, &entity, &key)?,
            Arrival::Withheld => {
                withheld::note(writing, conversation.id, row.id, to.member)?;
                writing.withhold(&permit)?;
            }
            Arrival::Full | Arrival::Away => continue,
        }
        if to.stands != Stands::In {
            count_received(writing, conversation.id, to.member)?;
        }
    }
    Ok(())
}

/// What becomes of a message at everybody else in its conversation.
fn arrivals<'c>(
    writing: &mut Writing<'_>,
    actor: &Actor,
    conversation: &'c ConversationRow,
) -> Result<Vec<(&'c ParticipantRow, Arrival)>, Failure> {
    let others = conversation.participants.iter().filter(|participant| participant.member != actor.id);
    let arrivals = others.map(|to| Ok((to, reach::arrival(writing.conn, writing.community, actor.id, to)?)));
    Ok(arrivals.collect::<Result<_, DbError>>()?)
}

fn count_received(writing: &mut Writing<'_>, conversation: ConversationId, member: MemberId) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE participant SET received = received + 1 WHERE community = $1 AND conversation = $2 AND member = $3",
        values![writing.community, conversation, member],
    )?;
    Ok(())
}

/// Changes the text of one's own message, unless it has changed since the edit was made.
///
/// # Errors
/// [`ErrorCode::Conflict`] where it has; or why not, as the member is told.
pub fn edit_message(
    writing: &mut Writing<'_>,
    actor: &Actor,
    by: MutationId,
    edit: &MessageEdit,
) -> Result<(), Failure> {
    let (mut row, conversation, permit) = own(writing, actor, Action::EditMessage, edit.message)?;
    check_text(&edit.text)?;
    if edit.base != row.text_by && on(Rule::BaseMutation) {
        return Err(ErrorCode::Conflict.into());
    }
    let key = keys::key_or_new(writing, conversation.id)?;
    (row.text_by, row.edited_us) = (by, Some(writing.now_us));
    let sealed = seal(writing, &key, row.id, &edit.text)?;
    writing.conn.execute(
        "UPDATE message SET text = $3, text_by = $4, edited_us = $5 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, sealed, by, writing.now_us],
    )?;
    let entity = row.entity(&edit.text);
    put(writing, &permit, actor.id, &row, &entity, &key)?;
    for (to, arrival) in arrivals(writing, actor, &conversation)? {
        if arrival == Arrival::Away {
            continue;
        }
        let has = has(writing, to.member, row.id)?;
        if has && !blocks::between(writing.conn, writing.community, actor.id, to.member)? {
            put(writing, &permit, to.member, &row, &entity, &key)?;
        } else if has || withheld::is_from(writing, row.id, to.member)? {
            writing.withhold(&permit)?;
        }
    }
    Ok(())
}

/// Deletes one's own message, for everybody.
///
/// # Errors
/// Why not, as the member is told.
pub fn delete_message(writing: &mut Writing<'_>, actor: &Actor, deletion: &MessageDeletion) -> Result<(), Failure> {
    let (row, conversation, permit) = own(writing, actor, Action::DeleteMessage, deletion.message)?;
    remove(writing, &permit, &row, &conversation)
}

/// Deletes a message because its erasure was asked for. Needs no message key.
///
/// # Errors
/// That the database failed.
pub(crate) fn erase_message(writing: &mut Writing<'_>, permit: &Permit, id: MessageId) -> Result<(), Failure> {
    let Some(row) = find(writing.conn, writing.community, id)? else { return Ok(()) };
    let conversation = rows::found(writing, row.conversation)?;
    remove(writing, permit, &row, &conversation)
}

/// Deletes what a member has written, as much as there is room for. Whether nothing of it is left.
pub(super) fn erase_written_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let rows = writing.conn.query(
        "SELECT id FROM message WHERE community = $1 AND author = $2 LIMIT $3",
        values![writing.community, member, i64::try_from(CHANGES_WRITTEN_PER_REQUEST).unwrap_or(i64::MAX)],
    )?;
    let ids = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<MessageId>, DbError>>()?;
    for id in &ids {
        // One change for each who is or was in the conversation, and as many that are withheld.
        if writing.room() < 2 * CONVERSATION_MEMBERS {
            return Ok(false);
        }
        erase_message(writing, permit, *id)?;
    }
    Ok(ids.len() < CHANGES_WRITTEN_PER_REQUEST)
}

fn remove(
    writing: &mut Writing<'_>,
    permit: &Permit,
    row: &MessageRow,
    conversation: &ConversationRow,
) -> Result<(), Failure> {
    writing.conn.execute("DELETE FROM message WHERE community = $1 AND id = $2", values![writing.community, row.id])?;
    // One's own first, as when it was written: the order of the others' ids must not tell who was passed over.
    writing.gone(permit, Stream::Member(row.author), &EntityKind::Message, row.id.0)?;
    for participant in conversation.participants.iter().filter(|participant| participant.member != row.author) {
        writing.gone(permit, Stream::Member(participant.member), &EntityKind::Message, row.id.0)?;
        if withheld::is_from(writing, row.id, participant.member)? {
            writing.withhold(permit)?;
        }
    }
    withheld::forget(writing, row.id)
}

/// A message that a member holds, and may do that with.
fn own(
    writing: &mut Writing<'_>,
    actor: &Actor,
    action: Action,
    id: MessageId,
) -> Result<(MessageRow, ConversationRow, Permit), Failure> {
    let row = find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
    let conversation = rows::found(writing, row.conversation)?;
    let mut relation = conversation.relation(actor.id, Some(row.author));
    relation.reads &= has(writing, actor.id, id)?;
    let permit = policy::ask(actor, action, relation)?;
    Ok((row, conversation, permit))
}

/// Whether a message is in a member's inbox.
fn has(writing: &mut Writing<'_>, member: MemberId, id: MessageId) -> Result<bool, Failure> {
    let row = writing.conn.first(
        "SELECT 1 FROM change WHERE community = $1 AND stream = $2 AND kind = 'message' AND id = $3
         AND body IS NOT NULL",
        values![writing.community, Stream::Member(member), id],
    )?;
    Ok(row.is_some())
}

fn insert(writing: &mut Writing<'_>, key: &ConversationKey, row: &MessageRow, text: &str) -> Result<(), Failure> {
    let sealed = seal(writing, key, row.id, text)?;
    writing.conn.execute(
        "INSERT INTO message (community, id, conversation, position, author, text, text_by, created_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            writing.community,
            row.id,
            row.conversation,
            row.position,
            row.author,
            sealed,
            row.text_by,
            row.created_us,
        ],
    )?;
    Ok(())
}

fn seal(writing: &Writing<'_>, key: &ConversationKey, id: MessageId, text: &str) -> Result<Vec<u8>, Failure> {
    let about: [&[u8]; 3] = [b"text", writing.community.0.as_bytes(), id.0.as_bytes()];
    Ok(key.seal(writing.surroundings, &about, text.as_bytes())?)
}

fn put(
    writing: &mut Writing<'_>,
    permit: &Permit,
    to: MemberId,
    row: &MessageRow,
    entity: &Entity,
    key: &ConversationKey,
) -> Result<(), Failure> {
    let inbox = Stream::Member(to);
    writing.put_sealed(permit, inbox, row.id.0, Some(row.position), entity, (row.conversation, key))?;
    Ok(())
}

fn check_text(text: &str) -> Result<(), ErrorCode> {
    if text.trim().is_empty() {
        Err(ErrorCode::TextEmpty)
    } else if text.contains('\0') {
        Err(ErrorCode::Malformed)
    } else if text.chars().count() > MESSAGE_CHARS {
        Err(ErrorCode::TextTooLong)
    } else {
        Ok(())
    }
}

/// Refuses an id that was erased, or that a message bears already.
fn check_id(writing: &mut Writing<'_>, id: MessageId) -> Result<(), Failure> {
    let of = values![writing.community, id];
    let erased = "SELECT 1 FROM erased WHERE community = $1 AND id = $2";
    if on(Rule::ErasedIds) && writing.conn.first(erased, of)?.is_some() {
        return Err(ErrorCode::Erased.into());
    }
    if find(writing.conn, writing.community, id)?.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    Ok(())
}
