use super::{Notification, Notifications, commands, notifications, settings};
use crate::testing::{Phone, comment, id, person, post};
use enishi_protocol::{
    Change, CommentId, Entity, EntityKind, MutationId, PostId, Stream, Version,
    feed::{Comment, Post, PostKind},
    groups::GroupInvitation,
    membership::PersonName,
    moderation::{CommunityRule, Hidden, Office},
    mutation::Mention,
    notifications::{
        Decision, Level, NotificationKind, NotificationMark, NotificationSetting, NotificationSettings, QuietHours,
    },
};

/// 2026-04-01 12:00 in Tokyo.
const NOON: i64 = 1_775_012_400_000_000;
const HOUR: i64 = 3_600_000_000;

fn seen_at(phone: &Phone, now_us: i64) -> Notifications {
    notifications(&phone.store, phone.community, 50, now_us).expect("reads")
}

fn seen(phone: &Phone) -> Vec<Notification> {
    seen_at(phone, NOON).items
}

fn kinds(phone: &Phone) -> Vec<NotificationKind> {
    seen(phone).into_iter().map(|item| item.kind).collect()
}

/// Member 2 says something under a post of this member's.
fn commented(phone: &mut Phone, stream: Stream, post: PostId, version: i64, reply_to: Option<CommentId>) -> CommentId {
    let about = id(20_000 + u128::try_from(version).expect("positive"));
    let Entity::Comment(said) = comment(post, version, 2, "なるほど。", about) else { panic!("a comment") };
    let said = Comment { reply_to, created_us: NOON - HOUR, ..said };
    phone.put(stream, version, about, &Entity::Comment(said), Some(MutationId(about)));
    CommentId(about)
}

fn mentioned(phone: &mut Phone, version: i64, post: PostId, comment: Option<CommentId>) {
    let about = comment.map_or(post.0, |comment| comment.0);
    let mention = Mention { by: crate::testing::member(2), post, comment, at_us: NOON - HOUR };
    phone.put(phone.inbox(), version, about, &Entity::Mention(mention), None);
    phone.reach(phone.inbox(), version);
}

#[test]
fn what_is_said_to_this_member_is_found_and_what_others_say_to_each_other_is_not() {
    let mut phone = Phone::new();
    let (own, others) =
        (phone.post(Stream::Community, 2, 1, "私の投稿"), phone.post(Stream::Community, 3, 2, "別の投稿"));
    let about = id(30_000);
    phone.put(Stream::Community, 4, about, &comment(others, 4, 1, "私の返事", about), None);
    commented(&mut phone, Stream::Community, others, 5, None);
    assert!(seen(&phone).is_empty());
    let on_post = commented(&mut phone, Stream::Community, own, 6, None);
    let reply = commented(&mut phone, Stream::Community, others, 7, Some(about.into()));
    let items = seen(&phone);
    let told: Vec<_> = items.iter().map(|item| (item.kind, item.comment, item.place.0)).collect();
    assert_eq!(told, [(NotificationKind::Reply, Some(reply), 7), (NotificationKind::Comment, Some(on_post), 6)]);
    assert_eq!((items[0].text.as_str(), items[0].post), ("なるほど。", Some(others)));
}

#[test]
fn one_thing_is_told_once_for_its_most_personal_reason() {
    let mut phone = Phone::new();
    let own = phone.post(Stream::Community, 2, 1, "私の投稿");
    let about = id(30_000);
    phone.put(Stream::Community, 3, about, &comment(own, 3, 1, "私のコメント", about), None);
    let reply = commented(&mut phone, Stream::Community, own, 4, Some(about.into()));
    assert_eq!(kinds(&phone), [NotificationKind::Reply]);
    mentioned(&mut phone, 5, own, Some(reply));
    assert_eq!(kinds(&phone), [NotificationKind::Mention]);
}

