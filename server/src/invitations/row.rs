//! An invitation as the database keeps it.

use crate::{
    db::{Connection, Row},
    directory::word,
    policy::Permit,
    referrals, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, EntryId, InvitationId, MemberId, Stream,
    invitations::{InvitationState, OwnInvitation},
    limits,
    membership::Affiliation,
};

/// An invitation, to be shown again to whoever made it.
pub struct Invitation {
    pub(super) id: InvitationId,
    /// Who made it.
    pub inviter: MemberId,
    pub(super) entry: Option<EntryId>,
    pub(super) affiliation: Affiliation,
    pub(super) note: String,
    pub(super) uses: i64,
    pub(super) used: i64,
    pub(super) wrong: i64,
    pub(super) expires_us: i64,
    pub(super) revoked: bool,
    pub(super) quiet: bool,
    /// Whether the inviter agrees that the company is told whom it brought.
    pub to_company: bool,
}

impl Invitation {
    pub(super) fn load(
        conn: &mut dyn Connection,
        community: CommunityId,
        id: InvitationId,
    ) -> Result<Option<Self>, Failure> {
        let sql = "SELECT id, inviter, entry, affiliation, note, uses, used, wrong, expires_us, revoked_us, quiet, to_company \
                   FROM invitation WHERE community = $1 AND id = $2";
        conn.first(sql, values![community, id])?.map(|row| Self::read(&row)).transpose()
    }

    /// The invitation of that id.
    ///
    /// # Errors
    /// That the database failed.
    pub fn find(writing: &mut Writing<'_>, id: InvitationId) -> Result<Option<Self>, Failure> {
        Self::load(writing.conn, writing.community, id)
    }

    fn read(row: &Row) -> Result<Self, Failure> {
        Ok(Self {
            id: row.get(0)?,
            inviter: row.get(1)?,
            entry: row.get(2)?,
            affiliation: word(row, 3, Affiliation::named)?,
            note: row.get(4)?,
            uses: row.get(5)?,
            used: row.get(6)?,
            wrong: row.get(7)?,
            expires_us: row.get(8)?,
            revoked: row.get::<Option<i64>>(9)?.is_some(),
            quiet: row.get(10)?,
            to_company: row.get(11)?,
        })
    }

    pub(super) fn state(&self, now_us: i64) -> InvitationState {
        if self.revoked {
            InvitationState::Revoked
        } else if self.used >= self.uses {
            InvitationState::Used
        } else if now_us >= self.expires_us {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    /// Whether one more may wait for a decision where so many do. By a link for one person one waits, not
    /// a thousand. One bound to an entry may have been forwarded: whoever waits by it takes nothing from
    /// the person of the entry, who comes in by the fact.
    pub(super) fn has_room_to_wait(&self, waiting: i64) -> bool {
        match self.entry {
            Some(_) => waiting < limits::INVITATION_REQUESTS,
            None => self.used + waiting < self.uses,
        }
    }

    /// Whether so many facts did not match that somebody has to decide from now on.
    pub(super) fn is_tried_out(&self) -> bool {
        self.wrong >= limits::TRIES * self.uses
    }

    /// Shows the invitation to whoever made it, unless it is one of very many.
    ///
    /// # Errors
    /// That the database failed.
    pub fn publish(&self, writing: &mut Writing<'_>, permit: &Permit) -> Result<(), Failure> {
        if self.quiet {
            return Ok(());
        }
        let joined = referrals::joined_by(writing.conn, writing.community, self.id)?;
        let entity = Entity::OwnInvitation(OwnInvitation {
            note: self.note.clone(),
            uses: self.uses,
            used: self.used,
            expires_us: self.expires_us,
            revoked: self.revoked,
            joined,
            to_company: self.to_company,
        });
        writing.put(permit, Stream::Member(self.inviter), self.id.0, None, &entity)?;
        Ok(())
    }
}
