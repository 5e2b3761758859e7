//! Chance from a seed that is printed where a test fails, and how much of it a test takes.
//!
//! `ENISHI_TEST_SEED=…` sets another seed; `ENISHI_TEST_LONG` lets faults strike as often as `docs/reliability.md`
//! says, and not only as often as everybody has time for.

use rand::{SeedableRng, rngs::StdRng};
use std::env;

/// The seed of everything that nobody chose another for.
const SEED: u64 = 20_261_124;

/// The seed, shown where the test fails.
pub fn seed() -> u64 {
    let seed = env::var("ENISHI_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    #[allow(clippy::print_stdout, reason = "a test shows what it printed where it fails")]
    {
        println!("ENISHI_TEST_SEED={seed}");
    }
    seed
}

/// Chance from the seed.
pub fn dice() -> StdRng {
    StdRng::seed_from_u64(seed())
}

/// How often, or how much: less where a test must not take long.
pub fn times<T>(short: T, long: T) -> T {
    if env::var_os("ENISHI_TEST_LONG").is_some() { long } else { short }
}

/// The same, where `ENISHI_TEST_CASES` may say another number.
pub fn cases(short: usize, long: usize) -> usize {
    let set = env::var("ENISHI_TEST_CASES").ok().and_then(|cases| cases.parse().ok());
    set.unwrap_or_else(|| times(short, long))
}
