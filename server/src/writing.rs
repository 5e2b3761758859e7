//! One community's open write: what it puts into streams, and the version that each change takes.
//!
//! Every change needs a [`Permit`], so that nothing is written which no policy was asked about.
//! Nothing here decides anything.

use crate::{
    db::{Connection, DbError},
    policy::Permit,
    sealing::{ConversationKey, Place, SealError, SealedBody},
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{
    Change, CommunityId, ConversationId, Entity, EntityKind, ErrorCode, MutationId, Position, Stream, Version, limits,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why a write was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may not be, for a reason that the person is told.
    #[error("refused: {}", .0.as_str())]
    Refused(ErrorCode),
    /// It writes more changes than this request still may; another request has room for it.
    #[error("more changes than one request may write")]
    NoRoom,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        match error {
            crate::error::Error::Db(error) => Self::Database(error),
            crate::error::Error::Internal(text) => Self::Database(DbError::Failed(text)),
            refused => Self::Refused(refused.code()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Database(DbError::Failed(error.to_string()))
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        Self::Database(DbError::Failed(error.to_string()))
    }
}

impl Failure {
    /// The code that whoever asked is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(code) => *code,
            Self::NoRoom => ErrorCode::TooMuchAtOnce,
            Self::Database(error) => error_code(error),
        }
    }
}

/// The code that stands for a database's error.
pub fn error_code(error: &DbError) -> ErrorCode {
    match error {
        DbError::Full => ErrorCode::StorageFull,
        DbError::Unavailable(_) => ErrorCode::TryAgain,
        _ => ErrorCode::Internal,
    }
}

/// An open write, alone in its community until the transaction ends.
pub struct Writing<'a> {
    /// The transaction.
    pub conn: &'a mut dyn Connection,
    /// Clock and randomness.
    pub surroundings: &'a dyn Surroundings,
    /// Which community.
    pub community: CommunityId,
    /// When this is, in microseconds since 1970 UTC.
    pub now_us: i64,
    /// The mutation that is being decided, where one is.
    pub mutation: Option<MutationId>,
    version: Version,
    room: usize,
    streams: BTreeMap<Stream, Version>,
    grants_changed: bool,
}

/// What a write wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Per touched stream, the last version in it.
    pub streams: BTreeMap<Stream, Version>,
    /// The community's version after it.
    pub version: Version,
    /// How many changes it made.
    pub changes: usize,
}