#[test]
fn a_mention_whose_text_is_not_here_is_none_and_one_that_is_taken_back_goes() {
    let mut phone = Phone::new();
    let post = PostId(id(10_007));
    mentioned(&mut phone, 6, post, None);
    assert!(seen(&phone).is_empty());
    phone.post(Stream::Community, 7, 2, "山田さん、どうですか。");
    assert_eq!(kinds(&phone), [NotificationKind::Mention]);
    let gone = Change { version: Version(8), kind: EntityKind::Mention, id: post.0, mutation: None, body: None };
    phone.say(phone.inbox(), gone);
    assert!(seen(&phone).is_empty());
}

#[test]
fn the_mark_counts_from_whichever_device_is_further() {
    let mut phone = Phone::new();
    let own = phone.post(Stream::Community, 2, 1, "私の投稿");
    for version in 3..6 {
        commented(&mut phone, Stream::Community, own, version, None);
    }
    assert_eq!(seen_at(&phone, NOON).unread, 3);
    let wish = commands::read(&phone.store, phone.community, Version(4)).expect("reads").expect("news");
    phone.write(wish);
    let unread: Vec<_> = seen(&phone).iter().map(|item| item.unread).collect();
    assert_eq!(unread, [true, false, false]);
    assert_eq!(commands::read(&phone.store, phone.community, Version(3)).expect("reads"), None, "it only grows");
    let mark = NotificationMark { up_to: Version(5) };
    phone.put(phone.inbox(), 6, id(1), &Entity::NotificationMark(mark), None);
    assert_eq!(seen_at(&phone, NOON).unread, 0);
}

#[test]
fn what_comes_in_quiet_hours_is_listed_and_draws_attention_once_they_are_over() {
    let mut phone = Phone::new();
    let hours = QuietHours { from: 11 * 60, to: 13 * 60, utc_offset: 540 };
    let wish = commands::set(NotificationSetting::Quiet { hours: Some(hours) }).expect("allowed");
    phone.write(wish);
    let own = phone.post(Stream::Community, 2, 1, "私の投稿");
    commented(&mut phone, Stream::Community, own, 3, None);
    let quiet = seen_at(&phone, NOON);
    assert_eq!((quiet.items.len(), quiet.items[0].alert, quiet.unread), (1, false, 1));
    assert_eq!(quiet.quiet_until_us, Some(NOON + HOUR));
    assert!(seen_at(&phone, NOON + HOUR).items[0].alert);
    // After a week it is no more than a line in a list.
    assert!(!seen_at(&phone, NOON + HOUR + 8 * 24 * HOUR).items[0].alert);
}

#[test]
fn a_kind_or_group_that_was_turned_down_is_silent_or_not_there() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    let Stream::Group(club) = group else { panic!("a group") };
    let (own, inside) = (phone.post(Stream::Community, 2, 1, "私の投稿"), phone.post(group, 3, 1, "内輪の投稿"));
    commented(&mut phone, Stream::Community, own, 4, None);
    commented(&mut phone, group, inside, 5, None);
    let mut held = NotificationSettings::default();
    held.set(&NotificationSetting::Kind { kind: NotificationKind::Comment, level: Level::List });
    phone.put(phone.inbox(), 6, id(1), &Entity::NotificationSettings(held), None);
    let alerts = |phone: &Phone| seen(phone).iter().filter(|item| item.alert).count();
    assert_eq!((seen(&phone).len(), alerts(&phone)), (2, 0));
    let setting = NotificationSetting::Group { group: club, level: Level::Off };
    phone.write(commands::set(setting).expect("allowed"));
    assert_eq!(seen(&phone).iter().map(|item| item.group).collect::<Vec<_>>(), [None]);
    assert_eq!(settings(&phone.store, phone.community).expect("reads").groups.len(), 1);
}

