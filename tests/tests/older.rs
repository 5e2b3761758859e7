//! Below the floor: older posts and older hits come from the server, as if the phone had held them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Community, Error,
    feed::{Around, Selection},
};
use enishi_protocol::Position;
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
}

/// What was fetched is there after the app ended, also without a network.
async fn small_starts_again(mut small: TestPhone, scene: &Scene) {
    small.restart().await;
    small.offline();
    small.seen().assert_same(&scene.hanako.seen());
}
