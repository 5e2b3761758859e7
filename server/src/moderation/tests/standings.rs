use super::*;
use crate::{both_engines, db::testing::TestDatabase, membership, sync::commit, writing::Writing};
use enishi_protocol::{
    ErrorCode,
    feed::PostPinning,
    groups::{GroupInviting, GroupLeaving},
    membership::Standing,
    moderation::{Removing, Restoring, SupporterSetting, Suspending},
};

fn suspending(member: MemberId, until_us: Option<i64>) -> Operation {
    Operation::Suspend(Suspending { member, until_us, reason: "きまり1に三度".into() })
}

fn restoring(member: MemberId) -> Operation {
    Operation::Restore(Restoring { member })
}

fn removing(member: MemberId) -> Operation {
    Operation::Remove(Removing { member, reason: "きまり5".into() })
}

async fn standing(world: &World, of: MemberId, seen_by: MemberId) -> Standing {
    match entity(world, seen_by, Stream::Community, EntityKind::Member, of.0).await {
        Some(Entity::Member(member)) => member.standing,
        other => panic!("{other:?}"),
    }
}

async fn grants(world: &World, member: MemberId) -> usize {
    let community = world.community;
    world.read(move |conn| Ok(crate::grants::all(conn, community, member)?)).await.expect("read").len()
}

/// Why a member is refused before anything of theirs is decided.
async fn refused(world: &World, member: MemberId) -> Option<ErrorCode> {
    let community = world.community;
    let surroundings = std::sync::Arc::clone(&world.surroundings);
    let tried = world.write(move |conn| commit::decide(conn, &*surroundings, community, member, None, &[])).await;
    tried.err().map(|failure| failure.code())
}

