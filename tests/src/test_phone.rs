//! A phone: a real client in a folder of its own, behind a network of its own.

use crate::{
    TestServer,
    fault_proxy::FaultProxy,
    life::Life,
    people,
    waiting::{in_time, until},
};
use enishi_core::{
    Client, ClientConfig, Community, Error,
    account::{AccountKey, link::InvitationLink},
    client::{Joined, Joining},
    secrets::{MemorySecretStore, SecretStore},
    store::DirectoryLock,
    surroundings::Surroundings,
    sync::status::SyncStatus,
    transport::{Server, http::HttpOptions},
};
use enishi_protocol::{CommunityId, PostId, Stream, feed::PostKind};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio_util::sync::CancellationToken;

/// A phone. Its process can die and be started again; its folder and its keys stay.
pub struct TestPhone {
    folder: PathBuf,
    secrets: Arc<MemorySecretStore>,
    setup: Setup,
    server: Server,
    network: FaultProxy,
    alive: Option<(Life, Client)>,
    account: Option<AccountKey>,
}

/// How a phone differs from others.
#[derive(Clone, Default)]
pub struct Setup {
    /// A clock of its own.
    pub surroundings: Option<Arc<dyn Surroundings>>,
    /// What its HTTP is given.
    pub http: HttpOptions,
    /// Another floor.
    pub floor_posts: Option<usize>,
}

impl TestPhone {
    /// A new phone, with nobody signed in.
    pub async fn new(server: &TestServer) -> Self {
        Self::set_up(server, Setup::default()).await
    }

    /// A new phone that differs from others.
    pub async fn set_up(server: &TestServer, setup: Setup) -> Self {
        let network = FaultProxy::to(server.target()).await;
        let scheme = if server.config().tls.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", network.address()).parse().unwrap();
        let folder = server.place().new_folder("phone");
        let secrets = Arc::new(MemorySecretStore::default());
        let mut phone = Self { folder, secrets, setup, server: address, network, alive: None, account: None };
        phone.start_again();
        phone
    }

    /// A new phone on which somebody is signed in.
    pub async fn signed_in(server: &TestServer, address: &str) -> Self {
        let mut phone = Self::new(server).await;
        phone.sign_in(server, address).await;
        phone
    }

    /// Starts the app.
    pub fn start_again(&mut self) {
        self.try_to_start().unwrap();
    }

    /// Starts the app, which may refuse.
    pub fn try_to_start(&mut self) -> Result<(), Error> {
        assert!(self.alive.is_none(), "the app runs already");
        let life = Life::default();
        let client = {
            let _inside = life.handle().enter();
            Client::open(self.config())?
        };
        self.alive = Some((life, client));
        Ok(())
    }

    /// What a client in this phone's folder is opened with.
    pub fn config(&self) -> ClientConfig {
        let config = ClientConfig::with_http(&self.folder, self.secrets.clone(), &self.setup.http).unwrap();
        let config = match self.setup.floor_posts {
            Some(floor_posts) => config.floor_posts(floor_posts),
            None => config,
        };
        match &self.setup.surroundings {
            Some(surroundings) => config.surroundings(surroundings.clone()),
            None => config,
        }
    }

    /// Kills the app where it stands.
    pub async fn kill(&mut self) {
        let (life, client) = self.alive.take().expect("the app runs");
        life.kill().await;
        drop(client);
        // A process that somebody else starts just now (a server looks into files in one) has this one's files open
        // until its own program begins, the folder's lock among them.
        let folder = &self.folder;
        until("the dead app's folder to be free", async || DirectoryLock::take(folder).ok()).await;
    }

    /// The app's process dies and is started again.
    pub async fn restart(&mut self) {
        self.kill().await;
        self.start_again();
    }

    /// Loses what the app keeps of communities, while it does not run: it starts empty, signed in.
    pub fn lose_store(&self) {
        assert!(self.alive.is_none(), "the app runs");
        std::fs::remove_dir_all(self.folder.join("accounts").join(self.account().to_string())).unwrap();
    }

