//! A step in the making, and what every step ends with: streams that are whole are shown, lost ones
//! are dropped, granted ones are held, and what the mirror has leaves the overlay.

use super::{Held, MirrorOp, Replica, State, Step, Waiting};
use enishi_protocol::{
    Era, ErrorCode, Grant, MutationId, Stream, Version,
    rules::{Rule, on},
};
use std::collections::BTreeMap;

/// A step in the making.
pub(super) struct Work {
    pub(super) replica: Replica,
    pub(super) mirror: Vec<MirrorOp>,
    pub(super) flush: bool,
}

impl Work {
    pub(super) fn on(replica: &Replica) -> Self {
        Self { replica: replica.clone(), mirror: Vec::new(), flush: false }
    }

    /// Ends a step in which nothing about streams can have changed.
    pub(super) fn unsettled(self) -> Step {
        Step { replica: self.replica, mirror: self.mirror, flush: self.flush }
    }

    /// Ends a step.
    pub(super) fn settled(mut self) -> Step {
        self.show_what_is_whole();
        self.follow_grants();
        self.refuse_children_of_refused();
        let replica = &self.replica;
        let stays: Vec<bool> = replica.outbox.iter().map(|entry| !replica.is_in_mirror(entry)).collect();
        let mut stays = stays.into_iter();
        self.replica.outbox.retain(|_| stays.next().unwrap_or(true));
        self.unsettled()
    }

    /// Starts a copy beside what is shown of a stream.
    pub(super) fn build_beside(&mut self, stream: Stream, era: Era, grant: Option<Grant>) {
        let copy = self.replica.fresh_copy(Some(era), grant);
        let Some(held) = self.replica.streams.get_mut(&stream) else { return };
        if let Some(unfinished) = held.next.replace(copy) {
            self.mirror.push(MirrorOp::Drop(unfinished.number));
        }
    }

    /// Holds a stream, with nothing in it yet.
    pub(super) fn hold(&mut self, stream: Stream, era: Option<Era>, grant: Option<Grant>) {
        let shown = self.replica.fresh_copy(era, grant);
        self.replica.streams.insert(stream, Held { shown, next: None });
    }

    /// Forgets a stream. Flushed, so that no crash brings back what may no longer be read.
    pub(super) fn drop_stream(&mut self, stream: Stream) {
        if let Some(held) = self.replica.streams.remove(&stream) {
            let copies = std::iter::once(held.shown).chain(held.next);
            self.mirror.extend(copies.map(|copy| MirrorOp::Drop(copy.number)));
            self.flush |= on(Rule::FlushDrop);
        }
    }

    /// Forgets every stream and the era.
    pub(super) fn drop_everything(&mut self) {
        let streams: Vec<Stream> = self.replica.streams.keys().copied().collect();
        for stream in streams {
            self.drop_stream(stream);
        }
        self.replica.era = None;
        self.replica.seen = Version(0);
    }

    /// What cannot be applied without a mutation that is refused or given up needs attention with it.
    pub(super) fn refuse_dependants_of(&mut self, parent: MutationId) {
        let children = self.replica.outbox.iter_mut();
        for child in children.filter(|child| child.parent == Some(parent) && child.is_refused_with_it()) {
            child.state = State::Attention(ErrorCode::ParentRefused);
        }
    }

    fn refuse_children_of_refused(&mut self) {
        let refused = self.replica.outbox.iter().filter(|entry| entry.needs_attention()).map(|entry| entry.id);
        let refused: Vec<MutationId> = refused.collect();
        for parent in refused {
            self.refuse_dependants_of(parent);
        }
    }

    fn show_what_is_whole(&mut self) {
        for held in self.replica.streams.values_mut() {
            if held.next.as_ref().is_some_and(|next| next.place.is_none())
                && let Some(next) = held.next.take()
            {
                let before = std::mem::replace(&mut held.shown, next);
                self.mirror.push(MirrorOp::Drop(before.number));
            }
        }
    }

