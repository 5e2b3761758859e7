use crate::{
    feed::{bookmarks, commands},
    testing::Phone,
};
use enishi_protocol::{Entity, PostId, Stream, feed::Bookmark};

fn listed(phone: &Phone, size: usize) -> Vec<PostId> {
    let posts = bookmarks(&phone.store, phone.community, size).expect("reads");
    posts.into_iter().map(|post| post.id).collect()
}

fn bookmarked(phone: &mut Phone, version: i64, post: PostId, at_us: i64) {
    let inbox = phone.inbox();
    phone.put(inbox, version, post.0, &Entity::Bookmark(Bookmark { at_us }), None);
}

#[test]
fn the_newest_bookmark_comes_first_and_what_waits_counts_already() {
    let mut phone = Phone::new();
    let [first, second, third] = [5, 6, 7].map(|position| phone.post(Stream::Community, position, 2, "読み返す"));
    assert_eq!(listed(&phone, 10), []);
    bookmarked(&mut phone, 20, first, 2_000);
    bookmarked(&mut phone, 21, second, 1_000);
    assert_eq!(listed(&phone, 10), [first, second]);
    let wish = commands::bookmark(&phone.store, phone.community, third, true).expect("allowed");
    phone.write(wish);
    assert_eq!(listed(&phone, 10), [third, first, second]);
    assert_eq!(listed(&phone, 2), [third, first]);
    let wish = commands::bookmark(&phone.store, phone.community, first, false).expect("allowed");
    phone.write(wish);
    assert_eq!(listed(&phone, 10), [third, second]);
}

#[test]
fn what_this_phone_does_not_hold_is_left_out() {
    let mut phone = Phone::new();
    let there = phone.post(Stream::Community, 5, 2, "ここにある");
    bookmarked(&mut phone, 20, PostId(crate::testing::id(77)), 2_000);
    bookmarked(&mut phone, 21, there, 1_000);
    assert_eq!(listed(&phone, 1), [there]);
}
