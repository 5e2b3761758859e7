//! Looks communities and members up.

use crate::{
    db::{Connection, DbError, Row},
    policy::Actor,
    values,
};
use enishi_protocol::{
    AccountId, CommunityId, Entity, Era, GroupId, MemberId, Version,
    membership::{Affiliation, Community, CommunityKind, Member, PersonName, Role, Standing},
};
use uuid::Uuid;

/// A member as the database knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Who acts.
    pub actor: Actor,
    /// Their account.
    pub account: AccountId,
    /// When they joined, in microseconds since 1970 UTC.
    pub joined_us: i64,
}

impl MemberRow {
    /// What everyone in the community may know.
    pub fn entity(&self) -> Entity {
        let Actor { name, role, affiliation, standing, supporter, .. } = &self.actor;
        Entity::Member(Member {
            name: name.clone(),
            role: *role,
            affiliation: *affiliation,
            standing: *standing,
            joined_us: self.joined_us,
            supporter: *supporter,
        })
    }

    fn read(row: &Row) -> Result<Self, DbError> {
        let actor = Actor {
            id: row.get(0)?,
            name: PersonName { family: row.get(2)?, given: row.get(3)? },
            role: word(row, 4, Role::named)?,
            affiliation: word(row, 5, Affiliation::named)?,
            standing: word(row, 6, Standing::named)?,
            supporter: row.get(8)?,
        };
        Ok(Self { actor, account: row.get(1)?, joined_us: row.get(7)? })
    }
}

/// Reads a column that holds one of a few words.
///
/// # Errors
/// Where the column holds none of them.
pub fn word<T>(row: &Row, column: usize, named: impl FnOnce(&str) -> Option<T>) -> Result<T, DbError> {
    let text: String = row.get(column)?;
    named(&text).ok_or(DbError::Type { column, expected: std::any::type_name::<T>() })
}

const MEMBER: &str = "SELECT id, account, family, given, role, affiliation, standing, joined_us, supporter FROM member WHERE community = $1";

/// Looks a member up.
pub fn find(conn: &mut dyn Connection, community: CommunityId, member: MemberId) -> Result<Option<MemberRow>, DbError> {
    let row = conn.first(&format!("{MEMBER} AND id = $2"), values![community, member])?;
    row.as_ref().map(MemberRow::read).transpose()
}

/// Looks up the member that an account is in a community.
pub fn of_account(
    conn: &mut dyn Connection,
    community: CommunityId,
    account: AccountId,
) -> Result<Option<MemberRow>, DbError> {
    let row = conn.first(&format!("{MEMBER} AND account = $2"), values![community, account])?;
    row.as_ref().map(MemberRow::read).transpose()
}

/// Whether something was erased under this id: a post, a comment, a member.
pub fn is_erased(conn: &mut dyn Connection, community: CommunityId, id: Uuid) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM erased WHERE community = $1 AND id = $2";
    Ok(conn.first(sql, values![community, id])?.is_some())
}

/// A community as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityRow {
    /// Its name and kind.
    pub community: Community,
    /// Its present history.
    pub era: Era,
    /// Its latest version.
    pub version: Version,
    /// What was before this may have been forgotten.
    pub horizon: Version,
    /// The version at which a right to read last changed.
    pub grants: Version,
}

/// Looks a community up.
pub fn community(conn: &mut dyn Connection, id: CommunityId) -> Result<Option<CommunityRow>, DbError> {
    let row =
        conn.first("SELECT name, kind, era, version, horizon, grants FROM community WHERE id = $1", values![id])?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(CommunityRow {
        community: Community { name: row.get(0)?, kind: word(&row, 1, CommunityKind::named)? },
        era: row.get(2)?,
        version: row.get(3)?,
        horizon: row.get(4)?,
        grants: row.get(5)?,
    }))
}

/// The groups that a member is in.
pub fn groups_of(conn: &mut dyn Connection, community: CommunityId, member: MemberId) -> Result<Vec<GroupId>, DbError> {
    let rows = conn
        .query("SELECT group_id FROM group_member WHERE community = $1 AND member = $2", values![community, member])?;
    rows.iter().map(|row| row.get(0)).collect()
}
