//! The sync contract on the server's side, told on both engines.

mod cost;
mod deciding;
mod live;
mod pulling;
mod random;
pub(crate) mod world;
