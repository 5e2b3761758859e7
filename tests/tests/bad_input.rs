//! Whatever comes from outside gets an answer that says what happened, and does no harm.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Client, Error,
    store::Salvage,
    surroundings::{RealSurroundings, Surroundings},
};
use enishi_protocol::{
    ErrorCode, Stream,
    feed::{PostKind, PostWriting},
    limits::{BODY_BYTES, SYNC_BODY_BYTES},
    sync::{Outcome, SyncReply},
};
use enishi_tests::{
    Place, Raw, Scene, TestPhone, both_engines,
    raw::{JSON, bare, mutation},
    scene::HANAKO,
    seen::posts,
    test_phone::Setup,
};
use reqwest::Method;
use serde_json::{json, value::RawValue};
use std::sync::Arc;
use uuid::Uuid;

/// A clock that is wrong by so many microseconds.
struct WrongClock(i64);

impl Surroundings for WrongClock {
    fn now_us(&self) -> i64 {
        RealSurroundings.now_us() + self.0
    }

    fn random(&self, bytes: &mut [u8]) {
        RealSurroundings.random(bytes);
    }
}

const DAY_US: i64 = 24 * 3_600_000_000;

async fn phone_of_another_day(scene: &Scene, address: &str, days: i64) -> TestPhone {
    let setup = Setup { surroundings: Some(Arc::new(WrongClock(days * DAY_US))), ..Setup::default() };
    let mut phone = TestPhone::set_up(&scene.server, setup).await;
    phone.sign_in(&scene.server, address).await;
    phone.in_step().await;
    phone
}

fn salvage(phone: &TestPhone) -> Option<Salvage> {
    phone.client().salvaged().pop().map(|(_, salvage)| salvage)
}

both_engines! {
    async fn what_is_no_request_is_refused_with_a_code_and_words(place: Place) {
        let scene = Scene::at(&place).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        for path in ["/v1/sync", "/v1/live", "/v1/sign-in"] {
            for body in ["", "{", "[]", "null", "\u{feff}{}", "{\"community\": 7}", "\u{0}"] {
                let answer = raw.call(Method::POST, path, &JSON, body.into()).await;
                assert_eq!(answer.code(), Some(ErrorCode::Malformed), "{path} {body:?}");
            }
            let large = vec![b' '; if path == "/v1/sync" { SYNC_BODY_BYTES } else { BODY_BYTES } + 1];
            let answer = raw.call(Method::POST, path, &JSON, large).await;
            assert_eq!(answer.code(), Some(ErrorCode::TooLarge), "{path}");
            let old = [JSON[0], (enishi_protocol::CLIENT_HEADER, "0")];
            let answer = raw.call(Method::POST, path, &old, b"{}".to_vec()).await;
            assert_eq!(answer.code(), Some(ErrorCode::UpgradeRequired), "{path}");
        }
        assert_eq!(raw.get("/v1/nowhere").await.code(), Some(ErrorCode::NotFound));
        assert_eq!(raw.call(Method::PATCH, "/v1/sync", &[], Vec::new()).await.code(), Some(ErrorCode::MethodNotAllowed));
        let english = raw.call(Method::GET, "/v1/nowhere", &[("accept-language", "en")], Vec::new()).await;
        assert_eq!(english.json()["message"], ErrorCode::NotFound.message(enishi_protocol::Language::En));
    }

    async fn unknown_fields_are_passed_over_and_unknown_mutations_refused_each_for_itself(place: Place) {
        let scene = Scene::at(&place).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let (era, since) = raw.present(scene.community).await;
        let body = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let writing = PostWriting { stream: Stream::Community, kind: PostKind::Text, text: "続き".into(), mentions: vec![], poll: None, attachments: Vec::new() };
        let good = mutation(&enishi_protocol::Operation::WritePost(writing), since);
        let mut unknown = good.clone();
        (unknown.id.0, unknown.kind, unknown.body) = (Uuid::now_v7(), "post.sing".into(), body("{\"song\": true}"));
        let mut malformed = good.clone();
        (malformed.id.0, malformed.body) = (Uuid::now_v7(), body("{\"stream\": 9}"));
        let mut request = bare(scene.community);
        request.era = Some(era);
        request.ask = vec![unknown.id, malformed.id, good.id];
        request.mutations = vec![unknown, malformed, good];
        let mut request = serde_json::to_value(&request).unwrap();
        request["from_the_future"] = json!({ "deep": [1, 2, 3] });
        request["mutations"][2]["body"]["mood"] = json!("sunny");
        let reply: SyncReply = raw.post("/v1/sync", &request).await.read();
        let outcomes: Vec<_> = reply.results.iter().map(|result| result.outcome.clone()).collect();
        assert_eq!(outcomes[0], Outcome::Refused(ErrorCode::UnknownMutation));
        assert_eq!(outcomes[1], Outcome::Refused(ErrorCode::Malformed));
        assert!(matches!(outcomes[2], Outcome::Accepted { .. }));
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["続き"]);
    }

    async fn clocks_that_are_days_wrong_do_no_harm(place: Place) {
        let scene = Scene::at(&place).await;
        let early = phone_of_another_day(&scene, HANAKO, -3).await;
        let late = phone_of_another_day(&scene, enishi_tests::scene::TARO, 2).await;
        let mut written = Vec::new();
        for number in 0..4 {
            for phone in [&late, &early, &scene.hanako] {
                let text = format!("{number}番目");
                written.push(phone.post(&text));
                phone.in_step().await;
            }
        }
        written.reverse();
        early.in_step().await;
        late.in_step().await;
        scene.assert_all_alike().await;
        for phone in [&early, &late, &scene.taro] {
            let ids: Vec<_> = posts(&phone.community()).into_iter().map(|post| post.id).collect();
            assert_eq!(ids, written, "the order is that of acceptance");
        }
        let told = [&early, &late, &scene.taro].map(|phone| phone.community().status().clock_wrong);
        assert_eq!(told, [true, true, false], "whose clock is wrong is told");
        early.seen().assert_same(&scene.hanako.seen());
        late.seen().assert_same(&scene.taro.seen());
    }

    async fn a_second_process_on_one_data_folder_is_refused_clearly(place: Place) {
        let mut scene = Scene::at(&place).await;
        assert_eq!(Client::open(scene.hanako.config()).map(drop), Err(Error::InUse));
        scene.hanako.kill().await;
        scene.hanako.start_again();
        scene.hanako.in_step().await;
    }

    async fn a_store_restored_without_its_key_is_fetched_anew(place: Place) {
        let mut scene = Scene::at(&place).await;
        scene.taro.post("鍵がなくても戻ります。");
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        let before = scene.hanako.seen();
        scene.hanako.kill().await;
        scene.hanako.lose_key();
        scene.hanako.start_again();
        let salvage = salvage(&scene.hanako).expect("the app is told");
        assert!(salvage.other_key);
        assert!(salvage.set_aside.exists(), "it is never deleted");
        scene.hanako.in_step().await;
        scene.hanako.seen().assert_same(&before);
    }
}
