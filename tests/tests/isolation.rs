//! Between communities and streams nothing leaks, by any operation of the server.
//!
//! Every operation of the OpenAPI document needs a case in [`cases`]: a new one without fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{
    AttemptId, CommunityId, Era, ErrorCode, Grant, PostId, Stream, Version,
    groups::Joining,
    invitations::Fact,
    membership::Role,
    sync::{LiveRequest, StreamRequest},
};
use enishi_server::http::openapi;
use enishi_tests::{
    Place, Raw, Scene, both_engines,
    raw::{Answer, bare, from_start},
    scene::{HANAKO, TARO},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What nobody outside may ever read.
const SECRET: &str = "門外不出の話";

/// What a call is about.
#[derive(Clone, Copy)]
struct About {
    community: CommunityId,
    /// A post that is there for its members.
    post: PostId,
    /// The stream it stands in.
    stream: Stream,
    era: Era,
}

/// One operation, as a well-formed call.
struct Case {
    method: Method,
    path: Box<dyn Fn(&About) -> String>,
    body: Box<dyn Fn(&About) -> Value>,
    /// Who may call it: `public`, `session` or `member`, as its tag says.
    access: &'static str,
}

fn case(
    method: Method,
    access: &'static str,
    path: impl Fn(&About) -> String + 'static,
    body: impl Fn(&About) -> Value + 'static,
) -> Case {
    Case { method, path: Box::new(path), body: Box::new(body), access }
}

fn get(access: &'static str, path: impl Fn(&About) -> String + 'static) -> Case {
    case(Method::GET, access, path, |_| Value::Null)
}

fn delete(path: impl Fn(&About) -> String + 'static) -> Case {
    case(Method::DELETE, "session", path, |_| Value::Null)
}

fn post(
    access: &'static str,
    path: impl Fn(&About) -> String + 'static,
    body: impl Fn(&About) -> Value + 'static,
) -> Case {
    case(Method::POST, access, path, body)
}

/// An id that nothing has.
fn seven() -> Uuid {
    Uuid::from_u128(7)
}

fn seventh(path: &str, rest: &str) -> String {
    format!("{path}/{}/{rest}", seven())
}

fn proves() -> Value {
    json!({ "secret": "00".repeat(32), "code": "000000" })
}

fn starts_an_address() -> Value {
    json!({ "attempt": seven(), "secret_hash": "00".repeat(32), "address": "no@example.jp", "language": "ja" })
}

const NO_CODE: &str = "00000000000000000000000000";

/// A case for each operation, by its name in the document.
fn cases() -> BTreeMap<&'static str, Case> {
    let mut cases = BTreeMap::from([
        ("healthz", get("public", |_| "/healthz".into())),
        ("readyz", get("public", |_| "/readyz".into())),
        ("app_links", get("public", |_| "/.well-known/assetlinks.json".into())),
        ("openapi", get("public", |_| "/v1/openapi.json".into())),
        ("invitation_page", get("public", |_| format!("/i/{NO_CODE}"))),
        ("join_page", get("public", |_| format!("/i/{NO_CODE}/join"))),
        ("join_ask", case(Method::POST, "public", |_| format!("/i/{NO_CODE}/join"), |_| json!({}))),
        ("join_step_page", get("public", |_| format!("/i/{NO_CODE}/join/{}", AttemptId(Uuid::nil())))),
        (
            "join_step",
            case(Method::POST, "public", |_| format!("/i/{NO_CODE}/join/{}", AttemptId(Uuid::nil())), |_| json!({})),
        ),
        ("preview_invitation", get("public", |_| format!("/v1/invitations/{NO_CODE}"))),
        ("ask_for_code", case(Method::POST, "public", |_| "/v1/sign-in".into(), |_| json!({}))),
        (
            "spend_code",
            case(Method::POST, "public", |_| format!("/v1/sign-in/{}/code", AttemptId(Uuid::nil())), |_| json!({})),
        ),
        ("session", get("session", |_| "/v1/session".into())),
        ("devices", get("session", |_| "/v1/devices".into())),
        ("revoke_device", delete(|_| format!("/v1/devices/{}", Uuid::from_u128(7)))),
        ("revoke_other_devices", delete(|_| "/v1/devices".into())),
        ("notices_seen", post("session", |_| "/v1/notices/seen".into(), |_| json!({ "notices": [] }))),
        ("addresses", get("session", |_| "/v1/addresses".into())),
        ("add_address", post("session", |_| "/v1/addresses".into(), |_| starts_an_address())),
        ("confirm_address", post("session", |_| seventh("/v1/addresses", "code"), |_| proves())),
        (
            "remove_address",
            post(
                "session",
                |_| "/v1/addresses/remove".into(),
                |_| json!({ "id": seven(), "address": "no@example.jp" }),
            ),
        ),
        ("ask_for_approval", post("public", |_| "/v1/approvals".into(), |_| json!({}))),
        ("show_approval", get("session", |_| format!("/v1/approvals/{}", seven()))),
        ("approve_device", post("session", |_| seventh("/v1/approvals", "approve"), |_| json!({}))),
        ("spend_approval", post("public", |_| seventh("/v1/approvals", "session"), |_| proves())),
        ("approval_page", get("public", |_| format!("/d/{}", seven().simple()))),
        (
            "make_recovery_code",
            post("session", |_| "/v1/recovery-code".into(), |_| json!({ "id": seven(), "code": NO_CODE })),
        ),
        ("spend_recovery_code", post("public", |_| "/v1/recovery-code/spend".into(), |_| json!({}))),
        (
            "ask_for_recovery",
            post(
                "session",
                |_| "/v1/recoveries".into(),
                |_| json!({ "id": seven(), "code": NO_CODE, "name": { "family": "誰か" } }),
            ),
        ),
        ("recoveries", get("session", |_| "/v1/recoveries".into())),
        (
            "stop_recovery",
            post("session", |_| seventh("/v1/recoveries", "stop"), |about| json!({ "community": about.community })),
        ),
        ("decline_page", get("public", |_| format!("/decline/{NO_CODE}"))),
        ("press_decline", post("public", |_| format!("/decline/{NO_CODE}"), |_| json!({}))),
        ("stop_page", get("public", |_| format!("/stop/{NO_CODE}"))),
        ("press_stop", post("public", |_| format!("/stop/{NO_CODE}"), |_| json!({}))),
        (
            "leave_community",
            post("session", |about| format!("/v1/communities/{}/leave", about.community), |_| json!({ "id": seven() })),
        ),
        (
            "delete_account",
            post("session", |_| "/v1/account/delete".into(), |_| json!({ "id": seven(), "written": "keep" })),
        ),
        ("sign_out", delete(|_| "/v1/session".into())),
        (
            "accept_invitation",
            case(
                Method::POST,
                "session",
                |_| format!("/v1/invitations/{NO_CODE}/accept"),
                |_| json!({ "id": Uuid::from_u128(7), "name": { "family": "誰か" } }),
            ),
        ),
        ("sync", case(Method::POST, "member", |_| "/v1/sync".into(), |about| json!(syncs(about)))),
        ("live", case(Method::POST, "member", |_| "/v1/live".into(), |about| json!(follows(about)))),
        ("search", get("member", |about| format!("/v1/communities/{}/search?q=%E9%96%80%E5%A4%96", about.community))),
        (
            "older_posts",
            get("member", |about| {
                format!("/v1/communities/{}/feed?stream={}&before=99999", about.community, about.stream)
            }),
        ),
        ("posts", get("member", |about| format!("/v1/communities/{}/posts?ids={}", about.community, about.post))),
        (
            "post_history",
            get("member", |about| format!("/v1/communities/{}/posts/{}/history", about.community, about.post)),
        ),
    ]);
    cases.extend(of_files());
    cases
}

