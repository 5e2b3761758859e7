//! Messages between members, on real phones and real servers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Community, feed::Delivery, messages::UnreadMessages};
use enishi_protocol::{
    ConversationId, ErrorCode, MemberId, membership::Role, messages::MessagesFrom, moderation::ReportState,
    notifications::NotificationKind,
};
use enishi_server::{running::StartError, sealing::file::KeyError};
use enishi_tests::{
    Fault, Place, Scene, TestPhone, TestServer, both_engines, place,
    scene::{HANAKO, TARO},
    seen::said,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const SYNC: &str = "POST /v1/sync";

fn member(phone: &TestPhone) -> MemberId {
    phone.community().member()
}

fn texts(phone: &TestPhone, conversation: ConversationId) -> Vec<String> {
    said(&phone.community(), conversation).into_iter().map(|message| message.text).collect()
}

async fn sees(phone: &TestPhone, conversation: ConversationId, text: &str) {
    let shows = |community: &Community| said(community, conversation).iter().find(|said| said.text == text).map(drop);
    phone.until(&format!("the message {text}"), shows).await;
}

/// 花子 and 太郎 have a conversation, and each has said a word.
async fn talking(scene: &Scene) -> ConversationId {
    let id = scene.hanako.community().start_conversation(&[member(&scene.taro)], None).unwrap();
    scene.hanako.community().write_message(id, "ご無沙汰しています。").unwrap();
    scene.hanako.in_step().await;
    scene.taro.in_step().await;
    scene.taro.community().write_message(id, "お元気でしたか。").unwrap();
    scene.taro.in_step().await;
    scene.hanako.in_step().await;
    id
}

async fn assert_fresh_alike(scene: &Scene) {
    for _ in 0..2 {
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
    }
    scene.assert_fresh(&scene.hanako, HANAKO).await;
    scene.assert_fresh(&scene.taro, TARO).await;
}

both_engines! {
    async fn a_request_and_an_answer_written_without_a_network(place: Place) {
        let scene = Scene::at(&place).await;
        scene.hanako.offline();
        let id = scene.hanako.community().start_conversation(&[member(&scene.taro)], None).unwrap();
        for text in ["はじめまして。", "校正室にいた佐藤です。"] {
            scene.hanako.community().write_message(id, text).unwrap();
        }
        let waiting = &scene.hanako.community().conversations().unwrap()[0];
        assert_eq!(waiting.newest.as_ref().unwrap().delivery, Delivery::Pending);
        scene.hanako.online();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        let shown = &scene.taro.community().conversations().unwrap()[0];
        assert_eq!((shown.id, shown.asked_by), (id, Some(member(&scene.hanako))));
        assert_eq!(scene.taro.community().unread_messages().unwrap(), UnreadMessages { messages: 0, requests: 1 });

        scene.taro.offline();
        scene.taro.community().write_message(id, "存じています。よろしくお願いします。").unwrap();
        assert_eq!(scene.taro.community().unread_messages().unwrap().requests, 0);
        let newest = said(&scene.taro.community(), id).last().unwrap().position;
        assert_eq!(newest, None, "not accepted yet");
        let read = said(&scene.taro.community(), id)[1].position.unwrap();
        scene.taro.community().mark_conversation_read(id, read).unwrap();
        assert_eq!(scene.taro.community().unread_messages().unwrap(), UnreadMessages::default());
        scene.taro.online();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!(texts(&scene.hanako, id), ["はじめまして。", "校正室にいた佐藤です。", "存じています。よろしくお願いします。"]);
        assert_eq!(scene.hanako.community().unread_messages().unwrap().messages, 1);
        let hits = scene.hanako.community().search_messages("校正").unwrap();
        assert_eq!(hits.messages.len(), 1);
        assert_fresh_alike(&scene).await;
    }

    async fn both_begin_at_once_without_a_network_and_have_one_conversation(place: Place) {
        let scene = Scene::at(&place).await;
        let (one, other) = (scene.hanako.community(), scene.taro.community());
        scene.hanako.offline();
        scene.taro.offline();
        let id = one.start_conversation(&[other.member()], None).unwrap();
        one.write_message(id, "花子です。").unwrap();
        assert_eq!(other.start_conversation(&[one.member()], None).unwrap(), id);
        other.write_message(id, "太郎です。").unwrap();
        scene.hanako.online();
        scene.hanako.in_step().await;
        scene.taro.online();
        assert_fresh_alike(&scene).await;
        assert_eq!(texts(&scene.hanako, id), ["花子です。", "太郎です。"]);
        assert!(scene.taro.community().conversations().unwrap()[0].asked_by.is_none());
    }

    async fn messages_come_live_and_an_answer_lost_on_the_way_sends_nothing_twice(place: Place) {
        let scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        scene.taro.live().await;
        let asked = scene.taro.network().requests_to(SYNC);
        for number in 0..4 {
            scene.hanako.network().plan_for(SYNC, [Fault::AnswerLost]);
            let text = format!("{number}通目です。");
            scene.hanako.community().write_message(id, &text).unwrap();
            sees(&scene.taro, id, &text).await;
            scene.hanako.in_step().await;
        }
        assert_eq!(scene.taro.network().requests_to(SYNC), asked, "the messages themselves came, not hints");
        assert_fresh_alike(&scene).await;
        assert_eq!(texts(&scene.hanako, id).len(), 6);
    }

    async fn a_phone_killed_while_it_sends_loses_no_message_and_doubles_none(place: Place) {
        let mut scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        for number in 0..5 {
            scene.hanako.community().write_message(id, &format!("落ちる前の{number}通目")).unwrap();
            scene.hanako.restart().await;
        }
        assert_fresh_alike(&scene).await;
        assert_eq!(texts(&scene.taro, id).len(), 7);
    }

    async fn everything_that_happens_in_conversations_ends_alike_on_stale_and_fresh_phones(place: Place) {
        let scene = Scene::at(&place).await;
        let jiro = scene.server.member(scene.community, "高橋 次郎", Role::Member).await;
        scene.hanako.in_step().await;
        let pair = talking(&scene).await;
        let stale = scene.fresh(TARO).await;
        let community = scene.hanako.community();
        let many = community.start_conversation(&[member(&scene.taro), member(&jiro)], Some("同期会")).unwrap();
        let first = community.write_message(many, "日程を決めましょう。").unwrap();
        let second = community.write_message(many, "消す言葉").unwrap();
        scene.hanako.in_step().await;
        jiro.in_step().await;
        assert_eq!(jiro.community().conversations().unwrap()[0].title.as_deref(), Some("同期会"));
        jiro.community().decide_conversation(many, true).unwrap();
        jiro.community().write_message(many, "土曜なら行けます。").unwrap();
        jiro.in_step().await;
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        community.edit_message(first, "日程を決めましょう。土曜でどうですか。").unwrap();
        community.delete_message(second).unwrap();
        community.title_conversation(many, Some("土曜の同期会")).unwrap();
        community.mute_conversation(pair, true).unwrap();
        scene.taro.community().accept_messages_from(MessagesFrom::Groups).unwrap();
        scene.taro.community().write_message(many, "行きます。").unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        let sato = said(&scene.taro.community(), many);
        assert_eq!(sato.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(),
            ["日程を決めましょう。土曜でどうですか。", "土曜なら行けます。", "行きます。"]);
        assert_eq!(sato[1].author_name.as_deref(), Some("高橋 次郎"));
        jiro.in_step().await;
        jiro.community().leave_conversation(many).unwrap();
        jiro.in_step().await;
        assert!(jiro.community().conversations().unwrap().is_empty());
        assert!(jiro.community().search_messages("土曜").unwrap().messages.is_empty());
        community.write_message(many, "次郎さんはまた今度。").unwrap();
        assert_fresh_alike(&scene).await;
        stale.in_step().await;
        stale.seen().assert_same(&scene.taro.seen());
        assert_eq!(stale.community().accepts_messages_from().unwrap(), MessagesFrom::Groups);
    }

    async fn a_message_that_cannot_go_is_kept_and_the_member_is_told_why(place: Place) {
        let scene = Scene::at(&place).await;
        let jiro = scene.server.member(scene.community, "高橋 次郎", Role::Member).await;
        scene.hanako.in_step().await;
        scene.taro.community().accept_messages_from(MessagesFrom::Nobody).unwrap();
        scene.taro.in_step().await;
        // Both go in one request: what hangs on a refused beginning is refused with it, and goes along with it again.
        scene.hanako.offline();
        let id = scene.hanako.community().start_conversation(&[member(&scene.taro)], None).unwrap();
        scene.hanako.community().write_message(id, "届かない言葉").unwrap();
        scene.hanako.online();
        scene.hanako.in_step().await;
        let waits = scene.hanako.community().needs_attention().unwrap();
        let reasons: Vec<_> = waits.iter().map(|waits| waits.reason).collect();
        assert_eq!(reasons, [ErrorCode::NotReachable, ErrorCode::ParentRefused]);
        assert_eq!(waits[1].yours.as_deref(), Some("届かない言葉"));
        scene.taro.in_step().await;
        assert!(scene.taro.community().conversations().unwrap().is_empty());
        scene.taro.community().accept_messages_from(MessagesFrom::Everyone).unwrap();
        scene.taro.in_step().await;
        scene.hanako.community().retry(waits[0].id, None).unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(texts(&scene.taro, id), ["届かない言葉"]);
        assert_eq!(jiro.community().conversations().unwrap().len(), 0);
    }

    async fn a_new_message_and_a_request_are_told_of_once_on_all_phones(place: Place) {
        let scene = Scene::at(&place).await;
        let told = |phone: &TestPhone| {
            let items = phone.community().notifications(20).unwrap().items;
            let messages = items.into_iter().filter(|item| item.conversation.is_some());
            messages.map(|item| (item.kind, item.text, item.alert)).collect::<Vec<_>>()
        };
        let id = scene.hanako.community().start_conversation(&[member(&scene.taro)], None).unwrap();
        for text in ["はじめまして。", "お話ししたいです。"] {
            scene.hanako.community().write_message(id, text).unwrap();
        }
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(told(&scene.taro), [(NotificationKind::MessageRequest, String::new(), true)]);
        scene.taro.community().decide_conversation(id, true).unwrap();
        assert_eq!(told(&scene.taro), [(NotificationKind::Message, "お話ししたいです。".into(), true)]);
        scene.taro.community().write_message(id, "どうぞ。").unwrap();
        let newest = said(&scene.taro.community(), id)[1].position.unwrap();
        scene.taro.community().mark_conversation_read(id, newest).unwrap();
        assert_eq!(told(&scene.taro), []);
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!(told(&scene.hanako), [(NotificationKind::Message, "どうぞ。".into(), true)]);
        scene.hanako.community().mute_conversation(id, true).unwrap();
        assert_eq!(told(&scene.hanako), []);
        let again = scene.fresh(TARO).await;
        assert_eq!(told(&again), [], "what was read on one is read on all");
    }

    async fn whoever_is_blocked_writes_on_and_cannot_tell(place: Place) {
        let scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        scene.taro.community().block(member(&scene.hanako), true).unwrap();
        assert!(scene.taro.community().conversations().unwrap().is_empty(), "at once, without a network");
        scene.hanako.offline();
        scene.hanako.community().write_message(id, "止められてからの言葉").unwrap();
        scene.taro.in_step().await;
        scene.hanako.online();
        scene.hanako.in_step().await;
        assert_eq!(scene.hanako.community().needs_attention().unwrap(), []);
        assert!(scene.hanako.community().conversations().unwrap().is_empty(), "neither is there for the other");
        scene.taro.in_step().await;
        assert!(scene.taro.community().search_messages("言葉").unwrap().messages.is_empty());
        scene.assert_fresh(&scene.taro, TARO).await;
        scene.taro.community().block(member(&scene.hanako), false).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().write_message(id, "また話せます").unwrap();
        assert_fresh_alike(&scene).await;
        let before = ["ご無沙汰しています。", "お元気でしたか。"];
        assert_eq!(texts(&scene.taro, id), [before[0], before[1], "また話せます"]);
        assert_eq!(texts(&scene.hanako, id), [before[0], before[1], "止められてからの言葉", "また話せます"]);
    }

    async fn a_reported_message_reaches_the_desk_as_the_reporter_gave_it(place: Place) {
        let scene = Scene::at(&place).await;
        let staff = scene.server.member(scene.community, "担当 一", Role::Moderator).await;
        let id = talking(&scene).await;
        for text in ["困らせる言葉", "渡されない言葉"] {
            scene.hanako.community().write_message(id, text).unwrap();
        }
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        let held = said(&scene.taro.community(), id);
        let [_, own, bad, ..] = &held[..] else { panic!("four messages") };
        scene.taro.offline();
        let report = scene.taro.community().report_message(bad.id, &[own.id], 1, "怖いです").unwrap();
        assert_eq!(scene.taro.community().own_reports().unwrap()[0].delivery, Delivery::Pending);
        scene.taro.online();
        scene.taro.in_step().await;
        staff.in_step().await;
        let at_desk = staff.community().reports().unwrap();
        let shown = &at_desk[0].report;
        assert!(at_desk.len() == 1 && shown.is_given_by_reporter());
        assert_eq!((at_desk[0].id, shown.text.as_str(), shown.word.as_str()), (report, "困らせる言葉", "怖いです"));
        assert_eq!(shown.around.iter().map(|beside| beside.text.as_str()).collect::<Vec<_>>(), ["お元気でしたか。"]);
        assert!(staff.community().conversations().unwrap().is_empty());
        staff.community().close_report(report, true).unwrap();
        staff.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(scene.taro.community().own_reports().unwrap()[0].report.state, ReportState::ActedOn);
    }

    async fn what_somebody_wrote_who_is_erased_is_gone_from_everybodys_conversations(place: Place) {
        let mut scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        let hanako = member(&scene.hanako);
        let post = scene.taro.post("消す投稿");
        scene.taro.in_step().await;
        scene.hanako.offline();
        scene.hanako.community().write_message(id, "出せなかった言葉").unwrap();
        scene.taro.offline();
        scene.server.stop().await;
        let community = scene.community.to_string();
        // What concerns no conversation needs no key; a member's erasure that is begun without it waits for the server.
        let (key, aside) = (scene.server.config().message_key.clone(), place.new_folder("aside").join("key"));
        fs::rename(&key, &aside).unwrap();
        let erased = scene.server.command(&["erase", "--community", &community, "--post", &post.to_string()]).await;
        assert!(erased.contains("erased"), "{erased}");
        fs::copy(&aside, &key).unwrap();
        let erased = scene.server.command(&[
            "erase", "--community", &community, "--member", &hanako.to_string(),
        ]).await;
        assert!(erased.contains("erased"), "{erased}");
        scene.server.start_again().await;
        scene.taro.online();
        scene.taro.in_step().await;
        assert_eq!(texts(&scene.taro, id), ["お元気でしたか。"], "what the other wrote is theirs");
        let shown = scene.taro.community().conversation(id).unwrap().unwrap();
        assert!(shown.participants.iter().all(|one| one.own), "{shown:?}");
        let refused = scene.taro.community().write_message(id, "どこですか").unwrap();
        scene.taro.in_step().await;
        let waits = scene.taro.community().needs_attention().unwrap();
        assert_eq!(waits.iter().map(|waits| (waits.id.0, waits.reason)).collect::<Vec<_>>(), [(refused.0, ErrorCode::NobodyThere)]);
    }

    async fn messages_are_there_after_a_restart_and_after_a_restore(place: Place) {
        let mut scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        for phone in [&scene.hanako, &scene.taro] {
            phone.offline();
        }
        scene.server.stop().await;
        scene.server.start_again().await;
        let backup = scene.server.back_up().await;
        scene.server.stop().await;
        scene.server.restore(&backup).await;
        scene.server.start_again().await;
        for phone in [&scene.hanako, &scene.taro] {
            phone.online();
        }
        scene.hanako.community().write_message(id, "復元のあとです。").unwrap();
        assert_fresh_alike(&scene).await;
        assert_eq!(texts(&scene.taro, id), ["ご無沙汰しています。", "お元気でしたか。", "復元のあとです。"]);
    }

    async fn a_server_without_its_message_key_does_not_start_and_says_why(place: Place) {
        let mut scene = Scene::at(&place).await;
        let id = talking(&scene).await;
        for phone in [&scene.hanako, &scene.taro] {
            phone.offline();
        }
        scene.server.stop().await;
        let (key, aside) = (scene.server.config().message_key.clone(), place.new_folder("aside").join("key"));
        fs::rename(&key, &aside).unwrap();
        let start = async || match enishi_server::serve(scene.server.config().clone(), std::future::pending()).await {
            Err(StartError::MessageKey(error)) => error,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("it started without its key"),
        };
        let missing = start().await;
        assert!(matches!(missing, KeyError::Missing(_)) && missing.to_string().contains("--message-key"), "{missing}");
        assert!(!key.exists(), "no other key is made");
        fs::copy(&aside, &key).unwrap();
        fs::write(&key, format!("{}\n", "5".repeat(64))).unwrap();
        assert!(matches!(start().await, KeyError::Wrong(_)));
        fs::copy(&aside, &key).unwrap();
        scene.server.start_again().await;
        for phone in [&scene.hanako, &scene.taro] {
            phone.online();
        }
        scene.hanako.community().write_message(id, "鍵が戻りました。").unwrap();
        assert_fresh_alike(&scene).await;
        assert_eq!(texts(&scene.taro, id).len(), 3);
    }

    async fn what_was_written_lies_open_nowhere(place: Place) {
        let scene = Scene::on(TestServer::start_process_with_logs(&place).await).await;
        let id = talking(&scene).await;
        let jiro = scene.server.member(scene.community, "高橋 次郎", Role::Owner).await;
        scene.hanako.in_step().await;
        let community = scene.hanako.community();
        let many = community.start_conversation(&[member(&scene.taro), member(&jiro)], Some(CANARY)).unwrap();
        for conversation in [id, many] {
            let message = community.write_message(conversation, &format!("{CANARY}が鳴く")).unwrap();
            scene.hanako.in_step().await;
            community.edit_message(message, &format!("{CANARY}が歌う")).unwrap();
        }
        community.title_conversation(many, Some(&format!("{CANARY}の会"))).unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        jiro.in_step().await;
        assert_eq!(texts(&scene.taro, id).last().unwrap(), &format!("{CANARY}が歌う"));
        // The same look finds a post, which lies open: it can see.
        scene.hanako.post(&format!("{SPARROW}が鳴く"));
        scene.hanako.in_step().await;

        let backup = scene.server.back_up().await;
        let mut files = files_in(&scene.server.config().data);
        files.push(backup.clone());
        assert_eq!(found(&files, CANARY), Vec::<PathBuf>::new(), "while it runs");
        let mut open = vec![backup.clone()];
        if place.database_url().is_none() {
            open.extend(files_in(&scene.server.config().data).into_iter().filter(|file| names(file, "enishi.db")));
        }
        assert!(found(&open, SPARROW).contains(&backup), "the backup can be looked into");
        assert_eq!(found(&open, SPARROW).is_empty(), open.is_empty());
        let said = scene.server.command(&["community", "list"]).await;
        let document = scene.server.command(&["openapi"]).await;
        let logs = fs::read_to_string(scene.server.logs()).unwrap();
        assert!(logs.contains("/v1/sync"), "the server has written its logs");
        for told in [said, document, logs] {
            assert!(!told.contains(CANARY) && !told.contains("canary"));
        }
        // No process runs on it any more, and what was in the journal is in the file.
        let mut server = scene.server;
        server.stop().await;
        assert_eq!(found(&files_in(&server.config().data), CANARY), Vec::<PathBuf>::new(), "after it has stopped");
        assert_eq!(found(&[server.logs()], CANARY), Vec::<PathBuf>::new());
        for phone in [&scene.hanako, &scene.taro, &jiro] {
            let kept = files_in(phone.folder());
            assert!(kept.iter().any(|file| fs::metadata(file).unwrap().len() > 10_000), "the phone keeps something");
            assert_eq!(found(&kept, CANARY), Vec::<PathBuf>::new(), "on a phone");
        }
        let key = &server.config().message_key;
        let key = fs::read_to_string(key).unwrap();
        assert_eq!(found(&[backup], key.trim()), Vec::<PathBuf>::new(), "a backup holds no key");
    }
}

/// Words that must lie open nowhere but on the phones' screens.
const CANARY: &str = "canaryカナリア";
/// Words of a post, which lie open.
const SPARROW: &str = "sparrowすずめ";

fn names(file: &Path, name: &str) -> bool {
    file.file_name().is_some_and(|found| found.to_string_lossy().starts_with(name))
}

/// Every file in a folder and below.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_in(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

/// The files that hold these words: as they are, in hexadecimal as PostgreSQL dumps bytes, escaped as in JSON, or
/// spaced as in a search index.
fn found(files: &[PathBuf], words: &str) -> Vec<PathBuf> {
    let hex = enishi_server::secrets::to_hex(words.as_bytes());
    let escaped: String =
        words.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }).collect();
    let forms = [words.to_owned(), hex, escaped, enishi_protocol::text::index_text(words)];
    let holds = |file: &&PathBuf| {
        // One that is gone by now, as a mail that was on its way into its folder, holds nothing.
        let bytes = match fs::read(file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return false,
            read => read.unwrap(),
        };
        forms.iter().any(|form| bytes.windows(form.len()).any(|at| at == form.as_bytes()))
    };
    files.iter().filter(holds).cloned().collect()
}

async fn messages_pass_between_processes_that_share_the_key_and_no_other_joins_them(place: Place) {
    let first = TestServer::start(&place).await;
    let second = TestServer::start(&place).await;
    let community = first.community("縁商事", enishi_protocol::invitations::Fact::BirthDate).await;
    let hanako = first.member(community, "佐藤 花子", Role::Member).await;
    let taro = second.member(community, "鈴木 太郎", Role::Member).await;
    hanako.in_step().await;
    taro.live().await;
    let id = hanako.community().start_conversation(&[member(&taro)], None).unwrap();
    hanako.community().write_message(id, "別のサーバーから").unwrap();
    sees(&taro, id, "別のサーバーから").await;
    let mut config = first.config().clone();
    config.message_key = place.new_folder("other").join("message.key");
    let refused = enishi_server::serve(config, std::future::pending()).await;
    assert!(matches!(refused, Err(StartError::MessageKey(KeyError::Missing(_)))));
}

#[test]
fn messages_pass_between_processes_that_share_the_key_and_no_other_joins_them_on_postgres() {
    place::on_postgres(messages_pass_between_processes_that_share_the_key_and_no_other_joins_them);
}
