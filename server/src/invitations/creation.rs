//! Making invitations and taking them back. The code is made by whoever invites; its hash comes here.

use super::row::Invitation;
use crate::{
    directory,
    outreach::declining,
    policy::{self, Action, Actor, Permit, Relation},
    registry::{Entry, matching},
    secrets::{self, Hash},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    EntryId, ErrorCode, InvitationId, MemberId,
    invitations::{Fact, InvitationCreation, InvitationRevoking, InvitationState},
    limits::{INVITATION_DAYS_MAX, INVITATION_PRINTED_DAYS_MAX, INVITATION_USES_MAX, NOTE_CHARS},
    membership::{Affiliation, Standing},
};

const DAY_US: i64 = 24 * 3_600_000_000;

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct Making {
    /// Its id.
    pub id: InvitationId,
    /// The hash of its code.
    pub code_hash: Hash,
    /// Who invites.
    pub inviter: MemberId,
    /// The registry entry it is for.
    pub entry: Option<EntryId>,
    /// How those belong who come in by it.
    pub affiliation: Affiliation,
    /// How many it may bring in.
    pub uses: i64,
    /// How long it is good.
    pub days: i64,
    /// For whom.
    pub note: String,
    /// Whether its code is one that people type: short enough to be guessed for.
    pub printed: bool,
    /// Whether the inviter's inbox is told nothing of it: one of many that were mailed or printed.
    pub quiet: bool,
    /// Whether the inviter agrees that the company is told whom it brings.
    pub to_company: bool,
}

/// A member makes an invitation; its id is the mutation's.
///
/// # Errors
/// [`ErrorCode::NotAllowed`] for more than one use or a registry entry by somebody who does not run
/// the community; otherwise as [`make`].
pub fn create(writing: &mut Writing<'_>, actor: &Actor, creation: &InvitationCreation) -> Result<(), Failure> {
    let many = creation.uses != 1 || creation.entry.is_some();
    let action = if many { Action::InviteMany } else { Action::Invite };
    let permit = policy::ask(actor, action, Relation::NONE)?;
    let id = writing.mutation.ok_or(ErrorCode::Malformed)?.into();
    let making = Making {
        id,
        code_hash: secrets::from_hex(&creation.code_hash).ok_or(ErrorCode::Malformed)?,
        inviter: actor.id,
        entry: creation.entry,
        affiliation: Affiliation::Alumnus,
        uses: creation.uses,
        days: creation.days,
        note: creation.note.clone(),
        printed: false,
        quiet: false,
        to_company: creation.to_company,
    };
    write(writing, &permit, &making)
}

/// Makes an invitation for whoever runs the server.
///
/// # Errors
/// [`ErrorCode::Malformed`] for a number out of its range, [`ErrorCode::TextTooLong`] for the note,
/// [`ErrorCode::NotFound`] for an unknown entry, [`ErrorCode::AlreadyExists`] for a code in use,
/// [`ErrorCode::FactMissing`] for a printed code of an entry that cannot be proved.
pub fn make(writing: &mut Writing<'_>, making: &Making) -> Result<(), Failure> {
    write(writing, &Permit::of_the_server(), making)
}

fn write(writing: &mut Writing<'_>, permit: &Permit, making: &Making) -> Result<(), Failure> {
    let Making { id, code_hash, inviter, entry, affiliation, uses, days, note, printed: _, quiet, to_company } = making;
    if !(1..=INVITATION_USES_MAX).contains(uses) || !(1..=INVITATION_DAYS_MAX).contains(days) {
        return Err(ErrorCode::Malformed.into());
    }
    if note.chars().count() > NOTE_CHARS {
        return Err(ErrorCode::TextTooLong.into());
    }
    let known = match entry {
        Some(entry) => Some(matching::load(writing.conn, writing.community, *entry)?.ok_or(ErrorCode::NotFound)?.0),
        None => None,
    };
    if making.printed {
        check_printed(making, known.as_ref())?;
    }
    let looked_up = writing.conn.execute(
        "INSERT INTO invitation_lookup (code_hash, community, invitation) VALUES ($1, $2, $3) \
         ON CONFLICT (code_hash) DO NOTHING",
        values![code_hash.as_slice(), writing.community, *id],
    )?;
    if looked_up == 0 {
        return Err(ErrorCode::AlreadyExists.into());
    }
    if let Some(entry) = entry {
        declining::remember(writing.conn, code_hash, writing.community, *entry)?;
    }
    let expires_us = writing.now_us + days * DAY_US;
    writing.conn.execute(
        "INSERT INTO invitation (community, id, code_hash, inviter, entry, affiliation, note, uses, used, wrong, \
         expires_us, revoked_us, created_us, quiet, to_company) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, NULL, $10, $11, $12)",
        values![
            writing.community,
            *id,
            code_hash.as_slice(),
            *inviter,
            *entry,
            affiliation.as_str(),
            note.as_str(),
            *uses,
            expires_us,
            writing.now_us,
            *quiet,
            *to_company
        ],
    )?;
    let made = Invitation {
        id: *id,
        inviter: *inviter,
        entry: *entry,
        affiliation: *affiliation,
        note: note.clone(),
        uses: *uses,
        used: 0,
        wrong: 0,
        expires_us,
        revoked: false,
        quiet: *quiet,
        to_company: *to_company,
    };
    made.publish(writing, permit)
}

