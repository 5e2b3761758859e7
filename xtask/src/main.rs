//! Every chore of this repository, as `cargo xtask <chore>`.
//!
//! Chores print for people and end with a status that a script can use. They never change files
//! that are under version control.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to whoever runs them")]

#[cfg(feature = "demo")]
mod demo;
mod stop;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

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
    #[command(disable_help_flag = true)]
    Demo {
        /// See `cargo xtask demo --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<OsString>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let work = async {
        match Cli::parse().chore {
            Chore::Test(options) => test::run(&options).await,
            Chore::Demo { options } => demo(options).await,
        }
    };
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = stop::requested() => Err("stopped".into()),
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

/// Builds the demo and the server together, so that they share their dependencies, and runs it.
#[cfg(not(feature = "demo"))]
async fn demo(options: Vec<OsString>) -> Outcome {
    let build = ["build", "--package", "enishi-server", "--package", "xtask"];
    if !workspace::cargo().args(build).status().await?.success() {
        return Ok(false);
    }
    let program = workspace::target().join("debug").join("xtask");
    Ok(tokio::process::Command::new(program).arg("demo").args(options).status().await?.success())
}

#[cfg(feature = "demo")]
async fn demo(_options: Vec<OsString>) -> Outcome {
    Err("not there yet".into())
}
