//! What a member can do with messages. Like all commands: checked here, decided by the server.

use super::{ConversationView, laid, list, texts};
use crate::{
    blocks::is_shown,
    error::StoreError,
    feed::commands::{check_length, check_text},
    store::{Store, Wish, view::View},
};
use enishi_protocol::{
    CommunityId, ConversationId, ErrorCode, MemberId, MessageId, MutationId, Operation, Position,
    limits::{CONVERSATION_MEMBERS, CONVERSATION_TITLE_CHARS, MESSAGE_CHARS},
    messages::{
        ConversationAdding, ConversationDecision, ConversationLeaving, ConversationMuting, ConversationReading,
        ConversationStart, ConversationTitling, MessageDeletion, MessageEdit, MessageWriting, MessagesFrom,
        MessagingSetting, Participation,
    },
};
use std::collections::BTreeSet;

/// How a conversation is begun.
#[derive(Clone, Debug, PartialEq)]
pub enum Beginning {
    /// It is there already.
    There(ConversationId),
    /// By this wish; its id is [`ConversationStart::conversation`].
    Wish(Wish, ConversationStart),
}

/// Begins a conversation with other members, or goes on with the one that two have.
///
/// # Errors
/// [`ErrorCode::TooMany`], [`ErrorCode::ConversationOfTwo`] for a title on one of two, and others.
pub fn start(
    store: &Store,
    community: CommunityId,
    with: &[MemberId],
    title: Option<&str>,
) -> Result<Beginning, StoreError> {
    check_length(title.unwrap_or_default(), CONVERSATION_TITLE_CHARS)?;
    store.view(community, |view| {
        let with: BTreeSet<MemberId> = with.iter().copied().filter(|member| *member != view.member).collect();
        if with.len() >= CONVERSATION_MEMBERS {
            return Err(StoreError::Refused(ErrorCode::TooMany));
        }
        if with.is_empty() {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        let title = title.map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
        if with.len() == 1 && title.is_some() {
            return Err(StoreError::Refused(ErrorCode::ConversationOfTwo));
        }
        let start = ConversationStart { with: with.into_iter().collect(), title };
        if let [other] = start.with[..] {
            let id = ConversationId::of_two(view.member, other);
            let held = laid::find(view, id)?.filter(|laid| laid.asked_by.is_none());
            let both = |laid: &laid::Laid| {
                laid.participants.iter().all(|participant| participant.participation != Participation::Left)
            };
            if held.as_ref().is_some_and(both) {
                return Ok(Beginning::There(id));
            }
        }
        check_others(view, &start.with)?;
        Ok(Beginning::Wish(Wish::free(Operation::StartConversation(start.clone())), start))
    })
}

/// Only who is shown here can be written to: all others are answered like who does not exist. Whom this member has
/// blocked hears nothing from them.
fn check_others<'m>(view: &View<'_>, members: impl IntoIterator<Item = &'m MemberId>) -> Result<(), StoreError> {
    for member in members {
        if view.unseen.blocked.contains(member) {
            return Err(StoreError::Refused(ErrorCode::NotReachable));
        }
        if !is_shown(view, *member)? {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
    }
    Ok(())
}

/// Makes sure that a conversation is there, and finds the mutation that it waits for.
fn known(view: &View<'_>, id: ConversationId) -> Result<(ConversationView, Option<MutationId>), StoreError> {
    let parent = beginning(view, id)?;
    let laid = laid::find(view, id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    Ok((list::of(view, laid)?.1, parent))
}

/// The mutation of this outbox that begins a conversation.
fn beginning(view: &View<'_>, id: ConversationId) -> Result<Option<MutationId>, StoreError> {
    let mut parent = None;
    for entry in view.overlay.iter() {
        let Some(Operation::StartConversation(start)) = &entry.operation else { continue };
        if start.conversation(view.member, entry.waiting.id) == id {
            parent = Some(entry);
        }
    }
    match parent {
        // One of two that is there already needs no beginning.
        Some(entry) if entry.waiting.needs_attention() && laid::find(view, id)?.is_none() => {
            Err(StoreError::Refused(ErrorCode::ParentRefused))
        }
        Some(entry) => Ok(Some(entry.waiting.id).filter(|_| !entry.waiting.needs_attention())),
        None => Ok(None),
    }
}

fn about(
    store: &Store,
    community: CommunityId,
    id: ConversationId,
    operation: impl FnOnce(&ConversationView) -> Result<Operation, ErrorCode>,
) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let (conversation, parent) = known(view, id)?;
        Ok(Wish { operation: operation(&conversation).map_err(StoreError::Refused)?, parent })
    })
}

fn of_many(conversation: &ConversationView) -> Result<(), ErrorCode> {
    if conversation.pair { Err(ErrorCode::ConversationOfTwo) } else { Ok(()) }
}

