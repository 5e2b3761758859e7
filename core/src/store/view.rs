//! One snapshot to answer a screen from: the copies that are shown, and the outbox to lay over them.

use super::{
    Store,
    mirror::{
        carried::carried,
        extent::{Extent, older},
    },
    overlay::{self, Entry, Overlay},
    unseen::Unseen,
    values::{first, id, id_or_none, json, named},
};
use crate::{
    error::StoreError,
    sync::replica::{State, Waiting},
};
use enishi_protocol::{
    CommunityId, Era, ErrorCode, Grant, MemberId, MutationId, Operation, PostId, Stream, Version,
    moderation::{Hiding, Subject},
};
use rusqlite::{Connection, OptionalExtension, params};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// What wrote a row of the mirror.
pub(crate) type Written = (Version, Option<MutationId>);

/// A snapshot of one community.
pub(crate) struct View<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) community: CommunityId,
    pub(crate) member: MemberId,
    pub(crate) copies: BTreeMap<Stream, Shown>,
    /// The local number of posts on their way from one feed to another.
    pub(crate) carried: i64,
    pub(crate) overlay: Overlay,
    pub(crate) unseen: Unseen,
}

/// A copy that reads see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) local: i64,
    pub(crate) era: Option<Era>,
    pub(crate) grant: Option<Grant>,
    pub(crate) cursor: Option<Version>,
    pub(crate) whole: bool,
    /// Whether every snapshot that anything in it was read from is applied.
    pub(crate) exact: bool,
    /// How far down its feed is held; none where to its end.
    pub(crate) extent: Option<Extent>,
}

impl Store {
    /// Answers a query from one snapshot.
    pub(crate) fn view<T>(
        &self,
        community: CommunityId,
        query: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read(|connection| {
            let overlay = |member| self.overlays.of(connection, community, member);
            query(&View::with(connection, community, overlay)?)
        })
    }
}

impl<'c> View<'c> {
    /// A view of a transaction, of what it has written too.
    pub(super) fn of(connection: &'c Connection, community: CommunityId) -> Result<Self, StoreError> {
        Self::with(connection, community, |member| overlay::read(connection, (community, member)).map(Arc::new))
    }

    fn with(
        connection: &'c Connection,
        community: CommunityId,
        overlay: impl FnOnce(MemberId) -> Result<Overlay, StoreError>,
    ) -> Result<Self, StoreError> {
        let (local, member) = connection
            .prepare_cached("SELECT local, member FROM community WHERE id = ?1")?
            .query_row([community.0.as_bytes()], |row| Ok((row.get::<_, i64>(0)?, id(row, 1)?)))
            .optional()?
            .ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        let copies = shown(connection, local)?;
        let overlay = overlay(member)?;
        let inbox = copies.get(&Stream::Member(member)).map_or(-1, |copy| copy.local);
        let unseen = Unseen::of(connection, inbox, &overlay)?;
        Ok(Self { connection, community, member, copies, carried: carried(local), overlay, unseen })
    }

    /// The local number of the shown copy of a stream; one that holds nothing where there is none.
    pub(crate) fn copy(&self, stream: Stream) -> i64 {
        self.copies.get(&stream).map_or(-1, |copy| copy.local)
    }

    /// The shown copy of the member's own inbox.
    pub(crate) fn inbox(&self) -> i64 {
        self.copy(Stream::Member(self.member))
    }

    /// The shown copy of the community's stream.
    pub(crate) fn commons(&self) -> i64 {
        self.copy(Stream::Community)
    }

    /// How far the member's own inbox is here.
    pub(crate) fn inbox_cursor(&self) -> Option<Version> {
        self.copies.get(&Stream::Member(self.member))?.cursor
    }

    /// The stream that a shown copy is of.
    pub(crate) fn stream_of(&self, local: i64) -> Option<Stream> {
        self.copies.iter().find(|(_, copy)| copy.local == local).map(|(stream, _)| *stream)
    }

