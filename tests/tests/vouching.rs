//! A circle whose members let somebody in together.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{invitations::NewInvitation, sync::engine::Reach};
use enishi_protocol::{
    CommunityId, ErrorCode, Operation,
    invitations::{Fact, JoinVouch},
    membership::{CommunityKind, Role},
    sync::Outcome,
};
use enishi_server::{db::Scope, values};
use enishi_tests::{Place, Raw, TestPhone, TestServer, both_engines};
use std::time::Duration;

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600 + 1);

/// A circle with an owner and members, each with a phone; the owner's is the first.
struct Circle {
    server: TestServer,
    community: CommunityId,
    phones: Vec<TestPhone>,
}

impl Circle {
    async fn at(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let community = server.community("青嶺会", Fact::BirthDate).await;
        let kind = move |conn: &mut dyn enishi_server::db::Connection| {
            let sql = "UPDATE community SET kind = $2 WHERE id = $1";
            Ok(conn.execute(sql, values![community, CommunityKind::Circle.as_str()])?)
        };
        server.write(Scope::Community(community), kind).await.unwrap();
        let mut phones = Vec::new();
        for (name, role) in
            [("世話 役", Role::Owner), ("一条 春", Role::Member), ("二宮 夏", Role::Member), ("三田 秋", Role::Member)]
        {
            phones.push(server.member(community, name, role).await);
        }
        server.clock().pass(WEEK);
        Self { server, community, phones }
    }

    async fn in_step(&self) {
        for phone in &self.phones {
            phone.in_step().await;
        }
    }

    /// Somebody whom a member invited, and who waits.
    async fn asks(&self, inviter: &TestPhone, name: &str) -> TestPhone {
        let made = inviter.community().invite(&NewInvitation::default()).unwrap();
        inviter.in_step().await;
        let address = format!("{}@example.org", uuid::Uuid::new_v4().simple());
        let phone = TestPhone::signed_in(&self.server, &address).await;
        assert!(phone.join(&made.link, name, None).await.unwrap().waiting);
        self.in_step().await;
        phone
    }

    async fn vouches(&self, phone: &TestPhone) {
        let wish = phone.community().vouchings().unwrap().remove(0);
        phone.community().vouch(wish.id).unwrap();
        assert!(phone.community().vouchings().unwrap()[0].pending, "shown at once");
        phone.in_step().await;
        self.in_step().await;
    }
}

both_engines! {
    async fn two_members_let_in_whom_a_third_invited(place: Place) {
        let circle = Circle::at(&place).await;
        let [desk, inviter, one, two] = &circle.phones[..] else { unreachable!() };
        let mut newcomer = circle.asks(inviter, "新田 冬").await;
        let shown = one.community().vouchings().unwrap();
        assert_eq!((shown[0].vouching.name.full().as_str(), shown[0].vouching.needed, shown[0].vouching.vouches), ("新田 冬", 2, 0));
        assert_eq!(one.community().join_requests().unwrap(), [], "members see no more than that");
        // The inviter's own word does not count once more.
        inviter.community().vouch(shown[0].id).unwrap();
        inviter.in_step().await;
        assert_eq!(inviter.community().needs_attention().unwrap().len(), 1);
        circle.vouches(one).await;
        circle.vouches(one).await;
        let request = desk.community().join_requests().unwrap().remove(0).request;
        assert_eq!(request.vouched_by, [one.community().member()], "one who vouches twice is one");
        assert_eq!(two.community().vouchings().unwrap()[0].vouching.vouches, 1);
        let halted = Reach::Halted(ErrorCode::MembershipWaiting);
        newcomer.status("being told to wait", |status| status.reach == halted).await;
        newcomer.restart().await;
        circle.vouches_last(two).await;
        newcomer.client().push();
        newcomer.in_step().await;
        assert_eq!(desk.community().join_requests().unwrap(), []);
        for phone in &circle.phones {
            assert_eq!(phone.community().vouchings().unwrap(), [], "it is over");
        }
        let seen = newcomer.community().directory("", 10).unwrap();
        assert_eq!(seen.len(), 5);
    }

    async fn whoever_came_lately_does_not_vouch_and_the_desk_decides_alone(place: Place) {
        let circle = Circle::at(&place).await;
        let [desk, inviter, one, _] = &circle.phones[..] else { unreachable!() };
        let late = "late@example.jp";
        circle.server.admit(circle.community, late, "後藤 遅", Role::Member).await;
        let joined = |conn: &mut dyn enishi_server::db::Connection| {
            Ok(conn.execute("UPDATE member SET joined_us = joined_us + 604800000000 WHERE family = '後藤'", &[])?)
        };
        circle.server.write(Scope::Community(circle.community), joined).await.unwrap();
        let newcomer = circle.asks(inviter, "新田 冬").await;
        let request = one.community().vouchings().unwrap()[0].id;
        let raw = Raw::signed_in(&circle.server, late).await;
        let vouch = Operation::VouchJoin(JoinVouch { request });
        let outcomes = raw.write(circle.community, std::slice::from_ref(&vouch)).await;
        assert!(matches!(outcomes[0].1, Outcome::Refused(ErrorCode::NotAllowed)), "{outcomes:?}");
        circle.vouches(one).await;
        desk.community().decide(request, None, false).unwrap();
        desk.in_step().await;
        circle.in_step().await;
        assert_eq!(one.community().vouchings().unwrap(), []);
        let kept = circle.server.everything(circle.community).await;
        assert_eq!((kept["join_vouch"].len(), kept["referral"].len()), (0, 0), "nothing of it is kept");
        drop(newcomer);
        let gone = raw.write(circle.community, &[vouch]).await;
        assert!(matches!(gone[0].1, Outcome::Refused(ErrorCode::NotFound)), "{gone:?}");
    }

    async fn a_company_has_nobody_vouch_unless_it_says_so(place: Place) {
        let scene = enishi_tests::Scene::at(&place).await;
        let ask = async |address: &str| {
            let made = scene.taro.community().invite(&NewInvitation::default()).unwrap();
            scene.taro.in_step().await;
            let phone = TestPhone::signed_in(&scene.server, address).await;
            assert!(phone.join(&made.link, "高橋 次郎", None).await.unwrap().waiting);
            scene.hanako.in_step().await;
        };
        ask("one@example.jp").await;
        assert_eq!(scene.hanako.community().vouchings().unwrap(), []);
        let id = scene.community.to_string();
        scene.server.command(&["community", "set", "--community", &id, "--vouches", "1"]).await;
        scene.server.clock().pass(WEEK);
        ask("two@example.jp").await;
        let wish = scene.hanako.community().vouchings().unwrap().remove(0);
        scene.hanako.community().vouch(wish.id).unwrap();
        scene.hanako.in_step().await;
        assert_eq!(scene.hanako.community().directory("高橋", 10).unwrap().len(), 1);
    }
}

impl Circle {
    /// The last one that is needed.
    async fn vouches_last(&self, phone: &TestPhone) {
        let wish = phone.community().vouchings().unwrap().remove(0);
        phone.community().vouch(wish.id).unwrap();
        phone.in_step().await;
        self.in_step().await;
    }
}
