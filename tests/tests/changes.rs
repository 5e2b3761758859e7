//! Groups, audiences and edits: who may read what at each moment, and two who change the same.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Community, groups::Belonging};
use enishi_protocol::{
    ErrorCode, GroupId, Stream, Version,
    groups::Joining,
    membership::{Audience, ProfileField},
    sync::{StreamRequest, SyncReply},
};
use enishi_tests::{
    Fault, Place, Raw, Scene, TestPhone, both_engines,
    raw::{bare, from_start},
    scene::{HANAKO, TARO},
    seen::posts,
};

const SYNC: &str = "POST /v1/sync";

fn belongs(community: &Community, group: GroupId) -> Option<Belonging> {
    community.groups().unwrap().into_iter().find(|shown| shown.id == group).map(|shown| shown.belonging)
}

/// A group of 太郎's that whoever wishes can join, with a post in it.
async fn open_group(scene: &Scene) -> GroupId {
    let group =
        scene.taro.community().create_group("写真部", "撮った写真を見せ合います", Joining::Open, false).unwrap();
    scene.taro.post_in(Stream::Group(group), "桜を撮りました。");
    scene.taro.in_step().await;
    scene.hanako.in_step().await;
    group
}

async fn joins(phone: &TestPhone, group: GroupId) {
    phone.community().join_group(group, "").unwrap();
    phone.in_step().await;
    phone.in_step().await;
    assert_eq!(belongs(&phone.community(), group), Some(Belonging::Member));
}

async fn leaves(phone: &TestPhone, group: GroupId) {
    phone.community().leave_group(group).unwrap();
    phone.in_step().await;
    assert_eq!(belongs(&phone.community(), group), Some(Belonging::Outside));
}

fn field(phone: &TestPhone, of: &TestPhone) -> Option<String> {
    let shown = phone.community().find_member(of.community().member()).unwrap().unwrap();
    shown.fields.get(&ProfileField::Employer).cloned()
}

/// Everything of a reply that names a stream.
fn streams(reply: &SyncReply) -> Vec<Stream> {
    let batches = reply.batches.iter().map(|batch| batch.stream);
    let pages = reply.pages.iter().map(|page| page.stream);
    batches.chain(pages).chain(reply.resets.iter().map(|reset| reset.stream)).collect()
}

