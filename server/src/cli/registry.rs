//! `registry import` and `registry list`.

use super::{CliError, community::cell, language, whom};
use crate::{
    config::Config,
    db::{Connection, Scope},
    directory,
    error::{Error, Result as Done},
    mail::letter::day,
    outreach::{
        listing::{self, Line},
        segment::Found,
    },
    registry::{
        import::{Counts, Prepared, ROWS_AT_ONCE, import as import_rows},
        sheet::Sheet,
    },
    running,
    surroundings::{RealSurroundings, Surroundings},
};
use clap::{Args, Subcommand};
use enishi_protocol::{CommunityId, ErrorCode, Language};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring a CSV file of leavers in (UTF-8 or CP932); doing it again changes nothing
    Import(Import),
    /// Print the entries as CSV, each with how far its invitation has come
    List(List),
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Of which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    #[command(flatten)]
    leavers: whom::Leavers,
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
    match command {
        Command::Import(asked) => import(config, asked).await,
        Command::List(asked) => list(config, asked).await,
    }
}

async fn list(config: &Config, asked: List) -> Result<(), CliError> {
    let (database, community) = (running::open(config).await?, asked.community);
    let mut pages = whom::Pages::new(community, None, asked.leavers.segment()?);
    let mut writer = csv::Writer::from_writer(std::io::stdout());
    let failed = |error: csv::Error| CliError::Given(error.to_string());
    let head = ["entry", "employee_number", "family", "given", "left", "address", "invitation"];
    writer.write_record(head.into_iter().chain(["mailed", "reminded", "letter", "asking"])).map_err(failed)?;
    while let Some(page) = pages.next(&database).await? {
        let now_us = RealSurroundings.now_us();
        let read = move |conn: &mut dyn Connection| -> Done<Vec<(Found, Line)>> {
            let lines = page.into_iter().map(|found| {
                let line = listing::of(conn, community, now_us, &found)?;
                Ok((found, line))
            });
            lines.collect()
        };
        for (found, line) in database.read(Scope::Community(community), read).await? {
            writer.write_record(cells(&found, &line)).map_err(failed)?;
        }
    }
    writer.flush().map_err(CliError::Serving)
}

fn cells(found: &Found, line: &Line) -> [String; 11] {
    let day = |us: Option<i64>| us.map_or_else(String::new, |us| day(us, Language::En));
    let entry = &found.entry;
    [
        found.id.to_string(),
        cell(entry.employee_number.as_deref().unwrap_or_default()),
        cell(&entry.family),
        cell(&entry.given),
        entry.left_date.clone(),
        if entry.address.is_empty() { "no" } else { "yes" }.to_owned(),
        line.progress.as_str().to_owned(),
        day(line.mailed_us),
        day(line.reminded_us),
        day(line.letter_us),
        line.asking.to_string(),
    ]
}

async fn import(config: &Config, asked: Import) -> Result<(), CliError> {
    let Import { community, file, dry_run } = asked;
    let bytes = std::fs::read(&file).map_err(|error| CliError::File(file.clone(), error))?;
    let sheet = Sheet::read(&bytes).map_err(|error| CliError::Given(error.to_string()))?;
    let prepared = Prepared::of(&sheet);
    let database = running::open(config).await?;
    let known = database.read(Scope::Community(community), move |conn| directory::community(conn, community)).await?;
    known.ok_or(Error::Refused(ErrorCode::NotFound))?;
    let refused = prepared.refused;
    let mut counts = Counts::default();
    for rows in prepared.entries.chunks(ROWS_AT_ONCE).map(<[_]>::to_vec) {
        let work = move |conn: &mut dyn Connection| -> Done<Counts> {
            import_rows(conn, &RealSurroundings, community, &rows, dry_run)
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
