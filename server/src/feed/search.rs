//! Search in what a phone no longer holds.

use crate::{
    db::{
        Connection,
        fulltext::{self, Hit},
    },
    grants,
    writing::Failure,
};
use enishi_protocol::{CommunityId, ErrorCode, MemberId, Position, Stream, limits::SEARCH_CHARS, text};

/// The newest hits before a place, in the feeds that the member may read.
///
/// # Errors
/// [`ErrorCode::TextTooLong`].
pub fn search(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    query: &str,
    before: Option<Position>,
    limit: usize,
) -> Result<Vec<Hit>, Failure> {
    if query.chars().count() > SEARCH_CHARS {
        return Err(ErrorCode::TextTooLong.into());
    }
    let granted = grants::all(conn, community, reader)?;
    let streams: Vec<Stream> = granted.into_keys().filter(|stream| stream.has_feed()).collect();
    let before = before.unwrap_or(Position(i64::MAX));
    Ok(fulltext::find(conn, community, &streams, &text::query_phrases(query), before, limit)?)
}
