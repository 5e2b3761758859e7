//! Posts: writing, editing, pinning, moving and deleting them.

use super::{
    check_content, check_id, check_text, forget_earlier,
    hiding::{self, check_shown},
    keep_earlier, leftovers, mentions,
    post_row::{PostRow, find, kind_name},
    relation,
};
use crate::{
    db::fulltext,
    media::attaching,
    policy::{self, Action, Actor, Permit},
    polls, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MutationId, Position, PostId, Stream,
    feed::{Post, PostDeletion, PostEdit, PostKind, PostMove, PostPinning, PostWriting},
    limits::{PINS, POST_CHARS},
    rules::{Rule, on},
};

/// The post, and what the member is to it; one whose stream they cannot read is answered by policy
/// like one that does not exist.
fn found(writing: &mut Writing<'_>, id: PostId) -> Result<PostRow, Failure> {
    Ok(find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?)
}

fn permit(writing: &mut Writing<'_>, actor: &Actor, action: Action, row: &PostRow) -> Result<Permit, Failure> {
    let relation = relation(writing, actor, row.stream, Some(row.post.author))?;
    Ok(policy::ask(actor, action, relation)?)
}

/// Writes a post. Its id is the mutation's, its place the version it gets now.
///
/// # Errors
/// Why not, as the member is told.
pub fn write_post(writing: &mut Writing<'_>, actor: &Actor, id: MutationId, new: &PostWriting) -> Result<(), Failure> {
    if !new.stream.has_feed() {
        return Err(ErrorCode::WrongPlace.into());
    }
    let action = if new.kind == PostKind::Announcement { Action::Announce } else { Action::WritePost };
    let relation = relation(writing, actor, new.stream, Some(actor.id))?;
    let permit = policy::ask(actor, action, relation)?;
    check_content(&new.text, POST_CHARS, &new.attachments)?;
    check_id(writing, id.0)?;
    polls::check(new.poll.as_ref(), writing.now_us)?;
    let post = Post {
        position: Position(writing.next_version().0),
        author: actor.id,
        kind: new.kind,
        text: new.text.clone(),
        text_by: id,
        created_us: writing.now_us,
        edited_us: None,
        pinned: false,
        mentions: mentions::readable(writing, new.stream, &new.mentions)?,
        poll: new.poll.clone(),
        hidden: None,
        attachments: attaching::attach(writing, actor, &new.attachments, (id.into(), None))?,
    };
    let row = PostRow { id: id.into(), stream: new.stream, comments: 0, post };
    insert(writing, &row)?;
    put(writing, &permit, &row)?;
    index(writing, &row)?;
    mentions::tell(writing, &permit, &row.post.mentions, actor.id, row.id, None)
}

fn insert(writing: &mut Writing<'_>, row: &PostRow) -> Result<(), Failure> {
    let post = &row.post;
    writing.conn.execute(
        "INSERT INTO post (community, id, stream, position, author, kind, text, text_by, mentions, created_us, poll,
          attachments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            writing.community,
            row.id,
            row.stream,
            post.position,
            post.author,
            kind_name(post.kind),
            post.text.as_str(),
            post.text_by,
            mentions::pack(&post.mentions),
            post.created_us,
            polls::column(post.poll.as_ref())?,
            attaching::pack(&post.attachments)?,
        ],
    )?;
    Ok(())
}

/// Changes a post's text, unless it has changed since the edit was made.
///
/// # Errors
/// [`ErrorCode::Conflict`] where it has; or why not, as the member is told.
pub fn edit_post(writing: &mut Writing<'_>, actor: &Actor, by: MutationId, edit: &PostEdit) -> Result<(), Failure> {
    let mut row = found(writing, edit.post)?;
    let permit = permit(writing, actor, Action::EditPost, &row)?;
    check_shown(row.post.hidden.as_ref())?;
    check_text(&edit.text, POST_CHARS)?;
    if edit.base != row.post.text_by && on(Rule::BaseMutation) {
        return Err(ErrorCode::Conflict.into());
    }
    let mentioned = mentions::readable(writing, row.stream, &edit.mentions)?;
    keep_earlier(writing, row.id.0, row.post.text_by.0, &row.post.text)?;
    mentions::changed(writing, &permit, (&row.post.mentions, &mentioned), row.post.author, row.id, None)?;
    row.post.text.clone_from(&edit.text);
    row.post.text_by = by;
    row.post.edited_us = Some(writing.now_us);
    row.post.mentions = mentioned;
    writing.conn.execute(
        "UPDATE post SET text = $3, text_by = $4, edited_us = $5, mentions = $6 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, edit.text.as_str(), by, writing.now_us, mentions::pack(&row.post.mentions)],
    )?;
    put(writing, &permit, &row)?;
    index(writing, &row)
}

