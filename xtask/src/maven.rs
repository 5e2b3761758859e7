//! How Maven is called.

use std::{path::Path, process::Stdio};
use tokio::process::Command;

/// What fetches files and says where they are, in one version for all.
const DEPENDENCY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/// Maven in a folder with a `pom.xml`: add the phase.
pub(crate) fn maven(folder: &Path) -> Command {
    let mut maven = Command::new("mvn");
    maven.current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    maven.args(["--batch-mode", "--quiet", "--no-transfer-progress"]);
    maven
}

/// A goal of what fetches files: `copy-dependencies`.
pub(crate) fn dependency(goal: &str) -> String {
    format!("{DEPENDENCY}:{goal}")
}
