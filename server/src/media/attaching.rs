//! Attachments from what shows them: put there, read through its stream, and gone with it.

use super::uploads::{self, FACTS, facts};
use crate::{
    db::{Connection, DbError},
    error::Result,
    feed,
    policy::Actor,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AttachmentId, CommentId, CommunityId, ErrorCode, MemberId, PostId,
    limits::{ALT_CHARS, ATTACHMENTS},
    media::{Attaching, Attachment, MediaSize},
};
use uuid::Uuid;

/// Makes a post or comment show uploads of its author's own that are finished and that nothing shows yet.
/// Whether the author may write it was asked before.
///
/// # Errors
/// [`ErrorCode::TooMany`], [`ErrorCode::TextTooLong`], [`ErrorCode::Erased`], [`ErrorCode::AttachmentMissing`].
pub(crate) fn attach(
    writing: &mut Writing<'_>,
    actor: &Actor,
    new: &[Attaching],
    (post, comment): (PostId, Option<CommentId>),
) -> std::result::Result<Vec<Attachment>, Failure> {
    if new.len() > ATTACHMENTS {
        return Err(ErrorCode::TooMany.into());
    }
    let mut attachments = Vec::with_capacity(new.len());
    for Attaching { id, alt } in new {
        if alt.chars().count() > ALT_CHARS {
            return Err(ErrorCode::TextTooLong.into());
        }
        if alt.contains('\0') {
            return Err(ErrorCode::Malformed.into());
        }
        let erased = "SELECT 1 FROM erased WHERE community = $1 AND id = $2";
        if writing.conn.first(erased, values![writing.community, *id])?.is_some() {
            return Err(ErrorCode::Erased.into());
        }
        let sql = format!(
            "UPDATE attachment SET post = $4, comment = $5 WHERE community = $1 AND id = $2 AND uploader = $3
             AND state = 'ready' AND post IS NULL RETURNING {FACTS}"
        );
        let row = writing.conn.first(&sql, values![writing.community, *id, actor.id, post, comment])?;
        let file = facts(&row.ok_or(ErrorCode::AttachmentMissing)?, 0)?;
        attachments.push(Attachment { id: *id, file, alt: alt.clone() });
    }
    Ok(attachments)
}

/// Attachments in one column of a post or comment.
pub(crate) fn pack(attachments: &[Attachment]) -> std::result::Result<Option<String>, serde_json::Error> {
    if attachments.is_empty() { Ok(None) } else { serde_json::to_string(attachments).map(Some) }
}

pub(crate) fn unpack(column: Option<&str>) -> Vec<Attachment> {
    column.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A post is gone: what it showed goes, and the files unless something else of the community shows them.
pub(crate) fn forget_of_post(writing: &mut Writing<'_>, post: PostId) -> std::result::Result<(), Failure> {
    forget(writing, "post = $2 AND comment IS NULL", post.0)
}

/// A comment is gone.
pub(crate) fn forget_of_comment(writing: &mut Writing<'_>, comment: CommentId) -> std::result::Result<(), Failure> {
    forget(writing, "comment = $2", comment.0)
}

fn forget(writing: &mut Writing<'_>, of: &str, id: Uuid) -> std::result::Result<(), Failure> {
    let community = writing.community;
    let rows = writing.conn.query(
        &format!("SELECT id, file, thumb FROM attachment WHERE community = $1 AND {of}"),
        values![community, id],
    )?;
    for row in &rows {
        uploads::leave_files(writing.conn, community, row, 1)?;
        let gone: AttachmentId = row.get(0)?;
        uploads::forget_pieces(writing.conn, community, gone)?;
        writing.conn.execute("DELETE FROM attachment WHERE community = $1 AND id = $2", values![community, gone])?;
    }
    Ok(())
}

/// The attachments of a post with its comments, or of a comment.
pub(crate) fn shown_by(writing: &mut Writing<'_>, id: Uuid) -> std::result::Result<Vec<AttachmentId>, Failure> {
    let sql = "SELECT id FROM attachment WHERE community = $1 AND (post = $2 OR comment = $2)";
    let rows = writing.conn.query(sql, values![writing.community, id])?;
    let ids = rows.iter().map(|row| row.get(0));
    Ok(ids.collect::<std::result::Result<_, DbError>>()?)
}

/// Forgets an upload that nothing shows, because its erasure was asked for.
pub(crate) fn erase_upload(writing: &mut Writing<'_>, id: AttachmentId) -> std::result::Result<(), Failure> {
    forget(writing, "post IS NULL AND id = $2", id.0)
}

/// Forgets what a member uploaded and nothing shows.
pub(crate) fn forget_unshown_of(writing: &mut Writing<'_>, member: MemberId) -> std::result::Result<(), Failure> {
    forget(writing, "post IS NULL AND uploader = $2", member.0)
}

/// A stored file that somebody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// Its name in the media store.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
    /// Its content type.
    pub media_type: String,
}

/// The file of an attachment, for whoever sees what shows it at present.
///
/// # Errors
/// [`ErrorCode::NotFound`], also where there is such a file and this member may not read it.
pub fn readable(
    conn: &mut dyn Connection,
    (community, reader): (CommunityId, MemberId),
    id: AttachmentId,
    size: MediaSize,
) -> Result<Readable> {
    let sql = "SELECT post, media_type, file, thumb, comment FROM attachment
               WHERE community = $1 AND id = $2 AND state = 'ready' AND post IS NOT NULL";
    let row = conn.first(sql, values![community, id])?.ok_or(ErrorCode::NotFound)?;
    feed::check_shows(conn, community, reader, (row.get(0)?, row.get(4)?))?;
    let media_type: String = row.get(1)?;
    // A thumbnail is of the same type as its image.
    let column = if size == MediaSize::Thumb { 3 } else { 2 };
    let hash: Vec<u8> = row.get::<Option<Vec<u8>>>(column)?.ok_or(ErrorCode::NotFound)?;
    Ok(Readable { name: uploads::name_of(community, &hash), hash, media_type })
}
