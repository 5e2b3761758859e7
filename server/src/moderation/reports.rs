//! Reports: what somebody finds against the rules, with a copy, at the desk of those who decide.
//!
//! The name of whoever reported is in this module's table and in their own inbox, and nowhere else.

use super::{at_desk, check_word, is_closed_to_staff, keeps, name_of, read, rules};
use crate::{
    db::Value,
    directory,
    feed::hiding::content,
    grants, messages,
    policy::{self, Action, Actor, Permit, Relation},
    profiles, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, ErrorCode, MemberId, MessageId, MutationId, ReportId, Stream,
    limits::{REPORTED_AROUND, REPORTS_A_DAY},
    membership::Standing,
    moderation::{OwnReport, Report, ReportClosing, ReportState, ReportedMessage, Reporting, Subject},
};
use std::collections::{BTreeMap, BTreeSet};

const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// Reports a post, a comment, a message or a member.
///
/// # Errors
/// Why not, as the member is told.
pub fn report(writing: &mut Writing<'_>, actor: &Actor, id: MutationId, reporting: &Reporting) -> Result<(), Failure> {
    let (permit, desk, copy) = match reporting.subject {
        Subject::Member(member) => of_member(writing, actor, member)?,
        Subject::Message(message) => of_message(writing, actor, message, &reporting.around)?,
        _ => of_content(writing, actor, reporting)?,
    };
    if copy.author == actor.id {
        return Err(ErrorCode::NotAllowed.into());
    }
    check_word(&reporting.word)?;
    let rule = rules::rule(writing, reporting.rule)?;
    check_new(writing, actor, id, reporting.subject)?;
    let report = Report { rule, word: reporting.word.trim().to_owned(), at_us: writing.now_us, ..copy };
    writing.conn.execute(
        "INSERT INTO report (community, id, reporter, desk, subject, author, state, at_us, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            writing.community,
            id,
            actor.id,
            desk,
            reporting.subject.id(),
            report.author,
            report.state.as_str(),
            writing.now_us,
            serde_json::to_string(&report)?,
        ],
    )?;
    put(writing, &permit, &Row { id: id.into(), reporter: Some(actor.id), desk, report })
}

type Found = (Permit, Stream, Report);

/// A copy of what everyone sees of a member.
fn of_member(writing: &mut Writing<'_>, actor: &Actor, member: MemberId) -> Result<Found, Failure> {
    let row = directory::find(writing.conn, writing.community, member)?;
    let takes_part = |standing| matches!(standing, Standing::Active | Standing::Suspended);
    let row = row.filter(|row| takes_part(row.actor.standing)).ok_or(ErrorCode::NotFound)?;
    let permit = policy::ask(actor, Action::Report, Relation { reads: true, ..Relation::NONE })?;
    let mut copy = blank(Subject::Member(member), member);
    copy.author_name = row.actor.name;
    copy.profile = profiles::shown_to_everyone(writing, member)?;
    Ok((permit, Stream::community_desk(writing.community), copy))
}

/// A copy of a post or comment.
fn of_content(writing: &mut Writing<'_>, actor: &Actor, reporting: &Reporting) -> Result<Found, Failure> {
    let content = content(writing.conn, writing.community, reporting.subject)?.ok_or(ErrorCode::NotFound)?;
    let reads = grants::of(writing.conn, writing.community, actor.id, content.stream)?.is_some();
    let permit = policy::ask(actor, Action::Report, Relation { reads, ..Relation::NONE })?;
    if content.hidden.is_some() {
        return Err(ErrorCode::Hidden.into());
    }
    let desk = desk_for(writing, content.stream, content.author, reporting.to_staff)?;
    let mut copy = blank(reporting.subject, content.author);
    copy.author_name = name_of(writing, content.author)?;
    copy.text = content.text;
    Ok((permit, desk, copy))
}

/// A copy of a message out of the reporter's own inbox, and of those beside it that they chose to show.
/// Nothing else of a conversation is opened for anybody.
fn of_message(
    writing: &mut Writing<'_>,
    actor: &Actor,
    message: MessageId,
    around: &[MessageId],
) -> Result<Found, Failure> {
    let held = messages::held_by(writing.conn, writing.community, actor.id, message)?;
    let permit = policy::ask(actor, Action::Report, Relation { reads: held.is_some(), ..Relation::NONE })?;
    let held = held.ok_or(ErrorCode::NotFound)?;
    let around: BTreeSet<MessageId> = around.iter().copied().filter(|beside| *beside != message).collect();
    if around.len() > REPORTED_AROUND {
        return Err(ErrorCode::TooMany.into());
    }
    let mut beside = Vec::new();
    for id in around {
        let other = messages::held_by(writing.conn, writing.community, actor.id, id)?;
        let other = other.filter(|other| other.conversation == held.conversation).ok_or(ErrorCode::NotFound)?;
        beside.push((id, other));
    }
    beside.sort_by_key(|(_, other)| other.position);
    let mut copy = blank(Subject::Message(message), held.author);
    copy.author_name = name_of(writing, held.author)?;
    copy.text = held.text;
    for (id, other) in beside {
        copy.around.push(ReportedMessage {
            message: id,
            before: other.position < held.position,
            author: other.author,
            author_name: name_of(writing, other.author)?,
            text: other.text,
            created_us: other.created_us,
        });
    }
    Ok((permit, Stream::community_desk(writing.community), copy))
}

fn blank(subject: Subject, author: MemberId) -> Report {
    Report {
        subject,
        author,
        author_name: enishi_protocol::membership::PersonName { family: String::new(), given: String::new() },
        text: String::new(),
        around: Vec::new(),
        profile: BTreeMap::new(),
        rule: enishi_protocol::moderation::CommunityRule { number: 0, ja: String::new(), en: String::new() },
        word: String::new(),
        at_us: 0,
        state: ReportState::Open,
        decided_by: None,
        decided_us: None,
    }
}

