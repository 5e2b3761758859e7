//! Bringing a file into the registry. Doing it again with the same file changes nothing.
//!
//! A person is known by employee number, else by name and date of birth. What a file changes is the
//! entry alone: never a member's profile, and never the address that somebody signs in with.

use super::{
    entry::{Entry, RowProblem},
    sheet::Sheet,
};
use crate::{
    db::{Connection, DbError, Row},
    error::Result,
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{CommunityId, EntryId};
use std::collections::HashMap;

/// Rows that one transaction brings in; others wait for it no longer than that.
pub const ROWS_AT_ONCE: usize = 500;

/// A file's rows, sorted into what can be brought in and what cannot.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Lines that are refused, and why.
    pub refused: Vec<(u64, RowProblem)>,
}

impl Prepared {
    /// Sorts a sheet's rows.
    pub fn of(sheet: &Sheet) -> Self {
        let mut prepared = Self::default();
        let mut lines = HashMap::new();
        for row in &sheet.rows {
            match Entry::read(row) {
                Ok(entry) => match lines.insert(identity(&entry), row.line) {
                    Some(earlier) => {
                        lines.insert(identity(&entry), earlier);
                        prepared.refused.push((row.line, RowProblem::SameAs(earlier)));
                    }
                    None => prepared.entries.push(entry),
                },
                Err(problem) => prepared.refused.push((row.line, problem)),
            }
        }
        prepared
    }
}

fn identity(entry: &Entry) -> (Option<String>, String, Option<String>) {
    match &entry.employee_number {
        Some(number) => (Some(number.clone()), String::new(), None),
        None => (None, entry.name_key(), entry.birth_date.clone()),
    }
}

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New entries.
    pub added: usize,
    /// Entries that the file changes.
    pub changed: usize,
    /// Entries that are as the file says.
    pub same: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.same += other.same;
    }
}

/// Brings entries in, or with `dry_run` only counts what would be done. Run in the community's scope.
pub fn import(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    entries: &[Entry],
    dry_run: bool,
) -> Result<Counts> {
    let mut counts = Counts::default();
    for entry in entries {
        let found = find(conn, community, entry)?;
        match &found {
            None => counts.added += 1,
            Some((_, held)) if held == entry => counts.same += 1,
            Some(_) => counts.changed += 1,
        }
        if !dry_run && found.as_ref().is_none_or(|(_, held)| held != entry) {
            let id = found.map_or_else(|| EntryId(surroundings.new_id()), |(id, _)| id);
            store(conn, community, id, entry, surroundings.now_us())?;
        }
    }
    Ok(counts)
}

/// The columns that [`read`] reads, in its order, after the entry's id.
pub(crate) const COLUMNS: &str = "id, employee_number, family, given, kana, former_family, birth_date, joined_date, \
    left_date, reason, department, title, employment, address, phone, remarks";

/// Reads an entry from a row of [`COLUMNS`].
pub(crate) fn read(row: &Row) -> std::result::Result<(EntryId, Entry), DbError> {
    let entry = Entry {
        employee_number: row.get(1)?,
        family: row.get(2)?,
        given: row.get(3)?,
        kana: row.get(4)?,
        former_family: row.get(5)?,
        birth_date: row.get(6)?,
        joined_date: row.get(7)?,
        left_date: row.get(8)?,
        reason: row.get(9)?,
        department: row.get(10)?,
        title: row.get(11)?,
        employment: row.get(12)?,
        address: row.get(13)?,
        phone: row.get(14)?,
        remarks: row.get(15)?,
    };
    Ok((row.get(0)?, entry))
}

fn find(conn: &mut dyn Connection, community: CommunityId, entry: &Entry) -> Result<Option<(EntryId, Entry)>> {
    if let Some(number) = &entry.employee_number {
        let sql = format!("SELECT {COLUMNS} FROM entry WHERE community = $1 AND employee_number = $2");
        if let Some(row) = conn.first(&sql, values![community, number.as_str()])? {
            return Ok(Some(read(&row)?));
        }
    }
    // One that is known by its name may learn its number, but never change it.
    let sql = format!(
        "SELECT {COLUMNS} FROM entry WHERE community = $1 AND name_key = $2 AND coalesce(birth_date, '') = $3 \
         AND employee_number IS NULL"
    );
    let birth_date = entry.birth_date.as_deref().unwrap_or_default();
    conn.first(&sql, values![community, entry.name_key(), birth_date])?.map(|row| Ok(read(&row)?)).transpose()
}

fn store(conn: &mut dyn Connection, community: CommunityId, id: EntryId, entry: &Entry, now_us: i64) -> Result<()> {
    let text = String::as_str;
    conn.execute(
        "INSERT INTO entry (community, id, employee_number, family, given, kana, former_family, birth_date, \
         joined_date, left_date, reason, department, title, employment, address, phone, remarks, name_key, changed_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         ON CONFLICT (community, id) DO UPDATE SET employee_number = excluded.employee_number, \
         family = excluded.family, given = excluded.given, kana = excluded.kana, \
         former_family = excluded.former_family, birth_date = excluded.birth_date, \
         joined_date = excluded.joined_date, left_date = excluded.left_date, reason = excluded.reason, \
         department = excluded.department, title = excluded.title, employment = excluded.employment, \
         address = excluded.address, phone = excluded.phone, remarks = excluded.remarks, \
         name_key = excluded.name_key, changed_us = excluded.changed_us",
        values![
            community,
            id,
            entry.employee_number.clone(),
            text(&entry.family),
            text(&entry.given),
            text(&entry.kana),
            text(&entry.former_family),
            entry.birth_date.clone(),
            entry.joined_date.clone(),
            text(&entry.left_date),
            text(&entry.reason),
            text(&entry.department),
            text(&entry.title),
            text(&entry.employment),
            text(&entry.address),
            text(&entry.phone),
            text(&entry.remarks),
            entry.name_key(),
            now_us
        ],
    )?;
    Ok(())
}
