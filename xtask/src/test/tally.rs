//! Counting tests by what libtest prints.

use std::{ops::AddAssign, time::Duration};

/// How many tests did what, and how long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed; a program that ended without a result counts as one.
    pub(crate) failed: u64,
    /// Tests that were left for `--long`.
    pub(crate) ignored: u64,
    /// From start to end.
    pub(crate) took: Duration,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.took += other.took;
    }
}

impl Tally {
    /// Reads a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`; none for all other lines.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| {
            counts.split("; ").find_map(|part| part.strip_suffix(what)?.trim().parse().ok()).unwrap_or_default()
        };
        Some(Self { passed: count("passed"), failed: count("failed"), ignored: count("ignored"), took: Duration::ZERO })
    }

    /// The tally of one program's output; `ended_well` is its exit status.
    pub(crate) fn of_output(lines: &[String], ended_well: bool, took: Duration) -> Self {
        let mut tally = Self { took, ..Self::default() };
        for line in lines.iter().filter_map(|line| Self::read(line)) {
            tally += line;
        }
        if !ended_well && tally.failed == 0 {
            tally.failed = 1;
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_counted_and_other_lines_are_not() {
        let line = "test result: FAILED. 12 passed; 2 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(Tally::read(line), Some(Tally { passed: 12, failed: 2, ignored: 3, took: Duration::ZERO }));
        assert_eq!(Tally::read("test result_is_read ... ok"), None);
    }

    #[test]
    fn a_program_that_dies_without_a_result_counts_as_one_failure() {
        let tally = Tally::of_output(&["running 5 tests".to_owned()], false, Duration::ZERO);
        assert_eq!((tally.passed, tally.failed), (0, 1));
    }
}
