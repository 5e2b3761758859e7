//! What stands behind the code on PostgreSQL: with the filter by community taken out of the queries' text, row-level
//! security still gives no row of another community. On SQLite nothing stands there, and the same queries give some:
//! that is how one sees that the filters were taken out.

use crate::town::{Community, Lies, Town, secret};
use enishi_protocol::{CommunityId, MemberId, Position, Stream};
use enishi_server::{
    db::{Connection, DbError, Engine, Row, Scope, Value},
    error::Error,
    feed, grants, sync,
};
use enishi_tests::{
    Place, both_engines,
    raw::{bare, from_start},
};

/// A connection on which no query asks for one community alone.
struct Unfiltered<'a> {
    conn: &'a mut dyn Connection,
    taken_out: usize,
}

impl Unfiltered<'_> {
    /// The text without `community = $1`: the value stays, as a condition that always holds.
    fn text(&mut self, sql: &str) -> String {
        let always = |number: &str| match self.conn.engine() {
            Engine::Sqlite => format!("(${number} IS NOT NULL)"),
            Engine::Postgres => format!("(CAST(${number} AS UUID) IS NOT NULL)"),
        };
        let (mut text, mut rest) = (String::new(), sql);
        let filter = "community = $";
        while let Some(at) = rest.find(filter) {
            let before = &rest[..at];
            // The name of the table before it goes as well.
            let name =
                before.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.');
            let after = &rest[at + filter.len()..];
            let digits = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
            text += name;
            text += &always(&after[..digits]);
            rest = &after[digits..];
            self.taken_out += 1;
        }
        text + rest
    }
}

impl Connection for Unfiltered<'_> {
    fn engine(&self) -> Engine {
        self.conn.engine()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let sql = self.text(sql);
        self.conn.execute(&sql, values)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let sql = self.text(sql);
        self.conn.query(&sql, values)
    }
}

/// What one of the server's queries gives, as a text.
type Query = fn(&mut dyn Connection, CommunityId, MemberId, &Asked) -> Result<String, Error>;

/// What is asked for: all that both communities have.
#[derive(Clone)]
struct Asked {
    posts: Vec<enishi_protocol::PostId>,
    streams: Vec<Stream>,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const QUERIES: [(&str, Query); 5] = [
    ("streams", |conn, community, member, asked| {
        let mut request = bare(community);
        request.streams = asked.streams.iter().map(|stream| from_start(*stream)).collect();
        Ok(text(&sync::pull::reply(conn, member, &request, None)?))
    }),
    ("older posts", |conn, community, member, _| {
        Ok(text(&sync::older(conn, community, member, Stream::Community, Position(i64::MAX))?.changes))
    }),
    ("posts by id", |conn, community, member, asked| {
        Ok(text(&sync::singles(conn, community, member, &asked.posts)?.posts))
    }),
    ("search", |conn, community, member, _| {
        let hits = feed::search(conn, community, member, "広場", None, 100)?;
        let ids: Vec<_> = hits.iter().map(|hit| (hit.stream, hit.id)).collect();
        Ok(text(&sync::with_ids(conn, community, &ids)?))
    }),
    ("grants", |conn, community, member, _| Ok(format!("{:?}", grants::all(conn, community, member)?))),
];

fn assert_says_nothing_of(what: &str, said: &str, there: &Community) {
    for lies in Lies::ALL {
        assert!(!said.contains(&secret(lies, there.mark)), "{what} tells of {lies:?}: {said}");
    }
    for stream in there.streams().into_iter().filter(|stream| *stream != Stream::Community) {
        assert!(!said.contains(&stream.to_string()), "{what} tells of {stream}: {said}");
    }
}

both_engines! {
    async fn without_the_filters_of_the_queries_row_level_security_gives_no_row(place: Place) {
        let town = Town::at(&place).await;
        let db = town.server.database().await;
        let (here, there) = (&town.here, &town.there);
        let asked = Asked {
            posts: here.posts().into_iter().chain(there.posts()).collect(),
            streams: here.streams().into_iter().chain(there.streams()).collect(),
        };
        let (mut leaks, mut told) = (0, 0);
        // As whoever is in the community, and as one who names the other community in its scope.
        for (community, member) in [(here.id, here.member), (here.id, there.member), (there.id, there.member)] {
            for (name, query) in QUERIES {
                let asked = asked.clone();
                let read = move |conn: &mut dyn Connection| -> Result<_, Error> {
                    let mut conn = Unfiltered { conn, taken_out: 0 };
                    let said = query(&mut conn, community, member, &asked);
                    Ok((said, conn.taken_out))
                };
                let (said, taken_out) = db.read(Scope::Community(here.id), read).await.unwrap();
                assert!(taken_out > 0 || said.is_err(), "{name} has no filter");
                told += usize::from(said.as_ref().is_ok_and(|said| said.contains(here.mark)));
                match (db.engine(), said) {
                    (Engine::Postgres, Ok(said)) => assert_says_nothing_of(name, &said, there),
                    (Engine::Postgres, Err(_)) => {}
                    (Engine::Sqlite, said) => leaks += usize::from(said.is_ok_and(|said| said.contains(there.mark))),
                }
            }
        }
        assert!(told >= 3, "whoever is in the community is told what is theirs: {told}");
        assert_eq!(leaks > 3, db.engine() == Engine::Sqlite, "{leaks}: the filters are what keeps communities apart there");
    }

    async fn no_table_gives_a_row_of_another_community(place: Place) {
        let town = Town::at(&place).await;
        let db = town.server.database().await;
        if db.engine() == Engine::Sqlite {
            return;
        }
        let (here, there) = (town.here.id, town.there.id);
        let tables = "SELECT CAST(c.table_name AS TEXT) FROM information_schema.columns c
             JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = CAST(current_schema() AS regnamespace)
             WHERE c.table_schema = current_schema() AND c.column_name = 'community' AND t.relrowsecurity";
        let count = move |conn: &mut dyn Connection| -> Result<Vec<(String, i64)>, Error> {
            let mut counts = Vec::new();
            for row in conn.query(tables, &[])? {
                let table: String = row.get(0)?;
                let sql = format!("SELECT count(*) FROM \"{table}\" WHERE community = $1");
                let rows = conn.first(&sql, enishi_server::values![there])?.unwrap().get(0)?;
                counts.push((table, rows));
            }
            Ok(counts)
        };
        let theirs = db.read(Scope::Community(there), count).await.unwrap();
        assert!(theirs.len() > 20 && theirs.iter().filter(|(_, rows)| *rows > 0).count() > 12, "{theirs:?}");
        for scope in [Scope::Community(here), Scope::Accounts, Scope::Whole] {
            for (table, rows) in db.read(scope, count).await.unwrap() {
                assert_eq!(rows, 0, "{table} in {scope:?}");
            }
        }
        // Nor is any of their rows changed or made.
        for (table, _) in theirs {
            for sql in [format!("DELETE FROM \"{table}\" WHERE community = $1"), format!("UPDATE \"{table}\" SET community = $1 WHERE community = $1")] {
                let write = move |conn: &mut dyn Connection| conn.execute(&sql, enishi_server::values![there]);
                assert_eq!(db.write(Scope::Community(here), write).await, Ok(0), "{table}");
            }
        }
    }
}
