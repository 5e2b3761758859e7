//! `backup`: the SQLite file copied while it is in use. The list of erasures is not copied: it is to outlive
//! every backup.

use super::CliError;
use crate::{config::Config, db::DbError};
use rusqlite::{Connection, MAIN_DB, OpenFlags};
use std::path::Path;

/// Copies the database into a file that must not exist.
pub(super) fn backup(config: &Config, to: &Path) -> Result<(), CliError> {
    if config.database_url.is_some() {
        return Err(CliError::Given("PostgreSQL is backed up with its own tools, such as pg_dump".into()));
    }
    if to.exists() {
        return Err(CliError::Given(format!("{} exists already", to.display())));
    }
    let copied = read_only(&config.database_file()).and_then(|source| source.backup(MAIN_DB, to, None));
    copied.map_err(|error| DbError::from(error).into())
}

pub(super) fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}
