//! The ways into a group: open, on request, by invitation.

use super::{add, close_requests, find, keeper, text_fits};
use crate::{
    blocks, directory,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, GroupId, MemberId, MutationId, RequestId, Stream,
    groups::{GroupDecision, GroupInvitation, GroupInviting, GroupJoining, Joining},
    invitations::JoinRequest,
    limits::NOTE_CHARS,
    membership::Standing,
    notifications::Decision,
};

/// Joins an open group or one that one is invited to, or asks to join one on request.
///
/// A secret group that one is not invited to is answered like one that does not exist.
///
/// # Errors
/// Why not, as the member is told.
pub fn join(
    writing: &mut Writing<'_>,
    actor: &Actor,
    request: MutationId,
    joining: &GroupJoining,
) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::JoinGroup, Relation::NONE)?;
    text_fits(&joining.note, NOTE_CHARS)?;
    let group = find(writing.conn, writing.community, joining.group)?.ok_or(ErrorCode::NotFound)?;
    if keeper(writing.conn, writing.community, group.id, actor.id)?.is_some() {
        return Ok(());
    }
    if invited(writing, group.id, actor.id)? || group.group.joining == Joining::Open {
        drop_invitation(writing, &permit, group.id, actor.id)?;
        close_requests(writing, &permit, group.id, actor.id)?;
        return add(writing, &permit, actor, group.id, false);
    }
    if group.group.closed_to_staff && policy::on_duty(actor.role) && !group.group.secret {
        return Err(ErrorCode::ClosedToStaff.into());
    }
    match group.group.joining {
        Joining::Request => ask(writing, &permit, actor, RequestId::from(request), joining),
        Joining::Invitation if group.group.secret => Err(ErrorCode::NotFound.into()),
        Joining::Invitation | Joining::Open => Err(ErrorCode::NotAllowed.into()),
    }
}

fn ask(
    writing: &mut Writing<'_>,
    permit: &Permit,
    actor: &Actor,
    request: RequestId,
    joining: &GroupJoining,
) -> Result<(), Failure> {
    let asked = writing.conn.first(
        "SELECT 1 FROM join_request WHERE community = $1 AND member = $2 AND group_id = $3",
        values![writing.community, actor.id, joining.group],
    )?;
    if asked.is_some() {
        return Ok(());
    }
    writing.conn.execute(
        "INSERT INTO join_request (community, id, group_id, member, invited_by, note, at_us)
         VALUES ($1, $2, $3, $4, NULL, $5, $6)",
        values![writing.community, request, joining.group, actor.id, joining.note.as_str(), writing.now_us],
    )?;
    let entity = Entity::JoinRequest(JoinRequest {
        vouched_by: Vec::new(),
        member: actor.id,
        name: actor.name.clone(),
        invited_by: None,
        note: joining.note.clone(),
        at_us: writing.now_us,
    });
    writing.put(permit, Stream::group_desk(joining.group), request.0, None, &entity)?;
    Ok(())
}

/// Invites a member to a group.
///
/// # Errors
/// Why not, as the member is told.
pub fn invite(writing: &mut Writing<'_>, actor: &Actor, inviting: &GroupInviting) -> Result<(), Failure> {
    let keeps = keeper(writing.conn, writing.community, inviting.group, actor.id)?;
    let relation = Relation { reads: keeps.is_some(), keeper: keeps == Some(true), ..Relation::NONE };
    let permit = policy::ask(actor, Action::InviteToGroup, relation)?;
    let group = find(writing.conn, writing.community, inviting.group)?.ok_or(ErrorCode::NotFound)?.group;
    let guest = directory::find(writing.conn, writing.community, inviting.member)?;
    let guest = guest.filter(|guest| guest.actor.standing == Standing::Active).ok_or(ErrorCode::NotFound)?;
    if keeper(writing.conn, writing.community, inviting.group, guest.actor.id)?.is_some() {
        return Ok(());
    }
    if group.closed_to_staff && policy::on_duty(guest.actor.role) {
        return Err(ErrorCode::ClosedToStaff.into());
    }
    if is_news(writing, inviting, actor.id)? {
        let entity = GroupInvitation {
            name: group.name,
            description: group.description,
            closed_to_staff: group.closed_to_staff,
            by: actor.id,
            at_us: writing.now_us,
        };
        let inbox = Stream::Member(guest.actor.id);
        writing.put(&permit, inbox, inviting.group.0, None, &Entity::GroupInvitation(entity))?;
    }
    Ok(())
}

