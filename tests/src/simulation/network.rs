//! Messages on their way. Any of them may be lost, repeated, or arrive in any order.

use enishi_core::sync::replica::Asked;
use enishi_protocol::sync::{Batch, LiveRequest, SyncReply, SyncRequest};

/// A message, with the index of the phone it comes from or goes to.
#[derive(Clone, Debug)]
pub enum Message {
    /// A sync request.
    Request(usize, Asked, SyncRequest),
    /// The answer to one.
    Reply(usize, Asked, SyncReply),
    /// A live connection being opened in a session.
    Open(usize, u64, LiveRequest),
    /// A batch on the live connection of a session.
    Live(usize, u64, Batch),
}
