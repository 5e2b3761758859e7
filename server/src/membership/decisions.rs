//! What those on duty decide about a member: suspending, restoring, removing, roles, supporters.
//!
//! Rights end with the write. Whoever is decided about is told by mail, as they can no longer read
//! their inbox.

use super::{
    MemberRow, admission,
    standing::{end, of, set_role},
};
use crate::{
    accounts,
    db::{Connection, DbError},
    directory::{self, groups_of},
    error::Error,
    grants, groups,
    mail::Message,
    policy::{self, Action, Actor, Permit, Relation},
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode, MemberId, Stream,
    limits::NOTE_CHARS,
    membership::Standing,
    moderation::{Removing, Restoring, RoleSetting, SupporterSetting, Suspending},
};

fn about(row: &MemberRow) -> Relation {
    Relation { about: Some(row.actor.role), ..Relation::NONE }
}

/// Shuts a member out until a time, or until somebody restores them. One who is shut out already gets
/// the new reason and time.
///
/// # Errors
/// Why not, as the member is told.
pub fn suspend(writing: &mut Writing<'_>, actor: &Actor, suspending: &Suspending) -> Result<(), Failure> {
    let row = of(writing, suspending.member)?;
    let permit = policy::ask(actor, Action::Suspend, about(&row))?;
    let reason = check_reason(&suspending.reason)?;
    if suspending.until_us.is_some_and(|until| until <= writing.now_us) {
        return Err(ErrorCode::Malformed.into());
    }
    match row.actor.standing {
        Standing::Active => shut_out(writing, &permit, row.actor.id)?,
        Standing::Suspended => {}
        Standing::Waiting | Standing::Ended => return Err(ErrorCode::NotFound.into()),
    }
    note(writing, row.actor.id, Standing::Suspended, suspending.until_us, reason, actor.id)?;
    let (until_us, reason) = (suspending.until_us, reason.to_owned());
    tell(writing, row.account, |community| Message::Suspended { community, until_us, reason })
}

fn check_reason(reason: &str) -> Result<&str, ErrorCode> {
    let reason = reason.trim();
    if reason.is_empty() {
        Err(ErrorCode::TextEmpty)
    } else if reason.contains('\0') {
        Err(ErrorCode::Malformed)
    } else if reason.chars().count() > NOTE_CHARS {
        Err(ErrorCode::TextTooLong)
    } else {
        Ok(reason)
    }
}

fn shut_out(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    set_standing(writing, member, Standing::Suspended)?;
    let row = of(writing, member)?;
    for group in groups_of(writing.conn, writing.community, member)? {
        groups::pause(writing, permit, &row.actor, group)?;
    }
    admission::publish(writing, permit, &row)?;
    let desk = Stream::community_desk(writing.community);
    for stream in [desk, Stream::Community, Stream::Member(member)] {
        grants::take(writing, permit, member, stream)?;
    }
    Ok(())
}

fn set_standing(writing: &mut Writing<'_>, member: MemberId, standing: Standing) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE member SET standing = $3 WHERE community = $1 AND id = $2",
        values![writing.community, member, standing.as_str()],
    )?;
    Ok(())
}

fn note(
    writing: &mut Writing<'_>,
    member: MemberId,
    standing: Standing,
    until_us: Option<i64>,
    reason: &str,
    by: MemberId,
) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO standing_reason (community, member, standing, until_us, reason, decided_by, at_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (community, member) DO UPDATE SET standing = excluded.standing, until_us = excluded.until_us,
         reason = excluded.reason, decided_by = excluded.decided_by, at_us = excluded.at_us",
        values![writing.community, member, standing.as_str(), until_us, reason, by, writing.now_us],
    )?;
    Ok(())
}

fn forget_reason(writing: &mut Writing<'_>, member: MemberId) -> Result<(), Failure> {
    let sql = "DELETE FROM standing_reason WHERE community = $1 AND member = $2";
    Ok(writing.conn.execute(sql, values![writing.community, member]).map(drop)?)
}

/// Lets a suspended member take part again. One who takes part stays so.
///
/// # Errors
/// Why not, as the member is told.
pub fn restore(writing: &mut Writing<'_>, actor: &Actor, restoring: &Restoring) -> Result<(), Failure> {
    let row = of(writing, restoring.member)?;
    let permit = policy::ask(actor, Action::Suspend, about(&row))?;
    match row.actor.standing {
        Standing::Suspended => let_in(writing, &permit, &row),
        Standing::Active => Ok(()),
        Standing::Waiting | Standing::Ended => Err(ErrorCode::NotFound.into()),
    }
}

