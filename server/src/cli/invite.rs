//! `invite`: the link is printed once; only its hash is kept. By mail and by letters, for many at once.

use super::{CliError, letters, mailing, whom};
use crate::{
    accounts::{self, address},
    config::Config,
    db::{Connection, Database, Scope},
    directory,
    error::{Error, Result as Done},
    invitations::{self, Making, code},
    outreach::inviting::Inviting,
    registry::matching,
    running,
    surroundings::{RealSurroundings, Surroundings},
    values,
    writing::Writing,
};
use clap::Args;
use enishi_protocol::{
    CommunityId, EntryId, ErrorCode, InvitationId, Language, MemberId,
    invitations::shown_code,
    limits::{INVITATION_DAYS, INVITATION_DAYS_MAX},
    membership::Affiliation,
};
use std::path::PathBuf;

#[derive(Args, Clone, Debug)]
pub(super) struct Invite {
    /// Into which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// For the registry entry with this employee number
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["entry", "counted"])]
    employee_number: Option<String>,
    /// For this registry entry
    #[arg(long, value_name = "ID", conflicts_with = "counted")]
    entry: Option<EntryId>,
    /// How many it may bring in
    #[arg(long, value_name = "N", default_value_t = 1)]
    counted: i64,
    /// How many days it is good
    #[arg(long, value_name = "N", default_value_t = INVITATION_DAYS)]
    days: i64,
    /// With a short code that people can type from a letter; for a registry entry alone, at most 60 days
    #[arg(long, conflicts_with = "counted")]
    printed: bool,
    /// How those belong who are let in: alumnus or employee
    #[arg(long, default_value = "alumnus", value_parser = affiliation)]
    affiliation: Affiliation,
    /// For whom, to recognise it by
    #[arg(long, default_value = "")]
    note: String,
    /// The address of the member who invites [default: the owner]
    #[arg(long, value_name = "ADDRESS")]
    by: Option<String>,
    /// Invite the entry, or each of a segment, by mail to the address that the registry knows; nobody twice
    #[arg(long, conflicts_with_all = ["printed", "counted"])]
    mail: bool,
    /// Make a letter to print for the entry, or each of a segment, with a short code
    #[arg(long, conflicts_with_all = ["mail", "printed", "counted"])]
    letter: bool,
    /// The folder that letters are written to
    #[arg(long, value_name = "DIR", requires = "letter")]
    to: Option<PathBuf>,
    /// In which language the mail or letter is: ja or en
    #[arg(long, default_value = "ja", value_parser = language)]
    language: Language,
    #[command(flatten)]
    leavers: whom::Leavers,
}

fn affiliation(text: &str) -> Result<Affiliation, String> {
    Affiliation::named(text).ok_or_else(|| "one of alumnus, employee".into())
}

fn language(text: &str) -> Result<Language, String> {
    match text {
        "ja" => Ok(Language::Ja),
        "en" => Ok(Language::En),
        _ => Err("one of ja, en".into()),
    }
}

/// That an invitation may be good for so many days.
pub(super) fn check_days(days: i64) -> Result<(), CliError> {
    let longest = (1..=INVITATION_DAYS_MAX).contains(&days);
    if longest { Ok(()) } else { Err(CliError::Given(format!("--days: 1 to {INVITATION_DAYS_MAX}"))) }
}

/// Invites by mail or letter.
async fn reach(config: &Config, database: &Database, invite: Invite) -> Result<(), CliError> {
    let community = invite.community;
    check_days(invite.days)?;
    let one = whom::entry(database, community, invite.employee_number.clone(), invite.entry).await?;
    if one.is_none() && invite.leavers.is_empty() {
        let text = "name whom: --employee-number, --entry, --left-from, --left-to, --all-with-address or --all-without-address";
        return Err(CliError::Given(text.into()));
    }
    let pages = whom::Pages::new(community, one, invite.leavers.segment()?);
    let (days, language, letter, to) = (invite.days, invite.language, invite.letter, invite.to.clone());
    let by = move |conn: &mut dyn Connection| inviter(conn, &invite);
    let inviter = database.read(Scope::Community(community), by).await?;
    let inviting = Inviting { inviter, days, language };
    if letter {
        return letters::make((config, database), community, pages, &inviting, &letters::folder(to)?).await;
    }
    mailing::invite(database, community, pages, inviting).await
}

pub(super) async fn run(config: &Config, invite: Invite) -> Result<(), CliError> {
    let database = running::open(config).await?;
    if invite.mail || invite.letter {
        return reach(config, &database, invite).await;
    }
    if !invite.leavers.is_empty() {
        return Err(CliError::Given("a segment of leavers is invited with --mail or --letter".into()));
    }
    let printed = invite.printed;
    let code = if printed { code::new_printed(&RealSurroundings) } else { code::new(&RealSurroundings) };
    let code_hash = code::hash(&code);
    let scope = Scope::Community(invite.community);
    database.write(scope, move |conn| write(conn, &invite, code_hash)).await?;
    println!("{}", config.link(&code));
    if printed {
        println!("{}", shown_code(&code));
    }
    Ok(())
}

fn write(conn: &mut dyn Connection, invite: &Invite, code_hash: [u8; 32]) -> Done<()> {
    let entry = match &invite.employee_number {
        Some(number) => Some(matching::by_number(conn, invite.community, number)?.ok_or(ErrorCode::NotFound)?),
        None => invite.entry,
    };
    let inviter = inviter(conn, invite)?;
    let making = Making {
        id: InvitationId(RealSurroundings.new_id()),
        code_hash,
        inviter,
        entry,
        affiliation: invite.affiliation,
        uses: invite.counted,
        days: invite.days,
        note: invite.note.clone(),
        printed: invite.printed,
        quiet: false,
        to_company: false,
    };
    Writing::by_server(conn, &RealSurroundings, invite.community, |writing| invitations::make(writing, &making))?;
    Ok(())
}

fn inviter(conn: &mut dyn Connection, invite: &Invite) -> Done<MemberId> {
    let Some(address) = &invite.by else {
        let sql = "SELECT id FROM member WHERE community = $1 AND role = 'owner' AND standing = 'active' \
                   ORDER BY joined_us, id LIMIT 1";
        let row = conn.first(sql, values![invite.community])?.ok_or(Error::Refused(ErrorCode::NotFound))?;
        return Ok(row.get(0)?);
    };
    let address = address::fold(address).ok_or(ErrorCode::AddressInvalid)?;
    let account = accounts::by_address(conn, &address)?.ok_or(ErrorCode::NotFound)?;
    let member = directory::of_account(conn, invite.community, account)?.ok_or(ErrorCode::NotFound)?;
    Ok(member.actor.id)
}
