//! Searching the posts that this phone holds, pending ones included.

use super::{
    FeedPost, Selection,
    details::at,
    laid::Laid,
    window::{pending, streams},
};
use crate::{
    error::StoreError,
    store::{
        Store,
        search::{contains, find},
    },
};
use enishi_protocol::{CommunityId, ErrorCode, limits, text::query_phrases};
use std::cmp::Reverse;

/// Posts that one search shows at most.
pub const HITS_AT_MOST: usize = 50;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHits {
    /// Newest first, pending ones above; at most [`HITS_AT_MOST`].
    pub posts: Vec<FeedPost>,
    /// Whether there may be older hits: beyond that number, still being indexed, or on the server.
    pub more: bool,
}

/// Posts of a feed that contain every word of `query`. Nothing is found for a query without letters.
///
/// # Errors
/// [`ErrorCode::TextTooLong`] for a query beyond [`limits::SEARCH_CHARS`].
pub fn search(
    store: &Store,
    community: CommunityId,
    selection: Selection,
    query: &str,
) -> Result<SearchHits, StoreError> {
    if query.chars().count() > limits::SEARCH_CHARS {
        return Err(StoreError::Refused(ErrorCode::TextTooLong));
    }
    let phrases = query_phrases(query);
    if phrases.is_empty() {
        return Ok(SearchHits { posts: Vec::new(), more: false });
    }
    store.view(community, |view| {
        let streams = streams(view, selection);
        let laid = Laid::of(view)?;
        let mut more = false;
        let mut posts = Vec::new();
        for stream in &streams {
            let Some(copy) = view.copies.get(stream) else { continue };
            let found = find(view.connection, copy.local, &phrases, HITS_AT_MOST + 1)?;
            more |= !found.looked_at_all || !copy.whole;
            let details = at(view, *stream, &found.places)?;
            posts.extend(details.into_iter().filter_map(|details| laid.over(view, details)));
        }
        posts.sort_by_key(|post| Reverse(post.position));
        posts.dedup_by_key(|post| post.id);
        let waiting = pending(view, &streams, &laid)?.into_iter().filter(|post| contains(&post.text, &phrases));
        let mut hits: Vec<FeedPost> = waiting.chain(posts).collect();
        more |= hits.len() > HITS_AT_MOST;
        hits.truncate(HITS_AT_MOST);
        Ok(SearchHits { posts: hits, more })
    })
}
