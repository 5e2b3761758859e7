//! The embedded engine: one writer thread, a pool of readers, a checkpointer apart from both.

use super::{
    Connection, DbError, Engine, Row, Scope, Value,
    late::Late,
    migrate,
    waiting::{self, Job, TOGETHER, Transacting},
};
use rusqlite::{
    ErrorCode, OpenFlags, StatementStatus,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::{Semaphore, mpsc};

/// Reader connections at most: one a core, as a read is a few microseconds of CPU and runs on the thread that asks.
const READERS: usize = 8;
/// KiB of pages that the writer keeps.
const WRITER_CACHE: i64 = 8 * 1024;
/// KiB of pages that all readers keep together. What is read often also lies in the system's own cache.
const READER_CACHES: i64 = 16 * 1024;
/// KiB of pages that the checkpointer keeps: it copies, and reads nothing twice.
const CHECKPOINTER_CACHE: i64 = 64;
/// Writes that may wait before whoever brings another has to wait for room.
const QUEUE: usize = 4096;
/// Pages in the WAL from which on the writer checkpoints itself (64 MB): the checkpointer has fallen behind.
const WAL_PAGES_MAX: i64 = 16_384;
/// How often the checkpointer looks.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);

/// One SQLite connection, also in memory, for a simulator that runs everything on one thread.
pub struct SqliteConnection {
    inner: rusqlite::Connection,
    /// Why SQLite ended the transaction by itself: the first error after which there was none.
    ended_by: Option<DbError>,
    late: Late,
    /// See [`SqliteConnection::steps`].
    steps: u64,
}

impl SqliteConnection {
    /// A database in memory with the present schema.
    pub fn memory() -> Result<Self, DbError> {
        let mut conn = Self::prepared(rusqlite::Connection::open_in_memory()?, WRITER_CACHE)?;
        migrate::sqlite(&mut conn)?;
        Ok(conn)
    }

    /// Opens the file, making it where there is none. Every commit is flushed.
    pub(super) fn open(path: &Path) -> Result<Self, DbError> {
        Self::open_with(path, WRITER_CACHE)
    }

    fn open_with(path: &Path, cache: i64) -> Result<Self, DbError> {
        let conn = Self::prepared(rusqlite::Connection::open(path)?, cache)?;
        // A new file is written through a rollback journal once. Its removal has to be on the disk: a journal that came
        // back with the power would be rolled back over all that was written since.
        conn.inner.pragma_update(None, "synchronous", "EXTRA")?;
        conn.inner.pragma_update(None, "journal_mode", "WAL")?;
        conn.inner.pragma_update(None, "synchronous", "FULL")?;
        conn.inner.pragma_update(None, "wal_autocheckpoint", WAL_PAGES_MAX)?;
        conn.inner.pragma_update(None, "journal_size_limit", WAL_PAGES_MAX * 4096)?;
        Ok(conn)
    }

    fn open_reader(path: &Path, cache: i64) -> Result<Self, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Self::prepared(rusqlite::Connection::open_with_flags(path, flags)?, cache)?;
        conn.inner.pragma_update(None, "query_only", true)?;
        Ok(conn)
    }

    /// `cache` is how many KiB of pages it keeps.
    fn prepared(inner: rusqlite::Connection, cache: i64) -> Result<Self, DbError> {
        inner.busy_timeout(Duration::from_secs(10))?;
        inner.pragma_update(None, "foreign_keys", true)?;
        inner.pragma_update(None, "cache_size", -cache)?;
        inner.pragma_update(None, "temp_store", "MEMORY")?;
        // A plan is made once, not anew for each value of a limit.
        inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        inner.set_prepared_statement_cache_capacity(256);
        Ok(Self { inner, ended_by: None, late: Late::default(), steps: 0 })
    }

    /// Begins a transaction; a simulator's requests bracket their work with this and `commit`.
    pub fn begin(&mut self) -> Result<(), DbError> {
        self.ended_by = None;
        self.late.clear();
        self.batch("BEGIN IMMEDIATE")
    }

    /// Commits, after what was put off until now.
    pub fn commit(&mut self) -> Result<(), DbError> {
        self.do_late()?;
        self.batch("COMMIT")
    }

    /// Undoes everything since `begin`.
    pub fn rollback(&mut self) -> Result<(), DbError> {
        self.late.clear();
        self.batch("ROLLBACK")
    }

    fn do_late(&mut self) -> Result<(), DbError> {
        self.late.take().into_iter().try_for_each(|(sql, values)| self.execute(sql, &values).map(drop))
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let result = self.inner.execute_batch(sql).map_err(DbError::from);
        self.noted(result)
    }

    fn noted<T>(&mut self, result: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &result
            && self.inner.is_autocommit()
        {
            self.ended_by.get_or_insert_with(|| error.clone());
        }
        result
    }

    /// The whole database as bytes, to come back to with [`SqliteConnection::restore`].
    pub fn snapshot(&self) -> Result<Vec<u8>, DbError> {
        Ok(self.inner.serialize(rusqlite::MAIN_DB)?.to_vec())
    }

    /// Replaces a database in memory by one from [`SqliteConnection::snapshot`].
    ///
    /// In a new connection: SQLite's own tables of functions (`json_each`), once used, would go on pointing to the
    /// schema of the database that was replaced.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), DbError> {
        let mut fresh = Self::prepared(rusqlite::Connection::open_in_memory()?, WRITER_CACHE)?;
        fresh.inner.deserialize_read_exact(rusqlite::MAIN_DB, snapshot, snapshot.len(), false)?;
        self.inner = fresh.inner;
        Ok(())
    }

    /// Copies the database, while others use it, into a file that must not exist.
    pub fn backup_to(&self, path: &Path) -> Result<(), DbError> {
        Ok(self.inner.backup(rusqlite::MAIN_DB, path, None)?)
    }

    /// The work done so far, in steps of SQLite's virtual machine: what a read costs, whatever the
    /// machine is busy with.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    fn run<T>(
        &mut self,
        sql: &str,
        work: impl FnOnce(&mut rusqlite::CachedStatement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, DbError> {
        let mut steps = 0;
        let result = self.inner.prepare_cached(&portable(sql)).and_then(|mut statement| {
            let result = work(&mut statement);
            steps = statement.reset_status(StatementStatus::VmStep);
            result
        });
        self.steps += u64::try_from(steps).unwrap_or(0);
        self.noted(result.map_err(DbError::from))
    }
}

