//! An older backup put back under phones that are ahead of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{Stream, groups::Joining};
use enishi_tests::{
    Fault, Place, Scene, both_engines,
    scene::{HANAKO, TARO},
    seen::posts,
};

const SYNC: &str = "POST /v1/sync";

both_engines! {
    async fn phones_ahead_of_a_restored_backup_come_back_and_send_again_what_they_still_hold(place: Place) {
        let mut scene = Scene::at(&place).await;
        let kept = scene.taro.post("控えに入っている投稿です。");
        let group = scene.taro.community().create_group("写真部", "", Joining::Open, false).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().join_group(group, "").unwrap();
        scene.hanako.in_step().await;
        let tablet = scene.fresh(HANAKO).await;
        let backup = scene.server.back_up().await;

        let lost = scene.hanako.post("控えのあとに書きました。");
        scene.hanako.community().edit_post(lost, "控えのあとに書き直しました。", &[]).unwrap();
        scene.hanako.community().react(kept, "🌸", true).unwrap();
        scene.taro.community().write_comment(kept, None, "控えのあとの返事です。", &[]).unwrap();
        scene.taro.post_in(Stream::Group(group), "控えのあとの写真です。");
        scene.taro.community().edit_post(kept, "控えのあとに直しました。", &[]).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().leave_group(group).unwrap();
        scene.hanako.in_step().await;
        tablet.in_step().await;
        tablet.network().plan_for(SYNC, [Fault::AnswerLost]);
        let resent = tablet.post("届いたかどうか分からない投稿です。");
        scene.hanako.until("the post", |community| posts(community).iter().find(|post| post.id == resent).map(drop)).await;
        tablet.network().set_up(false);
        scene.taro.network().set_up(false);
        scene.taro.offline();
        let offline = scene.taro.post("圏外のうちに復元されました。");

        scene.server.stop().await;
        scene.server.restore(&backup).await;
        scene.server.start_again().await;
        tablet.network().set_up(true);
        scene.taro.network().set_up(true);
        scene.taro.online();
        tablet.in_step().await;
        scene.taro.in_step().await;
        tablet.in_step().await;
        scene.hanako.in_step().await;
        tablet.seen().assert_same(&scene.hanako.seen());
        let mut ids: Vec<_> = posts(&scene.taro.community()).iter().map(|post| post.id).collect();
        ids.sort();
        let mut expected = vec![kept, resent, offline];
        expected.sort();
        assert_eq!(ids, expected, "what was acknowledged after the backup is gone, all else is there, once");
        scene.assert_fresh(&scene.hanako, HANAKO).await;
        scene.assert_fresh(&scene.taro, TARO).await;
        assert_eq!(scene.hanako.community().groups().unwrap().len(), 1);
    }

    async fn a_phone_that_was_away_during_two_restores_comes_back(place: Place) {
        let mut scene = Scene::at(&place).await;
        scene.taro.post("はじめの投稿です。");
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.network().set_up(false);
        scene.hanako.post("ずっと圏外でした。");
        for round in 0..2 {
            let backup = scene.server.back_up().await;
            scene.taro.post(&format!("{round}回目の控えのあとです。"));
            scene.taro.in_step().await;
            scene.server.stop().await;
            scene.server.restore(&backup).await;
            scene.server.start_again().await;
        }
        scene.hanako.network().set_up(true);
        scene.assert_all_alike().await;
        assert_eq!(scene.taro.texts(), ["ずっと圏外でした。", "はじめの投稿です。"]);
    }
}
