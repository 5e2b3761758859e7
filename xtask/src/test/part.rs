//! The parts of `cargo xtask test`: which programs each runs, and with what.

use super::{
    binaries::{Binary, doc_tests},
    install::Missing,
    postgres::Postgres,
    tally::Tally,
};
use crate::{Failed, android, bindings, fuzz};
use clap::ValueEnum;
use std::time::Instant;

/// One part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Each crate by itself, on embedded SQLite
    Unit,
    /// Real clients against a real server, on embedded SQLite
    System,
    /// The server's and the system's tests again, on PostgreSQL
    Postgres,
    /// Calls that schemathesis makes of the OpenAPI document, on embedded SQLite
    Document,
    /// The Kotlin package on this machine's JVM, with a real server
    Kotlin,
    /// The Android app on the framework of a phone, on this machine's JVM, with a real server
    Android,
    /// The Swift package on this machine, with a real server
    Swift,
    /// The library type-checked for the processors of phones
    Phones,
    /// A short run of bytes that nobody wrote, over a kept corpus
    Fuzz,
}

/// The file of stories that needs the program of this name.
const SCHEMATHESIS: &str = "schemathesis";

impl Part {
    /// All parts, quickest first.
    pub(crate) const ALL: &[Self] = &[
        Self::Unit,
        Self::System,
        Self::Postgres,
        Self::Document,
        Self::Kotlin,
        Self::Swift,
        Self::Android,
        Self::Phones,
        Self::Fuzz,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::System => "system",
            Self::Postgres => "postgres",
            Self::Document => "document",
            Self::Kotlin => "kotlin",
            Self::Android => "android",
            Self::Swift => "swift",
            Self::Phones => "phones",
            Self::Fuzz => "fuzz",
        }
    }

    /// Whether it needs a PostgreSQL of its own.
    pub(crate) fn needs_postgres(self) -> bool {
        self == Self::Postgres
    }

    /// Why it cannot run here, where it needs a program that is not there.
    pub(crate) async fn missing(self) -> Option<Missing> {
        match self {
            Self::Kotlin => return bindings::kotlin::missing().await,
            Self::Swift => return bindings::swift::missing().await,
            Self::Android => return android::missing().await,
            Self::Phones => return bindings::phones::missing().await,
            Self::Document => {}
            Self::Unit | Self::System | Self::Postgres | Self::Fuzz => return None,
        }
        let program = std::env::var("ENISHI_TEST_SCHEMATHESIS").unwrap_or_else(|_| SCHEMATHESIS.into());
        let said = tokio::process::Command::new(program).arg("--version").output().await;
        let there = said.is_ok_and(|said| said.status.success());
        let command = "pip install schemathesis==4.32.5";
        (!there).then(|| Missing { why: "schemathesis is not installed".into(), command })
    }

    fn runs(self, binary: &Binary) -> bool {
        match self {
            Self::Document => binary.name == SCHEMATHESIS,
            Self::Kotlin | Self::Swift | Self::Android | Self::Phones | Self::Fuzz => false,
            _ if binary.name == SCHEMATHESIS => false,
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
    ) -> Result<Tally, Failed> {
        println!("{}", self.name());
        if self == Self::Fuzz {
            return fuzz_targets(long).await;
        }
        let mut tally = Tally::default();
        for binary in binaries.iter().filter(|binary| self.runs(binary)) {
            tally += binary.run(postgres.map(Postgres::url), long).await?;
        }
        match self {
            Self::Unit => tally += doc_tests().await?,
            Self::Kotlin => tally += bindings::kotlin::test().await?,
            Self::Swift => tally += bindings::swift::test().await?,
            Self::Android => tally += android::test().await?,
            Self::Phones => tally += bindings::phones::test().await?,
            _ => {}
        }
        println!();
        Ok(tally)
    }
}

/// Each target counts as one test.
async fn fuzz_targets(long: bool) -> Result<Tally, Failed> {
    fuzz::build().await?;
    let started = Instant::now();
    let mut tally = Tally::default();
    for target in fuzz::TARGETS {
        let went = fuzz::fuzz(target, if long { fuzz::LONG } else { fuzz::SHORT }, 1).await?;
        println!("  {target}: {}", went.said);
        tally += Tally { passed: went.sound.into(), failed: (!went.sound).into(), ..Tally::default() };
    }
    println!();
    Ok(Tally { took: started.elapsed(), ..tally })
}