    /// The operations whose effect is shown though the mirror may not have it yet, oldest first.
    pub(crate) fn shown_operations(&self) -> impl Iterator<Item = (&Waiting, &Operation)> {
        let shown = self.overlay.iter().filter(|entry| !entry.waiting.needs_attention());
        shown.filter_map(|entry| Some((&entry.waiting, entry.operation.as_ref()?)))
    }

    /// The outbox entry of that id.
    pub(crate) fn entry(&self, id: MutationId) -> Option<&Entry> {
        self.overlay.iter().map(Arc::as_ref).find(|entry| entry.waiting.id == id)
    }

    /// The mutation of this outbox that wrote something, as the parent of what hangs on it.
    ///
    /// # Errors
    /// [`ErrorCode::ParentRefused`] where it was refused.
    pub(crate) fn parent(&self, id: Uuid) -> Result<Option<MutationId>, StoreError> {
        match self.entry(id.into()) {
            Some(entry) if entry.waiting.needs_attention() => Err(StoreError::Refused(ErrorCode::ParentRefused)),
            Some(entry) => Ok(Some(entry.waiting.id)),
            None => Ok(None),
        }
    }

    /// An entity that is kept as JSON, with the version that wrote it.
    pub(crate) fn entity<T: serde::de::DeserializeOwned>(
        &self,
        copy: i64,
        kind: &str,
        id: Uuid,
    ) -> Result<Option<T>, StoreError> {
        let sql = "SELECT body FROM entity WHERE copy = ?1 AND kind = ?2 AND id = ?3";
        let body: Option<String> = first(self.connection, sql, params![copy, kind, id.as_bytes()])?;
        json(body.as_deref())
    }

    /// An entity that is kept as JSON, with the version and the mutation that wrote it.
    pub(crate) fn mirrored<T: serde::de::DeserializeOwned>(
        &self,
        copy: i64,
        kind: &str,
        id: Uuid,
    ) -> Result<Option<(T, Written)>, StoreError> {
        let sql = "SELECT body, version, mutation FROM entity WHERE copy = ?1 AND kind = ?2 AND id = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![copy, kind, id.as_bytes()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let body: String = row.get(0)?;
        Ok(Some((serde_json::from_str(&body)?, (Version(row.get(1)?), id_or_none(row, 2)?))))
    }

