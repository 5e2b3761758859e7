//! Every door from outside: what it answers to whom, on both engines.

use super::{App, openapi, router::router};
use crate::{
    accounts::sessions::SignedInAs,
    both_engines,
    config::{AndroidApp, Config},
    db::{Scope, testing::TestDatabase},
    mail::Post,
    testing::{Phone, Village, World},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use enishi_protocol::{CommunityId, ErrorBody, ErrorCode, limits, membership::Role};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use tower::ServiceExt;

/// A server without a socket.
struct Door {
    routes: Router,
    village: Village,
    token: String,
}

/// An answer as a client sees it.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: BTreeMap<String, String>,
    text: String,
}

impl Answer {
    fn code(&self) -> ErrorCode {
        let body: ErrorBody = serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(body.code.status(), self.status.as_u16(), "{self:?}");
        assert!(!body.message.is_empty());
        body.code
    }
}

impl Door {
    async fn open(db: &TestDatabase) -> Self {
        Self::open_with(db, None).await
    }

    async fn open_with(db: &TestDatabase, android: Option<AndroidApp>) -> Self {
        let village = World::new(db).community().await;
        let folder = Path::new("/nonexistent");
        let post = Post::to_folder("enishi@example.jp", folder).unwrap();
        let public_url = Some("https://alumni.example.jp".into());
        let config = Config { public_url, android, ..Config::in_folder(folder) };
        let app = App::with(config, village.world.db.clone(), post, village.world.clock.clone());
        village.member("hanako@example.jp", "佐藤", Role::Member).await;
        let (token, _) = village.world.sign_in(&Phone::new(), "hanako@example.jp").await;
        Self { routes: router(app), village, token }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status, headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn call(&self, call: &Call, community: CommunityId, token: Option<&str>) -> Answer {
        let path = call.path.replace("{community}", &community.to_string());
        let body = call.body.as_ref().map(|body| body.to_string().replace("{community}", &community.to_string()));
        let mut request = Request::builder().method(call.method.clone()).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.ask(request.body(body.map_or_else(Body::empty, Body::from)).unwrap()).await
    }
}

/// A request that is well-formed, for the operation of that name.
struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
}

/// One well-formed request for each operation that needs a session: a new operation needs one here.
fn calls() -> BTreeMap<&'static str, Call> {
    let get = |path: &str| Call { method: Method::GET, path: path.into(), body: None };
    let delete = |path: &str| Call { method: Method::DELETE, path: path.into(), body: None };
    let post = |path: &str, body: Value| Call { method: Method::POST, path: path.into(), body: Some(body) };
    let id = uuid::Uuid::from_u128(7);
    let inside = |rest: &str| get(&format!("/v1/communities/{{community}}/{rest}"));
    let acceptance = json!({ "id": id, "name": { "family": "佐藤" } });
    let hash = "00".repeat(32);
    let code = enishi_protocol::account::recovery_code(&[7; limits::RECOVERY_CODE_CHARS - 1]);
    let address = json!({ "attempt": id, "secret_hash": hash, "address": "other@example.jp", "language": "ja" });
    let recovery = json!({ "id": id, "code": "0".repeat(26), "name": { "family": "佐藤" } });
    BTreeMap::from([
        ("sync", post("/v1/sync", json!({ "community": "{community}", "era": null }))),
        ("live", post("/v1/live", json!({ "community": "{community}", "era": id, "streams": [] }))),
        ("search", inside("search?q=退職".replace('退', "%E9%80%80").replace('職', "%E8%81%B7").as_str())),
        ("older_posts", inside("feed?stream=community&before=9")),
        ("posts", inside(&format!("posts?ids={id}"))),
        ("post_history", inside(&format!("posts/{id}/history"))),
        ("attachment", inside(&format!("attachments/{id}?size=thumb"))),
        ("upload_standing", inside(&format!("attachments/{id}/upload"))),
        (
            "upload_piece",
            Call {
                method: Method::PUT,
                path: format!("/v1/communities/{{community}}/attachments/{id}/upload?start=9&total=9"),
                body: Some(json!(1)),
            },
        ),
        ("cancel_upload", delete(&format!("/v1/communities/{{community}}/attachments/{id}/upload"))),
        (
            "finish_upload",
            post(
                &format!("/v1/communities/{{community}}/attachments/{id}/finish"),
                json!({ "sha256": "00".repeat(32) }),
            ),
        ),
        ("session", get("/v1/session")),
        ("sign_out", delete("/v1/session")),
        ("devices", get("/v1/devices")),
        ("revoke_device", delete(&format!("/v1/devices/{id}"))),
        ("revoke_other_devices", delete("/v1/devices")),
        ("notices_seen", post("/v1/notices/seen", json!({ "notices": [id] }))),
        ("addresses", get("/v1/addresses")),
        ("add_address", post("/v1/addresses", address)),
        ("confirm_address", post(&format!("/v1/addresses/{id}/code"), json!({ "secret": hash, "code": "000000" }))),
        ("remove_address", post("/v1/addresses/remove", json!({ "id": id, "address": "hanako@example.jp" }))),
        ("show_approval", get(&format!("/v1/approvals/{id}"))),
        ("approve_device", post(&format!("/v1/approvals/{id}/approve"), json!({}))),
        ("make_recovery_code", post("/v1/recovery-code", json!({ "id": id, "code": code }))),
        ("ask_for_recovery", post("/v1/recoveries", recovery)),
        ("recoveries", get("/v1/recoveries")),
        ("stop_recovery", post(&format!("/v1/recoveries/{id}/stop"), json!({ "community": "{community}" }))),
        ("leave_community", post("/v1/communities/{community}/leave", json!({ "id": id }))),
        ("delete_account", post("/v1/account/delete", json!({ "id": id, "written": "keep" }))),
        ("accept_invitation", post(&format!("/v1/invitations/{}/accept", "0".repeat(26)), acceptance)),
    ])
}

