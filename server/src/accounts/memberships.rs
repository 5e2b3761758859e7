//! Which communities an account is in, and the check that stands before everything in one.

use super::sessions::SignedInAs;
use crate::{
    db::{Connection, Database, DbError, Row, Scope},
    error::{Error, Result},
    values,
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode, MemberId,
    membership::{Affiliation, CommunityKind, Membership, Role, Standing},
};

/// A member who takes part in a community at present, and asks for something there.
///
/// Made by [`member_context`] alone: whoever holds one has been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemberContext {
    /// The community.
    pub community: CommunityId,
    /// The person in it.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// From which account, device and session they ask.
    pub session: SignedInAs,
}

/// The member that a session speaks for in a community. Run in the community's scope.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a community that does not exist or that the account has nothing to
/// do with; the membership's standing where it is not active.
pub fn member_context(
    conn: &mut dyn Connection,
    session: &SignedInAs,
    community: CommunityId,
) -> Result<MemberContext> {
    let sql = "SELECT id, role, affiliation, standing FROM member WHERE community = $1 AND account = $2";
    let Some(row) = conn.first(sql, values![community, session.account])? else {
        let sql = "SELECT 1 FROM ended_membership WHERE community = $1 AND account = $2";
        let ended = conn.first(sql, values![community, session.account])?.is_some();
        return Err(if ended { ErrorCode::MembershipEnded } else { ErrorCode::NotFound }.into());
    };
    match word(&row, 3, Standing::named)? {
        Standing::Active => {}
        Standing::Waiting => return Err(ErrorCode::MembershipWaiting.into()),
        Standing::Suspended => return Err(ErrorCode::MembershipSuspended.into()),
        Standing::Ended => return Err(ErrorCode::MembershipEnded.into()),
    }
    Ok(MemberContext {
        community,
        member: row.get(0)?,
        role: word(&row, 1, Role::named)?,
        affiliation: word(&row, 2, Affiliation::named)?,
        session: *session,
    })
}

/// Notes that an account is in a community.
pub fn remember(conn: &mut dyn Connection, account: AccountId, community: CommunityId, member: MemberId) -> Result<()> {
    conn.execute(
        "INSERT INTO account_membership (account, community, member) VALUES ($1, $2, $3) \
         ON CONFLICT (account, community) DO UPDATE SET member = excluded.member",
        values![account, community, member],
    )?;
    Ok(())
}

/// Forgets that an account was in a community.
///
/// # Errors
/// That the database failed.
pub(crate) fn forget(
    conn: &mut dyn Connection,
    account: AccountId,
    community: CommunityId,
) -> std::result::Result<(), DbError> {
    let sql = "DELETE FROM account_membership WHERE account = $1 AND community = $2";
    conn.execute(sql, values![account, community]).map(drop)
}

/// An account's memberships in all communities, in the order of the communities' names.
pub async fn list(db: &Database, account: AccountId) -> Result<Vec<Membership>> {
    let communities = db
        .read(Scope::Accounts, move |conn| -> Result<Vec<CommunityId>> {
            let rows = conn.query("SELECT community FROM account_membership WHERE account = $1", values![account])?;
            Ok(rows.iter().map(|row| row.get(0)).collect::<std::result::Result<_, DbError>>()?)
        })
        .await?;
    let mut memberships = Vec::new();
    for community in communities {
        memberships.extend(db.read(Scope::Community(community), move |conn| load(conn, account, community)).await?);
    }
    memberships.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(memberships)
}

/// An account's membership of one community. Run in the community's scope.
pub fn load(conn: &mut dyn Connection, account: AccountId, community: CommunityId) -> Result<Option<Membership>> {
    let sql = "SELECT member.id, community.name, community.kind, member.standing \
               FROM member JOIN community ON community.id = member.community \
               WHERE member.community = $1 AND member.account = $2";
    let Some(row) = conn.first(sql, values![community, account])? else { return Ok(None) };
    Ok(Some(Membership {
        community,
        member: row.get(0)?,
        name: row.get(1)?,
        kind: word(&row, 2, CommunityKind::named)?,
        standing: word(&row, 3, Standing::named)?,
    }))
}

/// A column that holds one of a few words.
pub(crate) fn word<T>(row: &Row, column: usize, named: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    named(&text).ok_or_else(|| Error::Internal(format!("column {column} holds an unknown word")))
}
