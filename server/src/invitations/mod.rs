//! Invitations: the way into a community. Only hashes of codes are stored, and reading one changes nothing.

pub mod acceptance;
pub mod code;
pub mod creation;
mod erasing;
pub mod guessing;
pub mod preview;
mod row;

#[cfg(test)]
mod tests;

pub use acceptance::{Answer, accept, decided, earlier};
pub use creation::{Making, create, make, renew, revoke};
pub(crate) use erasing::erase_all_by;
pub(crate) use preview::chosen_fact;
pub use preview::preview;
pub use row::Invitation as Shown;

use crate::{
    db::{Connection, DbError},
    error::Result,
    secrets::Hash,
    values,
};
use enishi_protocol::{CommunityId, ErrorCode, InvitationId, MemberId};

/// Where an invitation's code leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The community.
    pub community: CommunityId,
    /// The invitation in it.
    pub invitation: InvitationId,
}

/// Who made an invitation.
///
/// # Errors
/// That the database failed.
pub fn inviter(
    conn: &mut dyn Connection,
    community: CommunityId,
    invitation: InvitationId,
) -> std::result::Result<Option<MemberId>, DbError> {
    let sql = "SELECT inviter FROM invitation WHERE community = $1 AND id = $2";
    conn.first(sql, values![community, invitation])?.map(|row| row.get(0)).transpose()
}

/// Finds the invitation of a code. Run in the accounts' scope.
///
/// # Errors
/// [`ErrorCode::InvitationUnknown`].
pub fn find(conn: &mut dyn Connection, code_hash: &Hash) -> Result<Place> {
    let sql = "SELECT community, invitation FROM invitation_lookup WHERE code_hash = $1";
    let row = conn.first(sql, values![code_hash.as_slice()])?.ok_or(ErrorCode::InvitationUnknown)?;
    Ok(Place { community: row.get(0)?, invitation: row.get(1)? })
}
