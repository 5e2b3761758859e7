use super::*;
use crate::{blocks, both_engines, db::testing::TestDatabase, feed};
use enishi_protocol::{
    ErrorCode, MutationId,
    blocks::{Blocking, Muting},
    feed::{PostEdit, PostKind, PostWriting, Reacting},
    groups::GroupInviting,
    limits::BLOCKS,
    sync::Outcome,
};

fn block(member: MemberId, on: bool) -> Operation {
    Operation::Block(Blocking { member, on })
}

fn mentioning(member: MemberId) -> Operation {
    let (stream, kind, text) = (Stream::Community, PostKind::Text, "お元気ですか".to_owned());
    Operation::WritePost(PostWriting { stream, kind, text, mentions: vec![member], poll: None, attachments: vec![] })
}

async fn found(world: &World, member: MemberId, words: &'static str) -> usize {
    let community = world.community;
    world.read(move |conn| feed::search(conn, community, member, words, None, 10)).await.expect("a search").len()
}

both_engines! {
    async fn a_block_is_in_its_owners_inbox_and_the_others_gets_what_its_phone_must_know(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let third = world.member("田中", Role::Member).await;
        let between = |a, b| {
            let community = world.community;
            world.read(move |conn| Ok(blocks::between(conn, community, a, b)?))
        };
        world.can(one, &block(other, true)).await;
        world.can(one, &block(other, true)).await;
        assert_eq!((between(one, other).await, between(other, one).await), (Ok(true), Ok(true)));
        assert_eq!((between(one, third).await, between(other, third).await), (Ok(false), Ok(false)));
        let held = |phone: &Phone, member: MemberId| [EntityKind::Block, EntityKind::Unseen].map(|kind| phone.count(Stream::Member(member), &kind));
        assert_eq!(held(&synced(&world, one).await, one), [1, 0]);
        assert_eq!(held(&synced(&world, other).await, other), [0, 1]);
        assert_eq!(held(&synced(&world, third).await, third), [0, 0]);

        // Each side's own block stands by itself.
        world.can(other, &block(one, true)).await;
        world.can(one, &block(other, false)).await;
        assert_eq!(between(one, other).await, Ok(true));
        assert_eq!(held(&synced(&world, one).await, one), [0, 1]);
        world.can(other, &block(one, false)).await;
        assert_eq!(between(one, other).await, Ok(false));
        assert_eq!(held(&synced(&world, one).await, one), [0, 0]);

        assert_eq!(world.cannot(one, &block(one, true)).await, ErrorCode::NotAllowed);
        assert_eq!(world.cannot(one, &block(MemberId(Uuid::new_v4()), true)).await, ErrorCode::NotFound);
    }

    async fn the_server_answers_a_blocked_member_as_it_answers_others(db: TestDatabase) {
        let world = World::new(db).await;
        let (whoever, blocked) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let third = world.member("田中", Role::Member).await;
        let id: GroupId = world.can(blocked, &group(false)).await.into();
        world.can(third, &join(id)).await;
        let post = world.post(whoever, Stream::Community, "私の話").await;
        world.can(whoever, &block(blocked, true)).await;
        let touched = |outcome: Outcome| match outcome {
            Outcome::Accepted { streams } => streams.into_keys().map(|stream| match stream {
                Stream::Member(member) if member == blocked || member == third => "own".to_owned(),
                other => other.to_string(),
            }).collect::<Vec<_>>(),
            Outcome::Refused(code) => panic!("{code:?}"),
        };
        for operation in [
            mentioning(whoever),
            comment(post, "返事です"),
            Operation::React(Reacting { post, reaction: "👍".into(), on: true }),
        ] {
            let (mine, theirs) = (world.does(blocked, &operation).await.1, world.does(third, &operation).await.1);
            assert_eq!(touched(mine), touched(theirs), "{operation:?}");
        }
        let invite = Operation::InviteToGroup(GroupInviting { group: id, member: whoever });
        touched(world.does(blocked, &invite).await.1);
        let invited = entity(&world, whoever, Stream::Member(whoever), EntityKind::GroupInvitation, id.0).await;
        assert!(matches!(&invited, Some(Entity::GroupInvitation(invitation)) if invitation.by == blocked));
        // An invitation that is left out does not stand in the way of another's.
        touched(world.does(third, &invite).await.1);
        let invited = entity(&world, whoever, Stream::Member(whoever), EntityKind::GroupInvitation, id.0).await;
        assert!(matches!(&invited, Some(Entity::GroupInvitation(invitation)) if invitation.by == third));
    }

    async fn search_and_history_leave_out_what_is_behind_a_block_on_both_sides(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Moderator).await, world.member("鈴木", Role::Member).await);
        let third = world.member("田中", Role::Member).await;
        let posts = [world.post(one, Stream::Community, "山の話").await, world.post(other, Stream::Community, "山の話").await];
        for (post, author) in posts.into_iter().zip([one, other]) {
            world.can(third, &comment(post, "山ですね")).await;
            let edit = PostEdit { post, base: MutationId(post.0), text: "山の話、改めて".into(), mentions: vec![] };
            world.can(author, &Operation::EditPost(edit)).await;
        }
        let announcement = PostWriting {
            stream: Stream::Community, kind: PostKind::Announcement, text: "山の日のお知らせ".into(), mentions: vec![], poll: None,
            attachments: vec![],
        };
        world.can(one, &Operation::WritePost(announcement)).await;
        let history = |reader, post| {
            let community = world.community;
            world.read(move |conn| feed::post_history(conn, community, reader, post))
        };
        for member in [one, other, third] {
            assert_eq!(found(&world, member, "山").await, 5);
        }
        world.can(one, &block(other, true)).await;
        assert_eq!((found(&world, one, "山").await, found(&world, other, "山").await, found(&world, third, "山").await), (3, 3, 5));
        for (reader, post) in [(one, posts[1]), (other, posts[0])] {
            assert_eq!(history(reader, post).await.err().map(|failure| failure.code()), Some(ErrorCode::NotFound));
            assert!(history(third, post).await.is_ok());
        }
        world.can(one, &block(other, false)).await;
        assert_eq!(found(&world, other, "山").await, 5);
        assert!(history(other, posts[0]).await.is_ok());
        world.can(other, &Operation::Mute(Muting { member: third, on: true })).await;
        assert_eq!((found(&world, other, "山").await, found(&world, third, "山").await), (3, 5));
    }

    async fn there_is_an_end_to_how_many_one_can_block(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let (community, most) = (world.community, BLOCKS);
        let fill = move |conn: &mut dyn crate::db::Connection| {
            for number in 0..most {
                conn.execute(
                    "INSERT INTO block (community, blocker, blocked, at_us) VALUES ($1, $2, $3, 0)",
                    crate::values![community, one, Uuid::from_u128(u128::try_from(number).unwrap_or_default())],
                )?;
            }
            Ok(())
        };
        world.write(fill).await.expect("filled");
        assert_eq!(world.cannot(one, &block(other, true)).await, ErrorCode::TooMany);
    }
}
