use super::{Belonging, commands, groups, join_requests};
use crate::{
    error::StoreError,
    feed::{self, Around, Delivery, Selection},
    testing::{Phone, id, member},
};
use enishi_protocol::{
    Entity, ErrorCode, Stream,
    feed::PostKind,
    groups::{Group, GroupInvitation, Joining},
};

fn group(name: &str) -> Entity {
    Entity::Group(Group {
        name: name.into(),
        description: String::new(),
        joining: Joining::Open,
        secret: false,
        closed_to_staff: false,
        members: 3,
    })
}

fn belongings(phone: &Phone) -> Vec<(String, Belonging)> {
    let groups = groups(&phone.store, phone.community).expect("reads");
    groups.into_iter().map(|group| (group.name, group.belonging)).collect()
}

#[test]
fn groups_show_how_this_member_stands_towards_them() {
    let mut phone = Phone::new();
    for (number, name) in [(11, "登山"), (12, "読書")] {
        phone.put(Stream::Community, 5, id(number), &group(name), None);
    }
    let inbox = phone.inbox();
    let (name, description, closed_to_staff) = ("同期".into(), String::new(), false);
    let invitation = GroupInvitation { name, description, closed_to_staff, by: member(2), at_us: 5 };
    phone.put(inbox, 6, id(13), &Entity::GroupInvitation(invitation), None);
    let outside = |name: &str| (name.to_owned(), Belonging::Outside);
    assert_eq!(belongings(&phone), [("同期".into(), Belonging::Invited), outside("登山"), outside("読書")]);
    let wish = commands::join(&phone.store, phone.community, id(12).into(), "").expect("allowed");
    let joining = phone.write(wish);
    assert_eq!(belongings(&phone)[1], ("読書".into(), Belonging::Requested));
    phone.refuse(joining, ErrorCode::NotAllowed);
    assert_eq!(belongings(&phone)[2], outside("読書"));
    let unknown = commands::join(&phone.store, phone.community, id(99).into(), "");
    assert!(matches!(unknown, Err(StoreError::Refused(ErrorCode::NotFound))));
}

#[test]
fn a_group_made_offline_takes_posts_at_once() {
    let mut phone = Phone::new();
    let made = phone.write(commands::create("釣り", "", Joining::Open, false).expect("allowed"));
    let stream = Stream::Group(made.into());
    let wish = feed::commands::write_post(&phone.store, phone.community, stream, PostKind::Text, "初投稿", &[]);
    let wish = wish.expect("allowed");
    assert_eq!(wish.parent, Some(made));
    phone.write(wish);
    let shown = &groups(&phone.store, phone.community).expect("reads")[0];
    assert_eq!((shown.belonging, shown.delivery), (Belonging::Member, Delivery::Pending));
    for selection in [Selection::All, Selection::Stream(stream)] {
        let window = feed::window(&phone.store, phone.community, selection, Around::Newest, 5).expect("reads");
        assert_eq!(window.posts.len(), 1);
    }
}

#[test]
fn only_a_group_joined_by_invitation_can_be_secret() {
    assert!(commands::create("密", "", Joining::Invitation, true).is_ok());
    let open = commands::create("密", "", Joining::Open, true);
    assert!(matches!(open, Err(StoreError::Refused(ErrorCode::WrongPlace))));
}

#[test]
fn a_phone_without_duty_sees_no_requests() {
    let phone = Phone::new();
    assert!(join_requests(&phone.store, phone.community).expect("reads").is_empty());
}
