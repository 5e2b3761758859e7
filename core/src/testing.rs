//! A phone for unit tests: a store in memory, to which a test tells what the server said.

use crate::{
    store::{NewWrite, Store, Wish},
    sync::replica::{Copy, Held, MirrorOp, Replica, State, Step},
};
use enishi_protocol::{
    Change, CommunityId, Entity, EntityKind, Era, ErrorCode, Grant, MemberId, MutationId, Position, PostId, Stream,
    Version,
    change::GrantOf,
    feed::{Comment, Counts, MyReactions, Post, PostKind},
    membership::{Affiliation, Member, PersonName, Role, Standing},
    sync::Place,
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) const ERA: Era = Era(Uuid::from_u128(0xe4a));

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn member(number: u128) -> MemberId {
    MemberId(id(number))
}

/// One phone of one member of one community, whose streams are whole.
pub(crate) struct Phone {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    pub(crate) me: MemberId,
    pub(crate) replica: Replica,
    next_id: u128,
}

impl Phone {
    /// The phone of member 1, 山田 太郎, in community 100.
    pub(crate) fn new() -> Self {
        let mut replica = Replica::new(member(1));
        replica.era = Some(ERA);
        for held in replica.streams.values_mut() {
            whole(&mut held.shown);
        }
        let store = Store::in_memory().expect("opens");
        let mut phone =
            Self { store, community: CommunityId(id(100)), me: member(1), replica, next_id: 0x0199_0000 << 96 };
        let step = Step { replica: phone.replica.clone(), mirror: Vec::new(), flush: false };
        phone.store.commit(phone.community, None, &step, &[]).expect("commits");
        phone.put(Stream::Community, 1, id(1), &person("山田", "太郎"), None);
        phone
    }

    /// Holds a group's stream as well.
    pub(crate) fn group(&mut self, number: u128) -> Stream {
        let stream = Stream::Group(id(number).into());
        let held = self.replica.streams[&Stream::Community].shown.clone();
        let (group, number) = (id(number), self.replica.next_number);
        let mut next = self.replica.clone();
        next.next_number.0 += 1;
        if let Some(inbox) = next.streams.get_mut(&self.inbox()) {
            let grant = Some(GrantOf { stream, grant: Grant(1) });
            inbox.shown.grants.insert((EntityKind::Grant, group), (Version(1), grant));
        }
        next.streams.insert(stream, Held { shown: Copy { number, ..held }, next: None });
        self.save(next, Vec::new(), &[]);
        stream
    }

    pub(crate) fn inbox(&self) -> Stream {
        Stream::Member(self.me)
    }

    fn save(&mut self, replica: Replica, mirror: Vec<MirrorOp>, written: &[NewWrite]) {
        let step = Step { replica, mirror, flush: false };
        self.store.commit(self.community, Some(&self.replica), &step, written).expect("commits");
        self.replica = step.replica;
    }

    /// The server said: this entity is in this stream since that version.
    pub(crate) fn put(&mut self, stream: Stream, version: i64, id: Uuid, entity: &Entity, by: Option<MutationId>) {
        let body = Some(entity.encode().expect("encodes"));
        self.say(stream, Change { version: Version(version), kind: entity.kind(), id, mutation: by, body });
    }

    /// The server said this of a stream.
    pub(crate) fn say(&mut self, stream: Stream, change: Change) {
        let number = self.replica.streams[&stream].shown.number;
        let put = MirrorOp::Put { number, change, keep_tombstone: false };
        self.save(self.replica.clone(), vec![put], &[]);
    }

    /// A post by somebody, first accepted at that version.
    pub(crate) fn post(&mut self, stream: Stream, version: i64, author: u128, text: &str) -> PostId {
        let id = id(10_000 + u128::try_from(version).expect("positive"));
        self.put(stream, version, id, &post(version, author, text, id), Some(MutationId(id)));
        PostId(id)
    }

    /// The member wishes; the outbox has it.
    pub(crate) fn write(&mut self, wish: Wish) -> MutationId {
        let id = MutationId(self.new_id());
        self.write_as(id, wish)
    }

    pub(crate) fn write_as(&mut self, id: MutationId, wish: Wish) -> MutationId {
        let write = NewWrite { id, operation: wish.operation };
        let step = self.replica.write(id, wish.parent, write.size().expect("encodes"), false);
        self.store.commit(self.community, Some(&self.replica), &step, &[write]).expect("commits");
        self.replica = step.replica;
        id
    }

