//! Keeping a phone and a server in step.
//!
//! [`replica`] is the contract as a pure state machine: what the phone knows, and what each message
//! makes of it. [`engine`] says when to talk. Neither knows a clock, a socket or SQLite, nor must ever.
//! `driver` performs what they ask for.

pub mod backoff;
pub(crate) mod driver;
pub mod engine;
pub(crate) mod local;
pub mod replica;
pub mod status;
