//! First sync: the first screen does not wait for history, and a cut at any page does no harm.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::feed::{Around, Selection};
use enishi_tests::{
    Fault, Place, Raw, Scene, TestPhone, both_engines,
    scene::{HANAKO, TARO},
};

const SYNC: &str = "POST /v1/sync";
const POSTS: usize = 320;
const COMMENTS: usize = 5;
const FIRST_SCREEN: usize = 50;

/// A community whose feed takes several pages.
async fn with_history(place: &Place) -> Scene {
    let scene = Scene::at(place).await;
    Raw::signed_in(&scene.server, TARO).await.fill(scene.community, POSTS, COMMENTS).await;
    scene.hanako.in_step().await;
    scene.taro.in_step().await;
    scene
}

/// Empties a phone and brings it in step; its n-th sync answer meets the fault. False where fewer requests were needed.
async fn cut_at(phone: &mut TestPhone, request: usize, fault: Fault) -> bool {
    let faults = std::iter::repeat_n(Fault::None, request).chain([fault]);
    phone.kill().await;
    phone.lose_store();
    phone.network().plan_for(SYNC, faults);
    phone.start_again();
    phone.in_step().await;
    let met = phone.network().left() == 0;
    phone.network().plan(None);
    met
}

both_engines! {
    async fn the_first_answer_fills_the_first_screen(place: Place) {
        let scene = with_history(&place).await;
        let mut phone = TestPhone::new(&scene.server).await;
        phone.network().plan_for(SYNC, [Fault::None, Fault::AnswerHeld]);
        phone.sign_in(&scene.server, HANAKO).await;
        phone.network().holds_an_answer().await;
        let shown = phone.community().feed(Selection::All, Around::Newest, FIRST_SCREEN).unwrap();
        let whole = scene.hanako.community().feed(Selection::All, Around::Newest, FIRST_SCREEN).unwrap();
        assert_eq!(shown.posts, whole.posts, "with authors and counts");
        assert_eq!(shown.posts.len(), FIRST_SCREEN);
        assert!(shown.posts.iter().all(|post| post.author_name.is_some() && post.comments == 5));
        assert!(shown.filling, "and it says that older ones are on their way");
        phone.post("読みながら、もう書いています。");
        phone.network().release();
        phone.in_step().await;
        scene.hanako.in_step().await;
        phone.seen().assert_same(&scene.hanako.seen());
    }

    async fn a_first_sync_cut_at_any_page_ends_like_one_that_was_not(place: Place) {
        let scene = with_history(&place).await;
        let whole = scene.hanako.seen();
        assert_eq!(whole.posts.len(), POSTS);
        let mut phone = scene.fresh(HANAKO).await;
        for fault in [Fault::AnswerLost, Fault::CutAfter(10_000), Fault::RequestLost] {
            let mut requests = 0;
            while cut_at(&mut phone, requests, fault).await {
                phone.seen().assert_same(&whole);
                requests += 1;
            }
            assert!(requests > 4, "history takes several requests, here {requests}");
        }
    }

    async fn a_first_sync_goes_on_where_the_app_was_killed(place: Place) {
        let scene = with_history(&place).await;
        let whole = scene.hanako.seen();
        let mut phone = scene.fresh(HANAKO).await;
        for request in 0..5 {
            phone.kill().await;
            phone.lose_store();
            phone.network().plan_for(SYNC, std::iter::repeat_n(Fault::None, request).chain([Fault::AnswerHeld]));
            phone.start_again();
            phone.network().holds_an_answer().await;
            phone.kill().await;
            phone.network().release();
            let asked = phone.network().requests_to(SYNC);
            phone.start_again();
            phone.in_step().await;
            phone.seen().assert_same(&whole);
            let more = phone.network().requests_to(SYNC) - asked;
            assert!(more <= 8 - request, "{more} requests after {request}: it begins where it was");
        }
    }

    async fn what_changes_during_a_first_sync_is_not_lost_and_what_goes_does_not_come_back(place: Place) {
        let scene = with_history(&place).await;
        let mut phone = scene.fresh(HANAKO).await;
        let oldest = scene.taro.seen().posts.pop().unwrap().id;
        let (changed, gone) = (scene.taro.seen().posts[POSTS - 2].id, oldest);
        for (round, request) in (1..5).enumerate() {
            phone.kill().await;
            phone.lose_store();
            phone.network().plan_for(SYNC, std::iter::repeat_n(Fault::None, request).chain([Fault::AnswerHeld]));
            phone.start_again();
            phone.network().holds_an_answer().await;
            scene.taro.community().edit_post(changed, &format!("{round}回目に書き直しました。"), &[]).unwrap();
            if round == 0 {
                scene.taro.community().delete_post(gone).unwrap();
            }
            scene.taro.post(&format!("{round}回目の間に"));
            scene.taro.in_step().await;
            phone.network().release();
            phone.in_step().await;
            scene.hanako.in_step().await;
            phone.seen().assert_same(&scene.hanako.seen());
            assert!(phone.seen().posts.iter().all(|post| post.id != gone));
        }
    }
}
