//! What a member can do in a feed.
//!
//! Each command checks what the server would refuse anyway, and with the same code, so that the
//! member hears it while still writing. It changes nothing: the wish goes into the outbox.

use super::{comments, details::by_id, unread::read_to};
use crate::{
    error::StoreError,
    store::{Store, Wish, media, view::View},
};
use enishi_protocol::{
    CommentId, CommunityId, ErrorCode, MemberId, MutationId, Operation, Position, PostId, Stream,
    feed::{
        Bookmarking, CommentDeletion, CommentEdit, CommentWriting, PostDeletion, PostEdit, PostKind, PostMove,
        PostPinning, PostWriting, Reacting, Reading,
    },
    limits,
    media::Attaching,
    polls::{Choice, Poll, Voting},
};

/// Checks a text against its limit in characters.
pub(crate) fn check_text(text: &str, limit: usize) -> Result<(), StoreError> {
    if text.trim().is_empty() {
        return Err(StoreError::Refused(ErrorCode::TextEmpty));
    }
    check_length(text, limit)
}

/// Checks a text that may be empty.
pub(crate) fn check_length(text: &str, limit: usize) -> Result<(), StoreError> {
    if text.chars().count() > limit { Err(StoreError::Refused(ErrorCode::TextTooLong)) } else { Ok(()) }
}

fn check_mentions(mentions: &[MemberId]) -> Result<(), StoreError> {
    if mentions.len() > limits::MENTIONS { Err(StoreError::Refused(ErrorCode::TooMany)) } else { Ok(()) }
}

/// Checks a text that may be empty where something else is shown.
fn check_shown(text: &str, limit: usize, shows: &[Attaching]) -> Result<(), StoreError> {
    if shows.is_empty() { check_text(text, limit) } else { check_length(text, limit) }
}

/// Makes sure that files were picked here and that nothing else in the outbox shows them.
fn check_files(view: &View<'_>, shows: &[Attaching]) -> Result<(), StoreError> {
    if shows.len() > limits::ATTACHMENTS {
        return Err(StoreError::Refused(ErrorCode::TooMany));
    }
    for (number, attaching) in shows.iter().enumerate() {
        check_length(&attaching.alt, limits::ALT_CHARS)?;
        let shown_by = |operation: &Operation| operation.attachments().iter().any(|other| other.id == attaching.id);
        let twice = shows[..number].iter().any(|other| other.id == attaching.id);
        let used = twice || view.overlay.iter().any(|entry| entry.operation.as_ref().is_some_and(shown_by));
        if used || media::picked(view.connection, attaching.id)?.is_none() {
            return Err(StoreError::Refused(ErrorCode::AttachmentLost));
        }
    }
    Ok(())
}

/// Writes a post into a feed. `mentions` are members named in the text.
pub fn write_post(
    store: &Store,
    community: CommunityId,
    stream: Stream,
    kind: PostKind,
    text: &str,
    mentions: &[MemberId],
) -> Result<Wish, StoreError> {
    let (text, mentions) = (text.to_owned(), mentions.to_vec());
    let (poll, attachments) = (None, Vec::new());
    write_post_as(store, community, PostWriting { stream, kind, text, mentions, poll, attachments })
}

/// Writes a post that lets members vote; its text is the question.
pub fn write_poll(
    store: &Store,
    community: CommunityId,
    stream: Stream,
    text: &str,
    poll: Poll,
    mentions: &[MemberId],
) -> Result<Wish, StoreError> {
    let (kind, text, mentions, poll) = (PostKind::Question, text.to_owned(), mentions.to_vec(), Some(poll));
    write_post_as(store, community, PostWriting { stream, kind, text, mentions, poll, attachments: Vec::new() })
}

/// Writes a post as it is given, with the picked files that it shows.
pub fn write_post_as(store: &Store, community: CommunityId, writing: PostWriting) -> Result<Wish, StoreError> {
    if writing.poll.as_ref().is_some_and(|poll| !poll.is_sound()) {
        return Err(StoreError::Refused(ErrorCode::PollInvalid));
    }
    check_shown(&writing.text, limits::POST_CHARS, &writing.attachments)?;
    check_mentions(&writing.mentions)?;
    store.view(community, |view| {
        check_files(view, &writing.attachments)?;
        let parent = feed_parent(view, writing.stream)?;
        Ok(Wish { operation: Operation::WritePost(writing), parent })
    })
}

