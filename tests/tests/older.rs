//! Below the floor: older posts and older hits come from the server, as if the phone had held them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Community, Error,
    feed::{Around, Selection},
};
use enishi_protocol::{Position, PostId, Stream, groups::Joining};
use enishi_tests::{
    Place, Raw, Scene, TestPhone, both_engines,
    scene::{HANAKO, TARO},
    seen::posts,
    test_phone::Setup,
    waiting::in_time,
};
use tokio_util::sync::CancellationToken;

const POSTS: usize = 320;
const COMMENTS: usize = 5;
const FLOOR: usize = 60;
const ALL: usize = 10_000;

/// A community with a history, and another phone of 花子's that holds little of it.
async fn with_a_small_phone(place: &Place) -> (Scene, TestPhone) {
    let scene = Scene::at(place).await;
    Raw::signed_in(&scene.server, TARO).await.fill(scene.community, POSTS, COMMENTS).await;
    scene.hanako.in_step().await;
    scene.taro.in_step().await;
    let setup = Setup { floor_posts: Some(FLOOR), ..Setup::default() };
    let mut small = TestPhone::set_up(&scene.server, setup).await;
    small.sign_in(&scene.server, HANAKO).await;
    small.in_step().await;
    small.until("the trimmed feed", |community| (posts(community).len() == FLOOR).then_some(())).await;
    (scene, small)
}

/// Scrolls down to the first post; how many parts were fetched.
async fn scroll_down(community: &Community) -> usize {
    for fetched in 0.. {
        let window = community.feed(Selection::All, Around::Newest, ALL).unwrap();
        assert_eq!(window.more_below, window.older.is_some());
        let Some(older) = window.older else { return fetched };
        assert!(!older.offline);
        in_time("older posts", community.older(older.stream, older.before, &CancellationToken::new())).await.unwrap();
    }
    unreachable!()
}

