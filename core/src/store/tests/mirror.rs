use super::random;
use crate::{
    store::Store,
    sync::replica::{Held, MirrorOp, Replica, Step, StreamNumber},
};
use enishi_protocol::{Change, CommunityId, EntityKind, Stream};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the mirror must hold, kept the simple way.
#[derive(Default)]
struct Model {
    rows: BTreeMap<(EntityKind, Uuid), Change>,
    tombstones: BTreeMap<(EntityKind, Uuid), i64>,
}

impl Model {
    fn put(&mut self, change: &Change, keep_tombstone: bool) {
        let key = (change.kind.clone(), change.id);
        let held = self.rows.get(&key).map_or(0, |row| row.version.0);
        let buried = self.tombstones.get(&key).copied().unwrap_or(0);
        if change.version.0 <= held.max(buried) {
            return;
        }
        self.rows.remove(&key);
        if change.body.is_some() {
            self.rows.insert(key, change.clone());
        } else if keep_tombstone {
            self.tombstones.insert(key, change.version.0);
        }
    }
}

fn replica_with_a_stream(rng: &mut StdRng) -> Replica {
    let mut replica = random::empty_replica(rng);
    let shown = random::copy(rng, &mut replica);
    let next = random::copy(rng, &mut replica);
    replica.streams.insert(Stream::Community, Held { shown, next: Some(next) });
    replica
}

#[test]
fn only_a_newer_change_replaces_what_is_held_and_late_pages_bring_nothing_back() {
    for seed in 0..150 {
        let mut rng = StdRng::seed_from_u64(seed);
        let store = Store::in_memory().expect("opens");
        let community = CommunityId(random::uuid(&mut rng));
        let replica = replica_with_a_stream(&mut rng);
        let mut models = [Model::default(), Model::default()];
        let mut old = None;
        for _ in 0..12 {
            let mirror = (0..rng.random_range(1..6)).map(|_| random_op(&mut rng, &mut models)).collect();
            let step = Step { replica: replica.clone(), mirror, flush: false };
            store.commit(community, old, &step, &[]).expect("commits");
            old = Some(&replica);
            let held = store.held(community, Stream::Community).expect("reads");
            assert_eq!(held, models[0].rows.values().cloned().collect::<Vec<_>>(), "seed {seed}");
        }
        let mut promoted = replica.clone();
        let next = replica.streams[&Stream::Community].next.clone().expect("a copy beside it");
        promoted.streams.insert(Stream::Community, Held { shown: next, next: None });
        let step = Step { replica: promoted, mirror: vec![MirrorOp::Drop(StreamNumber(0))], flush: true };
        store.commit(community, old, &step, &[]).expect("commits");
        let held = store.held(community, Stream::Community).expect("reads");
        assert_eq!(held, models[1].rows.values().cloned().collect::<Vec<_>>(), "seed {seed}, after the reset");
    }
}

fn random_op(rng: &mut StdRng, models: &mut [Model; 2]) -> MirrorOp {
    let at = rng.random_range(0..2_usize);
    let number = StreamNumber(at.try_into().expect("small"));
    if rng.random_bool(0.05) {
        models[at].tombstones.clear();
        return MirrorOp::ForgetTombstones(number);
    }
    if rng.random_bool(0.03) {
        models[at] = Model::default();
        return MirrorOp::Drop(number);
    }
    let change = random::change(rng);
    let keep_tombstone = rng.random_bool(0.7);
    models[at].put(&change, keep_tombstone);
    MirrorOp::Put { number, change, keep_tombstone }
}

#[test]
fn dropping_a_stream_leaves_no_row_of_it() {
    let mut rng = StdRng::seed_from_u64(3);
    let store = Store::in_memory().expect("opens");
    let community = CommunityId(random::uuid(&mut rng));
    let replica = replica_with_a_stream(&mut rng);
    let mut models = [Model::default(), Model::default()];
    let mirror = (0..60).map(|_| random_op(&mut rng, &mut models)).collect();
    store.commit(community, None, &Step { replica: replica.clone(), mirror, flush: false }, &[]).expect("commits");
    while store.index_some().expect("indexes") > 0 {}
    let mut gone = replica.clone();
    gone.streams.clear();
    store.commit(community, Some(&replica), &Step { replica: gone, mirror: vec![], flush: true }, &[]).expect("drops");
    for table in [
        "post_search_docsize",
        "copy",
        "granted",
        "post",
        "comment",
        "counts",
        "member",
        "entity",
        "tombstone",
        "to_index",
    ] {
        let rows: i64 = store
            .read(
                |connection| Ok(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?),
            )
            .expect("counts");
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn nothing_of_a_former_membership_is_read_by_a_later_one_of_the_same_community() {
    let mut rng = StdRng::seed_from_u64(4);
    let store = Store::in_memory().expect("opens");
    let community = CommunityId(random::uuid(&mut rng));
    let former = replica_with_a_stream(&mut rng);
    let mut models = [Model::default(), Model::default()];
    let ops = (0..60).map(|_| random_op(&mut rng, &mut models));
    let mirror = ops.filter(|op| !matches!(op, MirrorOp::Drop(_))).collect();
    store.commit(community, None, &Step { replica: former.clone(), mirror, flush: false }, &[]).expect("commits");
    assert!(!store.held(community, Stream::Community).expect("reads").is_empty());
    let later = replica_with_a_stream(&mut rng);
    let step = Step { replica: later.clone(), mirror: vec![], flush: true };
    store.commit(community, Some(&former), &step, &[]).expect("commits");
    assert_eq!(store.held(community, Stream::Community).expect("reads"), []);
    assert_eq!(store.load(community).expect("loads"), Some(later));
}
