//! The printed recovery code.

use super::{HANAKO, code};
use crate::{
    accounts::{
        attempts::Asker,
        codes, devices,
        recovery_codes::{self, Code, Spending},
        sessions, ways,
    },
    both_engines,
    db::{Connection, Scope, testing::TestDatabase},
    error::{Error, Result},
    secrets,
    surroundings::{RealSurroundings, Surroundings},
    testing::{Phone, World},
};
use enishi_protocol::{AccountId, ErrorCode, RequestId, account::NoticeEvent, account::recovery_code};

pub(super) fn new_code() -> String {
    recovery_code(&secrets::random(&RealSurroundings))
}

fn id() -> RequestId {
    RequestId(RealSurroundings.new_id())
}

impl World {
    pub(super) async fn make_code(&self, token: &str, id: RequestId, text: &str) -> Result<()> {
        let (asking, code) = (self.whose(token).await.unwrap(), Code::read(text)?);
        let salt = secrets::random(&RealSurroundings);
        let hash = codes::hash(&code.secret, &salt)?;
        let set = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            recovery_codes::set(conn, clock, &asking, id, &code, (&salt, &hash))
        };
        self.write(Scope::Accounts, set).await
    }

    pub(super) async fn use_code(&self, phone: &Phone, asker: Asker, text: &str) -> Result<(String, AccountId)> {
        let (phone, code) = (phone.clone(), Code::read(text)?);
        let counted = code.clone();
        let begin = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            recovery_codes::begin(conn, clock.now_us(), &asker, &counted)
        };
        let salt = self.write(Scope::Accounts, begin).await?;
        let secret_hash = codes::hash(&code.secret, &salt)?;
        let device = devices::Naming::read(phone.device, "花子の電話").map_err(Error::from)?;
        let spending = Spending { attempt: phone.attempt, secret: phone.secret, code, secret_hash, device };
        let spend =
            move |conn: &mut dyn Connection, clock: &dyn Surroundings| recovery_codes::spend(conn, clock, &spending);
        self.write(Scope::Accounts, spend).await
    }
}

both_engines! {
    async fn a_printed_code_signs_in_once_and_a_lost_reply_locks_nobody_out(db: TestDatabase) {
        let world = World::new(&db);
        let (token, account) = world.sign_in(&Phone::new(), HANAKO).await;
        let text = new_code();
        world.make_code(&token, id(), &text).await.unwrap();
        let (new, other) = (Phone::new(), Phone::new());
        let first = world.use_code(&new, Asker::default(), &text.to_lowercase()).await.unwrap();
        let second = world.use_code(&new, Asker::default(), &text).await.unwrap();
        assert_eq!((first.1, &first.0), (account, &second.0));
        world.whose(&first.0).await.unwrap();
        assert_eq!(code(world.use_code(&other, Asker::default(), &text).await), ErrorCode::RecoveryCodeWrong);
        let copied = Phone { secret: [7; 32], ..new.clone() };
        assert_eq!(code(world.use_code(&copied, Asker::default(), &text).await), ErrorCode::RecoveryCodeWrong);
        let asking = world.whose(&token).await.unwrap();
        let told: Vec<_> = world.notices(asking).await.into_iter().map(|notice| notice.event).collect();
        let used = NoticeEvent::RecoveryCodeUsed { device: "花子の電話".into() };
        assert_eq!(told.iter().filter(|event| **event == used).count(), 1, "{told:?}");
        assert!(world.mails_to(HANAKO).await.iter().any(|mail| mail.contains("recovery_code_used")));
    }

    async fn a_new_code_takes_the_place_of_the_old_one_and_a_late_repeat_brings_none_back(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let (old, new, earlier) = (new_code(), new_code(), id());
        world.make_code(&token, earlier, &old).await.unwrap();
        world.wait_us(1);
        let other = world.whose(&world.sign_in(&Phone::new(), HANAKO).await.0).await.unwrap();
        world.make_code(&token, id(), &new).await.unwrap();
        let told = world.notices(other).await;
        assert_eq!(told.iter().map(|notice| &notice.event).collect::<Vec<_>>(), [&NoticeEvent::RecoveryCodeMade]);
        assert!(world.mails_to(HANAKO).await.iter().any(|mail| mail.contains("recovery_code_made")));
        world.make_code(&token, earlier, &old).await.expect("a repeat is answered alike");
        assert_eq!(code(world.use_code(&Phone::new(), Asker::default(), &old).await), ErrorCode::RecoveryCodeWrong);
        world.use_code(&Phone::new(), Asker::default(), &new).await.unwrap();
    }

    async fn a_code_is_guessed_ten_times_an_hour_and_nobody_uses_up_the_tries_of_a_known_device(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let text = new_code();
        world.make_code(&token, id(), &text).await.unwrap();
        let mut guess: [u8; 24] = secrets::random(&RealSurroundings);
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        for (place, character) in text.chars().take(8).enumerate() {
            guess[place] = u8::try_from(alphabet.find(character).unwrap()).unwrap();
        }
        let guess = recovery_code(&guess);
        assert_eq!(guess[..8], text[..8], "the guesser has seen the beginning");
        for _ in 0..10 {
            assert_eq!(code(world.use_code(&Phone::new(), Asker::default(), &guess).await), ErrorCode::RecoveryCodeWrong);
        }
        assert_eq!(code(world.use_code(&Phone::new(), Asker::default(), &text).await), ErrorCode::RateLimited);
        let known = Asker { network: None, token_hash: Some(sessions::hash_of(&token)) };
        world.use_code(&Phone::new(), known, &text).await.expect("a device that was signed in has tries of its own");
    }

    async fn an_account_says_whether_it_has_a_second_way_in(db: TestDatabase) {
        let world = World::new(&db);
        let (token, _) = world.sign_in(&Phone::new(), HANAKO).await;
        let ways = async || {
            let (asking, now_us) = (world.whose(&token).await.unwrap(), world.clock.now_us());
            world.db.read(Scope::Accounts, move |conn| ways::of(conn, now_us, &asking)).await.unwrap()
        };
        assert!(!ways().await.has_second(), "one address and this device");
        let text = new_code();
        world.make_code(&token, id(), &text).await.unwrap();
        assert!(ways().await.recovery_code && ways().await.has_second());
        let (second, _) = world.use_code(&Phone::new(), Asker::default(), &text).await.unwrap();
        let present = ways().await;
        assert!(!present.recovery_code && present.has_second(), "the code is used up, another device is there");
        let asking = world.whose(&token).await.unwrap();
        world.write(Scope::Accounts, move |conn, clock| devices::revoke_others(conn, clock.now_us(), &asking)).await.unwrap();
        assert!(!ways().await.has_second());
        assert_eq!(code(world.whose(&second).await), ErrorCode::SignedOut);
        world.whose(&token).await.expect("the one that asks stays signed in");
    }
}
