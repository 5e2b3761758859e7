//! Generated schedules: three phones of one to three members, up to 180 acts each, on a network that loses,
//! repeats and reorders, with clocks that are up to a day wrong; every invariant is checked after every act and once
//! all is quiet.
//!
//! `ENISHI_TEST_CASES` sets how many (1,000 by default, 20,000 with `ENISHI_TEST_LONG`), `ENISHI_TEST_SEED` which ones
//! (always the same by default). A failing schedule is shrunk and printed with the seed that runs it again.

use enishi_tests::{
    chance,
    simulation::{Act, Setup, Wish, World},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

/// The reference knows nothing: what is right is what the invariants say.
struct Schedule;

impl ReferenceStateMachine for Schedule {
    type State = Beginning;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Beginning> {
        let owners = prop_oneof![
            2 => Just(vec![0, 1, 1]),
            2 => Just(vec![0, 1, 2]),
            2 => Just(vec![1, 1, 2]),
            1 => Just(vec![0, 0, 1]),
            1 => Just(vec![0, 0, 0]),
        ];
        let posts = prop_oneof![3 => Just(0_usize), 2 => Just(6), 1 => Just(60)];
        (owners, posts).prop_map(|(owners, posts)| Beginning { owners, posts }).boxed()
    }

    fn transitions(_: &Beginning) -> BoxedStrategy<Act> {
        acts().boxed()
    }

    fn apply(state: Beginning, _: &Act) -> Beginning {
        state
    }
}

/// How a schedule begins.
#[derive(Clone, Debug)]
struct Beginning {
    owners: Vec<usize>,
    posts: usize,
}

fn acts() -> impl Strategy<Value = Act> {
    let phone = || 0..3_usize;
    let any = || 0..1_000_usize;
    prop_oneof![
        20 => (phone(), wishes(), prop::bool::weighted(0.08)).prop_map(|(phone, wish, held)| {
            Act::Write { phone, held: held && matches!(wish, Wish::Post { .. }), wish }
        }),
        18 => (phone(), prop_oneof![3 => Just(0_usize), 1 => Just(1), 1 => Just(2)], prop::bool::ANY)
            .prop_map(|(phone, skip, pages)| Act::Send { phone, skip, pages }),
        6 => phone().prop_map(|phone| Act::Open { phone }),
        32 => (prop_oneof![Just(0_usize), any()], prop::bool::weighted(0.15))
            .prop_map(|(at, again)| Act::Deliver { at, again }),
        8 => any().prop_map(|at| Act::Lose { at }),
        2 => phone().prop_map(|phone| Act::Release { phone }),
        3 => (phone(), any()).prop_map(|(phone, at)| Act::Crash { phone, at }),
        1 => Just(Act::Restart),
        1 => Just(Act::Expire),
        1 => Just(Act::Backup),
        1 => Just(Act::Restore),
        1 => any().prop_map(|post| Act::Erase { post }),
        1 => (phone(), -24..=24_i64).prop_map(|(phone, hours)| Act::Clock { phone, hours }),
        1 => phone().prop_map(|phone| Act::SignIn { phone }),
        1 => (phone(), any()).prop_map(|(phone, at)| Act::Discard { phone, at }),
    ]
}

fn wishes() -> impl Strategy<Value = Wish> {
    let any = || 0..1_000_usize;
    prop_oneof![
        4 => any().prop_map(|feed| Wish::Post { feed }),
        2 => any().prop_map(|group| Wish::Join { group }),
        1 => any().prop_map(|group| Wish::Leave { group }),
        1 => any().prop_map(|audience| Wish::Audience { audience }),
        1 => (any(), prop::bool::weighted(0.6)).prop_map(|(member, on)| Wish::Block { member, on }),
        2 => any().prop_map(|post| Wish::Comment { post }),
        2 => any().prop_map(|post| Wish::Edit { post }),
        2 => (any(), prop::bool::weighted(0.7)).prop_map(|(post, on)| Wish::React { post, on }),
        2 => (any(), any()).prop_map(|(post, choice)| Wish::Vote { post, choice }),
        1 => any().prop_map(|post| Wish::Delete { post }),
        1 => (any(), any()).prop_map(|(post, feed)| Wish::Move { post, feed }),
        1 => any().prop_map(|feed| Wish::Read { feed }),
    ]
}

struct Simulated;

impl StateMachineTest for Simulated {
    type SystemUnderTest = World;
    type Reference = Schedule;

    fn init_test(beginning: &Beginning) -> World {
        World::new(&Setup { owners: beginning.owners.clone(), posts: beginning.posts, crashes: true })
    }

    fn apply(mut world: World, _: &Beginning, act: Act) -> World {
        if let Err(violation) = world.act(&act) {
            panic!("{} (ENISHI_TEST_SEED={})", violation.0, seed());
        }
        world
    }

    fn teardown(mut world: World, _: Beginning) {
        if let Err(violation) = world.settle() {
            panic!("{} (ENISHI_TEST_SEED={})", violation.0, seed());
        }
    }
}

fn set<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

fn seed() -> u64 {
    set("ENISHI_TEST_SEED").unwrap_or(20_261_123)
}

/// Half of the cases a test: there are two, so that two cores share them.
fn config() -> Config {
    let cases = u32::try_from(chance::cases(1_000, 20_000).div_ceil(2)).unwrap_or(u32::MAX);
    let (rng_seed, max_shrink_iters) = (RngSeed::Fixed(seed()), 300);
    Config { cases, rng_seed, max_shrink_iters, failure_persistence: None, ..Config::default() }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_lost_repeated_or_late_the_contract_holds(sequential 1..180 => Simulated);

    #[test]
    fn whatever_happens_in_long_schedules_the_contract_holds(sequential 120..180 => Simulated);
}
