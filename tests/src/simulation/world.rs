//! Everything in one place, and what each act does to it.

use super::{Act, Message, SimPhone, SimServer, Violation, Wish};
use enishi_core::sync::replica::State;
use enishi_protocol::{
    Entity, EntityKind, MutationId, Operation, PostId, Stream,
    blocks::Blocking,
    feed::{CommentWriting, Post, PostDeletion, PostEdit, PostMove, PostWriting, Reacting, Reading},
    groups::{GroupJoining, GroupLeaving},
    limits::{FLOOR_POSTS, Portions, in_portions},
    membership::{Audience, ProfileField, ProfileSetting},
    polls::{Poll, Voting},
    sync::Outcome,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How a world begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Whose each phone is, as an index of members. The first member runs the community.
    pub owners: Vec<usize>,
    /// How many posts are there already, in turns in every feed.
    pub posts: usize,
    /// Whether phones may crash (costs time).
    pub crashes: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { owners: vec![0, 1, 1], posts: 0, crashes: true }
    }
}

/// Phones, a server, and the network between them.
pub struct World {
    /// The server.
    pub server: SimServer,
    /// The phones.
    pub phones: Vec<SimPhone>,
    /// What is on its way.
    pub network: Vec<Message>,
    /// What each mutation was, and which phone wrote it.
    pub(super) written: BTreeMap<MutationId, (usize, Operation)>,
    /// Accepted mutations that some phone was told of, with the era they were told in.
    pub(super) told: BTreeMap<MutationId, u64>,
    /// Posts that each phone must go on showing until they are refused or gone for a reason.
    pub(super) watched: Vec<BTreeSet<PostId>>,
    pub(super) discarded: BTreeSet<MutationId>,
    /// Mutations that ever waited for an upload: they are exempt from the order of the outbox.
    pub(super) ever_held: BTreeSet<MutationId>,
    /// As which each mutation was written. Its id says what the phone's clock said.
    pub(super) nth: BTreeMap<MutationId, u128>,
    /// How many hours each phone's clock is ahead.
    clocks: Vec<i64>,
    ids: u128,
}

/// When a simulation begins, in milliseconds since 1970 UTC.
const BEGIN_MS: i64 = 1_700_000_000_000;

impl World {
    /// A community with its members, two open groups, and the phones.
    pub fn new(setup: &Setup) -> Self {
        in_portions(Portions { changes: 5, first_posts: 2, whole_stream: 3, floor_posts: FLOOR_POSTS });
        let members = setup.owners.iter().max().map_or(1, |most| most + 1);
        let server = SimServer::new(members, setup.posts);
        let phones =
            setup.owners.iter().map(|owner| SimPhone::new(server.community, server.members[*owner], setup.crashes));
        let phones: Vec<_> = phones.collect();
        Self {
            watched: vec![BTreeSet::new(); phones.len()],
            server,
            phones,
            network: Vec::new(),
            written: BTreeMap::new(),
            told: BTreeMap::new(),
            discarded: BTreeSet::new(),
            ever_held: BTreeSet::new(),
            nth: BTreeMap::new(),
            clocks: vec![0; setup.owners.len()],
            ids: 0,
        }
    }

    /// Lets one thing happen, and checks what must hold at every moment.
    pub fn act(&mut self, act: &Act) -> Result<(), Violation> {
        let phones = self.phones.len();
        match act {
            Act::Write { phone, wish, held } => {
                let phone = phone % phones;
                if let Some((operation, parent)) = self.operation(phone, wish)? {
                    self.write(phone, operation, parent, *held);
                }
                self.look(phone)
            }
            Act::Send { phone, skip, pages } => {
                let phone = phone % phones;
                let (asked, request) = self.phones[phone].request(*skip, *pages);
                self.network.push(Message::Request(phone, asked, request));
                Ok(())
            }
            Act::Open { phone } => {
                let phone = phone % phones;
                let open = self.phones[phone].open();
                self.network.extend(open.map(|(session, request)| Message::Open(phone, session, request)));
                Ok(())
            }
            Act::Deliver { at, again } if !self.network.is_empty() => {
                let at = at % self.network.len();
                let message = if *again { self.network[at].clone() } else { self.network.remove(at) };
                self.deliver(message)
            }
            Act::Lose { at } if !self.network.is_empty() => {
                let at = at % self.network.len();
                self.network.remove(at);
                Ok(())
            }
            Act::Deliver { .. } | Act::Lose { .. } => Ok(()),
            Act::Release { phone } => {
                self.phones[phone % phones].release_all();
                Ok(())
            }
            Act::Crash { phone, at } => self.crash(phone % phones, *at),
            Act::Clock { phone, hours } => {
                self.clocks[phone % phones] = *hours;
                Ok(())
            }
            Act::SignIn { phone } => self.sign_in(phone % phones),
            Act::Discard { phone, at } => self.discard(phone % phones, *at),
            Act::Restart => {
                self.server.restart();
                Ok(())
            }
            Act::Expire => self.server.expire(),
            Act::Backup => {
                self.server.back_up();
                Ok(())
            }
            Act::Restore => self.server.restore(),
            Act::Erase { post } => self.server.erase(*post),
        }
    }

