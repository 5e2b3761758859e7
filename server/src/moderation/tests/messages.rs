//! Reports of messages: the desk sees what the reporter gave, and nothing else of a conversation.

use super::{closing, hiding, own_report, report_at, reporting, synced};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    erasure::{self, What},
    sync::tests::world::World,
};
use enishi_protocol::{
    ConversationId, ErrorCode, MemberId, MessageId, MutationId, Operation, Stream,
    limits::REPORTED_AROUND,
    membership::Role,
    messages::{ConversationStart, MessageEdit, MessageWriting},
    moderation::{ReportState, Reporting, Subject},
};

struct Talk {
    world: World,
    staff: MemberId,
    author: MemberId,
    reporter: MemberId,
    conversation: ConversationId,
    messages: Vec<MessageId>,
}

impl Talk {
    /// 佐藤 has written seven messages to 鈴木, who has answered.
    async fn new(db: TestDatabase) -> Self {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let (author, reporter) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let conversation = begin(&world, reporter, author).await;
        let mut talk = Self { world, staff, author, reporter, conversation, messages: Vec::new() };
        talk.say(talk.reporter, "返事").await;
        talk.say(talk.author, "承諾").await;
        for number in 2..8 {
            talk.say(talk.author, &format!("ことば{number}")).await;
        }
        talk
    }

    async fn say(&mut self, by: MemberId, text: &str) {
        let wish = Operation::WriteMessage(MessageWriting { conversation: self.conversation, text: text.into() });
        self.messages.push(self.world.can(by, &wish).await.into());
    }

    async fn at_the_desk(&self, id: MutationId) -> Option<enishi_protocol::moderation::Report> {
        report_at(&self.world, self.staff, Stream::community_desk(self.world.community), id.into()).await
    }

    async fn erase(&self, what: What) {
        let (community, surroundings) = (self.world.community, std::sync::Arc::clone(&self.world.surroundings));
        self.world.write(move |conn| erasure::erase(conn, &*surroundings, community, what)).await.expect("erased");
        loop {
            let (community, surroundings) = (self.world.community, std::sync::Arc::clone(&self.world.surroundings));
            let sweep = self.world.write(move |conn| erasure::sweep(conn, &*surroundings, community));
            if !sweep.await.expect("swept") {
                return;
            }
        }
    }
}

async fn begin(world: &World, by: MemberId, with: MemberId) -> ConversationId {
    world.can(by, &Operation::StartConversation(ConversationStart { with: vec![with], title: None })).await;
    ConversationId::of_two(by, with)
}

fn with(message: MessageId, around: &[MessageId]) -> Operation {
    let (subject, word) = (Subject::Message(message), "困っています".into());
    Operation::Report(Reporting { subject, around: around.to_vec(), rule: 1, word, to_staff: false })
}

both_engines! {
    async fn the_desk_sees_what_the_reporter_gave_and_nothing_else(db: TestDatabase) {
        let talk = Talk::new(db).await;
        let [.., before, told, after, untold] = talk.messages[..] else { panic!("eight messages") };
        let id = talk.world.can(talk.reporter, &with(told, &[after, before, told])).await;
        let report = talk.at_the_desk(id).await.expect("a report");
        assert!(report.is_given_by_reporter());
        assert_eq!((report.author, report.author_name.family.as_str(), report.text.as_str()), (talk.author, "佐藤", "ことば5"));
        let around: Vec<_> = report.around.iter().map(|beside| (beside.before, beside.text.as_str())).collect();
        assert_eq!(around, [(true, "ことば4"), (false, "ことば6")]);
        let desk = synced(&talk.world, talk.staff).await;
        for (stream, held) in &desk.streams {
            for (_, body) in held.rows.values() {
                let Some(body) = body else { continue };
                assert!(!body.contains("ことば7") && !body.contains("承諾"), "{stream}: {body}");
                assert!(!(body.contains("ことば") && body.contains(&talk.reporter.to_string())), "who reported: {body}");
            }
        }
        // What is at the desk does not change with what is written, nor does it open more.
        let edit = MessageEdit { message: told, base: MutationId(told.0), text: "言い換え".into() };
        talk.world.can(talk.author, &Operation::EditMessage(edit)).await;
        assert_eq!(talk.at_the_desk(id).await.expect("a report").text, "ことば5");
        assert_eq!(talk.world.cannot(talk.staff, &with(untold, &[])).await, ErrorCode::NotFound, "whoever runs it cannot");
        talk.world.can(talk.staff, &closing(id.into(), true)).await;
        assert_eq!(talk.at_the_desk(id).await.expect("a report").state, ReportState::ActedOn);
        let text = own_report(&talk.world, talk.reporter, id.into()).await;
        assert_eq!(text.state, ReportState::ActedOn);
    }

    async fn only_what_is_in_ones_own_inbox_can_be_reported(db: TestDatabase) {
        let mut talk = Talk::new(db).await;
        let third = talk.world.member("中村", Role::Member).await;
        let of_author = talk.messages[3];
        for stranger in [third, talk.staff] {
            assert_eq!(talk.world.cannot(stranger, &with(of_author, &[])).await, ErrorCode::NotFound);
        }
        assert_eq!(talk.world.cannot(talk.author, &with(of_author, &[])).await, ErrorCode::NotAllowed, "one's own");
        let elsewhere = begin(&talk.world, third, talk.reporter).await;
        let here = std::mem::replace(&mut talk.conversation, elsewhere);
        talk.say(third, "別の会話").await;
        let of_third = *talk.messages.last().expect("said");
        assert_eq!(talk.world.cannot(talk.reporter, &with(of_author, &[of_third])).await, ErrorCode::NotFound, "of another");
        let all: Vec<_> = talk.messages.iter().copied().filter(|id| *id != of_author && *id != of_third).collect();
        assert!(all.len() > REPORTED_AROUND);
        assert_eq!(talk.world.cannot(talk.reporter, &with(of_author, &all)).await, ErrorCode::TooMany);
        talk.world.can(talk.reporter, &with(of_author, &all[..REPORTED_AROUND])).await;
        assert_eq!(talk.world.cannot(talk.staff, &hiding(Subject::Message(of_author))).await, ErrorCode::NotFound);
        // One who has left holds nothing any more that could be given.
        let leave = enishi_protocol::messages::ConversationLeaving { conversation: here };
        talk.world.can(talk.reporter, &Operation::LeaveConversation(leave)).await;
        assert_eq!(talk.world.cannot(talk.reporter, &reporting(Subject::Message(talk.messages[4]))).await, ErrorCode::NotFound);
    }

    async fn what_is_erased_leaves_reports_too_also_beside_others(db: TestDatabase) {
        let talk = Talk::new(db).await;
        let [answer, _, first, second, ..] = talk.messages[..] else { panic!("eight messages") };
        let id = talk.world.can(talk.reporter, &with(first, &[second, answer])).await;
        talk.erase(What::Message(second)).await;
        let report = talk.at_the_desk(id).await.expect("a report");
        assert_eq!(report.around.iter().map(|beside| beside.text.as_str()).collect::<Vec<_>>(), ["返事"]);
        talk.erase(What::Member(talk.reporter)).await;
        let report = talk.at_the_desk(id).await.expect("what was reported stays");
        assert!(report.around.is_empty() && report.word.is_empty(), "without what the reporter wrote: {report:?}");
        talk.erase(What::Message(first)).await;
        assert_eq!(talk.at_the_desk(id).await, None);
    }
}
