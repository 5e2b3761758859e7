//! Addresses, notices and the recovery code of an account, and its end.

use super::{Client, OnSignOut};
use crate::{
    account::{
        AccountKey,
        addresses::{self, Wish},
        calls, entering,
        sign_in::CodeSent,
        token::Token,
    },
    error::Error,
    sync::engine::Input,
    transport::api::Api,
};
use enishi_protocol::{
    AttemptId, CommunityId, NoticeId,
    account::{
        AccountDeletion, Address, AddressRemoval, Leaving, Notice, NoticesSeen, RecoveryCodeMaking, Written, grouped,
    },
    limits,
};

impl Client {
    /// The addresses that the account is signed in to with.
    pub async fn addresses(&self, account: AccountKey) -> Result<Vec<Address>, Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.addresses(&token).await?)
    }

    /// Asks for a code to a new address, which may take the place of another one. Where the answer is
    /// lost, the same call again gets it.
    pub async fn add_address(
        &self,
        account: AccountKey,
        address: &str,
        replaces: Option<&str>,
    ) -> Result<CodeSent, Error> {
        let (api, token) = self.signed_in(account)?;
        let wish = Wish { account, address, replaces, language: self.config.language };
        addresses::start(&self.records, &*self.config.surroundings, &api, &token, wish).await
    }

    /// Confirms a new address with the code that was mailed to it. Where the answer is lost, the same
    /// call again gets it.
    pub async fn confirm_address(
        &self,
        account: AccountKey,
        attempt: AttemptId,
        code: &str,
    ) -> Result<Vec<Address>, Error> {
        let (api, token) = self.signed_in(account)?;
        let list = addresses::confirm(&self.records, &api, (account, &token), attempt, code).await?;
        self.keep_address(account, &list)?;
        Ok(list)
    }

    /// Removes an address, never the last. All other devices and all addresses are told.
    pub async fn remove_address(&self, account: AccountKey, address: &str) -> Result<Vec<Address>, Error> {
        let (api, token) = self.signed_in(account)?;
        let what = format!("remove address {address}");
        let list = calls::once(&self.records, &*self.config.surroundings, (account, &what), async |id| {
            api.remove_address(&token, &AddressRemoval { id: id.into(), address: address.to_owned() }).await
        });
        let list = list.await?;
        self.keep_address(account, &list)?;
        Ok(list)
    }

    /// The address that the account is known by on this phone is one that it has.
    pub(super) fn keep_address(&self, account: AccountKey, list: &[Address]) -> Result<(), Error> {
        Ok(self.records.change(|state| {
            let Some(record) = state.accounts.iter_mut().find(|record| record.key == account) else { return };
            if let Some(first) = list.first()
                && !list.iter().any(|held| held.address == record.address.to_lowercase())
            {
                record.address.clone_from(&first.address);
            }
        })?)
    }

    /// What all devices of the account are told and this one has not shown yet, as the server last
    /// told it.
    pub fn notices(&self, account: AccountKey) -> Result<Vec<Notice>, Error> {
        Ok(self.records.account(account)?.notices)
    }

    /// Notices were shown: this device is not told of them again. Works offline; the server hears of it
    /// as soon as it can be reached.
    pub async fn notices_shown(&self, account: AccountKey, shown: &[NoticeId]) -> Result<(), Error> {
        self.records.change(|state| {
            let Some(record) = state.accounts.iter_mut().find(|record| record.key == account) else { return };
            record.notices.retain(|notice| !shown.contains(&notice.id));
            record.seen.extend_from_slice(shown);
        })?;
        let Ok((api, token)) = self.signed_in(account) else { return Ok(()) };
        match self.send_seen(account, &api, &token).await {
            Err(Error::Offline) => Ok(()),
            sent => sent,
        }
    }

    pub(super) async fn send_seen(&self, account: AccountKey, api: &Api, token: &Token) -> Result<(), Error> {
        loop {
            let mut seen = self.records.account(account)?.seen;
            seen.truncate(limits::NOTICES_PER_REQUEST);
            if seen.is_empty() {
                return Ok(());
            }
            api.notices_seen(token, &NoticesSeen { notices: seen.clone() }).await?;
            self.records.change(|state| {
                for record in state.accounts.iter_mut().filter(|record| record.key == account) {
                    record.seen.retain(|held| !seen.contains(held));
                }
            })?;
        }
    }

    /// Makes a recovery code, which takes the place of an earlier one, and returns it as it is to be
    /// printed. It is kept nowhere: whoever has it can sign in, once. Where the answer is lost, the same
    /// call again makes another.
    pub async fn make_recovery_code(&self, account: AccountKey) -> Result<String, Error> {
        let (api, token) = self.signed_in(account)?;
        let code = entering::new_code(&*self.config.surroundings);
        let id = self.config.surroundings.new_id().into();
        api.make_recovery_code(&token, &RecoveryCodeMaking { id, code: code.clone() }).await?;
        self.records.change(|state| {
            for record in state.accounts.iter_mut().filter(|record| record.key == account) {
                record.ways.get_or_insert_default().recovery_code = true;
            }
        })?;
        Ok(grouped(&code))
    }

    /// Leaves a community. What this member wrote there stays under their name; what was not sent yet
    /// stays here under needs attention.
    pub async fn leave(&self, account: AccountKey, community: CommunityId) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        let what = format!("leave {community}");
        calls::once(&self.records, &*self.config.surroundings, (account, &what), async |id| {
            api.leave(&token, community, &Leaving { id: id.into() }).await
        })
        .await?;
        if let Ok(community) = self.community(account, community) {
            community.tell(Input::Nudged);
        }
        self.refresh(account).await.map(drop).or(Ok(()))
    }

    /// Deletes the account on its server, for good, and removes it from this phone. Where the answer is
    /// lost, the same call again gets it.
    pub async fn delete_account(&self, account: AccountKey, written: Written) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        let what = format!("delete account, {}", written.as_str());
        calls::once(&self.records, &*self.config.surroundings, (account, &what), async |id| {
            api.delete_account(&token, &AccountDeletion { id: id.into(), written }).await
        })
        .await?;
        self.sign_out(account, OnSignOut::Remove).await
    }
}
