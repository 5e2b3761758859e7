//! Older posts, below the floor, as they are fetched: a bounded stretch of each feed, apart from the mirror.
//!
//! What the server answered is taken only where it is of the copy, era and grant that are held, and
//! was read no earlier than what the copy has applied: a deletion must not be undone by a late answer.

use super::{
    Flush, Store,
    mirror::{
        extent::{Extent, limit, older, put_older},
        places,
    },
    trim::{count_older, drop_outside, kept},
    values::first,
    view::View,
};
use crate::error::StoreError;
use enishi_protocol::{CommunityId, Position, Stream, older::OlderPosts};
use rusqlite::params;

/// What became of an answer with older posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderTaken {
    /// They are here.
    Yes,
    /// The phone has applied what came after the answer was read: ask again.
    Late,
    /// The answer is of another era or grant than is held: sync first.
    Other,
    /// There are none: the phone holds the feed whole, or not at all.
    None,
}

impl Store {
    /// From where down older posts of a feed can be fetched, at most `before`; none where the phone
    /// holds it whole or not at all.
    ///
    /// # Errors
    /// Those of the store.
    pub fn older_from(
        &self,
        community: CommunityId,
        stream: Stream,
        before: Position,
    ) -> Result<Option<Position>, StoreError> {
        self.view(community, |view| {
            let extent = view.copies.get(&stream).and_then(|copy| copy.extent);
            Ok(extent.map(|extent| before.min(Position(extent.floor))))
        })
    }

    /// Takes older posts of a feed, those before `before`, and drops of all that were fetched in this
    /// community the oldest fetched ones beyond `at_most`.
    ///
    /// # Errors
    /// Those of the store; then nothing was taken.
    pub fn take_older(
        &self,
        community: CommunityId,
        stream: Stream,
        before: Position,
        answer: &OlderPosts,
        at_most: usize,
    ) -> Result<OlderTaken, StoreError> {
        self.write(Flush::No, |connection| {
            let view = View::of(connection, community)?;
            let Some(copy) = view.copies.get(&stream) else { return Ok(OlderTaken::None) };
            if copy.era != Some(answer.era) || copy.grant != Some(answer.grant) {
                return Ok(OlderTaken::Other);
            }
            let Some(extent) = copy.extent else { return Ok(OlderTaken::None) };
            if copy.cursor.is_none_or(|cursor| answer.now < cursor) {
                return Ok(OlderTaken::Late);
            }
            if answer.from.0 >= extent.floor {
                return Ok(OlderTaken::Yes);
            }
            for change in &answer.changes {
                put_older(connection, copy.local, change)?;
            }
            let joined = extent.joined(answer.from.0, before.0.min(extent.floor));
            make_room(&view, copy.local, extent, joined, at_most)
        })
    }
}

/// Saves the stretch that is now held, and lets go of what is too much.
fn make_room(
    view: &View<'_>,
    copy: i64,
    was: Extent,
    joined: Extent,
    at_most: usize,
) -> Result<OlderTaken, StoreError> {
    let kept = kept(view)?;
    let mut room = at_most.saturating_sub(count_older(view.connection, copy, joined)?);
    for (other, extent) in others_newest_first(view, copy)? {
        let has = count_older(view.connection, other, extent)?;
        if has <= room {
            room -= has;
        } else {
            let empty = Extent::from_floor(extent.floor);
            empty.save(view.connection, other, false)?;
            drop_outside(view, other, empty, &kept)?;
        }
    }
    let fitting = cut(view, copy, was, joined, at_most.max(1))?;
    fitting.save(view.connection, copy, true)?;
    drop_outside(view, copy, fitting, &kept)?;
    Ok(OlderTaken::Yes)
}

fn others_newest_first(view: &View<'_>, copy: i64) -> Result<Vec<(i64, Extent)>, StoreError> {
    let mut others = Vec::new();
    for shown in view.copies.values().filter(|shown| shown.local != copy) {
        let Some(extent) = shown.extent else { continue };
        let fetched: Option<i64> = first(view.connection, "SELECT fetched FROM extent WHERE copy = ?1", [shown.local])?;
        others.push((fetched, (shown.local, extent)));
    }
    others.sort_by_key(|(fetched, _)| std::cmp::Reverse(*fetched));
    Ok(others.into_iter().map(|(_, other)| other).collect())
}

/// Shortens a stretch to so many posts, at the end that was fetched first.
fn cut(view: &View<'_>, copy: i64, was: Extent, joined: Extent, at_most: usize) -> Result<Extent, StoreError> {
    let (from, _) = places(older(copy));
    let grew_downwards = joined.low < was.low || was.low == was.high;
    let order = if grew_downwards { "ASC" } else { "DESC" };
    let sql =
        format!("SELECT place FROM post WHERE place >= ?1 AND place < ?2 ORDER BY place {order} LIMIT 2 OFFSET ?3");
    let mut statement = view.connection.prepare_cached(&sql)?;
    let bounds = params![from + joined.low, from + joined.high, limit(at_most - 1)];
    let rows = statement.query_map(bounds, |row| row.get::<_, i64>(0))?;
    let places = rows.collect::<Result<Vec<_>, _>>()?;
    let [last, _] = places[..] else { return Ok(joined) };
    let last = last - from;
    Ok(if grew_downwards { Extent { high: last + 1, ..joined } } else { Extent { low: last, ..joined } })
}
