//! Single posts by their ids, for what a member has bookmarked and their phone does not hold.

use super::changes::{self, BYTES, READY, Ready, fitting, one_more};
use crate::{
    db::{Connection, DbError},
    directory, grants, values,
    writing::Failure,
};
use enishi_protocol::{CommunityId, Era, ErrorCode, MemberId, Position, PostId, Stream, Version};
use std::io::Write as _;

/// Single posts that were read.
pub struct SinglesRead {
    /// The snapshot's version.
    pub now: Version,
    /// The snapshot's era.
    pub era: Era,
    /// A JSON array of `SinglePost`.
    pub posts: Vec<u8>,
    /// Whether some did not fit in.
    pub more: bool,
}

/// Single posts with what hangs on them, wherever they are: only those that the member may read.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no such community.
pub fn singles(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    ids: &[PostId],
) -> Result<SinglesRead, Failure> {
    let row = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    let (mut posts, mut more) = (vec![b'['], false);
    for id in ids {
        let sql = "SELECT stream, position FROM post WHERE community = $1 AND id = $2";
        let Some(found) = conn.first(sql, values![community, *id])? else { continue };
        let (stream, position): (Stream, Position) = (found.get(0)?, found.get(1)?);
        let Some(grant) = grants::of(conn, community, reader, stream)? else { continue };
        if posts.len() > BYTES {
            more = true;
            break;
        }
        if posts.len() > 1 {
            posts.push(b',');
        }
        write!(posts, r#"{{"id":"{id}","stream":"{stream}","grant":{grant},"changes":"#).map_err(super::defect)?;
        changes::array(&whole(conn, community, stream, position)?, &mut posts)?;
        posts.push(b'}');
    }
    posts.push(b']');
    Ok(SinglesRead { now: row.version, era: row.era, posts, more })
}

/// A post with all that hangs on it, or without its comments where that is too much.
fn whole(
    conn: &mut dyn Connection,
    community: CommunityId,
    stream: Stream,
    position: Position,
) -> Result<Vec<Ready>, DbError> {
    let mut read = |kinds: &str| -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.position = $3 {kinds}
                 AND c.body IS NOT NULL ORDER BY c.version LIMIT $4"
            ),
            values![community, stream, position, one_more()],
        )?;
        Ready::read_all(&rows)
    };
    let rows = read("")?;
    if fitting(&rows) == rows.len() { Ok(rows) } else { read("AND c.kind IN ('post', 'counts')") }
}
