//! What is done while nothing else is to be done: trimming, indexing, tidying, a portion at a time.

use super::Driver;
use crate::{error::StoreError, store::Store};
use enishi_protocol::CommunityId;

/// Changes taken until feeds are trimmed again: looking for what is below the floor costs as much as
/// the floor is deep.
const TRIM_EVERY: usize = 500;

/// What may be to be done when idle.
#[expect(clippy::struct_excessive_bools, reason = "each is a chore of its own, and any of them may be due")]
pub(super) struct Chores {
    /// Feeds may have grown beyond the floor.
    trim: bool,
    /// Posts may await the search index.
    index: bool,
    /// A first sync has filled the store's log.
    tidy: bool,
    /// Something may be bookmarked that is not here.
    bookmarked: bool,
    /// Changes taken since feeds were looked at for trimming.
    taken: usize,
    /// Files may have been picked that nothing shows any more.
    picked: bool,
}

impl Default for Chores {
    /// An app that was just started does not know what its last run left undone.
    fn default() -> Self {
        Self { trim: true, index: true, tidy: false, bookmarked: false, picked: true, taken: 0 }
    }
}

impl Chores {
    /// Whether there is anything to do.
    pub(super) fn wait(&self) -> bool {
        self.trim || self.index || self.tidy || self.bookmarked || self.picked
    }

    /// The phone is in step, or has taken some of what is bookmarked.
    pub(super) fn look_for_bookmarked(&mut self) {
        self.bookmarked = true;
    }

    /// So many changes were taken, and whether pages of a first sync came.
    pub(super) fn took(&mut self, changes: usize, pages: bool) {
        self.index = true;
        self.tidy |= pages;
        self.taken += changes;
        self.picked = true;
        if pages || self.taken >= TRIM_EVERY {
            (self.trim, self.taken) = (true, 0);
        }
    }

    fn do_some(
        &mut self,
        store: &Store,
        community: CommunityId,
        floor_posts: usize,
        now_us: i64,
    ) -> Result<(), StoreError> {
        if self.trim {
            self.trim = store.trim_some(community, floor_posts)?;
        } else if self.index {
            self.index = store.index_some()? > 0;
        } else if self.picked {
            store.forget_picked(now_us)?;
            self.picked = false;
        } else {
            store.tidy()?;
            self.tidy = false;
        }
        Ok(())
    }
}

impl Driver {
    /// Does one portion of what is to be done.
    pub(super) async fn idle(&mut self) {
        let (local, floor_posts) = (&self.parts.local, self.parts.floor_posts);
        let (trims, now_us) = (self.chores.trim, self.parts.surroundings.now_us());
        // A feed that is about to be trimmed still has what is bookmarked in it.
        let done = if self.chores.bookmarked && !trims {
            self.chores.bookmarked = false;
            self.fetch_bookmarked()
        } else {
            self.chores.do_some(local.store(), local.community(), floor_posts, now_us)
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the store could not be put in order");
            self.chores = Chores { trim: false, index: false, tidy: false, bookmarked: false, picked: false, taken: 0 };
        }
        if trims {
            (self.parts.changed)();
        }
        tokio::task::yield_now().await;
    }
}
