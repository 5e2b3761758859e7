//! Who is due what: the live connections of one community, and the changes they have not had.
//!
//! Grants and changes are read in one snapshot, so that nobody gets a change of a stream that they
//! may no longer read in it.

use super::changes::{self, Of, READY, Ready};
use crate::{
    db::{Connection, DbError},
    directory::{self, CommunityRow},
    grants, values,
    writing::Failure,
};
use enishi_protocol::{
    CommunityId, Cursor, Era, ErrorCode, Grant, MemberId, Stream, Version,
    rules::{Rule, on},
    sync::LiveRequest,
};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// Changes since the last look beyond which each connection is caught up by itself.
const BURST: i64 = 2_000;
/// Batches of one stream that a connection is sent at once; one that has missed more asks by sync.
const REPLAYED: usize = 16;

/// Names a live connection within its process.
pub type ConnectionId = u64;

/// What a connection is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The bytes of a `Batch`.
    Batch(Vec<u8>),
    /// It ends: the phone syncs, then opens another.
    Again(ErrorCode),
}

/// A connection, and how far it has come in each stream.
struct Connected {
    member: MemberId,
    era: Era,
    streams: BTreeMap<Stream, At>,
    /// It has had everything up to the version last looked at.
    caught_up: bool,
}

#[derive(Clone, Copy)]
struct At {
    grant: Grant,
    cursor: Cursor,
}

type Granted = BTreeMap<Stream, Grant>;

/// The live connections of one community in one process.
#[derive(Default)]
pub struct Room {
    connected: BTreeMap<ConnectionId, Connected>,
    granted: BTreeMap<MemberId, Granted>,
    granted_at: Option<(Era, Version)>,
    seen: Option<(Era, Version)>,
}

impl Room {
    /// Adds a connection. Streams without a cursor are left out: their first sync has not begun.
    pub fn add(&mut self, id: ConnectionId, member: MemberId, request: &LiveRequest) {
        let at = request
            .streams
            .iter()
            .filter_map(|stream| Some((stream.stream, At { grant: stream.grant?, cursor: stream.cursor? })));
        let connection = Connected { member, era: request.era, streams: at.collect(), caught_up: false };
        self.connected.insert(id, connection);
    }

    /// Removes a connection.
    pub fn remove(&mut self, id: ConnectionId) {
        self.connected.remove(&id);
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.connected.is_empty()
    }

    /// The era and version last looked at.
    pub fn seen(&self) -> Option<(Era, Version)> {
        self.seen
    }

    /// Whether anything has happened since the last look, or somebody has come.
    pub fn has_new(&self, conn: &mut dyn Connection, community: CommunityId) -> Result<bool, DbError> {
        if self.connected.values().any(|connection| !connection.caught_up) {
            return Ok(true);
        }
        let row = conn.first("SELECT era, version FROM community WHERE id = $1", values![community])?;
        let present = row.map(|row| Ok::<_, DbError>((row.get(0)?, row.get(1)?))).transpose()?;
        Ok(present != self.seen)
    }

    /// What each connection is due since the last look. To be called in one snapshot.
    ///
    /// # Errors
    /// That the database failed; then nothing counts as sent.
    pub fn due(
        &mut self,
        conn: &mut dyn Connection,
        community: CommunityId,
    ) -> Result<Vec<(ConnectionId, Due)>, Failure> {
        let Some(row) = directory::community(conn, community)? else {
            return Ok(self.end_all(ErrorCode::NotFound));
        };
        self.load_grants(conn, community, &row)?;
        let changed = self.changed(conn, community, &row)?;
        let mut due = Vec::new();
        let mut advanced = Vec::new();
        for (id, connection) in &self.connected {
            let granted = self.granted.get(&connection.member);
            let mut turn = Turn { conn, community, row: &row, granted, streams: BTreeMap::new(), due: vec![] };
            let ended = match &changed {
                Some(changed) if connection.caught_up => turn.new_changes(connection, changed)?,
                _ => turn.replay(connection)?,
            };
            advanced.push((*id, turn.streams));
            due.extend(turn.due.into_iter().map(|bytes| (*id, Due::Batch(bytes))));
            due.extend(ended.map(|code| (*id, Due::Again(code))));
        }
        self.advance(advanced, &due, (row.era, row.version));
        Ok(due)
    }

    fn end_all(&mut self, code: ErrorCode) -> Vec<(ConnectionId, Due)> {
        std::mem::take(&mut self.connected).into_keys().map(|id| (id, Due::Again(code))).collect()
    }

    /// Grants are kept between looks, and read anew where any has changed in the community.
    fn load_grants(
        &mut self,
        conn: &mut dyn Connection,
        community: CommunityId,
        row: &CommunityRow,
    ) -> Result<(), DbError> {
        let stale = self.granted_at != Some((row.era, row.grants));
        if stale && on(Rule::HubSnapshot) {
            self.granted.clear();
        }
        for connection in self.connected.values() {
            if let Entry::Vacant(unknown) = self.granted.entry(connection.member) {
                unknown.insert(grants::all(conn, community, connection.member)?);
            }
        }
        self.granted_at = Some((row.era, row.grants));
        Ok(())
    }

