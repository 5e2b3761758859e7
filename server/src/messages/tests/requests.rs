//! Who may write to whom: requests, answers to them, and that a no tells nobody.

use super::{Circle, conversation, decide, leave, messages, say, start};
use crate::{both_engines, db::testing::TestDatabase, sync::tests::world::World};
use enishi_protocol::{
    ErrorCode, MemberId, MessageId, Operation, Version,
    limits::{REQUEST_MESSAGES, REQUESTS},
    membership::Role,
    messages::{ConversationTitling, MessageDeletion, MessageEdit, MessagesFrom, MessagingSetting, Participation},
    sync::Outcome,
};

fn accept_from(from: MessagesFrom) -> Operation {
    Operation::SetMessaging(MessagingSetting { from })
}

async fn request(circle: &Circle, texts: i64) -> enishi_protocol::ConversationId {
    let id = circle.pair(circle.tanaka, circle.sato).await;
    for number in 0..texts {
        circle.say(circle.tanaka, id, &format!("はじめまして{number}")).await;
    }
    id
}

both_engines! {
    async fn a_first_message_of_a_stranger_is_a_request_of_few_messages(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = request(&circle, REQUEST_MESSAGES).await;
        assert_eq!(circle.world.cannot(circle.tanaka, &say(id, "もう一つ")).await, ErrorCode::RequestWaiting);
        assert_eq!(circle.conversation(circle.sato, id).await.expect("held").asked_by, Some(circle.tanaka));
        assert_eq!(circle.texts(circle.sato).await.len(), 3);
        let theirs = circle.conversation(circle.tanaka, id).await.expect("held");
        let asked = theirs.participants.iter().find(|other| other.member == circle.sato).expect("listed");
        assert_eq!((asked.participation, theirs.asked_by), (Participation::Asked, None));
        circle.world.can(circle.sato, &decide(id, true)).await;
        circle.say(circle.tanaka, id, "ありがとうございます").await;
        assert_eq!(circle.texts(circle.sato).await.len(), 4);
        assert_eq!(circle.conversation(circle.sato, id).await.expect("held").asked_by, None);
    }

    async fn an_answer_is_a_yes(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = request(&circle, 1).await;
        circle.say(circle.sato, id, "どうぞよろしく").await;
        assert_eq!(circle.conversation(circle.sato, id).await.expect("held").asked_by, None);
        for number in 0..5 {
            circle.say(circle.tanaka, id, &format!("続き{number}")).await;
        }
        assert_eq!(circle.texts(circle.sato).await.len(), 7);
    }

    async fn a_no_tells_nobody_not_even_by_the_count_of_changes(db: TestDatabase) {
        let world = World::new(db).await;
        let circle = Circle::new(world).await;
        let mut seen = Vec::new();
        // Two who ask: one gets no answer, one a no. All that they are told must be alike.
        let other = circle.world.member("伊藤", Role::Member).await;
        for (asker, declines) in [(circle.tanaka, false), (other, true)] {
            let id = circle.pair(asker, circle.sato).await;
            let first = circle.say(asker, id, "一通目").await;
            let mut phone = circle.phone(asker).await;
            if declines {
                circle.world.can(circle.sato, &decide(id, false)).await;
                circle.sweep().await;
                assert!(circle.conversation(circle.sato, id).await.is_none());
            }
            let mut told = Vec::new();
            let edit = MessageEdit { message: first, base: first.0.into(), text: "直した一通目".into() };
            let deletion = MessageDeletion { message: first };
            let doing = [
                say(id, "二通目"), Operation::EditMessage(edit), start(&[circle.sato], None), say(id, "三通目"),
                Operation::DeleteMessage(deletion), say(id, "四通目"),
            ];
            for operation in doing {
                let before = circle.world.version().await;
                let (_, outcome) = circle.world.does(asker, &operation).await;
                let after = circle.world.version().await;
                let told_of = match outcome {
                    Outcome::Accepted { streams } => Ok(streams.into_values().map(|version| version.0 - before.0).collect::<Vec<_>>()),
                    Outcome::Refused(code) => Err(code),
                };
                told.push((told_of, after.0 - before.0));
            }
            phone.sync(&circle.world).await;
            let shown = conversation(&phone, id).expect("held");
            let others: Vec<_> = shown.participants.iter().map(|other| other.participation).collect();
            let mut texts: Vec<_> = messages(&phone).into_iter().map(|message| message.text).collect();
            texts.sort();
            seen.push((told, others, texts));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].0[5].0, Err(ErrorCode::RequestWaiting), "the fourth is one too many");
        let only: Vec<String> = circle.texts(circle.sato).await;
        assert_eq!(only, ["二通目", "三通目"], "of the one who was not declined");
    }

    async fn one_who_declined_stays_asked_in_the_eyes_of_all_others(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.tanaka], None)).await.into();
        circle.world.can(circle.tanaka, &decide(id, false)).await;
        let titling = ConversationTitling { conversation: id, title: Some("同窓".into()) };
        circle.world.can(circle.suzuki, &Operation::TitleConversation(titling)).await;
        for member in [circle.sato, circle.suzuki] {
            let held = circle.conversation(member, id).await.expect("held");
            let shown = held.participants.iter().find(|other| other.member == circle.tanaka).expect("listed");
            assert_eq!((held.title.as_deref(), shown.participation), (Some("同窓"), Participation::Asked));
        }
        assert!(circle.conversation(circle.tanaka, id).await.is_none());
    }

    async fn who_declined_is_not_asked_again_and_can_still_begin(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = request(&circle, 1).await;
        circle.world.can(circle.sato, &decide(id, false)).await;
        circle.world.can(circle.tanaka, &leave(id)).await;
        circle.sweep().await;
        circle.pair(circle.tanaka, circle.sato).await;
        circle.say(circle.tanaka, id, "もう一度").await;
        assert!(circle.conversation(circle.sato, id).await.is_none());
        assert_eq!(circle.texts(circle.sato).await, [""; 0]);
        circle.pair(circle.sato, circle.tanaka).await;
        circle.say(circle.sato, id, "こちらから").await;
        circle.say(circle.tanaka, id, "はい").await;
        assert_eq!(circle.texts(circle.sato).await, ["こちらから", "はい"]);
    }

    async fn a_setting_says_who_may_begin_and_what_there_is_goes_on(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        circle.world.can(circle.sato, &accept_from(MessagesFrom::Groups)).await;
        assert_eq!(circle.world.cannot(circle.tanaka, &start(&[circle.sato], None)).await, ErrorCode::NotReachable);
        let known = circle.pair(circle.suzuki, circle.sato).await;
        circle.say(circle.suzuki, known, "同じ会の者です").await;
        assert_eq!(circle.conversation(circle.sato, known).await.expect("held").asked_by, None);
        circle.world.can(circle.sato, &accept_from(MessagesFrom::Nobody)).await;
        assert_eq!(circle.world.cannot(circle.takahashi, &start(&[circle.sato], None)).await, ErrorCode::NotReachable);
        let both = start(&[circle.sato, circle.suzuki], None);
        assert_eq!(circle.world.cannot(circle.takahashi, &both).await, ErrorCode::NotReachable);
        circle.say(circle.suzuki, known, "続けられます").await;
        let more = circle.world.can(circle.suzuki, &start(&[circle.sato, circle.takahashi], None)).await.into();
        circle.say(circle.suzuki, more, "前から話している人とは始められます").await;
        assert_eq!(circle.texts(circle.sato).await.len(), 3);
        let phone = circle.phone(circle.sato).await;
        let own = enishi_protocol::Stream::Member(circle.sato);
        assert!(phone.entity(own, &enishi_protocol::EntityKind::Messaging, circle.sato.0).is_some());
    }

    async fn in_a_conversation_of_many_a_stranger_is_asked_and_the_others_go_on(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.tanaka], None)).await.into();
        for number in 0..5 {
            circle.say(circle.sato, id, &format!("話{number}")).await;
        }
        assert_eq!(circle.texts(circle.suzuki).await.len(), 5);
        assert_eq!(circle.texts(circle.tanaka).await.len(), 3, "no more before an answer");
        circle.world.can(circle.tanaka, &decide(id, true)).await;
        circle.say(circle.sato, id, "ようこそ").await;
        assert_eq!(circle.texts(circle.tanaka).await.len(), 4);
    }

    async fn one_member_asks_only_so_many_strangers_a_day(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let mut strangers: Vec<MemberId> = Vec::new();
        for number in 0..=REQUESTS {
            strangers.push(circle.world.member(&format!("知らない人{number}"), Role::Member).await);
        }
        let (last, first) = strangers.split_last().expect("some");
        circle.world.can(circle.tanaka, &start(first, None)).await;
        assert_eq!(circle.world.cannot(circle.tanaka, &start(&[*last], None)).await, ErrorCode::RequestsExhausted);
        circle.world.pass_days(2);
        circle.world.can(circle.tanaka, &start(&[*last], None)).await;
    }

    async fn a_result_names_no_inbox_but_ones_own(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        let (_, outcome) = circle.world.does(circle.sato, &say(id, "話")).await;
        let Outcome::Accepted { streams } = outcome else { panic!("{outcome:?}") };
        assert_eq!(streams.into_keys().collect::<Vec<_>>(), [enishi_protocol::Stream::Member(circle.sato)]);
        assert!(circle.world.version().await > Version(0));
        let unknown = MessageId(uuid::Uuid::now_v7());
        let deletion = Operation::DeleteMessage(MessageDeletion { message: unknown });
        assert_eq!(circle.world.cannot(circle.sato, &deletion).await, ErrorCode::NotFound);
    }
}
