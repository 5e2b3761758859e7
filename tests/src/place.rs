//! Where a story happens: a folder of its own, and on PostgreSQL a schema of its own.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

/// A superuser's URL of a PostgreSQL server that tests may use.
const POSTGRES: &str = "ENISHI_TEST_POSTGRES";

/// Writes each story once and runs it on SQLite and on PostgreSQL: the story takes a [`Place`].
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident: $kind:ty) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($place: $kind) $body

            #[test]
            fn on_sqlite() {
                $crate::place::on_sqlite(story);
            }

            #[test]
            fn on_postgres() {
                $crate::place::on_postgres(story);
            }
        }
    )*};
}

/// Where a story happens. Cheap to clone; its folder is removed with the last clone.
#[derive(Clone)]
pub struct Place(Arc<Parts>);

struct Parts {
    folder: PathBuf,
    schema: Option<String>,
    database_url: Option<String>,
    folders: AtomicUsize,
}

impl Place {
    fn new(schema: Option<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("enishi-story-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let database_url = schema.as_deref().map(url_of);
        Self(Arc::new(Parts { folder, schema, database_url, folders: AtomicUsize::new(0) }))
    }

    /// The PostgreSQL URL, where the story happens on it.
    pub fn database_url(&self) -> Option<&str> {
        self.0.database_url.as_deref()
    }

    /// The superuser's URL and the schema, where the story happens on PostgreSQL.
    pub fn schema(&self) -> Option<(String, &str)> {
        let schema = self.0.schema.as_deref()?;
        Some((superuser(), schema))
    }

    /// The folder of the whole story.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// A new folder in it.
    pub fn new_folder(&self, name: &str) -> PathBuf {
        let number = self.0.folders.fetch_add(1, Ordering::Relaxed);
        let folder = self.0.folder.join(format!("{name}-{number}"));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
        if let Some(schema) = &self.schema {
            let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
            // On a thread of its own: the last clone may be dropped inside a runtime.
            drop(std::thread::spawn(move || run_sql(&superuser(), &sql)).join());
        }
    }
}

/// Tells a story on SQLite.
pub fn on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(Place) -> F) {
    run(&Place::new(None), story);
}

/// Tells a story on PostgreSQL, where there is one.
pub fn on_postgres<F: Future<Output = ()>>(story: impl FnOnce(Place) -> F) {
    if std::env::var(POSTGRES).is_ok() {
        run(&Place::new(Some(new_schema())), story);
    }
}

fn new_schema() -> String {
    let schema = format!("story_{}", Uuid::new_v4().simple());
    let sql = format!("CREATE SCHEMA {schema}");
    std::thread::spawn(move || run_sql(&superuser(), &sql)).join().unwrap();
    schema
}

fn superuser() -> String {
    std::env::var(POSTGRES).unwrap()
}

/// A URL that works in one schema, and whose connections bear its name.
fn url_of(schema: &str) -> String {
    let server = superuser();
    let joiner = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joiner}application_name={schema}&options=-csearch_path%3D{schema}")
}

fn run<F: Future<Output = ()>>(place: &Place, story: impl FnOnce(Place) -> F) {
    drop(
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_test_writer()
            .try_init(),
    );
    let runtime = runtime();
    let told = catch_unwind(AssertUnwindSafe(|| runtime.block_on(story(place.clone()))));
    drop(runtime);
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn run_sql(url: &str, sql: &str) {
    runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    });
}
