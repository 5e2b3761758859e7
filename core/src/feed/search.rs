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
        mirror::places,
        search::{Found, POSTS, contains, find},
        view::{Shown, View},
    },
};
use enishi_protocol::{CommunityId, ErrorCode, Position, PostId, Stream, limits, text::query_phrases};
use std::{cmp::Reverse, collections::BTreeMap};

/// Posts that one search shows at most.
pub const HITS_AT_MOST: usize = 50;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        let mut ended = 0;
        let mut found = Vec::new();
        for stream in &streams {
            let Some(copy) = view.copies.get(stream) else { continue };
            let here = find(view.connection, POSTS, &seen, copy.local, &phrases, HITS_AT_MOST + 1)?;
            ended = ended.max(looked_to(copy, &here));
            let (from, _) = places(copy.local);
            found.extend(here.places.into_iter().map(|place| Hit { position: place - from, stream: *stream, place }));
        }
        let posts = newest(view, &laid, found)?;
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

/// A post that was found, before it is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    position: i64,
    stream: Stream,
    place: i64,
}

/// The newest posts of all feeds' hits, newest first, more than are shown where there are more. Only these are
/// read: each feed may have found as many.
fn newest(view: &View<'_>, laid: &Laid<'_>, mut found: Vec<Hit>) -> Result<Vec<FeedPost>, StoreError> {
    found.sort_unstable_by_key(|hit| Reverse(*hit));
    let mut posts: Vec<FeedPost> = Vec::new();
    for some in found.chunks(HITS_AT_MOST + 1) {
        let mut by_stream: BTreeMap<Stream, Vec<i64>> = BTreeMap::new();
        for hit in some {
            by_stream.entry(hit.stream).or_default().push(hit.place);
        }
        for (stream, places) in by_stream {
            posts.extend(at(view, stream, &places)?.into_iter().filter_map(|details| laid.over(view, details)));
        }
        posts.sort_by_key(|post| Reverse(post.position));
        posts.dedup_by_key(|post| post.id);
        if posts.len() > HITS_AT_MOST {
            break;
        }
    }
    Ok(posts)
}

/// The position from which up a copy was looked through.
fn looked_to(copy: &Shown, found: &Found) -> i64 {
    if !copy.whole {
        return i64::MAX;
    }
    let (from, _) = places(copy.local);
    let indexed = found.looked_to.map_or(0, |place| place - from);
    indexed.max(copy.extent.map_or(0, |extent| extent.floor))
}
