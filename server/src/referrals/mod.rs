//! Who brought whom. It is kept for everybody who came in by an invitation; whoever came sees who invited them, the
//! inviter sees them as far as they agreed, and the company as far as both did. Each agreement can be taken back.

#[cfg(test)]
mod tests;

use crate::{
    db::{Connection, DbError, Row},
    directory,
    invitations::Shown,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, EntityKind, ErrorCode, InvitationId, MemberId, Stream,
    invitations::{InvitationTelling, OwnReferral, Referral, ReferralSetting},
    membership::Standing,
};

/// Rows that one step of erasing takes.
const ROWS: i64 = 200;

/// Who brought a member.
struct Kept {
    member: MemberId,
    inviter: MemberId,
    invitation: InvitationId,
    to_inviter: bool,
    to_company: bool,
}

const COLUMNS: &str = "member, inviter, invitation, to_inviter, to_company";

impl Kept {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            member: row.get(0)?,
            inviter: row.get(1)?,
            invitation: row.get(2)?,
            to_inviter: row.get(3)?,
            to_company: row.get(4)?,
        })
    }

    fn of(writing: &mut Writing<'_>, member: MemberId) -> Result<Option<Self>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM referral WHERE community = $1 AND member = $2");
        let row = writing.conn.first(&sql, values![writing.community, member])?;
        Ok(row.as_ref().map(Self::read).transpose()?)
    }

    /// Shows it to whoever came in, and to the desk where both agreed.
    fn publish(&self, writing: &mut Writing<'_>, permit: &Permit, inviter_agrees: bool) -> Result<(), Failure> {
        let Self { member, inviter, to_inviter, to_company, .. } = *self;
        let own = Entity::OwnReferral(OwnReferral { inviter, to_inviter, to_company });
        writing.put(permit, Stream::Member(member), member.0, None, &own)?;
        let desk = Stream::community_desk(writing.community);
        if to_company && inviter_agrees {
            writing.put(permit, desk, member.0, None, &Entity::Referral(Referral { inviter }))?;
        } else {
            writing.gone(permit, desk, &EntityKind::Referral, member.0)?;
        }
        Ok(())
    }
}

/// What whoever comes in agrees to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// That the inviter is told.
    pub to_inviter: bool,
    /// That the company is told.
    pub to_company: bool,
}

/// Keeps who brought somebody who came in, or waits. Nobody is told before they are in.
///
/// # Errors
/// That the database failed.
pub fn keep(
    writing: &mut Writing<'_>,
    member: MemberId,
    (inviter, invitation): (MemberId, InvitationId),
    agreed: Agreed,
) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO referral (community, member, inviter, invitation, to_inviter, to_company) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community, member) DO UPDATE SET inviter = excluded.inviter, \
         invitation = excluded.invitation, to_inviter = excluded.to_inviter, to_company = excluded.to_company",
        values![writing.community, member, inviter, invitation, agreed.to_inviter, agreed.to_company],
    )?;
    Ok(())
}

/// Forgets who would have brought somebody who was not let in.
///
/// # Errors
/// That the database failed.
pub fn forget(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let sql = "DELETE FROM referral WHERE community = $1 AND member = $2";
    writing.conn.execute(sql, values![writing.community, member])?;
    Ok(())
}

/// Tells who may be told that somebody is in. The inviter is told with the invitation.
///
/// # Errors
/// That the database failed.
pub fn publish(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    let Some(kept) = Kept::of(writing, member)? else { return Ok(()) };
    let agrees = Shown::find(writing, kept.invitation)?.is_some_and(|invitation| invitation.to_company);
    kept.publish(writing, permit, agrees)
}

