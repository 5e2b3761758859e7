//! Stories of joining, on both engines.

use super::{Answer, create, preview, revoke};
use crate::{
    both_engines,
    db::{Connection, testing::TestDatabase},
    directory,
    error::Error,
    membership,
    surroundings::Surroundings,
    testing::{MINUTE_US, Village, World, acceptance},
    writing::Writing,
};
use enishi_protocol::{
    ErrorCode, InvitationId, MemberId, MutationId,
    invitations::{Accepted, Fact, InvitationCreation, InvitationRevoking, InvitationState, JoinDecision},
    membership::{PersonName, Role, Standing},
};

const HANAKO: &str = "hanako@example.jp";
const BORN: &str = "1985-04-08";

async fn village(db: &TestDatabase) -> Village {
    let village = World::new(db).community().await;
    let rows = [
        ("17-00001", "佐藤　花子", "1985/04/08", "hanako.sato@example.com"),
        ("17-00002", "鈴木　一郎", "1979/12/01", ""),
    ];
    village.registry(&rows).await;
    village
}

fn joined(answer: &Answer) -> bool {
    matches!(answer, Answer::Accepted(Accepted::Joined(membership)) if membership.standing == Standing::Active)
}

fn waits(answer: &Answer) -> bool {
    matches!(answer, Answer::Accepted(Accepted::Waiting(membership)) if membership.standing == Standing::Waiting)
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorCode {
    result.unwrap_err().code()
}

/// A member makes or takes back an invitation, as a mutation does.
async fn as_member<T: Send + 'static>(
    village: &Village,
    member: MemberId,
    id: MutationId,
    work: impl FnOnce(&mut Writing<'_>, &crate::policy::Actor) -> Result<T, crate::writing::Failure> + Send + 'static,
) -> Result<T, Error> {
    let community = village.community;
    let write = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
        let actor = directory::find(conn, community, member)?.unwrap().actor;
        let run = Writing::run(conn, clock, community, Some(id), 100, |writing| work(writing, &actor));
        Ok(run?.0)
    };
    village.world.write(village.scope(), write).await
}

fn creation(change: impl FnOnce(&mut InvitationCreation)) -> InvitationCreation {
    let code_hash = crate::secrets::to_hex(&crate::secrets::sha256(uuid::Uuid::new_v4().as_bytes()));
    let mut creation =
        InvitationCreation {
            code_hash, entry: None, uses: 1, days: 30, note: "花子さんへ".into(), to_company: false
        };
    change(&mut creation);
    creation
}

