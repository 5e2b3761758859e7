//! What a link shows before anybody joins. Reading it changes and counts nothing: mail scanners
//! open every link.

use super::{Place, row::Invitation};
use crate::{
    db::{Connection, DbError},
    directory,
    error::Result,
    moderation,
    registry::matching,
    values,
};
use enishi_protocol::{
    CommunityId, ErrorCode,
    invitations::{Fact, InvitationPreview, InvitationState},
    membership::Standing,
};

/// Shows an invitation. Nothing of a registry entry is in it. Run in the community's scope.
///
/// # Errors
/// [`ErrorCode::InvitationUnknown`].
pub fn preview(conn: &mut dyn Connection, now_us: i64, place: Place) -> Result<InvitationPreview> {
    let community = directory::community(conn, place.community)?.ok_or(ErrorCode::InvitationUnknown)?;
    let invitation = Invitation::load(conn, place.community, place.invitation)?.ok_or(ErrorCode::InvitationUnknown)?;
    let inviter = directory::find(conn, place.community, invitation.inviter)?.ok_or(ErrorCode::InvitationUnknown)?;
    let active = inviter.actor.standing == Standing::Active;
    let state = if active { invitation.state(now_us) } else { InvitationState::Revoked };
    let fact = fact_asked(conn, place.community, &invitation)?;
    Ok(InvitationPreview {
        community: community.community.name,
        kind: community.community.kind,
        invited_by: inviter.actor.name,
        inviter: inviter.actor.affiliation,
        inviter_role: inviter.actor.role,
        state,
        fact,
        rules: moderation::rules(conn, place.community)?,
    })
}

/// The fact that an invitation asks for; none where there is nothing to compare it with.
pub(super) fn fact_asked(
    conn: &mut dyn Connection,
    community: CommunityId,
    invitation: &Invitation,
) -> Result<Option<Fact>> {
    let chosen = chosen_fact(conn, community)?;
    match invitation.entry {
        Some(entry) => {
            let entry = matching::load(conn, community, entry)?;
            Ok(entry.and_then(|(entry, _)| matching::fact_of(&entry, chosen)))
        }
        None => Ok(matching::exists(conn, community)?.then_some(chosen)),
    }
}

/// The fact that the community chose; the date of birth where it chose none.
pub(crate) fn chosen_fact(conn: &mut dyn Connection, community: CommunityId) -> std::result::Result<Fact, DbError> {
    let row = conn.first("SELECT fact FROM community WHERE id = $1", values![community])?;
    let fact: Option<String> = row.map(|row| row.get(0)).transpose()?.flatten();
    Ok(fact.and_then(|fact| Fact::named(&fact)).unwrap_or(Fact::BirthDate))
}
