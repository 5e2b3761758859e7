//! A full disk, on the phone or under the server: nothing is lost, nothing is refused for it, and all
//! goes on once there is room.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Error, sync::engine::Reach};
use enishi_protocol::Stream;
use enishi_server::{
    db::{Connection, Scope},
    error::Error as ServerError,
};
use enishi_tests::{Place, Scene, both_engines, place, seen::posts};
use tokio_util::sync::CancellationToken;

/// Longer than the room that is left.
fn long() -> String {
    "長い話です。".repeat(3_000)
}

both_engines! {
    async fn a_phone_without_space_keeps_what_it_has_and_takes_the_rest_once_there_is_room(place: Place) {
        let scene = Scene::at(&place).await;
        let kept = scene.hanako.post("空きがあるうちに書きました。");
        scene.hanako.in_step().await;
        let community = scene.hanako.community();
        community.store().limit_pages(Some(4)).unwrap();
        for _ in 0..10 {
            scene.taro.post(&long());
        }
        scene.taro.in_step().await;
        scene.hanako.client().push();
        scene.hanako.status("the phone to say that it has no space", |status| status.storage_full).await;
        assert!(posts(&community).iter().any(|post| post.id == kept), "what is here can be read");
        let before = posts(&community);
        let kind = enishi_protocol::feed::PostKind::Text;
        assert_eq!(community.write_post(Stream::Community, kind, &long(), &[]), Err(Error::StorageFull));
        assert_eq!(posts(&community), before, "what was not written does not show");
        community.store().limit_pages(None).unwrap();
        scene.hanako.client().push();
        scene.hanako.in_step().await;
        assert!(!community.status().storage_full);
        assert_eq!(community.needs_attention().unwrap(), []);
        scene.assert_all_alike().await;
    }
}

/// Leaves the server's disk so many pages, or as many as there are.
async fn leave(scene: &Scene, more: Option<i64>) {
    let limit = move |conn: &mut dyn Connection| -> Result<(), ServerError> {
        let pages: i64 = conn.first("PRAGMA page_count", &[])?.unwrap().get(0)?;
        let limit = more.map_or(1 << 30, |more| pages + more);
        conn.query(&format!("PRAGMA max_page_count = {limit}"), &[])?;
        Ok(())
    };
    scene.server.write(Scope::Whole, limit).await.unwrap();
}

async fn a_server_without_space(place: Place) {
    let scene = Scene::at(&place).await;
    let kept = scene.taro.post("空きがあるうちに書きました。");
    scene.taro.in_step().await;
    leave(&scene, Some(4)).await;
    let mut written = vec![kept];
    for _ in 0..5 {
        written.push(scene.hanako.post(&long()));
    }
    let waits = |status: &enishi_core::sync::status::SyncStatus| status.reach == Reach::Offline && !status.calling;
    scene.hanako.status("the server to say that it has no space", waits).await;
    for _ in 0..3 {
        assert_eq!(scene.hanako.community().sync_now(&CancellationToken::new()).await, Err(Error::Offline));
    }
    assert_eq!(scene.hanako.community().needs_attention().unwrap(), [], "it is no reason to refuse anything");
    scene.taro.in_step().await;
    assert_eq!(scene.taro.texts(), ["空きがあるうちに書きました。"], "reading goes on");
    leave(&scene, None).await;
    scene.hanako.client().push();
    scene.hanako.in_step().await;
    scene.assert_all_alike().await;
    let mut shown: Vec<_> = posts(&scene.taro.community()).into_iter().map(|post| post.id).collect();
    shown.reverse();
    assert_eq!(shown, written, "all of it, once, in order");
}

#[test]
fn a_server_without_space_refuses_nothing_and_goes_on_once_there_is_room_on_sqlite() {
    place::on_sqlite(a_server_without_space);
}