/// The mutation that creates the feed, where it is a group that the server does not have yet.
fn feed_parent(view: &View<'_>, stream: Stream) -> Result<Option<MutationId>, StoreError> {
    if !stream.has_feed() {
        return Err(StoreError::Refused(ErrorCode::WrongPlace));
    }
    if view.copies.contains_key(&stream) {
        return Ok(None);
    }
    match stream {
        Stream::Group(group) => view.parent(group.0)?.map(Some).ok_or(StoreError::Refused(ErrorCode::WrongPlace)),
        _ => Err(StoreError::Refused(ErrorCode::WrongPlace)),
    }
}

/// Makes sure that a post is there to do something with, and finds the mutation that it waits for.
pub(crate) fn post_parent(view: &View<'_>, post: PostId) -> Result<Option<MutationId>, StoreError> {
    let parent = view.parent(post.0)?;
    let known = parent.is_some() || by_id(view, post)?.is_some();
    if known { Ok(parent) } else { Err(StoreError::Refused(ErrorCode::NotFound)) }
}

/// Changes a post's text, based on the text that the member sees now: a waiting edit's, or the mirror's.
pub fn edit_post(
    store: &Store,
    community: CommunityId,
    post: PostId,
    text: &str,
    mentions: &[MemberId],
) -> Result<Wish, StoreError> {
    check_text(text, limits::POST_CHARS)?;
    check_mentions(mentions)?;
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        let (base, parent) = base_of_post(view, post, parent)?;
        let (text, mentions) = (text.to_owned(), mentions.to_vec());
        Ok(Wish { operation: Operation::EditPost(PostEdit { post, base, text, mentions }), parent })
    })
}

/// What an edit is made on, and what it waits for.
pub(crate) fn base_of_post(
    view: &View<'_>,
    post: PostId,
    parent: Option<MutationId>,
) -> Result<(MutationId, Option<MutationId>), StoreError> {
    let edits = view.shown_operations().filter(|(_, operation)| match operation {
        Operation::EditPost(edit) => edit.post == post,
        _ => false,
    });
    if let Some((waiting, _)) = edits.last() {
        return Ok((waiting.id, Some(waiting.id)));
    }
    match by_id(view, post)? {
        Some(details) => Ok((details.post.entity.text_by, parent)),
        None => Ok((MutationId(post.0), parent)),
    }
}

/// Deletes a post with all that hangs on it.
pub fn delete_post(store: &Store, community: CommunityId, post: PostId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        Ok(Wish { operation: Operation::DeletePost(PostDeletion { post }), parent })
    })
}

/// Moves a post to another feed.
pub fn move_post(store: &Store, community: CommunityId, post: PostId, stream: Stream) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let group = feed_parent(view, stream)?;
        let parent = post_parent(view, post)?.or(group);
        Ok(Wish { operation: Operation::MovePost(PostMove { post, stream }), parent })
    })
}

/// Pins a post to the top of its feed, or takes it off.
pub fn pin_post(store: &Store, community: CommunityId, post: PostId, pinned: bool) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        Ok(Wish { operation: Operation::PinPost(PostPinning { post, pinned }), parent })
    })
}

/// Writes a comment on a post, or a reply to a comment on it. A reply to a reply goes to the comment
/// that both hang on: there is one level.
pub fn write_comment(
    store: &Store,
    community: CommunityId,
    post: PostId,
    reply_to: Option<CommentId>,
    text: &str,
    mentions: &[MemberId],
) -> Result<Wish, StoreError> {
    let (text, mentions) = (text.to_owned(), mentions.to_vec());
    write_comment_as(store, community, CommentWriting { post, reply_to, text, mentions, attachments: Vec::new() })
}

