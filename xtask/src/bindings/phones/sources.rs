//! The sources of the standard library of the very compiler that runs here: its own where they are installed, else Debian's
//! where one of its releases has that version.

use crate::{
    files,
    test::install::{self, Missing},
};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// The release that has compilers which came out after it.
const SUITE: &str = "trixie-backports";

/// Takes the library alone out of the package `$0`, into the folder `$1`.
const UNPACK: &str =
    r#"dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --strip-components=4 --wildcards './usr/src/*/library'"#;

/// The compiler that runs here.
pub(super) struct Toolchain {
    root: PathBuf,
    /// What it compiles for where nothing else is said, which is this machine.
    pub(super) host: String,
    version: String,
}

/// The sources, and the compiler that they belong to.
pub(super) struct Sources {
    /// The compiler.
    pub(super) toolchain: Toolchain,
    /// The folder `library`.
    pub(super) library: PathBuf,
}

impl Sources {
    /// The sources, fetched once where they are not here.
    pub(super) async fn ready() -> Result<Self, Missing> {
        let toolchain = Toolchain::here().await?;
        let own = toolchain.root.join("lib/rustlib/src/rust/library");
        if own.join("std").exists() {
            return Ok(Self { toolchain, library: own });
        }
        let Some(folder) = files::cache().map(|cache| cache.join(format!("rust-src-{}", toolchain.version))) else {
            return Err(missing("there is no home to keep them in"));
        };
        let library = folder.join("library");
        if !library.exists() {
            fetch(&toolchain.version, &folder).await?;
        }
        Ok(Self { toolchain, library })
    }
}

impl Toolchain {
    async fn here() -> Result<Self, Missing> {
        let said = async |option: &str| {
            let told = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
                .args(option.split(' '))
                .output()
                .await;
            let told = told.map_err(|error| missing(&format!("rustc: {error}")))?;
            Ok::<_, Missing>(String::from_utf8_lossy(&told.stdout).into_owned())
        };
        let (root, verbose) = (said("--print sysroot").await?, said("-vV").await?);
        let value = |name: &str| verbose.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let (Some(host), Some(version)) = (value("host: "), value("release: ")) else {
            return Err(missing("rustc does not say which version it is"));
        };
        Ok(Self { root: root.trim().into(), host, version })
    }

    /// The program.
    pub(super) fn rustc(&self) -> PathBuf {
        self.root.join("bin").join("rustc")
    }

    /// The standard library for this machine.
    pub(super) fn host_libraries(&self) -> PathBuf {
        self.root.join("lib").join("rustlib").join(&self.host)
    }
}

/// Fetches the package with an apt that knows of that release alone, and unpacks it beside its place, into which it then goes whole.
async fn fetch(version: &str, place: &Path) -> Result<(), Missing> {
    let failed = |error: io::Error| missing(&error.to_string());
    let Some(mirror) = install::mirror().await else {
        return Err(missing("this is no Debian that would have a mirror to load them from"));
    };
    println!("fetching the sources of Rust's standard library (some 45 MB, once)");
    let begun = place.with_extension("begun");
    files::remove_folder(&begun).map_err(failed)?;
    for folder in ["state/lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(begun.join(folder)).map_err(failed)?;
    }
    let list = format!("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {SUITE} main\n");
    fs::write(begun.join("sources.list"), list).map_err(failed)?;
    apt(&begun, &["update"]).await?;
    apt(&begun, &["download", &format!("rust-src={version}+*")]).await?;
    let package =
        files::all(&begun).map_err(failed)?.into_iter().find(|file| file.extension().is_some_and(|of| of == "deb"));
    let package = package.ok_or_else(|| missing("nothing was loaded"))?;
    let mut unpack = Command::new("sh");
    unpack.args(["-ec", UNPACK]).arg(package).arg(&begun);
    succeed(unpack).await?;
    if !begun.join("library").join("std").exists() {
        return Err(missing("the package has no standard library in it"));
    }
    files::remove_folder(place).map_err(failed)?;
    fs::create_dir(place).and_then(|()| fs::rename(begun.join("library"), place.join("library"))).map_err(failed)?;
    files::remove_folder(&begun).map_err(failed)
}

/// Calls an apt whose lists are in a folder of their own.
async fn apt(folder: &Path, arguments: &[&str]) -> Result<(), Missing> {
    let mut apt = Command::new("apt-get");
    let mut option = |name: &str, value: &Path| {
        apt.arg("-o").arg(format!("{name}={}", value.display()));
    };
    option("Dir::State", &folder.join("state"));
    option("Dir::Cache", &folder.join("cache"));
    option("Dir::Etc::SourceList", &folder.join("sources.list"));
    option("Dir::Etc::SourceParts", Path::new("/dev/null"));
    // As root it would load as a user that may not look into root's home.
    option("APT::Sandbox::User", Path::new("root"));
    apt.args(arguments).current_dir(folder);
    succeed(apt).await
}

async fn succeed(mut command: Command) -> Result<(), Missing> {
    let ended = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let ended = ended.map_err(|error| missing(&error.to_string()))?;
    let said = String::from_utf8_lossy(&ended.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing was said");
    if ended.status.success() { Ok(()) } else { Err(missing(last)) }
}

fn missing(why: &str) -> Missing {
    let why = format!("the sources of this compiler's standard library are not here: {why}");
    Missing { why, command: "rustup component add rust-src" }
}
