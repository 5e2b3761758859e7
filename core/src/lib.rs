//! What runs on the phone: a local store, a sync engine, a transport, and subscriptions.
//!
//! Commands return once one local transaction is flushed; everything else happens behind them.

pub mod account;
pub mod client;
pub mod community;
pub mod error;
pub mod secrets;
pub mod store;
pub mod surroundings;
pub mod sync;
pub mod transport;

pub use client::{Client, ClientConfig};
pub use community::Community;
pub use error::{Error, StoreError};
