use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, group, open_group},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, Operation, Stream, Version,
    groups::{GroupDecision, GroupJoining, Joining},
    membership::Role,
    notifications::{Decision, Level, NotificationKind, NotificationReading, NotificationSetting, QuietHours},
};

fn set(setting: NotificationSetting) -> Operation {
    Operation::SetNotifications(setting)
}

async fn told(world: &World, member: MemberId, kind: EntityKind, id: uuid::Uuid) -> Option<Entity> {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    phone.entity(Stream::Member(member), &kind, id)
}

both_engines! {
    async fn settings_are_set_one_by_one_and_lie_in_the_inbox_whole(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let club = world.can(member, &open_group("部")).await.into();
        let kind = NotificationKind::Comment;
        let hours = Some(QuietHours { from: 1_320, to: 420, utc_offset: 540 });
        for setting in [
            NotificationSetting::Kind { kind, level: Level::List },
            NotificationSetting::Group { group: club, level: Level::Off },
            NotificationSetting::Quiet { hours },
        ] {
            world.can(member, &set(setting)).await;
        }
        let version = world.version().await;
        world.can(member, &set(NotificationSetting::Quiet { hours })).await;
        assert_eq!(world.version().await, version, "the same once more changes nothing");
        let held = told(&world, member, EntityKind::NotificationSettings, member.0).await;
        let Some(Entity::NotificationSettings(held)) = held else { panic!("no settings") };
        assert_eq!((held.level(kind, None), held.level(kind, Some(club)), held.quiet), (Level::List, Level::Off, hours));
    }

    async fn what_no_day_has_and_a_group_that_one_is_not_in_are_refused(db: TestDatabase) {
        let world = World::new(db).await;
        let (member, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club = world.can(other, &open_group("部")).await.into();
        let group = set(NotificationSetting::Group { group: club, level: Level::Off });
        assert_eq!(world.cannot(member, &group).await, ErrorCode::NotFound);
        let hours = Some(QuietHours { from: 1_440, to: 0, utc_offset: 0 });
        assert_eq!(world.cannot(member, &set(NotificationSetting::Quiet { hours })).await, ErrorCode::Malformed);
    }

    async fn the_mark_only_grows_and_never_into_the_future(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let read = |up_to| Operation::ReadNotifications(NotificationReading { up_to: Version(up_to) });
        let version = world.version().await.0;
        world.can(member, &read(version + 1_000)).await;
        world.can(member, &read(1)).await;
        let mark = told(&world, member, EntityKind::NotificationMark, member.0).await;
        assert!(matches!(mark, Some(Entity::NotificationMark(mark)) if mark.up_to == Version(version)), "{mark:?}");
    }

    async fn whoever_asked_is_told_how_it_was_decided_and_nobody_else(db: TestDatabase) {
        let world = World::new(db).await;
        let keeper = world.member("佐藤", Role::Member).await;
        let club = world.can(keeper, &group("部", Joining::Request, false)).await.into();
        for accepted in [false, true] {
            let member = world.member("鈴木", Role::Member).await;
            let joining = GroupJoining { group: club, note: String::new() };
            let request = world.can(member, &Operation::JoinGroup(joining)).await;
            let decision = GroupDecision { group: club, request: request.into(), accept: accepted };
            world.can(keeper, &Operation::DecideGroup(decision)).await;
            let held = told(&world, member, EntityKind::Decision, request.0).await;
            let Some(Entity::Decision(Decision { group, accepted: held, .. })) = held else { panic!("not told") };
            assert_eq!((group, held), (club, accepted));
            assert_eq!(told(&world, keeper, EntityKind::Decision, request.0).await, None);
        }
    }
}
