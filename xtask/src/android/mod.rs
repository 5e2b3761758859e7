//! `cargo xtask android`: the app, built and tested without Gradle and without an Android SDK.
//!
//! Maven brings the libraries and compiles, Debian's aapt2 links the resources, Robolectric runs the app on the real
//! framework. Everything that is made lies under `target/android`, and nothing is made twice from the same.

mod app;
mod archive;
mod artifacts;
mod catalog;
mod framework;
mod manifest;
mod prepare;
mod resources;
mod xml;

use crate::{
    Failed, Outcome, bindings,
    test::{
        install::{self, Missing},
        tally::Tally,
    },
    workspace,
};
use catalog::Catalog;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// How the app is made.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run these tests alone, as Maven takes them: `ManifestTest`, `ManifestTest#name`
    #[arg(long)]
    only: Option<String>,
    /// Take the libraries that are fetched now for those that are meant: rewrites `android/artifacts.sha256`
    #[arg(long)]
    accept: bool,
}

/// Builds the app and tests it.
pub(crate) async fn run(options: &Options) -> Outcome {
    if let Some(missing) = missing().await {
        return Err(missing.into());
    }
    let build = prepare(options.accept).await?;
    let tally = app::test(&build, options.only.as_deref()).await?;
    Ok(tally.failed == 0)
}

/// Runs the app's tests and counts them.
pub(crate) async fn test() -> Result<Tally, Failed> {
    let build = prepare(false).await?;
    Ok(app::test(&build, None).await?)
}

/// Everything that the app's build takes.
struct Build {
    catalog: Catalog,
    /// The Kotlin package.
    package: PathBuf,
    /// The frameworks that Robolectric runs.
    frameworks: PathBuf,
    /// The app's libraries with those of its tests.
    tested: PathBuf,
}

async fn prepare(accept: bool) -> Result<Build, Failed> {
    let package = bindings::jar().await?;
    let catalog = Catalog::read()?;
    let mut libraries = catalog.bundle("aars", "aar")?;
    libraries.extend(catalog.bundle("jars", "jar")?);
    let libraries = artifacts::fetch("libraries", libraries, accept).await?;
    let testing = artifacts::fetch("test-libraries", catalog.bundle("test-aars", "aar")?, accept).await?;
    let frameworks = artifacts::frameworks(&catalog, accept).await?;
    let framework = framework::package(&frameworks.path(&frameworks.artifacts[0]))?;
    let tested = prepare::prepare("tested", &[&libraries, &testing], &catalog, &framework).await?;
    Ok(Build { catalog, package, frameworks: frameworks.folder, tested })
}

/// Why it cannot run here; what is missing is installed where that can be done.
pub(crate) async fn missing() -> Option<Missing> {
    if let Some(missing) = bindings::maven_missing().await {
        return Some(missing);
    }
    if there().await {
        return None;
    }
    if install::can_install().await && install::install(&PACKAGES).await && there().await {
        return None;
    }
    Some(Missing { why: "aapt2, a C compiler or the Japanese fonts are not installed".into(), command: INSTALL })
}

const PACKAGES: [&str; 3] = ["aapt", "gcc", "fonts-noto-cjk"];
const INSTALL: &str = "apt-get install -y aapt gcc fonts-noto-cjk";

async fn there() -> bool {
    let answers = async |program: &str, argument: &str| {
        let said = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
        said.is_ok_and(|status| status.success())
    };
    let fonts = ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"];
    answers("aapt2", "version").await
        && answers("cc", "--version").await
        && fonts.iter().any(|font| Path::new(font).exists())
}

/// Where everything of it is made.
fn folder() -> PathBuf {
    workspace::target().join("android")
}

/// The words of the app as Android's resources.
fn words() -> PathBuf {
    workspace::target().join("strings").join("android").join("res")
}
