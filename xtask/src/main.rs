//! Every chore of this repository, as `cargo xtask <chore>`.
//!
//! Chores print for people and end with a status that a script can use. They never change files
//! that are under version control, unless told to accept what is there now.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to whoever runs them")]

mod android;
#[cfg(feature = "full")]
mod bench;
mod bindings;
#[cfg(feature = "full")]
mod demo;
#[cfg(test)]
mod documents;
mod faults;
mod files;
mod fuzz;
mod licences;
mod maven;
#[cfg(feature = "full")]
mod server;
mod stamp;
mod stop;
mod strings;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of Enishi")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every test, and say which parts could not run here
    Test(test::Options),
    /// Make the Kotlin package, from the core's library to the jar, and run its tests
    Kotlin(bindings::kotlin::Options),
    /// Make the Swift package, from the core's library to the folder that an app depends on, and run its tests
    Swift(bindings::swift::Options),
    /// Build the Android app and run it on the framework of a phone, without Gradle and an SDK
    Android(android::Options),
    /// Make what each platform reads of the words of the apps
    Strings,
    /// Make the library for the processors of phones, and see that phones with large memory pages load it
    AndroidLibs(bindings::android::Options),
    /// Make the library for iPhones and Macs, as an XCFramework in the Swift package
    AppleLibs,
    /// Type-check the library for the processors of phones, where nothing can be linked for them
    Phones,
    /// Put faults into a copy of the sources, and see that the tests that should notice do
    Faults(faults::Options),
    /// Try bytes that nobody wrote on everything that reads what comes from outside
    Fuzz(fuzz::Options),
    /// Show a company's community at work: a server, two phones, and a server that is killed in between
    #[cfg(feature = "full")]
    Demo(demo::Options),
    /// Measure phones and the server, beside what this machine can do at all
    #[cfg(feature = "full")]
    Bench(bench::Options),
    /// Show a company's community at work: a server, two phones, and a server that is killed in between
    #[cfg(not(feature = "full"))]
    #[command(disable_help_flag = true)]
    Demo(Passed),
    /// Measure phones and the server, beside what this machine can do at all
    #[cfg(not(feature = "full"))]
    #[command(disable_help_flag = true)]
    Bench(Passed),
}

/// What is passed on to the chore once it is built.
#[cfg(not(feature = "full"))]
#[derive(clap::Args)]
struct Passed {
    /// See `--help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<std::ffi::OsString>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Test(options) => tokio::select! {
            outcome = test::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Kotlin(options) => tokio::select! {
            outcome = bindings::kotlin::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Swift(options) => tokio::select! {
            outcome = bindings::swift::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::AndroidLibs(options) => tokio::select! {
            outcome = bindings::android::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::AppleLibs => tokio::select! {
            outcome = bindings::apple::run() => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Phones => tokio::select! {
            outcome = bindings::phones::run() => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Android(options) => tokio::select! {
            outcome = android::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Strings => strings::run(),
        Chore::Faults(options) => tokio::select! {
            outcome = faults::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        Chore::Fuzz(options) => tokio::select! {
            outcome = fuzz::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        #[cfg(feature = "full")]
        Chore::Demo(options) => demo::run(options).await,
        #[cfg(feature = "full")]
        Chore::Bench(options) => bench::run(options).await,
        #[cfg(not(feature = "full"))]
        Chore::Demo(passed) => build_and_become("demo", &passed.options, false).await,
        #[cfg(not(feature = "full"))]
        Chore::Bench(passed) => build_and_become("bench", &passed.options, true).await,
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why a chore could not be done.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// A chore's end: whether all went well, or why it could not be done.
type Outcome = Result<bool, Failed>;

/// Builds the server and a chore, and becomes the chore. For a demo both share their dependencies; what is measured is
/// the server as it is released, built by itself: SQLite without the phone's encryption.
#[cfg(not(feature = "full"))]
async fn build_and_become(chore: &str, options: &[std::ffi::OsString], optimised: bool) -> Outcome {
    use std::os::unix::process::CommandExt;
    eprintln!("building the server and the phones");
    let (server, chores) = (["--package", "enishi-server"], ["--package", "xtask"]);
    let builds = if optimised { vec![server.to_vec(), chores.to_vec()] } else { vec![[server, chores].concat()] };
    for packages in builds {
        let mut build = workspace::cargo();
        build.args(["build", "--quiet"]).args(packages);
        if optimised {
            build.arg("--release");
        }
        if !build.status().await?.success() {
            return Ok(false);
        }
    }
    let profile = if optimised { "release" } else { "debug" };
    let program = workspace::target().join(profile).join("xtask");
    Err(std::process::Command::new(program).arg(chore).args(options).exec().into())
}
