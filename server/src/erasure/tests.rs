use super::{Erasure, What, again, begin_anew, belongs, erase, list, settle, settling::unlisted, sweep};
use crate::{
    both_engines,
    db::{Scope, testing::TestDatabase},
    media::tests::{comment_showing, finished, showing},
    sync::tests::world::{DAY_US, Phone, World, group, open_group, query},
    writing::Failure,
};
use enishi_protocol::{
    CommunityId, ConversationId, EntityKind, ErrorCode, GroupId, Language, MemberId, Operation, PostId, Stream,
    blocks::{Blocking, Muting},
    consents::{ConsentGiving, Purpose},
    feed::{Bookmarking, CommentWriting, PostKind, PostWriting, Reacting},
    groups::{GroupInviting, GroupJoining, GroupLeaving, Joining},
    invitations::InvitationCreation,
    membership::{Audience, ProfileField, ProfileSetting, Role},
    messages::{ConversationStart, MessageWriting, MessagesFrom, MessagingSetting},
    moderation::{
        AppealDecision, Appealing, Hiding, ReportClosing, Reporting, RoleSetting, Subject, Suspending, Unhiding,
    },
    notifications::{Level, NotificationReading, NotificationSetting},
    polls::{Poll, Voting},
};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

async fn erased(world: &World, what: What) -> Result<(), Failure> {
    let (community, surroundings) = (world.community, Arc::clone(&world.surroundings));
    world.write(move |conn| erase(conn, &*surroundings, community, what)).await
}

/// One step of what is left to be done; whether there may be more.
async fn swept_once(world: &World) -> bool {
    let (community, surroundings) = (world.community, Arc::clone(&world.surroundings));
    world.write(move |conn| sweep(conn, &*surroundings, community)).await.expect("swept")
}

async fn swept(world: &World) -> usize {
    let mut steps = 0;
    while swept_once(world).await {
        steps += 1;
    }
    steps
}

async fn synced(world: &World, member: MemberId) -> Phone {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    phone
}

fn comment(post: PostId, text: &str) -> Operation {
    Operation::WriteComment(CommentWriting {
        post,
        reply_to: None,
        text: text.into(),
        mentions: vec![],
        attachments: vec![],
    })
}

fn react(post: PostId) -> Operation {
    Operation::React(Reacting { post, reaction: "🌸".into(), on: true })
}

/// Somebody who has left something everywhere, and somebody who sees it.
struct Lived {
    world: World,
    leaver: MemberId,
    other: MemberId,
    club: GroupId,
    left: GroupId,
    of_other: PostId,
}

