//! Random replicas and changes, from a seed.

use crate::{
    store::NewWrite,
    sync::replica::{Copy, Held, Replica, State, StreamNumber, Waiting},
};
use enishi_protocol::{
    AttachmentId, Change, Entity, EntityKind, Era, ErrorCode, Grant, MutationId, Operation, Position, Stream, Version,
    change::GrantOf,
    feed::{Comment, Counts, Post, PostKind, Reading},
    media::{Attachment, AttachmentKind, FileFacts},
    membership::{Affiliation, Member, PersonName, Role, Standing},
    messages::Message,
    moderation::{CommunityRule, Hidden, Office},
    polls::{Poll, PollCounts},
    sync::Place,
};
use rand::{RngExt, rngs::StdRng};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) fn uuid(rng: &mut StdRng) -> Uuid {
    Uuid::from_u128(rng.random())
}

fn maybe<T>(rng: &mut StdRng, value: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
    if rng.random() { Some(value(rng)) } else { None }
}

pub(super) fn empty_replica(rng: &mut StdRng) -> Replica {
    Replica {
        member: uuid(rng).into(),
        session: rng.random(),
        era: None,
        seen: Version(0),
        streams: BTreeMap::new(),
        outbox: Vec::new(),
        next_number: StreamNumber(0),
        next_order: 0,
    }
}

pub(super) fn copy(rng: &mut StdRng, replica: &mut Replica) -> Copy {
    let number = replica.next_number;
    replica.next_number = StreamNumber(number.0 + 1);
    let mut copy =
        Copy { number, era: None, grant: None, cursor: None, place: None, now: Version(0), grants: BTreeMap::new() };
    shake(rng, &mut copy);
    copy
}

fn shake(rng: &mut StdRng, copy: &mut Copy) {
    copy.era = maybe(rng, |rng| Era(uuid(rng)));
    copy.grant = maybe(rng, |rng| Grant(rng.random_range(0..100)));
    copy.cursor = maybe(rng, |rng| Version(rng.random_range(0..100)));
    copy.place = maybe(rng, |_| Place::start());
    copy.now = Version(rng.random_range(0..100));
    if rng.random_bool(0.3) {
        let id = uuid(rng);
        let grant = maybe(rng, |rng| GrantOf { stream: Stream::Group(uuid(rng).into()), grant: Grant(7) });
        copy.grants.insert((EntityKind::Grant, id), (Version(3), grant));
    }
    if rng.random_bool(0.2) {
        copy.grants.pop_first();
    }
}

/// Changes anything that a step may change, and gives what enters the outbox.
pub(super) fn evolve(rng: &mut StdRng, replica: &mut Replica) -> Vec<NewWrite> {
    replica.session = replica.session.wrapping_add(rng.random_range(0..2));
    replica.era = maybe(rng, |rng| Era(uuid(rng)));
    replica.seen = Version(rng.random());
    evolve_streams(rng, replica);
    evolve_outbox(rng, replica)
}

fn evolve_streams(rng: &mut StdRng, replica: &mut Replica) {
    if rng.random_bool(0.4) {
        let shown = copy(rng, replica);
        replica.streams.insert(Stream::Member(uuid(rng).into()), Held { shown, next: None });
    }
    let keys: Vec<Stream> = replica.streams.keys().copied().collect();
    for stream in keys {
        let next = copy(rng, replica);
        let Some(held) = replica.streams.get_mut(&stream) else { continue };
        match rng.random_range(0..6) {
            0 => held.next = Some(next),
            1 => shake(rng, &mut held.shown),
            2 => held.shown = held.next.take().unwrap_or(next),
            3 => drop(replica.streams.remove(&stream)),
            _ => {}
        }
    }
}

fn evolve_outbox(rng: &mut StdRng, replica: &mut Replica) -> Vec<NewWrite> {
    if rng.random_bool(0.3) && !replica.outbox.is_empty() {
        let at = rng.random_range(0..replica.outbox.len());
        replica.outbox.remove(at);
    }
    for entry in &mut replica.outbox {
        if rng.random_bool(0.3) {
            entry.held = rng.random();
            entry.since = maybe(rng, |_| Version(4));
            entry.state = match rng.random_range(0..3) {
                0 => State::Waiting,
                1 => State::Attention(ErrorCode::Conflict),
                _ => {
                    State::Accepted { era: Era(uuid(rng)), streams: BTreeMap::from([(Stream::Community, Version(9))]) }
                }
            };
        }
    }
    let written: Vec<_> = (0..rng.random_range(0..3)).map(|_| read_mark(uuid(rng).into())).collect();
    for write in &written {
        let parent = maybe(rng, |rng| MutationId(uuid(rng)));
        let order = replica.next_order;
        replica.next_order += 1;
        replica.outbox.push(Waiting {
            id: write.id,
            order,
            parent,
            size: 40,
            held: false,
            since: None,
            state: State::Waiting,
        });
    }
    written
}

