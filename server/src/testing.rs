//! Builders for the server's own tests: a clock to set, people, a community with a registry.

use crate::{
    accounts::{
        self, addresses,
        attempts::{self, Asker, Spending, Spent, Wish},
        codes::Code,
        devices,
        employers::{self, Employers},
        memberships, notices,
        sessions::{self, SignedInAs},
    },
    db::{Connection, Database, Scope},
    error::{Error, Result},
    invitations::{self, Making, Place, code},
    membership::{self, Admission},
    registry::{
        import::{self, Prepared},
        sheet::Sheet,
    },
    secrets,
    surroundings::{RealSurroundings, Surroundings},
    writing::Writing,
};
use enishi_protocol::{
    AccountId, AttemptId, CommunityId, DeviceId, EntryId, InvitationId, Language, MemberId, RequestId,
    invitations::Acceptance,
    membership::{Affiliation, Community, CommunityKind, PersonName, Role},
    session::SignInStart,
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A minute, in microseconds.
pub(crate) const MINUTE_US: i64 = 60_000_000;

/// A clock that stands until it is moved, and real randomness.
pub(crate) struct SetClock(AtomicI64);

impl Surroundings for SetClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn random(&self, bytes: &mut [u8]) {
        RealSurroundings.random(bytes);
    }
}

/// A server's inside with nobody in it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) clock: Arc<SetClock>,
}

/// A phone that signs in.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) attempt: AttemptId,
    pub(crate) secret: [u8; 32],
    pub(crate) device: DeviceId,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let secret = secrets::random(&RealSurroundings);
        Self { attempt: AttemptId(RealSurroundings.new_id()), secret, device: DeviceId(RealSurroundings.new_id()) }
    }

    /// The same phone at another attempt.
    pub(crate) fn again(&self) -> Self {
        Self { device: self.device, ..Self::new() }
    }

    pub(crate) fn start(&self, address: &str) -> SignInStart {
        let secret_hash = secrets::to_hex(&secrets::sha256(&self.secret));
        SignInStart { attempt: self.attempt, secret_hash, address: address.into(), language: Language::Ja }
    }
}

impl World {
    pub(crate) fn new(db: &Database) -> Self {
        // 2026-04-01 09:00 in Tokyo.
        Self { db: db.clone(), clock: Arc::new(SetClock(AtomicI64::new(1_775_001_600_000_000))) }
    }

    pub(crate) fn wait_us(&self, us: i64) {
        self.clock.0.fetch_add(us, Ordering::SeqCst);
    }