async fn lived(db: TestDatabase) -> Lived {
    let world = World::new(db).await;
    let (leaver, other) = (world.member("渡辺", Role::Member).await, world.member("鈴木", Role::Member).await);
    let club: GroupId = world.can(other, &open_group("写真部")).await.into();
    let left: GroupId = world.can(other, &open_group("山歩き")).await.into();
    for group in [club, left] {
        world.can(leaver, &Operation::JoinGroup(GroupJoining { group, note: String::new() })).await;
    }
    world.can(leaver, &Operation::LeaveGroup(GroupLeaving { group: left })).await;
    for audience in [Audience::Everyone, Audience::Groups] {
        let field = if audience == Audience::Everyone { ProfileField::Employer } else { ProfileField::Title };
        let value = Some("渡辺商店".to_owned());
        world.can(leaver, &Operation::SetProfile(ProfileSetting { field, value, audience })).await;
    }
    let of_other = world.post(other, Stream::Community, "元気ですか").await;
    let mention = PostWriting {
        stream: Stream::Group(club),
        kind: PostKind::Text,
        text: "渡辺です".into(),
        mentions: vec![other],
        poll: None,
        attachments: Vec::new(),
    };
    let own: PostId = world.can(leaver, &Operation::WritePost(mention)).await.into();
    world.can(other, &comment(own, "久しぶり")).await;
    for operation in [comment(of_other, "渡辺は元気です"), react(of_other)] {
        world.can(leaver, &operation).await;
    }
    world.can(leaver, &Operation::Bookmark(Bookmarking { post: of_other, on: true })).await;
    let asked = world.can(other, &group("勉強会", Joining::Request, false)).await.into();
    world.can(leaver, &Operation::JoinGroup(GroupJoining { group: asked, note: "渡辺です".into() })).await;
    let closed = world.can(other, &group("内輪", Joining::Invitation, true)).await.into();
    world.can(other, &Operation::InviteToGroup(GroupInviting { group: closed, member: leaver })).await;
    let invitation = InvitationCreation {
        code_hash: "0".repeat(64),
        entry: None,
        uses: 1,
        days: 3,
        note: "渡辺から".into(),
        to_company: true,
    };
    world.can(leaver, &Operation::CreateInvitation(invitation)).await;
    let poll = Poll { options: vec!["はい".into(), "いいえ".into()], several: false, closes_us: None };
    let (stream, text) = (Stream::Group(club), "また撮りに行きますか".into());
    let ask =
        PostWriting { stream, kind: PostKind::Question, text, mentions: vec![], poll: Some(poll), attachments: vec![] };
    let post = world.can(other, &Operation::WritePost(ask)).await.into();
    let (purpose, language) = (Purpose::DirectoryExport, Language::Ja);
    for operation in [
        Operation::Vote(Voting { post, choices: vec![0] }),
        Operation::SetNotifications(NotificationSetting::Group { group: club, level: Level::List }),
        Operation::ReadNotifications(NotificationReading { up_to: world.version().await }),
        Operation::GiveConsent(ConsentGiving { purpose, version: purpose.version(), language }),
    ] {
        world.can(leaver, &operation).await;
    }
    let start = ConversationStart { with: vec![other], title: None };
    world.can(leaver, &Operation::StartConversation(start)).await;
    let conversation = ConversationId::of_two(leaver, other);
    for (by, text) in [(leaver, "渡辺です"), (other, "返事です")] {
        world.can(by, &Operation::WriteMessage(MessageWriting { conversation, text: text.into() })).await;
    }
    world.can(leaver, &Operation::SetMessaging(MessagingSetting { from: MessagesFrom::Nobody })).await;
    moderates(&world, leaver, other).await;
    // Files: shown by a post, by a comment, and by nothing yet.
    for hash in 1..=3 {
        let file = finished(&world, leaver, hash).await;
        match hash {
            1 => drop(world.can(leaver, &showing(Stream::Group(club), "渡辺の写真", &[file])).await),
            2 => drop(world.can(leaver, &comment_showing(of_other, file)).await),
            _ => {}
        }
    }
    Lived { world, leaver, other, club, left, of_other }
}

/// The leaver keeps a group and is moderator: hides, decides, reports and blocks, and others them.
async fn moderates(world: &World, leaver: MemberId, other: MemberId) {
    let (owner, third) = (world.member("高橋", Role::Owner).await, world.member("中村", Role::Member).await);
    let poems: GroupId = world.can(leaver, &open_group("俳句")).await.into();
    for member in [owner, other, third] {
        world.can(member, &Operation::JoinGroup(GroupJoining { group: poems, note: String::new() })).await;
    }
    world.can(owner, &Operation::SetRole(RoleSetting { member: leaver, role: Role::Moderator })).await;
    let hide = |subject| Operation::Hide(Hiding { subject, rule: 1 });
    let appeal = |subject| Operation::Appeal(Appealing { subject, word: "誤解です".into(), to_staff: false });
    let report = |subject, word: &str| {
        Operation::Report(Reporting { around: Vec::new(), subject, rule: 1, word: word.into(), to_staff: false })
    };
    let mut posts = Vec::new();
    for _ in 0..4 {
        posts.push(Subject::Post(world.post(other, Stream::Group(poems), "古池や").await));
    }
    let [stays, comes_back, upheld, reported] = posts[..] else { panic!("four posts") };
    let own = Subject::Post(world.post(leaver, Stream::Group(poems), "渡辺の句").await);
    for (by, operation) in [
        (leaver, hide(stays)),
        (other, appeal(stays)),
        (leaver, hide(comes_back)),
        (leaver, Operation::Unhide(Unhiding { subject: comes_back })),
        (owner, hide(upheld)),
        (other, appeal(upheld)),
        (leaver, Operation::DecideAppeal(AppealDecision { subject: upheld, restore: false })),
        (other, report(own, "困っています")),
        (owner, hide(own)),
        (leaver, appeal(own)),
        (other, report(Subject::Member(leaver), "困っています")),
        (leaver, report(Subject::Post(world.post(other, Stream::Group(poems), "蛙").await), "渡辺です")),
        (leaver, Operation::Suspend(Suspending { member: third, until_us: None, reason: "きまり1".into() })),
        (leaver, Operation::Block(Blocking { member: other, on: true })),
        (owner, Operation::Block(Blocking { member: leaver, on: true })),
        (other, Operation::Mute(Muting { member: leaver, on: true })),
    ] {
        world.can(by, &operation).await;
    }
    let id = world.can(owner, &report(reported, "句ではありません")).await.into();
    world.can(leaver, &Operation::CloseReport(ReportClosing { report: id, acted: true })).await;
}

