//! Notifications on real phones: each once, read on all of a member's devices, and none from before.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::notifications::Notification;
use enishi_protocol::{
    PostId, Stream,
    feed::PostKind,
    groups::Joining,
    notifications::{Level, NotificationKind},
};
use enishi_tests::{
    Place, Scene, TestPhone, both_engines,
    scene::{HANAKO, TARO},
};

fn items(phone: &TestPhone) -> Vec<Notification> {
    phone.community().notifications(50).unwrap().items
}

fn kinds(phone: &TestPhone) -> Vec<NotificationKind> {
    items(phone).into_iter().map(|item| item.kind).collect()
}

fn unread(phone: &TestPhone) -> usize {
    phone.community().notifications(50).unwrap().unread
}

/// 花子 says something under 太郎's post.
async fn answered(scene: &Scene) -> PostId {
    let post = scene.taro.post("そば屋を始めました。");
    scene.taro.in_step().await;
    scene.hanako.in_step().await;
    let taro = scene.taro.community().member();
    scene.hanako.community().write_comment(post, None, "行きます。", &[]).unwrap();
    scene.hanako.community().write_comment(post, None, "太郎さん、何曜日が休みですか。", &[taro]).unwrap();
    scene.hanako.in_step().await;
    scene.taro.in_step().await;
    post
}

both_engines! {
    async fn what_was_read_on_one_phone_is_read_on_the_other(place: Place) {
        let scene = Scene::at(&place).await;
        answered(&scene).await;
        assert_eq!(kinds(&scene.taro), [NotificationKind::Mention, NotificationKind::Comment]);
        assert_eq!(items(&scene.taro)[0].by_name.as_deref(), Some("佐藤 花子"));
        assert!(items(&scene.taro).iter().all(|item| item.alert));
        let tablet = scene.fresh(TARO).await;
        assert_eq!(items(&tablet), items(&scene.taro), "a second device makes the same ones");
        scene.taro.offline();
        let newest = items(&scene.taro)[0].place;
        scene.taro.community().read_notifications(newest).unwrap();
        assert_eq!(unread(&scene.taro), 0, "read without network");
        scene.taro.online();
        scene.taro.in_step().await;
        tablet.in_step().await;
        assert_eq!(unread(&tablet), 0);
        assert!(items(&tablet).iter().all(|item| !item.alert), "no device draws attention to it again");
        let third = scene.fresh(TARO).await;
        assert_eq!(items(&third), items(&tablet));
        assert_eq!(items(&scene.hanako), [], "nobody is told of what they said themselves");
    }

    async fn an_empty_store_makes_the_same_notifications_again_and_no_new_ones(place: Place) {
        let mut scene = Scene::at(&place).await;
        answered(&scene).await;
        let newest = items(&scene.taro)[0].place;
        scene.taro.community().read_notifications(newest).unwrap();
        scene.taro.in_step().await;
        let before = items(&scene.taro);
        scene.taro.kill().await;
        scene.taro.lose_store();
        scene.taro.start_again();
        scene.taro.in_step().await;
        assert_eq!(items(&scene.taro), before);
        assert_eq!(unread(&scene.taro), 0);
    }

    async fn whoever_joins_later_is_not_told_of_what_was_said_before(place: Place) {
        let scene = Scene::at(&place).await;
        let announce = scene.server.member(scene.community, "人事 窓口", enishi_protocol::membership::Role::Admin).await;
        let tell = |text| announce.community().write_post(Stream::Community, PostKind::Announcement, text, &[]).unwrap();
        tell("先月のお知らせです。");
        announce.in_step().await;
        let late = scene.server.member(scene.community, "高橋 次郎", enishi_protocol::membership::Role::Member).await;
        assert_eq!(items(&late), []);
        tell("総会を開きます。");
        announce.in_step().await;
        late.in_step().await;
        assert_eq!(kinds(&late), [NotificationKind::Announcement]);
        assert_eq!(items(&late)[0].text, "総会を開きます。");
    }

    async fn a_group_asks_and_answers(place: Place) {
        let scene = Scene::at(&place).await;
        let group = scene.taro.community().create_group("写真部", "", Joining::Request, false).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().join_group(group, "撮るのが好きです").unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(kinds(&scene.taro), [NotificationKind::JoinRequest]);
        let request = scene.taro.community().join_requests().unwrap()[0].id;
        scene.taro.community().decide(request, Some(group), true).unwrap();
        assert_eq!(items(&scene.taro), [], "what is decided asks for nothing, also before it is sent");
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!(kinds(&scene.hanako), [NotificationKind::Decision]);
        assert_eq!(items(&scene.hanako)[0].accepted, Some(true));

        let inside = scene.hanako.post_in(Stream::Group(group), "はじめまして。");
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        scene.taro.community().write_comment(inside, None, "ようこそ。", &[]).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!(items(&scene.hanako)[0].group, Some(group));
        scene.hanako.community().set_group_notifications(group, Level::List).unwrap();
        assert!(items(&scene.hanako).iter().all(|item| !item.alert), "the whole group is silent, without network as well");
        scene.hanako.in_step().await;
        let tablet = scene.fresh(HANAKO).await;
        assert_eq!(items(&tablet), items(&scene.hanako));
        scene.hanako.community().leave_group(group).unwrap();
        scene.hanako.in_step().await;
        assert_eq!(kinds(&scene.hanako), [NotificationKind::Decision], "nothing of a group that was left is told");
    }

    async fn a_restored_server_neither_repeats_nor_loses_a_notification(place: Place) {
        let scene = Scene::at(&place).await;
        answered(&scene).await;
        let before = items(&scene.taro);
        let (scope, community) = (enishi_server::db::Scope::Community(scene.community), scene.community);
        let anew = move |conn: &mut dyn enishi_server::db::Connection| {
            let surroundings = enishi_server::surroundings::RealSurroundings;
            Ok(enishi_server::sync::chores::new_era(conn, &surroundings, community, &[])?)
        };
        scene.server.write(scope, anew).await.unwrap();
        scene.taro.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(items(&scene.taro), before);
    }
}