/// SQLite writes `?1` where the portable text has `$1`.
fn portable(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        text.push(if after.starts_with(|char: char| char.is_ascii_digit()) { '?' } else { '$' });
        rest = after;
    }
    text.push_str(rest);
    text
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        // No column holds fractions; one that an expression made is not read as a number.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl Connection for SqliteConnection {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let changed = self.run(sql, |statement| statement.execute(rusqlite::params_from_iter(values)))?;
        Ok(changed as u64)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        self.run(sql, |statement| {
            let columns = statement.column_count();
            let mut rows = statement.query(rusqlite::params_from_iter(values))?;
            let mut read = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| row.get_ref(column).map(value));
                read.push(Row(values.collect::<Result<_, _>>()?));
            }
            Ok(read)
        })
    }

    fn execute_late(&mut self, sql: &'static str, values: &[Value]) -> Result<(), DbError> {
        self.late.push((sql, values.to_vec()));
        // Outside of a transaction nothing comes later.
        if self.inner.is_autocommit() { self.do_late() } else { Ok(()) }
    }

    fn begin_step(&mut self) -> Result<(), DbError> {
        self.late.begin_step();
        self.execute("SAVEPOINT step", &[]).map(drop)
    }

    fn keep_step(&mut self) -> Result<(), DbError> {
        self.late.keep_step();
        self.execute("RELEASE SAVEPOINT step", &[]).map(drop)
    }

    fn undo_step(&mut self) -> Result<(), DbError> {
        self.late.undo_step();
        self.execute("ROLLBACK TO SAVEPOINT step", &[])?;
        self.execute("RELEASE SAVEPOINT step", &[]).map(drop)
    }
}

