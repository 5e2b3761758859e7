//! Whole-system tests: what they share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, reason = "this crate is tests")]

pub mod fault_proxy;
