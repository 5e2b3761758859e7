//! Opening the database file: encryption, journal, and the two connections.
//!
//! One connection writes and one reads, so that a screen never waits for a transaction.

use crate::error::StoreError;
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{fmt, path::Path};
use zeroize::Zeroizing;

/// The key of a local store: 32 random bytes, kept by the phone's own store of secrets.
#[derive(Clone)]
pub struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    /// The key of these bytes, which must be random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey")
    }
}

/// Pages of the log after which the writer empties it itself; until then that is done when idle,
/// since it would otherwise cost a first sync dearly. 64 MB.
const LOG_PAGES_AT_MOST: i64 = 16 * 1024;

/// Opens the connection that writes, creating the file where there is none.
pub(super) fn writer(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    unlock(&connection, key)?;
    // A new file is written through a rollback journal once. Its removal has to be on the disk (EXTRA): a journal that
    // came back with the power would be rolled back over all that was written since.
    connection.execute_batch(
        "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096;",
    )?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES_AT_MOST)?;
    connection.set_prepared_statement_cache_capacity(96);
    Ok(connection)
}

/// Opens the connection that reads. With a cache below 4 MB every search decrypts its pages again.
pub(super) fn reader(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    unlock(&connection, key)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
    connection.set_prepared_statement_cache_capacity(96);
    Ok(connection)
}

/// Gives the key. The raw form skips key derivation, which a random key does not need.
pub(super) fn unlock(connection: &Connection, key: &DatabaseKey) -> Result<(), StoreError> {
    let hex = Zeroizing::new(data_encoding::HEXLOWER.encode(key.bytes()));
    let key = Zeroizing::new(format!(
        "PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'{}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;",
        *hex
    ));
    connection.execute_batch(&key)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // A plan is made once, not anew for each value of a limit.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}
