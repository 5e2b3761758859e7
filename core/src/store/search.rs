//! The full-text indexes over posts and messages: filled behind, in batches, when the phone is idle.
//!
//! A text is in its index or in the queue for it; both are searched, so nothing is missed meanwhile.
//! An index lies in the order of positions, those of all copies among each other: one question over all of
//! them is over once the newest hits are found.

use super::{
    Flush, Store,
    mirror::{POSITION_BITS, places, position_of},
    values::first,
};
use crate::error::StoreError;
use enishi_protocol::text::index_text;
use rusqlite::{Connection, params};
use std::cmp::Reverse;

/// Texts indexed in one transaction: some 5 to 9 ms of work.
const BATCH: i64 = 500;

/// Bits of a row of an index that hold the copy's local number; the position is above them.
const COPY_BITS: u32 = 63 - POSITION_BITS - 1;

/// The tables of one full-text index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    /// The texts, by their place.
    pub(crate) texts: &'static str,
    /// Their words, by their row.
    words: &'static str,
    /// The places of those that wait.
    queue: &'static str,
}

/// The index over posts.
pub(crate) const POSTS: Index = Index { texts: "post", words: "post_search", queue: "to_index" };
/// The index over messages.
pub(crate) const MESSAGES: Index = Index { texts: "message", words: "message_search", queue: "message_to_index" };

/// Whether texts at this place are indexed. Older ones, whose places are negative, are searched for on the server; what
/// is on its way between feeds lies above all copies.
fn is_indexed(place: i64) -> bool {
    (0..1 << (POSITION_BITS + COPY_BITS)).contains(&place)
}

/// A text's row in the index, in SQL, from its place.
fn row_of(place: &str) -> String {
    format!("((({place} & {}) << {COPY_BITS}) | ({place} >> {POSITION_BITS}))", (1_i64 << POSITION_BITS) - 1)
}

/// A text's place, in SQL, from its row in the index.
fn place_of(row: &str) -> String {
    format!("((({row} & {}) << {POSITION_BITS}) | ({row} >> {COPY_BITS}))", (1_i64 << COPY_BITS) - 1)
}

/// Lets a text that is new or has changed wait for its index.
pub(crate) fn queue(connection: &Connection, Index { queue, .. }: Index, place: i64) -> Result<(), StoreError> {
    if is_indexed(place) {
        let sql = format!("INSERT OR IGNORE INTO {queue} (place) VALUES (?1)");
        connection.prepare_cached(&sql)?.execute([place])?;
    }
    Ok(())
}

/// Takes a text out of its index.
pub(crate) fn forget(connection: &Connection, index: Index, place: i64) -> Result<(), StoreError> {
    let Index { words, queue, .. } = index;
    if is_indexed(place) {
        connection.prepare_cached(&format!("DELETE FROM {queue} WHERE place = ?1"))?.execute([place])?;
        let sql = format!("DELETE FROM {words} WHERE rowid = {}", row_of("?1"));
        connection.prepare_cached(&sql)?.execute([place])?;
    }
    Ok(())
}

/// Takes all texts of a copy out of their index; the texts themselves must still be there.
pub(crate) fn forget_copy(connection: &Connection, index: Index, copy: i64) -> Result<(), StoreError> {
    let Index { texts, words, queue } = index;
    let (from, to) = places(copy);
    if is_indexed(from) {
        connection
            .prepare_cached(&format!("DELETE FROM {queue} WHERE place BETWEEN ?1 AND ?2"))?
            .execute([from, to])?;
        let rows = row_of("place");
        let sql =
            format!("DELETE FROM {words} WHERE rowid IN (SELECT {rows} FROM {texts} WHERE place BETWEEN ?1 AND ?2)");
        connection.prepare_cached(&sql)?.execute([from, to])?;
    }
    Ok(())
}

impl Store {
    /// Indexes the newest posts and messages that are not yet, and gives how many are left. For idle
    /// times: to be called again until nothing is.
    pub fn index_some(&self) -> Result<i64, StoreError> {
        self.write(Flush::No, |connection| Ok(index_batch(connection, MESSAGES)? + index_batch(connection, POSTS)?))
    }
}

