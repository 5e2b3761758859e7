//! Several addresses: added, replaced, removed, and never one that somebody else has.

use super::{HANAKO, another, code};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    surroundings::{RealSurroundings, Surroundings},
    testing::{MINUTE_US, Phone, World},
};
use enishi_protocol::{ErrorCode, RequestId, account::NoticeEvent, limits, membership::Role};

const SECOND: &str = "hanako@example.org";

fn id() -> RequestId {
    RequestId(RealSurroundings.new_id())
}

both_engines! {
    async fn a_second_address_signs_in_to_the_same_account(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        let adding = Phone::new();
        let digits = world.add_address(asking, &adding, " Hanako@EXAMPLE.org ", None).await.unwrap();
        world.add_address(asking, &adding, " Hanako@EXAMPLE.org ", None).await.unwrap();
        assert_eq!(world.mails_to(SECOND).await.len(), 1, "a repeat sends nothing");
        for _ in 0..2 {
            world.confirm_address(asking, &adding, &digits).await.unwrap();
        }
        assert_eq!(world.addresses(account).await, [HANAKO, SECOND]);
        assert_eq!(world.sign_in(&Phone::new(), SECOND).await.1, account);
        let again = world.add_address(asking, &Phone::new(), SECOND, None).await;
        assert_eq!(code(again), ErrorCode::AlreadyExists);
    }

    async fn an_address_is_added_by_the_device_that_asked_alone(db: TestDatabase) {
        let world = World::new(&db);
        let asking = world.whose(&world.sign_in(&Phone::new(), HANAKO).await.0).await.unwrap();
        let thief = world.whose(&world.sign_in(&Phone::new(), "thief@example.jp").await.0).await.unwrap();
        let adding = Phone::new();
        let digits = world.add_address(asking, &adding, SECOND, None).await.unwrap();
        let guessing = Phone { secret: [7; 32], ..adding.clone() };
        for (whose, phone) in [(thief, &adding), (asking, &guessing), (thief, &guessing)] {
            for _ in 0..6 {
                assert_eq!(code(world.confirm_address(whose, phone, &digits).await), ErrorCode::CodeExpired);
            }
        }
        world.confirm_address(asking, &adding, &digits).await.expect("no try was used up");
    }

    async fn five_wrong_codes_or_ten_minutes_end_the_wish_for_an_address(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        let (guessed, late) = (Phone::new(), Phone::new());
        let digits = world.add_address(asking, &guessed, SECOND, None).await.unwrap();
        for _ in 0..5 {
            assert_eq!(code(world.confirm_address(asking, &guessed, &another(&digits)).await), ErrorCode::CodeWrong);
        }
        assert_eq!(code(world.confirm_address(asking, &guessed, &digits).await), ErrorCode::CodeExpired);
        let digits = world.add_address(asking, &late, SECOND, None).await.unwrap();
        world.wait_us(10 * MINUTE_US);
        assert_eq!(code(world.confirm_address(asking, &late, &digits).await), ErrorCode::CodeExpired);
        assert_eq!(world.addresses(account).await, [HANAKO]);
    }

    async fn an_address_that_somebody_has_is_refused_only_to_who_reads_its_mail(db: TestDatabase) {
        let world = World::new(&db);
        let (_, owner) = world.sign_in(&Phone::new(), "taro@example.jp").await;
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        let (known, free) = (Phone::new(), Phone::new());
        let before = world.mails().await.len();
        let digits = world.add_address(asking, &known, "taro@example.jp", None).await.unwrap();
        let between = world.mails().await.len();
        world.add_address(asking, &free, "free@example.jp", None).await.unwrap();
        assert_eq!(world.mails().await.len() - between, between - before, "known and free leave the same traces");
        for phone in [&known, &free] {
            let guessed = world.confirm_address(asking, phone, "x").await;
            assert_eq!(code(guessed), ErrorCode::CodeWrong, "nothing is told before the code is proved");
        }
        for _ in 0..2 {
            assert_eq!(code(world.confirm_address(asking, &known, &digits).await), ErrorCode::AddressTaken);
        }
        assert_eq!(world.addresses(account).await, [HANAKO]);
        assert_eq!(world.addresses(owner).await, ["taro@example.jp"]);
    }

    async fn a_change_of_address_is_told_to_the_old_one_and_to_the_other_devices(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let other = world.whose(&world.sign_in(&Phone::new(), HANAKO).await.0).await.unwrap();
        let asking = world.whose(&token).await.unwrap();
        let adding = Phone::new();
        let digits = world.add_address(asking, &adding, SECOND, Some(HANAKO)).await.unwrap();
        assert_eq!(world.addresses(account).await, [HANAKO], "the old one counts until the new one is proved");
        for _ in 0..2 {
            world.confirm_address(asking, &adding, &digits).await.unwrap();
        }
        assert_eq!(world.addresses(account).await, [SECOND]);
        let mails = world.mails_to(HANAKO).await;
        for kind in ["address_added", "address_removed"] {
            assert_eq!(mails.iter().filter(|mail| mail.contains(kind)).count(), 1, "{kind}: {mails:?}");
        }
        let told: Vec<_> = world.notices(other).await.into_iter().map(|notice| notice.event).collect();
        let (added, removed) = (SECOND.to_owned(), HANAKO.to_owned());
        let expected =
            [NoticeEvent::AddressAdded { address: added }, NoticeEvent::AddressRemoved { address: removed }];
        for event in expected {
            assert!(told.contains(&event), "{told:?}");
        }
        assert!(!world.notices(asking).await.iter().any(|notice| told.contains(&notice.event)), "not the one that did it");
        let stranger = world.sign_in(&Phone::new(), HANAKO).await.1;
        assert_ne!(stranger, account, "the old address leads to this account no more");
    }

    async fn the_last_address_stays_and_a_repeated_removal_removes_nothing_else(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        assert_eq!(code(world.remove_address(asking, id(), HANAKO).await), ErrorCode::LastAddress);
        let first = Phone::new();
        let digits = world.add_address(asking, &first, SECOND, None).await.unwrap();
        world.confirm_address(asking, &first, &digits).await.unwrap();
        let removal = id();
        world.remove_address(asking, removal, SECOND).await.unwrap();
        let second = Phone::new();
        let digits = world.add_address(asking, &second, SECOND, None).await.unwrap();
        world.confirm_address(asking, &second, &digits).await.unwrap();
        world.remove_address(asking, removal, SECOND).await.expect("a repeat is answered alike");
        assert_eq!(world.addresses(account).await, [HANAKO, SECOND], "and removes nothing a second time");
        assert_eq!(code(world.remove_address(asking, id(), "taro@example.jp").await), ErrorCode::NotFound);
        let gone = world.mails_to(SECOND).await;
        assert!(gone.iter().any(|mail| mail.contains("address_removed")), "the removed one is told: {gone:?}");
    }

    async fn an_account_has_so_many_addresses_and_asks_for_so_many_codes(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        for number in 1..limits::ADDRESSES {
            let phone = Phone::new();
            let digits = world.add_address(asking, &phone, &format!("a{number}@example.jp"), None).await.unwrap();
            world.confirm_address(asking, &phone, &digits).await.unwrap();
        }
        assert_eq!(world.addresses(account).await.len(), limits::ADDRESSES);
        assert_eq!(code(world.add_address(asking, &Phone::new(), SECOND, None).await), ErrorCode::TooMany);
        world.add_address(asking, &Phone::new(), SECOND, Some(HANAKO)).await.expect("in the place of another");
        let flood = world.add_address(asking, &Phone::new(), "b@example.jp", Some(HANAKO)).await;
        assert_eq!(code(flood), ErrorCode::RateLimited);
        world.sign_in(&Phone::new(), HANAKO).await;
    }

    async fn an_address_that_was_begun_while_there_was_room_is_not_one_too_many(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        let begun = Phone::new();
        let digits = world.add_address(asking, &begun, SECOND, None).await.unwrap();
        for number in 1..limits::ADDRESSES {
            let phone = Phone::new();
            let digits = world.add_address(asking, &phone, &format!("a{number}@example.jp"), None).await.unwrap();
            world.confirm_address(asking, &phone, &digits).await.unwrap();
        }
        assert_eq!(code(world.confirm_address(asking, &begun, &digits).await), ErrorCode::TooMany);
        assert_eq!(world.addresses(account).await.len(), limits::ADDRESSES);
    }

    async fn an_address_that_many_accounts_want_to_add_is_not_flooded(db: TestDatabase) {
        let world = World::new(&db);
        for number in 0..11 {
            let (token, _) = world.sign_in(&Phone::new(), &format!("a{number}@example.jp")).await;
            let asking = world.whose(&token).await.unwrap();
            let asked = world.add_address(asking, &Phone::new(), SECOND, None).await;
            assert_eq!(asked.err().map(|error| error.code()), (number == 10).then_some(ErrorCode::RateLimited));
        }
        assert_eq!(world.mails_to(SECOND).await.len(), 10);
        assert_eq!(world.sign_in(&Phone::new(), SECOND).await.1, world.sign_in(&Phone::new(), SECOND).await.1);
    }

    async fn an_address_at_the_former_employer_is_never_the_only_one_left(db: TestDatabase) {
        let village = World::new(&db).community().await;
        village.employer_domains(&["aomine.example"]).await;
        let world = &village.world;
        village.member(HANAKO, "佐藤", Role::Member).await;
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let asking = world.whose(&token).await.unwrap();
        let (work, at_work) = (Phone::new(), "hanako@mail.aomine.example");
        let digits = world.add_address(asking, &work, at_work, Some(HANAKO)).await.unwrap();
        for _ in 0..2 {
            let refused = world.confirm_address(asking, &work, &digits).await;
            assert_eq!(code(refused), ErrorCode::OwnAddressNeeded, "not in the place of one's own");
        }
        let beside = Phone::new();
        let digits = world.add_address(asking, &beside, at_work, None).await.unwrap();
        world.confirm_address(asking, &beside, &digits).await.expect("beside one's own it may be");
        assert_eq!(code(world.remove_address(asking, id(), HANAKO).await), ErrorCode::OwnAddressNeeded);
        assert_eq!(world.addresses(account).await, [HANAKO, at_work]);
        world.remove_address(asking, id(), at_work).await.unwrap();
    }
}
