//! Files in the local store: what was picked and is not sent yet, and what was fetched and may be seen
//! offline. Encrypted like all else, and in the same transactions.

use super::{
    Flush, Store,
    outbox::{WAITING, stored_write, waiting},
    values::{first, id},
    view::View,
};
use crate::{error::StoreError, feed::details::by_id, media::Picked, sync::replica::State};
use enishi_protocol::{
    AttachmentId, CommunityId, ErrorCode, MemberId, MutationId, PostId,
    limits::{MEDIA_KEPT_BYTES, PICKED_SECONDS, UPLOAD_BYTES},
    media::{Attaching, Attachment, AttachmentKind, FileFacts, MediaSize},
};
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, io::Read};

/// Bytes of a file in one row.
const PART: usize = 256 * 1024;

/// A picked file, as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PickedFile {
    pub(crate) id: AttachmentId,
    pub(crate) kind: AttachmentKind,
    pub(crate) bytes: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) sent: u64,
    pub(crate) finished: bool,
    pub(crate) on_metered: bool,
}

/// A mutation that waits for its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldWrite {
    pub(crate) mutation: MutationId,
    pub(crate) shows: Vec<Attaching>,
}

impl Store {
    /// Copies a file into the store. When this returns it is safe.
    ///
    /// # Errors
    /// [`ErrorCode::FileTooLarge`], [`ErrorCode::FileKindUnknown`]; [`StoreError::Full`]; then nothing is kept.
    pub(crate) fn pick(
        &self,
        (community, member): (CommunityId, MemberId),
        id: AttachmentId,
        now_us: i64,
        from: &mut dyn Read,
    ) -> Result<Picked, StoreError> {
        // Read before the store is locked: a slow file must not hold up what the member does.
        let (mut parts, mut total, mut hash) = (Vec::new(), 0_u64, Sha256::new());
        loop {
            let mut part = Vec::with_capacity(PART);
            from.take(PART as u64).read_to_end(&mut part)?;
            if part.is_empty() {
                break;
            }
            total += part.len() as u64;
            if total > UPLOAD_BYTES {
                return Err(StoreError::Refused(ErrorCode::FileTooLarge));
            }
            hash.update(&part);
            parts.push(part);
        }
        let kind = parts.first().and_then(|part| AttachmentKind::of_bytes(part));
        let kind = kind.ok_or(StoreError::Refused(ErrorCode::FileKindUnknown))?;
        let hash = hash.finalize();
        self.write(Flush::Yes, |connection| {
            connection.execute(
                "INSERT INTO picked (id, community, member, kind, bytes, sha256, sent, finished, on_metered, picked_us)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?7)",
                params![
                    id.0.as_bytes(),
                    community.0.as_bytes(),
                    member.0.as_bytes(),
                    kind.as_str(),
                    total.cast_signed(),
                    hash.as_slice(),
                    now_us
                ],
            )?;
            let mut insert =
                connection.prepare_cached("INSERT INTO picked_part (id, start, bytes) VALUES (?1, ?2, ?3)")?;
            let mut start = 0_i64;
            for part in &parts {
                insert.execute(params![id.0.as_bytes(), start, part])?;
                start += i64::try_from(part.len()).unwrap_or(i64::MAX);
            }
            Ok(())
        })?;
        Ok(Picked { id, kind, bytes: total })
    }

    /// Forgets a picked file that nothing shows.
    pub(crate) fn unpick(
        &self,
        (community, member): (CommunityId, MemberId),
        id: AttachmentId,
    ) -> Result<(), StoreError> {
        self.write(Flush::No, |connection| {
            if shown_in_outbox(connection, community, member)?.contains(&id) {
                return Err(StoreError::Refused(ErrorCode::WrongPlace));
            }
            forget(connection, id)
        })
    }

    /// A picked file; none where there is none.
    pub(crate) fn picked(&self, id: AttachmentId) -> Result<Option<PickedFile>, StoreError> {
        self.read(|connection| picked(connection, id))
    }

