//! The recovery of a membership whose account is lost.

use super::Client;
use crate::EnishiError;
use enishi_core::account::AccountKey;
use enishi_core::client::Joining;
use enishi_protocol::account::OwnRecovery;
use enishi_protocol::{CommunityId, RecoveryId};

#[uniffi::export]
impl Client {
    /// Says "this membership is mine", from an account that is not in the community. `code` is that of
    /// any invitation to it. Where the answer is lost, the same call again gets it.
    pub async fn ask_for_recovery(
        &self,
        account: AccountKey,
        code: String,
        who: Joining,
    ) -> Result<OwnRecovery, EnishiError> {
        self.ask(|client| async move { client.ask_for_recovery(account, &code, &who).await }).await
    }

    /// The recoveries that the account has asked for, and how far each has come.
    pub async fn recoveries(&self, account: AccountKey) -> Result<Vec<OwnRecovery>, EnishiError> {
        self.ask(|client| async move { client.recoveries(account).await }).await
    }

    /// Stops the recovery of a membership that the account has, as a notice told of it. Done again it
    /// changes nothing.
    pub async fn stop_recovery(
        &self,
        account: AccountKey,
        community: CommunityId,
        recovery: RecoveryId,
    ) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.stop_recovery(account, community, recovery).await }).await
    }
}
