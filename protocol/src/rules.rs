//! The rules of the sync contract by name, so that a test can break each one and see it caught.
//!
//! In a product every rule is on and asking costs nothing. With the feature `breakable`, which only
//! the tests' crate enables, [`without`] runs code with one rule off on the present thread.

/// A rule that phone or server keeps. `docs/sync.md` tells what each is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A mutation is decided once, by its id within the membership.
    DedupeById,
    /// A batch is applied only for the grant that the phone holds.
    GrantCheck,
    /// A batch is applied only where it starts at or before the cursor.
    GapCheck,
    /// Tombstones are kept until a first sync is finished.
    KeepTombstones,
    /// Cursors, results and batches of another era are not believed.
    EraCheck,
    /// Nothing is decided after a predecessor that is not.
    Predecessor,
    /// An accepted write stays in the overlay until the cursor passes it.
    OverlayUntilCursor,
    /// Live batches read grants in the snapshot of the changes.
    HubSnapshot,
    /// Moving a post moves what hangs on it.
    DependantsMove,
    /// A batch that ends at or before the cursor is ignored.
    StaleBatch,
    /// A page counts only for the first sync and the place that await it.
    AwaitedPage,
    /// A result names a version per stream.
    ResultStreams,
    /// The cursor that ends an overlay is that of what is shown, of the same era, with its first sync finished.
    OverlayFinished,
    /// An overlay ends only once the cursor has reached every snapshot that was applied.
    OverlayWhole,
    /// A new era turns accepted writes still in the overlay back into waiting ones.
    EraOverlay,
    /// A request of another era decides nothing.
    EraRequest,
    /// A new era is adopted only from the answer to a request of the present one.
    EraAnswer,
    /// An edit names the mutation that wrote the text it was made on.
    BaseMutation,
    /// On a lost grant waiting writes stay until the server has decided them.
    LostGrantWaits,
    /// A write that waits for something else is nobody's predecessor.
    HeldPassed,
    /// A repeat first sent before the results' horizon is refused, not decided again.
    Expiry,
    /// A restore refuses erased ids that the backup does not know.
    ErasedIds,
    /// Changes wait until what was sent has its result.
    ResultsFirst,
    /// Dropping a stream is flushed.
    FlushDrop,
}

impl Rule {
    /// All rules.
    pub const ALL: &[Self] = &[
        Self::DedupeById,
        Self::GrantCheck,
        Self::GapCheck,
        Self::KeepTombstones,
        Self::EraCheck,
        Self::Predecessor,
        Self::OverlayUntilCursor,
        Self::HubSnapshot,
        Self::DependantsMove,
        Self::StaleBatch,
        Self::AwaitedPage,
        Self::ResultStreams,
        Self::OverlayFinished,
        Self::OverlayWhole,
        Self::EraOverlay,
        Self::EraRequest,
        Self::EraAnswer,
        Self::BaseMutation,
        Self::LostGrantWaits,
        Self::HeldPassed,
        Self::Expiry,
        Self::ErasedIds,
        Self::ResultsFirst,
        Self::FlushDrop,
    ];
}

#[cfg(not(feature = "breakable"))]
/// Whether a rule is kept: always.
#[inline]
pub const fn on(_rule: Rule) -> bool {
    true
}

#[cfg(feature = "breakable")]
pub use breakable::{on, without};

#[cfg(feature = "breakable")]
mod breakable {
    use super::Rule;
    use std::cell::Cell;

    thread_local! {
        static BROKEN: Cell<Option<Rule>> = const { Cell::new(None) };
    }

    /// Whether a rule is kept on this thread.
    pub fn on(rule: Rule) -> bool {
        BROKEN.get() != Some(rule)
    }

    /// Runs `code` with one rule broken on this thread, also where it panics.
    pub fn without<T>(rule: Rule, code: impl FnOnce() -> T) -> T {
        struct Mend;
        impl Drop for Mend {
            fn drop(&mut self) {
                BROKEN.set(None);
            }
        }
        BROKEN.set(Some(rule));
        let _mend = Mend;
        code()
    }
}
