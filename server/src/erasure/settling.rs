//! Brings the database's erasures into the list that is kept apart.

use super::{
    Erasure, What,
    list::{self, FileError, Line},
};
use crate::{
    db::{Connection, Database, DbError, Scope},
    error::Error,
    surroundings::{RealSurroundings, Surroundings},
    values,
};
use enishi_protocol::CommunityId;
use std::{io, path::Path};
use uuid::Uuid;

/// Why the list and the database do not go together.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Db(error) => Self::Db(error),
            ListError::File(FileError::Io(_, error)) if error.kind() == io::ErrorKind::StorageFull => {
                Self::Db(DbError::Full)
            }
            ListError::File(error) => Self::Internal(error.to_string()),
        }
    }
}

/// The name of the list that a database belongs to; none before its first start.
///
/// # Errors
/// That the database failed.
pub async fn name(db: &Database) -> Result<Option<Uuid>, DbError> {
    let read = |conn: &mut dyn Connection| -> Result<Option<Uuid>, DbError> {
        conn.first("SELECT id FROM erasure_list", &[])?.map(|row| row.get(0)).transpose()
    };
    db.read(Scope::Accounts, read).await
}

/// Sees that the list at `path` is the one that the database belongs to, and begins one where the database
/// has none. To be called before anything is erased.
///
/// # Errors
/// [`FileError::Missing`] and [`FileError::Other`] where it is not; otherwise what failed.
pub async fn belongs(db: &Database, path: &Path) -> Result<(), ListError> {
    let known = name(db).await?;
    let file = path.to_owned();
    let found = blocking(move || match known {
        Some(_) => list::read(&file).map(|listed| listed.id),
        None => list::begin(&file, RealSurroundings.new_id()),
    })
    .await?;
    // Of processes that begin together all name the same list, or all but one are told.
    if known.is_none() {
        set_name(db, found, false).await?;
    }
    match name(db).await? {
        Some(id) if id == found => Ok(()),
        _ => Err(FileError::Other(path.to_owned()).into()),
    }
}

/// Begins a list anew, where the one that the database belongs to is lost: with all that the database knows.
///
/// # Errors
/// What failed; a list that is there already is not written over.
pub async fn begin_anew(db: &Database, path: &Path) -> Result<(), ListError> {
    let (file, id) = (path.to_owned(), RealSurroundings.new_id());
    if blocking(move || list::begin(&file, id)).await? != id {
        return Err(FileError::Other(path.to_owned()).into());
    }
    set_name(db, id, true).await?;
    for community in communities(db).await? {
        let unlist = move |conn: &mut dyn Connection| {
            conn.execute("UPDATE erased SET listed = 0 WHERE community = $1", values![community])
        };
        db.write(Scope::Community(community), unlist).await?;
        settle(db, path, community).await?;
    }
    Ok(())
}

async fn set_name(db: &Database, id: Uuid, over: bool) -> Result<(), DbError> {
    let then = if over { "UPDATE SET id = excluded.id" } else { "NOTHING" };
    let sql = format!("INSERT INTO erasure_list (one, id) VALUES (1, $1) ON CONFLICT (one) DO {then}");
    db.write(Scope::Accounts, move |conn| conn.execute(&sql, values![id])).await.map(drop)
}

async fn communities(db: &Database) -> Result<Vec<CommunityId>, DbError> {
    let rows = db.read(Scope::Whole, |conn| conn.query("SELECT id FROM community", &[])).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Brings into the list what it does not have yet of a community's erasures. Once this has returned, what was
/// erased before it was called stays so through any restore, and whoever asked may be told.
///
/// # Errors
/// What failed: nobody may be told then, and a chore tries again.
pub async fn settle(db: &Database, path: &Path, community: CommunityId) -> Result<(), ListError> {
    let lines = unlisted(db, community).await?;
    if lines.is_empty() {
        return Ok(());
    }
    let id = name(db).await?.ok_or_else(|| FileError::Missing(path.to_owned()))?;
    let (file, appended) = (path.to_owned(), lines.clone());
    blocking(move || list::append(&file, id, &appended)).await?;
    let mark = move |conn: &mut dyn Connection| -> Result<(), DbError> {
        for (_, erasure) in &lines {
            let sql = "UPDATE erased SET listed = 1 WHERE community = $1 AND id = $2";
            conn.execute(sql, values![community, erasure.what.id()])?;
        }
        Ok(())
    };
    Ok(db.write(Scope::Community(community), mark).await?)
}

/// A community's erasures that the list may not have.
pub(super) async fn unlisted(db: &Database, community: CommunityId) -> Result<Vec<Line>, DbError> {
    let read = move |conn: &mut dyn Connection| -> Result<Vec<Line>, DbError> {
        let sql = "SELECT kind, id, day FROM erased WHERE community = $1 AND listed = 0 ORDER BY id";
        let rows = conn.query(sql, values![community])?;
        let lines = rows.iter().map(|row| {
            let kind: String = row.get(0)?;
            let what = What::named(&kind, row.get(1)?);
            let what = what.ok_or_else(|| DbError::Failed(format!("nothing of the kind {kind} is erased")))?;
            Ok((community, Erasure { what, day: row.get(2)? }))
        });
        lines.collect()
    };
    db.read(Scope::Community(community), read).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, ListError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| DbError::Failed("the list of erasures panicked".into()))??)
}
