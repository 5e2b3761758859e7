use crate::{
    feed::{Around, FeedWindow, Selection, commands, post as page, window},
    store::OlderTaken,
    testing::{ERA, Phone, comment, counts, id, post},
};
use enishi_protocol::{
    Change, EntityKind, Era, Grant, Position, PostId, Stream, Version,
    feed::{Bookmark, PostKind},
    older::{OlderPosts, SinglePost, SinglePosts},
};
use std::collections::HashSet;
use uuid::Uuid;

const FEED: Stream = Stream::Community;
const BOUND: usize = 2_000;

/// What the server has: posts at every tenth position, each with a comment and counts.
struct Server {
    now: i64,
    era: Era,
    grant: Grant,
}

fn post_id(position: i64) -> PostId {
    PostId(id(10_000 + u128::try_from(position).expect("positive")))
}

fn comment_id(position: i64) -> Uuid {
    id(20_000 + u128::try_from(position).expect("positive"))
}

fn change(version: i64, id: Uuid, entity: &enishi_protocol::Entity) -> Change {
    let body = Some(entity.encode().expect("encodes"));
    Change { version: Version(version), kind: entity.kind(), id, mutation: None, body }
}

fn whole_post(position: i64) -> Vec<Change> {
    let post_id = post_id(position);
    vec![
        change(position, post_id.0, &post(position, 2, &position.to_string(), post_id.0)),
        change(position + 1, comment_id(position), &comment(post_id, position + 1, 2, "返事", comment_id(position))),
        change(position + 2, post_id.0, &counts(1, &[])),
    ]
}

impl Server {
    fn new(now: i64) -> Self {
        Self { now, era: ERA, grant: Grant(1) }
    }

    /// The newest `posts` before a position.
    fn older(&self, before: i64, posts: usize) -> OlderPosts {
        let positions = (1..).map(|number| number * 10).take_while(|position| *position < before);
        let mut positions: Vec<i64> = positions.collect();
        let skipped = positions.len().saturating_sub(posts);
        let chosen = positions.split_off(skipped);
        let from = if skipped == 0 { 0 } else { chosen[0] };
        let changes = chosen.iter().flat_map(|position| whole_post(*position)).collect();
        let (now, from) = (Version(self.now), Position(from));
        OlderPosts { era: self.era, grant: self.grant, now, from, changes, more: from.0 > 0 }
    }
}

/// A phone that was told of `posts` posts, at 10, 20, …
fn phone_with(posts: i64) -> Phone {
    let mut phone = Phone::new();
    for position in (1..=posts).map(|number| number * 10) {
        for change in whole_post(position) {
            phone.say(FEED, change);
        }
    }
    phone
}

fn trim(phone: &Phone, floor: usize) {
    while phone.store.trim_some(phone.community, floor).expect("trims") {}
}

fn take(phone: &Phone, before: i64, answer: &OlderPosts) -> OlderTaken {
    phone.store.take_older(phone.community, FEED, Position(before), answer, BOUND).expect("takes")
}

fn shown(phone: &Phone, around: Around, size: usize) -> FeedWindow {
    window(&phone.store, phone.community, Selection::All, around, size).expect("reads")
}

fn positions(window: &FeedWindow) -> Vec<i64> {
    window.posts.iter().filter_map(|post| post.position).map(|position| position.0).collect()
}

fn down_from(newest: i64, to: i64) -> Vec<i64> {
    (to / 10..=newest / 10).rev().map(|number| number * 10).collect()
}

fn mirrored(phone: &Phone, kind: &EntityKind) -> usize {
    let held = phone.store.held(phone.community, FEED).expect("reads");
    held.iter().filter(|change| change.kind == *kind).count()
}

fn rows(phone: &Phone, sql: &str) -> i64 {
    phone.store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).expect("counts")
}

