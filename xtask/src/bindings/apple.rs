//! `cargo xtask apple-libs`: the library for iPhones, their simulator and Macs, as an XCFramework in the Swift package.
//!
//! It needs a Mac with Xcode, and was not run here.

use super::{library, swift};
use crate::{Outcome, files, workspace};
use std::env;
use tokio::process::Command;

/// What the library is built for.
const TARGETS: &[&str] = &["aarch64-apple-ios", "aarch64-apple-ios-sim", "aarch64-apple-darwin"];

/// Builds the library for each, and puts them together.
pub(crate) async fn run() -> Outcome {
    if env::consts::OS != "macos" {
        return Err("this needs a Mac with Xcode: elsewhere nothing can be linked for iPhones and Macs".into());
    }
    let (package, headers) = swift::for_apple().await?;
    let framework = package.join("Enishi.xcframework");
    files::remove_folder(&framework)?;
    let mut together = Command::new("xcodebuild");
    together.arg("-create-xcframework").kill_on_drop(true);
    for target in TARGETS {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", target]).kill_on_drop(true);
        library::succeed(rustup, "installing the standard library").await?;
        let mut cargo = workspace::cargo();
        // OpenSSL lies inside: this machine's is not for a phone.
        cargo.env_remove("OPENSSL_NO_VENDOR");
        cargo.args(["build", "--quiet", "--release", "--package", "enishi-bindings", "--lib", "--target", target]);
        library::succeed(cargo, "building the library").await?;
        together.arg("-library").arg(workspace::target().join(target).join("release").join("libenishi.a"));
        together.arg("-headers").arg(&headers);
    }
    together.arg("-output").arg(&framework);
    library::succeed(together, "putting the XCFramework together").await?;
    println!("{}", framework.display());
    Ok(true)
}
