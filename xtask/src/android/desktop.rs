//! The same screens in a window of this machine.

use super::catalog::Catalog;
#[cfg(feature = "full")]
use crate::bindings::succeed;
use crate::{
    Failed, bindings, files, maven, strings,
    test::{surefire, tally::Tally},
    workspace,
};
use std::path::PathBuf;
#[cfg(feature = "full")]
use std::{fs, path::Path, process::Stdio};
use tokio::process::Command;

/// Tells a story on the screens as a computer draws them.
pub(super) async fn test() -> Result<Tally, Failed> {
    let mut maven = maven().await?;
    maven.arg("test");
    Ok(surefire::run(maven, &output().join("surefire-reports")).await?)
}

/// Builds the window.
#[cfg(feature = "full")]
pub(crate) async fn build() -> Result<(), Failed> {
    let mut maven = maven().await?;
    maven.arg("compile");
    succeed(maven, "compiling the app for this machine").await
}

/// The window, with its data in a folder; `link` is an invitation that it opens with.
///
/// # Errors
/// Where [`build`] did not come to its end before.
#[cfg(feature = "full")]
pub(crate) fn window(folder: &Path, link: Option<&str>) -> Result<Command, Failed> {
    let libraries = fs::read_to_string(output().join("classpath"))?;
    let mut java = Command::new("java");
    let (classes, package) = (output().join("classes"), bindings::kotlin::packaged());
    java.arg("-cp").arg(format!("{}:{}:{}", classes.display(), package.display(), libraries.trim()));
    java.arg("dev.enishi.desktop.MainKt").arg(folder).args(link).stdin(Stdio::null()).kill_on_drop(true);
    Ok(java)
}

fn output() -> PathBuf {
    workspace::target().join("desktop")
}

async fn maven() -> Result<Command, Failed> {
    let (package, words) = (bindings::kotlin::jar().await?, strings::make()?);
    // As for the app: all is compiled anew.
    for folder in ["classes", "test-classes"] {
        files::remove_folder(&output().join(folder))?;
    }
    let mut maven = maven::maven(&workspace::root().join("android/desktop"));
    for (name, version) in Catalog::read()?.versions() {
        maven.arg(format!("-Dversion.{name}={version}"));
    }
    let folders = [
        ("output", output()),
        ("package", package),
        ("words", words.join("kotlin")),
        ("server", workspace::target().join("debug/alumni-server")),
    ];
    for (name, path) in folders {
        maven.arg(format!("-Denishi.{name}={}", path.display()));
    }
    Ok(maven)
}
