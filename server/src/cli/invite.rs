//! `invite`: the link is printed once; only its hash is kept.

use super::CliError;
use crate::{
    accounts::{self, address},
    config::Config,
    db::{Connection, Scope},
    directory,
    error::{Error, Result as Done},
    invitations::{self, Making, code},
    registry::matching,
    running,
    surroundings::{RealSurroundings, Surroundings},
    values,
    writing::Writing,
};
use clap::Args;
use enishi_protocol::{
    CommunityId, EntryId, ErrorCode, InvitationId, MemberId, invitations::shown_code, limits::INVITATION_DAYS,
    membership::Affiliation,
};

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
}

fn affiliation(text: &str) -> Result<Affiliation, String> {
    Affiliation::named(text).ok_or_else(|| "one of alumnus, employee".into())
}

pub(super) async fn run(config: &Config, invite: Invite) -> Result<(), CliError> {
    let database = running::open(config).await?;
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