    /// Loses the key of its store, while it does not run, as a phone does whose backup is put back.
    pub fn lose_key(&self) {
        assert!(self.alive.is_none(), "the app runs");
        let name = format!("database-key/{}", self.account());
        assert!(self.secrets.get(&name).unwrap().is_some(), "there is such a key");
        self.secrets.remove(&name).unwrap();
    }

    /// The app.
    pub fn client(&self) -> &Client {
        &self.alive.as_ref().expect("the app runs").1
    }

    /// The folder with everything it keeps.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The network between it and the server.
    pub fn network(&self) -> &FaultProxy {
        &self.network
    }

    /// What it calls the server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Signs in with the code that comes by mail.
    pub async fn sign_in(&mut self, server: &TestServer, address: &str) {
        let before = server.codes(address).len();
        let asked = in_time("a code to be sent", self.client().sign_in(&self.server, address)).await.unwrap();
        let code = server.code_after(address, before).await;
        let spending = self.client().finish_sign_in(asked.attempt, &code);
        self.account = Some(in_time("the code to be taken", spending).await.unwrap());
    }

    /// Remembers the account that was signed in by hand.
    pub fn set_account(&mut self, account: AccountKey) {
        self.account = Some(account);
    }

    /// The account that is signed in.
    pub fn account(&self) -> AccountKey {
        self.account.expect("somebody is signed in")
    }

    /// Accepts the invitation of a link or code.
    pub async fn join(&self, link: &str, name: &str, fact: Option<&str>) -> Result<Joined, Error> {
        let link: InvitationLink = link.parse().unwrap();
        let joining = Joining { name: people::name(name), fact: fact.map(str::to_owned), ..Joining::default() };
        in_time("an answer to joining", self.client().join(self.account(), &link.code, &joining)).await
    }

    /// The one community that it is in.
    pub fn community(&self) -> Community {
        let mut communities = self.client().communities();
        assert_eq!(communities.len(), 1, "the phone is in one community");
        communities.remove(0)
    }

    /// The community with that id.
    pub fn community_of(&self, community: CommunityId) -> Community {
        self.client().community(self.account(), community).unwrap()
    }

    /// Posts to everybody.
    pub fn post(&self, text: &str) -> PostId {
        self.post_in(Stream::Community, text)
    }

    /// Posts into a feed.
    pub fn post_in(&self, stream: Stream, text: &str) -> PostId {
        self.community().write_post(stream, PostKind::Text, text, &[]).unwrap()
    }

    /// Waits until nothing waits to be sent and everything is here.
    pub async fn in_step(&self) {
        let community = self.community();
        let done = tokio::time::timeout(crate::waiting::PATIENCE, community.in_step(&CancellationToken::new())).await;
        match done {
            Ok(done) => done.unwrap(),
            Err(elapsed) => panic!("the phone did not come in step, {elapsed}: {:?}", community.status()),
        }
    }

    /// Waits until the status is as wished.
    pub async fn status(&self, what: &str, is: impl FnMut(&SyncStatus) -> bool) -> SyncStatus {
        let mut status = self.community().follow_status();
        *in_time(what, status.wait_for(is)).await.unwrap()
    }

    /// Waits until what it shows is as wished.
    pub async fn until<T>(&self, what: &str, look: impl Fn(&Community) -> Option<T>) -> T {
        let community = self.community();
        let mut changes = community.follow_changes();
        in_time(what, async {
            loop {
                changes.mark_unchanged();
                if let Some(value) = look(&community) {
                    return value;
                }
                changes.changed().await.unwrap();
            }
        })
        .await
    }

    /// Waits until changes arrive as they happen.
    pub async fn live(&self) {
        self.status("the live connection", |status| status.live).await;
    }

    /// The phone is told that it has no network.
    pub fn offline(&self) {
        self.client().set_online(false);
    }

    /// The phone is told that it has a network again.
    pub fn online(&self) {
        self.client().set_online(true);
    }
}
