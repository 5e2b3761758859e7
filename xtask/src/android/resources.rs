//! Resources: compiled library by library, linked into one package, their names made into classes.

use super::archive::Jar;
use crate::{Failed, bindings::succeed, files};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// Compiles a folder of resources into a file beside the others.
pub(super) async fn compile(resources: &Path, into: &Path) -> Result<(), Failed> {
    let mut aapt2 = Command::new("aapt2");
    aapt2.arg("compile").arg("--dir").arg(resources).arg("-o").arg(into).stdin(Stdio::null()).kill_on_drop(true);
    succeed(aapt2, "compiling resources").await
}

/// What is linked.
pub(super) struct Linking<'a> {
    pub(super) framework: &'a Path,
    pub(super) manifest: &'a Path,
    pub(super) compiled: &'a [PathBuf],
    /// The packages of libraries that have names for their resources.
    pub(super) packages: &'a [String],
    pub(super) sdk: (&'a str, &'a str),
}

/// Links everything into `folder/resources.apk` and adds the names as classes to `jar`.
pub(super) async fn link(linking: &Linking<'_>, folder: &Path, jar: &mut Jar) -> Result<(), Failed> {
    let names = folder.join("names");
    let mut aapt2 = Command::new("aapt2");
    aapt2.arg("link").arg("-I").arg(linking.framework).arg("--manifest").arg(linking.manifest);
    aapt2.arg("-o").arg(folder.join("resources.apk")).arg("--java").arg(&names);
    // Not final, so that a class compiled against one set of libraries reads its ids from the next.
    aapt2.args(["--auto-add-overlay", "--non-final-ids", "--no-version-vectors"]);
    // An aapt2 of 2022 does not know every element of today's manifests; it writes them all the same.
    aapt2.arg("--warn-manifest-validation");
    aapt2.args(["--min-sdk-version", linking.sdk.0, "--target-sdk-version", linking.sdk.1]);
    aapt2.arg("--extra-packages").arg(linking.packages.join(":"));
    for compiled in linking.compiled {
        aapt2.arg("-R").arg(compiled);
    }
    aapt2.stdin(Stdio::null()).kill_on_drop(true);
    succeed(aapt2, "linking resources").await?;
    let classes = folder.join("name-classes");
    fs::create_dir_all(&classes)?;
    let mut javac = Command::new("javac");
    javac.args(["-nowarn", "-Xlint:none", "--release", "11", "-d"]).arg(&classes).stdin(Stdio::null());
    javac.args(files::all(&names)?).kill_on_drop(true);
    succeed(javac, "compiling the resources' names").await?;
    jar.add_folder(&classes)
}
