use super::*;
use crate::{
    both_engines,
    db::testing::TestDatabase,
    erasure::{self, What},
};
use enishi_protocol::{
    ErrorCode, MutationId,
    limits::{NOTE_CHARS, REPORTS_A_DAY, RULE_CHARS, RULES},
    membership::{Audience, ProfileField, ProfileSetting},
    moderation::{ReportState, RuleText, RulesSetting},
};

fn rules(base: Option<MutationId>, texts: &[&str]) -> Operation {
    let rules = texts.iter().map(|text| RuleText { ja: (*text).into(), en: String::new() }).collect();
    Operation::SetRules(RulesSetting { base, rules })
}

both_engines! {
    async fn the_rules_are_set_by_those_who_run_the_community_on_the_rules_that_they_saw(db: TestDatabase) {
        let world = World::new(db).await;
        let owner = world.member("高橋", Role::Owner).await;
        let member = world.member("佐藤", Role::Member).await;
        assert_eq!(world.cannot(member, &rules(None, &["みんな仲良く"])).await, ErrorCode::NotAllowed);
        let first = world.can(owner, &rules(None, &["みんな仲良く"])).await;
        assert_eq!(world.cannot(owner, &rules(None, &["別のきまり"])).await, ErrorCode::Conflict);
        world.can(owner, &rules(Some(first), &["みんな仲良く", "秘密を守る"])).await;
        let seen = entity(&world, member, Stream::Community, EntityKind::Rules, world.community.0).await;
        let Some(Entity::Rules(seen)) = seen else { panic!("{seen:?}") };
        assert_eq!(seen.rules.iter().map(|rule| (rule.number, rule.ja.as_str())).collect::<Vec<_>>(),
            [(1, "みんな仲良く"), (2, "秘密を守る")]);
        let base = Some(seen.text_by);
        for (texts, code) in [
            (vec![], ErrorCode::TextEmpty),
            (vec![" ".to_owned()], ErrorCode::TextEmpty),
            (vec!["長".repeat(RULE_CHARS + 1)], ErrorCode::TextTooLong),
            (vec!["一".to_owned(); RULES + 1], ErrorCode::TooMany),
        ] {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            assert_eq!(world.cannot(owner, &rules(base, &texts)).await, code);
        }
    }

    async fn a_report_reaches_the_desk_with_a_copy_and_without_its_reporters_name(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Moderator).await;
        let (author, reporter) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let post = world.post(author, Stream::Community, "ひどい言葉").await;
        let id = world.can(reporter, &reporting(Subject::Post(post))).await.into();
        let desk = Stream::community_desk(world.community);
        let report = report_at(&world, staff, desk, id).await.expect("a report");
        assert_eq!((report.author, report.text.as_str(), report.rule.number), (author, "ひどい言葉", 1));
        assert_eq!((report.word.as_str(), report.state), ("困っています", ReportState::Open));

        // Nothing that anybody but the reporter is sent names the reporter.
        for other in [staff, author] {
            let phone = synced(&world, other).await;
            let named = phone.streams.iter().flat_map(|(stream, held)| held.rows.iter().map(move |row| (stream, row)));
            for (stream, ((kind, _), (_, body))) in named {
                let body = body.clone().unwrap_or_default();
                let by_reporter = body.contains(&reporter.0.to_string());
                assert!(!by_reporter || *stream == Stream::Community, "{stream} {kind:?} {body}");
            }
        }
        assert_eq!(own_report(&world, reporter, id).await.state, ReportState::Open);
        assert_eq!(world.cannot(reporter, &reporting(Subject::Post(post))).await, ErrorCode::AlreadyExists);

        assert_eq!(world.cannot(author, &closing(id, true)).await, ErrorCode::NotFound);
        let second = world.member("田中", Role::Member).await;
        let another = world.can(second, &reporting(Subject::Post(post))).await.into();
        world.can(staff, &closing(id, true)).await;
        for (member, id) in [(reporter, id), (second, another)] {
            assert_eq!(own_report(&world, member, id).await.state, ReportState::ActedOn);
        }
        world.can(staff, &closing(id, false)).await;
        assert_eq!(own_report(&world, reporter, id).await.state, ReportState::ActedOn, "decided once");
        world.can(reporter, &reporting(Subject::Post(post))).await;
    }

    async fn of_a_group_its_keepers_decide_and_about_a_keeper_those_who_run_the_community(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Admin).await;
        let (keeper, author) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let reporter = world.member("田中", Role::Member).await;
        let id: GroupId = world.can(keeper, &group(false)).await.into();
        for member in [author, reporter] {
            world.can(member, &join(id)).await;
        }
        let (desk, staff_desk) = (Stream::group_desk(id), Stream::community_desk(world.community));
        let post = world.post(author, Stream::Group(id), "秘密をばらす").await;
        let report = world.can(reporter, &reporting(Subject::Post(post))).await.into();
        assert!(report_at(&world, keeper, desk, report).await.is_some());
        assert!(report_at(&world, staff, staff_desk, report).await.is_none());
        assert_eq!(world.cannot(staff, &closing(report, true)).await, ErrorCode::NotFound);
        world.can(keeper, &closing(report, false)).await;
        assert_eq!(own_report(&world, reporter, report).await.state, ReportState::NothingDone);

        let theirs = world.post(keeper, Stream::Group(id), "世話役の言葉").await;
        let about = world.can(reporter, &reporting(Subject::Post(theirs))).await.into();
        assert!(report_at(&world, staff, staff_desk, about).await.is_some());
        assert!(report_at(&world, keeper, desk, about).await.is_none());
        assert_eq!(world.cannot(keeper, &closing(about, false)).await, ErrorCode::NotFound);
        assert!(own_report(&world, reporter, about).await.to_staff);

        // Somebody outside can report nothing of it; in it one may hand it to those who run the community.
        let stranger = world.member("伊藤", Role::Member).await;
        assert_eq!(world.cannot(stranger, &reporting(Subject::Post(post))).await, ErrorCode::NotFound);
        let handed = world.can(reporter, &to_staff(Subject::Post(post))).await.into();
        assert!(report_at(&world, staff, staff_desk, handed).await.is_some());
        world.can(staff, &hiding(Subject::Post(post))).await;
    }

    async fn a_report_about_somebody_on_duty_is_decided_by_another(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("高橋", Role::Moderator).await, world.member("山本", Role::Moderator).await);
        let reporter = world.member("佐藤", Role::Member).await;
        let report = world.can(reporter, &reporting(Subject::Member(one))).await.into();
        assert_eq!(world.cannot(one, &closing(report, false)).await, ErrorCode::OwnCase);
        world.can(other, &closing(report, true)).await;
        assert_eq!(world.cannot(one, &reporting(Subject::Member(one))).await, ErrorCode::NotAllowed);
        let nobody = Subject::Member(MemberId(Uuid::new_v4()));
        assert_eq!(world.cannot(reporter, &reporting(nobody)).await, ErrorCode::NotFound);
    }

    async fn a_report_about_a_member_carries_what_everyone_sees_of_the_profile(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let (about, reporter) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        for (field, audience) in [(ProfileField::About, Audience::Everyone), (ProfileField::Contact, Audience::Groups)] {
            let value = Some(field.as_str().to_owned());
            world.can(about, &Operation::SetProfile(ProfileSetting { field, value, audience })).await;
        }
        let id = world.can(reporter, &reporting(Subject::Member(about))).await.into();
        let report = report_at(&world, staff, Stream::community_desk(world.community), id).await.expect("a report");
        assert_eq!(report.profile.keys().copied().collect::<Vec<_>>(), [ProfileField::About]);
    }

    async fn a_flood_of_reports_is_stopped_and_a_day_later_it_goes_on(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, reporter) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let mut posts = Vec::new();
        for _ in 0..=REPORTS_A_DAY {
            posts.push(world.post(author, Stream::Community, "言葉").await);
        }
        let last = posts.pop().expect("a post");
        for post in posts {
            world.can(reporter, &reporting(Subject::Post(post))).await;
        }
        assert_eq!(world.cannot(reporter, &reporting(Subject::Post(last))).await, ErrorCode::TooManyReports);
        world.pass_days(1);
        world.can(reporter, &reporting(Subject::Post(last))).await;
        let long = Operation::Report(Reporting {
            around: Vec::new(), subject: Subject::Member(author), rule: 1, word: "長".repeat(NOTE_CHARS + 1), to_staff: false,
        });
        assert_eq!(world.cannot(reporter, &long).await, ErrorCode::TextTooLong);
        let no_rule = Operation::Report(Reporting {
            around: Vec::new(), subject: Subject::Member(author), rule: 99, word: String::new(), to_staff: false,
        });
        assert_eq!(world.cannot(reporter, &no_rule).await, ErrorCode::RuleUnknown);
    }

    async fn what_is_erased_leaves_the_reports_about_it_too(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let (author, reporter) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let post = world.post(author, Stream::Community, "消したい言葉").await;
        let of_comment = world.can(author, &comment(post, "消したい言葉も")).await.0.into();
        for subject in [Subject::Post(post), Subject::Comment(of_comment)] {
            world.can(reporter, &reporting(subject)).await;
        }
        world.can(staff, &hiding(Subject::Post(post))).await;
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let what = What::Post(post);
        world.write(move |conn| erasure::erase(conn, &*surroundings, community, what)).await.expect("erased");
        for member in [staff, author, reporter] {
            let phone = synced(&world, member).await;
            let reports = phone.streams.values().flat_map(|held| &held.rows).filter(|((kind, _), (_, body))| {
                body.is_some() && matches!(kind, EntityKind::Report | EntityKind::OwnReport)
            });
            assert_eq!(reports.count(), 0);
            let bodies = phone.streams.values().flat_map(|held| held.rows.values());
            assert!(bodies.into_iter().all(|(_, body)| !body.as_ref().is_some_and(|body| body.contains("消したい言葉"))));
        }
        let left = crate::sync::tests::world::query(&world,
            "SELECT body FROM report WHERE community = $1 UNION SELECT text FROM hidden WHERE community = $1").await;
        assert!(left.iter().all(|row| !row.get::<String>(0).expect("text").contains("消したい言葉")));
    }
}
