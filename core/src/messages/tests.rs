use super::{
    AroundMessage, ConversationView, MessageWindow, UnreadMessages,
    commands::{self, Beginning},
    conversation, conversations, search, unread, window,
};
use crate::{
    attention, blocks,
    error::StoreError,
    feed::Delivery,
    moderation::commands::report_message,
    notifications::{Notification, notifications},
    store::Wish,
    testing::{Phone, id, member, person},
};
use enishi_protocol::{
    Change, ConversationId, Entity, EntityKind, ErrorCode, MessageId, MutationId, Operation, Position, Stream, Version,
    blocks::Unseen,
    membership::PersonName,
    messages::{Conversation, ConversationMark, Message, Participant, Participation},
    notifications::{Level, NotificationKind, NotificationSettings, QuietHours},
};

const SUZUKI: u128 = 2;

fn pair() -> ConversationId {
    ConversationId::of_two(member(1), member(SUZUKI))
}

/// The conversation with 鈴木, as the server tells of it since that version.
fn told(phone: &mut Phone, version: i64, asked_by: Option<u128>) {
    let participants = [(1, "山田"), (SUZUKI, "鈴木")].map(|(number, family)| Participant {
        member: member(number),
        name: PersonName { family: family.into(), given: String::new() },
        participation: Participation::In,
    });
    let entity = Entity::Conversation(Conversation {
        pair: true,
        title: None,
        participants: participants.into(),
        asked_by: asked_by.map(member),
        since: Position(2),
        created_us: 0,
    });
    let inbox = phone.inbox();
    phone.put(inbox, version, pair().0, &entity, None);
}

fn message(phone: &mut Phone, version: i64, author: u128, text: &str) -> MessageId {
    let id = id(20_000 + u128::try_from(version).expect("positive"));
    rewrite(phone, (version, version), id, author, text, MutationId(id));
    MessageId(id)
}

fn rewrite(
    phone: &mut Phone,
    (position, version): (i64, i64),
    id: uuid::Uuid,
    author: u128,
    text: &str,
    by: MutationId,
) {
    let entity = Entity::Message(Message {
        conversation: pair(),
        position: Position(position),
        author: member(author),
        text: text.into(),
        text_by: by,
        created_us: position,
        edited_us: (position != version).then_some(version),
    });
    let inbox = phone.inbox();
    phone.put(inbox, version, id, &entity, Some(by));
}

fn gone(phone: &mut Phone, version: i64, kind: EntityKind, id: uuid::Uuid) {
    let inbox = phone.inbox();
    phone.say(inbox, Change { version: Version(version), kind, id, mutation: None, body: None });
}

fn phone() -> Phone {
    let mut phone = Phone::new();
    told(&mut phone, 2, None);
    phone
}

fn newest(phone: &Phone, size: usize) -> MessageWindow {
    window(&phone.store, phone.community, pair(), AroundMessage::Newest, size).expect("reads").expect("held")
}

fn texts(window: &MessageWindow) -> Vec<&str> {
    window.messages.iter().map(|message| message.text.as_str()).collect()
}

fn listed(phone: &Phone) -> Vec<ConversationView> {
    conversations(&phone.store, phone.community).expect("reads")
}

fn say(phone: &mut Phone, text: &str) -> MutationId {
    let wish = commands::write(&phone.store, phone.community, pair(), text).expect("allowed");
    phone.write(wish)
}

fn begin(phone: &Phone, with: u128) -> Wish {
    match commands::start(&phone.store, phone.community, &[member(with)], None).expect("allowed") {
        Beginning::Wish(begun, _) => begun,
        Beginning::There(id) => panic!("{id} is there"),
    }
}

