//! Mail: queued in the transaction that it tells about, handed over afterwards by a job.
//!
//! Nothing here waits for a mail server inside a transaction, and no address or text is logged.

mod english;
mod japanese;
pub mod letter;
pub mod post;
pub mod queue;

pub use letter::{Letter, Message};
pub use post::{Mailbox, Post, PostError};
