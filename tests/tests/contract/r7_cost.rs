//! R7: cost follows the change, not the community. What is counted is work, never time.

use crate::town::{Town, post};
use enishi_protocol::{
    Stream, Version,
    limits::{FLOOR_POSTS, Portions, in_portions},
    sync::{LiveRequest, StreamRequest},
};
use enishi_server::{
    db::{Connection, SqliteConnection},
    sync::fan_out::Room,
    values,
};
use enishi_tests::{Place, place};
use tokio_postgres::NoTls;

const CHANGES: usize = 100;
const SMALL: usize = 500;
const LARGE: usize = 20_000;

fn posts(count: usize) -> Vec<enishi_protocol::Operation> {
    (0..count).map(|number| post(Stream::Community, &format!("{number}番目の話"))).collect()
}

/// Where a phone stands that misses the last hundred changes.
fn standing(town: &Town, conn: &mut dyn Connection, cursor: Version) -> StreamRequest {
    let row = conn.first(
        "SELECT granted FROM stream_grant WHERE community = $1 AND member = $2 AND stream = $3",
        values![town.community, town.members[0], Stream::Community],
    );
    let grant = row.unwrap().unwrap().get(0).unwrap();
    StreamRequest { stream: Stream::Community, grant, cursor: Some(cursor), page: None }
}

/// A community of so many posts, then a hundred more; where a phone stands that misses those.
fn grown(size: usize) -> (Town, SqliteConnection, StreamRequest) {
    in_portions(Portions { changes: 1_000, first_posts: 50, whole_stream: 300, floor_posts: FLOOR_POSTS });
    let (town, mut conn) = Town::in_memory(2);
    conn.begin().unwrap();
    town.does_in(&mut conn, 0, &posts(size));
    let before = town.version(&mut conn);
    town.does_in(&mut conn, 1, &posts(CHANGES));
    conn.commit().unwrap();
    let standing = standing(&town, &mut conn, before);
    (town, conn, standing)
}

/// Steps of SQLite's machine that pulling takes, and those of a live connection that replays the same.
fn steps((town, conn, standing): &mut (Town, SqliteConnection, StreamRequest)) -> [u64; 2] {
    let before = conn.steps();
    let reply = town.pulled(conn, 0, vec![standing.clone()]);
    assert_eq!(reply.batches[0].changes.len(), CHANGES);
    let pulled = conn.steps();
    let mut room = Room::default();
    let request = LiveRequest { community: town.community, era: reply.era, streams: vec![standing.clone()] };
    room.add(1, town.members[0], &request);
    assert_eq!(room.due(conn, town.community).unwrap().len(), 1);
    [pulled - before, conn.steps() - pulled]
}

#[test]
fn r7_pulling_a_hundred_changes_costs_the_same_in_a_small_and_a_large_community() {
    let (small, mut large) = (steps(&mut grown(SMALL)), grown(LARGE));
    let with_index = steps(&mut large);
    for (small, large) in small.iter().zip(with_index) {
        assert!(large * 100 <= small * 103, "{small} steps after {SMALL} posts, {large} after {LARGE}");
    }
    // The measure measures: without the indexes that pulling runs on, it grows with the community.
    for index in ["change_version", "change_order"] {
        large.1.execute(&format!("DROP INDEX {index}"), &[]).unwrap();
    }
    let without = steps(&mut large)[0];
    assert!(without > 10 * small[0], "{without} steps without the index, {} with it", with_index[0]);
}

/// Rows that statements of this transaction have read from tables; and those read without an index.
fn rows_read(conn: &mut dyn Connection) -> [i64; 2] {
    let sql =
        "SELECT CAST(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS BIGINT), CAST(sum(CASE WHEN relname = 'change'
        THEN seq_tup_read ELSE 0 END) AS BIGINT) FROM pg_stat_xact_user_tables WHERE schemaname = current_schema()";
    let row = conn.first(sql, &[]).unwrap().unwrap();
    [row.get(0).unwrap(), row.get(1).unwrap()]
}

/// Rows that pulling a hundred changes reads after so many posts on PostgreSQL.
async fn rows_to_pull(place: &Place, size: usize) -> i64 {
    let (town, db) = Town::at(place, 2).await;
    town.does(&db, 0, posts(size)).await;
    let version = {
        let town = town.clone();
        move |conn: &mut dyn Connection| town.version(conn)
    };
    let before = town.read(&db, version).await;
    town.does(&db, 1, posts(CHANGES)).await;
    tidy(place).await;
    let pulling = town.clone();
    town.read(&db, move |conn| {
        let standing = standing(&pulling, conn, before);
        let [rows, scanned] = rows_read(conn);
        let reply = pulling.pulled(conn, 0, vec![standing]);
        assert_eq!(reply.batches[0].changes.len(), CHANGES);
        let [rows_after, scanned_after] = rows_read(conn);
        assert_eq!(scanned_after, scanned, "no change is looked for without an index");
        let plan = explained(&pulling, conn, before);
        let by_version = plan.lines().any(|line| line.contains("Index Cond") && line.contains("version >"));
        assert!(by_version && !plan.contains("Seq Scan"), "{plan}");
        rows_after - rows
    })
    .await
}

/// Up-to-date statistics, and no dead versions of rows, which would count as read.
async fn tidy(place: &Place) {
    let (client, connection) = tokio_postgres::connect(place.database_url().unwrap(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("VACUUM ANALYZE change, community, member, stream_grant").await.unwrap();
}

/// PostgreSQL's plan of what a pull reads.
fn explained(town: &Town, conn: &mut dyn Connection, cursor: Version) -> String {
    let sql = "EXPLAIN SELECT c.version, c.body FROM change c WHERE c.community = $1 AND c.stream = $2
        AND c.version > $3 ORDER BY c.version LIMIT 1001";
    let rows = conn.query(sql, values![town.community, Stream::Community, cursor]).unwrap();
    rows.iter().map(|row| row.get::<String>(0).unwrap() + "\n").collect()
}

mod r7_pulling_a_hundred_changes_reads_the_same_rows_in_a_small_and_a_large_community {
    use super::*;

    async fn story(place: Place) {
        let small = rows_to_pull(&place, SMALL).await;
        let large = rows_to_pull(&place, LARGE / 4).await;
        // A few dead versions of the community's row may still be there and count as read.
        assert!(large * 100 <= small * 110, "{small} rows in the small one, {large} in the large one");
    }

    #[test]
    fn on_postgres() {
        place::on_postgres(story);
    }
}
