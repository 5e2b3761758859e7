//! The full-text indexes over posts and messages: filled behind, in batches, when the phone is idle.
//!
//! A text is in its index or in the queue for it; both are searched, so nothing is missed meanwhile.

use super::{Flush, Store, mirror::places, values::first};
use crate::error::StoreError;
use enishi_protocol::text::index_text;
use rusqlite::{Connection, params};

/// Texts indexed in one transaction: some 5 to 9 ms of work.
const BATCH: i64 = 500;

/// The tables of one full-text index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    /// The texts, by their place.
    pub(crate) texts: &'static str,
    /// Their words, by the same.
    words: &'static str,
    /// The places of those that wait.
    queue: &'static str,
}

/// The index over posts.
pub(crate) const POSTS: Index = Index { texts: "post", words: "post_search", queue: "to_index" };
/// The index over messages.
pub(crate) const MESSAGES: Index = Index { texts: "message", words: "message_search", queue: "message_to_index" };

impl Store {
    /// Indexes the newest posts and messages that are not yet, and gives how many are left. For idle
    /// times: to be called again until nothing is.
    pub fn index_some(&self) -> Result<i64, StoreError> {
        self.write(Flush::No, |connection| Ok(index_batch(connection, MESSAGES)? + index_batch(connection, POSTS)?))
    }
}

fn index_batch(connection: &Connection, index: Index) -> Result<i64, StoreError> {
    let Index { texts, words, queue } = index;
    // Within a batch ascending: an index filled newest to oldest takes twice the time and space.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT place, text FROM {texts} JOIN
         (SELECT place FROM {queue} ORDER BY place DESC LIMIT ?1) USING (place) ORDER BY place"
    ))?;
    let mut insert =
        connection.prepare_cached(&format!("INSERT OR REPLACE INTO {words} (rowid, text) VALUES (?1, ?2)"))?;
    let mut done = connection.prepare_cached(&format!("DELETE FROM {queue} WHERE place = ?1"))?;
    let rows = statement.query_map([BATCH], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    for (place, text) in rows.collect::<Result<Vec<_>, _>>()? {
        insert.execute(params![place, index_text(&text)])?;
        done.execute([place])?;
    }
    Ok(first(connection, &format!("SELECT count(*) FROM {queue}"), [])?.unwrap_or_default())
}

/// Places of a copy's texts that contain every phrase, newest first.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) places: Vec<i64>,
    /// The place down to which every text was looked at; none where all that are held were.
    pub(crate) looked_to: Option<i64>,
}

/// Searches one copy. `seen` is a condition in SQL on the texts, or empty for all of them.
pub(crate) fn find(
    connection: &Connection,
    index: Index,
    seen: &str,
    copy: i64,
    phrases: &[String],
    limit: usize,
) -> Result<Found, StoreError> {
    let mut places = indexed(connection, index, seen, copy, phrases, limit)?;
    let (waiting, looked_to) = not_indexed(connection, index, seen, copy, phrases)?;
    places.extend(waiting);
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.truncate(limit);
    Ok(Found { places, looked_to })
}

fn indexed(
    connection: &Connection,
    Index { texts, words, queue }: Index,
    seen: &str,
    copy: i64,
    phrases: &[String],
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    // Phrases hold letters, digits and spaces only, so quoting them is enough.
    let query = phrases.iter().map(|phrase| format!("\"{phrase}\"")).collect::<Vec<_>>().join(" AND ");
    let seen = match seen {
        "" => String::new(),
        seen => format!("AND EXISTS (SELECT 1 FROM {texts} WHERE {texts}.place = {words}.rowid AND {seen})"),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT rowid FROM {words} WHERE {words} MATCH ?1 AND rowid BETWEEN ?2 AND ?3
         AND rowid NOT IN (SELECT place FROM {queue} WHERE place BETWEEN ?2 AND ?3) {seen}
         ORDER BY rowid DESC LIMIT ?4"
    ))?;
    let (from, to) = places(copy);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![query, from, to, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest of what waits for the index, looked through one by one.
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
        seen += 1;
        last = Some(row.get(0)?);
        if contains(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, phrases) {
            found.push(row.get(0)?);
        }
    }
    Ok((found, last.filter(|_| seen == BATCH)))
}

/// Whether a text contains every phrase, as the index would say.
pub(crate) fn contains(text: &str, phrases: &[String]) -> bool {
    let text = format!(" {} ", index_text(text));
    phrases.iter().all(|phrase| text.contains(&format!(" {phrase} ")))
}
