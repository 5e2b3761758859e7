//! Search in what a phone no longer holds.

use crate::{
    blocks,
    db::{
        Connection, DbError,
        fulltext::{self, Hit},
    },
    grants, values,
    writing::Failure,
};
use enishi_protocol::{CommunityId, ErrorCode, MemberId, Position, Stream, limits::SEARCH_CHARS, text};
use std::collections::BTreeSet;

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
    let mut before = before.unwrap_or(Position(i64::MAX));
    let phrases = text::query_phrases(query);
    let unseen = blocks::unseen_by(conn, community, reader)?;
    let mut found = Vec::new();
    loop {
        let hits = fulltext::find(conn, community, &streams, &phrases, before, limit)?;
        let next = hits.last().filter(|_| hits.len() == limit).map(|hit| hit.position);
        for hit in hits {
            if unseen.is_empty() || is_seen(conn, community, &unseen, &hit)? {
                found.push(hit);
            }
        }
        match next {
            Some(next) if found.len() < limit => before = next,
            _ => break,
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Whether neither the post nor the comment, nor what that replies to, is by somebody whose content the
/// reader does not see. Announcements are for everyone.
fn is_seen(
    conn: &mut dyn Connection,
    community: CommunityId,
    unseen: &BTreeSet<MemberId>,
    hit: &Hit,
) -> Result<bool, DbError> {
    let row = conn.first(
        "SELECT p.author, p.kind, c.author, a.author FROM post p
         LEFT JOIN comment c ON c.community = p.community AND c.id = $3
         LEFT JOIN comment a ON a.community = c.community AND a.id = c.reply_to
         WHERE p.community = $1 AND p.id = $2",
        values![community, hit.post, hit.id],
    )?;
    let Some(row) = row else { return Ok(false) };
    let (author, kind): (MemberId, String) = (row.get(0)?, row.get(1)?);
    let commenters = [row.get::<Option<MemberId>>(2)?, row.get(3)?];
    let post_seen = kind == "announcement" || !unseen.contains(&author);
    Ok(post_seen && !commenters.into_iter().flatten().any(|commenter| unseen.contains(&commenter)))
}
