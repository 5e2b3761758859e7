use super::{commands, desk_hidden, own_hidden, own_reports, readers, reports, rules};
use crate::{
    error::StoreError,
    feed::{Around, Delivery, Selection, post as post_page, window},
    testing::{Phone, comment, id, member, person, post as post_entity},
};
use enishi_protocol::{
    Entity, ErrorCode, PostId, Stream,
    feed::{Comment, Post},
    groups::{Group, GroupMember, Joining},
    media::{Attachment, AttachmentKind, FileFacts},
    membership::{Member, PersonName, Role, Standing},
    moderation::{
        Appeal, AppealState, CommunityRule, CommunityRules, Hidden, HiddenText, Office, OwnReport, Report, ReportState,
        RuleText, Subject, default_rules,
    },
};
use std::collections::BTreeMap;

fn name(family: &str) -> PersonName {
    PersonName { family: family.into(), given: String::new() }
}

fn stub(by: u128) -> Hidden {
    let rule = default_rules().remove(1);
    Hidden { rule, by: member(by), by_name: name("高橋"), office: Office::Moderator, at_us: 5 }
}

fn hidden(author: u128, by: u128, appeal: Option<Appeal>) -> HiddenText {
    let subject = Subject::Post(PostId(id(10_010)));
    let (author, author_name, text) = (member(author), name("鈴木"), "元の言葉".into());
    HiddenText { subject, author, author_name, text, hidden: stub(by), appeal, restored_us: None }
}

fn appeal(to_staff: bool) -> Appeal {
    let (word, state) = ("誤解です".into(), AppealState::Open);
    Appeal { word, to_staff, at_us: 6, state, decided_by: None, decided_us: None }
}

fn of_role(family: &str, role: Role) -> Entity {
    match person(family, "") {
        Entity::Member(member) => Entity::Member(Member { role, ..member }),
        other => other,
    }
}

#[test]
fn rules_hold_from_the_first_day_and_a_setting_shows_at_once() {
    let mut phone = Phone::new();
    let seen = rules(&phone.store, phone.community).expect("reads");
    assert_eq!((seen.rules, seen.own, seen.delivery), (default_rules(), false, Delivery::Sent));
    let set = CommunityRules {
        rules: vec![CommunityRule { number: 1, ja: "仲良く".into(), en: String::new() }],
        text_by: enishi_protocol::MutationId(id(50)),
        set_us: 1,
    };
    phone.put(Stream::Community, 5, phone.community.0, &Entity::Rules(set), None);
    let texts = [RuleText { ja: "静かに".into(), en: "Quietly".into() }];
    let first = commands::set_rules(&phone.store, phone.community, &texts).expect("allowed");
    let enishi_protocol::Operation::SetRules(setting) = &first.operation else { panic!() };
    assert_eq!(setting.base.map(|base| base.0), Some(id(50)));
    let waiting = phone.write(first);
    let seen = rules(&phone.store, phone.community).expect("reads");
    assert_eq!((seen.rules[0].ja.as_str(), seen.own, seen.delivery), ("静かに", true, Delivery::Pending));
    let second = commands::set_rules(&phone.store, phone.community, &texts).expect("allowed");
    assert_eq!(second.parent, Some(waiting));
    let none = commands::set_rules(&phone.store, phone.community, &[]);
    assert!(matches!(none, Err(StoreError::Refused(ErrorCode::TextEmpty))));
}

