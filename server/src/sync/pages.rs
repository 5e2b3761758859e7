//! First sync of a stream, page by page, and older pages beyond what a phone holds.
//!
//! The first page is complete for the first screen and does not depend on the history's length
//! (rule R6). Then come the other kinds as of the version at the start, then the feed, or the messages
//! of an inbox, from newest to oldest. What changes meanwhile comes by pulling from that version.

use super::changes::{self, Of, READY, Ready, fitting, one_more};
use crate::{
    db::{Connection, DbError},
    directory, grants, values,
    writing::Failure,
};
use enishi_protocol::{
    CommunityId, Era, ErrorCode, Grant, MemberId, Position, Stream, Version, limits::portions, sync::Place,
};
use uuid::Uuid;

/// People of either sort on the first page.
const FEW: usize = 50;

/// A page that was read.
pub(super) struct PageRead {
    pub(super) v0: Version,
    pub(super) rows: Vec<Ready>,
    pub(super) next: Option<Place>,
}

/// Where a first sync stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Start,
    /// Other kinds after this version.
    Others {
        v0: Version,
        after: Version,
    },
    /// The feed before this row, with so many posts sent.
    Feed {
        v0: Version,
        before: (Position, Version),
        posts: usize,
    },
}

impl Stand {
    /// Reads a place; none for one that this build did not make.
    fn read(place: &Place) -> Option<Self> {
        if place.is_start() {
            return Some(Self::Start);
        }
        let mut parts = place.0.split('.');
        let kind = parts.next()?;
        let numbers = parts.map(str::parse).collect::<Result<Vec<i64>, _>>().ok()?;
        match (kind, numbers.as_slice()) {
            ("o", [v0, after]) => Some(Self::Others { v0: Version(*v0), after: Version(*after) }),
            ("f", [v0, position, version, posts]) => Some(Self::Feed {
                v0: Version(*v0),
                before: (Position(*position), Version(*version)),
                posts: usize::try_from(*posts).ok()?,
            }),
            _ => None,
        }
    }

    fn place(self) -> Place {
        match self {
            Self::Start => Place::start(),
            Self::Others { v0, after } => Place(format!("o.{v0}.{after}")),
            Self::Feed { v0, before: (position, version), posts } => {
                Place(format!("f.{v0}.{position}.{version}.{posts}"))
            }
        }
    }
}

/// Reads the page at a place; none where the place means nothing here.
pub(super) fn page(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    of: &Of,
    place: &Place,
) -> Result<Option<PageRead>, Failure> {
    let reading = Reading { community, stream: of.stream };
    let (v0, rows, next) = match Stand::read(place) {
        Some(Stand::Start) => reading.start(conn, reader, of.now)?,
        Some(Stand::Others { v0, after }) if v0 <= of.now => reading.others(conn, v0, after)?,
        Some(Stand::Feed { v0, before, posts }) if v0 <= of.now && reading.has_history() => {
            reading.feed(conn, v0, before, posts)?
        }
        _ => return Ok(None),
    };
    Ok(Some(PageRead { v0, rows, next: next.map(Stand::place) }))
}

type Read = (Version, Vec<Ready>, Option<Stand>);

#[derive(Clone, Copy)]
struct Reading {
    community: CommunityId,
    stream: Stream,
}

impl Reading {
    /// Whether something in it stands in an order of its own: posts in a feed, messages in an inbox.
    fn has_history(self) -> bool {
        self.stream.has_feed() || matches!(self.stream, Stream::Member(_))
    }

