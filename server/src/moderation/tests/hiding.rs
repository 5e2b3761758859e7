use super::*;
use crate::{both_engines, db::testing::TestDatabase, feed};
use enishi_protocol::{
    CommentId, ErrorCode,
    feed::{PostEdit, PostKind, PostMove, PostPinning, PostWriting},
    moderation::{AppealState, Office},
    polls::{Poll, Voting},
};

const WORDS: &str = "非表示になる言葉";

/// Whether anything that a member is sent, finds or looks up contains the words.
async fn reads_words(world: &World, member: MemberId) -> bool {
    let phone = synced(world, member).await;
    let mut bodies = phone.streams.values().flat_map(|held| held.rows.values());
    bodies.any(|(_, body)| body.as_ref().is_some_and(|body| body.contains(WORDS)))
}

async fn finds(world: &World, member: MemberId) -> usize {
    let community = world.community;
    let found = world.read(move |conn| feed::search(conn, community, member, "非表示", None, 10)).await;
    found.expect("a search").len()
}

async fn history(world: &World, member: MemberId, post: PostId) -> usize {
    let community = world.community;
    let read = world.read(move |conn| feed::post_history(conn, community, member, post)).await;
    read.expect("a history").len()
}

async fn older(world: &World, member: MemberId) -> String {
    let community = world.community;
    let before = enishi_protocol::Position(i64::MAX);
    let read = world.read(move |conn| crate::sync::older(conn, community, member, Stream::Community, before)).await;
    String::from_utf8(read.expect("older posts").changes).expect("JSON")
}

