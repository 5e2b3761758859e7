//! `cargo xtask swift`: the Swift package, from the library to a folder that an app depends on, and its tests.

mod outcome;
mod package;
mod root;
mod toolchain;

use super::library;
use crate::{
    Failed, Outcome,
    test::{install::Missing, tally::Tally},
    workspace,
};
use package::Package;
use std::{
    io,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{process::Command, time};
use toolchain::Toolchain;

/// What the tests may take once they are built: one that hangs fails.
const LIMIT: Duration = Duration::from_mins(10);

/// How the package is made.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Put the library into the package as it is shipped, and do not run the tests
    #[arg(long)]
    release: bool,
}

/// Makes the package and tests it.
pub(crate) async fn run(options: &Options) -> Outcome {
    let swift = toolchain::find().await?;
    let package = package::lay_out(options.release).await?;
    if options.release {
        let build = ["build", "--quiet", "--configuration", "release", "--product", "Enishi"];
        library::succeed(swift.command(&package, &build), "building the package").await?;
        println!("{}", package.folder().display());
        return Ok(true);
    }
    let tally = check(&swift, &package).await?;
    println!("{}", package.folder().display());
    Ok(tally.failed == 0)
}

/// Runs the package's tests and counts them.
pub(crate) async fn test() -> io::Result<Tally> {
    let started = Instant::now();
    let mut tally = match toolchain::find().await {
        Ok(swift) => check(&swift, &package::lay_out(false).await.map_err(io::Error::other)?).await?,
        Err(missing) => {
            println!("  {missing}");
            Tally { failed: 1, ..Tally::default() }
        }
    };
    tally.took = started.elapsed();
    Ok(tally)
}

/// Lays out the package for a library that is put beside it, and returns its folder with that of the headers.
pub(super) async fn for_apple() -> Result<(PathBuf, PathBuf), Failed> {
    let package = package::lay_out(true).await?;
    let headers = package.headers_alone()?;
    Ok((package.folder().to_path_buf(), headers))
}

/// Why it cannot run on this machine. What can be made and was not is no such reason: then the part fails.
pub(crate) async fn missing() -> Option<Missing> {
    toolchain::missing().await
}

/// Looks at how it is written, builds it, and runs its tests. What went wrong is printed.
async fn check(swift: &Toolchain, package: &Package) -> io::Result<Tally> {
    let written = ["Package.swift", "Sources/Enishi", "Sources/EnishiIds", "Tests"];
    let lint = [&["format", "lint", "--strict", "--recursive"], written.as_slice()].concat();
    for (what, arguments) in [("lint", lint.as_slice()), ("build", &["build", "--build-tests"])] {
        let output = swift.command(package, arguments).stdin(Stdio::null()).output().await?;
        if !output.status.success() {
            println!("  {what} FAILED");
            println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            return Ok(Tally { failed: 1, ..Tally::default() });
        }
    }
    let mut tests = swift.command(package, &["test", "--skip-build", "--no-parallel", "--disable-xctest"]);
    let Ok(output) = time::timeout(LIMIT, tests.output()).await else {
        println!("  the tests did not end in {} s", LIMIT.as_secs());
        return Ok(Tally { failed: 1, ..Tally::default() });
    };
    let output = output?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tally = outcome::of(&said, output.status.success());
    if tally.failed > 0 {
        println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(tally)
}

/// What the tests are told: the server's program, and the guide whose sample they run.
fn told(command: &mut Command) {
    for (name, value) in settings() {
        command.env(name, value);
    }
}

fn settings() -> [(&'static str, PathBuf); 2] {
    [
        ("ENISHI_TEST_PROGRAM", workspace::target().join("debug").join("alumni-server")),
        ("ENISHI_GUIDE", workspace::root().join("docs").join("swift.md")),
    ]
}