#[test]
fn a_conversation_begun_and_written_to_without_a_network_shows_at_once() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 5, id(SUZUKI), &person("鈴木", "一郎"), None);
    let begun = phone.write(begin(&phone, SUZUKI));
    assert!(listed(&phone).is_empty(), "nothing is said in it yet");
    let wish = commands::write(&phone.store, phone.community, pair(), "ご無沙汰しています").expect("allowed");
    assert_eq!(wish.parent, Some(begun));
    phone.write(wish);
    let shown = &listed(&phone)[0];
    assert_eq!((shown.id, shown.pair, shown.delivery), (pair(), true, Delivery::Pending));
    let names: Vec<_> = shown.participants.iter().map(|other| other.name.as_str()).collect();
    assert_eq!(names, ["山田 太郎", "鈴木 一郎"]);
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["ご無沙汰しています"]);
    assert_eq!((shown.messages[0].delivery, shown.messages[0].position), (Delivery::Pending, None));
    phone.refuse(begun, ErrorCode::NotReachable);
    let again = commands::write(&phone.store, phone.community, pair(), "もう一度");
    assert!(matches!(again, Err(StoreError::Refused(ErrorCode::ParentRefused))));
}

#[test]
fn the_conversation_of_two_is_begun_once() {
    let phone = phone();
    let there = commands::start(&phone.store, phone.community, &[member(SUZUKI)], None);
    assert!(matches!(there, Ok(Beginning::There(id)) if id == pair()));
    let titled = commands::start(&phone.store, phone.community, &[member(SUZUKI)], Some("二人"));
    assert!(matches!(titled, Err(StoreError::Refused(ErrorCode::ConversationOfTwo))));
    let alone = commands::start(&phone.store, phone.community, &[phone.me], None);
    assert!(matches!(alone, Err(StoreError::Refused(ErrorCode::NotFound))));
}

#[test]
fn a_message_stands_at_the_end_until_it_is_accepted_and_is_shown_once() {
    let mut phone = phone();
    message(&mut phone, 5, SUZUKI, "一");
    let written = say(&mut phone, "二");
    assert_eq!(texts(&newest(&phone, 10)), ["一", "二"]);
    let inbox = phone.inbox();
    phone.accept(written, &[(inbox, 7)]);
    message(&mut phone, 6, SUZUKI, "間に");
    assert_eq!(texts(&newest(&phone, 10)), ["一", "間に", "二"]);
    rewrite(&mut phone, (7, 7), written.0, 1, "二", written);
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["一", "間に", "二"]);
    phone.forget(written);
    assert_eq!(newest(&phone, 10), shown);
}

#[test]
fn windows_are_cut_around_a_position() {
    let mut phone = phone();
    for version in 3..=22 {
        message(&mut phone, version, SUZUKI, &version.to_string());
    }
    let end = newest(&phone, 4);
    assert_eq!((texts(&end), end.more_above, end.more_below), (vec!["19", "20", "21", "22"], true, false));
    let around = |at| {
        let around = AroundMessage::Position(Position(at));
        window(&phone.store, phone.community, pair(), around, 4).expect("reads").expect("held")
    };
    let middle = around(10);
    assert_eq!((texts(&middle), middle.more_above, middle.more_below), (vec!["9", "10", "11", "12"], true, true));
    let start = around(3);
    assert_eq!((texts(&start), start.more_above, start.more_below), (vec!["3", "4", "5"], false, true));
}

