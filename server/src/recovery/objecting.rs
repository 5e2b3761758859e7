//! Ending a recovery before the membership has gone over: by whoever has the membership, from any
//! device or from the mail; or by somebody on duty.

use super::{Kept, community_name, failure, tell_claimant};
use crate::{
    accounts::notices,
    db::Connection,
    directory,
    error::Result,
    invitations::code,
    mail::Message,
    policy::{self, Action, Actor, Permit, Relation},
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode, RecoveryId,
    account::{NoticeEvent, RecoveryState},
};

/// Somebody on duty turns a recovery down.
///
/// # Errors
/// [`ErrorCode::NotAllowed`], [`ErrorCode::NotFound`], [`ErrorCode::RecoveryOver`].
pub fn decline(writing: &mut Writing<'_>, actor: &Actor, id: RecoveryId) -> std::result::Result<(), Failure> {
    let permit = policy::ask(actor, Action::DeclineRecovery, Relation::NONE)?;
    end(writing, &permit, id, RecoveryState::Declined)
}

/// Where a recovery is that the code in a mail stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The community.
    pub community: CommunityId,
    /// The recovery in it.
    pub recovery: RecoveryId,
}

/// Finds the recovery that a mailed code stops. Run in the accounts' scope.
///
/// # Errors
/// [`ErrorCode::RecoveryOver`] where there is none, or none any more.
pub fn find_stop(conn: &mut dyn Connection, text: &str) -> Result<Place> {
    let code = code::read(text).ok_or(ErrorCode::RecoveryOver)?;
    let sql = "SELECT community, recovery FROM recovery_stop WHERE code_hash = $1";
    let row = conn.first(sql, values![code::hash(&code).as_slice()])?.ok_or(ErrorCode::RecoveryOver)?;
    Ok(Place { community: row.get(0)?, recovery: row.get(1)? })
}

/// Stops a recovery, as whoever holds the mail to the account that has the membership. Doing it again
/// changes nothing. Run in the community's scope.
///
/// # Errors
/// [`ErrorCode::RecoveryOver`].
pub fn stop(conn: &mut dyn Connection, surroundings: &dyn Surroundings, place: Place) -> Result<()> {
    Writing::by_server(conn, surroundings, place.community, |writing| {
        end(writing, &Permit::of_the_server(), place.recovery, RecoveryState::Stopped)
    })?;
    Ok(())
}

/// Stops a recovery from a device of the account that has the membership. Doing it again changes
/// nothing. Run in the community's scope.
///
/// # Errors
/// [`ErrorCode::NotFound`] for anybody else, [`ErrorCode::RecoveryOver`].
pub fn stop_by_account(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    place: Place,
    account: AccountId,
) -> Result<()> {
    let own = directory::of_account(conn, place.community, account)?.map(|row| row.actor.id);
    let kept = Kept::load(conn, place.community, place.recovery)?;
    let theirs = kept.and_then(|kept| kept.member).filter(|member| own == Some(*member));
    theirs.ok_or(ErrorCode::NotFound)?;
    stop(conn, surroundings, place)
}

/// Ends one that is asked for or waits, and tells both sides.
fn end(
    writing: &mut Writing<'_>,
    permit: &Permit,
    id: RecoveryId,
    state: RecoveryState,
) -> std::result::Result<(), Failure> {
    let mut kept = Kept::load(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
    if kept.state == state {
        return Ok(());
    }
    if !matches!(kept.state, RecoveryState::Asked | RecoveryState::Waiting) {
        return Err(ErrorCode::RecoveryOver.into());
    }
    let waited = kept.state == RecoveryState::Waiting;
    kept.end(writing, permit, state)?;
    if let Some(holder) = kept.holder(writing)?
        && waited
    {
        let name = community_name(writing)?;
        let (event, message) =
            (NoticeEvent::RecoveryStopped { name: name.clone() }, Message::RecoveryStopped { community: name });
        notices::to_all(writing.conn, writing.surroundings, holder, (&event, &message), None).map_err(failure)?;
    }
    tell_claimant(writing, &kept, false)
}
