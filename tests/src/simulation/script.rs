//! Steps of a story, for tests that want one particular order of things.

use super::{Message, Violation, World};
use enishi_core::sync::replica::Asked;
use enishi_protocol::{
    GroupId, MutationId, Operation, PostId, Stream,
    feed::{PostKind, PostMove, PostWriting, Reacting},
    groups::{GroupJoining, GroupLeaving},
    sync::SyncRequest,
};

/// A request that has been made and may be sent, more than once, at any time.
#[derive(Clone, Debug)]
pub struct Letter {
    phone: usize,
    asked: Asked,
    request: SyncRequest,
}

impl World {
    /// A phone makes a request that leaves out the first `skip` waiting mutations.
    pub fn letter(&mut self, phone: usize, skip: usize) -> Letter {
        let (asked, request) = self.phones[phone].request(skip, true);
        Letter { phone, asked, request }
    }

    /// The server handles a request. The answer is given back, not delivered; what live connections
    /// are due lies on the network.
    pub fn answer(&mut self, letter: &Letter) -> Result<Message, Violation> {
        let Letter { phone, asked, request } = letter.clone();
        let before = self.network.len();
        self.deliver(Message::Request(phone, asked, request))?;
        Ok(self.network.remove(before))
    }

    /// A phone asks until it is in step. Live batches are left on the network.
    pub fn sync(&mut self, phone: usize) -> Result<(), Violation> {
        for _ in 0..100 {
            let letter = self.letter(phone, 0);
            let answer = self.answer(&letter)?;
            self.deliver(answer)?;
            let replica = &self.phones[phone].replica;
            let version = self.server.version();
            let in_step = replica.streams.values().all(|held| held.shown.cursor == Some(version));
            if replica.is_whole() && in_step && !replica.has_something_to_send() {
                return Ok(());
            }
        }
        Err(Violation(format!("liveness: phone {phone} does not come into step")))
    }

    /// Every phone asks until it is in step.
    pub fn sync_all(&mut self) -> Result<(), Violation> {
        (0..self.phones.len()).try_for_each(|phone| self.sync(phone))
    }

    /// A phone opens its live connection at once.
    pub fn go_live(&mut self, phone: usize) -> Result<(), Violation> {
        let (session, request) = self.phones[phone].open().ok_or_else(|| Violation("nothing to follow yet".into()))?;
        self.deliver(Message::Open(phone, session, request))
    }

    /// What is on its way to a phone on its live connection, taken off the network.
    pub fn live_batches(&mut self, phone: usize) -> Vec<Message> {
        let (live, other) = std::mem::take(&mut self.network)
            .into_iter()
            .partition(|message| matches!(message, Message::Live(to, ..) if to == &phone));
        self.network = other;
        live
    }

    /// The first of the simulation's groups.
    pub fn group(&self) -> GroupId {
        self.server.groups[0]
    }

    /// A member writes a post on a phone.
    pub fn post(&mut self, phone: usize, stream: Stream) -> MutationId {
        self.write(phone, post_in(stream), None, false)
    }

    /// A member writes a post that waits for an upload.
    pub fn held_post(&mut self, phone: usize, stream: Stream) -> MutationId {
        self.write(phone, post_in(stream), None, true)
    }

    /// A member reacts to a post.
    pub fn react(&mut self, phone: usize, post: PostId) -> MutationId {
        self.write(phone, Operation::React(Reacting { post, reaction: "👍".into(), on: true }), None, false)
    }

    /// A member moves a post.
    pub fn move_post(&mut self, phone: usize, post: PostId, stream: Stream) -> MutationId {
        self.write(phone, Operation::MovePost(PostMove { post, stream }), None, false)
    }

    /// A member joins the first group.
    pub fn join(&mut self, phone: usize) -> MutationId {
        let joining = GroupJoining { group: self.group(), note: String::new() };
        self.write(phone, Operation::JoinGroup(joining), None, false)
    }

    /// A member leaves the first group.
    pub fn leave(&mut self, phone: usize) -> MutationId {
        let group = self.group();
        self.write(phone, Operation::LeaveGroup(GroupLeaving { group }), None, false)
    }
}

fn post_in(stream: Stream) -> Operation {
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text: "言葉".into(),
        mentions: Vec::new(),
        poll: None,
        attachments: Vec::new(),
    })
}

impl World {
    /// Whether an answer's pages bring a post.
    pub fn brings(&self, message: &Message, post: PostId) -> bool {
        let Message::Reply(_, _, reply) = message else { return false };
        reply.pages.iter().flat_map(|page| &page.changes).any(|change| change.id == post.0)
    }

    /// Whether a live batch is of a stream.
    pub fn is_of(message: &Message, stream: Stream) -> bool {
        matches!(message, Message::Live(_, _, batch) if batch.stream == stream)
    }

    /// A phone asks for changes only, and takes the answer.
    pub fn pull_without_pages(&mut self, phone: usize) -> Result<(), Violation> {
        let (asked, request) = self.phones[phone].request(0, false);
        let answer = self.answer(&Letter { phone, asked, request })?;
        self.deliver(answer)
    }

    /// The same answer as if it belonged to a request of now: the network repeats whole messages, and
    /// this is one of an era and session that the phone still holds.
    pub fn as_if_asked_now(&mut self, message: Message, phone: usize) -> Message {
        let Message::Reply(_, _, reply) = message else { return message };
        Message::Reply(phone, self.letter(phone, 0).asked, reply)
    }
}
