//! `cargo xtask faults`: puts a fault into a copy of the sources, and sees that the test that should notice does.
//!
//! A fault is a patch in `tests/faults`: a line that says what goes wrong, a line `test: FILE FILTER`, and the change.

use crate::{Failed, Outcome, test::postgres::Postgres, workspace};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// Which faults.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these, by their names; all where none is named
    names: Vec<String>,
    /// Only say what there is
    #[arg(long)]
    list: bool,
}

/// One fault.
struct Fault {
    name: String,
    patch: PathBuf,
    what: String,
    /// The file of stories that notices, and which of them.
    file: String,
    filter: String,
}

impl Fault {
    fn read(patch: PathBuf) -> Result<Self, Failed> {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&patch)?;
        let mut lines = text.lines();
        let what = lines.next().unwrap_or_default().to_owned();
        let said = lines.next().and_then(|line| line.strip_prefix("test: ")).and_then(|test| test.split_once(' '));
        let (file, filter) = said.ok_or_else(|| format!("{name} names no test"))?;
        Ok(Self { what, file: file.to_owned(), filter: filter.to_owned(), name, patch })
    }
}

/// All faults, by name.
fn all() -> Result<Vec<Fault>, Failed> {
    let entries = fs::read_dir(workspace::root().join("tests").join("faults"))?;
    let mut patches: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    patches.retain(|path| path.extension().is_some_and(|extension| extension == "patch"));
    patches.sort();
    patches.into_iter().map(Fault::read).collect()
}

/// Sees that each fault is noticed. True where all were.
pub(crate) async fn run(options: &Options) -> Outcome {
    let mut faults = all()?;
    if let Some(unknown) = options.names.iter().find(|name| !faults.iter().any(|fault| fault.name == **name)) {
        return Err(format!("there is no fault {unknown}").into());
    }
    faults.retain(|fault| options.names.is_empty() || options.names.contains(&fault.name));
    if options.list {
        for fault in &faults {
            println!("{}: {} ({} {})", fault.name, fault.what, fault.file, fault.filter);
        }
        return Ok(true);
    }
    let copy = workspace::target().join("faults");
    let postgres = Postgres::start().await?;
    let mut unnoticed = Vec::new();
    for fault in &faults {
        copy_sources(&copy).await?;
        apply(&copy, &fault.patch).await?;
        let noticed = notices(&copy, fault, postgres.url()).await?;
        println!("{}: {}", fault.name, if noticed { "noticed" } else { "NOT NOTICED" });
        if !noticed {
            unnoticed.push(fault.name.as_str());
        }
    }
    fs::remove_dir_all(&copy)?;
    println!("\n{} of {} faults noticed", faults.len() - unnoticed.len(), faults.len());
    Ok(unnoticed.is_empty())
}

/// Copies what is under version control, as it lies here; a file that has not changed keeps its time, so that
/// little is built anew.
async fn copy_sources(copy: &Path) -> Result<(), Failed> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(workspace::root());
    let listed = git.output().await?;
    for name in String::from_utf8(listed.stdout)?.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (workspace::root().join(name), copy.join(name));
        let Ok(bytes) = fs::read(&from) else { continue };
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(copy))?;
        fs::write(&to, bytes)?;
    }
    Ok(())
}

async fn apply(copy: &Path, patch: &Path) -> Result<(), Failed> {
    // Outside of a repository, so that it is the copy that changes.
    let mut git = Command::new("git");
    git.args(["apply", "--unsafe-paths", "--directory"]).arg(copy).arg(patch).current_dir("/");
    if git.status().await?.success() { Ok(()) } else { Err(format!("{} does not apply", patch.display()).into()) }
}

/// Builds the copy, then runs the test: a fault that does not build is no fault.
async fn notices(copy: &Path, fault: &Fault, postgres: &str) -> Result<bool, Failed> {
    let test = |arguments: &[&str]| {
        let mut cargo = workspace::cargo();
        cargo.current_dir(copy).env("CARGO_TARGET_DIR", workspace::target()).env_remove("ENISHI_TEST_PROGRAM");
        cargo.env("ENISHI_TEST_POSTGRES", postgres);
        cargo.args(["test", "--quiet", "--workspace", "--test", &fault.file]).args(arguments);
        cargo
    };
    if !test(&["--no-run"]).status().await?.success() {
        return Err(format!("with {} it does not build", fault.name).into());
    }
    let output = test(&["--", &fault.filter]).stdout(Stdio::piped()).stderr(Stdio::null()).output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !said.contains("test result:") || said.contains("running 0 tests") {
        return Err(format!("no test of {} is named {}", fault.file, fault.filter).into());
    }
    Ok(!output.status.success() && said.contains("test result: FAILED"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_fault_names_a_file_of_stories_and_still_applies() {
        let faults = all().expect("readable");
        assert!(faults.len() > 10);
        for fault in faults {
            let stories = workspace::root().join("tests").join("tests");
            let file = stories.join(&fault.file);
            assert!(file.is_dir() || file.with_extension("rs").is_file(), "{} has no {}", fault.name, fault.file);
            let mut git = Command::new("git");
            git.args(["apply", "--check"]).arg(&fault.patch).current_dir(workspace::root());
            assert!(git.status().await.expect("git").success(), "{} does not apply", fault.name);
        }
    }
}
