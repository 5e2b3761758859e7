//! The recovery of a membership by somebody who has lost their addresses and devices: asked for from
//! a new account, supported by the desk or by members who know them, open to objection for 72 hours,
//! and then moved by a job. Nobody here sets or sees an address, and what only the member's own
//! devices held does not come along.

mod asking;
mod moving;
mod objecting;
mod supporting;

#[cfg(test)]
mod tests;

pub use asking::{ask, list};
pub use moving::{due, step};
pub use objecting::{Place, decline, find_stop, stop, stop_by_account};
pub use supporting::support;

use crate::{
    accounts::tell,
    db::{Connection, DbError, Row},
    directory,
    error::Error,
    mail::Message,
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, Entity, ErrorCode, MemberId, RecoveryId, Stream,
    account::{Recovery, RecoveryState},
    membership::PersonName,
};

/// A recovery as the database keeps it.
struct Kept {
    id: RecoveryId,
    account: AccountId,
    name: PersonName,
    note: String,
    member: Option<MemberId>,
    proved: bool,
    state: RecoveryState,
    asked_us: i64,
    until_us: Option<i64>,
}

impl Kept {
    fn load(conn: &mut dyn Connection, community: CommunityId, id: RecoveryId) -> Result<Option<Self>, DbError> {
        let sql = "SELECT id, account, family, given, note, member, proved, state, asked_us, until_us \
                   FROM recovery WHERE community = $1 AND id = $2";
        conn.first(sql, values![community, id])?.map(|row| Self::read(&row)).transpose()
    }

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            name: PersonName { family: row.get(2)?, given: row.get(3)? },
            note: row.get(4)?,
            member: row.get(5)?,
            proved: row.get(6)?,
            state: directory::word(row, 7, RecoveryState::named)?,
            asked_us: row.get(8)?,
            until_us: row.get(9)?,
        })
    }

    /// Keeps the state, and shows it to the desk while somebody may still do something about it.
    fn publish(&self, writing: &mut Writing<'_>, permit: &Permit) -> Result<(), Failure> {
        writing.conn.execute(
            "UPDATE recovery SET member = $3, state = $4, until_us = $5 WHERE community = $1 AND id = $2",
            values![writing.community, self.id, self.member, self.state.as_str(), self.until_us],
        )?;
        let row = writing.conn.first(
            "SELECT count(*) FROM recovery_vouch WHERE community = $1 AND recovery = $2",
            values![writing.community, self.id],
        )?;
        let entity = Entity::Recovery(Recovery {
            name: self.name.clone(),
            note: self.note.clone(),
            member: self.member,
            proved: self.proved,
            state: self.state,
            vouches: row.map_or(Ok(0), |row| row.get(0))?,
            until_us: self.until_us,
            at_us: self.asked_us,
        });
        let desk = Stream::community_desk(writing.community);
        writing.put(permit, desk, self.id.0, None, &entity)?;
        Ok(())
    }

    /// Ends it, whatever came of it. The mailed code stays known, so that pressing twice is answered alike.
    fn end(&mut self, writing: &mut Writing<'_>, permit: &Permit, state: RecoveryState) -> Result<(), Failure> {
        self.state = state;
        writing.conn.execute(
            "UPDATE recovery_stop SET until_us = $3 WHERE community = $1 AND recovery = $2",
            values![writing.community, self.id, i64::MAX],
        )?;
        self.publish(writing, permit)
    }

    /// The account that has the membership at present.
    fn holder(&self, writing: &mut Writing<'_>) -> Result<Option<AccountId>, Failure> {
        let Some(member) = self.member else { return Ok(None) };
        Ok(directory::find(writing.conn, writing.community, member)?.map(|row| row.account))
    }
}

fn community_name(writing: &mut Writing<'_>) -> Result<String, Failure> {
    let row = directory::community(writing.conn, writing.community)?.ok_or(ErrorCode::NotFound)?;
    Ok(row.community.name)
}

/// Tells whoever asked how it ended.
fn tell_claimant(writing: &mut Writing<'_>, kept: &Kept, done: bool) -> Result<(), Failure> {
    let message = Message::RecoveryDecided { community: community_name(writing)?, done };
    tell(writing.conn, writing.surroundings, kept.account, &message).map_err(failure)
}

/// An error of the accounts inside a community's write.
fn failure(error: Error) -> Failure {
    match error {
        Error::Db(error) => Failure::Database(error),
        other => Failure::Refused(other.code()),
    }
}
