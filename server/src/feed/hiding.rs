//! Hiding a post or comment: a stub takes its place, and its text lies apart until it is shown again.
//!
//! Text and mentions leave the post's own row, so that no path which reads it (search, history, older
//! pages, an archive) can give them away. Who may hide is decided elsewhere.

use super::{
    comment_row, comments, mentions,
    post_row::{self, PostRow},
    posts,
};
use crate::{
    db::{Connection, DbError, Row},
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, EntityKind, ErrorCode, MemberId, Stream,
    feed::Comment,
    moderation::{Hidden, Subject},
};
use uuid::Uuid;

/// A post or comment, as whoever moderates it needs it.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is.
    pub subject: Subject,
    /// Who may read it.
    pub stream: Stream,
    /// Who wrote it.
    pub author: MemberId,
    /// What it says; empty where it is hidden.
    pub text: String,
    /// Members mentioned; none where it is hidden.
    pub mentions: Vec<MemberId>,
    /// Why it is hidden, where it is.
    pub hidden: Option<Hidden>,
}

/// Looks a post or comment up; none for what is neither.
///
/// # Errors
/// That the database failed.
pub fn content(
    conn: &mut dyn Connection,
    community: CommunityId,
    subject: Subject,
) -> Result<Option<Content>, DbError> {
    match subject {
        Subject::Post(id) => Ok(post_row::find(conn, community, id)?.map(|row| {
            let post = row.post;
            let (author, text, mentions, hidden) = (post.author, post.text, post.mentions, post.hidden);
            Content { subject, stream: row.stream, author, text, mentions, hidden }
        })),
        Subject::Comment(id) => {
            let Some(comment) = comment_row::find(conn, community, id)? else { return Ok(None) };
            let post = post_row::find(conn, community, comment.post)?;
            Ok(post.map(|post| {
                let Comment { author, text, mentions, hidden, .. } = comment;
                Content { subject, stream: post.stream, author, text, mentions, hidden }
            }))
        }
        Subject::Message(_) | Subject::Member(_) => Ok(None),
    }
}

/// What is kept of a hidden post or comment.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it said.
    pub text: String,
    /// Why, by whom and when.
    pub stub: Hidden,
    /// The desks that have it.
    pub desks: Vec<Stream>,
    /// The desk that its author's appeal went to.
    pub appeal_desk: Option<Stream>,
    /// The appeal, in the form of the wire.
    pub appeal: Option<String>,
}

/// What is kept of a post or comment; none where it is not hidden.
///
/// # Errors
/// That the database failed.
pub fn kept(conn: &mut dyn Connection, community: CommunityId, subject: Subject) -> Result<Option<Kept>, DbError> {
    let row = conn.first(
        "SELECT stub, text, desk, appeal_desk, appeal FROM hidden WHERE community = $1 AND id = $2",
        values![community, subject.id()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let Some(stub) = stub(&row, 0)? else { return Ok(None) };
    let (desk, appeal_desk): (Stream, Option<Stream>) = (row.get(2)?, row.get(3)?);
    let mut desks = vec![desk];
    desks.extend(appeal_desk.filter(|appeal_desk| *appeal_desk != desk));
    Ok(Some(Kept { text: row.get(1)?, stub, desks, appeal_desk, appeal: row.get(4)? }))
}

/// Keeps an appeal, in the form of the wire.
///
/// # Errors
/// That the database failed.
pub fn keep_appeal(writing: &mut Writing<'_>, subject: Subject, desk: Stream, appeal: &str) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE hidden SET appeal_desk = $3, appeal = $4 WHERE community = $1 AND id = $2",
        values![writing.community, subject.id(), desk, appeal],
    )?;
    Ok(())
}

/// Puts a stub in the place of a post or comment. `desk` is where its text goes.
///
/// # Errors
/// [`Failure::NoRoom`]; that the database failed.
pub fn hide(
    writing: &mut Writing<'_>,
    permit: &Permit,
    content: &Content,
    stub: &Hidden,
    desk: Stream,
) -> Result<(), Failure> {
    let id = content.subject.id();
    // What inbox and desks were told of an earlier hiding is over.
    forget(writing, permit, id)?;
    writing.conn.execute(
        "INSERT INTO hidden (community, id, author, desk, hidden_by, stub, text, mentions)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            writing.community,
            id,
            content.author,
            desk,
            stub.by,
            serde_json::to_string(stub)?,
            content.text.as_str(),
            mentions::pack(&content.mentions),
        ],
    )?;
    set(writing, content.subject, "", &[])?;
    mentions::forget(writing, permit, &content.mentions, id)?;
    publish(writing, permit, content.subject)
}

