//! Offline is a state, not an error: reading, searching and writing go on, and all of it arrives.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    feed::{Delivery, Selection},
    sync::engine::Reach,
};
use enishi_tests::{
    Place, Scene, TestServer, both_engines,
    scene::{HANAKO, TARO},
    seen::posts,
};

/// What 花子 does while she has no network, and what her phone shows of it.
fn lives_offline(scene: &Scene) {
    let community = scene.hanako.community();
    let hits = community.search(Selection::All, "退職").unwrap().posts;
    assert_eq!(hits.len(), 1, "退職 is found offline");
    assert_eq!(hits[0].text, "退職して一年になりました。");
    let post = hits[0].id;
    community.write_comment(post, None, "お元気そうで何よりです。", &[]).unwrap();
    community.react(post, "🌸", true).unwrap();
    community.bookmark(post, true).unwrap();
    scene.hanako.post("トンネルの中から書いています。");
    let shown = posts(&community);
    assert_eq!(shown[0].text, "トンネルの中から書いています。");
    assert_eq!((shown[0].delivery, shown[0].position), (Delivery::Pending, None));
    let liked = shown.iter().find(|shown| shown.id == post).unwrap();
    assert_eq!((liked.comments, liked.reactions[0].count, liked.bookmarked), (1, 1, true));
    assert_eq!(community.search(Selection::All, "トンネル").unwrap().posts.len(), 1, "one's own is found as well");
}

/// The story, from when the server runs and both are in.
async fn a_day_without_network(mut scene: Scene, again: impl AsyncFn(&mut TestServer)) {
    for text in ["退職して一年になりました。", "新しい会社に移りました。"] {
        scene.taro.post(text);
    }
    scene.taro.in_step().await;
    scene.hanako.in_step().await;
    scene.hanako.network().set_up(false);
    scene.hanako.offline();
    lives_offline(&scene);
    scene.taro.post("花子さんはどうしていますか。");
    scene.taro.in_step().await;
    let before = scene.hanako.seen();
    scene.hanako.restart().await;
    scene.hanako.status("no network", |status| status.reach == Reach::Offline).await;
    scene.hanako.seen().assert_same(&before);
    scene.server.kill().await;
    again(&mut scene.server).await;
    scene.hanako.network().set_up(true);
    scene.hanako.online();
    scene.assert_all_alike().await;
    let shown = posts(&scene.hanako.community());
    assert_eq!(shown[0].text, "トンネルの中から書いています。", "it stands where it was accepted");
    assert_eq!(shown[0].id, before.posts[0].id, "its id is the one it was written under");
    assert!(shown.iter().all(|post| post.delivery == Delivery::Sent && post.position.is_some()));
    assert_eq!(shown.iter().filter(|post| post.bookmarked).count(), 1);
    assert_eq!(scene.hanako.status("nothing to wait for", |_| true).await.waiting, 0);
}

both_engines! {
    async fn a_day_without_network_ends_with_the_same_feed_on_both_phones(place: Place) {
        a_day_without_network(Scene::at(&place).await, async |server| server.start_again().await).await;
    }

    async fn a_day_without_network_ends_well_though_the_servers_program_is_killed(place: Place) {
        let scene = Scene::on(TestServer::start_process(&place).await).await;
        a_day_without_network(scene, async |server| server.start_process_again().await).await;
    }

    async fn what_was_written_just_before_the_app_was_killed_is_sent_once(place: Place) {
        let mut scene = Scene::at(&place).await;
        scene.hanako.network().plan_for("POST /v1/sync", [enishi_tests::Fault::AnswerHeld]);
        let post = scene.hanako.post("送ったところで電池が切れました。");
        scene.hanako.network().holds_an_answer().await;
        scene.hanako.kill().await;
        scene.hanako.network().release();
        scene.hanako.start_again();
        scene.assert_all_alike().await;
        let ids: Vec<_> = posts(&scene.taro.community()).into_iter().map(|post| post.id).collect();
        assert_eq!(ids, [post]);
    }

    async fn signing_in_again_as_a_new_device_sends_what_waits(place: Place) {
        let mut scene = Scene::at(&place).await;
        scene.hanako.network().set_up(false);
        scene.hanako.post("圏外で書きました。");
        let other = scene.fresh(HANAKO).await;
        let devices = other.client().devices(other.account()).await.unwrap();
        let lost = devices.iter().find(|device| !device.this).unwrap().id;
        other.client().revoke_device(other.account(), lost).await.unwrap();
        scene.hanako.network().set_up(true);
        let halted = |status: &enishi_core::sync::status::SyncStatus| matches!(status.reach, Reach::Halted(_));
        scene.hanako.client().push();
        let status = scene.hanako.status("the end of the session", halted).await;
        assert_eq!(status.reach, Reach::Halted(enishi_protocol::ErrorCode::SignedOut));
        assert_eq!(status.waiting, 1, "the outbox is kept");
        assert_eq!(scene.hanako.texts(), ["圏外で書きました。"], "and shown");
        scene.hanako.sign_in(&scene.server, HANAKO).await;
        scene.assert_all_alike().await;
        assert_eq!(scene.taro.texts(), ["圏外で書きました。"]);
        scene.assert_fresh(&scene.taro, TARO).await;
    }
}