/// Notes an invitation, and whether it is the one that counts: the first, or the first by somebody
/// whom the guest sees, as phones leave out what comes from behind a block.
fn is_news(writing: &mut Writing<'_>, inviting: &GroupInviting, by: MemberId) -> Result<bool, Failure> {
    let values = values![writing.community, inviting.group, inviting.member, by, writing.now_us];
    let noted = writing.conn.execute(
        "INSERT INTO group_invitation (community, group_id, member, invited_by, at_us) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (community, group_id, member) DO NOTHING",
        values,
    )?;
    if noted > 0 {
        return Ok(true);
    }
    let row = writing.conn.first(
        "SELECT invited_by FROM group_invitation WHERE community = $1 AND group_id = $2 AND member = $3",
        values![writing.community, inviting.group, inviting.member],
    )?;
    let Some(row) = row else { return Ok(false) };
    let held = blocks::between(writing.conn, writing.community, row.get(0)?, inviting.member)?;
    if !held || blocks::between(writing.conn, writing.community, by, inviting.member)? {
        return Ok(false);
    }
    writing.conn.execute(
        "UPDATE group_invitation SET invited_by = $4, at_us = $5
         WHERE community = $1 AND group_id = $2 AND member = $3",
        values,
    )?;
    Ok(true)
}

/// Lets a member in who asked to join, or not.
///
/// # Errors
/// Why not, as the member is told.
pub fn decide(writing: &mut Writing<'_>, actor: &Actor, decision: &GroupDecision) -> Result<(), Failure> {
    let keeps = keeper(writing.conn, writing.community, decision.group, actor.id)?;
    let relation = Relation { reads: keeps.is_some(), keeper: keeps == Some(true), ..Relation::NONE };
    let permit = policy::ask(actor, Action::DecideGroup, relation)?;
    let row = writing.conn.first(
        "SELECT member FROM join_request WHERE community = $1 AND id = $2 AND group_id = $3",
        values![writing.community, decision.request, decision.group],
    )?;
    let member: MemberId = row.ok_or(ErrorCode::NotFound)?.get(0)?;
    close_requests(writing, &permit, decision.group, member)?;
    tell_decided(writing, &permit, decision, member)?;
    let guest = directory::find(writing.conn, writing.community, member)?;
    match guest.filter(|guest| guest.actor.standing == Standing::Active) {
        Some(guest) if decision.accept => {
            drop_invitation(writing, &permit, decision.group, member)?;
            add(writing, &permit, &guest.actor, decision.group, false)
        }
        _ => Ok(()),
    }
}

/// Tells whoever asked; who decided is not told.
fn tell_decided(
    writing: &mut Writing<'_>,
    permit: &Permit,
    decision: &GroupDecision,
    member: MemberId,
) -> Result<(), Failure> {
    let name = find(writing.conn, writing.community, decision.group)?.ok_or(ErrorCode::NotFound)?.group.name;
    let (group, accepted, at_us) = (decision.group, decision.accept, writing.now_us);
    let entity = Entity::Decision(Decision { group, name, accepted, at_us });
    writing.put(permit, Stream::Member(member), decision.request.0, None, &entity)?;
    Ok(())
}

fn invited(writing: &mut Writing<'_>, group: GroupId, member: MemberId) -> Result<bool, Failure> {
    let row = writing.conn.first(
        "SELECT 1 FROM group_invitation WHERE community = $1 AND group_id = $2 AND member = $3",
        values![writing.community, group, member],
    )?;
    Ok(row.is_some())
}

fn drop_invitation(
    writing: &mut Writing<'_>,
    permit: &Permit,
    group: GroupId,
    member: MemberId,
) -> Result<(), Failure> {
    let dropped = writing.conn.execute(
        "DELETE FROM group_invitation WHERE community = $1 AND group_id = $2 AND member = $3",
        values![writing.community, group, member],
    )?;
    if dropped > 0 {
        writing.gone(permit, Stream::Member(member), &EntityKind::GroupInvitation, group.0)?;
    }
    Ok(())
}
