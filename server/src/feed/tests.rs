use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, group, open_group, write_post},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, GroupId, MemberId, Operation, Position, PostId, Stream,
    feed::{
        Bookmarking, CommentDeletion, CommentWriting, Counts, PostDeletion, PostEdit, PostKind, PostMove, PostPinning,
        PostWriting, Reacting, Reading,
    },
    groups::Joining,
    membership::Role,
};

fn comment(post: PostId, text: &str) -> Operation {
    Operation::WriteComment(CommentWriting {
        post,
        reply_to: None,
        text: text.into(),
        mentions: vec![],
        attachments: vec![],
    })
}

fn react(post: PostId, on: bool) -> Operation {
    Operation::React(Reacting { post, reaction: "👍".into(), on })
}

fn mentioning(stream: Stream, mentions: Vec<MemberId>) -> Operation {
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text: "おーい".into(),
        mentions,
        poll: None,
        attachments: Vec::new(),
    })
}

async fn synced(world: &World, member: MemberId) -> Phone {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    phone
}

async fn found(world: &World, reader: MemberId, query: &'static str) -> usize {
    let community = world.community;
    world.read(move |conn| super::search(conn, community, reader, query, None, 50)).await.expect("searched").len()
}

both_engines! {
    async fn only_roles_announce(db: TestDatabase) {
        let world = World::new(db).await;
        let (staff, member) = (world.member("佐藤", Role::Moderator).await, world.member("鈴木", Role::Member).await);
        let announce = Operation::WritePost(PostWriting {
            stream: Stream::Community, kind: PostKind::Announcement, text: "お知らせ".into(), mentions: vec![],
            poll: None, attachments: Vec::new(),
        });
        world.can(staff, &announce).await;
        assert_eq!(world.cannot(member, &announce).await, ErrorCode::NotAllowed);
    }

    async fn reactions_are_counted_once_however_often_they_are_sent(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, two) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let post = world.post(one, Stream::Community, "どう思う").await;
        for member in [one, one, two, two] {
            world.can(member, &react(post, true)).await;
        }
        let phone = synced(&world, one).await;
        let counts = Counts { comments: 0, reactions: [("👍".to_owned(), 2)].into(), poll: None };
        assert_eq!(phone.entity(Stream::Community, &EntityKind::Counts, post.0), Some(Entity::Counts(counts)));
        for member in [one, one, two] {
            world.can(member, &react(post, false)).await;
        }
        let phone = synced(&world, one).await;
        let counts = Counts::default();
        assert_eq!(phone.entity(Stream::Community, &EntityKind::Counts, post.0), Some(Entity::Counts(counts)));
        assert_eq!(phone.count(Stream::Member(one), &EntityKind::MyReactions), 0);
    }

    async fn a_reply_hangs_on_a_comment_and_not_on_a_reply(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let (post, other) = (world.post(member, Stream::Community, "一").await, world.post(member, Stream::Community, "二").await);
        let above = world.can(member, &comment(post, "コメント")).await;
        let reply = |post, to| Operation::WriteComment(CommentWriting {
            post, reply_to: Some(to), text: "返信".into(), mentions: vec![], attachments: vec![],
        });
        let below = world.can(member, &reply(post, above.into())).await;
        assert_eq!(world.cannot(member, &reply(post, below.into())).await, ErrorCode::WrongPlace);
        assert_eq!(world.cannot(member, &reply(other, above.into())).await, ErrorCode::NotFound);
        world.can(member, &Operation::DeleteComment(CommentDeletion { comment: above.into() })).await;
        let phone = synced(&world, member).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Comment), 0);
        assert_eq!(phone.entity(Stream::Community, &EntityKind::Counts, post.0), Some(Entity::Counts(Counts::default())));
    }

    async fn moving_a_post_moves_what_hangs_on_it(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, outsider) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club: GroupId = world.can(author, &group("部", Joining::Invitation, false)).await.into();
        let post = world.can(author, &mentioning(Stream::Community, vec![outsider])).await.into();
        world.can(outsider, &comment(post, "見えている")).await;
        world.can(outsider, &react(post, true)).await;
        let mut held = synced(&world, outsider).await;
        assert_eq!(held.count(Stream::Member(outsider), &EntityKind::Mention), 1);
        world.can(author, &Operation::MovePost(PostMove { post, stream: Stream::Group(club) })).await;
        held.sync(&world).await;
        for kind in [EntityKind::Post, EntityKind::Comment, EntityKind::Counts] {
            assert_eq!(held.count(Stream::Community, &kind), 0, "{kind:?}");
        }
        assert_eq!(held.count(Stream::Member(outsider), &EntityKind::Mention), 0);
        assert_eq!(world.cannot(outsider, &comment(post, "もう見えない")).await, ErrorCode::NotFound);
        let keeper = synced(&world, author).await;
        for kind in [EntityKind::Post, EntityKind::Comment, EntityKind::Counts] {
            assert_eq!(keeper.count(Stream::Group(club), &kind), 1, "{kind:?}");
        }
        assert_eq!(world.cannot(outsider, &Operation::MovePost(PostMove { post, stream: Stream::Community })).await,
            ErrorCode::NotFound);
    }

    async fn deleting_a_post_takes_everything_that_hangs_on_it(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let post = world.can(author, &mentioning(Stream::Community, vec![reader])).await.into();
        world.can(reader, &comment(post, "はい")).await;
        world.can(reader, &react(post, true)).await;
        world.can(reader, &Operation::Bookmark(Bookmarking { post, on: true })).await;
        let mut phone = synced(&world, reader).await;
        assert_eq!(world.cannot(reader, &Operation::DeletePost(PostDeletion { post })).await, ErrorCode::NotAllowed);
        world.can(author, &Operation::DeletePost(PostDeletion { post })).await;
        phone.sync(&world).await;
        for kind in [EntityKind::Post, EntityKind::Comment, EntityKind::Counts] {
            assert_eq!(phone.count(Stream::Community, &kind), 0, "{kind:?}");
        }
        for kind in [EntityKind::Mention, EntityKind::MyReactions, EntityKind::Bookmark] {
            assert_eq!(phone.count(Stream::Member(reader), &kind), 0, "{kind:?}");
        }
        assert_eq!(found(&world, reader, "おーい").await + found(&world, reader, "はい").await, 0);
    }

    async fn an_edit_moves_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let (post, _newer) = (world.post(author, Stream::Community, "一").await, world.post(author, Stream::Community, "二").await);
        let position = |phone: &Phone| match phone.entity(Stream::Community, &EntityKind::Post, post.0) {
            Some(Entity::Post(post)) => (post.position, post.text),
            other => panic!("{other:?}"),
        };
        let (before, _) = position(&synced(&world, author).await);
        let edit = PostEdit { post, base: post.0.into(), text: "直しました".into(), mentions: vec![] };
        world.can(author, &Operation::EditPost(edit)).await;
        world.can(author, &comment(post, "新しい返事")).await;
        assert_eq!(position(&synced(&world, author).await), (before, "直しました".to_owned()));
    }

    async fn only_those_who_can_read_it_are_told_of_a_mention(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, outsider) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club: GroupId = world.can(author, &open_group("部")).await.into();
        world.can(author, &mentioning(Stream::Group(club), vec![outsider, author])).await;
        assert_eq!(synced(&world, outsider).await.count(Stream::Member(outsider), &EntityKind::Mention), 0);
        assert_eq!(synced(&world, author).await.count(Stream::Member(author), &EntityKind::Mention), 0);
        let many = vec![outsider; 21];
        assert_eq!(world.cannot(author, &mentioning(Stream::Community, many)).await, ErrorCode::TooMany);
    }

    async fn five_posts_are_pinned_and_no_more(db: TestDatabase) {
        let world = World::new(db).await;
        let (staff, member) = (world.member("佐藤", Role::Admin).await, world.member("鈴木", Role::Member).await);
        let pin = |post, pinned| Operation::PinPost(PostPinning { post, pinned });
        let mut posts = Vec::new();
        for text in ["一", "二", "三", "四", "五", "六"] {
            posts.push(world.post(member, Stream::Community, text).await);
        }
        let mut phone = synced(&world, member).await;
        for post in &posts[..5] {
            world.can(staff, &pin(*post, true)).await;
        }
        phone.sync(&world).await;
        for (at, post) in posts.iter().enumerate() {
            let shown = phone.entity(Stream::Community, &EntityKind::Post, post.0);
            assert!(matches!(shown, Some(Entity::Post(post)) if post.pinned == (at < 5)), "everybody's phone knows");
        }
        assert_eq!(world.cannot(staff, &pin(posts[5], true)).await, ErrorCode::TooMany);
        assert_eq!(world.cannot(member, &pin(posts[0], false)).await, ErrorCode::NotAllowed);
        world.can(staff, &pin(posts[0], false)).await;
        world.can(staff, &pin(posts[5], true)).await;
    }

    async fn a_read_mark_only_grows_and_never_into_the_future(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        world.post(member, Stream::Community, "読んだ").await;
        let read = |position| Operation::Read(Reading { stream: Stream::Community, position: Position(position) });
        let version = world.version().await.0;
        world.can(member, &read(version + 1_000)).await;
        let marked = world.version().await;
        world.can(member, &read(1)).await;
        assert_eq!(world.version().await, marked);
        let phone = synced(&world, member).await;
        let mark = phone.entity(Stream::Member(member), &EntityKind::ReadMark, world.community.0);
        assert!(matches!(mark, Some(Entity::ReadMark(mark)) if mark.position == Position(version)));
    }

    async fn search_finds_japanese_words_and_only_what_one_may_read(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, outsider) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club: GroupId = world.can(author, &open_group("部")).await.into();
        let post = world.post(author, Stream::Community, "昨年退職しました。ＡＢＣ社のころ").await;
        world.can(outsider, &comment(post, "退職おめでとう")).await;
        world.post(author, Stream::Group(club), "退職の会を開きます").await;
        assert_eq!(found(&world, author, "退職").await, 3);
        assert_eq!(found(&world, outsider, "退職").await, 2);
        assert_eq!(found(&world, outsider, "職").await, 2);
        assert_eq!(found(&world, outsider, "abc 退職し").await, 1);
        assert_eq!(found(&world, outsider, "職退").await, 0);
        assert_eq!(found(&world, outsider, "\" OR *").await, 0);
        let edit = PostEdit { post, base: post.0.into(), text: "転職しました".into(), mentions: vec![] };
        world.can(author, &Operation::EditPost(edit)).await;
        assert_eq!(found(&world, outsider, "昨年").await, 0);
        assert_eq!(found(&world, outsider, "転職").await, 1);
    }

    async fn history_is_for_whoever_may_read_the_post(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, outsider) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club: GroupId = world.can(author, &open_group("部")).await.into();
        let post = world.post(author, Stream::Group(club), "内輪の話").await;
        let community = world.community;
        let read = world.read(move |conn| crate::feed::post_history(conn, community, outsider, post)).await;
        let absent = PostId(uuid::Uuid::new_v4());
        let none = world.read(move |conn| crate::feed::post_history(conn, community, outsider, absent)).await;
        assert_eq!(read, none);
        let older = world.read(move |conn| {
            crate::sync::older(conn, community, outsider, Stream::Group(club), Position(i64::MAX))
        });
        assert!(older.await.is_err());
    }

    async fn older_pages_lead_through_the_whole_feed(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        for number in 0..30 {
            let long = format!("{number}{}", "長".repeat(19_000));
            let post = world.can(author, &write_post(Stream::Community, &long)).await.into();
            world.can(author, &comment(post, "続き")).await;
        }
        let (community, mut before, mut met) = (world.community, Position(i64::MAX), 0);
        loop {
            let read = world.read(move |conn| crate::sync::older(conn, community, author, Stream::Community, before));
            let read = read.await.expect("read");
            let changes: Vec<enishi_protocol::Change> = serde_json::from_slice(&read.changes).expect("changes");
            let posts = changes.iter().filter(|change| change.kind == EntityKind::Post);
            met += posts.count();
            before = read.from;
            if before == Position(0) {
                break;
            }
            assert!(changes.iter().any(|change| change.version.0 == before.0), "a page ends at a post");
        }
        assert_eq!(met, 30);
    }

    async fn a_post_that_too_much_hangs_on_still_comes_itself(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        world.can(author, &write_post(Stream::Community, "前の知らせ")).await;
        let post = world.can(author, &write_post(Stream::Community, "みなさま")).await.into();
        for _ in 0..100 {
            world.can(author, &comment(post, &"長".repeat(4_000))).await;
        }
        let (community, before) = (world.community, Position(i64::MAX));
        let read = world.read(move |conn| crate::sync::older(conn, community, author, Stream::Community, before));
        let read = read.await.expect("read");
        let changes: Vec<enishi_protocol::Change> = serde_json::from_slice(&read.changes).expect("changes");
        assert!(changes.len() < 100, "not all of it fits");
        let written = changes.iter().find(|change| change.kind == EntityKind::Post).expect("the post itself");
        assert_eq!((written.id, read.from.0), (post.0, written.version.0));
    }
}
