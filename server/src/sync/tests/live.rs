//! Live connections: what was missed first, then each change to whoever may read it, in every process.

use super::world::{Phone, World, open_group, run_sql};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::{Hub, hub::LiveItem},
};
use enishi_protocol::{
    EntityKind, Era, ErrorCode, GroupId, Operation, Stream,
    groups::{GroupJoining, GroupLeaving},
    membership::Role,
    sync::{Batch, LiveRequest, StreamRequest},
};
use std::time::Duration;
use tokio::{sync::mpsc::Receiver, task::yield_now, time::timeout};

const SESSION: [u8; 32] = [7; 32];

fn live(world: &World, phone: &Phone) -> LiveRequest {
    let streams = phone.request(world).streams.into_iter();
    let streams = streams.map(|stream| StreamRequest { page: None, ..stream }).collect();
    LiveRequest { community: world.community, era: phone.era.expect("an era"), streams }
}

async fn next(items: &mut Receiver<LiveItem>) -> Option<LiveItem> {
    timeout(Duration::from_secs(10), items.recv()).await.expect("an event in time")
}

async fn batch(items: &mut Receiver<LiveItem>) -> Batch {
    let item = next(items).await.expect("an event");
    assert_eq!(item.event, "batch", "{}", String::from_utf8_lossy(&item.data));
    serde_json::from_slice(&item.data).expect("a batch")
}

async fn again(items: &mut Receiver<LiveItem>) -> ErrorCode {
    loop {
        let item = next(items).await.expect("an event");
        if item.event == "again" {
            return serde_json::from_slice(&item.data).expect("a code");
        }
    }
}

/// Three posts by another process reach a connection of this hub, each as a change of its own.
async fn hears_of_three_posts(world: &World, hub: &Hub) {
    let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
    let there = Hub::start(world.database());
    let mut phone = Phone::new(reader);
    phone.sync(world).await;
    let mut items = hub.open(reader, SESSION, &live(world, &phone)).expect("opened");
    for text in ["一", "二", "三"] {
        world.post(author, Stream::Community, text).await;
        there.changed(world.community);
        let batch = batch(&mut items).await;
        assert_eq!(batch.changes.len(), 1, "{text}");
        assert_eq!(batch.changes[0].kind, EntityKind::Post);
    }
}

/// Without comparing versions a process knows only what it is told, so that this proves the telling.
#[test]
fn what_another_process_wrote_is_told() {
    crate::db::testing::on_postgres(|db| async move {
        let world = World::new(db).await;
        let elsewhere = world.db.place().open().await.expect("another process");
        hears_of_three_posts(&world, &Hub::start_blind(elsewhere)).await;
    });
}

