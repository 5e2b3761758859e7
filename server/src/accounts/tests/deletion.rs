//! The end of an account.

use super::{HANAKO, code, recovery_codes::new_code};
use crate::{
    accounts::{attempts::Asker, deletion, notices},
    both_engines,
    db::{Connection, Scope, testing::TestDatabase},
    error::Result,
    surroundings::{RealSurroundings, Surroundings},
    testing::{Phone, Village, World},
};
use enishi_protocol::{
    ErrorCode, RequestId,
    account::{AccountDeletion, Written},
    membership::Role,
};

async fn delete(world: &World, token: &str) -> Result<AccountDeletion> {
    let asking = world.whose(token).await?;
    deletion::check(&world.db, asking.account).await?;
    let wish = AccountDeletion { id: RequestId(RealSurroundings.new_id()), written: Written::Keep };
    let asked = wish.clone();
    let begin =
        move |conn: &mut dyn Connection, clock: &dyn Surroundings| deletion::begin(conn, clock, &asking, &asked);
    world.write(Scope::Accounts, begin).await?;
    Ok(wish)
}

async fn rows(world: &World, sql: &'static str) -> i64 {
    let row = world.db.read(Scope::Accounts, move |conn| conn.first(sql, &[])).await.unwrap();
    row.unwrap().get(0).unwrap()
}

async fn go_on(world: &World) {
    let clock: std::sync::Arc<dyn Surroundings> = world.clock.clone();
    deletion::go_on(&world.db, &clock).await.unwrap();
}

async fn standing(village: &Village) -> i64 {
    village.number("SELECT count(*) FROM member WHERE role = 'member' AND standing = 'ended'").await
}

both_engines! {
    async fn a_deleted_account_leaves_its_communities_and_nothing_but_its_id_behind(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let world = &village.world;
        village.member(HANAKO, "佐藤", Role::Member).await;
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        world.sign_in(&Phone::new(), HANAKO).await;
        let session = world.whose(&token).await.unwrap().session;
        let wish = delete(world, &token).await.unwrap();
        assert_eq!(code(world.whose(&token).await), ErrorCode::SignedOut, "at once, before the job has run");
        assert!(world.mails_to(HANAKO).await.iter().any(|mail| mail.contains("account_deleted")));
        let again = world.db.read(Scope::Accounts, move |conn| deletion::was_begun(conn, &session, &wish)).await;
        assert!(again.unwrap(), "a repeat by the same session is recognised");
        go_on(world).await;
        go_on(world).await;
        assert_eq!(standing(&village).await, 1, "the member left, under their name");
        for sql in [
            "SELECT count(*) FROM address WHERE address = 'hanako@example.jp'",
            "SELECT count(*) FROM account a JOIN account_deletion d ON d.account = a.id",
            "SELECT count(*) FROM session s JOIN account_deletion d ON d.account = s.account",
            "SELECT count(*) FROM device s JOIN account_deletion d ON d.account = s.account",
            "SELECT count(*) FROM account_membership s JOIN account_deletion d ON d.account = s.account",
            "SELECT count(*) FROM account_notice s JOIN account_deletion d ON d.account = s.account",
        ] {
            assert_eq!(rows(world, sql).await, 0, "{sql}");
        }
        assert_eq!(rows(world, "SELECT count(*) FROM account_deletion WHERE done_us IS NOT NULL").await, 1);
        assert_ne!(world.sign_in(&Phone::new(), HANAKO).await.1, account, "the address is free for a new account");
    }

    async fn no_printed_code_and_no_device_that_was_let_in_outlives_its_account(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let text = new_code();
        world.make_code(&token, RequestId(RealSurroundings.new_id()), &text).await.unwrap();
        let late = Phone::new();
        world.ask_for_approval(&late, None).await.unwrap();
        world.approve(&token, &late).await.unwrap();
        delete(&world, &token).await.unwrap();
        assert_eq!(code(world.approved(&late).await), ErrorCode::CodeExpired, "before the job has run, too");
        let used = world.use_code(&Phone::new(), Asker::default(), &text).await;
        assert_eq!(code(used), ErrorCode::RecoveryCodeWrong);
    }

    async fn who_alone_answers_for_a_community_hands_that_on_first(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let world = &village.world;
        let (token, _) = world.sign_in(&Phone::new(), "owner@example.jp").await;
        assert_eq!(code(delete(world, &token).await), ErrorCode::LastOwner);
        world.whose(&token).await.expect("nothing was changed");
        village.member("second@example.jp", "人事", Role::Owner).await;
        delete(world, &token).await.unwrap();
    }

    async fn a_notice_is_shown_once_on_each_device_and_on_none_that_came_later(db: TestDatabase) {
        let world = World::new(&db);
        let phones = [Phone::new(), Phone::new()];
        let first = world.whose(&world.sign_in(&phones[0], HANAKO).await.0).await.unwrap();
        let second = world.whose(&world.sign_in(&phones[1], HANAKO).await.0).await.unwrap();
        world.wait_us(1);
        let third = world.whose(&world.sign_in(&Phone::new(), HANAKO).await.0).await.unwrap();
        assert_eq!(world.notices(first).await.len(), 2);
        assert_eq!(world.notices(second).await.len(), 1);
        assert_eq!(world.notices(third).await.len(), 0, "what was before it is no news to it");
        let shown: Vec<_> = world.notices(first).await.iter().map(|notice| notice.id).collect();
        for _ in 0..2 {
            let shown = shown.clone();
            world.write(Scope::Accounts, move |conn, _| notices::seen(conn, &first, &shown)).await.unwrap();
        }
        assert_eq!(world.notices(first).await.len(), 0);
        assert_eq!(world.notices(second).await.len(), 1, "each device for itself");
    }

    async fn many_new_devices_do_not_flood_the_mail(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let known = crate::accounts::attempts::Asker {
            network: None,
            token_hash: Some(crate::accounts::sessions::hash_of(&token)),
        };
        for _ in 0..9 {
            let phone = Phone::new();
            let digits = world.ask(&phone, HANAKO, known.clone()).await.unwrap();
            world.spend(&phone, &digits).await.unwrap();
        }
        let mails = world.mails_to(HANAKO).await;
        assert_eq!(mails.iter().filter(|mail| mail.contains("new_device")).count(), 6);
        let asking = world.whose(&token).await.unwrap();
        assert_eq!(world.notices(asking).await.len(), 9, "the devices hear of all");
    }
}
