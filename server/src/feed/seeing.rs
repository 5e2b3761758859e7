//! Whether somebody sees a post or comment that is asked for by its id.
//!
//! What they do not see is answered like what does not exist.

use super::{comment_row, post_row};
use crate::{blocks, db::Connection, grants, writing::Failure};
use enishi_protocol::{
    CommentId, CommunityId, ErrorCode, MemberId, PostId,
    feed::{Post, PostKind},
};

/// Refuses where what a post, or a comment on it, shows is not for this reader: they may not read its stream, it is
/// hidden, or it stands behind a block.
///
/// # Errors
/// [`ErrorCode::NotFound`]; that the database failed.
pub(crate) fn check_shows(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    (post, comment): (PostId, Option<CommentId>),
) -> Result<(), Failure> {
    let row = post_row::find(conn, community, post)?.ok_or(ErrorCode::NotFound)?;
    grants::of(conn, community, reader, row.stream)?.ok_or(ErrorCode::NotFound)?;
    let (mut hidden, mut commenters) = (row.post.hidden.is_some(), Vec::new());
    if let Some(comment) = comment {
        let comment = comment_row::find(conn, community, comment)?.ok_or(ErrorCode::NotFound)?;
        hidden = comment.hidden.is_some();
        commenters.push(comment.author);
        if let Some(above) = comment.reply_to {
            // A reply goes with the comment that it answers.
            commenters.push(comment_row::find(conn, community, above)?.ok_or(ErrorCode::NotFound)?.author);
        }
    }
    if hidden {
        return Err(ErrorCode::NotFound.into());
    }
    check_not_blocked(conn, community, reader, &row.post, &commenters)
}

/// Refuses what stands behind a block; announcements are for everyone.
pub(super) fn check_not_blocked(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    post: &Post,
    commenters: &[MemberId],
) -> Result<(), Failure> {
    let of_post = (post.kind != PostKind::Announcement).then_some(post.author);
    for author in of_post.into_iter().chain(commenters.iter().copied()) {
        if blocks::between(conn, community, reader, author)? {
            return Err(ErrorCode::NotFound.into());
        }
    }
    Ok(())
}
