//! Supporting a recovery: somebody on duty by themselves, or members who vouch together. From then on
//! it waits, and whoever has the membership is told everywhere at once.

use super::{Kept, asking::recoverable, community_name, failure};
use crate::{
    accounts::notices,
    directory,
    invitations::code,
    mail::Message,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, MemberId, RecoveryId,
    account::{NoticeEvent, RecoveryState, RecoverySupport},
    limits,
};

/// Supports a recovery as that of a member. Doing it again changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`], [`ErrorCode::RecoveryOver`]; [`ErrorCode::NotAllowed`] for oneself, for
/// somebody whose membership is not recovered so, and for members who came lately;
/// [`ErrorCode::AlreadyExists`] where another one waits for the same member.
pub fn support(writing: &mut Writing<'_>, actor: &Actor, support: &RecoverySupport) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SupportRecovery, Relation::NONE)?;
    let kept = Kept::load(writing.conn, writing.community, support.recovery)?.ok_or(ErrorCode::NotFound)?;
    let target = directory::find(writing.conn, writing.community, support.member)?.ok_or(ErrorCode::NotFound)?;
    if kept.state == RecoveryState::Waiting && kept.member == Some(support.member) {
        return Ok(());
    }
    if kept.state != RecoveryState::Asked || is_old(writing, &kept) {
        return Err(ErrorCode::RecoveryOver.into());
    }
    if !recoverable(&target.actor) || target.actor.id == actor.id || target.account == kept.account {
        return Err(ErrorCode::NotAllowed.into());
    }
    if policy::on_duty(actor.role) {
        return wait(writing, &permit, kept, support.member);
    }
    vouch(writing, &permit, actor, kept, support.member)
}

fn is_old(writing: &Writing<'_>, kept: &Kept) -> bool {
    writing.now_us > kept.asked_us + limits::RECOVERY_ASKED_SECONDS * 1_000_000
}

fn vouch(
    writing: &mut Writing<'_>,
    permit: &Permit,
    actor: &Actor,
    kept: Kept,
    member: MemberId,
) -> Result<(), Failure> {
    let voucher = directory::find(writing.conn, writing.community, actor.id)?.ok_or(ErrorCode::NotFound)?;
    // Somebody who was brought in for this must not count.
    if writing.now_us < voucher.joined_us + limits::RECOVERY_VOUCHER_SECONDS * 1_000_000 {
        return Err(ErrorCode::NotAllowed.into());
    }
    writing.conn.execute(
        "INSERT INTO recovery_vouch (community, recovery, voucher, member, at_us) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, recovery, voucher) DO UPDATE SET member = excluded.member, at_us = excluded.at_us",
        values![writing.community, kept.id, actor.id, member, writing.now_us],
    )?;
    if vouches(writing, kept.id, member)? >= limits::RECOVERY_VOUCHES {
        return wait(writing, permit, kept, member);
    }
    kept.publish(writing, permit)
}

/// How many who are members now have vouched.
fn vouches(writing: &mut Writing<'_>, recovery: RecoveryId, member: MemberId) -> Result<i64, Failure> {
    let row = writing.conn.first(
        "SELECT count(*) FROM recovery_vouch v JOIN member m ON m.community = v.community AND m.id = v.voucher \
         WHERE v.community = $1 AND v.recovery = $2 AND v.member = $3 AND m.standing = 'active'",
        values![writing.community, recovery, member],
    )?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// From now on it waits for an objection.
fn wait(writing: &mut Writing<'_>, permit: &Permit, mut kept: Kept, member: MemberId) -> Result<(), Failure> {
    let other = writing.conn.first(
        "SELECT id FROM recovery WHERE community = $1 AND member = $2 AND state IN ('waiting', 'moving') LIMIT 1",
        values![writing.community, member],
    )?;
    if other.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let until_us = writing.now_us + limits::RECOVERY_WAIT_SECONDS * 1_000_000;
    (kept.member, kept.state, kept.until_us) = (Some(member), RecoveryState::Waiting, Some(until_us));
    let stop = code::new(writing.surroundings);
    writing.conn.execute(
        "INSERT INTO recovery_stop (code_hash, community, recovery, until_us) VALUES ($1, $2, $3, $4)",
        values![code::hash(&stop).as_slice(), writing.community, kept.id, until_us],
    )?;
    kept.publish(writing, permit)?;
    let holder = kept.holder(writing)?.ok_or(ErrorCode::NotFound)?;
    let (name, community) = (community_name(writing)?, writing.community);
    let until_us = Some(until_us);
    let event = NoticeEvent::RecoveryAsked { recovery: kept.id, community, name: name.clone(), until_us };
    let message = Message::RecoveryWaits { community: name, stop };
    notices::to_all(writing.conn, writing.surroundings, holder, (&event, &message), None).map_err(failure)
}
