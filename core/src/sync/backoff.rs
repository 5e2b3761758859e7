//! How long to wait after a failed call: exponential, with full jitter, so that phones that lost
//! the same server do not come back to it together.

use std::time::Duration;

/// The first failure waits at most so long.
const FIRST: Duration = Duration::from_secs(1);
/// No wait is longer, unless the server asks for it.
const LONGEST: Duration = Duration::from_mins(5);

/// Counts failures in a row and turns them into waits. Pure: chance is passed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A call went well: the next failure waits little again.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// A call failed: how long to wait before the next. `chance` is uniform over its whole range.
    ///
    /// Where the server named a time it is kept to, and chance adds up to a quarter of it.
    pub fn failed(&mut self, chance: u32, retry_after: Option<Duration>) -> Duration {
        let ceiling = FIRST.saturating_mul(2_u32.saturating_pow(self.failures.min(16))).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let share = f64::from(chance) / f64::from(u32::MAX);
        match retry_after {
            Some(asked) => asked + asked.mul_f64(share / 4.0),
            None => ceiling.mul_f64(share),
        }
    }

    /// Failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_ceiling_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<_> = (0..12).map(|_| backoff.failed(u32::MAX, None).as_secs()).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        backoff.succeeded();
        assert_eq!(backoff.failed(u32::MAX, None), FIRST);
        assert_eq!(backoff.failures(), 1);
    }

    #[test]
    fn chance_spreads_a_wait_over_its_whole_range() {
        let wait = |chance| Backoff { failures: 4 }.failed(chance, None);
        assert_eq!(wait(0), Duration::ZERO);
        assert_eq!(wait(u32::MAX / 2).as_secs(), 7);
        assert_eq!(wait(u32::MAX).as_secs(), 16);
    }

    #[test]
    fn a_time_that_the_server_names_is_never_undercut() {
        for chance in [0, 1, u32::MAX / 3, u32::MAX] {
            let wait = Backoff::default().failed(chance, Some(Duration::from_secs(40)));
            assert!((40..=50).contains(&wait.as_secs()), "{wait:?}");
        }
    }
}
