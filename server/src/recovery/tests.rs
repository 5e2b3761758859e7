//! Stories of a membership that was lost and comes back, or does not, on both engines.

use super::{Place, ask, decline, due, find_stop, step, stop, stop_by_account, support};
use crate::{
    both_engines,
    db::{Connection, Scope, testing::TestDatabase},
    directory,
    error::{Error, Result},
    feed, grants,
    media::uploads::{self, Upload},
    moderation,
    surroundings::{RealSurroundings, Surroundings},
    testing::{MINUTE_US, Phone, Village, World, acceptance},
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, AttachmentId, ConversationId, ErrorCode, MemberId, MutationId, PostId, RecoveryId, Stream,
    account::{NoticeEvent, OwnRecovery, RecoveryStart, RecoveryState, RecoverySupport},
    blocks::Blocking,
    feed::{Bookmarking, PostKind, PostWriting},
    membership::{Audience, PersonName, ProfileField, ProfileSetting, Role, Standing},
    messages::{ConversationStart, MessageWriting, MessagesFrom, MessagingSetting},
    moderation::{Reporting, Subject},
};

const HOUR_US: i64 = 60 * MINUTE_US;
const OLD: &str = "hanako@example.jp";
const NEW: &str = "hanako@example.org";

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code()
}

fn start(family: &str, fact: Option<&str>) -> RecoveryStart {
    RecoveryStart {
        id: RecoveryId(RealSurroundings.new_id()),
        code: "0".repeat(26),
        name: PersonName { family: family.into(), given: "花子".into() },
        fact: fact.map(str::to_owned),
        note: "電話をなくしました。".into(),
    }
}

/// 佐藤 花子, who has joined as her registry entry, and her new account.
struct Lost {
    village: Village,
    hanako: MemberId,
    old: AccountId,
    new: AccountId,
    old_token: String,
}

impl Lost {
    async fn at(db: &TestDatabase) -> Self {
        let village = World::new(db).community().await;
        village.registry(&[("17-00001", "佐藤　花子", "1985/04/08", "")]).await;
        let entry = village.entry("17-00001").await;
        let place = village.invite(|making| making.entry = Some(entry)).await;
        village.accept(place, OLD, &acceptance(Some("1985-04-08"))).await.unwrap();
        let (old_token, old) = village.world.sign_in(&Phone::new(), OLD).await;
        let (_, new) = village.world.sign_in(&Phone::new(), NEW).await;
        let community = village.community;
        let find = move |conn: &mut dyn Connection| directory::of_account(conn, community, old);
        let hanako = village.world.db.read(village.scope(), find).await.unwrap().unwrap().actor.id;
        Self { village, hanako, old, new, old_token }
    }

    fn world(&self) -> &World {
        &self.village.world
    }

    async fn asks(&self, account: AccountId, start: &RecoveryStart) -> Result<OwnRecovery> {
        let (community, start) = (self.village.community, start.clone());
        let ask =
            move |conn: &mut dyn Connection, clock: &dyn Surroundings| ask(conn, clock, community, account, &start);
        self.world().write(self.village.scope(), ask).await
    }

    async fn asked(&self) -> RecoveryId {
        let start = start("佐藤", Some("1985-04-08"));
        self.asks(self.new, &start).await.unwrap().id
    }

