//! Full-text search, which the engines do differently: FTS5 on SQLite, `tsvector` on PostgreSQL.
//!
//! Both index the words that `protocol::text` makes, so both find the same: Japanese words of one,
//! two and three characters too.

use super::{Connection, DbError, Engine, Row, Value};
use crate::values;
use enishi_protocol::{CommunityId, Position, Stream, text};
use std::fmt::Write as _;
use uuid::Uuid;

/// A text that is found by its words.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Whose.
    pub community: CommunityId,
    /// The post or comment.
    pub id: Uuid,
    /// The post that it is or hangs on.
    pub post: Uuid,
    /// Who may find it: the readers of this stream.
    pub stream: Stream,
    /// Its place in the community's order.
    pub position: Position,
    /// What it says.
    pub text: &'a str,
}

/// Makes a text findable, under its present words only.
pub fn put(conn: &mut dyn Connection, found: &Text<'_>) -> Result<(), DbError> {
    let words = text::index_text(found.text);
    let Text { community, id, post, stream, position, .. } = *found;
    if conn.engine() == Engine::Postgres {
        conn.execute(
            "INSERT INTO search_text (community, id, post, stream, position, words)
             VALUES ($1, $2, $3, $4, $5, to_tsvector('simple', $6))
             ON CONFLICT (community, id) DO UPDATE SET words = excluded.words, stream = excluded.stream",
            values![community, id, post, stream, position, words],
        )?;
        return Ok(());
    }
    remove(conn, community, id)?;
    let row = conn.first(
        "INSERT INTO search_text (community, id, post, stream, position) VALUES ($1, $2, $3, $4, $5) RETURNING row",
        values![community, id, post, stream, position],
    )?;
    let row: i64 = row.ok_or_else(|| DbError::Failed("no row number for a text".into()))?.get(0)?;
    conn.execute("INSERT INTO search_index (rowid, words) VALUES ($1, $2)", values![row, words])?;
    Ok(())
}

/// Makes a text unfindable.
pub fn remove(conn: &mut dyn Connection, community: CommunityId, id: Uuid) -> Result<(), DbError> {
    if conn.engine() == Engine::Sqlite {
        let row = conn.first("SELECT row FROM search_text WHERE community = $1 AND id = $2", values![community, id])?;
        let Some(row) = row else { return Ok(()) };
        conn.execute("DELETE FROM search_index WHERE rowid = $1", values![row.get::<i64>(0)?])?;
    }
    conn.execute("DELETE FROM search_text WHERE community = $1 AND id = $2", values![community, id])?;
    Ok(())
}

/// Moves a post's texts to another stream.
pub fn move_post(conn: &mut dyn Connection, community: CommunityId, post: Uuid, stream: Stream) -> Result<(), DbError> {
    conn.execute(
        "UPDATE search_text SET stream = $3 WHERE community = $1 AND post = $2",
        values![community, post, stream],
    )?;
    Ok(())
}

/// A text that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The post or comment.
    pub id: Uuid,
    /// The post that it is or hangs on.
    pub post: Uuid,
    /// Which stream it is in.
    pub stream: Stream,
    /// Its place in the community's order.
    pub position: Position,
}

/// The newest texts in these streams, before a place, that have all the phrases.
pub fn find(
    conn: &mut dyn Connection,
    community: CommunityId,
    streams: &[Stream],
    phrases: &[String],
    before: Position,
    limit: usize,
) -> Result<Vec<Hit>, DbError> {
    if streams.is_empty() || phrases.is_empty() {
        return Ok(vec![]);
    }
    let mut values = values![community, before, i64::try_from(limit).unwrap_or(i64::MAX)].to_vec();
    let matching = match conn.engine() {
        Engine::Sqlite => {
            let quoted: Vec<String> = phrases.iter().map(|phrase| format!("\"{phrase}\"")).collect();
            values.push(Value::Text(quoted.join(" AND ")));
            "t.row IN (SELECT rowid FROM search_index WHERE search_index MATCH $4)".to_owned()
        }
        Engine::Postgres => {
            let each: Vec<String> = (0..phrases.len())
                .map(|number| format!("t.words @@ phraseto_tsquery('simple', ${})", number + 4))
                .collect();
            values.extend(phrases.iter().map(|phrase| Value::Text(phrase.clone())));
            each.join(" AND ")
        }
    };
    let mut sql = format!(
        "SELECT t.id, t.post, t.stream, t.position FROM search_text t
         WHERE t.community = $1 AND t.position < $2 AND {matching} AND t.stream IN ("
    );
    for (number, stream) in streams.iter().enumerate() {
        values.push(Value::from(*stream));
        let comma = if number == 0 { "" } else { ", " };
        write!(sql, "{comma}${}", values.len()).map_err(|error| DbError::Failed(error.to_string()))?;
    }
    sql.push_str(") ORDER BY t.position DESC LIMIT $3");
    conn.query(&sql, &values)?.iter().map(hit).collect()
}

fn hit(row: &Row) -> Result<Hit, DbError> {
    Ok(Hit { id: row.get(0)?, post: row.get(1)?, stream: row.get(2)?, position: row.get(3)? })
}
