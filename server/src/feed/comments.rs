//! Comments on posts, and replies to comments: one level.

use super::{
    check_content, check_id, check_text,
    comment_row::{find, forget, put, remove_replies},
    hiding::check_shown,
    keep_earlier, leftovers, mentions,
    post_row::{self, PostRow},
    relation,
};
use crate::{
    db::fulltext,
    media::attaching,
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommentId, EntityKind, ErrorCode, MutationId, Position,
    feed::{Comment, CommentDeletion, CommentEdit, CommentWriting},
    limits::COMMENT_CHARS,
    rules::{Rule, on},
};

/// The comment with its post, from which everything about reading it comes.
fn found(writing: &mut Writing<'_>, id: CommentId) -> Result<(Comment, PostRow), Failure> {
    let comment = find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
    let post = post_row::find(writing.conn, writing.community, comment.post)?.ok_or(ErrorCode::NotFound)?;
    Ok((comment, post))
}

/// Comments on a post.
///
/// # Errors
/// Why not, as the member is told.
pub fn write_comment(
    writing: &mut Writing<'_>,
    actor: &Actor,
    id: MutationId,
    new: &CommentWriting,
) -> Result<(), Failure> {
    let post = post_row::find(writing.conn, writing.community, new.post)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation(writing, actor, post.stream, Some(post.post.author))?;
    let permit = policy::ask(actor, Action::WriteComment, relation)?;
    check_shown(post.post.hidden.as_ref())?;
    check_content(&new.text, COMMENT_CHARS, &new.attachments)?;
    check_id(writing, id.0)?;
    check_reply(writing, new)?;
    let comment = Comment {
        post: new.post,
        reply_to: new.reply_to,
        position: Position(writing.next_version().0),
        author: actor.id,
        text: new.text.clone(),
        text_by: id,
        created_us: writing.now_us,
        edited_us: None,
        mentions: mentions::readable(writing, post.stream, &new.mentions)?,
        hidden: None,
        attachments: attaching::attach(writing, actor, &new.attachments, (new.post, Some(id.into())))?,
    };
    insert(writing, id.into(), &comment)?;
    put(writing, &permit, &post, id.into(), &comment)?;
    index(writing, &post, id.into(), &comment)?;
    mentions::tell(writing, &permit, &comment.mentions, actor.id, new.post, Some(id.into()))?;
    post_row::count_comments(writing, &permit, post, 1)
}

/// A reply is to a comment on the same post that itself replies to none.
fn check_reply(writing: &mut Writing<'_>, new: &CommentWriting) -> Result<(), Failure> {
    let Some(above) = new.reply_to else { return Ok(()) };
    let above = find(writing.conn, writing.community, above)?.filter(|above| above.post == new.post);
    let above = above.ok_or(ErrorCode::NotFound)?;
    check_shown(above.hidden.as_ref())?;
    if above.reply_to.is_some() { Err(ErrorCode::WrongPlace.into()) } else { Ok(()) }
}

fn insert(writing: &mut Writing<'_>, id: CommentId, comment: &Comment) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO comment (community, id, post, reply_to, position, author, text, text_by, mentions, created_us,
         attachments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            writing.community,
            id,
            comment.post,
            comment.reply_to,
            comment.position,
            comment.author,
            comment.text.as_str(),
            comment.text_by,
            mentions::pack(&comment.mentions),
            comment.created_us,
            attaching::pack(&comment.attachments)?,
        ],
    )?;
    Ok(())
}

/// Changes a comment's text, unless it has changed since the edit was made.
///
/// # Errors
/// [`ErrorCode::Conflict`] where it has; or why not, as the member is told.
pub fn edit_comment(
    writing: &mut Writing<'_>,
    actor: &Actor,
    by: MutationId,
    edit: &CommentEdit,
) -> Result<(), Failure> {
    let (mut comment, post) = found(writing, edit.comment)?;
    let relation = relation(writing, actor, post.stream, Some(comment.author))?;
    let permit = policy::ask(actor, Action::EditComment, relation)?;
    check_shown(comment.hidden.as_ref())?;
    check_text(&edit.text, COMMENT_CHARS)?;
    if edit.base != comment.text_by && on(Rule::BaseMutation) {
        return Err(ErrorCode::Conflict.into());
    }
    let mentioned = mentions::readable(writing, post.stream, &edit.mentions)?;
    let (id, hangs) = (edit.comment, Some(edit.comment));
    keep_earlier(writing, id.0, comment.text_by.0, &comment.text)?;
    mentions::changed(writing, &permit, (&comment.mentions, &mentioned), comment.author, comment.post, hangs)?;
    comment.text.clone_from(&edit.text);
    comment.text_by = by;
    comment.edited_us = Some(writing.now_us);
    comment.mentions = mentioned;
    writing.conn.execute(
        "UPDATE comment SET text = $3, text_by = $4, edited_us = $5, mentions = $6 WHERE community = $1 AND id = $2",
        values![writing.community, id, edit.text.as_str(), by, writing.now_us, mentions::pack(&comment.mentions)],
    )?;
    put(writing, &permit, &post, id, &comment)?;
    index(writing, &post, id, &comment)
}

/// Deletes a comment with its replies.
///
/// # Errors
/// Why not, as the member is told.
pub fn delete_comment(writing: &mut Writing<'_>, actor: &Actor, deletion: &CommentDeletion) -> Result<(), Failure> {
    let (comment, post) = found(writing, deletion.comment)?;
    let relation = relation(writing, actor, post.stream, Some(comment.author))?;
    let permit = policy::ask(actor, Action::DeleteComment, relation)?;
    remove(writing, &permit, (deletion.comment, comment), post)
}

/// Deletes a comment because its erasure was asked for; whether there was one.
pub(crate) fn erase(writing: &mut Writing<'_>, permit: &Permit, id: CommentId) -> Result<bool, Failure> {
    let Some(comment) = find(writing.conn, writing.community, id)? else { return Ok(false) };
    match post_row::find(writing.conn, writing.community, comment.post)? {
        Some(post) => remove(writing, permit, (id, comment), post)?,
        // Its post is gone, and what that left in the stream is being swept up.
        None => forget(writing, permit, id, &comment)?,
    }
    Ok(true)
}

fn remove(
    writing: &mut Writing<'_>,
    permit: &Permit,
    (id, comment): (CommentId, Comment),
    post: PostRow,
) -> Result<(), Failure> {
    writing.gone(permit, post.stream, &EntityKind::Comment, id.0)?;
    forget(writing, permit, id, &comment)?;
    let (removed, done) = remove_replies(writing, permit, id, &post)?;
    if !done {
        leftovers::leave_replies(writing, id, post.id)?;
    }
    post_row::count_comments(writing, permit, post, -1 - removed)
}

/// Makes a comment findable by its words; one that is hidden is not.
pub(super) fn index(
    writing: &mut Writing<'_>,
    post: &PostRow,
    id: CommentId,
    comment: &Comment,
) -> Result<(), Failure> {
    if comment.hidden.is_some() {
        return Ok(fulltext::remove(writing.conn, writing.community, id.0)?);
    }
    let text = fulltext::Text {
        community: writing.community,
        id: id.0,
        post: comment.post.0,
        stream: post.stream,
        position: comment.position,
        text: &comment.text,
    };
    Ok(fulltext::put(writing.conn, &text)?)
}
