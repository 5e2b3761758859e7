//! `cargo xtask kotlin`: the Kotlin package, from the library to the jar, and its tests.

use super::library;
use crate::{
    Failed, Outcome,
    test::{
        install::{self, Missing},
        tally::Tally,
    },
    workspace,
};
use std::{
    env::consts,
    fs, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};
use tokio::process::Command;

const INSTALL: &str = "apt-get install -y maven openjdk-17-jdk-headless";

/// How the package is made.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Put the library into the jar as it is shipped, and do not run the tests
    #[arg(long)]
    release: bool,
    /// Take the names that are exported now for those that are meant to be: rewrites `bindings/api.txt`
    #[arg(long, conflicts_with = "release")]
    accept: bool,
}

/// Makes the package and tests it.
pub(crate) async fn run(options: &Options) -> Outcome {
    if let Some(missing) = missing().await {
        return Err(missing.into());
    }
    prepare(options.release).await?;
    let mut maven = maven();
    maven.arg("package").arg(format!("-DskipTests={}", options.release));
    maven.arg(format!("-Denishi.accept={}", options.accept));
    library::succeed(maven, "Maven").await?;
    println!("{}", folder().join("build").join("enishi-0.1.0.jar").display());
    Ok(true)
}

/// Runs the package's tests and counts them.
pub(crate) async fn test() -> io::Result<Tally> {
    let started = Instant::now();
    let reports = folder().join("build").join("surefire-reports");
    match fs::remove_dir_all(&reports) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    prepare(false).await.map_err(io::Error::other)?;
    let output = maven().arg("test").output().await?;
    let (mut tally, lines) = counted(&reports)?;
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

/// Why it cannot run here; what is missing is installed where that can be done.
pub(crate) async fn missing() -> Option<Missing> {
    if there().await {
        return None;
    }
    if install::can_install().await && install::install(&["maven", "openjdk-17-jdk-headless"]).await && there().await {
        return None;
    }
    Some(Missing { why: "Maven or a JDK is not installed".into(), command: INSTALL })
}

async fn there() -> bool {
    let answers = async |program: &str| {
        let said = Command::new(program).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().await;
        said.is_ok_and(|status| status.success())
    };
    answers("mvn").await && answers("javac").await
}

/// The library in its place, and the Kotlin that calls it.
async fn prepare(release: bool) -> Result<(), Failed> {
    let library = library::build(release).await?;
    library::generate(&library, "kotlin", &folder().join("generated")).await?;
    let native = folder().join("native");
    let place = native.join(platform());
    match fs::remove_dir_all(&native) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::create_dir_all(&place)?;
    let name = library.file_name().ok_or("a library without a name")?;
    fs::copy(&library, place.join(name))?;
    Ok(())
}

/// Where everything of it is made.
fn folder() -> PathBuf {
    workspace::target().join("kotlin")
}

fn maven() -> Command {
    let mut maven = Command::new("mvn");
    maven.current_dir(workspace::root().join("bindings").join("kotlin")).stdin(Stdio::null()).kill_on_drop(true);
    maven.args(["--batch-mode", "--quiet", "--no-transfer-progress"]);
    maven.arg(format!("-Denishi.bindings={}", folder().display()));
    maven.arg(format!("-Denishi.server={}", workspace::target().join("debug").join("alumni-server").display()));
    maven
}

/// The folder in which JNA looks for this machine's library.
fn platform() -> String {
    let system = if consts::OS == "macos" { "darwin" } else { consts::OS };
    let processor = if consts::ARCH == "x86_64" { "x86-64" } else { consts::ARCH };
    format!("{system}-{processor}")
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
