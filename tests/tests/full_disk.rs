//! A full disk, on the phone or under the server, whichever write it is that there is no room for: nothing is lost,
//! nothing is refused for it, and all goes on once there is room.
//!
//! With `ENISHI_TEST_LONG` each of the first two hundred writes is one that fails, else some of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Community, Error, StoreError, sync::engine::Reach};
use enishi_power::Disk;
use enishi_protocol::{PostId, Stream, feed::PostKind, invitations::Fact};
use enishi_server::{
    db::{Connection, Scope},
    error::Error as ServerError,
};
use enishi_tests::{Place, Scene, TestPhone, TestServer, both_engines, chance, place, seen::posts, waiting::until};
use std::{collections::BTreeMap, fs};
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
        let refused = community.write_post(Stream::Community, PostKind::Text, &long(), &[]);
        assert_eq!(refused, Err(Error::StorageFull));
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

/// The writes that fail, one after the other, and how many after it fail as well: that one alone, or all until
/// somebody has made room.
fn failing_writes() -> impl Iterator<Item = (u64, u64)> {
    let failing = |number: u64| if number % 4 == 1 { 1 } else { u64::MAX };
    (0..200).step_by(chance::times(9, 1)).enumerate().map(move |(number, write)| (write, failing(number as u64)))
}

/// How often each post is shown.
fn shown(community: &Community) -> BTreeMap<PostId, usize> {
    let mut counts = BTreeMap::new();
    for post in posts(community) {
        *counts.entry(post.id).or_default() += 1;
    }
    counts
}

/// Posts that the phone took; those that it did not, it had no space for.
fn write(community: &Community, most: u32) -> Vec<PostId> {
    let mut written = Vec::new();
    for number in 0..most {
        let text = format!("{number}番目。{}", "ディスクがいっぱいになるまで。".repeat(40));
        match community.write_post(Stream::Community, PostKind::Text, &text, &[]) {
            Ok(post) => written.push(post),
            Err(error) => assert_eq!(error, Error::StorageFull),
        }
    }
    written
}

/// Waits until there was no room for something, or a phone has nothing left to send.
async fn full_or_sent(disk: &Disk, phone: &TestPhone) {
    let community = phone.community();
    until("the disk to be full, or everything to be sent", async || {
        // After a failure it would wait long until it tries again.
        phone.client().push();
        (disk.was_full() || community.status().waiting == 0).then_some(())
    })
    .await;
}

/// Waits until nothing waits, and sees that nothing was refused.
async fn all_is_sent(phone: &TestPhone) {
    let community = phone.community();
    until("everything to be sent", async || {
        phone.client().push();
        (community.status().waiting == 0).then_some(())
    })
    .await;
    assert_eq!(community.needs_attention().unwrap(), [], "a full disk is no reason to refuse anything");
}

async fn a_server_at_any_write(place: Place) {
    let disk = Disk::under(&place.folder().join("server"));
    let mut scene = Scene::at(&place).await;
    let mut written = Vec::new();
    for (write_that_fails, failing) in failing_writes() {
        disk.full_after(write_that_fails, failing);
        while !disk.was_full() {
            written.extend(write(&scene.taro.community(), 6));
            full_or_sent(&disk, &scene.taro).await;
        }
        // Now and then its process dies while there is no room, and may not come up before there is.
        if write_that_fails % 4 == 2 {
            scene.server.kill().await;
            if scene.server.try_to_start().await.is_err() {
                disk.make_room();
                scene.server.start_again().await;
            }
        }
        disk.make_room();
        all_is_sent(&scene.taro).await;
    }
    scene.assert_all_alike().await;
    let once: BTreeMap<_, _> = written.iter().map(|post| (*post, 1)).collect();
    assert_eq!(shown(&scene.hanako.community()), once);
}

