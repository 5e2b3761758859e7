//! `cargo xtask android`: the app, built and tested without Gradle and without an Android SDK.
//!
//! Maven brings the libraries and compiles, Debian's aapt2 links the resources, Robolectric runs the app on the real
//! framework. Everything that is made lies under `target/android`, and nothing is made twice from the same.

mod apk;
mod app;
mod archive;
mod artifacts;
mod catalog;
mod desktop;
mod framework;
mod manifest;
mod prepare;
mod resources;
mod xml;

use crate::{
    Failed, Outcome, bindings, strings,
    test::{
        install::{self, Missing},
        tally::Tally,
    },
    workspace,
};
use apk::Shape;
use catalog::Catalog;
#[cfg(feature = "full")]
pub(crate) use desktop::{build as build_window, window};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};
use tokio::process::Command;

/// How the app is made. Without any of these it is tested and packaged.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run these tests alone, as Maven takes them: `ManifestTest`, `ManifestTest#name`
    #[arg(long, conflicts_with_all = ["apk", "pictures"])]
    only: Option<String>,
    /// Make the packages alone, with D8 and with R8, and see that nothing is missing in them
    #[arg(long, conflicts_with = "pictures")]
    apk: bool,
    /// Take the pictures of the screens that are drawn now for those that are meant: rewrites `android/ui/screens`
    #[arg(long)]
    pictures: bool,
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
    if options.pictures {
        return Ok(app::test(&build, Some("ScreensTest,GalleryTest"), true).await?.failed == 0);
    }
    if let Some(only) = &options.only {
        return Ok(app::test(&build, Some(only), false).await?.failed == 0);
    }
    if options.apk {
        app::compile(&build).await?;
        return Ok(packages(&build).await.failed == 0);
    }
    Ok(all(&build).await?.failed == 0)
}

/// Runs the app's tests and counts them.
pub(crate) async fn test() -> Result<Tally, Failed> {
    all(&prepare(false).await?).await
}

async fn all(build: &Build) -> Result<Tally, Failed> {
    let mut tally = app::test(build, None, false).await?;
    tally += desktop::test().await?;
    tally += packages(build).await;
    Ok(tally)
}

/// Makes both packages; each counts as one test.
async fn packages(build: &Build) -> Tally {
    let started = Instant::now();
    let mut tally = Tally::default();
    for shape in Shape::ALL {
        match apk::make(build, shape).await {
            Ok(apk) => {
                println!("  package by {}: {}", shape.name(), apk.display());
                tally.passed += 1;
            }
            Err(error) => {
                println!("  package by {}: FAILED: {error}", shape.name());
                tally.failed += 1;
            }
        }
    }
    Tally { took: started.elapsed(), ..tally }
}

/// Everything that the app's build takes.
struct Build {
    /// Whether what is fetched is taken for what it must be.
    accept: bool,
    catalog: Catalog,
    /// The words of the app, for each platform.
    words: PathBuf,
    /// The Kotlin package.
    package: PathBuf,
    /// The frameworks that Robolectric runs.
    frameworks: PathBuf,
    /// The app's libraries with those of its tests.
    tested: PathBuf,
    /// The app's libraries as they are shipped.
    main: PathBuf,
}

async fn prepare(accept: bool) -> Result<Build, Failed> {
    let package = bindings::kotlin::jar().await?;
    let words = strings::make()?;
    let catalog = Catalog::read()?;
    let mut libraries = catalog.bundle("aars", "aar")?;
    libraries.extend(catalog.bundle("jars", "jar")?);
    let libraries = artifacts::fetch("libraries", libraries, accept).await?;
    let testing = artifacts::fetch("test-libraries", catalog.bundle("test-aars", "aar")?, accept).await?;
    let frameworks = artifacts::frameworks(&catalog, accept).await?;
    let framework = framework::package(&frameworks.path(&frameworks.artifacts[0]))?;
    let tested = prepare::prepare("tested", &[&libraries, &testing], &catalog, &framework, &words).await?;
    let main = prepare::prepare("main", &[&libraries], &catalog, &framework, &words).await?;
    Ok(Build { accept, catalog, words, package, frameworks: frameworks.folder, tested, main })
}

/// Why it cannot run here; what is missing is installed where that can be done.
pub(crate) async fn missing() -> Option<Missing> {
    if let Some(missing) = bindings::kotlin::missing().await {
        return Some(missing);
    }
    if there().await {
        return None;
    }
    if install::can_install().await && install::install(&PACKAGES).await && there().await {
        return None;
    }
    Some(Missing {
        why: "aapt2, apksigner, a C compiler, the Japanese fonts, libfaketime, libGL or libX11 are not installed"
            .into(),
        command: INSTALL,
    })
}

const PACKAGES: [&str; 7] = ["aapt", "apksigner", "gcc", "fonts-noto-cjk", "libfaketime", "libgl1", "libx11-6"];
const INSTALL: &str = "apt-get install -y aapt apksigner gcc fonts-noto-cjk libfaketime libgl1 libx11-6";

async fn there() -> bool {
    let answers = async |program: &str, argument: &str| {
        let said = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
        said.is_ok_and(|status| status.success())
    };
    let linked = Command::new("ldconfig").arg("-p").output().await;
    let linked = linked.map(|said| String::from_utf8_lossy(&said.stdout).into_owned()).unwrap_or_default();
    answers("aapt2", "version").await
        && answers("apksigner", "--version").await
        && answers("cc", "--version").await
        && Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists()
        && ["libGL.so.1", "libX11.so.6"].iter().all(|library| linked.contains(library))
        && has_other_clocks()
}

/// Whether the library that shows a server another clock is where Debian puts it for this processor.
fn has_other_clocks() -> bool {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.into_iter().any(|folder| folder.path().join("faketime").join("libfaketime.so.1").exists())
}

/// Where the core for phones lies, in a folder for each processor, where it was made.
pub(crate) fn native() -> PathBuf {
    folder().join("native")
}

/// The least version of Android that the app runs on, by the number of its API.
pub(crate) fn min_sdk() -> Result<String, Failed> {
    Ok(Catalog::read()?.version("min-sdk")?.to_owned())
}

/// The libraries of what calls the core on a phone, unpacked.
pub(crate) async fn jna() -> Result<PathBuf, Failed> {
    let archive = jna_archive(&Catalog::read()?, false).await?;
    let unpacked = folder().join("jna-unpacked");
    crate::files::remove_folder(&unpacked)?;
    apk::unpack(&archive.path(&archive.artifacts[0]), &unpacked)?;
    Ok(unpacked.join("jni"))
}

async fn jna_archive(catalog: &Catalog, accept: bool) -> Result<artifacts::Fetched, Failed> {
    artifacts::fetch("jna", vec![catalog.library("jna", "aar")?], accept).await
}

/// A framework as Robolectric looks for it.
fn stored(frameworks: &Path, name: &str, version: &str) -> PathBuf {
    frameworks.join(format!("{name}-{version}.jar"))
}

/// Where everything of it is made.
fn folder() -> PathBuf {
    workspace::target().join("android")
}
