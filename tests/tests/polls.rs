//! Polls between real phones: voted on offline, counted once, and who chose what told to nobody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Community, feed::Delivery, polls::PollView};
use enishi_protocol::{ErrorCode, PostId, Stream, membership::Role, polls::Poll};
use enishi_tests::{
    Place, Raw, Scene, TestPhone, both_engines,
    raw::{bare, from_start},
    scene::TARO,
};

fn poll() -> Poll {
    Poll { options: ["金曜", "土曜"].map(str::to_owned).into(), several: false, closes_us: None }
}

fn shown(community: &Community, post: PostId) -> PollView {
    community.post(post, 0).unwrap().unwrap().post.poll.unwrap()
}

fn votes(community: &Community, post: PostId) -> Vec<Option<i64>> {
    shown(community, post).options.iter().map(|option| option.votes).collect()
}

async fn others(scene: &Scene, count: usize) -> Vec<TestPhone> {
    let mut phones = Vec::new();
    for number in 0..count {
        phones.push(scene.server.member(scene.community, &format!("会員 {number}"), Role::Member).await);
    }
    phones
}

both_engines! {
    async fn a_vote_without_network_shows_at_once_and_arrives(place: Place) {
        let scene = Scene::at(&place).await;
        let others = others(&scene, 4).await;
        let post = scene.taro.community().write_poll(Stream::Community, "いつ集まりますか。", poll(), &[]).unwrap();
        scene.taro.in_step().await;
        for (number, phone) in others.iter().enumerate() {
            phone.in_step().await;
            phone.community().vote(post, &[u8::from(number == 3)]).unwrap();
            phone.in_step().await;
        }
        scene.hanako.in_step().await;
        assert_eq!(votes(&scene.hanako.community(), post), [None, None], "four voters are too few for numbers");
        scene.hanako.network().set_up(false);
        scene.hanako.offline();
        scene.hanako.community().vote(post, &[1]).unwrap();
        let offline = shown(&scene.hanako.community(), post);
        assert_eq!((offline.voters, offline.options[1].own), (5, true), "it shows without network");
        scene.hanako.network().set_up(true);
        scene.hanako.online();
        scene.hanako.in_step().await;
        assert_eq!(votes(&scene.hanako.community(), post), [Some(3), Some(2)]);
        scene.assert_all_alike().await;
        let seen = shown(&scene.taro.community(), post);
        assert_eq!((seen.voters, seen.options.iter().any(|option| option.own)), (5, false));
    }

    async fn two_phones_of_one_member_cast_one_vote(place: Place) {
        let scene = Scene::at(&place).await;
        let tablet = scene.fresh(TARO).await;
        let post = scene.hanako.community().write_poll(Stream::Community, "いつ？", poll(), &[]).unwrap();
        scene.hanako.in_step().await;
        for (phone, choice) in [(&scene.taro, 0), (&tablet, 1)] {
            phone.in_step().await;
            phone.offline();
            phone.community().vote(post, &[choice]).unwrap();
        }
        for phone in [&scene.taro, &tablet, &scene.taro] {
            phone.online();
            phone.in_step().await;
        }
        let seen = shown(&scene.taro.community(), post);
        let own: Vec<_> = seen.options.iter().map(|option| option.own).collect();
        assert_eq!((seen.voters, own), (1, vec![false, true]), "what came last counts");
        scene.assert_all_alike().await;
    }

    async fn a_vote_that_comes_after_the_end_needs_attention_and_the_former_one_stays(place: Place) {
        let scene = Scene::at(&place).await;
        let community = scene.taro.community();
        let kept = community.write_poll(Stream::Community, "いつ？", poll(), &[]).unwrap();
        scene.taro.in_step().await;
        community.vote(kept, &[0]).unwrap();
        scene.taro.in_step().await;
        // A closing time in the past stands for one that passed while the phone was away.
        let close = "UPDATE post SET poll = '{\"options\":[\"金曜\",\"土曜\"],\"closes_us\":1}' WHERE community = $1";
        let (scope, id) = (enishi_server::db::Scope::Community(scene.community), scene.community);
        scene.server.write(scope, move |conn| Ok(conn.execute(close, enishi_server::values![id])?)).await.unwrap();
        community.vote(kept, &[1]).unwrap();
        scene.taro.in_step().await;
        let refused = community.needs_attention().unwrap();
        assert_eq!(refused.iter().map(|item| item.reason).collect::<Vec<_>>(), [ErrorCode::PollClosed]);
        assert!(shown(&community, kept).options[0].own);
        assert_eq!(community.post(kept, 0).unwrap().unwrap().post.delivery, Delivery::Sent);
    }

    async fn no_answer_of_the_server_says_who_chose_what(place: Place) {
        let scene = Scene::at(&place).await;
        let others = others(&scene, 5).await;
        let post = scene.hanako.community().write_poll(Stream::Community, "いつ？", poll(), &[]).unwrap();
        scene.hanako.in_step().await;
        for phone in &others {
            phone.in_step().await;
            phone.community().vote(post, &[1]).unwrap();
            phone.in_step().await;
        }
        let raw = Raw::signed_in(&scene.server, TARO).await;
        let mut request = bare(scene.community);
        request.streams = vec![from_start(Stream::Community), from_start(Stream::Member(others[0].community().member()))];
        let reply = serde_json::to_string(&raw.sync(&request).await).unwrap();
        assert!(reply.contains(r#""poll":{"voters":5,"votes":[0,5]}"#), "{reply}");
        assert!(!reply.contains("my_vote"));
    }
}
