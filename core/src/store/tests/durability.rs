use super::random;
use crate::{
    error::StoreError,
    store::{DatabaseKey, DirectoryLock, NewWrite, Store},
    sync::replica::{Held, MirrorOp, Step},
};
use enishi_protocol::{
    CommunityId, MutationId, Operation, Stream,
    feed::{PostKind, PostWriting},
};
use rand::{SeedableRng, rngs::StdRng};
use std::path::{Path, PathBuf};

/// A directory of its own, removed when the test is over.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("enishi-store-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).expect("creates");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn key(byte: u8) -> DatabaseKey {
    DatabaseKey::new([byte; 32])
}

#[test]
fn what_was_flushed_is_there_after_opening_again_and_is_not_readable_without_the_key() {
    let directory = Directory::new();
    let path = directory.path().join("account.db");
    let mut rng = StdRng::seed_from_u64(5);
    let community = CommunityId(random::uuid(&mut rng));
    let mut replica = random::empty_replica(&mut rng);
    let written = random::evolve(&mut rng, &mut replica);
    let store = Store::open(&path, &key(1)).expect("opens");
    let step = Step { replica: replica.clone(), mirror: vec![], flush: true };
    store.commit(community, None, &step, &written).expect("commits");
    drop(store);
    let bytes = std::fs::read(&path).expect("reads");
    assert!(!bytes.windows(12).any(|part| part == b"CREATE TABLE"));
    assert!(matches!(Store::open(&path, &key(2)), Err(StoreError::OtherKey)));
    let store = Store::open(&path, &key(1)).expect("opens again");
    assert_eq!(store.load(community).expect("loads"), Some(replica));
}

#[test]
fn a_full_disk_refuses_a_write_and_loses_nothing() {
    let directory = Directory::new();
    let store = Store::open(&directory.path().join("account.db"), &key(1)).expect("opens");
    let mut rng = StdRng::seed_from_u64(6);
    let community = CommunityId(random::uuid(&mut rng));
    let mut replica = random::empty_replica(&mut rng);
    let commit = |old: Option<&_>, replica: &crate::sync::replica::Replica, written: &[_]| {
        let step = Step { replica: replica.clone(), mirror: vec![], flush: true };
        store.commit(community, old, &step, written)
    };
    commit(None, &replica, &[]).expect("commits");
    store.limit_pages(Some(1)).expect("limits");
    let refused = loop {
        let old = replica.clone();
        let written = random::evolve(&mut rng, &mut replica);
        if let Err(error) = commit(Some(&old), &replica, &written) {
            assert_eq!(store.load(community).expect("loads"), Some(old.clone()));
            assert!(matches!(error, StoreError::Full), "{error}");
            break (old, written);
        }
    };
    store.limit_pages(None).expect("limits");
    commit(Some(&refused.0), &replica, &refused.1).expect("goes on where it was");
    assert_eq!(store.load(community).expect("loads"), Some(replica));
}

#[test]
fn what_a_full_disk_interrupts_leaves_neither_half() {
    let directory = Directory::new();
    let store = Store::open(&directory.path().join("account.db"), &key(1)).expect("opens");
    let mut rng = StdRng::seed_from_u64(7);
    let community = CommunityId(random::uuid(&mut rng));
    let mut replica = random::empty_replica(&mut rng);
    let shown = random::copy(&mut rng, &mut replica);
    let number = shown.number;
    replica.streams.insert(Stream::Community, Held { shown, next: None });
    let begun = Step { replica: replica.clone(), mirror: vec![], flush: true };
    store.commit(community, None, &begun, &[]).expect("commits");
    // The change fits, what enters the outbox with it does not.
    let text = "長い話".repeat(200_000);
    let writing = PostWriting {
        stream: Stream::Community,
        kind: PostKind::Text,
        text,
        mentions: vec![],
        poll: None,
        attachments: Vec::new(),
    };
    let write = NewWrite { id: MutationId(random::uuid(&mut rng)), operation: Operation::WritePost(writing) };
    let mut step = replica.write(write.id, None, 1, false);
    let change = random::change(&mut rng);
    step.mirror.push(MirrorOp::Put { number, change, keep_tombstone: true });
    store.limit_pages(Some(8)).expect("limits");
    let refused = store.commit(community, Some(&replica), &step, std::slice::from_ref(&write));
    assert!(matches!(refused, Err(StoreError::Full)), "{refused:?}");
    assert_eq!(store.held(community, Stream::Community).expect("reads"), [], "nor is the change there");
    assert_eq!(store.load(community).expect("loads"), Some(replica.clone()));
    store.limit_pages(None).expect("limits");
    store.commit(community, Some(&replica), &step, &[write]).expect("commits");
    assert_eq!(store.load(community).expect("loads"), Some(step.replica));
}

#[test]
fn a_second_holder_of_the_data_directory_is_refused_until_the_first_lets_go() {
    let directory = Directory::new();
    let first = DirectoryLock::take(directory.path()).expect("takes");
    assert!(matches!(DirectoryLock::take(directory.path()), Err(StoreError::InUse)));
    drop(first);
    DirectoryLock::take(directory.path()).expect("takes");
}

#[test]
fn only_what_must_be_safe_waits_for_the_disk_and_that_does() {
    let directory = Directory::new();
    let store = Store::open(&directory.path().join("account.db"), &key(1)).expect("opens");
    let mut rng = StdRng::seed_from_u64(8);
    let community = CommunityId(random::uuid(&mut rng));
    let replica = random::empty_replica(&mut rng);
    for (flush, synchronous) in [(true, 2), (false, 1), (true, 2)] {
        let step = Step { replica: replica.clone(), mirror: vec![], flush };
        store.commit(community, None, &step, &[]).expect("commits");
        assert_eq!(store.synchronous().expect("reads"), synchronous);
    }
}