both_engines! {
    async fn a_live_connection_replays_what_was_missed_and_goes_on(db: TestDatabase) {
        let world = World::new(db).await;
        let hub = Hub::start(world.database());
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let mut phone = Phone::new(reader);
        phone.sync(&world).await;
        world.post(author, Stream::Community, "見逃した").await;
        let mut items = hub.open(reader, SESSION, &live(&world, &phone)).expect("opened");
        let missed = batch(&mut items).await;
        assert_eq!((missed.stream, missed.changes.len()), (Stream::Community, 1));
        phone.streams.get_mut(&Stream::Community).expect("held").take_batch(missed);
        for text in ["一", "二", "三"] {
            world.post(author, Stream::Community, text).await;
            hub.changed(world.community);
            let batch = batch(&mut items).await;
            phone.streams.get_mut(&Stream::Community).expect("held").take_batch(batch);
        }
        let mut fresh = Phone::new(reader);
        fresh.sync(&world).await;
        assert_eq!(phone.state(), fresh.state());
    }

    async fn a_look_that_failed_is_tried_again_by_itself(db: TestDatabase) {
        let world = World::new(db).await;
        // Nothing but the failure makes it look again.
        let hub = Hub::start_alone(world.database());
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let mut phone = Phone::new(reader);
        phone.sync(&world).await;
        let mut items = hub.open(reader, SESSION, &live(&world, &phone)).expect("opened");
        world.post(author, Stream::Community, "届く").await;
        hub.changed(world.community);
        batch(&mut items).await;
        world.post(author, Stream::Community, "遅れて届く").await;
        run_sql(&world, "UPDATE community SET kind = 'unreadable' WHERE id = $1").await;
        hub.changed(world.community);
        let failed = async { while !hub.has_failed(world.community) { yield_now().await } };
        timeout(Duration::from_secs(10), failed).await.expect("a look that fails");
        run_sql(&world, "UPDATE community SET kind = 'company' WHERE id = $1").await;
        assert_eq!(batch(&mut items).await.changes.len(), 1);
    }

    async fn nobody_is_sent_what_they_may_not_read(db: TestDatabase) {
        let world = World::new(db).await;
        let hub = Hub::start(world.database());
        let (keeper, leaver) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let group: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.can(leaver, &Operation::JoinGroup(GroupJoining { group, note: String::new() })).await;
        let mut phone = Phone::new(leaver);
        phone.sync(&world).await;
        let mut items = hub.open(leaver, SESSION, &live(&world, &phone)).expect("opened");
        world.post(keeper, Stream::Group(group), "まだいる").await;
        hub.changed(world.community);
        assert_eq!(batch(&mut items).await.stream, Stream::Group(group));
        world.can(leaver, &Operation::LeaveGroup(GroupLeaving { group })).await;
        world.post(keeper, Stream::Group(group), "もういない").await;
        world.post(keeper, Stream::Community, "みんなへ").await;
        hub.changed(world.community);
        let mut streams = vec![batch(&mut items).await.stream, batch(&mut items).await.stream];
        streams.sort_unstable();
        assert_eq!(streams, [Stream::Community, Stream::Member(leaver)]);
        world.post(keeper, Stream::Community, "最後").await;
        hub.changed(world.community);
        assert_eq!(batch(&mut items).await.stream, Stream::Community);
    }

    async fn a_connection_ends_with_its_membership_session_and_server(db: TestDatabase) {
        let world = World::new(db).await;
        let hub = Hub::start(world.database());
        let (one, two) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let mut phone = Phone::new(one);
        phone.sync(&world).await;
        let mut ending = hub.open(one, SESSION, &live(&world, &phone)).expect("opened");
        // The hub has read this member's grants before they end.
        world.post(two, Stream::Community, "まだいる").await;
        hub.changed(world.community);
        assert_eq!(batch(&mut ending).await.stream, Stream::Community);
        world.by_server(move |writing| crate::membership::end(writing, one)).await;
        hub.changed(world.community);
        assert_eq!(again(&mut ending).await, ErrorCode::MembershipEnded);
        assert_eq!(next(&mut ending).await, None);

        let mut phone = Phone::new(two);
        phone.sync(&world).await;
        let mut signed_out = hub.open(two, SESSION, &live(&world, &phone)).expect("opened");
        let mut other = hub.open(two, [8; 32], &live(&world, &phone)).expect("opened");
        assert_eq!(hub.sessions().len(), 2);
        hub.close_session(&SESSION, ErrorCode::SignedOut);
        assert_eq!(again(&mut signed_out).await, ErrorCode::SignedOut);
        hub.close_all(ErrorCode::ShuttingDown);
        assert_eq!(again(&mut other).await, ErrorCode::ShuttingDown);
        assert_eq!(hub.connections(), 0);
    }

    async fn another_era_or_a_forgotten_cursor_ends_a_connection(db: TestDatabase) {
        let world = World::new(db).await;
        let hub = Hub::start(world.database());
        let member = world.member("佐藤", Role::Member).await;
        let mut phone = Phone::new(member);
        phone.sync(&world).await;
        let mut request = live(&world, &phone);
        request.era = Era(uuid::Uuid::new_v4());
        let mut items = hub.open(member, SESSION, &request).expect("opened");
        assert_eq!(again(&mut items).await, ErrorCode::OtherEra);
        let mut request = live(&world, &phone);
        request.streams[0].cursor = Some(enishi_protocol::Version(1_000_000));
        let mut items = hub.open(member, SESSION, &request).expect("opened");
        assert_eq!(again(&mut items).await, ErrorCode::Reset);
    }

    async fn a_connection_that_cannot_keep_up_is_closed_and_not_buffered(db: TestDatabase) {
        let world = World::new(db).await;
        let hub = Hub::start(world.database());
        let (author, slow) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let mut phone = Phone::new(slow);
        phone.sync(&world).await;
        let mut items = hub.open(slow, SESSION, &live(&world, &phone)).expect("opened");
        let mut written = 0;
        while hub.connections() > 0 {
            world.post(author, Stream::Community, "速すぎる").await;
            hub.changed(world.community);
            written += 1;
            assert!(written < 5_000, "it is buffered without end");
        }
        let mut received = 0;
        while next(&mut items).await.is_some() {
            received += 1;
        }
        assert!(received <= 128 && received < written);
    }

    async fn what_another_process_wrote_is_seen_though_all_words_are_lost(db: TestDatabase) {
        let world = World::new(db).await;
        let elsewhere = world.db.place().open().await.expect("another process");
        hears_of_three_posts(&world, &Hub::start_deaf(elsewhere)).await;
    }
}
