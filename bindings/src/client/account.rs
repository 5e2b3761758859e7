//! Addresses, notices, the recovery code, leaving and the end of an account.

use super::Client;
use crate::EnishiError;
use enishi_core::account::AccountKey;
use enishi_core::account::sign_in::CodeSent;
use enishi_protocol::account::{Address, Notice, Written};
use enishi_protocol::{AttemptId, CommunityId, NoticeId};

#[uniffi::export]
impl Client {
    /// The addresses that the account is signed in to with.
    pub async fn addresses(&self, account: AccountKey) -> Result<Vec<Address>, EnishiError> {
        self.ask(|client| async move { client.addresses(account).await }).await
    }

    /// Asks for a code to a new address, which may take the place of another one. Where the answer is
    /// lost, the same call again gets it.
    pub async fn add_address(
        &self,
        account: AccountKey,
        address: String,
        replaces: Option<String>,
    ) -> Result<CodeSent, EnishiError> {
        self.ask(|client| async move { client.add_address(account, &address, replaces.as_deref()).await }).await
    }

    /// Confirms a new address with the code that was mailed to it. Where the answer is lost, the same
    /// call again gets it.
    pub async fn confirm_address(
        &self,
        account: AccountKey,
        attempt: AttemptId,
        code: String,
    ) -> Result<Vec<Address>, EnishiError> {
        self.ask(|client| async move { client.confirm_address(account, attempt, &code).await }).await
    }

    /// Removes an address, never the last. All other devices and all addresses are told.
    pub async fn remove_address(&self, account: AccountKey, address: String) -> Result<Vec<Address>, EnishiError> {
        self.ask(|client| async move { client.remove_address(account, &address).await }).await
    }

    /// What all devices of the account are told and this one has not shown yet, as the server last
    /// told it.
    pub async fn notices(&self, account: AccountKey) -> Result<Vec<Notice>, EnishiError> {
        self.look(move |client| client.notices(account)).await
    }

    /// Notices were shown: this device is not told of them again. Works offline; the server hears of it
    /// as soon as it can be reached.
    pub async fn notices_shown(&self, account: AccountKey, shown: Vec<NoticeId>) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.notices_shown(account, &shown).await }).await
    }

    /// Makes a recovery code, which takes the place of an earlier one, and returns it as it is to be
    /// printed. It is kept nowhere: whoever has it can sign in, once. Where the answer is lost, the same
    /// call again makes another.
    pub async fn make_recovery_code(&self, account: AccountKey) -> Result<String, EnishiError> {
        self.ask(|client| async move { client.make_recovery_code(account).await }).await
    }

    /// Leaves a community. What this member wrote there stays under their name; what was not sent yet
    /// stays here under needs attention.
    pub async fn leave(&self, account: AccountKey, community: CommunityId) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.leave(account, community).await }).await
    }

    /// Deletes the account on its server, for good, and removes it from this phone. Where the answer is
    /// lost, the same call again gets it.
    pub async fn delete_account(&self, account: AccountKey, written: Written) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.delete_account(account, written).await }).await
    }
}
