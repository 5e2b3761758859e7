use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, group, mutation, open_group, query},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, GroupId, MemberId, Operation, Stream,
    groups::{GroupDecision, GroupInviting, GroupJoining, GroupLeaving, Joining},
    membership::{Audience, ProfileField, ProfileSetting, Role, Standing},
};

fn join(group: GroupId) -> Operation {
    Operation::JoinGroup(GroupJoining { group, note: "ぜひ".into() })
}

fn leave(group: GroupId) -> Operation {
    Operation::LeaveGroup(GroupLeaving { group })
}

fn profile(value: Option<&str>, audience: Audience) -> Operation {
    let value = value.map(str::to_owned);
    Operation::SetProfile(ProfileSetting { field: ProfileField::Employer, value, audience })
}

async fn synced(world: &World, member: MemberId) -> Phone {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    phone
}

/// Groups with both in them, the first as keeper.
async fn many_groups(world: &World, count: usize, keeper: MemberId, other: MemberId) -> Vec<GroupId> {
    let mut ids = Vec::new();
    let version = world.version().await;
    let creations: Vec<_> = (0..count).map(|number| mutation(&open_group(&format!("{number}の会")), version)).collect();
    ids.extend(creations.iter().map(|creation| GroupId::from(creation.id)));
    let joins: Vec<_> = ids.iter().map(|id| mutation(&join(*id), version)).collect();
    for (member, mutations) in [(keeper, creations), (other, joins)] {
        for some in mutations.chunks(100) {
            assert_eq!(world.decide(member, None, some.to_vec()).await, Ok(None));
        }
    }
    ids
}

async fn swept(world: &World) -> bool {
    let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
    world.write(move |conn| crate::membership::sweep(conn, &*surroundings, community)).await.expect("swept")
}

async fn two(world: &World) -> (MemberId, MemberId) {
    (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await)
}

