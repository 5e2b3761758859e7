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
    // FTS5 writes what it has gathered at the end of each step: a new segment for every text. Late, it is one a commit.
    conn.execute_late("INSERT INTO search_index (rowid, words) VALUES ($1, $2)", values![row, words])
}

/// Makes a text unfindable.
pub fn remove(conn: &mut dyn Connection, community: CommunityId, id: Uuid) -> Result<(), DbError> {
    if conn.engine() == Engine::Sqlite {
        let row = conn.first("SELECT row FROM search_text WHERE community = $1 AND id = $2", values![community, id])?;
        let Some(row) = row else { return Ok(()) };
        conn.execute_late("DELETE FROM search_index WHERE rowid = $1", values![row.get::<i64>(0)?])?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        both_engines,
        db::{Database, Scope, step, testing::TestDatabase},
    };

    const COMMUNITY: CommunityId = CommunityId(Uuid::from_u128(7));

    fn write(conn: &mut dyn Connection, number: u16, text: &str) -> Result<(), DbError> {
        let id = Uuid::from_u128(number.into());
        let position = Position(number.into());
        put(conn, &Text { community: COMMUNITY, id, post: id, stream: Stream::Community, position, text })
    }

    fn undone(conn: &mut dyn Connection, work: impl FnOnce(&mut dyn Connection) -> Result<(), DbError>) {
        let failed = step(conn, |conn| work(conn).and(Err::<(), _>(DbError::Full)));
        assert_eq!(failed, Err(DbError::Full));
    }

    async fn found(db: &Database, word: &'static str) -> Vec<u128> {
        let phrases = text::query_phrases(word);
        let hits = db.read(Scope::Community(COMMUNITY), move |conn| {
            find(conn, COMMUNITY, &[Stream::Community], &phrases, Position(i64::MAX), 5_000)
        });
        hits.await.expect("read").iter().map(|hit| hit.id.as_u128()).collect()
    }

    both_engines! {
        async fn what_a_step_undid_is_not_found_and_what_stood_before_is(db: TestDatabase) {
            db.write(Scope::Community(COMMUNITY), |conn| {
                write(conn, 1, "退職した")?;
                undone(conn, |conn| write(conn, 1, "復職した"));
                undone(conn, |conn| remove(conn, COMMUNITY, Uuid::from_u128(1)));
                undone(conn, |conn| {
                    write(conn, 2, "退職した")?;
                    step(conn, |conn| write(conn, 3, "退職した"))
                });
                step(conn, |conn| {
                    write(conn, 4, "退職した")?;
                    undone(conn, |conn| write(conn, 5, "退職した"));
                    write(conn, 6, "復職した")
                })
            }).await.expect("written");
            assert_eq!(found(&db.database, "退職").await, [4, 1]);
            assert_eq!(found(&db.database, "復職").await, [6]);
            db.write(Scope::Community(COMMUNITY), |conn| {
                write(conn, 4, "転職した")?;
                remove(conn, COMMUNITY, Uuid::from_u128(6))
            }).await.expect("written");
            assert_eq!(found(&db.database, "退職").await, [1], "found by its present words only");
            assert_eq!(found(&db.database, "転職").await, [4]);
            assert_eq!(found(&db.database, "復職").await, [0_u128; 0]);
        }

        async fn a_large_step_is_undone_whole_and_a_large_write_is_found_whole(db: TestDatabase) {
            const MANY: u16 = 1_100;
            db.write(Scope::Community(COMMUNITY), |conn| {
                write(conn, 1, "退職した")?;
                undone(conn, |conn| (2..MANY).try_for_each(|number| write(conn, number, "退職した")));
                (2..MANY).try_for_each(|number| write(conn, number, "復職した"))
            }).await.expect("written");
            assert_eq!(found(&db.database, "退職").await, [1]);
            assert_eq!(found(&db.database, "復職").await.len(), usize::from(MANY) - 2);
        }

        async fn what_a_write_that_failed_made_findable_is_not(db: TestDatabase) {
            let failed = db.write(Scope::Community(COMMUNITY), |conn| {
                write(conn, 1, "退職した")?;
                Err::<(), _>(DbError::Full)
            });
            assert_eq!(failed.await, Err(DbError::Full));
            db.write(Scope::Community(COMMUNITY), |conn| write(conn, 2, "退職した")).await.expect("written");
            assert_eq!(found(&db.database, "退職").await, [2]);
        }
    }
}