    /// Some bytes of a picked file, from `start` on and at most so many; fewer only at its end.
    pub(crate) fn picked_bytes(&self, id: AttachmentId, start: u64, most: usize) -> Result<Vec<u8>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT start, bytes FROM picked_part WHERE id = ?1 AND start + length(bytes) > ?2 ORDER BY start",
            )?;
            let mut rows = statement.query(params![id.0.as_bytes(), start.cast_signed()])?;
            let mut bytes = Vec::new();
            while let Some(row) = rows.next()? {
                let at = row.get::<_, i64>(0)?.cast_unsigned();
                let part = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                let skip = usize::try_from(start.saturating_sub(at)).unwrap_or(usize::MAX).min(part.len());
                let take = (most - bytes.len()).min(part.len() - skip);
                bytes.extend_from_slice(&part[skip..skip + take]);
                if bytes.len() == most {
                    break;
                }
            }
            Ok(bytes)
        })
    }

    /// Notes how many bytes of a picked file the server has.
    pub(crate) fn picked_sent(&self, id: AttachmentId, sent: u64) -> Result<(), StoreError> {
        self.change_picked("UPDATE picked SET sent = ?2 WHERE id = ?1", id, sent.cast_signed())
    }

    /// Notes whether the server has taken a picked file.
    pub(crate) fn picked_finished(&self, id: AttachmentId, finished: bool) -> Result<(), StoreError> {
        self.change_picked("UPDATE picked SET finished = ?2 WHERE id = ?1", id, i64::from(finished))
    }

    /// Lets a picked file go over a network that costs money by the byte.
    pub(crate) fn picked_on_metered(&self, id: AttachmentId) -> Result<(), StoreError> {
        self.change_picked("UPDATE picked SET on_metered = ?2 WHERE id = ?1", id, 1)
    }

    fn change_picked(&self, sql: &str, id: AttachmentId, value: i64) -> Result<(), StoreError> {
        self.write(Flush::No, |connection| {
            connection.prepare_cached(sql)?.execute(params![id.0.as_bytes(), value])?;
            Ok(())
        })
    }

    /// The mutations that wait for their files, oldest first.
    pub(crate) fn held_writes(&self, community: CommunityId, member: MemberId) -> Result<Vec<HeldWrite>, StoreError> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {WAITING}, mutation, kind, body FROM outbox WHERE community = ?1 AND member = ?2 AND held = 1
                 AND state = 'waiting' ORDER BY place"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![community.0.as_bytes(), member.0.as_bytes()])?;
            let mut held = Vec::new();
            while let Some(row) = rows.next()? {
                let waiting = waiting(row)?;
                debug_assert!(waiting.held && waiting.state == State::Waiting, "the query says so");
                if let Some(operation) = stored_write(row, 10)?.operation() {
                    held.push(HeldWrite { mutation: waiting.id, shows: operation.attachments().to_vec() });
                }
            }
            Ok(held)
        })
    }

    /// Forgets picked files that nothing in the outbox shows: those that were sent, and those that were
    /// picked long ago. Whether any were.
    pub(crate) fn forget_picked(&self, now_us: i64) -> Result<bool, StoreError> {
        let until = now_us.saturating_sub(PICKED_SECONDS * 1_000_000);
        self.write(Flush::No, |connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, community, member FROM picked WHERE finished = 1 OR picked_us < ?1")?;
            let rows = statement.query_map([until], |row| Ok((id(row, 0)?, id(row, 1)?, id(row, 2)?)))?;
            let old: Vec<(AttachmentId, CommunityId, MemberId)> = rows.collect::<Result<_, _>>()?;
            let mut any = false;
            for (picked, community, member) in old {
                if !shown_in_outbox(connection, community, member)?.contains(&picked) {
                    forget(connection, picked)?;
                    any = true;
                }
            }
            Ok(any)
        })
    }

    /// A fetched file that is kept, where its post still shows it.
    pub(crate) fn kept(
        &self,
        community: CommunityId,
        (post, id): (PostId, AttachmentId),
        size: MediaSize,
        now_us: i64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.view(community, |view| {
            let copy = shown_in(view, post, id)?;
            let sql = "SELECT bytes FROM media_kept WHERE copy = ?1 AND id = ?2 AND size = ?3";
            let bytes = first::<Vec<u8>>(view.connection, sql, params![copy, id.0.as_bytes(), size.as_str()])?;
            Ok(bytes.map(|bytes| (copy, bytes)))
        })?;
        let Some((copy, bytes)) = found else { return Ok(None) };
        self.write(Flush::No, |connection| {
            let sql = "UPDATE media_kept SET used_us = ?4 WHERE copy = ?1 AND id = ?2 AND size = ?3";
            connection.prepare_cached(sql)?.execute(params![copy, id.0.as_bytes(), size.as_str(), now_us])?;
            Ok(())
        })?;
        Ok(Some(bytes))
    }

    /// Keeps a fetched file, unless its post is no longer shown; lets the longest unused go for it.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where the post does not show it any more.
    pub(crate) fn keep(
        &self,
        community: CommunityId,
        (post, id): (PostId, AttachmentId),
        size: MediaSize,
        now_us: i64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.write(Flush::No, |connection| {
            let view = View::of(connection, community)?;
            let copy = shown_in(&view, post, id)?;
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO media_kept (copy, post, id, size, length, used_us, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![copy, post.0.as_bytes(), id.0.as_bytes(), size.as_str(), length, now_us, bytes])?;
            make_room(connection, MEDIA_KEPT_BYTES)
        })
    }
}