    /// What a member does, as a mutation of theirs.
    async fn does(
        &self,
        member: MemberId,
        work: impl FnOnce(&mut Writing<'_>, &crate::policy::Actor) -> std::result::Result<(), Failure> + Send + 'static,
    ) -> Result<()> {
        let community = self.village.community;
        let write = move |conn: &mut dyn Connection, clock: &dyn Surroundings| -> Result<()> {
            let actor = directory::find(conn, community, member)?.unwrap().actor;
            let id = Some(MutationId(RealSurroundings.new_id()));
            Writing::run(conn, clock, community, id, 1_000, |writing| work(writing, &actor))?;
            Ok(())
        };
        self.world().write(self.village.scope(), write).await
    }

    async fn supports(&self, by: MemberId, recovery: RecoveryId) -> Result<()> {
        let wish = RecoverySupport { recovery, member: self.hanako };
        self.does(by, move |writing, actor| support(writing, actor, &wish)).await
    }

    async fn go_on(&self) {
        let now_us = self.world().clock.now_us();
        for place in self.world().db.read(Scope::Accounts, move |conn| due(conn, now_us)).await.unwrap() {
            let community = Scope::Community(place.community);
            while self.world().write(community, move |conn, clock| step(conn, clock, place)).await.unwrap() {}
        }
    }

    async fn state(&self, id: RecoveryId) -> RecoveryState {
        self.wishes(self.new).await.into_iter().find(|own| own.id == id).unwrap().state
    }

    async fn wishes(&self, account: AccountId) -> Vec<OwnRecovery> {
        super::list(&self.world().db, account).await.unwrap()
    }

    async fn holder(&self) -> AccountId {
        let (community, member) = (self.village.community, self.hanako);
        let find = move |conn: &mut dyn Connection| directory::find(conn, community, member);
        self.world().db.read(self.village.scope(), find).await.unwrap().unwrap().account
    }

    fn place(&self, recovery: RecoveryId) -> Place {
        Place { community: self.village.community, recovery }
    }

    async fn inbox(&self) -> Vec<String> {
        let (community, inbox) = (self.village.community, Stream::Member(self.hanako));
        let sql = "SELECT kind FROM change WHERE community = $1 AND stream = $2 AND body IS NOT NULL ORDER BY kind";
        let read = move |conn: &mut dyn Connection| conn.query(sql, crate::values![community, inbox]);
        let rows = self.world().db.read(self.village.scope(), read).await.unwrap();
        rows.iter().map(|row| row.get(0).unwrap()).collect()
    }

    /// The code of the link in the mail that stops it.
    async fn mailed_stop(&self) -> String {
        let mails = self.world().mails_to(OLD).await;
        let mail = mails.iter().find(|mail| mail.contains("recovery_waits")).expect("she was told");
        let mail: serde_json::Value = serde_json::from_str(mail).unwrap();
        mail["stop"].as_str().unwrap().to_owned()
    }
}

both_engines! {
    async fn a_membership_comes_back_72_hours_after_the_desk_has_supported_it(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        lost.world().wait_us(100 * HOUR_US);
        lost.go_on().await;
        assert_eq!(lost.state(id).await, RecoveryState::Asked, "without support nothing goes on");
        lost.supports(lost.village.owner, id).await.unwrap();
        lost.world().wait_us(72 * HOUR_US - 1);
        lost.go_on().await;
        assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Waiting, lost.old));
        lost.world().wait_us(1);
        lost.go_on().await;
        assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Done, lost.new));
        let here = lost.village.community;
        let memberships = crate::accounts::memberships::list(&lost.world().db, lost.new).await.unwrap();
        assert_eq!(memberships.iter().map(|m| (m.community, m.member)).collect::<Vec<_>>(), [(here, lost.hanako)]);
        assert_eq!(crate::accounts::memberships::list(&lost.world().db, lost.old).await.unwrap(), []);
        assert!(lost.world().mails_to(OLD).await.iter().any(|mail| mail.contains("membership_moved")));
        assert!(lost.world().mails_to(NEW).await.iter().any(|mail| mail.contains("\"done\":true")));
    }

    async fn the_old_account_reaches_the_membership_no_more(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let (community, hanako) = (lost.village.community, lost.hanako);
        let granted = move |conn: &mut dyn Connection| grants::all(conn, community, hanako);
        let before = lost.world().db.read(lost.village.scope(), granted).await.unwrap();
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        lost.world().wait_us(72 * HOUR_US);
        lost.go_on().await;
        let session = lost.world().whose(&lost.old_token).await.unwrap();
        let reach = move |conn: &mut dyn Connection| {
            crate::accounts::memberships::member_context(conn, &session, community)
        };
        let reached = lost.world().db.read(lost.village.scope(), reach).await;
        assert_eq!(code(reached), ErrorCode::NotFound);
        let old = lost.old;
        let listed = move |conn: &mut dyn Connection| {
            conn.first("SELECT community FROM account_membership WHERE account = $1", crate::values![old])
        };
        assert!(lost.world().db.read(Scope::Accounts, listed).await.unwrap().is_none(), "nor looks for it there");
        let after = lost.world().db.read(lost.village.scope(), granted).await.unwrap();
        for stream in [Stream::Member(hanako), Stream::Community] {
            assert!(after[&stream] > before[&stream], "{stream}: what the old phone holds counts no more");
        }
    }

    async fn only_rights_and_what_others_see_go_along(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let hanako = lost.hanako;
        let post = MutationId(RealSurroundings.new_id());
        lost.does(lost.village.owner, move |writing, actor| {
            let new = PostWriting { stream: Stream::Community, kind: PostKind::Text, text: "みなさんへ".into(), mentions: vec![hanako], poll: None, attachments: Vec::new() };
            feed::write_post(writing, actor, post, &new)?;
            crate::blocks::set_block(writing, actor, &Blocking { member: hanako, on: true })
        })
        .await
        .unwrap();
        let report = MutationId(RealSurroundings.new_id());
        lost.does(hanako, move |writing, actor| {
            let (subject, word) = (Subject::Post(PostId::from(post)), "内密に".to_owned());
            let reporting = Reporting { around: Vec::new(), subject, rule: 1, word, to_staff: true };
            moderation::report(writing, actor, report, &reporting)?;
            feed::set_bookmark(writing, actor, &Bookmarking { post: PostId::from(post), on: true })?;
            for (field, audience) in [(ProfileField::About, Audience::Nobody), (ProfileField::Employer, Audience::Everyone)] {
                let setting = ProfileSetting { field, value: Some("覚え書き".into()), audience };
                crate::profiles::set_profile(writing, actor, &setting)?;
            }
            Ok(())
        })
        .await
        .unwrap();
        assert!(lost.inbox().await.contains(&"bookmark".to_owned()));
        let upload = Upload { community: lost.village.community, member: hanako, id: AttachmentId(RealSurroundings.new_id()) };
        let begin = move |conn: &mut dyn Connection| uploads::begin(conn, RealSurroundings.now_us(), &upload, 10);
        lost.world().db.write(lost.village.scope(), begin).await.unwrap();
        let owner = lost.village.owner;
        let (started, said) = (MutationId(RealSurroundings.new_id()), MutationId(RealSurroundings.new_id()));
        lost.does(hanako, move |writing, actor| {
            let conversation = ConversationId::of_two(hanako, owner);
            crate::messages::start(writing, actor, started, &ConversationStart { with: vec![owner], title: None })?;
            let text = "昔の話".to_owned();
            crate::messages::write_message(writing, actor, said, &MessageWriting { conversation, text })?;
            crate::messages::set_messaging(writing, actor, &MessagingSetting { from: MessagesFrom::Groups })
        })
        .await
        .unwrap();
        let held = lost.inbox().await;
        assert!(["conversation", "message"].iter().all(|kind| held.iter().any(|held| held == kind)), "{held:?}");
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        lost.world().wait_us(72 * HOUR_US);
        lost.go_on().await;
        let others = "SELECT count(*) FROM participant WHERE standing = 'left'";
        assert_eq!(lost.village.number(others).await, 1, "whoever they wrote to knows that they are there no more");
        assert_eq!(lost.inbox().await, ["mention", "messaging", "own_profile", "unseen"], "a block holds, whoever has the account");
        assert_eq!(lost.village.number("SELECT count(*) FROM report WHERE reporter IS NULL").await, 1);
        assert_eq!(lost.village.number("SELECT count(*) FROM bookmark").await, 0);
        assert_eq!(lost.village.number("SELECT count(*) FROM attachment").await, 0, "a file for nobody yet");
        assert_eq!(lost.village.number("SELECT count(*) FROM profile_field").await, 1, "a field for nobody is a note");
    }

    async fn an_inbox_of_any_size_is_emptied_in_steps_before_anybody_else_reads_it(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let hanako = lost.hanako;
        for some in 0..2 {
            lost.does(hanako, move |writing, _| {
                for number in 0..400_u128 {
                    let id = uuid::Uuid::from_u128(1_000 * (some + 1) + number);
                    let entity = enishi_protocol::Entity::Bookmark(enishi_protocol::feed::Bookmark { at_us: 1 });
                    writing.put(&crate::policy::Permit::of_the_server(), Stream::Member(hanako), id, None, &entity)?;
                }
                Ok(())
            })
            .await
            .unwrap();
        }
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        lost.world().wait_us(72 * HOUR_US);
        let place = lost.place(id);
        let mut steps = 0;
        while lost.world().write(lost.village.scope(), move |conn, clock| step(conn, clock, place)).await.unwrap() {
            steps += 1;
            assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Moving, lost.old));
        }
        assert_eq!((steps, lost.holder().await), (2, lost.new));
        assert!(!lost.inbox().await.contains(&"bookmark".to_owned()));
    }

    async fn whoever_has_the_membership_is_told_everywhere_and_stops_it_from_the_mail(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        let asking = lost.world().whose(&lost.old_token).await.unwrap();
        let told = async || -> Vec<_> { lost.world().notices(asking).await.into_iter().map(|notice| notice.event).collect() };
        assert!(matches!(told().await.last(), Some(NoticeEvent::RecoveryAsked { until_us: None, .. })));
        lost.supports(lost.village.owner, id).await.unwrap();
        let until = lost.world().clock.now_us() + 72 * HOUR_US;
        let event = told().await.into_iter().find_map(|event| match event {
            NoticeEvent::RecoveryAsked { until_us, recovery, .. } if recovery == id => until_us,
            _ => None,
        });
        assert_eq!(event, Some(until));
        let text = lost.mailed_stop().await;
        let place = lost.world().db.read(Scope::Accounts, move |conn| find_stop(conn, &text)).await.unwrap();
        assert_eq!(place, lost.place(id));
        for _ in 0..2 {
            lost.world().write(lost.village.scope(), move |conn, clock| stop(conn, clock, place)).await.unwrap();
        }
        lost.world().wait_us(100 * HOUR_US);
        lost.go_on().await;
        assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Stopped, lost.old));
        assert_eq!(code(lost.supports(lost.village.owner, id).await), ErrorCode::RecoveryOver);
    }

    async fn a_device_stops_it_and_nobody_elses_does(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        let (_, taro) = lost.village.member("taro@example.jp", "鈴木", Role::Member).await;
        let place = lost.place(id);
        for stranger in [taro, lost.new] {
            let stopped = lost.world().write(lost.village.scope(), move |conn, clock| stop_by_account(conn, clock, place, stranger)).await;
            assert_eq!(code(stopped), ErrorCode::NotFound);
        }
        let old = lost.old;
        for _ in 0..2 {
            lost.world().write(lost.village.scope(), move |conn, clock| stop_by_account(conn, clock, place, old)).await.unwrap();
        }
        assert_eq!(lost.state(id).await, RecoveryState::Stopped);
        let unknown = lost.world().db.read(Scope::Accounts, |conn| find_stop(conn, &"0".repeat(26))).await;
        assert_eq!(code(unknown), ErrorCode::RecoveryOver);
    }

    async fn three_members_who_have_been_there_for_a_week_vouch(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let mut friends = Vec::new();
        for number in 0..3 {
            friends.push(lost.village.member(&format!("f{number}@example.jp"), "友人", Role::Member).await.0);
        }
        let id = lost.asked().await;
        assert_eq!(code(lost.supports(friends[0], id).await), ErrorCode::NotAllowed, "came yesterday");
        lost.world().wait_us(7 * 24 * HOUR_US);
        let (late, _) = lost.village.member("late@example.jp", "新人", Role::Member).await;
        for _ in 0..3 {
            lost.supports(friends[0], id).await.unwrap();
        }
        lost.supports(friends[1], id).await.unwrap();
        assert_eq!(code(lost.supports(late, id).await), ErrorCode::NotAllowed);
        assert_eq!(code(lost.supports(lost.hanako, id).await), ErrorCode::NotAllowed, "not for oneself");
        assert_eq!(lost.state(id).await, RecoveryState::Asked, "two are not three");
        lost.supports(friends[2], id).await.unwrap();
        assert_eq!(lost.state(id).await, RecoveryState::Waiting);
    }

    async fn of_several_who_want_one_membership_one_waits_and_the_others_end_with_it(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        let (_, third) = lost.world().sign_in(&Phone::new(), "third@example.jp").await;
        let other = lost.asks(third, &start("佐藤", None)).await.unwrap().id;
        lost.supports(lost.village.owner, id).await.unwrap();
        assert_eq!(code(lost.supports(lost.village.owner, other).await), ErrorCode::AlreadyExists);
        lost.world().wait_us(72 * HOUR_US);
        lost.go_on().await;
        assert_eq!(lost.state(id).await, RecoveryState::Done);
        assert_eq!(lost.wishes(third).await[0].state, RecoveryState::Void, "the membership is somebody else's now");
        assert!(lost.world().mails_to("third@example.jp").await.iter().any(|mail| mail.contains("\"done\":false")));
    }

    async fn a_wish_that_nobody_supported_for_a_month_is_over(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        lost.world().wait_us(30 * 24 * HOUR_US + 1);
        assert_eq!(code(lost.supports(lost.village.owner, id).await), ErrorCode::RecoveryOver);
        assert_eq!(lost.state(id).await, RecoveryState::Asked);
    }

    async fn the_answer_tells_nobody_who_is_a_member(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let (known, unknown) = (start("佐藤", Some("1985-04-08")), start("不在", None));
        let (there, nowhere) = (lost.asks(lost.new, &known).await.unwrap(), lost.asks(lost.new, &unknown).await.unwrap());
        assert_eq!(OwnRecovery { id: nowhere.id, ..there.clone() }, nowhere);
        assert_eq!(lost.asks(lost.new, &known).await.unwrap(), there, "a repeat gets the same");
        assert_eq!(lost.village.number("SELECT count(*) FROM recovery").await, 2);
        let other = lost.world().sign_in(&Phone::new(), "other@example.jp").await.1;
        assert_eq!(code(lost.asks(other, &known).await), ErrorCode::AlreadyExists, "another's id");
        assert_eq!(code(lost.asks(lost.old, &start("佐藤", None)).await), ErrorCode::AlreadyExists, "a member has one");
        for _ in 0..3 {
            lost.asks(lost.new, &start("佐藤", None)).await.unwrap();
        }
        assert_eq!(code(lost.asks(lost.new, &start("佐藤", None)).await), ErrorCode::RateLimited);
        let mails = lost.world().mails_to(OLD).await;
        assert_eq!(mails.iter().filter(|mail| mail.contains("recovery_asked")).count(), 2, "no flood: {mails:?}");
    }

    async fn who_runs_the_community_is_not_recovered_so(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let (second, _) = lost.village.member("second@example.jp", "人事", Role::Owner).await;
        let id = lost.asks(lost.new, &start("人事", None)).await.unwrap().id;
        let owner = lost.village.owner;
        let wish = RecoverySupport { recovery: id, member: owner };
        let supported = lost.does(second, move |writing, actor| support(writing, actor, &wish)).await;
        assert_eq!(code(supported), ErrorCode::NotAllowed);
        let (taro, _) = lost.village.member("taro@example.jp", "鈴木", Role::Member).await;
        let declined = lost.does(taro, move |writing, actor| decline(writing, actor, id)).await;
        assert_eq!(code(declined), ErrorCode::NotAllowed);
        lost.does(second, move |writing, actor| decline(writing, actor, id)).await.unwrap();
        assert_eq!(lost.state(id).await, RecoveryState::Declined);
    }

    async fn what_is_not_what_it_was_any_more_does_not_go_over(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        let place = lost.village.invite(|making| making.uses = 2).await;
        lost.village.accept(place, NEW, &acceptance(None)).await.unwrap();
        let (community, new) = (lost.village.community, lost.new);
        let activate = move |conn: &mut dyn Connection| {
            conn.execute("UPDATE member SET standing = 'active' WHERE community = $1 AND account = $2", crate::values![community, new])
        };
        lost.world().db.write(lost.village.scope(), activate).await.unwrap();
        lost.world().wait_us(72 * HOUR_US);
        lost.go_on().await;
        assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Void, lost.old));
    }

    async fn who_had_begun_to_join_anew_gets_the_old_membership_instead(db: TestDatabase) {
        let lost = Lost::at(&db).await;
        let place = lost.village.invite(|making| making.uses = 2).await;
        lost.village.accept(place, NEW, &acceptance(None)).await.unwrap();
        let id = lost.asked().await;
        lost.supports(lost.village.owner, id).await.unwrap();
        lost.world().wait_us(72 * HOUR_US);
        lost.go_on().await;
        assert_eq!((lost.state(id).await, lost.holder().await), (RecoveryState::Done, lost.new));
        let memberships = crate::accounts::memberships::list(&lost.world().db, lost.new).await.unwrap();
        assert_eq!(memberships.iter().map(|m| (m.member, m.standing)).collect::<Vec<_>>(), [(lost.hanako, Standing::Active)]);
        let waits = "SELECT count(*) FROM join_request";
        assert_eq!(lost.village.number(waits).await, 0, "the wish to join anew is off the desk");
    }
}

#[test]
fn an_error_of_the_accounts_keeps_its_code_in_a_communitys_write() {
    assert_eq!(super::failure(Error::Refused(ErrorCode::TooMany)).code(), ErrorCode::TooMany);
}
