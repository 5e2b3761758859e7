//! Who is in a conversation: beginning, adding, titles, leaving.

use super::{Circle, conversation, leave, messages, say, start};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    membership,
    sync::tests::world::{World, mutation, run_sql},
};
use enishi_protocol::{
    ConversationId, EntityKind, ErrorCode, MemberId, Operation, Stream,
    limits::CONVERSATION_MEMBERS,
    membership::Role,
    messages::{ConversationAdding, ConversationTitling, Participation},
};
use uuid::Uuid;

fn add(conversation: ConversationId, members: &[MemberId]) -> Operation {
    Operation::AddToConversation(ConversationAdding { conversation, members: members.to_vec() })
}

fn title(conversation: ConversationId, title: Option<&str>) -> Operation {
    Operation::TitleConversation(ConversationTitling { conversation, title: title.map(str::to_owned) })
}

both_engines! {
    async fn two_who_begin_at_once_have_one_conversation(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let one = circle.pair(circle.sato, circle.suzuki).await;
        assert_eq!(circle.pair(circle.suzuki, circle.sato).await, one);
        circle.say(circle.sato, one, "お久しぶりです").await;
        circle.say(circle.suzuki, one, "こちらこそ").await;
        for member in [circle.sato, circle.suzuki] {
            assert_eq!(circle.texts(member).await, ["お久しぶりです", "こちらこそ"]);
        }
        assert_eq!(circle.texts(circle.takahashi).await, [""; 0]);
        let shown = circle.conversation(circle.suzuki, one).await.expect("held");
        assert!(shown.pair && shown.asked_by.is_none());
        assert_eq!(shown.participants[0].name.family, "佐藤");
    }

    async fn what_a_message_is_is_the_same_for_everybody_in_one_order(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], Some("同窓"))).await.into();
        for (by, text) in [(circle.sato, "一"), (circle.suzuki, "二"), (circle.takahashi, "三")] {
            circle.say(by, id, text).await;
        }
        let mut seen = Vec::new();
        for member in [circle.sato, circle.suzuki, circle.takahashi] {
            let mut held = messages(&circle.phone(member).await);
            held.sort_by_key(|message| message.position);
            seen.push(held);
        }
        assert_eq!(seen[0].len(), 3);
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    }

    async fn who_is_added_has_what_is_written_from_then_on(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.tanaka], None)).await.into();
        circle.say(circle.sato, id, "前の話").await;
        circle.world.can(circle.suzuki, &add(id, &[circle.takahashi])).await;
        circle.say(circle.sato, id, "後の話").await;
        assert_eq!(circle.texts(circle.takahashi).await, ["後の話"]);
        assert_eq!(circle.world.cannot(circle.tanaka, &add(id, &[circle.takahashi])).await, ErrorCode::NotFound);
        let pair = circle.pair(circle.sato, circle.suzuki).await;
        assert_eq!(circle.world.cannot(circle.sato, &add(pair, &[circle.takahashi])).await, ErrorCode::ConversationOfTwo);
        assert_eq!(circle.world.cannot(circle.takahashi, &add(pair, &[circle.takahashi])).await, ErrorCode::NotFound);
        let nobody = MemberId(Uuid::new_v4());
        assert_eq!(circle.world.cannot(circle.sato, &add(id, &[nobody])).await, ErrorCode::NotFound);
    }

    async fn a_title_is_for_more_than_two(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], Some(" 旅行 "))).await.into();
        let shown = circle.conversation(circle.takahashi, id).await.expect("held");
        assert_eq!(shown.title.as_deref(), Some("旅行"));
        circle.world.can(circle.suzuki, &title(id, Some("温泉旅行"))).await;
        assert_eq!(circle.conversation(circle.sato, id).await.expect("held").title.as_deref(), Some("温泉旅行"));
        circle.world.can(circle.suzuki, &title(id, Some(" "))).await;
        assert_eq!(circle.conversation(circle.sato, id).await.expect("held").title, None);
        assert_eq!(circle.world.cannot(circle.tanaka, &title(id, None)).await, ErrorCode::NotFound);
        let long = "長".repeat(81);
        assert_eq!(circle.world.cannot(circle.sato, &title(id, Some(&long))).await, ErrorCode::TextTooLong);
        assert_eq!(circle.world.cannot(circle.sato, &start(&[circle.suzuki], Some("二人"))).await, ErrorCode::ConversationOfTwo);
    }

    async fn a_conversation_has_its_bounds(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let mut many = Vec::new();
        for number in 0..CONVERSATION_MEMBERS {
            many.push(circle.world.member(&format!("会員{number}"), Role::Member).await);
        }
        assert_eq!(circle.world.cannot(circle.sato, &start(&many, None)).await, ErrorCode::TooMany);
        for with in [vec![], vec![circle.sato], vec![circle.sato, circle.suzuki], vec![circle.suzuki, circle.suzuki]] {
            assert_eq!(circle.world.cannot(circle.sato, &start(&with, None)).await, ErrorCode::Malformed, "{with:?}");
        }
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], None)).await.into();
        assert_eq!(circle.world.cannot(circle.sato, &add(id, &many[..48])).await, ErrorCode::TooMany);
    }

    async fn who_leaves_keeps_nothing_and_the_others_keep_theirs(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], None)).await.into();
        let other = circle.pair(circle.suzuki, circle.sato).await;
        circle.say(circle.suzuki, id, "一").await;
        circle.say(circle.suzuki, other, "別の会話").await;
        let mut phone = circle.phone(circle.suzuki).await;
        circle.world.can(circle.suzuki, &leave(id)).await;
        phone.sync(&circle.world).await;
        let texts: Vec<_> = messages(&phone).into_iter().map(|message| message.text).collect();
        assert_eq!(texts, ["別の会話"]);
        assert!(conversation(&phone, id).is_none());
        assert_eq!(phone.state(), circle.phone(circle.suzuki).await.state());
        circle.say(circle.sato, id, "二").await;
        assert_eq!(circle.texts(circle.suzuki).await, ["別の会話"]);
        assert!(circle.texts(circle.takahashi).await.iter().eq(["一", "二"]));
        let shown = circle.conversation(circle.takahashi, id).await.expect("held");
        let left = shown.participants.iter().find(|participant| participant.member == circle.suzuki).expect("listed");
        assert_eq!((left.participation, left.name.family.as_str()), (Participation::Left, "鈴木"));
        assert_eq!(circle.world.cannot(circle.suzuki, &say(id, "三")).await, ErrorCode::NotFound);
    }

    async fn who_was_brought_back_is_asked_and_has_only_what_is_new(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], None)).await.into();
        circle.say(circle.sato, id, "前").await;
        circle.world.can(circle.suzuki, &leave(id)).await;
        circle.world.can(circle.sato, &add(id, &[circle.suzuki])).await;
        circle.say(circle.sato, id, "後").await;
        assert_eq!(circle.texts(circle.suzuki).await, ["後"]);
        assert_eq!(circle.conversation(circle.suzuki, id).await.expect("held").asked_by, Some(circle.sato));
        circle.sweep().await;
        assert_eq!(circle.texts(circle.suzuki).await, ["後"]);
    }

    async fn an_inbox_with_more_messages_than_one_step_takes_is_emptied_in_steps(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        let since = circle.world.version().await;
        for _ in 0..5 {
            let some = (0..240).map(|_| mutation(&say(id, "話"), since)).collect();
            assert_eq!(circle.world.decide(circle.sato, None, some).await, Ok(None));
        }
        let mut phone = circle.phone(circle.suzuki).await;
        assert_eq!(messages(&phone).len(), 1_200);
        circle.world.can(circle.suzuki, &leave(id)).await;
        phone.sync(&circle.world).await;
        assert_eq!(messages(&phone).len(), 700, "the rest is the chore's");
        circle.sweep().await;
        phone.sync(&circle.world).await;
        assert_eq!(messages(&phone).len(), 0);
        assert_eq!(circle.phone(circle.sato).await.count(Stream::Member(circle.sato), &EntityKind::Message), 1_200);
    }

    async fn who_ended_or_is_suspended_neither_sends_nor_receives(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let (ends, stays) = (circle.suzuki, circle.sato);
        let pair = circle.pair(stays, ends).await;
        let id = circle.world.can(stays, &start(&[ends, circle.takahashi], None)).await.into();
        circle.say(ends, id, "残る話").await;
        circle.world.by_server(move |writing| membership::end(writing, ends)).await;
        circle.say(stays, id, "届かない話").await;
        assert_eq!(circle.world.cannot(stays, &say(pair, "二人の話")).await, ErrorCode::NobodyThere);
        assert_eq!(circle.texts(circle.takahashi).await, ["残る話", "届かない話"]);
        let shown = circle.conversation(circle.takahashi, id).await.expect("held");
        assert!(shown.participants.iter().any(|participant| participant.name.family == "鈴木"));
        run_sql(&circle.world,
            "UPDATE member SET standing = 'suspended' WHERE community = $1 AND family = '高橋'").await;
        assert_eq!(circle.world.cannot(stays, &say(id, "誰もいない")).await, ErrorCode::NobodyThere);
        assert_eq!(circle.world.cannot(stays, &start(&[circle.takahashi], None)).await, ErrorCode::NotReachable);
        let suspended = mutation(&say(id, "送れない"), circle.world.version().await);
        let refused = circle.world.decide(circle.takahashi, None, vec![suspended]).await;
        assert_eq!(refused, Err(ErrorCode::MembershipSuspended.into()));
    }
}
