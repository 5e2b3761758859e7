//! Where Swift is: on this machine, or in a Debian of its own in a folder, which is made once.

use super::{package::Package, root, settings, told};
use crate::{test::install::Missing, workspace};
use std::{path::PathBuf, process::Stdio};
use tokio::process::Command;

/// The first version whose language mode the package is written in.
const OLDEST: u32 = 6;

/// A way to run Swift.
pub(super) enum Toolchain {
    /// What is found on the path.
    Here,
    /// The Debian in this folder.
    Within(PathBuf),
}

/// Why this machine can have none; nothing is made yet.
pub(super) async fn missing() -> Option<Missing> {
    if is_here().await { None } else { root::place().await.err() }
}

/// Finds Swift, or makes a place for it.
pub(super) async fn find() -> Result<Toolchain, Missing> {
    if is_here().await {
        return Ok(Toolchain::Here);
    }
    root::ready().await.map(Toolchain::Within)
}

impl Toolchain {
    /// A call of `swift` in the package's folder.
    pub(super) fn command(&self, package: &Package, arguments: &[&str]) -> Command {
        let mut command = match self {
            Self::Here => Command::new("swift"),
            Self::Within(folder) => {
                let mut places = vec![workspace::root().to_path_buf()];
                if !workspace::target().starts_with(workspace::root()) {
                    places.push(workspace::target());
                }
                let mut command = root::enter(folder, &places);
                // Nothing of this machine's ways is meant for that Debian.
                command.args(["env", "--ignore-environment", "--chdir"]).arg(package.folder());
                command.args(["PATH=/usr/libexec/swift/bin:/usr/bin:/bin", "HOME=/root", "LANG=C.UTF-8"]);
                for (name, value) in settings() {
                    command.arg(format!("{name}={}", value.display()));
                }
                command.arg("swift");
                command
            }
        };
        told(&mut command);
        command.args(arguments).current_dir(package.folder()).stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

async fn is_here() -> bool {
    let said = Command::new("swift").arg("--version").stdin(Stdio::null()).output().await;
    said.is_ok_and(|said| major(&String::from_utf8_lossy(&said.stdout)).is_some_and(|major| major >= OLDEST))
}

/// Reads the `6` of `Swift version 6.0.3 (swift-6.0.3-RELEASE)`.
fn major(said: &str) -> Option<u32> {
    said.split_once("Swift version ")?.1.split('.').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_swift_says_of_itself() {
        let mac = "Apple Swift version 6.1.2 (swiftlang-6.1.2.1.2 clang-1700.0.13.5)\nTarget: arm64-apple-macosx15.0";
        assert_eq!((major(mac), major("Swift version 5.8 (x)"), major("swift: no")), (Some(6), Some(5), None));
    }
}
