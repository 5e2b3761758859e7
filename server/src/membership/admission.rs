//! Coming in: a member is admitted at once, or waits until somebody on duty has decided.

use super::{MemberRow, find, vouching};
use crate::{
    grants,
    policy::{self, Action, Actor, Permit, Relation},
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, Entity, EntityKind, ErrorCode, MemberId, RequestId, Stream,
    invitations::{JoinDecision, JoinRequest},
    membership::{Affiliation, PersonName, Role, Standing},
};

/// Somebody who comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who they are in the community; kept where they were a member before.
    pub member: MemberId,
    /// Their account.
    pub account: AccountId,
    /// The name they bear here.
    pub name: PersonName,
    /// What they may do.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
}

/// Makes somebody an active member: what they may read, their entry in the directory, their profile.
///
/// Called where an invitation was kept or by whoever runs the server; also for one who waited or
/// had left.
///
/// # Errors
/// [`ErrorCode::NameInvalid`].
pub fn admit(writing: &mut Writing<'_>, admission: &Admission) -> Result<(), Failure> {
    let permit = Permit::of_the_server();
    write(writing, admission, Standing::Active)?;
    activate(writing, &permit, admission.member)
}

/// Makes somebody a waiting member, whose wish lies on the community's desk.
///
/// # Errors
/// [`ErrorCode::NameInvalid`].
pub fn ask_to_join(
    writing: &mut Writing<'_>,
    admission: &Admission,
    request: RequestId,
    invited_by: Option<MemberId>,
    note: &str,
) -> Result<(), Failure> {
    write(writing, admission, Standing::Waiting)?;
    writing.conn.execute(
        "INSERT INTO join_request (community, id, group_id, member, invited_by, note, at_us)
         VALUES ($1, $2, NULL, $3, $4, $5, $6)",
        values![writing.community, request, admission.member, invited_by, note, writing.now_us],
    )?;
    let entity = Entity::JoinRequest(JoinRequest {
        member: admission.member,
        name: admission.name.clone(),
        invited_by,
        note: note.to_owned(),
        at_us: writing.now_us,
        vouched_by: Vec::new(),
    });
    let desk = Stream::community_desk(writing.community);
    writing.put(&Permit::of_the_server(), desk, request.0, None, &entity)?;
    Ok(())
}

/// Lets somebody in who waits, or not. Returns whom to tell: the account of one who still waited.
///
/// # Errors
/// [`ErrorCode::NotFound`] where the request is not, or no longer, there.
pub fn decide_join(
    writing: &mut Writing<'_>,
    actor: &Actor,
    decision: &JoinDecision,
) -> Result<Option<AccountId>, Failure> {
    let permit = policy::ask(actor, Action::DecideJoin, Relation::NONE)?;
    decided(writing, &permit, decision)
}

/// Carries a decision out.
pub(super) fn decided(
    writing: &mut Writing<'_>,
    permit: &Permit,
    decision: &JoinDecision,
) -> Result<Option<AccountId>, Failure> {
    let row = writing.conn.first(
        "SELECT member FROM join_request WHERE community = $1 AND id = $2 AND group_id IS NULL",
        values![writing.community, decision.request],
    )?;
    let member: MemberId = row.ok_or(ErrorCode::NotFound)?.get(0)?;
    vouching::close(writing, permit, decision.request)?;
    writing.conn.execute(
        "DELETE FROM join_request WHERE community = $1 AND id = $2",
        values![writing.community, decision.request],
    )?;
    let desk = Stream::community_desk(writing.community);
    writing.gone(permit, desk, &EntityKind::JoinRequest, decision.request.0)?;
    let standing = if decision.accept { Standing::Active } else { Standing::Ended };
    let decided = writing.conn.execute(
        "UPDATE member SET standing = $3, joined_us = $4 WHERE community = $1 AND id = $2 AND standing = 'waiting'",
        values![writing.community, member, standing.as_str(), writing.now_us],
    )?;
    if decided == 0 {
        return Ok(None);
    }
    if decision.accept {
        activate(writing, permit, member)?;
    }
    Ok(find(writing.conn, writing.community, member)?.map(|row| row.account))
}

fn write(writing: &mut Writing<'_>, admission: &Admission, standing: Standing) -> Result<(), Failure> {
    let Admission { member, account, name, role, affiliation } = admission;
    if !super::name_is_valid(name) {
        return Err(ErrorCode::NameInvalid.into());
    }
    writing.conn.execute(
        "INSERT INTO member (community, id, account, family, given, role, affiliation, standing, joined_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (community, id) DO UPDATE SET family = excluded.family, given = excluded.given,
         role = excluded.role, affiliation = excluded.affiliation, standing = excluded.standing,
         joined_us = excluded.joined_us",
        values![
            writing.community,
            *member,
            *account,
            name.family.as_str(),
            name.given.as_str(),
            role.as_str(),
            affiliation.as_str(),
            standing.as_str(),
            writing.now_us,
        ],
    )?;
    Ok(())
}

pub(super) fn activate(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    let row = find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?;
    writing.conn.execute(
        "DELETE FROM standing_reason WHERE community = $1 AND member = $2",
        values![writing.community, member],
    )?;
    grants::give(writing, permit, member, Stream::Member(member))?;
    grants::give(writing, permit, member, Stream::Community)?;
    publish(writing, permit, &row)?;
    give_duty(writing, permit, &row.actor)?;
    profiles::publish_all(writing, permit, member)
}

/// Tells the community what it may know of a member.
pub(super) fn publish(writing: &mut Writing<'_>, permit: &Permit, row: &MemberRow) -> Result<(), Failure> {
    writing.put(permit, Stream::Community, row.actor.id.0, None, &row.entity())?;
    Ok(())
}

/// The community's desk is read by those whose role it is.
pub(super) fn give_duty(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor) -> Result<(), Failure> {
    let desk = Stream::community_desk(writing.community);
    if policy::on_duty(actor.role) {
        grants::give(writing, permit, actor.id, desk)
    } else {
        grants::take(writing, permit, actor.id, desk)
    }
}
