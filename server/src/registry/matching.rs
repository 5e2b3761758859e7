//! Recognising a person by a fact that only they and the company know.

use super::{
    date,
    entry::{self, Entry},
    import::{COLUMNS, read},
};
use crate::{
    db::{Connection, DbError},
    secrets, values,
};
use enishi_protocol::{CommunityId, EntryId, MemberId, invitations::Fact, membership::PersonName};

type Result<T> = std::result::Result<T, DbError>;

/// Whether the community has a registry at all.
pub fn exists(conn: &mut dyn Connection, community: CommunityId) -> Result<bool> {
    Ok(conn.first("SELECT id FROM entry WHERE community = $1 LIMIT 1", values![community])?.is_some())
}

/// An entry with the member that joined as it.
pub fn load(
    conn: &mut dyn Connection,
    community: CommunityId,
    id: EntryId,
) -> Result<Option<(Entry, Option<MemberId>)>> {
    let sql = format!("SELECT {COLUMNS}, member FROM entry WHERE community = $1 AND id = $2");
    let Some(row) = conn.first(&sql, values![community, id])? else { return Ok(None) };
    Ok(Some((read(&row)?.1, row.get(16)?)))
}

/// The entry of an employee number.
pub fn by_number(conn: &mut dyn Connection, community: CommunityId, number: &str) -> Result<Option<EntryId>> {
    let sql = "SELECT id FROM entry WHERE community = $1 AND employee_number = $2";
    let row = conn.first(sql, values![community, entry::number(number)])?;
    row.map(|row| row.get(0)).transpose()
}

/// The fact that an entry can be proved by: the one that the community chose, else the other one.
pub fn fact_of(entry: &Entry, chosen: Fact) -> Option<Fact> {
    let other = if chosen == Fact::BirthDate { Fact::EmployeeNumber } else { Fact::BirthDate };
    [chosen, other].into_iter().find(|fact| fact_text(entry, *fact).is_some())
}

/// Whether `given` is the entry's fact, in whatever form it is written.
pub fn proves(entry: &Entry, fact: Fact, given: &str) -> bool {
    match (fact_text(entry, fact), read_fact(fact, given)) {
        (Some(known), Some(given)) => secrets::same(known.as_bytes(), given.as_bytes()),
        _ => false,
    }
}

/// The one entry that nobody has joined as, and that this name and fact are of.
pub fn find(
    conn: &mut dyn Connection,
    community: CommunityId,
    name: &PersonName,
    fact: Fact,
    given: &str,
) -> Result<Option<EntryId>> {
    let Some(given) = read_fact(fact, given) else { return Ok(None) };
    let column = match fact {
        Fact::BirthDate => "birth_date",
        Fact::EmployeeNumber => "employee_number",
    };
    let sql = format!("SELECT {COLUMNS} FROM entry WHERE community = $1 AND {column} = $2 AND member IS NULL");
    let mut found = Vec::new();
    for row in conn.query(&sql, values![community, given])? {
        let (id, entry) = read(&row)?;
        if entry.is_named(name) {
            found.push(id);
        }
    }
    // Two people of one name born on one day: somebody has to look.
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The one member who joined as an entry that this name and fact are of.
pub fn find_joined(
    conn: &mut dyn Connection,
    community: CommunityId,
    name: &PersonName,
    fact: Fact,
    given: &str,
) -> Result<Option<MemberId>> {
    let Some(given) = read_fact(fact, given) else { return Ok(None) };
    let column = match fact {
        Fact::BirthDate => "birth_date",
        Fact::EmployeeNumber => "employee_number",
    };
    let sql =
        format!("SELECT {COLUMNS}, member FROM entry WHERE community = $1 AND {column} = $2 AND member IS NOT NULL");
    let mut found = Vec::new();
    for row in conn.query(&sql, values![community, given])? {
        if read(&row)?.1.is_named(name) {
            found.push(row.get(16)?);
        }
    }
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Notes who joined as an entry.
pub fn joined(conn: &mut dyn Connection, community: CommunityId, id: EntryId, member: MemberId) -> Result<()> {
    conn.execute("UPDATE entry SET member = $1 WHERE community = $2 AND id = $3", values![member, community, id])?;
    Ok(())
}

/// Forgets who joined as an entry, for a member who is erased.
///
/// # Errors
/// That the database failed.
pub(crate) fn forget_member(conn: &mut dyn Connection, community: CommunityId, member: MemberId) -> Result<()> {
    conn.execute("UPDATE entry SET member = NULL WHERE community = $1 AND member = $2", values![community, member])?;
    Ok(())
}

fn fact_text(entry: &Entry, fact: Fact) -> Option<&str> {
    match fact {
        Fact::BirthDate => entry.birth_date.as_deref(),
        Fact::EmployeeNumber => entry.employee_number.as_deref(),
    }
}

/// A fact in the form in which it is stored.
pub fn read_fact(fact: Fact, given: &str) -> Option<String> {
    match fact {
        Fact::BirthDate => date::read(given),
        Fact::EmployeeNumber => Some(entry::number(given)).filter(|number| !number.is_empty()),
    }
}
