//! The app as one package: by D8, as it is while somebody works on it, and by R8 with the rules of a release. A check
//! of the packaging, signed with a key that is thrown away; it lacks the core for phones, which wants the NDK.

mod check;
mod dex;
mod pack;

use super::{Build, artifacts, stored};
use crate::{
    Failed,
    bindings::{kotlin::LICENCES, succeed},
    stamp::{Inputs, Stamp},
    workspace,
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// What makes phones' code of classes.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    D8,
    R8,
}

impl Shape {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::D8, Self::R8];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::D8 => "d8",
            Self::R8 => "r8",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::D8 => "com.android.tools.r8.D8",
            Self::R8 => "com.android.tools.r8.R8",
        }
    }
}

/// Makes the package of a shape from the compiled app, and looks whether everything is in it.
pub(super) async fn make(build: &Build, shape: Shape) -> Result<PathBuf, Failed> {
    let classes = super::app::classes();
    let runtime = artifacts::fetch("runtime", build.catalog.bundle("runtime", "jar")?, build.accept).await?;
    let jna = super::jna_archive(&build.catalog, build.accept).await?;
    let tool = artifacts::fetch("r8", vec![build.catalog.library("r8", "jar")?], build.accept).await?;
    let folder = super::folder().join("apk").join(shape.name());
    let mut inputs = Inputs::default().files(&classes)?.files(&build.package)?;
    for rules in rules() {
        inputs = inputs.files(&rules)?;
    }
    inputs = inputs.files(&build.main.join("made-from"))?;
    for set in [&runtime, &jna, &tool] {
        for artifact in &set.artifacts {
            inputs = inputs.text(&artifact.file());
        }
    }
    // What takes minutes, apart from what takes seconds.
    let code = folder.join("code");
    let stamp = Stamp::of(&code, inputs);
    let unpacked = code.join("jna");
    let mut jars = vec![code.join("app.jar"), build.main.join("classes.jar"), unpacked.join("classes.jar")];
    jars.extend(runtime.artifacts.iter().map(|artifact| runtime.path(artifact)));
    if !stamp.is_fresh() {
        stamp.clear()?;
        unpack(&jna.path(&jna.artifacts[0]), &unpacked)?;
        own_classes(&classes, &build.package, &code.join("app.jar"))?;
        translate(build, shape, &tool.path(&tool.artifacts[0]), &jars, &code.join("dex")).await?;
        stamp.done()?;
    }
    let natives = [build.main.join("jni"), unpacked.join("jni"), super::native()];
    let dex = code.join("dex");
    let read = [(LICENCES, super::archive::file(&build.package, LICENCES)?)];
    let resources = build.main.join("resources.apk");
    let parts = pack::Parts { resources, dex, natives: &natives, jars: &jars, read: &read };
    let (unsigned, apk) = (folder.join("unsigned.apk"), folder.join("enishi.apk"));
    pack::pack(&parts, &unsigned)?;
    sign(&unsigned, &apk, build.catalog.version("min-sdk")?).await?;
    check::check(&apk, &build.main.join("AndroidManifest.xml"), build.catalog.version("min-sdk")?).await?;
    Ok(apk)
}

/// What R8 cannot see, in the app's own words and in those of the Kotlin package.
fn rules() -> [PathBuf; 2] {
    ["android/app/proguard-rules.pro", "bindings/kotlin/consumer-rules.pro"].map(|file| workspace::root().join(file))
}

/// The app's classes and those of the Kotlin package in one jar, without the library for this machine.
fn own_classes(classes: &Path, package: &Path, into: &Path) -> Result<(), Failed> {
    let mut jar = super::archive::Jar::create(into)?;
    jar.add_folder(classes)?;
    jar.add_classes(File::open(package)?)?;
    jar.finish()
}

pub(super) fn unpack(archive: &Path, folder: &Path) -> Result<(), Failed> {
    Ok(zip::ZipArchive::new(File::open(archive)?)?.extract(folder)?)
}

async fn translate(build: &Build, shape: Shape, tool: &Path, jars: &[PathBuf], dex: &Path) -> Result<(), Failed> {
    fs::create_dir_all(dex)?;
    let mut java = Command::new("java");
    java.args(["-Xmx4g", "-cp"]).arg(tool).arg(shape.class()).stdin(Stdio::null()).kill_on_drop(true);
    java.args(["--release", "--min-api", build.catalog.version("min-sdk")?]);
    java.arg("--lib").arg(stored(&build.frameworks, "android-all", build.catalog.version("framework")?));
    // What its own version of Java adds to that of the framework.
    java.arg("--lib").arg(java_home().await?);
    java.arg("--output").arg(dex);
    if let Shape::R8 = shape {
        java.arg("--pg-conf").arg(build.main.join("rules.pro"));
        for rules in rules() {
            java.arg("--pg-conf").arg(rules);
        }
    }
    java.args(jars);
    let output = java.output().await?;
    if !output.status.success() {
        return Err(format!("{}: {}", shape.class(), String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(())
}

/// Where the Java is that runs here.
async fn java_home() -> Result<PathBuf, Failed> {
    let output = Command::new("java").args(["-XshowSettings:properties", "-version"]).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    let home = said.lines().find_map(|line| line.trim().strip_prefix("java.home = "));
    Ok(home.ok_or("java does not say where it is")?.into())
}

/// Says who made the package: nobody, with a key that is never used again.
async fn sign(unsigned: &Path, apk: &Path, min_sdk: &str) -> Result<(), Failed> {
    let keys = apk.with_extension("p12");
    let mut keytool = Command::new("keytool");
    keytool.args(["-genkeypair", "-storetype", "PKCS12", "-storepass", "thrown-away", "-alias", "check"]);
    keytool.args(["-keyalg", "EC", "-dname", "CN=packaging check", "-validity", "30", "-keystore"]).arg(&keys);
    keytool.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    succeed(keytool, "making a key").await?;
    let mut signer = Command::new("apksigner");
    signer.args(["sign", "--ks-pass", "pass:thrown-away", "--min-sdk-version", min_sdk, "--ks"]).arg(&keys);
    signer.arg("--out").arg(apk).arg(unsigned).stdin(Stdio::null()).kill_on_drop(true);
    succeed(signer, "signing").await?;
    fs::remove_file(keys)?;
    Ok(())
}
