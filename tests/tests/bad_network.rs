//! A network that does everything to calls that networks do, again and again, in an order of chance: what was
//! written arrives once, and phones end alike.
//!
//! `ENISHI_TEST_SEED=…` sets another seed; with `ENISHI_TEST_LONG` there are a thousand runs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::Error;
use enishi_protocol::PostId;
use enishi_tests::{Fault, Place, Scene, TestPhone, chance, place, seen::posts, waiting::in_time};
use rand::{RngExt, rngs::StdRng};
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

/// Runs; in each, one phone writes over a bad network and the other reads over one.
fn runs() -> usize {
    chance::times(40, 1_000)
}

/// Things that the network does to the next calls of each phone in a run.
const FAULTS: usize = 4;

fn fault(rng: &mut StdRng) -> Fault {
    match rng.random_range(0..6) {
        0 => Fault::AnswerLost,
        1 => Fault::CutAfter(rng.random_range(0..2_000)),
        2 => Fault::Portal,
        3 => Fault::RequestLost,
        4 => Fault::Repeated(rng.random_range(2..6)),
        _ => Fault::None,
    }
}

/// Tries again at once, as somebody would who pulls the feed down, until the phone is in step.
async fn sync(phone: &TestPhone) {
    let trying = async {
        while let Err(error) = phone.community().sync_now(&CancellationToken::new()).await {
            assert_eq!(error, Error::Offline);
        }
    };
    in_time("the phone to come in step", trying).await;
}

async fn story(place: Place) {
    let mut rng = chance::dice();
    let scene = Scene::at(&place).await;
    let mut written: Vec<PostId> = Vec::new();
    for run in 0..runs() {
        let (writer, reader) = if run % 2 == 0 { (&scene.taro, &scene.hanako) } else { (&scene.hanako, &scene.taro) };
        for phone in [writer, reader] {
            phone.network().plan((0..FAULTS).map(|_| fault(&mut rng)));
            phone.network().cut();
        }
        // Long enough to be compressed, so that a cut answer is a cut stream of zstd.
        written.push(writer.post(&format!("{run}番目。{}", "山の中です。".repeat(200))));
        sync(writer).await;
        sync(reader).await;
        assert_eq!(reader.community().needs_attention().unwrap(), []);
        assert_eq!(writer.community().needs_attention().unwrap(), []);
    }
    for phone in [&scene.taro, &scene.hanako] {
        phone.network().plan([]);
    }
    scene.assert_all_alike().await;
    let mut shown: BTreeMap<PostId, usize> = BTreeMap::new();
    for post in posts(&scene.hanako.community()) {
        *shown.entry(post.id).or_default() += 1;
    }
    assert_eq!(shown, written.into_iter().map(|post| (post, 1)).collect());
}

#[test]
fn whatever_the_network_does_to_calls_what_was_written_arrives_once() {
    place::on_sqlite(story);
}