    /// Puts an operation into a phone's outbox.
    pub fn write(&mut self, phone: usize, operation: Operation, parent: Option<MutationId>, held: bool) -> MutationId {
        self.ids += 1;
        let id = self.new_id(phone);
        self.nth.insert(id, self.ids);
        if matches!(operation, Operation::WritePost(_)) {
            self.watched[phone].insert(id.into());
        }
        // What hangs on something held waits with it.
        if held || parent.is_some_and(|parent| self.ever_held.contains(&parent)) {
            self.ever_held.insert(id);
        }
        self.written.insert(id, (phone, operation.clone()));
        self.phones[phone].write(id, operation, parent, held);
        id
    }

    /// A UUIDv7 of a phone's clock, which is a second later each time.
    fn new_id(&self, phone: usize) -> MutationId {
        let now_ms = BEGIN_MS + self.clocks[phone] * 3_600_000 + i64::try_from(self.ids).unwrap_or(0) * 1_000;
        let time = u128::from(now_ms.unsigned_abs()) << 80;
        MutationId(Uuid::from_u128(time | 0x7000_8000_0000_0000_0000 | self.ids))
    }

    /// Lets a message arrive.
    pub fn deliver(&mut self, message: Message) -> Result<(), Violation> {
        match message {
            Message::Request(phone, asked, request) => {
                let reply = self.server.handle(self.phones[phone].member, phone, &request)?;
                self.network.push(Message::Reply(phone, asked, reply));
                self.fan_out()
            }
            Message::Open(phone, session, request) => {
                self.server.open(phone, self.phones[phone].member, session, &request);
                self.fan_out()
            }
            Message::Reply(phone, asked, reply) => {
                let era = self.server.number_of(reply.era);
                let accepted = reply.results.iter().filter(|result| matches!(result.outcome, Outcome::Accepted { .. }));
                for id in accepted.map(|result| result.mutation) {
                    let told = self.told.entry(id).or_insert(era);
                    *told = era.max(*told);
                }
                self.phones[phone].receive(&asked, reply);
                self.look(phone)
            }
            Message::Live(phone, session, batch) => {
                self.phones[phone].live(session, batch);
                self.look(phone)
            }
        }
    }

    /// After a commit: what live connections are due goes on its way.
    pub fn fan_out(&mut self) -> Result<(), Violation> {
        for (phone, session, batch) in self.server.fan_out()? {
            self.network.push(Message::Live(phone, session, batch));
        }
        Ok(())
    }

    fn crash(&mut self, phone: usize, at: usize) -> Result<(), Violation> {
        self.phones[phone].crash(at);
        // What was given up after the last flush, if anything, is back; what waits must be shown again.
        let waiting = self.phones[phone].replica.outbox.iter().map(|entry| entry.id);
        let posts = waiting.filter(|id| matches!(self.written[id].1, Operation::WritePost(_))).map(PostId::from);
        self.watched[phone].extend(posts);
        self.look(phone)
    }

    fn sign_in(&mut self, phone: usize) -> Result<(), Violation> {
        self.phones[phone].new_session();
        let outbox: BTreeSet<PostId> = self.phones[phone].replica.outbox.iter().map(|entry| entry.id.into()).collect();
        self.watched[phone].retain(|post| outbox.contains(post));
        self.look(phone)
    }

    fn discard(&mut self, phone: usize, at: usize) -> Result<(), Violation> {
        let refused = self.phones[phone].replica.outbox.iter().filter(|entry| entry.needs_attention());
        let refused: Vec<_> = refused.map(|entry| entry.id).collect();
        if !refused.is_empty() {
            let id = refused[at % refused.len()];
            self.discarded.insert(id);
            self.phones[phone].discard(id);
        }
        self.look(phone)
    }

