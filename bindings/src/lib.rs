//! The core as Kotlin and Swift see it: the same calls, each off the caller's thread.
//!
//! Nothing is decided here. A call that reads or writes the store runs on a thread for that, one that
//! asks a server runs on this crate's runtime; both are awaited by whoever called. Dropping the future
//! ends a call to a server; a write that has begun is written.

mod cancel;
mod client;
mod community;
mod errors;
mod foreign;
mod links;
mod listeners;
mod log;
mod open;
mod options;
mod secrets;
mod subscription;
mod values;
mod work;

pub use cancel::Cancel;
pub use client::Client;
pub use community::Community;
pub use errors::EnishiError;
pub use listeners::{
    AttentionListener, ConversationsListener, CountListener, FeedListener, GroupsListener, ListenerError,
    MessagesListener, NotificationsListener, PostListener, ReadersListener, ReportsListener, StatusListener,
    UnreadListener, UnreadMessagesListener,
};
pub use log::{LogLevel, LogSink, LogSinkError};
pub use options::ClientOptions;
pub use secrets::{SecretStore, SecretStoreError};
pub use subscription::Subscription;
pub use values::{Brought, Refused, Salvaged, UnfinishedJoining};

uniffi::setup_scaffolding!();
