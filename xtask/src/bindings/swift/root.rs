//! A Debian with Swift in a folder of its own, for machines that have none: outside of the checkout, made once.
//!
//! Whoever enters it does so in namespaces of their own: what is mounted there, and every process, is gone with them.

use crate::{
    files,
    test::install::{self, Missing},
};
use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// The Debian that has a Swift of version 6.
const SUITE: &str = "trixie";

/// What is installed in it. OpenSSL's is what the library is linked with where it has none inside.
const PACKAGES: &[&str] = &["swiftlang", "libc6-dev", "libstdc++-14-dev", "g++", "git", "libssl-dev"];

/// Enters a folder (`$0`) with the places that are given until `--`, and becomes the command behind that.
const ENTER: &str = r#"
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t tmpfs tmpfs "$0/tmp"
while [ "$1" != -- ]; do
    mkdir -p "$0$1"
    mount --rbind "$1" "$0$1"
    shift
done
shift
exec chroot "$0" "$@"
"#;

/// The folder, once it is there; it is made where that can be done.
pub(super) async fn ready() -> Result<PathBuf, Missing> {
    let folder = place().await?;
    if !is_made(&folder) {
        make(&folder).await?;
    }
    Ok(folder)
}

/// Where it is or can be made; why not, on a machine that lacks the rights or is another system.
pub(super) async fn place() -> Result<PathBuf, Missing> {
    if env::consts::OS != "linux" {
        return Err(missing("Swift 6 is not installed".into(), ""));
    }
    let Some(folder) = files::cache().map(|cache| cache.join(format!("swift-{SUITE}"))) else {
        return Err(missing("Swift 6 is not installed, and there is no home to keep one in".into(), ""));
    };
    if !install::is_root().await {
        let why = "Swift 6 is not installed, and only root can enter a Debian that has it";
        return Err(missing(why.into(), ""));
    }
    if !may_mount().await {
        let why = "Swift 6 is not installed, and nothing may be mounted here, which a Debian that has it needs";
        return Err(missing(why.into(), ""));
    }
    Ok(folder)
}

/// A command that goes on inside of the folder, where it sees `places` as well: add what is to be run.
pub(super) fn enter(folder: &Path, places: &[PathBuf]) -> Command {
    let mut command = alone();
    command.args(["sh", "-ec", ENTER]).arg(folder).args(places).arg("--");
    command
}

/// A command in namespaces of its own: add what is to be run.
fn alone() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn may_mount() -> bool {
    let tried = alone().args(["mount", "-t", "proc", "proc", "/proc"]).stderr(Stdio::null()).status().await;
    tried.is_ok_and(|status| status.success())
}

fn is_made(folder: &Path) -> bool {
    fs::read_to_string(stamp(folder)).is_ok_and(|installed| installed == PACKAGES.join(" "))
}

/// Says what was installed, so that a folder which lacks something is noticed.
fn stamp(folder: &Path) -> PathBuf {
    folder.join("etc").join("enishi-swift")
}

/// Makes the folder, or adds what it lacks. Somebody else who wants it meanwhile waits.
async fn make(folder: &Path) -> Result<(), Missing> {
    let failed = |error: io::Error| missing(format!("no place for Swift could be made: {error}"), "");
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(failed)?;
    let lock = File::create(folder.with_extension("lock")).map_err(failed)?;
    tokio::task::block_in_place(|| lock.lock()).map_err(failed)?;
    if is_made(folder) {
        return Ok(());
    }
    println!("making a place for Swift in {} (some 600 MB to load, once)", folder.display());
    let log = folder.with_extension("log");
    let written = || File::create(&log).map_err(failed);
    if !folder.exists() {
        let begun = folder.with_extension("begun");
        files::remove_folder(&begun).map_err(failed)?;
        let mut debootstrap = alone();
        debootstrap.args(["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE]).arg(&begun);
        let no_debian = || {
            missing(
                "Swift 6 is not installed, and this is no Debian that would have a mirror to load it from".into(),
                "",
            )
        };
        debootstrap.arg(install::mirror().await.ok_or_else(no_debian)?);
        bring_debootstrap().await?;
        succeed(debootstrap, &log, written()?).await?;
        fs::rename(&begun, folder).map_err(failed)?;
    }
    let mut packages = enter(folder, &[]);
    packages.args([
        "sh",
        "-ec",
        "apt-get update; apt-get install -y --no-install-recommends \"$@\"; apt-get clean",
        "sh",
    ]);
    packages.args(PACKAGES).env("DEBIAN_FRONTEND", "noninteractive");
    succeed(packages, &log, written()?).await?;
    fs::write(stamp(folder), PACKAGES.join(" ")).map_err(failed)
}

async fn bring_debootstrap() -> Result<(), Missing> {
    let there = async || {
        let said = Command::new("debootstrap").arg("--version").stdout(Stdio::null()).status().await;
        said.is_ok_and(|status| status.success())
    };
    if there().await || install::can_install().await && install::install(&["debootstrap"]).await && there().await {
        return Ok(());
    }
    Err(missing("Swift 6 and debootstrap are not installed".into(), "apt-get install -y debootstrap"))
}

/// Runs what must end well; what it says goes into the log, whose end is told where it does not.
async fn succeed(mut command: Command, log: &Path, written: File) -> Result<(), Missing> {
    let tried = async { command.stdout(written.try_clone()?).stderr(written).status().await };
    match tried.await {
        Ok(status) if status.success() => Ok(()),
        ended => {
            let said = fs::read_to_string(log).unwrap_or_default();
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
            Err(missing(format!("no place for Swift could be made: {how}: {last} (see {})", log.display()), ""))
        }
    }
}

fn missing(why: String, command: &'static str) -> Missing {
    Missing { why, command }
}