    fn start(self, conn: &mut dyn Connection, reader: MemberId, now: Version) -> Result<Read, Failure> {
        if self.is_small(conn)? {
            return Ok((now, self.whole(conn)?, None));
        }
        let mut rows = match self.stream {
            Stream::Community => self.kinds(conn, "'community', 'welcome'")?,
            Stream::Group(_) => self.kinds(conn, "'group'")?,
            Stream::Member(_) | Stream::Desk(_) => self.kinds(
                conn,
                "'grant', 'duty', 'read_mark', 'own_profile', 'block', 'mute', 'unseen', 'notification_mark',
                 'notification_settings', 'messaging'",
            )?,
        };
        if self.stream.has_feed() {
            rows.append(&mut self.first_screen(conn)?);
        } else if self.has_history() {
            rows.append(&mut self.first_messages(conn)?);
        }
        if self.stream == Stream::Community {
            rows.append(&mut self.people_one_knows(conn, reader)?);
            rows.sort_by_key(|row| row.version);
            rows.dedup_by_key(|row| row.version);
        }
        sort(&mut rows);
        Ok((now, rows, Some(Stand::Others { v0: now, after: Version(0) })))
    }

    /// Looks at one index only, and at no more of it than a small stream has.
    fn is_small(self, conn: &mut dyn Connection) -> Result<bool, DbError> {
        let small = i64::try_from(portions().whole_stream).unwrap_or(i64::MAX);
        let row = conn.first(
            "SELECT version FROM change WHERE community = $1 AND stream = $2 ORDER BY version LIMIT 1 OFFSET $3",
            values![self.community, self.stream, small],
        )?;
        Ok(row.is_none())
    }

