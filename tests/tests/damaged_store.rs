//! A phone whose store is damaged, wherever the damage is: nothing is deleted, and what can be read of
//! the outbox is sent.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Error,
    feed::{Around, Selection},
    store::Salvage,
    sync::{engine::Reach, status::SyncStatus},
};
use enishi_protocol::{ErrorCode, Stream, feed::PostKind};
use enishi_tests::{Place, Raw, Scene, TestPhone, both_engines, scene::TARO, waiting::in_time};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

fn store_of(phone: &TestPhone) -> PathBuf {
    phone.folder().join("accounts").join(phone.account().to_string()).join("store.db")
}

/// Overwrites an eighth of a file.
fn damage(file: &Path, eighth: u64) {
    let mut file = fs::OpenOptions::new().write(true).open(file).unwrap();
    let length = file.metadata().unwrap().len() / 8;
    file.seek(SeekFrom::Start(length * eighth)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length).unwrap()]).unwrap();
}

fn salvage(phone: &TestPhone) -> Option<Salvage> {
    phone.client().salvaged().pop().map(|(_, salvage)| salvage)
}

/// Brings a phone in step and looks at everything; where damage shows only then, the app is started
/// once more.
async fn comes_in_step(phone: &mut TestPhone) {
    let (mark, community) = (store_of(phone).with_extension("db.damaged"), phone.community());
    match in_time("the phone to come in step, or to say why not", community.in_step(&CancellationToken::new())).await {
        Ok(()) => looks_at_everything(phone),
        Err(told) => assert_eq!(told, Error::Rejected { code: ErrorCode::StoreDamaged }),
    }
    drop(community);
    if mark.exists() {
        phone.status("the damage to be told", is_told).await;
        phone.restart().await;
        phone.in_step().await;
    }
}

fn is_told(status: &SyncStatus) -> bool {
    status.reach == Reach::Halted(ErrorCode::StoreDamaged)
}

/// What shows is of no matter here, damage included.
fn looks_at_everything(phone: &TestPhone) {
    let community = phone.community();
    let posts = community.feed(Selection::All, Around::Newest, 1_000).map(|window| window.posts).unwrap_or_default();
    for post in posts {
        drop(community.post(post.id, 1_000));
    }
    drop((community.directory("", 1_000), community.groups(), community.own_profile()));
}

/// Writes three posts offline, damages an eighth of the store, and comes back. What was salvaged.
async fn damaged_at(phone: &mut TestPhone, eighth: u64) -> Option<Salvage> {
    phone.network().set_up(false);
    let text = format!("{eighth}回目に壊れる前");
    for _ in 0..3 {
        phone.post(&text);
    }
    phone.community().store().tidy().unwrap();
    phone.kill().await;
    damage(&store_of(phone), eighth);
    phone.start_again();
    phone.network().set_up(true);
    comes_in_step(phone).await;
    let salvage = salvage(phone);
    let sent = phone.texts().iter().filter(|shown| **shown == text).count();
    // Damage that shows late finds an outbox that is already sent.
    let expected = salvage.as_ref().filter(|salvage| !salvage.whole).map_or(3, |salvage| salvage.writes);
    assert!((expected..=3).contains(&sent), "{sent} of {expected} at eighth {eighth}: {salvage:?}");
    salvage
}

both_engines! {
    async fn a_damaged_store_is_set_aside_and_what_can_be_read_of_the_outbox_is_sent(place: Place) {
        let mut scene = Scene::at(&place).await;
        Raw::signed_in(&scene.server, TARO).await.fill(scene.community, 60, 2).await;
        scene.hanako.in_step().await;
        let mut noticed = 0;
        for eighth in 0..8 {
            if let Some(salvage) = damaged_at(&mut scene.hanako, eighth).await {
                noticed += 1;
                assert!(salvage.set_aside.exists(), "it is never deleted");
            }
        }
        assert!(noticed > 0, "the damage was noticed");
        scene.assert_all_alike().await;
    }

    async fn damage_that_shows_while_the_app_runs_is_told_until_it_is_started_anew(place: Place) {
        let mut scene = Scene::at(&place).await;
        Raw::signed_in(&scene.server, TARO).await.fill(scene.community, 60, 2).await;
        scene.hanako.in_step().await;
        scene.hanako.community().store().tidy().unwrap();
        (1..8).for_each(|eighth| damage(&store_of(&scene.hanako), eighth));
        // Something new lets the phone read anew what it had read before.
        drop(scene.hanako.community().write_post(Stream::Community, PostKind::Text, "壊れたあとに書きました。", &[]));
        looks_at_everything(&scene.hanako);
        scene.hanako.status("the damage to be told", is_told).await;
        scene.hanako.restart().await;
        scene.hanako.in_step().await;
        assert!(salvage(&scene.hanako).is_some(), "what was there is set aside");
        scene.assert_all_alike().await;
    }
}
