//! PostgreSQL: a pool of connections, one open write per community and process, and row-level
//! security behind every query.

use super::{
    Connection, DbError, Engine, Row, Scope, Value,
    migrate::{self, MIGRATION_TABLE},
    waiting::{self, Job, TOGETHER, Transacting},
};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use enishi_protocol::CommunityId;
use std::{
    collections::HashMap,
    error::Error,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};
use tokio::{runtime::Handle, sync::mpsc, task};
use tokio_postgres::{
    AsyncMessage, Config, NoTls,
    config::SslMode,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::Uuid;

/// Connections that one process opens at most.
const CONNECTIONS: usize = 24;
/// The channel on which processes tell each other of changes.
const CHANNEL: &str = "enishi_changed";
/// The role that every transaction takes on. It owns nothing, so row-level security binds it.
const ROLE: &str = "enishi_community";
/// Tables that name communities and must be found without knowing one.
const WITHOUT_ROW_SECURITY: &[&str] =
    &["account_membership", "invitation_lookup", "decline_lookup", "recovery_lookup", "recovery_stop", "erasure"];

/// A pool of connections to one PostgreSQL database.
pub(super) struct Postgres {
    pool: Pool,
    config: Config,
    lanes: Mutex<HashMap<CommunityId, Vec<Box<dyn Job>>>>,
}

impl Postgres {
    pub(super) async fn connect(url: &str) -> Result<Arc<Self>, DbError> {
        let config: Config = url.parse()?;
        let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = if config.get_ssl_mode() == SslMode::Require {
            Manager::from_config(config.clone(), tls()?, settings)
        } else {
            Manager::from_config(config.clone(), NoTls, settings)
        };
        let pool = Pool::builder(manager).max_size(CONNECTIONS).build().map_err(unavailable)?;
        let postgres = Arc::new(Self { pool, config, lanes: Mutex::default() });
        postgres.migrate().await?;
        Ok(postgres)
    }

    async fn migrate(&self) -> Result<(), DbError> {
        let mut client = self.pool.get().await.map_err(unavailable)?;
        let transaction = client.transaction().await?;
        // Processes that start together migrate one after the other.
        transaction.batch_execute("SELECT pg_advisory_xact_lock(7310503181265)").await?;
        transaction.batch_execute(MIGRATION_TABLE).await?;
        let rows = transaction.query("SELECT number FROM schema_migration", &[]).await?;
        let done: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        let missing = migrate::missing(&done)?;
        for migration in &missing {
            transaction.batch_execute(migration.postgres).await?;
            let values: [&(dyn ToSql + Sync); 2] = [&migration.number, &migration.subject];
            transaction.execute("INSERT INTO schema_migration (number, subject) VALUES ($1, $2)", &values).await?;
        }
        if !missing.is_empty() {
            transaction.batch_execute(&row_security()).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn connection(&self) -> Result<PostgresConnection, DbError> {
        let client = self.pool.get().await.map_err(unavailable)?;
        Ok(PostgresConnection { client: Some(client), runtime: Handle::current(), in_transaction: false })
    }

    pub(super) async fn read<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let mut conn = self.connection().await?;
        let reading = task::spawn_blocking(move || waiting::read(&mut conn, scope, work));
        reading.await.map_err(|_| DbError::Failed("the work panicked".into()))?
    }

    /// Puts a write where it waits for its community; those that wait together are committed together.
    pub(super) fn enqueue(self: &Arc<Self>, scope: Scope, job: Box<dyn Job>) {
        let this = Arc::clone(self);
        let Scope::Community(community) = scope else {
            drop(task::spawn(async move { this.commit(scope, vec![job]).await }));
            return;
        };
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = lanes.get_mut(&community) {
            waiting.push(job);
        } else {
            lanes.insert(community, vec![job]);
            drop(task::spawn(async move { this.drain(community).await }));
        }
    }

    /// A lane exists as long as somebody drains it.
    async fn drain(self: Arc<Self>, community: CommunityId) {
        while let Some(jobs) = self.next_jobs(community) {
            self.commit(Scope::Community(community), jobs).await;
        }
    }

    fn next_jobs(&self, community: CommunityId) -> Option<Vec<Box<dyn Job>>> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = lanes.get_mut(&community)?;
        if waiting.is_empty() {
            lanes.remove(&community);
            return None;
        }
        let count = waiting.len().min(TOGETHER);
        Some(waiting.drain(..count).collect())
    }

    async fn commit(&self, scope: Scope, jobs: Vec<Box<dyn Job>>) {
        match self.connection().await {
            Ok(mut conn) => {
                let writing = task::spawn_blocking(move || waiting::commit_together(&mut conn, scope, jobs));
                if writing.await.is_err() {
                    tracing::error!("a commit panicked");
                }
            }
            Err(error) => jobs.into_iter().for_each(|job| job.finish(Err(error.clone()))),
        }
    }

    pub(super) async fn notify(&self, words: &str) -> Result<(), DbError> {
        let client = self.pool.get().await.map_err(unavailable)?;
        client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &words]).await?;
        Ok(())
    }

    /// Opens a connection of its own that hears of changes.
    pub(super) async fn listen(&self) -> Result<Listener, DbError> {
        let (heard, words) = mpsc::unbounded_channel();
        let client = if self.config.get_ssl_mode() == SslMode::Require {
            let (client, connection) = self.config.connect(tls()?).await?;
            drop(task::spawn(hear(connection, heard)));
            client
        } else {
            let (client, connection) = self.config.connect(NoTls).await?;
            drop(task::spawn(hear(connection, heard)));
            client
        };
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        Ok(Listener { _client: client, words })
    }
}

