//! Rule R5, stale plus changes equals fresh, over random histories.

use super::{
    cost,
    world::{Phone, World, group, open_group, write_post},
};
use crate::{both_engines, db::testing::TestDatabase};
use enishi_protocol::{
    CommentId, ConversationId, GroupId, MemberId, MessageId, MutationId, Operation, Position, PostId, Stream,
    feed::{
        Bookmarking, CommentDeletion, CommentEdit, CommentWriting, PostDeletion, PostEdit, PostMove, PostPinning,
        Reacting, Reading,
    },
    groups::{GroupInviting, GroupJoining, GroupLeaving, Joining},
    membership::{Audience, ProfileField, ProfileSetting, Role},
    messages::{
        ConversationAdding, ConversationDecision, ConversationLeaving, ConversationMuting, ConversationReading,
        ConversationStart, ConversationTitling, MessageDeletion, MessageEdit, MessageWriting, MessagesFrom,
        MessagingSetting,
    },
};
use rand::{
    RngExt, SeedableRng,
    rngs::StdRng,
    seq::{IndexedMutRandom, IndexedRandom},
};

/// What a random history may refer to.
struct History {
    members: Vec<MemberId>,
    posts: Vec<PostId>,
    comments: Vec<CommentId>,
    groups: Vec<GroupId>,
    texts: Vec<MutationId>,
    conversations: Vec<ConversationId>,
    messages: Vec<MessageId>,
}

impl History {
    fn stream(&self, rng: &mut StdRng) -> Stream {
        match self.groups.choose(rng) {
            Some(group) if rng.random_bool(0.6) => Stream::Group(*group),
            _ => Stream::Community,
        }
    }

    fn operation(&self, rng: &mut StdRng) -> Operation {
        if rng.random_bool(0.4) {
            return self.talk(rng);
        }
        let number: u32 = rng.random_range(0..1000);
        let text = format!("文{number}");
        let (post, comment) = (self.posts.choose(rng).copied(), self.comments.choose(rng).copied());
        let mentions = vec![*self.members.choose(rng).expect("members")];
        let group = self.groups.choose(rng).copied();
        let base = self.texts.choose(rng).copied();
        match (rng.random_range(0..25), post, comment, group) {
            (0 | 1 | 19 | 20, Some(post), ..) => Operation::WriteComment(CommentWriting {
                post,
                reply_to: comment,
                text,
                mentions,
                attachments: Vec::new(),
            }),
            (2, Some(post), ..) => Operation::WriteComment(CommentWriting {
                post,
                reply_to: None,
                text,
                mentions,
                attachments: Vec::new(),
            }),
            (3 | 4, Some(post), ..) => {
                let reaction = (*["👍", "🎉"].choose(rng).expect("some")).into();
                Operation::React(Reacting { post, reaction, on: rng.random_bool(0.7) })
            }
            (5, Some(post), ..) => Operation::Bookmark(Bookmarking { post, on: rng.random_bool(0.7) }),
            (6, Some(post), ..) => Operation::MovePost(PostMove { post, stream: self.stream(rng) }),
            (7, Some(post), ..) => Operation::DeletePost(PostDeletion { post }),
            (8, Some(post), ..) => Operation::PinPost(PostPinning { post, pinned: rng.random_bool(0.6) }),
            (9 | 21, Some(post), ..) => {
                // The text that a post was written with more often than any other: some edits are accepted.
                let base = base.filter(|_| rng.random_bool(0.3)).unwrap_or(post.0.into());
                Operation::EditPost(PostEdit { post, base, text, mentions })
            }
            (10, _, Some(comment), _) => {
                Operation::EditComment(CommentEdit { comment, base: comment.0.into(), text, mentions })
            }
            (11, _, Some(comment), _) => Operation::DeleteComment(CommentDeletion { comment }),
            (12 | 22 | 23 | 24, .., Some(group)) => Operation::JoinGroup(GroupJoining { group, note: text }),
            (13, .., Some(group)) => Operation::LeaveGroup(GroupLeaving { group }),
            (14, .., Some(group)) => Operation::InviteToGroup(GroupInviting { group, member: mentions[0] }),
            (15, ..) if self.groups.len() < 5 => {
                let joining = *Joining::ALL.choose(rng).expect("some");
                group_of(&text, joining, joining == Joining::Invitation && rng.random_bool(0.5))
            }
            (16, ..) => Operation::Read(Reading { stream: self.stream(rng), position: Position(number.into()) }),
            (17, ..) => Operation::SetProfile(ProfileSetting {
                field: *ProfileField::ALL.choose(rng).expect("some"),
                value: rng.random_bool(0.8).then_some(text),
                audience: *Audience::ALL.choose(rng).expect("some"),
            }),
            _ => write_post(self.stream(rng), &text),
        }
    }