fn of_files() -> [(&'static str, Case); 5] {
    [
        ("attachment", get("member", |about| attachment(about, ""))),
        ("upload_standing", get("member", |about| attachment(about, "/upload"))),
        (
            "upload_piece",
            case(Method::PUT, "member", |about| attachment(about, "/upload?start=0&total=9"), |_| json!("piece")),
        ),
        ("cancel_upload", case(Method::DELETE, "member", |about| attachment(about, "/upload"), |_| Value::Null)),
        (
            "finish_upload",
            case(
                Method::POST,
                "member",
                |about| attachment(about, "/finish"),
                |_| json!({ "sha256": "00".repeat(32) }),
            ),
        ),
    ]
}

/// Anything of an attachment that bears the post's id: what nobody has is answered like what is others'.
fn attachment(about: &About, rest: &str) -> String {
    format!("/v1/communities/{}/attachments/{}{rest}", about.community, about.post)
}

fn syncs(about: &About) -> enishi_protocol::sync::SyncRequest {
    let mut request = bare(about.community);
    request.era = Some(about.era);
    request.streams = vec![from_start(about.stream), follow(about.stream)];
    request
}

fn follow(stream: Stream) -> StreamRequest {
    StreamRequest { stream, grant: Some(Grant(1)), cursor: Some(Version(0)), page: None }
}

fn follows(about: &About) -> LiveRequest {
    LiveRequest { community: about.community, era: about.era, streams: vec![follow(about.stream)] }
}

/// The operations of the document with their tags.
fn operations() -> BTreeMap<String, String> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
    let named = operations.map(|operation| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&operation["operationId"]), text(&operation["tags"][0]))
    });
    named.collect()
}

