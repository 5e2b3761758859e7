//! What a phone knows of one community, and what each message from the server makes of it.
//!
//! Pure: every function takes the present [`Replica`] and gives a [`Step`]: the next replica and what
//! the store must write with it, in one transaction. Until that transaction is committed the present
//! replica stays the truth.

mod incoming;
mod local;
mod outgoing;
mod work;

pub use incoming::Taken;
pub use outgoing::{Asked, Outgoing, Sent};

use enishi_protocol::{
    Change, Cursor, EntityKind, Era, ErrorCode, Grant, MemberId, MutationId, Stream, Version, change::GrantOf,
    sync::Place,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Everything small that a phone keeps about its membership of one community.
///
/// The store keeps it in rows and saves the difference between two of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// Who this phone is in the community.
    pub member: MemberId,
    /// Counts the sessions on this phone; a message to an earlier one is not believed.
    pub session: u64,
    /// The era of what is held; none until the first reply.
    pub era: Option<Era>,
    /// The newest version seen in this era.
    pub seen: Version,
    /// Every stream that is held.
    pub streams: BTreeMap<Stream, Held>,
    /// The outbox, oldest first: waiting, accepted but not yet in the mirror, and in needs attention.
    pub outbox: Vec<Waiting>,
    /// Gives streams their local numbers, never one twice.
    pub next_number: StreamNumber,
    /// Gives outbox entries their order.
    pub next_order: i64,
}

/// The local number of one copy of a stream in the mirror. A reset builds a second copy beside the
/// one that is shown, under a number of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamNumber(pub i64);

/// A stream as it is shown, and the copy being built beside it during a reset.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// What reads see.
    pub shown: Copy,
    /// What will be shown once it is whole.
    pub next: Option<Copy>,
}

/// How far one copy of a stream has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The rows in the mirror that belong to it.
    pub number: StreamNumber,
    /// The era of its rows; none before the first reply.
    pub era: Option<Era>,
    /// The grant under which it is held; none while a root's grant is not known.
    pub grant: Option<Grant>,
    /// Every change up to here is applied; none before the first page.
    pub cursor: Option<Cursor>,
    /// The page that the first sync awaits; none once it is finished.
    pub place: Option<Place>,
    /// The newest snapshot that anything in it was read from.
    pub now: Version,
    /// In an inbox: grants and duties with the versions that gave or took them.
    pub grants: BTreeMap<(EntityKind, Uuid), (Version, Option<GrantOf>)>,
}

/// A mutation in the outbox. What it does is kept by the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Which mutation.
    pub id: MutationId,
    /// Its order in the outbox; a retry goes to the end.
    pub order: i64,
    /// What it cannot be applied without, where that is itself a mutation of this outbox.
    pub parent: Option<MutationId>,
    /// Bytes of its operation on the wire, so that a request stays below its limit.
    pub size: usize,
    /// It waits for something else (an upload), and is not sent until that is done.
    pub held: bool,
    /// The version seen when it was first sent; none before that.
    pub since: Option<Version>,
    /// How it stands.
    pub state: State,
}

/// How a mutation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not decided, as far as this phone knows.
    Waiting,
    /// Decided and applied by the server; shown from the outbox until the mirror has it.
    Accepted {
        /// The era it was accepted in.
        era: Era,
        /// The last version it wrote in each stream.
        streams: BTreeMap<Stream, Version>,
    },
    /// Refused: it stays until the member retries, edits or discards it.
    Attention(ErrorCode),
}

/// The next replica, and what the store must write in the transaction that saves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The next replica.
    pub replica: Replica,
    /// What to do to the mirror, in order.
    pub mirror: Vec<MirrorOp>,
    /// Whether the transaction must reach the disk before anything follows from it.
    pub flush: bool,
}

/// One thing to do to the mirror.
#[derive(Clone, Debug, PartialEq)]
pub enum MirrorOp {
    /// Store a change, unless the copy holds a row or tombstone of that entity at its version or above.
    /// A change without a body removes the row; where `keep_tombstone`, it also leaves a tombstone.
    Put {
        /// Into which copy.
        number: StreamNumber,
        /// What.
        change: Change,
        /// Whether a first sync is under way, whose late pages must not bring it back.
        keep_tombstone: bool,
    },
    /// Forget the tombstones of a copy: its first sync is finished.
    ForgetTombstones(StreamNumber),
    /// Remove a copy: rows, tombstones, search.
    Drop(StreamNumber),
}
