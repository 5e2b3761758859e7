//! `registry import`.

use super::{CliError, language};
use crate::{
    config::Config,
    db::Scope,
    directory,
    error::{Error, Result as Done},
    registry::{
        import::{self, Counts, Prepared, ROWS_AT_ONCE},
        sheet::Sheet,
    },
    running,
    surroundings::RealSurroundings,
};
use clap::{Args, Subcommand};
use enishi_protocol::{CommunityId, ErrorCode};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring a CSV file of leavers in (UTF-8 or CP932); doing it again changes nothing
    Import(Import),
}

#[derive(Args, Debug)]
pub(super) struct Import {
    /// Which community's registry
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The CSV file
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), CliError> {
    let Command::Import(Import { community, file, dry_run }) = command;
    let bytes = std::fs::read(&file).map_err(|error| CliError::File(file.clone(), error))?;
    let sheet = Sheet::read(&bytes).map_err(|error| CliError::Given(error.to_string()))?;
    let prepared = Prepared::of(&sheet);
    let database = running::open(config).await?;
    let known = database.read(Scope::Community(community), move |conn| directory::community(conn, community)).await?;
    known.ok_or(Error::Refused(ErrorCode::NotFound))?;
    let refused = prepared.refused;
    let mut counts = Counts::default();
    for rows in prepared.entries.chunks(ROWS_AT_ONCE).map(<[_]>::to_vec) {
        let work = move |conn: &mut dyn crate::db::Connection| -> Done<Counts> {
            import::import(conn, &RealSurroundings, community, &rows, dry_run)
        };
        counts += database.write(Scope::Community(community), work).await?;
    }
    println!("encoding {}", sheet.encoding);
    for header in sheet.unknown {
        println!("left out: column {header}");
    }
    for (line, problem) in &refused {
        println!("line {line}: {}", problem.message(language()));
    }
    let Counts { added, changed, same } = counts;
    let refused = refused.len();
    println!(
        "added {added}, changed {changed}, same {same}, refused {refused}{}",
        if dry_run { " (dry run)" } else { "" }
    );
    Ok(())
}
