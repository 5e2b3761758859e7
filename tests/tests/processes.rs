//! Several processes on one PostgreSQL. On SQLite there is one server, and it says so.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Error, sync::engine::Reach};
use enishi_protocol::{
    AttemptId, CommunityId, ErrorCode, Language, Stream, groups::Joining, invitations::Fact, membership::Role,
    session::SignInStart,
};
use enishi_server::running::StartError;
use enishi_tests::{Place, Raw, Scene, TestPhone, TestServer, both_engines, place, scene::HANAKO, seen::posts};
use std::time::Duration;
use uuid::Uuid;

/// Within this a live connection hears of the end of a session or grant, wherever it ended: 5 s, and
/// some patience for a busy machine.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// A community on three processes, with a phone on each.
struct Three {
    servers: Vec<TestServer>,
    phones: Vec<TestPhone>,
    community: CommunityId,
}

async fn three(place: &Place) -> Three {
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(TestServer::start(place).await);
    }
    let community = servers[0].community("縁商事", Fact::BirthDate).await;
    let mut phones = Vec::new();
    for (server, name) in servers.iter().zip(["佐藤 花子", "鈴木 太郎", "高橋 次郎"]) {
        phones.push(server.member(community, name, Role::Member).await);
    }
    for phone in &phones {
        phone.in_step().await;
        phone.live().await;
    }
    Three { servers, phones, community }
}

async fn everybody_sees(phones: &[TestPhone], text: &str) {
    for phone in phones {
        let shows =
            |community: &enishi_core::Community| posts(community).iter().find(|post| post.text == text).map(drop);
        phone.until(&format!("the post {text}"), shows).await;
    }
}

async fn assert_alike(phones: &[TestPhone]) {
    for phone in phones {
        phone.in_step().await;
    }
    for phone in phones {
        phone.in_step().await;
        phone.seen().of_everybody().assert_same(&phones[0].seen().of_everybody());
    }
}

/// Ends every connection on which a process hears of the others' changes.
async fn deafen(place: &Place) {
    let (server, schema) = place.schema().unwrap();
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%'";
    client.query(sql, &[&schema]).await.unwrap();
}

async fn posts_on_every_process_reach_the_others_live(place: Place) {
    let three = three(&place).await;
    let asked: Vec<_> = three.phones.iter().map(|phone| phone.network().requests_to("POST /v1/sync")).collect();
    for (number, phone) in three.phones.iter().cycle().take(9).enumerate() {
        let text = format!("{number}番目の知らせ");
        phone.post(&text);
        everybody_sees(&three.phones, &text).await;
    }
    for (phone, asked) in three.phones.iter().zip(asked) {
        assert_eq!(phone.network().requests_to("POST /v1/sync"), asked + 3, "only to send its own three");
    }
    assert_alike(&three.phones).await;
    assert_eq!(three.servers[0].member(three.community, "新人 三郎", Role::Member).await.texts().len(), 9);
}

async fn posts_arrive_though_all_notifications_are_lost(place: Place) {
    let three = three(&place).await;
    for (number, phone) in three.phones.iter().cycle().take(6).enumerate() {
        deafen(&place).await;
        let text = format!("聞こえなくても届く{number}番目");
        phone.post(&text);
        everybody_sees(&three.phones, &text).await;
    }
    assert_alike(&three.phones).await;
}

async fn writes_of_all_processes_at_once_are_each_applied_once_in_one_order(place: Place) {
    let three = three(&place).await;
    for number in 0..40 {
        for (process, phone) in three.phones.iter().enumerate() {
            phone.post(&format!("{process}から{number}番目"));
        }
    }
    assert_alike(&three.phones).await;
    let shown = posts(&three.phones[0].community());
    assert_eq!(shown.len(), 120);
    let positions: Vec<_> = shown.iter().map(|post| post.position.unwrap()).collect();
    assert!(positions.is_sorted_by(|newer, older| newer > older), "each has a place of its own");
}

async fn a_process_that_dies_leaves_its_phones_to_the_others(place: Place) {
    let mut three = three(&place).await;
    three.phones[0].network().set_up(false);
    three.phones[0].post("こちらのサーバーが落ちました。");
    three.servers[0].kill().await;
    three.servers[0].target().set(three.servers[1].address());
    three.phones[0].network().set_up(true);
    three.phones[0].client().push();
    everybody_sees(&three.phones, "こちらのサーバーが落ちました。").await;
    assert_alike(&three.phones).await;
}