    /// What a wish means on a phone as it is; none where there is nothing to do it to.
    fn operation(&self, phone: usize, wish: &Wish) -> Result<Option<(Operation, Option<MutationId>)>, Violation> {
        let feeds = || {
            let streams = self.phones[phone].replica.streams.keys().copied();
            streams.filter(|stream| stream.has_feed()).collect::<Vec<_>>()
        };
        let group = |number: &usize| self.server.groups[number % self.server.groups.len()];
        let text = format!("言葉 {}", self.ids + 1);
        let alone = |operation| Ok(Some((operation, None)));
        match wish {
            Wish::Post { feed } => alone(Operation::WritePost(PostWriting {
                stream: feeds()[feed % feeds().len()],
                kind: enishi_protocol::feed::PostKind::Text,
                text,
                mentions: Vec::new(),
                poll: feed.is_multiple_of(3).then(poll),
                attachments: Vec::new(),
            })),
            Wish::Join { group: at } => {
                alone(Operation::JoinGroup(GroupJoining { group: group(at), note: String::new() }))
            }
            Wish::Leave { group: at } => alone(Operation::LeaveGroup(GroupLeaving { group: group(at) })),
            Wish::Audience { audience } => alone(Operation::SetProfile(ProfileSetting {
                field: ProfileField::Department,
                value: Some(text),
                audience: [Audience::Everyone, Audience::Groups, Audience::Nobody][audience % 3],
            })),
            Wish::Block { member, on } => {
                let member = self.server.members[member % self.server.members.len()];
                alone(Operation::Block(Blocking { member, on: *on }))
            }
            Wish::Read { feed } => alone(Operation::Read(Reading {
                stream: feeds()[feed % feeds().len()],
                position: enishi_protocol::Position(self.phones[phone].replica.seen.0),
            })),
            Wish::Edit { post } => {
                let member = self.phones[phone].member;
                let own: Vec<_> =
                    self.in_mirror(phone)?.into_iter().filter(|(_, held)| held.author == member).collect();
                let Some((post, held)) = pick(&own, *post) else { return Ok(None) };
                let base = held.text_by;
                alone(Operation::EditPost(PostEdit { post: *post, base, text, mentions: Vec::new() }))
            }
            Wish::Comment { post } => self.on_post(phone, *post, |post| {
                Operation::WriteComment(CommentWriting {
                    post,
                    reply_to: None,
                    text,
                    mentions: Vec::new(),
                    attachments: Vec::new(),
                })
            }),
            Wish::React { post, on } => {
                self.on_post(phone, *post, |post| Operation::React(Reacting { post, reaction: "👍".into(), on: *on }))
            }
            Wish::Vote { post, choice } => {
                let choices: Vec<_> = u8::try_from(choice % 3).ok().filter(|choice| *choice < 2).into_iter().collect();
                self.on_post(phone, *post, |post| Operation::Vote(Voting { post, choices }))
            }
            Wish::Delete { post } => self.on_post(phone, *post, |post| Operation::DeletePost(PostDeletion { post })),
            Wish::Move { post, feed } => self.on_post(phone, *post, |post| {
                let feeds: Vec<_> = self.feeds();
                Operation::MovePost(PostMove { post, stream: feeds[feed % feeds.len()] })
            }),
        }
    }

    /// An operation on a post that the phone shows; on one of its own that still waits, with it as parent.
    fn on_post(
        &self,
        phone: usize,
        at: usize,
        operation: impl FnOnce(PostId) -> Operation,
    ) -> Result<Option<(Operation, Option<MutationId>)>, Violation> {
        let posts: Vec<_> = self.phones[phone].posts()?.into_iter().collect();
        let Some(post) = pick(&posts, at) else { return Ok(None) };
        let outbox = &self.phones[phone].replica.outbox;
        let parent = outbox.iter().find(|entry| entry.id.0 == post.0 && entry.state == State::Waiting);
        Ok(Some((operation(*post), parent.map(|entry| entry.id))))
    }

    pub(super) fn in_mirror(&self, phone: usize) -> Result<Vec<(PostId, Post)>, Violation> {
        let mut posts = Vec::new();
        for stream in self.phones[phone].replica.streams.keys() {
            for change in self.phones[phone].held(*stream)? {
                let body = change.body.as_deref().expect("held changes have bodies");
                if change.kind == EntityKind::Post
                    && let Ok(Some(Entity::Post(post))) = Entity::decode(&change.kind, body)
                {
                    posts.push((PostId(change.id), post));
                }
            }
        }
        Ok(posts)
    }

    fn feeds(&self) -> Vec<Stream> {
        std::iter::once(Stream::Community).chain(self.server.groups.iter().map(|group| Stream::Group(*group))).collect()
    }
}

fn poll() -> Poll {
    Poll { options: vec!["はい".into(), "いいえ".into()], several: false, closes_us: None }
}

fn pick<T>(from: &[T], at: usize) -> Option<&T> {
    (!from.is_empty()).then(|| &from[at % from.len()])
}
