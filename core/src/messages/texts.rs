//! Messages of one conversation, with the outbox laid over them.

use super::{
    MessageView,
    laid::{Laid, delivery, is_mirrored, lays_over},
    list::name_of,
};
use crate::{
    error::StoreError,
    feed::{Delivery, written_us},
    store::{
        mirror::{
            places,
            read::{self, Mirrored},
        },
        view::View,
    },
    sync::replica::{State, Waiting},
};
use enishi_protocol::{
    ConversationId, MemberId, MessageId, MutationId, Operation, Position,
    messages::{Message, MessageEdit, MessageWriting},
};
use rusqlite::{Params, params};

/// Messages of the mirror in a conversation with `from <= position <= to`, at most `limit`, the newest
/// first or the oldest first.
pub(super) fn range(
    view: &View<'_>,
    conversation: ConversationId,
    (from, to): (i64, i64),
    newest_first: bool,
    limit: usize,
) -> Result<Vec<MessageView>, StoreError> {
    let order = if newest_first { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {} FROM message WHERE conversation = ?1 AND place BETWEEN ?2 AND ?3 AND {}
         ORDER BY place {order} LIMIT ?4",
        read::MESSAGE,
        seen(view)
    );
    let (first, last) = places(view.inbox());
    let (from, to) = (first.saturating_add(from), first.saturating_add(to).min(last));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query(view, &sql, params![conversation.0.as_bytes(), from, to, limit])
}

/// A condition in SQL that leaves out whose content this member does not see.
pub(super) fn seen(view: &View<'_>) -> String {
    view.unseen.condition("message.author").unwrap_or_else(|| "1".into())
}

/// The unread message of somebody else that a conversation has, the newest or the oldest.
pub(super) fn unread_one(view: &View<'_>, laid: &Laid, newest: bool) -> Result<Option<MessageView>, StoreError> {
    let order = if newest { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {} FROM message WHERE conversation = ?1 AND place > ?2 AND place <= ?3 AND author != ?4 AND {}
         ORDER BY place {order} LIMIT 1",
        read::MESSAGE,
        seen(view)
    );
    let (first, last) = places(view.inbox());
    let after = first.saturating_add(read_from(laid).0.max(0)).min(last);
    let me = view.member.0.as_bytes();
    Ok(query(view, &sql, params![laid.id.0.as_bytes(), after, last, me])?.pop())
}

/// Messages of the inbox at these places, newest first.
pub(super) fn at(view: &View<'_>, places: &[i64]) -> Result<Vec<MessageView>, StoreError> {
    let sql = format!(
        "SELECT {} FROM message WHERE place IN (SELECT value FROM json_each(?1)) ORDER BY place DESC",
        read::MESSAGE
    );
    query(view, &sql, [serde_json::to_string(places)?])
}

fn query(view: &View<'_>, sql: &str, parameters: impl Params) -> Result<Vec<MessageView>, StoreError> {
    let mut statement = view.connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        messages.extend(over(view, read::message(row)?)?);
    }
    Ok(messages)
}

/// A message of the mirror.
fn held(view: &View<'_>, id: MessageId) -> Result<Option<Mirrored<Message>>, StoreError> {
    let (from, to) = places(view.inbox());
    let sql = format!("SELECT {} FROM message WHERE id = ?1 AND place BETWEEN ?2 AND ?3", read::MESSAGE);
    let mut statement = view.connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![id.0.as_bytes(), from, to])?;
    rows.next()?.map(read::message).transpose()
}

/// A message as it shows now; none where there is none, or its deletion waits.
pub(crate) fn find(view: &View<'_>, id: MessageId) -> Result<Option<MessageView>, StoreError> {
    if let Some(row) = held(view, id)? {
        return over(view, row);
    }
    let Some(entry) = view.entry(MutationId(id.0)) else { return Ok(None) };
    let Some(Operation::WriteMessage(writing)) = &entry.operation else { return Ok(None) };
    pending(view, &entry.waiting, writing)
}