/// Of something in a group the keepers decide, unless it is a keeper's, or whoever reports would
/// rather have those who run the community decide. From a group that is closed to these nothing goes
/// to them unless it is handed over.
fn desk_for(writing: &mut Writing<'_>, stream: Stream, author: MemberId, to_staff: bool) -> Result<Stream, Failure> {
    let staff = Stream::community_desk(writing.community);
    match stream {
        Stream::Group(group) if !to_staff => {
            if !keeps(writing, author, stream)? {
                Ok(Stream::group_desk(group))
            } else if is_closed_to_staff(writing, stream)? {
                Err(ErrorCode::ReportToStaff.into())
            } else {
                Ok(staff)
            }
        }
        _ => Ok(staff),
    }
}

/// Refuses a flood, and what this member has reported and nobody has decided yet.
fn check_new(writing: &mut Writing<'_>, actor: &Actor, id: MutationId, subject: Subject) -> Result<(), Failure> {
    let known = writing.conn.first(
        "SELECT 1 FROM report WHERE community = $1
         AND (id = $2 OR subject = $3 AND reporter = $4 AND state = 'open') LIMIT 1",
        values![writing.community, id, subject.id(), actor.id],
    )?;
    if known.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let row = writing.conn.first(
        "SELECT count(*) FROM report WHERE community = $1 AND reporter = $2 AND at_us > $3",
        values![writing.community, actor.id, writing.now_us - DAY_US],
    )?;
    let made: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    if made >= REPORTS_A_DAY { Err(ErrorCode::TooManyReports.into()) } else { Ok(()) }
}

/// A report as the database knows it.
pub(super) struct Row {
    id: ReportId,
    /// None once nothing may lead to them any more.
    pub(super) reporter: Option<MemberId>,
    desk: Stream,
    pub(super) report: Report,
}

impl Row {
    fn read(row: &crate::db::Row) -> Result<Self, Failure> {
        let report = read(&row.get::<String>(3)?)?;
        Ok(Self { id: row.get(0)?, reporter: row.get(1)?, desk: row.get(2)?, report })
    }
}

/// Tells the desk, and whoever reported.
fn put(writing: &mut Writing<'_>, permit: &Permit, row: &Row) -> Result<(), Failure> {
    let Row { id, reporter, desk, report } = row;
    writing.put(permit, *desk, id.0, None, &Entity::Report(report.clone()))?;
    let Some(reporter) = reporter else { return Ok(()) };
    let own = OwnReport {
        subject: report.subject,
        rule: report.rule.clone(),
        word: report.word.clone(),
        to_staff: *desk == Stream::community_desk(writing.community),
        at_us: report.at_us,
        state: report.state,
        decided_us: report.decided_us,
    };
    writing.put(permit, Stream::Member(*reporter), id.0, None, &Entity::OwnReport(own))?;
    Ok(())
}

/// Closes a report, and the other open ones at that desk about the same, as many as one request may write.
///
/// # Errors
/// Why not, as the member is told.
pub fn close_report(writing: &mut Writing<'_>, actor: &Actor, closing: &ReportClosing) -> Result<(), Failure> {
    let row = writing.conn.first(
        "SELECT id, reporter, desk, body FROM report WHERE community = $1 AND id = $2",
        values![writing.community, closing.report],
    )?;
    let row = Row::read(&row.ok_or(ErrorCode::NotFound)?)?;
    let relation = at_desk(writing, actor, row.desk, row.report.author == actor.id)?;
    let permit = policy::ask(actor, Action::CloseReport, relation)?;
    if row.report.state != ReportState::Open {
        return Ok(());
    }
    let rows = writing.conn.query(
        "SELECT id, reporter, desk, body FROM report
         WHERE community = $1 AND subject = $2 AND desk = $3 AND state = 'open' ORDER BY at_us, id",
        values![writing.community, row.report.subject.id(), row.desk],
    )?;
    let others = rows.iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    let others = others.into_iter().filter(|other| other.id != row.id).collect::<Vec<_>>();
    decide(writing, &permit, actor, row, closing.acted)?;
    for other in others {
        if writing.room() < 2 {
            break;
        }
        decide(writing, &permit, actor, other, closing.acted)?;
    }
    Ok(())
}

fn decide(writing: &mut Writing<'_>, permit: &Permit, actor: &Actor, mut row: Row, acted: bool) -> Result<(), Failure> {
    row.report.state = if acted { ReportState::ActedOn } else { ReportState::NothingDone };
    row.report.decided_by = Some(actor.id);
    row.report.decided_us = Some(writing.now_us);
    keep_and_put(writing, permit, &row)
}

/// Keeps a report as it is now, and tells the desk and whoever reported.
pub(super) fn keep_and_put(writing: &mut Writing<'_>, permit: &Permit, row: &Row) -> Result<(), Failure> {
    let (state, body) = (row.report.state.as_str(), serde_json::to_string(&row.report)?);
    writing.conn.execute(
        "UPDATE report SET state = $3, body = $4, reporter = $5 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, state, body, row.reporter],
    )?;
    put(writing, permit, row)
}

/// Reports that a condition holds for: $1 is the community, the last parameter how many at most.
pub(super) fn some(writing: &mut Writing<'_>, condition: &str, values: &[Value]) -> Result<Vec<Row>, Failure> {
    let last = values.len();
    let sql = format!(
        "SELECT id, reporter, desk, body FROM report WHERE community = $1 AND {condition} ORDER BY id LIMIT ${last}"
    );
    writing.conn.query(&sql, values)?.iter().map(Row::read).collect()
}
