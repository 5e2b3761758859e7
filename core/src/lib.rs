//! What runs on the phone: a local store, a sync engine, a transport, and subscriptions.
//!
//! Commands return once one local transaction is flushed; everything else happens behind them.

pub mod account;
pub mod attention;
pub mod blocks;
pub mod client;
pub mod community;
pub mod consents;
pub mod error;
pub mod feed;
#[cfg(feature = "uniffi")]
mod foreign;
pub mod groups;
pub mod invitations;
pub mod media;
pub mod membership;
pub mod messages;
pub mod moderation;
pub mod notifications;
pub mod observe;
pub mod polls;
pub mod secrets;
pub mod store;
pub mod surroundings;
pub mod sync;
#[cfg(test)]
pub(crate) mod testing;
pub mod transport;
pub mod welcome;

pub use client::{Client, ClientConfig};
pub use community::Community;
pub use error::{Error, StoreError};

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
