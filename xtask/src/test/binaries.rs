//! The test programs of the workspace: built once, run as often as parts need them.

use super::{report, tally::Tally};
use crate::workspace;
use std::{io, path::PathBuf, process::Stdio, time::Instant};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
};

/// One test program.
pub(crate) struct Binary {
    /// The crate it belongs to.
    pub(crate) package: String,
    /// Its own name: the crate's for unit tests, the file's for others.
    pub(crate) name: String,
    program: PathBuf,
    folder: PathBuf,
}

/// Builds all tests of the workspace, in one build, and lists their programs.
pub(crate) async fn build() -> Result<Vec<Binary>, Box<dyn std::error::Error + Send + Sync>> {
    let arguments = ["test", "--workspace", "--no-run", "--quiet", "--message-format=json-render-diagnostics"];
    let output = workspace::cargo().args(arguments).stderr(Stdio::inherit()).output().await?;
    if !output.status.success() {
        // The status tells a machine without room or memory, on which a compiler is killed, from a mistake.
        return Err(format!("the tests do not build: cargo ended with {}", output.status).into());
    }
    let lines = String::from_utf8(output.stdout)?;
    let mut binaries: Vec<_> = lines.lines().filter_map(Binary::of_message).collect();
    binaries.sort_by(|one, other| (&one.package, &one.name).cmp(&(&other.package, &other.name)));
    Ok(binaries)
}

/// Runs the examples in the documentation.
pub(crate) async fn doc_tests() -> io::Result<Tally> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--workspace", "--doc", "--quiet"]);
    run("documentation", cargo).await
}

impl Binary {
    /// The program that one of cargo's JSON messages tells of, where it tells of a test.
    fn of_message(line: &str) -> Option<Self> {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_test = message["profile"]["test"].as_bool()?;
        let program = PathBuf::from(message["executable"].as_str()?);
        let folder = PathBuf::from(message["manifest_path"].as_str()?).parent()?.to_path_buf();
        let package = package_name(message["package_id"].as_str()?, &folder);
        let name = message["target"]["name"].as_str()?.to_owned();
        is_test.then_some(Self { package, name, program, folder })
    }

    /// Runs it as cargo would: in its crate's folder. Stories that are told on both engines are told
    /// on PostgreSQL where one is given, and those alone; else on SQLite.
    pub(crate) async fn run(&self, postgres: Option<&str>, long: bool) -> io::Result<Tally> {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder).env_remove("ENISHI_TEST_POSTGRES");
        // The same build made the server's program, which the tests need not build again.
        command.env("ENISHI_TEST_PROGRAM", workspace::target().join("debug").join("alumni-server"));
        match postgres {
            Some(url) => command.env("ENISHI_TEST_POSTGRES", url).arg("on_postgres"),
            None => command.args(["--skip", "on_postgres"]),
        };
        if long {
            command.env("ENISHI_TEST_LONG", "1").arg("--include-ignored");
        }
        run(&format!("{} / {}", self.package, self.name), command).await
    }
}

/// The crate's name in a package id: `path+file:///…/protocol#enishi-protocol@0.1.0`, or `…/xtask#0.1.0`
/// where the folder bears the same name.
fn package_name(id: &str, folder: &std::path::Path) -> String {
    let fragment = id.rsplit_once('#').map_or(id, |(_, fragment)| fragment);
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

/// Runs a program of tests: shows one line, and everything it printed where a test failed.
async fn run(title: &str, command: Command) -> io::Result<Tally> {
    let (tally, lines) = observe(title, command).await?;
    print_program(title, tally, &lines);
    Ok(tally)
}

/// Runs a program of tests, and returns its tally with everything that it said.
async fn observe(title: &str, mut command: Command) -> io::Result<(Tally, Vec<String>)> {
    let started = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let (lines, complaints) = tokio::join!(collect(output, title), collect(errors, title));
    let status = child.wait().await?;
    // libtest tells of failures on standard output; a panic outside of a test, on the other.
    let mut lines = lines?;
    let tally = Tally::of_output(&lines, status.success(), started.elapsed());
    lines.extend(complaints?);
    Ok((tally, lines))
}

fn print_program(title: &str, tally: Tally, lines: &[String]) {
    if tally == (Tally { took: tally.took, ..Tally::default() }) {
        return;
    }
    let failed = if tally.failed > 0 { format!(", {} FAILED", tally.failed) } else { String::new() };
    println!("  {title}: {} passed{failed} in {}", tally.passed, report::seconds(tally.took));
    if tally.failed > 0 {
        for line in lines {
            println!("    {line}");
        }
    }
}

/// Reads all lines, and shows at once those that tell of a test that takes long.
async fn collect(from: Option<impl AsyncRead + Unpin>, title: &str) -> io::Result<Vec<String>> {
    let mut all = Vec::new();
    let Some(from) = from else { return Ok(all) };
    let mut lines = BufReader::new(from).lines();
    while let Some(line) = lines.next_line().await? {
        if line.contains("has been running for over") {
            println!("  {title}: {line}");
        }
        all.push(line);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[tokio::test]
    async fn what_a_failing_program_says_on_either_output_is_kept() {
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "echo 'test result: FAILED. 1 passed; 2 failed; 0 ignored'; echo why; echo where >&2; exit 1",
        ]);
        let (tally, lines) = observe("a program", shell).await.expect("runs");
        assert_eq!((tally.passed, tally.failed), (1, 2));
        assert!(lines.contains(&"why".to_owned()) && lines.contains(&"where".to_owned()), "{lines:?}");
    }

    #[test]
    fn a_package_is_named_by_its_id() {
        assert_eq!(
            package_name("path+file:///x/protocol#enishi-protocol@0.1.0", Path::new("/x/protocol")),
            "enishi-protocol"
        );
        assert_eq!(package_name("path+file:///x/xtask#0.1.0", Path::new("/x/xtask")), "xtask");
    }
}
