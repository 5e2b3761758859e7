//! `community create`, `community set` and `community list`.

use super::CliError;
use crate::{
    accounts::{self, address, employers, memberships},
    config::Config,
    db::{Connection, DbError, Scope},
    directory,
    error::Result as Done,
    membership::{self, Admission},
    running,
    surroundings::{RealSurroundings, Surroundings},
    values,
    writing::Writing,
};
use clap::{Args, Subcommand};
use enishi_protocol::{
    CommunityId, ErrorCode, Language, MemberId,
    invitations::Fact,
    membership::{Affiliation, Community, CommunityKind, PersonName, Role},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a community with its owner, and print its id
    Create(Create),
    /// Change a community
    Set(Set),
    /// List communities: id, kind, name
    List,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Set {
    /// Which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The former employer's mail domain, instead of those there were; may be given several times.
    /// Give an empty one to have none
    #[arg(long, value_name = "DOMAIN", required = true)]
    employer_domain: Vec<String>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Create {
    /// Its name
    #[arg(long)]
    name: String,
    /// What it is: company, university or circle
    #[arg(long, default_value = "company", value_parser = kind)]
    kind: CommunityKind,
    /// The fact that leavers prove who they are with: `birth_date` or `employee_number`
    #[arg(long, default_value = "birth_date", value_parser = fact)]
    fact: Fact,
    /// The former employer's mail domain: an address there is never the only one of somebody who
    /// left. May be given several times
    #[arg(long, value_name = "DOMAIN")]
    employer_domain: Vec<String>,
    /// The address that the owner signs in with
    #[arg(long, value_name = "ADDRESS")]
    owner_address: String,
    /// The owner's name, family name first
    #[arg(long, value_name = "NAME")]
    owner_name: String,
}

fn kind(text: &str) -> Result<CommunityKind, String> {
    CommunityKind::named(text).ok_or_else(|| "one of company, university, circle".into())
}

fn fact(text: &str) -> Result<Fact, String> {
    Fact::named(text).ok_or_else(|| "one of birth_date, employee_number".into())
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), CliError> {
    let database = running::open(config).await?;
    match command {
        Command::Create(create) => {
            let id = CommunityId(RealSurroundings.new_id());
            let domains = domains(&create.employer_domain)?;
            let work = move |conn: &mut dyn Connection| {
                write(conn, &RealSurroundings, id, &create)?;
                employers::set(conn, id, &domains)
            };
            database.write(Scope::Community(id), work).await?;
            println!("{id}");
        }
        Command::Set(set) => {
            let (id, domains) = (set.community, domains(&set.employer_domain)?);
            let work = move |conn: &mut dyn Connection| -> Done<()> {
                directory::community(conn, id)?.ok_or(ErrorCode::NotFound)?;
                employers::set(conn, id, &domains)
            };
            database.write(Scope::Community(id), work).await?;
        }
        Command::List => {
            let sql = "SELECT id, kind, name FROM community ORDER BY name, id";
            let rows = database.read(Scope::Whole, move |conn| conn.query(sql, &[])).await?;
            for row in rows {
                let (id, kind, name): (CommunityId, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                println!("{id}\t{kind}\t{name}");
            }
        }
    }
    Ok(())
}

fn domains(texts: &[String]) -> Result<Vec<String>, CliError> {
    employers::read(texts).map_err(|text| CliError::Given(format!("--employer-domain {text}: not a mail domain")))
}

fn write(conn: &mut dyn Connection, surroundings: &dyn Surroundings, id: CommunityId, create: &Create) -> Done<()> {
    let address = address::fold(&create.owner_address).ok_or(ErrorCode::AddressInvalid)?;
    let (family, given) = create.owner_name.trim().split_once([' ', '　']).unwrap_or((create.owner_name.trim(), ""));
    let name = PersonName { family: family.to_owned(), given: given.trim().to_owned() };
    let community = Community { name: create.name.trim().to_owned(), kind: create.kind };
    membership::create_community(conn, surroundings, id, &community)?;
    choose_fact(conn, id, create.fact)?;
    let account = accounts::by_address_or_new(conn, surroundings, &address, Language::Ja)?;
    let member = MemberId(surroundings.new_id());
    let admission = Admission { member, account, name, role: Role::Owner, affiliation: Affiliation::Employee };
    Writing::by_server(conn, surroundings, id, |writing| membership::admit(writing, &admission))?;
    memberships::remember(conn, account, id, member)
}

fn choose_fact(conn: &mut dyn Connection, id: CommunityId, fact: Fact) -> Result<(), DbError> {
    conn.execute("UPDATE community SET fact = $1 WHERE id = $2", values![fact.as_str(), id]).map(drop)
}
