//! Communities, registries and members, made as the server's command line makes them.

use crate::{TestPhone, TestServer};
use enishi_protocol::{
    CommunityId, EntryId, InvitationId, Language, MemberId,
    invitations::Fact,
    membership::{Affiliation, Community, CommunityKind, PersonName, Role},
};
use enishi_server::{
    accounts::{self, memberships},
    db::{Connection, Scope},
    error::Error,
    invitations::{self, Making, code},
    membership::{self, Admission},
    registry::{
        import::{self, Prepared},
        matching,
        sheet::Sheet,
    },
    surroundings::{RealSurroundings, Surroundings},
    values,
    writing::Writing,
};

/// A leaver's row in the registry: employee number, name, date of birth.
pub type Leaver<'a> = (&'a str, &'a str, &'a str);

/// 姓 名 as a person writes it.
pub fn name(text: &str) -> PersonName {
    let (family, given) = text.split_once(' ').unwrap_or((text, ""));
    PersonName { family: family.into(), given: given.into() }
}

impl TestServer {
    /// A company's community whose leavers prove themselves by `fact`; nobody is in it yet.
    pub async fn community(&self, name: &str, fact: Fact) -> CommunityId {
        let id = CommunityId(RealSurroundings.new_id());
        let community = Community { name: name.to_owned(), kind: CommunityKind::Company };
        let create = move |conn: &mut dyn Connection| {
            membership::create_community(conn, &RealSurroundings, id, &community)?;
            conn.execute("UPDATE community SET fact = $1 WHERE id = $2", values![fact.as_str(), id])?;
            Ok(())
        };
        self.write(Scope::Community(id), create).await.unwrap();
        id
    }

    /// Makes somebody a member who signs in with that address.
    pub async fn admit(&self, community: CommunityId, address: &str, full_name: &str, role: Role) -> MemberId {
        let (address, name) = (address.to_owned(), name(full_name));
        let member = MemberId(RealSurroundings.new_id());
        let affiliation = if role == Role::Member { Affiliation::Alumnus } else { Affiliation::Employee };
        let admit = move |conn: &mut dyn Connection| -> Result<(), Error> {
            let account = accounts::by_address_or_new(conn, &RealSurroundings, &address, Language::Ja)?;
            let admission = Admission { member, account, name, role, affiliation };
            Writing::by_server(conn, &RealSurroundings, community, |writing| membership::admit(writing, &admission))?;
            memberships::remember(conn, account, community, member)
        };
        self.write(Scope::Community(community), admit).await.unwrap();
        member
    }

    /// A member with a phone that is signed in and in step.
    pub async fn member(&self, community: CommunityId, full_name: &str, role: Role) -> TestPhone {
        let address = format!("{}@example.jp", RealSurroundings.new_id().simple());
        self.admit(community, &address, full_name, role).await;
        let phone = TestPhone::signed_in(self, &address).await;
        phone.in_step().await;
        phone
    }

    /// Brings leavers into the registry.
    pub async fn registry(&self, community: CommunityId, leavers: &[Leaver<'_>]) {
        let rows = leavers.iter().map(|(number, name, born)| format!("{number},{name},{born},2024/03/31\n"));
        let csv: String = ["社員番号,氏名,生年月日,退職年月日\n".to_owned()].into_iter().chain(rows).collect();
        let prepared = Prepared::of(&Sheet::read(csv.as_bytes()).unwrap());
        assert_eq!(prepared.refused, []);
        let import = move |conn: &mut dyn Connection| {
            import::import(conn, &RealSurroundings, community, &prepared.entries, false)
        };
        self.write(Scope::Community(community), import).await.unwrap();
    }

    /// The registry entry with an employee number.
    pub async fn entry(&self, community: CommunityId, number: &str) -> EntryId {
        let number = number.to_owned();
        let find = move |conn: &mut dyn Connection| Ok(matching::by_number(conn, community, &number)?);
        self.write(Scope::Community(community), find).await.unwrap().unwrap()
    }

    /// An invitation by HR for one; its link.
    pub async fn invite(&self, community: CommunityId, inviter: MemberId, entry: Option<EntryId>) -> String {
        let code = code::new(&RealSurroundings);
        let making = Making {
            id: InvitationId(RealSurroundings.new_id()),
            code_hash: code::hash(&code),
            inviter,
            entry,
            affiliation: Affiliation::Alumnus,
            uses: 1,
            days: 30,
            note: String::new(),
            printed: false,
            quiet: false,
            to_company: false,
        };
        let make = move |conn: &mut dyn Connection| -> Result<(), Error> {
            Writing::by_server(conn, &RealSurroundings, community, |writing| invitations::make(writing, &making))?;
            Ok(())
        };
        self.write(Scope::Community(community), make).await.unwrap();
        self.config().link(&code)
    }
}
