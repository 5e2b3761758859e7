//! The `alumni-server` program.

#![allow(clippy::print_stderr, reason = "whoever gave the command reads why it failed")]

use clap::Parser;
use enishi_server::cli::{self, Cli};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("alumni-server: {error}");
            ExitCode::FAILURE
        }
    }
}
