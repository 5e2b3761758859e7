//! A PostgreSQL for the tests: its own folder, its own port on loopback, gone when it is dropped.
//!
//! It never touches a PostgreSQL that runs on the machine already.

use super::install::{self, Missing};
use std::{
    ffi::OsStr,
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const INSTALL: &str = "apt-get install -y postgresql";
const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// A running PostgreSQL.
pub(crate) struct Postgres {
    server: Child,
    folder: PathBuf,
    url: String,
}

impl Postgres {
    /// A superuser's URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Installs PostgreSQL where it is missing and that can be done, and starts one.
    pub(crate) async fn start() -> Result<Self, Missing> {
        let programs = match programs() {
            Some(programs) => programs,
            None if install::can_install().await && install::install(&["postgresql"]).await => {
                programs().ok_or_else(|| missing("PostgreSQL was installed but its programs were not found"))?
            }
            None => return Err(missing("PostgreSQL is not installed")),
        };
        let user = User::for_servers().await?;
        tokio::task::spawn_blocking(move || Self::start_in_new_folder(&programs, user))
            .await
            .unwrap_or_else(|panic| Err(io::Error::other(panic)))
            .map_err(|error| Missing { why: format!("PostgreSQL did not start: {error}"), command: "" })
    }

    fn start_in_new_folder(programs: &Path, user: User) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("enishi-postgres-{}", std::process::id()));
        fs::create_dir(&folder)?;
        user.give(&folder)?;
        let made = Self::start_in(&folder, programs, user);
        if made.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        made
    }

    fn start_in(folder: &Path, programs: &Path, user: User) -> io::Result<Self> {
        let password = random_password()?;
        let (data, word) = (folder.join("data"), folder.join("password"));
        fs::write(&word, &password)?;
        user.give(&word)?;
        let made = user
            .command(programs.join("initdb"), folder)
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"])
            .args([OsStr::new("--pgdata"), data.as_os_str(), OsStr::new("--pwfile"), word.as_os_str()])
            .output()?;
        if !made.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned()));
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = fs::File::create(folder.join("log"))?;
        let server = user
            .command(programs.join("postgres"), folder)
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            // Tests make and drop many small databases on one machine that may crash without harm.
            .args(["-c", "fsync=off", "-c", "full_page_writes=off"])
            .args(["-c", "max_connections=400", "-c", "max_locks_per_transaction=256"])
            .stderr(log)
            .spawn()?;
        let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
        let mut postgres = Self { server, folder: folder.to_owned(), url };
        postgres.wait_until_ready(programs, port)?;
        Ok(postgres)
    }

    fn wait_until_ready(&mut self, programs: &Path, port: u16) -> io::Result<()> {
        let started = Instant::now();
        while started.elapsed() < STARTS_WITHIN {
            if self.server.try_wait()?.is_some() {
                return Err(io::Error::other(fs::read_to_string(self.folder.join("log")).unwrap_or_default()));
            }
            let mut ask = Command::new(programs.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            if ask.status()?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(io::Error::other("it did not answer within a minute"))
    }
}

impl Drop for Postgres {
    /// Asks it to end at once, cutting connections, and removes its folder.
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The user that a PostgreSQL runs as: it refuses to be root.
#[derive(Clone, Copy)]
struct User(Option<(u32, u32)>);

impl User {
    async fn for_servers() -> Result<Self, Missing> {
        if !install::is_root().await {
            return Ok(Self(None));
        }
        match (install::user_id(Some("postgres")).await, install::group_id("postgres").await) {
            (Some(user), Some(group)) => Ok(Self(Some((user, group)))),
            _ => Err(missing("root may not run PostgreSQL and there is no user named postgres")),
        }
    }

    fn give(self, path: &Path) -> io::Result<()> {
        match self.0 {
            #[cfg(unix)]
            Some((user, group)) => std::os::unix::fs::chown(path, Some(user), Some(group)),
            _ => Ok(()),
        }
    }

    /// A command of this user, out of reach of the terminal's Ctrl-C: we end it ourselves.
    fn command(self, program: PathBuf, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            command.process_group(0);
            if let Some((user, group)) = self.0 {
                command.uid(user).gid(group);
            }
        }
        command
    }
}

/// The folder of PostgreSQL's programs, the newest where there are several.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<_> =
        debian.filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path.join("bin")))).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).collect::<Vec<_>>();
    versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(others)
        .find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file()))
}

/// Whoever else is on this machine shall not get in while the tests run.
fn random_password() -> io::Result<String> {
    use std::{fmt::Write, io::Read};
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn missing(why: &str) -> Missing {
    Missing { why: why.into(), command: INSTALL }
}
