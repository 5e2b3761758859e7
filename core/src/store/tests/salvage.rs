use super::durability::Directory;
use crate::{
    StoreError,
    store::{DatabaseKey, NewWrite, Store},
    sync::replica::{Replica, Step},
};
use enishi_protocol::{
    CommunityId, MutationId, Operation, Stream,
    feed::{PostKind, PostWriting},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{collections::BTreeMap, path::Path};
use uuid::Uuid;

fn key(byte: u8) -> DatabaseKey {
    DatabaseKey::new([byte; 32])
}

const COMMUNITY: CommunityId = CommunityId(Uuid::from_u128(5));

/// A store with so many posts in the outbox, closed.
fn filled(path: &Path, posts: u128) -> BTreeMap<MutationId, String> {
    let store = Store::open(path, &key(1)).expect("opens");
    let written = fill(&store, posts);
    store.tidy().expect("empties the log");
    written
}

fn fill(store: &Store, posts: u128) -> BTreeMap<MutationId, String> {
    let mut replica = Replica::new(Uuid::from_u128(9).into());
    let step = Step { replica: replica.clone(), mirror: Vec::new(), flush: true };
    store.commit(COMMUNITY, None, &step, &[]).expect("commits");
    let mut written = BTreeMap::new();
    for number in 1..=posts {
        let text = format!("退職して{number}年になります。{}", "長い話".repeat(60));
        let (stream, kind, mentions) = (Stream::Community, PostKind::Text, Vec::new());
        let operation = Operation::WritePost(PostWriting {
            stream,
            kind,
            text: text.clone(),
            mentions,
            poll: None,
            attachments: Vec::new(),
        });
        let write = NewWrite { id: MutationId(Uuid::from_u128(number)), operation };
        let step = replica.write(write.id, None, write.size().expect("encodes"), false);
        written.insert(write.id, text);
        store.commit(COMMUNITY, Some(&replica), &step, &[write]).expect("commits");
        replica = step.replica;
    }
    written
}

/// What a kill leaves of a store with so many posts in the outbox, all of them in its log.
fn killed(path: &Path, posts: u128) -> BTreeMap<MutationId, String> {
    let alive = path.with_extension("alive");
    let store = Store::open(&alive, &key(1)).expect("opens");
    store.tidy().expect("empties the log");
    let written = fill(&store, posts);
    for suffix in ["", "-wal", ".key", ".tip"] {
        let file = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(file(&alive), file(path)).expect("copies");
    }
    written
}

/// How many of the writes a store has; each as it was written.
fn kept(store: &Store, written: &BTreeMap<MutationId, String>) -> usize {
    let Some(replica) = store.load(COMMUNITY).expect("loads") else { return 0 };
    let ids: Vec<_> = replica.outbox.iter().map(|entry| entry.id).collect();
    let writes = store.writes(COMMUNITY, replica.member, &ids).expect("reads");
    for write in &writes {
        let Some(Operation::WritePost(post)) = write.operation() else { panic!("not a post") };
        assert_eq!(&post.text, &written[&write.id]);
    }
    writes.len()
}

#[test]
fn a_store_restored_without_its_key_is_recognised_and_set_aside() {
    let directory = Directory::new();
    let path = directory.path().join("store.db");
    let written = filled(&path, 3);
    assert!(matches!(Store::open(&path, &key(2)), Err(StoreError::OtherKey)));
    let opened = Store::open_or_salvage(&path, &key(2), 7).expect("opens anew");
    let salvage = opened.salvage.expect("says so");
    assert_eq!((salvage.other_key, salvage.writes), (true, 0));
    assert_eq!(kept(&opened.store, &written), 0);
    let former = Store::open(&salvage.set_aside, &key(1)).expect("its key still opens it");
    assert_eq!(kept(&former, &written), 3);
}

#[test]
fn a_crash_while_salvaging_loses_nothing_that_could_be_salvaged() {
    for made_anew in [false, true] {
        let directory = Directory::new();
        let path = directory.path().join("store.db");
        let written = filled(&path, 3);
        let set_aside = crate::store::salvage::begin(&path, 7).expect("sets it aside");
        if made_anew {
            drop(Store::open(&path, &key(1)).expect("the new store, in which nothing is yet"));
        }
        let opened = Store::open_or_salvage(&path, &key(1), 8).expect("goes on");
        assert_eq!(kept(&opened.store, &written), 3, "made anew: {made_anew}");
        assert_eq!(opened.salvage.expect("says so").set_aside, set_aside);
        drop(opened.store);
        let again = Store::open_or_salvage(&path, &key(1), 9).expect("opens");
        assert!(again.salvage.is_none(), "it has ended");
        assert_eq!(kept(&again.store, &written), 3);
    }
}

#[test]
fn a_sound_store_is_opened_as_it_is() {
    let directory = Directory::new();
    let path = directory.path().join("store.db");
    let written = filled(&path, 3);
    let opened = Store::open_or_salvage(&path, &key(1), 7).expect("opens");
    assert_eq!((opened.salvage, kept(&opened.store, &written)), (None, 3));
}

#[test]
fn no_damage_makes_a_panic_or_loses_the_file_and_the_outbox_is_salvaged_where_it_can_be() {
    let directory = Directory::new();
    let sound = directory.path().join("sound.db");
    let written = filled(&sound, 60);
    let bytes = std::fs::read(&sound).expect("reads");
    let mut salvaged_some = 0;
    for seed in 0..48_u64 {
        let mut rng = StdRng::seed_from_u64(seed);
        let path = directory.path().join(format!("{seed}.db"));
        let damaged = damage(&mut rng, bytes.clone());
        std::fs::write(&path, &damaged).expect("writes");
        let opened = Store::open_or_salvage(&path, &key(1), 7).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let found = kept(&opened.store, &written);
        match opened.salvage {
            None => assert_eq!(found, 60, "seed {seed}: opened, but writes are missing"),
            Some(salvage) => {
                assert_eq!(salvage.writes, found, "seed {seed}");
                assert!(!salvage.whole || found == 60, "seed {seed}: says that nothing was lost");
                assert!(salvage.set_aside.exists(), "seed {seed}: the damaged file is gone");
                salvaged_some += usize::from(found > 0);
            }
        }
    }
    assert!(salvaged_some > 3, "salvaged from only {salvaged_some}");
}

#[test]
fn a_log_that_lost_its_end_is_noticed_and_what_is_left_of_the_outbox_is_brought_over() {
    let directory = Directory::new();
    for (number, left) in [0, 1, 3, 7].into_iter().enumerate() {
        let path = directory.path().join(format!("{number}.db"));
        let written = killed(&path, 5);
        let log = format!("{}-wal", path.display());
        let bytes = std::fs::read(&log).expect("reads");
        std::fs::write(&log, &bytes[..bytes.len() / 8 * left]).expect("writes");
        assert!(matches!(Store::open(&path, &key(1)), Err(StoreError::Damaged(_))), "{left} eighths");
        let opened = Store::open_or_salvage(&path, &key(1), 7).expect("opens");
        let salvage = opened.salvage.expect("says so");
        assert_eq!((salvage.whole, salvage.writes), (false, kept(&opened.store, &written)), "{left} eighths");
        assert!(salvage.writes < 5 && salvage.set_aside.exists());
        drop(opened.store);
        let again = Store::open_or_salvage(&path, &key(1), 8).expect("opens");
        assert_eq!(again.salvage, None, "it is told once");
    }
}

#[test]
fn what_a_kill_left_is_whole_whatever_is_noted_beside_it() {
    let directory = Directory::new();
    for (number, note) in
        [None, Some(""), Some("someone else's note"), Some("16 wrong bytes !")].into_iter().enumerate()
    {
        let path = directory.path().join(format!("{number}.db"));
        let written = killed(&path, 5);
        let tip = format!("{}.tip", path.display());
        match (number, note) {
            (0, _) => {}
            (_, Some("")) => std::fs::remove_file(&tip).expect("removes"),
            (_, note) => std::fs::write(&tip, note.unwrap_or_default()).expect("writes"),
        }
        let opened = Store::open_or_salvage(&path, &key(1), 7).expect("opens");
        assert_eq!((opened.salvage, kept(&opened.store, &written)), (None, 5), "{note:?}");
    }
}

#[test]
fn a_forgotten_community_is_not_missed() {
    let directory = Directory::new();
    let path = directory.path().join("store.db");
    filled(&path, 5);
    Store::open(&path, &key(1)).expect("opens").forget(COMMUNITY).expect("forgets");
    assert_eq!(Store::open_or_salvage(&path, &key(1), 7).expect("opens").salvage, None);
}

fn damage(rng: &mut StdRng, mut bytes: Vec<u8>) -> Vec<u8> {
    if rng.random_bool(0.3) {
        bytes.truncate(rng.random_range(0..bytes.len()));
        return bytes;
    }
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..bytes.len());
        bytes[at] ^= 1 << rng.random_range(0..8);
    }
    bytes
}