#[test]
fn a_feed_is_trimmed_to_the_floor_with_what_hangs_on_its_posts() {
    let phone = phone_with(700);
    while phone.store.index_some().expect("indexes") > 0 {}
    trim(&phone, 20);
    for kind in [EntityKind::Post, EntityKind::Comment, EntityKind::Counts] {
        assert_eq!(mirrored(&phone, &kind), 20, "{kind:?}");
    }
    assert_eq!(rows(&phone, "SELECT count(*) FROM post_search_docsize"), 20);
    assert_eq!(positions(&shown(&phone, Around::Newest, 50)), down_from(7000, 6810));
}

#[test]
fn what_is_bookmarked_or_waits_in_the_outbox_is_never_trimmed() {
    let mut phone = phone_with(40);
    let inbox = phone.inbox();
    let bookmark = enishi_protocol::Entity::Bookmark(Bookmark { at_us: 0 });
    phone.put(inbox, 500, post_id(10).0, &bookmark, None);
    let wish = commands::write_comment(&phone.store, phone.community, post_id(20), None, "まだ送れない", &[]);
    phone.write(wish.expect("allowed"));
    let wish = commands::edit_comment(&phone.store, phone.community, comment_id(30).into(), "書き直す", &[]);
    phone.write(wish.expect("allowed"));
    trim(&phone, 5);
    let held = phone.store.held(phone.community, FEED).expect("reads");
    for position in [10, 20, 30] {
        assert!(held.iter().any(|change| change.id == post_id(position).0), "{position}");
        assert!(held.iter().any(|change| change.id == comment_id(position)), "{position}");
    }
    assert_eq!(mirrored(&phone, &EntityKind::Post), 8);
    assert_eq!(positions(&shown(&phone, Around::Newest, 50)), down_from(400, 360), "a gap is not shown as none");
}

#[test]
fn nothing_is_trimmed_before_first_sync_is_finished() {
    let mut phone = phone_with(40);
    for stream in [FEED, phone.inbox()] {
        phone.begin_again(stream, true);
        trim(&phone, 5);
        assert_eq!(mirrored(&phone, &EntityKind::Post), 40, "{stream}");
        phone.begin_again(stream, false);
    }
    trim(&phone, 5);
    assert_eq!(mirrored(&phone, &EntityKind::Post), 5);
}

#[test]
fn older_posts_join_the_window_without_a_gap_down_to_the_first() {
    let phone = phone_with(40);
    let whole = shown(&phone, Around::Newest, 100);
    trim(&phone, 10);
    let server = Server::new(2_000);
    let mut asked = 0;
    loop {
        let window = shown(&phone, Around::Newest, 100);
        assert_eq!(window.posts[..], whole.posts[..window.posts.len()]);
        assert_eq!(window.more_below, window.older.is_some());
        let Some(to_fetch) = window.older else { break };
        assert_eq!(take(&phone, to_fetch.before.0, &server.older(to_fetch.before.0, 7)), OlderTaken::Yes);
        asked += 1;
    }
    assert_eq!(asked, 5);
    assert_eq!(shown(&phone, Around::Newest, 100), whole);
    let read = page(&phone.store, phone.community, post_id(50), 10).expect("reads").expect("is there");
    assert_eq!((read.comments.len(), read.post.comments), (1, 1));
    assert_eq!(mirrored(&phone, &EntityKind::Post), 10, "they lie apart from the mirror");
}

#[test]
fn older_posts_of_another_era_or_grant_or_from_before_what_was_applied_are_not_taken() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    phone.reach(FEED, 600);
    let good = Server::new(600);
    assert_eq!(take(&phone, 310, &Server { era: Era(id(9)), ..Server::new(600) }.older(310, 5)), OlderTaken::Other);
    assert_eq!(take(&phone, 310, &Server { grant: Grant(2), ..Server::new(600) }.older(310, 5)), OlderTaken::Other);
    assert_eq!(take(&phone, 310, &Server::new(599).older(310, 5)), OlderTaken::Late);
    assert_eq!(positions(&shown(&phone, Around::Newest, 100)).len(), 10);
    assert_eq!(take(&phone, 310, &good.older(310, 5)), OlderTaken::Yes);
    assert_eq!(positions(&shown(&phone, Around::Newest, 100)).len(), 15);
}

