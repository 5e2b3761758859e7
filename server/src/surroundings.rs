//! Clock, randomness and ids, so that a simulation can decide all three.

use rand::{Rng, rngs::ThreadRng};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// What the server takes from the world around it besides its database and its sockets.
pub trait Surroundings: Send + Sync {
    /// Microseconds since 1970 UTC.
    fn now_us(&self) -> i64;

    /// Fills `bytes` with unpredictable bytes fit for secrets.
    fn random(&self, bytes: &mut [u8]);

    /// A new random id (UUIDv4: an id made here tells no time).
    fn new_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.random(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The real clock and the system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealSurroundings;

impl Surroundings for RealSurroundings {
    fn now_us(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }

    fn random(&self, bytes: &mut [u8]) {
        ThreadRng::default().fill_bytes(bytes);
    }
}
