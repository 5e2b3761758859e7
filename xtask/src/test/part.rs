//! The parts of `cargo xtask test`: which programs each runs, and with what.

use super::{
    binaries::{Binary, doc_tests},
    postgres::Postgres,
    tally::Tally,
};
use clap::ValueEnum;

/// One part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Each crate by itself, on embedded SQLite
    Unit,
    /// Real clients against a real server, on embedded SQLite
    System,
    /// The server's and the system's tests again, on PostgreSQL
    Postgres,
}

impl Part {
    /// All parts, quickest first.
    pub(crate) const ALL: &[Self] = &[Self::Unit, Self::System, Self::Postgres];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::System => "system",
            Self::Postgres => "postgres",
        }
    }

    /// Whether it needs a PostgreSQL of its own.
    pub(crate) fn needs_postgres(self) -> bool {
        self == Self::Postgres
    }

    fn runs(self, binary: &Binary) -> bool {
        match self {
            Self::Unit => binary.package != "enishi-tests",
            Self::System => binary.package == "enishi-tests",
            Self::Postgres => matches!(binary.package.as_str(), "enishi-tests" | "enishi-server"),
        }
    }

    /// Runs the part and returns its tally.
    pub(crate) async fn run(
        self,
        binaries: &[Binary],
        postgres: Option<&Postgres>,
        long: bool,
    ) -> std::io::Result<Tally> {
        println!("{}", self.name());
        let mut tally = Tally::default();
        for binary in binaries.iter().filter(|binary| self.runs(binary)) {
            tally += binary.run(postgres.map(Postgres::url), long).await?;
        }
        if self == Self::Unit {
            tally += doc_tests().await?;
        }
        println!();
        Ok(tally)
    }
}
