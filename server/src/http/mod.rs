//! HTTP: thin handlers that parse, call a feature, and answer. No rule of a feature lives here.
//!
//! Each operation's OpenAPI tag names who may call it: `public`, `session` or `member`. A handler
//! for members gets its [`crate::accounts::memberships::MemberContext`] only through [`extract`],
//! which has authenticated it.

pub mod account;
pub mod addresses;
pub mod answer;
mod app_links;
pub mod approvals;
pub mod body;
pub mod decline;
mod devices;
pub mod extract;
pub mod feed;
pub mod invitations;
pub mod join;
pub mod landing;
pub mod leaving;
pub mod live;
pub mod media;
pub mod network;
pub mod notices;
pub mod openapi;
pub mod page;
pub mod recoveries;
pub mod recovery_code;
pub mod router;
pub mod session;
pub mod sign_in;
pub mod slow;
pub mod state;
pub mod status;
pub mod stop;
pub mod sync;
pub mod watch;
pub mod web;

pub use state::App;

#[cfg(test)]
mod tests;
