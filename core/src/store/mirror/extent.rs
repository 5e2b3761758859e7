//! How far down a copy's feed is held, and what becomes of changes to posts below that.
//!
//! The mirror of a copy with a floor must end as that of a phone that began with this floor: a late
//! change below it is not taken into the mirror, only into the older posts that were fetched.

use super::{Mirror, carried, places, rows};
use crate::{
    error::StoreError,
    store::{search, values::first},
};
use enishi_protocol::{Change, Entity, limits::portions};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// The positions of a feed that a copy holds without a gap: from `floor` up in the mirror, and of the
/// older ones that were fetched those with `low <= position < high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) floor: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// Under which number the older posts of a copy lie. Never a copy's own; of the older it is the copy.
pub(crate) const fn older(copy: i64) -> i64 {
    !copy
}

impl Extent {
    /// Everything from `floor` up, and nothing older.
    pub(crate) fn from_floor(floor: i64) -> Self {
        Self { floor, low: floor, high: floor }
    }

    /// What is known of a copy; none where it holds its feed whole.
    pub(crate) fn of(connection: &Connection, copy: i64) -> Result<Option<Self>, StoreError> {
        let mut statement = connection.prepare_cached("SELECT floor, low, high FROM extent WHERE copy = ?1")?;
        let row =
            statement.query_row([copy], |row| Ok(Self { floor: row.get(0)?, low: row.get(1)?, high: row.get(2)? }));
        Ok(row.optional()?)
    }

    /// Saves it, as the one fetched last where `fetched`.
    pub(crate) fn save(self, connection: &Connection, copy: i64, fetched: bool) -> Result<(), StoreError> {
        connection
            .prepare_cached(
                "INSERT INTO extent (copy, floor, low, high, fetched)
                 VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(fetched), 0) + ?5 FROM extent))
                 ON CONFLICT (copy) DO UPDATE SET floor = excluded.floor, low = excluded.low, high = excluded.high,
                    fetched = CASE WHEN ?5 THEN excluded.fetched ELSE fetched END",
            )?
            .execute(params![copy, self.floor, self.low, self.high, fetched])?;
        Ok(())
    }

    /// With its floor further up.
    pub(crate) fn raised(self, floor: i64) -> Self {
        if self.low == self.high { Self::from_floor(floor) } else { Self { floor, ..self } }
    }

    /// With the older posts from `low` up to `high`: in one stretch with those that it has where they
    /// meet, in place of them otherwise.
    pub(crate) fn joined(self, low: i64, high: i64) -> Self {
        let meet = self.low < self.high && low <= self.high && self.low <= high;
        if meet {
            return Self { low: low.min(self.low), high: high.max(self.high), ..self };
        }
        Self { low: low.min(high), high, ..self }
    }

    /// The positions without a gap that have `middle` in them; where none have, the next above it.
    pub(crate) fn around(self, middle: i64) -> (i64, i64) {
        if self.high >= self.floor {
            (self.low, i64::MAX)
        } else if middle < self.high && self.low < self.high {
            (self.low, self.high)
        } else {
            (self.floor, i64::MAX)
        }
    }

    /// Whether that position is among the older ones that were fetched.
    fn has_fetched(self, position: i64) -> bool {
        (self.low..self.high).contains(&position)
    }
}

impl Mirror<'_> {
    pub(super) fn extent(&mut self, copy: i64) -> Result<Option<Extent>, StoreError> {
        if let Some(extent) = self.extents.get(&copy) {
            return Ok(*extent);
        }
        let extent = Extent::of(self.connection, copy)?;
        self.extents.insert(copy, extent);
        Ok(extent)
    }

    /// Ends a first sync that the server ended at the floor: what is older stays there.
    pub(super) fn set_floor(&mut self, copy: i64) -> Result<(), StoreError> {
        let (from, to) = places(copy);
        // Posts that went away while it ran are why it may have ended at its floor with fewer.
        let floor = portions().floor_posts;
        let (sent, at_least) = (limit(floor), limit(floor - floor / 10));
        let (posts, oldest) = self
            .connection
            .prepare_cached(
                "SELECT count(*), min(place) FROM (SELECT place FROM post WHERE place BETWEEN ?1 AND ?2 AND pinned = 0
                 ORDER BY place DESC LIMIT ?3)",
            )?
            .query_row(params![from, to, sent], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        let Some(oldest) = oldest.filter(|_| posts >= at_least) else { return Ok(()) };
        let extent = Extent::from_floor(oldest - from);
        extent.save(self.connection, copy, false)?;
        self.extents.insert(copy, Some(extent));
        note_loose(self.connection, copy)
    }
}

