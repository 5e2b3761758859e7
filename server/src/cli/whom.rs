//! Which entries of the registry a command is about: one, or a segment, page by page.

use super::CliError;
use crate::{
    db::{Connection, Database, Scope},
    error::{Error, Result as Done},
    outreach::segment::{self, Found, Segment},
    registry::{date, matching},
};
use clap::Args;
use enishi_protocol::{CommunityId, EntryId, ErrorCode};

/// Entries that one transaction is about; others wait for it no longer than that.
const AT_ONCE: i64 = 100;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Leavers {
    /// Those who left on this day or later
    #[arg(long, value_name = "DATE")]
    left_from: Option<String>,
    /// Those who left on this day or earlier
    #[arg(long, value_name = "DATE")]
    left_to: Option<String>,
    /// Those whose address the registry knows
    #[arg(long)]
    all_with_address: bool,
    /// Those whose address the registry does not know
    #[arg(long, conflicts_with = "all_with_address")]
    all_without_address: bool,
}

impl Leavers {
    /// Whether any are named.
    pub(super) fn is_empty(&self) -> bool {
        let Self { left_from, left_to, all_with_address, all_without_address } = self;
        left_from.is_none() && left_to.is_none() && !all_with_address && !all_without_address
    }

    pub(super) fn segment(&self) -> Result<Segment, CliError> {
        let day = |text: &Option<String>| {
            let read = |text: &String| date::read(text).ok_or_else(|| CliError::Given(format!("{text}: not a date")));
            text.as_ref().map(read).transpose()
        };
        let address = match (self.all_with_address, self.all_without_address) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        Ok(Segment { left_from: day(&self.left_from)?, left_to: day(&self.left_to)?, address })
    }
}

/// The entries, page by page.
pub(super) struct Pages {
    community: CommunityId,
    one: Option<EntryId>,
    segment: Segment,
    after: Option<EntryId>,
}

impl Pages {
    /// One entry, where one is named, else a segment.
    pub(super) fn new(community: CommunityId, one: Option<EntryId>, segment: Segment) -> Self {
        Self { community, one, segment, after: Some(EntryId(uuid::Uuid::nil())) }
    }

    /// The next ones; none where there are no more.
    pub(super) async fn next(&mut self, database: &Database) -> Result<Option<Vec<Found>>, CliError> {
        let Some(after) = self.after.take() else { return Ok(None) };
        let (community, one, segment) = (self.community, self.one, self.segment.clone());
        let read = move |conn: &mut dyn Connection| -> Done<Vec<Found>> {
            let Some(id) = one else { return Ok(segment::page(conn, community, &segment, after, AT_ONCE)?) };
            let (entry, member) = matching::load(conn, community, id)?.ok_or(ErrorCode::NotFound)?;
            Ok(vec![Found { id, entry, member }])
        };
        let found = database.read(Scope::Community(community), read).await?;
        if self.one.is_none() {
            self.after = found.last().map(|found| found.id);
        }
        Ok(Some(found).filter(|found| !found.is_empty()))
    }
}

/// The entry of an employee number, or the one that is named by its id; none where neither is given.
pub(super) async fn entry(
    database: &Database,
    community: CommunityId,
    number: Option<String>,
    entry: Option<EntryId>,
) -> Result<Option<EntryId>, CliError> {
    let Some(number) = number else { return Ok(entry) };
    let find = move |conn: &mut dyn Connection| matching::by_number(conn, community, &number);
    let found = database.read(Scope::Community(community), find).await?;
    found.map(Some).ok_or(CliError::Refused(Error::Refused(ErrorCode::NotFound)))
}
