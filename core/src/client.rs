//! One data directory with several accounts on several servers.
//!
//! Everything that calls a server outside of sync begins here. Dropping the client ends everything
//! that runs behind it; what was written stays in the outbox.

mod account;
mod config;
mod entering;
mod open_account;
mod recovery;

pub use config::ClientConfig;

use crate::{
    account::{
        AccountKey,
        joining::{self},
        link::InvitationLink,
        records::Records,
        sign_in::{self, CodeSent},
    },
    community::Community,
    error::Error,
    store::{DirectoryLock, Salvage},
    sync::engine::Input,
    transport::{Server, api::Api},
};
use enishi_protocol::{
    AttemptId, CommunityId, DeviceId, ErrorCode,
    account::WaysIn,
    invitations::{Accepted, InvitationPreview},
    membership::{Membership, Standing},
    session::{Device, SignedIn},
};
use open_account::OpenAccount;
use std::{
    collections::BTreeMap,
    fmt, fs,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use crate::account::joining::Joining;

/// An account on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AccountView {
    /// Names it on this phone.
    pub key: AccountKey,
    /// The server it is on.
    pub server: Server,
    /// The address it signed in with.
    pub address: String,
    /// Whether it can talk to its server; reading and writing go on without.
    pub signed_in: bool,
    /// Its communities, as the server last told them.
    pub memberships: Vec<Membership>,
    /// How it can be signed in to again, as the server last told it; none where it has not yet.
    pub ways: Option<WaysIn>,
}

/// What became of an invitation that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Joined {
    /// The community.
    pub community: CommunityId,
    /// Whether somebody must still decide.
    pub waiting: bool,
}

/// What becomes of what an account holds on this phone when it signs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum OnSignOut {
    /// It stays, encrypted: signing in again goes on with it.
    Keep,
    /// It is removed, with what was written and not sent.
    Remove,
}

/// A data directory in use.
pub struct Client {
    config: ClientConfig,
    records: Records,
    open: Mutex<BTreeMap<AccountKey, OpenAccount>>,
    cancel: CancellationToken,
    _end: DropGuard,
    lock: Arc<DirectoryLock>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("data_dir", &self.config.data_dir).finish_non_exhaustive()
    }
}

impl Client {
    /// Opens the data directory, making it where there is none, and begins to keep all accounts in
    /// step. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Error::InUse`] where another process has it open.
    pub fn open(config: ClientConfig) -> Result<Self, Error> {
        fs::create_dir_all(&config.data_dir).map_err(crate::StoreError::from)?;
        let lock = Arc::new(DirectoryLock::take(&config.data_dir)?);
        let records = Records::open(config.secrets.clone())?;
        let cancel = CancellationToken::new();
        let end = cancel.clone().drop_guard();
        let client = Self { config, records, open: Mutex::default(), cancel, _end: end, lock };
        for record in client.records.look(|state| state.accounts.clone()) {
            client.open_account(record.key)?;
        }
        Ok(client)
    }

    /// The accounts on this phone.
    pub fn accounts(&self) -> Vec<AccountView> {
        let open = self.opened();
        let view = |record: &crate::account::records::AccountRecord| AccountView {
            key: record.key,
            server: record.server.clone(),
            address: record.address.clone(),
            signed_in: open.get(&record.key).is_some_and(|account| account.token.get().is_some()),
            memberships: record.memberships.clone(),
            ways: record.ways,
        };
        self.records.look(|state| state.accounts.iter().map(view).collect())
    }

    /// Accounts whose store could not be opened and was set aside, and what was saved of it. The
    /// member is to be told.
    pub fn salvaged(&self) -> Vec<(AccountKey, Salvage)> {
        let salvaged = |(key, account): (&AccountKey, &OpenAccount)| Some((*key, account.salvage.clone()?));
        self.opened().iter().filter_map(salvaged).collect()
    }

    /// The handle to a community of an account.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where the account is not a member of it, as far as this phone knows.
    pub fn community(&self, account: AccountKey, community: CommunityId) -> Result<Community, Error> {
        let open = self.opened();
        let found = open.get(&account).and_then(|account| account.communities.get(&community));
        found.cloned().ok_or(Error::Rejected { code: ErrorCode::NotFound })
    }

    /// The handles to all communities of all accounts.
    pub fn communities(&self) -> Vec<Community> {
        self.opened().values().flat_map(|account| account.communities.values().cloned()).collect()
    }

    /// Asks a server for a code by mail.
    pub async fn sign_in(&self, server: &Server, address: &str) -> Result<CodeSent, Error> {
        let api = self.api(server);
        let known = sign_in::known(&self.records, server, address);
        let token = known.map(|key| self.token_of(key)).transpose()?.and_then(|holder| holder.get());
        let token = token.as_deref().map(|token| token.as_str());
        sign_in::start(&self.records, &*self.config.surroundings, &api, address, self.config.language, token).await
    }

    /// Spends a code. Where the answer is lost, the same call again gets it.
    pub async fn finish_sign_in(&self, attempt: AttemptId, code: &str) -> Result<AccountKey, Error> {
        let attempt = sign_in::attempt(&self.records, attempt)?;
        let api = self.api(&attempt.server);
        let signed_in = sign_in::spend(&api, &attempt, code, &self.config.device_name).await?;
        let key = self.take_token(&attempt.server, &signed_in)?;
        sign_in::keep(&self.records, key, &attempt, &signed_in)?;
        self.begin_session(key)?;
        Ok(key)
    }