/// Adds members to a conversation of more than two.
pub fn add(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    members: &[MemberId],
) -> Result<Wish, StoreError> {
    store.view(community, |view| check_others(view, members))?;
    about(store, community, conversation, |shown| {
        of_many(shown)?;
        let new = members.iter().filter(|member| !shown.participants.iter().any(|known| known.member == **member));
        if shown.participants.len() + new.count() > CONVERSATION_MEMBERS {
            return Err(ErrorCode::TooMany);
        }
        Ok(Operation::AddToConversation(ConversationAdding { conversation, members: members.to_vec() }))
    })
}

/// Leaves a conversation: it and its messages leave this member's phones.
pub fn leave(store: &Store, community: CommunityId, conversation: ConversationId) -> Result<Wish, StoreError> {
    about(store, community, conversation, |_| Ok(Operation::LeaveConversation(ConversationLeaving { conversation })))
}

/// Gives a conversation of more than two a title, or takes it off.
pub fn set_title(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    title: Option<&str>,
) -> Result<Wish, StoreError> {
    check_length(title.unwrap_or_default(), CONVERSATION_TITLE_CHARS)?;
    about(store, community, conversation, |shown| {
        of_many(shown)?;
        let title = title.map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
        Ok(Operation::TitleConversation(ConversationTitling { conversation, title }))
    })
}

/// Answers a request to take part in a conversation.
pub fn decide(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    accept: bool,
) -> Result<Wish, StoreError> {
    about(store, community, conversation, |_| {
        Ok(Operation::DecideConversation(ConversationDecision { conversation, accept }))
    })
}

/// Makes a conversation still, or not.
pub fn mute(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    muted: bool,
) -> Result<Wish, StoreError> {
    about(store, community, conversation, |_| {
        Ok(Operation::MuteConversation(ConversationMuting { conversation, muted }))
    })
}

/// Moves this member's read mark forward. None where it already stands there or further.
pub fn mark_read(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    position: Position,
) -> Result<Option<Wish>, StoreError> {
    store.view(community, |view| {
        let (shown, parent) = known(view, conversation)?;
        let news = shown.read_to.is_none_or(|read_to| read_to < position);
        let operation = Operation::ReadConversation(ConversationReading { conversation, position });
        Ok(news.then_some(Wish { operation, parent }))
    })
}

/// Sets who may begin a conversation with this member.
pub fn set_messaging(from: MessagesFrom) -> Wish {
    Wish::free(Operation::SetMessaging(MessagingSetting { from }))
}

/// Writes a message. In a request that is a yes.
pub fn write(
    store: &Store,
    community: CommunityId,
    conversation: ConversationId,
    text: &str,
) -> Result<Wish, StoreError> {
    check_text(text, MESSAGE_CHARS)?;
    let text = text.to_owned();
    about(store, community, conversation, |_| Ok(Operation::WriteMessage(MessageWriting { conversation, text })))
}

/// Changes the text of one's own message, based on the text that the member sees now.
pub fn edit(store: &Store, community: CommunityId, message: MessageId, text: &str) -> Result<Wish, StoreError> {
    check_text(text, MESSAGE_CHARS)?;
    store.view(community, |view| {
        let parent = own(view, message)?;
        let (base, parent) = base_of(view, message, parent)?;
        Ok(Wish { operation: Operation::EditMessage(MessageEdit { message, base, text: text.to_owned() }), parent })
    })
}

/// What an edit is made on, and what it waits for.
pub(crate) fn base_of(
    view: &View<'_>,
    message: MessageId,
    parent: Option<MutationId>,
) -> Result<(MutationId, Option<MutationId>), StoreError> {
    let edits = view.shown_operations().filter(|(_, operation)| match operation {
        Operation::EditMessage(edit) => edit.message == message,
        _ => false,
    });
    if let Some((waiting, _)) = edits.last() {
        return Ok((waiting.id, Some(waiting.id)));
    }
    let held = texts::text_now(view, message)?;
    Ok((held.map_or(MutationId(message.0), |(_, text_by)| text_by), parent))
}

/// Deletes one's own message for everybody.
pub fn delete(store: &Store, community: CommunityId, message: MessageId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = own(view, message)?;
        Ok(Wish { operation: Operation::DeleteMessage(MessageDeletion { message }), parent })
    })
}

/// Makes sure that a message is there and this member's, and finds the mutation that it waits for.
fn own(view: &View<'_>, message: MessageId) -> Result<Option<MutationId>, StoreError> {
    let parent = view.parent(message.0)?;
    let found = texts::find(view, message)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    if found.own { Ok(parent) } else { Err(StoreError::Refused(ErrorCode::NotAllowed)) }
}
