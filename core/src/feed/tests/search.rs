use crate::{
    feed::{Selection, commands, search},
    testing::{Phone, id, post},
};
use enishi_protocol::{Change, EntityKind, Stream, Version, feed::PostKind};

fn hits(phone: &Phone, query: &str) -> Vec<String> {
    let found = search(&phone.store, phone.community, Selection::All, query).expect("searches");
    found.posts.into_iter().map(|post| post.text).collect()
}

#[test]
fn words_of_one_two_and_three_characters_are_found_before_and_after_indexing() {
    let mut phone = Phone::new();
    phone.post(Stream::Community, 5, 2, "退職しました。Ｈｅｌｌｏ");
    phone.post(Stream::Community, 6, 2, "職を退く");
    phone.post(Stream::Community, 7, 2, "新しい会社で働いています");
    for _ in 0..2 {
        assert_eq!(hits(&phone, "退職"), ["退職しました。Ｈｅｌｌｏ"]);
        assert_eq!(hits(&phone, "退").len(), 2);
        assert_eq!(hits(&phone, "新しい"), ["新しい会社で働いています"]);
        assert_eq!(hits(&phone, "hello 退職").len(), 1);
        assert!(hits(&phone, "退職 会社").is_empty());
        assert!(hits(&phone, "、\"*").is_empty());
        assert_eq!(phone.store.index_some().expect("indexes"), 0);
    }
}

#[test]
fn an_edited_a_deleted_and_a_pending_post_are_found_by_what_they_say_now() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "退職");
    phone.store.index_some().expect("indexes");
    phone.put(Stream::Community, 8, target.0, &post(5, 2, "転職", id(8)), None);
    for _ in 0..2 {
        assert!(hits(&phone, "退職").is_empty());
        assert_eq!(hits(&phone, "転職"), ["転職"]);
        phone.store.index_some().expect("indexes");
    }
    let gone = Change { version: Version(9), kind: EntityKind::Post, id: target.0, mutation: None, body: None };
    phone.say(Stream::Community, gone);
    assert!(hits(&phone, "転職").is_empty());
    let wish = commands::write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, "復職", &[]);
    phone.write(wish.expect("allowed"));
    assert_eq!(hits(&phone, "復職"), ["復職"]);
}

#[test]
fn the_newest_hits_of_all_feeds_come_first_and_a_feed_can_be_searched_alone() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    for version in 2..=80 {
        let stream = if version % 2 == 0 { Stream::Community } else { group };
        phone.post(stream, version, 2, &format!("同窓会 {version}"));
    }
    phone.store.index_some().expect("indexes");
    let found = search(&phone.store, phone.community, Selection::All, "同窓会").expect("searches");
    assert_eq!((found.posts.len(), found.ended.is_some(), found.posts[0].text.as_str()), (50, true, "同窓会 80"));
    let found = search(&phone.store, phone.community, Selection::Stream(group), "同窓会").expect("searches");
    assert_eq!((found.posts.len(), found.ended.is_some(), found.posts[0].text.as_str()), (39, false, "同窓会 79"));
}
