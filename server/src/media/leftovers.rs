//! Objects of the media store that nothing needs any more, and uploads that came to nothing.
//!
//! A file is named by its content, so while one process removes it another may be about to write it
//! again. So removing has two steps with the database between: who removes it says so first, and who
//! writes it says so first; neither does while the other has. What was about to be written is looked at after
//! a while like all that is left, so that nothing lies in the store that the database does not know of.

use super::{store::MediaStore, uploads};
use crate::{
    db::{Connection, Database, DbError, Scope},
    error::Result,
    values,
};
use enishi_protocol::{AttachmentId, CommunityId, ErrorCode, limits::UNUSED_UPLOAD_SECONDS};

/// Rows that one step takes.
const STEP: i64 = 100;
/// After so long whoever said that they remove or write something is taken to be gone. Far longer than any
/// call to a store may take.
const GIVEN_UP_US: i64 = 15 * 60 * 1_000_000;

/// What may be removed: with the community, when whoever is removing it is taken to be gone, and the time.
const DUE: &str = "community = $1 AND ((taken_us IS NULL AND until_us <= $3) OR taken_us < $2)";

/// Leaves an object to be removed, unless something is found to need it.
pub(super) fn leave(conn: &mut dyn Connection, community: CommunityId, name: &str) -> std::result::Result<(), DbError> {
    conn.execute(
        "INSERT INTO media_leftover (community, name) VALUES ($1, $2)
         ON CONFLICT (community, name) DO UPDATE SET until_us = 0",
        values![community, name],
    )?;
    Ok(())
}

/// Says that an object is about to be written. Where nothing comes to need it, it is removed after a while.
///
/// # Errors
/// Those of [`need`].
pub(super) fn expect(conn: &mut dyn Connection, now_us: i64, community: CommunityId, name: &str) -> Result<()> {
    need(conn, community, name)?;
    conn.execute(
        "INSERT INTO media_leftover (community, name, until_us) VALUES ($1, $2, $3)",
        values![community, name, now_us.saturating_add(GIVEN_UP_US)],
    )?;
    Ok(())
}

/// Says that an object is needed again.
///
/// # Errors
/// [`ErrorCode::TryAgain`] where somebody is removing it just now.
pub(super) fn need(conn: &mut dyn Connection, community: CommunityId, name: &str) -> Result<()> {
    let sql = "SELECT taken_us FROM media_leftover WHERE community = $1 AND name = $2";
    match conn.first(sql, values![community, name])? {
        Some(row) if row.get::<Option<i64>>(0)?.is_some() => Err(ErrorCode::TryAgain.into()),
        Some(_) => {
            let sql = "DELETE FROM media_leftover WHERE community = $1 AND name = $2";
            conn.execute(sql, values![community, name])?;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Leaves what uploads hold that were not finished in time, or that nothing shows. Whether there may be more.
///
/// # Errors
/// That the database failed.
pub fn expire(conn: &mut dyn Connection, now_us: i64, community: CommunityId) -> Result<bool> {
    let until = now_us.saturating_sub(UNUSED_UPLOAD_SECONDS * 1_000_000);
    let rows = conn.query(
        "SELECT id, file, thumb FROM attachment WHERE community = $1 AND post IS NULL AND begun_us < $2 LIMIT $3",
        values![community, until, STEP],
    )?;
    for row in &rows {
        let id: AttachmentId = row.get(0)?;
        uploads::leave_files(conn, community, row, 1)?;
        uploads::forget_pieces(conn, community, id)?;
        conn.execute("DELETE FROM attachment WHERE community = $1 AND id = $2", values![community, id])?;
    }
    Ok(i64::try_from(rows.len()).is_ok_and(|count| count == STEP))
}

/// Takes objects to remove; those that something needs after all are left alone from now on.
fn take(conn: &mut dyn Connection, now_us: i64, community: CommunityId) -> Result<Vec<String>> {
    let rows = conn.query(
        &format!("SELECT name FROM media_leftover WHERE {DUE} LIMIT $4"),
        values![community, now_us.saturating_sub(GIVEN_UP_US), now_us, STEP],
    )?;
    let mut taken = Vec::new();
    for row in rows {
        let name: String = row.get(0)?;
        if is_needed(conn, community, &name)? {
            let sql = "DELETE FROM media_leftover WHERE community = $1 AND name = $2";
            conn.execute(sql, values![community, name])?;
        } else {
            let sql = "UPDATE media_leftover SET taken_us = $3 WHERE community = $1 AND name = $2";
            conn.execute(sql, values![community, name.as_str(), now_us])?;
            taken.push(name);
        }
    }
    Ok(taken)
}

fn is_needed(conn: &mut dyn Connection, community: CommunityId, name: &str) -> Result<bool> {
    let piece = "SELECT 1 FROM attachment_piece WHERE community = $1 AND name = $2";
    if conn.first(piece, values![community, name])?.is_some() {
        return Ok(true);
    }
    let hash = name.rsplit('/').next().unwrap_or_default();
    let Ok(hash) = data_encoding::HEXLOWER.decode(hash.as_bytes()) else { return Ok(false) };
    for column in ["file", "thumb"] {
        let sql = format!("SELECT 1 FROM attachment WHERE community = $1 AND {column} = $2 LIMIT 1");
        if conn.first(&sql, values![community, hash.as_slice()])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes what is left in a community. Gives how many objects that were.
///
/// # Errors
/// That the database or the store failed; what is left is tried again.
pub async fn sweep(db: &Database, store: &MediaStore, now_us: i64, community: CommunityId) -> Result<usize> {
    let scope = Scope::Community(community);
    let mut count = 0;
    loop {
        let due = db.read(scope, move |conn| -> Result<bool> {
            let until = now_us.saturating_sub(UNUSED_UPLOAD_SECONDS * 1_000_000);
            let sql = "SELECT 1 FROM attachment WHERE community = $1 AND post IS NULL AND begun_us < $2 LIMIT 1";
            if conn.first(sql, values![community, until])?.is_some() {
                return Ok(true);
            }
            let sql = format!("SELECT 1 FROM media_leftover WHERE {DUE} LIMIT 1");
            Ok(conn.first(&sql, values![community, now_us.saturating_sub(GIVEN_UP_US), now_us])?.is_some())
        });
        if !due.await? {
            return Ok(count);
        }
        let taking = move |conn: &mut dyn Connection| -> Result<Vec<String>> {
            expire(conn, now_us, community)?;
            take(conn, now_us, community)
        };
        for name in db.write(scope, taking).await? {
            store.remove(&name).await?;
            count += 1;
            let sql = "DELETE FROM media_leftover WHERE community = $1 AND name = $2";
            db.write(scope, move |conn| conn.execute(sql, values![community, name.as_str()])).await?;
        }
    }
}