#[test]
fn older_posts_follow_what_changes_and_what_goes() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    assert_eq!(take(&phone, 310, &Server::new(500).older(310, 10)), OlderTaken::Yes);
    phone.put(FEED, 501, post_id(300).0, &post(300, 2, "書き直した", id(501)), None);
    phone.put(FEED, 502, post_id(300).0, &counts(7, &[("👍", 3)]), None);
    phone.put(FEED, 503, id(503), &comment(post_id(300), 503, 2, "後から", id(503)), None);
    let gone = Change { version: Version(504), kind: EntityKind::Post, id: post_id(290).0, mutation: None, body: None };
    phone.say(FEED, gone);
    let window = shown(&phone, Around::Newest, 12);
    assert_eq!(positions(&window)[9..], [310, 300, 280]);
    assert_eq!((window.posts[10].text.as_str(), window.posts[10].comments), ("書き直した", 7));
    let read = page(&phone.store, phone.community, post_id(300), 10).expect("reads").expect("is there");
    assert_eq!(read.comments.last().map(|comment| comment.text.as_str()), Some("後から"));
    assert_eq!((mirrored(&phone, &EntityKind::Post), mirrored(&phone, &EntityKind::Comment)), (10, 10));
}

#[test]
fn late_changes_below_the_floor_leave_nothing_behind() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    let before = phone.store.held(phone.community, FEED).expect("reads");
    for (round, number) in (0..50).zip(9_000..) {
        let version = 600 + round * 3;
        phone.put(FEED, version, post_id(20).0, &counts(round, &[]), None);
        phone.put(FEED, version + 1, id(number), &comment(post_id(20), 5, 2, "後から", id(1)), None);
        phone.put(FEED, version + 2, post_id(20).0, &post(20, 2, "書き直した", id(2)), None);
    }
    phone.reach(FEED, 900);
    trim(&phone, 10);
    assert_eq!(phone.store.held(phone.community, FEED).expect("reads"), before);
    assert_eq!(rows(&phone, "SELECT count(*) FROM loose"), 0);
}

#[test]
fn what_comes_before_the_post_it_hangs_on_is_kept_until_all_has_come() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    phone.applied(FEED, 600, 700);
    phone.put(FEED, 600, id(9_000), &comment(post_id(650), 600, 2, "先に来た", id(9_000)), None);
    trim(&phone, 10);
    phone.put(FEED, 700, post_id(650).0, &post(450, 2, "後から来た", id(650)), None);
    phone.applied(FEED, 700, 700);
    trim(&phone, 10);
    let read = page(&phone.store, phone.community, post_id(650), 10).expect("reads").expect("is there");
    assert_eq!(read.comments.len(), 1);
}

#[test]
fn only_so_many_older_posts_are_kept_and_what_was_fetched_first_goes_first() {
    let mut phone = phone_with(100);
    trim(&phone, 10);
    let wish = commands::react(&phone.store, phone.community, post_id(990), "👍", true);
    phone.write(wish.expect("allowed"));
    let mut before = 910;
    for _ in 0..6 {
        let answer = Server::new(2_000).older(before, 10);
        let taken = phone.store.take_older(phone.community, FEED, Position(before), &answer, 25).expect("takes");
        assert_eq!(taken, OlderTaken::Yes);
        before = answer.from.0;
    }
    assert_eq!(rows(&phone, "SELECT count(*) FROM post WHERE place < 0"), 25);
    assert_eq!(rows(&phone, "SELECT count(*) FROM comment WHERE copy < 0"), 25);
    let around = shown(&phone, Around::Position(Position(320)), 100);
    assert_eq!(positions(&around), down_from(550, 310));
    assert!(around.more_above && around.newer.is_some(), "{around:?}");
    let newest = shown(&phone, Around::Newest, 100);
    assert_eq!(positions(&newest), down_from(1000, 910));
    assert_eq!(newest.older.map(|older| older.before), Some(Position(910)));
}

