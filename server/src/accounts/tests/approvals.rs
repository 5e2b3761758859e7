//! A new device that one which is signed in lets in.

use super::{HANAKO, code};
use crate::{
    accounts::approvals::{self, Answer},
    both_engines,
    db::{Connection, Scope, testing::TestDatabase},
    error::Result,
    secrets,
    surroundings::Surroundings,
    testing::{MINUTE_US, Phone, World},
};
use enishi_protocol::{ErrorCode, account::ApprovalStart, account::ApprovalView, account::NoticeEvent};

fn start(phone: &Phone) -> ApprovalStart {
    ApprovalStart {
        attempt: phone.attempt,
        secret_hash: secrets::to_hex(&secrets::sha256(&phone.secret)),
        device: phone.device,
        device_name: "花子の新しい電話".into(),
    }
}

impl World {
    pub(super) async fn ask_for_approval(&self, phone: &Phone, network: Option<Vec<u8>>) -> Result<()> {
        let wish = approvals::Wish::read(&start(phone)).unwrap();
        let ask = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            approvals::start(conn, clock, network.as_deref(), &wish)
        };
        self.write(Scope::Accounts, ask).await
    }

    pub(super) async fn approve(&self, token: &str, phone: &Phone) -> Result<()> {
        let (asking, attempt) = (self.whose(token).await.unwrap(), phone.attempt);
        let approve = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            approvals::approve(conn, clock.now_us(), &asking, attempt)
        };
        self.write(Scope::Accounts, approve).await
    }

    pub(super) async fn approved(&self, phone: &Phone) -> Result<Answer> {
        let phone = phone.clone();
        let spend = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            approvals::spend(conn, clock, phone.attempt, &phone.secret)
        };
        self.write(Scope::Accounts, spend).await
    }

    async fn look(&self, token: &str, phone: &Phone, network: Option<Vec<u8>>) -> Result<ApprovalView> {
        let (asking, attempt) = (self.whose(token).await.unwrap(), phone.attempt);
        let now_us = self.clock.now_us();
        let look = move |conn: &mut dyn Connection| approvals::show(conn, now_us, &asking, network.as_deref(), attempt);
        self.db.read(Scope::Accounts, look).await
    }
}

both_engines! {
    async fn a_device_that_is_signed_in_lets_a_new_one_in(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let new = Phone::new();
        for _ in 0..2 {
            world.ask_for_approval(&new, None).await.unwrap();
        }
        assert_eq!(world.approved(&new).await.unwrap(), Answer::Waiting);
        assert_eq!(world.look(&token, &new, None).await.unwrap().device_name, "花子の新しい電話");
        for _ in 0..2 {
            world.approve(&token, &new).await.unwrap();
        }
        let first = world.approved(&new).await.unwrap();
        assert_eq!(first, world.approved(&new).await.unwrap(), "a repeat gets the same token");
        let Answer::SignedIn { token: new_token, account: whose } = first else { panic!("not signed in") };
        assert_eq!(whose, account);
        assert_eq!(world.whose(&new_token).await.unwrap().device, new.device);
        let old = world.whose(&token).await.unwrap();
        let told = world.notices(old).await;
        assert_eq!(told.len(), 1, "once, however often it was repeated");
        assert_eq!(told[0].event, NoticeEvent::NewDevice { device: "花子の新しい電話".into() });
        assert!(world.mails_to(HANAKO).await.iter().any(|mail| mail.contains("new_device")));
    }

    async fn a_photo_of_what_a_device_shows_takes_nothing_over(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let new = Phone::new();
        world.ask_for_approval(&new, None).await.unwrap();
        let thief = Phone { secret: [7; 32], ..new.clone() };
        assert_eq!(code(world.approved(&thief).await), ErrorCode::CodeExpired);
        assert_eq!(code(world.ask_for_approval(&thief, None).await), ErrorCode::CodeExpired);
        world.approve(&token, &new).await.unwrap();
        assert_eq!(code(world.approved(&thief).await), ErrorCode::CodeExpired, "not after it was approved either");
        assert!(matches!(world.approved(&new).await.unwrap(), Answer::SignedIn { .. }));
    }

    async fn one_device_is_let_in_once_and_for_five_minutes(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let (other, _) = world.sign_in(&Phone::new(), "taro@example.jp").await;
        let (new, late) = (Phone::new(), Phone::new());
        world.ask_for_approval(&new, None).await.unwrap();
        world.ask_for_approval(&late, None).await.unwrap();
        world.approve(&token, &new).await.unwrap();
        assert_eq!(code(world.approve(&other, &new).await), ErrorCode::CodeExpired, "it is Hanako's");
        assert_eq!(code(world.look(&other, &new, None).await), ErrorCode::CodeExpired);
        world.wait_us(5 * MINUTE_US);
        assert_eq!(code(world.approve(&token, &late).await), ErrorCode::CodeExpired);
        assert_eq!(code(world.approved(&new).await), ErrorCode::CodeExpired);
    }

    async fn whoever_approves_sees_whether_the_device_is_in_the_same_network(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let (new, local) = (Phone::new(), Phone::new());
        world.ask_for_approval(&new, Some(vec![192, 0, 2, 1])).await.unwrap();
        world.ask_for_approval(&local, None).await.unwrap();
        for (network, same) in [(Some(vec![192, 0, 2, 1]), Some(true)), (Some(vec![192, 0, 2, 9]), Some(false)), (None, None)] {
            assert_eq!(world.look(&token, &new, network).await.unwrap().same_network, same);
        }
        assert_eq!(world.look(&token, &local, Some(vec![192, 0, 2, 1])).await.unwrap().same_network, None);
    }

    async fn one_network_asks_for_so_many_approvals_in_an_hour(db: TestDatabase) {
        let world = World::new(&db);
        for _ in 0..60 {
            world.ask_for_approval(&Phone::new(), Some(vec![1])).await.unwrap();
        }
        assert_eq!(code(world.ask_for_approval(&Phone::new(), Some(vec![1])).await), ErrorCode::RateLimited);
        world.ask_for_approval(&Phone::new(), Some(vec![2])).await.unwrap();
    }
}
