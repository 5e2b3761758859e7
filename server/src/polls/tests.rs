use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, group, query},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, Operation, PostId, Stream,
    feed::{Counts, PostDeletion, PostKind, PostMove, PostWriting},
    groups::Joining,
    limits::POLL_VOTERS_SHOWN,
    membership::Role,
    polls::{Choice, MyVote, Poll, PollCounts, Voting},
    sync::Outcome,
};

fn poll(several: bool, closes_us: Option<i64>) -> Poll {
    Poll { options: ["金曜", "土曜", "日曜"].map(str::to_owned).into(), several, closes_us }
}

fn ask(poll: Poll) -> Operation {
    let (stream, kind, text) = (Stream::Community, PostKind::Question, "いつ集まりますか。".into());
    Operation::WritePost(PostWriting { stream, kind, text, mentions: vec![], poll: Some(poll), attachments: vec![] })
}

fn vote(post: PostId, choices: &[Choice]) -> Operation {
    Operation::Vote(Voting { post, choices: choices.into() })
}

async fn voters(world: &World, count: i64) -> Vec<MemberId> {
    let mut members = Vec::new();
    for number in 0..count {
        members.push(world.member(&format!("会員{number}"), Role::Member).await);
    }
    members
}

async fn counted(world: &World, reader: MemberId, post: PostId) -> Option<PollCounts> {
    let mut phone = Phone::new(reader);
    phone.sync(world).await;
    match phone.entity(Stream::Community, &EntityKind::Counts, post.0) {
        Some(Entity::Counts(Counts { poll, .. })) => poll,
        _ => None,
    }
}

async fn own(world: &World, member: MemberId, post: PostId) -> Option<MyVote> {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    match phone.entity(Stream::Member(member), &EntityKind::MyVote, post.0) {
        Some(Entity::MyVote(vote)) => Some(vote),
        _ => None,
    }
}

