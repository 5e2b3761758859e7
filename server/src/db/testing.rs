//! Runs each test of the server on both engines, each in a database of its own.
//!
//! PostgreSQL takes part where `ENISHI_TEST_POSTGRES` names a superuser's URL; each test gets a
//! fresh schema there.

use super::{Database, DbError};
use crate::sealing::MessageKey;
use std::{future::Future, path::PathBuf};
use uuid::Uuid;

/// Writes each test once and runs it on SQLite and on PostgreSQL: the test takes a
/// [`TestDatabase`].
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: $kind:ty) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($database: $kind) $body

            #[test]
            fn on_sqlite() {
                $crate::db::testing::on_sqlite(story);
            }

            #[test]
            fn on_postgres() {
                $crate::db::testing::on_postgres(story);
            }
        }
    )*};
}

/// A fresh database, removed when dropped.
pub struct TestDatabase {
    /// The database.
    pub database: Database,
    place: TestPlace,
}

/// Where a test's database is, to open it a second time as another process would.
pub enum TestPlace {
    /// A folder with the file `enishi.db`.
    Folder(PathBuf),
    /// A URL that works in one schema.
    Url(String),
}

impl TestPlace {
    /// The file of the database, on SQLite.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.join("enishi.db")),
            Self::Url(_) => None,
        }
    }

    /// Opens the database that is there, with a message key that all tests share.
    pub async fn open(&self) -> Result<Database, DbError> {
        let opened = match self {
            Self::Folder(folder) => Database::open_sqlite(&folder.join("enishi.db")),
            Self::Url(url) => Database::connect_postgres(url).await,
        };
        Ok(opened?.with_key(MessageKey::of_bytes([7; 32])))
    }
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl TestDatabase {
    /// Where it is.
    pub fn place(&self) -> &TestPlace {
        &self.place
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let TestPlace::Folder(folder) = &self.place {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

/// A new folder under the system's temporary one.
///
/// # Panics
/// Where it cannot be made.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("enishi-test-{}", Uuid::new_v4()));
    assert!(std::fs::create_dir_all(&folder).is_ok(), "no folder for a test");
    folder
}

/// Runs a test on SQLite.
pub fn on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(TestDatabase) -> F) {
    let place = TestPlace::Folder(folder());
    run(place, story);
}

/// Runs a test on PostgreSQL, where there is one.
pub fn on_postgres<F: Future<Output = ()>>(story: impl FnOnce(TestDatabase) -> F) {
    let Ok(server) = std::env::var("ENISHI_TEST_POSTGRES") else { return };
    let schema = format!("test_{}", Uuid::new_v4().simple());
    let joiner = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joiner}options=-csearch_path%3D{schema}");
    run_sql(&server, &format!("CREATE SCHEMA {schema}"));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(TestPlace::Url(url), story)));
    run_sql(&server, &format!("DROP SCHEMA {schema} CASCADE"));
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

fn run<F: Future<Output = ()>>(place: TestPlace, story: impl FnOnce(TestDatabase) -> F) {
    runtime().block_on(async {
        let database = match place.open().await {
            Ok(database) => database,
            Err(error) => panic!("no database for a test: {error}"),
        };
        story(TestDatabase { database, place }).await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    match builder.worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime for a test: {error}"),
    }
}

fn run_sql(url: &str, sql: &str) {
    let done = runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        drop(tokio::spawn(connection));
        client.batch_execute(sql).await
    });
    if let Err(error) = done {
        panic!("{sql}: {error}");
    }
}