#[test]
fn an_edit_and_a_deletion_show_at_once_and_come_back_where_they_are_refused() {
    let mut phone = phone();
    let (first, second) = (message(&mut phone, 5, 1, "一"), message(&mut phone, 6, 1, "二"));
    let edit = phone.write(commands::edit(&phone.store, phone.community, first, "壱").expect("allowed"));
    let deletion = phone.write(commands::delete(&phone.store, phone.community, second).expect("allowed"));
    assert_eq!(texts(&newest(&phone, 10)), ["壱"]);
    assert_eq!(listed(&phone)[0].newest.as_ref().map(|newest| newest.text.as_str()), Some("壱"));
    phone.refuse(deletion, ErrorCode::NotFound);
    rewrite(&mut phone, (5, 9), first.0, 1, "いち", MutationId(id(9)));
    phone.refuse(edit, ErrorCode::Conflict);
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["いち", "二"]);
    assert_eq!(shown.messages[0].delivery, Delivery::NeedsAttention(ErrorCode::Conflict));
    let waits = attention::needs_attention(&phone.store, phone.community).expect("reads");
    assert_eq!((waits[0].yours.as_deref(), waits[0].theirs.as_deref()), (Some("壱"), Some("いち")));
    let mut new_id = || id(77);
    let again = attention::again(&phone.store, phone.community, edit, with(Some("壱番")), &mut new_id).expect("again");
    let enishi_protocol::Operation::EditMessage(edit) = &again[0].write.operation else { panic!("{again:?}") };
    assert_eq!((edit.base, edit.text.as_str()), (MutationId(id(9)), "壱番"));
    let theirs = message(&mut phone, 8, SUZUKI, "人の");
    let not_mine = commands::delete(&phone.store, phone.community, theirs);
    assert!(matches!(not_mine, Err(StoreError::Refused(ErrorCode::NotAllowed))));
}

#[test]
fn a_refused_message_stays_where_it_was_written_and_is_sent_again_as_another() {
    let mut phone = phone();
    let refused = say(&mut phone, "届かない");
    phone.refuse(refused, ErrorCode::RequestWaiting);
    let shown = newest(&phone, 10);
    assert_eq!(shown.messages[0].delivery, Delivery::NeedsAttention(ErrorCode::RequestWaiting));
    let mut new_id = || id(77);
    let again = attention::again(&phone.store, phone.community, refused, with(None), &mut new_id).expect("again");
    assert_eq!(again[0].write.id, MutationId(id(77)));
}

#[test]
fn unread_messages_are_those_of_others_after_the_mark_and_requests_count_apart() {
    let mut phone = phone();
    for (version, author) in [(5, SUZUKI), (6, 1), (7, SUZUKI), (8, SUZUKI)] {
        message(&mut phone, version, author, "話");
    }
    let waits = |phone: &Phone| unread(&phone.store, phone.community).expect("reads");
    assert_eq!(waits(&phone), UnreadMessages { messages: 3, requests: 0 });
    let read =
        |phone: &Phone, at| commands::mark_read(&phone.store, phone.community, pair(), Position(at)).expect("reads");
    let wish = read(&phone, 7).expect("is news");
    phone.write(wish);
    assert_eq!((waits(&phone).messages, read(&phone, 6)), (1, None));
    let mark = Entity::ConversationMark(ConversationMark { read_to: Position(8), muted: false });
    let inbox = phone.inbox();
    phone.put(inbox, 9, pair().0, &mark, None);
    assert_eq!(waits(&phone).messages, 0);
    message(&mut phone, 10, SUZUKI, "新しい");
    phone.write(commands::mute(&phone.store, phone.community, pair(), true).expect("allowed"));
    assert_eq!((waits(&phone).messages, listed(&phone)[0].unread), (0, 1), "what is still does not call");
    told(&mut phone, 11, Some(SUZUKI));
    assert_eq!(waits(&phone), UnreadMessages { messages: 0, requests: 1 });
    let answered = say(&mut phone, "はい");
    assert_eq!((waits(&phone).requests, listed(&phone)[0].asked_by), (0, None), "an answer is a yes");
    phone.refuse(answered, ErrorCode::Internal);
    assert_eq!(waits(&phone).requests, 1);
    phone.write(commands::decide(&phone.store, phone.community, pair(), false).expect("allowed"));
    assert_eq!(waits(&phone), UnreadMessages::default());
    assert!(conversation(&phone.store, phone.community, pair()).expect("reads").is_none());
}