/// Every row that holds the member's id or name, table by table. Tombstones and what others were answered hold the
/// id, which leads nowhere, for as long as those are kept.
async fn traces(world: &World, member: MemberId) -> Vec<String> {
    let (community, engine) = (world.community, world.db.engine());
    let tables = match engine {
        crate::db::Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"
        }
        crate::db::Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    let look = move |conn: &mut dyn crate::db::Connection| -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        for table in conn.query(tables, &[])? {
            let table: String = table.get(0)?;
            if ["erased", "schema_migration", "sqlite_sequence"].contains(&table.as_str()) {
                continue;
            }
            let columns = if table == "search_text" { "community, id, post, stream" } else { "*" };
            for row in conn.query(&format!("SELECT {columns} FROM {table}"), &[])? {
                let tombstone = table == "change" && row.0.last() == Some(&crate::db::Value::Null);
                let of_another = table == "mutation_result" && row.get::<MemberId>(1)? != member;
                if tombstone || of_another {
                    continue;
                }
                let text = format!("{:?}", row.0.iter().map(readable).collect::<Vec<_>>());
                if text.contains("渡辺") || text.contains(&member.to_string()) {
                    found.push(format!("{table}: {text}"));
                }
            }
        }
        Ok(found)
    };
    world.db.read(Scope::Community(community), look).await.expect("read")
}

fn readable(value: &crate::db::Value) -> String {
    use crate::db::Value;
    match value {
        Value::Bytes(bytes) => match (Uuid::from_slice(bytes), bytes.split_first()) {
            (Ok(id), _) => id.to_string(),
            (_, Some((_, id))) if id.len() == 16 => Uuid::from_slice(id).expect("an id").to_string(),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        },
        Value::Id(id) => id.to_string(),
        other => format!("{other:?}"),
    }
}

async fn listing(world: &World) -> (PathBuf, PathBuf) {
    let folder = crate::db::testing::folder();
    let file = folder.join("erasures.list");
    belongs(&world.database(), &file).await.expect("a list");
    (folder, file)
}

fn lines(file: &std::path::Path) -> Vec<(CommunityId, What)> {
    list::read(file).expect("a list").lines.into_iter().map(|(community, erasure)| (community, erasure.what)).collect()
}

