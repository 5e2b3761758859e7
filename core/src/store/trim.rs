//! Trimming feeds to the floor when idle, a few hundred posts at a time.
//!
//! Never a post that is bookmarked, pinned, or that something in the outbox is about; never in a
//! copy whose first sync is still under way.

use super::{
    Flush, Store,
    mirror::{
        extent::{Extent, holds_post, limit, note_loose, older, remove_whole},
        places,
    },
    values::{first, id},
    view::{Shown, View},
};
use crate::error::StoreError;
use enishi_protocol::{CommunityId, Stream};
use rusqlite::{Connection, params};
use std::collections::HashSet;
use uuid::Uuid;

/// Posts, or changes without their post, that one transaction removes.
const PORTION: usize = 300;

impl Store {
    /// Trims each feed of a community to its newest `floor_posts`, a portion at a time, and gives
    /// whether there is more to do. For idle times.
    ///
    /// # Errors
    /// Those of the store; then nothing was trimmed.
    pub fn trim_some(&self, community: CommunityId, floor_posts: usize) -> Result<bool, StoreError> {
        self.write(Flush::No, |connection| {
            let view = View::of(connection, community)?;
            let bookmarks_known = view.copies.get(&Stream::Member(view.member)).is_some_and(|inbox| inbox.whole);
            if !bookmarks_known {
                return Ok(false);
            }
            let kept = kept(&view)?;
            let mut more = false;
            for (_, copy) in view.copies.iter().filter(|(stream, copy)| stream.has_feed() && copy.whole) {
                let Some(extent) = raise_floor(connection, copy, floor_posts.max(1))? else { continue };
                more |= trim(&view, copy.local, extent, &kept)?;
                if copy.exact {
                    more |= settle(connection, copy.local)?;
                }
                drop_outside(&view, copy.local, extent, &kept)?;
            }
            Ok(more)
        })
    }
}

/// The posts that something in the outbox is about.
pub(super) fn kept(view: &View<'_>) -> Result<HashSet<Uuid>, StoreError> {
    let mut kept = HashSet::new();
    for entry in view.overlay.iter() {
        if let Some(operation) = &entry.operation {
            kept.extend(view.post_of(entry.waiting.id, operation)?.map(|post| post.0));
        }
    }
    Ok(kept)
}

/// Moves the floor up where the copy has more than `posts` above it.
fn raise_floor(connection: &Connection, copy: &Shown, posts: usize) -> Result<Option<Extent>, StoreError> {
    let (from, to) = places(copy.local);
    let lowest = from + copy.extent.map_or(0, |extent| extent.floor);
    // One post below the newest so many is what makes it worth a floor.
    let sql =
        "SELECT place FROM post WHERE place BETWEEN ?1 AND ?2 AND pinned = 0 ORDER BY place DESC LIMIT 2 OFFSET ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![lowest, to, limit(posts - 1)], |row| row.get::<_, i64>(0))?;
    let places = rows.collect::<Result<Vec<_>, _>>()?;
    let [place, _] = places[..] else { return Ok(copy.extent) };
    let floor = place - from;
    let extent = copy.extent.map_or(Extent::from_floor(floor), |extent| extent.raised(floor));
    extent.save(connection, copy.local, false)?;
    if copy.extent.is_none() {
        note_loose(connection, copy.local)?;
    }
    Ok(Some(extent))
}

fn trim(view: &View<'_>, copy: i64, extent: Extent, kept: &HashSet<Uuid>) -> Result<bool, StoreError> {
    let (from, _) = places(copy);
    let mut statement = view.connection.prepare_cached(
        "SELECT place, id FROM post WHERE place >= ?1 AND place < ?2 AND pinned = 0 AND NOT EXISTS
            (SELECT 1 FROM entity WHERE entity.copy = ?3 AND entity.kind = 'bookmark' AND entity.id = post.id)
         LIMIT ?4",
    )?;
    let most = limit(PORTION + kept.len());
    let rows = statement.query_map(params![from, from + extent.floor, view.inbox(), most], place_and_id)?;
    let goes: Vec<_> = rows.collect::<Result<_, _>>()?;
    let goes: Vec<_> = goes.into_iter().filter(|(_, id)| !kept.contains(id)).take(PORTION).collect();
    for (place, id) in &goes {
        remove_whole(view.connection, *place, *id)?;
    }
    Ok(goes.len() == PORTION)
}

/// Ends the wait of what came without its post, in a copy that has all there is: it moves to the
/// older post that was fetched, or goes.
fn settle(connection: &Connection, copy: i64) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT kind, id, post FROM loose WHERE copy = ?1 LIMIT ?2")?;
    let rows = statement.query_map(params![copy, limit(PORTION)], |row| {
        Ok((row.get::<_, String>(0)?, id::<Uuid>(row, 1)?, id::<Uuid>(row, 2)?))
    })?;
    let loose: Vec<_> = rows.collect::<Result<_, _>>()?;
    for (kind, id, post) in &loose {
        let table = if kind == "comment" { "comment" } else { "counts" };
        if !holds_post(connection, copy, *post)? {
            if holds_post(connection, older(copy), *post)? {
                let sql = format!("UPDATE OR IGNORE {table} SET copy = ?3 WHERE copy = ?1 AND id = ?2");
                connection.prepare_cached(&sql)?.execute(params![copy, id.as_bytes(), older(copy)])?;
            }
            let sql = format!("DELETE FROM {table} WHERE copy = ?1 AND id = ?2");
            connection.prepare_cached(&sql)?.execute(params![copy, id.as_bytes()])?;
        }
        connection.prepare_cached("DELETE FROM loose WHERE copy = ?1 AND kind = ?2 AND id = ?3")?.execute(params![
            copy,
            kind,
            id.as_bytes()
        ])?;
    }
    Ok(loose.len() == PORTION)
}

/// Drops the older posts that are no longer among those held without a gap.
pub(super) fn drop_outside(view: &View<'_>, copy: i64, extent: Extent, kept: &HashSet<Uuid>) -> Result<(), StoreError> {
    let (from, to) = places(older(copy));
    let mut statement = view.connection.prepare_cached(
        "SELECT place, id FROM post WHERE (place BETWEEN ?1 AND ?2 - 1 OR place BETWEEN ?3 AND ?4) AND NOT EXISTS
            (SELECT 1 FROM entity WHERE entity.copy = ?5 AND entity.kind = 'bookmark' AND entity.id = post.id)",
    )?;
    let (low, high) = (from + extent.low, from + extent.high);
    let rows = statement.query_map(params![from, low, high, to, view.inbox()], place_and_id)?;
    let goes: Vec<_> = rows.collect::<Result<_, _>>()?;
    for (place, id) in goes.iter().filter(|(_, id)| !kept.contains(id)) {
        remove_whole(view.connection, *place, *id)?;
    }
    Ok(())
}

fn place_and_id(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, Uuid)> {
    Ok((row.get(0)?, id(row, 1)?))
}

/// How many older posts of a copy were fetched and are held without a gap.
pub(super) fn count_older(connection: &Connection, copy: i64, extent: Extent) -> Result<usize, StoreError> {
    let (from, _) = places(older(copy));
    let sql = "SELECT count(*) FROM post WHERE place >= ?1 AND place < ?2";
    let count: Option<i64> = first(connection, sql, params![from + extent.low, from + extent.high])?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}
