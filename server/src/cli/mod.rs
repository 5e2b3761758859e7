//! The command line of `alumni-server`.

#![allow(clippy::print_stdout, reason = "a command's answer is printed")]

mod backup;
mod community;
mod erase;
mod import;
mod invite;
mod letters;
mod mailing;
mod registry;
mod restore;
mod suppress;
mod whom;

use crate::{
    config::{Config, ConfigError, Settings},
    erasure::ListError,
    error::Error,
    http::openapi,
    media::worker,
    running::{self, StartError},
    telemetry,
};
use clap::{Parser, Subcommand};
use std::{io, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// The companion server of Enishi, an alumni community.
#[derive(Debug, Parser)]
#[command(name = "alumni-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve phones until SIGTERM or SIGINT
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Create or list communities
    #[command(subcommand)]
    Community(community::Command),
    /// Bring leavers' records in
    #[command(subcommand)]
    Registry(registry::Command),
    /// Bring a community's people, groups and feed in from an archive; doing it again changes nothing
    Import(import::Import),
    /// Make an invitation and print its link, once; or invite by mail, or by letters to print
    Invite(invite::Invite),
    /// Remind whoever was invited by mail and has not joined, each once
    Remind(mailing::Remind),
    /// Say whom nobody writes to: who declined, objected or died
    #[command(subcommand)]
    Suppress(suppress::Command),
    /// Copy the SQLite database while the server runs
    Backup {
        /// The file to write; it must not exist
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put a backup in the database's place and begin a new era (the server must be stopped)
    Restore(restore::Restore),
    /// Erase a post, a comment, or a member with all that is theirs, for good
    Erase(erase::Erase),
    /// Say how many erasures the list that is kept apart holds, and where it is
    Erasures(erase::Erasures),
    /// Print the OpenAPI document
    Openapi,
    /// Look into a file that nobody has looked at before: run by the server itself
    #[command(name = worker::COMMAND, hide = true)]
    LookAtFile,
}

/// Why a command did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The set-up cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server or its database does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A feature refused, in words for a person.
    #[error("{}", .0.code().message(language()))]
    Refused(Error),
    /// The server or its database failed.
    #[error(transparent)]
    Failed(Error),
    /// Something is wrong with what was given.
    #[error("{0}")]
    Given(String),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Serving ended with an error.
    #[error("serving failed: {0}")]
    Serving(io::Error),
}

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(_) | Error::Wait { .. } => Self::Refused(error),
            Error::Db(_) | Error::Internal(_) => Self::Failed(error),
        }
    }
}

impl From<ListError> for CliError {
    fn from(error: ListError) -> Self {
        StartError::from(error).into()
    }
}

impl From<crate::db::DbError> for CliError {
    fn from(error: crate::db::DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<crate::writing::Failure> for CliError {
    fn from(failure: crate::writing::Failure) -> Self {
        Error::from(failure).into()
    }
}

/// The language of the terminal.
fn language() -> enishi_protocol::Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    match set {
        Some(name) if name.starts_with("ja") => enishi_protocol::Language::Ja,
        _ => enishi_protocol::Language::En,
    }
}

impl Cli {
    /// Whether this is the process that looks into a file, which must be alone: no threads, no runtime.
    pub fn is_worker(&self) -> bool {
        matches!(self.command, Command::LookAtFile)
    }
}

/// Runs a command.
///
/// # Errors
/// Why it did not do as asked; to be printed to whoever gave it.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    if matches!(cli.command, Command::Openapi) {
        print!("{}", openapi::text().map_err(|error| CliError::Given(error.to_string()))?);
        return Ok(());
    }
    let config = cli.settings.complete()?;
    match cli.command {
        Command::Serve => serve(config).await,
        Command::Migrate => running::open(&config).await.map(drop).map_err(CliError::from),
        Command::Community(command) => community::run(&config, command).await,
        Command::Registry(command) => registry::run(&config, command).await,
        Command::Import(import) => import::run(&config, import).await,
        Command::Invite(invite) => invite::run(&config, invite).await,
        Command::Remind(remind) => mailing::remind(&config, remind).await,
        Command::Suppress(command) => suppress::run(&config, command).await,
        Command::Backup { to } => backup::backup(&config, &to),
        Command::Restore(restore) => restore::restore(&config, &restore).await,
        Command::Erase(erase) => erase::run(&config, erase).await,
        Command::Erasures(erasures) => erase::list(&config, &erasures).await,
        Command::Openapi | Command::LookAtFile => Ok(()),
    }
}

async fn serve(config: Config) -> Result<(), CliError> {
    telemetry::init_logs();
    let stop = asked_to_stop().map_err(CliError::Serving)?;
    let running = running::serve(config, stop).await?;
    println!("{}", running.url());
    running.stopped().await.map_err(CliError::Serving)
}

/// The wish to end, heard from here on: a signal that comes before would kill the process.
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::{Command, CommandFactory};

    fn flags(command: &Command, found: &mut Vec<(String, Option<String>)>) {
        for flag in command.get_arguments().filter(|flag| !flag.is_hide_set()) {
            if let Some(long) = flag.get_long()
                && !["help", "version"].contains(&long)
            {
                found.push((format!("--{long}"), flag.get_env().map(|name| name.to_string_lossy().into_owned())));
            }
        }
        for command in command.get_subcommands() {
            flags(command, found);
        }
    }

    #[test]
    fn the_reference_page_names_every_command_flag_and_variable() {
        let page = include_str!("../../../docs/server.md");
        let mut found = Vec::new();
        let command = Cli::command();
        flags(&command, &mut found);
        for (flag, variable) in found {
            let named = [format!("`{flag}`"), format!("`{flag} ")].iter().any(|form| page.contains(form));
            assert!(named, "{flag} is not in docs/server.md");
            assert!(variable.is_none_or(|variable| page.contains(&format!("`{variable}`"))), "{flag}");
        }
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(page.contains(&format!("| `{}", command.get_name())), "{}", command.get_name());
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