/// Pins a post to the top of its feed, or takes the pin off.
///
/// # Errors
/// [`ErrorCode::TooMany`] where as many as fit are pinned; or why not, as the member is told.
pub fn pin_post(writing: &mut Writing<'_>, actor: &Actor, pinning: &PostPinning) -> Result<(), Failure> {
    let mut row = found(writing, pinning.post)?;
    let own = row.stream == Stream::Community && row.post.author == actor.id;
    let action = if own { Action::PinOwnPost } else { Action::PinPost };
    let permit = permit(writing, actor, action, &row)?;
    check_shown(row.post.hidden.as_ref())?;
    if row.post.pinned == pinning.pinned {
        return Ok(());
    }
    if pinning.pinned && pins(writing, row.stream)? >= PINS {
        return Err(ErrorCode::TooMany.into());
    }
    set_pinned(writing, &mut row, pinning.pinned)?;
    put(writing, &permit, &row)
}

fn pins(writing: &mut Writing<'_>, stream: Stream) -> Result<usize, Failure> {
    let rows = writing.conn.query(
        "SELECT id FROM post WHERE community = $1 AND stream = $2 AND pinned = 1",
        values![writing.community, stream],
    )?;
    Ok(rows.len())
}

fn set_pinned(writing: &mut Writing<'_>, row: &mut PostRow, pinned: bool) -> Result<(), Failure> {
    row.post.pinned = pinned;
    writing.conn.execute(
        "UPDATE post SET pinned = $3 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, pinned],
    )?;
    Ok(())
}

/// Moves a post to another feed, with all that hangs on it. A pin stays behind.
///
/// # Errors
/// Why not, as the member is told.
pub fn move_post(writing: &mut Writing<'_>, actor: &Actor, moving: &PostMove) -> Result<(), Failure> {
    if !moving.stream.has_feed() {
        return Err(ErrorCode::WrongPlace.into());
    }
    let mut row = found(writing, moving.post)?;
    let permit = permit(writing, actor, Action::MovePost, &row)?;
    let there = relation(writing, actor, moving.stream, Some(row.post.author))?;
    let into = if row.post.kind == PostKind::Announcement { Action::Announce } else { Action::WritePost };
    policy::ask(actor, into, there)?;
    check_shown(row.post.hidden.as_ref())?;
    if row.stream == moving.stream {
        return Ok(());
    }
    let old = row.stream;
    row.stream = moving.stream;
    writing.conn.execute(
        "UPDATE post SET stream = $3 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, row.stream],
    )?;
    set_pinned(writing, &mut row, false)?;
    fulltext::move_post(writing.conn, writing.community, row.id.0, row.stream)?;
    writing.gone(&permit, old, &EntityKind::Post, row.id.0)?;
    put(writing, &permit, &row)?;
    mentions::moved(writing, &permit, &row.post.mentions, row.stream, row.id.0)?;
    if on(Rule::DependantsMove) {
        leftovers::leave(writing, &permit, row.id, old, row.post.position)?;
    }
    Ok(())
}

/// Deletes a post with all that hangs on it.
///
/// # Errors
/// Why not, as the member is told.
pub fn delete_post(writing: &mut Writing<'_>, actor: &Actor, deletion: &PostDeletion) -> Result<(), Failure> {
    let row = found(writing, deletion.post)?;
    let permit = permit(writing, actor, Action::DeletePost, &row)?;
    remove(writing, &permit, &row)
}

/// Deletes a post because its erasure was asked for; whether there was one.
pub(crate) fn erase(writing: &mut Writing<'_>, permit: &Permit, id: PostId) -> Result<bool, Failure> {
    match find(writing.conn, writing.community, id)? {
        Some(row) => remove(writing, permit, &row).map(|()| true),
        None => Ok(false),
    }
}

fn remove(writing: &mut Writing<'_>, permit: &Permit, row: &PostRow) -> Result<(), Failure> {
    writing.conn.execute("DELETE FROM post WHERE community = $1 AND id = $2", values![writing.community, row.id])?;
    fulltext::remove(writing.conn, writing.community, row.id.0)?;
    forget_earlier(writing, row.id.0)?;
    attaching::forget_of_post(writing, row.id)?;
    writing.gone(permit, row.stream, &EntityKind::Post, row.id.0)?;
    mentions::forget(writing, permit, &row.post.mentions, row.id.0)?;
    hiding::forget(writing, permit, row.id.0)?;
    leftovers::leave(writing, permit, row.id, row.stream, row.post.position)
}

pub(super) fn put(writing: &mut Writing<'_>, permit: &Permit, row: &PostRow) -> Result<(), Failure> {
    writing.put(permit, row.stream, row.id.0, Some(row.post.position), &Entity::Post(row.post.clone()))?;
    Ok(())
}

/// Makes a post findable by its words; one that is hidden is not.
pub(super) fn index(writing: &mut Writing<'_>, row: &PostRow) -> Result<(), Failure> {
    if row.post.hidden.is_some() {
        return Ok(fulltext::remove(writing.conn, writing.community, row.id.0)?);
    }
    let text = fulltext::Text {
        community: writing.community,
        id: row.id.0,
        post: row.id.0,
        stream: row.stream,
        position: row.post.position,
        text: &row.post.text,
    };
    Ok(fulltext::put(writing.conn, &text)?)
}
