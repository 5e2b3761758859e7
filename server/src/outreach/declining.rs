//! Declining an invitation that is for one person: by the code of its link or letter, without an account.
//!
//! Whoever holds the code can decline, and all that it does is to end the mail; the invitation can still be used.
//! The code works for declining for good, also once the invitation or whoever invited is gone.

use super::suppression::{self, Reason, Whom};
use crate::{
    db::{Connection, DbError},
    directory,
    error::Result,
    registry::matching,
    secrets::Hash,
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{CommunityId, EntryId, ErrorCode};

/// Whose invitation a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// Of which community.
    pub community: CommunityId,
    /// Whose entry.
    pub entry: EntryId,
}

/// Notes that a code is good for declining.
///
/// # Errors
/// That the database failed.
pub fn remember(
    conn: &mut dyn Connection,
    code_hash: &Hash,
    community: CommunityId,
    entry: EntryId,
) -> std::result::Result<(), DbError> {
    conn.execute(
        "INSERT INTO decline_lookup (code_hash, community, entry) VALUES ($1, $2, $3) ON CONFLICT (code_hash) DO NOTHING",
        values![code_hash.as_slice(), community, entry],
    )?;
    Ok(())
}

/// Finds whose invitation a code is. Run in the accounts' scope.
///
/// # Errors
/// [`ErrorCode::InvitationUnknown`], also for one that is for nobody in particular.
pub fn find(conn: &mut dyn Connection, code_hash: &Hash) -> Result<Door> {
    let sql = "SELECT community, entry FROM decline_lookup WHERE code_hash = $1";
    let row = conn.first(sql, values![code_hash.as_slice()])?.ok_or(ErrorCode::InvitationUnknown)?;
    Ok(Door { community: row.get(0)?, entry: row.get(1)? })
}

/// The community's name, and whether nobody writes to them already. Changes nothing.
///
/// # Errors
/// [`ErrorCode::InvitationUnknown`] where the community is gone.
pub fn look(conn: &mut dyn Connection, door: Door) -> Result<(String, bool)> {
    let community = directory::community(conn, door.community)?.ok_or(ErrorCode::InvitationUnknown)?;
    let address = matching::load(conn, door.community, door.entry)?.map(|(entry, _)| entry.address);
    let reason = suppression::of(conn, door.community, door.entry, &address.unwrap_or_default())?;
    Ok((community.community.name, reason.is_some()))
}

/// Declines: nobody of the community writes to them any more. Doing it again changes nothing.
///
/// # Errors
/// As [`look`].
pub fn decline(conn: &mut dyn Connection, surroundings: &dyn Surroundings, door: Door) -> Result<String> {
    let (community, _) = look(conn, door)?;
    let known = Whom::of_entry(conn, door.community, door.entry)?;
    let whom = known.unwrap_or_else(|| Whom { address: None, entries: vec![door.entry] });
    suppression::add(conn, surroundings, door.community, &whom, Reason::Declined, false)?;
    Ok(community)
}
