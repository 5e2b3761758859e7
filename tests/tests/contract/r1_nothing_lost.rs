//! R1: nothing acknowledged is lost, nothing is applied twice.

use crate::{ANN, BEN, seed};
use enishi_protocol::{
    Stream,
    rules::{Rule, without},
};
use enishi_tests::{
    Fault, Place, Scene, both_engines,
    seen::posts,
    simulation::{Act, Setup, Violation, Wish, World, needs, told},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Schedules of one test.
const SCHEDULES: u64 = 60;
/// Things that happen in each.
const ACTS: usize = 60;

/// Writes and a network at its worst: what is sent is lost, repeated and reordered, and phones die.
fn act(rng: &mut StdRng) -> Act {
    let (phone, at) = (rng.random_range(0..3), rng.random_range(0..1_000));
    match rng.random_range(0..100) {
        0..30 => {
            let wish = match rng.random_range(0..3) {
                0 => Wish::Post { feed: at },
                1 => Wish::React { post: at, on: true },
                _ => Wish::Comment { post: at },
            };
            Act::Write { phone, wish, held: false }
        }
        30..55 => Act::Send { phone, skip: rng.random_range(0..3), pages: rng.random_bool(0.5) },
        55..85 => Act::Deliver { at, again: rng.random_bool(0.3) },
        85..95 => Act::Lose { at },
        _ => Act::Crash { phone, at },
    }
}

fn schedule(seed: u64) -> Result<(), Violation> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Setup { posts: 3, ..Setup::default() });
    world.sync_all()?;
    (0..ACTS).try_for_each(|_| world.act(&act(&mut rng)))?;
    world.settle()
}

#[test]
fn r1_whatever_is_lost_repeated_reordered_or_killed_nothing_is_lost_or_applied_twice() {
    let seed = seed();
    for number in 0..SCHEDULES {
        assert_eq!(schedule(seed.wrapping_add(number)), Ok(()), "schedule {number} of {seed}");
    }
    for rule in [Rule::DedupeById, Rule::Predecessor] {
        let fails = |number| without(rule, || schedule(seed.wrapping_add(number))).is_err();
        assert!((0..SCHEDULES).any(fails), "{rule:?} is broken and no schedule of {seed} shows it");
    }
}

#[test]
fn r1_a_request_is_decided_once_though_its_reply_is_lost_and_the_phone_dies() {
    needs(Rule::DedupeById, &Setup { posts: 3, ..Setup::default() }, |world| {
        let post = *world.server.posts()?.last().expect("there are posts");
        world.react(BEN, post);
        world.post(BEN, Stream::Community);
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        world.act(&Act::Crash { phone: BEN, at: 0 })?;
        world.post(ANN, Stream::Community);
        world.sync(ANN)?;
        let again = world.letter(BEN, 0);
        let answer = world.answer(&again)?;
        world.deliver(answer)
    });
}

#[test]
fn r1_a_phone_that_crashed_still_knows_what_it_had_sent() {
    let story = told(&Setup { posts: 3, ..Setup::default() }, |world| {
        let post = *world.server.posts()?.last().expect("there are posts");
        world.react(BEN, post);
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        world.act(&Act::Crash { phone: BEN, at: 0 })?;
        // What it did arrives before the news that it was accepted, and must not count twice.
        world.go_live(BEN)?;
        world.react(ANN, post);
        world.sync(ANN)?;
        let batches = world.live_batches(BEN).into_iter();
        let mut of_feed = batches.filter(|message| World::is_of(message, Stream::Community));
        of_feed.try_for_each(|message| world.deliver(message))
    });
    assert_eq!(story, Ok(()));
}

both_engines! {
    async fn r1_over_http_every_post_arrives_once_whatever_the_network_and_the_server_do(place: Place) {
        let mut scene = Scene::at(&place).await;
        let mut written = Vec::new();
        for (number, fault) in [Fault::AnswerLost, Fault::RequestLost, Fault::CutAfter(40), Fault::Portal].iter().enumerate() {
            scene.hanako.network().plan_for("POST /v1/sync", [*fault, Fault::None, *fault]);
            written.push(scene.hanako.post(&format!("{number}通目です。")));
            scene.hanako.in_step().await;
        }
        scene.hanako.network().plan_for("POST /v1/sync", [Fault::AnswerHeld]);
        written.push(scene.hanako.post("返事を待つうちに、サーバーもアプリも止まります。"));
        scene.hanako.network().holds_an_answer().await;
        scene.server.kill().await;
        scene.hanako.kill().await;
        scene.hanako.network().release();
        scene.server.start_again().await;
        scene.hanako.start_again();
        scene.assert_all_alike().await;
        let mut shown: Vec<_> = posts(&scene.taro.community()).into_iter().map(|post| post.id).collect();
        shown.reverse();
        assert_eq!(shown, written, "each once, in the order of the outbox");
        assert_eq!(scene.hanako.community().needs_attention().unwrap(), [], "a repeat is no other wish");
    }
}
