use super::{FirstStep, WelcomeView, welcome};
use crate::{
    feed::commands::{write_comment, write_post},
    membership::commands::set_profile,
    testing::{Phone, id, member as member_id, person, post},
};
use enishi_protocol::{
    Entity, PostId, Stream,
    feed::{Post, PostKind},
    membership::{Audience, Member, Profile, ProfileField, Role},
    welcome::Welcome,
};
use std::collections::BTreeMap;

fn seen(phone: &Phone) -> WelcomeView {
    welcome(&phone.store, phone.community).expect("reads")
}

fn somebody(phone: &mut Phone, number: u128, role: Role, fields: &[(ProfileField, &str)]) {
    let version = i64::try_from(number).expect("small") * 2 + 10;
    let Entity::Member(member) = person(&format!("会員{number}"), "") else { panic!("a member") };
    let member = Member { role, joined_us: version, ..member };
    phone.put(Stream::Community, version, id(number), &Entity::Member(member), None);
    if !fields.is_empty() {
        let fields: BTreeMap<_, _> = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
        phone.put(Stream::Community, version + 1, id(number), &Entity::Profile(Profile { fields }), None);
    }
}

fn says(phone: &mut Phone, field: ProfileField, value: &str, audience: Audience) {
    let wish = set_profile(field, Some(value), audience).expect("allowed");
    phone.write(wish);
}

fn told(phone: &mut Phone) {
    says(phone, ProfileField::Department, "校正室", Audience::Everyone);
    says(phone, ProfileField::JoinedYear, "2005年", Audience::Everyone);
    says(phone, ProfileField::LeftYear, "２０１２", Audience::Everyone);
}

#[test]
fn those_of_the_same_department_and_years_come_first() {
    let mut phone = Phone::new();
    told(&mut phone);
    let years = [(ProfileField::JoinedYear, "2010"), (ProfileField::LeftYear, "2019")];
    somebody(&mut phone, 2, Role::Member, &years);
    somebody(&mut phone, 3, Role::Member, &[(ProfileField::Department, "校正 室"), years[0], years[1]]);
    somebody(&mut phone, 4, Role::Member, &[(ProfileField::Department, "校正室"), (ProfileField::LeftYear, "1999")]);
    somebody(&mut phone, 5, Role::Member, &[(ProfileField::Department, "営業部"), (ProfileField::JoinedYear, "2015")]);
    let people = seen(&phone).people;
    let told: Vec<_> = people.iter().map(|person| (person.member.id, person.same_department, person.years)).collect();
    assert_eq!(told, [(member_id(3), true, 3), (member_id(4), true, 0), (member_id(2), false, 3)]);
}

#[test]
fn a_community_of_three_is_shown_whole_and_who_runs_it_with_their_words() {
    let mut phone = Phone::new();
    somebody(&mut phone, 2, Role::Admin, &[]);
    somebody(&mut phone, 3, Role::Owner, &[]);
    let text = "同じ釜の飯を食べた仲間の場所です。";
    phone.put(Stream::Community, 30, phone.community.0, &Entity::Welcome(Welcome { text: text.into() }), None);
    let view = seen(&phone);
    assert_eq!(view.text.as_deref(), Some(text));
    assert_eq!(view.runs.iter().map(|member| member.id).collect::<Vec<_>>(), [member_id(3), member_id(2)]);
    assert_eq!(view.people.iter().map(|person| person.member.id).collect::<Vec<_>>(), [member_id(3), member_id(2)]);
}

#[test]
fn one_thing_to_do_follows_from_how_things_stand() {
    let mut phone = Phone::new();
    assert_eq!(seen(&phone).to_do, Some(FirstStep::FillField(ProfileField::Department)));
    says(&mut phone, ProfileField::Department, "校正室", Audience::Nobody);
    assert_eq!(seen(&phone).to_do, Some(FirstStep::FillField(ProfileField::JoinedYear)));
    told(&mut phone);
    says(&mut phone, ProfileField::Department, "校正室", Audience::Nobody);
    assert_eq!(seen(&phone).to_do, Some(FirstStep::ShowField(ProfileField::Department)));
    told(&mut phone);

    somebody(&mut phone, 2, Role::Member, &[(ProfileField::Department, "校正室")]);
    let asked = id(50);
    let Entity::Post(question) = post(20, 2, "校正の記録はどこに残っていますか。", asked) else {
        panic!("a post")
    };
    let question = Entity::Post(Post { kind: PostKind::Question, ..question });
    phone.put(Stream::Community, 20, asked, &question, None);
    let view = seen(&phone);
    assert!(matches!(&view.to_do, Some(FirstStep::AnswerQuestion { post, .. }) if *post == PostId(asked)), "{view:?}");
    let answer = write_comment(&phone.store, phone.community, PostId(asked), None, "二階の棚です。", &[]);
    phone.write(answer.expect("allowed"));

    let hello = FirstStep::SayHello { member: member_id(2), name: "会員2".into() };
    assert_eq!(seen(&phone).to_do, Some(hello), "the question is answered while the answer still waits");
    let (text, mentions) = ("会員2さん、お元気ですか。", [member_id(2)]);
    let wish = write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, text, &mentions);
    phone.write(wish.expect("allowed"));
    assert_eq!(seen(&phone).to_do, None, "and with that an own post is written as well");
}

#[test]
fn whoever_knows_nobody_here_is_asked_for_a_word_about_themselves() {
    let mut phone = Phone::new();
    told(&mut phone);
    somebody(&mut phone, 2, Role::Member, &[]);
    assert_eq!(seen(&phone).to_do, Some(FirstStep::Introduce));
}

#[test]
fn whom_this_member_does_not_see_is_neither_shown_nor_to_be_answered() {
    let mut phone = Phone::new();
    told(&mut phone);
    somebody(&mut phone, 2, Role::Member, &[(ProfileField::Department, "校正室")]);
    somebody(&mut phone, 3, Role::Member, &[]);
    let asked = id(50);
    let Entity::Post(question) = post(20, 2, "どなたかいますか。", asked) else { panic!("a post") };
    let question = Entity::Post(Post { kind: PostKind::Question, ..question });
    phone.put(Stream::Community, 20, asked, &question, None);
    assert!(matches!(seen(&phone).to_do, Some(FirstStep::AnswerQuestion { .. })));
    let wish = crate::blocks::block(&phone.store, phone.community, member_id(2), true);
    phone.write(wish.expect("allowed"));
    let view = seen(&phone);
    assert_eq!(view.people.iter().map(|person| person.member.id).collect::<Vec<_>>(), [member_id(3)]);
    assert_eq!(view.to_do, Some(FirstStep::Introduce));
}
