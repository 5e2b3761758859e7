//! What the member and the device itself do to a replica.

use super::{Copy, Held, Replica, State, Step, StreamNumber, Waiting, work::Work};
use enishi_protocol::{Era, ErrorCode, Grant, MemberId, MutationId, Stream, Version, sync::Place};
use std::collections::BTreeMap;

impl Replica {
    /// A replica that holds nothing yet, of the membership of `member`.
    pub fn new(member: MemberId) -> Self {
        let mut replica = Self {
            member,
            session: 0,
            era: None,
            seen: Version(0),
            streams: BTreeMap::new(),
            outbox: Vec::new(),
            next_number: StreamNumber(1),
            next_order: 1,
        };
        replica.hold_roots();
        replica
    }

    /// The member's own inbox.
    pub fn inbox(&self) -> Stream {
        Stream::Member(self.member)
    }

    /// Puts a mutation into the outbox. The step is flushed: what the member wrote is safe from here on.
    ///
    /// `parent` is the mutation without which it cannot be applied, `size` the bytes of its operation,
    /// `held` whether it waits for something else first.
    pub fn write(&self, id: MutationId, parent: Option<MutationId>, size: usize, held: bool) -> Step {
        let mut work = Work::on(self);
        let order = work.replica.next_order;
        work.replica.next_order += 1;
        let parent = parent.filter(|parent| self.outbox.iter().any(|other| other.id == *parent));
        work.replica.outbox.push(Waiting { id, order, parent, size, held, since: None, state: State::Waiting });
        work.flush = true;
        work.settled()
    }

    /// What a mutation waited for is done: it may be sent.
    pub fn release(&self, id: MutationId) -> Step {
        let mut work = Work::on(self);
        for entry in work.replica.outbox.iter_mut().filter(|entry| entry.id == id) {
            entry.held = false;
        }
        work.settled()
    }

    /// What a mutation waited for will not be done: it needs attention, as if the server had refused it.
    /// One that waits for nothing stays as it is.
    pub fn refuse_held(&self, id: MutationId, code: ErrorCode) -> Step {
        let mut work = Work::on(self);
        let held = |entry: &&mut Waiting| entry.id == id && entry.held && entry.state == State::Waiting;
        if let Some(entry) = work.replica.outbox.iter_mut().find(held) {
            entry.held = false;
            entry.state = State::Attention(code);
            work.flush = true;
        }
        work.settled()
    }

    /// The member gives up a mutation in needs attention. Anything else stays as it is.
    pub fn discard(&self, id: MutationId) -> Step {
        let mut work = Work::on(self);
        work.replica.outbox.retain(|entry| entry.id != id || !entry.needs_attention());
        let discarded = work.replica.outbox.len() < self.outbox.len();
        if discarded {
            work.refuse_dependants_of(id);
        }
        work.flush = discarded;
        work.settled()
    }

    /// Signed in again, as a new device: the mirror starts empty, the outbox of the membership stays.
    pub fn new_session(&self) -> Step {
        let mut work = Work::on(self);
        work.drop_everything();
        work.replica.session += 1;
        work.replica.hold_roots();
        work.flush = true;
        work.settled()
    }

    /// Fetches everything anew beside what is shown.
    pub(crate) fn fetch_anew(&self) -> Step {
        let mut work = Work::on(self);
        for (stream, held) in &self.streams {
            if let Some(era) = held.target().era {
                work.build_beside(*stream, era, held.target().grant);
            }
        }
        work.settled()
    }

    /// The membership is over: nothing of it stays readable, and what was not decided goes to needs attention.
    pub fn end(&self) -> Step {
        let mut work = Work::on(self);
        work.drop_everything();
        work.replica.session += 1;
        work.replica.hold_roots();
        for entry in work.replica.outbox.iter_mut().filter(|entry| entry.state == State::Waiting) {
            entry.state = State::Attention(ErrorCode::MembershipEnded);
        }
        work.flush = true;
        work.settled()
    }

    /// Every membership holds its inbox and the community's stream.
    fn hold_roots(&mut self) {
        for stream in [Stream::Community, self.inbox()] {
            let shown = self.fresh_copy(None, None);
            self.streams.insert(stream, Held { shown, next: None });
        }
    }

    /// An empty copy of a stream, awaiting its first page.
    pub(super) fn fresh_copy(&mut self, era: Option<Era>, grant: Option<Grant>) -> Copy {
        let number = self.next_number;
        self.next_number.0 += 1;
        Copy { number, era, grant, cursor: None, place: Some(Place::start()), now: Version(0), grants: BTreeMap::new() }
    }
}

impl Waiting {
    /// Whether it was refused and awaits the member's choice.
    pub fn needs_attention(&self) -> bool {
        matches!(self.state, State::Attention(_))
    }

    /// Whether it may already have reached the server, but its result is not known.
    pub fn is_unanswered(&self) -> bool {
        self.state == State::Waiting && self.since.is_some()
    }
}

impl Held {
    /// The copy that messages from the server are for.
    pub fn target(&self) -> &Copy {
        self.next.as_ref().unwrap_or(&self.shown)
    }

    /// The copy that messages from the server are for.
    pub(super) fn target_mut(&mut self) -> &mut Copy {
        self.next.as_mut().unwrap_or(&mut self.shown)
    }
}
