//! The list of members that those who run a community take out of it: only those who consent, with
//! what their profiles show to everyone or to HR.

use super::in_force;
use crate::{
    db::{Connection, DbError},
    directory::word,
    profiles, values,
};
use enishi_protocol::{
    CommunityId, MemberId,
    consents::Purpose,
    membership::{Affiliation, PersonName, ProfileField},
};
use std::collections::BTreeMap;

/// A member in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: PersonName,
    /// How they belong.
    pub affiliation: Affiliation,
    /// When they joined, in microseconds since 1970 UTC.
    pub joined_us: i64,
    /// Their employee number; none where they have none, or do not consent to its being here.
    pub employee_number: Option<String>,
    /// What their profile shows to HR.
    pub fields: BTreeMap<ProfileField, String>,
}

/// At most `limit` members of the list, in the order of their ids, after `after`.
///
/// # Errors
/// That the database failed.
pub fn members(
    conn: &mut dyn Connection,
    community: CommunityId,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<Exported>, DbError> {
    let sql = format!(
        "SELECT member.id, member.family, member.given, member.affiliation, member.joined_us, entry.employee_number
         FROM member
         LEFT JOIN entry ON entry.community = member.community AND entry.member = member.id AND {linked}
         WHERE member.community = $1 AND member.id > $2 AND {listed} ORDER BY member.id LIMIT $3",
        listed = in_force("member", Purpose::DirectoryExport),
        linked = in_force("member", Purpose::RegistryLink),
    );
    let after = after.unwrap_or(MemberId(uuid::Uuid::nil()));
    let rows = conn.query(&sql, values![community, after, limit])?;
    let mut exported = Vec::with_capacity(rows.len());
    for row in &rows {
        let member = row.get(0)?;
        exported.push(Exported {
            member,
            name: PersonName { family: row.get(1)?, given: row.get(2)? },
            affiliation: word(row, 3, Affiliation::named)?,
            joined_us: row.get(4)?,
            employee_number: row.get(5)?,
            fields: profiles::seen_by_hr(conn, community, member)?,
        });
    }
    Ok(exported)
}
