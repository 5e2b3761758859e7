//! Uploads: how far each has come, whose it is, and what became of it.
//!
//! Only whoever began an upload sees it. Every step can be repeated: pieces count once, by the place
//! where they begin, and what was finished or refused stays so.

use super::leftovers;
use crate::{
    db::{Connection, Row},
    directory,
    error::{Error, Result},
    policy::{self, Action, Relation},
    values,
};
use enishi_protocol::{
    AttachmentId, CommunityId, ErrorCode, MemberId,
    limits::{PIECE_BYTES, UPLOAD_BYTES, UPLOAD_BYTES_PER_DAY, UPLOADS_PER_DAY},
    media::{AttachmentKind, FileFacts, UploadStanding},
};

const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// One member's upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Where.
    pub community: CommunityId,
    /// Who uploads.
    pub member: MemberId,
    /// Which attachment it is to be.
    pub id: AttachmentId,
}

/// How an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Pieces are coming.
    Receiving,
    /// It was looked at, and this was made of it.
    Ready(FileFacts),
    /// It was looked at and is not taken.
    Refused(ErrorCode),
    /// Whoever began it gave it up.
    Cancelled,
}

/// An upload as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Bytes that it will have.
    pub total: u64,
    /// Bytes that are here.
    pub received: u64,
    /// How it stands.
    pub state: State,
}

impl Known {
    /// What the phone is told.
    pub fn standing(&self) -> UploadStanding {
        let (mut finished, mut refused) = (None, None);
        match &self.state {
            State::Ready(facts) => finished = Some(facts.clone()),
            State::Refused(code) => refused = Some(*code),
            State::Receiving | State::Cancelled => {}
        }
        UploadStanding { received: self.received, finished, refused }
    }
}

/// A piece that lies in the media store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where in the file it begins.
    pub start: u64,
    /// How many bytes.
    pub bytes: u64,
    /// The name it lies under.
    pub name: String,
}

/// The columns that [`facts`] reads.
pub(super) const FACTS: &str = "kind, width, height, pages, bytes, tint";

/// Reads the columns of [`FACTS`] from `first` on.
pub(super) fn facts(row: &Row, first: usize) -> std::result::Result<FileFacts, crate::db::DbError> {
    let number = |column: usize| -> std::result::Result<u32, crate::db::DbError> {
        Ok(u32::try_from(row.get::<i64>(first + column)?).unwrap_or_default())
    };
    let pages: Option<i64> = row.get(first + 3)?;
    Ok(FileFacts {
        kind: AttachmentKind::named(&row.get::<Option<String>>(first)?.unwrap_or_default()),
        width: number(1)?,
        height: number(2)?,
        pages: pages.and_then(|pages| u32::try_from(pages).ok()),
        bytes: row.get::<i64>(first + 4)?.cast_unsigned(),
        tint: row.get(first + 5)?,
    })
}

/// How an upload of this member's stands; none where they have no such upload.
///
/// # Errors
/// That the database failed.
pub fn find(conn: &mut dyn Connection, upload: &Upload) -> Result<Option<Known>> {
    let sql = format!(
        "SELECT total, received, state, code, {FACTS} FROM attachment WHERE community = $1 AND id = $2 AND uploader = $3"
    );
    let Some(row) = conn.first(&sql, values![upload.community, upload.id, upload.member])? else { return Ok(None) };
    let state = match row.get::<String>(2)?.as_str() {
        "ready" => State::Ready(facts(&row, 4)?),
        "refused" => State::Refused(ErrorCode::named(&row.get::<Option<String>>(3)?.unwrap_or_default())),
        "cancelled" => State::Cancelled,
        _ => State::Receiving,
    };
    let (total, received) = (row.get::<i64>(0)?.cast_unsigned(), row.get::<i64>(1)?.cast_unsigned());
    Ok(Some(Known { total, received, state }))
}

