//! Live: what happens in a community reaches the phones that look, without their asking.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::groups::Belonging;
use enishi_protocol::{
    ErrorCode, Stream,
    groups::Joining,
    sync::{Batch, LiveRequest, StreamRequest},
};
use enishi_tests::{
    Place, Raw, Scene, TestPhone, both_engines,
    raw::{bare, from_start},
    scene::HANAKO,
    seen::posts,
    waiting::in_time,
};
use std::time::Duration;

const SYNC: &str = "POST /v1/sync";

async fn both_live(scene: &Scene) {
    scene.hanako.live().await;
    scene.taro.live().await;
}

async fn sees(phone: &TestPhone, text: &str) {
    phone
        .until(&format!("the post {text}"), |community| {
            posts(community).iter().find(|post| post.text == text).map(drop)
        })
        .await;
}

both_engines! {
    async fn a_post_reaches_another_phone_without_its_asking(place: Place) {
        let scene = Scene::at(&place).await;
        both_live(&scene).await;
        let asked = scene.hanako.network().requests_to(SYNC);
        for number in 0..20 {
            let text = format!("{number}番目のお知らせ");
            scene.taro.post(&text);
            sees(&scene.hanako, &text).await;
        }
        assert_eq!(scene.hanako.network().requests_to(SYNC), asked, "the changes themselves came, not hints");
        scene.assert_all_alike().await;
    }

    async fn a_group_that_lets_somebody_in_opens_before_their_eyes(place: Place) {
        let scene = Scene::at(&place).await;
        both_live(&scene).await;
        let group = scene.taro.community().create_group("山の会", "月に一度登ります", Joining::Request, false).unwrap();
        scene.taro.post_in(Stream::Group(group), "来月は高尾山です。");
        let known = |community: &enishi_core::Community| {
            community.groups().unwrap().into_iter().find(|shown| shown.id == group)
        };
        scene.hanako.until("the group", known).await;
        assert_eq!(scene.hanako.texts(), Vec::<String>::new());
        scene.hanako.community().join_group(group, "入れてください").unwrap();
        let request = scene.taro.until("the request", |community| community.join_requests().unwrap().pop()).await;
        scene.taro.community().decide(request.id, Some(group), true).unwrap();
        sees(&scene.hanako, "来月は高尾山です。").await;
        let inside = |community: &enishi_core::Community| known(community).filter(|shown| shown.belonging == Belonging::Member);
        scene.hanako.until("being in it", inside).await;
        scene.taro.post_in(Stream::Group(group), "花子さん、ようこそ。");
        sees(&scene.hanako, "花子さん、ようこそ。").await;
        scene.assert_all_alike().await;
    }

    async fn a_connection_comes_back_behind_a_server_that_was_restarted(place: Place) {
        let mut scene = Scene::at(&place).await;
        both_live(&scene).await;
        scene.server.stop().await;
        scene.hanako.status("the connection's end", |status| !status.live).await;
        scene.server.start_again().await;
        scene.taro.post("サーバーが戻りました。");
        sees(&scene.hanako, "サーバーが戻りました。").await;
        scene.hanako.live().await;
        scene.server.kill().await;
        scene.server.start_again().await;
        scene.taro.post("もう一度戻りました。");
        sees(&scene.hanako, "もう一度戻りました。").await;
        scene.assert_all_alike().await;
    }

    async fn a_cut_connection_misses_nothing(place: Place) {
        let scene = Scene::at(&place).await;
        for number in 0..5 {
            both_live(&scene).await;
            scene.hanako.network().set_up(false);
            let text = format!("切れている間の{number}番目");
            scene.taro.post(&text);
            scene.taro.in_step().await;
            scene.hanako.network().set_up(true);
            scene.hanako.client().push();
            sees(&scene.hanako, &text).await;
        }
        scene.assert_all_alike().await;
    }

    async fn a_server_that_goes_away_tells_its_live_phones_to_come_back(place: Place) {
        let mut scene = Scene::at(&place).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let inbox = Stream::Member(raw.member(scene.community).await);
        let mut request = bare(scene.community);
        request.streams = vec![from_start(Stream::Community), from_start(inbox)];
        let reply = raw.sync(&request).await;
        let follow = |page: &enishi_protocol::sync::Page| StreamRequest {
            stream: page.stream,
            grant: Some(page.grant),
            cursor: Some(page.v0),
            page: None,
        };
        let streams = reply.pages.iter().map(follow).collect();
        let mut live = raw.live(&LiveRequest { community: scene.community, era: reply.era, streams }).await;
        scene.taro.post("いってきます。");
        let mut said = String::new();
        while !said.contains("いってきます。") {
            said += &String::from_utf8_lossy(&in_time("the change", live.chunk()).await.unwrap().unwrap());
        }
        let batch = said.lines().filter_map(|line| line.strip_prefix("data: ")).find(|line| line.contains("いって"));
        let batch: Batch = serde_json::from_str(batch.unwrap()).unwrap();
        assert_eq!((batch.era, batch.stream), (reply.era, Stream::Community));
        scene.server.stop().await;
        while let Ok(Some(chunk)) = in_time("the end", live.chunk()).await {
            said += &String::from_utf8_lossy(&chunk);
        }
        assert!(said.contains("event: again"), "{said}");
        assert!(said.contains(ErrorCode::ShuttingDown.as_str()), "{said}");
    }

    async fn the_end_of_a_session_reaches_its_live_connection(place: Place) {
        let scene = Scene::at(&place).await;
        both_live(&scene).await;
        let other = scene.fresh(HANAKO).await;
        let devices = other.client().devices(other.account()).await.unwrap();
        let lost = devices.iter().find(|device| !device.this).unwrap().id;
        other.client().revoke_device(other.account(), lost).await.unwrap();
        let ended = scene.hanako.status("the connection's end", |status| !status.live);
        tokio::time::timeout(Duration::from_secs(10), ended).await.expect("within 5 s, and some patience");
    }
}
