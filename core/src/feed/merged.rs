//! Several feeds read as one, a few posts of each at a time: what a window shows stands mostly in few of
//! many feeds, and every post that is read has to be decrypted and put together.

use super::details::{self, Details};
use crate::{error::StoreError, store::view::View};
use enishi_protocol::Stream;
use std::collections::BTreeSet;

/// Feeds between two positions.
pub(super) struct Merged {
    parts: Vec<Part>,
    newest_first: bool,
}

/// What is held of a feed under one local number, as far as it has not been read.
struct Part {
    of: (Stream, i64),
    from: i64,
    to: i64,
}

impl Merged {
    /// The posts of these feeds with `from <= position <= to`.
    pub(super) fn of(view: &View<'_>, streams: &BTreeSet<Stream>, (from, to): (i64, i64), newest_first: bool) -> Self {
        let parts = streams.iter().flat_map(|stream| view.parts_of(*stream).map(|part| (*stream, part)));
        Self { parts: parts.map(|of| Part { of, from, to }).collect(), newest_first }
    }

    /// At least the first `limit` of them, where there are as many, in no order. A post that stands in two of the
    /// feeds comes twice and counts once.
    pub(super) fn take(mut self, view: &View<'_>, limit: usize) -> Result<Vec<Details>, StoreError> {
        let step = (limit / self.parts.len().max(1) + 2).min(limit);
        let mut found: Vec<Details> = Vec::new();
        loop {
            let last = self.last_of(&found, limit);
            let mut ended = true;
            for part in self.parts.iter_mut().filter(|part| part.may_hold_before(last, self.newest_first)) {
                let posts = details::range(view, part.of, (part.from, part.to), self.newest_first, step)?;
                part.go_on(&posts, step, self.newest_first);
                found.extend(posts);
                ended = false;
            }
            if ended {
                return Ok(found);
            }
        }
    }

    /// The position of the last of the first `limit`; none while there are fewer.
    fn last_of(&self, found: &[Details], limit: usize) -> Option<i64> {
        let mut positions: Vec<i64> = found.iter().map(|details| details.post.entity.position.0).collect();
        positions.sort_unstable();
        positions.dedup();
        if self.newest_first {
            positions.reverse();
        }
        positions.get(limit.checked_sub(1)?).copied()
    }
}

impl Part {
    /// Whether something unread may come before that position, or at it.
    fn may_hold_before(&self, last: Option<i64>, newest_first: bool) -> bool {
        let reaches = |last: i64| if newest_first { self.to >= last } else { self.from <= last };
        self.from <= self.to && last.is_none_or(reaches)
    }

    fn go_on(&mut self, read: &[Details], step: usize, newest_first: bool) {
        match read.last().filter(|_| read.len() == step) {
            Some(details) if newest_first => self.to = details.post.entity.position.0 - 1,
            Some(details) => self.from = details.post.entity.position.0 + 1,
            None => self.to = self.from - 1,
        }
    }
}
