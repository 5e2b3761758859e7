//! A phone: the real replica over the real store, and what a crash leaves of it.

use super::Violation;
use enishi_core::{
    feed::{Around, FeedPost, Selection, window},
    store::{NewWrite, Store},
    sync::replica::{Asked, Replica, State, Step, Taken},
};
use enishi_protocol::{
    Change, CommunityId, EntityKind, MemberId, Mutation, MutationId, Operation, PostId, Stream,
    sync::{Batch, LiveRequest, StreamRequest, SyncReply, SyncRequest},
};
use std::collections::BTreeSet;

/// A phone in a simulation.
pub struct SimPhone {
    /// Whose it is.
    pub member: MemberId,
    /// What it knows.
    pub replica: Replica,
    /// Where it keeps it.
    pub store: Store,
    community: CommunityId,
    /// What the store was after each transaction since the last flush, oldest first: a crash leaves
    /// any of these, because a write-ahead log is one log and a flush takes all before it along.
    log: Vec<Vec<u8>>,
    crashes: bool,
}

impl SimPhone {
    /// A phone that holds nothing.
    pub fn new(community: CommunityId, member: MemberId, crashes: bool) -> Self {
        let store = Store::in_memory().expect("a store in memory opens");
        let replica = Replica::new(member);
        let mut phone = Self { member, replica: replica.clone(), store, community, log: Vec::new(), crashes };
        let step = Step { replica, mirror: Vec::new(), flush: true };
        phone.store.commit(community, None, &step, &[]).expect("an empty replica is stored");
        phone.remember(true);
        phone
    }

    /// The phone as it is now, to go on by itself.
    #[must_use]
    pub fn copy(&self) -> Self {
        let Self { member, community, .. } = *self;
        let store = Store::in_memory().expect("a store in memory opens");
        store.restore(&self.store.snapshot().expect("a snapshot")).expect("restores");
        Self { member, replica: self.replica.clone(), store, community, log: Vec::new(), crashes: false }
    }

    fn commit(&mut self, step: Step, written: &[NewWrite]) {
        self.store.commit(self.community, Some(&self.replica), &step, written).expect("a step is stored");
        let flush = step.flush;
        self.replica = step.replica;
        self.remember(flush);
    }

    fn remember(&mut self, flush: bool) {
        if self.crashes {
            if flush {
                self.log.clear();
            }
            self.log.push(self.store.snapshot().expect("a snapshot"));
        }
    }

    /// The process dies and starts again from what the disk has: what was flushed, and some of the rest.
    pub fn crash(&mut self, at: usize) {
        if self.log.is_empty() {
            return;
        }
        self.log.truncate(at % self.log.len() + 1);
        self.store.restore(self.log.last().expect("a log is never empty")).expect("restores");
        self.replica = self.store.load(self.community).expect("loads").expect("the membership is there");
    }

    /// The member does something.
    pub fn write(&mut self, id: MutationId, operation: Operation, parent: Option<MutationId>, held: bool) {
        let size = operation.encode().expect("encodes").get().len();
        let step = self.replica.write(id, parent, size, held);
        self.commit(step, &[NewWrite { id, operation }]);
    }

    /// Every upload is finished.
    pub fn release_all(&mut self) {
        let held: Vec<_> = self.replica.outbox.iter().filter(|entry| entry.held).map(|entry| entry.id).collect();
        for id in held {
            let step = self.replica.release(id);
            self.commit(step, &[]);
        }
    }

    /// The member gives up what needs attention.
    pub fn discard(&mut self, id: MutationId) {
        let step = self.replica.discard(id);
        self.commit(step, &[]);
    }

    /// Signed in again as a new device.
    pub fn new_session(&mut self) {
        let step = self.replica.new_session();
        self.commit(step, &[]);
    }

