//! `invite --mail` and `remind`: as many as there are, in steps. A step that was stopped is taken up by the same
//! command given again; nobody gets a second mail by that.

use super::{CliError, invite, whom};
use crate::{
    config::Config,
    db::{Connection, Database, Scope},
    directory,
    error::{Error, Result as Done},
    outreach::{
        inviting::{self, Inviting, Outcome},
        segment::Found,
    },
    running,
    surroundings::RealSurroundings,
    writing::{Failure, Writing},
};
use clap::Args;
use enishi_protocol::{CommunityId, EntryId, ErrorCode, limits::INVITATION_DAYS};
use std::collections::BTreeMap;

/// Days after which somebody may be reminded.
const AFTER_DAYS: i64 = 14;

#[derive(Args, Clone, Debug)]
pub(super) struct Remind {
    /// Into which community they were invited
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// Only the registry entry with this employee number
    #[arg(long, value_name = "NUMBER", conflicts_with = "entry")]
    employee_number: Option<String>,
    /// Only this registry entry
    #[arg(long, value_name = "ID")]
    entry: Option<EntryId>,
    /// Whose mail went out so many days ago or earlier
    #[arg(long, value_name = "N", default_value_t = AFTER_DAYS)]
    after_days: i64,
    /// How many days the invitation is good from now on, at least
    #[arg(long, value_name = "N", default_value_t = INVITATION_DAYS)]
    days: i64,
    #[command(flatten)]
    leavers: whom::Leavers,
}

pub(super) async fn remind(config: &Config, remind: Remind) -> Result<(), CliError> {
    let database = running::open(config).await?;
    let (community, after_days, days) = (remind.community, remind.after_days, remind.days);
    invite::check_days(days)?;
    let one = whom::entry(&database, community, remind.employee_number, remind.entry).await?;
    let pages = whom::Pages::new(community, one, remind.leavers.segment()?);
    each(&database, community, pages, move |writing, found| inviting::remind(writing, found.id, after_days, days)).await
}

/// Invites by mail.
pub(super) async fn invite(
    database: &Database,
    community: CommunityId,
    pages: whom::Pages,
    inviting: Inviting,
) -> Result<(), CliError> {
    each(database, community, pages, move |writing, found| inviting::invite(writing, &inviting, found.id)).await
}

/// Does something with each entry, a page in a transaction, and prints what became of how many.
async fn each(
    database: &Database,
    community: CommunityId,
    mut pages: whom::Pages,
    work: impl Fn(&mut Writing<'_>, &Found) -> Result<Outcome, Failure> + Clone + Send + 'static,
) -> Result<(), CliError> {
    let known = database.read(Scope::Community(community), move |conn| directory::community(conn, community)).await?;
    known.ok_or(Error::Refused(ErrorCode::NotFound))?;
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    while let Some(page) = pages.next(database).await? {
        let work = work.clone();
        let step = move |conn: &mut dyn Connection| -> Done<Vec<Outcome>> {
            let each = |writing: &mut Writing<'_>| page.iter().map(|found| work(writing, found)).collect();
            Ok(Writing::by_server(conn, &RealSurroundings, community, each)?.0)
        };
        for outcome in database.write(Scope::Community(community), step).await? {
            *counts.entry(outcome).or_default() += 1;
        }
    }
    for outcome in Outcome::ALL {
        println!("{}: {}", outcome.as_str(), counts.get(&outcome).copied().unwrap_or_default());
    }
    Ok(())
}
