//! Which entries of the registry are meant: a stretch of leaving dates, with or without an address.

use crate::{
    db::{Connection, DbError},
    registry::{Entry, import},
    values,
};
use enishi_protocol::{CommunityId, EntryId, MemberId};

/// Which entries are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Who left on this day (`YYYY-MM-DD`) or later.
    pub left_from: Option<String>,
    /// Who left on this day or earlier.
    pub left_to: Option<String>,
    /// With an address, or without one.
    pub address: Option<bool>,
}

/// An entry with the member that joined as it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which one.
    pub id: EntryId,
    /// What it says.
    pub entry: Entry,
    /// Who joined as it.
    pub member: Option<MemberId>,
}

/// Entries of a segment by their id, from after one on.
///
/// # Errors
/// That the database failed.
pub fn page(
    conn: &mut dyn Connection,
    community: CommunityId,
    segment: &Segment,
    after: EntryId,
    at_once: i64,
) -> Result<Vec<Found>, DbError> {
    let address = match segment.address {
        Some(true) => "AND address <> ''",
        Some(false) => "AND address = ''",
        None => "",
    };
    let sql = format!(
        "SELECT {}, member FROM entry WHERE community = $1 AND id > $2 AND left_date >= $3 AND left_date <= $4 {address} \
         ORDER BY id LIMIT $5",
        import::COLUMNS
    );
    let from = segment.left_from.as_deref().unwrap_or_default();
    let to = segment.left_to.as_deref().unwrap_or("9999-99-99");
    let rows = conn.query(&sql, values![community, after, from, to, at_once])?;
    let read = |row: &crate::db::Row| {
        let (id, entry) = import::read(row)?;
        Ok(Found { id, entry, member: row.get(16)? })
    };
    rows.iter().map(read).collect()
}
