//! A server's clock that goes as the real one does, and lets days pass when a story says so.

use enishi_server::surroundings::{RealSurroundings, Surroundings};
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

/// The real clock, ahead by what has been let pass.
#[derive(Debug, Default)]
pub struct PassingClock(AtomicI64);

impl PassingClock {
    /// Lets time pass at once.
    pub fn pass(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Surroundings for PassingClock {
    fn now_us(&self) -> i64 {
        RealSurroundings.now_us() + self.0.load(Ordering::SeqCst)
    }

    fn random(&self, bytes: &mut [u8]) {
        RealSurroundings.random(bytes);
    }
}
