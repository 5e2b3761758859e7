use super::{
    Connection, Database, DbError, Engine, Scope, SqliteConnection, Value, migrate, step,
    testing::{TestDatabase, TestPlace},
};
use crate::{both_engines, values};
use enishi_protocol::{CommunityId, Stream};
use uuid::Uuid;

const ADD: &str =
    "INSERT INTO community (id, name, kind, era, version, horizon, created_us) VALUES ($1, $2, 'company', $1, 0, 0, 0)";

fn add(conn: &mut dyn Connection, id: CommunityId, name: &str) -> Result<(), DbError> {
    conn.execute(ADD, values![id, name]).map(drop)
}

fn names(conn: &mut dyn Connection) -> Result<Vec<String>, DbError> {
    conn.query("SELECT name FROM community ORDER BY name", &[])?.iter().map(|row| row.get(0)).collect()
}

fn some_id() -> CommunityId {
    CommunityId(Uuid::new_v4())
}

both_engines! {
    async fn every_value_comes_back_as_it_went_in(db: TestDatabase) {
        let id = some_id();
        let values = db.write(Scope::Community(id), move |conn| {
            add(conn, id, "縁")?;
            let row = conn.first("SELECT id, name, version, fact FROM community WHERE id = $1", values![id])?;
            let row = row.expect("a row");
            let stream = conn.first("SELECT CAST($1 AS BYTEA)", values![Stream::Desk(id.0)]);
            Ok::<_, DbError>((row.get::<CommunityId>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?,
                row.get::<Option<String>>(3)?, stream.map(|row| row.map(|row| row.get::<Stream>(0)))))
        }).await.expect("written");
        assert_eq!((values.0, values.1.as_str(), values.2, values.3), (id, "縁", 0, None));
        if db.engine() == Engine::Postgres {
            assert_eq!(values.4, Ok(Some(Ok(Stream::Desk(id.0)))));
        }
    }

    async fn writes_that_wait_together_fail_one_by_one(db: TestDatabase) {
        let id = some_id();
        db.write(Scope::Community(id), move |conn| add(conn, id, "name")).await.expect("written");
        let writes = (0..60_i64).map(|number| {
            let db = Database::clone(&db);
            tokio::spawn(async move {
                db.write(Scope::Community(id), move |conn| {
                    let member = Uuid::from_u128(number.unsigned_abs().into());
                    conn.execute(
                        "INSERT INTO erased (community, id) VALUES ($1, $2)", values![id, member])?;
                    match number % 3 {
                        0 => Ok(()),
                        1 => Err(DbError::Failed("refused".into())),
                        _ => conn.execute("INSERT INTO nowhere (x) VALUES (1)", &[]).map(|_| panic!("a defect")),
                    }
                }).await
            })
        }).collect::<Vec<_>>();
        for (number, write) in writes.into_iter().enumerate() {
            assert_eq!(write.await.expect("answered").is_ok(), number % 3 == 0, "{number}");
        }
        let left = db.read(Scope::Community(id), move |conn| {
            conn.query("SELECT id FROM erased WHERE community = $1", values![id])
        }).await.expect("read");
        assert_eq!(left.len(), 20);
    }

    async fn writes_that_wait_together_are_one_commit(db: TestDatabase) {
        let id = some_id();
        db.write(Scope::Community(id), move |conn| add(conn, id, "name")).await.expect("written");
        let place = db.place().file();
        let crowd = Crowd::gather(&db, id, 40, move |conn, number| {
            conn.execute("INSERT INTO erased (community, id) VALUES ($1, $2)", values![id, number])?;
            commit_of(conn, place.as_deref())
        }).await;
        let commits: Vec<i64> = crowd.go().await.into_iter().map(|commit| commit.expect("written")).collect();
        assert!(commits.iter().all(|commit| *commit == commits[0]), "each had a commit of its own: {commits:?}");
    }

    async fn nobody_is_told_that_a_write_is_kept_before_it_is(db: TestDatabase) {
        let id = some_id();
        db.write(Scope::Community(id), move |conn| add(conn, id, "name")).await.expect("written");
        let crowd = Crowd::gather(&db, id, 5, move |conn, number| {
            conn.execute("INSERT INTO erased (community, id) VALUES ($1, $2)", values![id, number])?;
            if number == Uuid::from_u128(4) {
                // What a crash or a full disk would do to the commit of all.
                conn.execute("ROLLBACK", &[])?;
            }
            Ok(())
        }).await;
        let told = crowd.go().await;
        assert!(told.iter().all(Result::is_err), "{told:?}");
        let kept = |conn: &mut dyn Connection| conn.query("SELECT id FROM erased", &[]);
        assert_eq!(db.read(Scope::Community(id), kept).await, Ok(vec![]));
        let again = move |conn: &mut dyn Connection| {
            conn.execute("INSERT INTO erased (community, id) VALUES ($1, $1)", values![id])
        };
        assert_eq!(db.write(Scope::Community(id), again).await, Ok(1), "what comes later is written");
    }

    async fn a_write_that_panics_harms_nobody(db: TestDatabase) {
        let id = some_id();
        let panicked = db.write(Scope::Community(id), move |conn| -> Result<(), DbError> {
            add(conn, id, "never")?;
            panic!("a defect")
        }).await;
        assert!(matches!(panicked, Err(DbError::Failed(_))));
        db.write(Scope::Community(id), move |conn| add(conn, id, "later")).await.expect("written");
        let read = db.read(Scope::Community(id), names).await.expect("read");
        assert_eq!(read, ["later"]);
    }

    async fn a_read_cannot_write(db: TestDatabase) {
        let id = some_id();
        let refused = db.read(Scope::Community(id), move |conn| add(conn, id, "never")).await;
        assert!(refused.is_err());
        assert_eq!(db.read(Scope::Whole, names).await, Ok(vec![]));
    }

    async fn a_read_sees_one_snapshot(db: TestDatabase) {
        let (id, other) = (some_id(), some_id());
        db.write(Scope::Community(id), move |conn| add(conn, id, "first")).await.expect("written");
        let writer = Database::clone(&db);
        let runtime = tokio::runtime::Handle::current();
        let seen = tokio::task::spawn_blocking(move || {
            let reader = Database::clone(&writer);
            let handle = runtime.clone();
            runtime.block_on(reader.read(Scope::Whole, move |conn| {
                let before = names(conn)?;
                let writing = std::thread::spawn(move || {
                    handle.block_on(writer.write(Scope::Community(other), move |conn| add(conn, other, "second")))
                });
                writing.join().expect("a thread")?;
                Ok::<_, DbError>((before, names(conn)?))
            }))
        }).await.expect("a thread").expect("read");
        assert_eq!(seen.0, seen.1);
        assert_eq!(db.read(Scope::Whole, names).await.expect("read").len(), 2);
    }

    async fn a_failed_step_leaves_the_rest(db: TestDatabase) {
        let id = some_id();
        let kept = db.write(Scope::Community(id), move |conn| {
            add(conn, id, "kept")?;
            let failed = step(conn, |conn| add(conn, id, "twice"));
            assert!(matches!(failed, Err(DbError::Constraint(_))), "{failed:?}");
            names(conn)
        }).await;
        assert_eq!(kept, Ok(vec!["kept".to_owned()]));
    }

    async fn a_step_in_which_the_transaction_ended_says_why(db: TestDatabase) {
        let id = some_id();
        let ended = db.write(Scope::Community(id), move |conn| {
            step(conn, |conn| {
                // As SQLite does by itself where the disk is full.
                conn.execute("ROLLBACK", &[])?;
                Err::<(), _>(DbError::Full)
            })
            .map_err(|why| {
                assert_eq!(why, DbError::Full, "and not that there is no savepoint");
                why
            })
        });
        assert!(ended.await.is_err());
        db.write(Scope::Community(id), move |conn| add(conn, id, "later")).await.expect("written");
    }

    async fn a_newer_database_is_refused(db: TestDatabase) {
        let TestPlace::Folder(folder) = db.place() else { return };
        let mut conn = SqliteConnection::open(&folder.join("enishi.db")).expect("opened");
        conn.execute("INSERT INTO schema_migration (number, subject) VALUES (9999, 'future')", &[]).expect("written");
        assert!(matches!(db.place().open().await, Err(DbError::Newer { found: 9999, .. })));
    }
}