#[test]
fn words_are_found_only_in_messages_of_conversations_that_one_is_in() {
    let mut phone = phone();
    let found = |phone: &Phone, query: &str| -> Vec<String> {
        let hits = search(&phone.store, phone.community, query).expect("searches");
        hits.messages.into_iter().map(|hit| hit.text).collect()
    };
    message(&mut phone, 5, SUZUKI, "退職しました。Ｈｅｌｌｏ");
    let edited = message(&mut phone, 6, SUZUKI, "転職活動中です");
    message(&mut phone, 1, SUZUKI, "退職する前の会話");
    for _ in 0..2 {
        assert_eq!(found(&phone, "退職"), ["退職しました。Ｈｅｌｌｏ"]);
        assert_eq!(found(&phone, "職").len(), 2);
        assert_eq!(found(&phone, "hello 退職").len(), 1);
        assert_eq!(phone.store.index_some().expect("indexes"), 0);
    }
    rewrite(&mut phone, (6, 7), edited.0, SUZUKI, "復職しました", MutationId(id(7)));
    say(&mut phone, "退職祝いを");
    assert_eq!(found(&phone, "退職"), ["退職祝いを", "退職しました。Ｈｅｌｌｏ"]);
    assert_eq!((found(&phone, "転職").len(), found(&phone, "復職").len()), (0, 1));
    gone(&mut phone, 8, EntityKind::Message, edited.0);
    assert!(found(&phone, "復職").is_empty());
    gone(&mut phone, 9, EntityKind::Conversation, pair().0);
    assert!(found(&phone, "退職").is_empty(), "what is left of one that this member is out of");
    assert!(window(&phone.store, phone.community, pair(), AroundMessage::Newest, 9).expect("reads").is_none());
}

#[test]
fn somebody_who_is_no_longer_in_the_directory_keeps_the_name_that_the_conversation_knows() {
    let mut phone = phone();
    message(&mut phone, 5, SUZUKI, "一");
    assert_eq!(newest(&phone, 1).messages[0].author_name.as_deref(), Some("鈴木"));
    phone.put(Stream::Community, 6, id(SUZUKI), &person("髙橋", "一郎"), None);
    assert_eq!(newest(&phone, 1).messages[0].author_name.as_deref(), Some("髙橋 一郎"));
    assert_eq!(listed(&phone)[0].participants[1].name, "髙橋 一郎");
}

#[test]
fn behind_a_block_the_conversation_of_two_is_not_there_on_either_side() {
    for by_me in [true, false] {
        let mut phone = phone();
        phone.put(Stream::Community, 1, id(SUZUKI), &person("鈴木", ""), None);
        message(&mut phone, 10, SUZUKI, "山の話");
        assert_eq!((listed(&phone).len(), found(&phone, "山")), (1, 1));
        assert_eq!(unread(&phone.store, phone.community).expect("reads").messages, 1);
        let inbox = phone.inbox();
        if by_me {
            phone.write(blocks::block(&phone.store, phone.community, member(SUZUKI), true).expect("allowed"));
        } else {
            phone.put(inbox, 20, id(SUZUKI), &Entity::Unseen(Unseen {}), None);
        }
        assert_eq!((listed(&phone).len(), found(&phone, "山")), (0, 0));
        assert_eq!(unread(&phone.store, phone.community).expect("reads"), UnreadMessages::default());
        assert_eq!(conversation(&phone.store, phone.community, pair()).expect("reads"), None);
        let around = AroundMessage::Newest;
        assert_eq!(window(&phone.store, phone.community, pair(), around, 5).expect("reads"), None);
        let refused = |number: u128| match commands::start(&phone.store, phone.community, &[member(number)], None) {
            Err(StoreError::Refused(code)) => code,
            other => panic!("{other:?}"),
        };
        let expected = if by_me { ErrorCode::NotReachable } else { refused(99) };
        assert_eq!((refused(SUZUKI), refused(99)), (expected, ErrorCode::NotFound));
        let said = commands::write(&phone.store, phone.community, pair(), "もしもし");
        assert!(matches!(said, Err(StoreError::Refused(ErrorCode::NotFound))));
    }
}

