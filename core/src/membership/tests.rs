use super::{Viewer, commands, directory, member, newcomers, own_profile, profile_as};
use crate::{
    feed::Delivery,
    testing::{Phone, id, member as member_id, person},
};
use enishi_protocol::{
    Entity, ErrorCode, Stream,
    membership::{Audience, Member, OwnField, OwnProfile, Profile, ProfileField},
};
use std::collections::BTreeMap;

fn part(field: ProfileField, value: &str) -> Entity {
    Entity::Profile(Profile { fields: BTreeMap::from([(field, value.to_owned())]) })
}

fn names(phone: &Phone, search: &str) -> Vec<String> {
    let found = directory(&phone.store, phone.community, search, 10).expect("reads");
    found.into_iter().map(|member| member.name).collect()
}

#[test]
fn people_are_found_by_name_former_name_and_field_however_it_is_written() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 2, id(2), &person("髙橋", "花子"), None);
    phone.put(Stream::Community, 3, id(2), &part(ProfileField::FormerName, "渡邊"), None);
    phone.put(Stream::Community, 4, id(3), &person("Smith", "Ann"), None);
    for search in ["高橋", "高橋花子", "渡辺", "花子 渡辺"] {
        assert_eq!(names(&phone, search), ["髙橋 花子"], "{search}");
    }
    assert_eq!(names(&phone, "ＳＭＩＴＨ"), ["Smith Ann"]);
    assert_eq!(names(&phone, "").len(), 3);
    assert!(names(&phone, "田中").is_empty());
}

#[test]
fn a_profile_is_the_parts_of_all_streams_that_are_held() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    phone.put(Stream::Community, 2, id(2), &person("髙橋", "花子"), None);
    phone.put(Stream::Community, 3, id(2), &part(ProfileField::Employer, "縁商事"), None);
    phone.put(group, 4, id(2), &part(ProfileField::Contact, "090"), None);
    let shown = member(&phone.store, phone.community, member_id(2)).expect("reads").expect("is there");
    assert_eq!(shown.fields.len(), 2);
    assert_eq!(member(&phone.store, phone.community, member_id(9)).expect("reads"), None);
}

#[test]
fn a_field_set_offline_shows_at_once_and_is_undone_where_it_is_refused() {
    let mut phone = Phone::new();
    let inbox = phone.inbox();
    let title = OwnField { value: "部長".into(), audience: Audience::Hr };
    let own = OwnProfile { fields: BTreeMap::from([(ProfileField::Title, title.clone())]) };
    phone.put(inbox, 2, id(1), &Entity::OwnProfile(own), None);
    let wish = commands::set_profile(ProfileField::Title, Some(" 顧問 "), Audience::Everyone).expect("allowed");
    let setting = phone.write(wish);
    let seen = own_profile(&phone.store, phone.community).expect("reads");
    assert_eq!(seen.fields[&ProfileField::Title].value, "顧問");
    assert_eq!(seen.deliveries[&ProfileField::Title], Delivery::Pending);
    phone.refuse(setting, ErrorCode::TextTooLong);
    let seen = own_profile(&phone.store, phone.community).expect("reads");
    assert_eq!(seen.fields[&ProfileField::Title], title);
    assert_eq!(seen.deliveries[&ProfileField::Title], Delivery::NeedsAttention(ErrorCode::TextTooLong));
}

#[test]
fn a_preview_has_what_its_audience_gets_and_nothing_else() {
    let mut phone = Phone::new();
    let (Stream::Group(own), other) = (phone.group(7), enishi_protocol::GroupId(id(8))) else { panic!("a group") };
    for (field, audience) in [
        (ProfileField::Department, Audience::Everyone),
        (ProfileField::Employer, Audience::Groups),
        (ProfileField::Contact, Audience::Hr),
        (ProfileField::About, Audience::Nobody),
    ] {
        phone.write(commands::set_profile(field, Some("値"), audience).expect("allowed"));
    }
    let seen =
        |viewer| profile_as(&phone.store, phone.community, viewer).expect("reads").into_keys().collect::<Vec<_>>();
    assert_eq!(seen(Viewer::Everyone), [ProfileField::Department]);
    let in_group = seen(Viewer::Group(own));
    assert_eq!((in_group.len(), in_group.contains(&ProfileField::Employer)), (2, true));
    assert_eq!(seen(Viewer::Group(other)), [ProfileField::Department], "they are in another group");
    let hr = seen(Viewer::Hr);
    assert_eq!((hr.len(), hr.contains(&ProfileField::Contact)), (2, true));
}

#[test]
fn newcomers_are_those_who_joined_since_and_whom_one_sees_the_newest_first() {
    let mut phone = Phone::new();
    for (number, joined_us) in [(2, 10), (3, 30), (4, 20), (5, 40)] {
        let Entity::Member(member) = person("会員", &number.to_string()) else { panic!("a member") };
        let version = i64::try_from(number).expect("small");
        phone.put(Stream::Community, version, id(number), &Entity::Member(Member { joined_us, ..member }), None);
    }
    let seen = |phone: &Phone, limit| -> Vec<_> {
        let found = newcomers(&phone.store, phone.community, 20, limit).expect("reads");
        found.into_iter().map(|member| member.id).collect()
    };
    assert_eq!(seen(&phone, 10), [5, 3, 4].map(member_id));
    assert_eq!(seen(&phone, 2), [5, 3].map(member_id));
    phone.write(crate::blocks::block(&phone.store, phone.community, member_id(5), true).expect("allowed"));
    assert_eq!(seen(&phone, 10), [3, 4].map(member_id));
}
