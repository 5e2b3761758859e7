//! Members and groups of an archive.

use super::Counts;
use crate::{
    accounts::{self, memberships},
    directory,
    error::Error,
    groups::{self, add},
    membership::{self, Admission},
    policy::{Actor, Permit},
    profiles,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, Language, MemberId, MutationId,
    archive::{ArchivedGroup, ArchivedMember},
    groups::GroupCreation,
    membership::{ProfileSetting, Role, Standing},
};

/// Brings a member in, with an account that nobody can sign in to yet.
pub(super) fn bring_member(writing: &mut Writing<'_>, archived: &ArchivedMember) -> Result<Counts, Failure> {
    let id = archived.id;
    if directory::find(writing.conn, writing.community, id)?.is_some() {
        return Ok(Counts { known: 1, ..Counts::default() });
    }
    // Who answers for the community is decided on this server, not by a file.
    let role = if archived.role == Role::Owner { Role::Admin } else { archived.role };
    let account = accounts::without_address(writing.conn, writing.surroundings, Language::Ja).map_err(failed)?;
    let (name, affiliation) = (archived.name.clone(), archived.affiliation);
    writing.now_us = archived.joined_us;
    membership::admit(writing, &Admission { member: id, account, name, role, affiliation })?;
    memberships::remember(writing.conn, account, writing.community, id).map_err(failed)?;
    let actor = actor(writing, id)?;
    for (field, own) in &archived.profile {
        let setting = ProfileSetting { field: *field, value: Some(own.value.clone()), audience: own.audience };
        profiles::set_profile(writing, &actor, &setting)?;
    }
    if archived.standing != Standing::Active {
        membership::end(writing, id)?;
    }
    Ok(Counts { members: 1, ..Counts::default() })
}

/// Brings a group in, with whoever is in it. Its first keeper creates it.
pub(super) fn bring_group(writing: &mut Writing<'_>, archived: &ArchivedGroup) -> Result<Counts, Failure> {
    if groups::find(writing.conn, writing.community, archived.id)?.is_some() {
        return Ok(Counts { known: 1, ..Counts::default() });
    }
    let keeper = archived.members.iter().find(|member| member.keeper).ok_or(ErrorCode::Malformed)?;
    let creation = GroupCreation {
        name: archived.name.clone(),
        description: archived.description.clone(),
        joining: archived.joining,
        secret: archived.secret,
        closed_to_staff: archived.closed_to_staff,
    };
    let creator = actor(writing, keeper.member)?;
    writing.now_us = archived.created_us;
    groups::create(writing, &creator, MutationId(archived.id.0), &creation)?;
    let permit = Permit::of_the_server();
    for member in archived.members.iter().filter(|member| member.member != keeper.member) {
        writing.now_us = member.joined_us;
        let actor = actor(writing, member.member)?;
        add(writing, &permit, &actor, archived.id, member.keeper)?;
    }
    Ok(Counts { groups: 1, ..Counts::default() })
}

fn failed(error: Error) -> Failure {
    match error {
        Error::Db(error) => error.into(),
        other => other.code().into(),
    }
}

/// The member that a record names.
pub(super) fn actor(writing: &mut Writing<'_>, member: MemberId) -> Result<Actor, Failure> {
    let row = directory::find(writing.conn, writing.community, member)?;
    Ok(row.ok_or(ErrorCode::NotFound)?.actor)
}
