mod belonging;
mod blocks;
mod ending;
mod requests;
mod sealed;
mod texts;
mod windows;

use crate::sync::tests::world::{Phone, World, query};
use enishi_protocol::{
    ConversationId, Entity, EntityKind, MemberId, MessageId, Operation, Stream,
    groups::GroupJoining,
    membership::Role,
    messages::{Conversation, ConversationDecision, ConversationLeaving, ConversationStart, Message, MessageWriting},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// 佐藤, 鈴木 and 高橋, who share a group, and 田中, who shares nothing with anybody.
struct Circle {
    world: World,
    sato: MemberId,
    suzuki: MemberId,
    takahashi: MemberId,
    tanaka: MemberId,
}

impl Circle {
    async fn new(world: World) -> Self {
        let mut members = Vec::new();
        for name in ["佐藤", "鈴木", "高橋", "田中"] {
            members.push(world.member(name, Role::Member).await);
        }
        let circle = Self { world, sato: members[0], suzuki: members[1], takahashi: members[2], tanaka: members[3] };
        let group = circle.world.can(circle.sato, &crate::sync::tests::world::open_group("登山")).await;
        for member in [circle.suzuki, circle.takahashi] {
            let joining = GroupJoining { group: group.into(), note: String::new() };
            circle.world.can(member, &Operation::JoinGroup(joining)).await;
        }
        circle
    }

    /// The conversation of two.
    async fn pair(&self, by: MemberId, with: MemberId) -> ConversationId {
        self.world.can(by, &start(&[with], None)).await;
        ConversationId::of_two(by, with)
    }

    async fn say(&self, by: MemberId, conversation: ConversationId, text: &str) -> MessageId {
        self.world.can(by, &say(conversation, text)).await.into()
    }

    /// The texts in a member's inbox, in order.
    async fn texts(&self, member: MemberId) -> Vec<String> {
        let phone = self.phone(member).await;
        let mut messages = messages(&phone);
        messages.sort_by_key(|message| message.position);
        messages.into_iter().map(|message| message.text).collect()
    }

    /// A phone of a member, in step.
    async fn phone(&self, member: MemberId) -> Phone {
        let mut phone = Phone::new(member);
        phone.sync(&self.world).await;
        phone
    }

    async fn conversation(&self, member: MemberId, id: ConversationId) -> Option<Conversation> {
        conversation(&self.phone(member).await, id)
    }

    async fn sweep(&self) {
        sweep(&self.world).await;
        inboxes_agree(&self.world).await;
    }
}

fn start(with: &[MemberId], title: Option<&str>) -> Operation {
    Operation::StartConversation(ConversationStart { with: with.to_vec(), title: title.map(str::to_owned) })
}

fn say(conversation: ConversationId, text: &str) -> Operation {
    Operation::WriteMessage(MessageWriting { conversation, text: text.into() })
}

fn decide(conversation: ConversationId, accept: bool) -> Operation {
    Operation::DecideConversation(ConversationDecision { conversation, accept })
}

fn leave(conversation: ConversationId) -> Operation {
    Operation::LeaveConversation(ConversationLeaving { conversation })
}

fn conversation(phone: &Phone, id: ConversationId) -> Option<Conversation> {
    match phone.entity(Stream::Member(phone.member), &EntityKind::Conversation, id.0)? {
        Entity::Conversation(conversation) => Some(conversation),
        other => panic!("{other:?}"),
    }
}

fn messages(phone: &Phone) -> Vec<Message> {
    let inbox = Stream::Member(phone.member);
    let ids = phone.streams[&inbox].rows.keys().filter(|(kind, _)| *kind == EntityKind::Message);
    let entities = ids.filter_map(|(kind, id)| phone.entity(inbox, kind, *id));
    entities
        .map(|entity| match entity {
            Entity::Message(message) => message,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Every inbox holds of conversations what the tables say, and no more; to be asked when nothing is left
/// to sweep.
pub(crate) async fn inboxes_agree(world: &World) {
    let rows = query(world, "SELECT conversation, member, standing, since FROM participant WHERE community = $1").await;
    let participants: BTreeMap<(ConversationId, MemberId), (String, i64)> = rows
        .iter()
        .map(|row| ((row.get(0).unwrap(), row.get(1).unwrap()), (row.get(2).unwrap(), row.get(3).unwrap())))
        .collect();
    let rows = query(world, "SELECT id, conversation, position, author FROM message WHERE community = $1").await;
    let said: BTreeMap<Uuid, (ConversationId, i64, MemberId)> = rows
        .iter()
        .map(|row| (row.get(0).unwrap(), (row.get(1).unwrap(), row.get(2).unwrap(), row.get(3).unwrap())))
        .collect();
    let sql = "SELECT stream, kind, id, position FROM change
        WHERE community = $1 AND kind IN ('message', 'conversation') AND body IS NOT NULL";
    let mut held = BTreeSet::new();
    for row in query(world, sql).await {
        let Stream::Member(member) = row.get(0).unwrap() else { panic!("outside of an inbox") };
        let (kind, id): (String, Uuid) = (row.get(1).unwrap(), row.get(2).unwrap());
        let (conversation, position) = match said.get(&id) {
            Some((conversation, position, _)) if kind == "message" => (*conversation, Some(*position)),
            _ if kind == "conversation" => (ConversationId(id), None),
            _ => panic!("a message in an inbox that no table knows"),
        };
        let (standing, since) = &participants[&(conversation, member)];
        assert!(standing == "in" || standing == "asked", "{kind} of somebody who is {standing}");
        assert!(position.is_none_or(|position| position >= *since), "a message from before they came");
        assert_eq!(row.get::<Option<i64>>(3).unwrap(), position);
        held.insert((member, id));
    }
    for ((conversation, member), (standing, _)) in &participants {
        let holds = standing == "in" || standing == "asked";
        assert_eq!(held.contains(&(*member, conversation.0)), holds, "a conversation of somebody who is {standing}");
    }
    for (id, (conversation, position, author)) in &said {
        let (standing, since) = &participants[&(*conversation, *author)];
        if standing == "in" && since <= position {
            assert!(held.contains(&(*author, *id)), "an author without their own message");
        }
    }
}

/// Takes everything away that is left of conversations with those who left them.
pub(crate) async fn sweep(world: &World) {
    loop {
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let more = world.write(move |conn| crate::messages::sweep(conn, &*surroundings, community)).await;
        if !more.expect("swept") {
            return;
        }
    }
}