impl<'a> Writing<'a> {
    /// Runs `work` as one write of at most `room` changes. Whoever calls undoes it where it fails.
    ///
    /// # Errors
    /// Those of `work`; [`ErrorCode::NotFound`] where there is no such community.
    pub fn run<T>(
        conn: &'a mut dyn Connection,
        surroundings: &'a dyn Surroundings,
        community: CommunityId,
        mutation: Option<MutationId>,
        room: usize,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<(T, Written), Failure> {
        let row = conn.first("SELECT version FROM community WHERE id = $1", values![community])?;
        let version: Version = row.ok_or(ErrorCode::NotFound)?.get(0)?;
        let now_us = surroundings.now_us();
        let streams = BTreeMap::new();
        let mut writing =
            Self { conn, surroundings, community, now_us, mutation, version, room, streams, grants_changed: false };
        let result = work(&mut writing)?;
        let changes = room - writing.room;
        if changes > 0 {
            let values = values![community, writing.version, writing.grants_changed];
            writing.conn.execute(
                "UPDATE community SET version = $2, grants = CASE WHEN $3 = 1 THEN $2 ELSE grants END WHERE id = $1",
                values,
            )?;
        }
        Ok((result, Written { streams: writing.streams, version: writing.version, changes }))
    }

    /// [`Writing::run`] for what the server itself does: no mutation, as many changes as one request may write.
    ///
    /// # Errors
    /// As [`Writing::run`].
    pub fn by_server<T>(
        conn: &'a mut dyn Connection,
        surroundings: &'a dyn Surroundings,
        community: CommunityId,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<(T, Written), Failure> {
        Self::run(conn, surroundings, community, None, limits::CHANGES_WRITTEN_PER_REQUEST, work)
    }

    /// The version that the next change takes.
    pub fn next_version(&self) -> Version {
        Version(self.version.0 + 1)
    }

    /// How many more changes this write may make.
    pub fn room(&self) -> usize {
        self.room
    }

    /// Says that somebody got or lost the right to read a stream.
    pub(crate) fn grants_changed(&mut self) {
        self.grants_changed = true;
    }

    /// Puts an entity's latest state into a stream. `position` is that of the post it hangs on.
    ///
    /// # Errors
    /// [`Failure::NoRoom`]; that it is of a kind that only lies sealed.
    pub fn put(
        &mut self,
        _: &Permit,
        stream: Stream,
        id: Uuid,
        position: Option<Position>,
        entity: &Entity,
    ) -> Result<Version, Failure> {
        if entity.kind().is_sealed() {
            return Err(SealError::Sealing.into());
        }
        let version = self.take_version()?;
        let change = self.change(version, id, entity)?;
        self.store(stream, &entity.kind(), id, (version, position), change)
    }

    /// Puts what members wrote to each other into an inbox, sealed with the conversation's key.
    ///
    /// # Errors
    /// [`Failure::NoRoom`].
    pub fn put_sealed(
        &mut self,
        _: &Permit,
        stream: Stream,
        id: Uuid,
        position: Option<Position>,
        entity: &Entity,
        key: (ConversationId, &ConversationKey),
    ) -> Result<Version, Failure> {
        let version = self.take_version()?;
        let (kind, change) = (entity.kind(), self.change(version, id, entity)?);
        let place = Place { community: self.community, stream, kind: kind.as_str(), id, version };
        let sealed = SealedBody::seal(self.surroundings, key, &place, &change)?;
        self.store(stream, &kind, id, (version, position), sealed)
    }

    /// Takes a version and writes nothing under it: so that how far the count moved does not tell who
    /// was left out.
    ///
    /// # Errors
    /// [`Failure::NoRoom`].
    pub fn withhold(&mut self, _: &Permit) -> Result<(), Failure> {
        self.take_version().map(drop)
    }

    fn change(&self, version: Version, id: Uuid, entity: &Entity) -> Result<Vec<u8>, Failure> {
        let body = Some(entity.encode()?);
        Ok(serde_json::to_vec(&Change { version, kind: entity.kind(), id, mutation: self.mutation, body })?)
    }

    fn store(
        &mut self,
        stream: Stream,
        kind: &EntityKind,
        id: Uuid,
        (version, position): (Version, Option<Position>),
        body: Vec<u8>,
    ) -> Result<Version, Failure> {
        let values =
            values![self.community, stream, kind.as_str(), id, version, position, self.mutation, self.now_us, body,];
        self.conn.execute(
            "INSERT INTO change (community, stream, kind, id, version, position, mutation, at_us, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (community, stream, kind, id) DO UPDATE SET version = excluded.version,
             position = excluded.position, mutation = excluded.mutation, at_us = excluded.at_us, body = excluded.body",
            values,
        )?;
        self.streams.insert(stream, version);
        Ok(version)
    }

    /// Says in a stream that an entity is gone, where the stream has it. Whether it had.
    ///
    /// # Errors
    /// [`Failure::NoRoom`].
    pub fn gone(&mut self, _: &Permit, stream: Stream, kind: &EntityKind, id: Uuid) -> Result<bool, Failure> {
        let version = self.next_version();
        let gone = self.conn.execute(
            "UPDATE change SET version = $5, mutation = $6, at_us = $7, body = NULL
             WHERE community = $1 AND stream = $2 AND kind = $3 AND id = $4 AND body IS NOT NULL",
            values![self.community, stream, kind.as_str(), id, version, self.mutation, self.now_us],
        )?;
        if gone > 0 {
            self.take_version()?;
            self.streams.insert(stream, version);
        }
        Ok(gone > 0)
    }

    fn take_version(&mut self) -> Result<Version, Failure> {
        self.room = self.room.checked_sub(1).ok_or(Failure::NoRoom)?;
        self.version = self.next_version();
        Ok(self.version)
    }
}