/// The text that a message has on the server.
pub(crate) fn text_now(view: &View<'_>, id: MessageId) -> Result<Option<(String, MutationId)>, StoreError> {
    Ok(held(view, id)?.map(|row| (row.entity.text, row.entity.text_by)))
}

/// A message of the mirror with everything laid over it; none where it is deleted.
fn over(view: &View<'_>, row: Mirrored<Message>) -> Result<Option<MessageView>, StoreError> {
    let message = row.entity;
    let shown = MessageView {
        id: row.id.into(),
        conversation: message.conversation,
        position: Some(message.position),
        author: message.author,
        author_name: name_of(view, message.author)?,
        own: message.author == view.member,
        text: message.text,
        text_by: message.text_by,
        created_us: message.created_us,
        edited: message.edited_us.is_some(),
        delivery: Delivery::Sent,
    };
    Ok(lay(view, shown, |waiting| lays_over(view, waiting, (row.version, row.mutation))))
}

/// A message that is only in the outbox; none where its deletion waits as well.
fn pending(view: &View<'_>, waiting: &Waiting, wrote: &MessageWriting) -> Result<Option<MessageView>, StoreError> {
    let shown = MessageView {
        id: waiting.id.into(),
        conversation: wrote.conversation,
        position: None,
        author: view.member,
        author_name: name_of(view, view.member)?,
        own: true,
        text: wrote.text.clone(),
        text_by: waiting.id,
        created_us: written_us(waiting.id),
        edited: false,
        delivery: delivery(waiting),
    };
    Ok(lay(view, shown, |_| true))
}

fn lay(view: &View<'_>, mut shown: MessageView, lays: impl Fn(&Waiting) -> bool) -> Option<MessageView> {
    for entry in view.overlay.iter() {
        let refused = entry.waiting.needs_attention();
        match &entry.operation {
            Some(Operation::EditMessage(edit)) if edit.message == shown.id && refused => {
                shown.delivery = delivery(&entry.waiting);
            }
            Some(Operation::EditMessage(edit)) if edit.message == shown.id && lays(&entry.waiting) => {
                lay_edit(&mut shown, &entry.waiting, edit);
            }
            Some(Operation::DeleteMessage(deletion))
                if deletion.message == shown.id && !refused && lays(&entry.waiting) =>
            {
                return None;
            }
            _ => {}
        }
    }
    Some(shown)
}

fn lay_edit(shown: &mut MessageView, waiting: &Waiting, edit: &MessageEdit) {
    shown.text.clone_from(&edit.text);
    shown.text_by = waiting.id;
    shown.edited = true;
    if waiting.state == State::Waiting {
        shown.delivery = Delivery::Pending;
    }
}

/// Messages of this member that the mirror does not have yet, in the order in which they were
/// written; refused ones too, which the member has to choose about.
pub(super) fn written_here(
    view: &View<'_>,
    conversation: Option<ConversationId>,
) -> Result<Vec<MessageView>, StoreError> {
    let mut messages = Vec::new();
    for entry in view.overlay.iter() {
        let Some(Operation::WriteMessage(writing)) = &entry.operation else { continue };
        if conversation.is_some_and(|conversation| conversation != writing.conversation)
            || is_mirrored(view, entry.waiting.id.0)?
        {
            continue;
        }
        messages.extend(pending(view, &entry.waiting, writing)?);
    }
    Ok(messages)
}

/// Fills in the names that the directory does not have from the conversation's own list.
pub(super) fn named(mut messages: Vec<MessageView>, laid: &Laid) -> Vec<MessageView> {
    let name_in = |author: MemberId| {
        let known = laid.participants.iter().find(|participant| participant.member == author);
        known.map(|participant| participant.name.clone()).filter(|name| !name.is_empty())
    };
    for message in messages.iter_mut().filter(|message| message.author_name.is_none()) {
        message.author_name = name_in(message.author);
    }
    messages
}

/// The position above which a member has not read; what was there before they came is not theirs.
pub(super) fn read_from(laid: &Laid) -> Position {
    Position(laid.mark.read_to.0.max(laid.since.0 - 1))
}