/// Who joined by an invitation and agreed that the inviter is told.
///
/// # Errors
/// That the database failed.
pub fn joined_by(
    conn: &mut dyn Connection,
    community: CommunityId,
    invitation: InvitationId,
) -> Result<Vec<MemberId>, DbError> {
    let sql = "SELECT r.member FROM referral r JOIN member m ON m.community = r.community AND m.id = r.member \
               WHERE r.community = $1 AND r.invitation = $2 AND r.to_inviter = 1 AND m.standing <> 'waiting' \
               ORDER BY m.joined_us, r.member";
    let rows = conn.query(sql, values![community, invitation])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A member says who may be told who brought them.
///
/// # Errors
/// [`ErrorCode::NotFound`] for one whom nobody brought.
pub fn set(writing: &mut Writing<'_>, actor: &Actor, setting: &ReferralSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetReferral, Relation::NONE)?;
    let mut kept = Kept::of(writing, actor.id)?.ok_or(ErrorCode::NotFound)?;
    kept.to_inviter = setting.to_inviter.unwrap_or(kept.to_inviter);
    kept.to_company = setting.to_company.unwrap_or(kept.to_company);
    let agreed = Agreed { to_inviter: kept.to_inviter, to_company: kept.to_company };
    keep(writing, actor.id, (kept.inviter, kept.invitation), agreed)?;
    let invitation = Shown::find(writing, kept.invitation)?;
    kept.publish(writing, &permit, invitation.as_ref().is_some_and(|invitation| invitation.to_company))?;
    invitation.map_or(Ok(()), |invitation| invitation.publish(writing, &permit))
}

/// An inviter says whether the company may be told whom an invitation brought.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an invitation that is not theirs.
pub fn tell(writing: &mut Writing<'_>, actor: &Actor, telling: &InvitationTelling) -> Result<(), Failure> {
    let mut invitation = Shown::find(writing, telling.invitation)?.ok_or(ErrorCode::NotFound)?;
    let relation = Relation { author: invitation.inviter == actor.id, ..Relation::NONE };
    // Whether somebody else's invitation exists is nobody's business.
    let permit = policy::ask(actor, Action::TellInvitation, relation).map_err(|code| match code {
        ErrorCode::NotAllowed => ErrorCode::NotFound,
        other => other,
    })?;
    invitation.to_company = telling.to_company;
    writing.conn.execute(
        "UPDATE invitation SET to_company = $3 WHERE community = $1 AND id = $2",
        values![writing.community, telling.invitation, telling.to_company],
    )?;
    invitation.publish(writing, &permit)?;
    let sql = format!("SELECT {COLUMNS} FROM referral WHERE community = $1 AND invitation = $2 AND to_company = 1");
    for row in writing.conn.query(&sql, values![writing.community, telling.invitation])? {
        let kept = Kept::read(&row)?;
        let here = directory::find(writing.conn, writing.community, kept.member)?;
        if here.is_some_and(|member| member.actor.standing != Standing::Waiting) {
            kept.publish(writing, &permit, telling.to_company)?;
        }
    }
    Ok(())
}

/// Takes a member who is erased out of all of it, some at a time. Whether nothing is left.
///
/// # Errors
/// That the database failed.
pub(crate) fn erase_all_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    if let Some(kept) = Kept::of(writing, member)? {
        take(writing, permit, &kept)?;
        if let Some(invitation) = Shown::find(writing, kept.invitation)? {
            invitation.publish(writing, permit)?;
        }
    }
    let sql = format!("SELECT {COLUMNS} FROM referral WHERE community = $1 AND inviter = $2 LIMIT $3");
    let rows = writing.conn.query(&sql, values![writing.community, member, ROWS])?;
    for row in &rows {
        take(writing, permit, &Kept::read(row)?)?;
    }
    Ok(rows.is_empty())
}

fn take(writing: &mut Writing<'_>, permit: &Permit, kept: &Kept) -> Result<(), Failure> {
    writing.gone(permit, Stream::Member(kept.member), &EntityKind::OwnReferral, kept.member.0)?;
    writing.gone(permit, Stream::community_desk(writing.community), &EntityKind::Referral, kept.member.0)?;
    forget(writing, kept.member)
}