fn index_batch(connection: &Connection, index: Index) -> Result<i64, StoreError> {
    let Index { texts, words, queue } = index;
    let row = row_of("place");
    // Within a batch ascending: an index filled newest to oldest takes twice the time and space.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT place, {row}, text FROM {texts} JOIN
         (SELECT place FROM {queue} ORDER BY place DESC LIMIT ?1) USING (place) ORDER BY 2"
    ))?;
    let mut insert =
        connection.prepare_cached(&format!("INSERT OR REPLACE INTO {words} (rowid, text) VALUES (?1, ?2)"))?;
    let mut done = connection.prepare_cached(&format!("DELETE FROM {queue} WHERE place = ?1"))?;
    let rows = statement
        .query_map([BATCH], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?)))?;
    for (place, row, text) in rows.collect::<Result<Vec<_>, _>>()? {
        insert.execute(params![row, index_text(&text)])?;
        done.execute([place])?;
    }
    Ok(first(connection, &format!("SELECT count(*) FROM {queue}"), [])?.unwrap_or_default())
}

/// Places of texts that contain every phrase, newest first.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) places: Vec<i64>,
    /// The position down to which every text was looked at; none where all that are held were.
    pub(crate) looked_to: Option<i64>,
}

/// Searches copies together. `seen` is a condition in SQL on the texts, or empty for all of them.
pub(crate) fn find(
    connection: &Connection,
    index: Index,
    seen: &str,
    copies: &[i64],
    phrases: &[String],
    limit: usize,
) -> Result<Found, StoreError> {
    let mut places = indexed(connection, index, seen, copies, phrases, limit)?;
    let mut looked_to = None;
    for copy in copies {
        let (waiting, to) = not_indexed(connection, index, seen, *copy, phrases)?;
        places.extend(waiting);
        looked_to = looked_to.max(to);
    }
    places.sort_unstable_by_key(|place| Reverse((position_of(*place), *place)));
    places.truncate(limit);
    Ok(Found { places, looked_to })
}

fn indexed(
    connection: &Connection,
    Index { texts, words, queue }: Index,
    seen: &str,
    copies: &[i64],
    phrases: &[String],
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    // Phrases hold letters, digits and spaces only, so quoting them is enough.
    let query = phrases.iter().map(|phrase| format!("\"{phrase}\"")).collect::<Vec<_>>().join(" AND ");
    let place = place_of("rowid");
    let seen = match seen {
        "" => String::new(),
        seen => {
            format!("AND EXISTS (SELECT 1 FROM {texts} WHERE {texts}.place = {} AND {seen})", place_of("words.rowid"))
        }
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {place} FROM {words} AS words
         WHERE {words} MATCH ?1 AND (rowid & {}) IN (SELECT value FROM json_each(?2))
         AND {place} NOT IN (SELECT place FROM {queue}) {seen} ORDER BY rowid DESC LIMIT ?3",
        (1_i64 << COPY_BITS) - 1
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![query, serde_json::to_string(copies)?, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest of a copy's texts that wait for the index, looked through one by one.
fn not_indexed(
    connection: &Connection,
    Index { texts, queue, .. }: Index,
    seen: &str,
    copy: i64,
    phrases: &[String],
) -> Result<(Vec<i64>, Option<i64>), StoreError> {
    let seen = if seen.is_empty() { String::new() } else { format!("AND {seen}") };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT place, text FROM {queue} JOIN {texts} USING (place)
         WHERE place BETWEEN ?1 AND ?2 {seen} ORDER BY place DESC LIMIT ?3"
    ))?;
    let (from, to) = places(copy);
    let mut rows = statement.query([from, to, BATCH])?;
    let (mut found, mut seen, mut last) = (Vec::new(), 0, None);
    while let Some(row) = rows.next()? {
        let place = row.get(0)?;
        seen += 1;
        last = Some(position_of(place));
        if contains(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, phrases) {
            found.push(place);
        }
    }
    Ok((found, last.filter(|_| seen == BATCH)))
}

/// Whether a text contains every phrase, as the index would say.
pub(crate) fn contains(text: &str, phrases: &[String]) -> bool {
    let text = format!(" {} ", index_text(text));
    phrases.iter().all(|phrase| text.contains(&format!(" {phrase} ")))
}