/// What a stranger's program sends for a code to some address.
async fn strangers_ask(raw: &Raw, address: &str) -> Option<ErrorCode> {
    let start = serde_json::json!({
        "attempt": Uuid::new_v4(), "secret_hash": "00".repeat(32), "address": address, "language": "ja"
    });
    raw.post("/v1/addresses", &start).await.code()
}

async fn limits_of_an_account_hold_over_all_processes_and_lock_no_known_device_out(place: Place) {
    let three = three(&place).await;
    let mut askers = Vec::new();
    for server in &three.servers {
        askers.push(Raw::signed_in(server, "stranger@example.jp").await);
    }
    let victim = "hanako@example.jp";
    let mut answers = Vec::new();
    for number in 0..12 {
        answers.push(strangers_ask(&askers[number % 3], victim).await);
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 10, "ten an hour, over all: {answers:?}");
    assert_eq!(answers[10..], [Some(ErrorCode::RateLimited); 2]);
    // Whose address that is notices nothing of it.
    three.servers[0].admit(three.community, victim, "佐藤 花子", Role::Member).await;
    let hanako = TestPhone::signed_in(&three.servers[1], victim).await;
    let printed = hanako.client().make_recovery_code(hanako.account()).await.unwrap();
    let mut wrong = printed.clone();
    wrong.replace_range(10..11, if &printed[10..11] == "0" { "1" } else { "0" });
    let stranger = TestPhone::new(&three.servers[2]).await;
    let refused = stranger.client().sign_in_with_recovery_code(stranger.server(), &wrong).await;
    assert_eq!(refused.err(), Some(Error::Rejected { code: ErrorCode::RecoveryCodeWrong }), "mistyped: never sent");
    let guess = guess_like(&printed);
    let mut refused = Vec::new();
    for server in three.servers.iter().cycle().take(12) {
        let guesser = TestPhone::new(server).await;
        refused.push(guesser.client().sign_in_with_recovery_code(guesser.server(), &guess).await.err());
    }
    let (wrong, waits) = (
        Some(Error::Rejected { code: ErrorCode::RecoveryCodeWrong }),
        Some(Error::Rejected { code: ErrorCode::RateLimited }),
    );
    assert_eq!(refused[..10], vec![wrong; 10]);
    assert_eq!(refused[10..], vec![waits; 2]);
    hanako
        .client()
        .sign_in_with_recovery_code(hanako.server(), &printed)
        .await
        .expect("a known device has its own count");
}

/// A whole code that is found like this one, and is another.
fn guess_like(printed: &str) -> String {
    let code = enishi_protocol::account::read_recovery_code(printed).unwrap();
    let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut values = code.chars().map(|character| u8::try_from(alphabet.find(character).unwrap()).unwrap());
    let mut values: [u8; 24] = std::array::from_fn(|_| values.next().unwrap());
    values[23] ^= 1;
    enishi_protocol::account::recovery_code(&values)
}

#[test]
fn limits_of_an_account_hold_over_all_processes_and_lock_no_known_device_out_on_postgres() {
    place::on_postgres(limits_of_an_account_hold_over_all_processes_and_lock_no_known_device_out);
}

/// 花子's phone is live with one process; what ends, ends by another phone of hers with another one.
async fn the_end_of_a_grant_and_of_a_session_reaches_live_phones_of_another_process(place: Place) {
    let scene = Scene::at(&place).await;
    let elsewhere = TestServer::start(&place).await;
    let group = scene.taro.community().create_group("写真部", "", Joining::Open, false).unwrap();
    scene.taro.post_in(Stream::Group(group), "桜を撮りました。");
    scene.taro.in_step().await;
    let other = TestPhone::signed_in(&elsewhere, HANAKO).await;
    other.in_step().await;
    other.community().join_group(group, "").unwrap();
    other.in_step().await;
    scene.hanako.until("the group's post", |community| posts(community).pop()).await;
    scene.hanako.live().await;
    deafen(&place).await;
    other.community().leave_group(group).unwrap();
    other.in_step().await;
    let gone = |community: &enishi_core::Community| posts(community).is_empty().then_some(());
    let ended = scene.hanako.until("the end of the group", gone);
    tokio::time::timeout(ENDS_WITHIN, ended).await.expect("the end of a grant");
    let devices = other.client().devices(other.account()).await.unwrap();
    let lost = devices.iter().find(|device| !device.this).unwrap().id;
    scene.hanako.live().await;
    other.client().revoke_device(other.account(), lost).await.unwrap();
    let signed_out = |status: &enishi_core::sync::status::SyncStatus| {
        status.reach == Reach::Halted(ErrorCode::SignedOut) && !status.live
    };
    let ended = scene.hanako.status("being signed out", signed_out);
    tokio::time::timeout(ENDS_WITHIN, ended).await.expect("the end of a session");
}

