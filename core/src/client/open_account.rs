//! An account whose store is open and whose communities are kept in step.

use super::{Client, ClientConfig};
use crate::{
    account::{AccountKey, token::TokenHolder},
    community::{Community, Parts as CommunityParts},
    error::{Error, StoreError},
    media::uploader::{self, Uploader},
    store::{DatabaseKey, Opened, Salvage, Store},
    sync::{
        driver::{Driver, Parts},
        engine::Input,
        local::Local,
    },
};
use enishi_protocol::{CommunityId, membership::Membership};
use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An account that is open.
pub(super) struct OpenAccount {
    pub(super) token: Arc<TokenHolder>,
    pub(super) communities: BTreeMap<CommunityId, Community>,
    /// What happened to the store before this one, where it could not be opened.
    pub(super) salvage: Option<Salvage>,
    store: Arc<Store>,
    cancel: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl OpenAccount {
    /// Waits until every driver has ended, which something else must have told them.
    pub(super) async fn ended(self) {
        self.cancel.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a driver ended badly");
            }
        }
    }
}

pub(super) fn folder(config: &ClientConfig, account: AccountKey) -> PathBuf {
    config.data_dir.join("accounts").join(account.to_string())
}

/// Makes sure that an account has a folder and a key for its store.
pub(super) fn prepare(config: &ClientConfig, account: AccountKey) -> Result<DatabaseKey, Error> {
    fs::create_dir_all(folder(config, account)).map_err(StoreError::from)?;
    let name = key_name(account);
    if let Some(key) = config.secrets.get(&name)? {
        let bytes = <[u8; 32]>::try_from(key.as_slice());
        return bytes.map(DatabaseKey::new).map_err(|_| Error::Internal { detail: "a key of another length".into() });
    }
    let key = config.surroundings.new_secret();
    config.secrets.set(&name, key.as_ref())?;
    Ok(DatabaseKey::new(*key))
}

fn key_name(account: AccountKey) -> String {
    format!("database-key/{account}")
}

impl Client {
    /// Opens an account's store and begins to keep its communities in step.
    pub(super) fn open_account(&self, key: AccountKey) -> Result<(), Error> {
        let database_key = prepare(&self.config, key)?;
        let stamp = self.config.surroundings.now_us();
        let Opened { store, salvage } =
            Store::open_or_salvage(&self.folder(key).join("store.db"), &database_key, stamp)?;
        let store = Arc::new(store);
        let token = Arc::new(TokenHolder::open(self.config.secrets.clone(), key)?);
        let (communities, cancel, tasks) = (BTreeMap::new(), self.cancel.child_token(), Vec::new());
        self.opened().insert(key, OpenAccount { token, communities, salvage, store, cancel, tasks });
        self.open_communities(key)
    }

    /// Begins to keep those communities of an account in step that are not yet.
    pub(super) fn open_communities(&self, key: AccountKey) -> Result<(), Error> {
        let record = self.records.account(key)?;
        let mut opened = self.opened();
        let Some(account) = opened.get_mut(&key) else { return Ok(()) };
        for membership in record.memberships {
            let same = |held: &Community| held.member() == membership.member;
            if !account.communities.get(&membership.community).is_some_and(same) {
                let api = self.api(&record.server);
                let (community, task) = self.begin(key, account, api, membership)?;
                account.tasks.push(task);
                account.communities.insert(community.id(), community);
            }
        }
        Ok(())
    }

    fn begin(
        &self,
        key: AccountKey,
        account: &OpenAccount,
        api: crate::transport::api::Api,
        membership: Membership,
    ) -> Result<(Community, JoinHandle<()>), Error> {
        if let Some(former) = account.communities.get(&membership.community) {
            former.stop();
        }
        let local = Arc::new(Local::open(account.store.clone(), membership.community, membership.member)?);
        let cancel = account.cancel.child_token();
        let changed = tokio::sync::watch::Sender::new(0_u64);
        let tell = changed.clone();
        let parts = Parts {
            local: local.clone(),
            api: api.clone(),
            token: account.token.clone(),
            surroundings: self.config.surroundings.clone(),
            floor_posts: self.config.floor_posts,
            changed: Arc::new(move || tell.send_modify(|count| *count += 1)),
        };
        let (driver, handle) = Driver::new(parts);
        let progress = tokio::sync::watch::Sender::new(0_u64);
        let uploader = Uploader::new(uploader::Parts {
            local: local.clone(),
            api: api.clone(),
            token: account.token.clone(),
            surroundings: self.config.surroundings.clone(),
            driver: handle.clone(),
            changed: changed.clone(),
            progress: progress.clone(),
        });
        let (driving, uploading) = (driver.run(cancel.clone()), uploader.run(cancel.clone()));
        let task = tokio::spawn(async move {
            tokio::join!(driving, uploading);
        });
        // In this order: a phone that begins offline must not try.
        handle.tell(Input::Online(self.config.online));
        handle.tell(Input::Foreground(self.config.foreground));
        let community = Community::new(CommunityParts {
            account: key,
            membership,
            local,
            api,
            token: account.token.clone(),
            surroundings: self.config.surroundings.clone(),
            driver: handle,
            changed,
            progress,
            cancel,
            _lock: self.lock.clone(),
        });
        Ok((community, task))
    }

    /// After signing in: what is held is of an earlier session, and is fetched anew. The outbox stays.
    pub(super) fn begin_session(&self, key: AccountKey) -> Result<(), Error> {
        if !self.opened().contains_key(&key) {
            return self.open_account(key);
        }
        for community in self.communities().iter().filter(|community| community.account() == key) {
            community.begin_session()?;
        }
        self.open_communities(key)
    }

    /// Where the token of an account is held: with the account where that is open.
    pub(super) fn token_of(&self, key: AccountKey) -> Result<Arc<TokenHolder>, Error> {
        if let Some(account) = self.opened().get(&key) {
            return Ok(account.token.clone());
        }
        Ok(Arc::new(TokenHolder::open(self.config.secrets.clone(), key)?))
    }

    /// Removes an account from this phone with everything it holds.
    pub(super) async fn remove(&self, key: AccountKey) -> Result<(), Error> {
        let account = self.opened().remove(&key);
        if let Some(account) = account {
            account.communities.values().for_each(Community::stop);
            account.ended().await;
        }
        // Without its key the store is noise, also where removing the files is cut short.
        self.config.secrets.remove(&key_name(key))?;
        self.records.change(|state| {
            state.accounts.retain(|held| held.key != key);
            state.acceptances.retain(|held| held.account != key);
            state.addresses.retain(|held| held.account != key);
            state.calls.retain(|held| held.account != key);
        })?;
        match fs::remove_dir_all(self.folder(key)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error).into()),
            _ => Ok(()),
        }
    }
}
