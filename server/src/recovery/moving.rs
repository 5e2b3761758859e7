//! The membership goes over, once nobody has objected for 72 hours: in steps, each of which can be
//! taken up by whichever process comes next.
//!
//! What goes along is named here, everything else stays behind: the inbox is emptied of it before
//! the new account may read it.

use super::{Kept, Place, asking::recoverable, community_name, failure, tell_claimant};
use crate::{
    accounts::{memberships, notices},
    db::{Connection, DbError},
    directory::{self, MemberRow},
    error::Result,
    grants,
    mail::Message,
    media::attaching,
    membership, messages,
    policy::Permit,
    profiles,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, EntityKind, ErrorCode, MemberId, Stream,
    account::{NoticeEvent, RecoveryState},
    membership::Standing,
};
use uuid::Uuid;

/// What of an inbox goes along: rights, what others see as well, and what singles the member out in
/// what everyone there reads; blocks, which hold on both sides, and who may write to the member. Never messages, drafts, interest, named
/// answers, bookmarks, read marks, or notes about whom one invited or reported.
const PASSES: &[EntityKind] = &[
    EntityKind::Grant,
    EntityKind::Duty,
    EntityKind::OwnProfile,
    EntityKind::MyReactions,
    EntityKind::Mention,
    EntityKind::GroupInvitation,
    EntityKind::Block,
    EntityKind::Mute,
    EntityKind::Unseen,
    EntityKind::Messaging,
    EntityKind::HiddenText,
];
/// Entities that leave the inbox in one step.
const STEP: i64 = 300;

/// Recoveries that nobody has stopped in time. Run in the accounts' scope.
pub fn due(conn: &mut dyn Connection, now_us: i64) -> Result<Vec<Place>> {
    let sql = "SELECT community, recovery FROM recovery_stop WHERE until_us <= $1 ORDER BY until_us LIMIT 100";
    let rows = conn.query(sql, values![now_us])?;
    let places = rows.iter().map(|row| Ok(Place { community: row.get(0)?, recovery: row.get(1)? }));
    Ok(places.collect::<std::result::Result<_, DbError>>()?)
}

/// One step. Whether there is another. Run in the community's scope.
pub fn step(conn: &mut dyn Connection, surroundings: &dyn Surroundings, place: Place) -> Result<bool> {
    let step = Writing::by_server(conn, surroundings, place.community, |writing| {
        let Some(mut kept) = Kept::load(writing.conn, place.community, place.recovery)? else { return Ok(false) };
        let over = kept.until_us.is_some_and(|until_us| until_us <= writing.now_us);
        if !over || !matches!(kept.state, RecoveryState::Waiting | RecoveryState::Moving) {
            return Ok(false);
        }
        let permit = Permit::of_the_server();
        let Some(row) = movable(writing, &kept)? else {
            kept.end(writing, &permit, RecoveryState::Void)?;
            tell_claimant(writing, &kept, false)?;
            return Ok(false);
        };
        kept.state = RecoveryState::Moving;
        // Others learn that whoever they wrote to is there no more, and no old conversation goes on.
        if messages::leave_one(writing, &permit, row.actor.id)? || empty_inbox(writing, &permit, row.actor.id)? {
            kept.publish(writing, &permit)?;
            return Ok(true);
        }
        hand_over(writing, &permit, kept, &row)?;
        Ok(false)
    })?;
    Ok(step.0)
}

/// The member, where both they and the account that asks are still what they were.
fn movable(writing: &mut Writing<'_>, kept: &Kept) -> std::result::Result<Option<MemberRow>, Failure> {
    let account = writing.conn.first("SELECT id FROM account WHERE id = $1", values![kept.account])?;
    let claimant = directory::of_account(writing.conn, writing.community, kept.account)?;
    let is_member = claimant.is_some_and(|row| matches!(row.actor.standing, Standing::Active | Standing::Suspended));
    let Some(member) = kept.member.filter(|_| account.is_some() && !is_member) else { return Ok(None) };
    let row = directory::find(writing.conn, writing.community, member)?;
    Ok(row.filter(|row| recoverable(&row.actor)))
}

