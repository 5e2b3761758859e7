//! What pulling costs, and that the ready bytes say what the tables say.

use super::world::{World, mutation, query, run_sql};
use crate::{
    db::{
        Engine,
        testing::{self, TestDatabase},
    },
    sync::tests::world::Phone,
};
use enishi_protocol::{
    CommentId, Entity, EntityKind, Operation, Stream,
    feed::{CommentDeletion, CommentWriting},
    membership::Role,
};

/// Every post, comment and count that a stream carries is what the tables hold, and no other.
pub(super) async fn tables_and_changes_agree(world: &World) {
    let both = "SELECT count(*) FROM post p LEFT JOIN change c ON c.community = p.community AND c.stream = p.stream
        AND c.kind = 'post' AND c.id = p.id AND c.position = p.position AND c.body IS NOT NULL
        WHERE p.community = $1 AND c.id IS NULL";
    let comments = "SELECT count(*) FROM comment m JOIN post p ON p.community = m.community AND p.id = m.post
        LEFT JOIN change c ON c.community = p.community AND c.stream = p.stream AND c.kind = 'comment' AND c.id = m.id
        AND c.position = p.position AND c.body IS NOT NULL WHERE m.community = $1 AND c.id IS NULL";
    let extra = "SELECT count(*) FROM change c WHERE c.community = $1 AND c.body IS NOT NULL AND (
        c.kind = 'post' AND NOT EXISTS (SELECT 1 FROM post p
            WHERE p.community = $1 AND p.id = c.id AND p.stream = c.stream)
        OR c.kind IN ('comment', 'counts') AND NOT EXISTS (SELECT 1 FROM post p
            WHERE p.community = $1 AND p.position = c.position AND p.stream = c.stream)
        OR c.kind = 'comment' AND NOT EXISTS (SELECT 1 FROM comment m WHERE m.community = $1 AND m.id = c.id))";
    let counted = "SELECT count(*) FROM post p WHERE p.community = $1 AND p.comments <>
        (SELECT count(*) FROM comment m WHERE m.community = $1 AND m.post = p.id)";
    let reacted = "SELECT count(*) FROM reaction_count r WHERE r.community = $1 AND r.members <>
        (SELECT count(*) FROM reaction x WHERE x.community = $1 AND x.post = r.post AND x.reaction = r.reaction)";
    let grouped = "SELECT count(*) FROM group_ g WHERE g.community = $1 AND g.members <>
        (SELECT count(*) FROM group_member m WHERE m.community = $1 AND m.group_id = g.id)";
    let left = "SELECT count(*) FROM post_leftover WHERE community = $1";
    let replies_left = "SELECT count(*) FROM comment_leftover WHERE community = $1";
    for sql in [both, comments, extra, counted, reacted, grouped, left, replies_left] {
        assert_eq!(query(world, sql).await[0].get::<i64>(0), Ok(0), "{sql}");
    }
    bodies_say_what_the_tables_say(world).await;
}

/// The ready bytes of posts, comments, counts and groups hold what their rows do.
async fn bodies_say_what_the_tables_say(world: &World) {
    let posts = "SELECT c.body, p.text, p.text_by, p.position, p.pinned FROM change c
        JOIN post p ON p.community = c.community AND p.id = c.id
        WHERE c.community = $1 AND c.kind = 'post' AND c.body IS NOT NULL";
    for row in query(world, posts).await {
        let Some(Entity::Post(post)) = entity(&row) else { panic!("no post: {row:?}") };
        let held = (Ok(post.text), Ok(post.text_by), Ok(post.position), Ok(post.pinned));
        assert_eq!(held, (row.get(1), row.get(2), row.get(3), row.get(4)));
    }
    let counts = "SELECT c.body, p.comments, (SELECT CAST(coalesce(sum(r.members), 0) AS BIGINT)
        FROM reaction_count r WHERE r.community = p.community AND r.post = p.id) FROM change c
        JOIN post p ON p.community = c.community AND p.id = c.id
        WHERE c.community = $1 AND c.kind = 'counts' AND c.body IS NOT NULL";
    for row in query(world, counts).await {
        let Some(Entity::Counts(counts)) = entity(&row) else { panic!("no counts: {row:?}") };
        let held = (Ok(counts.comments), Ok(counts.reactions.values().sum::<i64>()));
        assert_eq!(held, (row.get(1), row.get(2)));
    }
    let comments = "SELECT c.body, m.text, m.text_by, m.post FROM change c
        JOIN comment m ON m.community = c.community AND m.id = c.id
        WHERE c.community = $1 AND c.kind = 'comment' AND c.body IS NOT NULL";
    for row in query(world, comments).await {
        let Some(Entity::Comment(comment)) = entity(&row) else { panic!("no comment: {row:?}") };
        let held = (Ok(comment.text), Ok(comment.text_by), Ok(comment.post));
        assert_eq!(held, (row.get(1), row.get(2), row.get(3)));
    }
    let groups =
        "SELECT c.body, g.name, g.members FROM change c JOIN group_ g ON g.community = c.community AND g.id = c.id
        WHERE c.community = $1 AND c.kind = 'group' AND c.body IS NOT NULL";
    for row in query(world, groups).await {
        let Some(Entity::Group(group)) = entity(&row) else { panic!("no group: {row:?}") };
        assert_eq!((Ok(group.name), Ok(group.members)), (row.get(1), row.get(2)));
    }
}

