use crate::{
    feed::{Around, Delivery, FeedWindow, Selection, commands, unread, window},
    testing::{Phone, id, person, post},
};
use enishi_protocol::{Change, EntityKind, Position, Stream, Version, feed::PostKind};
use rand::{RngExt, SeedableRng, rngs::StdRng};

fn newest(phone: &Phone, size: usize) -> FeedWindow {
    window(&phone.store, phone.community, Selection::All, Around::Newest, size).expect("reads")
}

fn texts(window: &FeedWindow) -> Vec<&str> {
    window.posts.iter().map(|post| post.text.as_str()).collect()
}

#[test]
fn feeds_are_merged_by_position_and_cut_into_windows() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    for version in 2..=21 {
        phone.post(if version % 2 == 0 { Stream::Community } else { group }, version, 2, &version.to_string());
    }
    let top = newest(&phone, 4);
    assert_eq!(texts(&top), ["21", "20", "19", "18"]);
    assert_eq!((top.more_above, top.more_below), (false, true));
    let middle = Around::Position(Position(10));
    let around = window(&phone.store, phone.community, Selection::All, middle, 4).expect("reads");
    assert_eq!(texts(&around), ["12", "11", "10", "9"]);
    assert_eq!((around.more_above, around.more_below), (true, true));
    let end = Around::Position(Position(3));
    let around = window(&phone.store, phone.community, Selection::Stream(group), end, 4).expect("reads");
    assert_eq!(texts(&around), ["7", "5", "3"]);
    assert_eq!((around.more_above, around.more_below), (true, false));
}

#[test]
fn a_window_over_busy_and_silent_feeds_is_the_one_over_all_their_posts() {
    let mut dice = StdRng::seed_from_u64(9);
    let mut phone = Phone::new();
    let groups: Vec<Stream> = (0..6).map(|number| phone.group(7 + number)).collect();
    let positions: Vec<i64> = (2..=121).collect();
    for position in &positions {
        // Half of the posts are in one feed, and long stretches in another.
        let busy = if (40..70).contains(position) { 5 } else { 0 };
        let feed = if dice.random_bool(0.5) { busy } else { dice.random_range(0..groups.len()) };
        phone.post(groups[feed], *position, 2, &position.to_string());
    }
    for size in [1, 4, 7, 30, 200] {
        let top: Vec<String> = positions.iter().rev().take(size).map(i64::to_string).collect();
        assert_eq!(texts(&newest(&phone, size)), top, "the newest {size}");
        for middle in [2, 39, 55, 70, 120] {
            let around = Around::Position(Position(middle));
            let shown = window(&phone.store, phone.community, Selection::All, around, size).expect("reads");
            let above = usize::try_from(121 - middle).expect("few").min(size / 2);
            let first = middle + i64::try_from(above).expect("few");
            let expected: Vec<String> = (2..=first).rev().take(size).map(|position| position.to_string()).collect();
            assert_eq!(texts(&shown), expected, "{size} around {middle}");
        }
    }
}

#[test]
fn a_post_written_offline_stands_on_top_under_its_final_id_until_it_is_accepted() {
    let mut phone = Phone::new();
    phone.post(Stream::Community, 5, 2, "earlier");
    let wish = commands::write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, "new", &[]);
    let written = phone.write(wish.expect("allowed"));
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["new", "earlier"]);
    assert_eq!((shown.posts[0].delivery, shown.posts[0].position), (Delivery::Pending, None));
    assert_eq!(shown.posts[0].author_name.as_deref(), Some("山田 太郎"));
    phone.accept(written, &[(Stream::Community, 6)]);
    assert_eq!(texts(&newest(&phone, 10)), ["new", "earlier"]);
    phone.put(Stream::Community, 6, written.0, &post(6, 1, "new", written.0), Some(written));
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["new", "earlier"]);
    assert_eq!((shown.posts[0].delivery, shown.posts[0].position), (Delivery::Sent, Some(Position(6))));
    phone.forget(written);
    assert_eq!(newest(&phone, 10), shown);
}

#[test]
fn a_post_moved_by_somebody_is_shown_once_whichever_feed_hears_of_it_first() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    let moved = phone.post(Stream::Community, 5, 2, "moves");
    phone.put(group, 9, moved.0, &post(5, 2, "moves", moved.0), None);
    let shown = newest(&phone, 10);
    assert_eq!(texts(&shown), ["moves"]);
    assert_eq!(shown.posts[0].stream, group);
    let gone = Change { version: Version(8), kind: EntityKind::Post, id: moved.0, mutation: None, body: None };
    phone.say(Stream::Community, gone);
    assert_eq!(newest(&phone, 10), shown);
}

#[test]
fn a_waiting_move_shows_at_once_in_its_place_of_the_other_feed() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    let moved = phone.post(Stream::Community, 5, 1, "moves");
    for version in [4, 6] {
        phone.post(group, version, 2, "stays");
    }
    phone.write(commands::move_post(&phone.store, phone.community, moved, group).expect("allowed"));
    let of_group = window(&phone.store, phone.community, Selection::Stream(group), Around::Newest, 10).expect("reads");
    assert_eq!(texts(&of_group), ["stays", "moves", "stays"]);
    let commons = Selection::Stream(Stream::Community);
    let of_all = window(&phone.store, phone.community, commons, Around::Newest, 10).expect("reads");
    assert!(of_all.posts.is_empty());
}

#[test]
fn names_come_from_the_directory_or_from_the_groups_own_members() {
    let mut phone = Phone::new();
    phone.post(Stream::Community, 5, 2, "hello");
    assert_eq!(newest(&phone, 1).posts[0].author_name, None);
    phone.put(Stream::Community, 6, id(2), &person("髙橋", ""), None);
    assert_eq!(newest(&phone, 1).posts[0].author_name.as_deref(), Some("髙橋"));
}

#[test]
fn unread_counts_others_posts_since_the_furthest_mark() {
    let mut phone = Phone::new();
    for (version, author) in [(5, 2), (6, 1), (7, 2), (8, 3)] {
        phone.post(Stream::Community, version, author, "post");
    }
    let count = |phone: &Phone| unread(&phone.store, phone.community).expect("reads")[0].count;
    assert_eq!(count(&phone), 3);
    let read = |phone: &Phone, position| {
        commands::mark_read(&phone.store, phone.community, Stream::Community, Position(position)).expect("reads")
    };
    let wish = read(&phone, 7).expect("is news");
    phone.write(wish);
    assert_eq!(count(&phone), 1);
    assert_eq!(read(&phone, 5), None);
    assert_eq!(count(&phone), 1);
}
