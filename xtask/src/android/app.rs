//! The app itself: compiled and tested by Maven, with the versions of the catalog.

use super::Build;
use crate::{
    Failed, bindings,
    bindings::succeed,
    files, maven,
    stamp::{Inputs, Stamp},
    test::{surefire, tally::Tally},
    workspace,
};
use std::{fs, io, path::PathBuf};
use tokio::process::Command;

/// Compiles the app and runs its tests, all or those of a name.
pub(super) async fn test(build: &Build, only: Option<&str>, accept: bool) -> io::Result<Tally> {
    empty_library().await.map_err(io::Error::other)?;
    // Maven compiles into the same folder: what was noted of it holds no longer.
    files::put(&made_from(), "")?;
    let mut maven = maven(build)?;
    maven.arg("test").arg(format!("-Denishi.accept={accept}"));
    if let Some(only) = only {
        maven.arg(format!("-Dtest={only}"));
    }
    surefire::run(maven, &output().join("surefire-reports")).await
}

/// Compiles the app alone, where it is not compiled yet.
pub(super) async fn compile(build: &Build) -> Result<(), Failed> {
    let android = workspace::root().join("android");
    let mut inputs = Inputs::default().files(&build.package)?.files(&build.words.join("kotlin"))?;
    inputs = inputs.files(&build.tested.join("made-from"))?.files(&android.join("app/pom.xml"))?;
    inputs = inputs.files(&android.join("ui/src/main"))?.files(&android.join("app/src/main/kotlin"))?;
    let stamp = Stamp::at(made_from(), inputs);
    if stamp.is_fresh() && classes().exists() {
        return Ok(());
    }
    let mut maven = maven(build)?;
    maven.arg("compile");
    succeed(maven, "compiling the app").await?;
    Ok(stamp.done()?)
}

/// The note of what the classes were compiled from.
fn made_from() -> PathBuf {
    super::folder().join("app-made-from")
}

/// Where the app's classes are.
pub(super) fn classes() -> PathBuf {
    output().join("classes")
}

fn output() -> PathBuf {
    super::folder().join("app")
}

/// Maven, which compiles all anew: Kotlin's compiler leaves callers as they were where a function's parameters became others.
fn maven(build: &Build) -> io::Result<Command> {
    for folder in [classes(), output().join("test-classes")] {
        files::remove_folder(&folder)?;
    }
    let target = workspace::target();
    let mut maven = maven::maven(&workspace::root().join("android/app"));
    for (name, version) in build.catalog.versions() {
        maven.arg(format!("-Dversion.{name}={version}"));
    }
    let folders = [
        ("output", output()),
        ("package", build.package.clone()),
        ("words", build.words.join("kotlin")),
        ("native", bindings::kotlin::native()),
        ("libraries", build.tested.clone()),
        ("main", build.main.clone()),
        ("frameworks", build.frameworks.clone()),
        ("empty", empty_folder()),
        ("server", target.join("debug/alumni-server")),
    ];
    for (name, path) in folders {
        maven.arg(format!("-Denishi.{name}={}", path.display()));
    }
    Ok(maven)
}

fn empty_folder() -> PathBuf {
    super::folder().join("empty")
}

/// Android's own library for walking along a path is for phones alone. Robolectric brings what it would do; the app's
/// code still loads a library of this name, and one with nothing in it serves.
async fn empty_library() -> Result<(), Failed> {
    let library = empty_folder().join("libandroidx.graphics.path.so");
    if library.exists() {
        return Ok(());
    }
    fs::create_dir_all(empty_folder())?;
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-x", "c", "/dev/null", "-o"]).arg(&library).kill_on_drop(true);
    succeed(compiler, "making an empty library").await
}