/// Asks for a code as a device that nobody knows; why not, where it was refused.
async fn asks_for_a_code(raw: &Raw, address: &str) -> Option<ErrorCode> {
    let (attempt, secret_hash) = (AttemptId(Uuid::new_v4()), "11".repeat(32));
    let start = SignInStart { attempt, secret_hash, address: address.into(), language: Language::Ja };
    raw.post("/v1/sign-in", &start).await.code()
}

/// Codes asked for in an hour for one address, over all processes.
const CODES: usize = 6;

async fn limits_on_codes_hold_over_all_processes_and_lock_no_known_phone_out(place: Place) {
    let scene = Scene::at(&place).await;
    let program = TestServer::start_process(&place).await;
    let doors = [Raw::nobody(&scene.server), Raw::nobody(&program)];
    let mut asked = scene.server.codes(HANAKO).len();
    while asked < CODES {
        assert_eq!(asks_for_a_code(&doors[asked % 2], HANAKO).await, None, "{asked}");
        asked += 1;
    }
    for door in &doors {
        assert_eq!(asks_for_a_code(door, HANAKO).await, Some(ErrorCode::RateLimited));
        assert_eq!(asks_for_a_code(door, "nobody@example.jp").await, None, "another address is another count");
    }
    let stranger = TestPhone::new(&scene.server).await;
    let refused = stranger.client().sign_in(stranger.server(), HANAKO).await;
    assert!(matches!(refused, Err(Error::Rejected { code: ErrorCode::RateLimited })), "{refused:?}");
    let before = scene.server.codes(HANAKO).len();
    let known = scene.hanako.client().sign_in(scene.hanako.server(), HANAKO).await.unwrap();
    let code = scene.server.code_after(HANAKO, before).await;
    scene.hanako.client().finish_sign_in(known.attempt, &code).await.unwrap();
    scene.hanako.in_step().await;
}

#[test]
fn the_end_of_a_grant_and_of_a_session_reaches_live_phones_of_another_process_on_postgres() {
    place::on_postgres(the_end_of_a_grant_and_of_a_session_reaches_live_phones_of_another_process);
}

#[test]
fn limits_on_codes_hold_over_all_processes_and_lock_no_known_phone_out_on_postgres() {
    place::on_postgres(limits_on_codes_hold_over_all_processes_and_lock_no_known_phone_out);
}

#[test]
fn posts_on_every_process_reach_the_others_live_on_postgres() {
    place::on_postgres(posts_on_every_process_reach_the_others_live);
}

#[test]
fn posts_arrive_though_all_notifications_are_lost_on_postgres() {
    place::on_postgres(posts_arrive_though_all_notifications_are_lost);
}

#[test]
fn writes_of_all_processes_at_once_are_each_applied_once_in_one_order_on_postgres() {
    place::on_postgres(writes_of_all_processes_at_once_are_each_applied_once_in_one_order);
}

#[test]
fn a_process_that_dies_leaves_its_phones_to_the_others_on_postgres() {
    place::on_postgres(a_process_that_dies_leaves_its_phones_to_the_others);
}

both_engines! {
    async fn a_second_server_on_one_data_folder_is_for_postgres_alone(place: Place) {
        let first = TestServer::start(&place).await;
        let second = enishi_server::serve(first.config().clone(), std::future::pending()).await;
        match (place.database_url(), second) {
            (Some(_), Ok(second)) => second.stop().await.unwrap(),
            (None, Err(StartError::Busy)) => {}
            (_, Err(error)) => panic!("{error}"),
            (None, Ok(_)) => panic!("two servers write to one SQLite file"),
        }
    }
}
