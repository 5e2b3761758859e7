//! The library that other languages load, and the generator that reads it.

use crate::{Failed, files, workspace};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Builds the library for this machine as the tests are built, so that both share their build, or as it is
/// to be shipped.
pub(super) async fn build(release: bool) -> Result<PathBuf, Failed> {
    let mut cargo = workspace::cargo();
    if release {
        // By itself: what only other parts of the workspace ask for has no place in it.
        cargo.args(["build", "--quiet", "--release", "--package", "enishi-bindings", "--lib"]);
    } else {
        cargo.args(["build", "--quiet", "--workspace", "--lib", "--bins"]);
    }
    succeed(cargo, "building the library").await?;
    let profile = if release { "release" } else { "debug" };
    Ok(workspace::target().join(profile).join(format!(
        "{}enishi{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    )))
}

/// Writes what calls the library in `language` into a folder, in place of what is there. It is read from the library of the
/// tests: one that is shipped has no names left to read.
pub(super) async fn generate(language: &str, folder: &Path) -> Result<(), Failed> {
    let library = build(false).await?;
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--quiet", "--profile", "bindgen", "--package", "enishi-bindgen", "--features", "cli"]);
    succeed(cargo, "building the generator").await?;
    files::remove_folder(folder)?;
    let mut bindgen = Command::new(workspace::target().join("bindgen").join("enishi-bindgen"));
    bindgen.current_dir(workspace::root()).kill_on_drop(true);
    bindgen.args(["generate", "--no-format", "--language", language, "--out-dir"]).arg(folder).arg(&library);
    succeed(bindgen, "generating").await
}

/// Runs a program that must end well.
pub(crate) async fn succeed(mut command: Command, what: &str) -> Result<(), Failed> {
    match command.status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed: {status}").into()),
        Err(error) => Err(format!("{what} failed: {error}").into()),
    }
}