    pub(crate) fn new_id(&mut self) -> Uuid {
        self.next_id += 1;
        id(self.next_id | 0x7000 << 64 | 0x8 << 60)
    }

    fn set(&mut self, id: MutationId, state: &State) {
        let mut next = self.replica.clone();
        next.outbox.iter_mut().filter(|entry| entry.id == id).for_each(|entry| entry.state = state.clone());
        self.save(next, Vec::new(), &[]);
    }

    /// The server accepted it, and wrote these versions.
    pub(crate) fn accept(&mut self, id: MutationId, streams: &[(Stream, i64)]) {
        let streams: BTreeMap<_, _> = streams.iter().map(|(stream, version)| (*stream, Version(*version))).collect();
        self.set(id, &State::Accepted { era: ERA, streams });
    }

    /// It waits again, as after a restore.
    pub(crate) fn wait_again(&mut self, id: MutationId) {
        self.set(id, &State::Waiting);
    }

    /// The server refused it.
    pub(crate) fn refuse(&mut self, id: MutationId, code: ErrorCode) {
        self.set(id, &State::Attention(code));
    }

    fn change_copy(&mut self, stream: Stream, change: impl FnOnce(&mut Copy)) {
        let mut next = self.replica.clone();
        if let Some(held) = next.streams.get_mut(&stream) {
            change(&mut held.shown);
        }
        self.save(next, Vec::new(), &[]);
    }

    /// Everything of a stream up to a version is applied.
    pub(crate) fn reach(&mut self, stream: Stream, version: i64) {
        self.applied(stream, version, version);
    }

    /// Everything of a stream up to a version is applied, and something of a snapshot at `now`.
    pub(crate) fn applied(&mut self, stream: Stream, version: i64, now: i64) {
        self.change_copy(stream, |copy| (copy.cursor, copy.now) = (Some(Version(version)), Version(now)));
    }

    /// Nothing of a stream has come yet, as far as its cursor tells.
    pub(crate) fn forget_cursor(&mut self, stream: Stream) {
        self.change_copy(stream, |copy| copy.cursor = None);
    }

    /// A stream's first sync is under way, or finished.
    pub(crate) fn begin_again(&mut self, stream: Stream, under_way: bool) {
        self.change_copy(stream, |copy| copy.place = under_way.then(Place::start));
    }

    /// The membership ended.
    pub(crate) fn end(&mut self) {
        let step = self.replica.end();
        self.save(step.replica, step.mirror, &[]);
    }

    /// It left the outbox.
    pub(crate) fn forget(&mut self, id: MutationId) {
        let mut next = self.replica.clone();
        next.outbox.retain(|entry| entry.id != id);
        self.save(next, Vec::new(), &[]);
    }
}

fn whole(copy: &mut Copy) {
    copy.era = Some(ERA);
    copy.grant = Some(Grant(1));
    copy.cursor = Some(Version(1));
    copy.place = None;
}

pub(crate) fn person(family: &str, given: &str) -> Entity {
    Entity::Member(Member {
        name: PersonName { family: family.into(), given: given.into() },
        role: Role::Member,
        affiliation: Affiliation::Alumnus,
        standing: Standing::Active,
        joined_us: 0,
        supporter: false,
    })
}

pub(crate) fn post(position: i64, author: u128, text: &str, text_by: Uuid) -> Entity {
    Entity::Post(Post {
        position: Position(position),
        author: member(author),
        kind: PostKind::Text,
        text: text.into(),
        text_by: MutationId(text_by),
        created_us: position,
        edited_us: None,
        pinned: false,
        mentions: Vec::new(),
        poll: None,
        hidden: None,
        attachments: Vec::new(),
    })
}

pub(crate) fn comment(post: PostId, position: i64, author: u128, text: &str, text_by: Uuid) -> Entity {
    Entity::Comment(Comment {
        post,
        reply_to: None,
        position: Position(position),
        author: member(author),
        text: text.into(),
        text_by: MutationId(text_by),
        created_us: position,
        edited_us: None,
        mentions: Vec::new(),
        hidden: None,
        attachments: Vec::new(),
    })
}

pub(crate) fn counts(comments: i64, reactions: &[(&str, i64)]) -> Entity {
    let reactions = reactions.iter().map(|(reaction, count)| ((*reaction).to_owned(), *count)).collect();
    Entity::Counts(Counts { comments, reactions, poll: None })
}

pub(crate) fn mine(reactions: &[&str]) -> Entity {
    Entity::MyReactions(MyReactions { reactions: reactions.iter().map(|reaction| (*reaction).to_owned()).collect() })
}