async fn a_phone_at_any_write(place: Place) {
    // Watched before anybody opens a file in it: 花子's is the story's first phone.
    let folder = place.folder().join("phone-0");
    let disk = Disk::under(&folder);
    let mut scene = Scene::at(&place).await;
    assert_eq!(scene.hanako.folder(), folder);
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for (write_that_fails, failing) in failing_writes() {
        disk.full_after(write_that_fails, failing);
        if write_that_fails % 3 == 0 {
            starts_again(&mut scene.hanako, &disk).await;
            disk.full_after(write_that_fails, failing);
        }
        let community = scene.hanako.community();
        while !disk.was_full() {
            // Something comes in while something goes out.
            acknowledged.extend(write(&scene.taro.community(), 2));
            let own = write(&community, 5);
            refused += 5 - own.len();
            acknowledged.extend(&own);
            match community.store().tidy() {
                Ok(()) | Err(StoreError::Full) => {}
                Err(error) => panic!("{error}"),
            }
            full_or_sent(&disk, &scene.hanako).await;
            let here = shown(&community);
            assert!(own.iter().all(|post| here.get(post) == Some(&1)), "what was taken can be read");
        }
        drop(community);
        if write_that_fails % 4 == 2 {
            starts_again(&mut scene.hanako, &disk).await;
        }
        disk.make_room();
        all_is_sent(&scene.hanako).await;
        assert_eq!(scene.hanako.client().salvaged(), [], "a full disk is no damage");
    }
    assert!(refused > 0, "there was no room for something that a member wrote");
    scene.assert_all_alike().await;
    let shown = shown(&scene.taro.community());
    for post in &acknowledged {
        assert_eq!(shown.get(post), Some(&1), "{post} was acknowledged");
    }
    assert!(shown.values().all(|times| *times == 1), "nothing is there twice");
}

/// The app dies and is started again, once there is room where it needs some.
async fn starts_again(phone: &mut TestPhone, disk: &Disk) {
    phone.kill().await;
    if let Err(error) = phone.try_to_start() {
        assert_eq!(error, Error::StorageFull);
        disk.make_room();
        phone.start_again();
    }
}

async fn a_phone_that_begins(place: Place) {
    let disk = Disk::under(&place.folder().join("phone-0"));
    let mut scene = Scene::at(&place).await;
    for number in 0..3 {
        scene.taro.post(&format!("{number}番目の知らせです。"));
    }
    scene.taro.in_step().await;
    let (mut refused, mut started) = (0, 0);
    for (write_that_fails, failing) in failing_writes() {
        scene.hanako.kill().await;
        scene.hanako.lose_store();
        disk.full_after(write_that_fails, failing);
        if let Err(error) = scene.hanako.try_to_start() {
            assert_eq!(error, Error::StorageFull, "at write {write_that_fails}");
            refused += 1;
        } else {
            started += 1;
            let community = scene.hanako.community();
            until("the disk to be full, or the phone to be in step", async || {
                scene.hanako.client().push();
                (disk.was_full() || posts(&community).len() == 3).then_some(())
            })
            .await;
            drop(community);
            scene.hanako.kill().await;
        }
        disk.make_room();
        scene.hanako.start_again();
        assert_eq!(scene.hanako.client().salvaged(), [], "half a store is no damage");
        scene.hanako.in_step().await;
        assert_eq!(scene.hanako.texts().len(), 3);
    }
    assert!(refused > 0 && started > 0);
    scene.assert_all_alike().await;
}

async fn a_server_that_begins(place: Place) {
    let disk = Disk::under(&place.folder().join("server"));
    let mut server = TestServer::start(&place).await;
    let mut refused = 0;
    for (write_that_fails, failing) in failing_writes() {
        server.kill().await;
        fs::remove_dir_all(&server.config().data).unwrap();
        disk.full_after(write_that_fails, failing);
        if server.try_to_start().await.is_err() {
            refused += 1;
            disk.make_room();
            server.start_again().await;
        }
        disk.make_room();
        server.community("縁商事", Fact::BirthDate).await;
    }
    assert!(refused > 0, "there was no room for a database");
}

#[test]
fn a_server_that_begins_without_space_begins_once_there_is_room() {
    place::on_sqlite(a_server_that_begins);
}

#[test]
fn a_server_without_space_at_any_write_keeps_what_it_acknowledged_and_goes_on() {
    place::on_sqlite(a_server_at_any_write);
}

#[test]
fn a_phone_without_space_at_any_write_keeps_what_it_acknowledged_and_goes_on() {
    place::on_sqlite(a_phone_at_any_write);
}

#[test]
fn a_phone_that_begins_without_space_begins_once_there_is_room() {
    place::on_sqlite(a_phone_that_begins);
}
