//! `cargo xtask android-libs`: the library for the processors of phones, a look at how each was linked, and all of them with
//! the Kotlin package in one archive for Android.
//!
//! The making needs an NDK and cargo-ndk, and was not run here. The look needs neither: it reads what was made, and
//! what JNA brings along into every app.

mod aar;
pub(crate) mod elf;

use super::{kotlin, library};
use crate::{Failed, Outcome, android, files, workspace};
use elf::{Linked, PAGE};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Stdio,
};

/// The processors that an app is shipped for, as Android calls them.
pub(crate) const PROCESSORS: [&str; 3] = ["arm64-v8a", "armeabi-v7a", "x86_64"];

/// What is done.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Make nothing: only look at what was made, and at JNA
    #[arg(long)]
    check: bool,
    /// Libraries to look at as well
    files: Vec<PathBuf>,
}

/// Makes the libraries where that can be done, and looks at each. True where they were made and all is well.
pub(crate) async fn run(options: &Options) -> Outcome {
    let made = android::native();
    let complete = options.check || make(&made).await?;
    let mut libraries = options.files.clone();
    for folder in [made, android::jna().await?] {
        let there = files::all(&folder)?;
        libraries.extend(there.into_iter().filter(|path| path.extension().is_some_and(|end| end == "so")));
    }
    let well = look(&libraries)? && complete;
    if well && !options.check {
        println!("{}", archive().await?.display());
    }
    Ok(well)
}

/// Puts the Kotlin package and the libraries together.
async fn archive() -> Result<PathBuf, Failed> {
    let (jar, archive) = (kotlin::jar().await?, workspace::target().join("android").join("enishi.aar"));
    let parts = aar::Parts {
        jar: &jar,
        native: &android::native(),
        rules: &workspace::root().join("bindings/kotlin/consumer-rules.pro"),
        min_sdk: &android::min_sdk()?,
    };
    aar::pack(&parts, &archive)?;
    Ok(archive)
}

/// Makes the library for each processor; false where the tools are not here.
async fn make(folder: &Path) -> Result<bool, Failed> {
    let Some(ndk) = ndk() else {
        println!("no NDK is here (ANDROID_NDK_HOME, or ndk in ANDROID_HOME): no library is made");
        return Ok(false);
    };
    let there =
        workspace::cargo().args(["ndk", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    if !there.is_ok_and(|status| status.success()) {
        println!("cargo-ndk is not here: no library is made; install it with: cargo install cargo-ndk");
        return Ok(false);
    }
    let mut cargo = workspace::cargo();
    // OpenSSL has to be built for the phone: this machine's is not for it.
    cargo.env("ANDROID_NDK_HOME", ndk).env_remove("OPENSSL_NO_VENDOR").arg("ndk");
    for processor in PROCESSORS {
        cargo.args(["--target", processor]);
    }
    cargo.arg("--output-dir").arg(folder);
    cargo.args(["build", "--release", "--package", "enishi-bindings", "--lib"]);
    library::succeed(cargo, "building the libraries").await?;
    Ok(true)
}

/// The folder of the NDK: the one that is named, or the newest that the SDK has.
fn ndk() -> Option<PathBuf> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_dir());
    let within = |sdk: PathBuf| {
        let folders = fs::read_dir(sdk.join("ndk")).ok()?;
        folders
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|folder| folder.is_dir())
            .max_by_key(|folder| version(folder))
    };
    named("ANDROID_NDK_HOME").or_else(|| named("ANDROID_HOME").or_else(|| named("ANDROID_SDK_ROOT")).and_then(within))
}

/// The numbers in a folder's name: `28.0.13004108`.
fn version(folder: &Path) -> Vec<u64> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split('.').map(|number| number.parse().unwrap_or_default()).collect()
}

/// Says of each library how it was linked. True where every phone loads all of them, and there is one.
fn look(files: &[PathBuf]) -> io::Result<bool> {
    let mut well = !files.is_empty();
    for file in files {
        let said = match Linked::read(&fs::read(file)?) {
            Ok(linked) if linked.loads_everywhere() => format!("aligned to {}", linked.alignment),
            Ok(linked) => {
                well = false;
                format!("aligned to {}: phones with pages of {PAGE} refuse it", linked.alignment)
            }
            Err(error) => {
                well = false;
                error.to_string()
            }
        };
        println!("{}: {said}", file.display());
    }
    Ok(well)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_ndk_is_the_one_with_the_highest_number() {
        let newest = ["9.0.1", "28.0.13004108", "27.2.1"].map(PathBuf::from).into_iter().max_by_key(|ndk| version(ndk));
        assert_eq!(newest, Some(PathBuf::from("28.0.13004108")));
    }
}