    /// Something in a conversation, often in one that whoever does it is not in.
    fn talk(&self, rng: &mut StdRng) -> Operation {
        let text = format!("話{}", rng.random_range(0..1000));
        let count = rng.random_range(1..=2);
        let members: Vec<_> = self.members.sample(rng, count).copied().collect();
        let Some(conversation) = self.conversations.choose(rng).copied() else {
            return Operation::StartConversation(ConversationStart { with: members, title: None });
        };
        let message = self.messages.choose(rng).copied();
        match (rng.random_range(0..18), message) {
            (0 | 1, _) => Operation::StartConversation(ConversationStart { with: members, title: None }),
            (2, _) => Operation::AddToConversation(ConversationAdding { conversation, members }),
            (3, _) => Operation::LeaveConversation(ConversationLeaving { conversation }),
            (4, _) => Operation::TitleConversation(ConversationTitling { conversation, title: Some(text) }),
            (5 | 6, _) => {
                let accept = rng.random_bool(0.6);
                Operation::DecideConversation(ConversationDecision { conversation, accept })
            }
            (7, _) => {
                let position = Position(rng.random_range(0..2_000));
                Operation::ReadConversation(ConversationReading { conversation, position })
            }
            (8, _) => Operation::MuteConversation(ConversationMuting { conversation, muted: rng.random_bool(0.5) }),
            (9, _) => Operation::SetMessaging(MessagingSetting { from: *MessagesFrom::ALL.choose(rng).expect("some") }),
            (10 | 11, Some(message)) => Operation::EditMessage(MessageEdit { message, base: message.0.into(), text }),
            (12, Some(message)) => Operation::DeleteMessage(MessageDeletion { message }),
            _ => Operation::WriteMessage(MessageWriting { conversation, text }),
        }
    }

    fn note(&mut self, operation: &Operation, by: MemberId, id: MutationId) {
        self.texts.push(id);
        match operation {
            Operation::WritePost(_) => self.posts.push(id.into()),
            Operation::WriteComment(_) => self.comments.push(id.into()),
            Operation::CreateGroup(_) => self.groups.push(id.into()),
            Operation::StartConversation(start) => self.conversations.push(start.conversation(by, id)),
            Operation::WriteMessage(_) => self.messages.push(id.into()),
            _ => {}
        }
    }
}

fn group_of(name: &str, joining: Joining, secret: bool) -> Operation {
    if joining == Joining::Open { open_group(name) } else { group(name, joining, secret) }
}

both_engines! {
    async fn stale_plus_changes_equals_fresh(db: TestDatabase) {
        let seed = std::env::var("ENISHI_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
        println!("ENISHI_TEST_SEED={seed}");
        let mut rng = StdRng::seed_from_u64(seed);
        let world = World::new(db).await;
        let mut members = Vec::new();
        for (family, role) in [("佐藤", Role::Owner), ("鈴木", Role::Moderator), ("高橋", Role::Member), ("田中", Role::Member)] {
            members.push(world.member(family, role).await);
        }
        let mut phones: Vec<_> = members.iter().map(|member| Phone::new(*member)).collect();
        let mut stale = Vec::new();
        let mut history = History {
            members,
            posts: vec![],
            comments: vec![],
            groups: vec![],
            texts: vec![],
            conversations: vec![],
            messages: vec![],
        };
        for step in 0..600 {
            let member = *history.members.choose(&mut rng).expect("members");
            let operation = history.operation(&mut rng);
            let (id, _) = world.does(member, &operation).await;
            history.note(&operation, member, id);
            let phone = phones.choose_mut(&mut rng).expect("phones");
            phone.sync(&world).await;
            if step % 20 == 0 {
                stale.push(phone.clone());
            }
        }
        phones.extend(stale);
        let mut fresh = std::collections::BTreeMap::new();
        for member in &history.members {
            let mut phone = Phone::new(*member);
            phone.sync(&world).await;
            fresh.insert(*member, phone.state());
        }
        for mut phone in phones {
            phone.sync(&world).await;
            assert_eq!(phone.state(), fresh[&phone.member], "ENISHI_TEST_SEED={seed}");
        }
        cost::tables_and_changes_agree(&world).await;
        crate::messages::tests::sweep(&world).await;
        crate::messages::tests::inboxes_agree(&world).await;
    }
}