/// Gives an invitation that can still be used one more code, and time until then where it would end sooner.
/// Whether it can be used.
///
/// # Errors
/// [`ErrorCode::AlreadyExists`] for a code in use; that the database failed.
pub fn renew(writing: &mut Writing<'_>, id: InvitationId, code_hash: &Hash, until_us: i64) -> Result<bool, Failure> {
    let Some(mut invitation) = Invitation::load(writing.conn, writing.community, id)? else { return Ok(false) };
    invitation.expires_us = invitation.expires_us.max(until_us);
    let inviter = directory::find(writing.conn, writing.community, invitation.inviter)?;
    let active = inviter.is_some_and(|inviter| inviter.actor.standing == Standing::Active);
    if !active || invitation.state(writing.now_us) != InvitationState::Open {
        return Ok(false);
    }
    let looked_up = writing.conn.execute(
        "INSERT INTO invitation_lookup (code_hash, community, invitation) VALUES ($1, $2, $3) \
         ON CONFLICT (code_hash) DO NOTHING",
        values![code_hash.as_slice(), writing.community, id],
    )?;
    if looked_up == 0 {
        return Err(ErrorCode::AlreadyExists.into());
    }
    if let Some(entry) = invitation.entry {
        declining::remember(writing.conn, code_hash, writing.community, entry)?;
    }
    writing.conn.execute(
        "UPDATE invitation SET expires_us = $3 WHERE community = $1 AND id = $2",
        values![writing.community, id, invitation.expires_us],
    )?;
    invitation.publish(writing, &Permit::of_the_server())?;
    Ok(true)
}

/// What can be guessed for opens nothing by itself: it is for one person, who proves a fact, and not for long.
fn check_printed(making: &Making, entry: Option<&Entry>) -> Result<(), ErrorCode> {
    let entry = entry.ok_or(ErrorCode::Malformed)?;
    if making.uses != 1 || making.days > INVITATION_PRINTED_DAYS_MAX {
        return Err(ErrorCode::Malformed);
    }
    matching::fact_of(entry, Fact::BirthDate).map(drop).ok_or(ErrorCode::FactMissing)
}

/// Takes an invitation back. Doing it again changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] for one that does not exist or that is not the member's to take back.
pub fn revoke(writing: &mut Writing<'_>, actor: &Actor, revoking: &InvitationRevoking) -> Result<(), Failure> {
    let mut invitation =
        Invitation::load(writing.conn, writing.community, revoking.invitation)?.ok_or(ErrorCode::NotFound)?;
    let relation = Relation { author: invitation.inviter == actor.id, ..Relation::NONE };
    // Whether somebody else's invitation exists is nobody's business.
    let permit = policy::ask(actor, Action::RevokeInvitation, relation).map_err(|code| match code {
        ErrorCode::NotAllowed => ErrorCode::NotFound,
        other => other,
    })?;
    if invitation.revoked {
        return Ok(());
    }
    writing.conn.execute(
        "UPDATE invitation SET revoked_us = $1 WHERE community = $2 AND id = $3",
        values![writing.now_us, writing.community, invitation.id],
    )?;
    invitation.revoked = true;
    invitation.publish(writing, &permit)
}