both_engines! {
    async fn the_right_fact_joins_at_once_and_a_repeat_gets_the_same_answer(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let place = village.invite(|making| making.entry = Some(entry)).await;
        let wish = acceptance(Some("1985年4月8日"));
        let first = village.accept(place, HANAKO, &wish).await.unwrap();
        assert!(joined(&first), "{first:?}");
        assert_eq!(village.accept(place, HANAKO, &wish).await.unwrap(), first);
        assert_eq!(village.number("SELECT used FROM invitation").await, 1);
        let mails = village.world.mails().await;
        assert!(mails.iter().any(|(to, what)| to == "hanako.sato@example.com" && what.contains("joined_as_you")));
    }

    async fn a_single_invitation_is_used_once(db: TestDatabase) {
        let village = village(&db).await;
        let place = village.invite(|_| ()).await;
        assert!(joined(&village.accept(place, HANAKO, &acceptance(Some(BORN))).await.unwrap()));
        let second = village.accept(place, "other@example.jp", &acceptance(Some(BORN))).await;
        assert_eq!(code(second), ErrorCode::InvitationUsed);
        let again = village.accept(place, HANAKO, &acceptance(None)).await.unwrap();
        assert!(joined(&again), "who is in already is told so");
    }

    async fn five_wrong_facts_lead_to_somebody_who_decides(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let place = village.invite(|making| making.entry = Some(entry)).await;
        for day in 1..=5 {
            let wrong = acceptance(Some(&format!("1985-04-0{day}")));
            for _ in 0..2 {
                let answer = village.accept(place, HANAKO, &wrong).await.unwrap();
                assert_eq!(answer, Answer::Refused(ErrorCode::FactWrong), "the same wrong fact again is no other guess");
            }
        }
        let right = village.accept(place, HANAKO, &acceptance(Some(BORN))).await.unwrap();
        assert!(waits(&right), "after five guesses also the right fact waits: {right:?}");
        assert_eq!(village.number("SELECT count(*) FROM join_request").await, 1);
    }

    async fn without_the_fact_somebody_decides(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let place = village.invite(|making| making.entry = Some(entry)).await;
        let wish = acceptance(None);
        let first = village.accept(place, HANAKO, &wish).await.unwrap();
        assert!(waits(&first));
        assert_eq!(village.accept(place, HANAKO, &wish).await.unwrap(), first);
        let decision = JoinDecision { request: wish.id, accept: true };
        let owner = village.owner;
        as_member(&village, owner, MutationId(uuid::Uuid::new_v4()), move |writing, actor| {
            membership::decide_join(writing, actor, &decision)
        }).await.unwrap();
        assert!(joined(&village.accept(place, HANAKO, &wish).await.unwrap()), "a repeat says what is so now");
    }

    async fn a_colleagues_invitation_is_matched_by_name_and_fact(db: TestDatabase) {
        let village = village(&db).await;
        let (colleague, _) = village.member("colleague@example.jp", "田中", Role::Member).await;
        let place = village.invite(|making| making.inviter = colleague).await;
        let mut stranger = acceptance(Some(BORN));
        stranger.name = PersonName { family: "田中".into(), given: "太郎".into() };
        let answer = village.accept(place, HANAKO, &stranger).await.unwrap();
        assert_eq!(answer, Answer::Refused(ErrorCode::FactWrong), "the fact is not enough without the name");
        assert!(joined(&village.accept(place, HANAKO, &acceptance(Some(BORN))).await.unwrap()));
    }

    async fn nobody_joins_twice_as_one_person(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let first = village.invite(|making| making.entry = Some(entry)).await;
        let second = village.invite(|making| making.entry = Some(entry)).await;
        assert!(joined(&village.accept(first, HANAKO, &acceptance(Some(BORN))).await.unwrap()));
        assert!(waits(&village.accept(second, "other@example.jp", &acceptance(Some(BORN))).await.unwrap()));
    }

    async fn without_a_registry_everybody_waits(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let place = village.invite(|_| ()).await;
        let now_us = village.world.clock.now_us();
        let shown = db.read(village.scope(), move |conn| preview(conn, now_us, place)).await.unwrap();
        assert_eq!(shown.fact, None);
        assert!(waits(&village.accept(place, HANAKO, &acceptance(Some(BORN))).await.unwrap()));
    }

    async fn an_invitation_ends_by_time_by_its_maker_and_with_its_maker(db: TestDatabase) {
        let village = village(&db).await;
        let (member, _) = village.member("member@example.jp", "田中", Role::Member).await;
        let old = village.invite(|making| making.days = 1).await;
        let orphan = village.invite(|making| making.inviter = member).await;
        village.world.wait_us(24 * 60 * MINUTE_US);
        let wish = acceptance(Some(BORN));
        assert_eq!(code(village.accept(old, HANAKO, &wish).await), ErrorCode::InvitationExpired);
        let community = village.community;
        let end = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            Ok(Writing::by_server(conn, clock, community, |writing| membership::end(writing, member))?)
        };
        village.world.write(village.scope(), end).await.unwrap();
        assert_eq!(code(village.accept(orphan, HANAKO, &wish).await), ErrorCode::InvitationRevoked);
        let unknown = crate::invitations::Place { invitation: InvitationId(uuid::Uuid::new_v4()), ..old };
        assert_eq!(code(village.accept(unknown, HANAKO, &wish).await), ErrorCode::InvitationUnknown);
    }

    async fn a_scanner_that_opens_every_link_changes_nothing(db: TestDatabase) {
        let village = village(&db).await;
        let place = village.invite(|_| ()).await;
        let now_us = village.world.clock.now_us();
        for _ in 0..20 {
            // A read's transaction cannot write; that it is one is what this says.
            let shown = db.read(village.scope(), move |conn| preview(conn, now_us, place)).await.unwrap();
            assert_eq!((shown.state, shown.fact), (InvitationState::Open, Some(Fact::BirthDate)));
        }
        assert_eq!(village.number("SELECT used + wrong FROM invitation").await, 0);
    }

    async fn a_member_invites_one_and_takes_it_back(db: TestDatabase) {
        let village = village(&db).await;
        let (member, _) = village.member("member@example.jp", "田中", Role::Member).await;
        let entry = village.entry("17-00001").await;
        let id = || MutationId(uuid::Uuid::new_v4());
        for beyond in [creation(|creation| creation.uses = 2), creation(|creation| creation.entry = Some(entry))] {
            let made = as_member(&village, member, id(), move |writing, actor| create(writing, actor, &beyond)).await;
            assert_eq!(code(made), ErrorCode::NotAllowed);
        }
        let made = id();
        let one = creation(|_| ());
        as_member(&village, member, made, move |writing, actor| create(writing, actor, &one)).await.unwrap();
        let own = "SELECT count(*) FROM change WHERE kind = 'own_invitation' AND body IS NOT NULL";
        assert_eq!(village.number(own).await, 1);
        let (other, _) = village.member("other@example.jp", "高橋", Role::Member).await;
        let revoking = InvitationRevoking { invitation: made.into() };
        let theirs = revoking.clone();
        let by_other = as_member(&village, other, id(), move |writing, actor| revoke(writing, actor, &theirs)).await;
        assert_eq!(code(by_other), ErrorCode::NotFound, "nobody learns that it exists");
        as_member(&village, member, id(), move |writing, actor| revoke(writing, actor, &revoking)).await.unwrap();
        let place = crate::invitations::Place { community: village.community, invitation: made.into() };
        assert_eq!(code(village.accept(place, HANAKO, &acceptance(Some(BORN))).await), ErrorCode::InvitationRevoked);
    }

    async fn a_printed_code_is_for_one_person_who_can_prove_a_fact_and_not_for_long(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let community = village.community;
        let printed = |change: fn(&mut crate::invitations::Making)| {
            let mut making = crate::invitations::Making {
                id: InvitationId(uuid::Uuid::new_v4()),
                code_hash: crate::secrets::sha256(uuid::Uuid::new_v4().as_bytes()),
                inviter: village.owner,
                entry: Some(entry),
                affiliation: enishi_protocol::membership::Affiliation::Alumnus,
                uses: 1,
                days: 60,
                note: String::new(),
                printed: true,
                quiet: false,
            to_company: false,
            };
            change(&mut making);
            let make = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
                Ok(Writing::by_server(conn, clock, community, |writing| crate::invitations::make(writing, &making))?)
            };
            village.world.write(village.scope(), make)
        };
        assert_eq!(code(printed(|making| making.entry = None).await), ErrorCode::Malformed);
        assert_eq!(code(printed(|making| making.uses = 2).await), ErrorCode::Malformed);
        assert_eq!(code(printed(|making| making.days = 61).await), ErrorCode::Malformed);
        printed(|_| ()).await.unwrap();
        let forget = |conn: &mut dyn Connection| {
            conn.execute("UPDATE entry SET employee_number = NULL, birth_date = NULL", &[])
        };
        db.write(village.scope(), forget).await.unwrap();
        assert_eq!(code(printed(|_| ()).await), ErrorCode::FactMissing);
    }

    async fn guessing_printed_codes_ends_for_the_network_that_guesses_and_for_no_other(db: TestDatabase) {
        use crate::invitations::guessing::{allow, missed};
        let village = village(&db).await;
        let scope = crate::db::Scope::Accounts;
        let now_us = village.world.clock.now_us();
        let may = async |network: &'static [u8]| {
            db.read(scope, move |conn| allow(conn, now_us, Some(network))).await.map_err(|error| error.code())
        };
        let miss = async |network: &'static [u8]| {
            db.write(scope, move |conn| missed(conn, now_us, Some(network))).await.unwrap();
        };
        for _ in 0..enishi_protocol::limits::PRINTED_MISSES_PER_NETWORK {
            assert_eq!(may(b"guesser").await, Ok(()));
            miss(b"guesser").await;
        }
        assert_eq!(may(b"guesser").await, Err(ErrorCode::RateLimited));
        assert_eq!(may(b"reader").await, Ok(()));
        miss(b"second").await;
        let crowd = |conn: &mut dyn Connection| conn.execute("UPDATE try_count SET tries = 2000 WHERE tries > 20", &[]);
        db.write(scope, crowd).await.unwrap();
        assert_eq!(may(b"second").await, Err(ErrorCode::RateLimited), "in a crowd there is no second try");
        assert_eq!(may(b"reader").await, Ok(()), "whoever types it right is not held up");
    }

    async fn limits_stand_before_every_invitation(db: TestDatabase) {
        let village = village(&db).await;
        let owner = village.owner;
        for (wrong, expected) in [
            (creation(|creation| creation.uses = 501), ErrorCode::Malformed),
            (creation(|creation| creation.days = 0), ErrorCode::Malformed),
            (creation(|creation| creation.days = i64::MAX), ErrorCode::Malformed),
            (creation(|creation| creation.code_hash = "zz".into()), ErrorCode::Malformed),
            (creation(|creation| creation.note = "あ".repeat(1_001)), ErrorCode::TextTooLong),
        ] {
            let made = as_member(&village, owner, MutationId(uuid::Uuid::new_v4()), move |writing, actor| create(writing, actor, &wrong));
            assert_eq!(code(made.await), expected);
        }
        let place = village.invite(|_| ()).await;
        let mut nameless = acceptance(None);
        nameless.name.family = " ".into();
        assert_eq!(code(village.accept(place, HANAKO, &nameless).await), ErrorCode::NameInvalid);
    }

    async fn a_changed_address_in_the_registry_moves_no_sign_in(db: TestDatabase) {
        let village = village(&db).await;
        let entry = village.entry("17-00001").await;
        let place = village.invite(|making| making.entry = Some(entry)).await;
        assert!(joined(&village.accept(place, HANAKO, &acceptance(Some(BORN))).await.unwrap()));
        village.registry(&[("17-00001", "佐藤　花子", "1985/04/08", "somebody.else@example.com")]).await;
        let sql = "SELECT count(*) FROM address WHERE address = 'somebody.else@example.com'";
        assert_eq!(village.number(sql).await, 0);
        let phone = crate::testing::Phone::new();
        let (_, account) = village.world.sign_in(&phone, HANAKO).await;
        assert_eq!(crate::accounts::memberships::list(&db, account).await.unwrap().len(), 1);
    }

    async fn another_accounts_repeat_is_another_acceptance(db: TestDatabase) {
        let village = village(&db).await;
        let place = village.invite(|making| making.uses = 2).await;
        let wish = acceptance(None);
        assert!(waits(&village.accept(place, HANAKO, &wish).await.unwrap()));
        let taken = village.accept(place, "other@example.jp", &wish).await;
        assert_eq!(code(taken), ErrorCode::AlreadyExists, "an id made elsewhere is not shared");
    }
}
