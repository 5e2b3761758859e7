//! Blocks and mutes: what a member does not want to see, and from whom they do not want to be seen.
//!
//! Both are private to whoever sets them. `docs/moderation.md` tells what is enforced where.

use crate::ids::MemberId;
use serde::{Deserialize, Serialize};

/// In the inbox of whoever blocked: a block. Id: the member who is blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Block {
    /// Since when, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// In the inbox of whoever muted: a mute. Id: the member who is muted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mute {
    /// Since when, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// In the inbox of a member who is blocked: whose content their phone leaves out. Id: that member.
///
/// No screen and no interface of a phone's core shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Unseen {}

/// Blocks a member, or ends the block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocking {
    /// Whom.
    pub member: MemberId,
    /// Whether they shall be blocked.
    pub on: bool,
}

/// Mutes a member, or ends the mute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muting {
    /// Whom.
    pub member: MemberId,
    /// Whether they shall be muted.
    pub on: bool,
}