/// Begins an upload of so many bytes, or goes on with one; one that was given up begins anew.
///
/// # Errors
/// [`ErrorCode::FileTooLarge`], [`ErrorCode::UploadQuota`], [`ErrorCode::Erased`]; [`ErrorCode::NotFound`] where
/// the id is somebody else's; why the member may not.
pub fn begin(conn: &mut dyn Connection, now_us: i64, upload: &Upload, total: u64) -> Result<Known> {
    let actor = directory::find(conn, upload.community, upload.member)?.ok_or(ErrorCode::NotFound)?.actor;
    policy::ask(&actor, Action::Upload, Relation::NONE)?;
    let known = find(conn, upload)?;
    if let Some(known) = &known
        && known.state != State::Cancelled
    {
        return if known.total == total { Ok(known.clone()) } else { Err(ErrorCode::UploadBroken.into()) };
    }
    if total == 0 || total > UPLOAD_BYTES {
        return Err(if total == 0 { ErrorCode::FileUnreadable } else { ErrorCode::FileTooLarge }.into());
    }
    let erased = "SELECT 1 FROM erased WHERE community = $1 AND id = $2";
    if conn.first(erased, values![upload.community, upload.id])?.is_some() {
        return Err(ErrorCode::Erased.into());
    }
    check_quota(conn, now_us, upload, total)?;
    let begun = conn.execute(
        "INSERT INTO attachment (community, id, uploader, state, total, received, begun_us)
         VALUES ($1, $2, $3, 'receiving', $4, 0, $5)
         ON CONFLICT (community, id) DO UPDATE SET state = 'receiving', total = excluded.total, received = 0,
         begun_us = excluded.begun_us WHERE attachment.uploader = excluded.uploader AND attachment.state = 'cancelled'",
        values![upload.community, upload.id, upload.member, total.cast_signed(), now_us],
    )?;
    if begun == 0 { Err(ErrorCode::NotFound.into()) } else { Ok(Known { total, received: 0, state: State::Receiving }) }
}

/// What came to nothing counts as well: each try costs the server the same.
fn check_quota(conn: &mut dyn Connection, now_us: i64, upload: &Upload, total: u64) -> Result<()> {
    let sql = "SELECT count(*), CAST(coalesce(sum(total), 0) AS BIGINT) FROM attachment
               WHERE community = $1 AND uploader = $2 AND begun_us > $3";
    let row = conn.first(sql, values![upload.community, upload.member, now_us.saturating_sub(DAY_US)])?;
    let (count, bytes) = match row {
        Some(row) => (row.get::<i64>(0)?, row.get::<i64>(1)?.cast_unsigned()),
        None => (0, 0),
    };
    if count >= UPLOADS_PER_DAY || bytes.saturating_add(total) > UPLOAD_BYTES_PER_DAY {
        return Err(ErrorCode::UploadQuota.into());
    }
    Ok(())
}

/// Notes that a piece is about to lie in the media store.
///
/// # Errors
/// [`ErrorCode::TryAgain`] where somebody is removing the same piece just now.
pub fn expect(conn: &mut dyn Connection, now_us: i64, upload: &Upload, piece: &Piece) -> Result<()> {
    leftovers::expect(conn, now_us, upload.community, &piece.name)
}

/// Notes that a piece lies in the media store. One that does not begin where the upload stands
/// changes nothing, and is left to be removed. How it stands then; none where this member has no such upload any more.
///
/// # Errors
/// That the database failed.
pub fn receive(conn: &mut dyn Connection, upload: &Upload, piece: &Piece) -> Result<Option<Known>> {
    let taken = conn.execute(
        "UPDATE attachment SET received = received + $5 WHERE community = $1 AND id = $2 AND uploader = $3
         AND state = 'receiving' AND received = $4 AND received + $5 <= total",
        values![upload.community, upload.id, upload.member, piece.start.cast_signed(), piece.bytes.cast_signed()],
    )?;
    if taken > 0 {
        conn.execute(
            "INSERT INTO attachment_piece (community, attachment, start, bytes, name) VALUES ($1, $2, $3, $4, $5)",
            values![
                upload.community,
                upload.id,
                piece.start.cast_signed(),
                piece.bytes.cast_signed(),
                piece.name.as_str()
            ],
        )?;
        // An earlier try may have left the same piece to be removed.
        leftovers::need(conn, upload.community, &piece.name)?;
    } else {
        leftovers::leave(conn, upload.community, &piece.name)?;
    }
    find(conn, upload)
}

