//! A real server with data of its own, in this process or as the real program.

use crate::{
    clock::PassingClock,
    fault_proxy::{FaultProxy, Target},
    life::Life,
    place::Place,
    waiting::{in_time, until},
};
use enishi_server::{
    Config, Running,
    config::TlsFiles,
    db::{Connection, Database, Scope},
    error::Error,
    mail::post::Mailbox,
    running::{self, StartError},
};
use std::{
    fs::File,
    future::pending,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, OnceLock},
};

/// A server. Phones reach it through a [`FaultProxy`], so that it may die and come back.
pub struct TestServer {
    place: Place,
    config: Config,
    target: Target,
    proxy: FaultProxy,
    clock: Arc<PassingClock>,
    alive: Option<Alive>,
    logs: bool,
}

enum Alive {
    Here(Life, Box<Running>),
    Process(Child),
}

impl TestServer {
    /// A server in this process. A second one at the same place is another process on the same
    /// database, which only PostgreSQL allows.
    pub async fn start(place: &Place) -> Self {
        Self::start_with(place, |_| {}).await
    }

    /// A server that is set up otherwise.
    pub async fn start_with(place: &Place, change: impl FnOnce(&mut Config)) -> Self {
        let mut server = Self::new(place).await;
        change(&mut server.config);
        server.start_again().await;
        server
    }

    /// A server in this process that looks into files as the real program does.
    pub async fn start_with_files(place: &Place) -> Self {
        Self::start_with(place, |config| config.media_program = Some(program().to_owned())).await
    }

    /// A server as the real program, to be killed as the system kills.
    pub async fn start_process(place: &Place) -> Self {
        let mut server = Self::new(place).await;
        server.start_process_again().await;
        server
    }

    /// A server as the real program that writes its logs, at their loudest, to [`Self::logs`].
    pub async fn start_process_with_logs(place: &Place) -> Self {
        let mut server = Self::new(place).await;
        server.logs = true;
        server.start_process_again().await;
        server
    }

    async fn new(place: &Place) -> Self {
        let target = Target::new("127.0.0.1:1".parse().unwrap());
        let proxy = FaultProxy::to(target.clone()).await;
        let mut config = Config::in_folder(&place.folder().join("server"));
        config.database_url = place.database_url().map(str::to_owned);
        config.public_url = Some(format!("http://{}", proxy.address()));
        // Several processes on one database share it.
        config.message_key = place.folder().join("message.key");
        Self { place: place.clone(), config, target, proxy, clock: Arc::default(), alive: None, logs: false }
    }

    /// Starts it in this process, on the data it had.
    pub async fn start_again(&mut self) {
        self.try_to_start().await.unwrap();
    }

    /// Starts it in this process, which it may refuse.
    pub async fn try_to_start(&mut self) -> Result<(), StartError> {
        assert!(self.alive.is_none(), "the server runs already");
        let (life, config) = (Life::default(), self.config.clone());
        let started = life.run(enishi_server::serve_in(config, self.clock.clone(), pending()));
        match in_time("the server to start", started).await {
            Ok(running) => {
                self.target.set(running.address);
                self.alive = Some(Alive::Here(life, Box::new(running)));
                Ok(())
            }
            Err(error) => {
                life.kill().await;
                Err(error)
            }
        }
    }

    /// Starts it as the real program, on the data it had.
    pub async fn start_process_again(&mut self) {
        self.start_process_with(&[], &[]).await;
    }