    /// Runs `work` in one write.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection, &dyn Surroundings) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let clock = self.clock.clone();
        self.db.write(scope, move |conn| work(conn, &*clock)).await
    }

    /// Asks for a code and returns it.
    pub(crate) async fn ask(&self, phone: &Phone, address: &str, asker: Asker) -> Result<String> {
        let wish = Wish::read(&phone.start(address)).map_err(Error::from)?;
        let code = Code::new(&RealSurroundings)?;
        let digits = code.digits.clone();
        self.write(Scope::Accounts, move |conn, clock| attempts::start(conn, clock, &wish, &asker, &code)).await?;
        Ok(digits)
    }

    /// Spends a code.
    pub(crate) async fn spend(&self, phone: &Phone, digits: &str) -> Result<Spent> {
        let (phone, digits) = (phone.clone(), digits.to_owned());
        self.write(Scope::Accounts, move |conn, clock| {
            let salt = attempts::salt(conn, phone.attempt)?;
            let code_hash = accounts::codes::hash(&digits, &salt)?;
            let device = devices::Naming::read(phone.device, "花子の電話").map_err(Error::from)?;
            attempts::spend(conn, clock, &Spending { attempt: phone.attempt, secret: phone.secret, code_hash, device })
        })
        .await
    }

    /// Signs a phone in and returns the session's token.
    pub(crate) async fn sign_in(&self, phone: &Phone, address: &str) -> (String, AccountId) {
        let digits = self.ask(phone, address, Asker::default()).await.unwrap();
        match self.spend(phone, &digits).await.unwrap() {
            Spent::SignedIn { token, account } => (token, account),
            other => panic!("not signed in: {other:?}"),
        }
    }

    /// Whose a token is.
    pub(crate) async fn whose(&self, token: &str) -> Result<SignedInAs> {
        let hash = sessions::hash_of(token);
        let now_us = self.clock.now_us();
        self.db.read(Scope::Accounts, move |conn| sessions::authenticate(conn, now_us, &hash)).await
    }

    /// Asks for a code to add an address; the digits.
    pub(crate) async fn add_address(
        &self,
        asking: SignedInAs,
        phone: &Phone,
        address: &str,
        replaces: Option<&str>,
    ) -> Result<String> {
        let start = enishi_protocol::account::AddressStart {
            attempt: phone.attempt,
            secret_hash: secrets::to_hex(&secrets::sha256(&phone.secret)),
            address: address.into(),
            replaces: replaces.map(str::to_owned),
            language: Language::Ja,
        };
        let wish = addresses::Wish::read(&start).map_err(Error::from)?;
        let code = Code::new(&RealSurroundings)?;
        let digits = code.digits.clone();
        let start = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            addresses::start(conn, clock, &asking, None, &wish, &code)
        };
        self.write(Scope::Accounts, start).await?;
        Ok(digits)
    }

    /// Confirms an address.
    pub(crate) async fn confirm_address(&self, asking: SignedInAs, phone: &Phone, digits: &str) -> Result<()> {
        let employers = Employers::of(&self.db, asking.account).await?;
        let (phone, digits) = (phone.clone(), digits.to_owned());
        let confirm = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            let salt = addresses::salt(conn, phone.attempt)?;
            let code_hash = accounts::codes::hash(&digits, &salt)?;
            let spending = addresses::Spending { attempt: phone.attempt, secret: phone.secret, code_hash };
            addresses::confirm(conn, clock, &asking, &spending, &employers)
        };
        Ok(self.write(Scope::Accounts, confirm).await??)
    }

    /// Removes an address.
    pub(crate) async fn remove_address(&self, asking: SignedInAs, id: RequestId, address: &str) -> Result<()> {
        let employers = Employers::of(&self.db, asking.account).await?;
        let address = address.to_owned();
        let remove = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            addresses::remove(conn, clock, &asking, (id, &address), &employers)
        };
        self.write(Scope::Accounts, remove).await
    }

    /// An account's addresses.
    pub(crate) async fn addresses(&self, account: AccountId) -> Vec<String> {
        self.db.read(Scope::Accounts, move |conn| addresses::of(conn, account)).await.unwrap()
    }

    /// What a device is told and has not shown yet.
    pub(crate) async fn notices(&self, asking: SignedInAs) -> Vec<enishi_protocol::account::Notice> {
        self.db.read(Scope::Accounts, move |conn| notices::unseen(conn, &asking)).await.unwrap()
    }

    /// The mails to an address, in no order.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<String> {
        let mails = self.mails().await.into_iter();
        mails.filter(|(to, _)| to == address).map(|(_, message)| message).collect()
    }

    /// Every queued mail's recipient and message, in no order.
    pub(crate) async fn mails(&self) -> Vec<(String, String)> {
        let sql = "SELECT recipient, message FROM mail ORDER BY recipient, message";
        let rows = self.db.read(Scope::Accounts, move |conn| conn.query(sql, &[])).await.unwrap();
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect()
    }

    /// A community with an owner.
    pub(crate) async fn community(&self) -> Village {
        let community = CommunityId(RealSurroundings.new_id());
        let of = Community { name: "縁商事".into(), kind: CommunityKind::Company };
        let make = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            membership::create_community(conn, clock, community, &of).map_err(Error::from)
        };
        self.write(Scope::Community(community), make).await.unwrap();
        let village = Village { world: self.clone(), community, owner: MemberId(uuid::Uuid::nil()) };
        let owner = village.member("owner@example.jp", "人事", Role::Owner).await;
        Village { owner: owner.0, ..village }
    }
}

/// A community in its world.
#[derive(Clone)]
pub(crate) struct Village {
    pub(crate) world: World,
    pub(crate) community: CommunityId,
    pub(crate) owner: MemberId,
}

impl Village {
    pub(crate) fn scope(&self) -> Scope {
        Scope::Community(self.community)
    }

