//! What a phone asks for: waiting mutations, and where it stands in each stream.

use super::{Copy, Replica, State, Step, Waiting, work::Work};
use enishi_protocol::{
    Era, MutationId, Version, limits,
    rules::{Rule, on},
    sync::StreamRequest,
};

/// A request, but for the operations themselves, which the store has.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// What the answer is compared with.
    pub asked: Asked,
    /// The mutations that it carries, oldest first.
    pub mutations: Vec<Sent>,
    /// Where the phone stands.
    pub streams: Vec<StreamRequest>,
}

/// What a request said that decides whether its answer may be believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The phone's session when it was sent.
    pub session: u64,
    /// The era that it named.
    pub era: Option<Era>,
    /// The mutations whose results it wants.
    pub ask: Vec<MutationId>,
}

/// A mutation as a request carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Which mutation.
    pub id: MutationId,
    /// The one before it whose result is not known.
    pub after: Option<MutationId>,
    /// The version seen when it was first sent.
    pub since: Version,
}

impl Replica {
    /// The next request, and the step that must be committed before it is sent: a mutation is marked
    /// as sent first, since after a crash nobody could tell whether it was.
    ///
    /// `skip` waiting mutations are left out, because another request under way carries them.
    pub fn request(&self, skip: usize) -> (Step, Outgoing) {
        let mut work = Work::on(self);
        let mutations = if self.era.is_some() { work.mark_sent(skip) } else { Vec::new() };
        let ask = work.replica.outbox.iter().filter(|entry| entry.since.is_some()).map(|entry| entry.id);
        let ask = ask.take(limits::RESULTS_PER_REQUEST).collect();
        let streams = self.streams.iter().take(limits::STREAMS_PER_REQUEST);
        let streams = streams.map(|(stream, held)| held.target().request(*stream)).collect();
        let asked = Asked { session: self.session, era: self.era, ask };
        (work.unsettled(), Outgoing { asked, mutations, streams })
    }

    /// Whether a request would carry anything that waits to be sent.
    pub fn has_something_to_send(&self) -> bool {
        self.outbox.iter().any(|entry| entry.state == State::Waiting && !self.is_held(entry))
    }

    /// Whether every stream has finished its first sync and no reset is under way.
    pub fn is_whole(&self) -> bool {
        self.streams.values().all(|held| held.next.is_none() && held.shown.place.is_none())
    }

    /// Whether a mutation waits for something that is not the network: its own upload, or its parent's.
    fn is_held(&self, entry: &Waiting) -> bool {
        let parent_held = || {
            let parent = entry.parent.and_then(|parent| self.outbox.iter().find(|other| other.id == parent));
            parent.is_some_and(|parent| parent.state == State::Waiting && self.is_held(parent))
        };
        entry.held || parent_held()
    }
}

impl Work {
    fn mark_sent(&mut self, skip: usize) -> Vec<Sent> {
        let (mut sent, mut predecessor, mut bytes, mut skip) = (Vec::new(), None, 0, skip);
        let held: Vec<bool> = self.replica.outbox.iter().map(|entry| self.replica.is_held(entry)).collect();
        for (entry, held) in self.replica.outbox.iter_mut().zip(held) {
            if entry.state != State::Waiting || held && on(Rule::HeldPassed) {
                continue;
            }
            if !held && skip > 0 {
                skip -= 1;
            } else if !held {
                bytes += entry.size + ENVELOPE_BYTES;
                if sent.len() == limits::MUTATIONS_PER_REQUEST || bytes > MUTATION_BYTES {
                    break;
                }
                self.flush |= entry.since.is_none();
                let since = *entry.since.get_or_insert(self.replica.seen);
                sent.push(Sent { id: entry.id, after: predecessor, since });
            }
            predecessor = Some(entry.id);
        }
        sent
    }
}

/// What a mutation's envelope adds to its operation, rounded up.
const ENVELOPE_BYTES: usize = 256;
/// What all mutations of a request may weigh; the rest is for cursors and the results asked for.
const MUTATION_BYTES: usize = limits::SYNC_BODY_BYTES / 2;

impl Copy {
    fn request(&self, stream: enishi_protocol::Stream) -> StreamRequest {
        StreamRequest { stream, grant: self.grant, cursor: self.cursor, page: self.place.clone() }
    }
}

impl Outgoing {
    /// Leaves out pages of first syncs but each stream's first: what can wait for a cheaper network.
    #[must_use]
    pub fn without_history(mut self) -> Self {
        for request in &mut self.streams {
            request.page.take_if(|page| !page.is_start());
        }
        self
    }
}