#[test]
fn a_report_made_offline_shows_as_open_and_only_of_what_others_wrote() {
    let mut phone = Phone::new();
    let theirs = phone.post(Stream::Community, 10, 2, "ひどい言葉");
    let own = phone.post(Stream::Community, 11, 1, "私の言葉");
    let report = |phone: &Phone, post, rule| {
        commands::report(&phone.store, phone.community, Subject::Post(post), rule, "困ります", false)
    };
    for (post, rule, code) in [
        (own, 1, ErrorCode::NotAllowed),
        (PostId(id(99)), 1, ErrorCode::NotFound),
        (theirs, 99, ErrorCode::RuleUnknown),
    ] {
        assert!(matches!(report(&phone, post, rule), Err(StoreError::Refused(refused)) if refused == code), "{code:?}");
    }
    let wish = report(&phone, theirs, 1).expect("allowed");
    let waiting = phone.write(wish);
    let shown = own_reports(&phone.store, phone.community).expect("reads");
    assert_eq!(
        (shown[0].id.0, shown[0].delivery, shown[0].report.state),
        (waiting.0, Delivery::Pending, ReportState::Open)
    );
    phone.refuse(waiting, ErrorCode::TooManyReports);
    let shown = own_reports(&phone.store, phone.community).expect("reads");
    assert_eq!(shown[0].delivery, Delivery::NeedsAttention(ErrorCode::TooManyReports));
    let inbox = phone.inbox();
    let told = OwnReport {
        subject: Subject::Post(theirs),
        rule: default_rules().remove(0),
        word: String::new(),
        to_staff: true,
        at_us: 9,
        state: ReportState::ActedOn,
        decided_us: Some(10),
    };
    phone.put(inbox, 12, waiting.0, &Entity::OwnReport(told), Some(waiting));
    assert_eq!(own_reports(&phone.store, phone.community).expect("reads")[0].report.state, ReportState::ActedOn);
}

#[test]
fn a_hiding_shows_its_stub_at_once_and_until_the_server_has_made_it() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 2, id(1), &of_role("山田", Role::Moderator), None);
    let theirs = phone.post(Stream::Community, 10, 2, "元の言葉");
    let file = FileFacts { kind: AttachmentKind::Image, width: 4, height: 3, pages: None, bytes: 12, tint: None };
    let attachments = vec![Attachment { id: id(70).into(), file, alt: "川".into() }];
    let (Entity::Post(shows), Entity::Comment(said)) =
        (post_entity(10, 2, "元の言葉", theirs.0), comment(theirs, 12, 2, "元の返事", id(12)))
    else {
        unreachable!()
    };
    let shows = Entity::Post(Post { attachments: attachments.clone(), ..shows });
    phone.put(Stream::Community, 11, theirs.0, &shows, None);
    phone.put(Stream::Community, 12, id(12), &Entity::Comment(Comment { attachments, ..said }), None);
    let seen = |phone: &Phone| post_page(&phone.store, phone.community, theirs, 5).expect("reads").expect("a post");
    for subject in [Subject::Post(theirs), Subject::Comment(id(12).into())] {
        phone.write(commands::hide(&phone.store, phone.community, subject, 2).expect("allowed"));
    }
    let page = seen(&phone);
    let why = page.post.hidden.expect("a stub");
    assert_eq!((page.post.text.as_str(), page.post.delivery, why.office), ("", Delivery::Pending, Office::Moderator));
    assert_eq!((page.comments[0].text.as_str(), page.comments[0].hidden.is_some()), ("", true));
    assert_eq!((page.post.attachments, &page.comments[0].attachments), (vec![], &vec![]));
    let Entity::Post(said) = post_entity(10, 2, "", theirs.0) else { unreachable!() };
    let made = Entity::Post(Post { hidden: Some(stub(3)), ..said });
    phone.put(Stream::Community, 20, theirs.0, &made, Some(enishi_protocol::MutationId(id(77))));
    let posts = window(&phone.store, phone.community, Selection::All, Around::Newest, 5).expect("reads").posts;
    assert_eq!(posts[0].text, "");
    let person = commands::hide(&phone.store, phone.community, Subject::Member(member(2)), 2);
    assert!(matches!(person, Err(StoreError::Refused(ErrorCode::NotFound))));
}