both_engines! {
    async fn scrolling_down_shows_what_a_phone_with_everything_shows(place: Place) {
        let (scene, small) = with_a_small_phone(&place).await;
        let (whole, community) = (scene.hanako.community(), small.community());
        assert_eq!(posts(&community)[..], posts(&whole)[..FLOOR]);
        assert!(scroll_down(&community).await > 1, "it takes several parts");
        small.seen().assert_same(&scene.hanako.seen());

        let old = posts(&community)[POSTS - 10].id;
        let gone = posts(&community)[POSTS - 11].id;
        scene.taro.community().edit_post(old, "書き直しました。", &[]).unwrap();
        scene.taro.community().delete_post(gone).unwrap();
        scene.taro.community().react(old, "🌸", true).unwrap();
        community.write_comment(old, None, "懐かしいですね。", &[]).unwrap();
        small.in_step().await;
        scene.taro.in_step().await;
        small.in_step().await;
        scene.hanako.in_step().await;
        small.seen().assert_same(&scene.hanako.seen());

        drop(community);
        small_starts_again(small, &scene).await;
    }

    async fn older_hits_come_from_the_server_and_join_those_that_the_phone_found(place: Place) {
        let (scene, small) = with_a_small_phone(&place).await;
        let community = small.community();
        let mut hits = community.search(Selection::All, "退職").unwrap();
        assert_eq!(hits.posts.len(), 50);
        let never = CancellationToken::new();
        while let Some(before) = hits.ended {
            let asked = community.search_older(Selection::All, "退職", before, &never);
            hits = hits.with_older(in_time("older hits", asked).await.unwrap());
        }
        assert_eq!(hits.posts, posts(&scene.hanako.community()));
        let asked = community.search_older(Selection::All, "4番目の返事", Position(i64::MAX), &never);
        let found = in_time("comments", asked).await.unwrap();
        assert_eq!((found.posts.len(), found.comments.len(), found.ended.is_some()), (0, 50, true));
        assert!(found.comments.iter().all(|hit| hit.comment.text == "4番目の返事"));
    }

    async fn offline_the_window_says_that_older_posts_have_to_wait(place: Place) {
        let (_scene, small) = with_a_small_phone(&place).await;
        let community = small.community();
        let mut feed = community.follow_feed(Selection::All, Around::Newest, ALL).unwrap();
        small.offline();
        let older = in_time("the window to say so", async {
            loop {
                match feed.latest().older {
                    Some(older) if older.offline => return older,
                    _ => drop(feed.next().await),
                }
            }
        })
        .await;
        let never = CancellationToken::new();
        assert_eq!(community.older(older.stream, older.before, &never).await, Err(Error::Offline));
        let asked = community.search_older(Selection::All, "退職", older.before, &never);
        assert_eq!(asked.await.unwrap_err(), Error::Offline);
        assert_eq!(posts(&community).len(), FLOOR);
        small.online();
        small.in_step().await;
        in_time("older posts", community.older(older.stream, older.before, &never)).await.unwrap();
        assert!(posts(&community).len() > FLOOR);
    }

    async fn what_was_bookmarked_on_another_phone_comes_by_itself_is_followed_and_goes(place: Place) {
        let (scene, mut small) = with_a_small_phone(&place).await;
        let all = posts(&scene.hanako.community());
        let marked: Vec<PostId> = [POSTS - 1, POSTS - 40, FLOOR + 1].map(|at| all[at].id).into();
        for post in &marked {
            assert_eq!(small.community().post(*post, 10).unwrap(), None, "the phone does not hold it");
            scene.hanako.community().bookmark(*post, true).unwrap();
        }
        scene.hanako.in_step().await;
        let whole = |community: &Community, post: PostId| community.post(post, 10).unwrap();
        for post in &marked {
            let shown = small.until("a bookmarked post", |community| whole(community, *post)).await;
            assert_eq!(Some(shown), whole(&scene.hanako.community(), *post));
        }
        assert_eq!(posts(&small.community()).len(), FLOOR, "a gap is not shown as none");

        let [edited, deleted, released] = marked[..] else { unreachable!() };
        scene.taro.community().edit_post(edited, "書き直しました。", &[]).unwrap();
        scene.taro.community().write_comment(edited, None, "補足です。", &[]).unwrap();
        scene.taro.community().delete_post(deleted).unwrap();
        scene.taro.in_step().await;
        scene.hanako.community().bookmark(released, false).unwrap();
        scene.hanako.in_step().await;
        small.in_step().await;
        assert_eq!(whole(&small.community(), edited), whole(&scene.hanako.community(), edited));
        assert_eq!(whole(&small.community(), deleted), None);
        small.restart().await;
        small.until("room made for others", |community| whole(community, released).is_none().then_some(())).await;
        small.offline();
        assert_eq!(whole(&small.community(), edited).map(|page| page.post.text), Some("書き直しました。".into()));
    }

    async fn a_bookmarked_post_goes_from_every_phone_with_the_right_to_read_it(place: Place) {
        let (scene, small) = with_a_small_phone(&place).await;
        let group = scene.taro.community().create_group("写真部", "", Joining::Open, false).unwrap();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().join_group(group, "").unwrap();
        scene.hanako.in_step().await;
        let old = scene.taro.post_in(Stream::Group(group), "古い写真です。");
        for number in 0..FLOOR {
            scene.taro.post_in(Stream::Group(group), &format!("{number}枚目"));
        }
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().bookmark(old, true).unwrap();
        scene.hanako.in_step().await;
        let mut fresh = TestPhone::set_up(&scene.server, Setup { floor_posts: Some(5), ..Setup::default() }).await;
        fresh.sign_in(&scene.server, HANAKO).await;
        fresh.in_step().await;
        let shows = |community: &Community| community.post(old, 10).unwrap();
        fresh.until("the bookmarked post", shows).await;
        fresh.restart().await;
        fresh.until("the bookmarked post, trimmed or fetched", shows).await;
        scene.hanako.community().leave_group(group).unwrap();
        scene.hanako.in_step().await;
        for phone in [&small, &fresh] {
            phone.in_step().await;
            phone.until("the post to be gone", |community| shows(community).is_none().then_some(())).await;
        }
    }
}

/// What was fetched is there after the app ended, also without a network.
async fn small_starts_again(mut small: TestPhone, scene: &Scene) {
    small.restart().await;
    small.offline();
    small.seen().assert_same(&scene.hanako.seen());
}
