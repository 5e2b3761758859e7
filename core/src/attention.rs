//! Needs attention: what the server refused, kept until the member has chosen.
//!
//! A refused mutation is decided for good, so trying again is a new mutation; what was refused only
//! because it hung on that one goes along, under ids that fit.

use crate::{
    error::StoreError,
    feed::{commands, comments, details::by_id},
    messages,
    store::{NewWrite, Store, Wish, overlay::Entry, view::View},
    sync::replica::State,
};
use enishi_protocol::{CommunityId, ErrorCode, GroupId, MutationId, Operation, Stream, limits};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A refused mutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    /// Which mutation.
    pub id: MutationId,
    /// Why. It has words for a person.
    pub reason: ErrorCode,
    /// The operation's name on the wire.
    pub kind: String,
    /// What it was to do; none where this build does not know the operation.
    pub operation: Option<Operation>,
    /// What the member wrote, where it was a text.
    pub yours: Option<String>,
    /// On a conflict, the text as it is now.
    pub theirs: Option<String>,
}

/// What needs attention, oldest first.
pub fn needs_attention(store: &Store, community: CommunityId) -> Result<Vec<Attention>, StoreError> {
    store.view(community, |view| {
        let refused = view.overlay.iter().filter_map(|entry| match entry.waiting.state {
            State::Attention(reason) => Some((entry, reason)),
            _ => None,
        });
        refused.map(|(entry, reason)| attention(view, entry, reason)).collect()
    })
}

fn attention(view: &View<'_>, entry: &Entry, reason: ErrorCode) -> Result<Attention, StoreError> {
    let theirs = match (&entry.operation, reason) {
        (Some(Operation::EditPost(edit)), ErrorCode::Conflict) => {
            by_id(view, edit.post)?.map(|details| details.post.entity.text)
        }
        (Some(Operation::EditComment(edit)), ErrorCode::Conflict) => {
            comments::find(view, edit.comment)?.map(|comment| comment.text)
        }
        (Some(Operation::EditMessage(edit)), ErrorCode::Conflict) => {
            messages::text_now(view, edit.message)?.map(|(text, _)| text)
        }
        _ => None,
    };
    Ok(Attention {
        id: entry.waiting.id,
        reason,
        kind: entry.kind.clone(),
        yours: entry.operation.as_ref().and_then(text_of).cloned(),
        operation: entry.operation.clone(),
        theirs,
    })
}

fn text_of(operation: &Operation) -> Option<&String> {
    match operation {
        Operation::WritePost(writing) => Some(&writing.text),
        Operation::EditPost(edit) => Some(&edit.text),
        Operation::WriteComment(writing) => Some(&writing.text),
        Operation::EditComment(edit) => Some(&edit.text),
        Operation::SetProfile(setting) => setting.value.as_ref(),
        Operation::CreateGroup(creation) => Some(&creation.name),
        Operation::WriteMessage(writing) => Some(&writing.text),
        Operation::EditMessage(edit) => Some(&edit.text),
        Operation::StartConversation(start) => start.title.as_ref(),
        Operation::TitleConversation(titling) => titling.title.as_ref(),
        _ => None,
    }
}

/// What a member changed of something refused before trying it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change<'t> {
    /// Another text.
    pub text: Option<&'t str>,
    /// It shall show no files any more.
    pub without_files: bool,
}

/// A refused mutation that is to be tried again as another.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// The refused one, to be discarded once the new one is written.
    pub old: MutationId,
    /// The new one.
    pub write: NewWrite,
    /// What the new one cannot be applied without.
    pub parent: Option<MutationId>,
}

/// Tries a refused mutation again, with what the member changed, and with it what was refused only
/// because of it. To be written in this order; an edit is based on the text as it
/// is now.
///
/// # Errors
/// [`ErrorCode::NotFound`] where no such mutation needs attention, [`ErrorCode::UnknownMutation`]
/// where this build does not know it, and what the command itself would be refused for.
pub fn again(
    store: &Store,
    community: CommunityId,
    id: MutationId,
    change: Change<'_>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Vec<Again>, StoreError> {
    store.view(community, |view| {
        let mut renamed = BTreeMap::new();
        let mut writes = Vec::new();
        for entry in view.overlay.iter().filter(|entry| entry.waiting.needs_attention()) {
            let first = entry.waiting.id == id;
            let follows = entry.waiting.state == State::Attention(ErrorCode::ParentRefused)
                && entry.waiting.parent.is_some_and(|parent| renamed.contains_key(&parent.0));
            if !first && !follows {
                continue;
            }
            let write = entry.write().ok_or(StoreError::Refused(ErrorCode::UnknownMutation))?;
            let change = if first { change } else { Change::default() };
            let wish = anew(view, entry, write.operation, change, &renamed)?;
            let new = MutationId(new_id());
            renamed.insert(id_of(entry), new.0);
            let write = NewWrite { id: new, operation: wish.operation };
            writes.push(Again { old: entry.waiting.id, write, parent: wish.parent });
        }
        if writes.is_empty() { Err(StoreError::Refused(ErrorCode::NotFound)) } else { Ok(writes) }
    })
}

fn id_of(entry: &Entry) -> Uuid {
    entry.waiting.id.0
}

