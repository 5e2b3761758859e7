//! The sync contract on the server's side, told on both engines.

mod deciding;
mod world;
