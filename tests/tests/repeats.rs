//! Every call outside of sync that changes something, sent again after its answer was lost: it does nothing
//! twice, and every repeat gets the same answer.
//!
//! Each such operation of the OpenAPI document needs a case in [`repeat`]: a new one without fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{
    CommunityId, MemberId, Operation, account::RecoverySupport, invitations::Fact, limits::RECOVERY_CODE_CHARS,
    membership::Role,
};
use enishi_server::{
    db::{Connection, Scope},
    http::openapi,
};
use enishi_tests::{
    Browser, Place, Raw, TestServer, both_engines,
    browser::Page,
    raw::{Answer, JSON},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The operations that change something outside of sync, in the order in which they are told.
const CHANGING: &[&str] = &[
    "accept_invitation",
    "add_address",
    "approve_device",
    "ask_for_approval",
    "ask_for_code",
    "ask_for_recovery",
    "cancel_upload",
    "confirm_address",
    "delete_account",
    "finish_upload",
    "join_ask",
    "join_step",
    "leave_community",
    "make_recovery_code",
    "notices_seen",
    "press_decline",
    "press_stop",
    "remove_address",
    "revoke_device",
    "revoke_other_devices",
    "sign_out",
    "spend_approval",
    "spend_code",
    "spend_recovery_code",
    "stop_recovery",
    "upload_piece",
];

/// Operations that are sent with a method that may change something, and are not of this page: `sync` has ids and
/// tests of its own, and `live` only reads.
const ELSEWHERE: [&str; 2] = ["live", "sync"];

/// Thirty-two bytes 0x11, and their SHA-256.
const SECRET: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const SECRET_HASH: &str = "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc";
const OWNER: &str = "jinji@example.jp";

#[test]
fn every_call_outside_of_sync_that_changes_something_has_a_case_here() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations =
        paths.flat_map(|methods| methods.as_object().unwrap().iter().filter(|(method, _)| *method != "get"));
    let named = operations.map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned());
    let known = CHANGING.iter().chain(&ELSEWHERE).map(ToString::to_string);
    assert_eq!(named.collect::<BTreeSet<_>>(), known.collect());
}

struct Stage {
    server: TestServer,
    community: CommunityId,
    owner: MemberId,
}

