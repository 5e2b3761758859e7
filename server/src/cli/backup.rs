//! `backup`: the SQLite file copied while it is in use. `restore`: a copy put in its place, as a new
//! era, so that no phone takes the older history for the one it knows.

use super::CliError;
use crate::{
    config::Config,
    db::{Connection as Open, Database, DbError, Scope},
    running,
    surroundings::RealSurroundings,
    sync::chores,
    values,
    writing::Failure,
};
use enishi_protocol::CommunityId;
use rusqlite::{Connection, MAIN_DB, OpenFlags};
use std::{collections::BTreeMap, fs, path::Path};
use uuid::Uuid;

/// Ids that were erased, per community: a restore must not bring them back.
type Erased = BTreeMap<CommunityId, Vec<Uuid>>;

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

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Puts a backup in the database's place and begins a new era in every community. What was there is
/// set aside, never deleted. For PostgreSQL, whose own tools have restored it, only the new era.
pub(super) async fn restore(config: &Config, from: Option<&Path>) -> Result<(), CliError> {
    let (erased, _lock) = match (&config.database_url, from) {
        (Some(_), Some(_)) => {
            return Err(CliError::Given("restore PostgreSQL with its own tools, then run this without --from".into()));
        }
        (Some(_), None) => (Erased::new(), None),
        (None, None) => return Err(CliError::Given("--from names the backup".into())),
        (None, Some(from)) => {
            let lock = running::lock(&config.data)?;
            check(from)?;
            (replace(config, from).await?, Some(lock))
        }
    };
    let database = running::open(config).await?;
    let newest_us = begin_eras(&database, &erased).await?;
    match newest_us.and_then(chrono::DateTime::from_timestamp_micros) {
        Some(newest) => println!("acknowledged writes since {} are missing", newest.to_rfc3339()),
        None => println!("the backup holds no writes: all acknowledged ones are missing"),
    }
    Ok(())
}

fn check(from: &Path) -> Result<(), CliError> {
    let sound = read_only(from).and_then(|backup| {
        backup.query_row("SELECT count(*) FROM schema_migration", [], |_| Ok(()))?;
        backup.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0))
    });
    match sound {
        Ok(answer) if answer == "ok" => Ok(()),
        Ok(answer) => Err(CliError::Given(format!("{} is damaged: {answer}", from.display()))),
        Err(error) => Err(CliError::Given(format!("{} is not a backup: {error}", from.display()))),
    }
}

/// Sets the present database aside and puts the backup in its place. Gives what was erased.
async fn replace(config: &Config, from: &Path) -> Result<Erased, CliError> {
    let file = config.database_file();
    let mut erased = Erased::new();
    let failed = |error| CliError::File(file.clone(), error);
    let unfinished = config.data.join("enishi.db.restoring");
    fs::copy(from, &unfinished).and_then(|_| fs::File::open(&unfinished)?.sync_all()).map_err(failed)?;
    if file.exists() {
        // One that cannot be opened is set aside as well; what it had erased cannot be known then.
        if let Ok(present) = Database::open_sqlite(&file) {
            erased = self::erased(&present).await?;
        }
        let aside = format!("before-restore-{}", chrono::Utc::now().format("%Y%m%dT%H%M%S%3f"));
        for end in ["", "-wal", "-shm"] {
            let part = config.data.join(format!("enishi.db{end}"));
            if part.exists() {
                fs::rename(&part, config.data.join(format!("enishi.db.{aside}{end}"))).map_err(failed)?;
            }
        }
    }
    fs::rename(&unfinished, &file).map_err(failed)?;
    Ok(erased)
}

async fn communities(database: &Database) -> Result<Vec<CommunityId>, DbError> {
    let rows = database.read(Scope::Whole, |conn| conn.query("SELECT id FROM community", &[])).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

async fn erased(database: &Database) -> Result<Erased, DbError> {
    let mut erased = Erased::new();
    for community in communities(database).await? {
        let read = move |conn: &mut dyn Open| -> Result<Vec<Uuid>, DbError> {
            let rows = conn.query("SELECT id FROM erased WHERE community = $1", values![community])?;
            rows.iter().map(|row| row.get(0)).collect()
        };
        erased.insert(community, database.read(Scope::Community(community), read).await?);
    }
    Ok(erased)
}

/// Begins a new era in every community. Gives when the newest change was made, in microseconds.
async fn begin_eras(database: &Database, erased: &Erased) -> Result<Option<i64>, CliError> {
    let mut newest = None;
    for community in communities(database).await? {
        let erased = erased.get(&community).cloned().unwrap_or_default();
        let begin = move |conn: &mut dyn Open| -> Result<Option<i64>, Failure> {
            let row = conn.first("SELECT max(at_us) FROM change WHERE community = $1", values![community])?;
            chores::new_era(conn, &RealSurroundings, community, &erased)?;
            Ok(row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten())
        };
        newest = newest.max(database.write(Scope::Community(community), begin).await?);
    }
    Ok(newest)
}