both_engines! {
    async fn numbers_per_option_show_from_five_voters_on_and_hide_again_below(db: TestDatabase) {
        let world = World::new(db).await;
        let members = voters(&world, POLL_VOTERS_SHOWN).await;
        let post: PostId = world.can(members[0], &ask(poll(false, None))).await.into();
        assert_eq!(counted(&world, members[0], post).await, None);
        for (number, member) in members.iter().enumerate() {
            world.can(*member, &vote(post, &[u8::from(number > 2)])).await;
            let seen = counted(&world, members[1], post).await.expect("counted");
            let so_far = i64::try_from(number + 1).unwrap();
            let votes = (so_far >= POLL_VOTERS_SHOWN).then(|| vec![3, 2, 0]);
            assert_eq!(seen, PollCounts { voters: so_far, votes });
        }
        world.can(members[4], &vote(post, &[])).await;
        assert_eq!(counted(&world, members[1], post).await, Some(PollCounts { voters: 4, votes: None }));
        assert_eq!(own(&world, members[4], post).await, None);
    }

    async fn a_vote_sent_twice_counts_once_and_a_vote_anew_takes_its_place(db: TestDatabase) {
        let world = World::new(db).await;
        let members = voters(&world, 6).await;
        let post: PostId = world.can(members[0], &ask(poll(true, None))).await.into();
        for member in &members {
            world.can(*member, &vote(post, &[0])).await;
        }
        let version = world.version().await;
        let (_, outcome) = world.does(members[0], &vote(post, &[0, 0])).await;
        assert_eq!(outcome, Outcome::Accepted { streams: [].into() });
        assert_eq!(world.version().await, version, "the same once more changes nothing");
        world.can(members[0], &vote(post, &[2, 1])).await;
        let seen = counted(&world, members[1], post).await;
        assert_eq!(seen, Some(PollCounts { voters: 6, votes: Some(vec![5, 1, 1]) }));
        let vote = MyVote { choices: vec![1, 2], before: vec![0] };
        assert_eq!(own(&world, members[0], post).await, Some(vote));
    }

    async fn who_chose_what_is_in_no_stream_but_the_voters_own(db: TestDatabase) {
        let world = World::new(db).await;
        let members = voters(&world, 6).await;
        let post: PostId = world.can(members[0], &ask(poll(false, None))).await.into();
        for member in &members {
            world.can(*member, &vote(post, &[1])).await;
        }
        let told = "SELECT stream, kind FROM change WHERE community = $1 AND kind = 'my_vote'";
        for row in query(&world, told).await {
            let stream: Stream = row.get(0).unwrap();
            assert!(matches!(stream, Stream::Member(_)), "{stream}");
        }
        // Nor does the change of the counts say whose mutation made it.
        let by = "SELECT mutation FROM change WHERE community = $1 AND kind = 'counts'";
        let by = query(&world, by).await;
        assert_eq!(by.len(), 1);
        assert_eq!(by[0].get::<Option<enishi_protocol::MutationId>>(0).unwrap(), None);
    }

    async fn below_the_threshold_a_changed_mind_is_told_to_nobody_else(db: TestDatabase) {
        let world = World::new(db).await;
        let members = voters(&world, 2).await;
        let post: PostId = world.can(members[0], &ask(poll(false, None))).await.into();
        world.can(members[1], &vote(post, &[1])).await;
        let (_, outcome) = world.does(members[1], &vote(post, &[2])).await;
        let Outcome::Accepted { streams } = outcome else { panic!("refused") };
        assert_eq!(streams.keys().collect::<Vec<_>>(), [&Stream::Member(members[1])]);
    }

    async fn after_it_has_closed_nobody_votes_and_what_is_no_option_is_refused(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let now = crate::surroundings::Surroundings::now_us(&*world.surroundings);
        assert_eq!(world.cannot(member, &ask(poll(false, Some(now)))).await, ErrorCode::PollInvalid);
        let one = Poll { options: vec!["一つだけ".into()], several: false, closes_us: None };
        assert_eq!(world.cannot(member, &ask(one)).await, ErrorCode::PollInvalid);
        let post: PostId = world.can(member, &ask(poll(false, Some(now + 1_000_000)))).await.into();
        assert_eq!(world.cannot(member, &vote(post, &[3])).await, ErrorCode::ChoiceInvalid);
        assert_eq!(world.cannot(member, &vote(post, &[0, 1])).await, ErrorCode::ChoiceInvalid);
        let plain = world.post(member, Stream::Community, "投票ではない投稿").await;
        assert_eq!(world.cannot(member, &vote(plain, &[0])).await, ErrorCode::ChoiceInvalid);
        world.can(member, &vote(post, &[0])).await;
        world.pass_days(1);
        assert_eq!(world.cannot(member, &vote(post, &[1])).await, ErrorCode::PollClosed);
        assert_eq!(own(&world, member, post).await.map(|vote| vote.choices), Some(vec![0]));
    }

    async fn a_poll_moves_with_its_votes_and_goes_with_its_post(db: TestDatabase) {
        let world = World::new(db).await;
        let members = voters(&world, 6).await;
        let club = world.can(members[0], &group("部", Joining::Invitation, false)).await;
        let stream = Stream::Group(club.into());
        let post: PostId = world.can(members[0], &ask(poll(false, None))).await.into();
        for member in &members {
            world.can(*member, &vote(post, &[1])).await;
        }
        world.can(members[0], &Operation::MovePost(PostMove { post, stream })).await;
        assert_eq!(world.cannot(members[1], &vote(post, &[0])).await, ErrorCode::NotFound);
        let mut phone = Phone::new(members[0]);
        phone.sync(&world).await;
        let Some(Entity::Counts(counts)) = phone.entity(stream, &EntityKind::Counts, post.0) else { panic!("counts") };
        assert_eq!(counts.poll, Some(PollCounts { voters: 6, votes: Some(vec![0, 6, 0]) }));
        assert!(matches!(phone.entity(stream, &EntityKind::Post, post.0), Some(Entity::Post(post)) if post.poll.is_some()));
        world.can(members[0], &Operation::DeletePost(PostDeletion { post })).await;
        assert_eq!(own(&world, members[3], post).await, None);
        let left = "SELECT 1 FROM poll_vote WHERE community = $1 UNION ALL SELECT 1 FROM poll_count WHERE community = $1";
        assert_eq!(query(&world, left).await.len(), 0);
    }
}