async fn call(raw: &Raw, case: &Case, about: &About) -> Answer {
    let body = match (case.body)(about) {
        Value::Null => Vec::new(),
        body => serde_json::to_vec(&body).unwrap(),
    };
    let answer =
        raw.call(case.method.clone(), &(case.path)(about), &[("content-type", "application/json")], body).await;
    assert!(!String::from_utf8_lossy(&answer.bytes).contains(SECRET), "a secret leaked");
    answer
}

#[test]
fn every_operation_of_the_document_has_a_case_here_that_agrees_on_who_may_call_it() {
    let cases: BTreeMap<_, _> =
        cases().into_iter().map(|(name, case)| (name.to_owned(), case.access.to_owned())).collect();
    assert_eq!(operations(), cases);
}

/// 太郎 has said the secret in the community and in a group of his; what a stranger would ask for.
async fn secrets(scene: &Scene) -> Vec<About> {
    let post = scene.taro.post(SECRET);
    scene.taro.community().edit_post(post, &format!("{SECRET}、改めて"), &[]).unwrap();
    let group = scene.taro.community().create_group("秘密の会", "", Joining::Invitation, true).unwrap();
    let inside = scene.taro.post_in(Stream::Group(group), SECRET);
    scene.taro.in_step().await;
    let (era, _) = Raw::signed_in(&scene.server, TARO).await.present(scene.community).await;
    let member = scene.taro.community().member();
    let about = |stream, post| About { community: scene.community, post, stream, era };
    vec![
        about(Stream::Community, post),
        about(Stream::Group(group), inside),
        about(Stream::Member(member), post),
        about(Stream::community_desk(scene.community), post),
    ]
}

both_engines! {
    async fn without_a_session_no_door_but_the_public_ones_opens(place: Place) {
        let scene = Scene::at(&place).await;
        let mut nobody = Raw::nobody(&scene.server);
        for about in secrets(&scene).await {
            for token in [None, Some("00".repeat(32)), Some("縁".into())] {
                nobody.token = token.filter(|token| token.is_ascii());
                for (name, case) in cases().iter().filter(|(_, case)| case.access != "public") {
                    assert_eq!(call(&nobody, case, &about).await.code(), Some(ErrorCode::SignedOut), "{name}");
                }
            }
            for case in cases().values().filter(|case| case.access == "public") {
                call(&nobody, case, &about).await;
            }
        }
    }

    async fn a_community_of_others_is_answered_like_one_that_does_not_exist(place: Place) {
        let scene = Scene::at(&place).await;
        let other = scene.server.community("無縁商事", Fact::BirthDate).await;
        scene.server.admit(other, "jiro@example.jp", "高橋 次郎", Role::Owner).await;
        let stranger = Raw::signed_in(&scene.server, "jiro@example.jp").await;
        for about in secrets(&scene).await {
            let nowhere = About { community: CommunityId(Uuid::from_u128(7)), ..about };
            for (name, case) in cases().iter().filter(|(_, case)| case.access == "member") {
                let (there, not_there) = (call(&stranger, case, &about).await, call(&stranger, case, &nowhere).await);
                assert_eq!(there.code(), Some(ErrorCode::NotFound), "{name}");
                assert_eq!((there.status, there.bytes), (not_there.status, not_there.bytes), "{name}");
                // In one's own community, the ids of another's are nothing either.
                if !matches!(*name, "live") {
                    call(&stranger, case, &About { community: other, ..about }).await;
                }
            }
        }
    }

    async fn a_stream_that_one_may_not_read_is_read_by_no_operation(place: Place) {
        let scene = Scene::at(&place).await;
        let hanako = Raw::signed_in(&scene.server, HANAKO).await;
        for about in secrets(&scene).await.into_iter().skip(1) {
            let from_nowhere = Stream::Group(Uuid::from_u128(7).into());
            let nowhere = About { stream: from_nowhere, post: PostId(Uuid::from_u128(7)), ..about };
            for name in ["older_posts", "posts", "post_history", "sync"] {
                let case = &cases()[name];
                if name.starts_with("post") && !matches!(about.stream, Stream::Group(_)) {
                    continue;
                }
                let (there, not_there) = (call(&hanako, case, &about).await, call(&hanako, case, &nowhere).await);
                assert_eq!((there.status, there.bytes), (not_there.status, not_there.bytes), "{name} of {}", about.stream);
            }
        }
    }
}
