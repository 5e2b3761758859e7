//! Across a block: everything is taken and answered as always, and nothing arrives.

use super::{Circle, conversation, messages, say, start};
use crate::{both_engines, db::testing::TestDatabase, sync::tests::world::World};
use enishi_protocol::{
    ConversationId, MemberId, MessageId, MutationId, Operation, Version,
    blocks::Blocking,
    messages::{MessageDeletion, MessageEdit},
    sync::Outcome,
};

fn block(member: MemberId, on: bool) -> Operation {
    Operation::Block(Blocking { member, on })
}

fn edit(message: MessageId, text: &str) -> Operation {
    Operation::EditMessage(MessageEdit { message, base: MutationId(message.0), text: text.into() })
}

/// All that somebody who writes to a member is told: results, in versions from where they began, and how far the
/// count moved.
async fn told(circle: &Circle, by: MemberId, to: MemberId) -> Vec<(Result<Vec<i64>, enishi_protocol::ErrorCode>, i64)> {
    let (world, id) = (&circle.world, ConversationId::of_two(by, to));
    let mut told = Vec::new();
    let mut first = None;
    for number in 0..7 {
        let operation = match (number, first) {
            (0 | 4, _) => start(&[to], None),
            (3, Some(first)) => edit(first, "直した一通目"),
            (6, Some(first)) => Operation::DeleteMessage(MessageDeletion { message: first }),
            _ => say(id, &format!("{number}通目")),
        };
        let before = world.version().await;
        let (mutation, outcome) = world.does(by, &operation).await;
        let Version(after) = world.version().await;
        if number == 1 {
            first = Some(mutation.into());
        }
        let result = match outcome {
            Outcome::Accepted { streams } => Ok(streams.into_values().map(|version| version.0 - before.0).collect()),
            Outcome::Refused(code) => Err(code),
        };
        told.push((result, after - before.0));
    }
    told
}

both_engines! {
    async fn across_a_block_everything_is_answered_alike_and_nothing_arrives(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let (sato, blocked, other) = (circle.sato, circle.takahashi, circle.suzuki);
        circle.world.can(sato, &block(blocked, true)).await;
        let mut phones = Vec::new();
        let mut answers = Vec::new();
        for by in [other, blocked] {
            answers.push(told(&circle, by, sato).await);
            let phone = circle.phone(by).await;
            let held = conversation(&phone, ConversationId::of_two(by, sato)).expect("held");
            let mut texts: Vec<_> = messages(&phone).into_iter().map(|message| message.text).collect();
            texts.sort();
            phones.push((held.participants.iter().map(|one| one.participation).collect::<Vec<_>>(), texts));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(phones[0], phones[1]);
        assert!(answers[0].iter().all(|(result, _)| result.is_ok()), "{answers:?}");
        let arrived = messages(&circle.phone(sato).await);
        assert!(!arrived.is_empty() && arrived.iter().all(|message| message.author == other), "{arrived:?}");

        let id = ConversationId::of_two(sato, blocked);
        circle.say(sato, id, "止めた側からも").await;
        assert!(!circle.texts(blocked).await.contains(&"止めた側からも".to_owned()));
        circle.world.can(sato, &block(blocked, false)).await;
        circle.say(blocked, id, "また話せます").await;
        let arrived: Vec<_> = messages(&circle.phone(sato).await).into_iter().filter(|said| said.author == blocked).collect();
        assert_eq!(arrived.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), ["また話せます"], "and nothing from before");
    }

    async fn of_what_was_said_before_a_block_only_the_end_arrives(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let (sato, blocked) = (circle.sato, circle.takahashi);
        let id = circle.pair(sato, blocked).await;
        let (kept, gone) = (circle.say(blocked, id, "残る言葉").await, circle.say(blocked, id, "消える言葉").await);
        let many = circle.world.can(circle.suzuki, &start(&[sato, blocked], None)).await.into();
        circle.world.can(sato, &block(blocked, true)).await;
        circle.world.can(blocked, &edit(kept, "書き換えた言葉")).await;
        circle.world.can(blocked, &Operation::DeleteMessage(MessageDeletion { message: gone })).await;
        circle.say(blocked, many, "みんなへ").await;
        circle.say(circle.suzuki, many, "三人で").await;
        assert_eq!(circle.texts(sato).await, ["残る言葉", "三人で"]);
        assert_eq!(circle.texts(circle.suzuki).await, ["みんなへ", "三人で"]);
        assert_eq!(circle.texts(blocked).await, ["書き換えた言葉", "みんなへ", "三人で"]);
        circle.sweep().await;
    }
}