fn anew(
    view: &View<'_>,
    entry: &Entry,
    mut operation: Operation,
    change: Change<'_>,
    renamed: &BTreeMap<Uuid, Uuid>,
) -> Result<Wish, StoreError> {
    if change.without_files {
        operation.drop_attachments();
    }
    if let Some(text) = change.text {
        set_text(&mut operation, text)?;
    }
    check_not_empty(&operation)?;
    rename(&mut operation, renamed);
    let old_parent = entry.waiting.parent;
    let mut parent = match old_parent.and_then(|parent| renamed.get(&parent.0)) {
        Some(new) => Some(MutationId(*new)),
        None => old_parent.filter(|parent| view.entry(*parent).is_some_and(|entry| !entry.waiting.needs_attention())),
    };
    let moved_along = parent.is_some_and(|parent| renamed.values().any(|new| *new == parent.0));
    match &mut operation {
        Operation::EditPost(edit) if !moved_along => {
            (edit.base, parent) = commands::base_of_post(view, edit.post, parent)?;
        }
        Operation::EditComment(edit) if !moved_along => {
            (edit.base, parent) = commands::base_of_comment(view, edit.comment)?;
        }
        Operation::EditMessage(edit) if !moved_along => {
            (edit.base, parent) = messages::commands::base_of(view, edit.message, parent)?;
        }
        _ => {}
    }
    Ok(Wish { operation, parent })
}

/// Without its files something may have nothing left to say.
fn check_not_empty(operation: &Operation) -> Result<(), StoreError> {
    match operation {
        Operation::WritePost(writing) if writing.attachments.is_empty() => {
            commands::check_text(&writing.text, limits::POST_CHARS)
        }
        Operation::WriteComment(writing) if writing.attachments.is_empty() => {
            commands::check_text(&writing.text, limits::COMMENT_CHARS)
        }
        _ => Ok(()),
    }
}

fn set_text(operation: &mut Operation, text: &str) -> Result<(), StoreError> {
    let (limit, held) = match operation {
        Operation::WritePost(writing) => (limits::POST_CHARS, &mut writing.text),
        Operation::EditPost(edit) => (limits::POST_CHARS, &mut edit.text),
        Operation::WriteComment(writing) => (limits::COMMENT_CHARS, &mut writing.text),
        Operation::EditComment(edit) => (limits::COMMENT_CHARS, &mut edit.text),
        Operation::CreateGroup(creation) => (limits::GROUP_NAME_CHARS, &mut creation.name),
        Operation::WriteMessage(writing) => (limits::MESSAGE_CHARS, &mut writing.text),
        Operation::EditMessage(edit) => (limits::MESSAGE_CHARS, &mut edit.text),
        _ => return Err(StoreError::Refused(ErrorCode::WrongPlace)),
    };
    let empty = text.trim().is_empty();
    commands::check_length(text, limit)?;
    text.clone_into(held);
    if empty && operation.attachments().is_empty() { Err(StoreError::Refused(ErrorCode::TextEmpty)) } else { Ok(()) }
}

/// Points an operation at the new ids of what it hangs on.
fn rename(operation: &mut Operation, renamed: &BTreeMap<Uuid, Uuid>) {
    let set = |id: &mut Uuid| {
        if let Some(new) = renamed.get(id) {
            *id = *new;
        }
    };
    let set_stream = |stream: &mut Stream| {
        if let Stream::Group(GroupId(group)) = stream {
            set(group);
        }
    };
    match operation {
        Operation::WritePost(writing) => set_stream(&mut writing.stream),
        Operation::EditPost(edit) => {
            set(&mut edit.post.0);
            set(&mut edit.base.0);
        }
        Operation::DeletePost(deletion) => set(&mut deletion.post.0),
        Operation::MovePost(moving) => {
            set(&mut moving.post.0);
            set_stream(&mut moving.stream);
        }
        Operation::PinPost(pinning) => set(&mut pinning.post.0),
        Operation::WriteComment(writing) => {
            set(&mut writing.post.0);
            if let Some(comment) = &mut writing.reply_to {
                set(&mut comment.0);
            }
        }
        Operation::EditComment(edit) => {
            set(&mut edit.comment.0);
            set(&mut edit.base.0);
        }
        Operation::DeleteComment(deletion) => set(&mut deletion.comment.0),
        Operation::React(reacting) => set(&mut reacting.post.0),
        Operation::Vote(voting) => set(&mut voting.post.0),
        Operation::Bookmark(bookmarking) => set(&mut bookmarking.post.0),
        Operation::InviteToGroup(inviting) => set(&mut inviting.group.0),
        Operation::RevokeInvitation(revoking) => set(&mut revoking.invitation.0),
        Operation::AddToConversation(adding) => set(&mut adding.conversation.0),
        Operation::LeaveConversation(leaving) => set(&mut leaving.conversation.0),
        Operation::TitleConversation(titling) => set(&mut titling.conversation.0),
        Operation::ReadConversation(reading) => set(&mut reading.conversation.0),
        Operation::MuteConversation(muting) => set(&mut muting.conversation.0),
        Operation::WriteMessage(writing) => set(&mut writing.conversation.0),
        Operation::EditMessage(edit) => {
            set(&mut edit.message.0);
            set(&mut edit.base.0);
        }
        Operation::DeleteMessage(deletion) => set(&mut deletion.message.0),
        _ => {}
    }
}
