//! `cargo xtask kotlin`: the Kotlin package, from the library to the jar, and its tests.

use super::library;
use crate::{
    Failed, Outcome, files,
    licences::{self, Part},
    maven,
    stamp::{Inputs, Stamp},
    test::{
        install::{self, Missing},
        surefire,
        tally::Tally,
    },
    workspace,
};
#[cfg(feature = "full")]
use std::path::Path;
use std::{env::consts, fs, io, path::PathBuf, process::Stdio};
use tokio::process::Command;

const INSTALL: &str = "apt-get install -y maven openjdk-17-jdk-headless";

/// Where the licences of what is built in lie in the package.
pub(crate) const LICENCES: &str = "dev/enishi/licences.txt";

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
    let mut maven = build();
    maven.arg("package").arg(format!("-DskipTests={}", options.release));
    maven.arg(format!("-Denishi.accept={}", options.accept));
    library::succeed(maven, "Maven").await?;
    println!("{}", packaged().display());
    Ok(true)
}

/// Runs the package's tests and counts them.
pub(crate) async fn test() -> io::Result<Tally> {
    prepare(false).await.map_err(io::Error::other)?;
    let mut maven = build();
    maven.arg("test");
    surefire::run(maven, &folder().join("build").join("surefire-reports")).await
}

/// The package as an app for this machine takes it, without its tests; made again only where something changed.
pub(crate) async fn jar() -> Result<PathBuf, Failed> {
    prepare(false).await?;
    let sources = workspace::root().join("bindings").join("kotlin");
    let inputs = Inputs::default().files(&sources.join("pom.xml"))?.files(&sources.join("src/main"))?;
    let inputs = inputs.files(&folder().join("generated"))?.files(&folder().join("native"))?;
    let jar = packaged();
    let stamp = Stamp::at(folder().join("jar-made-from"), inputs);
    if !stamp.is_fresh() || !jar.exists() {
        let mut maven = build();
        maven.args(["package", "-Dmaven.test.skip=true"]);
        library::succeed(maven, "Maven").await?;
        stamp.done()?;
    }
    Ok(jar)
}

/// What it takes to bring a window of 50 posts into Kotlin, in milliseconds: the middle of each run, with the library as
/// it is shipped.
#[cfg(feature = "full")]
pub(crate) async fn crossing(server: &Path, runs: usize) -> Result<Vec<f64>, Failed> {
    prepare(true).await?;
    let classpath = folder().join("test-classpath");
    let classpaths = maven::dependency("build-classpath");
    let mut maven = build();
    maven.args(["test-compile", &classpaths, "-Dmdep.includeScope=test"]);
    maven.arg(format!("-Dmdep.outputFile={}", classpath.display()));
    library::succeed(maven, "Maven").await?;
    let build = folder().join("build");
    let libraries = fs::read_to_string(classpath)?;
    let mut java = Command::new("java");
    java.arg(format!("-Denishi.server={}", server.display())).arg("--enable-native-access=ALL-UNNAMED").arg("-cp");
    java.arg(format!(
        "{}:{}:{}",
        build.join("classes").display(),
        build.join("test-classes").display(),
        libraries.trim()
    ));
    java.arg("dev.enishi.CrossingKt").arg(runs.to_string()).stdin(Stdio::null()).kill_on_drop(true);
    let output = java.output().await?;
    if !output.status.success() {
        return Err(format!("the crossing: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().map(str::parse).collect::<Result<_, _>>()?)
}

/// Where the package is once it is made.
pub(crate) fn packaged() -> PathBuf {
    folder().join("build").join("enishi-0.1.0.jar")
}

/// The folder of the library for this machine.
pub(crate) fn native() -> PathBuf {
    folder().join("native").join(platform())
}

/// Why nothing can be built with Maven here; what is missing is installed where that can be done.
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
    library::generate("kotlin", &folder().join("generated")).await?;
    let native = folder().join("native");
    let place = self::native();
    files::remove_folder(&native)?;
    fs::create_dir_all(&place)?;
    // What the tests write for a while.
    fs::create_dir_all(folder().join("build").join("tmp"))?;
    let name = library.file_name().ok_or("a library without a name")?;
    fs::copy(&library, place.join(name))?;
    let text = licences::text("aarch64-linux-android", beside_the_library()).await?;
    Ok(files::put(&native.join(LICENCES), text)?)
}

/// What others made and the package, and the app that stands on it, are built with beside the library.
fn beside_the_library() -> Vec<Part> {
    let apache = |name, address| Part::new(name, "Apache-2.0", address);
    vec![
        apache("Kotlin, kotlinx.coroutines", "https://kotlinlang.org"),
        apache("Jetpack Compose, Lifecycle, Navigation", "https://developer.android.com/jetpack"),
        apache("ZXing", "https://github.com/zxing/zxing"),
        Part::new("Java Native Access", "Apache-2.0 OR LGPL-2.1-or-later", "https://github.com/java-native-access/jna"),
        Part::new("Rust's standard library", "MIT OR Apache-2.0", "https://www.rust-lang.org"),
    ]
}

/// Where everything of it is made.
pub(crate) fn folder() -> PathBuf {
    workspace::target().join("kotlin")
}

fn build() -> Command {
    let mut maven = maven::maven(&workspace::root().join("bindings").join("kotlin"));
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
