//! Changes as they lie ready in the database, and what encloses them on the wire.
//!
//! Bodies are sent as they were stored, those of inboxes once they are opened: nothing here parses them.

use super::opening;
use crate::{
    db::{Connection, DbError, Row},
    sealing::{Place as SealedAt, SealError, SealedBody},
    values,
    writing::Failure,
};
use enishi_protocol::{
    Change, CommunityId, Cursor, EntityKind, Era, Grant, MutationId, Position, Stream, Version, limits::portions,
    sync::Place,
};
use std::io::Write as _;
use uuid::Uuid;

/// Bytes of changes in one batch or page, after which it ends.
pub(super) const BYTES: usize = 1024 * 1024;

/// The columns that [`Ready::read`] takes, of a table or alias `c`.
pub(super) const READY: &str = "c.version, c.kind, c.id, c.position, c.mutation, c.body";

/// A change that is ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) version: Version,
    pub(super) kind: String,
    pub(super) id: Uuid,
    pub(super) position: Option<Position>,
    mutation: Option<MutationId>,
    body: Option<Vec<u8>>,
}

impl Ready {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            version: row.get(0)?,
            kind: row.get(1)?,
            id: row.get(2)?,
            position: row.get(3)?,
            mutation: row.get(4)?,
            body: row.get(5)?,
        })
    }

    pub(super) fn read_all(rows: &[Row]) -> Result<Vec<Self>, DbError> {
        rows.iter().map(Self::read).collect()
    }

    /// What is sealed in it, where it is.
    pub(super) fn sealed(&self) -> Option<SealedBody<'_>> {
        SealedBody::read(self.body.as_deref()?)
    }

    /// Where it opens, if it is sealed.
    pub(super) fn place(&self, of: &Of) -> SealedAt<'_> {
        SealedAt { community: of.community, stream: of.stream, kind: &self.kind, id: self.id, version: self.version }
    }

    /// The same change with its body opened.
    pub(super) fn with_body(&self, body: Vec<u8>) -> Self {
        let Self { version, id, position, mutation, .. } = *self;
        Self { version, kind: self.kind.clone(), id, position, mutation, body: Some(body) }
    }

    fn size(&self) -> usize {
        self.body.as_ref().map_or(100, Vec::len)
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        match &self.body {
            Some(body) => out.extend_from_slice(body),
            None => serde_json::to_writer(
                out,
                &Change {
                    version: self.version,
                    kind: EntityKind::named(&self.kind),
                    id: self.id,
                    mutation: self.mutation,
                    body: None,
                },
            )?,
        }
        Ok(())
    }
}

/// How many of the rows fit into one batch or page: at least one.
pub(super) fn fitting(rows: &[Ready]) -> usize {
    let mut bytes = 0;
    let fits = rows.iter().take(portions().changes).take_while(|row| {
        let before = bytes;
        bytes += row.size();
        before < BYTES
    });
    fits.count()
}

/// One more than fits, so that one knows whether there is more.
pub(super) fn one_more() -> i64 {
    i64::try_from(portions().changes).unwrap_or(i64::MAX - 1) + 1
}

/// A JSON array of changes, none of them sealed.
pub(super) fn array<'a>(rows: impl IntoIterator<Item = &'a Ready>, out: &mut Vec<u8>) -> Result<(), Failure> {
    out.push(b'[');
    for (number, row) in rows.into_iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        if row.sealed().is_some() {
            return Err(SealError::Opening.into());
        }
        row.write(out)?;
    }
    out.push(b']');
    Ok(())
}

/// What names a stream in a batch or page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of {
    pub(super) community: CommunityId,
    pub(super) era: Era,
    pub(super) stream: Stream,
    pub(super) grant: Grant,
    pub(super) now: Version,
}

impl Of {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        let Self { era, stream, grant, now, .. } = self;
        write!(out, r#""era":"{}","stream":"{stream}","grant":{grant},"now":{now}"#, era.0).map_err(super::defect)
    }
}

/// Reads all of a stream with `from < version <= to`, where `to` is as far as fits into one batch.
pub(super) fn batch(conn: &mut dyn Connection, of: &Of, from: Cursor) -> Result<(Vec<Ready>, Cursor), Failure> {
    let rows = conn.query(
        &format!(
            "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.version > $3
             ORDER BY c.version LIMIT $4"
        ),
        values![of.community, of.stream, from, one_more()],
    )?;
    let mut rows = Ready::read_all(&rows)?;
    let fits = fitting(&rows);
    let to = if fits < rows.len() { rows[fits - 1].version } else { of.now };
    rows.truncate(fits);
    Ok((rows, to))
}

/// The bytes of a `Batch`.
pub(super) fn write_batch(
    conn: &mut dyn Connection,
    of: &Of,
    (from, to): (Cursor, Cursor),
    rows: &[Ready],
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    out.push(b'{');
    of.write(out)?;
    write!(out, r#","from":{from},"to":{to},"changes":"#).map_err(super::defect)?;
    array(opening::opened(conn, of, rows)?.iter(), out)?;
    out.push(b'}');
    Ok(())
}

/// The bytes of a `Page`.
pub(super) fn write_page(
    conn: &mut dyn Connection,
    of: &Of,
    v0: Version,
    (place, next): (&Place, Option<&Place>),
    rows: &[Ready],
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    out.push(b'{');
    of.write(out)?;
    write!(out, r#","v0":{v0},"place":"#).map_err(super::defect)?;
    serde_json::to_writer(&mut *out, place)?;
    out.extend_from_slice(br#","next":"#);
    serde_json::to_writer(&mut *out, &next)?;
    out.extend_from_slice(br#","changes":"#);
    array(opening::opened(conn, of, rows)?.iter(), out)?;
    out.push(b'}');
    Ok(())
}