/// Writes a comment as it is given, with the picked files that it shows.
pub fn write_comment_as(store: &Store, community: CommunityId, writing: CommentWriting) -> Result<Wish, StoreError> {
    check_shown(&writing.text, limits::COMMENT_CHARS, &writing.attachments)?;
    check_mentions(&writing.mentions)?;
    store.view(community, |view| {
        check_files(view, &writing.attachments)?;
        let (post, reply_to) = (writing.post, writing.reply_to);
        let mut parent = post_parent(view, post)?;
        let mut reply_to = reply_to;
        if let Some(comment) = reply_to {
            let above = comments::find(view, comment)?.filter(|above| above.post == post);
            let above = above.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            reply_to = Some(above.reply_to.unwrap_or(comment));
            parent = view.parent(reply_to.unwrap_or(comment).0)?.or(parent);
        }
        Ok(Wish { operation: Operation::WriteComment(CommentWriting { reply_to, ..writing }), parent })
    })
}

/// Changes a comment's text, based on the text that the member sees now.
pub fn edit_comment(
    store: &Store,
    community: CommunityId,
    comment: CommentId,
    text: &str,
    mentions: &[MemberId],
) -> Result<Wish, StoreError> {
    check_text(text, limits::COMMENT_CHARS)?;
    check_mentions(mentions)?;
    store.view(community, |view| {
        let (base, parent) = base_of_comment(view, comment)?;
        let (text, mentions) = (text.to_owned(), mentions.to_vec());
        Ok(Wish { operation: Operation::EditComment(CommentEdit { comment, base, text, mentions }), parent })
    })
}

/// What an edit of a comment is made on, and what it waits for.
pub(crate) fn base_of_comment(
    view: &View<'_>,
    comment: CommentId,
) -> Result<(MutationId, Option<MutationId>), StoreError> {
    let parent = view.parent(comment.0)?;
    let found = comments::find(view, comment)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    let edits = view.shown_operations().filter(|(_, operation)| match operation {
        Operation::EditComment(edit) => edit.comment == comment,
        _ => false,
    });
    Ok(match edits.last() {
        Some((waiting, _)) => (waiting.id, Some(waiting.id)),
        None => (found.text_by, parent),
    })
}

/// Deletes a comment with its replies.
pub fn delete_comment(store: &Store, community: CommunityId, comment: CommentId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = view.parent(comment.0)?;
        if comments::find(view, comment)?.is_none() {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        Ok(Wish { operation: Operation::DeleteComment(CommentDeletion { comment }), parent })
    })
}

/// Adds a reaction to a post or takes it back.
pub fn react(
    store: &Store,
    community: CommunityId,
    post: PostId,
    reaction: &str,
    on: bool,
) -> Result<Wish, StoreError> {
    let odd = reaction.chars().any(|character| character.is_whitespace() || character.is_control());
    if reaction.is_empty() || reaction.len() > limits::REACTION_BYTES || odd {
        return Err(StoreError::Refused(ErrorCode::ReactionInvalid));
    }
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        Ok(Wish { operation: Operation::React(Reacting { post, reaction: reaction.to_owned(), on }), parent })
    })
}

/// Votes in a post's poll in place of what this member chose before; no choices take the vote back.
///
/// Whether the poll has closed is for the server's clock to say.
pub fn vote(store: &Store, community: CommunityId, post: PostId, choices: &[Choice]) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        let poll = match (by_id(view, post)?, view.entry(post.0.into()).and_then(|entry| entry.operation.as_ref())) {
            (Some(details), _) => details.post.entity.poll,
            (None, Some(Operation::WritePost(writing))) => writing.poll.clone(),
            _ => None,
        };
        let choices = poll.and_then(|poll| poll.allowed(choices));
        let choices = choices.ok_or(StoreError::Refused(ErrorCode::ChoiceInvalid))?;
        Ok(Wish { operation: Operation::Vote(Voting { post, choices }), parent })
    })
}

/// Bookmarks a post or takes the bookmark off.
pub fn bookmark(store: &Store, community: CommunityId, post: PostId, on: bool) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = post_parent(view, post)?;
        Ok(Wish { operation: Operation::Bookmark(Bookmarking { post, on }), parent })
    })
}

/// Moves this member's read mark forward. None where it already stands there or further.
pub fn mark_read(
    store: &Store,
    community: CommunityId,
    stream: Stream,
    position: Position,
) -> Result<Option<Wish>, StoreError> {
    store.view(community, |view| {
        let news = read_to(view, stream)?.is_none_or(|read_to| read_to < position);
        Ok(news.then(|| Wish::free(Operation::Read(Reading { stream, position }))))
    })
}