both_engines! {
    async fn a_stub_takes_the_place_of_what_is_hidden_and_nothing_gives_it_away(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Moderator).await;
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let new = PostWriting {
            stream: Stream::Community, kind: PostKind::Text, text: "はじめの非表示".into(), mentions: vec![reader],
            poll: None, attachments: vec![],
        };
        let post: PostId = world.can(author, &Operation::WritePost(new)).await.into();
        let base = enishi_protocol::MutationId(post.0);
        let edit = PostEdit { post, base, text: WORDS.into(), mentions: vec![reader] };
        world.can(author, &Operation::EditPost(edit)).await;
        world.can(staff, &Operation::PinPost(PostPinning { post, pinned: true })).await;
        assert_eq!((finds(&world, reader).await, history(&world, reader, post).await), (1, 1));

        let subject = Subject::Post(post);
        for nobody in [author, reader] {
            assert_eq!(world.cannot(nobody, &hiding(subject)).await, ErrorCode::NotAllowed);
        }
        world.can(staff, &hiding(subject)).await;
        world.can(staff, &hiding(subject)).await;
        let phone = synced(&world, reader).await;
        let Some(Entity::Post(stub)) = phone.entity(Stream::Community, &EntityKind::Post, post.0) else { panic!() };
        let why = stub.hidden.expect("a stub");
        assert_eq!((stub.text.as_str(), stub.mentions.len(), stub.pinned), ("", 0, false));
        assert_eq!((why.by, why.by_name.family.as_str(), why.office, why.rule.number), (staff, "高橋", Office::Moderator, 2));
        assert_eq!(phone.count(Stream::Member(reader), &EntityKind::Mention), 0);
        assert!(!reads_words(&world, reader).await);
        assert_eq!((finds(&world, reader).await, history(&world, reader, post).await), (0, 0));
        assert!(!older(&world, reader).await.contains("非表示"));

        let text = hidden_text(&world, author, Stream::Member(author), subject).await.expect("the author's text");
        assert_eq!((text.text.as_str(), text.hidden.by), (WORDS, staff));
        let desk = Stream::community_desk(world.community);
        assert_eq!(hidden_text(&world, staff, desk, subject).await, Some(text));

        for refused in [
            Operation::EditPost(PostEdit { post, base, text: "別の言葉".into(), mentions: vec![] }),
            Operation::MovePost(PostMove { post, stream: Stream::Community }),
            comment(post, "返事"),
        ] {
            let code = world.does(author, &refused).await.1;
            let hidden = enishi_protocol::sync::Outcome::Refused(ErrorCode::Hidden);
            assert!(code == hidden || matches!(refused, Operation::MovePost(_)), "{refused:?}: {code:?}");
        }
        assert_eq!(world.cannot(reader, &reporting(subject)).await, ErrorCode::Hidden);

        world.can(staff, &unhiding(subject)).await;
        world.can(staff, &unhiding(subject)).await;
        let phone = synced(&world, reader).await;
        let Some(Entity::Post(shown)) = phone.entity(Stream::Community, &EntityKind::Post, post.0) else { panic!() };
        assert_eq!((shown.text.as_str(), shown.hidden, shown.mentions), (WORDS, None, vec![reader]));
        assert_eq!(phone.count(Stream::Member(reader), &EntityKind::Mention), 1);
        assert_eq!((finds(&world, reader).await, history(&world, reader, post).await), (1, 1));
        let told = hidden_text(&world, author, Stream::Member(author), subject).await.expect("told");
        assert!(told.restored_us.is_some());
    }

    async fn a_poll_is_hidden_with_its_question_and_comes_back_with_its_votes(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Moderator).await;
        let mut voters = Vec::new();
        for name in ["佐藤", "鈴木", "田中", "渡辺", "伊藤", "山本"] {
            voters.push(world.member(name, Role::Member).await);
        }
        let poll = Poll { options: vec![WORDS.into(), "いいえ".into()], several: false, closes_us: None };
        let (stream, kind, text) = (Stream::Community, PostKind::Question, WORDS.to_owned());
        let ask = PostWriting { stream, kind, text, mentions: vec![], poll: Some(poll.clone()), attachments: vec![] };
        let post: PostId = world.can(voters[0], &Operation::WritePost(ask)).await.into();
        let vote = |choice| Operation::Vote(Voting { post, choices: vec![choice] });
        for voter in &voters {
            world.can(*voter, &vote(0)).await;
        }
        let shown = async |reader| {
            let phone = synced(&world, reader).await;
            let poll = match phone.entity(stream, &EntityKind::Post, post.0) {
                Some(Entity::Post(post)) => post.poll,
                _ => panic!("a post"),
            };
            let numbers = match phone.entity(stream, &EntityKind::Counts, post.0) {
                Some(Entity::Counts(counts)) => counts.poll,
                _ => None,
            };
            (poll, numbers)
        };
        let before = shown(voters[1]).await;
        assert!(before.0 == Some(poll) && before.1.is_some());
        world.can(staff, &hiding(Subject::Post(post))).await;
        assert_eq!(shown(voters[1]).await, (None, None));
        assert!(!reads_words(&world, voters[1]).await);
        assert_eq!(world.cannot(voters[1], &vote(1)).await, ErrorCode::Hidden);
        world.can(staff, &unhiding(Subject::Post(post))).await;
        assert_eq!(shown(voters[1]).await, before);
    }

    async fn a_hidden_comment_keeps_its_replies_and_its_count(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = world.post(author, Stream::Community, "話題").await;
        let id: CommentId = world.can(author, &comment(post, WORDS)).await.into();
        let reply = |text: &str| Operation::WriteComment(CommentWriting {
            post, reply_to: Some(id), text: text.into(), mentions: vec![], attachments: vec![],
        });
        world.can(author, &reply("返事")).await;
        world.can(staff, &hiding(Subject::Comment(id))).await;
        assert_eq!(world.cannot(author, &reply("また返事")).await, ErrorCode::Hidden);
        let phone = synced(&world, staff).await;
        let Some(Entity::Comment(stub)) = phone.entity(Stream::Community, &EntityKind::Comment, id.0) else { panic!() };
        assert!(stub.hidden.is_some() && stub.text.is_empty());
        let Some(Entity::Counts(counts)) = phone.entity(Stream::Community, &EntityKind::Counts, post.0) else { panic!() };
        assert_eq!((counts.comments, phone.count(Stream::Community, &EntityKind::Comment)), (2, 2));
        let stranger = world.member("鈴木", Role::Member).await;
        assert!(!reads_words(&world, stranger).await);
        world.can(staff, &unhiding(Subject::Comment(id))).await;
        assert!(reads_words(&world, stranger).await);
    }

    async fn what_is_hidden_goes_with_its_post_from_inbox_and_desk(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Owner).await;
        let author = world.member("佐藤", Role::Member).await;
        let post = world.post(author, Stream::Community, WORDS).await;
        let commented = world.can(author, &comment(post, WORDS)).await.into();
        world.can(staff, &hiding(Subject::Comment(commented))).await;
        world.can(staff, &hiding(Subject::Post(post))).await;
        world.can(author, &appealing(Subject::Post(post))).await;
        world.can(author, &Operation::DeletePost(enishi_protocol::feed::PostDeletion { post })).await;
        for member in [author, staff] {
            assert!(!reads_words(&world, member).await);
            let phone = synced(&world, member).await;
            assert_eq!(phone.count(Stream::Member(member), &EntityKind::HiddenText), 0);
        }
    }

    async fn an_appeal_is_decided_by_somebody_else_than_who_hid_it(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("高橋", Role::Moderator).await, world.member("山本", Role::Moderator).await);
        let (author, stranger) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let subject = Subject::Post(world.post(author, Stream::Community, WORDS).await);
        assert_eq!(world.cannot(author, &appealing(subject)).await, ErrorCode::NotFound);
        world.can(one, &hiding(subject)).await;
        assert_eq!(world.cannot(stranger, &appealing(subject)).await, ErrorCode::NotFound);
        assert_eq!(world.cannot(other, &deciding(subject, true)).await, ErrorCode::NotFound);
        world.can(author, &appealing(subject)).await;
        assert_eq!(world.cannot(author, &appealing(subject)).await, ErrorCode::AlreadyExists);
        assert_eq!(world.cannot(one, &deciding(subject, false)).await, ErrorCode::OwnCase);
        for outsider in [author, stranger] {
            assert_eq!(world.cannot(outsider, &deciding(subject, true)).await, ErrorCode::NotFound);
        }
        world.can(other, &deciding(subject, false)).await;
        let told = hidden_text(&world, author, Stream::Member(author), subject).await.expect("told");
        let appeal = told.appeal.expect("an appeal");
        assert_eq!((appeal.state, appeal.decided_by), (AppealState::Upheld, Some(other)));
        assert!(!reads_words(&world, stranger).await);
        world.can(other, &deciding(subject, true)).await;
        assert!(!reads_words(&world, stranger).await, "decided once");
    }

    async fn with_one_on_duty_an_appeal_waits_until_the_owner_has_named_another(db: TestDatabase) {
        let world = World::new(db).await;
        let owner = world.member("高橋", Role::Owner).await;
        let (author, second) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let subject = Subject::Post(world.post(author, Stream::Community, WORDS).await);
        world.can(owner, &hiding(subject)).await;
        world.can(author, &appealing(subject)).await;
        assert_eq!(world.cannot(owner, &deciding(subject, true)).await, ErrorCode::OwnCase);
        world.can(owner, &role(second, Role::Moderator)).await;
        world.can(second, &deciding(subject, true)).await;
        let told = hidden_text(&world, author, Stream::Member(author), subject).await.expect("told");
        assert_eq!(told.appeal.map(|appeal| appeal.state), Some(AppealState::Restored));
        assert!(reads_words(&world, owner).await && told.restored_us.is_some());
    }

    async fn what_an_only_keeper_hid_is_looked_at_by_those_who_run_the_community(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Admin).await;
        let (keeper, author) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let id: GroupId = world.can(keeper, &group(false)).await.into();
        world.can(author, &join(id)).await;
        let subject = Subject::Post(world.post(author, Stream::Group(id), WORDS).await);
        assert_eq!(world.cannot(staff, &hiding(subject)).await, ErrorCode::NotFound);
        world.can(keeper, &hiding(subject)).await;
        let desk = Stream::community_desk(world.community);
        assert!(hidden_text(&world, staff, desk, subject).await.is_none());
        let told = hidden_text(&world, author, Stream::Member(author), subject).await.expect("told");
        assert_eq!(told.hidden.office, Office::Keeper);
        world.can(author, &appealing(subject)).await;
        assert!(hidden_text(&world, staff, desk, subject).await.is_some());
        world.can(staff, &deciding(subject, true)).await;
        assert!(reads_words(&world, keeper).await);
    }

    async fn in_a_group_closed_to_staff_an_appeal_waits_for_another_keeper_unless_it_is_handed_over(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Admin).await;
        let (keeper, author) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let id: GroupId = world.can(keeper, &group(true)).await.into();
        world.can(author, &join(id)).await;
        let desk = Stream::community_desk(world.community);
        for hand_over in [false, true] {
            let subject = Subject::Post(world.post(author, Stream::Group(id), WORDS).await);
            world.can(keeper, &hiding(subject)).await;
            let appeal = Appealing { subject, word: String::new(), to_staff: hand_over };
            world.can(author, &Operation::Appeal(appeal)).await;
            assert_eq!(hidden_text(&world, staff, desk, subject).await.is_some(), hand_over);
            assert_eq!(world.cannot(keeper, &deciding(subject, true)).await,
                if hand_over { ErrorCode::NotFound } else { ErrorCode::OwnCase });
            let decided = world.does(staff, &deciding(subject, true)).await.1;
            assert_eq!(matches!(decided, enishi_protocol::sync::Outcome::Accepted { .. }), hand_over);
        }
    }
}
