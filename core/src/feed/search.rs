//! Searching the posts that this phone holds, pending ones included.
//!
//! The answer says how far down it looked: what is older only the server can find.

use super::{
    FeedComment, FeedPost, Selection,
    details::at,
    laid::Laid,
    window::{pending, streams},
};
use crate::{
    error::StoreError,
    store::{
        Store,
        mirror::{POSITION_BITS, position_of},
        search::{POSTS, contains, find},
        view::{Shown, View},
    },
};
use enishi_protocol::{CommunityId, ErrorCode, Position, PostId, Stream, limits, text::query_phrases};
use std::{cmp::Reverse, collections::BTreeMap};

/// Posts that one search shows at most.
pub const HITS_AT_MOST: usize = 50;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SearchHits {
    /// Newest first, pending ones above; at most [`HITS_AT_MOST`] of one search.
    pub posts: Vec<FeedPost>,
    /// Comments, newest first. Only the server finds comments.
    pub comments: Vec<CommentHit>,
    /// Where the search ended: everything from this position up was looked at. Older hits are for
    /// [`crate::Community::search_older`] to find; none where nothing is older.
    pub ended: Option<Position>,
}

/// A comment that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CommentHit {
    /// The comment.
    pub comment: FeedComment,
    /// The post it hangs on.
    pub post: PostId,
    /// The feed that one stands in.
    pub stream: Stream,
    /// The comment's own place in the community's order.
    pub position: Position,
}

impl SearchHits {
    /// These with the older ones that were found from where they ended.
    #[must_use]
    pub fn with_older(mut self, older: Self) -> Self {
        let new = |post: &FeedPost| !self.posts.iter().any(|held| held.id == post.id);
        let posts: Vec<_> = older.posts.into_iter().filter(new).collect();
        self.posts.extend(posts);
        self.posts.sort_by_key(|post| Reverse(post.position.unwrap_or(Position(i64::MAX))));
        let new = |hit: &CommentHit| !self.comments.iter().any(|held| held.comment.id == hit.comment.id);
        let comments: Vec<_> = older.comments.into_iter().filter(new).collect();
        self.comments.extend(comments);
        Self { ended: older.ended, ..self }
    }
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
        return Ok(SearchHits::default());
    }
    store.view(community, |view| {
        let streams = streams(view, selection);
        let laid = Laid::of(view)?;
        let seen = view.unseen.of_posts(POSTS.texts).unwrap_or_default();
        let copies: Vec<&Shown> = streams.iter().filter_map(|stream| view.copies.get(stream)).collect();
        let numbers: Vec<i64> = copies.iter().map(|copy| copy.local).collect();
        // What a waiting deletion takes away must not leave the answer short.
        let limit = HITS_AT_MOST + 1 + laid.away_from(&streams);
        let found = find(view.connection, POSTS, &seen, &numbers, &phrases, limit)?;
        let held_to = copies.iter().map(|copy| held_to(copy)).max().unwrap_or_default();
        let mut ended = found.looked_to.unwrap_or_default().max(held_to);
        if found.places.len() == limit {
            ended = ended.max(found.places.last().map_or(0, |place| position_of(*place)));
        }
        let posts = read(view, &laid, &found.places)?;
        let waiting = pending(view, &streams, &laid)?.into_iter().filter(|post| contains(&post.text, &phrases));
        let mut hits: Vec<FeedPost> = waiting.chain(posts).collect();
        if hits.len() > HITS_AT_MOST {
            hits.truncate(HITS_AT_MOST);
            let last = hits.last().and_then(|post| post.position);
            ended = ended.max(last.map_or(i64::MAX, |position| position.0));
        }
        let ended = Some(Position(ended)).filter(|ended| ended.0 > 0);
        Ok(SearchHits { posts: hits, comments: Vec::new(), ended })
    })
}

/// The posts at these places, newest first.
fn read(view: &View<'_>, laid: &Laid<'_>, places: &[i64]) -> Result<Vec<FeedPost>, StoreError> {
    let mut by_copy: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for place in places {
        by_copy.entry(place >> POSITION_BITS).or_default().push(*place);
    }
    let mut posts: Vec<FeedPost> = Vec::new();
    for (copy, places) in by_copy {
        let Some(stream) = view.stream_of(copy) else { continue };
        posts.extend(at(view, stream, &places)?.into_iter().filter_map(|details| laid.over(view, details)));
    }
    posts.sort_by_key(|post| Reverse((post.position, post.stream)));
    posts.dedup_by_key(|post| post.id);
    Ok(posts)
}

/// The position from which up a copy is held.
fn held_to(copy: &Shown) -> i64 {
    if copy.whole { copy.extent.map_or(0, |extent| extent.floor) } else { i64::MAX }
}
