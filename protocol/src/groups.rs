//! Groups: who may read them is their members, and nobody else.

use crate::{
    ids::{GroupId, MemberId, RequestId},
    membership::{PersonName, Standing, words},
};
use serde::{Deserialize, Serialize};

words! {
    /// How one comes into a group.
    Joining {
        /// Whoever wishes.
        Open = "open",
        /// Whom somebody on the group's desk lets in.
        Request = "request",
        /// Whom a member of it has invited.
        Invitation = "invitation",
    }
}

/// A group. In the community's stream unless it is secret, and in its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// How one comes in.
    pub joining: Joining,
    /// Whether only its members and those invited know that it exists.
    #[serde(default)]
    pub secret: bool,
    /// Whether nobody who runs the community can be in it. Fixed when it is created, and shown to everyone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_to_staff: bool,
    /// How many are in it.
    pub members: i64,
}

/// Somebody's membership of a group, with the name that the group's pages need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GroupMember {
    /// The name in the community.
    pub name: PersonName,
    /// Whether they run the group.
    pub keeper: bool,
    /// Active, or ended: their posts stay under their name.
    pub standing: Standing,
}

/// An invitation to a group, in the inbox of the member who is invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GroupInvitation {
    /// The group's name, as a secret group is known from nowhere else.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether nobody who runs the community can be in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_to_staff: bool,
    /// Who invites.
    pub by: MemberId,
    /// When, in microseconds since 1970 UTC.
    #[serde(default)]
    pub at_us: i64,
}

/// Creates a group, with its creator as keeper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCreation {
    /// 1 to [`crate::limits::GROUP_NAME_CHARS`] characters.
    pub name: String,
    /// At most [`crate::limits::NOTE_CHARS`] characters.
    #[serde(default)]
    pub description: String,
    /// How one comes in.
    pub joining: Joining,
    /// Only with [`Joining::Invitation`].
    #[serde(default)]
    pub secret: bool,
    /// Whether nobody who runs the community can ever be in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_to_staff: bool,
}

/// Joins a group, or asks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupJoining {
    /// Which group.
    pub group: GroupId,
    /// A word to those who decide, at most [`crate::limits::NOTE_CHARS`] characters.
    #[serde(default)]
    pub note: String,
}

/// Leaves a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLeaving {
    /// Which group.
    pub group: GroupId,
}

/// Invites a member to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupInviting {
    /// Which group.
    pub group: GroupId,
    /// Whom.
    pub member: MemberId,
}

/// Decides a request to join a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDecision {
    /// Which group.
    pub group: GroupId,
    /// Which request.
    pub request: RequestId,
    /// Let in, or not.
    pub accept: bool,
}
