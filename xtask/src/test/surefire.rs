//! What Maven's test runner tells, in the same figures as every other part.

use super::tally::Tally;
use crate::files;
use std::{fs, io, path::Path, time::Instant};
use tokio::process::Command;

/// Runs a build that tests, and counts what its reports in a folder say.
pub(crate) async fn run(mut maven: Command, reports: &Path) -> io::Result<Tally> {
    let started = Instant::now();
    files::remove_folder(reports)?;
    // What a test that was killed left behind goes with the next run.
    let scratch = reports.with_file_name("tmp");
    files::remove_folder(&scratch)?;
    std::fs::create_dir_all(scratch)?;
    let output = maven.output().await?;
    let (mut tally, lines) = counted(reports)?;
    tally.took = started.elapsed();
    if !output.status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    for line in lines {
        println!("  {line}");
    }
    if tally.failed > 0 {
        println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(tally)
}

/// What Surefire's reports say, and a line for each class of tests.
fn counted(reports: &Path) -> io::Result<(Tally, Vec<String>)> {
    let (mut sum, mut lines) = (Tally::default(), Vec::new());
    let Ok(folder) = fs::read_dir(reports) else { return Ok((sum, lines)) };
    let mut files = folder.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let Some((tally, class)) = text.lines().find_map(of_line) else { continue };
        let failed = if tally.failed > 0 { format!(", {} FAILED", tally.failed) } else { String::new() };
        lines.push(format!("{class}: {} passed{failed}", tally.passed));
        sum += tally;
    }
    Ok((sum, lines))
}

/// Reads `Tests run: 5, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 1.4 s -- in dev.enishi.StoriesTest`.
fn of_line(line: &str) -> Option<(Tally, &str)> {
    let (counts, class) = line.strip_prefix("Tests run: ")?.split_once(" in ")?;
    let count = |what: &str| -> Option<u64> {
        counts.split(", ").find_map(|part| part.strip_prefix(what))?.trim().parse().ok()
    };
    let run: u64 = counts.split(',').next()?.trim().parse().ok()?;
    let (failed, ignored) = (count("Failures: ")? + count("Errors: ")?, count("Skipped: ")?);
    Some((Tally { passed: run.checked_sub(failed + ignored)?, failed, ignored, ..Tally::default() }, class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surefire_reports_is_counted() {
        let line = "Tests run: 9, Failures: 1, Errors: 2, Skipped: 3, Time elapsed: 1.4 s <<< FAILURE! -- in dev.A";
        let tally = Tally { passed: 3, failed: 3, ignored: 3, ..Tally::default() };
        assert_eq!(of_line(line), Some((tally, "dev.A")));
        assert_eq!(of_line("dev.enishi.StoriesTest.a_story -- Time elapsed: 0.2 s <<< FAILURE!"), None);
    }
}