#[test]
fn in_a_conversation_of_more_what_comes_from_behind_a_block_or_a_mute_is_left_out() {
    for muted in [false, true] {
        let mut phone = Phone::new();
        let many = ConversationId(id(700));
        for (number, family) in [(SUZUKI, "鈴木"), (3, "高橋")] {
            phone.put(Stream::Community, 1, id(number), &person(family, ""), None);
        }
        let participants = [(1, "山田"), (SUZUKI, "鈴木"), (3, "高橋")].map(|(number, family)| Participant {
            member: member(number),
            name: PersonName { family: family.into(), given: String::new() },
            participation: Participation::In,
        });
        let entity = Entity::Conversation(Conversation {
            pair: false,
            title: None,
            participants: participants.into(),
            asked_by: None,
            since: Position(2),
            created_us: 0,
        });
        let inbox = phone.inbox();
        phone.put(inbox, 2, many.0, &entity, None);
        for (version, author) in [(10, 3), (11, SUZUKI)] {
            let id = id(20_000 + author);
            let entity = Entity::Message(Message {
                conversation: many,
                position: Position(version),
                author: member(author),
                text: "山の話".into(),
                text_by: MutationId(id),
                created_us: version,
                edited_us: None,
            });
            phone.put(inbox, version, id, &entity, None);
        }
        for indexed in [false, true] {
            if indexed {
                while phone.store.index_some().expect("indexes") > 0 {}
            } else {
                let hide = if muted { blocks::mute } else { blocks::block };
                assert_eq!((found(&phone, "山"), listed(&phone)[0].unread), (2, 2));
                phone.write(hide(&phone.store, phone.community, member(SUZUKI), true).expect("allowed"));
            }
            let shown = &listed(&phone)[0];
            assert_eq!((found(&phone, "山"), shown.unread), (1, 1));
            assert_eq!(shown.newest.as_ref().map(|newest| newest.author), Some(member(3)));
            assert_eq!(shown.participants.len(), if muted { 3 } else { 2 });
            let window = window(&phone.store, phone.community, many, AroundMessage::Newest, 5).expect("reads");
            assert_eq!(window.expect("held").messages.len(), 1);
        }
    }
}

fn told_of(phone: &Phone, now_us: i64) -> Vec<Notification> {
    notifications(&phone.store, phone.community, 10, now_us).expect("reads").items
}

#[test]
fn a_conversation_is_one_notification_until_it_is_read_or_still() {
    let mut phone = phone();
    let inbox = phone.inbox();
    phone.reach(inbox, 2);
    message(&mut phone, 10, SUZUKI, "お元気ですか");
    message(&mut phone, 11, 1, "元気です");
    message(&mut phone, 12, SUZUKI, "よかった");
    let told = told_of(&phone, 1_000);
    assert_eq!(told.len(), 1);
    let newest = &told[0];
    assert_eq!((newest.kind, newest.id, newest.place), (NotificationKind::Message, pair().0, Version(12)));
    assert_eq!(
        (newest.conversation, newest.by, newest.text.as_str()),
        (Some(pair()), Some(member(SUZUKI)), "よかった")
    );
    assert_eq!((newest.by_name.as_deref(), newest.alert), (Some("鈴木"), true));
    // Quiet hours, and a level for the kind, as for all notifications.
    let settings = |kinds, quiet| NotificationSettings { kinds, quiet, ..NotificationSettings::default() };
    let quiet = QuietHours { from: 0, to: 23 * 60, utc_offset: 0 };
    let me = id(1);
    phone.put(inbox, 13, me, &Entity::NotificationSettings(settings([].into(), Some(quiet))), None);
    assert!(told_of(&phone, 1_000).iter().all(|told| !told.alert && told.unread));
    let off = [("message".to_owned(), Level::Off)].into();
    phone.put(inbox, 14, me, &Entity::NotificationSettings(settings(off, None)), None);
    assert_eq!(told_of(&phone, 1_000), []);
    phone.put(inbox, 15, me, &Entity::NotificationSettings(settings([].into(), None)), None);
    assert_eq!(told_of(&phone, 1_000).len(), 1);
    let still = commands::mute(&phone.store, phone.community, pair(), true).expect("allowed");
    let still = phone.write(still);
    assert_eq!(told_of(&phone, 1_000), []);
    phone.forget(still);
    assert_eq!(told_of(&phone, 1_000).len(), 1);
    let read = commands::mark_read(&phone.store, phone.community, pair(), Position(12)).expect("allowed");
    phone.write(read.expect("news"));
    assert_eq!(told_of(&phone, 1_000), []);
    message(&mut phone, 16, SUZUKI, "それから");
    assert_eq!(told_of(&phone, 1_000)[0].text, "それから");
}

