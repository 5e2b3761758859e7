//! Comments on posts, and replies to comments: one level.

use super::{
    check_id, check_text, forget_earlier, keep_earlier, leftovers, mentions,
    posts::{self, PostRow},
    relation,
};
use crate::{
    db::{Connection, DbError, Row, fulltext},
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommentId, CommunityId, Entity, EntityKind, ErrorCode, MutationId, Position,
    feed::{Comment, CommentDeletion, CommentEdit, CommentWriting},
    limits::COMMENT_CHARS,
    rules::{Rule, on},
};

const COMMENT: &str =
    "SELECT id, post, reply_to, position, author, text, text_by, created_us, edited_us, mentions FROM comment";

fn read(row: &Row) -> Result<(CommentId, Comment), DbError> {
    let comment = Comment {
        post: row.get(1)?,
        reply_to: row.get(2)?,
        position: row.get(3)?,
        author: row.get(4)?,
        text: row.get(5)?,
        text_by: row.get(6)?,
        created_us: row.get(7)?,
        edited_us: row.get(8)?,
        mentions: mentions::unpack(&row.get::<Vec<u8>>(9)?),
    };
    Ok((row.get(0)?, comment))
}

pub(super) fn find(
    conn: &mut dyn Connection,
    community: CommunityId,
    id: CommentId,
) -> Result<Option<Comment>, DbError> {
    let row = conn.first(&format!("{COMMENT} WHERE community = $1 AND id = $2"), values![community, id])?;
    Ok(row.as_ref().map(read).transpose()?.map(|(_, comment)| comment))
}

/// The comment with its post, from which everything about reading it comes.
fn found(writing: &mut Writing<'_>, id: CommentId) -> Result<(Comment, PostRow), Failure> {
    let comment = find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
    let post = posts::find(writing.conn, writing.community, comment.post)?.ok_or(ErrorCode::NotFound)?;
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
    let post = posts::find(writing.conn, writing.community, new.post)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation(writing, actor, post.stream, Some(post.post.author))?;
    let permit = policy::ask(actor, Action::WriteComment, relation)?;
    check_text(&new.text, COMMENT_CHARS)?;
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
    };
    insert(writing, id.into(), &comment)?;
    put(writing, &permit, &post, id.into(), &comment)?;
    index(writing, &post, id.into(), &comment)?;
    mentions::tell(writing, &permit, &comment.mentions, actor.id, new.post, Some(id.into()))?;
    posts::count_comments(writing, &permit, post, 1)
}

/// A reply is to a comment on the same post that itself replies to none.
fn check_reply(writing: &mut Writing<'_>, new: &CommentWriting) -> Result<(), Failure> {
    let Some(above) = new.reply_to else { return Ok(()) };
    let above = find(writing.conn, writing.community, above)?.filter(|above| above.post == new.post);
    match above.ok_or(ErrorCode::NotFound)?.reply_to {
        Some(_) => Err(ErrorCode::WrongPlace.into()),
        None => Ok(()),
    }
}

fn insert(writing: &mut Writing<'_>, id: CommentId, comment: &Comment) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO comment (community, id, post, reply_to, position, author, text, text_by, mentions, created_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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

/// Deletes a comment because its erasure was asked for, where there is one.
pub(crate) fn erase_comment(writing: &mut Writing<'_>, permit: &Permit, id: CommentId) -> Result<(), Failure> {
    match found(writing, id) {
        Ok((comment, post)) => remove(writing, permit, (id, comment), post),
        Err(Failure::Refused(ErrorCode::NotFound)) => Ok(()),
        Err(other) => Err(other),
    }
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
    posts::count_comments(writing, permit, post, -1 - removed)
}

/// Removes as many replies to a comment as there is room for: how many, and whether those were all.
pub(super) fn remove_replies(
    writing: &mut Writing<'_>,
    permit: &Permit,
    to: CommentId,
    post: &PostRow,
) -> Result<(i64, bool), Failure> {
    let rows = writing.conn.query(
        &format!("{COMMENT} WHERE community = $1 AND post = $2 AND reply_to = $3 LIMIT $4"),
        values![writing.community, post.id, to, i64::try_from(writing.room()).unwrap_or(i64::MAX)],
    )?;
    let mut removed = 0;
    for (id, reply) in rows.iter().map(read).collect::<Result<Vec<_>, _>>()? {
        if writing.room() < leftovers::ROOM {
            return Ok((removed, false));
        }
        writing.gone(permit, post.stream, &EntityKind::Comment, id.0)?;
        forget(writing, permit, id, &reply)?;
        removed += 1;
    }
    Ok((removed, true))
}

/// Removes a comment from everything but its stream.
pub(super) fn forget(
    writing: &mut Writing<'_>,
    permit: &Permit,
    id: CommentId,
    comment: &Comment,
) -> Result<(), Failure> {
    writing.conn.execute("DELETE FROM comment WHERE community = $1 AND id = $2", values![writing.community, id])?;
    fulltext::remove(writing.conn, writing.community, id.0)?;
    forget_earlier(writing, id.0)?;
    mentions::forget(writing, permit, &comment.mentions, id.0)
}

pub(super) fn put(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: &PostRow,
    id: CommentId,
    comment: &Comment,
) -> Result<(), Failure> {
    writing.put(permit, post.stream, id.0, Some(post.post.position), &Entity::Comment(comment.clone()))?;
    Ok(())
}

fn index(writing: &mut Writing<'_>, post: &PostRow, id: CommentId, comment: &Comment) -> Result<(), Failure> {
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
