//! Every chore of this repository, as `cargo xtask <chore>`.
//!
//! Chores print for people and end with a status that a script can use. They never change files
//! that are under version control.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to whoever runs them")]

#[cfg(feature = "demo")]
mod demo;
#[cfg(test)]
mod documents;
mod stop;
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
    /// Show a company's community at work: a server, two phones, and a server that is killed in between
    #[cfg(feature = "demo")]
    Demo(demo::Options),
    /// Show a company's community at work: a server, two phones, and a server that is killed in between
    #[cfg(not(feature = "demo"))]
    #[command(disable_help_flag = true)]
    Demo {
        /// See `cargo xtask demo --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<std::ffi::OsString>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Test(options) => tokio::select! {
            outcome = test::run(&options) => outcome,
            () = stop::requested() => Err("stopped".into()),
        },
        #[cfg(feature = "demo")]
        Chore::Demo(options) => demo::run(options).await,
        #[cfg(not(feature = "demo"))]
        Chore::Demo { options } => build_and_run_demo(&options).await,
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

/// A chore's end: whether all went well, or why it could not be done.
type Outcome = Result<bool, Box<dyn std::error::Error + Send + Sync>>;

/// Builds the demo and the server together, so that they share their dependencies, and becomes the demo.
#[cfg(not(feature = "demo"))]
async fn build_and_run_demo(options: &[std::ffi::OsString]) -> Outcome {
    use std::os::unix::process::CommandExt;
    println!("building the server and two phones");
    let build = ["build", "--quiet", "--package", "enishi-server", "--package", "xtask"];
    if !workspace::cargo().args(build).status().await?.success() {
        return Ok(false);
    }
    let program = workspace::target().join("debug").join("xtask");
    Err(std::process::Command::new(program).arg("demo").args(options).exec().into())
}
