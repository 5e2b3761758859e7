//! The handle to one membership: what a member does, reads and follows.

mod drafts;
mod feed;
mod follow;
mod media;
mod messages;
mod moderation;
mod notifications;
mod older;
mod people;

use crate::{
    Cancel, EnishiError, cancel,
    open::Open,
    subscription::{Listener, Source, Subscription},
};
use enishi_core::{Community as Core, Error, account::AccountKey, sync::status::SyncStatus};
use enishi_protocol::{CommunityId, MemberId, membership::Membership};
use std::{
    fmt,
    future::Future,
    sync::{Arc, PoisonError, RwLock},
};

/// A membership on this phone.
///
/// What writes returns once it is safe on this phone; nothing waits for the network but what says so.
#[derive(uniffi::Object)]
pub struct Community {
    core: RwLock<Option<Core>>,
    account: AccountKey,
    membership: Membership,
    open: Arc<Open>,
}

impl fmt::Debug for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Community").field("id", &self.id()).finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Community {
    /// Which community.
    pub fn id(&self) -> CommunityId {
        self.membership.community
    }

    /// Who one is in it.
    pub fn member(&self) -> MemberId {
        self.membership.member
    }

    /// Whose membership this is.
    pub fn account(&self) -> AccountKey {
        self.account
    }

    /// The membership as the server told it when this handle was made.
    pub fn membership(&self) -> Membership {
        self.membership.clone()
    }

    /// How it stands towards its server.
    pub async fn status(&self) -> Result<SyncStatus, EnishiError> {
        self.look(|community| Ok(community.status())).await
    }

    /// Sends what waits, fetches what is new, and returns once the phone is in step.
    ///
    /// # Errors
    /// `Offline` where the server cannot be reached now (it is tried again behind this), `SignedOut` and
    /// others where a person must do something, `Cancelled`.
    #[uniffi::method(default(cancel = None))]
    pub async fn sync_now(&self, cancel: Option<Arc<Cancel>>) -> Result<(), EnishiError> {
        let cancel = cancel::token(cancel);
        self.ask(|community| async move { community.sync_now(&cancel).await }).await
    }

    /// Waits until nothing waits to be sent and everything is here, however long the network takes.
    ///
    /// # Errors
    /// `SignedOut` and others where a person must do something, `Cancelled`.
    #[uniffi::method(default(cancel = None))]
    pub async fn in_step(&self, cancel: Option<Arc<Cancel>>) -> Result<(), EnishiError> {
        let cancel = cancel::token(cancel);
        self.ask(|community| async move { community.in_step(&cancel).await }).await
    }

    /// The network came or went.
    pub fn set_online(&self, online: bool) -> Result<(), EnishiError> {
        self.core()?.set_online(online);
        Ok(())
    }

    /// The app is looked at: changes arrive as they happen.
    pub fn foreground(&self) -> Result<(), EnishiError> {
        self.core()?.foreground();
        Ok(())
    }

    /// The app is not looked at any more.
    pub fn background(&self) -> Result<(), EnishiError> {
        self.core()?.background();
        Ok(())
    }

    /// The network costs money by the byte, or does not: history waits while it does.
    pub fn set_metered(&self, metered: bool) -> Result<(), EnishiError> {
        self.core()?.set_metered(metered);
        Ok(())
    }

    /// A push message came for this community.
    pub fn push(&self) -> Result<(), EnishiError> {
        self.core()?.push();
        Ok(())
    }

    /// The link to an invitation on the community's own server.
    pub fn link_to(&self, code: &str) -> Result<String, EnishiError> {
        Ok(self.core()?.link_to(code))
    }
}

impl Community {
    pub(crate) fn new(core: Core, open: Arc<Open>) -> Self {
        let (account, membership) = (core.account(), core.membership().clone());
        Self { core: RwLock::new(Some(core)), account, membership, open }
    }

    /// The client is shut down: the data directory is held no longer.
    pub(crate) fn let_go(&self) {
        self.core.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn core(&self) -> Result<Core, EnishiError> {
        self.core.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(EnishiError::Closed)
    }

    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Core) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, EnishiError> {
        let core = self.core()?;
        self.open.work.look(move || look(&core)).await
    }

    async fn ask<T, F>(&self, call: impl FnOnce(Core) -> F) -> Result<T, EnishiError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        self.open.work.ask(call(self.core()?)).await
    }

    /// Begins to follow something, and tells the listener of the present value and of every newer one.
    async fn follow<S: Source>(
        &self,
        begin: impl FnOnce(&Core) -> Result<S, Error> + Send + 'static,
        listener: impl Listener<S::Value>,
    ) -> Result<Arc<Subscription>, EnishiError> {
        let source = self.look(begin).await?;
        Ok(Subscription::begin(&self.open, source, listener))
    }
}
