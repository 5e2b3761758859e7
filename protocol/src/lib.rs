//! The words on the wire: what a phone and a server say to each other, and nothing else.
//!
//! One file a subject. Each feature's file holds its entities (what streams carry) and its
//! mutations (what a person did). There is no I/O here, no clock, and no randomness but the
//! constructors of ids, so that both sides and their simulation share every word.
//!
//! Unknown fields are ignored everywhere; an unknown mutation is refused with
//! [`ErrorCode::UnknownMutation`]; an entity of an unknown kind is kept as it came.

pub mod account;
pub mod archive;
pub mod blocks;
pub mod change;
pub mod consents;
pub mod error;
pub mod feed;
#[cfg(feature = "uniffi")]
pub mod foreign;
pub mod groups;
pub mod ids;
pub mod invitations;
pub mod limits;
pub mod media;
pub mod membership;
pub mod messages;
pub mod moderation;
pub mod mutation;
pub mod notifications;
pub mod older;
pub mod polls;
pub mod rules;
pub mod session;
pub mod stream;
pub mod sync;
pub mod text;
pub mod welcome;

pub use change::{Change, Entity, EntityKind};
pub use error::{ErrorBody, ErrorCode, Language};
pub use ids::*;
pub use mutation::{Mutation, Operation};
pub use stream::{Cursor, Era, Grant, Position, Stream, Version};

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

/// The protocol's version, sent by clients in the header [`CLIENT_HEADER`].
///
/// A server answers a client below its oldest supported version with
/// [`ErrorCode::UpgradeRequired`].
pub const PROTOCOL_VERSION: u32 = 1;

/// The request header that carries [`PROTOCOL_VERSION`] as a decimal number.
pub const CLIENT_HEADER: &str = "enishi-protocol";
