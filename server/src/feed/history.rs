//! What a post or comment said before it was edited.

use super::{comment_row, post_row, seeing::check_not_blocked};
use crate::{
    db::{Connection, DbError},
    grants, values,
    writing::Failure,
};
use enishi_protocol::{CommentId, CommunityId, ErrorCode, MemberId, PostId, Stream, feed::EarlierText};
use uuid::Uuid;

/// The earlier texts of a post, oldest first, for whoever may read the post; none while it is hidden.
///
/// # Errors
/// [`ErrorCode::NotFound`] also where the member may not read it.
pub fn post_history(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    post: PostId,
) -> Result<Vec<EarlierText>, Failure> {
    let row = post_row::find(conn, community, post)?.ok_or(ErrorCode::NotFound)?;
    check_not_blocked(conn, community, reader, &row.post, &[])?;
    texts(conn, community, reader, row.stream, (post.0, row.post.hidden.is_some()))
}

/// The earlier texts of a comment, oldest first, for whoever may read its post.
///
/// # Errors
/// [`ErrorCode::NotFound`] also where the member may not read it.
pub fn comment_history(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    comment: CommentId,
) -> Result<Vec<EarlierText>, Failure> {
    let row = comment_row::find(conn, community, comment)?.ok_or(ErrorCode::NotFound)?;
    let post = post_row::find(conn, community, row.post)?.ok_or(ErrorCode::NotFound)?;
    check_not_blocked(conn, community, reader, &post.post, &[row.author])?;
    texts(conn, community, reader, post.stream, (comment.0, row.hidden.is_some()))
}

fn texts(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    stream: Stream,
    (of, hidden): (Uuid, bool),
) -> Result<Vec<EarlierText>, Failure> {
    grants::of(conn, community, reader, stream)?.ok_or(ErrorCode::NotFound)?;
    if hidden {
        return Ok(vec![]);
    }
    let rows = conn.query(
        "SELECT text_by, text, until, until_us FROM earlier_text WHERE community = $1 AND of_id = $2 ORDER BY until",
        values![community, of],
    )?;
    let read = rows.iter().map(|row| {
        Ok(EarlierText { text_by: row.get(0)?, text: row.get(1)?, until: row.get(2)?, until_us: row.get(3)? })
    });
    Ok(read.collect::<Result<_, DbError>>()?)
}