both_engines! {
    async fn nothing_is_left_of_a_member_who_was_erased(db: TestDatabase) {
        let Lived { world, leaver, other, club, left, of_other } = lived(db).await;
        let mut phone = synced(&world, other).await;
        assert!(!traces(&world, leaver).await.is_empty());
        erased(&world, What::Member(leaver)).await.expect("erased");
        swept(&world).await;
        assert_eq!(traces(&world, leaver).await, Vec::<String>::new());
        let community = world.community;
        let search = move |conn: &mut dyn crate::db::Connection| {
            crate::feed::search(conn, community, other, "渡辺", None, 10)
        };
        assert_eq!(world.read(search).await.expect("searched"), []);
        phone.sync(&world).await;
        for (stream, held) in &phone.streams {
            for ((kind, id), (_, body)) in &held.rows {
                let Some(body) = body else { continue };
                assert!(*id != leaver.0 && !body.contains("渡辺"), "{stream}: {kind:?} {body}");
                assert!(!body.contains(&leaver.to_string()), "{stream}: {kind:?} {body}");
            }
        }
        assert_eq!(phone.state(), synced(&world, other).await.state(), "stale and changes are fresh");
        assert_eq!(phone.count(Stream::Community, &EntityKind::Post), 1, "what others wrote stays");
        let reports = query(&world, "SELECT state FROM report WHERE community = $1").await;
        assert_eq!(reports.len(), 2, "what was reported about others stays, decided or not");
        let stubs = query(&world, "SELECT stub FROM hidden WHERE community = $1 AND stub IS NOT NULL").await;
        assert_eq!(stubs.len(), 2, "what was hidden stays so");
        let counts = phone.entity(Stream::Community, &EntityKind::Counts, of_other.0);
        assert_eq!(counts, Some(enishi_protocol::Entity::Counts(enishi_protocol::feed::Counts::default())));
        for (group, members) in [(club, 1), (left, 1)] {
            let known = phone.entity(Stream::Community, &EntityKind::Group, group.0);
            assert!(matches!(known, Some(enishi_protocol::Entity::Group(group)) if group.members == members));
        }
    }

    async fn a_member_who_is_erased_has_no_rights_and_no_name_at_once(db: TestDatabase) {
        let Lived { world, leaver, other, .. } = lived(db).await;
        let mut phone = synced(&world, other).await;
        erased(&world, What::Member(leaver)).await.expect("erased");
        phone.sync(&world).await;
        assert!(phone.entity(Stream::Community, &EntityKind::Member, leaver.0).is_none(), "before any chore has run");
        assert!(phone.entity(Stream::Community, &EntityKind::Profile, leaver.0).is_none());
        let grants = query(&world, "SELECT member FROM stream_grant WHERE community = $1").await;
        assert!(grants.iter().all(|row| row.get::<MemberId>(0).expect("a member") != leaver));
        let refused = world.decide(leaver, None, vec![]).await;
        assert_eq!(refused, Err(Failure::Refused(ErrorCode::MembershipEnded)));
        let names = query(&world, "SELECT family, given FROM member WHERE community = $1").await;
        assert!(names.iter().all(|row| row.get::<String>(0).expect("a name") != "渡辺"));
    }

    async fn erasing_somebody_who_wrote_very_much_goes_in_steps_that_can_be_stopped(db: TestDatabase) {
        let world = World::new(db).await;
        let (leaver, other) = (world.member("渡辺", Role::Member).await, world.member("鈴木", Role::Member).await);
        let of_other = world.post(other, Stream::Community, "元気ですか").await;
        let own = world.post(leaver, Stream::Community, "長い話です").await;
        for _ in 0..3 {
            let writes: Vec<_> = (0..200).flat_map(|_| [comment(of_other, "ひとこと"), comment(own, "続き")]).collect();
            for chunk in writes.chunks(250) {
                let version = world.version().await;
                let mutations = chunk.iter().map(|operation| crate::sync::tests::world::mutation(operation, version));
                assert_eq!(world.decide(leaver, None, mutations.collect()).await, Ok(None));
            }
        }
        let mut phone = synced(&world, other).await;
        let before = world.version().await;
        erased(&world, What::Member(leaver)).await.expect("erased");
        let mut steps = 0;
        let mut version = world.version().await;
        assert!(version.0 - before.0 <= 1_000);
        while swept_once(&world).await {
            let after = world.version().await;
            assert!(after.0 - version.0 <= 1_000, "no step writes more");
            (version, steps) = (after, steps + 1);
        }
        assert!(steps > 2, "{steps} steps");
        assert_eq!(traces(&world, leaver).await, Vec::<String>::new());
        phone.sync(&world).await;
        assert_eq!(phone.state(), synced(&world, other).await.state());
        assert_eq!(phone.count(Stream::Community, &EntityKind::Comment), 0);
    }

    async fn whoever_comes_back_after_an_erasure_is_another_member(db: TestDatabase) {
        use crate::testing::{acceptance, World as Outer};
        let village = Outer::new(&db).community().await;
        village.registry(&[("1", "佐藤 花子", "1985-04-08", "hanako@example.jp")]).await;
        let entry = village.entry("1").await;
        let join = async || {
            let place = village.invite(|making| making.entry = Some(entry)).await;
            let answer = village.accept(place, "hanako@example.jp", &acceptance(Some("1985-04-08"))).await.unwrap();
            match answer {
                crate::invitations::Answer::Accepted(enishi_protocol::invitations::Accepted::Joined(membership)) => {
                    membership.member
                }
                other => panic!("{other:?}"),
            }
        };
        let first = join().await;
        let community = village.community;
        village.world.write(village.scope(), move |conn, clock| {
            Ok(erase(conn, clock, community, What::Member(first))?)
        }).await.unwrap();
        let account = village.world.sign_in(&crate::testing::Phone::new(), "hanako@example.jp").await.1;
        let memberships = crate::accounts::memberships::list(&village.world.db, account).await.unwrap();
        assert_eq!(memberships, [], "the account is in no community now");
        let (token, _) = village.world.sign_in(&crate::testing::Phone::new(), "hanako@example.jp").await;
        let session = village.world.whose(&token).await.unwrap();
        let ask = move |conn: &mut dyn crate::db::Connection| {
            crate::accounts::memberships::member_context(conn, &session, community)
        };
        let told = village.world.db.read(village.scope(), ask).await.unwrap_err();
        assert_eq!(told.code(), ErrorCode::MembershipEnded, "its phones clear the community away");
        let second = join().await;
        assert_ne!(first, second);
        while village.world.write(village.scope(), move |conn, clock| Ok(sweep(conn, clock, community)?)).await.unwrap() {}
        let memberships = crate::accounts::memberships::list(&village.world.db, account).await.unwrap();
        assert_eq!(memberships.iter().map(|membership| membership.member).collect::<Vec<_>>(), [second]);
        assert_eq!(village.number("SELECT count(*) FROM member WHERE family = '佐藤'").await, 1);
    }

    async fn an_erasure_is_in_the_list_once_it_is_settled(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let (folder, file) = listing(&world).await;
        let post = world.post(author, Stream::Community, "消します").await;
        let reply = world.can(author, &comment(post, "これも")).await;
        erased(&world, What::Comment(reply.into())).await.expect("erased");
        erased(&world, What::Post(post)).await.expect("erased");
        assert_eq!(unlisted(&world.database(), world.community).await.expect("read").len(), 2);
        assert_eq!(lines(&file), []);
        settle(&world.database(), &file, world.community).await.expect("settled");
        let mut expected = vec![(world.community, What::Post(post)), (world.community, What::Comment(reply.into()))];
        expected.sort();
        assert_eq!(lines(&file), expected);
        erased(&world, What::Post(post)).await.expect("again changes nothing");
        assert_eq!(unlisted(&world.database(), world.community).await.expect("read"), []);
        let nothing = erased(&world, What::Post(PostId(Uuid::new_v4()))).await;
        assert_eq!(nothing, Err(Failure::Refused(ErrorCode::NotFound)));
        std::fs::remove_dir_all(folder).expect("removed");
    }

    async fn an_erasure_that_the_list_cannot_take_stays_to_be_settled(db: TestDatabase) {
        let world = World::new(db).await;
        let author = world.member("佐藤", Role::Member).await;
        let (folder, file) = listing(&world).await;
        let post = world.post(author, Stream::Community, "消します").await;
        erased(&world, What::Post(post)).await.expect("erased");
        let aside = folder.join("aside");
        std::fs::rename(&file, &aside).expect("moved");
        assert!(settle(&world.database(), &file, world.community).await.is_err(), "nobody may be told");
        assert!(belongs(&world.database(), &file).await.is_err(), "no server starts without the list");
        std::fs::rename(&aside, &file).expect("moved");
        settle(&world.database(), &file, world.community).await.expect("settled");
        assert_eq!(lines(&file), [(world.community, What::Post(post))]);
        std::fs::remove_file(&file).expect("lost");
        begin_anew(&world.database(), &file).await.expect("begun");
        assert_eq!(lines(&file), [(world.community, What::Post(post))], "with all that the database knows");
        belongs(&world.database(), &file).await.expect("it is the database's list now");
        std::fs::remove_dir_all(folder).expect("removed");
    }

    async fn an_erased_member_whom_an_older_copy_knows_is_erased_again(db: TestDatabase) {
        let Lived { world, leaver, .. } = lived(db).await;
        let (community, surroundings) = (world.community, Arc::clone(&world.surroundings));
        let day = surroundings.now_us.load(std::sync::atomic::Ordering::Relaxed) / DAY_US;
        let erasure = Erasure { what: What::Member(leaver), day };
        let unknown = Erasure { what: What::Member(MemberId(Uuid::new_v4())), day };
        for erasure in [erasure, unknown] {
            let surroundings = Arc::clone(&surroundings);
            world.write(move |conn| again(conn, &*surroundings, community, &erasure)).await.expect("erased");
        }
        swept(&world).await;
        assert_eq!(traces(&world, leaver).await, Vec::<String>::new());
    }
}
