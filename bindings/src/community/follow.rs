//! What a screen follows: values that come whole, again whenever what they show may have changed.

use super::Community;
use crate::listeners::{
    AttentionListener, ConversationsListener, CountListener, FeedListener, GroupsListener, MessagesListener,
    NotificationsListener, PostListener, ReadersListener, ReportsListener, StatusListener, UnreadListener,
    UnreadMessagesListener,
};
use crate::work::count;
use crate::{EnishiError, Subscription};
use enishi_core::Community as Core;
use enishi_core::feed::{Around, Selection};
use enishi_core::messages::AroundMessage;
use enishi_protocol::{ConversationId, PostId, Stream};
use std::sync::Arc;

#[uniffi::export]
impl Community {
    /// Follows how it stands towards its server.
    pub async fn follow_status(&self, listener: Arc<dyn StatusListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(|community| Ok(community.follow_status()), listener).await
    }

    /// Follows changes to what reads would see: the number grows with each.
    pub async fn follow_changes(&self, listener: Arc<dyn CountListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(|community| Ok(community.follow_changes()), listener).await
    }

    /// Follows uploads: the number grows with each piece.
    pub async fn follow_uploads(&self, listener: Arc<dyn CountListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(|community| Ok(community.follow_uploads()), listener).await
    }

    /// Follows a window of `size` posts of a feed.
    pub async fn follow_feed(
        &self,
        selection: Selection,
        around: Around,
        size: u32,
        listener: Arc<dyn FeedListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(move |community| community.follow_feed(selection, around, count(size)), listener).await
    }

    /// Follows a post with the newest `size` of its comments; none once it is gone.
    pub async fn follow_post(
        &self,
        post: PostId,
        size: u32,
        listener: Arc<dyn PostListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(move |community| community.follow_post(post, count(size)), listener).await
    }

    /// Follows what needs attention.
    pub async fn follow_attention(
        &self,
        listener: Arc<dyn AttentionListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_attention, listener).await
    }

    /// Follows the unread counts of all feeds.
    pub async fn follow_unread(&self, listener: Arc<dyn UnreadListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_unread, listener).await
    }

    /// Follows the groups that this member may know of.
    pub async fn follow_groups(&self, listener: Arc<dyn GroupsListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_groups, listener).await
    }

    /// Follows the list of conversations.
    pub async fn follow_conversations(
        &self,
        listener: Arc<dyn ConversationsListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_conversations, listener).await
    }

    /// Follows a window of `size` messages of a conversation; none once this member is out of it.
    pub async fn follow_messages(
        &self,
        conversation: ConversationId,
        around: AroundMessage,
        size: u32,
        listener: Arc<dyn MessagesListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(move |community| community.follow_messages(conversation, around, count(size)), listener).await
    }

    /// Follows how many messages and requests wait for this member.
    pub async fn follow_unread_messages(
        &self,
        listener: Arc<dyn UnreadMessagesListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_unread_messages, listener).await
    }

    /// Follows the reports at the desks that this member sees.
    pub async fn follow_reports(&self, listener: Arc<dyn ReportsListener>) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(Core::follow_reports, listener).await
    }

    /// Follows who can read a feed.
    pub async fn follow_readers(
        &self,
        stream: Stream,
        listener: Arc<dyn ReadersListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(move |community| community.follow_readers(stream), listener).await
    }

    /// Follows the newest `limit` notifications, also over the end of quiet hours.
    pub async fn follow_notifications(
        &self,
        limit: u32,
        listener: Arc<dyn NotificationsListener>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        self.follow(move |community| community.follow_notifications(count(limit)), listener).await
    }
}
