//! `cargo xtask test`: every test, in parts, and an honest account of what did not run.
//!
//! All parts share one build of the whole workspace. A part whose tool is missing is installed
//! where that can be done, else named with the command that would install it; never left out silently.

mod binaries;
pub(crate) mod install;
mod part;
pub(crate) mod postgres;
mod report;
pub(crate) mod surefire;
pub(crate) mod tally;

use crate::Outcome;
use part::Part;
use postgres::Postgres;
use report::Report;
use std::time::Instant;

/// What to test.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A part that cannot run on this machine is a failure
    #[arg(long)]
    require_all: bool,
    /// A part that may be left out all the same where it cannot run; may be given several times
    #[arg(long, value_enum, value_name = "PART", requires = "require_all")]
    may_lack: Vec<Part>,
    /// Run only this part; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Also run the tests that take long
    #[arg(long)]
    long: bool,
}

/// Runs the parts and prints the account. True where nothing failed.
pub(crate) async fn run(options: &Options) -> Outcome {
    let parts = if options.only.is_empty() { Part::ALL.to_vec() } else { options.only.clone() };
    println!("building the tests");
    let started = Instant::now();
    let binaries = binaries::build().await?;
    println!("built in {}\n", report::seconds(started.elapsed()));

    let mut report = Report::default();
    for part in parts {
        if let Some(missing) = part.missing().await {
            report.not_run(part, &missing);
            continue;
        }
        let postgres = if part.needs_postgres() {
            match Postgres::start().await {
                Ok(postgres) => Some(postgres),
                Err(missing) => {
                    report.not_run(part, &missing);
                    continue;
                }
            }
        } else {
            None
        };
        let tally = part.run(&binaries, postgres.as_ref(), options.long).await?;
        report.ran(part, tally);
    }
    report.print();
    Ok(report.all_passed() && !(options.require_all && report.has_gaps(&options.may_lack)))
}
