//! The mirror: what the server has confirmed, in rows.
//!
//! Every row belongs to one copy of one stream and carries the version that wrote it; an older
//! change never replaces a newer one. There are no foreign keys: what a row refers to may come later.

use super::{search, values::first};
use crate::{
    error::StoreError,
    sync::replica::{MirrorOp, StreamNumber},
};
use enishi_protocol::{Change, Entity, EntityKind};
use extent::Extent;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(crate) mod carried;
pub(crate) mod extent;
pub(crate) mod read;
pub(crate) mod rows;

/// Bits of a post's place that hold its position; the copy's local number is above them.
pub(crate) const POSITION_BITS: u32 = 40;

/// The places of a copy's posts, from the first to the last that there can be.
pub(crate) fn places(copy: i64) -> (i64, i64) {
    (copy << POSITION_BITS, ((copy + 1) << POSITION_BITS) - 1)
}

/// The position of what stands at a place.
pub(crate) fn position_of(place: i64) -> i64 {
    place & ((1 << POSITION_BITS) - 1)
}

/// What one transaction does to the mirror.
pub(super) struct Mirror<'c> {
    connection: &'c Connection,
    community: i64,
    copies: BTreeMap<StreamNumber, i64>,
    tombstones: HashMap<i64, bool>,
    aside: HashMap<i64, HashSet<String>>,
    extents: HashMap<i64, Option<Extent>>,
    passing: HashSet<StreamNumber>,
}

impl<'c> Mirror<'c> {
    /// Over the copies of one community, which has that local number.
    pub(super) fn new(connection: &'c Connection, community: i64, copies: BTreeMap<StreamNumber, i64>) -> Self {
        let (tombstones, aside, extents) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { connection, community, copies, tombstones, aside, extents, passing: HashSet::new() }
    }

    /// Performs one operation.
    pub(super) fn perform(&mut self, op: &MirrorOp) -> Result<(), StoreError> {
        match op {
            MirrorOp::Put { number, change, keep_tombstone } => match self.copy(*number) {
                Some(copy) => self.put(copy, change, *keep_tombstone),
                None => Ok(()),
            },
            MirrorOp::ForgetTombstones(number) => {
                let Some(copy) = self.copy(*number) else { return Ok(()) };
                self.tombstones.insert(copy, false);
                self.connection.prepare_cached("DELETE FROM tombstone WHERE copy = ?1")?.execute([copy])?;
                self.set_floor(copy)
            }
            MirrorOp::Drop(number) => {
                self.passing.remove(number);
                match self.copies.get(number) {
                    Some(copy) => self.clear_copy(*copy),
                    None => Ok(()),
                }
            }
        }
    }

    /// Ends the transaction's work.
    ///
    /// # Errors
    /// Where something was to be stored in a copy that is not held, and was not given up since.
    pub(super) fn finish(self) -> Result<(), StoreError> {
        if self.passing.is_empty() { Ok(()) } else { Err(StoreError::Inconsistent("a copy that is not held")) }
    }

    /// The local number of a copy. None for one that was begun and given up within one step, which
    /// needs no rows.
    fn copy(&mut self, number: StreamNumber) -> Option<i64> {
        let copy = self.copies.get(&number).copied();
        if copy.is_none() {
            self.passing.insert(number);
        }
        copy
    }

    fn put(&mut self, copy: i64, change: &Change, keep_tombstone: bool) -> Result<(), StoreError> {
        if change.kind.is_of_feed()
            && let Some(extent) = self.extent(copy)?
            && extent::take_below(self.connection, self.community, copy, extent, change)?
        {
            return Ok(());
        }
        if self.tombstone(copy, change)?.is_some_and(|version| change.version.0 <= version) {
            return Ok(());
        }
        let typed = rows::is_typed(&change.kind);
        if let Some(body) = change.body.as_ref().filter(|_| !typed) {
            return rows::put_newer(self.connection, copy, change, body.get());
        }
        let aside = typed && self.has_aside(copy, &change.kind)?;
        if aside && self.held_aside(copy, change)?.is_some_and(|version| change.version.0 <= version) {
            return Ok(());
        }
        let held = rows::held(self.connection, copy, change)?;
        if held.is_some_and(|version| change.version.0 <= version) {
            return Ok(());
        }
        if aside {
            rows::remove_entity(self.connection, copy, change)?;
        }
        let Some(body) = &change.body else {
            carried::carry(self.connection, self.community, copy, change)?;
            rows::remove(self.connection, copy, change)?;
            return if keep_tombstone { self.bury(copy, change) } else { Ok(()) };
        };
        match Entity::decode(&change.kind, body) {
            Ok(Some(entity)) if rows::put(self.connection, copy, change, &entity, held.is_some())? => return Ok(()),
            _ => tracing::warn!(kind = change.kind.as_str(), "an entity was kept that cannot be read"),
        }
        rows::remove(self.connection, copy, change)?;
        self.aside.entry(copy).or_default().insert(change.kind.as_str().to_owned());
        rows::put_newer(self.connection, copy, change, body.get())
    }

