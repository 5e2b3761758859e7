//! Stories of writing to the people of the registry, on both engines.

use super::{
    declining::{self, Door},
    inviting::{self, Inviting, Outcome},
    listing::{self, Line, Progress},
    log::State,
    segment::{self, Found, Segment},
    suppression::{self, Reason, Whom},
    third_party,
};
use crate::{
    both_engines,
    db::{Connection, Scope, testing::TestDatabase},
    erasure::{self, What},
    invitations::{self, Answer, code},
    mail::{Message, queue},
    surroundings::Surroundings,
    testing::{MINUTE_US, Village, World, acceptance},
    writing::Writing,
};
use enishi_protocol::{EntryId, ErrorCode, Language, MemberId, invitations::Accepted, membership::Role};
use std::sync::Arc;

const HANAKO: &str = "hanako.sato@example.com";
const BORN: &str = "1985-04-08";
const DAY_US: i64 = 24 * 60 * MINUTE_US;

async fn village(db: &TestDatabase) -> Village {
    let village = World::new(db).community().await;
    let rows = [
        ("17-00001", "佐藤　花子", "1985/04/08", HANAKO),
        ("17-00002", "鈴木　一郎", "1979/12/01", ""),
        ("17-00003", "高橋　次郎", "1990/01/02", "jiro@example.com"),
    ];
    village.registry(&rows).await;
    village
}

impl Village {
    async fn mailed_by(&self, inviter: MemberId, entry: EntryId) -> Outcome {
        let community = self.community;
        let inviting = Inviting { inviter, days: 30, language: Language::Ja };
        let invite = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            let invite = |writing: &mut Writing<'_>| inviting::invite(writing, &inviting, entry);
            Ok(Writing::by_server(conn, clock, community, invite)?.0)
        };
        self.world.write(self.scope(), invite).await.unwrap()
    }

    async fn mailed(&self, entry: EntryId) -> Outcome {
        self.mailed_by(self.owner, entry).await
    }

    async fn reminded(&self, entry: EntryId) -> Outcome {
        let community = self.community;
        let remind = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            let remind = |writing: &mut Writing<'_>| inviting::remind(writing, entry, 14, 30);
            Ok(Writing::by_server(conn, clock, community, remind)?.0)
        };
        self.world.write(self.scope(), remind).await.unwrap()
    }

    /// What the mail job does with all that is due; the codes that it handed over.
    async fn delivered(&self) -> Vec<String> {
        let now_us = self.world.clock.now_us();
        let taken = self.world.db.write(Scope::Accounts, move |conn| queue::take(conn, now_us)).await.unwrap();
        let mut codes = Vec::new();
        for mail in taken {
            let Some(of) = mail.of else { continue };
            let released = mail.clone();
            let release = move |conn: &mut dyn Connection| third_party::release(conn, now_us, &released, of);
            if !self.world.db.write(self.scope(), release).await.unwrap() {
                continue;
            }
            if let Message::Invitation { code, .. } = &mail.message {
                codes.push(code.clone());
            }
            let sent = move |conn: &mut dyn Connection| third_party::note(conn, now_us, &mail, of, State::Sent);
            self.world.db.write(self.scope(), sent).await.unwrap();
        }
        codes
    }

    async fn suppress(&self, whom: Whom, reason: Reason, over: bool) {
        let community = self.community;
        let add = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            Ok(suppression::add(conn, clock, community, &whom, reason, over)?)
        };
        self.world.write(self.scope(), add).await.unwrap();
    }

    async fn person(&self, entry: EntryId) -> Whom {
        let community = self.community;
        let find = move |conn: &mut dyn Connection| Whom::of_entry(conn, community, entry);
        self.world.db.read(self.scope(), find).await.unwrap().unwrap()
    }

    async fn suppressed(&self, entry: EntryId, address: &'static str) -> Option<Reason> {
        let community = self.community;
        let look = move |conn: &mut dyn Connection| suppression::of(conn, community, entry, address);
        self.world.db.read(self.scope(), look).await.unwrap()
    }

    async fn door(&self, code: &str) -> Result<Door, ErrorCode> {
        let hash = code::hash(code);
        let found = self.world.db.read(Scope::Accounts, move |conn| declining::find(conn, &hash)).await;
        found.map_err(|error| error.code())
    }

    async fn decline(&self, door: Door) {
        let decline = move |conn: &mut dyn Connection, clock: &dyn Surroundings| declining::decline(conn, clock, door);
        self.world.write(self.scope(), decline).await.unwrap();
    }

    async fn line(&self, entry: EntryId) -> Line {
        let (community, now_us) = (self.community, self.world.clock.now_us());
        let look = move |conn: &mut dyn Connection| -> crate::error::Result<Line> {
            let all = segment::page(conn, community, &Segment::default(), EntryId(uuid::Uuid::nil()), 100)?;
            let found: &Found = all.iter().find(|found| found.id == entry).unwrap();
            Ok(listing::of(conn, community, now_us, found)?)
        };
        self.world.db.read(self.scope(), look).await.unwrap()
    }

    async fn place(&self, code: &str) -> invitations::Place {
        let hash = code::hash(code);
        self.world.db.read(Scope::Accounts, move |conn| invitations::find(conn, &hash)).await.unwrap()
    }

    async fn erase(&self, member: MemberId) {
        let community = self.community;
        let clock = Arc::clone(&self.world.clock);
        let begin = move |conn: &mut dyn Connection| erasure::erase(conn, &*clock, community, What::Member(member));
        self.world.db.write(self.scope(), begin).await.unwrap();
        loop {
            let clock = Arc::clone(&self.world.clock);
            let sweep = move |conn: &mut dyn Connection| erasure::sweep(conn, &*clock, community);
            if !self.world.db.write(self.scope(), sweep).await.unwrap() {
                return;
            }
        }
    }
}

