//! The local store: one encrypted SQLite file per account on one server.
//!
//! It saves what the pure parts decide and never decides itself. A transaction is whole or has left
//! no trace; a full disk, a kill or a second process must never cost a write that was acknowledged.

mod bookmarked;
mod codes;
mod connection;
mod drafts;
mod fingerprint;
mod held;
mod lock;
pub(crate) mod media;
pub(crate) mod mirror;
mod older;
pub(crate) mod outbox;
pub(crate) mod overlay;
pub(crate) mod replica;
mod salvage;
mod schema;
pub(crate) mod search;
#[cfg(test)]
mod tests;
mod tip;
mod trim;
pub(crate) mod unseen;
pub(crate) mod values;
pub(crate) mod view;

pub use connection::DatabaseKey;
pub use lock::DirectoryLock;
pub use older::OlderTaken;
pub use outbox::{NewWrite, StoredWrite, Wish};
pub use salvage::{Opened, Salvage};

use crate::error::StoreError;
use overlay::Overlays;
use rusqlite::{Connection, MAIN_DB, TransactionBehavior};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};
use tip::Tip;
use tokio_util::sync::CancellationToken;

/// A local store. All methods may be called from any thread; each is one transaction.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Writer>,
    /// None in memory, where one connection does both.
    reader: Option<Mutex<Connection>>,
    overlays: Overlays,
    /// Where it is noted that damage showed; none in memory.
    damage: Option<PathBuf>,
    /// Cancelled once damage has shown.
    damaged: CancellationToken,
}

#[derive(Debug)]
struct Writer {
    connection: Connection,
    flushes: bool,
    /// None in memory.
    tip: Option<Tip>,
}

/// Whether a transaction must have reached the disk when it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flush {
    Yes,
    No,
}

impl Store {
    /// Opens the file at `path`, creating it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where it cannot be read or has lost what was written, [`StoreError::OtherKey`] where it belongs to
    /// another key, [`StoreError::Full`] where there is no space to create it.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        fingerprint::check(path, key)?;
        let mut writer = connection::writer(path, key)?;
        schema::migrate(&mut writer)?;
        let tip = Tip::open(path, &writer)?;
        let reader = connection::reader(path, key)?;
        Ok(Self { damage: Some(salvage::mark(path)), ..Self::over(writer, Some(reader), Some(tip)) })
    }

    /// An empty store in memory, not encrypted: for tests and simulations.
    pub fn in_memory() -> Result<Self, StoreError> {
        static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
        let store = Self::over(Connection::open_in_memory()?, None, None);
        if let Some(empty) = EMPTY.get() {
            store.restore(empty)?;
        } else {
            let mut writer = store.lock_writer();
            writer.connection.pragma_update(None, "page_size", 1024)?;
            schema::migrate(&mut writer.connection)?;
            drop(writer);
            EMPTY.get_or_init(|| store.snapshot().unwrap_or_default());
        }
        Ok(store)
    }

    fn over(writer: Connection, reader: Option<Connection>, tip: Option<Tip>) -> Self {
        writer.set_prepared_statement_cache_capacity(96);
        let writer = Mutex::new(Writer { connection: writer, flushes: false, tip });
        let (overlays, damaged) = (Overlays::default(), CancellationToken::new());
        Self { writer, reader: reader.map(Mutex::new), overlays, damage: None, damaged }
    }

    /// Notes damage that shows while the store is used: it is set aside when it is opened next.
    fn note(&self, error: &StoreError) {
        let StoreError::Damaged(_) = error else { return };
        if let Some(mark) = &self.damage
            && let Err(error) = std::fs::File::create(mark)
        {
            tracing::warn!(%error, "a store's damage could not be noted");
        }
        self.damaged.cancel();
    }

    /// Cancelled once damage has shown: from then on only opening it anew, which sets it aside, helps.
    pub(crate) fn damaged(&self) -> &CancellationToken {
        &self.damaged
    }

    /// Everything in the store as bytes, from which [`Self::restore`] makes it again: how a
    /// simulation models what a crash leaves.
    pub fn snapshot(&self) -> Result<Vec<u8>, StoreError> {
        Ok(self.lock_writer().connection.serialize(MAIN_DB)?.to_vec())
    }

    /// Replaces everything in a store in memory by a snapshot.
    ///
    /// In a new connection: SQLite's own tables of functions (`json_each`), once used, would go on pointing to the
    /// schema of the database that was replaced.
    pub fn restore(&self, snapshot: &[u8]) -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(96);
        connection.deserialize_read_exact(MAIN_DB, snapshot, snapshot.len(), false)?;
        self.lock_writer().connection = connection;
        self.overlays.clear();
        Ok(())
    }

    /// Empties the log into the database file and keeps the search index in shape. For idle times.
    pub fn tidy(&self) -> Result<(), StoreError> {
        let writer = self.lock_writer();
        writer.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Runs `query` on one snapshot of what is committed.
    pub(crate) fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.snapshot_of(query).inspect_err(|error| self.note(error))
    }

    fn snapshot_of<T>(&self, query: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(reader) = &self.reader {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let snapshot = reader.unchecked_transaction()?;
            query(&snapshot)
        } else {
            query(&self.lock_writer().connection)
        }
    }

    /// Runs `change` in one transaction, which is undone where it fails.
    pub(crate) fn write<T>(
        &self,
        flush: Flush,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(flush, change).inspect_err(|error| self.note(error))
    }

    fn transaction<T>(
        &self,
        flush: Flush,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.lock_writer();
        writer.set_flushes(flush == Flush::Yes)?;
        let Writer { connection, tip, .. } = &mut *writer;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = change(&transaction)?;
        let Some(tip) = tip.as_mut().filter(|_| flush == Flush::Yes) else {
            transaction.commit()?;
            return Ok(value);
        };
        let held = tip::held(&transaction)?;
        tip.lower(held)?;
        transaction.commit()?;
        tip.raise(held);
        Ok(value)
    }

    /// Pretends that the disk has room for the present size and so many pages more, until it is asked
    /// for `None`: how a story models a full disk.
    pub fn limit_pages(&self, more: Option<i64>) -> Result<(), StoreError> {
        let writer = self.lock_writer();
        let pages: i64 = writer.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let limit = more.map_or(1 << 30, |more| pages + more);
        writer.connection.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(()))?;
        Ok(())
    }

    /// How the last transaction was written: 2 flushed, 1 not.
    #[cfg(test)]
    fn synchronous(&self) -> Result<i64, StoreError> {
        Ok(self.lock_writer().connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?)
    }

    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    /// Can only be changed between transactions, and costs a statement: so only where it differs.
    fn set_flushes(&mut self, flushes: bool) -> Result<(), StoreError> {
        if self.flushes != flushes {
            self.connection.pragma_update(None, "synchronous", if flushes { "FULL" } else { "NORMAL" })?;
            self.flushes = flushes;
        }
        Ok(())
    }
}