/// The entity of a change whose bytes are a row's first column.
fn entity(row: &crate::db::Row) -> Option<Entity> {
    let bytes: Vec<u8> = row.get(0).expect("bytes");
    let change: enishi_protocol::Change = serde_json::from_slice(&bytes).expect("a change");
    Entity::decode(&change.kind, &change.body.expect("a body")).expect("an entity that reads")
}

/// The statements that a pull runs, as `pull`, `changes`, `pages` and `fan_out` write them.
const PULLS: &[(&str, &str)] = &[
    ("change_version", "SELECT c.body FROM change c WHERE c.community = $1 AND c.stream = $1 AND c.version > 5
        ORDER BY c.version LIMIT 1001"),
    ("change_feed", "SELECT c.body FROM change c WHERE c.community = $1 AND c.stream = $1 AND c.position IS NOT NULL
        AND c.body IS NOT NULL AND (c.position, c.version) < (9, 9) ORDER BY c.position DESC, c.version DESC LIMIT 1001"),
    ("change_other", "SELECT c.body FROM change c WHERE c.community = $1 AND c.stream = $1 AND c.position IS NULL
        AND c.body IS NOT NULL AND c.version > 1 AND c.version <= 9 ORDER BY c.version LIMIT 1001"),
    ("change_order", "SELECT c.body FROM change c WHERE c.community = $1 AND c.version > 5 ORDER BY c.version"),
    ("post_feed", "SELECT id FROM post WHERE community = $1 AND stream = $1 ORDER BY position DESC LIMIT 50"),
    ("post_pinned", "SELECT id FROM post WHERE community = $1 AND stream = $1 AND pinned = 1"),
];

#[test]
fn a_pull_is_a_range_scan_that_does_not_sort() {
    testing::on_sqlite(|db| async move {
        assert_eq!(db.engine(), Engine::Sqlite);
        let world = World::new(db).await;
        for (index, sql) in PULLS {
            let community = world.community;
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let rows = world.read(move |conn| Ok(conn.query(&explain, crate::values![community])?)).await;
            let plan: Vec<String> = rows.expect("explained").iter().map(|row| row.get(3).expect("text")).collect();
            let plan = plan.join("; ");
            assert!(plan.contains("SEARCH") && plan.contains(index), "{sql}: {plan}");
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        }
    });
}

#[test]
fn a_stopped_sweep_is_taken_up_again() {
    testing::on_sqlite(|db| async move {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Owner).await;
        let post = world.post(author, Stream::Community, "長い話").await;
        let since = world.version().await;
        let comment = |number: usize| {
            let text = format!("{number}");
            let new = enishi_protocol::feed::CommentWriting {
                post,
                reply_to: None,
                text,
                mentions: vec![],
                attachments: vec![],
            };
            mutation(&enishi_protocol::Operation::WriteComment(new), since)
        };
        for chunk in 0..5 {
            let some = (0..240).map(|number| comment(chunk * 240 + number)).collect();
            assert_eq!(world.decide(author, None, some).await, Ok(None));
        }
        let group = world.can(author, &super::world::open_group("引っ越し先")).await;
        let stream = Stream::Group(group.into());
        let mut phone = Phone::new(author);
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Comment), 1_200);
        let moving = enishi_protocol::feed::PostMove { post, stream };
        world.can(author, &enishi_protocol::Operation::MovePost(moving)).await;
        assert_eq!(query(&world, "SELECT count(*) FROM post_leftover WHERE community = $1").await[0].get(0), Ok(1_i64));
        sweep(&world).await;
        tables_and_changes_agree(&world).await;
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Comment), 0);
        assert_eq!(phone.count(stream, &EntityKind::Comment), 1_200);
        world.can(author, &enishi_protocol::Operation::DeletePost(enishi_protocol::feed::PostDeletion { post })).await;
        sweep(&world).await;
        tables_and_changes_agree(&world).await;
        run_sql(&world, "DELETE FROM erased WHERE community = $1").await;
        assert_eq!(query(&world, "SELECT count(*) FROM comment WHERE community = $1").await[0].get(0), Ok(0_i64));
    });
}

crate::both_engines! {
    async fn a_comment_with_more_replies_than_one_request_may_write_is_deleted_with_all_of_them(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Owner).await;
        let post = world.post(author, Stream::Community, "長い話").await;
        let comment = |reply_to| {
            let new = CommentWriting { post, reply_to, text: "返事".into(), mentions: vec![], attachments: vec![] };
            Operation::WriteComment(new)
        };
        let thread = CommentId::from(world.can(author, &comment(None)).await);
        let other = CommentId::from(world.can(author, &comment(None)).await);
        let since = world.version().await;
        for _ in 0..5 {
            let replies = (0..240).map(|_| mutation(&comment(Some(thread)), since)).collect();
            assert_eq!(world.decide(author, None, replies).await, Ok(None));
        }
        let mut phone = Phone::new(author);
        phone.sync(&world).await;
        world.can(author, &Operation::DeleteComment(CommentDeletion { comment: thread })).await;
        sweep(&world).await;
        tables_and_changes_agree(&world).await;
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Comment), 1);
        assert!(phone.entity(Stream::Community, &EntityKind::Comment, other.0).is_some());
    }
}

async fn sweep(world: &World) {
    loop {
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let more = world.write(move |conn| crate::feed::sweep(conn, &*surroundings, community)).await;
        if !more.expect("swept") {
            return;
        }
    }
}
