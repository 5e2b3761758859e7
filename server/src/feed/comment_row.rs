//! A comment as the database knows it, and how it goes.

use super::{ROOM, forget_earlier, hiding, mentions, post_row::PostRow};
use crate::{
    db::{Connection, DbError, Row, fulltext},
    media::attaching,
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommentId, CommunityId, Entity, EntityKind, feed::Comment};

const COMMENT: &str = "SELECT c.id, c.post, c.reply_to, c.position, c.author, c.text, c.text_by, c.created_us,
    c.edited_us, c.mentions, h.stub, c.attachments
    FROM comment c LEFT JOIN hidden h ON h.community = c.community AND h.id = c.id";

fn read(row: &Row) -> Result<(CommentId, Comment), DbError> {
    let hidden = hiding::stub(row, 10)?;
    let attachments: Option<String> = row.get(11)?;
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
        attachments: attaching::unpack(attachments.as_deref().filter(|_| hidden.is_none())),
        hidden,
    };
    Ok((row.get(0)?, comment))
}

pub(super) fn find(
    conn: &mut dyn Connection,
    community: CommunityId,
    id: CommentId,
) -> Result<Option<Comment>, DbError> {
    let row = conn.first(&format!("{COMMENT} WHERE c.community = $1 AND c.id = $2"), values![community, id])?;
    Ok(row.as_ref().map(read).transpose()?.map(|(_, comment)| comment))
}

/// Removes as many replies to a comment as there is room for: how many, and whether those were all.
pub(super) fn remove_replies(
    writing: &mut Writing<'_>,
    permit: &Permit,
    to: CommentId,
    post: &PostRow,
) -> Result<(i64, bool), Failure> {
    let rows = writing.conn.query(
        &format!("{COMMENT} WHERE c.community = $1 AND c.post = $2 AND c.reply_to = $3 LIMIT $4"),
        values![writing.community, post.id, to, i64::try_from(writing.room()).unwrap_or(i64::MAX)],
    )?;
    let mut removed = 0;
    for (id, reply) in rows.iter().map(read).collect::<Result<Vec<_>, _>>()? {
        if writing.room() < ROOM {
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
    attaching::forget_of_comment(writing, id)?;
    mentions::forget(writing, permit, &comment.mentions, id.0)?;
    hiding::forget(writing, permit, id.0)
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
