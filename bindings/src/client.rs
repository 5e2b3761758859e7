//! The client: one data directory with several accounts on several servers.

mod account;
mod entering;
mod recovery;
mod session;

use crate::{
    Community, EnishiError,
    open::Open,
    options::ClientOptions,
    secrets::{OfApp, SecretStore},
    values::{Salvaged, UnfinishedJoining},
    work::Work,
};
use enishi_core::{Client as Core, Error, account::AccountKey, client::AccountView};
use enishi_protocol::CommunityId;
use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError, Weak},
};

type Handed = BTreeMap<(AccountKey, CommunityId), Weak<Community>>;

/// A data directory in use, with its accounts.
///
/// To end it call `shut_down`. Letting go of it, of its communities and of its subscriptions ends what
/// runs behind it as well, without waiting.
#[derive(uniffi::Object)]
pub struct Client {
    open: Arc<Open>,
    /// Handles that the app holds: they hold the data directory, and let go of it when it is shut down.
    handed: Mutex<Handed>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Client {
    /// Opens the data directory, making it where there is none, and begins to keep all accounts in step.
    ///
    /// # Errors
    /// `InUse` where another process, or a client that was not shut down, has it open.
    #[uniffi::constructor]
    pub async fn open(options: ClientOptions, secrets: Arc<dyn SecretStore>) -> Result<Arc<Self>, EnishiError> {
        let work = Work::new()?;
        let core = work.look(move || Core::open(options.config(Arc::new(OfApp(secrets)))?)).await?;
        Ok(Arc::new(Self { open: Open::new(core, work), handed: Mutex::default() }))
    }

    /// The accounts on this phone.
    pub async fn accounts(&self) -> Result<Vec<AccountView>, EnishiError> {
        self.look(|client| Ok(client.accounts())).await
    }

    /// Accounts whose store could not be opened and was set aside, and what was saved of it. The
    /// member is to be told.
    pub async fn salvaged(&self) -> Result<Vec<Salvaged>, EnishiError> {
        let salvaged = |(account, salvage)| Salvaged { account, salvage };
        self.look(move |client| Ok(client.salvaged().into_iter().map(salvaged).collect())).await
    }

    /// The handle to a community of an account.
    ///
    /// # Errors
    /// `NotFound` where the account is not a member of it, as far as this phone knows.
    pub async fn community(&self, account: AccountKey, community: CommunityId) -> Result<Arc<Community>, EnishiError> {
        let found = self.look(move |client| client.community(account, community)).await?;
        self.handle(found)
    }

    /// The handles to all communities of all accounts.
    pub async fn communities(&self) -> Result<Vec<Arc<Community>>, EnishiError> {
        let found = self.look(|client| Ok(client.communities())).await?;
        found.into_iter().map(|community| self.handle(community)).collect()
    }

    /// Acceptances that have not come to an end, with what was said: where an address of one's own was
    /// needed first, `join` with the same code and words goes on.
    pub async fn unfinished_joinings(&self, account: AccountKey) -> Result<Vec<UnfinishedJoining>, EnishiError> {
        let unfinished = |(code, joining)| UnfinishedJoining { code, joining };
        self.look(move |client| Ok(client.unfinished_joinings(account).into_iter().map(unfinished).collect())).await
    }

    /// The network came or went, for all communities.
    pub fn set_online(&self, online: bool) -> Result<(), EnishiError> {
        self.open.core()?.set_online(online);
        Ok(())
    }

    /// The app is looked at, or not any more.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), EnishiError> {
        self.open.core()?.set_foreground(foreground);
        Ok(())
    }

    /// The network costs money by the byte, or does not: history waits while it does.
    pub fn set_metered(&self, metered: bool) -> Result<(), EnishiError> {
        self.open.core()?.set_metered(metered);
        Ok(())
    }

    /// A push message came that names no community.
    pub fn push(&self) -> Result<(), EnishiError> {
        self.open.core()?.push();
        Ok(())
    }

    /// Ends everything that runs behind the client, its subscriptions and its communities' handles
    /// included, and waits until it has ended: then the data directory may be opened again. What was
    /// written stays in the outbox. Calls from then on end with `Closed`; shutting down again changes
    /// nothing.
    pub async fn shut_down(&self) {
        self.open.work.close().await;
        let handed = std::mem::take(&mut *self.handed.lock().unwrap_or_else(PoisonError::into_inner));
        handed.into_values().filter_map(|held| held.upgrade()).for_each(|community| community.let_go());
        self.open.end().await;
    }
}

impl Client {
    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Core) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, EnishiError> {
        let core = self.open.core()?;
        self.open.work.look(move || look(&core)).await
    }

    async fn ask<T, F>(&self, call: impl FnOnce(Arc<Core>) -> F) -> Result<T, EnishiError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        self.open.work.ask(call(self.open.core()?)).await
    }

    /// The app's handle to a community: one for each membership, however often it is asked for.
    fn handle(&self, core: enishi_core::Community) -> Result<Arc<Community>, EnishiError> {
        let mut handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that none is made behind a client that is being shut down.
        self.open.core()?;
        let key = (core.account(), core.id());
        let held = handed.get(&key).and_then(Weak::upgrade).filter(|held| held.member() == core.member());
        let community = held.unwrap_or_else(|| Arc::new(Community::new(core, self.open.clone())));
        handed.insert(key, Arc::downgrade(&community));
        Ok(community)
    }
}
