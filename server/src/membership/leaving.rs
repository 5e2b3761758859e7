//! Leaving a community: a member's own act. What they wrote stays under their name.

use super::standing::end;
use crate::{
    db::{Connection, DbError},
    directory,
    policy::{self, Action, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode,
    membership::{Role, Standing},
};

/// Ends an account's own membership. Doing it again changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no member; [`ErrorCode::LastOwner`];
/// [`ErrorCode::MembershipSuspended`]: who could leave and join again would not be suspended.
pub fn leave(writing: &mut Writing<'_>, account: AccountId) -> Result<(), Failure> {
    let row = directory::of_account(writing.conn, writing.community, account)?.ok_or(ErrorCode::NotFound)?;
    match row.actor.standing {
        Standing::Ended => return Ok(()),
        // Who waits takes their wish back, which is no act of a member yet.
        Standing::Waiting => {}
        Standing::Active | Standing::Suspended => {
            policy::ask(&row.actor, Action::LeaveCommunity, Relation::NONE)?;
        }
    }
    if is_last_owner(writing.conn, writing.community, account)? {
        return Err(ErrorCode::LastOwner.into());
    }
    end(writing, row.actor.id)
}

/// Whether an account's member alone answers for the community.
pub fn is_last_owner(conn: &mut dyn Connection, community: CommunityId, account: AccountId) -> Result<bool, DbError> {
    let Some(row) = directory::of_account(conn, community, account)? else { return Ok(false) };
    if row.actor.role != Role::Owner || row.actor.standing != Standing::Active {
        return Ok(false);
    }
    let sql =
        "SELECT id FROM member WHERE community = $1 AND id <> $2 AND role = 'owner' AND standing = 'active' LIMIT 1";
    Ok(conn.first(sql, values![community, row.actor.id])?.is_none())
}