fn operations() -> Vec<(String, String, String)> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let tags = operation["tags"].as_array().unwrap();
            assert_eq!(tags.len(), 1, "{id} names who may call it, once");
            operations.push((id, path.clone(), tags[0].as_str().unwrap().to_owned()));
        }
    }
    operations
}

#[test]
fn every_operation_says_who_may_call_it_and_has_its_own_name() {
    let operations = operations();
    for (id, _, access) in &operations {
        assert!(["public", "session", "member"].contains(&access.as_str()), "{id}");
        assert_eq!(operations.iter().filter(|(other, ..)| other == id).count(), 1, "{id}");
    }
}

#[test]
fn the_openapi_document_is_the_one_that_is_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == openapi::text().unwrap(),
        "the interface has changed: look at it, then `cargo run -p enishi-server -- openapi > server/openapi.json`"
    );
}

both_engines! {
    async fn without_a_session_every_door_says_the_same(db: TestDatabase) {
        let door = Door::open(&db).await;
        let calls = calls();
        let ended = door.village.world.sign_in(&Phone::new(), "ended@example.jp").await.0;
        let session: SignedInAs = door.village.world.whose(&ended).await.unwrap();
        let end = move |conn: &mut dyn crate::db::Connection| {
            crate::accounts::sessions::end_of_device(conn, 1, session.account, session.device)
        };
        db.write(Scope::Accounts, end).await.unwrap();
        for (id, path, access) in operations() {
            if access == "public" {
                assert!(!calls.contains_key(id.as_str()), "{id}");
                continue;
            }
            let call = calls.get(id.as_str()).unwrap_or_else(|| panic!("no request for {id} {path} in this test"));
            let known = door.village.community;
            let mut answers = Vec::new();
            for token in [None, Some(""), Some("abc"), Some(ended.as_str())] {
                let answer = door.call(call, known, token).await;
                if id == "sign_out" && token == Some(ended.as_str()) {
                    // Whoever signed out and heard nothing asks again: it is as they wish.
                    assert_eq!(answer.status.as_u16(), 204);
                    continue;
                }
                assert_eq!(answer.code(), ErrorCode::SignedOut, "{id}");
                assert_eq!(answer.headers["www-authenticate"], "Bearer");
                answers.push(answer.text);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{id}: unknown and ended sessions are answered alike");
        }
    }

    async fn another_community_is_answered_like_none(db: TestDatabase) {
        let door = Door::open(&db).await;
        let other = door.village.world.community().await;
        let nowhere = CommunityId(uuid::Uuid::new_v4());
        let calls = calls();
        for (id, path, access) in operations() {
            if access != "member" {
                continue;
            }
            let call = calls.get(id.as_str()).unwrap_or_else(|| panic!("no request for {id} {path} in this test"));
            let theirs = door.call(call, other.community, Some(&door.token)).await;
            let none = door.call(call, nowhere, Some(&door.token)).await;
            assert_eq!(theirs.code(), ErrorCode::NotFound, "{id}");
            assert_eq!((theirs.status, theirs.text), (none.status, none.text), "{id}");
            let own = door.call(call, door.village.community, Some(&door.token)).await;
            // There is no such post or file here either, and no such piece; all else is there for a member.
            let absent = ["post_history", "attachment", "upload_standing", "upload_piece", "finish_upload"];
            assert!(own.status.is_success() || absent.contains(&id.as_str()), "{id}: {own:?}");
        }
    }

    async fn whoever_takes_no_part_is_told_why_by_every_door(db: TestDatabase) {
        let door = Door::open(&db).await;
        for (standing, code) in [
            ("waiting", ErrorCode::MembershipWaiting),
            ("suspended", ErrorCode::MembershipSuspended),
            ("ended", ErrorCode::MembershipEnded),
        ] {
            let set = move |conn: &mut dyn crate::db::Connection| {
                conn.execute("UPDATE member SET standing = $1 WHERE role = 'member'", crate::values![standing])
            };
            db.write(door.village.scope(), set).await.unwrap();
            let calls = calls();
            for (id, _, _) in operations().into_iter().filter(|(.., access)| access == "member") {
                let answer = door.call(&calls[id.as_str()], door.village.community, Some(&door.token)).await;
                assert_eq!(answer.code(), code, "{id}");
            }
        }
    }

    async fn every_error_has_a_code_and_words(db: TestDatabase) {
        let door = Door::open(&db).await;
        let post = |path: &str, body: String| Request::post(path).body(Body::from(body)).unwrap();
        assert_eq!(door.get("/v1/nowhere").await.code(), ErrorCode::NotFound);
        let wrong_method = door.ask(Request::put("/v1/session").body(Body::empty()).unwrap()).await;
        assert_eq!(wrong_method.code(), ErrorCode::MethodNotAllowed);
        assert!(wrong_method.headers["allow"].contains("GET"));
        for body in ["", "{", "[]", "{\"attempt\":7}"] {
            assert_eq!(door.ask(post("/v1/sign-in", body.into())).await.code(), ErrorCode::Malformed, "{body}");
        }
        let long = " ".repeat(limits::BODY_BYTES + 1);
        assert_eq!(door.ask(post("/v1/sign-in", long)).await.code(), ErrorCode::TooLarge);
        let start = json!(Phone::new().start("no address"));
        assert_eq!(door.ask(post("/v1/sign-in", start.to_string())).await.code(), ErrorCode::AddressInvalid);
        let mut unknown_field = json!(Phone::new().start("taro@example.jp"));
        unknown_field["later"] = json!({ "field": 1 });
        assert_eq!(door.ask(post("/v1/sign-in", unknown_field.to_string())).await.status, StatusCode::OK);
        let mut bad_attempt = post("/v1/sign-in/7/code", json!({}).to_string());
        bad_attempt.headers_mut().insert("accept-language", "en-GB,en;q=0.9".parse().unwrap());
        let english = door.ask(bad_attempt).await;
        assert_eq!(english.code(), ErrorCode::Malformed);
        assert!(english.text.contains("could not be read") && english.headers["content-language"] == "en");
    }

    async fn a_client_that_is_too_old_is_asked_to_update(db: TestDatabase) {
        let door = Door::open(&db).await;
        for version in ["0", "x", ""] {
            let request = Request::get("/v1/session").header("enishi-protocol", version);
            let answer = door.ask(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.code(), ErrorCode::UpgradeRequired, "{version}");
        }
        let present = Request::get("/healthz").header("enishi-protocol", "1").body(Body::empty()).unwrap();
        assert_eq!(door.ask(present).await.text, "ok\n");
        assert_eq!(door.get("/readyz").await.text, "ready\n");
    }

    async fn too_many_codes_are_answered_with_when_to_come_back(db: TestDatabase) {
        let door = Door::open(&db).await;
        let ask = async || {
            let body = json!(Phone::new().start("hanako@example.jp")).to_string();
            door.ask(Request::post("/v1/sign-in").body(Body::from(body)).unwrap()).await
        };
        // The door's own sign-in was the first of this hour.
        for _ in 1..6 {
            assert_eq!(ask().await.status, StatusCode::OK);
        }
        let refused = ask().await;
        assert_eq!(refused.code(), ErrorCode::RateLimited);
        let seconds: u32 = refused.headers["retry-after"].parse().unwrap();
        assert!((1..=3601).contains(&seconds));
        let body: ErrorBody = serde_json::from_str(&refused.text).unwrap();
        assert_eq!(body.retry_after_seconds, Some(seconds));
    }

    async fn a_host_says_which_app_its_links_belong_to_or_that_they_belong_to_none(db: TestDatabase) {
        let path = "/.well-known/assetlinks.json";
        assert_eq!(Door::open(&db).await.get(path).await.status, StatusCode::NOT_FOUND);
        let app = AndroidApp { package: "dev.enishi.app".into(), certificates: vec!["AB:CD".into()] };
        let told = Door::open_with(&db, Some(app)).await.get(path).await;
        assert_eq!((told.status, told.headers["content-type"].as_str()), (StatusCode::OK, "application/json"));
        let told: Value = serde_json::from_str(&told.text).unwrap();
        assert_eq!(told[0]["relation"][0], "delegate_permission/common.handle_all_urls");
        assert_eq!(told[0]["target"]["namespace"], "android_app");
        assert_eq!(told[0]["target"]["package_name"], "dev.enishi.app");
        assert_eq!(told[0]["target"]["sha256_cert_fingerprints"][0], "AB:CD");
    }

    async fn a_link_opens_a_page_that_says_who_invites_where(db: TestDatabase) {
        let door = Door::open(&db).await;
        let code = crate::invitations::code::new(&crate::surroundings::RealSurroundings);
        let hash = crate::invitations::code::hash(&code);
        door.village.invite(|making| making.code_hash = hash).await;
        let ja = door.get(&format!("/i/{}", code.to_lowercase())).await;
        assert_eq!(ja.status, StatusCode::OK);
        for said in ["「縁商事」への招待です", "人事 花子（コミュニティの担当者）", "alumni.example.jp", &code, "アプリで開く", "lang=\"ja\""] {
            assert!(ja.text.contains(said), "{said}: {}", ja.text);
        }
        let en = door.get(&format!("/i/{code}?lang=en")).await;
        for said in ["You are invited to 縁商事", "(runs the community)", "Open in the app", "lang=\"en\""] {
            assert!(en.text.contains(said), "{said}: {}", en.text);
        }
        assert!(!ja.text.contains("<script") && ja.headers["referrer-policy"] == "no-referrer");
        assert!(ja.headers["content-security-policy"].starts_with("default-src 'none'"));
        let unknown = door.get(&format!("/i/{}", "0".repeat(26))).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.text.contains("招待が見つかりません") && unknown.headers["content-type"].starts_with("text/html"));
        let preview = door.get(&format!("/v1/invitations/{code}")).await;
        assert!(preview.text.contains("\"state\":\"open\""), "{}", preview.text);
        assert_eq!(door.village.number("SELECT used + wrong FROM invitation").await, 0);
    }

    async fn a_page_lets_no_name_become_markup(db: TestDatabase) {
        let door = Door::open(&db).await;
        let rename = |conn: &mut dyn crate::db::Connection| conn.execute("UPDATE community SET name = '<img src=x onerror=alert(1)>'", &[]);
        db.write(door.village.scope(), rename).await.unwrap();
        let code = crate::invitations::code::new(&crate::surroundings::RealSurroundings);
        let hash = crate::invitations::code::hash(&code);
        door.village.invite(|making| making.code_hash = hash).await;
        let page = door.get(&format!("/i/{code}")).await;
        assert!(!page.text.contains("<img"), "{}", page.text);
    }

    async fn a_session_shows_its_communities_and_ends(db: TestDatabase) {
        let door = Door::open(&db).await;
        let calls = calls();
        let shown = door.call(&calls["session"], door.village.community, Some(&door.token)).await;
        let session: enishi_protocol::session::Session = serde_json::from_str(&shown.text).unwrap();
        assert_eq!(session.memberships[0].community, door.village.community);
        let devices = door.call(&calls["devices"], door.village.community, Some(&door.token)).await;
        assert!(devices.text.contains("\"this\":true"), "{}", devices.text);
        let ended = door.call(&calls["sign_out"], door.village.community, Some(&door.token)).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        let after = door.call(&calls["session"], door.village.community, Some(&door.token)).await;
        assert_eq!(after.code(), ErrorCode::SignedOut);
    }
}
