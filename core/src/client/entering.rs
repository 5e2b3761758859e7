//! Signing in without mail: by a device that is signed in, or by the recovery code.

use super::Client;
use crate::{
    account::{
        AccountKey,
        entering::{self, ShownToApprove},
        link::ApprovalLink,
        records::EntryRecord,
        sign_in,
    },
    error::Error,
    transport::Server,
};
use enishi_protocol::{AttemptId, account::ApprovalView, session::SignedIn};

impl Client {
    /// On a new phone: asks to be approved by one that is signed in, and returns what to show to it.
    /// Asked again while one waits, it is the same.
    pub async fn ask_for_approval(&self, server: &Server) -> Result<ShownToApprove, Error> {
        let api = self.api(server);
        entering::ask(&self.records, &*self.config.surroundings, &api, &self.config.device_name).await
    }

    /// On the new phone: signs in where it was approved; none while nobody has yet. Where the answer is
    /// lost, the same call again gets it.
    pub async fn approved(&self, attempt: AttemptId) -> Result<Option<AccountKey>, Error> {
        let entry = entering::entry(&self.records, attempt)?;
        let api = self.api(&entry.server);
        match entering::approved(&self.records, &api, &entry).await? {
            Some(signed_in) => self.enter(&entry, &signed_in).await.map(Some),
            None => Ok(None),
        }
    }

    /// On a phone that is signed in: the device behind a link that was scanned. Changes nothing.
    pub async fn look_at_device(&self, account: AccountKey, link: &ApprovalLink) -> Result<ApprovalView, Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.approval(&token, link.attempt).await?)
    }

    /// On a phone that is signed in: lets the device behind a link into this account. Where the answer
    /// is lost, the same call again gets it.
    pub async fn approve_device(&self, account: AccountKey, link: &ApprovalLink) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.approve(&token, link.attempt).await?)
    }

    /// Signs in with the printed recovery code. Where the answer is lost, the same call again gets it.
    pub async fn sign_in_with_recovery_code(&self, server: &Server, code: &str) -> Result<AccountKey, Error> {
        let api = self.api(server);
        let on_server = self.accounts().into_iter().find(|account| account.server == *server);
        let token = on_server.map(|account| self.token_of(account.key)).transpose()?.and_then(|holder| holder.get());
        let token = token.as_deref().map(|token| token.as_str());
        let what = (code, self.config.device_name.as_str());
        let entered = entering::spend_code(&self.records, &*self.config.surroundings, &api, what, token).await?;
        self.enter(&entered.0, &entered.1).await
    }

    /// Keeps the account that was signed in to, and that the attempt is spent.
    async fn enter(&self, entry: &EntryRecord, signed_in: &SignedIn) -> Result<AccountKey, Error> {
        let key = self.take_token(&entry.server, signed_in)?;
        sign_in::keep_account(&self.records, key, (&entry.server, entry.device), None, signed_in)?;
        entering::forget(&self.records, entry.attempt)?;
        self.begin_session(key)?;
        // Which addresses it has is only for showing.
        if let Ok(list) = self.addresses(key).await {
            self.keep_address(key, &list)?;
        }
        Ok(key)
    }
}
