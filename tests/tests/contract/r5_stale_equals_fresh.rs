//! R5: stale plus changes equals fresh.

use crate::seed;
use enishi_tests::simulation::{Act, Setup, SimPhone, Wish, World};
use rand::{RngExt, SeedableRng, rngs::StdRng};

const PHONES: usize = 3;
/// How long the histories are; every phone is kept as it was after each step.
const STEPS: usize = 60;

fn wish(rng: &mut StdRng) -> Wish {
    let (at, other) = (rng.random_range(0..1_000), rng.random_range(0..1_000));
    match rng.random_range(0..12) {
        0..3 => Wish::Post { feed: at },
        3 => Wish::Comment { post: at },
        4 => Wish::React { post: at, on: rng.random_bool(0.7) },
        5 => Wish::Edit { post: at },
        6 => Wish::Delete { post: at },
        7 => Wish::Move { post: at, feed: other },
        8 => Wish::Join { group: at },
        9 => Wish::Leave { group: at },
        10 => Wish::Audience { audience: at },
        _ => Wish::Read { feed: at },
    }
}

#[test]
fn r5_a_phone_at_any_older_cursor_that_pulls_holds_what_a_fresh_one_holds() {
    let seed = seed();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Setup { posts: 6, crashes: false, ..Setup::default() });
    world.sync_all().unwrap();
    let mut stale: Vec<(usize, SimPhone)> = Vec::new();
    for step in 0..STEPS {
        let phone = rng.random_range(0..PHONES);
        let wish = wish(&mut rng);
        world.act(&Act::Write { phone, wish, held: false }).unwrap();
        // Once, results and tombstones are forgotten: what is older is reset.
        if step == STEPS / 3 {
            world.act(&Act::Expire).unwrap();
        }
        world.sync_all().unwrap();
        stale.extend(world.phones.iter().map(SimPhone::copy).map(|phone| (step, phone)));
    }
    for (step, phone) in &mut stale {
        let cursors: Vec<_> = phone.replica.streams.values().map(|held| held.shown.cursor).collect();
        world.catch_up(phone).unwrap();
        let fresh = world.fresh(phone.member).unwrap();
        assert!(
            phone.contents() == fresh.contents(),
            "a phone as of step {step} at {cursors:?}, ENISHI_TEST_SEED={seed}"
        );
    }
}