    /// The changes since the last look by stream; none where each must be caught up by itself.
    fn changed(
        &self,
        conn: &mut dyn Connection,
        community: CommunityId,
        row: &CommunityRow,
    ) -> Result<Option<BTreeMap<Stream, Vec<Ready>>>, DbError> {
        let Some((_, seen)) = self.seen.filter(|(era, _)| *era == row.era) else { return Ok(None) };
        if row.version.0 - seen.0 > BURST {
            return Ok(None);
        }
        let mut changed: BTreeMap<Stream, Vec<Ready>> = BTreeMap::new();
        if row.version > seen {
            let rows = conn.query(
                &format!(
                    "SELECT {READY}, c.stream FROM change c WHERE c.community = $1 AND c.version > $2 ORDER BY c.version"
                ),
                values![community, seen],
            )?;
            for row in &rows {
                changed.entry(row.get(6)?).or_default().push(Ready::read(row)?);
            }
        }
        Ok(Some(changed))
    }

    fn advance(
        &mut self,
        advanced: Vec<(ConnectionId, BTreeMap<Stream, At>)>,
        due: &[(ConnectionId, Due)],
        seen: (Era, Version),
    ) {
        for (id, streams) in advanced {
            if let Some(connection) = self.connected.get_mut(&id) {
                connection.streams.extend(streams);
                connection.caught_up = true;
            }
        }
        for (id, due) in due {
            if matches!(due, Due::Again(_)) {
                self.connected.remove(id);
            }
        }
        let present: BTreeSet<_> = self.connected.values().map(|connection| connection.member).collect();
        self.granted.retain(|member, _| present.contains(member));
        self.seen = Some(seen);
    }
}

/// One connection's turn in one look.
struct Turn<'a> {
    conn: &'a mut dyn Connection,
    community: CommunityId,
    row: &'a CommunityRow,
    granted: Option<&'a Granted>,
    streams: BTreeMap<Stream, At>,
    due: Vec<Vec<u8>>,
}

impl Turn<'_> {
    /// Why the connection cannot go on, where it cannot.
    fn ends(&self, connection: &Connected) -> Option<ErrorCode> {
        if connection.era != self.row.era && on(Rule::EraCheck) {
            return Some(ErrorCode::OtherEra);
        }
        let inbox = Stream::Member(connection.member);
        match self.granted.and_then(|granted| granted.get(&inbox)) {
            None => return Some(ErrorCode::MembershipEnded),
            // Of an earlier membership, or of an account that the membership has left.
            Some(grant) if connection.streams.get(&inbox).is_some_and(|at| at.grant != *grant) => {
                return Some(ErrorCode::Reset);
            }
            Some(_) => {}
        }
        let fell_behind = |at: &At| at.cursor < self.row.horizon || at.cursor > self.row.version;
        connection.streams.values().any(fell_behind).then_some(ErrorCode::Reset)
    }

    fn of(&self, stream: Stream, at: At) -> Option<Of> {
        let reads = self.granted.and_then(|granted| granted.get(&stream)) == Some(&at.grant);
        let CommunityRow { era, version, .. } = *self.row;
        reads.then_some(Of { community: self.community, era, stream, grant: at.grant, now: version })
    }

    /// Sends what is new in the streams that this connection follows and its member may read now.
    fn new_changes(
        &mut self,
        connection: &Connected,
        changed: &BTreeMap<Stream, Vec<Ready>>,
    ) -> Result<Option<ErrorCode>, Failure> {
        if let Some(code) = self.ends(connection) {
            return Ok(Some(code));
        }
        for (stream, rows) in changed {
            let Some(at) = connection.streams.get(stream) else { continue };
            let Some(of) = self.of(*stream, *at) else { continue };
            let mut bytes = Vec::new();
            changes::write_batch(self.conn, &of, (at.cursor, of.now), rows, &mut bytes)?;
            self.due.push(bytes);
            self.streams.insert(*stream, At { cursor: of.now, ..*at });
        }
        Ok(None)
    }

    /// Sends everything after the connection's cursors.
    fn replay(&mut self, connection: &Connected) -> Result<Option<ErrorCode>, Failure> {
        if let Some(code) = self.ends(connection) {
            return Ok(Some(code));
        }
        for (stream, at) in &connection.streams {
            let Some(of) = self.of(*stream, *at) else { continue };
            let mut cursor = at.cursor;
            for sent in 0.. {
                if cursor >= of.now {
                    break;
                }
                if sent >= REPLAYED {
                    return Ok(Some(ErrorCode::TryAgain));
                }
                let (rows, to) = changes::batch(self.conn, &of, cursor)?;
                if rows.is_empty() {
                    // The phone's cursor stays as well: the next batch must begin where it is.
                    break;
                }
                let mut bytes = Vec::new();
                changes::write_batch(self.conn, &of, (cursor, to), &rows, &mut bytes)?;
                self.due.push(bytes);
                cursor = to;
            }
            self.streams.insert(*stream, At { cursor, ..*at });
        }
        Ok(None)
    }
}