    /// The next request; `pages` says whether it asks for pages besides changes.
    pub fn request(&mut self, skip: usize, pages: bool) -> (Asked, SyncRequest) {
        let (step, outgoing) = self.replica.request(skip);
        self.commit(step, &[]);
        let ids: Vec<_> = outgoing.mutations.iter().map(|sent| sent.id).collect();
        let bodies = self.store.writes(self.community, self.member, &ids).expect("reads");
        let mutations = outgoing.mutations.iter().zip(bodies).map(|(sent, write)| {
            assert_eq!(sent.id, write.id);
            Mutation { id: sent.id, after: sent.after, since: sent.since, kind: write.kind, body: write.body }
        });
        let mut request = SyncRequest {
            community: self.community,
            era: outgoing.asked.era,
            mutations: mutations.collect(),
            ask: outgoing.asked.ask.clone(),
            streams: outgoing.streams,
        };
        for stream in request.streams.iter_mut().filter(|stream| !pages && stream.cursor.is_some()) {
            stream.page = None;
        }
        (outgoing.asked, request)
    }

    /// The next live connection, where the phone is far enough for one.
    pub fn open(&self) -> Option<(u64, LiveRequest)> {
        let streams = self.replica.streams.iter().map(|(stream, held)| {
            let copy = held.target();
            StreamRequest { stream: *stream, grant: copy.grant, cursor: copy.cursor, page: None }
        });
        let streams = streams.filter(|stream| stream.cursor.is_some()).collect();
        Some((self.replica.session, LiveRequest { community: self.community, era: self.replica.era?, streams }))
    }

    /// Takes an answer.
    pub fn receive(&mut self, asked: &Asked, reply: SyncReply) {
        let step = self.replica.receive(asked, reply);
        self.commit(step, &[]);
    }

    /// Takes a live batch.
    pub fn live(&mut self, session: u64, batch: Batch) -> Taken {
        let (step, taken) = self.replica.live(session, batch);
        self.commit(step, &[]);
        taken
    }

    /// Reactions to a post as a screen shows them; none where it shows no such post.
    pub fn shown_reactions(&self, post: PostId) -> Result<Option<i64>, Violation> {
        Ok(self.shown(post)?.map(|shown| shown.reactions.iter().map(|reaction| reaction.count).sum()))
    }

    /// Voters of a post's poll as a screen shows them; none where it shows no such post.
    pub fn shown_voters(&self, post: PostId) -> Result<Option<i64>, Violation> {
        Ok(self.shown(post)?.map(|shown| shown.poll.map_or(0, |poll| poll.voters)))
    }

    fn shown(&self, post: PostId) -> Result<Option<FeedPost>, Violation> {
        Ok(self.window()?.into_iter().find(|shown| shown.id == post))
    }

    /// The posts as a screen shows them.
    pub fn window(&self) -> Result<Vec<FeedPost>, Violation> {
        let window = window(&self.store, self.community, Selection::All, Around::Newest, 1_000);
        Ok(window.map_err(|error| Violation(error.to_string()))?.posts)
    }

    /// What a mutation in the outbox does.
    pub fn operation(&self, id: MutationId) -> Operation {
        let write = self.store.writes(self.community, self.member, &[id]).expect("reads").remove(0);
        write.operation().expect("the operations of a simulation are known")
    }

    /// What the shown copy of a stream holds.
    pub fn held(&self, stream: Stream) -> Result<Vec<Change>, Violation> {
        self.store.held(self.community, stream).map_err(|error| Violation(error.to_string()))
    }

    /// Every post that the member can see: the mirror under the outbox.
    pub fn posts(&self) -> Result<BTreeSet<PostId>, Violation> {
        let mut posts = BTreeSet::new();
        for stream in self.replica.streams.keys() {
            let in_mirror = self.held(*stream)?.into_iter().filter(|change| change.kind == EntityKind::Post);
            posts.extend(in_mirror.map(|change| PostId(change.id)));
        }
        let pending = self.replica.outbox.iter().filter(|entry| !matches!(entry.state, State::Attention(_)));
        let pending = pending.filter(|entry| matches!(self.operation(entry.id), Operation::WritePost(_)));
        posts.extend(pending.map(|entry| PostId::from(entry.id)));
        Ok(posts)
    }
}
