//! Beginning a conversation, adding members to it, giving it a title.

use super::{
    keys,
    reach::{self, Reach, To},
    rows::{self, ConversationRow, Stands},
};
use crate::{
    directory,
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ConversationId, ErrorCode, MemberId, MutationId,
    limits::{CONVERSATION_MEMBERS, CONVERSATION_TITLE_CHARS, REQUESTS, REQUESTS_WITHIN_SECONDS},
    messages::{ConversationAdding, ConversationStart, ConversationTitling},
};
use std::collections::BTreeSet;

/// Begins a conversation. That of two is gone on with where there is one already.
///
/// # Errors
/// Why not, as the member is told.
pub fn start(
    writing: &mut Writing<'_>,
    actor: &Actor,
    by: MutationId,
    start: &ConversationStart,
) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::StartConversation, policy::Relation::NONE)?;
    let with: BTreeSet<MemberId> = start.with.iter().copied().collect();
    if with.is_empty() || with.len() < start.with.len() || with.contains(&actor.id) {
        return Err(ErrorCode::Malformed.into());
    }
    if with.len() >= CONVERSATION_MEMBERS {
        return Err(ErrorCode::TooMany.into());
    }
    let (pair, id) = (with.len() == 1, start.conversation(actor.id, by));
    let title = checked_title(start.title.as_deref())?;
    if pair && title.is_some() {
        return Err(ErrorCode::ConversationOfTwo.into());
    }
    match rows::find(writing.conn, writing.community, id)? {
        Some(row) if pair && row.pair => return go_on(writing, &permit, actor, &row),
        Some(_) => return Err(ErrorCode::AlreadyExists.into()),
        None if id.is_of_two() != pair => return Err(ErrorCode::Malformed.into()),
        None => {}
    }
    rows::insert(writing, id, pair)?;
    let key = keys::key_or_new(writing, id)?;
    rows::store_title(writing, &key, id, title)?;
    rows::put_participant(writing, id, actor.id, actor.id, Stands::In)?;
    bring(writing, actor, id, with)?;
    rows::publish(writing, &permit, id, &key)
}

/// Goes on with the conversation of two: whoever was asked or had left is in it again, and the other
/// is asked where they had left.
fn go_on(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, row: &ConversationRow) -> Result<(), Failure> {
    let own = row.stands(actor.id);
    let other = row.participants.iter().find(|participant| participant.member != actor.id);
    let left = other.filter(|other| other.stands == Stands::Left).map(|other| other.member);
    match own {
        Some(Stands::In) if left.is_none() => return Ok(()),
        Some(Stands::In) => {}
        Some(Stands::Asked) => rows::set_stands(writing, row.id, actor.id, Stands::In)?,
        _ => rows::put_participant(writing, row.id, actor.id, actor.id, Stands::In)?,
    }
    if let Some(other) = left {
        way_to(writing, actor, other)?;
        rows::put_participant(writing, row.id, other, actor.id, Stands::Asked)?;
        check_requests(writing, actor)?;
    }
    let key = keys::key_or_new(writing, row.id)?;
    rows::publish(writing, permit, row.id, &key)
}

/// Adds members, who have what is written from then on.
///
/// # Errors
/// Why not, as the member is told.
pub fn add(writing: &mut Writing<'_>, actor: &Actor, adding: &ConversationAdding) -> Result<(), Failure> {
    let (permit, row) = permit(writing, actor, Action::AddToConversation, adding.conversation)?;
    if row.pair {
        return Err(ErrorCode::ConversationOfTwo.into());
    }
    let wanted: BTreeSet<MemberId> = adding.members.iter().copied().collect();
    let (known, new): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|member| row.of(*member).is_some());
    if new.len() + row.participants.len() > CONVERSATION_MEMBERS {
        return Err(ErrorCode::TooMany.into());
    }
    // Nobody is brought back without being asked; one who declined is not asked again, and nobody told.
    let back: Vec<_> = known.into_iter().filter(|member| row.stands(*member) == Some(Stands::Left)).collect();
    if new.is_empty() && back.is_empty() {
        return Ok(());
    }
    for member in back {
        way_to(writing, actor, member)?;
        rows::put_participant(writing, row.id, member, actor.id, Stands::Asked)?;
    }
    bring(writing, actor, row.id, new)?;
    let key = keys::key_or_new(writing, row.id)?;
    rows::publish(writing, &permit, row.id, &key)
}

/// Gives a conversation a title, or takes it off.
///
/// # Errors
/// Why not, as the member is told.
pub fn set_title(writing: &mut Writing<'_>, actor: &Actor, titling: &ConversationTitling) -> Result<(), Failure> {
    let (permit, row) = permit(writing, actor, Action::TitleConversation, titling.conversation)?;
    if row.pair {
        return Err(ErrorCode::ConversationOfTwo.into());
    }
    let title = checked_title(titling.title.as_deref())?;
    let key = keys::key_or_new(writing, row.id)?;
    if rows::title(writing, &key, &row)?.as_deref() == title {
        return Ok(());
    }
    rows::store_title(writing, &key, row.id, title)?;
    rows::publish(writing, &permit, row.id, &key)
}

/// Only those who have said yes shape a conversation.
fn permit(
    writing: &mut Writing<'_>,
    actor: &Actor,
    action: Action,
    id: ConversationId,
) -> Result<(Permit, ConversationRow), Failure> {
    let row = rows::found(writing, id)?;
    let mut relation = row.relation(actor.id, None);
    relation.reads &= row.stands(actor.id) == Some(Stands::In);
    Ok((policy::ask(actor, action, relation)?, row))
}

/// Puts members into a conversation, each as they can be reached.
fn bring(
    writing: &mut Writing<'_>,
    actor: &Actor,
    id: ConversationId,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<(), Failure> {
    let mut ways = Vec::new();
    // All are looked at before anybody is in: being added together is no earlier conversation.
    for member in members {
        ways.push((member, way_to(writing, actor, member)?));
    }
    for (member, way) in ways {
        let stands = if way == Reach::Open { Stands::In } else { Stands::Asked };
        rows::put_participant(writing, id, member, actor.id, stands)?;
    }
    check_requests(writing, actor)
}

fn way_to(writing: &mut Writing<'_>, actor: &Actor, member: MemberId) -> Result<Reach, Failure> {
    let found = directory::find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?;
    let to = To { member, standing: found.actor.standing, met: false };
    match reach::reach(writing.conn, writing.community, actor.id, to)? {
        Reach::Closed => Err(ErrorCode::NotReachable.into()),
        way => Ok(way),
    }
}

/// Refuses where a member has now asked more others than they may.
fn check_requests(writing: &mut Writing<'_>, actor: &Actor) -> Result<(), Failure> {
    let since_us = writing.now_us - REQUESTS_WITHIN_SECONDS * 1_000_000;
    let row = writing.conn.first(
        "SELECT count(*) FROM participant WHERE community = $1 AND added_by = $2 AND asked_us > $3",
        values![writing.community, actor.id, since_us],
    )?;
    let asked: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    if asked > REQUESTS { Err(ErrorCode::RequestsExhausted.into()) } else { Ok(()) }
}

/// A title without spaces around it; none where nothing is left.
fn checked_title(title: Option<&str>) -> Result<Option<&str>, ErrorCode> {
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    match title {
        Some(title) if title.chars().count() > CONVERSATION_TITLE_CHARS => Err(ErrorCode::TextTooLong),
        Some(title) if title.chars().any(char::is_control) => Err(ErrorCode::Malformed),
        title => Ok(title),
    }
}
