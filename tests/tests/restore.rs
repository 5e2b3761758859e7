//! An older backup put back under phones that are ahead of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::sync::{engine::Reach, status::SyncStatus};
use enishi_protocol::{ErrorCode, Stream, groups::Joining, membership::Role};
use enishi_tests::{
    Fault, Place, Raw, Scene, TestPhone, both_engines,
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
        scene.hanako.network().set_up(false);

        scene.server.stop().await;
        scene.server.restore(&backup).await;
        scene.server.start_again().await;
        // The new history passes every version that a phone knows of the old one: what tells them apart
        // is the era alone.
        let later = Raw::signed_in(&scene.server, TARO).await.fill(scene.community, 60, 0).await;
        scene.hanako.network().set_up(true);
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
        expected.extend(later);
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
        for round in 0..2 {
            let backup = scene.server.back_up().await;
            scene.taro.post(&format!("{round}回目の控えのあとです。"));
            scene.taro.in_step().await;
            if round == 0 {
                // The first of the lost posts is here; of the second this phone never hears.
                scene.hanako.in_step().await;
                scene.hanako.network().set_up(false);
                scene.hanako.post("ずっと圏外でした。");
            }
            scene.server.stop().await;
            scene.server.restore(&backup).await;
            scene.server.start_again().await;
        }
        Raw::signed_in(&scene.server, TARO).await.fill(scene.community, 30, 0).await;
        scene.hanako.network().set_up(true);
        scene.assert_all_alike().await;
        let texts = scene.taro.texts();
        assert_eq!((texts.len(), texts[0].as_str(), texts[31].as_str()), (32, "ずっと圏外でした。", "はじめの投稿です。"));
    }

    async fn what_was_erased_since_the_backup_does_not_come_back_with_it(place: Place) {
        let mut scene = Scene::at(&place).await;
        let saburo = scene.server.admit(scene.community, "saburo@example.jp", "高橋 三郎", Role::Member).await;
        let leaver = TestPhone::signed_in(&scene.server, "saburo@example.jp").await;
        leaver.in_step().await;
        let kept = leaver.post("三郎の投稿です。");
        leaver.in_step().await;
        let erased = scene.taro.post("消してほしい投稿です。");
        let stays = scene.taro.post("残る投稿です。");
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        leaver.in_step().await;
        scene.hanako.community().write_comment(kept, None, "三郎さん、お元気で。", &[]).unwrap();
        leaver.community().write_comment(stays, None, "三郎です。ありがとう。", &[]).unwrap();
        leaver.community().react(stays, "🌸", true).unwrap();
        scene.hanako.in_step().await;
        leaver.in_step().await;
        let backup = scene.server.back_up().await;

        let community = scene.community.to_string();
        for (what, id) in [("--post", erased.to_string()), ("--member", saburo.to_string())] {
            let told = scene.server.command(&["erase", "--community", &community, what, &id]).await;
            assert_eq!(told.trim(), "erased");
        }
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["残る投稿です。"]);
        let over = |status: &SyncStatus| status.reach == Reach::Halted(ErrorCode::MembershipEnded);
        leaver.status("the membership to be over", over).await;
        assert_eq!(leaver.texts(), Vec::<String>::new(), "nothing stays readable on their phone");
        scene.taro.post("控えのあとに書きました。");
        scene.taro.in_step().await;

        scene.server.stop().await;
        scene.server.restore(&backup).await;
        scene.server.start_again().await;
        scene.assert_all_alike().await;
        let (texts, fresh) = (scene.taro.texts(), scene.fresh(TARO).await);
        assert!(texts.iter().all(|text| !text.contains("三郎") && !text.contains("消して")), "{texts:?}");
        assert!(texts.contains(&"残る投稿です。".to_owned()));
        let page = fresh.community().post(stays, 10).unwrap().unwrap();
        assert_eq!((page.comments.len(), page.post.comments, page.post.reactions.len()), (0, 0, 0));
        let names: Vec<_> = fresh.community().directory("", 10).unwrap().into_iter().map(|found| found.name).collect();
        assert!(names.iter().all(|name| !name.starts_with("高橋")), "{names:?}");
        let returned = TestPhone::signed_in(&scene.server, "saburo@example.jp").await;
        assert_eq!(returned.client().communities().len(), 0);
    }
}