    /// All entities of a kind in a copy. One that this build cannot read is left out.
    pub(crate) fn entities<T: serde::de::DeserializeOwned>(
        &self,
        copy: i64,
        kind: &str,
    ) -> Result<Vec<(Uuid, T)>, StoreError> {
        let sql = "SELECT id, body FROM entity WHERE copy = ?1 AND kind = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![copy, kind])?;
        let mut entities = Vec::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if let Ok(entity) = serde_json::from_str(body) {
                entities.push((id(row, 0)?, entity));
            }
        }
        Ok(entities)
    }

    /// The newest `limit` entities of a kind in a copy, by the version that wrote each. One that this
    /// build cannot read is left out.
    pub(crate) fn newest<T: serde::de::DeserializeOwned>(
        &self,
        copy: i64,
        kind: &str,
        limit: usize,
    ) -> Result<Vec<(Uuid, Version, T)>, StoreError> {
        let sql = "SELECT id, version, body FROM entity WHERE copy = ?1 AND kind = ?2 ORDER BY version DESC LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![copy, kind, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut entities = Vec::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            if let Ok(entity) = serde_json::from_str(body) {
                entities.push((id(row, 0)?, Version(row.get(1)?), entity));
            }
        }
        Ok(entities)
    }

    /// The post that a comment hangs on, in the mirror or in the outbox.
    pub(crate) fn post_of_comment(&self, comment: Uuid) -> Result<Option<PostId>, StoreError> {
        if let Some(Operation::WriteComment(writing)) = self.entry(comment.into()).and_then(|e| e.operation.as_ref()) {
            return Ok(Some(writing.post));
        }
        let mut statement = self.connection.prepare_cached("SELECT post FROM comment WHERE copy = ?1 AND id = ?2")?;
        for copy in self.parts() {
            let found = statement.query_row(params![copy, comment.as_bytes()], |row| id(row, 0)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The local numbers under which a feed is shown: its copy's, and that of its older posts.
    pub(crate) fn parts_of(&self, stream: Stream) -> impl Iterator<Item = i64> + use<> {
        let copy = self.copies.get(&stream);
        let older = copy.filter(|copy| copy.extent.is_some()).map(|copy| older(copy.local));
        copy.map(|copy| copy.local).into_iter().chain(older)
    }

    /// The local numbers under which something is shown: the copies, then the older posts of each.
    pub(crate) fn parts(&self) -> impl Iterator<Item = i64> {
        let with_older = self.copies.values().filter(|copy| copy.extent.is_some());
        self.copies.values().map(|copy| copy.local).chain(with_older.map(|copy| older(copy.local)))
    }

    /// The post that an operation is about.
    pub(crate) fn post_of(&self, mutation: MutationId, operation: &Operation) -> Result<Option<PostId>, StoreError> {
        Ok(match operation {
            Operation::WritePost(_) => Some(mutation.into()),
            Operation::EditPost(edit) => Some(edit.post),
            Operation::DeletePost(deletion) => Some(deletion.post),
            Operation::MovePost(moving) => Some(moving.post),
            Operation::PinPost(pinning) => Some(pinning.post),
            Operation::WriteComment(comment) => Some(comment.post),
            Operation::React(reacting) => Some(reacting.post),
            Operation::Vote(voting) => Some(voting.post),
            Operation::Bookmark(bookmarking) => Some(bookmarking.post),
            Operation::Hide(Hiding { subject: Subject::Post(post), .. }) => Some(*post),
            Operation::Hide(Hiding { subject: Subject::Comment(comment), .. }) => self.post_of_comment(comment.0)?,
            Operation::EditComment(edit) => self.post_of_comment(edit.comment.0)?,
            Operation::DeleteComment(deletion) => self.post_of_comment(deletion.comment.0)?,
            _ => None,
        })
    }
}

/// Whether a mutation's effect is not in a row of the mirror yet, and is to be laid over it.
///
/// The row of what everyone sees: of an accepted mutation the version it wrote there is known, and
/// counts until the row has passed it; a waiting one counts unless it wrote the row itself.
pub(crate) fn lays_over(waiting: &Waiting, row: Option<Written>) -> bool {
    let (version, mutation) = row.unwrap_or((Version(0), None));
    match &waiting.state {
        State::Waiting => mutation != Some(waiting.id),
        State::Accepted { streams, .. } => {
            let of_all = streams.iter().filter(|(stream, _)| !matches!(stream, Stream::Member(_)));
            of_all.map(|(_, version)| *version).max().is_some_and(|written| version < written)
        }
        State::Attention(_) => false,
    }
}

fn shown(connection: &Connection, local: i64) -> Result<BTreeMap<Stream, Shown>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT stream, local, grant_version, place, era, cursor, now, floor, low, high
         FROM copy LEFT JOIN extent ON extent.copy = copy.local WHERE community = ?1 AND shown",
    )?;
    let mut rows = statement.query([local])?;
    let mut copies = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let stream = named(row, 0, |stream| stream.parse().ok())?;
        let local = row.get(1)?;
        let whole = row.get_ref(3)? == rusqlite::types::ValueRef::Null;
        let cursor = row.get::<_, Option<i64>>(5)?;
        let now: i64 = row.get(6)?;
        let extent = match row.get::<_, Option<i64>>(7)? {
            Some(floor) => Some(Extent { floor, low: row.get(8)?, high: row.get(9)? }),
            None => None,
        };
        let shown = Shown {
            local,
            era: id_or_none(row, 4)?.map(Era),
            grant: row.get::<_, Option<i64>>(2)?.map(Grant),
            cursor: cursor.map(Version),
            whole,
            exact: whole && cursor.is_some_and(|cursor| cursor >= now),
            extent,
        };
        copies.insert(stream, shown);
    }
    Ok(copies)
}