#[test]
fn announcements_invitations_and_decisions_are_told() {
    let mut phone = Phone::new();
    let about = id(10_002);
    let Entity::Post(said) = post(2, 2, "総会のお知らせ", about) else { panic!("a post") };
    let said = Post { kind: PostKind::Announcement, created_us: NOON - HOUR, ..said };
    phone.put(Stream::Community, 2, about, &Entity::Post(said), None);
    let (by, at_us) = (crate::testing::member(2), NOON - HOUR);
    let invitation =
        GroupInvitation { closed_to_staff: false, name: "写真部".into(), description: String::new(), by, at_us };
    phone.put(phone.inbox(), 3, id(40), &Entity::GroupInvitation(invitation), None);
    let decision = Decision { group: id(41).into(), name: "登山部".into(), accepted: true, at_us };
    phone.put(phone.inbox(), 4, id(42), &Entity::Decision(decision), None);
    let items = seen(&phone);
    let told: Vec<_> = items.iter().map(|item| (item.kind, item.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (NotificationKind::Decision, "登山部"),
            (NotificationKind::GroupInvitation, "写真部"),
            (NotificationKind::Announcement, "総会のお知らせ"),
        ]
    );
    assert_eq!(items[0].accepted, Some(true));
}

#[test]
fn nothing_draws_attention_before_the_inbox_says_what_was_looked_at() {
    let mut phone = Phone::new();
    let own = phone.post(Stream::Community, 2, 1, "私の投稿");
    commented(&mut phone, Stream::Community, own, 3, None);
    assert!(seen(&phone)[0].alert);
    phone.forget_cursor(phone.inbox());
    assert!(!seen(&phone)[0].alert);
}

#[test]
fn what_was_there_before_this_member_came_is_no_news() {
    let mut phone = Phone::new();
    let own = phone.post(Stream::Community, 2, 1, "取り込まれた投稿");
    commented(&mut phone, Stream::Community, own, 3, None);
    let Entity::Member(me) = crate::testing::person("山田", "太郎") else { panic!("a member") };
    let joined = enishi_protocol::membership::Member { joined_us: NOON, ..me };
    phone.put(Stream::Community, 4, id(1), &Entity::Member(joined), None);
    assert!(seen(&phone).is_empty());
}

#[test]
fn nothing_is_heard_of_whom_this_member_does_not_see_nor_of_what_is_hidden() {
    let mut phone = Phone::new();
    let (own, theirs) =
        (phone.post(Stream::Community, 2, 1, "私の投稿"), phone.post(Stream::Community, 3, 2, "別の投稿"));
    let about = id(30_000);
    phone.put(Stream::Community, 4, about, &comment(theirs, 4, 1, "私の返事", about), None);
    let on_own = commented(&mut phone, Stream::Community, own, 5, None);
    commented(&mut phone, Stream::Community, theirs, 6, Some(about.into()));
    mentioned(&mut phone, 7, theirs, None);
    mentioned(&mut phone, 8, own, Some(on_own));
    let third = id(40_000);
    phone.put(Stream::Community, 1, id(2), &person("鈴木", ""), None);
    let Entity::Comment(said) = comment(theirs, 8, 3, "三人目の返事", third) else { panic!("a comment") };
    let reply = Comment { reply_to: Some(about.into()), created_us: NOON - HOUR, ..said };
    phone.put(Stream::Community, 8, third, &Entity::Comment(reply.clone()), None);
    let heard = seen(&phone);
    assert_eq!(heard.len(), 4);
    let wish = crate::blocks::block(&phone.store, phone.community, crate::testing::member(2), true);
    let blocking = phone.write(wish.expect("reads"));
    assert_eq!(seen(&phone), [], "the third one's reply is under a post that does not show");
    phone.forget(blocking);
    assert_eq!(seen(&phone), heard);
    let why = Hidden {
        rule: CommunityRule { number: 1, ja: "悪口を書かない。".into(), en: String::new() },
        by: crate::testing::member(4),
        by_name: PersonName { family: "高橋".into(), given: String::new() },
        office: Office::Moderator,
        at_us: NOON,
    };
    let stub = Comment { text: String::new(), hidden: Some(why), ..reply };
    phone.put(Stream::Community, 9, third, &Entity::Comment(stub), None);
    assert_eq!(seen(&phone).len(), 3);
}
