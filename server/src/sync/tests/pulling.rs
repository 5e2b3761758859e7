//! Pulling and first sync: what a stream gives, to whom, and that nothing is missing or told twice.

use super::world::{Held, Phone, World, group, mutation, open_group, run_sql, write_post};
use crate::{both_engines, db::testing::TestDatabase};
use enishi_protocol::{
    EntityKind, GroupId, MemberId, Operation, Stream, Version,
    feed::CommentWriting,
    groups::{GroupJoining, GroupLeaving, Joining},
    membership::Role,
    sync::{Place, StreamRequest, SyncRequest},
};

/// Writes posts, many at once.
async fn write_posts(world: &World, author: MemberId, stream: Stream, count: usize) {
    let since = world.version().await;
    let posts: Vec<_> =
        (0..count).map(|number| mutation(&write_post(stream, &format!("投稿{number}")), since)).collect();
    for some in posts.chunks(240) {
        assert_eq!(world.decide(author, None, some.to_vec()).await, Ok(None));
    }
}

fn join(group: GroupId) -> Operation {
    Operation::JoinGroup(GroupJoining { group, note: String::new() })
}

both_engines! {
    async fn a_small_community_comes_in_one_page_per_stream(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        world.post(member, Stream::Community, "こんにちは").await;
        let mut phone = Phone::new(member);
        assert!(!phone.step(&world).await);
        assert_eq!(phone.pages, 2);
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 1);
        assert_eq!(phone.count(Stream::Community, &EntityKind::Member), 1);
        assert_eq!(phone.count(Stream::Member(member), &EntityKind::OwnProfile), 1);
    }

    async fn the_first_screen_does_not_wait_for_history(db: TestDatabase) {
        let world = World::new(db).await;
        let authors = [world.member("佐藤", Role::Owner).await, world.member("鈴木", Role::Member).await];
        for _ in 0..2 {
            write_posts(&world, authors[0], Stream::Community, 700).await;
            write_posts(&world, authors[1], Stream::Community, 30).await;
        }
        let mut phone = Phone::new(authors[1]);
        assert!(phone.step(&world).await);
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 50);
        assert_eq!(phone.count(Stream::Community, &EntityKind::Member), 2);
        assert_eq!(phone.count(Stream::Community, &EntityKind::Community), 1);
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 1_460);
        assert_eq!(phone.pages, 2 + 1 + 2);
    }

    async fn a_page_is_stored_in_the_order_of_the_feed(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        write_posts(&world, author, Stream::Community, 400).await;
        let mut phone = Phone::new(author);
        phone.step(&world).await;
        phone.step(&world).await;
        let request = phone.request(&world);
        let page = world.reply(author, request).await.pages.remove(0);
        assert!(page.changes.len() > 300);
        assert!(page.changes.windows(2).all(|pair| pair[0].version < pair[1].version));
    }

    async fn what_changes_during_a_first_sync_is_neither_lost_nor_brought_back(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Owner).await;
        write_posts(&world, author, Stream::Community, 2_300).await;
        let mut phone = Phone::new(author);
        phone.step(&world).await;
        let mut steps = 0;
        loop {
            let post = world.post(author, Stream::Community, "途中で").await;
            let comment = CommentWriting { post, reply_to: None, text: "はい".into(), mentions: vec![], attachments: vec![] };
            world.can(author, &Operation::WriteComment(comment)).await;
            run_sql(&world, "DELETE FROM erased WHERE community = $1").await;
            steps += 1;
            if !phone.step(&world).await {
                break;
            }
        }
        phone.sync(&world).await;
        assert!(steps >= 3);
        let mut fresh = Phone::new(author);
        fresh.sync(&world).await;
        assert_eq!(phone.state(), fresh.state());
    }

    async fn a_stream_that_is_not_granted_is_left_out_without_a_word(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let secret: GroupId = world.can(keeper, &group("内緒", Joining::Invitation, true)).await.into();
        world.post(keeper, Stream::Group(secret), "ここだけの話").await;
        let mut phone = Phone::new(other);
        for stream in [Stream::Group(secret), Stream::group_desk(secret), Stream::Member(keeper),
            Stream::community_desk(world.community)] {
            for grant in [None, Some(enishi_protocol::Grant(1))] {
                let held = Held { grant, cursor: Some(Version(0)), place: Some(Place::start()), ..Held::default() };
                phone.streams.insert(stream, held);
                let reply = world.reply(other, phone.request(&world)).await;
                let named = |of: &Stream| *of == stream;
                assert!(!reply.pages.iter().any(|page| named(&page.stream)), "{stream}");
                assert!(!reply.batches.iter().any(|batch| named(&batch.stream)), "{stream}");
                assert!(reply.resets.is_empty());
            }
        }
        let mut phone = Phone::new(other);
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Group), 0);
    }

    async fn leaving_and_joining_again_is_a_new_grant(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let id: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.can(other, &join(id)).await;
        let mut phone = Phone::new(other);
        phone.sync(&world).await;
        let before = phone.streams[&Stream::Group(id)].grant;
        world.can(other, &Operation::LeaveGroup(GroupLeaving { group: id })).await;
        world.post(keeper, Stream::Group(id), "いない間に").await;
        world.can(other, &join(id)).await;
        let reply = world.reply(other, phone.request(&world)).await;
        assert!(!reply.batches.iter().any(|batch| batch.stream == Stream::Group(id)), "the old grant gives nothing");
        phone.sync(&world).await;
        assert_ne!(phone.streams[&Stream::Group(id)].grant, before);
        assert_eq!(phone.count(Stream::Group(id), &EntityKind::Post), 1);
    }

    async fn a_cursor_that_cannot_be_served_is_reset(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        run_sql(&world, "UPDATE community SET horizon = 2 WHERE id = $1").await;
        for cursor in [1, 1_000_000] {
            let stream = StreamRequest {
                stream: Stream::Community, grant: None, cursor: Some(Version(cursor)), page: None,
            };
            let reply = world.reply(member, SyncRequest { streams: vec![stream.clone()], ..world.request() }).await;
            assert_eq!(reply.resets, [stream]);
            assert!(reply.batches.is_empty());
        }
    }

    async fn a_place_that_no_build_made_begins_again(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        for place in ["", "f.1.2", "o.9999999.0", "f.x.1.1.1", "f.1.1.1.-5", "o.1.1.1", "縁"] {
            let stream = StreamRequest {
                stream: Stream::Member(member), grant: None, cursor: None, page: Some(Place(place.into())),
            };
            let reply = world.reply(member, SyncRequest { streams: vec![stream.clone()], ..world.request() }).await;
            assert_eq!((reply.resets, reply.pages.len()), (vec![stream], 0), "{place}");
        }
    }

    async fn a_request_of_another_era_is_told_the_present_one_and_nothing_else(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let mut request = Phone::new(member).request(&world);
        request.era = Some(enishi_protocol::Era(uuid::Uuid::new_v4()));
        let reply = world.reply(member, request).await;
        assert_eq!(reply.era, world.row().await.era);
        assert!(reply.pages.is_empty() && reply.batches.is_empty() && reply.resets.is_empty());
    }

    async fn the_end_of_a_membership_ends_all_reading(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = (world.member("佐藤", Role::Owner).await, world.member("鈴木", Role::Moderator).await);
        let id: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.can(other, &join(id)).await;
        world.by_server(move |writing| crate::membership::end(writing, other)).await;
        let request = Phone::new(other).request(&world);
        let refused = world.read(move |conn| crate::sync::pull::reply(conn, other, &request, None)).await;
        assert_eq!(refused.err().map(|failure| failure.code()), Some(enishi_protocol::ErrorCode::MembershipEnded));
        let community = world.community;
        let left = world.read(move |conn| Ok(crate::grants::all(conn, community, other)?)).await.expect("read");
        assert!(left.is_empty());
    }
}