    fn whole(self, conn: &mut dyn Connection) -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.body IS NOT NULL
                 ORDER BY c.version"
            ),
            values![self.community, self.stream],
        )?;
        let mut rows = Ready::read_all(&rows)?;
        sort(&mut rows);
        Ok(rows)
    }

    fn kinds(self, conn: &mut dyn Connection, kinds: &str) -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c
                 WHERE c.community = $1 AND c.stream = $2 AND c.kind IN ({kinds}) AND c.body IS NOT NULL LIMIT $3"
            ),
            values![self.community, self.stream, one_more()],
        )?;
        Ready::read_all(&rows)
    }

    /// The newest posts and the pinned ones, with counts and authors.
    fn first_screen(self, conn: &mut dyn Connection) -> Result<Vec<Ready>, DbError> {
        let newest = format!(
            "SELECT id, author FROM post WHERE community = $1 AND stream = $2 ORDER BY position DESC LIMIT {}",
            portions().first_posts
        );
        // With an end it is read by its own index; without one, for authors, by theirs: through the whole community.
        let pinned = format!(
            "SELECT id, author FROM post WHERE community = $1 AND stream = $2 AND pinned = 1 LIMIT {}",
            portions().changes
        );
        let author = if self.stream == Stream::Community { "'member'" } else { "'group_member'" };
        let mut found: Vec<Ready> = Vec::new();
        for (kinds, column) in [("'post', 'counts'", "id"), (author, "author")] {
            for posts in [&newest, &pinned] {
                let rows = conn.query(
                    &format!(
                        "SELECT {READY} FROM (SELECT DISTINCT {column} AS id FROM ({posts}) AS posts) AS p
                         JOIN change c ON c.community = $1 AND c.stream = $2 AND c.kind IN ({kinds}) AND c.id = p.id
                         WHERE c.body IS NOT NULL"
                    ),
                    values![self.community, self.stream],
                )?;
                found.append(&mut Ready::read_all(&rows)?);
            }
        }
        found.sort_by_key(|row| row.version);
        found.dedup_by_key(|row| row.version);
        Ok(found)
    }

    /// Who runs the community, and who was in the reader's department, as far as they show it to everyone:
    /// what the first screen after joining needs.
    fn people_one_knows(self, conn: &mut dyn Connection, reader: MemberId) -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM (SELECT id FROM
                    (SELECT id FROM member WHERE community = $1 AND role IN ('owner', 'admin') AND standing = 'active'
                     LIMIT {FEW}) AS runs
                 UNION SELECT id FROM
                    (SELECT other.member AS id FROM profile_field own JOIN profile_field other
                     ON other.community = own.community AND other.field = own.field AND other.value = own.value
                     AND other.audience = 'everyone'
                     WHERE own.community = $1 AND own.member = $3 AND own.field = 'department' LIMIT {FEW}) AS near) AS p
                 JOIN change c ON c.community = $1 AND c.stream = $2 AND c.kind IN ('member', 'profile') AND c.id = p.id
                 WHERE c.body IS NOT NULL"
            ),
            values![self.community, self.stream, reader],
        )?;
        Ready::read_all(&rows)
    }

    /// The newest messages, with the conversations that they are in.
    fn first_messages(self, conn: &mut dyn Connection) -> Result<Vec<Ready>, DbError> {
        let newest = format!(
            "SELECT id FROM change WHERE community = $1 AND stream = $2 AND position IS NOT NULL AND body IS NOT NULL
             ORDER BY position DESC, version DESC LIMIT {}",
            portions().first_posts
        );
        let messages = format!(
            "SELECT {READY} FROM ({newest}) AS newest
             JOIN change c ON c.community = $1 AND c.stream = $2 AND c.kind = 'message' AND c.id = newest.id"
        );
        let conversations = format!(
            "SELECT {READY} FROM (SELECT DISTINCT m.conversation AS id FROM ({newest}) AS newest
                JOIN message m ON m.community = $1 AND m.id = newest.id) AS shown
             JOIN change c ON c.community = $1 AND c.stream = $2 AND c.kind IN ('conversation', 'conversation_mark')
                AND c.id = shown.id WHERE c.body IS NOT NULL"
        );
        let mut found = Vec::new();
        for sql in [messages, conversations] {
            found.append(&mut Ready::read_all(&conn.query(&sql, values![self.community, self.stream])?)?);
        }
        Ok(found)
    }

    fn others(self, conn: &mut dyn Connection, v0: Version, after: Version) -> Result<Read, Failure> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.position IS NULL
                 AND c.body IS NOT NULL AND c.version > $3 AND c.version <= $4 ORDER BY c.version LIMIT $5"
            ),
            values![self.community, self.stream, after, v0, one_more()],
        )?;
        let mut rows = Ready::read_all(&rows)?;
        let fits = fitting(&rows);
        let next = if fits < rows.len() {
            Some(Stand::Others { v0, after: rows[fits - 1].version })
        } else if self.stream.has_feed() || self.has_history() && self.has_messages(conn)? {
            Some(Stand::Feed { v0, before: (Position(i64::MAX), Version(i64::MAX)), posts: 0 })
        } else {
            None
        };
        rows.truncate(fits);
        Ok((v0, rows, next))
    }

    fn has_messages(self, conn: &mut dyn Connection) -> Result<bool, DbError> {
        let row = conn.first(
            "SELECT 1 FROM change WHERE community = $1 AND stream = $2 AND position IS NOT NULL AND body IS NOT NULL
             LIMIT 1",
            values![self.community, self.stream],
        )?;
        Ok(row.is_some())
    }

    fn feed(
        self,
        conn: &mut dyn Connection,
        v0: Version,
        before: (Position, Version),
        posts: usize,
    ) -> Result<Read, Failure> {
        let mut rows = self.feed_rows(conn, before)?;
        let fits = fitting(&rows);
        let mut next = fits < rows.len();
        rows.truncate(fits);
        let mut posts = posts;
        let end = rows.iter().position(|row| {
            posts += usize::from(row.kind == "post");
            posts > portions().floor_posts
        });
        if let Some(end) = end {
            // The post that is one too many may have dependants before it in this order.
            let over = rows[end].position;
            rows.retain(|row| row.position > over);
            next = false;
        }
        let last = rows.last().and_then(|row| Some((row.position?, row.version)));
        let stand = last.filter(|_| next).map(|before| Stand::Feed { v0, before, posts });
        sort(&mut rows);
        Ok((v0, rows, stand))
    }

    fn feed_rows(self, conn: &mut dyn Connection, before: (Position, Version)) -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.position IS NOT NULL
                 AND c.body IS NOT NULL AND (c.position, c.version) < ($3, $4)
                 ORDER BY c.position DESC, c.version DESC LIMIT $5"
            ),
            values![self.community, self.stream, before.0, before.1, one_more()],
        )?;
        Ready::read_all(&rows)
    }
}

