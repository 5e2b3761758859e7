//! Which stretch of several feeds can be shown without a gap: below a feed's floor posts are missing
//! that only the server has, and nothing may be shown beyond as if they were not.

use super::ToFetch;
use crate::store::{mirror::extent::Extent, view::View};
use enishi_protocol::{Position, Stream};
use std::collections::BTreeSet;

/// How many positions above a gap's lower end are asked for, so that what comes meets what is held.
const STEP: i64 = 500;

/// The positions `low <= position < high`, of which every post is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) low: i64,
    pub(super) high: i64,
    ends_below: Option<Stream>,
    ends_above: Option<Stream>,
}

impl Reach {
    /// Around a position, or the next above it.
    pub(super) fn of(view: &View<'_>, streams: &BTreeSet<Stream>, mut middle: i64) -> Self {
        loop {
            let mut reach = Self { low: 0, high: i64::MAX, ends_below: None, ends_above: None };
            for (stream, extent) in extents(view, streams) {
                let (low, high) = extent.around(middle);
                if low > reach.low {
                    (reach.low, reach.ends_below) = (low, Some(stream));
                }
                if high < reach.high {
                    (reach.high, reach.ends_above) = (high, Some(stream));
                }
            }
            // Where the feeds have no stretch in common here, they have one further up.
            if reach.low < reach.high {
                return reach;
            }
            middle = reach.low;
        }
    }

    /// What is to be fetched below.
    pub(super) fn older(self) -> Option<ToFetch> {
        let stream = self.ends_below?;
        Some(ToFetch { stream, before: Position(self.low), offline: false })
    }

    /// What is to be fetched above.
    pub(super) fn newer(self, view: &View<'_>) -> Option<ToFetch> {
        let stream = self.ends_above?;
        let floor = view.copies.get(&stream)?.extent?.floor;
        let before = floor.min(self.high.saturating_add(STEP));
        Some(ToFetch { stream, before: Position(before), offline: false })
    }
}

/// The feeds that are not held whole.
pub(super) fn extents<'v>(
    view: &'v View<'_>,
    streams: &'v BTreeSet<Stream>,
) -> impl Iterator<Item = (Stream, Extent)> + 'v {
    streams.iter().filter_map(|stream| Some((*stream, view.copies.get(stream)?.extent?)))
}
