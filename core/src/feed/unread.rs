//! How much of a feed this member has not read.

use crate::{
    error::StoreError,
    store::{Store, mirror::places, view::View},
};
use enishi_protocol::{CommunityId, Operation, Position, Stream, feed::ReadMark};
use rusqlite::params;
use uuid::Uuid;

/// Unread posts of one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Unread {
    /// Which feed.
    pub stream: Stream,
    /// How many, counted up to [`UNREAD_AT_MOST`].
    pub count: i64,
    /// The newest post that was read; none where nothing was.
    pub read_to: Option<Position>,
}

/// Where counting stops.
pub const UNREAD_AT_MOST: i64 = 1_000;

/// The unread posts of every feed that this member may read.
pub fn unread(store: &Store, community: CommunityId) -> Result<Vec<Unread>, StoreError> {
    store.view(community, |view| {
        let streams = view.copies.keys().copied().filter(|stream| stream.has_feed());
        streams.map(|stream| unread_in(view, stream)).collect()
    })
}

fn unread_in(view: &View<'_>, stream: Stream) -> Result<Unread, StoreError> {
    let read_to = read_to(view, stream)?;
    // What was there before this member came is not news to them.
    let since = view.copies.get(&stream).and_then(|copy| copy.grant).map_or(0, |grant| grant.0);
    let (from, to) = places(view.copy(stream));
    let after = from + read_to.map_or(since, |position| position.0.max(since));
    let seen = view.unseen.of_posts("post").map_or_else(String::new, |seen| format!("AND {seen}"));
    let count = view
        .connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM
             (SELECT 1 FROM post WHERE place > ?1 AND place <= ?2 AND author != ?3 {seen} LIMIT ?4)"
        ))?
        .query_row(params![after.min(to), to, view.member.0.as_bytes(), UNREAD_AT_MOST], |row| row.get(0))?;
    Ok(Unread { stream, count, read_to })
}

/// How far this member has read a feed. Marks only grow, so the furthest one counts.
pub(super) fn read_to(view: &View<'_>, stream: Stream) -> Result<Option<Position>, StoreError> {
    let mark: Option<ReadMark> = view.entity(view.inbox(), "read_mark", mark_id(view, stream))?;
    let waiting = view.shown_operations().filter_map(|(_, operation)| match operation {
        Operation::Read(reading) if reading.stream == stream => Some(reading.position),
        _ => None,
    });
    Ok(mark.map(|mark| mark.position).into_iter().chain(waiting).max())
}

fn mark_id(view: &View<'_>, stream: Stream) -> Uuid {
    match stream {
        Stream::Community => view.community.0,
        Stream::Group(group) => group.0,
        Stream::Member(member) => member.0,
        Stream::Desk(desk) => desk,
    }
}
