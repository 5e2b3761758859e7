//! The `alumni-server` program.

#![allow(clippy::print_stderr, reason = "whoever gave the command reads why it failed")]

use clap::Parser;
use enishi_server::{
    cli::{self, Cli},
    media::worker,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.is_worker() {
        return worker::run();
    }
    serve(cli)
}

#[tokio::main]
async fn serve(cli: Cli) -> ExitCode {
    match cli::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("alumni-server: {error}");
            ExitCode::FAILURE
        }
    }
}
