//! The server's process or a phone's is killed in the middle of syncs, again and again: nothing that was acknowledged is
//! lost, and nothing is there twice.
//!
//! `ENISHI_TEST_SEED=…` sets another seed; with `ENISHI_TEST_LONG` the server dies 150 times on each engine and a phone
//! 300 times.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::Community;
use enishi_protocol::PostId;
use enishi_tests::{
    Fault, FaultProxy, Place, Scene, TestPhone, TestServer, both_engines, chance,
    phone_process::{self, IN_STEP, PhoneProcess},
    place,
    scene::HANAKO,
    seen::posts,
    waiting::until,
};
use rand::{RngExt, rngs::StdRng};
use std::{collections::BTreeMap, path::Path, time::Duration};

/// How often each post is shown.
fn shown(community: &Community) -> BTreeMap<PostId, usize> {
    let mut counts = BTreeMap::new();
    for post in posts(community) {
        *counts.entry(post.id).or_default() += 1;
    }
    counts
}

/// A while within which a request is read, decided, flushed and answered: death strikes anywhere in it. Nothing is
/// waited for here.
async fn a_moment(dice: &mut StdRng) {
    tokio::time::sleep(Duration::from_micros(dice.random_range(0..25_000))).await;
}

/// What a network is watched for: a request that is under way, or one that was decided and whose answer is not there.
struct Watch {
    requests: usize,
    decided: bool,
}

impl Watch {
    /// Watches from now on.
    fn begin(network: &FaultProxy, dice: &mut StdRng) -> Self {
        let decided = dice.random_bool(0.4);
        network.plan_for(SYNC, decided.then_some(Fault::AnswerHeld));
        Self { requests: network.requests_to(SYNC), decided }
    }

    /// Waits until it has come so far, and mostly a moment longer.
    async fn met(self, network: &FaultProxy, phone: Option<&TestPhone>, dice: &mut StdRng) {
        until("a request to be under way", async || {
            // After a failure it would wait long until it tries again.
            phone.inspect(|phone| phone.client().push());
            if !self.decided {
                return (network.requests_to(SYNC) > self.requests).then_some(());
            }
            // One that went to a server that is dead has met the fault and got no answer.
            if network.left() == 0 && !network.is_holding() {
                network.plan_for(SYNC, [Fault::AnswerHeld]);
            }
            network.is_holding().then_some(())
        })
        .await;
        network.plan([]);
        if !self.decided {
            a_moment(dice).await;
        }
    }
}

const SYNC: &str = "POST /v1/sync";

/// Waits until nothing waits, and sees that nothing was refused.
async fn all_is_sent(phone: &TestPhone) {
    let community = phone.community();
    until("everything to be sent", async || {
        phone.client().push();
        (community.status().waiting == 0).then_some(())
    })
    .await;
    assert_eq!(community.needs_attention().unwrap(), []);
}

both_engines! {
    async fn a_server_killed_in_the_middle_of_syncs_loses_nothing_and_doubles_nothing(place: Place) {
        let mut dice = chance::dice();
        let mut scene = Scene::on(TestServer::start_process(&place).await).await;
        let mut written = Vec::new();
        for number in 0..chance::times(10, 150) {
            let phone = if number % 2 == 0 { &scene.taro } else { &scene.hanako };
            // All six go out with the request that is watched for.
            phone.network().set_up(false);
            written.extend((0..6).map(|post| phone.post(&format!("{number}の{post}"))));
            let watch = Watch::begin(phone.network(), &mut dice);
            phone.network().set_up(true);
            watch.met(phone.network(), Some(phone), &mut dice).await;
            scene.server.kill().await;
            phone.network().release();
            scene.server.start_process_again().await;
            // Every third time all comes to rest in between.
            if number % 3 == 0 {
                all_is_sent(&scene.taro).await;
                all_is_sent(&scene.hanako).await;
            }
        }
        all_is_sent(&scene.taro).await;
        all_is_sent(&scene.hanako).await;
        scene.assert_all_alike().await;
        let once: BTreeMap<_, _> = written.iter().map(|post| (*post, 1)).collect();
        assert_eq!(shown(&scene.hanako.community()), once);
    }
}

async fn a_phone(place: Place) {
    let mut dice = chance::dice();
    let scene = Scene::at(&place).await;
    let (folder, network) = (phone_process::folder(&scene.server), FaultProxy::to(scene.server.target()).await);
    let program = Path::new(env!("CARGO_BIN_EXE_phone"));
    phone_process::sign_in(&scene.server, &format!("http://{}", network.address()), &folder, HANAKO).await;
    let mut safe = Vec::new();
    for number in 0..chance::times(10, 300) {
        network.plan([]);
        let watch = (number % 3 == 1).then(|| Watch::begin(&network, &mut dice));
        let mut phone = PhoneProcess::start(program, &folder, 5);
        // Something comes in while something goes out.
        safe.push(scene.taro.post(&format!("{number}番目の知らせ")));
        if let Some(watch) = watch {
            watch.met(&network, None, &mut dice).await;
        } else if number % 3 == 0 {
            // While it opens its store, or takes what is written.
            for _ in 0..dice.random_range(0..6) {
                phone.says().await;
            }
            a_moment(&mut dice).await;
        } else {
            // While it takes what the server tells.
            while phone.says().await != IN_STEP {}
            safe.push(scene.taro.post(&format!("{number}番目の次")));
            a_moment(&mut dice).await;
        }
        safe.extend(phone.kill().await);
        network.release();
    }
    network.plan([]);
    let mut last = PhoneProcess::start(program, &folder, 0);
    while last.says().await != IN_STEP {}
    last.kill().await;
    scene.assert_all_alike().await;
    let shown = shown(&scene.taro.community());
    for post in &safe {
        assert_eq!(shown.get(post), Some(&1), "{post} was said to be safe");
    }
    assert!(shown.values().all(|times| *times == 1), "nothing is there twice");
}

#[test]
fn a_phone_killed_in_the_middle_of_syncs_loses_nothing_and_doubles_nothing() {
    place::on_sqlite(a_phone);
}
