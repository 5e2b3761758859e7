//! Messages between members as a screen shows them: the inbox's mirror, with the outbox laid over it.
//!
//! Queries answer from one local snapshot; an inbox is here whole, so nothing is ever asked of the
//! server. Commands check what the server would refuse anyway, and give a [`crate::store::Wish`].

pub mod commands;
mod laid;
mod list;
mod search;
#[cfg(test)]
mod tests;
mod texts;
mod unread;
mod window;

pub use list::{conversation, conversations};
pub use search::{HITS_AT_MOST, MessageHits, search};
pub(crate) use texts::{find as find_message, text_now};
pub(crate) use unread::{News, news};
pub use unread::{UNREAD_AT_MOST, UnreadMessages, accepts, unread};
pub use window::{AroundMessage, MessageWindow, window};

use crate::feed::Delivery;
use enishi_protocol::{ConversationId, MemberId, MessageId, MutationId, Position, messages::Participation};

/// A conversation as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationView {
    /// Which conversation.
    pub id: ConversationId,
    /// Whether it is that of two members, which nobody can be added to.
    pub pair: bool,
    /// What it is called, where somebody gave it a title; otherwise it is known by who is in it.
    pub title: Option<String>,
    /// Everybody who is or was in it, this member included, in the order in which they came.
    pub participants: Vec<ParticipantView>,
    /// Who asks this member to take part, while they have not answered.
    pub asked_by: Option<MemberId>,
    /// Whether it is to be still.
    pub muted: bool,
    /// The newest message that was read; none where nothing was.
    pub read_to: Option<Position>,
    /// Messages of others that this member has not read, counted up to [`UNREAD_AT_MOST`].
    pub unread: i64,
    /// The newest message.
    pub newest: Option<MessageView>,
    /// How far this member's latest wish about it has come.
    pub delivery: Delivery,
}

/// Somebody who is or was in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ParticipantView {
    /// Who.
    pub member: MemberId,
    /// Their name, as the directory has it, or as the conversation does.
    pub name: String,
    /// Whether this is the member themselves.
    pub own: bool,
    /// How they stand in it.
    pub participation: Participation,
}

/// A message as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MessageView {
    /// Which message.
    pub id: MessageId,
    /// The conversation it is in.
    pub conversation: ConversationId,
    /// Its place there; none before the server has accepted it.
    pub position: Option<Position>,
    /// Who wrote it.
    pub author: MemberId,
    /// Their name; none where it is not known yet.
    pub author_name: Option<String>,
    /// Whether this member wrote it.
    pub own: bool,
    /// What it says.
    pub text: String,
    /// The mutation that wrote this text.
    pub text_by: MutationId,
    /// When it was accepted, or while it is pending written by this phone's clock; microseconds
    /// since 1970 UTC.
    pub created_us: i64,
    /// Whether its text was changed since it was written.
    pub edited: bool,
    /// How far it has come.
    pub delivery: Delivery,
}
