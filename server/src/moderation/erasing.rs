//! What moderation holds of a post, a comment or a member that is erased.
//!
//! Reports with their copies go with what they are about. Of somebody who is erased goes what they
//! reported in their own words, and their name wherever they have hidden or decided something: what they
//! decided stays.

use super::{hiding, read, reports};
use crate::{
    db::{DbError, Row},
    feed::hiding::{self as stubs, Content, Kept},
    membership,
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommentId, EntityKind, MemberId, MessageId, PostId, Stream,
    membership::PersonName,
    moderation::{Appeal, ReportedMessage, Subject},
};
use uuid::Uuid;

/// Rows that one step goes through.
const ROWS: usize = 200;

/// Changes that taking a name out of a stub may make: the post or comment, its author's inbox, two desks.
const ROOM: usize = 4;

/// Takes the reports about a post with all that hangs on it, or a comment with its replies, off the desks
/// and out of inboxes. Nobody can tell how many there are: streams are told of it as there is room.
///
/// # Errors
/// That the database failed.
pub(crate) fn erase_reports_about(writing: &mut Writing<'_>, subject: Uuid) -> Result<(), Failure> {
    let rows = writing.conn.query(
        "SELECT id, desk, reporter FROM report WHERE community = $1 AND (subject = $2 OR subject IN
         (SELECT id FROM comment WHERE community = $1 AND (post = $2 OR reply_to = $2)))",
        values![writing.community, subject],
    )?;
    take_away(writing, &rows)
}

fn take_away(writing: &mut Writing<'_>, rows: &[Row]) -> Result<(), Failure> {
    for row in rows {
        let (id, desk): (Uuid, Stream) = (row.get(0)?, row.get(1)?);
        membership::leave_in_stream(writing, desk, &EntityKind::Report, id)?;
        if let Some(reporter) = row.get::<Option<MemberId>>(2)? {
            membership::leave_in_stream(writing, Stream::Member(reporter), &EntityKind::OwnReport, id)?;
        }
        let sql = "DELETE FROM report WHERE community = $1 AND id = $2";
        writing.conn.execute(sql, values![writing.community, id])?;
    }
    Ok(())
}

/// Erases what moderation holds of a member, as much as there is room for. Whether nothing is left.
///
/// # Errors
/// That the database failed.
pub(crate) fn erase_all_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let values = values![writing.community, member];
    writing.conn.execute("DELETE FROM standing_reason WHERE community = $1 AND member = $2", values)?;
    let sql = "UPDATE standing_reason SET decided_by = NULL WHERE community = $1 AND decided_by = $2";
    writing.conn.execute(sql, values)?;
    Ok(reports_about(writing, member)?
        && reports_by(writing, permit, member)?
        && decided_reports(writing, permit, member)?
        && said_beside(writing, permit, member)?
        && hidden_by(writing, permit, member)?)
}

fn reports_about(writing: &mut Writing<'_>, member: MemberId) -> Result<bool, Failure> {
    let rows = writing.conn.query(
        "SELECT id, desk, reporter FROM report WHERE community = $1 AND author = $2 LIMIT $3",
        values![writing.community, member, limit(ROWS)],
    )?;
    take_away(writing, &rows)?;
    Ok(rows.len() < ROWS)
}

/// What the member has reported stays at the desk, without their words.
fn reports_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let rows = reports::some(writing, "reporter = $2", values![writing.community, member, limit(ROWS)])?;
    let all = rows.len() < ROWS;
    for mut row in rows {
        if writing.room() == 0 {
            return Ok(false);
        }
        row.reporter = None;
        row.report.word.clear();
        reports::keep_and_put(writing, permit, &row)?;
    }
    Ok(all)
}

fn decided_reports(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let rows = reports::some(writing, "body LIKE $2", values![writing.community, naming(member), limit(ROWS)])?;
    let all = rows.len() < ROWS;
    for mut row in rows {
        // The desk and whoever reported.
        if writing.room() < 2 {
            return Ok(false);
        }
        row.report.decided_by = None;
        reports::keep_and_put(writing, permit, &row)?;
    }
    Ok(all)
}

/// What the member wrote beside a message of somebody else's that was reported.
fn said_beside(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let naming = format!("%\"author\":\"{member}\"%");
    without_beside(writing, permit, &naming, |beside| beside.author == member)
}

/// Takes an erased message out of reports about others beside it.
///
/// # Errors
/// That the database failed; no room, where more reports have it than one request may change.
pub(crate) fn erase_beside(writing: &mut Writing<'_>, permit: &Permit, message: MessageId) -> Result<(), Failure> {
    let naming = format!("%\"message\":\"{message}\"%");
    without_beside(writing, permit, &naming, |beside| beside.message == message).map(drop)
}

fn without_beside(
    writing: &mut Writing<'_>,
    permit: &Permit,
    naming: &str,
    gone: impl Fn(&ReportedMessage) -> bool,
) -> Result<bool, Failure> {
    let rows = reports::some(writing, "body LIKE $2", values![writing.community, naming, limit(ROWS)])?;
    let all = rows.len() < ROWS;
    for mut row in rows {
        // The desk and whoever reported.
        if writing.room() < 2 {
            return Ok(false);
        }
        row.report.around.retain(|beside| !gone(beside));
        reports::keep_and_put(writing, permit, &row)?;
    }
    Ok(all)
}

/// Stubs keep rule and office, without a name. What is shown again needs none.
fn hidden_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let rows = writing.conn.query(
        "SELECT id FROM hidden WHERE community = $1 AND (hidden_by = $2 OR appeal LIKE $4) LIMIT $3",
        values![writing.community, member, limit(ROWS), naming(member)],
    )?;
    let ids = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<Uuid>, DbError>>()?;
    for id in &ids {
        if writing.room() < ROOM {
            return Ok(false);
        }
        let mut found = None;
        for subject in [Subject::Post(PostId(*id)), Subject::Comment(CommentId(*id))] {
            if let Some(content) = stubs::content(writing.conn, writing.community, subject)? {
                found = stubs::kept(writing.conn, writing.community, subject)?.map(|kept| (content, kept));
            }
        }
        match found {
            Some((content, kept)) => without(writing, permit, member, &content, kept)?,
            None => stubs::forget(writing, permit, *id)?,
        }
    }
    Ok(ids.len() < ROWS)
}

fn without(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    content: &Content,
    mut kept: Kept,
) -> Result<(), Failure> {
    if kept.stub.by == member {
        kept.stub.by = MemberId(Uuid::nil());
        kept.stub.by_name = PersonName { family: String::new(), given: String::new() };
        stubs::change_stub(writing, permit, content.subject, &kept.stub)?;
    }
    let mut appeal = kept.appeal.as_deref().map(read::<Appeal>).transpose()?;
    if let (Some(appeal), Some(desk)) = (&mut appeal, kept.appeal_desk) {
        appeal.decided_by = appeal.decided_by.filter(|by| *by != member);
        stubs::keep_appeal(writing, content.subject, desk, &serde_json::to_string(appeal)?)?;
    }
    let mut text = hiding::text(writing, content, kept.text, kept.stub)?;
    text.appeal = appeal;
    hiding::tell(writing, permit, &text, &kept.desks)
}

/// How the form of the wire names who decided. Nobody's words can look like it: their quotes are escaped.
fn naming(member: MemberId) -> String {
    format!("%\"decided_by\":\"{member}\"%")
}

fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
