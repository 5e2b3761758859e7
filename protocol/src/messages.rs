//! Messages between members: conversations of two to fifty, each in the inboxes of those in it.

use crate::{
    ids::{ConversationId, MemberId, MessageId, MutationId},
    membership::{PersonName, words},
    stream::Position,
};
use serde::{Deserialize, Serialize};

words! {
    /// How a member stands in a conversation, as the others in it see it.
    Participation {
        /// Takes part.
        In = "in",
        /// Was asked to, and has not said yes: what they said otherwise is nobody's business.
        Asked = "asked",
        /// Was in it and left, or never answered and is out.
        Left = "left",
    }

    /// Who may begin a conversation with a member. Conversations that there are go on.
    MessagesFrom {
        /// Everybody here; those one shares nothing with arrive as a request.
        Everyone = "everyone",
        /// Members of a group that one is in.
        Groups = "groups",
        /// Nobody new.
        Nobody = "nobody",
    }
}

/// A conversation as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Whether it is the one conversation of two members, which nobody can be added to.
    pub pair: bool,
    /// What it is called, where somebody gave it a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Everybody who is or was in it, with the name they bore when this was told.
    pub participants: Vec<Participant>,
    /// Who asks this member to take part, while they have not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<MemberId>,
    /// This member has what was written from here on.
    pub since: Position,
    /// When it began, in microseconds since 1970 UTC.
    pub created_us: i64,
}

/// Somebody who is or was in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Participant {
    /// Who.
    pub member: MemberId,
    /// The name they bore.
    pub name: PersonName,
    /// How they stand in it.
    pub participation: Participation,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// The conversation it is in.
    pub conversation: ConversationId,
    /// Its place there, the same for everybody: the version at first acceptance.
    pub position: Position,
    /// Who wrote it.
    pub author: MemberId,
    /// What it says, plain text.
    pub text: String,
    /// The mutation that wrote this text: what an edit must name as its base.
    pub text_by: MutationId,
    /// When the server accepted it, in microseconds since 1970 UTC.
    pub created_us: i64,
    /// When its text was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_us: Option<i64>,
}

/// What a member marks for themselves in a conversation. Nobody else is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConversationMark {
    /// The newest message that was read. Only grows.
    pub read_to: Position,
    /// Whether its messages notify.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
}

/// A member's own setting for messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Messaging {
    /// Who may begin a conversation with them.
    pub from: MessagesFrom,
}

/// Begins a conversation, or goes on with the one that two members have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationStart {
    /// With whom: one for the conversation of two, at most one less than
    /// [`crate::limits::CONVERSATION_MEMBERS`].
    pub with: Vec<MemberId>,
    /// At most [`crate::limits::CONVERSATION_TITLE_CHARS`] characters; only with more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl ConversationStart {
    /// Which conversation this begins. That of two is the same whoever begins it, also where both do
    /// at once without a network; another bears the mutation's id.
    pub fn conversation(&self, by: MemberId, mutation: MutationId) -> ConversationId {
        match self.with[..] {
            [other] => ConversationId::of_two(by, other),
            _ => mutation.into(),
        }
    }
}

/// Adds members, who have what is written from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationAdding {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whom.
    pub members: Vec<MemberId>,
}

/// Leaves a conversation: it and its messages leave this member's phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationLeaving {
    /// Which conversation.
    pub conversation: ConversationId,
}

/// Gives a conversation of more than two a title, or takes it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationTitling {
    /// Which conversation.
    pub conversation: ConversationId,
    /// At most [`crate::limits::CONVERSATION_TITLE_CHARS`] characters.
    pub title: Option<String>,
}

/// Answers a request. Whoever asked hears of a yes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationDecision {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Take part, or not.
    pub accept: bool,
}

/// Moves a read mark forward; one behind the present mark changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationReading {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The newest message that was read.
    pub position: Position,
}

/// Says whether a conversation's messages notify.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationMuting {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whether it shall be still.
    pub muted: bool,
}

/// Sets who may begin a conversation with this member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagingSetting {
    /// Who.
    pub from: MessagesFrom,
}

/// Writes a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageWriting {
    /// The conversation it goes to.
    pub conversation: ConversationId,
    /// 1 to [`crate::limits::MESSAGE_CHARS`] characters.
    pub text: String,
}

/// Changes the text of one's own message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageEdit {
    /// Which message.
    pub message: MessageId,
    /// The mutation that wrote the text this edit was made on.
    pub base: MutationId,
    /// The new text.
    pub text: String,
}

/// Deletes one's own message, for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDeletion {
    /// Which message.
    pub message: MessageId,
}
