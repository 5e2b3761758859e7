//! Deciding mutations: once, in order, whole, or refused with a reason that stays.

use super::world::{Phone, World, malformed, mutation, open_group, query, run_sql, write_post};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    erasure::{Erasure, What},
    sync::chores,
};
use enishi_protocol::{
    EntityKind, Era, ErrorCode, Operation, Stream, Version,
    feed::{CommentWriting, PostDeletion, PostEdit, Reacting},
    groups::GroupJoining,
    limits::REACTIONS_PER_MEMBER,
    membership::Role,
    sync::{Outcome, Undecided},
};
use uuid::Uuid;

/// Forgets what is old enough.
async fn forget(world: &World) {
    let (community, now_us) = (world.community, world.surroundings.now_us.load(std::sync::atomic::Ordering::Relaxed));
    while world.write(move |conn| chores::expire(conn, now_us, community)).await.expect("forgotten") {}
}

both_engines! {
    async fn a_repeated_mutation_is_decided_once(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = mutation(&write_post(Stream::Community, "一度だけ"), world.version().await);
        assert_eq!(world.decide(author, None, vec![post.clone(), post.clone()]).await, Ok(None));
        let (version, outcome) = (world.version().await, world.outcome(author, post.id).await);
        assert_eq!(world.decide(author, None, vec![post.clone()]).await, Ok(None));
        assert_eq!(world.version().await, version);
        assert_eq!(world.outcome(author, post.id).await, outcome);
        assert!(matches!(outcome, Some(Outcome::Accepted { streams }) if streams[&Stream::Community] == version));
    }

    async fn nothing_is_decided_after_a_predecessor_that_is_not(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let since = world.version().await;
        let first = mutation(&write_post(Stream::Community, "一"), since);
        let mut second = mutation(&write_post(Stream::Community, "二"), since);
        second.after = Some(first.id);
        let third = mutation(&write_post(Stream::Community, "三"), since);
        let undecided = Undecided { from: second.id, code: ErrorCode::OutOfOrder };
        assert_eq!(world.decide(author, None, vec![second.clone(), third.clone()]).await, Ok(Some(undecided)));
        assert_eq!(world.outcome(author, third.id).await, None);
        assert_eq!(world.decide(author, None, vec![first, second.clone(), third]).await, Ok(None));
        assert!(world.outcome(author, second.id).await.is_some());
    }

    async fn another_era_decides_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = mutation(&write_post(Stream::Community, "前の時代"), world.version().await);
        let undecided = Undecided { from: post.id, code: ErrorCode::OtherEra };
        let other = Some(Era(Uuid::new_v4()));
        assert_eq!(world.decide(author, other, vec![post.clone()]).await, Ok(Some(undecided)));
        assert_eq!(world.outcome(author, post.id).await, None);
        let present = Some(world.row().await.era);
        assert_eq!(world.decide(author, present, vec![post]).await, Ok(None));
    }

    async fn what_may_have_been_decided_and_forgotten_is_refused_as_expired(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = mutation(&write_post(Stream::Community, "昔の"), world.version().await);
        assert_eq!(world.decide(author, None, vec![post.clone()]).await, Ok(None));
        let accepted = world.outcome(author, post.id).await;
        world.member("鈴木", Role::Member).await;
        world.pass_days(89);
        forget(&world).await;
        assert!(matches!(accepted, Some(Outcome::Accepted { .. })));
        assert_eq!(world.outcome(author, post.id).await, accepted, "a result is kept for 90 days");
        world.pass_days(2);
        forget(&world).await;
        assert_eq!(world.outcome(author, post.id).await, None);
        assert_eq!(world.decide(author, None, vec![post.clone()]).await, Ok(None));
        assert_eq!(world.outcome(author, post.id).await, Some(Outcome::Refused(ErrorCode::Expired)));
        world.post(author, Stream::Community, "今の").await;
    }

    async fn what_the_server_does_not_know_or_cannot_read_is_refused_and_blocks_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let since = world.version().await;
        let unknown = malformed("poll.write", "{}", since);
        let unreadable = malformed("post.write", r#"{"stream":7}"#, since);
        let good = mutation(&write_post(Stream::Community, "届く"), since);
        let all = vec![unknown.clone(), unreadable.clone(), good.clone()];
        assert_eq!(world.decide(author, None, all).await, Ok(None));
        assert_eq!(world.outcome(author, unknown.id).await, Some(Outcome::Refused(ErrorCode::UnknownMutation)));
        assert_eq!(world.outcome(author, unreadable.id).await, Some(Outcome::Refused(ErrorCode::Malformed)));
        assert!(matches!(world.outcome(author, good.id).await, Some(Outcome::Accepted { .. })));
    }

    async fn a_refused_mutation_leaves_nothing_behind(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let version = world.version().await;
        assert_eq!(world.cannot(author, &write_post(Stream::Community, "  \n")).await, ErrorCode::TextEmpty);
        let long = "長".repeat(20_001);
        assert_eq!(world.cannot(author, &write_post(Stream::Community, &long)).await, ErrorCode::TextTooLong);
        assert_eq!(world.cannot(author, &write_post(Stream::Member(author), "x")).await, ErrorCode::WrongPlace);
        let nowhere = Stream::Group(Uuid::new_v4().into());
        assert_eq!(world.cannot(author, &write_post(nowhere, "x")).await, ErrorCode::NotAllowed);
        assert_eq!(world.version().await, version);
        // One that is refused only after it has written leaves nothing behind either.
        let post = world.post(author, Stream::Community, "どう思う").await;
        for (number, reaction) in ["👍", "🎉", "🌸", "🍵", "🏔", "📷", "🎣", "🚲", "🎻"].into_iter().enumerate() {
            let react = Operation::React(Reacting { post, reaction: reaction.into(), on: true });
            if number < REACTIONS_PER_MEMBER {
                world.can(author, &react).await;
            } else {
                let version = world.version().await;
                assert_eq!(world.cannot(author, &react).await, ErrorCode::TooMany);
                assert_eq!(world.version().await, version);
            }
        }
        for sql in ["SELECT count(*) FROM reaction WHERE community = $1",
            "SELECT count(*) FROM reaction_count WHERE community = $1"] {
            assert_eq!(query(&world, sql).await[0].get::<i64>(0), Ok(8), "{sql}");
        }
    }

    async fn a_mutation_that_fails_inside_twice_is_refused_and_blocks_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let group = world.can(author, &open_group("壊れる")).await;
        let other = world.member("鈴木", Role::Member).await;
        run_sql(&world, "UPDATE group_ SET joining = 'by_magic' WHERE community = $1").await;
        let since = world.version().await;
        let joining = Operation::JoinGroup(GroupJoining { group: group.into(), note: String::new() });
        let (broken, good) = (mutation(&joining, since), mutation(&write_post(Stream::Community, "届く"), since));
        let again = Undecided { from: broken.id, code: ErrorCode::TryAgain };
        let both = vec![broken.clone(), good.clone()];
        assert_eq!(world.decide(other, None, both.clone()).await, Ok(Some(again)));
        assert_eq!(world.outcome(other, good.id).await, None);
        assert_eq!(world.decide(other, None, both).await, Ok(None));
        assert_eq!(world.outcome(other, broken.id).await, Some(Outcome::Refused(ErrorCode::Internal)));
        assert!(matches!(world.outcome(other, good.id).await, Some(Outcome::Accepted { .. })));
    }

    async fn one_request_writes_a_thousand_changes_and_no_more(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = world.post(author, Stream::Community, "長い話").await;
        let since = world.version().await;
        let comment = |number: usize| Operation::WriteComment(CommentWriting {
            post, reply_to: None, text: format!("{number}"), mentions: vec![], attachments: vec![],
        });
        let many: Vec<_> = (0..600).map(|number| mutation(&comment(number), since)).collect();
        let undecided = world.decide(author, None, many.clone()).await.expect("decided in part");
        assert_eq!(undecided, Some(Undecided { from: many[500].id, code: ErrorCode::TooMuchAtOnce }));
        assert_eq!(world.version().await, Version(since.0 + 1_000));
        assert_eq!(world.decide(author, None, many.clone()).await, Ok(None));
        assert!(world.outcome(author, many[599].id).await.is_some());
    }

    async fn an_edit_of_a_text_that_has_changed_is_a_conflict(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = world.post(author, Stream::Community, "はじめ").await;
        let edit = |base: Uuid, text: &str| Operation::EditPost(PostEdit {
            post, base: base.into(), text: text.into(), mentions: vec![],
        });
        let first = world.can(author, &edit(post.0, "一つ目の端末")).await;
        assert_eq!(world.cannot(author, &edit(post.0, "二つ目の端末")).await, ErrorCode::Conflict);
        world.can(author, &edit(first.0, "見比べて")).await;
        let community = world.community;
        let history = world.read(move |conn| crate::feed::post_history(conn, community, author, post)).await;
        let texts: Vec<_> = history.expect("read").into_iter().map(|earlier| earlier.text).collect();
        assert_eq!(texts, ["はじめ", "一つ目の端末"]);
    }

    async fn nobody_brings_back_what_was_erased(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let known = world.post(author, Stream::Community, "消される").await;
        let lost = mutation(&write_post(Stream::Community, "控えにない"), world.version().await);
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let (before, erased) = (world.row().await.era, [known.0, lost.id.0].map(|id| Erasure { what: What::Post(id.into()), day: 0 }));
        let era = world.write(move |conn| chores::new_era(conn, &*surroundings, community, &erased)).await;
        assert_ne!(era.expect("renewed"), before);
        assert_eq!(world.decide(author, None, vec![lost.clone()]).await, Ok(None));
        assert_eq!(world.outcome(author, lost.id).await, Some(Outcome::Refused(ErrorCode::Erased)));
        let mut phone = Phone::new(author);
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 0);
    }

    async fn an_id_that_something_bears_is_not_taken_twice(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let post = mutation(&write_post(Stream::Community, "わたしの"), world.version().await);
        assert_eq!(world.decide(author, None, vec![post.clone()]).await, Ok(None));
        assert_eq!(world.outcome(other, post.id).await, None, "nobody is told what became of another's");
        assert_eq!(world.decide(other, None, vec![post.clone()]).await, Ok(None));
        assert_eq!(world.outcome(other, post.id).await, Some(Outcome::Refused(ErrorCode::AlreadyExists)));
        assert_eq!(world.cannot(other, &Operation::DeletePost(PostDeletion { post: post.id.into() })).await,
            ErrorCode::NotAllowed);
    }
}
