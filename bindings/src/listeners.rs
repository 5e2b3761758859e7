//! Who is told of what: one kind of listener for each kind of value.

use crate::{subscription::Listener, values::Refused};
use enishi_core::{
    attention::Attention,
    feed::{FeedWindow, PostPage, Unread},
    groups::GroupView,
    messages::{ConversationView, MessageWindow, UnreadMessages},
    moderation::{Readers, ReportView},
    notifications::Notifications,
    sync::status::SyncStatus,
};
use std::sync::Arc;

/// A listener did not do as asked. It is told of the next value all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It threw something.
    #[error("{reason}")]
    Failed {
        /// For a log.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

macro_rules! listeners {
    ($($(#[$doc:meta])* $name:ident of $value:ty, from $from:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// Called from any thread, never two calls at once. A slow one gets the newest value, not a queue.
        #[uniffi::export(with_foreign)]
        pub trait $name: Send + Sync {
            /// The newest value: the first at once, then whenever it is another.
            fn changed(&self, value: $value) -> Result<(), ListenerError>;
            /// There will be no more values: the client was shut down.
            fn ended(&self) -> Result<(), ListenerError>;
        }

        impl Listener<$from> for Arc<dyn $name> {
            fn tell(&self, value: $from) -> Result<(), ListenerError> {
                self.changed(crossing(value))
            }

            fn tell_end(&self) -> Result<(), ListenerError> {
                self.ended()
            }
        }
    )*};
}

listeners! {
    /// Told of a window of a feed.
    FeedListener of FeedWindow, from FeedWindow;
    /// Told of a post with its comments; none once it is gone.
    PostListener of Option<PostPage>, from Option<PostPage>;
    /// Told of what needs attention.
    AttentionListener of Vec<Refused>, from Vec<Attention>;
    /// Told of the unread counts of all feeds.
    UnreadListener of Vec<Unread>, from Vec<Unread>;
    /// Told of the groups that this member may know of.
    GroupsListener of Vec<GroupView>, from Vec<GroupView>;
    /// Told of the list of conversations.
    ConversationsListener of Vec<ConversationView>, from Vec<ConversationView>;
    /// Told of a window of a conversation; none once this member is out of it.
    MessagesListener of Option<MessageWindow>, from Option<MessageWindow>;
    /// Told of how many messages and requests wait.
    UnreadMessagesListener of UnreadMessages, from UnreadMessages;
    /// Told of the reports at the desks that this member sees.
    ReportsListener of Vec<ReportView>, from Vec<ReportView>;
    /// Told of who can read a feed.
    ReadersListener of Readers, from Readers;
    /// Told of the newest notifications.
    NotificationsListener of Notifications, from Notifications;
    /// Told of how a community stands towards its server.
    StatusListener of SyncStatus, from SyncStatus;
    /// Told of a number that grows with each change, or with each step of an upload.
    CountListener of u64, from u64;
}

/// How a value is told where it is not told as it is.
trait Crossing<T> {
    fn cross(self) -> T;
}

fn crossing<F: Crossing<T>, T>(value: F) -> T {
    value.cross()
}

impl<T> Crossing<T> for T {
    fn cross(self) -> T {
        self
    }
}

impl Crossing<Vec<Refused>> for Vec<Attention> {
    fn cross(self) -> Vec<Refused> {
        self.into_iter().map(Refused::from).collect()
    }
}
