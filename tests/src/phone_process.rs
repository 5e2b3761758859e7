//! A phone whose process is a real one, and is killed by the system.

use crate::{TestServer, waiting::in_time};
use enishi_core::{Client, ClientConfig, secrets::FileSecretStore, transport::http::HttpOptions};
use enishi_protocol::PostId;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};
use tokio::sync::mpsc;

/// What it says once its store is open.
pub const OPEN: &str = "open";
/// What it says once nothing waits and everything is here.
pub const IN_STEP: &str = "in step";

/// The app in a folder, with its secrets in a file.
pub fn open(folder: &Path) -> Client {
    let secrets = FileSecretStore::open(folder.join("secrets")).unwrap();
    let config = ClientConfig::with_http(folder, Arc::new(secrets), &HttpOptions::default()).unwrap();
    Client::open(config).unwrap()
}

/// Signs somebody in in a folder, for processes to go on there.
pub async fn sign_in(server: &TestServer, url: &str, folder: &Path, address: &str) {
    let client = open(folder);
    let before = server.codes(address).len();
    let asked = in_time("a code to be sent", client.sign_in(&url.parse().unwrap(), address)).await.unwrap();
    let code = server.code_after(address, before).await;
    in_time("the code to be taken", client.finish_sign_in(asked.attempt, &code)).await.unwrap();
    in_time("the app to end", client.close()).await;
}

/// A running process.
pub struct PhoneProcess {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    /// Posts that it said are safe.
    wrote: Vec<PostId>,
}

impl PhoneProcess {
    /// Starts one that writes so many posts. `program` is this crate's `phone`.
    pub fn start(program: &Path, folder: &Path, posts: usize) -> Self {
        let mut command = Command::new(program);
        command.arg(folder).arg(posts.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Self { child, lines, wrote: Vec::new() }
    }

    /// Waits for what it says next.
    pub async fn says(&mut self) -> String {
        let line = in_time("the phone's process to say something", self.lines.recv()).await;
        let line = line.expect("the phone's process has ended by itself");
        self.wrote.extend(line.parse::<PostId>().ok());
        line
    }

    /// Kills it. The posts that it had said are safe.
    pub async fn kill(mut self) -> Vec<PostId> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // What it had said before it died is said.
        while let Some(line) = in_time("its last words", self.lines.recv()).await {
            self.wrote.extend(line.parse::<PostId>().ok());
        }
        self.wrote.split_off(0)
    }
}

impl Drop for PhoneProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where a story's phone process keeps everything.
pub fn folder(server: &TestServer) -> PathBuf {
    server.place().new_folder("process")
}
