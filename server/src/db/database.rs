//! The database as the rest of the server sees it, whichever engine it is.

use super::{
    Connection, DbError, Engine, Keyed,
    postgres::{Listener, Postgres},
    sqlite::Sqlite,
    waiting,
};
use crate::sealing::MessageKey;
use enishi_protocol::CommunityId;
use std::{path::Path, sync::Arc};

/// What a transaction is about. On PostgreSQL nothing outside it can be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One community; also the tables that have none. A write is the only one there at its time.
    Community(CommunityId),
    /// The tables that have no community: accounts, devices, sessions, the look-up of invitations.
    Accounts,
    /// Reads the list of communities with their versions, and the tables that have no community.
    Whole,
}

/// A database of either engine. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    kind: Kind,
    key: Option<Arc<MessageKey>>,
}

#[derive(Clone)]
enum Kind {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Database {
    /// Opens a SQLite file, made where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`DbError::Newer`] where a newer build has migrated it.
    pub fn open_sqlite(path: &Path) -> Result<Self, DbError> {
        Sqlite::open(path).map(Kind::Sqlite).map(Self::of)
    }

    /// Connects to PostgreSQL and brings its schema up to date. `sslmode=require` in the URL asks for TLS.
    ///
    /// # Errors
    /// [`DbError::Newer`] where a newer build has migrated it.
    pub async fn connect_postgres(url: &str) -> Result<Self, DbError> {
        Postgres::connect(url).await.map(Kind::Postgres).map(Self::of)
    }

    fn of(kind: Kind) -> Self {
        Self { kind, key: None }
    }

    /// The same database with the key of its sealed columns, without which no message is read or written.
    #[must_use]
    pub fn with_key(self, key: MessageKey) -> Self {
        Self { key: Some(Arc::new(key)), ..self }
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &self.kind {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `work` in one snapshot; it cannot write.
    ///
    /// # Errors
    /// Those of `work`, or that the database is not available.
    pub async fn read<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let work = self.keyed(work);
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.read(scope, work).await,
            Kind::Postgres(postgres) => postgres.read(scope, work).await,
        }
    }

    /// Runs `work` in a transaction that it shares with others that wait, and returns its result once
    /// that is on disk. Where `work` fails, only what it wrote is undone. It runs to its end also
    /// where the caller goes away.
    ///
    /// # Errors
    /// Those of `work`; or that the commit failed, and then nothing was written.
    pub async fn write<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (job, result) = waiting::job(self.keyed(work));
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.enqueue(job).await?,
            Kind::Postgres(postgres) => postgres.enqueue(scope, job),
        }
        result.await.map_err(|_| DbError::Unavailable("the writer has stopped".into()))?
    }

    fn keyed<T>(
        &self,
        work: impl FnOnce(&mut dyn Connection) -> T + Send + 'static,
    ) -> impl FnOnce(&mut dyn Connection) -> T + Send + 'static {
        let key = self.key.clone();
        move |conn: &mut dyn Connection| match key {
            Some(key) => work(&mut Keyed::new(conn, key)),
            None => work(conn),
        }
    }

    /// Hears of changes that other processes make; none where there is only this one.
    pub async fn listen(&self) -> Result<Option<Listener>, DbError> {
        match &self.kind {
            Kind::Sqlite(_) => Ok(None),
            Kind::Postgres(postgres) => postgres.listen().await.map(Some),
        }
    }

    /// Tells the other processes that something changed, in words that [`Listener`] hears.
    pub async fn notify(&self, words: &str) -> Result<(), DbError> {
        match &self.kind {
            Kind::Sqlite(_) => Ok(()),
            Kind::Postgres(postgres) => postgres.notify(words).await,
        }
    }
}
