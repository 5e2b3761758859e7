//! Clock, randomness and ids, so that a simulation can decide all three.

use rand::{Rng, rngs::ThreadRng};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// What the phone takes from the world around it besides its store and its network.
pub trait Surroundings: Send + Sync {
    /// Microseconds since 1970 UTC by the phone's clock, which may be wrong by days.
    fn now_us(&self) -> i64;

    /// Fills `bytes` with unpredictable bytes fit for secrets.
    fn random(&self, bytes: &mut [u8]);

    /// A new id (UUIDv7), for what a member makes here.
    fn new_id(&self) -> Uuid {
        let mut bytes = [0; 10];
        self.random(&mut bytes);
        let millis = u64::try_from(self.now_us() / 1_000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// 32 unpredictable bytes.
    fn new_secret(&self) -> zeroize::Zeroizing<[u8; 32]> {
        let mut secret = zeroize::Zeroizing::new([0; 32]);
        self.random(secret.as_mut());
        secret
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
