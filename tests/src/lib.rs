//! Whole-system tests: what they share.
//!
//! [`simulation`] runs real phones (their replica and their store) against the server's real logic on
//! one thread, with a network, a clock and crashes of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, reason = "this crate is tests")]

pub mod fault_proxy;
pub mod simulation;