/// The pieces of an upload, in order.
///
/// # Errors
/// That the database failed.
pub fn pieces(conn: &mut dyn Connection, upload: &Upload) -> Result<Vec<Piece>> {
    let sql = "SELECT start, bytes, name FROM attachment_piece WHERE community = $1 AND attachment = $2 ORDER BY start";
    let rows = conn.query(sql, values![upload.community, upload.id])?;
    let mut pieces = Vec::with_capacity(rows.len());
    for row in rows {
        let (start, bytes) = (row.get::<i64>(0)?.cast_unsigned(), row.get::<i64>(1)?.cast_unsigned());
        pieces.push(Piece { start, bytes, name: row.get(2)? });
    }
    Ok(pieces)
}

/// Says which stored files an upload is about to be, before they are written: from here on nobody
/// removes them. Whether it may be: not where it has ended meanwhile.
///
/// # Errors
/// [`ErrorCode::TryAgain`] where somebody is removing the same file just now.
pub fn reserve(
    conn: &mut dyn Connection,
    now_us: i64,
    upload: &Upload,
    file: &[u8; 32],
    thumb: Option<&[u8; 32]>,
) -> Result<bool> {
    let reserved = conn.execute(
        "UPDATE attachment SET file = $4, thumb = $5 WHERE community = $1 AND id = $2 AND uploader = $3
         AND state = 'receiving'",
        values![upload.community, upload.id, upload.member, file.as_slice(), thumb.map(<[u8; 32]>::as_slice)],
    )?;
    if reserved > 0 {
        for hash in [Some(file), thumb].into_iter().flatten() {
            leftovers::expect(conn, now_us, upload.community, &name_of(upload.community, hash))?;
        }
    }
    Ok(reserved > 0)
}

/// A file that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its bytes.
    pub file: [u8; 32],
    /// SHA-256 of its thumbnail, where it has one.
    pub thumb: Option<[u8; 32]>,
    /// What streams say of it.
    pub facts: FileFacts,
    /// Its content type.
    pub media_type: String,
}

/// Ends an upload well. Where another call was first, what that one said stays, and where it was given up or erased
/// meanwhile, the files are left to be removed. How it stands then; none where there is no such upload any more.
///
/// # Errors
/// That the database failed.
pub fn ready(conn: &mut dyn Connection, upload: &Upload, stored: &Stored) -> Result<Option<Known>> {
    let facts = &stored.facts;
    let taken = conn.execute(
        "UPDATE attachment SET state = 'ready', kind = $4, width = $5, height = $6, pages = $7, bytes = $8, tint = $9,
         media_type = $10 WHERE community = $1 AND id = $2 AND uploader = $3 AND state = 'receiving'",
        values![
            upload.community,
            upload.id,
            upload.member,
            facts.kind.as_str(),
            i64::from(facts.width),
            i64::from(facts.height),
            facts.pages.map(i64::from),
            facts.bytes.cast_signed(),
            facts.tint.clone(),
            stored.media_type.as_str()
        ],
    )?;
    for hash in [Some(&stored.file), stored.thumb.as_ref()].into_iter().flatten().filter(|_| taken == 0) {
        leftovers::leave(conn, upload.community, &name_of(upload.community, hash))?;
    }
    forget_pieces(conn, upload.community, upload.id)?;
    find(conn, upload)
}

/// Ends an upload badly, for good: the same file would be refused again.
///
/// # Errors
/// That the database failed.
pub fn refuse(conn: &mut dyn Connection, upload: &Upload, code: ErrorCode) -> Result<()> {
    let refused = conn.execute(
        "UPDATE attachment SET state = 'refused', code = $4 WHERE community = $1 AND id = $2 AND uploader = $3
         AND state = 'receiving'",
        values![upload.community, upload.id, upload.member, code.as_str()],
    )?;
    if refused > 0 {
        forget_pieces(conn, upload.community, upload.id)?;
    }
    Ok(())
}