fn make_room(connection: &Connection, most: u64) -> Result<(), StoreError> {
    loop {
        let total: Option<i64> = first(connection, "SELECT coalesce(sum(length), 0) FROM media_kept", [])?;
        if total.is_none_or(|total| total.cast_unsigned() <= most) {
            return Ok(());
        }
        let sql = "DELETE FROM media_kept WHERE local = (SELECT local FROM media_kept ORDER BY used_us LIMIT 1)";
        connection.prepare_cached(sql)?.execute([])?;
    }
}

fn forget(connection: &Connection, id: AttachmentId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM picked_part WHERE id = ?1")?.execute([id.0.as_bytes()])?;
    connection.prepare_cached("DELETE FROM picked WHERE id = ?1")?.execute([id.0.as_bytes()])?;
    Ok(())
}

/// The files that something in a membership's outbox shows, refused ones included.
fn shown_in_outbox(
    connection: &Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<HashSet<AttachmentId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT mutation, kind, body FROM outbox WHERE community = ?1 AND member = ?2")?;
    let mut rows = statement.query(params![community.0.as_bytes(), member.0.as_bytes()])?;
    let mut shown = HashSet::new();
    while let Some(row) = rows.next()? {
        if let Some(operation) = stored_write(row, 0)?.operation() {
            shown.extend(operation.attachments().iter().map(|attaching| attaching.id));
        }
    }
    Ok(shown)
}

/// A picked file; none where there is none.
pub(crate) fn picked(connection: &Connection, id: AttachmentId) -> Result<Option<PickedFile>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, kind, bytes, sha256, sent, finished, on_metered FROM picked WHERE id = ?1")?;
    let mut rows = statement.query([id.0.as_bytes()])?;
    rows.next()?.map(read_picked).transpose()
}

fn read_picked(row: &Row<'_>) -> Result<PickedFile, StoreError> {
    let kind: String = row.get(1)?;
    Ok(PickedFile {
        id: id(row, 0)?,
        kind: AttachmentKind::named(&kind),
        bytes: row.get::<_, i64>(2)?.cast_unsigned(),
        sha256: row.get(3)?,
        sent: row.get::<_, i64>(4)?.cast_unsigned(),
        finished: row.get(5)?,
        on_metered: row.get(6)?,
    })
}

/// What something in the outbox shows, as far as this phone knows it.
pub(crate) fn pending(connection: &Connection, shows: &[Attaching]) -> Result<Vec<Attachment>, StoreError> {
    let mut attachments = Vec::with_capacity(shows.len());
    for Attaching { id, alt } in shows {
        let file = picked(connection, *id)?;
        let (kind, bytes) = file.map_or((AttachmentKind::Other, 0), |file| (file.kind, file.bytes));
        let file = FileFacts { kind, width: 0, height: 0, pages: None, bytes, tint: None };
        attachments.push(Attachment { id: *id, file, alt: alt.clone() });
    }
    Ok(attachments)
}

/// The copy in which a post of the mirror shows a file, itself or in a comment on it.
///
/// # Errors
/// [`ErrorCode::NotFound`] where it does not.
pub(crate) fn shown_in(view: &View<'_>, post: PostId, id: AttachmentId) -> Result<i64, StoreError> {
    let unseen = || StoreError::Refused(ErrorCode::NotFound);
    let details = by_id(view, post)?.ok_or_else(unseen)?;
    let shows = |attachments: &[Attachment]| attachments.iter().any(|attachment| attachment.id == id);
    if shows(&details.post.entity.attachments) {
        return Ok(view.copy(details.stream));
    }
    let seen = view.unseen.condition("author").map(|condition| format!("AND {condition}")).unwrap_or_default();
    let sql =
        format!("SELECT attachments FROM comment WHERE copy = ?1 AND post = ?2 AND attachments IS NOT NULL {seen}");
    let mut statement = view.connection.prepare_cached(&sql)?;
    for part in view.parts_of(details.stream) {
        let mut rows = statement.query(params![part, post.0.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let attachments: Vec<Attachment> = super::mirror::read::json_column(row, 0)?.unwrap_or_default();
            if shows(&attachments) {
                return Ok(view.copy(details.stream));
            }
        }
    }
    Err(unseen())
}
