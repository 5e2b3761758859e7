//! What becomes of conversations when a membership ends, and when somebody or a message is erased.

use super::{Circle, conversation, inboxes_agree, leave, messages, say, start};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    erasure::{self, What},
    membership,
    sync::tests::world::{World, mutation, query},
};
use enishi_protocol::{
    ErrorCode, MessageId, Operation,
    limits::MESSAGE_CHARS,
    membership::Role,
    messages::{MessagesFrom, MessagingSetting, Participation},
};

async fn erase(world: &World, what: What) {
    let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
    world.write(move |conn| erasure::erase(conn, &*surroundings, community, what)).await.expect("erased");
    loop {
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let before = world.version().await;
        let more = world.write(move |conn| erasure::sweep(conn, &*surroundings, community)).await.expect("swept");
        assert!(world.version().await.0 - before.0 <= 1_000, "no step writes more");
        if !more {
            return;
        }
    }
}

async fn count(world: &World, sql: &'static str) -> i64 {
    query(world, sql).await[0].get(0).expect("a number")
}

both_engines! {
    async fn whoever_leaves_the_community_leaves_its_conversations_and_keys_go_with_the_last(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let pair = circle.pair(circle.sato, circle.suzuki).await;
        let many = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], None)).await.into();
        for id in [pair, many] {
            circle.say(circle.suzuki, id, "残る言葉").await;
        }
        let suzuki = circle.suzuki;
        circle.world.by_server(move |writing| membership::end(writing, suzuki)).await;
        circle.sweep().await;
        for id in [pair, many] {
            let held = circle.conversation(circle.sato, id).await.expect("held");
            let gone = held.participants.iter().find(|one| one.member == suzuki).expect("listed");
            assert_eq!((gone.participation, gone.name.family.as_str()), (Participation::Left, "鈴木"));
        }
        assert_eq!(circle.texts(circle.sato).await, ["残る言葉", "残る言葉"], "what others hold stays");
        assert_eq!(count(&circle.world, "SELECT count(*) FROM conversation_key WHERE community = $1").await, 2);
        let sato = circle.sato;
        circle.world.by_server(move |writing| membership::end(writing, sato)).await;
        circle.sweep().await;
        assert_eq!(count(&circle.world, "SELECT count(*) FROM conversation_key WHERE community = $1").await, 1);
        assert_eq!(count(&circle.world, "SELECT count(*) FROM message WHERE community = $1").await, 1, "of the one held");
        assert_eq!(count(&circle.world, "SELECT count(*) FROM conversation_leaver WHERE community = $1").await, 0);
    }

    async fn whoever_is_back_before_the_chore_has_run_stays_in_their_conversations(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        circle.say(circle.sato, id, "お帰りなさい").await;
        let suzuki = circle.suzuki;
        circle.world.by_server(move |writing| membership::end(writing, suzuki)).await;
        circle.world.readmit(suzuki, "鈴木").await;
        circle.sweep().await;
        assert_eq!(circle.texts(suzuki).await, ["お帰りなさい"]);
    }

    async fn nothing_of_a_member_who_is_erased_is_left_in_conversations(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let erased = circle.suzuki;
        let pair = circle.pair(circle.sato, erased).await;
        let alone = circle.pair(erased, circle.takahashi).await;
        let many = circle.world.can(erased, &start(&[circle.sato, circle.tanaka], Some("旅"))).await.into();
        for id in [pair, alone, many] {
            circle.say(erased, id, "消える言葉").await;
        }
        circle.say(circle.sato, pair, "佐藤の言葉").await;
        circle.world.can(circle.takahashi, &leave(alone)).await;
        let accept = MessagingSetting { from: MessagesFrom::Groups };
        circle.world.can(erased, &Operation::SetMessaging(accept)).await;
        let mut phone = circle.phone(circle.sato).await;
        erase(&circle.world, What::Member(erased)).await;
        phone.sync(&circle.world).await;
        assert_eq!(phone.state(), circle.phone(circle.sato).await.state(), "stale and changes are fresh");
        assert_eq!(messages(&phone).iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), ["佐藤の言葉"]);
        for id in [pair, many] {
            let held = conversation(&phone, id).expect("held");
            assert!(held.participants.iter().all(|one| one.member != erased && one.name.family != "鈴木"), "{held:?}");
        }
        let asked = circle.conversation(circle.tanaka, many).await.expect("held");
        assert!(asked.asked_by.is_some_and(|by| by != erased), "a request by nobody any more");
        assert_eq!(count(&circle.world, "SELECT count(*) FROM conversation_key WHERE community = $1").await, 2);
        for table in [
            "SELECT count(*) FROM participant WHERE community = $1 AND member NOT IN (SELECT id FROM member WHERE community = $1)",
            "SELECT count(*) FROM messaging WHERE community = $1",
            "SELECT count(*) FROM message m WHERE community = $1 AND author NOT IN (SELECT id FROM member WHERE community = $1)",
        ] {
            assert_eq!(count(&circle.world, table).await, 0, "{table}");
        }
        inboxes_agree(&circle.world).await;
    }

    async fn erasing_somebody_who_wrote_very_much_in_a_large_conversation_goes_in_steps(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let mut others = Vec::new();
        for number in 0..40 {
            others.push(circle.world.member(&format!("会員{number}"), Role::Member).await);
        }
        others.push(circle.suzuki);
        for many in others.chunks(15) {
            // Nobody asks more strangers than they may in a day.
            circle.world.pass_days(2);
            let id = circle.world.can(circle.sato, &start(many, None)).await.into();
            let since = circle.world.version().await;
            let some = (0..20).map(|_| mutation(&say(id, "話"), since)).collect();
            assert_eq!(circle.world.decide(circle.sato, None, some).await, Ok(None));
        }
        erase(&circle.world, What::Member(circle.sato)).await;
        assert_eq!(count(&circle.world, "SELECT count(*) FROM message WHERE community = $1").await, 0);
        assert_eq!(circle.texts(circle.suzuki).await, [""; 0]);
        inboxes_agree(&circle.world).await;
    }

    async fn an_erased_message_is_in_no_inbox_and_its_id_is_refused(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        let message: MessageId = circle.say(circle.sato, id, "消す言葉").await;
        circle.say(circle.sato, id, "残る言葉").await;
        erase(&circle.world, What::Message(message)).await;
        for member in [circle.sato, circle.suzuki] {
            assert_eq!(circle.texts(member).await, ["残る言葉"]);
        }
        let again = crate::sync::tests::world::mutation(&say(id, "消す言葉"), circle.world.version().await);
        let again = enishi_protocol::Mutation { id: message.0.into(), ..again };
        let results = "SELECT count(*) FROM mutation_result WHERE community = $1 AND code = 'erased'";
        crate::sync::tests::world::run_sql(&circle.world, "DELETE FROM mutation_result WHERE community = $1").await;
        assert_eq!(circle.world.decide(circle.sato, None, vec![again]).await, Ok(None));
        assert_eq!(count(&circle.world, results).await, 1);
    }

    async fn what_a_message_says_is_checked(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        for (text, code) in [
            (" ".to_owned(), ErrorCode::TextEmpty),
            ("a\0b".to_owned(), ErrorCode::Malformed),
            ("長".repeat(MESSAGE_CHARS + 1), ErrorCode::TextTooLong),
        ] {
            assert_eq!(circle.world.cannot(circle.sato, &say(id, &text)).await, code);
        }
    }
}
