//! A clock that only acts move, and randomness from a counter.

use enishi_server::surroundings::Surroundings;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The world around the simulated server.
#[derive(Debug, Default)]
pub(super) struct SimSurroundings {
    now_us: AtomicI64,
    drawn: AtomicU64,
}

impl SimSurroundings {
    /// Lets time pass.
    pub(super) fn pass(&self, us: i64) {
        self.now_us.fetch_add(us, Ordering::Relaxed);
    }

    /// The same beginning for every simulation, whether its community was made anew or copied.
    pub(super) fn begin_afresh(&self) {
        self.now_us.store(1_000_000_000, Ordering::Relaxed);
        self.drawn.store(1_000_000, Ordering::Relaxed);
    }
}

impl Surroundings for SimSurroundings {
    /// Every look at the clock takes a microsecond, so that no two times are equal.
    fn now_us(&self) -> i64 {
        self.now_us.fetch_add(1, Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            piece.copy_from_slice(&drawn.to_be_bytes()[..piece.len()]);
        }
    }
}
