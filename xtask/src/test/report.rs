//! The account at the end: a table of parts, and one closing line.

use super::{install::Missing, part::Part, tally::Tally};
use std::time::Duration;

/// What became of each part.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<(Part, Result<Tally, String>)>,
}

impl Report {
    /// Notes a part that ran.
    pub(crate) fn ran(&mut self, part: Part, tally: Tally) {
        self.rows.push((part, Ok(tally)));
    }

    /// Notes a part that could not run, and says so at once.
    pub(crate) fn not_run(&mut self, part: Part, missing: &Missing) {
        println!("{}: not run: {missing}\n", part.name());
        self.rows.push((part, Err(missing.to_string())));
    }

    /// Whether some part did not run that is none of those that may be left out.
    pub(crate) fn has_gaps(&self, may_lack: &[Part]) -> bool {
        self.rows.iter().any(|(part, row)| row.is_err() && !may_lack.contains(part))
    }

    /// Whether no test failed, and there was one.
    pub(crate) fn all_passed(&self) -> bool {
        let sum = self.sum();
        sum.failed == 0 && sum.passed > 0
    }

    fn sum(&self) -> Tally {
        let mut sum = Tally::default();
        for tally in self.rows.iter().filter_map(|(_, row)| row.as_ref().ok()) {
            sum += *tally;
        }
        sum
    }

    /// Prints the table; the last line is `N passed, N failed`.
    pub(crate) fn print(&self) {
        println!("{:<10} {:>8} {:>8} {:>8} {:>9}", "part", "passed", "failed", "left out", "time");
        for (part, row) in &self.rows {
            match row {
                Ok(tally) => println!(
                    "{:<10} {:>8} {:>8} {:>8} {:>9}",
                    part.name(),
                    tally.passed,
                    tally.failed,
                    tally.ignored,
                    seconds(tally.took)
                ),
                Err(missing) => println!("{:<10} not run: {missing}", part.name()),
            }
        }
        let sum = self.sum();
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
    }
}

/// A duration for people: `0.4 s`, `83.0 s`.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_part_that_may_be_left_out_is_no_gap() {
        let mut report = Report::default();
        report.ran(Part::Unit, Tally { passed: 1, ..Tally::default() });
        assert!(!report.has_gaps(&[]));
        report.not_run(Part::Swift, &Missing { why: "no right to mount".into(), command: "" });
        assert!(report.has_gaps(&[]) && report.has_gaps(&[Part::Android]));
        assert!(!report.has_gaps(&[Part::Swift]));
    }
}
