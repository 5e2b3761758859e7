use super::random;
use crate::{store::Store, sync::replica::Step};
use enishi_protocol::CommunityId;
use rand::{RngExt, SeedableRng, rngs::StdRng};

fn step(replica: crate::sync::replica::Replica) -> Step {
    Step { replica, mirror: Vec::new(), flush: false }
}

#[test]
fn what_is_committed_is_what_is_loaded_step_after_step() {
    for seed in 0..60 {
        let mut rng = StdRng::seed_from_u64(seed);
        let store = Store::in_memory().expect("opens");
        let community = CommunityId(random::uuid(&mut rng));
        let mut replica = random::empty_replica(&mut rng);
        store.commit(community, None, &step(replica.clone()), &[]).expect("commits");
        for at in 0..25 {
            let old = replica.clone();
            let written = random::evolve(&mut rng, &mut replica);
            store.commit(community, Some(&old), &step(replica.clone()), &written).expect("commits");
            if rng.random_bool(0.2) {
                let snapshot = store.snapshot().expect("snapshots");
                store.restore(&snapshot).expect("restores");
            }
            assert_eq!(store.load(community).expect("loads"), Some(replica.clone()), "seed {seed}, step {at}");
        }
    }
}

#[test]
fn two_communities_in_one_file_do_not_touch_each_other() {
    let mut rng = StdRng::seed_from_u64(1);
    let store = Store::in_memory().expect("opens");
    let [one, two] = [CommunityId(random::uuid(&mut rng)), CommunityId(random::uuid(&mut rng))];
    let mut replicas = [random::empty_replica(&mut rng), random::empty_replica(&mut rng)];
    for (community, replica) in [one, two].into_iter().zip(&mut replicas) {
        for _ in 0..10 {
            let old = store.load(community).expect("loads");
            let written = random::evolve(&mut rng, replica);
            store.commit(community, old.as_ref(), &step(replica.clone()), &written).expect("commits");
        }
    }
    assert_eq!(store.load(one).expect("loads").as_ref(), Some(&replicas[0]));
    store.forget(one).expect("forgets");
    assert_eq!(store.load(one).expect("loads"), None);
    assert_eq!(store.load(two).expect("loads").as_ref(), Some(&replicas[1]));
    assert_eq!(store.communities().expect("lists"), [two]);
}

#[test]
fn another_members_outbox_is_neither_shown_nor_lost() {
    let mut rng = StdRng::seed_from_u64(2);
    let store = Store::in_memory().expect("opens");
    let community = CommunityId(random::uuid(&mut rng));
    let mut first = random::empty_replica(&mut rng);
    while first.outbox.is_empty() {
        let old = store.load(community).expect("loads");
        let written = random::evolve(&mut rng, &mut first);
        store.commit(community, old.as_ref(), &step(first.clone()), &written).expect("commits");
    }
    let second = random::empty_replica(&mut rng);
    store.commit(community, Some(&first), &step(second.clone()), &[]).expect("commits");
    assert_eq!(store.load(community).expect("loads"), Some(second.clone()));
    let mut again = second.clone();
    again.member = first.member;
    again.outbox.clone_from(&first.outbox);
    let ids: Vec<_> = first.outbox.iter().map(|entry| entry.id).collect();
    assert_eq!(store.writes(community, first.member, &ids).expect("reads").len(), ids.len());
    assert!(store.writes(community, second.member, &ids).expect("reads").is_empty());
}