/// Writes that wait together, because one before them has not ended.
struct Crowd<T> {
    writes: Vec<tokio::task::JoinHandle<Result<T, DbError>>>,
    first: tokio::task::JoinHandle<Result<(), DbError>>,
    release: std::sync::mpsc::Sender<()>,
}

impl<T: Send + 'static> Crowd<T> {
    /// Brings so many writes to the database, which waits for the first of all.
    async fn gather(
        db: &Database,
        id: CommunityId,
        count: u128,
        work: impl Fn(&mut dyn Connection, Uuid) -> Result<T, DbError> + Clone + Send + 'static,
    ) -> Self {
        let ((begun, has_begun), (release, released)) = (tokio::sync::oneshot::channel(), std::sync::mpsc::channel());
        let first = tokio::spawn({
            let db = db.clone();
            async move {
                let hold = move |_: &mut dyn Connection| {
                    begun.send(()).unwrap_or_default();
                    released.recv().unwrap_or_default();
                    Ok(())
                };
                db.write(Scope::Community(id), hold).await
            }
        });
        has_begun.await.expect("the first write runs");
        let mut writes = Vec::new();
        for number in 0..count {
            let (db, work) = (db.clone(), work.clone());
            let writing =
                async move { db.write(Scope::Community(id), move |conn| work(conn, Uuid::from_u128(number))).await };
            // Asked once, a write waits in the queue.
            let mut writing = Box::pin(writing);
            assert!(futures_util::poll!(&mut writing).is_pending());
            writes.push(tokio::spawn(writing));
        }
        Self { writes, first, release }
    }

    /// Lets them go; how each ended.
    async fn go(self) -> Vec<Result<T, DbError>> {
        self.release.send(()).expect("the first write waits");
        self.first.await.expect("a task").expect("the first write is kept");
        let mut ended = Vec::new();
        for write in self.writes {
            ended.push(write.await.expect("a task"));
        }
        ended
    }
}

