//! `restore`: a backup put in the database's place, as a new era, so that no phone takes the older history
//! for the one it knows; and what was erased since is erased again.

use super::{CliError, backup::read_only, erase::with_key};
use crate::{
    config::Config,
    db::{Connection as Open, Database, DbError, Scope},
    erasure::{
        self, Erasure, ListError, What,
        list::{self, FileError, Line, Listed},
    },
    running,
    surroundings::RealSurroundings,
    sync::chores,
    values,
    writing::Failure,
};
use clap::Args;
use enishi_protocol::CommunityId;
use rusqlite::OptionalExtension;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

#[derive(Args, Clone, Debug)]
pub(super) struct Restore {
    /// A backup of SQLite; left out for PostgreSQL, once its own tools have restored it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Go on although the list of erasures is lost: what was erased since the backup comes back
    #[arg(long)]
    without_erasures: bool,
}

/// Puts a backup in the database's place, begins a new era in every community, and erases again what the list
/// says. What was there is set aside, never deleted. PostgreSQL's own tools have restored it already.
pub(super) async fn restore(config: &Config, restore: &Restore) -> Result<(), CliError> {
    let (database, list, _lock) = match (&config.database_url, &restore.from) {
        (Some(_), Some(_)) => {
            return Err(CliError::Given("restore PostgreSQL with its own tools, then run this without --from".into()));
        }
        (Some(_), None) => {
            let database = running::open(config).await?;
            let list = read_list(config, restore, erasure::name(&database).await?)?;
            (database, list, None)
        }
        (None, None) => return Err(CliError::Given("--from names the backup".into())),
        (None, Some(from)) => {
            let lock = running::lock(&config.data)?;
            check(from)?;
            // A backup from before there was a list is no reason to go on without the one that there is now.
            let present = named_by(&config.database_file()).ok().flatten();
            let mut list = read_list(config, restore, named_by(from)?.or(present))?;
            list.erased.extend(replace(config, from)?);
            (running::open(config).await?, list, Some(lock))
        }
    };
    let newest_us = begin_eras(&database, &list.erased).await?;
    let file = config.erasures_file();
    if list.lost {
        erasure::begin_anew(&database, &file).await?;
    } else {
        erasure::belongs(&database, &file).await?;
    }
    let database = with_key(config, database, false).await?;
    for community in communities(&database).await? {
        erasure::settle(&database, &file, community).await?;
        let sweep = move |conn: &mut dyn Open| erasure::sweep(conn, &RealSurroundings, community);
        while database.write(Scope::Community(community), sweep).await? {}
    }
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

/// The list that a backup belongs to; none where it is older than lists.
fn named_by(from: &Path) -> Result<Option<Uuid>, CliError> {
    let read = read_only(from).and_then(|backup| {
        let sql = "SELECT 1 FROM sqlite_master WHERE name = 'erasure_list'";
        if backup.query_row(sql, [], |_| Ok(())).optional()?.is_none() {
            return Ok(None);
        }
        backup.query_row("SELECT id FROM erasure_list", [], |row| row.get::<_, Vec<u8>>(0)).optional()
    });
    let bytes = read.map_err(DbError::from)?;
    Ok(bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()))
}

/// What was erased, as far as that can be known.
struct Known {
    erased: BTreeSet<Line>,
    /// There was a list, and it is lost.
    lost: bool,
}

/// Reads the list. Where the backup belongs to a list, it must be this one.
fn read_list(config: &Config, restore: &Restore, belongs: Option<Uuid>) -> Result<Known, CliError> {
    let file = config.erasures_file();
    match list::read(&file) {
        Ok(Listed { id, lines }) if belongs.is_none_or(|belongs| belongs == id) => {
            Ok(Known { erased: lines, lost: false })
        }
        Ok(_) => Err(ListError::from(FileError::Other(file)).into()),
        Err(FileError::Missing(_)) if belongs.is_none() || restore.without_erasures => {
            Ok(Known { erased: BTreeSet::new(), lost: belongs.is_some() })
        }
        Err(error) => Err(ListError::from(error).into()),
    }
}

/// Sets the present database aside and puts the backup in its place. Gives what it had erased and the list
/// did not have yet.
fn replace(config: &Config, from: &Path) -> Result<Vec<Line>, CliError> {
    let file = config.database_file();
    let mut erased = Vec::new();
    let failed = |error| CliError::File(file.clone(), error);
    let unfinished = config.data.join("enishi.db.restoring");
    fs::copy(from, &unfinished).and_then(|_| fs::File::open(&unfinished)?.sync_all()).map_err(failed)?;
    if file.exists() {
        // One that cannot be read is set aside as well; what it had erased is in the list.
        erased = unlisted_in(&file).unwrap_or_default();
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

fn id(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_slice(&row.get::<_, Vec<u8>>(column)?).unwrap_or_default())
}

/// The erasures of a database that its list may not have. Over a connection that is closed when this returns: one
/// that closed later would take the log of the database that comes in its place for its own.
fn unlisted_in(file: &Path) -> rusqlite::Result<Vec<Line>> {
    let present = read_only(file)?;
    let mut statement = present.prepare("SELECT community, kind, id, day FROM erased WHERE listed = 0")?;
    let rows = statement.query_map([], |row| {
        let what = What::named(&row.get::<_, String>(1)?, id(row, 2)?);
        let (community, day) = (CommunityId(id(row, 0)?), row.get(3)?);
        Ok(what.map(|what| (community, Erasure { what, day })))
    })?;
    rows.filter_map(Result::transpose).collect()
}

async fn communities(database: &Database) -> Result<Vec<CommunityId>, DbError> {
    let rows = database.read(Scope::Whole, |conn| conn.query("SELECT id FROM community", &[])).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Begins a new era in every community, with everything erased that was. Gives when the newest change was
/// made, in microseconds.
async fn begin_eras(database: &Database, erased: &BTreeSet<Line>) -> Result<Option<i64>, CliError> {
    let mut newest = None;
    for community in communities(database).await? {
        let of = erased.iter().filter(|(of, _)| *of == community);
        let erased: Vec<Erasure> = of.map(|(_, erasure)| *erasure).collect();
        let begin = move |conn: &mut dyn Open| -> Result<Option<i64>, Failure> {
            let row = conn.first("SELECT max(at_us) FROM change WHERE community = $1", values![community])?;
            chores::new_era(conn, &RealSurroundings, community, &erased)?;
            Ok(row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten())
        };
        newest = newest.max(database.write(Scope::Community(community), begin).await?);
    }
    Ok(newest)
}
