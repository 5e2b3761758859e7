//! What each message from the server makes of a replica.
//!
//! Messages may be lost, repeated, late, and out of order; every check here says which of them may be
//! believed. `docs/sync.md` tells what goes wrong without each.

use super::{Asked, Copy, MirrorOp, Replica, State, Step, work::Work};
use enishi_protocol::{
    Change, EntityKind, Era, MutationId, Stream, Version,
    change::GrantOf,
    rules::{Rule, on},
    sync::{Batch, MutationResult, Outcome, Page, Roots, StreamRequest, SyncReply},
};

/// What became of a live batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was applied, or everything in it was known.
    Yes,
    /// It could not be applied: only a sync request can close the gap.
    Missed,
}

impl Replica {
    /// Takes the answer to a request.
    pub fn receive(&self, asked: &Asked, reply: SyncReply) -> Step {
        let mut work = Work::on(self);
        let of_present_era = asked.era == self.era || !on(Rule::EraAnswer) || !on(Rule::EraCheck);
        if asked.session != self.session || !of_present_era {
            return work.unsettled();
        }
        if Some(reply.era) != self.era && (on(Rule::EraCheck) || self.era.is_none()) {
            work.adopt(reply.era, reply.version);
        }
        work.replica.seen = work.replica.seen.max(reply.version);
        work.take_roots(reply.era, reply.roots);
        for result in reply.results {
            work.take_result(reply.era, result);
        }
        if !work.replica.awaits_other_results(&asked.ask) {
            reply.pages.into_iter().for_each(|page| work.take_page(page));
            for batch in reply.batches {
                work.take_batch(batch);
            }
        }
        reply.resets.iter().for_each(|reset| work.take_reset(reset));
        work.settled()
    }

    /// Takes a batch from a live connection that was opened in `session`.
    pub fn live(&self, session: u64, batch: Batch) -> (Step, Taken) {
        let mut work = Work::on(self);
        if session != self.session {
            return (work.unsettled(), Taken::Yes);
        }
        if self.awaits_other_results(&[]) {
            return (work.settled(), Taken::Missed);
        }
        let taken = work.take_batch(batch);
        (work.settled(), taken)
    }

    /// Whether a write was sent whose result the phone does not know.
    pub(crate) fn awaits_results(&self) -> bool {
        self.awaits_other_results(&[])
    }

    /// Whether a write was sent whose result the phone does not know and a message with these results
    /// cannot tell. Changes wait for it: the message may already hold what that write did.
    fn awaits_other_results(&self, told: &[MutationId]) -> bool {
        on(Rule::ResultsFirst) && self.outbox.iter().any(|entry| entry.is_unanswered() && !told.contains(&entry.id))
    }
}

impl Work {
    /// Believes a new era: every stream is built anew beside what is shown, and what was accepted but
    /// is not in the mirror yet may have been lost, so it waits again under the same id.
    fn adopt(&mut self, era: Era, version: Version) {
        let streams: Vec<Stream> = self.replica.streams.keys().copied().collect();
        for stream in streams {
            let Some(held) = self.replica.streams.get_mut(&stream) else { continue };
            if held.shown.era.is_none() {
                held.shown.era = Some(era);
            } else {
                let grant = held.shown.grant;
                self.build_beside(stream, era, grant);
            }
        }
        for entry in &mut self.replica.outbox {
            if matches!(entry.state, State::Accepted { .. }) && on(Rule::EraOverlay) {
                entry.state = State::Waiting;
            }
            entry.since = entry.since.map(|since| since.min(version));
        }
        self.replica.era = Some(era);
        self.replica.seen = Version(0);
    }

    /// Learns the grants of the two streams that every member has. Within an era they only grow; a
    /// higher one means that the membership ended and began again.
    fn take_roots(&mut self, era: Era, roots: Roots) {
        let inbox = self.replica.inbox();
        for (stream, grant) in [(Stream::Community, roots.community), (inbox, roots.inbox)] {
            let Some(held) = self.replica.streams.get_mut(&stream) else { continue };
            let target = held.target_mut();
            if target.era != Some(era) {
                continue;
            }
            match target.grant {
                None => target.grant = Some(grant),
                Some(known) if known == grant => {}
                // A copy being built after a new era has the former era's grant until now.
                Some(_) if target.cursor.is_none() => target.grant = Some(grant),
                Some(known) if known < grant => {
                    self.drop_stream(stream);
                    self.hold(stream, Some(era), Some(grant));
                }
                Some(_) => {}
            }
        }
    }

