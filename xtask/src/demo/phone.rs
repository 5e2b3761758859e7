//! A phone of the story: a real client with a folder, secrets and a connection of its own.

use super::{
    Failed,
    company::Leaver,
    meter::{Meter, Metered},
    server::Server,
};
use enishi_core::{
    Client, ClientConfig, Community,
    account::{
        AccountKey,
        link::{ApprovalLink, InvitationLink},
    },
    client::Joining,
    feed::{Around, FeedWindow, Selection},
    secrets::FileSecretStore,
    sync::engine::Reach,
    transport::http::{Http, HttpOptions},
};
use enishi_protocol::membership::PersonName;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// How long any step may take before the demo gives up.
const PATIENCE: Duration = Duration::from_mins(2);
/// A first screen shows so many posts, with their authors.
const FIRST_SCREEN: usize = 10;

/// A phone, before and after its owner has joined.
pub(super) struct Phone {
    pub(super) owner: PersonName,
    client: Client,
    account: AccountKey,
    community: Option<Community>,
    meter: Meter,
}

impl Phone {
    /// A new phone whose owner signs in by a code from their mail.
    pub(super) async fn sign_in(server: &Server, url: &str, folder: &Path, leaver: &Leaver) -> Result<Self, Failed> {
        let owner = PersonName { family: leaver.name.0.clone(), given: leaver.name.1.clone() };
        Self::sign_in_as(server, url, (&folder.join(format!("phone of {}", leaver.number)), owner), &address(leaver))
            .await
    }

    /// A new phone in a folder of its own, on which somebody signs in with an address.
    pub(super) async fn sign_in_as(
        server: &Server,
        url: &str,
        (folder, owner): (&Path, PersonName),
        address: &str,
    ) -> Result<Self, Failed> {
        let (client, meter) = open(folder, &owner)?;
        let sent = client.sign_in(&url.parse()?, address).await?;
        let code = server.code_for(address).await?;
        let account = client.finish_sign_in(sent.attempt, &code).await?;
        let community = client.communities().pop();
        Ok(Self { owner, client, account, community, meter })
    }

    /// A new phone of the same owner, which this one lets in. Returns it with the link that it showed.
    pub(super) async fn let_in(&self, url: &str, folder: &Path) -> Result<(Self, String), Failed> {
        let (client, meter) = open(folder, &self.owner)?;
        let shown = client.ask_for_approval(&url.parse()?).await?;
        let link: ApprovalLink = shown.link.parse()?;
        self.client.look_at_device(self.account, &link).await?;
        self.client.approve_device(self.account, &link).await?;
        let account = client.approved(shown.attempt).await?.ok_or("the new phone was not let in")?;
        let community = client.communities().pop();
        Ok((Self { owner: self.owner.clone(), client, account, community, meter }, shown.link))
    }

    /// The client, and the account on it.
    pub(super) fn client(&self) -> (&Client, AccountKey) {
        (&self.client, self.account)
    }

    /// Looks at an invitation, proves who they are by their date of birth, and joins. Returns how
    /// long it took from joining to the first screen.
    pub(super) async fn join(&mut self, link: &str, leaver: &Leaver) -> Result<Duration, Failed> {
        let link: InvitationLink = link.parse()?;
        let preview = self.client.preview(&link, None).await?;
        preview.fact.ok_or("the invitation asks for no fact")?;
        let fact = Some(leaver.birth.format("%Y-%m-%d").to_string());
        let joining = Joining { name: self.owner.clone(), fact, ..Joining::default() };
        let started = Instant::now();
        let joined = self.client.join(self.account, &link.code, &joining).await?;
        if joined.waiting {
            return Err("joining had to wait for approval".into());
        }
        let community = self.client.community(self.account, joined.community)?;
        self.community = Some(community.clone());
        let mut changes = community.follow_changes();
        let seen = async {
            while !is_a_first_screen(&self.window(FIRST_SCREEN)?) {
                changes.changed().await?;
            }
            Ok::<_, Failed>(started.elapsed())
        };
        tokio::time::timeout(PATIENCE, seen).await.map_err(|_| "the first screen did not come")?
    }

    /// Asks the server which memberships the account has, and opens the one that came to it.
    pub(super) async fn receives_membership(&mut self) -> Result<(), Failed> {
        self.client.refresh(self.account).await?;
        self.community = self.client.communities().pop();
        self.in_step().await.map(drop)
    }

    /// Waits until the server has told this phone that its account is not in the community any more.
    pub(super) async fn is_shut_out(&self) -> Result<(), Failed> {
        let mut status = self.community()?.follow_status();
        self.client.push();
        let told = status.wait_for(|status| matches!(status.reach, Reach::Halted(_)));
        tokio::time::timeout(PATIENCE, told).await.map_err(|_| "the phone was not shut out")??;
        Ok(())
    }

    /// The community's handle.
    pub(super) fn community(&self) -> Result<&Community, Failed> {
        self.community.as_ref().ok_or_else(|| "nobody has joined on this phone".into())
    }

    /// The newest posts of everything this member reads.
    pub(super) fn window(&self, size: usize) -> Result<FeedWindow, Failed> {
        Ok(self.community()?.feed(Selection::All, Around::Newest, size)?)
    }

    /// Waits until everything written is sent and everything new is here, history included.
    pub(super) async fn in_step(&self) -> Result<Duration, Failed> {
        let started = Instant::now();
        let community = self.community()?;
        let reached = async {
            community.in_step(&CancellationToken::new()).await?;
            let mut status = community.follow_status();
            status.wait_for(|status| status.whole && status.waiting == 0).await?;
            Ok::<_, Failed>(started.elapsed())
        };
        tokio::time::timeout(PATIENCE, reached).await.map_err(|_| "the phone did not come into step")?
    }

    /// The network comes or goes.
    pub(super) fn set_online(&self, online: bool) {
        self.client.set_online(online);
    }

    /// Its connection.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Bytes sent and received so far.
    pub(super) fn bytes(&self) -> (u64, u64) {
        self.meter.read()
    }

    /// Puts the phone down for good.
    pub(super) async fn close(self) {
        drop(self.community);
        self.client.close().await;
    }
}

fn open(folder: &Path, owner: &PersonName) -> Result<(Client, Meter), Failed> {
    std::fs::create_dir_all(folder)?;
    let meter = Meter::default();
    let http = Http::new(&HttpOptions::default())?;
    let transports = Arc::new(Metered { http, meter: meter.clone() });
    let secrets = FileSecretStore::open(folder.join("secrets")).map_err(|error| error.to_string())?;
    let config = ClientConfig::over(folder, Arc::new(secrets), transports);
    Ok((Client::open(config.device_name(format!("{}のスマートフォン", owner.family)))?, meter))
}

fn is_a_first_screen(window: &FeedWindow) -> bool {
    window.posts.len() >= FIRST_SCREEN && window.posts.iter().all(|post| post.author_name.is_some())
}

/// The address that somebody signs in with: their own, never one of the company's.
pub(super) fn address(leaver: &Leaver) -> String {
    leaver.address.clone().unwrap_or_default()
}
