//! What every handler may reach.

use crate::{
    config::Config,
    db::Database,
    mail::Post,
    media::Media,
    surroundings::{RealSurroundings, Surroundings},
    sync::Hub,
};
use enishi_protocol::AttemptId;
use std::{ops::Deref, sync::Arc, thread::available_parallelism};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

/// Slow hashes computed at once at most: each takes 19 MiB and a core.
const SLOW_HASHES: usize = 4;

/// One running server. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of a server.
pub struct Parts {
    /// Its set-up.
    pub config: Config,
    /// Its database.
    pub db: Database,
    /// Its live connections.
    pub hub: Hub,
    /// The way of its mail.
    pub post: Post,
    /// Its images and PDFs.
    pub media: Media,
    /// Clock, randomness and ids.
    pub surroundings: Arc<dyn Surroundings>,
    /// Cancelled when the server begins to go away.
    pub closing: CancellationToken,
    /// Room for slow hashes.
    pub slow: Semaphore,
    /// Rung when mail was queued, so that it need not wait for the next round.
    pub mail_due: Notify,
}

impl App {
    /// A server of these parts with the real clock.
    pub fn new(config: Config, db: Database, post: Post) -> Self {
        Self::with(config, db, post, Arc::new(RealSurroundings))
    }

    /// A server of these parts.
    pub fn with(config: Config, db: Database, post: Post, surroundings: Arc<dyn Surroundings>) -> Self {
        Self(Arc::new(Parts {
            media: Media::new(&config),
            config,
            hub: Hub::start(db.clone()),
            db,
            post,
            surroundings,
            closing: CancellationToken::new(),
            slow: Semaphore::new(available_parallelism().map_or(1, |cores| cores.get().min(SLOW_HASHES))),
            mail_due: Notify::new(),
        }))
    }
}

impl Parts {
    /// What phones call this server.
    pub fn url(&self) -> String {
        self.config.url()
    }

    /// The host, with the port where it is not the usual one.
    pub fn host(&self) -> String {
        let url = self.url();
        url.split_once("://").map_or(url.as_str(), |(_, host)| host).to_owned()
    }

    /// The link that carries an invitation's code.
    pub fn link(&self, code: &str) -> String {
        self.config.link(code)
    }

    /// The link that a device shows which waits to be approved.
    pub fn approval_link(&self, attempt: AttemptId) -> String {
        self.config.approval_link(attempt)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
