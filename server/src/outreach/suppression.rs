//! Whom nobody writes to any more: who declined, objected or died.
//!
//! An address and an entry are kept as keyed hashes, and the entry's id beside them. So the list outlives a new
//! import that gives an entry another address, or a person another entry, and says nothing by itself.

use crate::{
    db::{Connection, DbError},
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{CommunityId, EntryId};

type Result<T> = std::result::Result<T, DbError>;

/// Why nobody writes to somebody; the later ones outweigh the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// They declined an invitation.
    Declined,
    /// They objected to being written to at all.
    Objected,
    /// They died.
    Deceased,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Declined, Self::Objected, Self::Deceased];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Objected => "objected",
            Self::Deceased => "deceased",
        }
    }

    /// What that word means.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Who is meant: an address, entries, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// A folded address.
    pub address: Option<String>,
    /// Registry entries.
    pub entries: Vec<EntryId>,
}

impl Whom {
    /// The person of an entry, with the address that the registry knows. None where there is no such entry.
    ///
    /// # Errors
    /// That the database failed.
    pub fn of_entry(conn: &mut dyn Connection, community: CommunityId, entry: EntryId) -> Result<Option<Self>> {
        let sql = "SELECT address FROM entry WHERE community = $1 AND id = $2";
        let Some(row) = conn.first(sql, values![community, entry])? else { return Ok(None) };
        let address: String = row.get(0)?;
        Ok(Some(Self { address: Some(address).filter(|address| !address.is_empty()), entries: vec![entry] }))
    }

    /// An address, with the entries that have it at present.
    ///
    /// # Errors
    /// That the database failed.
    pub fn of_address(conn: &mut dyn Connection, community: CommunityId, address: &str) -> Result<Self> {
        let sql = "SELECT id FROM entry WHERE community = $1 AND address = $2 ORDER BY id";
        let rows = conn.query(sql, values![community, address])?;
        let entries = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
        Ok(Self { address: Some(address.to_owned()), entries })
    }
}

/// Notes that nobody writes to them any more. A reason that is there already stays unless `over` says otherwise.
///
/// # Errors
/// That the database failed.
pub fn add(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    whom: &Whom,
    reason: Reason,
    over: bool,
) -> Result<()> {
    let key = key_or_new(conn, surroundings, community)?;
    let then = if over { "UPDATE SET reason = excluded.reason, at_us = excluded.at_us" } else { "NOTHING" };
    let sql = format!(
        "INSERT INTO suppressed (community, mark, entry, reason, at_us) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, mark) DO {then}"
    );
    let of_address = whom.address.iter().map(|address| (mark(&key, address), whom.entries.first().copied()));
    let of_entries = whom.entries.iter().map(|entry| (mark_of_entry(&key, *entry), Some(*entry)));
    for (mark, entry) in of_address.chain(of_entries) {
        conn.execute(&sql, values![community, mark.as_slice(), entry, reason.as_str(), surroundings.now_us()])?;
    }
    Ok(())
}

/// Takes them off the list. How many marks that were.
///
/// # Errors
/// That the database failed.
pub fn remove(conn: &mut dyn Connection, community: CommunityId, whom: &Whom) -> Result<u64> {
    let Some(key) = key(conn, community)? else { return Ok(0) };
    let mut removed = 0;
    if let Some(address) = &whom.address {
        let sql = "DELETE FROM suppressed WHERE community = $1 AND mark = $2";
        removed += conn.execute(sql, values![community, mark(&key, address).as_slice()])?;
    }
    for entry in &whom.entries {
        let sql = "DELETE FROM suppressed WHERE community = $1 AND entry = $2";
        removed += conn.execute(sql, values![community, *entry])?;
    }
    Ok(removed)
}

/// Why nobody writes to an entry, or to an address; none where one may.
///
/// # Errors
/// That the database failed.
pub fn of(conn: &mut dyn Connection, community: CommunityId, entry: EntryId, address: &str) -> Result<Option<Reason>> {
    let Some(key) = key(conn, community)? else { return Ok(None) };
    let sql = "SELECT reason FROM suppressed WHERE community = $1 AND (mark = $2 OR entry = $3)";
    let rows = conn.query(sql, values![community, mark(&key, address).as_slice(), entry])?;
    let reasons = rows.iter().map(|row| crate::directory::word(row, 0, Reason::named)).collect::<Result<Vec<_>>>()?;
    Ok(reasons.into_iter().max())
}

/// The keyed hash under which an address is known in a community.
///
/// # Errors
/// That the database failed.
pub fn mark_of(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    address: &str,
) -> Result<Hash> {
    Ok(mark(&key_or_new(conn, surroundings, community)?, address))
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The hash that stands for an address or an entry.
    pub mark: Vec<u8>,
    /// The entry that it was noted for, and its name, where there is one.
    pub entry: Option<(EntryId, String)>,
    /// Why.
    pub reason: Reason,
    /// Since when, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// The list, by hash, from after one on.
///
/// # Errors
/// That the database failed.
pub fn list(conn: &mut dyn Connection, community: CommunityId, after: &[u8], at_once: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT suppressed.mark, suppressed.entry, entry.family, entry.given, suppressed.reason, suppressed.at_us \
               FROM suppressed LEFT JOIN entry ON entry.community = suppressed.community AND entry.id = suppressed.entry \
               WHERE suppressed.community = $1 AND suppressed.mark > $2 ORDER BY suppressed.mark LIMIT $3";
    let rows = conn.query(sql, values![community, after, at_once])?;
    let read = |row: &crate::db::Row| {
        let name = [row.get::<Option<String>>(2)?, row.get(3)?].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let entry: Option<EntryId> = row.get(1)?;
        Ok(Listed {
            mark: row.get(0)?,
            entry: entry.map(|entry| (entry, name.trim().to_owned())),
            reason: crate::directory::word(row, 4, Reason::named)?,
            at_us: row.get(5)?,
        })
    };
    rows.iter().map(read).collect()
}

fn mark(key: &[u8], address: &str) -> Hash {
    secrets::hmac(key, &[b"address", address.as_bytes()])
}

fn mark_of_entry(key: &[u8], entry: EntryId) -> Hash {
    secrets::hmac(key, &[b"entry", entry.0.as_bytes()])
}

fn key(conn: &mut dyn Connection, community: CommunityId) -> Result<Option<Vec<u8>>> {
    let row = conn.first("SELECT suppression_key FROM community WHERE id = $1", values![community])?;
    Ok(row.map(|row| row.get(0)).transpose()?.flatten())
}

fn key_or_new(conn: &mut dyn Connection, surroundings: &dyn Surroundings, community: CommunityId) -> Result<Vec<u8>> {
    if let Some(key) = key(conn, community)? {
        return Ok(key);
    }
    let new: Hash = secrets::random(surroundings);
    let sql = "UPDATE community SET suppression_key = $2 WHERE id = $1 AND suppression_key IS NULL";
    conn.execute(sql, values![community, new.as_slice()])?;
    Ok(key(conn, community)?.unwrap_or_else(|| new.to_vec()))
}