both_engines! {
    async fn leaving_and_rejoining_a_group_while_a_reply_is_in_flight_ends_well(place: Place) {
        let scene = Scene::at(&place).await;
        let group = open_group(&scene).await;
        joins(&scene.hanako, group).await;
        let tablet = scene.fresh(HANAKO).await;
        tablet.client().set_foreground(false);
        for (number, fault) in [Fault::AnswerHeld, Fault::AnswerLost, Fault::AnswerHeld].into_iter().enumerate() {
            scene.taro.post_in(Stream::Group(group), &format!("{number}枚目です。"));
            scene.taro.in_step().await;
            tablet.network().plan_for(SYNC, [fault]);
            tablet.post(&format!("{number}通目、返事を待っています。"));
            if fault == Fault::AnswerHeld {
                tablet.network().holds_an_answer().await;
            }
            leaves(&scene.hanako, group).await;
            scene.taro.post_in(Stream::Group(group), &format!("いない間の{number}枚目です。"));
            scene.taro.in_step().await;
            joins(&scene.hanako, group).await;
            scene.taro.post_in(Stream::Group(group), &format!("戻ってからの{number}枚目です。"));
            scene.taro.in_step().await;
            tablet.network().release();
            tablet.in_step().await;
            scene.hanako.in_step().await;
            tablet.in_step().await;
            tablet.seen().assert_same(&scene.hanako.seen());
        }
        scene.assert_all_alike().await;
    }

    async fn a_group_that_was_left_is_gone_from_the_phone_and_what_waits_for_it_is_kept(place: Place) {
        let scene = Scene::at(&place).await;
        let group = open_group(&scene).await;
        joins(&scene.hanako, group).await;
        let tablet = scene.fresh(HANAKO).await;
        tablet.network().set_up(false);
        tablet.offline();
        tablet.post_in(Stream::Group(group), "圏外から一枚。");
        leaves(&scene.hanako, group).await;
        tablet.network().set_up(true);
        tablet.online();
        tablet.in_step().await;
        let refused = tablet.community().needs_attention().unwrap();
        assert_eq!(refused.len(), 1, "a refused post is not dropped");
        assert_eq!(refused[0].yours.as_deref(), Some("圏外から一枚。"));
        assert_eq!(tablet.texts(), Vec::<String>::new(), "neither the group's posts nor the refused one are shown");
        tablet.community().discard(refused[0].id).unwrap();
        tablet.seen().assert_same(&scene.hanako.seen());
        scene.assert_fresh(&tablet, HANAKO).await;
    }

    async fn a_profile_field_narrowed_disappears_from_the_other_phones(place: Place) {
        let scene = Scene::at(&place).await;
        let group = open_group(&scene).await;
        let stranger = scene.server.member(scene.community, "高橋 次郎", enishi_protocol::membership::Role::Member).await;
        joins(&scene.hanako, group).await;
        let set = async |audience| {
            scene.taro.community().set_profile(ProfileField::Employer, Some("株式会社みらい"), audience).unwrap();
            scene.taro.in_step().await;
            scene.hanako.in_step().await;
            stranger.in_step().await;
            let shown = (field(&scene.hanako, &scene.taro).is_some(), field(&stranger, &scene.taro).is_some());
            scene.assert_fresh(&scene.hanako, HANAKO).await;
            shown
        };
        assert_eq!(set(Audience::Everyone).await, (true, true));
        assert_eq!(set(Audience::Groups).await, (true, false), "only those in a group with him");
        assert_eq!(set(Audience::Nobody).await, (false, false));
        let own = scene.taro.community().own_profile().unwrap();
        assert_eq!(own.fields[&ProfileField::Employer].value, "株式会社みらい", "he still sees it himself");
        assert_eq!(set(Audience::Hr).await, (false, false));
    }

    async fn of_two_offline_edits_of_one_post_none_is_lost(place: Place) {
        let scene = Scene::at(&place).await;
        let tablet = scene.fresh(HANAKO).await;
        let post = scene.hanako.post("集まりは金曜日です。");
        scene.hanako.in_step().await;
        tablet.in_step().await;
        for phone in [&scene.hanako, &tablet] {
            phone.network().set_up(false);
            phone.offline();
        }
        scene.hanako.community().edit_post(post, "集まりは土曜日です。", &[]).unwrap();
        tablet.community().edit_post(post, "集まりは日曜日です。", &[]).unwrap();
        assert_eq!(tablet.texts(), ["集まりは日曜日です。"]);
        for phone in [&scene.hanako, &tablet] {
            phone.network().set_up(true);
            phone.online();
            phone.in_step().await;
        }
        assert_eq!(tablet.texts(), ["集まりは土曜日です。"], "what was accepted is shown");
        let conflict = tablet.community().needs_attention().unwrap().remove(0);
        assert_eq!(conflict.reason, ErrorCode::Conflict);
        assert_eq!(conflict.yours.as_deref(), Some("集まりは日曜日です。"));
        assert_eq!(conflict.theirs.as_deref(), Some("集まりは土曜日です。"));
        tablet.community().retry(conflict.id, Some("集まりは土日の二日間です。")).unwrap();
        tablet.in_step().await;
        assert_eq!(tablet.community().needs_attention().unwrap(), []);
        scene.assert_all_alike().await;
        assert_eq!(scene.taro.texts(), ["集まりは土日の二日間です。"]);
        let history = tablet.community().post_history(post).await.unwrap();
        let texts: Vec<_> = history.iter().map(|earlier| earlier.text.as_str()).collect();
        assert_eq!(texts.len(), 2, "earlier texts are kept: {texts:?}");
    }

    async fn what_is_said_in_a_group_reaches_nobody_outside_by_any_way(place: Place) {
        let scene = Scene::at(&place).await;
        let group = scene.taro.community().create_group("秘密の会", "", Joining::Invitation, true).unwrap();
        let post = scene.taro.post_in(Stream::Group(group), "合言葉は夕焼けです。");
        scene.taro.community().write_comment(post, None, "夕焼けですね。", &[]).unwrap();
        scene.taro.community().edit_post(post, "合言葉は夕焼けのままです。", &[]).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!((scene.hanako.texts(), belongs(&scene.hanako.community(), group)), (Vec::new(), None));

        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let inside = Raw::signed_in(&scene.server, TARO).await;
        let (stream, community) = (Stream::Group(group), scene.community);
        let mut request = bare(community);
        request.streams = vec![from_start(stream), from_start(Stream::Community)];
        request.streams.push(StreamRequest { page: None, cursor: Some(Version(0)), ..from_start(stream) });
        let reply = raw.sync(&request).await;
        assert_eq!(streams(&reply), [Stream::Community]);
        assert!(!serde_json::to_string(&reply).unwrap().contains("夕焼け"));
        assert!(streams(&inside.sync(&request).await).contains(&stream), "the request itself is sound");
        let paths = [
            format!("/v1/communities/{community}/posts/{post}/history"),
            format!("/v1/communities/{community}/feed?stream={stream}&before=1000"),
            format!("/v1/communities/{community}/search?q=%E5%A4%95%E7%84%BC%E3%81%91"),
        ];
        for path in paths {
            let (outside, inside) = (raw.get(&path).await, inside.get(&path).await);
            assert!(!String::from_utf8_lossy(&outside.bytes).contains("夕焼け"), "{path}");
            assert!(inside.status.is_success(), "{path}: {}", inside.json());
        }
        let reacting = enishi_protocol::feed::Reacting { post, reaction: "👀".into(), on: true };
        let refused = raw.write(community, &[enishi_protocol::Operation::React(reacting)]).await.remove(0).1;
        assert_eq!(refused, enishi_protocol::sync::Outcome::Refused(ErrorCode::NotFound));
        assert_eq!(posts(&scene.taro.community()).len(), 1);
    }
}