/// Which commit a write will be part of: on PostgreSQL the transaction's number, on SQLite how many
/// rows another connection sees before it.
fn commit_of(conn: &mut dyn Connection, file: Option<&std::path::Path>) -> Result<i64, DbError> {
    let row = match file {
        None => conn.first("SELECT txid_current()", &[])?,
        Some(file) => SqliteConnection::open(file)?.first("SELECT count(*) FROM erased", &[])?,
    };
    row.expect("a row").get(0)
}

#[test]
fn every_commit_is_flushed_before_it_is_acknowledged() {
    super::testing::on_sqlite(|db| async move {
        let how = |conn: &mut dyn Connection| {
            let mode = conn.first("PRAGMA journal_mode", &[])?.expect("a row").get::<String>(0)?;
            Ok::<_, DbError>((mode, conn.first("PRAGMA synchronous", &[])?.expect("a row").get::<i64>(0)?))
        };
        assert_eq!(db.write(Scope::Whole, how).await, Ok(("wal".to_owned(), 2)), "2 is FULL");
    });
}

/// On PostgreSQL the engine itself keeps communities apart where code forgets to.
#[test]
fn row_level_security_stands_behind_the_code() {
    super::testing::on_postgres(|db| async move {
        let (ours, theirs) = (some_id(), some_id());
        for id in [ours, theirs] {
            db.write(Scope::Community(id), move |conn| add(conn, id, &id.to_string())).await.expect("written");
        }
        assert_eq!(db.read(Scope::Community(ours), names).await, Ok(vec![ours.to_string()]));
        assert_eq!(db.read(Scope::Accounts, names).await, Ok(vec![]));
        let forged = db.write(Scope::Community(ours), move |conn| {
            conn.execute("INSERT INTO erased (community, id) VALUES ($1, $1)", values![theirs])
        });
        assert!(forged.await.is_err());
        let forgot = db.write(Scope::Community(ours), move |conn| conn.execute("UPDATE community SET name = 'x'", &[]));
        assert_eq!(forgot.await, Ok(1));
        let unprotected = db.read(Scope::Accounts, |conn| {
            conn.query(
                "SELECT CAST(c.relname AS TEXT) FROM pg_class c
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'community'
                 WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace)
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
                &[],
            )
        });
        let unprotected = unprotected.await.expect("read");
        let allowed = [
            "account_membership",
            "invitation_lookup",
            "decline_lookup",
            "recovery_lookup",
            "recovery_stop",
            "erasure",
        ];
        for row in unprotected {
            let table: String = row.get(0).expect("a name");
            assert!(allowed.contains(&table.as_str()), "{table} has a community and no row-level security");
        }
    });
}

