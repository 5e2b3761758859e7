//! The feed as a screen shows it: the mirror, with the outbox laid over it.
//!
//! Queries answer from one local snapshot and never wait for a network. Commands check what the
//! server would refuse anyway, and give a [`crate::store::Wish`] for the outbox.

mod bookmarks;
pub mod commands;
pub(crate) mod comments;
pub(crate) mod details;
pub(crate) mod laid;
mod merged;
mod older_hits;
mod reach;
mod search;
pub(crate) mod stub;
#[cfg(test)]
mod tests;
mod unread;
mod window;

pub use bookmarks::bookmarks;
pub use comments::{FeedComment, PostPage, post};
pub(crate) use laid::{name_of, written_us};
pub use older_hits::older_hits;
pub use search::{CommentHit, HITS_AT_MOST, SearchHits, search};
pub use unread::{UNREAD_AT_MOST, Unread, unread};
pub use window::{Around, FeedWindow, Selection, ToFetch, window};

use crate::polls::PollView;
use enishi_protocol::{
    ErrorCode, MemberId, MutationId, Position, PostId, Stream, feed::PostKind, media::Attachment, moderation::Hidden,
};

/// How far something that a member wrote has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// It waits in the outbox.
    Pending,
    /// The server refused it, or a change to it, and the member has to choose.
    NeedsAttention(ErrorCode),
}

/// How many left one reaction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReactionCount {
    /// The emoji.
    pub reaction: String,
    /// How many members.
    pub count: i64,
    /// Whether this member is one of them.
    pub own: bool,
}

/// A post as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a post")]
pub struct FeedPost {
    /// Which post.
    pub id: PostId,
    /// The feed it stands in.
    pub stream: Stream,
    /// Its place there; none before the server has accepted it.
    pub position: Option<Position>,
    /// Who wrote it.
    pub author: MemberId,
    /// Their name; none where it is not known yet.
    pub author_name: Option<String>,
    /// Whether this member wrote it.
    pub own: bool,
    /// What kind of post.
    pub kind: PostKind,
    /// What it says.
    pub text: String,
    /// The mutation that wrote this text.
    pub text_by: MutationId,
    /// When it was accepted, or while it is pending written by this phone's clock; microseconds
    /// since 1970 UTC.
    pub created_us: i64,
    /// Whether its text was changed since it was written.
    pub edited: bool,
    /// Why it was hidden, where it was; its text is empty then.
    pub hidden: Option<Hidden>,
    /// Whether it is pinned to the top of its feed.
    pub pinned: bool,
    /// Members mentioned in the text.
    pub mentions: Vec<MemberId>,
    /// Images and PDFs that it shows, in its order.
    pub attachments: Vec<Attachment>,
    /// Comments, replies included.
    pub comments: i64,
    /// Reactions, most frequent first.
    pub reactions: Vec<ReactionCount>,
    /// Its poll, with this member's vote.
    pub poll: Option<PollView>,
    /// Whether this member has bookmarked it.
    pub bookmarked: bool,
    /// How far it has come.
    pub delivery: Delivery,
}