both_engines! {
    async fn a_suspended_member_loses_every_right_at_once_and_gets_them_back(db: TestDatabase) {
        let world = World::new(db).await;
        let (staff, member) = (world.member("高橋", Role::Moderator).await, world.member("佐藤", Role::Member).await);
        let other = world.member("鈴木", Role::Member).await;
        let id: GroupId = world.can(member, &group(false)).await.into();
        world.can(other, &join(id)).await;
        world.post(member, Stream::Community, "前からある言葉").await;
        assert_eq!(world.cannot(other, &suspending(member, None)).await, ErrorCode::NotAllowed);
        world.can(staff, &suspending(member, None)).await;
        assert_eq!((grants(&world, member).await, refused(&world, member).await), (0, Some(ErrorCode::MembershipSuspended)));
        assert_eq!(standing(&world, member, other).await, Standing::Suspended);
        let phone = synced(&world, other).await;
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 1, "what they wrote stays");
        let Some(Entity::GroupMember(row)) = phone.entity(Stream::Group(id), &EntityKind::GroupMember, member.0) else { panic!() };
        assert_eq!((row.keeper, row.standing), (false, Standing::Suspended));
        assert!(phone.streams.contains_key(&Stream::group_desk(id)), "another keeps the group");

        world.can(staff, &restoring(member)).await;
        world.can(staff, &restoring(member)).await;
        assert_eq!((standing(&world, member, other).await, refused(&world, member).await), (Standing::Active, None));
        let back = synced(&world, member).await;
        assert!(back.streams.contains_key(&Stream::Group(id)) && !back.streams.contains_key(&Stream::group_desk(id)));
        world.post(member, Stream::Group(id), "戻りました").await;
    }

    async fn a_suspension_ends_by_itself_when_its_time_is_over(db: TestDatabase) {
        let world = World::new(db).await;
        let (staff, member) = (world.member("高橋", Role::Owner).await, world.member("佐藤", Role::Member).await);
        let now = 1_000 * crate::sync::tests::world::DAY_US;
        assert_eq!(world.cannot(staff, &suspending(member, Some(now))).await, ErrorCode::Malformed);
        world.can(staff, &suspending(member, Some(now + 1))).await;
        let due = || {
            let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
            world.write(move |conn| membership::restore_due(conn, &*surroundings, community))
        };
        assert_eq!(due().await, Ok(false));
        assert_eq!(refused(&world, member).await, Some(ErrorCode::MembershipSuspended));
        world.pass_days(1);
        assert_eq!((due().await, due().await), (Ok(true), Ok(false)));
        assert_eq!(refused(&world, member).await, None);
    }

    async fn a_group_is_handed_on_to_nobody_who_is_suspended(db: TestDatabase) {
        let world = World::new(db).await;
        let (staff, keeper) = (world.member("高橋", Role::Moderator).await, world.member("佐藤", Role::Member).await);
        let (suspended, third) = (world.member("鈴木", Role::Member).await, world.member("田中", Role::Member).await);
        let id: GroupId = world.can(keeper, &group(false)).await.into();
        for member in [suspended, third] {
            world.can(member, &join(id)).await;
        }
        world.can(staff, &suspending(suspended, None)).await;
        world.can(keeper, &Operation::LeaveGroup(enishi_protocol::groups::GroupLeaving { group: id })).await;
        assert!(synced(&world, third).await.streams.contains_key(&Stream::group_desk(id)));
        world.can(staff, &restoring(suspended)).await;
        assert!(!synced(&world, suspended).await.streams.contains_key(&Stream::group_desk(id)));
    }

    async fn the_end_of_a_suspension_brings_nobody_back_whose_membership_has_ended(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let (removed, erased) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let (community, surroundings) = (world.community, std::sync::Arc::clone(&world.surroundings));
        let now = surroundings.now_us.load(std::sync::atomic::Ordering::Relaxed);
        for member in [removed, erased] {
            world.can(staff, &suspending(member, Some(now + 1))).await;
        }
        world.by_server(move |writing| membership::end(writing, removed)).await;
        let what = crate::erasure::What::Member(erased);
        let clock = std::sync::Arc::clone(&surroundings);
        world.write(move |conn| crate::erasure::erase(conn, &*clock, community, what)).await.expect("erased");
        world.pass_days(1);
        let due = world.write(move |conn| membership::restore_due(conn, &*surroundings, community)).await;
        assert_eq!(due, Ok(false));
        assert_eq!(standing(&world, removed, staff).await, Standing::Ended);
        assert_eq!((grants(&world, removed).await, grants(&world, erased).await), (0, 0));
    }

    async fn nobody_is_suspended_or_removed_by_somebody_who_is_not_above_them(db: TestDatabase) {
        let world = World::new(db).await;
        let mut members = Vec::new();
        for role in Role::ALL {
            members.push(world.member(role.as_str(), *role).await);
        }
        let [owner, admin, moderator, member] = members[..] else { panic!() };
        for (above, below) in [(admin, owner), (moderator, owner), (moderator, admin), (owner, owner), (member, member)] {
            for operation in [suspending(below, None), removing(below)] {
                assert_eq!(world.cannot(above, &operation).await, ErrorCode::NotAllowed);
            }
        }
        assert_eq!(world.cannot(moderator, &removing(member)).await, ErrorCode::NotAllowed);
        let empty = Operation::Suspend(Suspending { member, until_us: None, reason: " ".into() });
        assert_eq!(world.cannot(admin, &empty).await, ErrorCode::TextEmpty);
        world.can(moderator, &suspending(member, None)).await;
        world.can(admin, &removing(member)).await;
        world.can(admin, &suspending(moderator, None)).await;
        world.can(owner, &removing(admin)).await;
        assert_eq!(refused(&world, admin).await, Some(ErrorCode::MembershipEnded));
        assert_eq!(world.cannot(owner, &restoring(admin)).await, ErrorCode::NotFound);
    }

    async fn the_last_owner_stays_and_roles_are_given_from_above(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, admin) = (world.member("高橋", Role::Owner).await, world.member("山本", Role::Admin).await);
        let member = world.member("佐藤", Role::Member).await;
        assert_eq!(world.cannot(owner, &role(owner, Role::Member)).await, ErrorCode::LastOwner);
        for wish in [role(member, Role::Owner), role(member, Role::Admin), role(owner, Role::Member)] {
            assert_eq!(world.cannot(admin, &wish).await, ErrorCode::NotAllowed);
        }
        assert_eq!(world.cannot(member, &role(member, Role::Owner)).await, ErrorCode::NotAllowed);
        let desk = Stream::community_desk(world.community);
        world.can(admin, &role(member, Role::Moderator)).await;
        assert!(synced(&world, member).await.streams.contains_key(&desk));
        world.can(admin, &role(member, Role::Member)).await;
        assert!(!synced(&world, member).await.streams.contains_key(&desk));
        world.can(owner, &role(admin, Role::Owner)).await;
        world.can(owner, &role(owner, Role::Member)).await;
        assert_eq!(world.cannot(admin, &role(admin, Role::Admin)).await, ErrorCode::LastOwner);
    }

    async fn a_supporter_is_seen_by_everyone_and_pins_their_own_welcome(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, member) = (world.member("高橋", Role::Owner).await, world.member("佐藤", Role::Member).await);
        let other = world.member("鈴木", Role::Member).await;
        let mark = |on| Operation::SetSupporter(SupporterSetting { member, on });
        let welcome = world.post(member, Stream::Community, "ようこそ").await;
        let pin = Operation::PinPost(PostPinning { post: welcome, pinned: true });
        assert_eq!(world.cannot(other, &mark(true)).await, ErrorCode::NotAllowed);
        assert_eq!(world.cannot(member, &pin).await, ErrorCode::NotAllowed);
        world.can(owner, &mark(true)).await;
        let seen = entity(&world, other, Stream::Community, EntityKind::Member, member.0).await;
        assert!(matches!(seen, Some(Entity::Member(member)) if member.supporter));
        world.can(member, &pin).await;
        let theirs = world.post(other, Stream::Community, "別の話").await;
        let pin_theirs = Operation::PinPost(PostPinning { post: theirs, pinned: true });
        assert_eq!(world.cannot(member, &pin_theirs).await, ErrorCode::NotAllowed);
        world.can(owner, &mark(false)).await;
        assert_eq!(world.cannot(member, &pin).await, ErrorCode::NotAllowed);
    }

    async fn nobody_who_runs_the_community_comes_into_a_group_closed_to_them(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, keeper) = (world.member("高橋", Role::Owner).await, world.member("佐藤", Role::Member).await);
        assert_eq!(world.cannot(owner, &group(true)).await, ErrorCode::ClosedToStaff);
        let id: GroupId = world.can(keeper, &group(true)).await.into();
        let seen = entity(&world, owner, Stream::Community, EntityKind::Group, id.0).await;
        assert!(matches!(seen, Some(Entity::Group(group)) if group.closed_to_staff), "it is marked for everyone");
        assert_eq!(world.cannot(owner, &join(id)).await, ErrorCode::ClosedToStaff);
        let invite = |member| Operation::InviteToGroup(GroupInviting { group: id, member });
        assert_eq!(world.cannot(keeper, &invite(owner)).await, ErrorCode::ClosedToStaff);

        // One who was invited and then given a role comes in no more; one who is in leaves first.
        let invited = world.member("鈴木", Role::Member).await;
        world.can(keeper, &invite(invited)).await;
        world.can(owner, &role(invited, Role::Moderator)).await;
        assert_eq!(world.cannot(invited, &join(id)).await, ErrorCode::ClosedToStaff);
        assert_eq!(world.cannot(owner, &role(keeper, Role::Admin)).await, ErrorCode::LeaveGroupsFirst);
        world.can(keeper, &Operation::LeaveGroup(GroupLeaving { group: id })).await;
        world.can(owner, &role(keeper, Role::Admin)).await;
        let streams = synced(&world, owner).await.streams;
        assert!(!streams.contains_key(&Stream::Group(id)) && !streams.contains_key(&Stream::group_desk(id)));
    }

    async fn of_a_group_closed_to_staff_a_report_goes_to_them_only_when_handed_over(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, keeper) = (world.member("高橋", Role::Owner).await, world.member("佐藤", Role::Member).await);
        let (author, reporter) = (world.member("鈴木", Role::Member).await, world.member("田中", Role::Member).await);
        let id: GroupId = world.can(keeper, &group(true)).await.into();
        for member in [author, reporter] {
            world.can(member, &join(id)).await;
        }
        let subject = Subject::Post(world.post(author, Stream::Group(id), "会社には言えない話").await);
        let report = world.can(reporter, &reporting(subject)).await.into();
        assert!(report_at(&world, keeper, Stream::group_desk(id), report).await.is_some());
        assert_eq!(world.cannot(owner, &hiding(subject)).await, ErrorCode::NotFound);
        let of_keeper = Subject::Post(world.post(keeper, Stream::Group(id), "世話役の話").await);
        assert_eq!(world.cannot(reporter, &reporting(of_keeper)).await, ErrorCode::ReportToStaff);
        assert_eq!(synced(&world, owner).await.count(Stream::community_desk(world.community), &EntityKind::Report), 0);
        world.can(reporter, &to_staff(of_keeper)).await;
        world.can(owner, &hiding(of_keeper)).await;
        let told = hidden_text(&world, keeper, Stream::Member(keeper), of_keeper).await;
        assert!(told.is_some());
    }

    async fn whoever_is_decided_about_is_told_by_mail_with_the_reason(db: TestDatabase) {
        let world = crate::testing::World::new(&db);
        let village = world.community().await;
        let (member, _) = village.member("hanako@example.jp", "佐藤", Role::Member).await;
        let (owner, community) = (village.owner, village.community);
        let decide = move |conn: &mut dyn crate::db::Connection, clock: &dyn crate::surroundings::Surroundings| {
            let owner = crate::directory::find(conn, community, owner)?.expect("the owner").actor;
            Writing::by_server(conn, clock, community, |writing| {
                let until_us = Some(writing.now_us + 1);
                membership::suspend(writing, &owner, &Suspending { member, until_us, reason: "きまり1に三度".into() })?;
                membership::restore(writing, &owner, &Restoring { member })?;
                membership::remove(writing, &owner, &Removing { member, reason: "きまり5".into() })
            })?;
            Ok(())
        };
        world.write(village.scope(), decide).await.expect("decided");
        let mails = world.mails().await;
        for part in ["suspended", "きまり1に三度", "restored", "removed", "きまり5"] {
            assert!(mails.iter().any(|(to, mail)| to == "hanako@example.jp" && mail.contains(part)), "{part}");
        }
        assert_eq!(mails.len(), 3);
    }
}
