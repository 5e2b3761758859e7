//! What hung on a post that was deleted or moved away, or on a comment that was deleted.
//!
//! A thread may be longer than one request may write, so what does not fit is swept up by a chore,
//! in steps that can be stopped and taken up again. Until then the feed shows none of it, because
//! what hangs on a missing post or comment is not whole.

use super::{
    ROOM, comment_row, marks,
    post_row::{self, PostRow},
    reactions,
};
use crate::{
    db::DbError,
    policy::Permit,
    polls,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommentId, CommunityId, EntityKind, Position, PostId, Stream};
use uuid::Uuid;

/// Leaves what hangs on a post in its old stream to be swept up, and begins with it.
pub(super) fn leave(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    stream: Stream,
    position: Position,
) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO post_leftover (community, post, stream, position) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, post, stream) DO NOTHING",
        values![writing.community, post, stream, position],
    )?;
    sweep_post(writing, permit, post, stream, position).map(drop)
}

/// Sweeps up some of what is left in a community. Whether there may be more.
///
/// # Errors
/// That the database failed.
pub fn sweep(
    conn: &mut dyn crate::db::Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let row = conn.first(
        "SELECT post, stream, position FROM post_leftover WHERE community = $1 ORDER BY post, stream LIMIT 1",
        values![community],
    )?;
    let Some(row) = row else { return sweep_replies(conn, surroundings, community) };
    let (post, stream, position) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let sweeping = Writing::by_server(conn, surroundings, community, |writing| {
        sweep_post(writing, &Permit::of_the_server(), post, stream, position)
    });
    sweeping.map(|_| true)
}

/// Leaves replies to a deleted comment to be swept up.
pub(super) fn leave_replies(writing: &mut Writing<'_>, comment: CommentId, post: PostId) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO comment_leftover (community, comment, post) VALUES ($1, $2, $3)
         ON CONFLICT (community, comment) DO NOTHING",
        values![writing.community, comment, post],
    )?;
    Ok(())
}

/// Sweeps up some replies to a deleted comment. Whether there may be more.
fn sweep_replies(
    conn: &mut dyn crate::db::Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let row = conn.first(
        "SELECT comment, post FROM comment_leftover WHERE community = $1 ORDER BY comment LIMIT 1",
        values![community],
    )?;
    let Some(row) = row else { return Ok(false) };
    let (comment, post): (CommentId, PostId) = (row.get(0)?, row.get(1)?);
    let sweeping = Writing::by_server(conn, surroundings, community, |writing| {
        // Where the post is gone as well, its own leftovers took the replies along.
        let done = match post_row::find(writing.conn, community, post)? {
            None => true,
            Some(post) => {
                let permit = Permit::of_the_server();
                let (removed, done) = comment_row::remove_replies(writing, &permit, comment, &post)?;
                post_row::count_comments(writing, &permit, post, -removed)?;
                done
            }
        };
        if done {
            let sql = "DELETE FROM comment_leftover WHERE community = $1 AND comment = $2";
            writing.conn.execute(sql, values![community, comment])?;
        }
        Ok(())
    });
    sweeping.map(|_| true)
}

/// As much as there is room for. Whether all is done.
fn sweep_post(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    stream: Stream,
    position: Position,
) -> Result<bool, Failure> {
    let present = post_row::find(writing.conn, writing.community, post)?;
    if present.as_ref().is_some_and(|present| present.stream == stream) {
        // It has come back meanwhile, and what hangs on it is where it belongs.
        return forget(writing, post, stream).map(|()| true);
    }
    // Each may be gone from one stream, appear in another, and take mentions back from inboxes.
    let steps = writing.room() / 4;
    let hanging = hanging(writing, stream, position, steps)?;
    for (kind, id) in &hanging {
        if writing.room() < ROOM {
            return Ok(false);
        }
        sweep_one(writing, permit, present.as_ref(), stream, kind, *id)?;
    }
    let done = writing.room() >= ROOM
        && hanging.len() < steps
        && (present.is_some()
            || reactions::forget(writing, permit, post, writing.room() / 2)?
                && marks::forget(writing, permit, post, writing.room() / 2)?
                && polls::forget(writing, permit, post, writing.room())?);
    if done {
        forget(writing, post, stream)?;
    }
    Ok(done)
}

fn forget(writing: &mut Writing<'_>, post: PostId, stream: Stream) -> Result<(), Failure> {
    writing.conn.execute(
        "DELETE FROM post_leftover WHERE community = $1 AND post = $2 AND stream = $3",
        values![writing.community, post, stream],
    )?;
    Ok(())
}

/// What is still in the stream at the post's position.
fn hanging(
    writing: &mut Writing<'_>,
    stream: Stream,
    position: Position,
    limit: usize,
) -> Result<Vec<(EntityKind, Uuid)>, Failure> {
    let rows = writing.conn.query(
        "SELECT kind, id FROM change WHERE community = $1 AND stream = $2 AND position = $3 AND body IS NOT NULL
         ORDER BY version LIMIT $4",
        values![writing.community, stream, position, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    let read = rows.iter().map(|row| Ok((EntityKind::named(&row.get::<String>(0)?), row.get(1)?)));
    Ok(read.collect::<Result<Vec<_>, DbError>>()?)
}

/// Takes one thing out of the old stream, and into the post's present one where there is one.
fn sweep_one(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: Option<&PostRow>,
    stream: Stream,
    kind: &EntityKind,
    id: Uuid,
) -> Result<(), Failure> {
    writing.gone(permit, stream, kind, id)?;
    match (kind, post) {
        (EntityKind::Counts, Some(post)) => post_row::put_counts(writing, permit, post),
        (EntityKind::Comment, _) => {
            let id = CommentId(id);
            match (comment_row::find(writing.conn, writing.community, id)?, post) {
                (Some(comment), Some(post)) => comment_row::put(writing, permit, post, id, &comment),
                (Some(comment), None) => comment_row::forget(writing, permit, id, &comment),
                (None, _) => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
