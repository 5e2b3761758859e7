use super::{block, blocked, mute, muted};
use crate::{
    error::StoreError,
    feed::{Around, Delivery, Selection, commands, post, search, unread, window},
    groups::{group_members, groups},
    membership::{directory, member as find_member},
    moderation::readers,
    testing::{Phone, comment, counts, id, member, person, post as post_entity},
};
use enishi_protocol::{
    Entity, ErrorCode, PostId, Stream,
    blocks::{Block, Unseen},
    feed::{Post, PostKind},
    groups::{Group, GroupInvitation, GroupMember, Joining},
    membership::{Member, PersonName, Role, Standing},
};
use uuid::Uuid;

/// The phone of member 1, with 鈴木 (2) and 高橋 (3), who write, comment and are in a group with them.
fn phone() -> (Phone, PostId) {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 2, id(2), &person("鈴木", ""), None);
    phone.put(Stream::Community, 3, id(3), &person("高橋", ""), None);
    phone.post(Stream::Community, 10, 2, "鈴木の山の話");
    let of_third = phone.post(Stream::Community, 11, 3, "高橋の山の話");
    for (version, author, reply_to) in [(12, 2, None), (13, 3, None), (14, 3, Some(12_u128))] {
        let mut said = comment(of_third, version, author, "ひとこと", id(version.unsigned_abs().into()));
        if let (Entity::Comment(said), Some(above)) = (&mut said, reply_to) {
            said.reply_to = Some(id(above).into());
        }
        phone.put(Stream::Community, version, id(version.unsigned_abs().into()), &said, None);
    }
    phone.put(Stream::Community, 15, of_third.0, &counts(3, &[("👍", 2)]), None);
    let group = phone.group(7);
    let entity = Group {
        name: "山の会".into(),
        description: String::new(),
        joining: Joining::Open,
        secret: false,
        closed_to_staff: true,
        members: 3,
    };
    phone.put(group, 16, id(7), &Entity::Group(entity), None);
    let inbox = phone.inbox();
    let grant = enishi_protocol::change::GrantOf { stream: group, grant: enishi_protocol::Grant(1) };
    phone.put(inbox, 16, id(7), &Entity::Grant(grant), None);
    for number in 1..=3 {
        let name = PersonName { family: format!("会員{number}"), given: String::new() };
        let inside = GroupMember { name, keeper: number == 3, standing: Standing::Active };
        phone.put(group, 17, id(number), &Entity::GroupMember(inside), None);
    }
    (phone, of_third)
}

/// Everything that shows of others.
#[derive(Debug, PartialEq)]
struct Shown {
    posts: Vec<(String, i64)>,
    comments: Vec<Uuid>,
    found: usize,
    unread: i64,
    people: Vec<String>,
    group: (Option<i64>, usize),
    readers: (i64, i64),
}

fn shown(phone: &Phone, of_third: PostId) -> Shown {
    let (store, community) = (&phone.store, phone.community);
    let posts = window(store, community, Selection::All, Around::Newest, 10).expect("reads").posts;
    let page = post(store, community, of_third, 10).expect("reads").expect("a post");
    let group = groups(store, community).expect("reads").remove(0);
    let count = |stream| readers(store, community, stream).expect("reads").members;
    Shown {
        posts: posts.into_iter().map(|post| (post.text, post.comments)).collect(),
        comments: page.comments.iter().map(|comment| comment.id.0).collect(),
        found: search(store, community, Selection::All, "山").expect("finds").posts.len(),
        unread: unread(store, community).expect("reads").iter().map(|unread| unread.count).sum(),
        people: directory(store, community, "", 10).expect("reads").into_iter().map(|member| member.name).collect(),
        group: (group.members, group_members(store, community, group.id).expect("reads").len()),
        readers: (count(Stream::Community), count(Stream::Group(group.id))),
    }
}

fn whole() -> Shown {
    Shown {
        posts: vec![("高橋の山の話".into(), 3), ("鈴木の山の話".into(), 0)],
        comments: vec![id(12), id(13), id(14)],
        found: 2,
        unread: 2,
        people: vec!["山田 太郎".into(), "鈴木".into(), "高橋".into()],
        group: (Some(3), 3),
        readers: (3, 3),
    }
}

fn without_suzuki() -> Shown {
    Shown {
        posts: vec![("高橋の山の話".into(), 1)],
        comments: vec![id(13)],
        found: 1,
        unread: 1,
        people: vec!["山田 太郎".into(), "高橋".into()],
        group: (Some(2), 2),
        readers: (2, 2),
    }
}

#[test]
fn a_block_shows_at_once_and_counts_agree_with_what_is_shown() {
    let (mut phone, of_third) = phone();
    assert_eq!(shown(&phone, of_third), whole());
    let wish = block(&phone.store, phone.community, member(2), true).expect("allowed");
    let waiting = phone.write(wish);
    assert_eq!(shown(&phone, of_third), without_suzuki());
    let listed = blocked(&phone.store, phone.community).expect("reads");
    assert_eq!((listed[0].name.as_deref(), listed[0].delivery), (Some("鈴木"), Delivery::Pending));
    let inbox = phone.inbox();
    phone.put(inbox, 20, id(2), &Entity::Block(Block { at_us: 1 }), Some(waiting));
    phone.forget(waiting);
    assert_eq!(shown(&phone, of_third), without_suzuki());
    phone.write(block(&phone.store, phone.community, member(2), false).expect("allowed"));
    assert_eq!(shown(&phone, of_third), whole());
    let myself = block(&phone.store, phone.community, member(1), true);
    assert!(matches!(myself, Err(StoreError::Refused(ErrorCode::NotAllowed))));
}

