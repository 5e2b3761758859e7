//! `cargo xtask demo`: a company's community at work, with the real server and two real phones.
//!
//! The server runs as a process of its own and is killed in the middle of the story; the phones are
//! `enishi_core` clients that talk to it over HTTP. Nothing here is faked: where a step does not
//! come out as told, the demo fails.

mod accounts;
mod app;
mod browser;
mod company;
mod files;
mod invitations;
mod media;
mod messages;
mod meter;
mod moderation;
mod people;
mod phone;
mod recovery;
mod same;
mod scanner;
mod story;
mod tell;

use crate::{
    Failed, Outcome,
    server::{self, Server},
    stop, workspace,
};
use std::path::PathBuf;

/// How to show it.
#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    /// End after the story; with a failure where any step failed
    #[arg(long)]
    once: bool,
    /// Open the app in a window, on a phone of somebody who is invited and has not joined yet
    #[arg(long, conflicts_with = "once")]
    app: bool,
    /// Keep everything in this folder, which must be empty or new [default: one that is removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The server's port on loopback [default: a free one]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Keep the server's data in this PostgreSQL instead of SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The server's program [default: the one built beside this]
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
}

/// Tells the story and, unless `--once`, leaves the server up until it is stopped.
pub(crate) async fn run(options: Options) -> Outcome {
    if options.app {
        app::build().await?;
    }
    let folder = Folder::of(options.data.as_deref())?;
    let program = options.server.clone().unwrap_or_else(|| workspace::built("debug", "alumni-server"));
    let server = Server::new(program, folder.path.join("server"), options.postgres.clone(), options.port)?;
    let told = tokio::select! {
        told = story::tell(&server, &folder.path) => told,
        () = stop::requested() => Err("stopped".into()),
    };
    if let Ok(community) = &told
        && !options.once
    {
        story::invite_to_try(&server, &folder.path, *community).await?;
        if options.app {
            app::open(&server, &folder.path, *community).await?;
        } else {
            stop::requested().await;
        }
        println!();
    }
    server.stop().await?;
    told.map(|_| true)
}

/// The folder that everything is in; removed at the end unless it was asked for by name.
struct Folder {
    path: PathBuf,
    passing: bool,
}

impl Folder {
    fn of(asked: Option<&std::path::Path>) -> Result<Self, Failed> {
        let path = asked.map_or_else(
            || std::env::temp_dir().join(format!("enishi-demo-{}", std::process::id())),
            std::path::Path::to_path_buf,
        );
        std::fs::create_dir_all(&path)?;
        let path = path.canonicalize()?;
        if std::fs::read_dir(&path)?.next().is_some() {
            return Err(format!("{} is not empty; name a new folder", path.display()).into());
        }
        Ok(Self { path, passing: asked.is_none() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.passing {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