fn joined(answer: &Answer) -> bool {
    matches!(answer, Answer::Accepted(Accepted::Joined(_)))
}

both_engines! {
    async fn nobody_is_invited_or_reminded_twice_whatever_is_repeated(db: TestDatabase) {
        let village = village(&db).await;
        let hanako = village.entry("17-00001").await;
        assert_eq!(village.mailed(hanako).await, Outcome::Queued);
        assert_eq!(village.mailed(hanako).await, Outcome::Before);
        assert_eq!(village.reminded(hanako).await, Outcome::NotDue, "the mail is not out yet");
        let first = village.delivered().await;
        assert_eq!(first.len(), 1);
        assert_eq!(village.reminded(hanako).await, Outcome::NotDue, "a fortnight has not passed");
        village.world.wait_us(15 * DAY_US);
        assert_eq!(village.reminded(hanako).await, Outcome::Queued);
        for _ in 0..3 {
            assert_eq!((village.mailed(hanako).await, village.reminded(hanako).await), (Outcome::Before, Outcome::Before));
        }
        let second = village.delivered().await;
        assert_eq!(second.len(), 1);
        village.world.wait_us(100 * DAY_US);
        assert_eq!(village.reminded(hanako).await, Outcome::Before);
        assert_eq!(village.delivered().await, Vec::<String>::new());
        // The person has another entry by now, or another address in the registry.
        village.registry(&[("17-90001", "佐藤　花", "1985/04/08", HANAKO), ("17-00001", "佐藤　花子", "1985/04/08", "new@example.com")]).await;
        let again = village.entry("17-90001").await;
        assert_eq!(village.mailed(again).await, Outcome::Before, "the address had a mail");
        assert_eq!(village.mailed(hanako).await, Outcome::Before, "the entry had one");
    }

    async fn a_reminder_brings_another_code_for_the_same_invitation(db: TestDatabase) {
        let village = village(&db).await;
        let hanako = village.entry("17-00001").await;
        village.mailed(hanako).await;
        let first = village.delivered().await.remove(0);
        village.world.wait_us(29 * DAY_US);
        village.reminded(hanako).await;
        let second = village.delivered().await.remove(0);
        assert_ne!(first, second, "no code is kept that could be sent again");
        let (place, renewed) = (village.place(&first).await, village.place(&second).await);
        assert_eq!(place, renewed);
        village.world.wait_us(20 * DAY_US);
        assert!(joined(&village.accept(renewed, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap()));
        assert_eq!(village.line(hanako).await.progress, Progress::Joined);
        assert_eq!(village.number("SELECT count(*) FROM change WHERE kind = 'own_invitation'").await, 0, "no inbox is flooded");
    }

    async fn nobody_is_reminded_of_an_invitation_that_is_over(db: TestDatabase) {
        let village = village(&db).await;
        let (hr, _) = village.member("hr@example.jp", "田中", Role::Admin).await;
        let hanako = village.entry("17-00001").await;
        assert_eq!(village.mailed_by(hr, hanako).await, Outcome::Queued);
        let code = village.delivered().await.remove(0);
        let community = village.community;
        let end = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            Ok(Writing::by_server(conn, clock, community, |writing| crate::membership::end(writing, hr))?)
        };
        village.world.write(village.scope(), end).await.unwrap();
        village.world.wait_us(15 * DAY_US);
        assert_eq!(village.reminded(hanako).await, Outcome::NotDue);
        assert_eq!((village.line(hanako).await.progress, village.delivered().await.len()), (Progress::Over, 0));
        assert!(village.door(&code).await.is_ok(), "it can be declined all the same");
    }

    async fn who_declined_objected_or_died_gets_no_mail_by_any_way(db: TestDatabase) {
        let village = village(&db).await;
        let (hanako, jiro) = (village.entry("17-00001").await, village.entry("17-00003").await);
        village.suppress(village.person(hanako).await, Reason::Objected, true).await;
        assert_eq!(village.mailed(hanako).await, Outcome::Suppressed);
        // A new import gives the entry another address, and the address another entry.
        village.registry(&[("17-00001", "佐藤　花子", "1985/04/08", "new@example.com"), ("17-90001", "佐藤　花", "1985/04/08", HANAKO)]).await;
        assert_eq!(village.mailed(hanako).await, Outcome::Suppressed, "the entry is known");
        let again = village.entry("17-90001").await;
        assert_eq!(village.mailed(again).await, Outcome::Suppressed, "the address is known");
        // One who died after the mail was queued, and one after they were invited.
        assert_eq!(village.mailed(jiro).await, Outcome::Queued);
        village.suppress(village.person(jiro).await, Reason::Deceased, true).await;
        assert_eq!(village.delivered().await, Vec::<String>::new());
        assert_eq!(village.line(jiro).await.progress, Progress::Suppressed(Reason::Deceased));
        let words = "SELECT count(*) FROM entry_mail WHERE state = 'withheld'";
        assert_eq!(village.number(words).await, 1);
        village.world.wait_us(30 * DAY_US);
        assert_eq!(village.reminded(jiro).await, Outcome::Suppressed);
        // "Somebody joined as you" goes to the same address.
        let place = village.invite(|making| making.entry = Some(hanako)).await;
        assert!(joined(&village.accept(place, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap()));
        assert_eq!(village.world.mails().await, [], "nothing was queued for anybody");
    }

    async fn the_list_survives_the_erasing_of_members_and_is_left_only_by_those_who_keep_it(db: TestDatabase) {
        let village = village(&db).await;
        let (hr, _) = village.member("hr@example.jp", "田中", Role::Admin).await;
        let hanako = village.entry("17-00001").await;
        assert_eq!(village.mailed_by(hr, hanako).await, Outcome::Queued);
        let code = village.delivered().await.remove(0);
        village.erase(hr).await;
        let door = village.door(&code).await.expect("whoever was written to can decline for good");
        village.decline(door).await;
        assert_eq!(village.suppressed(hanako, HANAKO).await, Some(Reason::Declined));
        let place = village.invite(|making| making.entry = Some(hanako)).await;
        village.accept(place, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap();
        let member = village.number_of_member("佐藤").await;
        village.erase(member).await;
        assert_eq!(village.suppressed(hanako, HANAKO).await, Some(Reason::Declined));
        assert_eq!(village.mailed(hanako).await, Outcome::Suppressed);
        let (community, whom) = (village.community, village.person(hanako).await);
        let remove = move |conn: &mut dyn Connection| suppression::remove(conn, community, &whom);
        assert_eq!(db.write(village.scope(), remove).await.unwrap(), 2);
        assert_eq!(village.mailed(hanako).await, Outcome::Before, "taken off the list, they still had their mail");
    }

    async fn declining_ends_the_mail_and_nothing_else(db: TestDatabase) {
        let village = village(&db).await;
        let (hanako, jiro) = (village.entry("17-00001").await, village.entry("17-00003").await);
        village.mailed(hanako).await;
        let code = village.delivered().await.remove(0);
        let door = village.door(&code).await.unwrap();
        for _ in 0..3 {
            let looked = db.read(village.scope(), move |conn| declining::look(conn, door)).await.unwrap();
            assert_eq!(looked, ("縁商事".to_owned(), false), "looking changes nothing");
        }
        village.decline(door).await;
        village.decline(door).await;
        assert_eq!(village.line(hanako).await.progress, Progress::Suppressed(Reason::Declined));
        assert_eq!(village.number("SELECT count(*) FROM suppressed").await, 2, "an address and an entry");
        village.world.wait_us(20 * DAY_US);
        assert_eq!(village.reminded(hanako).await, Outcome::Suppressed);
        let place = village.place(&code).await;
        let answer = village.accept(place, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap();
        assert!(joined(&answer), "whoever changes their mind can join");
        // What those who keep the list have noted outweighs a press.
        village.suppress(village.person(jiro).await, Reason::Deceased, true).await;
        village.decline(Door { community: village.community, entry: jiro }).await;
        assert_eq!(village.suppressed(jiro, "jiro@example.com").await, Some(Reason::Deceased));
        let unbound = village.invite(|making| making.code_hash = code::hash("FORNOBODYINPARTICULAR")).await;
        assert_eq!(unbound.community, village.community);
        assert_eq!(village.door("FORNOBODYINPARTICULAR").await, Err(ErrorCode::InvitationUnknown));
    }

    async fn a_mail_to_somebody_who_is_no_member_leaves_the_queue_before_it_is_handed_over(db: TestDatabase) {
        let village = village(&db).await;
        let hanako = village.entry("17-00001").await;
        village.mailed(hanako).await;
        let now_us = village.world.clock.now_us();
        let take = async |now_us: i64| db.write(Scope::Accounts, move |conn| queue::take(conn, now_us)).await.unwrap();
        let mail = take(now_us).await.remove(0);
        let of = mail.of.unwrap();
        let release = async |mail: queue::Queued| {
            db.write(village.scope(), move |conn| third_party::release(conn, now_us, &mail, of)).await.unwrap()
        };
        // The process that took it is so slow that another one takes it, too.
        let other = take(now_us + 2 * MINUTE_US).await.remove(0);
        assert_eq!(other.id, mail.id);
        assert!(release(other).await);
        assert!(!release(mail.clone()).await, "one of them hands it over");
        // It dies at it: nobody knows whether the mail arrived, and nobody sends a second one.
        assert_eq!(village.line(hanako).await.progress, Progress::Unclear);
        assert!(take(now_us + DAY_US).await.is_empty());
        assert_eq!(village.mailed(hanako).await, Outcome::Before);
        // The mail server refused it: then it goes out later.
        let put_back = {
            let mail = mail.clone();
            move |conn: &mut dyn Connection| third_party::put_back(conn, now_us, &mail, of)
        };
        db.write(village.scope(), put_back).await.unwrap();
        assert_eq!(village.line(hanako).await.progress, Progress::Queued);
        let back = take(now_us + DAY_US).await.remove(0);
        assert_eq!((back.id, back.of, back.message.clone()), (mail.id, mail.of, mail.message.clone()));
    }

    async fn those_who_run_the_community_see_how_far_each_invitation_has_come(db: TestDatabase) {
        let village = village(&db).await;
        let [hanako, ichiro, jiro] = [village.entry("17-00001").await, village.entry("17-00002").await, village.entry("17-00003").await];
        assert_eq!(village.line(hanako).await.progress, Progress::Not);
        assert_eq!(village.mailed(ichiro).await, Outcome::WithoutAddress);
        village.mailed(hanako).await;
        assert_eq!(village.line(hanako).await.progress, Progress::Queued);
        let code = village.delivered().await.remove(0);
        let line = village.line(hanako).await;
        assert_eq!((line.progress, line.mailed_us), (Progress::Invited, Some(village.world.clock.now_us())));
        village.accept(village.place(&code).await, "stranger@example.jp", &acceptance(None)).await.unwrap();
        let line = village.line(hanako).await;
        assert_eq!((line.progress, line.asking), (Progress::Asked, 1));
        let place = village.invite(|making| making.entry = Some(jiro)).await;
        assert_eq!(village.line(jiro).await.progress, Progress::Invited, "by a link");
        village.world.wait_us(31 * DAY_US);
        assert_eq!(village.line(jiro).await.progress, Progress::Over);
        assert_eq!(place.community, village.community);
        // By writing to an address nobody learns whether a member signs in with it.
        village.member("jiro@example.com", "高橋", Role::Member).await;
        assert_eq!(village.mailed(jiro).await, Outcome::Queued);
        let again = village.invite(|making| making.entry = Some(hanako)).await;
        assert!(joined(&village.accept(again, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap()));
        assert_eq!(village.line(hanako).await.progress, Progress::Joined);
    }

    async fn another_community_is_not_told_who_declined(db: TestDatabase) {
        let village = village(&db).await;
        let other = village.world.community().await;
        other.registry(&[("1", "佐藤　花子", "1985/04/08", HANAKO)]).await;
        let (hanako, there) = (village.entry("17-00001").await, other.entry("1").await);
        village.suppress(village.person(hanako).await, Reason::Objected, true).await;
        assert_eq!(other.mailed(there).await, Outcome::Queued);
        let mark = async |village: &Village| {
            let community = village.community;
            let mark = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
                Ok(suppression::mark_of(conn, clock, community, HANAKO)?)
            };
            village.world.write(village.scope(), mark).await.unwrap()
        };
        assert_eq!(mark(&village).await, mark(&village).await);
        assert_ne!(mark(&village).await, mark(&other).await, "no mark of one is known in another");
    }
}

impl Village {
    async fn number_of_member(&self, family: &'static str) -> MemberId {
        let sql = "SELECT id FROM member WHERE family = $1 AND community = $2";
        let community = self.community;
        let find = move |conn: &mut dyn Connection| conn.first(sql, crate::values![family, community]);
        self.world.db.read(self.scope(), find).await.unwrap().unwrap().get(0).unwrap()
    }
}