    fn take_result(&mut self, era: Era, result: MutationResult) {
        let entry = self.replica.outbox.iter_mut().find(|entry| entry.id == result.mutation);
        let Some(entry) = entry else { return };
        match (&entry.state, result.outcome) {
            (State::Accepted { .. }, _) | (State::Attention(_), Outcome::Refused(_)) => {}
            // Also from needs attention: it was put there before the phone could know.
            (_, Outcome::Accepted { streams }) => entry.state = State::Accepted { era, streams },
            (State::Waiting, Outcome::Refused(code)) => {
                entry.state = State::Attention(code);
                // What was written later passes it from here on: where a restore has forgotten that it was refused, a
                // crash must not.
                self.flush = true;
            }
        }
    }

    fn take_page(&mut self, page: Page) {
        let Some(target) = self.target(page.stream, page.era, page.grant) else { return };
        let awaited = target.place.as_ref() == Some(&page.place);
        if !awaited && (on(Rule::AwaitedPage) || target.cursor.is_none()) {
            return;
        }
        target.now = target.now.max(page.now);
        let number = target.number;
        self.put_all(page.stream, page.changes);
        let Some(held) = self.replica.streams.get_mut(&page.stream) else { return };
        if awaited {
            let target = held.target_mut();
            if page.place.is_start() {
                target.cursor = Some(page.v0);
            }
            target.place = page.next;
            if target.place.is_none() {
                self.mirror.push(MirrorOp::ForgetTombstones(number));
            }
        }
    }

    fn take_batch(&mut self, batch: Batch) -> Taken {
        let Some(target) = self.target(batch.stream, batch.era, batch.grant) else { return Taken::Yes };
        let Some(cursor) = target.cursor else { return Taken::Missed };
        if batch.from > cursor && on(Rule::GapCheck) {
            return Taken::Missed;
        }
        if batch.to <= cursor && on(Rule::StaleBatch) {
            return Taken::Yes;
        }
        target.cursor = Some(cursor.max(batch.to));
        target.now = target.now.max(batch.now);
        self.put_all(batch.stream, batch.changes);
        Taken::Yes
    }

    fn take_reset(&mut self, reset: &StreamRequest) {
        let (Some(era), Some(held)) = (self.replica.era, self.replica.streams.get(&reset.stream)) else { return };
        let target = held.target();
        if (target.grant, target.cursor) == (reset.grant, reset.cursor) {
            self.build_beside(reset.stream, era, reset.grant);
        }
    }

    /// The copy that a message is for, where the phone holds one of that era and grant.
    fn target(&mut self, stream: Stream, era: Era, grant: enishi_protocol::Grant) -> Option<&mut Copy> {
        let target = self.replica.streams.get_mut(&stream)?.target_mut();
        let of_era = target.era == Some(era) || !on(Rule::EraCheck);
        let of_grant = target.grant == Some(grant) || !on(Rule::GrantCheck);
        (of_era && of_grant).then_some(target)
    }

    fn put_all(&mut self, stream: Stream, changes: Vec<Change>) {
        let Some(held) = self.replica.streams.get_mut(&stream) else { return };
        let target = held.target_mut();
        let keep_tombstone = target.place.is_some() && on(Rule::KeepTombstones);
        for change in changes {
            if matches!(change.kind, EntityKind::Grant | EntityKind::Duty) {
                target.learn_grant(&change);
            }
            self.mirror.push(MirrorOp::Put { number: target.number, change, keep_tombstone });
        }
    }
}

impl Copy {
    /// Follows the grants in an inbox; like the mirror, takes only what is newer than held.
    fn learn_grant(&mut self, change: &Change) {
        let key = (change.kind.clone(), change.id);
        if self.grants.get(&key).is_some_and(|(version, _)| *version >= change.version) {
            return;
        }
        let grant = change.body.as_ref().and_then(|body| serde_json::from_str::<GrantOf>(body.get()).ok());
        self.grants.insert(key, (change.version, grant));
    }
}
