//! Where this repository is, and how cargo is called in it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    sync::OnceLock,
};
use tokio::process::Command;

/// The repository's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder of build output.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program that was built, in the folder of its profile.
#[cfg(feature = "full")]
pub(crate) fn built(profile: &str, program: &str) -> PathBuf {
    target().join(profile).join(program)
}

/// The cargo that runs this chore, in the repository's folder.
///
/// A machine that has OpenSSL 3 with its headers spares the minutes of building it again.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).stdin(Stdio::null()).kill_on_drop(true);
    // What cargo tells a program that it runs is not meant for what that builds: some of it is built anew for it.
    let told = env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("CARGO_PKG_"));
    told.chain(["CARGO_MANIFEST_DIR".into(), "CARGO_MANIFEST_PATH".into()]).for_each(|name| {
        cargo.env_remove(name);
    });
    if has_openssl() {
        cargo.env("OPENSSL_NO_VENDOR", "1");
    }
    cargo
}

/// Whether this machine has OpenSSL 3 with its headers, which what is built is then linked with.
pub(crate) fn has_openssl() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| {
        std::process::Command::new("pkg-config")
            .args(["--atleast-version=3", "openssl"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}
