//! Moderation: the rules of a community, reports, hiding, and appeals.
//!
//! What is reported goes to a desk with a copy and without the name of whoever reported. What is hidden
//! leaves a stub. Nobody decides a case that they are part of.

mod appeals;
mod erasing;
mod hiding;
mod reports;
mod rules;

pub use appeals::{appeal, decide_appeal};
pub(crate) use erasing::{erase_all_by, erase_beside, erase_reports_about};
pub use hiding::{hide, unhide};
pub use reports::{close_report, report};
pub use rules::{rules, set_rules, set_rules_by_server};

use crate::{
    db::DbError,
    directory,
    feed::hiding::Content,
    grants, groups,
    policy::{Actor, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, MemberId, Stream,
    limits::NOTE_CHARS,
    membership::{PersonName, Role},
    moderation::Office,
};

/// What a member is to a post or comment that is to be hidden or shown again: they read it, or a report
/// about it lies at a desk that they read.
fn relation(writing: &mut Writing<'_>, actor: &Actor, content: &Content) -> Result<Relation, Failure> {
    let reads = grants::of(writing.conn, writing.community, actor.id, content.stream)?.is_some()
        || is_reported_to(writing, actor, content)?;
    let party = content.author == actor.id;
    Ok(Relation { reads, party, keeper: keeps(writing, actor.id, content.stream)?, ..Relation::NONE })
}

fn is_reported_to(writing: &mut Writing<'_>, actor: &Actor, content: &Content) -> Result<bool, DbError> {
    let row = writing.conn.first(
        "SELECT 1 FROM report r JOIN stream_grant g ON g.community = r.community AND g.stream = r.desk
         WHERE r.community = $1 AND r.subject = $2 AND g.member = $3",
        values![writing.community, content.subject.id(), actor.id],
    )?;
    Ok(row.is_some())
}

/// What a member is to what lies at a desk.
fn at_desk(writing: &mut Writing<'_>, actor: &Actor, desk: Stream, party: bool) -> Result<Relation, Failure> {
    let reads = grants::of(writing.conn, writing.community, actor.id, desk)?.is_some();
    Ok(Relation { reads, party, keeper: keeps(writing, actor.id, desk)?, ..Relation::NONE })
}

/// Whether a member keeps the group that a stream or desk is of.
fn keeps(writing: &mut Writing<'_>, member: MemberId, stream: Stream) -> Result<bool, DbError> {
    let group = match stream {
        Stream::Group(group) => group,
        Stream::Desk(id) if id != writing.community.0 => id.into(),
        _ => return Ok(false),
    };
    Ok(groups::keeper(writing.conn, writing.community, group, member)? == Some(true))
}

/// In what office somebody acts whose case lies at a desk.
fn office(writing: &Writing<'_>, actor: &Actor, desk: Stream) -> Office {
    match actor.role {
        _ if desk != Stream::community_desk(writing.community) => Office::Keeper,
        Role::Owner => Office::Owner,
        Role::Admin => Office::Admin,
        Role::Moderator | Role::Member => Office::Moderator,
    }
}

/// Whether the group of a stream is one that nobody who runs the community can be in.
fn is_closed_to_staff(writing: &mut Writing<'_>, stream: Stream) -> Result<bool, DbError> {
    let Stream::Group(group) = stream else { return Ok(false) };
    let row = groups::find(writing.conn, writing.community, group)?;
    Ok(row.is_some_and(|row| row.group.closed_to_staff))
}

fn name_of(writing: &mut Writing<'_>, member: MemberId) -> Result<PersonName, Failure> {
    let row = directory::find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?;
    Ok(row.actor.name)
}

/// Refuses a word that is too long, or that no engine could store.
fn check_word(word: &str) -> Result<(), ErrorCode> {
    if word.contains('\0') {
        Err(ErrorCode::Malformed)
    } else if word.chars().count() > NOTE_CHARS {
        Err(ErrorCode::TextTooLong)
    } else {
        Ok(())
    }
}

/// Reads what a column holds in the form of the wire.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests;
