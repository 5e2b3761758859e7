//! The rules R1 to R8 of the contract, each with tests that fail once it is broken. `docs/sync.md`
//! says where each is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "this crate is tests")]

mod r1_nothing_lost;
mod r2_order;
mod r3_reading_rights;
mod r4_refused;
mod r5_stale_equals_fresh;
mod r6_first_screen;
mod r7_cost;
mod r8_offline;
mod town;

/// The phone of the member who runs a simulated community.
const ANN: usize = 0;
/// A member's phone.
const BEN: usize = 1;

/// The seed of a random test: a new one, or the one in `ENISHI_TEST_SEED`. A test that fails shows it.
#[allow(clippy::print_stdout, reason = "a test that fails shows its seed")]
fn seed() -> u64 {
    let seed = std::env::var("ENISHI_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("ENISHI_TEST_SEED={seed}");
    seed
}
