//! A real client on an empty folder, which is told when to go to the server.

use super::world::World;
use crate::Failed;
use enishi_core::{
    Client, ClientConfig, Community,
    feed::{Around, FeedWindow, Selection},
    secrets::FileSecretStore,
    transport::{
        Live, Request, Response, Server, Transport, TransportError, Transports,
        http::{Http, HttpOptions},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long anything may take before a measurement is given up.
const PATIENCE: Duration = Duration::from_mins(10);

/// A phone that is signed in and holds nothing yet.
pub(super) struct Phone {
    pub(super) community: Community,
    pub(super) folder: PathBuf,
    client: Client,
    answered: Answered,
}

impl Phone {
    /// A new phone of a member of all groups. It is offline until it is asked for more.
    pub(super) async fn empty(world: &World) -> Result<Self, Failed> {
        let address = world.reader().await?;
        let folder = world.phone_folder();
        let (client, answered) = open(&folder)?;
        let sent = client.sign_in(&world.url.parse()?, &address).await?;
        let code = world.server.code_for(&address).await?;
        client.finish_sign_in(sent.attempt, &code).await?;
        let community = client.communities().pop().ok_or("this address is nobody's")?;
        Ok(Self { community, folder, client, answered })
    }

    /// A phone that was closed, opened again. It is offline.
    pub(super) fn again(folder: &Path) -> Result<Self, Failed> {
        let (client, answered) = open(folder)?;
        let community = client.communities().pop().ok_or("nobody is signed in")?;
        Ok(Self { community, folder: folder.to_owned(), client, answered })
    }

    /// A phone in step with its server, history included.
    pub(super) async fn full(world: &World) -> Result<Self, Failed> {
        let phone = Self::empty(world).await?;
        phone.fetch_whole().await?;
        Ok(phone)
    }

    /// Goes to the server; waits until everything is here.
    pub(super) async fn fetch_whole(&self) -> Result<(), Failed> {
        self.client.set_online(true);
        let mut status = self.community.follow_status();
        let whole = status.wait_for(|status| status.whole && status.in_step_us.is_some());
        tokio::time::timeout(PATIENCE, whole).await.map_err(|_| "the phone did not come into step")??;
        Ok(())
    }

    /// Goes to the server; waits until the newest posts are readable, with their authors.
    pub(super) async fn first_screen(&self, posts: usize) -> Result<(), Failed> {
        let mut changes = self.community.follow_changes();
        self.client.set_online(true);
        let seen = async {
            while !is_readable(&self.window(Selection::All, posts)?, posts) {
                changes.changed().await?;
            }
            Ok::<_, Failed>(())
        };
        tokio::time::timeout(PATIENCE, seen).await.map_err(|_| "the first screen did not come")?
    }

    /// Waits until every post that is here is found by search.
    pub(super) async fn searchable(&self) -> Result<(), Failed> {
        let waiting = async {
            // A search that finds nothing and looked through everything names no place at which it ended.
            while self.community.search(Selection::All, "龍")?.ended.is_some() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok::<_, Failed>(())
        };
        tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| "the index was not finished")?
    }

    /// The newest posts.
    pub(super) fn window(&self, selection: Selection, posts: usize) -> Result<FeedWindow, Failed> {
        Ok(self.community.feed(selection, Around::Newest, posts)?)
    }

    /// Nobody looks any more: nothing is fetched unless asked for.
    pub(super) fn lay_down(&self) {
        self.client.set_foreground(false);
    }

    /// The network comes or goes.
    pub(super) fn set_online(&self, online: bool) {
        self.client.set_online(online);
    }

    /// Waits until nothing is left to be sent. Returns when the last answer arrived, and when the
    /// phone had stored it.
    pub(super) async fn sent(&self) -> Result<(Instant, Instant), Failed> {
        let mut status = self.community.follow_status();
        let sent = status.wait_for(|status| status.waiting == 0);
        tokio::time::timeout(PATIENCE, sent).await.map_err(|_| "the outbox was not sent")??;
        let stored = Instant::now();
        let answered = self.answered.last().ok_or("nothing was answered")?;
        Ok((answered, stored))
    }

    /// Puts it down and returns its folder.
    pub(super) async fn close(self) -> PathBuf {
        drop(self.community);
        self.client.close().await;
        self.folder
    }
}

fn is_readable(window: &FeedWindow, posts: usize) -> bool {
    window.posts.len() >= posts && window.posts.iter().all(|post| post.author_name.is_some())
}

fn open(folder: &Path) -> Result<(Client, Answered), Failed> {
    std::fs::create_dir_all(folder)?;
    let answered = Answered::default();
    let transports = Arc::new(Timed { http: Http::new(&HttpOptions::default())?, answered: answered.clone() });
    let secrets = FileSecretStore::open(folder.join("secrets")).map_err(|error| error.to_string())?;
    let config = ClientConfig::over(folder, Arc::new(secrets), transports).online(false);
    Ok((Client::open(config)?, answered))
}

/// When the last answer arrived.
#[derive(Clone, Default)]
struct Answered(Arc<Mutex<Option<Instant>>>);

impl Answered {
    fn last(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// [`Http`], with the time of each answer.
struct Timed {
    http: Http,
    answered: Answered,
}

impl Transports for Timed {
    fn to(&self, server: &Server) -> Arc<dyn Transport> {
        Arc::new(TimedTransport { inner: self.http.to(server), answered: self.answered.clone() })
    }
}

struct TimedTransport {
    inner: Arc<dyn Transport>,
    answered: Answered,
}

#[async_trait::async_trait]
impl Transport for TimedTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let response = self.inner.call(request).await;
        *self.answered.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        response
    }

    async fn live(&self, request: Request) -> Result<Live, TransportError> {
        self.inner.live(request).await
    }
}