    /// An active member with an account.
    pub(crate) async fn member(&self, address: &str, family: &str, role: Role) -> (MemberId, AccountId) {
        let (community, address) = (self.community, address.to_owned());
        let name = PersonName { family: family.into(), given: "花子".into() };
        let member = MemberId(RealSurroundings.new_id());
        let admit = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            let account = accounts::by_address_or_new(conn, clock, &address, Language::Ja)?;
            let admission = Admission { member, account, name, role, affiliation: Affiliation::Alumnus };
            Writing::by_server(conn, clock, community, |writing| membership::admit(writing, &admission))?;
            memberships::remember(conn, account, community, member)?;
            Ok((member, account))
        };
        self.world.write(self.scope(), admit).await.unwrap()
    }

    /// Names the former employer's mail domains.
    pub(crate) async fn employer_domains(&self, domains: &[&str]) {
        let domains = employers::read(&domains.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        let community = self.community;
        let set = move |conn: &mut dyn Connection, _: &dyn Surroundings| employers::set(conn, community, &domains);
        self.world.write(self.scope(), set).await.unwrap();
    }

    /// Brings rows into the registry: number, name, date of birth, address.
    pub(crate) async fn registry(&self, rows: &[(&str, &str, &str, &str)]) {
        let mut csv = "社員番号,氏名,生年月日,退職年月日,メールアドレス（個人）\n".to_owned();
        for (number, name, birth, address) in rows {
            csv.extend([number, name, birth, "2024/03/31", address].join(",").chars().chain(['\n']));
        }
        let prepared = Prepared::of(&Sheet::read(csv.as_bytes()).unwrap());
        assert_eq!(prepared.refused, []);
        let community = self.community;
        let import = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            import::import(conn, clock, community, &prepared.entries, false)
        };
        self.world.write(self.scope(), import).await.unwrap();
    }

    /// The registry entry of an employee number.
    pub(crate) async fn entry(&self, number: &str) -> EntryId {
        let (community, number) = (self.community, number.to_owned());
        let find = move |conn: &mut dyn Connection| crate::registry::matching::by_number(conn, community, &number);
        self.world.db.read(self.scope(), find).await.unwrap().unwrap()
    }

    /// An invitation, as [`Making`] says after `change`.
    pub(crate) async fn invite(&self, change: impl FnOnce(&mut Making)) -> Place {
        let mut making = Making {
            id: InvitationId(RealSurroundings.new_id()),
            code_hash: code::hash(&code::new(&RealSurroundings)),
            inviter: self.owner,
            entry: None,
            affiliation: Affiliation::Alumnus,
            uses: 1,
            days: 30,
            note: String::new(),
            printed: false,
            quiet: false,
            to_company: false,
        };
        change(&mut making);
        let (community, invitation) = (self.community, making.id);
        let make = move |conn: &mut dyn Connection, clock: &dyn Surroundings| {
            Ok(Writing::by_server(conn, clock, community, |writing| invitations::make(writing, &making))?)
        };
        self.world.write(self.scope(), make).await.unwrap();
        Place { community, invitation }
    }

    /// Accepts an invitation for an address's account.
    pub(crate) async fn accept(
        &self,
        place: Place,
        address: &str,
        acceptance: &Acceptance,
    ) -> Result<invitations::Answer> {
        let (address, acceptance) = (address.to_owned(), acceptance.clone());
        self.world
            .write(self.scope(), move |conn, clock| {
                let account = accounts::by_address_or_new(conn, clock, &address, Language::Ja)?;
                invitations::accept(conn, clock, place, account, &acceptance)
            })
            .await
    }

    /// The first column of a query's first row, as a number.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let row = self.world.db.read(self.scope(), move |conn| conn.first(sql, &[])).await.unwrap();
        row.unwrap().get(0).unwrap()
    }
}

/// An acceptance by 佐藤 花子 with a fact.
pub(crate) fn acceptance(fact: Option<&str>) -> Acceptance {
    Acceptance {
        id: RequestId(RealSurroundings.new_id()),
        name: PersonName { family: "佐藤".into(), given: "花子".into() },
        fact: fact.map(str::to_owned),
        note: String::new(),
        fields: BTreeMap::new(),
        to_inviter: false,
        to_company: false,
    }
}
