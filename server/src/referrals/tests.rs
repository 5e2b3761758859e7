//! Stories of who is told who brought whom, on both engines.

use super::{set, tell};
use crate::{
    both_engines,
    db::{Connection, testing::TestDatabase},
    directory,
    erasure::{self, What},
    error::Error,
    invitations::Place,
    policy::Actor,
    surroundings::Surroundings,
    testing::{Village, World, acceptance},
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, MemberId,
    invitations::{InvitationTelling, ReferralSetting},
    membership::Role,
};
use std::sync::Arc;

const BORN: &str = "1985-04-08";

struct Brought {
    village: Village,
    inviter: MemberId,
    joiner: MemberId,
    place: Place,
}

async fn brought(db: &TestDatabase) -> Brought {
    let village = World::new(db).community().await;
    village.registry(&[("1", "佐藤　花子", "1985/04/08", "")]).await;
    let (inviter, _) = village.member("taro@example.jp", "田中", Role::Member).await;
    let place = village.invite(|making| making.inviter = inviter).await;
    village.accept(place, "hanako@example.jp", &acceptance(Some(BORN))).await.unwrap();
    let community = village.community;
    let find = move |conn: &mut dyn Connection| {
        let sql = "SELECT id FROM member WHERE community = $1 AND family = '佐藤'";
        conn.first(sql, crate::values![community])
    };
    let joiner = db.read(village.scope(), find).await.unwrap().unwrap().get(0).unwrap();
    Brought { village, inviter, joiner, place }
}

impl Brought {
    async fn does(
        &self,
        member: MemberId,
        work: impl FnOnce(&mut Writing<'_>, &Actor) -> Result<(), Failure> + Send + 'static,
    ) -> Result<(), ErrorCode> {
        let community = self.village.community;
        let write = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            let actor = directory::find(conn, community, member)?.unwrap().actor;
            Writing::by_server(conn, clock, community, |writing| work(writing, &actor))?;
            Ok(())
        };
        self.village.world.write(self.village.scope(), write).await.map_err(|error: Error| error.code())
    }

    async fn sets(&self, to_inviter: bool, to_company: bool) {
        let setting = ReferralSetting { to_inviter: Some(to_inviter), to_company: Some(to_company) };
        self.does(self.joiner, move |writing, actor| set(writing, actor, &setting)).await.unwrap();
    }

    async fn tells(&self, member: MemberId, to_company: bool) -> Result<(), ErrorCode> {
        let telling = InvitationTelling { invitation: self.place.invitation, to_company };
        self.does(member, move |writing, actor| tell(writing, actor, &telling)).await
    }

    /// Whether the inviter, and the company, are told.
    async fn told(&self) -> (bool, bool) {
        let sql = "SELECT count(*) FROM change WHERE kind = 'referral' AND body IS NOT NULL";
        let company = self.village.number(sql).await == 1;
        let sql = "SELECT body FROM change WHERE kind = 'own_invitation' AND body IS NOT NULL";
        let row = self.village.world.db.read(self.village.scope(), move |conn| conn.first(sql, &[])).await.unwrap();
        let body: Vec<u8> = row.unwrap().get(0).unwrap();
        (String::from_utf8(body).unwrap().contains(&self.joiner.to_string()), company)
    }
}

both_engines! {
    async fn each_is_told_as_far_as_those_agreed_whom_it_concerns(db: TestDatabase) {
        let brought = brought(&db).await;
        assert_eq!(brought.told().await, (false, false), "nobody has agreed to anything");
        brought.sets(true, false).await;
        assert_eq!(brought.told().await, (true, false));
        brought.tells(brought.inviter, true).await.unwrap();
        assert_eq!(brought.told().await, (true, false), "the inviter alone is not enough");
        brought.sets(false, true).await;
        assert_eq!(brought.told().await, (false, true), "both agreed that the company is told");
        brought.tells(brought.inviter, false).await.unwrap();
        assert_eq!(brought.told().await, (false, false), "the inviter took it back");
        brought.tells(brought.inviter, true).await.unwrap();
        brought.sets(true, false).await;
        assert_eq!(brought.told().await, (true, false), "whoever joined took it back");
        let own = "SELECT count(*) FROM change WHERE kind = 'own_referral' AND body IS NOT NULL";
        assert_eq!(brought.village.number(own).await, 1, "whoever joined sees who invited them");
    }

    async fn nobody_speaks_for_another(db: TestDatabase) {
        let brought = brought(&db).await;
        for other in [brought.joiner, brought.village.owner] {
            assert_eq!(brought.tells(other, true).await, Err(ErrorCode::NotFound), "nobody learns that it exists");
        }
        let setting = ReferralSetting { to_inviter: Some(true), to_company: None };
        let set = brought.does(brought.inviter, move |writing, actor| set(writing, actor, &setting)).await;
        assert_eq!(set, Err(ErrorCode::NotFound), "nobody brought the inviter");
    }

    async fn erasing_either_leaves_nothing_of_who_brought_whom(db: TestDatabase) {
        for inviter in [false, true] {
            let brought = brought(&db).await;
            brought.sets(true, true).await;
            brought.tells(brought.inviter, true).await.unwrap();
            let (community, scope) = (brought.village.community, brought.village.scope());
            let erased = if inviter { brought.inviter } else { brought.joiner };
            let clock = Arc::clone(&brought.village.world.clock);
            let begin = move |conn: &mut dyn Connection| erasure::erase(conn, &*clock, community, What::Member(erased));
            db.write(scope, begin).await.unwrap();
            loop {
                let clock = Arc::clone(&brought.village.world.clock);
                let sweep = move |conn: &mut dyn Connection| erasure::sweep(conn, &*clock, community);
                if !db.write(scope, sweep).await.unwrap() {
                    break;
                }
            }
            let count = move |conn: &mut dyn Connection| {
                let sql = "SELECT (SELECT count(*) FROM referral WHERE community = $1) + (SELECT count(*) FROM change \
                           WHERE community = $1 AND kind IN ('referral', 'own_referral') AND body IS NOT NULL)";
                conn.first(sql, crate::values![community])
            };
            let left: i64 = db.read(scope, count).await.unwrap().unwrap().get(0).unwrap();
            assert_eq!(left, 0, "inviter: {inviter}");
        }
    }
}
