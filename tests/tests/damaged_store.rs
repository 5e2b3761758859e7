//! A phone whose store is damaged, wherever the damage is: nothing is deleted, and what can be read of
//! the outbox is sent. What cannot is told.
//!
//! `ENISHI_TEST_SEED=…` sets another seed; with `ENISHI_TEST_LONG` there are five hundred damages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "stories are tests")]

use enishi_core::{
    Error,
    feed::{Around, Selection},
    store::Salvage,
    sync::{engine::Reach, status::SyncStatus},
};
use enishi_power::Disk;
use enishi_protocol::{ErrorCode, Stream, feed::PostKind};
use enishi_tests::{
    Place, Raw, Scene, TestPhone, both_engines, chance, place,
    scene::TARO,
    waiting::{in_time, until},
};
use rand::{RngExt, rngs::StdRng};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    panic,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
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

/// Damage of an earlier round may show only where something is written. It is told, and once the app is started anew, what
/// can be read of the outbox is set aside. What was salvaged.
async fn starts_anew(phone: &mut TestPhone) -> Option<Salvage> {
    phone.status("the damage to be told", is_told).await;
    phone.network().set_up(true);
    phone.restart().await;
    comes_in_step(phone).await;
    salvage(phone)
}

/// Writes a post. Whether it was taken: what is not taken may have no other reason than damage.
fn is_taken(phone: &TestPhone, text: &str) -> bool {
    match phone.community().write_post(Stream::Community, PostKind::Text, text, &[]) {
        Ok(_) => true,
        Err(refused) => {
            assert_eq!(refused, Error::Rejected { code: ErrorCode::StoreDamaged });
            false
        }
    }
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
    if !(0..3).all(|_| is_taken(phone, &text)) {
        return starts_anew(phone).await;
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

/// What becomes of the files of a store.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// Bits of a file are not what was written.
    Flipped(&'static str),
    /// A file ends early.
    Short(&'static str),
    /// A file is gone.
    Missing(&'static str),
    /// The phone's own keeper lost the key.
    KeyLost,
}

/// Mostly the database and its log, and now and then what lies beside them.
fn any_damage(dice: &mut StdRng) -> Damage {
    match dice.random_range(0..20) {
        0..6 => Damage::Flipped(""),
        6..10 => Damage::Flipped("-wal"),
        10..12 => Damage::Short(""),
        12..15 => Damage::Short("-wal"),
        15..17 => Damage::Missing("-wal"),
        17 => Damage::KeyLost,
        18 => Damage::Flipped(".key"),
        _ => Damage::Flipped(".tip"),
    }
}

impl Damage {
    /// A log that the phone had emptied just before is not there, and nothing happens to it.
    fn happen(self, phone: &TestPhone, dice: &mut StdRng) {
        let (Self::Flipped(suffix) | Self::Short(suffix) | Self::Missing(suffix)) = self else {
            return phone.lose_key();
        };
        let file = PathBuf::from(format!("{}{suffix}", store_of(phone).display()));
        let mut bytes = fs::read(&file).unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Missing(_) => return fs::remove_file(file).unwrap(),
            Self::Short(_) => bytes.truncate(dice.random_range(0..bytes.len())),
            Self::Flipped(_) | Self::KeyLost => {
                for _ in 0..dice.random_range(1..=8) {
                    let at = dice.random_range(0..bytes.len());
                    bytes[at] ^= 1 << dice.random_range(0..8);
                }
            }
        }
        fs::write(file, bytes).unwrap();
    }
}

/// The app is killed: what it had written stays as it is, its log with it.
async fn killed(phone: &mut TestPhone, disk: &Disk) {
    disk.cut();
    phone.kill().await;
    until("the dead process's files to be closed", async || (disk.open_files() == 0).then_some(())).await;
    disk.restore(&mut || EVERYTHING).unwrap();
}

/// The throw with which all that was written is on the disk.
const EVERYTHING: u32 = 1;

/// Writes three posts offline, is killed and damaged, and comes back.
async fn damaged(phone: &mut TestPhone, disk: &Disk, number: usize, dice: &mut StdRng) -> Option<Salvage> {
    phone.network().set_up(false);
    let text = format!("{number}回目に壊れる前");
    // Some of it has left the log for the database, and some has not.
    let in_log = dice.random_range(0..=3);
    for post in 0..=3 {
        if post == 3 - in_log {
            phone.community().store().tidy().unwrap();
        }
        if post < 3 && !is_taken(phone, &text) {
            return starts_anew(phone).await;
        }
    }
    killed(phone, disk).await;
    let damage = any_damage(dice);
    damage.happen(phone, dice);
    phone.start_again();
    phone.network().set_up(true);
    comes_in_step(phone).await;
    let salvage = salvage(phone);
    let sent = phone.texts().iter().filter(|shown| **shown == text).count();
    // Damage that shows late finds an outbox that is already sent.
    let expected = salvage.as_ref().filter(|salvage| !salvage.whole).map_or(3, |salvage| salvage.writes.min(3));
    assert!((expected..=3).contains(&sent), "{sent} of {expected} after {damage:?} ({in_log} in the log): {salvage:?}");
    salvage
}

/// Counts panics, wherever they happen.
fn count_panics() -> Arc<AtomicUsize> {
    let (count, before) = (Arc::new(AtomicUsize::new(0)), panic::take_hook());
    let panics = count.clone();
    panic::set_hook(Box::new(move |info| {
        panics.fetch_add(1, Ordering::SeqCst);
        before(info);
    }));
    count
}

async fn any_damage_to_a_killed_phone(place: Place) {
    let (panics, mut dice) = (count_panics(), chance::dice());
    let folder = place.folder().join("phone-0");
    let disk = Disk::under(&folder);
    let mut scene = Scene::at(&place).await;
    assert_eq!(scene.hanako.folder(), folder);
    Raw::signed_in(&scene.server, TARO).await.fill(scene.community, 60, 2).await;
    scene.hanako.in_step().await;
    let (mut noticed, mut lost) = (0, 0);
    for number in 0..chance::times(40, 500) {
        if let Some(salvage) = damaged(&mut scene.hanako, &disk, number, &mut dice).await {
            noticed += 1;
            lost += u32::from(!salvage.whole);
            assert!(salvage.set_aside.exists(), "it is never deleted");
            fs::remove_file(salvage.set_aside).unwrap();
        }
    }
    println!("{noticed} damages were noticed, {lost} times something was told to be lost");
    assert!(lost > 0 && noticed > lost, "some took writes with them, and some did not");
    assert_eq!(panics.load(Ordering::SeqCst), 0, "nothing panicked");
    scene.assert_all_alike().await;
}

#[test]
fn whatever_is_damaged_nothing_panics_and_what_was_written_is_sent_or_told_to_be_lost() {
    place::on_sqlite(any_damage_to_a_killed_phone);
}
