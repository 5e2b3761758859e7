//! What this machine can do at all: plain SQLite, a loopback connection and `serde_json`, with nothing of ours.
//!
//! A measurement means little on a machine whose speed nobody knows, so each is shown beside the
//! least that its work could take here, taken in the same run.

use super::{
    posts::{Post, post},
    report::{Report, ms, share},
};
use crate::Failed;
use rusqlite::{Connection, params};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

const INSERT: &str = "INSERT OR REPLACE INTO post (id, author, grp, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
const PAGE: &str =
    "SELECT id, author, grp, body, created_at FROM post WHERE grp = ?1 ORDER BY created_at DESC LIMIT 50";

/// Rows to be inserted one by one: without a flush each, and with one.
const WRITES: [(&str, &str, usize); 2] = [("normal", "NORMAL", 10_000), ("full", "FULL", 1_000)];

/// Measures them in a folder, with so many posts in the local store.
pub(super) fn measure(report: &mut Report, folder: &Path, big: usize, runs: usize) -> Result<(), Failed> {
    let posts: Vec<Post> = (0..10_000).map(post).collect();
    first_sync(report, folder, &posts, runs)?;
    one_way(report, folder, &posts[..100], "floor_delta_100")?;
    one_way(report, folder, &posts[..1_000], "floor_outbox_1000")?;
    writes(report, folder, &posts, runs)?;
    page(report, folder, big, runs)
}

/// Ten thousand posts over a connection, read, and stored in one transaction.
fn first_sync(report: &mut Report, folder: &Path, posts: &[Post], runs: usize) -> Result<(), Failed> {
    let sent = serde_json::to_vec(posts)?;
    let size = sent.len();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let serving = thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut asked = [0];
        while stream.read_exact(&mut asked).is_ok() {
            stream.write_all(&sent)?;
        }
        Ok(())
    });
    let mut stream = TcpStream::connect(address)?;
    let mut buffer = vec![0; size];
    let mut times = Vec::new();
    for _ in 0..runs {
        let file = Scratch::new(folder, "first");
        let mut connection = file.open("NORMAL")?;
        let started = Instant::now();
        stream.write_all(&[1])?;
        stream.read_exact(&mut buffer)?;
        let read: Vec<Post> = serde_json::from_slice(&buffer)?;
        insert(&mut connection, &read)?;
        times.push(ms(started.elapsed()));
    }
    drop(stream);
    serving.join().map_err(|_| "the serving thread failed")??;
    report.limit("floor_initial_10k", "ms", &times)
}

/// Posts over a connection to a store at its other end, and a byte back.
fn one_way(report: &mut Report, folder: &Path, posts: &[Post], name: &str) -> Result<(), Failed> {
    const TIMES: usize = 31;
    let sent = serde_json::to_vec(posts)?;
    let size = sent.len();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let folder = folder.to_owned();
    let serving = thread::spawn(move || -> Result<(), Failed> {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let mut buffer = vec![0; size];
        loop {
            let file = Scratch::new(&folder, "one-way");
            let mut connection = file.open("NORMAL")?;
            if stream.read_exact(&mut buffer).is_err() {
                return Ok(());
            }
            let read: Vec<Post> = serde_json::from_slice(&buffer)?;
            insert(&mut connection, &read)?;
            stream.write_all(&[1])?;
        }
    });
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answered = [0];
    let mut times = Vec::new();
    for _ in 0..TIMES {
        // The other end opens its new file meanwhile, which is not what is measured.
        thread::sleep(Duration::from_millis(20));
        let started = Instant::now();
        stream.write_all(&sent)?;
        stream.read_exact(&mut answered)?;
        times.push(ms(started.elapsed()));
    }
    drop(stream);
    serving.join().map_err(|_| "the serving thread failed")??;
    report.limit(name, "ms", &times)
}

/// Rows inserted one by one.
fn writes(report: &mut Report, folder: &Path, posts: &[Post], runs: usize) -> Result<(), Failed> {
    for (name, synchronous, rows) in WRITES {
        let (mut middle, mut high) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let file = Scratch::new(folder, "writes");
            let connection = file.open(synchronous)?;
            let mut statement = connection.prepare(INSERT)?;
            let mut times = Vec::with_capacity(rows);
            for Post { id, author, group, body, created_at } in &posts[..rows] {
                let started = Instant::now();
                statement.execute(params![id, author, group, body, created_at])?;
                times.push(ms(started.elapsed()) * 1e3);
            }
            middle.push(share(&mut times, 0.5));
            high.push(share(&mut times, 0.99));
        }
        report.limit(&format!("sqlite_write_one_tx_wal_{name}_p50"), "us", &middle)?;
        report.limit(&format!("sqlite_write_one_tx_wal_{name}_p99"), "us", &high)?;
    }
    Ok(())
}

/// The newest fifty of a group, through an index.
fn page(report: &mut Report, folder: &Path, posts: usize, runs: usize) -> Result<(), Failed> {
    const TIMES: usize = 2_000;
    let file = Scratch::new(folder, "page");
    let mut connection = file.open("NORMAL")?;
    insert(&mut connection, &(0..posts).map(post).collect::<Vec<_>>())?;
    let mut statement = connection.prepare(PAGE)?;
    let (mut middle, mut high) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut times = Vec::with_capacity(TIMES);
        for number in 0..TIMES {
            let group = format!("group-{:03}", number % 20);
            let started = Instant::now();
            let rows = statement.query_map([&group], |row| {
                Ok(Post {
                    id: row.get(0)?,
                    author: row.get(1)?,
                    group: row.get(2)?,
                    body: row.get(3)?,
                    created_at: row.get(4)?,
                })
            })?;
            let found = rows.collect::<Result<Vec<_>, _>>()?;
            times.push(ms(started.elapsed()) * 1e3);
            if found.len() > 50 {
                return Err("a page is too long".into());
            }
        }
        middle.push(share(&mut times, 0.5));
        high.push(share(&mut times, 0.99));
    }
    report.limit("sqlite_page50_by_group_p50", "us", &middle)?;
    report.limit("sqlite_page50_by_group_p99", "us", &high)
}

fn insert(connection: &mut Connection, posts: &[Post]) -> Result<(), Failed> {
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare_cached(INSERT)?;
        for Post { id, author, group, body, created_at } in posts {
            statement.execute(params![id, author, group, body, created_at])?;
        }
    }
    Ok(transaction.commit()?)
}

/// A database file that is removed when it is done with.
struct Scratch(PathBuf);

impl Scratch {
    fn new(folder: &Path, name: &str) -> Self {
        let scratch = Self(folder.join(format!("limit-{name}.db")));
        scratch.remove();
        scratch
    }

    fn open(&self, synchronous: &str) -> Result<Connection, Failed> {
        let connection = Connection::open(&self.0)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.execute_batch(
            "CREATE TABLE post (id TEXT PRIMARY KEY, author TEXT, grp TEXT, body TEXT, created_at TEXT) WITHOUT ROWID;
             CREATE INDEX post_g ON post (grp, created_at DESC);
             CREATE INDEX post_c ON post (created_at DESC);",
        )?;
        Ok(connection)
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
