//! Messages: what may be written, editing and deleting one's own, marks.

use super::{Circle, decide, leave, messages, say, start};
use crate::{both_engines, db::testing::TestDatabase, sync::tests::world::World};
use enishi_protocol::{
    ConversationId, Entity, EntityKind, ErrorCode, MessageId, MutationId, Operation, Position, Stream,
    membership::Role,
    messages::{ConversationMuting, ConversationReading, MessageDeletion, MessageEdit},
};
use uuid::Uuid;

fn edit(message: MessageId, base: MutationId, text: &str) -> Operation {
    Operation::EditMessage(MessageEdit { message, base, text: text.into() })
}

fn delete(message: MessageId) -> Operation {
    Operation::DeleteMessage(MessageDeletion { message })
}

fn read(conversation: ConversationId, position: i64) -> Operation {
    Operation::ReadConversation(ConversationReading { conversation, position: Position(position) })
}

both_engines! {
    async fn only_whoever_wrote_a_message_edits_or_deletes_it_and_no_role_does(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let owner = circle.world.member("人事", Role::Owner).await;
        let id = circle.world.can(owner, &start(&[circle.sato, circle.suzuki], None)).await.into();
        circle.world.can(circle.sato, &decide(id, true)).await;
        let message = circle.say(circle.sato, id, "一").await;
        let base = MutationId(message.0);
        assert_eq!(circle.world.cannot(owner, &edit(message, base, "直す")).await, ErrorCode::NotAllowed);
        assert_eq!(circle.world.cannot(owner, &delete(message)).await, ErrorCode::NotAllowed);
        assert_eq!(circle.world.cannot(circle.tanaka, &delete(message)).await, ErrorCode::NotFound);
        let second = circle.world.can(circle.sato, &edit(message, base, "二")).await;
        assert_eq!(circle.world.cannot(circle.sato, &edit(message, base, "三")).await, ErrorCode::Conflict);
        let held = messages(&circle.phone(owner).await);
        assert_eq!((held[0].text.as_str(), held[0].text_by, held[0].edited_us.is_some()), ("二", second, true));
        circle.world.can(circle.sato, &delete(message)).await;
        for member in [owner, circle.sato, circle.suzuki] {
            assert_eq!(circle.texts(member).await, [""; 0]);
        }
        assert_eq!(circle.world.cannot(circle.sato, &edit(message, second, "四")).await, ErrorCode::NotFound);
    }

    async fn what_cannot_be_sent_is_refused_with_its_reason(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        assert_eq!(circle.world.cannot(circle.sato, &say(id, " ")).await, ErrorCode::TextEmpty);
        assert_eq!(circle.world.cannot(circle.sato, &say(id, &"長".repeat(4_001))).await, ErrorCode::TextTooLong);
        assert_eq!(circle.world.cannot(circle.takahashi, &say(id, "横から")).await, ErrorCode::NotFound);
        let nowhere = ConversationId(Uuid::now_v7());
        assert_eq!(circle.world.cannot(circle.sato, &say(nowhere, "どこへ")).await, ErrorCode::NotFound);
        circle.world.can(circle.suzuki, &leave(id)).await;
        assert_eq!(circle.world.cannot(circle.sato, &say(id, "もういない")).await, ErrorCode::NobodyThere);
    }

    async fn a_message_edited_after_somebody_left_or_came_reaches_only_those_who_have_it(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], None)).await.into();
        let message = circle.say(circle.sato, id, "一").await;
        circle.world.can(circle.suzuki, &leave(id)).await;
        let adding = enishi_protocol::messages::ConversationAdding { conversation: id, members: vec![circle.suzuki] };
        circle.world.can(circle.sato, &Operation::AddToConversation(adding)).await;
        circle.world.can(circle.sato, &edit(message, message.0.into(), "二")).await;
        assert_eq!(circle.texts(circle.suzuki).await, [""; 0]);
        assert_eq!(circle.texts(circle.takahashi).await, ["二"]);
    }

    async fn read_marks_only_grow_and_only_ones_own_inbox_knows(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        circle.say(circle.sato, id, "一").await;
        let position = messages(&circle.phone(circle.suzuki).await)[0].position.0;
        circle.world.can(circle.suzuki, &read(id, position)).await;
        circle.world.can(circle.suzuki, &read(id, 1)).await;
        circle.world.can(circle.suzuki, &Operation::MuteConversation(ConversationMuting { conversation: id, muted: true })).await;
        let inbox = Stream::Member(circle.suzuki);
        let phone = circle.phone(circle.suzuki).await;
        let Some(Entity::ConversationMark(mark)) = phone.entity(inbox, &EntityKind::ConversationMark, id.0) else {
            panic!("no mark")
        };
        assert_eq!((mark.read_to.0, mark.muted), (position, true));
        circle.world.can(circle.suzuki, &read(id, i64::MAX)).await;
        let later = circle.say(circle.sato, id, "二").await;
        let phone = circle.phone(circle.suzuki).await;
        let Some(Entity::ConversationMark(mark)) = phone.entity(inbox, &EntityKind::ConversationMark, id.0) else {
            panic!("no mark")
        };
        let new = messages(&phone).into_iter().max_by_key(|message| message.position).expect("a message");
        assert_eq!(new.text_by.0, later.0);
        assert!(mark.read_to < new.position, "nobody has read what is not written yet");
        let others = circle.phone(circle.sato).await;
        assert_eq!(others.count(Stream::Member(circle.sato), &EntityKind::ConversationMark), 0);
        assert_eq!(circle.world.cannot(circle.takahashi, &read(id, 1)).await, ErrorCode::NotFound);
    }
}
