//! Accounts on this phone: signing in, devices, and the way into a community.
//!
//! Whatever proves something is kept before it is sent, so that a reply lost on the way can be
//! asked for again and locks nobody out.

pub mod link;
