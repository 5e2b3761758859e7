//! Images and PDFs: received in pieces, made anew in a process of their own, and shown to whoever may
//! read what shows them.
//!
//! `uploads`, `attaching` and `leftovers` hold the rules over a connection; `store` keeps bytes; `making`
//! runs the process in which `worker` reads what nobody has looked at before. Nothing here decodes
//! a file in the server's own process, and no bytes are handed out as they came.

pub mod attaching;
mod image;
pub mod leftovers;
pub mod making;
mod pdf;
mod serving;
pub mod store;
pub mod uploads;
pub mod worker;

pub use serving::Media;

#[cfg(test)]
pub(crate) mod tests;
