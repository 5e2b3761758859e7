//! The power goes in the middle of a write, a flush or a checkpoint, on the server's machine or on the phone:
//! what was acknowledged is there afterwards, once, and everything else wholly or not at all.
//!
//! `ENISHI_TEST_SEED=…` sets another seed; with `ENISHI_TEST_LONG` there are a thousand cuts.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::Community;
use enishi_power::Disk;
use enishi_protocol::{PostId, Stream, feed::PostKind};
use enishi_tests::{Place, Scene, TestPhone, chance, place, seen::posts, waiting::until};
use rand::{RngExt, rngs::StdRng};
use std::collections::BTreeMap;

/// Cuts on each side.
fn cuts() -> u32 {
    chance::times(25, 500)
}

/// Writes, flushes and deletions of a few transactions of a phone, or of the start of one.
const OF_A_PHONE: u64 = 150;
/// Those of a few transactions of a server, each with many posts.
const OF_A_SERVER: u64 = 200;

/// How often each post is shown.
fn shown(community: &Community) -> BTreeMap<PostId, usize> {
    let mut counts = BTreeMap::new();
    for post in posts(community) {
        *counts.entry(post.id).or_default() += 1;
    }
    counts
}

/// Writes posts until the phone cannot any more. Those that it acknowledged.
fn write(community: &Community, most: u32) -> Vec<PostId> {
    let written = |number| {
        let text = format!("{number}番目。{}", "電気が消えるまで。".repeat(40));
        community.write_post(Stream::Community, PostKind::Text, &text, &[]).ok()
    };
    (0..most).map_while(written).collect()
}

/// Waits until the power is gone, or a phone has nothing left to send.
async fn gone_or_sent(disk: &Disk, phone: &TestPhone) {
    let community = phone.community();
    until("the power to go, or everything to be sent", async || {
        // After so many failures it would wait long until it tries again.
        phone.client().push();
        (disk.is_cut() || community.status().waiting == 0).then_some(())
    })
    .await;
}

/// The power comes back, once nothing of the process that died runs any more.
async fn power_is_back(disk: &Disk, dice: &mut StdRng) {
    until("the dead process's files to be closed", async || (disk.open_files() == 0).then_some(())).await;
    disk.restore(&mut || dice.random()).unwrap();
}

async fn a_server(place: Place) {
    let mut dice = chance::dice();
    let disk = Disk::under(&place.folder().join("server"));
    let mut scene = Scene::at(&place).await;
    let (mut written, mut lost_power) = (Vec::new(), 0);
    for number in 0..cuts() {
        // Every other time all is sent before it goes.
        if number % 2 == 0 {
            disk.cut_after(disk.operations() + dice.random_range(0..OF_A_SERVER));
        }
        written.extend(write(&scene.taro.community(), 6));
        gone_or_sent(&disk, &scene.taro).await;
        lost_power += u32::from(disk.is_cut());
        // Where it has not gone it goes now: a process that ends would flush what it has.
        disk.cut();
        scene.server.kill().await;
        power_is_back(&disk, &mut dice).await;
        scene.server.start_again().await;
    }
    assert!(lost_power > 0, "it went in the middle of something");
    scene.assert_all_alike().await;
    let once: BTreeMap<_, _> = written.iter().map(|post| (*post, 1)).collect();
    assert_eq!(shown(&scene.hanako.community()), once);
}

async fn a_phone(place: Place) {
    let mut dice = chance::dice();
    // Watched before anybody opens a file in it: 花子's is the story's first phone.
    let folder = place.folder().join("phone-0");
    let disk = Disk::under(&folder);
    let mut scene = Scene::at(&place).await;
    assert_eq!(scene.hanako.folder(), folder);
    let (mut acknowledged, mut lost_power) = (Vec::new(), 0);
    for number in 0..cuts() {
        disk.cut_after(disk.operations() + dice.random_range(0..OF_A_PHONE));
        // Something comes in while something goes out.
        acknowledged.extend(write(&scene.taro.community(), 2));
        if number % 2 == 0 {
            scene.hanako.kill().await;
            if scene.hanako.try_to_start().is_err() {
                power_is_back(&disk, &mut dice).await;
                scene.hanako.start_again();
            }
        }
        acknowledged.extend(write(&scene.hanako.community(), 5));
        gone_or_sent(&disk, &scene.hanako).await;
        lost_power += u32::from(disk.is_cut());
        // Where it has not gone it goes now: a process that ends would flush what it has.
        disk.cut();
        scene.hanako.kill().await;
        power_is_back(&disk, &mut dice).await;
        scene.hanako.start_again();
        assert_eq!(scene.hanako.client().salvaged(), [], "the store is whole");
    }
    assert!(lost_power > 0, "it went in the middle of something");
    scene.assert_all_alike().await;
    let shown = shown(&scene.taro.community());
    for post in &acknowledged {
        assert_eq!(shown.get(post), Some(&1), "{post} was acknowledged");
    }
    assert!(shown.values().all(|times| *times == 1), "nothing is there twice");
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_servers_power_goes() {
    place::on_sqlite(a_server);
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_phones_power_goes() {
    place::on_sqlite(a_phone);
}
