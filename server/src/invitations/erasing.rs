//! What a member who is erased has to do with invitations: the ones they made, which nobody can use any
//! more, and the one that they came by.

use crate::{
    db::{Connection, DbError},
    values,
};
use enishi_protocol::{CommunityId, MemberId};

/// Forgets all of it: a few statements on a few rows.
pub(crate) fn erase_all_by(conn: &mut dyn Connection, community: CommunityId, member: MemberId) -> Result<(), DbError> {
    const MADE: &str = "invitation IN (SELECT id FROM invitation WHERE community = $1 AND inviter = $2)";
    for sql in [
        &format!("DELETE FROM invitation_lookup WHERE community = $1 AND {MADE}"),
        &format!("DELETE FROM wrong_fact WHERE community = $1 AND {MADE}"),
        "DELETE FROM invitation WHERE community = $1 AND inviter = $2",
        "DELETE FROM acceptance WHERE community = $1 AND member = $2",
    ] {
        conn.execute(sql, values![community, member])?;
    }
    Ok(())
}
