//! Messages through the handle: conversations, what is said in them, and who may begin one.

use super::Community;
use crate::{
    error::Error,
    messages::{
        self, AroundMessage, ConversationView, MessageHits, MessageWindow, UnreadMessages,
        commands::{self, Beginning},
    },
    observe::{self, Subscription},
};
use enishi_protocol::{ConversationId, MemberId, MessageId, MutationId, Position, messages::MessagesFrom};

impl Community {
    /// Begins a conversation with other members. That of two is the same whoever begins it; a title is
    /// for those of more.
    pub fn start_conversation(&self, with: &[MemberId], title: Option<&str>) -> Result<ConversationId, Error> {
        match commands::start(self.store(), self.id(), with, title)? {
            Beginning::There(id) => Ok(id),
            Beginning::Wish(beginning, start) => {
                let begun = self.wish(beginning)?;
                Ok(start.conversation(self.member(), begun))
            }
        }
    }

    /// Adds members to a conversation of more than two. They have what is written from then on.
    pub fn add_to_conversation(&self, conversation: ConversationId, members: &[MemberId]) -> Result<MutationId, Error> {
        self.wish(commands::add(self.store(), self.id(), conversation, members)?)
    }

    /// Leaves a conversation: it and its messages leave this member's phones.
    pub fn leave_conversation(&self, conversation: ConversationId) -> Result<MutationId, Error> {
        self.wish(commands::leave(self.store(), self.id(), conversation)?)
    }

    /// Gives a conversation of more than two a title, or takes it off.
    pub fn title_conversation(&self, conversation: ConversationId, title: Option<&str>) -> Result<MutationId, Error> {
        self.wish(commands::set_title(self.store(), self.id(), conversation, title)?)
    }

    /// Answers a request to take part in a conversation. Whoever asked hears of a yes only.
    pub fn decide_conversation(&self, conversation: ConversationId, accept: bool) -> Result<MutationId, Error> {
        self.wish(commands::decide(self.store(), self.id(), conversation, accept)?)
    }

    /// Makes a conversation still, or not.
    pub fn mute_conversation(&self, conversation: ConversationId, muted: bool) -> Result<MutationId, Error> {
        self.wish(commands::mute(self.store(), self.id(), conversation, muted)?)
    }

    /// Moves the read mark of a conversation forward. Nobody else is told.
    pub fn mark_conversation_read(&self, conversation: ConversationId, position: Position) -> Result<(), Error> {
        if let Some(wish) = commands::mark_read(self.store(), self.id(), conversation, position)? {
            self.wish(wish)?;
        }
        Ok(())
    }

    /// Sets who may begin a conversation with this member. Those that there are go on.
    pub fn accept_messages_from(&self, from: MessagesFrom) -> Result<MutationId, Error> {
        self.wish(commands::set_messaging(from))
    }

    /// Who may begin a conversation with this member.
    pub fn accepts_messages_from(&self) -> Result<MessagesFrom, Error> {
        Ok(messages::accepts(self.store(), self.id())?)
    }

    /// Writes a message. In a request that is a yes.
    pub fn write_message(&self, conversation: ConversationId, text: &str) -> Result<MessageId, Error> {
        self.wish(commands::write(self.store(), self.id(), conversation, text)?).map(MessageId::from)
    }

    /// Changes the text of one's own message.
    pub fn edit_message(&self, message: MessageId, text: &str) -> Result<MutationId, Error> {
        self.wish(commands::edit(self.store(), self.id(), message, text)?)
    }

    /// Deletes one's own message for everybody.
    pub fn delete_message(&self, message: MessageId) -> Result<MutationId, Error> {
        self.wish(commands::delete(self.store(), self.id(), message)?)
    }

    /// The conversations that this member is in or asked to, the one with the newest message first.
    pub fn conversations(&self) -> Result<Vec<ConversationView>, Error> {
        Ok(messages::conversations(self.store(), self.id())?)
    }

    /// One conversation; none where this phone does not hold it.
    pub fn conversation(&self, conversation: ConversationId) -> Result<Option<ConversationView>, Error> {
        Ok(messages::conversation(self.store(), self.id(), conversation)?)
    }

    /// A window of `size` messages of a conversation; none where this phone does not hold it.
    pub fn messages(
        &self,
        conversation: ConversationId,
        around: AroundMessage,
        size: usize,
    ) -> Result<Option<MessageWindow>, Error> {
        Ok(messages::window(self.store(), self.id(), conversation, around, size)?)
    }

    /// Messages that contain every word of `query`, pending ones included. Only this phone is asked: no
    /// server can search them.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::TextTooLong`] for a query beyond its limit.
    pub fn search_messages(&self, query: &str) -> Result<MessageHits, Error> {
        Ok(messages::search(self.store(), self.id(), query)?)
    }

    /// How many messages and requests wait for this member.
    pub fn unread_messages(&self) -> Result<UnreadMessages, Error> {
        Ok(messages::unread(self.store(), self.id())?)
    }

    /// Follows the list of conversations. Must be called within a Tokio runtime, like all that follow.
    pub fn follow_conversations(&self) -> Result<Subscription<Vec<ConversationView>>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        Ok(observe::follow(self.follow_changes(), move || messages::conversations(&store, id))?)
    }

    /// Follows a window of `size` messages of a conversation; none once this member is out of it.
    pub fn follow_messages(
        &self,
        conversation: ConversationId,
        around: AroundMessage,
        size: usize,
    ) -> Result<Subscription<Option<MessageWindow>>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        let look = move || messages::window(&store, id, conversation, around, size);
        Ok(observe::follow(self.follow_changes(), look)?)
    }

    /// Follows how many messages and requests wait for this member.
    pub fn follow_unread_messages(&self) -> Result<Subscription<UnreadMessages>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        Ok(observe::follow(self.follow_changes(), move || messages::unread(&store, id))?)
    }
}
