//! The feed: posts, comments, reactions, bookmarks, read marks.

use crate::{
    ids::{CommentId, MemberId, MutationId, PostId},
    media::{Attaching, Attachment},
    moderation::Hidden,
    polls::{Poll, PollCounts},
    stream::{Position, Stream, Version},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of post it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// Something said.
    #[default]
    Text,
    /// News that a role allows to announce.
    Announcement,
    /// A question to the others.
    Question,
}

/// A post as its stream carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Post {
    /// Its place in the feed.
    pub position: Position,
    /// Who wrote it.
    pub author: MemberId,
    /// What kind of post.
    pub kind: PostKind,
    /// What it says, plain text.
    pub text: String,
    /// The mutation that wrote this text: what an edit must name as its base.
    pub text_by: MutationId,
    /// When the server accepted it, in microseconds since 1970 UTC.
    pub created_us: i64,
    /// When its text was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_us: Option<i64>,
    /// Whether it is pinned to the top of its feed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Members mentioned in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
    /// What it lets members vote about; the text is the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// Why it was hidden, where it was: text and mentions are empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
    /// What it shows, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A comment as its post's stream carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Comment {
    /// The post it hangs on.
    pub post: PostId,
    /// The comment it replies to; that one replies to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<CommentId>,
    /// Its order under the post: the version at first acceptance.
    pub position: Position,
    /// Who wrote it.
    pub author: MemberId,
    /// What it says, plain text.
    pub text: String,
    /// The mutation that wrote this text.
    pub text_by: MutationId,
    /// When the server accepted it, in microseconds since 1970 UTC.
    pub created_us: i64,
    /// When its text was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_us: Option<i64>,
    /// Members mentioned in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
    /// Why it was hidden, where it was: text and mentions are empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
    /// What it shows, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// What hangs on a post, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Comments, replies included.
    pub comments: i64,
    /// Members per reaction; none with zero.
    #[serde(default)]
    pub reactions: BTreeMap<String, i64>,
    /// The votes of its poll; none where nobody has voted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<PollCounts>,
}

/// One member's reactions to one post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyReactions {
    /// The emoji, sorted; never empty.
    pub reactions: Vec<String>,
}

/// A bookmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bookmark {
    /// When the server accepted it, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// How far a member has read one feed. Only grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReadMark {
    /// Which feed.
    pub stream: Stream,
    /// The newest post that was read.
    pub position: Position,
}

/// An earlier text of a post or comment, from its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EarlierText {
    /// The mutation that wrote it.
    pub text_by: MutationId,
    /// What it said.
    pub text: String,
    /// The version at which it was replaced.
    pub until: Version,
    /// When it was replaced, in microseconds since 1970 UTC.
    pub until_us: i64,
}

/// Writes a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PostWriting {
    /// The feed it goes to: the community's or a group's.
    pub stream: Stream,
    /// What kind of post.
    #[serde(default)]
    pub kind: PostKind,
    /// 1 to [`crate::limits::POST_CHARS`] characters; may be empty where it shows a file.
    pub text: String,
    /// At most [`crate::limits::MENTIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
    /// What to let members vote about; the text is the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// Files that it shows, uploaded before: at most [`crate::limits::ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attaching>,
}

/// Changes a post's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostEdit {
    /// Which post.
    pub post: PostId,
    /// The mutation that wrote the text this edit was made on.
    pub base: MutationId,
    /// The new text.
    pub text: String,
    /// Members mentioned in the new text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
}

/// Deletes a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostDeletion {
    /// Which post.
    pub post: PostId,
}

/// Moves a post to another feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostMove {
    /// Which post.
    pub post: PostId,
    /// The feed it goes to.
    pub stream: Stream,
}

/// Pins a post or takes it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostPinning {
    /// Which post.
    pub post: PostId,
    /// Whether it shall be pinned.
    pub pinned: bool,
}

/// Writes a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CommentWriting {
    /// The post it hangs on.
    pub post: PostId,
    /// The comment it replies to, one that replies to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<CommentId>,
    /// 1 to [`crate::limits::COMMENT_CHARS`] characters; may be empty where it shows a file.
    pub text: String,
    /// At most [`crate::limits::MENTIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
    /// Files that it shows, uploaded before: at most [`crate::limits::ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attaching>,
}

/// Changes a comment's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentEdit {
    /// Which comment.
    pub comment: CommentId,
    /// The mutation that wrote the text this edit was made on.
    pub base: MutationId,
    /// The new text.
    pub text: String,
    /// Members mentioned in the new text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<MemberId>,
}

/// Deletes a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentDeletion {
    /// Which comment.
    pub comment: CommentId,
}

/// Adds or takes back a reaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reacting {
    /// Which post.
    pub post: PostId,
    /// One emoji, at most [`crate::limits::REACTION_BYTES`] bytes.
    pub reaction: String,
    /// Whether it shall be there.
    pub on: bool,
}

/// Adds or removes a bookmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmarking {
    /// Which post.
    pub post: PostId,
    /// Whether it shall be there.
    pub on: bool,
}

/// Moves a read mark forward; one behind the present mark changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which feed.
    pub stream: Stream,
    /// The newest post that was read.
    pub position: Position,
}