impl Stage {
    async fn at(place: &Place) -> Self {
        let server = TestServer::start_with_files(place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.admit(community, OWNER, "人事 部", Role::Owner).await;
        Self { server, community, owner }
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let read = move |conn: &mut dyn Connection| Ok(conn.first(sql, &[])?.unwrap().get(0)?);
        self.server.write(Scope::Community(self.community), read).await.unwrap()
    }

    /// A member of this name, signed in.
    async fn member(&self, address: &str, name: &str) -> Raw {
        self.server.admit(self.community, address, name, Role::Member).await;
        Raw::signed_in(&self.server, address).await
    }

    /// Sends a call whose answer is lost, and then twice more.
    async fn thrice(&self, who: &Raw, method: Method, path: &str, body: Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { serde_json::to_vec(&body).unwrap() };
        self.thrice_with(who, method, path, bytes).await
    }

    async fn thrice_with(&self, who: &Raw, method: Method, path: &str, bytes: Vec<u8>) -> Answer {
        who.call_unheard(&self.server, (method.clone(), path), bytes.clone()).await;
        let again = who.call(method.clone(), path, &JSON, bytes.clone()).await;
        let once_more = who.call(method.clone(), path, &JSON, bytes).await;
        let text = String::from_utf8_lossy(&again.bytes).into_owned();
        assert!(again.status.is_success(), "{method} {path}: {} {text}", again.status);
        assert_eq!((again.status, text), (once_more.status, String::from_utf8_lossy(&once_more.bytes).into_owned()));
        again
    }

    async fn post(&self, who: &Raw, path: &str, body: Value) -> Answer {
        self.thrice(who, Method::POST, path, body).await
    }

    /// A press whose answer is lost, and then twice more.
    async fn press(&self, browser: &mut Browser, page: &Page, filled: &[(&str, &str)]) -> Page {
        browser.press_unheard(&self.server, page, filled).await;
        let again = browser.press_only(page, filled).await;
        let once_more = browser.press_only(page, filled).await;
        assert_eq!((again.status, &again.html), (once_more.status, &once_more.html));
        assert_eq!(again.headers.get("location"), once_more.headers.get("location"));
        again
    }

    /// An invitation's path for the entry of a new leaver born on 1980-04-01.
    async fn invited(&self, number: &str) -> String {
        self.server.registry(self.community, &[(number, "佐藤 花子", "1980-04-01")]).await;
        let entry = self.server.entry(self.community, number).await;
        let link = self.server.invite(self.community, self.owner, Some(entry)).await;
        link[link.find("/i/").unwrap()..].to_owned()
    }

    /// Somebody who asks for the membership of 高橋 次郎, and what they asked with.
    async fn asks(&self, number: u32) -> (Raw, Value) {
        let link = self.server.invite(self.community, self.owner, None).await;
        let code = link.rsplit('/').next().unwrap().to_owned();
        let lost = Raw::signed_in(&self.server, &format!("lost{number}@example.org")).await;
        let name = json!({ "family": "高橋", "given": "次郎" });
        (lost, json!({ "id": Uuid::new_v4(), "code": code, "name": name }))
    }

    /// The desk supports it.
    async fn supports(&self, asked: &Value, member: MemberId) {
        let recovery = asked["id"].as_str().unwrap().parse().unwrap();
        let desk = Raw::signed_in(&self.server, OWNER).await;
        desk.accepted(self.community, &[Operation::SupportRecovery(RecoverySupport { recovery, member })]).await;
    }
}

/// Asks for a code for an address that a member wants to add; the attempt.
fn adds(attempt: Uuid, address: &str) -> Value {
    json!({ "attempt": attempt, "secret_hash": SECRET_HASH, "address": address, "language": "ja" })
}

fn approval(attempt: Uuid) -> Value {
    json!({ "attempt": attempt, "secret_hash": SECRET_HASH, "device": Uuid::new_v4(), "device_name": "新しい電話" })
}

/// Tells the story of one operation.
#[allow(clippy::too_many_lines, reason = "one arm for each operation: a list of stories")]
async fn repeat(stage: &Stage, name: &str) {
    let (nobody, server) = (Raw::nobody(&stage.server), &stage.server);
    match name {
        "ask_for_code" | "spend_code" => {
            let (attempt, address) = (Uuid::new_v4(), format!("{name}@example.jp"));
            let asks = json!({ "attempt": attempt, "secret_hash": SECRET_HASH, "address": address, "language": "ja" });
            stage.post(&nobody, "/v1/sign-in", asks).await;
            let code = server.code_after(&address, 0).await;
            let spends = json!({ "secret": SECRET, "code": code, "device": Uuid::new_v4(), "device_name": "電話" });
            let answer = stage.post(&nobody, &format!("/v1/sign-in/{attempt}/code"), spends).await;
            assert_eq!(answer.json()["token"].as_str().unwrap().len(), 64, "every repeat had the same token");
            assert_eq!(server.codes(&address).len(), 1, "one code was mailed");
        }
        "sign_out" => {
            let member = stage.member("out@example.jp", "退出 一").await;
            stage.thrice(&member, Method::DELETE, "/v1/session", Value::Null).await;
        }
        "revoke_device" => {
            let member = stage.member("revoke@example.jp", "取消 一").await;
            let other = Raw::signed_in(server, "revoke@example.jp").await;
            let device = |raw: Answer| raw.json()["device"].as_str().unwrap().to_owned();
            let [here, there] = [device(member.get("/v1/session").await), device(other.get("/v1/session").await)];
            for device in [there, here] {
                stage.thrice(&member, Method::DELETE, &format!("/v1/devices/{device}"), Value::Null).await;
            }
        }
        "revoke_other_devices" => {
            let member = stage.member("others@example.jp", "取消 二").await;
            let other = Raw::signed_in(server, "others@example.jp").await;
            stage.thrice(&member, Method::DELETE, "/v1/devices", Value::Null).await;
            assert_eq!(other.get("/v1/session").await.status, StatusCode::UNAUTHORIZED);
            assert_eq!(member.get("/v1/session").await.status, StatusCode::OK);
        }
        "notices_seen" => {
            let member = stage.member("notices@example.jp", "通知 一").await;
            Raw::signed_in(server, "notices@example.jp").await;
            let notices = member.get("/v1/session").await.json()["notices"].clone();
            assert_eq!(notices.as_array().unwrap().len(), 1);
            stage.post(&member, "/v1/notices/seen", json!({ "notices": [notices[0]["id"]] })).await;
            assert_eq!(member.get("/v1/session").await.json()["notices"], json!([]));
        }
        "add_address" | "confirm_address" | "remove_address" => {
            let (first, second) = (format!("{name}@example.jp"), format!("{name}@example.org"));
            let member = stage.member(&first, "住所 一").await;
            let attempt = Uuid::new_v4();
            stage.post(&member, "/v1/addresses", adds(attempt, &second)).await;
            let code = server.code_after(&second, 0).await;
            let proves = json!({ "secret": SECRET, "code": code });
            stage.post(&member, &format!("/v1/addresses/{attempt}/code"), proves).await;
            assert_eq!(server.codes(&second).len(), 1, "one code was mailed");
            let removes = json!({ "id": Uuid::new_v4(), "address": second });
            stage.post(&member, "/v1/addresses/remove", removes).await;
            assert_eq!(member.get("/v1/addresses").await.json().as_array().unwrap().len(), 1);
        }
        "ask_for_approval" | "approve_device" | "spend_approval" => {
            let address = format!("{name}@example.jp");
            let (member, attempt) = (stage.member(&address, "端末 一").await, Uuid::new_v4());
            stage.post(&nobody, "/v1/approvals", approval(attempt)).await;
            stage.thrice(&member, Method::POST, &format!("/v1/approvals/{attempt}/approve"), Value::Null).await;
            let proof = json!({ "secret": SECRET });
            let answer = stage.post(&nobody, &format!("/v1/approvals/{attempt}/session"), proof).await;
            assert_eq!(answer.json()["outcome"], "signed_in");
            assert_eq!(member.get("/v1/devices").await.json().as_array().unwrap().len(), 2, "one new device");
        }
        "make_recovery_code" | "spend_recovery_code" => {
            let member = stage.member(&format!("{name}@example.jp"), "合鍵 一").await;
            let code = recovery_code();
            stage.post(&member, "/v1/recovery-code", json!({ "id": Uuid::new_v4(), "code": code })).await;
            let spends = json!({
                "attempt": Uuid::new_v4(), "secret": SECRET, "code": code, "device": Uuid::new_v4(), "device_name": "電話"
            });
            stage.post(&nobody, "/v1/recovery-code/spend", spends).await;
            assert_eq!(member.get("/v1/devices").await.json().as_array().unwrap().len(), 2, "one new device");
        }
        "ask_for_recovery" | "stop_recovery" => {
            let address = format!("{name}@example.jp");
            let holder = stage.member(&address, "高橋 次郎").await;
            let (lost, asked) = stage.asks(if name == "stop_recovery" { 1 } else { 2 }).await;
            stage.post(&lost, "/v1/recoveries", asked.clone()).await;
            assert_eq!(lost.get("/v1/recoveries").await.json().as_array().unwrap().len(), 1);
            stage.supports(&asked, holder.member(stage.community).await).await;
            let id = asked["id"].as_str().unwrap();
            let stops = json!({ "community": stage.community });
            stage.post(&holder, &format!("/v1/recoveries/{id}/stop"), stops).await;
            assert_eq!(lost.get("/v1/recoveries").await.json()[0]["state"], "stopped");
        }
        "press_stop" => {
            let holder = stage.member("press@example.jp", "高橋 次郎").await;
            let (lost, asked) = stage.asks(3).await;
            lost.post("/v1/recoveries", &asked).await;
            stage.supports(&asked, holder.member(stage.community).await).await;
            let mail = server.mail_that_says("press@example.jp", "/stop/").await;
            let path = mail[mail.find("/stop/").unwrap()..].split('\n').next().unwrap().to_owned();
            stage.thrice(&nobody, Method::POST, &path, Value::Null).await;
            assert_eq!(lost.get("/v1/recoveries").await.json()[0]["state"], "stopped");
        }
        "upload_piece" | "finish_upload" | "cancel_upload" => {
            let member = stage.member(&format!("{name}@example.jp"), "写真 一").await;
            let file = enishi_tests::pictures::plain(40, 30);
            let path = format!("/v1/communities/{}/attachments/{}", stage.community, Uuid::now_v7());
            let piece = format!("{path}/upload?start=0&total={}", file.len());
            stage.thrice_with(&member, Method::PUT, &piece, file.clone()).await;
            if name == "cancel_upload" {
                stage.thrice(&member, Method::DELETE, &format!("{path}/upload"), Value::Null).await;
                return;
            }
            let sha256 = enishi_server::secrets::to_hex(&enishi_server::secrets::sha256(&file));
            let facts = stage.post(&member, &format!("{path}/finish"), json!({ "sha256": sha256 })).await.json();
            assert_eq!((&facts["width"], &facts["height"]), (&json!(40), &json!(30)));
        }
        "leave_community" => {
            let member = stage.member("leaver@example.jp", "退会 一").await;
            let path = format!("/v1/communities/{}/leave", stage.community);
            stage.post(&member, &path, json!({ "id": Uuid::new_v4() })).await;
        }
        "delete_account" => {
            let member = stage.member("goner@example.jp", "削除 一").await;
            let wish = json!({ "id": Uuid::new_v4(), "written": "keep" });
            stage.post(&member, "/v1/account/delete", wish).await;
        }
        "accept_invitation" => {
            let path = stage.invited("A-1").await;
            let before = stage.count("SELECT count(*) FROM member").await;
            let joins = Raw::signed_in(server, "joins@example.jp").await;
            let accepts = json!({
                "id": Uuid::new_v4(), "name": { "family": "佐藤", "given": "花子" }, "fact": "1980-04-01"
            });
            let answer = stage.post(&joins, &format!("/v1/invitations/{}/accept", &path[3..]), accepts).await;
            assert_eq!(answer.json()["outcome"], "joined");
            assert_eq!(stage.count("SELECT count(*) FROM member").await, before + 1);
        }
        "join_ask" | "join_step" => {
            let (path, address) = (stage.invited(name).await, format!("{name}@example.jp"));
            let before = stage.count("SELECT count(*) FROM member").await;
            let mut browser = Browser::new(server);
            let first = browser.open(&format!("{path}/join")).await;
            let to = |page: &Page| page.headers["location"].to_str().unwrap().to_owned();
            let asked = stage.press(&mut browser, &first, &[("address", &address)]).await;
            let second = browser.open(&to(&asked)).await;
            let code = server.code_after(&address, 0).await;
            let proved = stage.press(&mut browser, &second, &[("digits", &code)]).await;
            let third = browser.open(&to(&proved)).await;
            let filled = [("family", "佐藤"), ("given", "花子"), ("fact", "1980-04-01"), ("consent", "yes")];
            let joined = stage.press(&mut browser, &third, &filled).await;
            browser.open(&to(&joined)).await.assert_says(&["参加しました"]);
            assert_eq!(server.codes(&address).len(), 1, "one code was mailed");
            assert_eq!(stage.count("SELECT count(*) FROM member").await, before + 1);
        }
        "press_decline" => {
            let path = stage.invited("A-2").await.replace("/i/", "/decline/");
            stage.thrice(&nobody, Method::POST, &path, Value::Null).await;
            assert_eq!(stage.count("SELECT count(*) FROM suppressed").await, 1);
        }
        other => panic!("{other} has no case"),
    }
}

/// A recovery code as a phone makes it.
fn recovery_code() -> String {
    let random = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
    enishi_protocol::account::recovery_code(random[..RECOVERY_CODE_CHARS - 1].try_into().unwrap())
}

both_engines! {
    async fn a_call_that_is_sent_again_after_its_answer_was_lost_does_nothing_twice(place: Place) {
        let stage = Stage::at(&place).await;
        for name in CHANGING {
            repeat(&stage, name).await;
        }
    }
}
