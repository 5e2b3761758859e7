//! What a phone asks for beyond what it holds: older posts as one scrolls to them, older hits of a search.

use crate::{
    change::Change,
    ids::PostId,
    stream::{Era, Grant, Position, Stream, Version},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An older part of a feed: `GET /v1/communities/{community}/feed?stream=…&before=…`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OlderPosts {
    /// The era it was read in.
    pub era: Era,
    /// The grant under which it is sent.
    pub grant: Grant,
    /// The community's version when it was read.
    pub now: Version,
    /// Every post of the feed from this position up to the one asked for is here: the next older
    /// part's `before`.
    pub from: Position,
    /// Posts before the position asked for, with what hangs on them; ascending.
    pub changes: Vec<Change>,
    /// Whether there are still older ones.
    pub more: bool,
}

/// Single posts, as those that a member has bookmarked: `GET /v1/communities/{community}/posts?ids=…`.
///
/// A post that does not exist or may not be read is left out without a word; so is one that did not fit in, where
/// others did.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SinglePosts {
    /// The era they were read in.
    pub era: Era,
    /// The community's version when they were read.
    pub now: Version,
    /// The posts.
    pub posts: Vec<SinglePost>,
    /// Whether some of those asked for did not fit in.
    pub more: bool,
}

/// A post with what hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SinglePost {
    /// Which post.
    pub id: PostId,
    /// Where it is.
    pub stream: Stream,
    /// The grant under which it is sent.
    pub grant: Grant,
    /// The post with what hangs on it; ascending. Where that is too much, without its comments.
    pub changes: Vec<Change>,
}

/// Older hits of a search, newest first: `GET /v1/communities/{community}/search?q=…&before=…`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OlderHits {
    /// The hits; the last one's position is the next search's `before`.
    pub hits: Vec<OlderHit>,
    /// The posts and comments that were found.
    pub changes: Vec<Change>,
    /// Whether there are still older ones.
    pub more: bool,
}

/// A text that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OlderHit {
    /// The post or comment.
    pub id: Uuid,
    /// The post that it is or hangs on.
    pub post: PostId,
    /// Where it is.
    pub stream: Stream,
    /// Its place in the community's order.
    pub position: Position,
}