#[test]
fn whoever_is_blocked_sees_what_they_would_if_the_other_were_not_there() {
    let (mut phone, of_third) = phone();
    let inbox = phone.inbox();
    phone.put(inbox, 20, id(2), &Entity::Unseen(Unseen {}), None);
    assert_eq!(shown(&phone, of_third), without_suzuki());
    let (store, community) = (&phone.store, phone.community);
    assert_eq!(find_member(store, community, member(2)).expect("reads"), None);
    assert!(post(store, community, PostId(id(10_010)), 10).expect("reads").is_none());
    assert_eq!(blocked(store, community).expect("reads"), []);

    // Like with somebody who does not exist.
    for nobody in [2, 99] {
        let refused = |wish: Result<_, _>| matches!(wish, Err(StoreError::Refused(ErrorCode::NotFound)));
        assert!(refused(block(store, community, member(nobody), true)), "{nobody}");
        assert!(refused(mute(store, community, member(nobody), true)), "{nobody}");
        let subject = enishi_protocol::moderation::Subject::Member(member(nobody));
        assert!(refused(crate::moderation::commands::report(store, community, subject, 1, "", false)), "{nobody}");
        let post = PostId(id(if nobody == 2 { 10_010 } else { 99 }));
        assert!(refused(commands::write_comment(store, community, post, None, "返事", &[])), "{nobody}");
        assert!(refused(commands::react(store, community, post, "👍", true)), "{nobody}");
        assert!(
            commands::write_post(store, community, Stream::Community, PostKind::Text, "ねえ", &[member(nobody)])
                .is_ok()
        );
        assert!(crate::groups::commands::invite(store, community, id(7).into(), member(nobody)).is_ok());
    }

    // Neither does what the store gives out tell.
    let held = store.held(community, inbox).expect("reads");
    assert!(held.iter().all(|change| change.kind.as_str() != "unseen") && !held.is_empty());
}

#[test]
fn announcements_and_whoever_runs_the_community_are_behind_no_block() {
    let (mut phone, _) = phone();
    let inbox = phone.inbox();
    phone.put(inbox, 20, id(2), &Entity::Unseen(Unseen {}), None);
    let Entity::Post(said) = post_entity(21, 2, "お知らせ", id(21)) else { unreachable!() };
    let announcement = Entity::Post(Post { kind: PostKind::Announcement, ..said });
    phone.put(Stream::Community, 21, id(21), &announcement, None);
    let texts = |phone: &Phone| {
        let posts = window(&phone.store, phone.community, Selection::All, Around::Newest, 10).expect("reads").posts;
        posts.into_iter().map(|post| post.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(&phone), ["お知らせ", "高橋の山の話"]);
    assert_eq!(find_member(&phone.store, phone.community, member(2)).expect("reads"), None);
    let Entity::Member(of_staff) = person("鈴木", "") else { unreachable!() };
    phone.put(Stream::Community, 22, id(2), &Entity::Member(Member { role: Role::Moderator, ..of_staff }), None);
    assert!(find_member(&phone.store, phone.community, member(2)).expect("reads").is_some());
    assert_eq!(texts(&phone), ["お知らせ", "高橋の山の話"]);
}

#[test]
fn an_invitation_from_behind_a_block_is_left_out() {
    let (mut phone, _) = phone();
    let inbox = phone.inbox();
    let invitation = |by: u128| {
        let (name, description) = ("内緒の会".into(), String::new());
        Entity::GroupInvitation(GroupInvitation { name, description, closed_to_staff: false, by: member(by), at_us: 5 })
    };
    phone.put(inbox, 20, id(8), &invitation(2), None);
    assert_eq!(groups(&phone.store, phone.community).expect("reads").len(), 2);
    phone.write(block(&phone.store, phone.community, member(2), true).expect("allowed"));
    assert_eq!(groups(&phone.store, phone.community).expect("reads").len(), 1);
    phone.put(inbox, 21, id(8), &invitation(3), None);
    assert_eq!(groups(&phone.store, phone.community).expect("reads").len(), 2);
}

#[test]
fn a_mute_hides_what_somebody_writes_and_leaves_them_in_the_directory() {
    let (mut phone, of_third) = phone();
    phone.write(mute(&phone.store, phone.community, member(2), true).expect("allowed"));
    let (seen, whole) = (shown(&phone, of_third), whole());
    let hidden = without_suzuki();
    assert_eq!(
        (seen.posts, seen.comments, seen.found, seen.unread),
        (hidden.posts, hidden.comments, hidden.found, hidden.unread)
    );
    assert_eq!((seen.people, seen.group, seen.readers), (whole.people, whole.group, whole.readers));
    assert_eq!(muted(&phone.store, phone.community).expect("reads").len(), 1);
}

#[test]
fn a_full_window_stays_full_behind_a_block() {
    let mut phone = Phone::new();
    for version in 10..60 {
        phone.post(Stream::Community, version, if version % 2 == 0 { 2 } else { 3 }, "山");
    }
    phone.put(Stream::Community, 2, id(2), &person("鈴木", ""), None);
    phone.write(block(&phone.store, phone.community, member(2), true).expect("allowed"));
    for indexed in [false, true] {
        if indexed {
            while phone.store.index_some().expect("indexes") > 0 {}
        }
        let top = window(&phone.store, phone.community, Selection::All, Around::Newest, 20).expect("reads");
        assert_eq!((top.posts.len(), top.more_below), (20, true));
        assert_eq!(search(&phone.store, phone.community, Selection::All, "山").expect("finds").posts.len(), 25);
    }
}