impl Reading {
    /// A post that so much hangs on that it might not fit in with it.
    fn post_at(self, conn: &mut dyn Connection, position: Position) -> Result<Vec<Ready>, DbError> {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2 AND c.position = $3
                 AND c.kind IN ('post', 'counts') AND c.body IS NOT NULL"
            ),
            values![self.community, self.stream, position],
        )?;
        Ready::read_all(&rows)
    }
}

/// Rows are stored in the order of the feed: an index grows at its end.
fn sort(rows: &mut [Ready]) {
    rows.sort_by_key(|row| (row.position, row.version));
}

/// An older part of a feed that was read.
pub struct OlderRead {
    /// The snapshot's version.
    pub now: Version,
    /// The snapshot's era.
    pub era: Era,
    /// The grant under which it was read.
    pub grant: Grant,
    /// Every post from this position up to the one asked for was read.
    pub from: Position,
    /// A JSON array of changes: the posts with what hangs on them, ascending.
    pub changes: Vec<u8>,
}

/// An older page of a feed, for whoever scrolls beyond what their phone holds: the posts before a
/// position.
///
/// # Errors
/// [`ErrorCode::NotFound`] where the member may not read the stream.
pub fn older(
    conn: &mut dyn Connection,
    community: CommunityId,
    reader: MemberId,
    stream: Stream,
    before: Position,
) -> Result<OlderRead, Failure> {
    let granted = if stream.has_feed() { grants::of(conn, community, reader, stream)? } else { None };
    let grant = granted.ok_or(ErrorCode::NotFound)?;
    let row = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    let reading = Reading { community, stream };
    let mut rows = reading.feed_rows(conn, (before, Version(0)))?;
    let fits = fitting(&rows);
    let more = fits < rows.len();
    rows.truncate(fits);
    if more && let Some(cut) = rows.last().and_then(|row| row.position) {
        // The oldest post may have been cut from what hangs on it: it is left for the next page,
        // unless it fills this one alone.
        if rows.iter().any(|row| row.position != Some(cut)) {
            rows.retain(|row| row.position != Some(cut));
        } else {
            rows.append(&mut reading.post_at(conn, cut)?);
        }
    }
    sort(&mut rows);
    rows.dedup_by_key(|row| row.version);
    let oldest = rows.first().and_then(|row| row.position);
    let from = if more { oldest.unwrap_or_default() } else { Position(0) };
    let mut changes = Vec::new();
    changes::array(&rows, &mut changes)?;
    Ok(OlderRead { now: row.version, era: row.era, grant, from, changes })
}

/// The changes of some posts and comments that were found, as a JSON array; only what the stream has.
///
/// # Errors
/// That the database failed.
pub fn with_ids(conn: &mut dyn Connection, community: CommunityId, of: &[(Stream, Uuid)]) -> Result<Vec<u8>, Failure> {
    let mut found = Vec::new();
    for (stream, id) in of {
        let rows = conn.query(
            &format!(
                "SELECT {READY} FROM change c WHERE c.community = $1 AND c.stream = $2
                 AND c.kind IN ('post', 'comment', 'counts') AND c.id = $3 AND c.body IS NOT NULL"
            ),
            values![community, *stream, *id],
        )?;
        found.append(&mut Ready::read_all(&rows)?);
    }
    let mut out = Vec::new();
    changes::array(&found, &mut out)?;
    Ok(out)
}