    /// Starts it as the real program with more in its environment and on its command line.
    pub async fn start_process_with(&mut self, environment: &[(String, String)], arguments: &[&str]) {
        assert!(self.alive.is_none(), "the server runs already");
        let mut command = Command::new(program());
        command.arg("serve").arg("--data").arg(&self.config.data).args(["--listen", "127.0.0.1:0"]);
        command.arg("--message-key").arg(&self.config.message_key);
        if let Some(url) = &self.config.database_url {
            command.args(["--database-url", url]);
        }
        command.args(arguments).envs(environment.iter().cloned());
        let mut logs = Stdio::null();
        if self.logs {
            command.env("RUST_LOG", "trace");
            logs = File::options().append(true).create(true).open(self.logs()).unwrap().into();
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(logs).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let reading = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            said.read_line(&mut line).map(|_| line)
        });
        let line = in_time("the server's program to say its address", reading).await.unwrap().unwrap();
        self.target.set(line.trim().strip_prefix("http://").expect("an address").parse().unwrap());
        self.alive = Some(Alive::Process(child));
    }

    /// The number of its process, where it runs as the real program.
    pub fn process(&self) -> u32 {
        match &self.alive {
            Some(Alive::Process(child)) => child.id(),
            _ => panic!("the server is no process of its own"),
        }
    }

    /// Asks it to go away and waits until it has.
    pub async fn stop(&mut self) {
        match self.alive.take().expect("the server runs") {
            Alive::Here(life, running) => {
                in_time("the server to stop", running.stop()).await.unwrap();
                life.kill().await;
            }
            Alive::Process(mut child) => {
                let id = child.id().to_string();
                assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
                let ended = tokio::task::spawn_blocking(move || child.wait());
                assert!(in_time("the server's program to end", ended).await.unwrap().unwrap().success());
            }
        }
    }

    /// Kills it: nothing is finished, nobody is told.
    pub async fn kill(&mut self) {
        match self.alive.take().expect("the server runs") {
            Alive::Here(life, running) => {
                life.kill().await;
                drop(running);
            }
            Alive::Process(mut child) => {
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
    }

    /// Begins a graceful end without waiting for it.
    pub fn close(&self) {
        match &self.alive {
            Some(Alive::Here(_, running)) => running.close(),
            _ => panic!("no server runs in this process"),
        }
    }

    /// What phones call it where they have no network of their own.
    pub fn url(&self) -> String {
        self.config.url()
    }

    /// The clock of the server in this process.
    pub fn clock(&self) -> &PassingClock {
        &self.clock
    }

    /// The texts of all mails to an address, oldest first.
    pub fn mails(&self, address: &str) -> Vec<String> {
        Mailbox::new(&self.config.mailbox()).texts_to(address)
    }

    /// The heads and texts of all mails to an address, oldest first.
    pub fn letters(&self, address: &str) -> Vec<(String, String)> {
        Mailbox::new(&self.config.mailbox()).mails_to(address)
    }

    /// Waits for a mail to an address that says this.
    pub async fn mail_that_says(&self, address: &str, words: &str) -> String {
        let found = async || self.mails(address).into_iter().find(|text| text.contains(words));
        until(format!("a mail to {address} that says {words}"), found).await
    }

    /// Where its logs are, if it was started with them.
    pub fn logs(&self) -> PathBuf {
        self.place.folder().join("server.log")
    }

    /// Its set-up.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The address that it listens on.
    pub fn address(&self) -> std::net::SocketAddr {
        self.target.get()
    }

    /// Where it is, for a network of one's own.
    pub fn target(&self) -> Target {
        self.target.clone()
    }

    /// The network that its own URL leads through.
    pub fn proxy(&self) -> &FaultProxy {
        &self.proxy
    }

    /// Where the story happens.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The codes that were mailed to an address, oldest first.
    pub fn codes(&self, address: &str) -> Vec<String> {
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        let mails = Mailbox::new(&self.config.mailbox()).texts_to(address);
        mails.iter().filter_map(|text| text.lines().find(is_code).map(str::to_owned)).collect()
    }

    /// Waits for the code that comes after so many.
    pub async fn code_after(&self, address: &str, before: usize) -> String {
        until("a code by mail", async || self.codes(address).get(before).cloned()).await
    }

    /// Removes the files that nothing shows any more, as its chore does.
    pub async fn sweep_files(&self) -> usize {
        let Some(Alive::Here(life, running)) = &self.alive else { panic!("no server runs in this process") };
        let app = running.app().clone();
        life.run(async move { enishi_server::jobs::media::sweep(&app).await }).await.unwrap()
    }

    /// Writes to its database as its command line does.
    pub async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match &self.alive {
            Some(Alive::Here(life, running)) => {
                let db = running.app().db.clone();
                life.run(async move { db.write(scope, work).await }).await
            }
            _ => self.database().await.write(scope, work).await,
        }
    }

    /// A handle of one's own to its database, as another process would have.
    pub async fn database(&self) -> Database {
        running::open(&self.config).await.unwrap()
    }

    /// Speaks TLS with these files from the next start on.
    pub fn set_tls(&mut self, tls: TlsFiles) {
        self.config.tls = Some(tls);
    }
}

/// A command of the server's command line; what it printed.
async fn run(mut command: Command) -> String {
    let done = tokio::task::spawn_blocking(move || command.output());
    let output = in_time("a command", done).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl TestServer {
    /// Runs a command of its command line on its data; what it printed.
    pub async fn command(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(program());
        command.args(arguments).arg("--data").arg(&self.config.data);
        command.arg("--message-key").arg(&self.config.message_key);
        if let Some(url) = &self.config.database_url {
            command.args(["--database-url", url]);
        }
        run(command).await
    }

    /// Backs its database up while it runs, PostgreSQL with its own tools.
    pub async fn back_up(&self) -> PathBuf {
        let file = self.place.new_folder("backup").join("enishi.backup");
        match self.place.schema() {
            None => drop(self.command(&["backup", "--to", file.to_str().unwrap()]).await),
            Some((server, schema)) => {
                let mut command = Command::new("pg_dump");
                command.arg("--dbname").arg(server).args(["--schema", schema, "--file"]).arg(&file);
                run(command).await;
            }
        }
        file
    }

    /// Puts a backup in the database's place while it does not run.
    pub async fn restore(&self, backup: &Path) {
        assert!(self.alive.is_none(), "the server runs");
        let Some((server, schema)) = self.place.schema() else {
            self.command(&["restore", "--from", backup.to_str().unwrap()]).await;
            return;
        };
        let mut command = Command::new("psql");
        command.arg("--dbname").arg(server).args(["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]);
        command.args(["--command", &format!("DROP SCHEMA {schema} CASCADE"), "--file"]).arg(backup);
        run(command).await;
        self.command(&["restore"]).await;
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(Alive::Process(child)) = &mut self.alive {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The real program: the one that `cargo xtask test` has built, or else built from what is here, once
/// for all tests of this process.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(program) = std::env::var_os("ENISHI_TEST_PROGRAM") {
            return program.into();
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // The whole workspace's features, so that nothing is built a second time.
        let arguments = ["build", "--quiet", "--workspace", "--bin", "alumni-server"];
        let built = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap();
        assert!(built.success(), "the server's program does not build");
        let test = std::env::current_exe().unwrap();
        test.parent().and_then(Path::parent).unwrap().join("alumni-server")
    })
}