    /// The version of the tombstone of what a change is about. Only a copy whose first sync is under
    /// way has any, so that is asked once.
    fn tombstone(&mut self, copy: i64, change: &Change) -> Result<Option<i64>, StoreError> {
        if !self.tombstones.contains_key(&copy) {
            let any: Option<i64> = first(self.connection, "SELECT 1 FROM tombstone WHERE copy = ?1 LIMIT 1", [copy])?;
            self.tombstones.insert(copy, any.is_some());
        }
        if self.tombstones.get(&copy) != Some(&true) {
            return Ok(None);
        }
        first(
            self.connection,
            "SELECT version FROM tombstone WHERE copy = ?1 AND kind = ?2 AND id = ?3",
            params![copy, change.kind.as_str(), change.id.as_bytes()],
        )
    }

    fn bury(&mut self, copy: i64, change: &Change) -> Result<(), StoreError> {
        self.tombstones.insert(copy, true);
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO tombstone (copy, kind, id, version) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![copy, change.kind.as_str(), change.id.as_bytes(), change.version.0])?;
        Ok(())
    }

    /// Whether entities of a typed kind were set aside as they came, because they could not be read.
    fn has_aside(&mut self, copy: i64, kind: &EntityKind) -> Result<bool, StoreError> {
        if !self.aside.contains_key(&copy) {
            let mut statement = self.connection.prepare_cached(
                "SELECT DISTINCT kind FROM entity WHERE copy = ?1 AND kind IN ('post', 'comment', 'counts', 'member', 'message')",
            )?;
            let kinds = statement.query_map([copy], |row| row.get(0))?.collect::<Result<_, _>>()?;
            self.aside.insert(copy, kinds);
        }
        Ok(self.aside.get(&copy).is_some_and(|kinds| kinds.contains(kind.as_str())))
    }

    fn held_aside(&self, copy: i64, change: &Change) -> Result<Option<i64>, StoreError> {
        first(
            self.connection,
            "SELECT version FROM entity WHERE copy = ?1 AND kind = ?2 AND id = ?3",
            params![copy, change.kind.as_str(), change.id.as_bytes()],
        )
    }

    /// Removes everything in a copy, and every older post of it.
    fn clear_copy(&mut self, copy: i64) -> Result<(), StoreError> {
        self.tombstones.insert(copy, false);
        self.aside.remove(&copy);
        self.extents.insert(copy, None);
        for index in [search::POSTS, search::MESSAGES] {
            search::forget_copy(self.connection, index, copy)?;
        }
        for part in [copy, extent::older(copy)] {
            let (from, to) = places(part);
            for table in ["post", "message"] {
                let sql = format!("DELETE FROM {table} WHERE place BETWEEN ?1 AND ?2");
                self.connection.prepare_cached(&sql)?.execute([from, to])?;
            }
            for table in ["comment", "counts", "member", "entity", "tombstone", "extent", "loose", "media_kept"] {
                self.connection.prepare_cached(&format!("DELETE FROM {table} WHERE copy = ?1"))?.execute([part])?;
            }
        }
        Ok(())
    }

    /// Removes a copy that is no longer held.
    pub(super) fn remove_copy(&mut self, copy: i64) -> Result<(), StoreError> {
        self.clear_copy(copy)?;
        self.connection.prepare_cached("DELETE FROM granted WHERE copy = ?1")?.execute([copy])?;
        self.connection.prepare_cached("DELETE FROM copy WHERE local = ?1")?.execute([copy])?;
        Ok(())
    }
}
