//! Keeping a phone and a server in step.
//!
//! [`replica`] is the contract as a pure state machine: what the phone knows, and what each message
//! makes of it. It knows no clock, no socket and no SQLite, and must never learn of them.

pub mod replica;
