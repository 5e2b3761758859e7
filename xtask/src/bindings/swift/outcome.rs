//! Counting tests by what Swift Testing prints.

use crate::test::tally::Tally;

/// The tally of a run, with a line for each suite. `ended_well` is its exit status.
pub(super) fn of(said: &str, ended_well: bool) -> Tally {
    let (mut sum, mut suites) = (Tally::default(), Vec::<(&str, Tally)>::new());
    for line in said.lines() {
        if let Some(name) = suite(line) {
            suites.push((name, Tally::default()));
        }
        if let Some(one) = test(line) {
            sum += one;
            if let Some((_, tally)) = suites.last_mut() {
                *tally += one;
            }
        }
    }
    for (name, tally) in suites {
        let failed = if tally.failed > 0 { format!(", {} FAILED", tally.failed) } else { String::new() };
        println!("  {name}: {} passed{failed}", tally.passed);
    }
    // One that died or ran nothing has not passed.
    if sum.failed == 0 && (!ended_well || sum.passed == 0) {
        sum.failed = 1;
    }
    sum
}

/// Reads `◇ Suite StoriesTests started.`
fn suite(line: &str) -> Option<&str> {
    line.split_once(" Suite ")?.1.strip_suffix(" started.")
}

/// Reads `✔ Test "a story" passed after 0.2 seconds.`, and of the other ends.
fn test(line: &str) -> Option<Tally> {
    let (mark, end) = line.split_once(" Test ")?;
    if mark.chars().count() != 1 || end.starts_with("run ") {
        return None;
    }
    let ended = |how: &str| end.rfind(how).is_some_and(|at| end[at..].ends_with('.') || end[at..].contains("issue"));
    Some(match () {
        () if ended(" passed after ") => Tally { passed: 1, ..Tally::default() },
        () if ended(" failed after ") => Tally { failed: 1, ..Tally::default() },
        () if end.contains(" skipped") => Tally { ignored: 1, ..Tally::default() },
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
◇ Test run started.
◇ Suite StoriesTests started.
◇ Test \"a story that is told\" started.
✔ Test \"a story that is told\" passed after 0.271 seconds.
◇ Test \"a story that goes wrong\" started.
✘ Test \"a story that goes wrong\" recorded an issue at A.swift:15:5: Expectation failed: 1 == 2
✘ Test \"a story that goes wrong\" failed after 0.001 seconds with 1 issue.
✘ Suite StoriesTests failed after 1.0 seconds with 1 issue.
✘ Test run with 2 tests failed after 1.1 seconds with 1 issue.
";

    #[test]
    fn what_swift_testing_prints_is_counted() {
        let tally = of(SAID, false);
        assert_eq!((tally.passed, tally.failed, tally.ignored), (1, 1, 0));
    }

    #[test]
    fn a_run_that_dies_or_runs_nothing_counts_as_one_failure() {
        let begun = SAID.lines().take(4).collect::<Vec<_>>().join("\n");
        assert_eq!((of(&begun, false).passed, of(&begun, false).failed), (1, 1));
        assert_eq!(of("", true).failed, 1);
    }
}