#[test]
fn an_appeal_says_when_nobody_is_there_to_decide_it() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 2, id(3), &of_role("高橋", Role::Owner), None);
    let inbox = phone.inbox();
    phone.put(inbox, 9, id(10_010), &Entity::HiddenText(hidden(1, 3, None)), None);
    let subject = Subject::Post(PostId(id(10_010)));
    let seen = |phone: &Phone| own_hidden(&phone.store, phone.community).expect("reads").remove(0);
    assert_eq!((seen(&phone).own_case, seen(&phone).waits_for_another), (true, false));
    phone.write(commands::appeal(&phone.store, phone.community, subject, "誤解です", false).expect("allowed"));
    assert_eq!(seen(&phone).delivery, Delivery::Pending);
    phone.put(inbox, 10, id(10_010), &Entity::HiddenText(hidden(1, 3, Some(appeal(true)))), None);
    assert!(seen(&phone).waits_for_another);
    phone.put(Stream::Community, 11, id(4), &of_role("山本", Role::Moderator), None);
    assert!(!seen(&phone).waits_for_another);
    let again = commands::appeal(&phone.store, phone.community, subject, "", false);
    assert!(matches!(again, Err(StoreError::Refused(ErrorCode::AlreadyExists))));
    assert_eq!(desk_hidden(&phone.store, phone.community).expect("reads"), []);
}

#[test]
fn a_report_at_a_desk_says_whether_it_is_ones_own_case() {
    let phone = Phone::new();
    assert_eq!(reports(&phone.store, phone.community).expect("reads"), []);
    let report = Report {
        subject: Subject::Member(member(1)),
        author: member(1),
        author_name: name("山田"),
        around: Vec::new(),
        text: String::new(),
        profile: BTreeMap::new(),
        rule: default_rules().remove(0),
        word: String::new(),
        at_us: 1,
        state: ReportState::Open,
        decided_by: None,
        decided_us: None,
    };
    let view =
        phone.store.view(phone.community, |view| Ok(super::desk::shown(view, id(5).into(), None, report.clone())));
    assert!(view.expect("reads").own_case);
}

#[test]
fn readers_are_counted_from_what_is_here_and_say_whether_staff_is_among_them() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 2, id(2), &person("鈴木", ""), None);
    let seen = |phone: &Phone, stream| readers(&phone.store, phone.community, stream).expect("reads");
    let all = seen(&phone, Stream::Community);
    assert_eq!((all.members, all.staff, all.whole), (2, false, true));
    phone.put(Stream::Community, 3, id(3), &of_role("高橋", Role::Admin), None);
    let all = seen(&phone, Stream::Community);
    assert_eq!((all.members, all.staff), (3, true));
    let group = phone.group(7);
    let entity = Group {
        name: "山の会".into(),
        description: String::new(),
        joining: Joining::Open,
        secret: false,
        closed_to_staff: true,
        members: 3,
    };
    phone.put(group, 4, id(7), &Entity::Group(entity), None);
    for (number, standing) in [(1, Standing::Active), (2, Standing::Suspended), (9, Standing::Ended)] {
        let inside = GroupMember { name: name("誰か"), keeper: false, standing };
        phone.put(group, 5, id(number), &Entity::GroupMember(inside), None);
    }
    let inside = seen(&phone, group);
    assert_eq!((inside.members, inside.staff, inside.closed_to_staff), (1, false, true));
    phone.begin_again(group, true);
    assert!(!seen(&phone, group).whole);
    let wish = crate::groups::commands::create_closed_to_staff("釣り", "", Joining::Open, false).expect("allowed");
    let made = phone.write(wish);
    let new = seen(&phone, Stream::Group(made.into()));
    assert_eq!((new.members, new.closed_to_staff), (1, true));
    let inbox = phone.inbox();
    let nowhere = readers(&phone.store, phone.community, inbox);
    assert!(matches!(nowhere, Err(StoreError::Refused(ErrorCode::WrongPlace))));
}
