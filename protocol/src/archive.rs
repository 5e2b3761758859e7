//! An archive: a community's people, groups and feed as lines of JSON, to carry them from one
//! server or product to another. `docs/archive.md` tells how to write one.
//!
//! Each line is one [`Record`]. A record names only what earlier lines have told. No line carries an
//! address to sign in with: that belongs to its owner, and comes when they join.

use crate::{
    feed::PostKind,
    groups::Joining,
    ids::{CommentId, GroupId, MemberId, PostId},
    membership::{Affiliation, OwnField, PersonName, ProfileField, Role, Standing},
    polls::{Choice, Poll},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of this format, in the first line.
pub const ARCHIVE_VERSION: u32 = 1;

/// One line of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The first line.
    Archive(ArchiveHead),
    /// A member.
    Member(ArchivedMember),
    /// A group, with who is in it.
    Group(ArchivedGroup),
    /// A post with all that hangs on it.
    Post(ArchivedPost),
}

/// Says what the archive is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveHead {
    /// [`ARCHIVE_VERSION`]
    pub version: u32,
    /// The community's name where it was made.
    pub community: String,
    /// When it was made, in microseconds since 1970 UTC.
    pub made_us: i64,
}

/// A member as the archive knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedMember {
    /// Unique in the archive, and the member's id after the import.
    pub id: MemberId,
    /// The name in the community.
    pub name: PersonName,
    /// What they may do.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// Whether they take part.
    pub standing: Standing,
    /// When they joined, in microseconds since 1970 UTC.
    pub joined_us: i64,
    /// Their profile, each field with who may see it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub profile: BTreeMap<ProfileField, OwnField>,
}

/// A group as the archive knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// How one comes in.
    pub joining: Joining,
    /// Whether only its members know that it exists.
    #[serde(default)]
    pub secret: bool,
    /// Whether nobody who runs the community can be in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_to_staff: bool,
    /// When it was created, in microseconds since 1970 UTC.
    pub created_us: i64,
    /// Who is in it.
    pub members: Vec<ArchivedGroupMember>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedGroupMember {
    /// Who.
    pub member: MemberId,
    /// Whether they run the group.
    #[serde(default)]
    pub keeper: bool,
    /// Since when, in microseconds since 1970 UTC.
    pub joined_us: i64,
}

/// A post with its comments and reactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedPost {
    /// Its id.
    pub id: PostId,
    /// The group whose feed it stands in; without one, the community's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Who wrote it.
    pub author: MemberId,
    /// What kind of post.
    #[serde(default)]
    pub kind: PostKind,
    /// What it says.
    pub text: String,
    /// When it was written, in microseconds since 1970 UTC. Posts come oldest first.
    pub created_us: i64,
    /// Whether it is pinned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Its comments, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<ArchivedComment>,
    /// Who left which reaction.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reactions: BTreeMap<String, Vec<MemberId>>,
    /// Its poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<ArchivedPoll>,
}

/// A poll with who chose what. No phone ever gets this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedPoll {
    /// What could be chosen.
    #[serde(flatten)]
    pub poll: Poll,
    /// Who chose what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<MemberId, Vec<Choice>>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedComment {
    /// Its id.
    pub id: CommentId,
    /// The comment it replies to, one that replies to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<CommentId>,
    /// Who wrote it.
    pub author: MemberId,
    /// What it says.
    pub text: String,
    /// When it was written, in microseconds since 1970 UTC.
    pub created_us: i64,
}