/// Takes some of what stays behind out of the inbox. Whether there may be more.
fn empty_inbox(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> std::result::Result<bool, Failure> {
    let inbox = Stream::Member(member);
    let kinds: Vec<String> = PASSES.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    let sql = format!(
        "SELECT kind, id FROM change WHERE community = $1 AND stream = $2 AND body IS NOT NULL \
         AND kind NOT IN ({}) LIMIT {STEP}",
        kinds.join(", ")
    );
    let rows = writing.conn.query(&sql, values![writing.community, inbox])?;
    for row in &rows {
        let (kind, id): (String, Uuid) = (row.get(0)?, row.get(1)?);
        writing.gone(permit, inbox, &EntityKind::named(&kind), id)?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(STEP) == STEP)
}

fn hand_over(
    writing: &mut Writing<'_>,
    permit: &Permit,
    mut kept: Kept,
    row: &MemberRow,
) -> std::result::Result<(), Failure> {
    let (member, from, to) = (row.actor.id, row.account, kept.account);
    for table in ["bookmark", "read_mark"] {
        let sql = format!("DELETE FROM {table} WHERE community = $1 AND member = $2");
        writing.conn.execute(&sql, values![writing.community, member])?;
    }
    writing.conn.execute(
        "DELETE FROM profile_field WHERE community = $1 AND member = $2 AND audience = 'nobody'",
        values![writing.community, member],
    )?;
    // What was uploaded and not shown yet was somebody else's to show.
    attaching::forget_unshown_of(writing, member)?;
    // The desk goes on with what was reported; its outcome is told to nobody new.
    let sql = "UPDATE report SET reporter = NULL WHERE community = $1 AND reporter = $2";
    writing.conn.execute(sql, values![writing.community, member])?;
    free_claimant(writing, to)?;
    writing.conn.execute(
        "UPDATE member SET account = $3 WHERE community = $1 AND id = $2",
        values![writing.community, member, to],
    )?;
    writing.conn.execute(
        "DELETE FROM account_membership WHERE account = $1 AND community = $2",
        values![from, writing.community],
    )?;
    memberships::remember(writing.conn, to, writing.community, member).map_err(failure)?;
    grants::renew_roots(writing, member)?;
    profiles::publish_all(writing, permit, member)?;
    kept.end(writing, permit, RecoveryState::Done)?;
    end_others(writing, permit, member)?;
    let name = community_name(writing)?;
    let (event, message) =
        (NoticeEvent::MembershipMoved { name: name.clone() }, Message::MembershipMoved { community: name });
    notices::to_all(writing.conn, writing.surroundings, from, (&event, &message), None).map_err(failure)?;
    tell_claimant(writing, &kept, true)
}

/// An account is one member of a community: what it was there before, waiting or ended, it is no more.
fn free_claimant(writing: &mut Writing<'_>, account: AccountId) -> std::result::Result<(), Failure> {
    let Some(before) = directory::of_account(writing.conn, writing.community, account)? else { return Ok(()) };
    membership::end(writing, before.actor.id)?;
    let nobody = AccountId(writing.surroundings.new_id());
    writing.conn.execute(
        "UPDATE member SET account = $3 WHERE community = $1 AND id = $2",
        values![writing.community, before.actor.id, nobody],
    )?;
    Ok(())
}

/// Nobody else's wish for the same membership goes on: it is somebody else's now.
fn end_others(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> std::result::Result<(), Failure> {
    let rows = writing.conn.query(
        "SELECT id FROM recovery WHERE community = $1 AND member = $2 AND state = 'asked' LIMIT 100",
        values![writing.community, member],
    )?;
    for row in &rows {
        let other = Kept::load(writing.conn, writing.community, row.get(0)?)?;
        let mut other = other.ok_or(ErrorCode::NotFound)?;
        other.end(writing, permit, RecoveryState::Void)?;
        tell_claimant(writing, &other, false)?;
    }
    Ok(())
}
