//! Posts that a move of this member's has taken out of one feed, and that have not come into the other yet.
//!
//! The server says so feed by feed, and the two may come in different answers. In between the mirror has the post
//! nowhere; its row waits under a number of its own, from which only the move in the outbox shows it.

use super::{Mirror, places};
use crate::{
    error::StoreError,
    store::{search, values::first},
};
use enishi_protocol::{Change, EntityKind};
use rusqlite::{Connection, params};

/// Under which number they lie; more than copies will ever have, and less than a place has room for.
pub(crate) const fn carried(community: i64) -> i64 {
    (1 << 22) + community
}

/// Keeps the row of a post that is about to be removed from a copy, where a move in the outbox is why.
pub(super) fn carry(connection: &Connection, community: i64, copy: i64, change: &Change) -> Result<(), StoreError> {
    let Some(mutation) = change.mutation.filter(|_| change.kind == EntityKind::Post) else { return Ok(()) };
    let sql = "SELECT 1 FROM outbox WHERE mutation = ?1 AND kind = 'post.move'";
    if first::<i64>(connection, sql, [mutation.0.as_bytes()])?.is_none() {
        return Ok(());
    }
    let (from, last) = places(copy);
    let (to, _) = places(carried(community));
    let sql = "SELECT place FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3";
    let Some(place) = first::<i64>(connection, sql, params![change.id.as_bytes(), from, last])? else { return Ok(()) };
    search::forget(connection, search::POSTS, place)?;
    connection
        .prepare_cached("UPDATE OR REPLACE post SET place = ?2, pinned = 0 WHERE place = ?1")?
        .execute([place, to + (place - from)])?;
    connection
        .prepare_cached("UPDATE OR REPLACE counts SET copy = ?3 WHERE copy = ?1 AND id = ?2")?
        .execute(params![copy, change.id.as_bytes(), carried(community)])?;
    Ok(())
}

impl Mirror<'_> {
    /// Lets go of what was carried once no move is in the outbox any more; at once where a copy was dropped, so that
    /// nothing outlives the right to read it.
    pub(crate) fn set_down(connection: &Connection, community: i64, dropped: bool) -> Result<(), StoreError> {
        let (from, to) = places(carried(community));
        let sql = "SELECT 1 FROM post WHERE place BETWEEN ?1 AND ?2 LIMIT 1";
        if first::<i64>(connection, sql, [from, to])?.is_none() {
            return Ok(());
        }
        let sql = "SELECT 1 FROM outbox JOIN community ON community.id = outbox.community
            AND community.member = outbox.member WHERE community.local = ?1 AND outbox.kind = 'post.move'";
        if dropped || first::<i64>(connection, sql, [community])?.is_none() {
            connection.prepare_cached("DELETE FROM post WHERE place BETWEEN ?1 AND ?2")?.execute([from, to])?;
            connection.prepare_cached("DELETE FROM counts WHERE copy = ?1")?.execute([carried(community)])?;
        }
        Ok(())
    }
}
