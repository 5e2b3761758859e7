//! `community create`, `set`, `list`, `welcome` and `members`.

use super::CliError;
use crate::{
    accounts::{self, address, employers, memberships},
    config::Config,
    consents,
    db::{Connection, Database, DbError, Scope},
    directory,
    error::Result as Done,
    membership::{self, Admission},
    moderation, running,
    surroundings::{RealSurroundings, Surroundings},
    values, welcome,
    writing::Writing,
};
use clap::{Args, Subcommand};
use enishi_protocol::{
    CommunityId, ErrorCode, Language, MemberId,
    invitations::Fact,
    limits::JOIN_VOUCHES_MAX,
    membership::{Affiliation, Community, CommunityKind, PersonName, ProfileField, Role},
    moderation::RuleText,
    welcome::WelcomeSetting,
};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a community with its owner, and print its id
    Create(Create),
    /// Change a community
    Set(Set),
    /// List communities: id, kind, name
    List,
    /// Set the words that welcome whoever joins, from a text file; an empty one takes them away
    Welcome(Welcome),
    /// Print the members who consent to being in such a list, as CSV
    Members {
        /// Of which community
        #[arg(long, value_name = "ID")]
        community: CommunityId,
    },
    /// Print the rules of a community, or set them
    Rules(Rules),
}

#[derive(Args, Clone, Debug)]
pub(super) struct Rules {
    /// Which community, by id
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// A TOML file with a `[[rule]]` for each, in order, of `ja` and `en`
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    rule: Vec<RuleText>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Set {
    /// Which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The former employer's mail domain, instead of those there were; may be given several times.
    /// Give an empty one to have none
    #[arg(long, value_name = "DOMAIN", required_unless_present = "vouches")]
    employer_domain: Vec<String>,
    /// How many members let somebody in by vouching who does not prove who they are; 0 for nobody but those on duty
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=JOIN_VOUCHES_MAX))]
    vouches: Option<i64>,
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

#[derive(Args, Clone, Debug)]
pub(super) struct Welcome {
    /// Of which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The text, UTF-8
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
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
                if let Some(vouches) = set.vouches {
                    membership::vouching::choose(conn, id, vouches)?;
                }
                if set.employer_domain.is_empty() { Ok(()) } else { employers::set(conn, id, &domains) }
            };
            database.write(Scope::Community(id), work).await?;
        }
        Command::Welcome(given) => set_welcome(&database, given).await?,
        Command::Members { community } => members(&database, community).await?,
        Command::List => {
            let sql = "SELECT id, kind, name FROM community ORDER BY name, id";
            let rows = database.read(Scope::Whole, move |conn| conn.query(sql, &[])).await?;
            for row in rows {
                let (id, kind, name): (CommunityId, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                println!("{id}\t{kind}\t{name}");
            }
        }
        Command::Rules(asked) => rules(&database, asked).await?,
    }
    Ok(())
}

/// Sets the rules where a file is given, and prints them.
async fn rules(database: &Database, asked: Rules) -> Result<(), CliError> {
    let community = asked.community;
    if let Some(file) = asked.file {
        let text = std::fs::read_to_string(&file).map_err(|error| CliError::File(file.clone(), error))?;
        let read = toml::from_str::<RulesFile>(&text);
        let texts = read.map_err(|error| CliError::Given(format!("{}: {error}", file.display())))?.rule;
        let set = move |conn: &mut dyn Connection| {
            Writing::by_server(conn, &RealSurroundings, community, |writing| {
                moderation::set_rules_by_server(writing, &texts)
            })
        };
        database.write(Scope::Community(community), set).await?;
    }
    let present = database.read(Scope::Community(community), move |conn| {
        directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
        moderation::rules(conn, community)
    });
    for rule in present.await? {
        println!("{}\t{}\t{}", rule.number, rule.ja, rule.en);
    }
    Ok(())
}

fn domains(texts: &[String]) -> Result<Vec<String>, CliError> {
    employers::read(texts).map_err(|text| CliError::Given(format!("--employer-domain {text}: not a mail domain")))
}

async fn set_welcome(database: &Database, given: Welcome) -> Result<(), CliError> {
    let Welcome { community, file } = given;
    let text = std::fs::read_to_string(&file).map_err(|error| CliError::File(file, error))?;
    let setting = WelcomeSetting { text: Some(text) };
    let work = move |conn: &mut dyn Connection| -> Done<()> {
        Writing::by_server(conn, &RealSurroundings, community, |writing| welcome::set_by_server(writing, &setting))?;
        Ok(())
    };
    Ok(database.write(Scope::Community(community), work).await?)
}

/// Members read at once, so that a consent taken back meanwhile counts for those still to come.
const AT_ONCE: i64 = 200;

async fn members(database: &Database, community: CommunityId) -> Result<(), CliError> {
    let mut writer = csv::Writer::from_writer(std::io::stdout());
    let failed = |error: csv::Error| CliError::Given(error.to_string());
    let fields = ProfileField::ALL.iter().map(|field| field.as_str());
    let head = ["member", "family", "given", "affiliation", "employee_number"];
    writer.write_record(head.into_iter().chain(fields)).map_err(failed)?;
    let mut after = None;
    loop {
        let read = move |conn: &mut dyn Connection| consents::members(conn, community, after, AT_ONCE);
        let rows = database.read(Scope::Community(community), read).await?;
        for row in &rows {
            let number = row.employee_number.clone().unwrap_or_default();
            let name = [&row.name.family, &row.name.given].map(|part| cell(part));
            let values =
                ProfileField::ALL.iter().map(|field| row.fields.get(field).map_or_else(String::new, |v| cell(v)));
            let [family, given] = name;
            let fixed = [row.member.to_string(), family, given, row.affiliation.as_str().to_owned(), cell(&number)];
            writer.write_record(fixed.into_iter().chain(values)).map_err(failed)?;
        }
        after = rows.last().map(|row| row.member);
        if after.is_none() {
            return writer.flush().map_err(CliError::Serving);
        }
    }
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
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
