//! `cargo xtask phones`: type-checks the library for the processors of phones, on machines that cannot link for them.
//!
//! Whatever names a system or the width of a number is compiled differently there. What is written in C (SQLite, OpenSSL, ring)
//! wants the platform's own compiler: here nothing is made of it, and `android-libs` and `apple-libs` do that elsewhere.

mod sources;

use super::library;
use crate::{
    Failed, Outcome, files,
    test::{install::Missing, tally::Tally},
    workspace,
};
use sources::Sources;
use std::{
    fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};
use tokio::process::Command;

/// What is checked: one phone of each kind.
const TARGETS: &[&str] = &["aarch64-linux-android", "aarch64-apple-ios"];

/// Preprocesses as this machine's compiler does, without what that does not know of a phone, and makes nothing.
const C_COMPILER: &str = r#"#!/bin/sh
case " $* " in *" -c "*) exit 0 ;; esac
for argument; do
    shift
    if [ "$of_before" ]; then
        of_before=
        continue
    fi
    case $argument in
    -arch | -isysroot) of_before=1 ;;
    -miphoneos-version-min=*) ;;
    *) set -- "$@" "$argument" ;;
    esac
done
exec cc "$@"
"#;

/// Checks for each. True where all are well.
pub(crate) async fn run() -> Outcome {
    if let Some(missing) = missing().await {
        return Err(missing.into());
    }
    Ok(test().await?.failed == 0)
}

/// Why it cannot be checked here.
pub(crate) async fn missing() -> Option<Missing> {
    if !workspace::has_openssl() {
        let why = "the headers of OpenSSL are not installed".into();
        return Some(Missing { why, command: "apt-get install -y libssl-dev pkg-config" });
    }
    Sources::ready().await.err()
}

/// Checks for each, and counts each as one test.
pub(crate) async fn test() -> Result<Tally, Failed> {
    let (started, sources) = (Instant::now(), Sources::ready().await?);
    let tools = Tools::made(&sources)?;
    let mut tally = Tally::default();
    for target in TARGETS {
        let well = library::succeed(tools.check(target).await?, "checking").await.is_ok();
        println!("  {target}: {}", if well { "type-checks" } else { "FAILED" });
        tally += Tally { passed: well.into(), failed: (!well).into(), ..Tally::default() };
    }
    Ok(Tally { took: started.elapsed(), ..tally })
}

/// What is called in place of this machine's own tools.
struct Tools {
    /// The compiler, with the sources of the standard library beside its own.
    rustc: PathBuf,
    /// The compiler of C that makes nothing.
    cc: PathBuf,
    folder: PathBuf,
}

impl Tools {
    fn made(sources: &Sources) -> io::Result<Self> {
        let folder = workspace::target().join("phones");
        let rustlib = folder.join("root").join("lib").join("rustlib");
        files::remove_folder(&folder)?;
        fs::create_dir_all(rustlib.join("src").join("rust"))?;
        symlink(sources.toolchain.host_libraries(), rustlib.join(&sources.toolchain.host))?;
        symlink(&sources.library, rustlib.join("src").join("rust").join("library"))?;
        let with_sources = format!(
            "#!/bin/sh\nexec '{}' --sysroot '{}' \"$@\"\n",
            sources.toolchain.rustc().display(),
            folder.join("root").display()
        );
        Ok(Self {
            rustc: script(&folder.join("rustc"), &with_sources)?,
            cc: script(&folder.join("cc"), C_COMPILER)?,
            folder,
        })
    }

    /// Its standard library is checked with it, which wants what a stable compiler keeps for itself.
    async fn check(&self, target: &str) -> Result<Command, Failed> {
        let mut cargo = workspace::cargo();
        cargo.args([
            "check",
            "--quiet",
            "-Zbuild-std=std",
            "--package",
            "enishi-bindings",
            "--lib",
            "--target",
            target,
        ]);
        cargo.env("RUSTC", &self.rustc).env("RUSTC_BOOTSTRAP", "1").env("SDKROOT", &self.folder);
        // Named for the target alone: what is built for this machine is not built anew for it.
        let name = target.replace('-', "_");
        cargo
            .env(format!("CC_{name}"), &self.cc)
            .env(format!("CXX_{name}"), &self.cc)
            .env(format!("AR_{name}"), "true");
        for (variable, told) in [("LIB_DIR", "libdir"), ("INCLUDE_DIR", "includedir")] {
            cargo.env(format!("{}_OPENSSL_{variable}", name.to_uppercase()), openssl(told).await?);
        }
        Ok(cargo)
    }
}

/// Writes what can be run.
fn script(file: &Path, text: &str) -> io::Result<PathBuf> {
    fs::write(file, text)?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    Ok(file.to_owned())
}

/// What `pkg-config` says of this machine's OpenSSL, whose headers tell which version it is.
async fn openssl(variable: &str) -> Result<String, Failed> {
    let told =
        Command::new("pkg-config").args(["--variable", variable, "openssl"]).stdin(Stdio::null()).output().await?;
    Ok(String::from_utf8(told.stdout)?.trim().to_owned())
}
