//! Phones, a server and the network between them, on one thread, from one seed.
//!
//! Everything but the network and the clock is the real thing: the phone's replica over its store,
//! the server's decisions and pulls over its database. [`World::act`] lets one thing happen and then
//! checks what must hold at every moment; [`World::settle`] heals the network, waits for quiet, and
//! checks what must hold then. A [`Violation`] says which rule was broken.

mod acts;
mod broken;
mod judge;
mod network;
mod phone;
mod script;
mod server;
mod surroundings;
mod world;

pub use acts::{Act, Wish};
pub use broken::{Story, needs, told};
pub use judge::Contents;
pub use network::Message;
pub use phone::SimPhone;
pub use script::Letter;
pub use server::SimServer;
pub use world::{Setup, World};

/// A promise that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

/// Fails with a [`Violation`] unless a condition holds.
macro_rules! hold {
    ($condition:expr, $($words:tt)*) => {
        if !$condition {
            return Err($crate::simulation::Violation(format!($($words)*)));
        }
    };
}
use hold;