#[test]
fn a_request_is_one_notification_that_shows_no_word_of_a_stranger() {
    let mut phone = Phone::new();
    told(&mut phone, 2, Some(SUZUKI));
    let inbox = phone.inbox();
    phone.reach(inbox, 2);
    assert_eq!(told_of(&phone, 1_000), [], "before there is a word in it");
    for version in 10..13 {
        message(&mut phone, version, SUZUKI, "会ってください");
        let told = told_of(&phone, 1_000);
        assert_eq!(told.iter().map(|told| told.kind).collect::<Vec<_>>(), [NotificationKind::MessageRequest]);
        assert_eq!((told[0].place, told[0].text.as_str(), told[0].by), (Version(10), "", Some(member(SUZUKI))));
    }
    let no = commands::decide(&phone.store, phone.community, pair(), false).expect("allowed");
    phone.write(no);
    assert_eq!(told_of(&phone, 1_000), []);
}

#[test]
fn a_message_of_somebody_else_can_be_reported_also_after_a_block_of_ones_own() {
    let mut phone = phone();
    phone.put(Stream::Community, 1, id(SUZUKI), &person("鈴木", ""), None);
    let (theirs, mine) = (message(&mut phone, 10, SUZUKI, "困る言葉"), message(&mut phone, 11, 1, "返事"));
    let report = |phone: &Phone, message, around: &[MessageId]| {
        report_message(&phone.store, phone.community, message, around, 1, "")
    };
    let wish = report(&phone, theirs, &[mine]).expect("allowed");
    assert!(matches!(wish.operation, Operation::Report(reporting) if reporting.around == [mine]));
    assert!(matches!(report(&phone, mine, &[]), Err(StoreError::Refused(ErrorCode::NotAllowed))));
    assert!(matches!(report(&phone, theirs, &[mine; 6]), Err(StoreError::Refused(ErrorCode::TooMany))));
    assert!(matches!(report(&phone, MessageId(id(5)), &[]), Err(StoreError::Refused(ErrorCode::NotFound))));
    phone.write(blocks::block(&phone.store, phone.community, member(SUZUKI), true).expect("allowed"));
    assert!(report(&phone, theirs, &[]).is_ok());
    let inbox = phone.inbox();
    phone.put(inbox, 20, id(SUZUKI), &Entity::Unseen(Unseen {}), None);
    phone.write(blocks::block(&phone.store, phone.community, member(SUZUKI), false).expect("allowed"));
    assert!(matches!(report(&phone, theirs, &[]), Err(StoreError::Refused(ErrorCode::NotFound))));
}

fn found(phone: &Phone, words: &str) -> usize {
    search(&phone.store, phone.community, words).expect("finds").messages.len()
}

fn with(text: Option<&str>) -> attention::Change<'_> {
    attention::Change { text, without_files: false }
}
