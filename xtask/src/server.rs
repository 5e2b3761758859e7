//! The real server as a process of its own: its commands, its life and its death.

use crate::Failed;
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::Mutex,
};

const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// The server's program with its data.
pub(crate) struct Server {
    program: PathBuf,
    data: PathBuf,
    postgres: Option<String>,
    running: Mutex<Option<Child>>,
    listen: Mutex<SocketAddr>,
    /// Codes that were read: who signs in once more waits for another.
    read: Mutex<BTreeSet<String>>,
}

impl Server {
    /// A server with its data in `data`, or in PostgreSQL; port 0 takes a free one at the first start.
    pub(crate) fn new(program: PathBuf, data: PathBuf, postgres: Option<String>, port: u16) -> Result<Self, Failed> {
        if !program.is_file() {
            return Err(format!("{} is not there: run this as `cargo xtask`", program.display()).into());
        }
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let (running, listen, read) = (Mutex::default(), Mutex::new(listen), Mutex::default());
        Ok(Self { program, data, postgres, running, listen, read })
    }

    /// The folder with everything that it keeps in files.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Its PostgreSQL database; without one all of it is in its files.
    pub(crate) fn postgres(&self) -> Option<&str> {
        self.postgres.as_deref()
    }

    /// The folder that mail is put into.
    pub(crate) fn mailbox(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// A command line that reaches this server's data, to be shown.
    pub(crate) async fn shown(&self, command: &str) -> String {
        let (program, data, listen) = (self.program.display(), self.data.display(), self.listen.lock().await);
        let place = self.postgres.as_ref().map_or(String::new(), |url| format!(" --database-url {url}"));
        format!("{program} {command} --data {data} --listen {listen}{place}")
    }

    async fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.stdin(Stdio::null()).kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ENISHI_") {
                command.env_remove(name);
            }
        }
        command.env("ENISHI_DATA", &self.data).env("ENISHI_LISTEN", self.listen.lock().await.to_string());
        if let Some(url) = &self.postgres {
            command.env("ENISHI_DATABASE_URL", url);
        }
        command
    }

    /// Runs a command of the server's program and returns what it printed.
    pub(crate) async fn run<I: Into<OsString>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> Result<String, Failed> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let output = self.command().await.args(&arguments).output().await?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
        }
        let words = String::from_utf8_lossy(&output.stderr);
        Err(format!("alumni-server {arguments:?}: {}", words.trim()).into())
    }

    /// Starts serving and returns the URL. A later start takes the same port.
    pub(crate) async fn start(&self) -> Result<String, Failed> {
        fs::create_dir_all(&self.data)?;
        let log = File::options().create(true).append(true).open(self.data.join("server.log"))?;
        let mut child = self.command().await.arg("serve").stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let url = tokio::time::timeout(STARTS_WITHIN, lines.next_line()).await??;
        let url =
            url.ok_or_else(|| format!("the server did not start: see {}", self.data.join("server.log").display()))?;
        let address = url.rsplit_once('/').map_or(url.as_str(), |(_, address)| address);
        *self.listen.lock().await = address.parse()?;
        *self.running.lock().await = Some(child);
        Ok(url)
    }

    /// What phones call it, once it has been started.
    pub(crate) async fn url(&self) -> String {
        format!("http://{}", self.listen.lock().await)
    }

    /// Kills it, as a power cut would.
    pub(crate) async fn kill(&self) -> Result<(), Failed> {
        if let Some(mut child) = self.running.lock().await.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Its process, while it runs.
    pub(crate) async fn process(&self) -> Option<u32> {
        self.running.lock().await.as_ref().and_then(Child::id)
    }

    /// Asks it to end and waits until it has.
    pub(crate) async fn stop(&self) -> Result<(), Failed> {
        let Some(mut child) = self.running.lock().await.take() else { return Ok(()) };
        if let Some(id) = child.id() {
            Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        }
        let ended = tokio::time::timeout(Duration::from_secs(20), child.wait()).await;
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            _ => Err("the server did not end as asked".into()),
        }
    }

    /// The code in the newest mail to an address whose code was not read before.
    pub(crate) async fn code_for(&self, address: &str) -> Result<String, Failed> {
        let mut read = self.read.lock().await;
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        let is_new = |word: &&str| is_code(word) && !read.contains(*word);
        let code = self.in_mail(address, |body| body.lines().map(str::trim).find(is_new).map(str::to_owned)).await?;
        read.insert(code.clone());
        Ok(code)
    }

    /// Waits for a mail to an address in which something is found, the newest first.
    pub(crate) async fn in_mail<T>(&self, address: &str, find: impl Fn(&str) -> Option<T>) -> Result<T, Failed> {
        let waiting = async {
            loop {
                if let Some(found) = self.newest(address, &find)? {
                    return Ok(found);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.map_err(|_| "the mail did not come")?
    }

    /// All mails, in the order in which they were sent.
    pub(crate) fn mails(&self) -> Result<Vec<String>, Failed> {
        let Ok(folder) = fs::read_dir(self.mailbox()) else { return Ok(Vec::new()) };
        let mut mails = folder.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
        mails.retain(|path| path.extension().is_some_and(|end| end == "eml"));
        mails.sort();
        Ok(mails.iter().map(fs::read_to_string).collect::<Result<_, _>>()?)
    }

    fn newest<T>(&self, address: &str, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failed> {
        for text in self.mails()?.iter().rev() {
            let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
            let to_them = head.lines().any(|line| line.starts_with("To:") && line.contains(address));
            if let (true, Some(found)) = (to_them, find(body)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