/// Hears what processes on the same database tell each other.
pub struct Listener {
    _client: tokio_postgres::Client,
    words: mpsc::UnboundedReceiver<String>,
}

impl Listener {
    /// The next words; none once the connection is lost.
    pub async fn heard(&mut self) -> Option<String> {
        self.words.recv().await
    }
}

async fn hear<S, T>(mut connection: tokio_postgres::Connection<S, T>, heard: mpsc::UnboundedSender<String>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        let message = std::future::poll_fn(|context| match connection.poll_message(context) {
            Poll::Ready(message) => Poll::Ready(message),
            Poll::Pending => Poll::Pending,
        });
        match message.await {
            Some(Ok(AsyncMessage::Notification(notification))) => {
                if heard.send(notification.payload().to_owned()).is_err() {
                    return;
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return,
        }
    }
}

fn tls() -> Result<MakeRustlsConnect, DbError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| DbError::Failed(error.to_string()))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Gives the role its rights, and every table with a community its policy, so that no migration can
/// forget it.
fn row_security() -> String {
    let without: Vec<String> = WITHOUT_ROW_SECURITY.iter().map(|table| format!("'{table}'")).collect();
    let mut sql = include_str!("row_security.sql").replace("{role}", ROLE);
    sql = sql.replace("{without}", &without.join(", "));
    sql
}

/// One PostgreSQL connection with an open transaction. Lives on a thread that may block.
pub(super) struct PostgresConnection {
    client: Option<Object>,
    runtime: Handle,
    in_transaction: bool,
}

impl Drop for PostgresConnection {
    /// Nobody may get a connection whose transaction is still open.
    fn drop(&mut self) {
        if self.in_transaction {
            drop(self.client.take().map(Object::take));
        }
    }
}

impl PostgresConnection {
    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(|| DbError::Unavailable("the connection was given up".into()))
    }

    fn batch(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.runtime.block_on(self.client()?.batch_execute(sql))?)
    }

    /// Takes on the role, and the community that row-level security lets through, for this
    /// transaction only: a plain `SET` would leak into the next one on this connection.
    fn begin(&mut self, how: &str, scope: Scope) -> Result<(), DbError> {
        let mut sql = format!("BEGIN {how}; SET LOCAL ROLE {ROLE};");
        let added = match scope {
            Scope::Community(community) => write!(sql, "SET LOCAL app.community = '{community}'"),
            Scope::Whole => write!(sql, "SET LOCAL app.whole = 'on'"),
            Scope::Accounts => Ok(()),
        };
        added.map_err(|error| DbError::Failed(error.to_string()))?;
        self.in_transaction = true;
        self.batch(&sql)
    }
}

impl Connection for PostgresConnection {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let client = self.client()?;
        self.runtime.block_on(async {
            let statement = client.prepare_cached(sql).await?;
            Ok(client.execute_raw(&statement, values).await?)
        })
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let client = self.client()?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = self.runtime.block_on(async {
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, &values).await
        })?;
        rows.iter().map(read_row).collect()
    }
}

impl Transacting for PostgresConnection {
    fn begin_read(&mut self, scope: Scope) -> Result<(), DbError> {
        self.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", scope)
    }

    /// Locks the community's row first: versions become visible in their order, as nobody can
    /// take a higher one before a lower one is committed (rule R2).
    fn begin_write(&mut self, scope: Scope) -> Result<(), DbError> {
        self.begin("", scope)?;
        if let Scope::Community(community) = scope {
            self.query("SELECT 1 FROM community WHERE id = $1 FOR UPDATE", crate::values![community])?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), DbError> {
        self.batch("COMMIT")?;
        self.in_transaction = false;
        Ok(())
    }

    fn rollback(&mut self) {
        self.in_transaction = self.batch("ROLLBACK").is_err();
    }

    fn ended(&self) -> Option<DbError> {
        match &self.client {
            Some(client) if !client.is_closed() => None,
            _ => Some(DbError::Unavailable("the connection was lost".into())),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) => number.to_sql_checked(ty, out),
            Self::Text(text) => text.to_sql_checked(ty, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(ty, out),
            Self::Id(id) => id.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn read_row(row: &tokio_postgres::Row) -> Result<Row, DbError> {
    (0..row.len()).map(|column| Ok(row.try_get::<_, Value>(column)?)).collect::<Result<_, _>>().map(Row)
}

impl FromSql<'_> for Value {
    fn from_sql(ty: &Type, raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::UUID => Self::Id(Uuid::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::NAME => Self::Text(String::from_sql(ty, raw)?),
            _ => return Err(format!("a column of type {ty} is not portable").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn unavailable(error: impl std::fmt::Display) -> DbError {
    DbError::Unavailable(error.to_string())
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let words =
            |error: &tokio_postgres::Error| error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        match error.code() {
            Some(&SqlState::DISK_FULL) => Self::Full,
            Some(code) if code.code().starts_with("23") => Self::Constraint(words(&error)),
            // Deadlock or a lost race, no connection to be had, shutting down.
            Some(code) if ["40", "08", "53", "57"].contains(&code.code().get(..2).unwrap_or_default()) => {
                Self::Unavailable(words(&error))
            }
            None if error.is_closed() || error.source().is_some_and(<dyn Error>::is::<std::io::Error>) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Failed(words(&error)),
        }
    }
}