    /// Keeps the token of somebody who has signed in; the account on this phone that it is of.
    fn take_token(&self, server: &Server, signed_in: &SignedIn) -> Result<AccountKey, Error> {
        let key = sign_in::account_of(&self.records, &*self.config.surroundings, server, signed_in);
        open_account::prepare(&self.config, key)?;
        self.token_of(key)?.set(&signed_in.token)?;
        Ok(key)
    }

    /// What a link shows before anybody joins. Changes and counts nothing.
    ///
    /// `server` is where a bare code is looked up.
    pub async fn preview(&self, link: &InvitationLink, server: Option<&Server>) -> Result<InvitationPreview, Error> {
        let server = link.server.as_ref().or(server);
        let server = server.ok_or(Error::Rejected { code: ErrorCode::InvitationUnknown })?;
        Ok(self.api(server).preview(&link.code).await?)
    }

    /// Accepts an invitation. Where the answer is lost, the same call again gets it.
    pub async fn join(&self, account: AccountKey, code: &str, joining: &Joining) -> Result<Joined, Error> {
        let (api, token) = self.signed_in(account)?;
        let who = (account, token.as_str());
        let accepted = joining::accept(&self.records, &*self.config.surroundings, &api, who, code, joining).await?;
        let membership = match accepted {
            Accepted::Joined(membership) | Accepted::Waiting(membership) => membership,
        };
        self.records.take_memberships(account, std::slice::from_ref(&membership))?;
        self.open_communities(account)?;
        if let Ok(community) = self.community(account, membership.community) {
            community.tell(Input::Nudged);
        }
        // Whether there is a second way in is asked right after joining; without a network, later.
        if let Err(error) = self.refresh(account).await {
            tracing::info!(%error, "the account could not be looked at after joining");
        }
        Ok(Joined { community: membership.community, waiting: membership.standing == Standing::Waiting })
    }

    /// Acceptances that have not come to an end, with what was said: where an address of one's own was
    /// needed first, [`Client::join`] with the same code and words goes on.
    pub fn unfinished_joinings(&self, account: AccountKey) -> Vec<(String, Joining)> {
        joining::unfinished(&self.records, account)
    }

    /// Asks the server anew which communities the account is in, and what there is to know about it.
    pub async fn refresh(&self, account: AccountKey) -> Result<Vec<Membership>, Error> {
        let (api, token) = self.signed_in(account)?;
        self.send_seen(account, &api, &token).await?;
        let session = api.session(&token).await?;
        self.records.take_session(account, &session)?;
        self.open_communities(account)?;
        Ok(session.memberships)
    }

    /// The devices that the account is signed in on.
    pub async fn devices(&self, account: AccountKey) -> Result<Vec<Device>, Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.devices(&token).await?)
    }

    /// Signs a device of the account out.
    pub async fn revoke_device(&self, account: AccountKey, device: DeviceId) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.revoke_device(&token, device).await?)
    }

    /// Signs all devices of the account out but this one.
    pub async fn revoke_other_devices(&self, account: AccountKey) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.revoke_other_devices(&token).await?)
    }

    /// Signs the account out on this phone. The server is told where it can be reached; where not,
    /// the session ends there when it is revoked from another device or grows old.
    pub async fn sign_out(&self, account: AccountKey, then: OnSignOut) -> Result<(), Error> {
        if let Ok((api, token)) = self.signed_in(account)
            && let Err(error) = api.sign_out(&token).await
        {
            tracing::info!(%error, "the server could not be told of a sign-out");
        }
        self.token_of(account)?.forget()?;
        for community in self.communities().iter().filter(|community| community.account() == account) {
            community.tell(Input::Failed(crate::sync::engine::Failure::Halted(ErrorCode::SignedOut)));
        }
        if then == OnSignOut::Remove {
            self.remove(account).await?;
        }
        Ok(())
    }

    /// The network came or went, for all communities.
    pub fn set_online(&self, online: bool) {
        self.tell_all(Input::Online(online));
    }

    /// The app is looked at, or not any more.
    pub fn set_foreground(&self, foreground: bool) {
        self.tell_all(Input::Foreground(foreground));
    }

    /// The network costs money by the byte, or does not: history waits while it does.
    pub fn set_metered(&self, metered: bool) {
        self.tell_all(Input::Metered(metered));
    }

    /// A push message came that names no community.
    pub fn push(&self) {
        self.tell_all(Input::Nudged);
    }

    /// Ends everything that runs behind the client, and waits until it has ended.
    pub async fn close(self) {
        self.cancel.cancel();
        let accounts = std::mem::take(&mut *self.opened());
        for account in accounts.into_values() {
            account.ended().await;
        }
    }

    fn tell_all(&self, input: Input) {
        for community in self.communities() {
            community.tell(input);
        }
    }

    fn api(&self, server: &Server) -> Api {
        Api::new(server.clone(), self.config.transports.to(server), self.config.language)
    }

    fn signed_in(&self, account: AccountKey) -> Result<(Api, crate::account::token::Token), Error> {
        let record = self.records.account(account)?;
        let token = self.token_of(account)?.get().ok_or(Error::SignedOut)?;
        Ok((self.api(&record.server), token))
    }

    fn opened(&self) -> MutexGuard<'_, BTreeMap<AccountKey, OpenAccount>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self, account: AccountKey) -> PathBuf {
        open_account::folder(&self.config, account)
    }
}
