//! The companion server: one place for the people who left a company, and their community's truth.
//!
//! `http` is thin (parse, call, answer); features hold rules and SQL; `sync` decides mutations and
//! reads streams; `db` knows engines and no feature. Nothing here depends on the phone's `core`.

pub mod accounts;
pub mod archive;
pub mod blocks;
pub mod cli;
pub mod config;
pub mod consents;
pub mod db;
pub mod directory;
pub mod erasure;
pub mod error;
pub mod feed;
pub mod grants;
pub mod groups;
pub mod http;
pub mod invitations;
pub mod jobs;
pub mod kinds;
pub mod mail;
pub mod media;
pub mod membership;
pub mod messages;
pub mod moderation;
pub mod notifications;
pub mod outreach;
pub mod policy;
pub mod polls;
pub mod profiles;
pub mod recovery;
pub mod referrals;
pub mod registry;
pub mod running;
pub mod sealing;
pub mod secrets;
pub mod surroundings;
pub mod sync;
pub mod telemetry;
pub mod welcome;
pub mod writing;

pub use config::Config;
pub use running::{Running, StartError, serve, serve_in};

#[cfg(test)]
mod testing;
