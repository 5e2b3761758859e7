//! Codes of invitations made on this phone. They live only here, encrypted like all else.

use super::{Flush, Store, values::id};
use crate::error::StoreError;
use enishi_protocol::{CommunityId, InvitationId};
use rusqlite::params;
use std::collections::BTreeMap;

impl Store {
    /// Keeps a code. A second one for the same invitation takes the place of the first.
    pub(crate) fn keep_invitation_code(
        &self,
        community: CommunityId,
        invitation: InvitationId,
        code: &str,
    ) -> Result<(), StoreError> {
        self.write(Flush::Yes, |connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO invitation_code (community, invitation, code) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![community.0.as_bytes(), invitation.0.as_bytes(), code])?;
            Ok(())
        })
    }

    /// The codes kept for a community's invitations.
    pub(crate) fn invitation_codes(
        &self,
        community: CommunityId,
    ) -> Result<BTreeMap<InvitationId, String>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT invitation, code FROM invitation_code WHERE community = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([community.0.as_bytes()], |row| Ok((id(row, 0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
