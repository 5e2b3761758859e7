use super::durability::Directory;
use crate::{
    store::{DatabaseKey, Store},
    testing,
};
use enishi_protocol::CommunityId;

#[test]
fn a_draft_is_there_for_its_place_and_community_until_it_is_emptied() {
    let phone = testing::Phone::new();
    let (store, other) = (&phone.store, CommunityId(testing::id(77)));
    assert_eq!(store.draft(phone.community, "post").expect("reads"), None);
    store.keep_draft(phone.community, "post", "お久しぶり").expect("keeps");
    store.keep_draft(phone.community, "post", "お久しぶりです").expect("keeps");
    store.keep_draft(phone.community, "comment", "なるほど").expect("keeps");
    assert_eq!(store.draft(phone.community, "post").expect("reads").as_deref(), Some("お久しぶりです"));
    assert_eq!(store.draft(other, "post").expect("reads"), None);
    store.keep_draft(phone.community, "post", "").expect("forgets");
    assert_eq!(store.draft(phone.community, "post").expect("reads"), None);
    assert_eq!(store.draft(phone.community, "comment").expect("reads").as_deref(), Some("なるほど"));
}

#[test]
fn drafts_go_with_their_community() {
    let phone = testing::Phone::new();
    phone.store.keep_draft(phone.community, "post", "下書き").expect("keeps");
    phone.store.forget(phone.community).expect("forgets");
    assert_eq!(phone.store.draft(phone.community, "post").expect("reads"), None);
}

#[test]
fn a_draft_is_there_after_the_store_was_opened_again() {
    let directory = Directory::new();
    let (path, community) = (directory.path().join("account.db"), CommunityId(testing::id(1)));
    let open = || Store::open(&path, &DatabaseKey::new([7; 32])).expect("opens");
    open().keep_draft(community, "post", "書きかけ").expect("keeps");
    assert_eq!(open().draft(community, "post").expect("reads").as_deref(), Some("書きかけ"));
}