pub(crate) fn limit(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Notes everything in a copy whose post it does not hold.
pub(crate) fn note_loose(connection: &Connection, copy: i64) -> Result<(), StoreError> {
    let (from, to) = places(copy);
    for (kind, post) in [("comment", "post"), ("counts", "id")] {
        let sql = format!(
            "INSERT OR IGNORE INTO loose (copy, kind, id, post) SELECT copy, '{kind}', id, {post} FROM {kind} AS hangs
             WHERE copy = ?1 AND NOT EXISTS
                (SELECT 1 FROM post WHERE post.id = hangs.{post} AND post.place BETWEEN ?2 AND ?3)"
        );
        connection.prepare_cached(&sql)?.execute([copy, from, to])?;
    }
    Ok(())
}

/// Brings fetched older posts up to date with a change, and tells whether the mirror takes no part in it.
pub(super) fn take_below(
    connection: &Connection,
    community: i64,
    copy: i64,
    extent: Extent,
    change: &Change,
) -> Result<bool, StoreError> {
    let entity = change.body.as_ref().and_then(|body| Entity::decode(&change.kind, body).ok().flatten());
    let fetched = rows::held(connection, older(copy), change)?;
    let Some(entity) = entity else {
        if fetched.is_some_and(|version| version < change.version.0) {
            carried::carry(connection, community, older(copy), change)?;
            rows::remove(connection, older(copy), change)?;
        }
        return Ok(false);
    };
    let (belongs, stays_out) = match &entity {
        Entity::Post(post) => {
            let position = post.position.0;
            let below = position < extent.floor && !post.pinned && rows::held(connection, copy, change)?.is_none();
            (extent.has_fetched(position), below)
        }
        Entity::Comment(comment) => hanging(connection, copy, change, comment.post.0)?,
        _ => hanging(connection, copy, change, change.id)?,
    };
    let newer = fetched.map_or(belongs, |version| version < change.version.0);
    if newer {
        rows::put(connection, older(copy), change, &entity, fetched.is_some())?;
    }
    Ok(stays_out)
}

/// Whether a change hangs on an older post that was fetched, and whether on that only. Where the
/// post is nowhere, the change is noted: it waits in the mirror until one knows that none comes.
fn hanging(connection: &Connection, copy: i64, change: &Change, post: Uuid) -> Result<(bool, bool), StoreError> {
    let below = holds_post(connection, older(copy), post)?;
    let above = holds_post(connection, copy, post)?;
    if !above && !below {
        connection
            .prepare_cached("INSERT OR IGNORE INTO loose (copy, kind, id, post) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![copy, change.kind.as_str(), change.id.as_bytes(), post.as_bytes()])?;
    }
    Ok((below, below && !above))
}

/// Whether a post stands under that number.
pub(crate) fn holds_post(connection: &Connection, copy: i64, post: Uuid) -> Result<bool, StoreError> {
    let (from, to) = places(copy);
    let sql = "SELECT 1 FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3";
    Ok(first::<i64>(connection, sql, params![post.as_bytes(), from, to])?.is_some())
}

/// Takes an older post, or what hangs on it, as the server answered: not below what is held of it.
pub(crate) fn put_older(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    let Some(body) = change.body.as_ref().filter(|_| change.kind.is_of_feed()) else { return Ok(()) };
    let held = rows::held(connection, older(copy), change)?;
    if held.is_none_or(|version| version < change.version.0)
        && let Ok(Some(entity)) = Entity::decode(&change.kind, body)
    {
        rows::put(connection, older(copy), change, &entity, held.is_some())?;
    }
    Ok(())
}

/// Removes a post under that number with all that hangs on it.
pub(crate) fn remove_whole(connection: &Connection, place: i64, id: Uuid) -> Result<(), StoreError> {
    let copy = place >> super::POSITION_BITS;
    search::forget(connection, search::POSTS, place)?;
    connection.prepare_cached("DELETE FROM post WHERE place = ?1")?.execute([place])?;
    for sql in ["DELETE FROM comment WHERE copy = ?1 AND post = ?2", "DELETE FROM counts WHERE copy = ?1 AND id = ?2"] {
        connection.prepare_cached(sql)?.execute(params![copy, id.as_bytes()])?;
    }
    Ok(())
}