    /// Holds exactly the streams that the inbox, as it is shown, grants.
    fn follow_grants(&mut self) {
        let granted = self.replica.granted();
        let differs = |stream: &Stream, held: &Held| match granted.get(stream) {
            Some(grant) => held.shown.grant != Some(*grant) && on(Rule::GrantCheck),
            None => true,
        };
        let lost = self.replica.streams.iter();
        let lost = lost.filter(|(stream, held)| !self.replica.is_root(**stream) && differs(stream, held));
        let lost: Vec<Stream> = lost.map(|(stream, _)| *stream).collect();
        for stream in lost {
            self.drop_stream(stream);
            if !on(Rule::LostGrantWaits) {
                self.give_up_waiting();
            }
        }
        for (stream, grant) in granted {
            if !self.replica.streams.contains_key(&stream) {
                self.hold(stream, self.replica.era, Some(grant));
            }
        }
    }

    /// What a phone would do that took a lost grant for the answer to everything that waits.
    fn give_up_waiting(&mut self) {
        let outbox = self.replica.outbox.iter_mut();
        outbox
            .filter(|entry| entry.state == State::Waiting)
            .for_each(|entry| entry.state = State::Attention(ErrorCode::NotAllowed));
    }
}

impl Replica {
    /// The streams that the inbox grants, as far as it is shown.
    fn granted(&self) -> BTreeMap<Stream, Grant> {
        let inbox = self.streams.get(&self.inbox());
        let grants = inbox.into_iter().flat_map(|held| held.shown.grants.values());
        let grants = grants.filter_map(|(_, grant)| *grant).map(|grant| (grant.stream, grant.grant));
        grants.filter(|(stream, _)| !self.is_root(*stream)).collect()
    }

    /// Whether a stream is one of the two that every member has.
    fn is_root(&self, stream: Stream) -> bool {
        stream == Stream::Community || stream == self.inbox()
    }

    /// Whether the mirror shows all that an accepted mutation did, so that it may leave the overlay.
    fn is_in_mirror(&self, entry: &Waiting) -> bool {
        let State::Accepted { era, streams } = &entry.state else { return false };
        if !on(Rule::OverlayUntilCursor) {
            return true;
        }
        let Some(newest) = streams.values().max() else { return true };
        if !on(Rule::ResultStreams) {
            let guess = streams.keys().next().unwrap_or(&Stream::Community);
            return !self.streams.contains_key(guess) || self.has_passed(*guess, *newest, *era);
        }
        // A stream that this member may not read counts as passed when their inbox has.
        let inbox = self.inbox();
        let seen_in = |stream: &Stream, version: &Version| {
            if self.streams.contains_key(stream) { (*stream, *version) } else { (inbox, *newest) }
        };
        let mut seen_in = streams.iter().map(|(stream, version)| seen_in(stream, version));
        seen_in.all(|(stream, version)| self.has_passed(stream, version, *era))
    }

    fn has_passed(&self, stream: Stream, version: Version, era: Era) -> bool {
        let Some(held) = self.streams.get(&stream) else { return false };
        let (copy, cursor) = (&held.shown, held.shown.cursor);
        if !on(Rule::OverlayFinished) {
            return cursor.is_some_and(|cursor| cursor >= version);
        }
        let whole = if on(Rule::OverlayWhole) { version.max(copy.now) } else { version };
        copy.era == Some(era) && copy.place.is_none() && cursor.is_some_and(|cursor| cursor >= whole)
    }
}

impl Waiting {
    /// Whether this phone alone can refuse it: it has never been sent.
    fn may_be_refused_here(&self) -> bool {
        self.state == State::Waiting && self.since.is_none()
    }

    /// One that was sent together with what it hangs on came to a server that does not have that.
    fn is_refused_with_it(&self) -> bool {
        self.may_be_refused_here() || self.state == State::Attention(ErrorCode::NotFound)
    }
}
