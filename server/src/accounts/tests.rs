//! Stories of signing in, on both engines.

mod addresses;
mod approvals;
mod deletion;
mod recovery_codes;

use super::{
    attempts::{Asker, Spent},
    devices, sessions,
};
use crate::{
    both_engines,
    db::{Scope, testing::TestDatabase},
    error::Error,
    testing::{MINUTE_US, Phone, World},
};
use enishi_protocol::{DeviceId, ErrorCode};

const HANAKO: &str = "hanako@example.jp";

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorCode {
    result.unwrap_err().code()
}

pub(super) fn another(digits: &str) -> String {
    format!("{:06}", (digits.parse::<u32>().unwrap() + 1) % 1_000_000)
}

both_engines! {
    async fn a_code_signs_in_and_a_lost_reply_locks_nobody_out(db: TestDatabase) {
        let world = World::new(&db);
        let phone = Phone::new();
        let digits = world.ask(&phone, HANAKO, Asker::default()).await.unwrap();
        world.ask(&phone, HANAKO, Asker::default()).await.unwrap();
        assert_eq!(world.mails().await.len(), 1, "a repeat sends nothing");
        let first = world.spend(&phone, &digits).await.unwrap();
        let second = world.spend(&phone, &digits).await.unwrap();
        assert_eq!(first, second);
        let Spent::SignedIn { token, account } = first else { panic!("not signed in") };
        let whose = world.whose(&token).await.unwrap();
        assert_eq!((whose.account, whose.device), (account, phone.device));
    }

    async fn a_code_is_of_no_use_to_who_reads_the_mail(db: TestDatabase) {
        let world = World::new(&db);
        let phone = Phone::new();
        let digits = world.ask(&phone, HANAKO, Asker::default()).await.unwrap();
        let thief = Phone { secret: [7; 32], ..phone.clone() };
        for _ in 0..10 {
            assert_eq!(world.spend(&thief, &digits).await.unwrap(), Spent::Over);
        }
        assert!(matches!(world.spend(&phone, &digits).await.unwrap(), Spent::SignedIn { .. }), "no try was used up");
    }

    async fn five_wrong_codes_end_the_attempt(db: TestDatabase) {
        let world = World::new(&db);
        let phone = Phone::new();
        let digits = world.ask(&phone, HANAKO, Asker::default()).await.unwrap();
        for _ in 0..5 {
            assert_eq!(world.spend(&phone, &another(&digits)).await.unwrap(), Spent::Wrong);
        }
        assert_eq!(world.spend(&phone, &digits).await.unwrap(), Spent::Over);
    }

    async fn a_code_is_good_for_ten_minutes(db: TestDatabase) {
        let world = World::new(&db);
        let (early, late) = (Phone::new(), Phone::new());
        let for_early = world.ask(&early, HANAKO, Asker::default()).await.unwrap();
        let for_late = world.ask(&late, HANAKO, Asker::default()).await.unwrap();
        world.wait_us(10 * MINUTE_US - 1);
        assert!(matches!(world.spend(&early, &for_early).await.unwrap(), Spent::SignedIn { .. }));
        world.wait_us(1);
        assert_eq!(world.spend(&late, &for_late).await.unwrap(), Spent::Over);
        assert_eq!(world.spend(&early, &for_early).await.unwrap(), Spent::Over, "also for a repeat");
    }

    async fn known_and_unknown_addresses_leave_the_same_traces(db: TestDatabase) {
        let world = World::new(&db);
        world.sign_in(&Phone::new(), HANAKO).await;
        let before = world.mails().await.len();
        world.ask(&Phone::new(), HANAKO, Asker::default()).await.unwrap();
        let known = world.mails().await.len() - before;
        world.ask(&Phone::new(), "nobody@example.jp", Asker::default()).await.unwrap();
        assert_eq!(world.mails().await.len() - before - known, known);
        let sql = "SELECT count(*) FROM account";
        let accounts = db.read(Scope::Accounts, move |conn| conn.first(sql, &[])).await.unwrap().unwrap();
        assert_eq!(accounts.get::<i64>(0).unwrap(), 1, "only a spent code makes an account");
    }

    async fn nobody_can_lock_a_known_device_out(db: TestDatabase) {
        let world = World::new(&db);
        let phone = Phone::new();
        let (token, _) = world.sign_in(&phone, HANAKO).await;
        let asker = |network: u8| Asker { network: Some(vec![network]), token_hash: None };
        for network in 0..5 {
            world.ask(&Phone::new(), HANAKO, asker(network)).await.unwrap();
        }
        assert_eq!(code(world.ask(&Phone::new(), HANAKO, asker(9)).await), ErrorCode::RateLimited);
        assert_eq!(code(world.ask(&phone.again(), HANAKO, asker(9)).await), ErrorCode::RateLimited, "it must prove itself");
        let known = Asker { network: Some(vec![9]), token_hash: Some(sessions::hash_of(&token)) };
        world.ask(&phone.again(), HANAKO, known.clone()).await.unwrap();
        // Another address is another count: there the token proves nothing.
        for _ in 0..6 {
            world.ask(&phone.again(), "other@example.jp", known.clone()).await.unwrap();
        }
        assert_eq!(code(world.ask(&phone.again(), "other@example.jp", known).await), ErrorCode::RateLimited);
    }

    async fn one_network_asks_for_so_many_codes_in_an_hour(db: TestDatabase) {
        let world = World::new(&db);
        let asker = Asker { network: Some(vec![192, 0, 2, 1]), token_hash: None };
        for number in 0..60 {
            world.ask(&Phone::new(), &format!("a{number}@example.jp"), asker.clone()).await.unwrap();
        }
        let refused = world.ask(&Phone::new(), "a60@example.jp", asker.clone()).await.unwrap_err();
        assert!(refused.retry_after().is_some_and(|seconds| (1..=3601).contains(&seconds)));
        world.wait_us(60 * MINUTE_US);
        world.ask(&Phone::new(), "a61@example.jp", asker).await.unwrap();
    }

    async fn a_revoked_device_is_signed_out_and_a_repeat_does_not_revive_it(db: TestDatabase) {
        let world = World::new(&db);
        let (old, new) = (Phone::new(), Phone::new());
        let digits = world.ask(&old, HANAKO, Asker::default()).await.unwrap();
        let Spent::SignedIn { token: old_token, .. } = world.spend(&old, &digits).await.unwrap() else { panic!() };
        let (new_token, _) = world.sign_in(&new, HANAKO).await;
        let told = world.mails().await.iter().filter(|(_, message)| message.contains("new_device")).count();
        assert_eq!(told, 1, "the account hears of its second device, not of its first");
        let asking = world.whose(&new_token).await.unwrap();
        let device = old.device;
        for _ in 0..2 {
            world.write(Scope::Accounts, move |conn, clock| devices::revoke(conn, clock.now_us(), &asking, device)).await.unwrap();
        }
        assert_eq!(code(world.whose(&old_token).await), ErrorCode::SignedOut);
        assert_eq!(world.spend(&old, &digits).await.unwrap(), Spent::Over);
        let now_us = crate::surroundings::Surroundings::now_us(&*world.clock);
        let list = db.read(Scope::Accounts, move |conn| devices::list(conn, now_us, &asking)).await.unwrap();
        assert_eq!(list.iter().map(|device| (device.id, device.this)).collect::<Vec<_>>(), [(new.device, true)]);
    }

    async fn a_device_of_somebody_else_is_not_there(db: TestDatabase) {
        let world = World::new(&db);
        let other = Phone::new();
        let (other_token, _) = world.sign_in(&other, "other@example.jp").await;
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        for device in [other.device, DeviceId(uuid::Uuid::new_v4())] {
            let revoked = world.write(Scope::Accounts, move |conn, clock| devices::revoke(conn, clock.now_us(), &asking, device));
            assert_eq!(code(revoked.await), ErrorCode::NotFound);
        }
        world.whose(&other_token).await.unwrap();
    }

    async fn signing_in_again_on_a_phone_ends_its_earlier_session(db: TestDatabase) {
        let world = World::new(&db);
        let phone = Phone::new();
        let (first, account) = world.sign_in(&phone, HANAKO).await;
        let (second, same) = world.sign_in(&phone.again(), " Hanako@EXAMPLE.jp ").await;
        assert_eq!(account, same);
        assert_eq!(code(world.whose(&first).await), ErrorCode::SignedOut);
        world.whose(&second).await.unwrap();
    }

    async fn a_session_that_is_not_used_ends_after_400_days(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        world.wait_us(399 * 24 * 60 * MINUTE_US);
        let seen = world.whose(&token).await.unwrap();
        world.write(Scope::Accounts, move |conn, clock| sessions::seen(conn, clock.now_us(), &seen)).await.unwrap();
        world.wait_us(399 * 24 * 60 * MINUTE_US);
        world.whose(&token).await.unwrap();
        world.wait_us(2 * 24 * 60 * MINUTE_US);
        assert_eq!(code(world.whose(&token).await), ErrorCode::SignedOut);
    }
}