impl Transacting for SqliteConnection {
    fn begin_read(&mut self, _: Scope) -> Result<(), DbError> {
        self.batch("BEGIN")
    }

    fn begin_write(&mut self, _: Scope) -> Result<(), DbError> {
        self.begin()
    }

    fn commit(&mut self) -> Result<(), DbError> {
        Self::commit(self)
    }

    fn rollback(&mut self) {
        self.late.clear();
        if !self.inner.is_autocommit()
            && let Err(error) = self.batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    fn ended(&self) -> Option<DbError> {
        let why = || self.ended_by.clone().unwrap_or(DbError::Failed("SQLite ended the transaction".into()));
        self.inner.is_autocommit().then(why)
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ConstraintViolation) => Self::Constraint(error.to_string()),
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// A database file with its threads; they end when the last handle is dropped.
pub(super) struct Sqlite {
    readers: Mutex<Vec<SqliteConnection>>,
    free: Semaphore,
    writer: mpsc::Sender<Box<dyn Job>>,
}

impl Sqlite {
    /// Opens and migrates the file and starts its threads.
    pub(super) fn open(path: &Path) -> Result<Arc<Self>, DbError> {
        let mut writer = SqliteConnection::open(path)?;
        migrate::sqlite(&mut writer)?;
        let count = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, READERS));
        let cache = READER_CACHES / i64::try_from(count).unwrap_or(1);
        let readers = (0..count).map(|_| SqliteConnection::open_reader(path, cache)).collect::<Result<_, _>>()?;
        let checkpointer = SqliteConnection::open_with(path, CHECKPOINTER_CACHE)?;
        let (sender, queue) = mpsc::channel(QUEUE);
        let (committed, commits) = std::sync::mpsc::channel();
        start("writer", move || write_all(writer, queue, &committed))?;
        start("checkpointer", move || checkpoint(&checkpointer, &commits))?;
        Ok(Arc::new(Self { readers: Mutex::new(readers), free: Semaphore::new(count), writer: sender }))
    }

    /// Runs a read here, on the caller's thread: handing it to another costs more than the read.
    pub(super) async fn read<T, E: From<DbError>>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let closed = || DbError::Unavailable("the readers are closed".into());
        let _permit = self.free.acquire().await.map_err(|_| closed())?;
        let conn = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(closed)?;
        let mut reader = Reader { conn: Some(conn), pool: &self.readers };
        match &mut reader.conn {
            Some(conn) => waiting::read(conn, scope, work),
            None => Err(closed().into()),
        }
    }

    pub(super) async fn enqueue(&self, job: Box<dyn Job>) -> Result<(), DbError> {
        self.writer.send(job).await.map_err(|_| DbError::Unavailable("the writer has stopped".into()))
    }
}

/// Brings a connection back to the pool, also where the read panicked.
struct Reader<'a> {
    conn: Option<SqliteConnection>,
    pool: &'a Mutex<Vec<SqliteConnection>>,
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(mut conn) = self.conn.take() {
            Transacting::rollback(&mut conn);
            self.pool.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}

fn start(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    let started = thread::Builder::new().name(format!("sqlite-{name}")).spawn(body);
    started.map(drop).map_err(|error| DbError::Unavailable(error.to_string()))
}

fn write_all(
    mut conn: SqliteConnection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    committed: &std::sync::mpsc::Sender<()>,
) {
    while let Some(first) = queue.blocking_recv() {
        let mut jobs = vec![first];
        while jobs.len() < TOGETHER
            && let Ok(job) = queue.try_recv()
        {
            jobs.push(job);
        }
        waiting::commit_together(&mut conn, Scope::Whole, jobs);
        if committed.send(()).is_err() {
            tracing::error!("the checkpointer has stopped");
        }
    }
}

fn checkpoint(conn: &SqliteConnection, commits: &std::sync::mpsc::Receiver<()>) {
    while commits.recv().is_ok() {
        thread::sleep(CHECKPOINT_EVERY);
        while commits.try_recv().is_ok() {}
        if let Err(error) = conn.inner.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, "a checkpoint failed");
        }
    }
}
