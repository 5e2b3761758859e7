//! `cargo xtask fuzz`: bytes that nobody wrote, for everything that reads what comes from outside.
//!
//! A target is a program in `tests/fuzz`, found by its name in [`TARGETS`]. Each begins with the files that are kept in
//! `tests/fuzz/corpus`, and goes on from whatever reached code that nothing before had reached; that is left in
//! `target/fuzz`.

use crate::{Failed, Outcome, workspace};
use std::{fs, path::PathBuf, process::Stdio};
use tokio::process::Command;

/// All targets.
pub(crate) const TARGETS: &[&str] = &["changes", "file", "link", "request", "sheet"];

/// Inputs that a short run tries.
pub(crate) const SHORT: u64 = 2_000;
/// Inputs that a long run tries.
pub(crate) const LONG: u64 = 100_000;

/// What to do.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these targets; all where none is named
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(TARGETS))]
    targets: Vec<String>,
    /// Inputs to try for each target
    #[arg(long, value_name = "N", default_value_t = LONG)]
    runs: u64,
    /// What chance begins with; each number is the same run again
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
}

/// Runs targets. True where nothing was found.
pub(crate) async fn run(options: &Options) -> Outcome {
    let named = |target: &&&str| options.targets.is_empty() || options.targets.iter().any(|name| name == **target);
    build().await?;
    let mut sound = true;
    for target in TARGETS.iter().filter(named) {
        let went = fuzz(target, options.runs, options.seed).await?;
        sound &= went.sound;
        println!("{target}: {}", went.said);
    }
    Ok(sound)
}

/// Builds all targets, with our own crates counting branches.
///
/// # Errors
/// That they do not build.
pub(crate) async fn build() -> Result<(), Failed> {
    let mut cargo = workspace::cargo();
    cargo.env("RUSTC_WORKSPACE_WRAPPER", folder().join("instrumented.sh"));
    // As one build of the whole workspace, so that the crates of others are those that the tests have already.
    cargo.args(["build", "--quiet", "--workspace"]);
    for target in TARGETS {
        cargo.args(["--bin", &format!("fuzz-{target}")]);
    }
    let status = cargo.status().await?;
    if status.success() { Ok(()) } else { Err(format!("the targets do not build: cargo ended with {status}").into()) }
}

/// How a target went.
pub(crate) struct Went {
    /// Whether nothing was found.
    pub(crate) sound: bool,
    /// A line about it, or everything that it said where something was found.
    pub(crate) said: String,
}

/// Runs a target that was built, on so many inputs.
///
/// # Errors
/// That it cannot be run.
pub(crate) async fn fuzz(target: &str, runs: u64, seed: u32) -> Result<Went, Failed> {
    let corpus = folder().join("corpus").join(target);
    let scratch = workspace::target().join("fuzz").join(target);
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch)?;
    let found = scratch.join("found");
    fs::create_dir_all(&found)?;
    let mut command = Command::new(workspace::target().join("debug").join(format!("fuzz-{target}")));
    command.arg(&found).arg(&corpus).current_dir(&scratch).stdin(Stdio::null()).kill_on_drop(true);
    command.args([&format!("-runs={runs}"), &format!("-seed={seed}"), "-max_len=16384", "-timeout=60"]);
    command.arg(format!("-artifact_prefix={}/", scratch.display()));
    let output = command.output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    let sound = output.status.success();
    let said = match said.lines().rfind(|line| line.starts_with('#') && line.contains("DONE")) {
        Some(line) if sound => format!("{} inputs, seed {seed}; {line}", number_of(line)),
        _ => format!(
            "SOMETHING WAS FOUND, seed {seed}; the input is in {}\n{}",
            scratch.display(),
            without_progress(&said)
        ),
    };
    Ok(Went { sound, said })
}

fn number_of(line: &str) -> &str {
    line.trim_start_matches('#').split_whitespace().next().unwrap_or_default()
}

fn without_progress(said: &str) -> String {
    said.lines().filter(|line| !line.starts_with(['#', '\t'])).collect::<Vec<_>>().join("\n")
}

fn folder() -> PathBuf {
    workspace::root().join("tests").join("fuzz")
}