both_engines! {
    async fn whoever_joins_an_open_group_reads_it(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let id: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.post(keeper, Stream::Group(id), "ようこそ").await;
        world.can(other, &join(id)).await;
        world.can(other, &join(id)).await;
        let phone = synced(&world, other).await;
        assert_eq!(phone.count(Stream::Group(id), &EntityKind::Post), 1);
        assert_eq!(phone.count(Stream::Group(id), &EntityKind::GroupMember), 2);
        let known = phone.entity(Stream::Community, &EntityKind::Group, id.0);
        assert!(matches!(known, Some(Entity::Group(group)) if group.members == 2));
    }

    async fn a_request_is_decided_by_the_keeper(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let staff = world.member("高橋", Role::Owner).await;
        let id: GroupId = world.can(keeper, &group("勉強会", Joining::Request, false)).await.into();
        let request = world.can(other, &join(id)).await;
        assert!(!synced(&world, other).await.streams.contains_key(&Stream::Group(id)));
        assert_eq!(synced(&world, keeper).await.count(Stream::group_desk(id), &EntityKind::JoinRequest), 1);
        let decide = Operation::DecideGroup(GroupDecision { group: id, request: request.into(), accept: true });
        for stranger in [staff, other] {
            assert_eq!(world.cannot(stranger, &decide).await, ErrorCode::NotFound);
        }
        world.can(keeper, &decide).await;
        assert!(synced(&world, other).await.streams.contains_key(&Stream::Group(id)));
        assert_eq!(synced(&world, keeper).await.count(Stream::group_desk(id), &EntityKind::JoinRequest), 0);
        assert_eq!(world.cannot(keeper, &decide).await, ErrorCode::NotFound);
    }

    async fn a_secret_group_is_known_to_its_members_and_those_invited(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let id: GroupId = world.can(keeper, &group("内緒", Joining::Invitation, true)).await.into();
        let nowhere = GroupId(uuid::Uuid::new_v4());
        assert_eq!(world.cannot(other, &join(id)).await, world.cannot(other, &join(nowhere)).await);
        assert_eq!(synced(&world, other).await.count(Stream::Community, &EntityKind::Group), 0);
        world.can(keeper, &Operation::InviteToGroup(GroupInviting { group: id, member: other })).await;
        let invited = synced(&world, other).await;
        assert!(invited.entity(Stream::Member(other), &EntityKind::GroupInvitation, id.0).is_some());
        world.can(other, &join(id)).await;
        let joined = synced(&world, other).await;
        assert_eq!(joined.count(Stream::Member(other), &EntityKind::GroupInvitation), 0);
        assert!(joined.entity(Stream::Group(id), &EntityKind::Group, id.0).is_some());
        assert_eq!(world.cannot(keeper, &group("表", Joining::Open, true)).await, ErrorCode::Malformed);
    }

    async fn a_group_whose_keeper_leaves_is_kept_by_another(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let id: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.can(other, &join(id)).await;
        world.can(keeper, &leave(id)).await;
        world.can(keeper, &leave(id)).await;
        let phone = synced(&world, other).await;
        let row = |member: MemberId| match phone.entity(Stream::Group(id), &EntityKind::GroupMember, member.0) {
            Some(Entity::GroupMember(row)) => (row.keeper, row.standing),
            other => panic!("{other:?}"),
        };
        assert_eq!((row(keeper), row(other)), ((false, Standing::Ended), (true, Standing::Active)));
        assert!(phone.streams.contains_key(&Stream::group_desk(id)));
    }

    async fn a_narrowed_audience_takes_the_field_back(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, reader) = two(&world).await;
        let id: GroupId = world.can(owner, &open_group("山歩き")).await.into();
        world.can(reader, &join(id)).await;
        world.can(owner, &profile(Some("縁商事"), Audience::Everyone)).await;
        let mut phone = synced(&world, reader).await;
        let seen = |phone: &Phone| [Stream::Community, Stream::Group(id)]
            .map(|stream| phone.entity(stream, &EntityKind::Profile, owner.0).is_some());
        assert_eq!(seen(&phone), [true, false]);
        for (audience, expected) in [
            (Audience::Groups, [false, true]),
            (Audience::Hr, [false, false]),
            (Audience::Everyone, [true, false]),
            (Audience::Nobody, [false, false]),
        ] {
            world.can(owner, &profile(Some("縁商事"), audience)).await;
            phone.sync(&world).await;
            assert_eq!(seen(&phone), expected, "{audience:?}");
            assert!(phone.streams.values().all(|held| held.rows.iter().all(|((kind, member), (_, body))| {
                *kind != EntityKind::Profile || *member != owner.0 || expected.contains(&true) || body.is_none()
            })));
        }
        let own = synced(&world, owner).await.entity(Stream::Member(owner), &EntityKind::OwnProfile, owner.0);
        assert!(matches!(own, Some(Entity::OwnProfile(own)) if own.fields.len() == 1));
    }

    async fn profile_fields_are_set_one_by_one(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, reader) = two(&world).await;
        let set = |field, value: &str| {
            Operation::SetProfile(ProfileSetting { field, value: Some(value.into()), audience: Audience::Everyone })
        };
        // As two phones of one member would, each of which knows nothing of what the other does.
        world.can(owner, &set(ProfileField::Employer, "縁商事")).await;
        world.can(owner, &set(ProfileField::Department, "総務課")).await;
        world.can(owner, &set(ProfileField::Employer, "みらい")).await;
        let shown = synced(&world, reader).await.entity(Stream::Community, &EntityKind::Profile, owner.0);
        let Some(Entity::Profile(profile)) = shown else { panic!("{shown:?}") };
        let fields: Vec<_> = profile.fields.iter().map(|(field, value)| (*field, value.as_str())).collect();
        assert_eq!(fields.len(), 2);
        assert!(fields.contains(&(ProfileField::Employer, "みらい")) && fields.contains(&(ProfileField::Department, "総務課")));
    }

    async fn a_profile_for_groups_comes_and_goes_with_the_group(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, guest) = two(&world).await;
        let id: GroupId = world.can(keeper, &open_group("山歩き")).await.into();
        world.can(guest, &profile(Some("縁商事"), Audience::Groups)).await;
        world.can(guest, &join(id)).await;
        let mut phone = synced(&world, keeper).await;
        assert!(phone.entity(Stream::Group(id), &EntityKind::Profile, guest.0).is_some());
        world.can(guest, &leave(id)).await;
        phone.sync(&world).await;
        assert!(phone.entity(Stream::Group(id), &EntityKind::Profile, guest.0).is_none());
    }

    async fn the_desk_is_read_by_those_whose_role_it_is(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let desk = Stream::community_desk(world.community);
        assert!(!synced(&world, member).await.streams.contains_key(&desk));
        world.by_server(move |writing| crate::membership::set_role(writing, member, Role::Moderator)).await;
        assert!(synced(&world, member).await.streams.contains_key(&desk));
        world.by_server(move |writing| crate::membership::set_role(writing, member, Role::Member)).await;
        assert!(!synced(&world, member).await.streams.contains_key(&desk));
    }

    async fn whoever_leaves_with_very_many_groups_loses_all_rights_at_once_and_the_groups_are_told_in_steps(
        db: TestDatabase
    ) {
        const GROUPS: usize = 400;
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let ids: Vec<GroupId> = many_groups(&world, GROUPS, keeper, other).await;
        let mut phone = synced(&world, other).await;
        let before = world.version().await;
        world.by_server(move |writing| crate::membership::end(writing, keeper)).await;
        let mut version = world.version().await;
        assert!(version.0 - before.0 <= 1_000);
        let left = query(&world, "SELECT stream FROM stream_grant g JOIN member m ON m.community = g.community \
            AND m.id = g.member WHERE g.community = $1 AND m.standing = 'ended'").await;
        assert_eq!(left, [], "rights end at once");
        while swept(&world).await {
            let after = world.version().await;
            assert!(after.0 - version.0 <= 1_000, "no step writes more");
            version = after;
        }
        phone.sync(&world).await;
        for id in &ids {
            let row = |member: MemberId| match phone.entity(Stream::Group(*id), &EntityKind::GroupMember, member.0) {
                Some(Entity::GroupMember(row)) => (row.keeper, row.standing),
                other => panic!("{other:?}"),
            };
            assert_eq!((row(keeper), row(other)), ((false, Standing::Ended), (true, Standing::Active)));
            let known = phone.entity(Stream::Community, &EntityKind::Group, id.0);
            assert!(matches!(known, Some(Entity::Group(group)) if group.members == 1));
            assert!(phone.streams.contains_key(&Stream::group_desk(*id)), "somebody keeps it");
        }
        assert_eq!(phone.state(), synced(&world, other).await.state());
    }

    async fn whoever_comes_back_before_their_groups_were_told_is_in_those_they_joined_again(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let ids = many_groups(&world, 300, keeper, other).await;
        world.by_server(move |writing| crate::membership::end(writing, other)).await;
        let last = *ids.iter().max().expect("groups");
        let waiting = query(&world, "SELECT group_id FROM group_leftover WHERE community = $1").await;
        assert!(waiting.iter().any(|row| row.get::<GroupId>(0).expect("a group") == last), "this one is not told yet");
        world.readmit(other, "鈴木").await;
        world.can(other, &join(last)).await;
        while swept(&world).await {}
        let phone = synced(&world, other).await;
        let groups = phone.streams.keys().filter(|stream| matches!(stream, Stream::Group(_))).count();
        assert_eq!(groups, 1, "the one joined again, and no other");
        let row = phone.entity(Stream::Group(last), &EntityKind::GroupMember, other.0);
        assert!(matches!(row, Some(Entity::GroupMember(row)) if row.standing == Standing::Active));
        let known = phone.entity(Stream::Community, &EntityKind::Group, last.0);
        assert!(matches!(known, Some(Entity::Group(group)) if group.members == 2));
    }

    async fn requests_to_join_that_somebody_leaves_behind_are_gone_from_the_desks(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, other) = two(&world).await;
        let id: GroupId = world.can(keeper, &group("勉強会", Joining::Request, false)).await.into();
        world.can(other, &join(id)).await;
        world.by_server(move |writing| crate::membership::end(writing, other)).await;
        assert_eq!(synced(&world, keeper).await.count(Stream::group_desk(id), &EntityKind::JoinRequest), 0);
    }
}