pub(super) fn read_mark(id: MutationId) -> NewWrite {
    NewWrite { id, operation: Operation::Read(Reading { stream: Stream::Community, position: Position(1) }) }
}

/// A change of one of a few entities of any kind; now and then one that cannot be read.
pub(super) fn change(rng: &mut StdRng) -> Change {
    let kinds = [
        EntityKind::Post,
        EntityKind::Comment,
        EntityKind::Counts,
        EntityKind::Member,
        EntityKind::Message,
        EntityKind::Bookmark,
    ];
    let kind = kinds[rng.random_range(0..kinds.len())].clone();
    let number = rng.random_range(1..4_u128);
    let body = match rng.random_range(0..10) {
        0..3 => None,
        3 => RawValue::from_string(r#"{"from":"the future"}"#.into()).ok(),
        _ => Some(body(rng, &kind, number)),
    };
    let mutation = maybe(rng, |rng| MutationId(uuid(rng)));
    Change { version: Version(rng.random_range(1..40)), kind, id: Uuid::from_u128(number), mutation, body }
}

fn message(rng: &mut StdRng, number: u128) -> Message {
    Message {
        conversation: uuid(rng).into(),
        position: Position(number.try_into().expect("small")),
        author: uuid(rng).into(),
        text: "文".into(),
        text_by: MutationId(uuid(rng)),
        created_us: rng.random_range(0..100),
        edited_us: maybe(rng, |rng| rng.random_range(0..100)),
    }
}

fn body(rng: &mut StdRng, kind: &EntityKind, number: u128) -> Box<RawValue> {
    let entity = match kind {
        EntityKind::Post => Entity::Post(Post { position: Position(number.try_into().expect("small")), ..post(rng) }),
        EntityKind::Comment => Entity::Comment(comment(rng)),
        EntityKind::Message => Entity::Message(message(rng, number)),
        EntityKind::Counts => Entity::Counts(Counts {
            comments: rng.random_range(0..9),
            reactions: BTreeMap::from([("👍".to_owned(), rng.random_range(1..9))]),
            poll: maybe(rng, |rng| PollCounts { voters: rng.random_range(5..9), votes: Some(vec![2, 3]) }),
        }),
        EntityKind::Member => Entity::Member(Member {
            name: PersonName { family: "佐藤".into(), given: rng.random_range(0..9).to_string() },
            role: Role::Member,
            affiliation: Affiliation::Alumnus,
            standing: Standing::Active,
            joined_us: 5,
            supporter: rng.random(),
        }),
        _ => return RawValue::from_string(format!(r#"{{"at_us":{}}}"#, rng.random_range(0..9))).expect("JSON"),
    };
    entity.encode().expect("encodes")
}

fn post(rng: &mut StdRng) -> Post {
    let post = Post {
        position: Position(1),
        author: uuid(rng).into(),
        kind: PostKind::Question,
        text: "退職しました".into(),
        text_by: uuid(rng).into(),
        created_us: 1,
        edited_us: maybe(rng, |_| 2),
        pinned: rng.random(),
        mentions: maybe(rng, |rng| uuid(rng).into()).into_iter().collect(),
        poll: maybe(rng, |rng| Poll {
            options: vec!["はい".into(), "いいえ".into()],
            several: rng.random(),
            closes_us: None,
        }),
        hidden: maybe(rng, hidden),
        attachments: Vec::new(),
    };
    let attachments = if post.pinned { vec![attachment(post.text_by.0.into())] } else { Vec::new() };
    Post { attachments, ..post }
}

/// A picture, as a post carries it.
pub(super) fn attachment(id: AttachmentId) -> Attachment {
    let tint = Some("#33446a".into());
    let file = FileFacts { kind: AttachmentKind::Image, width: 4, height: 3, pages: None, bytes: 12, tint };
    Attachment { id, file, alt: "川".into() }
}

fn hidden(rng: &mut StdRng) -> Hidden {
    Hidden {
        rule: CommunityRule { number: 1, ja: "悪口を書かない。".into(), en: String::new() },
        by: uuid(rng).into(),
        by_name: PersonName { family: "高橋".into(), given: String::new() },
        office: Office::Moderator,
        at_us: 7,
    }
}

fn comment(rng: &mut StdRng) -> Comment {
    Comment {
        post: uuid(rng).into(),
        reply_to: maybe(rng, |rng| uuid(rng).into()),
        position: Position(1),
        author: uuid(rng).into(),
        text: "お元気で".into(),
        text_by: uuid(rng).into(),
        created_us: 1,
        edited_us: None,
        mentions: Vec::new(),
        hidden: maybe(rng, hidden),
        attachments: Vec::new(),
    }
}