/// Shows a hidden post or comment again, as it was.
///
/// # Errors
/// [`ErrorCode::NotFound`] where it is not hidden; [`Failure::NoRoom`]; that the database failed.
pub fn unhide(writing: &mut Writing<'_>, permit: &Permit, content: &Content) -> Result<(), Failure> {
    let id = content.subject.id();
    let row = writing.conn.first(
        "SELECT text, mentions FROM hidden WHERE community = $1 AND id = $2 AND stub IS NOT NULL",
        values![writing.community, id],
    )?;
    let row = row.ok_or(ErrorCode::NotFound)?;
    let (text, packed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let mentioned = mentions::readable(writing, content.stream, &mentions::unpack(&packed))?;
    writing.conn.execute(
        "UPDATE hidden SET stub = NULL, text = '', mentions = $3 WHERE community = $1 AND id = $2",
        values![writing.community, id, Vec::<u8>::new()],
    )?;
    set(writing, content.subject, &text, &mentioned)?;
    publish(writing, permit, content.subject)?;
    let (post, comment) = match content.subject {
        Subject::Post(post) => (post, None),
        Subject::Comment(comment) => {
            let row = comment_row::find(writing.conn, writing.community, comment)?.ok_or(ErrorCode::NotFound)?;
            (row.post, Some(comment))
        }
        Subject::Message(_) | Subject::Member(_) => return Ok(()),
    };
    mentions::tell(writing, permit, &mentioned, content.author, post, comment)
}

/// Sets text and mentions. A hidden post loses its pin.
fn set(writing: &mut Writing<'_>, subject: Subject, text: &str, mentioned: &[MemberId]) -> Result<(), DbError> {
    let sql = match subject {
        Subject::Post(_) => "UPDATE post SET text = $3, mentions = $4, pinned = 0 WHERE community = $1 AND id = $2",
        Subject::Comment(_) => "UPDATE comment SET text = $3, mentions = $4 WHERE community = $1 AND id = $2",
        Subject::Message(_) | Subject::Member(_) => return Ok(()),
    };
    let values = values![writing.community, subject.id(), text, mentions::pack(mentioned)];
    writing.conn.execute(sql, values).map(drop)
}

/// Puts the post or comment into its stream as it now is, and into the search where its words are shown.
fn publish(writing: &mut Writing<'_>, permit: &Permit, subject: Subject) -> Result<(), Failure> {
    match subject {
        Subject::Post(id) => {
            let row = post_row::find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
            posts::put(writing, permit, &row)?;
            // The numbers of a poll come and go with it.
            post_row::put_counts(writing, permit, &row)?;
            posts::index(writing, &row)
        }
        Subject::Comment(id) => {
            let comment = comment_row::find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
            let post: PostRow =
                post_row::find(writing.conn, writing.community, comment.post)?.ok_or(ErrorCode::NotFound)?;
            comment_row::put(writing, permit, &post, id, &comment)?;
            comments::index(writing, &post, id, &comment)
        }
        Subject::Message(_) | Subject::Member(_) => Ok(()),
    }
}

/// Changes the stub of what is hidden.
///
/// # Errors
/// [`Failure::NoRoom`]; that the database failed.
pub fn change_stub(writing: &mut Writing<'_>, permit: &Permit, subject: Subject, stub: &Hidden) -> Result<(), Failure> {
    let by = Some(stub.by).filter(|by| !by.0.is_nil());
    writing.conn.execute(
        "UPDATE hidden SET hidden_by = $3, stub = $4 WHERE community = $1 AND id = $2",
        values![writing.community, subject.id(), by, serde_json::to_string(stub)?],
    )?;
    publish(writing, permit, subject)
}

/// Takes what a post or comment that goes away said out of inbox and desks, where it was ever hidden.
pub(crate) fn forget(writing: &mut Writing<'_>, permit: &Permit, id: Uuid) -> Result<(), Failure> {
    let row = writing.conn.first(
        "DELETE FROM hidden WHERE community = $1 AND id = $2 RETURNING author, desk, appeal_desk",
        values![writing.community, id],
    )?;
    let Some(row) = row else { return Ok(()) };
    let author: MemberId = row.get(0)?;
    let desks = [Some(row.get(1)?), row.get::<Option<Stream>>(2)?];
    for stream in desks.into_iter().flatten().chain([Stream::Member(author)]) {
        writing.gone(permit, stream, &EntityKind::HiddenText, id)?;
    }
    Ok(())
}

/// The stub in a column; none where the row is not hidden.
pub(super) fn stub(row: &Row, column: usize) -> Result<Option<Hidden>, DbError> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| DbError::Failed(error.to_string()))
}

/// Refuses to change or answer what is hidden.
pub(super) fn check_shown(hidden: Option<&Hidden>) -> Result<(), ErrorCode> {
    if hidden.is_some() { Err(ErrorCode::Hidden) } else { Ok(()) }
}
