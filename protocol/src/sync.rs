//! `POST /v1/sync` and the live stream: one request carries what waits and where the phone stands.

use crate::{
    change::Change,
    error::ErrorCode,
    ids::{CommunityId, MutationId},
    mutation::Mutation,
    stream::{Cursor, Era, Grant, Stream, Version},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a phone sends to `POST /v1/sync`, for one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    /// The community that all of this is about.
    pub community: CommunityId,
    /// The era of the cursors; none on a phone that holds nothing yet.
    pub era: Option<Era>,
    /// Waiting mutations, oldest first.
    #[serde(default)]
    pub mutations: Vec<Mutation>,
    /// Mutations sent now or before whose results the phone does not know.
    #[serde(default)]
    pub ask: Vec<MutationId>,
    /// The streams that the phone follows. On a first request: the community's and its own inbox.
    #[serde(default)]
    pub streams: Vec<StreamRequest>,
}

/// Where a phone stands in one stream, and what it wants of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StreamRequest {
    /// Which stream.
    pub stream: Stream,
    /// The grant under which the phone holds it; none on a first request, which takes the present one.
    #[serde(default)]
    pub grant: Option<Grant>,
    /// Asks for the changes after this version. None until a first page has come.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// Asks for the page of the first sync at this place.
    #[serde(default)]
    pub page: Option<Place>,
}

/// A place in a stream's first sync. Made by the server and sent back unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Place(pub String);

impl Place {
    /// The place of a stream's first page.
    pub fn start() -> Self {
        Self("start".into())
    }

    /// Whether this is the place of a stream's first page.
    pub fn is_start(&self) -> bool {
        self.0 == "start"
    }
}

/// The answer to `POST /v1/sync`: one snapshot of the community.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncReply {
    /// The era in which all of this was read.
    pub era: Era,
    /// The community's version in this snapshot: `now`.
    pub version: Version,
    /// The grants of the member's inbox and of the community stream: the two that every member has.
    /// All others are [`crate::EntityKind::Grant`] and [`crate::EntityKind::Duty`] in the inbox.
    pub roots: Roots,
    /// Results of the mutations asked for that are decided.
    #[serde(default)]
    pub results: Vec<MutationResult>,
    /// Why the server stopped deciding, where it did: everything from that mutation on still waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<Undecided>,
    /// Changes after the cursors.
    #[serde(default)]
    pub batches: Vec<Batch>,
    /// Pages of first syncs.
    #[serde(default)]
    pub pages: Vec<Page>,
    /// Streams whose cursor can no longer be served; they are synced afresh beside what is shown.
    #[serde(default)]
    pub resets: Vec<StreamRequest>,
    /// Whether another request now would bring more changes or pages.
    #[serde(default)]
    pub more: bool,
}

/// The grants that come with being a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Roots {
    /// The grant of the member's own inbox.
    pub inbox: Grant,
    /// The grant of the community stream.
    pub community: Grant,
}

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MutationResult {
    /// Which mutation.
    pub mutation: MutationId,
    /// Accepted, or refused and why.
    pub outcome: Outcome,
}

/// Accepted, or refused and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Applied in the reply's era.
    Accepted {
        /// Per touched stream, the last version it wrote there; empty where the community already
        /// was as the mutation wished.
        #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, Version>))]
        streams: BTreeMap<Stream, Version>,
    },
    /// Not applied, for good.
    Refused(ErrorCode),
}

/// The server decided nothing from this mutation on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Undecided {
    /// The first mutation that was not decided.
    pub from: MutationId,
    /// [`ErrorCode::OutOfOrder`], [`ErrorCode::OtherEra`], [`ErrorCode::TooMuchAtOnce`]
    /// or [`ErrorCode::TryAgain`].
    pub code: ErrorCode,
}

/// All changes of a stream with `from < version <= to`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Batch {
    /// The era it was read in.
    pub era: Era,
    /// Which stream.
    pub stream: Stream,
    /// The grant under which it is sent.
    pub grant: Grant,
    /// The cursor that it follows.
    pub from: Cursor,
    /// The cursor that it leads to.
    pub to: Cursor,
    /// The community's version when it was read.
    pub now: Version,
    /// By version, ascending; the latest of each entity.
    pub changes: Vec<Change>,
}

/// One page of a stream's first sync.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Page {
    /// The era it was read in.
    pub era: Era,
    /// Which stream.
    pub stream: Stream,
    /// The grant under which it is sent.
    pub grant: Grant,
    /// The version from which the stream is pulled once the first page is stored.
    pub v0: Version,
    /// The community's version when it was read.
    pub now: Version,
    /// The place that was asked for.
    pub place: Place,
    /// The place of the next page; none on the last.
    pub next: Option<Place>,
    /// By position, then version, ascending.
    pub changes: Vec<Change>,
}

/// What a phone sends to `POST /v1/live` to follow streams as they change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LiveRequest {
    /// The community.
    pub community: CommunityId,
    /// The era of the cursors.
    pub era: Era,
    /// The streams to follow, each with its cursor. What was missed is replayed first.
    pub streams: Vec<StreamRequest>,
}

/// An event of the live stream. Its SSE event name is the variant's name in `snake_case`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LiveEvent {
    /// Changes of one stream.
    Batch(Batch),
    /// The connection cannot go on from these cursors, or the server is going away: sync, then open it again.
    Again(ErrorCode),
}
