//! What a member marks for themselves: bookmarks, and how far they have read. Only their inbox knows.

use super::{post_row, relation};
use crate::{
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, Position, PostId, Stream,
    feed::{Bookmark, Bookmarking, ReadMark, Reading},
};

/// Adds or removes a bookmark.
///
/// # Errors
/// Why not, as the member is told.
pub fn set_bookmark(writing: &mut Writing<'_>, actor: &Actor, bookmarking: &Bookmarking) -> Result<(), Failure> {
    let post = post_row::find(writing.conn, writing.community, bookmarking.post)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation(writing, actor, post.stream, Some(post.post.author))?;
    let permit = policy::ask(actor, Action::Bookmark, relation)?;
    let inbox = Stream::Member(actor.id);
    if !bookmarking.on {
        return remove(writing, &permit, bookmarking.post, actor.id);
    }
    let added = writing.conn.execute(
        "INSERT INTO bookmark (community, post, member, at_us) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, post, member) DO NOTHING",
        values![writing.community, bookmarking.post, actor.id, writing.now_us],
    )?;
    if added > 0 {
        let entity = Entity::Bookmark(Bookmark { at_us: writing.now_us });
        writing.put(&permit, inbox, bookmarking.post.0, None, &entity)?;
    }
    Ok(())
}

fn remove(writing: &mut Writing<'_>, permit: &Permit, post: PostId, member: MemberId) -> Result<(), Failure> {
    writing.conn.execute(
        "DELETE FROM bookmark WHERE community = $1 AND post = $2 AND member = $3",
        values![writing.community, post, member],
    )?;
    writing.gone(permit, Stream::Member(member), &EntityKind::Bookmark, post.0)?;
    Ok(())
}

/// Takes bookmarks of a post that is gone from at most `members` inboxes. Whether none are left.
pub(super) fn forget(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    members: usize,
) -> Result<bool, Failure> {
    let limit = i64::try_from(members).unwrap_or(i64::MAX);
    let rows = writing.conn.query(
        "SELECT member FROM bookmark WHERE community = $1 AND post = $2 LIMIT $3",
        values![writing.community, post, limit],
    )?;
    for row in &rows {
        remove(writing, permit, post, row.get(0)?)?;
    }
    Ok(rows.len() < members)
}

/// Moves a read mark forward; one behind the present mark changes nothing.
///
/// # Errors
/// Why not, as the member is told.
pub fn mark_read(writing: &mut Writing<'_>, actor: &Actor, reading: &Reading) -> Result<(), Failure> {
    if !reading.stream.has_feed() {
        return Err(ErrorCode::WrongPlace.into());
    }
    let relation = relation(writing, actor, reading.stream, None)?;
    let permit = policy::ask(actor, Action::MarkRead, relation)?;
    // Nobody has read what is not written yet; a mark beyond it would hide what comes.
    let position = Position(reading.position.0.min(writing.next_version().0 - 1));
    let moved = writing.conn.execute(
        "INSERT INTO read_mark (community, member, stream, position) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, member, stream) DO UPDATE SET position = excluded.position
         WHERE read_mark.position < excluded.position",
        values![writing.community, actor.id, reading.stream, position],
    )?;
    if moved > 0 {
        let id = match reading.stream {
            Stream::Group(group) => group.0,
            _ => writing.community.0,
        };
        let entity = Entity::ReadMark(ReadMark { stream: reading.stream, position });
        writing.put(&permit, Stream::Member(actor.id), id, None, &entity)?;
    }
    Ok(())
}

/// Forgets all marks of a member, without telling their inbox: it is going as well.
pub(super) fn forget_all_of(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    for table in ["bookmark", "read_mark"] {
        let sql = format!("DELETE FROM {table} WHERE community = $1 AND member = $2");
        writing.conn.execute(&sql, values![writing.community, member])?;
    }
    Ok(())
}
