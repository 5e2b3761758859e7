//! `suppress`: whom nobody writes to.

use super::CliError;
use crate::{
    accounts::address,
    config::Config,
    db::{Connection, Scope},
    directory,
    error::Result as Done,
    mail::letter::day,
    outreach::suppression::{self, Listed, Reason, Whom},
    registry::matching,
    running,
    surroundings::RealSurroundings,
};
use clap::{ArgGroup, Args, Subcommand};
use enishi_protocol::{CommunityId, EntryId, ErrorCode, Language};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write to somebody no more
    Add(Add),
    /// Take somebody off the list again
    Remove(Somebody),
    /// Print the list as CSV: reason, since when, and the entry where one is known
    List {
        /// Of which community
        #[arg(long, value_name = "ID")]
        community: CommunityId,
    },
}

#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("somebody").required(true)))]
pub(super) struct Somebody {
    /// Of which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The registry entry with this employee number, and its address
    #[arg(long, value_name = "NUMBER", group = "somebody")]
    employee_number: Option<String>,
    /// This registry entry, and its address
    #[arg(long, value_name = "ID", group = "somebody")]
    entry: Option<EntryId>,
    /// This address, and the entries that have it
    #[arg(long, value_name = "ADDRESS", group = "somebody")]
    address: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Add {
    #[command(flatten)]
    somebody: Somebody,
    /// Why: declined, objected or deceased
    #[arg(long, value_parser = reason)]
    reason: Reason,
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::named(text).ok_or_else(|| "one of declined, objected, deceased".into())
}

/// Marks read at once.
const AT_ONCE: i64 = 500;

pub(super) async fn run(config: &Config, command: Command) -> Result<(), CliError> {
    let database = running::open(config).await?;
    match command {
        Command::Add(Add { somebody, reason }) => {
            let community = somebody.community;
            let add = move |conn: &mut dyn Connection| -> Done<()> {
                let whom = whom(conn, &somebody)?;
                Ok(suppression::add(conn, &RealSurroundings, community, &whom, reason, true)?)
            };
            database.write(Scope::Community(community), add).await?;
            println!("suppressed: {}", reason.as_str());
        }
        Command::Remove(somebody) => {
            let community = somebody.community;
            let remove = move |conn: &mut dyn Connection| -> Done<u64> {
                let whom = whom(conn, &somebody)?;
                Ok(suppression::remove(conn, community, &whom)?)
            };
            let removed = database.write(Scope::Community(community), remove).await?;
            println!("{}", if removed > 0 { "removed" } else { "was not on the list" });
        }
        Command::List { community } => {
            let mut writer = csv::Writer::from_writer(std::io::stdout());
            let failed = |error: csv::Error| CliError::Given(error.to_string());
            writer.write_record(["reason", "since", "entry", "name"]).map_err(failed)?;
            let mut after: Vec<u8> = Vec::new();
            loop {
                let from = after.clone();
                let read = move |conn: &mut dyn Connection| suppression::list(conn, community, &from, AT_ONCE);
                let listed = database.read(Scope::Community(community), read).await?;
                for line in &listed {
                    writer.write_record(cells(line)).map_err(failed)?;
                }
                let Some(last) = listed.last() else { break };
                after.clone_from(&last.mark);
            }
            writer.flush().map_err(CliError::Serving)?;
        }
    }
    Ok(())
}

fn cells(line: &Listed) -> [String; 4] {
    let (entry, name) = line.entry.clone().map_or_else(Default::default, |(id, name)| (id.to_string(), name));
    [line.reason.as_str().to_owned(), day(line.at_us, Language::En), entry, name]
}

fn whom(conn: &mut dyn Connection, somebody: &Somebody) -> Done<Whom> {
    let community = somebody.community;
    directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    if let Some(text) = &somebody.address {
        let address = address::fold(text).ok_or(ErrorCode::AddressInvalid)?;
        return Ok(Whom::of_address(conn, community, &address)?);
    }
    let entry = match &somebody.employee_number {
        Some(number) => matching::by_number(conn, community, number)?,
        None => somebody.entry,
    };
    let entry = entry.ok_or(ErrorCode::NotFound)?;
    Ok(Whom::of_entry(conn, community, entry)?.ok_or(ErrorCode::NotFound)?)
}
