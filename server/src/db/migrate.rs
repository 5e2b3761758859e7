//! Brings a database's schema up to date, each numbered step once, all of them or none.
//!
//! Steps are never edited after they have landed. A database that a newer build has migrated is
//! refused: this build would not know what it breaks.

use super::{Connection, DbError, SqliteConnection};

pub(super) struct Migration {
    pub(super) number: i64,
    pub(super) subject: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $file:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            subject: $file,
            sqlite: include_str!(concat!("migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("migrations/postgres/", $file, ".sql")),
        }),*]
    };
}

/// All steps, in order.
pub(super) const MIGRATIONS: &[Migration] = migrations![1 "0001_accounts", 2 "0002_community", 3 "0003_registry_invitations", 4 "0004_accounts", 5 "0005_messages", 6 "0006_moderation", 7 "0007_media", 8 "0008_invitations", 10 "0010_erasures", 11 "0011_polls", 12 "0012_people", 13 "0013_outreach", 14 "0014_referrals"];

/// Remembers which steps were done; the same text on both engines.
pub(super) const MIGRATION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT NOT NULL PRIMARY KEY, subject TEXT NOT NULL)";

/// The steps not yet done.
pub(super) fn missing(done: &[i64]) -> Result<Vec<&'static Migration>, DbError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
    match done.iter().max() {
        Some(found) if *found > known => Err(DbError::Newer { found: *found, known }),
        _ => Ok(MIGRATIONS.iter().filter(|migration| !done.contains(&migration.number)).collect()),
    }
}

/// Migrates a SQLite database.
pub(super) fn sqlite(conn: &mut SqliteConnection) -> Result<(), DbError> {
    conn.begin()?;
    let result = migrate_sqlite(conn);
    if result.is_ok() { conn.commit() } else { conn.rollback().and(result) }
}

fn migrate_sqlite(conn: &mut SqliteConnection) -> Result<(), DbError> {
    conn.batch(MIGRATION_TABLE)?;
    let rows = conn.query("SELECT number FROM schema_migration", &[])?;
    let done = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
    for migration in missing(&done)? {
        conn.batch(migration.sqlite)?;
        let values = crate::values![migration.number, migration.subject];
        conn.execute("INSERT INTO schema_migration (number, subject) VALUES ($1, $2)", values)?;
    }
    Ok(())
}