/// What every index of every table with a community begins with: its table, its name, its first column.
fn index_beginnings(conn: &mut dyn Connection) -> Result<Vec<(String, String, String)>, DbError> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT t.name, i.name, c.name FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
             WHERE t.type = 'table' AND c.seqno = 0
             AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) column WHERE column.name = 'community')
             UNION SELECT t.name, 'the key', k.name FROM sqlite_master t, pragma_table_info(t.name) k
             WHERE t.type = 'table' AND k.pk = 1
             AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) column WHERE column.name = 'community')"
        }
        Engine::Postgres => {
            "SELECT CAST(t.relname AS TEXT), CAST(x.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_index i
             JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
             WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND EXISTS
                (SELECT 1 FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attname = 'community')"
        }
    };
    conn.query(sql, &[])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// What is looked up before one knows the community, and search's own rows, which an index of words
/// names by number.
const WITHOUT_COMMUNITY_FIRST: &[&str] = &[
    "account_membership",
    "invitation_lookup",
    "decline_lookup",
    "recovery_lookup",
    "recovery_stop",
    "erasure",
    "search_text",
];

both_engines! {
    async fn every_key_of_a_communitys_data_leads_with_the_community(db: TestDatabase) {
        let indexes = db.read(Scope::Whole, index_beginnings).await.expect("read");
        let tables: std::collections::BTreeSet<_> = indexes.iter().map(|(table, ..)| table.clone()).collect();
        assert!(tables.len() > 15 && tables.contains("change"), "{tables:?}");
        for (table, index, first) in indexes {
            let allowed = WITHOUT_COMMUNITY_FIRST.contains(&table.as_str());
            assert!(allowed || first == "community", "{index} of {table} leads with {first}");
        }
    }
}

#[test]
fn a_simulated_database_returns_to_a_snapshot() {
    let mut conn = SqliteConnection::memory().expect("opened");
    conn.begin().expect("begun");
    add(&mut conn, some_id(), "first").expect("added");
    conn.commit().expect("committed");
    let snapshot = conn.snapshot().expect("taken");
    add(&mut conn, some_id(), "second").expect("added");
    conn.restore(&snapshot).expect("restored");
    assert_eq!(names(&mut conn), Ok(vec!["first".to_owned()]));
    add(&mut conn, some_id(), "third").expect("still writable");
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = super::testing::folder();
    let mut conn = SqliteConnection::open(&folder.join("enishi.db")).expect("opened");
    migrate::sqlite(&mut conn).expect("migrated");
    conn.query("PRAGMA max_page_count = 120", &[]).expect("set");
    let mut failed = None;
    for number in 0..10_000 {
        let added = add(&mut conn, CommunityId(Uuid::from_u128(number)), &"長い名前".repeat(200));
        if let Err(error) = added {
            failed = Some((number, error));
            break;
        }
    }
    let (count, error) = failed.expect("it must become full");
    assert_eq!(error, DbError::Full);
    assert_eq!(names(&mut conn).expect("read").len() as u128, count);
    drop(std::fs::remove_dir_all(folder));
}

#[test]
fn migrations_are_numbered_upwards_and_named_by_their_number() {
    for pair in migrate::MIGRATIONS.windows(2) {
        assert!(pair[0].number < pair[1].number);
    }
    for migration in migrate::MIGRATIONS {
        assert!(migration.subject.starts_with(&format!("{:04}_", migration.number)));
    }
}

#[test]
fn a_wrong_type_is_an_error_and_not_a_guess() {
    let row = super::Row(vec![Value::Text("7".into())]);
    assert!(matches!(row.get::<i64>(0), Err(DbError::Type { column: 0, .. })));
    assert!(matches!(row.get::<i64>(3), Err(DbError::Type { column: 3, .. })));
}

#[test]
fn a_schema_migrated_from_any_step_equals_a_fresh_one() {
    let schema = |conn: &mut SqliteConnection| {
        conn.query("SELECT type, name, sql FROM sqlite_master ORDER BY type, name", &[]).expect("read")
    };
    let fresh = schema(&mut SqliteConnection::memory().expect("opened"));
    for done in 0..migrate::MIGRATIONS.len() {
        let folder = super::testing::folder();
        let mut conn = SqliteConnection::open(&folder.join("enishi.db")).expect("opened");
        conn.batch(migrate::MIGRATION_TABLE).expect("made");
        for migration in &migrate::MIGRATIONS[..done] {
            conn.batch(migration.sqlite).expect("migrated");
            let values = values![migration.number, migration.subject];
            conn.execute("INSERT INTO schema_migration (number, subject) VALUES ($1, $2)", values).expect("noted");
        }
        migrate::sqlite(&mut conn).expect("migrated");
        assert_eq!(schema(&mut conn), fresh, "from step {done}");
        drop(std::fs::remove_dir_all(folder));
    }
}