/// Begins an upload anew, because what arrived is not what was sent.
///
/// # Errors
/// That the database failed.
pub fn again(conn: &mut dyn Connection, upload: &Upload) -> Result<()> {
    let reset = conn.execute(
        "UPDATE attachment SET received = 0 WHERE community = $1 AND id = $2 AND uploader = $3 AND state = 'receiving'",
        values![upload.community, upload.id, upload.member],
    )?;
    if reset > 0 {
        forget_pieces(conn, upload.community, upload.id)?;
    }
    Ok(())
}

/// Gives an upload up that nothing shows. One that there is not is no error.
///
/// # Errors
/// That the database failed.
pub fn cancel(conn: &mut dyn Connection, upload: &Upload) -> Result<()> {
    let sql = "SELECT file, thumb FROM attachment
               WHERE community = $1 AND id = $2 AND uploader = $3 AND post IS NULL AND state <> 'refused'";
    let Some(row) = conn.first(sql, values![upload.community, upload.id, upload.member])? else { return Ok(()) };
    leave_files(conn, upload.community, &row, 0)?;
    conn.execute(
        "UPDATE attachment SET state = 'cancelled', received = 0, file = NULL, thumb = NULL
         WHERE community = $1 AND id = $2",
        values![upload.community, upload.id],
    )?;
    Ok(forget_pieces(conn, upload.community, upload.id)?)
}

/// Leaves an upload's pieces to be removed.
pub(super) fn forget_pieces(
    conn: &mut dyn Connection,
    community: CommunityId,
    id: AttachmentId,
) -> std::result::Result<(), crate::db::DbError> {
    conn.execute(
        "INSERT INTO media_leftover (community, name)
         SELECT community, name FROM attachment_piece WHERE community = $1 AND attachment = $2
         ON CONFLICT (community, name) DO UPDATE SET until_us = 0",
        values![community, id],
    )?;
    conn.execute("DELETE FROM attachment_piece WHERE community = $1 AND attachment = $2", values![community, id])?;
    Ok(())
}

/// Leaves the files named by the two columns from `first` on to be removed, unless something else shows them.
pub(super) fn leave_files(
    conn: &mut dyn Connection,
    community: CommunityId,
    row: &Row,
    first: usize,
) -> std::result::Result<(), crate::db::DbError> {
    for column in [first, first + 1] {
        if let Some(hash) = row.get::<Option<Vec<u8>>>(column)? {
            leftovers::leave(conn, community, &name_of(community, &hash))?;
        }
    }
    Ok(())
}

/// The name of a stored file: its community, and the SHA-256 of what the server made.
pub fn name_of(community: CommunityId, hash: &[u8]) -> String {
    format!("{community}/{}", data_encoding::HEXLOWER.encode(hash))
}

/// The name of a piece. It tells of its content, so that a repeat lies where the first one lay.
pub fn piece_name(upload: &Upload, start: u64, bytes: &[u8]) -> String {
    // Sixteen digits tell the few tries at one piece apart, and keep the name short for every store.
    let hash = data_encoding::HEXLOWER.encode(&crate::secrets::sha256(bytes)[..8]);
    format!("{}/incoming/{}/{start:010}-{hash}", upload.community, upload.id)
}

/// Refuses a piece that no phone of ours sends.
///
/// # Errors
/// [`ErrorCode::TooLarge`], [`ErrorCode::Malformed`].
pub fn check_piece(start: u64, bytes: usize, total: u64) -> std::result::Result<(), Error> {
    if bytes > PIECE_BYTES {
        return Err(ErrorCode::TooLarge.into());
    }
    let end = u64::try_from(bytes).ok().and_then(|bytes| start.checked_add(bytes));
    if bytes == 0 || end.is_none_or(|end| end > total) { Err(ErrorCode::Malformed.into()) } else { Ok(()) }
}
