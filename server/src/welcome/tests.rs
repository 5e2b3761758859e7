use crate::{
    both_engines,
    db::testing::TestDatabase,
    membership::{self, Admission},
    profiles,
    sync::tests::world::{Phone, World},
};
use enishi_protocol::{
    AccountId, Entity, EntityKind, ErrorCode, MemberId, Operation, Stream,
    membership::{Affiliation, Audience, PersonName, ProfileField, ProfileSetting, Role},
    welcome::WelcomeSetting,
};
use uuid::Uuid;

fn welcome(text: Option<&str>) -> Operation {
    Operation::SetWelcome(WelcomeSetting { text: text.map(str::to_owned) })
}

fn department(value: &str, audience: Audience) -> Operation {
    Operation::SetProfile(ProfileSetting { field: ProfileField::Department, value: Some(value.into()), audience })
}

/// So many people that the community's stream does not come in one page.
async fn crowd(world: &World) {
    for _ in 0..4 {
        world
            .by_server(|writing| {
                for number in 0..100 {
                    let admission = Admission {
                        member: MemberId(Uuid::new_v4()),
                        account: AccountId(Uuid::new_v4()),
                        name: PersonName { family: format!("会員{number}"), given: String::new() },
                        role: Role::Member,
                        affiliation: Affiliation::Alumnus,
                    };
                    membership::admit(writing, &admission)?;
                }
                Ok(())
            })
            .await;
    }
}

both_engines! {
    async fn those_who_run_it_set_the_words_and_nobody_else(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, member) = (world.member("佐藤", Role::Owner).await, world.member("鈴木", Role::Member).await);
        assert_eq!(world.cannot(member, &welcome(Some("ようこそ"))).await, ErrorCode::NotAllowed);
        assert_eq!(world.cannot(owner, &welcome(Some(&"長".repeat(2_001)))).await, ErrorCode::TextTooLong);
        world.can(owner, &welcome(Some(" ようこそ "))).await;
        let version = world.version().await;
        world.can(owner, &welcome(Some("ようこそ"))).await;
        assert_eq!(world.version().await, version, "the same once more changes nothing");
        let mut phone = Phone::new(member);
        phone.sync(&world).await;
        let held = phone.entity(Stream::Community, &EntityKind::Welcome, world.community.0);
        assert!(matches!(held, Some(Entity::Welcome(welcome)) if welcome.text == "ようこそ"));
        world.can(owner, &welcome(None)).await;
        phone.sync(&world).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Welcome), 0);
    }

    async fn the_first_page_has_who_runs_it_why_and_people_one_knows(db: TestDatabase) {
        let world = World::new(db).await;
        let owner = world.member("人事", Role::Owner).await;
        world.can(owner, &welcome(Some("ようこそ"))).await;
        let (near, shy) = (world.member("鈴木", Role::Member).await, world.member("高橋", Role::Member).await);
        world.can(near, &department("校正室", Audience::Everyone)).await;
        world.can(shy, &department("校正室", Audience::Groups)).await;
        crowd(&world).await;
        for number in 0..60 {
            world.post(owner, Stream::Community, &format!("{number}通目")).await;
        }
        let joiner = world.member("佐藤", Role::Member).await;
        world.can(joiner, &department("校正室", Audience::Nobody)).await;
        let mut phone = Phone::new(joiner);
        phone.step(&world).await;
        assert!(phone.streams[&Stream::Community].place.is_some(), "there is more to come");
        let has = |kind: &EntityKind, id| phone.entity(Stream::Community, kind, id).is_some();
        assert!(has(&EntityKind::Welcome, world.community.0) && has(&EntityKind::Member, owner.0));
        assert!(has(&EntityKind::Member, near.0) && has(&EntityKind::Profile, near.0));
        let found = has(&EntityKind::Member, shy.0) || has(&EntityKind::Profile, shy.0);
        assert!(!found, "who shows it to groups only is not found by it");
    }

    async fn a_profile_begins_with_the_companys_record_seen_by_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        world.can(member, &department("設計部", Audience::Groups)).await;
        world.by_server(move |writing| {
            let record = [(ProfileField::Department, "校正室".to_owned()), (ProfileField::LeftYear, "2019".to_owned())];
            profiles::begin_from_record(writing, member, &record)
        }).await;
        let (field, value, audience) = (ProfileField::Title, Some("店主".into()), Audience::Nobody);
        world.can(member, &Operation::SetProfile(ProfileSetting { field, value, audience })).await;
        let mut phone = Phone::new(member);
        phone.sync(&world).await;
        let held = phone.entity(Stream::Member(member), &EntityKind::OwnProfile, member.0);
        let Some(Entity::OwnProfile(own)) = held else { panic!("no profile") };
        let left = &own.fields[&ProfileField::LeftYear];
        assert_eq!((left.value.as_str(), left.audience), ("2019", Audience::Nobody));
        assert_eq!(own.fields[&ProfileField::Department].value, "設計部", "what the member says stays");
        assert_eq!(phone.count(Stream::Community, &EntityKind::Profile), 0);
    }
}
