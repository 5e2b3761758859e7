//! What others sent, sent again: codes that were spent, sessions that are over, devices of somebody else.

use crate::{SECRET, SECRET_HASH, another, asks, code_for, refused, spends};
use enishi_protocol::{ErrorCode, invitations::Fact, limits::RECOVERY_CODE_CHARS, membership::Role};
use enishi_server::http::openapi;
use enishi_tests::{Place, Raw, TestServer, both_engines, raw::JSON};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const OTHER_SECRET: &str = "2222222222222222222222222222222222222222222222222222222222222222";

/// Operations that need a session, as calls that name nothing that exists.
fn with_session() -> Vec<(String, Method, String)> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["tags"][0] == "public" {
                continue;
            }
            let parts =
                path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() });
            let path = parts.collect::<Vec<String>>().join("/");
            let name = operation["operationId"].as_str().unwrap().to_owned();
            calls.push((name, Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path));
        }
    }
    assert!(calls.len() > 25);
    calls
}

/// Sees that a session opens nothing any more.
async fn assert_over(raw: &Raw, why: &str) {
    for (name, method, path) in with_session() {
        let body = json!({ "id": Uuid::nil(), "written": "keep", "community": Uuid::nil(), "era": Uuid::nil(), "streams": [] });
        let answer = raw.call(method, &path, &JSON, serde_json::to_vec(&body).unwrap()).await;
        // Whoever ended a session and heard nothing is told so again; nothing else.
        let told_again = matches!(name.as_str(), "sign_out" | "revoke_device" | "revoke_other_devices");
        let fine = refused(&answer) == Some(ErrorCode::SignedOut) || told_again && answer.status == 204;
        assert!(fine, "{name} after {why}: {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
        assert!(answer.status != 200, "{name} after {why}");
    }
}

async fn device(raw: &Raw) -> String {
    raw.get("/v1/session").await.json()["device"].as_str().unwrap().to_owned()
}

/// Somebody who is signed in, with the device's id.
async fn on_device(server: &TestServer, address: &str, device: Uuid) -> Raw {
    let raw = Raw::nobody(server);
    let (attempt, code) = code_for(server, &raw, address).await;
    let answer = raw.post(&format!("/v1/sign-in/{attempt}/code"), &spends(SECRET, &code, device)).await;
    raw.with_token(answer.json()["token"].as_str().unwrap())
}

both_engines! {
    async fn a_code_is_of_use_to_nobody_but_the_device_that_asked_and_once(place: Place) {
        let server = TestServer::start(&place).await;
        let nobody = Raw::nobody(&server);
        let (attempt, code) = code_for(&server, &nobody, "hanako@example.jp").await;
        let (other, _) = code_for(&server, &nobody, "intruder@example.jp").await;
        let path = |attempt: Uuid| format!("/v1/sign-in/{attempt}/code");
        let spend = async |attempt: Uuid, body: Value| nobody.post(&path(attempt), &body).await;
        // Whoever read the mail and has no secret; whoever has a secret of another attempt.
        let stolen = spend(attempt, spends(OTHER_SECRET, &code, Uuid::new_v4())).await;
        assert_eq!(refused(&stolen), Some(ErrorCode::CodeExpired));
        let elsewhere = spend(other, spends(SECRET, &code, Uuid::new_v4())).await;
        assert_eq!(refused(&elsewhere), Some(ErrorCode::CodeWrong));
        // The attempt cannot be taken over either, with another secret or for another address.
        for (secret_hash, address) in [("00".repeat(32), "hanako@example.jp"), (SECRET_HASH.into(), "intruder@example.jp")] {
            let again = json!({ "attempt": attempt, "secret_hash": secret_hash, "address": address, "language": "ja" });
            assert_eq!(refused(&nobody.post("/v1/sign-in", &again).await), Some(ErrorCode::CodeExpired));
        }
        let device = Uuid::new_v4();
        let first = spend(attempt, spends(SECRET, &code, device)).await;
        let token = first.json()["token"].as_str().unwrap().to_owned();
        // Spent: with another secret never, and with its own it is the same session and no second one.
        let replayed = spend(attempt, spends(OTHER_SECRET, &code, Uuid::new_v4())).await;
        assert_eq!(refused(&replayed), Some(ErrorCode::CodeExpired));
        let repeated = spend(attempt, spends(SECRET, &code, Uuid::new_v4())).await;
        assert_eq!(repeated.json()["token"], json!(&token));
        let hanako = nobody.with_token(&token);
        let devices = hanako.get("/v1/devices").await.json();
        assert_eq!(devices.as_array().unwrap().len(), 1, "{devices}");
        assert_eq!(devices[0]["id"], json!(device));
        // Once it is over, not even its own secret brings it back.
        assert_eq!(hanako.call(Method::DELETE, "/v1/session", &[], vec![]).await.status, 204);
        let after = spend(attempt, spends(SECRET, &code, device)).await;
        assert_eq!(refused(&after), Some(ErrorCode::CodeExpired));
    }

    async fn an_approval_a_printed_code_and_a_code_to_an_address_are_of_use_to_no_other(place: Place) {
        let server = TestServer::start(&place).await;
        let hanako = Raw::signed_in(&server, "hanako@example.jp").await;
        let intruder = Raw::signed_in(&server, "intruder@example.jp").await;
        let nobody = Raw::nobody(&server);

        let approval = Uuid::new_v4();
        let wish = json!({ "attempt": approval, "secret_hash": SECRET_HASH, "device": Uuid::new_v4(), "device_name": "端末" });
        assert!(nobody.post("/v1/approvals", &wish).await.status.is_success());
        let approve = format!("/v1/approvals/{approval}/approve");
        assert_eq!(hanako.post(&approve, &json!({})).await.status, 204);
        assert_eq!(refused(&intruder.post(&approve, &json!({})).await), Some(ErrorCode::CodeExpired));
        let session = format!("/v1/approvals/{approval}/session");
        let stolen = nobody.post(&session, &json!({ "secret": OTHER_SECRET })).await;
        assert_eq!(refused(&stolen), Some(ErrorCode::CodeExpired));
        let entered = nobody.post(&session, &json!({ "secret": SECRET })).await.json();
        let entered = nobody.with_token(entered["signed_in"]["token"].as_str().or(entered["session"]["token"].as_str()).unwrap_or_else(|| panic!("{entered}")));
        let new = device(&entered).await;
        assert_eq!(hanako.call(Method::DELETE, &format!("/v1/devices/{new}"), &[], vec![]).await.status, 204);
        let replayed = nobody.post(&session, &json!({ "secret": SECRET })).await;
        assert_eq!(refused(&replayed), Some(ErrorCode::CodeExpired), "revoked is over");
        assert_over(&entered, "the device was revoked").await;

        let code = enishi_protocol::account::recovery_code(&[9; RECOVERY_CODE_CHARS - 1]);
        assert_eq!(hanako.post("/v1/recovery-code", &json!({ "id": Uuid::new_v4(), "code": code })).await.status, 204);
        let uses = |attempt: Uuid, secret: &str| json!({
            "attempt": attempt, "secret": secret, "code": code, "device": Uuid::new_v4(), "device_name": "端末"
        });
        let attempt = Uuid::new_v4();
        assert!(nobody.post("/v1/recovery-code/spend", &uses(attempt, SECRET)).await.status.is_success());
        for (attempt, secret) in [(Uuid::new_v4(), SECRET), (attempt, OTHER_SECRET), (Uuid::new_v4(), OTHER_SECRET)] {
            let again = nobody.post("/v1/recovery-code/spend", &uses(attempt, secret)).await;
            assert_eq!(refused(&again), Some(ErrorCode::RecoveryCodeWrong), "it was used");
        }

        let adding = Uuid::new_v4();
        assert!(hanako.post("/v1/addresses", &asks(adding, "second@example.org")).await.status.is_success());
        let digits = server.code_after("second@example.org", 0).await;
        let path = format!("/v1/addresses/{adding}/code");
        let proof = |secret: &str, code: &str| json!({ "secret": secret, "code": code });
        for (who, proof) in [(&intruder, proof(SECRET, &digits)), (&hanako, proof(OTHER_SECRET, &digits))] {
            assert_eq!(refused(&who.post(&path, &proof).await), Some(ErrorCode::CodeExpired));
        }
        assert_eq!(refused(&hanako.post(&path, &proof(SECRET, &another(&digits, 1))).await), Some(ErrorCode::CodeWrong));
        // The code to an address signs nobody in.
        let sign_in = nobody.post(&format!("/v1/sign-in/{adding}/code"), &spends(SECRET, &digits, Uuid::new_v4())).await;
        assert_eq!(refused(&sign_in), Some(ErrorCode::CodeExpired));
        assert!(hanako.post(&path, &proof(SECRET, &digits)).await.status.is_success());
        assert_eq!(intruder.get("/v1/addresses").await.json().as_array().unwrap().len(), 1);
    }

    async fn a_session_that_is_over_opens_nothing(place: Place) {
        let server = TestServer::start(&place).await;
        let address = "hanako@example.jp";
        let device_id = Uuid::new_v4();
        let first = on_device(&server, address, device_id).await;
        let second = on_device(&server, address, device_id).await;
        assert_over(&first, "the device signed in anew").await;
        let third = on_device(&server, address, Uuid::new_v4()).await;
        assert_eq!(second.call(Method::DELETE, "/v1/devices", &[], vec![]).await.status, 204);
        assert_over(&third, "all other devices were revoked").await;
        let fourth = on_device(&server, address, Uuid::new_v4()).await;
        let lost = device(&second).await;
        assert_eq!(fourth.call(Method::DELETE, &format!("/v1/devices/{lost}"), &[], vec![]).await.status, 204);
        assert_over(&second, "it was revoked").await;
        let goodbye = json!({ "id": Uuid::new_v4(), "written": "keep" });
        assert_eq!(fourth.post("/v1/account/delete", &goodbye).await.status, 204);
        assert_over(&fourth, "the account was deleted").await;
    }

    async fn the_device_id_of_another_member_is_of_no_use(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        for (address, name) in [("hanako@example.jp", "佐藤 花子"), ("intruder@example.jp", "侵入 者")] {
            server.admit(community, address, name, Role::Member).await;
        }
        let shared = Uuid::new_v4();
        let hanako = on_device(&server, "hanako@example.jp", shared).await;
        let elsewhere = Raw::signed_in(&server, "hanako@example.jp").await;
        let own = hanako.member(community).await;
        // The intruder's device says that it is hers.
        let intruder = on_device(&server, "intruder@example.jp", shared).await;
        assert_ne!(intruder.member(community).await, own);
        let theirs = intruder.get("/v1/devices").await.json();
        assert_eq!(theirs.as_array().unwrap().len(), 1, "{theirs}");
        assert_eq!(intruder.get("/v1/session").await.json()["notices"], json!([]), "not hers");
        let path = format!("/v1/devices/{shared}");
        assert_eq!(intruder.call(Method::DELETE, &path, &[], vec![]).await.status, 204, "their own of that id");
        let hers = device(&elsewhere).await;
        let again = on_device(&server, "intruder@example.jp", shared).await;
        let taken = again.call(Method::DELETE, &format!("/v1/devices/{hers}"), &[], vec![]).await;
        let nothing = again.call(Method::DELETE, &format!("/v1/devices/{}", Uuid::new_v4()), &[], vec![]).await;
        assert_eq!((taken.status, &taken.bytes), (nothing.status, &nothing.bytes));
        // Signing all others out means one's own.
        assert_eq!(again.call(Method::DELETE, "/v1/devices", &[], vec![]).await.status, 204);
        assert_eq!(hanako.member(community).await, own);
        assert_eq!(elsewhere.member(community).await, own);
        assert_eq!(hanako.get("/v1/devices").await.json().as_array().unwrap().len(), 2);
    }
}
