//! Conversations and what is said in them.

use super::Community;
use crate::EnishiError;
use crate::work::count;
use enishi_core::Community as Core;
use enishi_core::messages::{AroundMessage, ConversationView, MessageHits, MessageWindow, UnreadMessages};
use enishi_protocol::messages::MessagesFrom;
use enishi_protocol::{ConversationId, MemberId, MessageId, MutationId, Position};

#[uniffi::export]
impl Community {
    /// Begins a conversation with other members. That of two is the same whoever begins it; a title is
    /// for those of more.
    pub async fn start_conversation(
        &self,
        with: Vec<MemberId>,
        title: Option<String>,
    ) -> Result<ConversationId, EnishiError> {
        self.look(move |community| community.start_conversation(&with, title.as_deref())).await
    }

    /// Adds members to a conversation of more than two. They have what is written from then on.
    pub async fn add_to_conversation(
        &self,
        conversation: ConversationId,
        members: Vec<MemberId>,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.add_to_conversation(conversation, &members)).await
    }

    /// Leaves a conversation: it and its messages leave this member's phones.
    pub async fn leave_conversation(&self, conversation: ConversationId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.leave_conversation(conversation)).await
    }

    /// Gives a conversation of more than two a title, or takes it off.
    pub async fn title_conversation(
        &self,
        conversation: ConversationId,
        title: Option<String>,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.title_conversation(conversation, title.as_deref())).await
    }

    /// Answers a request to take part in a conversation. Whoever asked hears of a yes only.
    pub async fn decide_conversation(
        &self,
        conversation: ConversationId,
        accept: bool,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.decide_conversation(conversation, accept)).await
    }

    /// Makes a conversation still, or not.
    pub async fn mute_conversation(
        &self,
        conversation: ConversationId,
        muted: bool,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.mute_conversation(conversation, muted)).await
    }

    /// Moves the read mark of a conversation forward. Nobody else is told.
    pub async fn mark_conversation_read(
        &self,
        conversation: ConversationId,
        position: Position,
    ) -> Result<(), EnishiError> {
        self.look(move |community| community.mark_conversation_read(conversation, position)).await
    }

    /// Sets who may begin a conversation with this member. Those that there are go on.
    pub async fn accept_messages_from(&self, from: MessagesFrom) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.accept_messages_from(from)).await
    }

    /// Who may begin a conversation with this member.
    pub async fn accepts_messages_from(&self) -> Result<MessagesFrom, EnishiError> {
        self.look(Core::accepts_messages_from).await
    }

    /// Writes a message. In a request that is a yes.
    pub async fn write_message(&self, conversation: ConversationId, text: String) -> Result<MessageId, EnishiError> {
        self.look(move |community| community.write_message(conversation, &text)).await
    }

    /// Changes the text of one's own message.
    pub async fn edit_message(&self, message: MessageId, text: String) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.edit_message(message, &text)).await
    }

    /// Deletes one's own message for everybody.
    pub async fn delete_message(&self, message: MessageId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.delete_message(message)).await
    }

    /// The conversations that this member is in or asked to, the one with the newest message first.
    pub async fn conversations(&self) -> Result<Vec<ConversationView>, EnishiError> {
        self.look(Core::conversations).await
    }

    /// One conversation; none where this phone does not hold it.
    pub async fn conversation(&self, conversation: ConversationId) -> Result<Option<ConversationView>, EnishiError> {
        self.look(move |community| community.conversation(conversation)).await
    }

    /// A window of `size` messages of a conversation; none where this phone does not hold it.
    pub async fn messages(
        &self,
        conversation: ConversationId,
        around: AroundMessage,
        size: u32,
    ) -> Result<Option<MessageWindow>, EnishiError> {
        self.look(move |community| community.messages(conversation, around, count(size))).await
    }

    /// Messages that contain every word of `query`, pending ones included. Only this phone is asked: no
    /// server can search them.
    ///
    /// # Errors
    /// `TextTooLong` for a query beyond its limit.
    pub async fn search_messages(&self, query: String) -> Result<MessageHits, EnishiError> {
        self.look(move |community| community.search_messages(&query)).await
    }

    /// How many messages and requests wait for this member.
    pub async fn unread_messages(&self) -> Result<UnreadMessages, EnishiError> {
        self.look(Core::unread_messages).await
    }
}