fn let_in(writing: &mut Writing<'_>, permit: &Permit, row: &MemberRow) -> Result<(), Failure> {
    let member = row.actor.id;
    set_standing(writing, member, Standing::Active)?;
    admission::activate(writing, permit, member)?;
    let actor = of(writing, member)?.actor;
    for group in groups_of(writing.conn, writing.community, member)? {
        groups::resume(writing, permit, &actor, group)?;
    }
    tell(writing, row.account, |community| Message::Restored { community })
}

/// Restores one member whose time is over. Whether there was one.
///
/// # Errors
/// That the database failed.
pub fn restore_due(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    let row = conn.first(
        "SELECT member FROM standing_reason WHERE community = $1 AND until_us <= $2 AND standing = 'suspended'
         ORDER BY until_us LIMIT 1",
        values![community, surroundings.now_us()],
    )?;
    let Some(row) = row else { return Ok(false) };
    let member = row.get(0)?;
    let restoring = Writing::by_server(conn, surroundings, community, |writing| {
        let row = directory::find(writing.conn, writing.community, member)?;
        match row.filter(|row| row.actor.standing == Standing::Suspended) {
            Some(row) => let_in(writing, &Permit::of_the_server(), &row),
            // It has come to an end in another way.
            None => forget_reason(writing, member),
        }
    });
    restoring.map(|_| true)
}

/// Ends a membership against the member's will: what they wrote stays under their name.
///
/// # Errors
/// Why not, as the member is told.
pub fn remove(writing: &mut Writing<'_>, actor: &Actor, removing: &Removing) -> Result<(), Failure> {
    let row = of(writing, removing.member)?;
    policy::ask(actor, Action::Remove, about(&row))?;
    let reason = check_reason(&removing.reason)?;
    match row.actor.standing {
        Standing::Active | Standing::Suspended => {}
        Standing::Ended => return Ok(()),
        Standing::Waiting => return Err(ErrorCode::NotFound.into()),
    }
    end(writing, row.actor.id)?;
    note(writing, row.actor.id, Standing::Ended, None, reason, actor.id)?;
    let reason = reason.to_owned();
    tell(writing, row.account, |community| Message::Removed { community, reason })
}

/// Whether an account's membership was ended against their will: somebody on duty then decides whether
/// they come in again, whatever invitation they have.
///
/// # Errors
/// That the database failed.
pub fn was_removed(conn: &mut dyn Connection, community: CommunityId, account: AccountId) -> Result<bool, DbError> {
    let row = conn.first(
        "SELECT 1 FROM standing_reason r JOIN member m ON m.community = r.community AND m.id = r.member
         WHERE r.community = $1 AND m.account = $2 AND r.standing = 'ended'",
        values![community, account],
    )?;
    Ok(row.is_some())
}

/// Gives a member another role.
///
/// # Errors
/// Those of [`set_role`]; or why not, as the member is told.
pub fn change_role(writing: &mut Writing<'_>, actor: &Actor, setting: &RoleSetting) -> Result<(), Failure> {
    let row = of(writing, setting.member)?;
    let about = Some(row.actor.role.min(setting.role));
    policy::ask(actor, Action::SetRole, Relation { about, ..Relation::NONE })?;
    if !matches!(row.actor.standing, Standing::Active | Standing::Suspended) {
        return Err(ErrorCode::NotFound.into());
    }
    set_role(writing, setting.member, setting.role)
}

/// Marks a member as a supporter, or takes the mark off.
///
/// # Errors
/// Why not, as the member is told.
pub fn set_supporter(writing: &mut Writing<'_>, actor: &Actor, setting: &SupporterSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetSupporter, Relation::NONE)?;
    let row = of(writing, setting.member)?;
    if row.actor.standing != Standing::Active {
        return Err(ErrorCode::NotFound.into());
    }
    if row.actor.supporter == setting.on {
        return Ok(());
    }
    writing.conn.execute(
        "UPDATE member SET supporter = $3 WHERE community = $1 AND id = $2",
        values![writing.community, setting.member, setting.on],
    )?;
    let row = of(writing, setting.member)?;
    admission::publish(writing, &permit, &row)
}

fn tell(writing: &mut Writing<'_>, account: AccountId, message: impl FnOnce(String) -> Message) -> Result<(), Failure> {
    let community = directory::community(writing.conn, writing.community)?.ok_or(ErrorCode::NotFound)?;
    let message = message(community.community.name);
    accounts::tell(writing.conn, writing.surroundings, account, &message).map_err(|error| match error {
        Error::Db(error) => Failure::Database(error),
        other => Failure::Refused(other.code()),
    })
}
