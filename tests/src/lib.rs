//! Whole-system tests: what they share.
//!
//! Stories let real phones ([`enishi_core::Client`]) speak real HTTP to real servers. Nothing stands
//! in for either; what a story steers is the network between them, and when a process dies.
//!
//! [`simulation`] runs real phones (their replica and their store) against the server's real logic on
//! one thread, with a network, a clock and crashes of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, reason = "this crate is tests")]

pub mod browser;
pub mod chance;
pub mod clock;
pub mod everything;
pub mod fault_proxy;
pub mod life;
pub mod losing;
pub mod people;
pub mod phone_process;
pub mod pictures;
pub mod place;
pub mod raw;
pub mod scene;
pub mod seen;
pub mod simulation;
pub mod test_phone;
pub mod test_server;
pub mod waiting;

pub use browser::Browser;
pub use fault_proxy::{Fault, FaultProxy};
pub use place::Place;
pub use raw::Raw;
pub use scene::Scene;
pub use test_phone::TestPhone;
pub use test_server::TestServer;
