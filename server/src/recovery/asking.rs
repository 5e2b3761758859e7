//! Asking for a membership: "this is me", from an account that is not in the community.
//!
//! The answer is the same whether there is such a member or not.

use super::{Kept, community_name, failure};
use crate::{
    accounts::{
        notices, tell,
        tries::{self, Subject},
    },
    db::{Connection, Database, DbError, Scope},
    directory,
    error::{Error, Result},
    invitations::chosen_fact,
    mail::Message,
    membership::name_is_valid,
    policy::Permit,
    registry::matching,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode, MemberId, RecoveryId,
    account::{NoticeEvent, OwnRecovery, RecoveryStart, RecoveryState},
    limits,
    membership::{Role, Standing},
};

/// Keeps a wish, shows it to the desk, and tells whoever has the membership. A repeat changes nothing.
/// Run in the community's scope.
///
/// # Errors
/// [`Error::Wait`]; [`ErrorCode::NameInvalid`], [`ErrorCode::TextTooLong`], [`ErrorCode::Malformed`];
/// [`ErrorCode::AlreadyExists`] for a member, or another's id.
pub fn ask(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    account: AccountId,
    start: &RecoveryStart,
) -> Result<OwnRecovery> {
    check(start)?;
    if conn.first("SELECT id FROM recovery_lookup WHERE id = $1", values![start.id])?.is_some() {
        let earlier = own(conn, community, account, start.id)?;
        return earlier.ok_or(Error::Refused(ErrorCode::AlreadyExists));
    }
    let present = directory::of_account(conn, community, account)?;
    if present.is_some_and(|row| matches!(row.actor.standing, Standing::Active | Standing::Suspended)) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let now_us = surroundings.now_us();
    tries::count(conn, now_us, Subject::Recoveries(account.0.as_bytes()))?;
    let (member, proved) = find(conn, community, start)?;
    conn.execute(
        "INSERT INTO recovery (community, id, account, family, given, note, member, proved, state, asked_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            community,
            start.id,
            account,
            start.name.family.trim(),
            start.name.given.trim(),
            start.note.trim(),
            member,
            proved,
            RecoveryState::Asked.as_str(),
            now_us
        ],
    )?;
    conn.execute(
        "INSERT INTO recovery_lookup (id, account, community) VALUES ($1, $2, $3)",
        values![start.id, account, community],
    )?;
    Writing::by_server(conn, surroundings, community, |writing| {
        let kept = Kept::load(writing.conn, community, start.id)?.ok_or(ErrorCode::NotFound)?;
        kept.publish(writing, &Permit::of_the_server())?;
        tell_holder(writing, &kept)
    })?;
    own(conn, community, account, start.id)?
        .ok_or_else(|| Error::Internal("a recovery that was written is gone".into()))
}

fn check(start: &RecoveryStart) -> Result<()> {
    if !name_is_valid(&start.name) {
        return Err(ErrorCode::NameInvalid.into());
    }
    let fact = start.fact.as_deref().unwrap_or_default();
    if start.note.chars().count() > limits::NOTE_CHARS || fact.chars().count() > limits::NAME_CHARS {
        return Err(ErrorCode::TextTooLong.into());
    }
    if start.note.contains('\0') || fact.contains('\0') {
        return Err(ErrorCode::Malformed.into());
    }
    Ok(())
}

/// The member that a name and fact are of, or else the only one of that name. Who runs the
/// community is never among them: their way back leads over whoever runs the server.
fn find(conn: &mut dyn Connection, community: CommunityId, start: &RecoveryStart) -> Result<(Option<MemberId>, bool)> {
    let fact = start.fact.as_deref().map(str::trim).filter(|fact| !fact.is_empty());
    let proved = match fact {
        Some(given) => {
            let fact = chosen_fact(conn, community)?;
            matching::find_joined(conn, community, &start.name, fact, given)?
        }
        None => None,
    };
    if let Some(member) = proved {
        let row = directory::find(conn, community, member)?;
        let fits = row.is_some_and(|row| recoverable(&row.actor));
        return Ok((fits.then_some(member), fits));
    }
    let sql = "SELECT id FROM member WHERE community = $1 AND family = $2 AND given = $3 \
               AND standing = 'active' AND role = 'member' LIMIT 2";
    let rows = conn.query(sql, values![community, start.name.family.trim(), start.name.given.trim()])?;
    let only = if rows.len() == 1 { rows.first() } else { None };
    Ok((only.map(|row| row.get(0)).transpose()?, false))
}

/// Whether a member's membership can be recovered so.
pub(super) fn recoverable(actor: &crate::policy::Actor) -> bool {
    actor.standing == Standing::Active && actor.role == Role::Member
}

/// Tells whoever has the membership, so that they can stop it before anybody supports it. By mail
/// only so often, as asking is easy.
fn tell_holder(writing: &mut Writing<'_>, kept: &Kept) -> std::result::Result<(), Failure> {
    let Some(holder) = kept.holder(writing)? else { return Ok(()) };
    let (name, community) = (community_name(writing)?, writing.community);
    let event = NoticeEvent::RecoveryAsked { recovery: kept.id, community, name: name.clone(), until_us: None };
    let message = Message::RecoveryAsked { community: name };
    let (conn, surroundings) = (&mut *writing.conn, writing.surroundings);
    match tries::count(conn, surroundings.now_us(), Subject::ToldOfRecovery(holder.0.as_bytes())) {
        Ok(()) => {
            notices::to_devices(conn, surroundings, holder, &event, None).map_err(failure)?;
            tell(conn, surroundings, holder, &message).map_err(failure)
        }
        Err(Error::Wait { .. }) => Ok(()),
        Err(error) => Err(failure(error)),
    }
}

fn own(
    conn: &mut dyn Connection,
    community: CommunityId,
    account: AccountId,
    id: RecoveryId,
) -> Result<Option<OwnRecovery>> {
    let Some(kept) = Kept::load(conn, community, id)? else { return Ok(None) };
    if kept.account != account {
        return Ok(None);
    }
    let row = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    Ok(Some(OwnRecovery { id, name: row.community.name, state: kept.state, until_us: kept.until_us }))
}

/// The recoveries that an account has asked for, in all communities.
pub async fn list(db: &Database, account: AccountId) -> Result<Vec<OwnRecovery>> {
    let look = move |conn: &mut dyn Connection| -> Result<Vec<(RecoveryId, CommunityId)>> {
        let rows = conn.query("SELECT id, community FROM recovery_lookup WHERE account = $1", values![account])?;
        let places = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?)));
        Ok(places.collect::<std::result::Result<_, DbError>>()?)
    };
    let mut list = Vec::new();
    for (id, community) in db.read(Scope::Accounts, look).await? {
        let look = move |conn: &mut dyn Connection| own(conn, community, account, id);
        list.extend(db.read(Scope::Community(community), look).await?);
    }
    Ok(list)
}