#[test]
fn feeds_are_shown_together_only_as_far_as_each_is_without_a_gap() {
    let mut phone = phone_with(40);
    let group = phone.group(7);
    for position in [45, 365, 395] {
        phone.post(group, position, 2, "group");
    }
    trim(&phone, 10);
    assert_eq!(positions(&shown(&phone, Around::Newest, 100)).last(), Some(&310));
    let of_group = window(&phone.store, phone.community, Selection::Stream(group), Around::Newest, 100);
    assert_eq!(positions(&of_group.expect("reads")), [395, 365, 45]);
    assert_eq!(take(&phone, 310, &Server::new(500).older(310, 100)), OlderTaken::Yes);
    assert_eq!(positions(&shown(&phone, Around::Newest, 100)).len(), 43);
}

#[test]
fn older_posts_go_with_the_stream_and_with_the_membership() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    assert_eq!(take(&phone, 310, &Server::new(500).older(310, 10)), OlderTaken::Yes);
    assert_eq!(rows(&phone, "SELECT count(*) FROM post WHERE place < 0"), 10);
    phone.end();
    for table in ["post", "comment", "counts", "extent", "loose"] {
        assert_eq!(rows(&phone, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(take(&phone, 310, &Server::new(500).older(310, 10)), OlderTaken::Other);
    assert_eq!(rows(&phone, "SELECT count(*) FROM post"), 0);
}

#[test]
fn an_older_post_can_be_answered_offline() {
    let mut phone = phone_with(40);
    trim(&phone, 10);
    assert_eq!(take(&phone, 310, &Server::new(500).older(310, 10)), OlderTaken::Yes);
    let wish = commands::write_comment(&phone.store, phone.community, post_id(300), None, "懐かしい", &[]);
    phone.write(wish.expect("allowed"));
    let read = page(&phone.store, phone.community, post_id(300), 10).expect("reads").expect("is there");
    assert_eq!((read.comments.len(), read.post.comments), (2, 2));
    let new = commands::write_post(&phone.store, phone.community, FEED, PostKind::Text, "新しい", &[]);
    phone.write(new.expect("allowed"));
    assert_eq!(shown(&phone, Around::Newest, 3).posts[0].text, "新しい");
}

impl Server {
    /// The posts at these positions, each by itself.
    fn singles(&self, positions: &[i64]) -> SinglePosts {
        let single = |position: &i64| SinglePost {
            id: post_id(*position),
            stream: FEED,
            grant: self.grant,
            changes: whole_post(*position),
        };
        SinglePosts {
            era: self.era,
            now: Version(self.now),
            posts: positions.iter().map(single).collect(),
            more: false,
        }
    }
}

/// On another phone of this member's, posts at these positions were bookmarked.
fn bookmark(phone: &mut Phone, positions: &[i64]) {
    let (inbox, bookmark) = (phone.inbox(), enishi_protocol::Entity::Bookmark(Bookmark { at_us: 0 }));
    for position in positions {
        phone.put(inbox, 600 + position, post_id(*position).0, &bookmark, None);
    }
}

fn missing(phone: &Phone) -> Vec<PostId> {
    let mut missing = phone.store.bookmarked_elsewhere(phone.community, &HashSet::new(), 10).expect("reads");
    missing.sort();
    missing
}

fn take_singles(phone: &Phone, answer: &SinglePosts) -> OlderTaken {
    phone.store.take_singles(phone.community, answer).expect("takes")
}

fn text_of(phone: &Phone, position: i64) -> Option<(String, usize)> {
    let read = page(&phone.store, phone.community, post_id(position), 10).expect("reads");
    read.map(|read| (read.post.text, read.comments.len()))
}

#[test]
fn a_post_bookmarked_elsewhere_is_missed_once_all_else_is_here_and_followed_once_it_is_fetched() {
    let mut phone = phone_with(40);
    bookmark(&mut phone, &[10, 20, 400]);
    assert_eq!(missing(&phone), [], "a feed that is held whole has them");
    let mut phone = phone_with(40);
    trim(&phone, 10);
    bookmark(&mut phone, &[10, 20, 400]);
    phone.begin_again(FEED, true);
    assert_eq!(missing(&phone), [], "they may still come");
    phone.begin_again(FEED, false);
    assert_eq!(missing(&phone), [post_id(10), post_id(20)]);
    let known = HashSet::from([post_id(10)]);
    assert_eq!(phone.store.bookmarked_elsewhere(phone.community, &known, 10).expect("reads"), [post_id(20)]);

    assert_eq!(take_singles(&phone, &Server::new(1_000).singles(&[10, 20])), OlderTaken::Yes);
    assert_eq!(missing(&phone), []);
    assert_eq!(text_of(&phone, 10), Some(("10".into(), 1)));
    assert_eq!(positions(&shown(&phone, Around::Newest, 100)), down_from(400, 310), "a gap is not shown as none");
    phone.put(FEED, 1_001, post_id(10).0, &post(10, 2, "書き直した", id(1_001)), None);
    phone.put(FEED, 1_002, id(1_002), &comment(post_id(10), 1_002, 2, "後から", id(1_002)), None);
    assert_eq!(text_of(&phone, 10), Some(("書き直した".into(), 2)));
    let gone = |id: Uuid, kind: EntityKind, version: i64| Change {
        version: Version(version),
        kind,
        id,
        mutation: None,
        body: None,
    };
    phone.say(FEED, gone(post_id(10).0, EntityKind::Post, 1_003));
    assert_eq!(text_of(&phone, 10), None);
    phone.reach(FEED, 1_003);
    assert_eq!(take_singles(&phone, &Server::new(1_000).singles(&[10])), OlderTaken::Late);
    assert_eq!(text_of(&phone, 10), None, "a late answer brings nothing back");

    trim(&phone, 10);
    assert_eq!(text_of(&phone, 20), Some(("20".into(), 1)));
    let inbox = phone.inbox();
    phone.say(inbox, gone(post_id(20).0, EntityKind::Bookmark, 1_004));
    trim(&phone, 10);
    assert_eq!(text_of(&phone, 20), None, "it is not bookmarked any more");
    assert_eq!(mirrored(&phone, &EntityKind::Post), 10, "the mirror took no part in any of it");
}

#[test]
fn bookmarked_posts_are_outside_the_bound_of_what_was_scrolled_to_and_go_with_the_right_to_read_them() {
    let mut phone = phone_with(100);
    trim(&phone, 10);
    bookmark(&mut phone, &[10, 20, 850]);
    assert_eq!(take_singles(&phone, &Server::new(2_000).singles(&[10, 20, 850])), OlderTaken::Yes);
    let answer = Server::new(2_000).older(910, 20);
    let taken = phone.store.take_older(phone.community, FEED, Position(910), &answer, 5).expect("takes");
    assert_eq!(taken, OlderTaken::Yes);
    assert_eq!(rows(&phone, "SELECT count(*) FROM post WHERE place < 0"), 5 + 3, "the five newest, and the bookmarked");
    for position in [10, 20, 850] {
        assert!(text_of(&phone, position).is_some(), "{position}");
    }
    let of_another = Server { grant: Grant(2), ..Server::new(2_000) }.singles(&[30]);
    assert_eq!(take_singles(&phone, &of_another), OlderTaken::Other);
    assert_eq!(take_singles(&phone, &Server::new(2_000).singles(&[990])), OlderTaken::None, "that is above the floor");
    phone.end();
    assert_eq!(rows(&phone, "SELECT count(*) FROM post"), 0);
}
