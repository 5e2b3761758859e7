//! Signing in without mail: by a device that is signed in, or by the recovery code.

use super::Client;
use crate::EnishiError;
use enishi_core::account::AccountKey;
use enishi_core::account::entering::ShownToApprove;
use enishi_core::account::link::ApprovalLink;
use enishi_core::transport::Server;
use enishi_protocol::AttemptId;
use enishi_protocol::account::ApprovalView;

#[uniffi::export]
impl Client {
    /// On a new phone: asks to be approved by one that is signed in, and returns what to show to it.
    /// Asked again while one waits, it is the same.
    pub async fn ask_for_approval(&self, server: Server) -> Result<ShownToApprove, EnishiError> {
        self.ask(|client| async move { client.ask_for_approval(&server).await }).await
    }

    /// On the new phone: signs in where it was approved; none while nobody has yet. Where the answer is
    /// lost, the same call again gets it.
    pub async fn approved(&self, attempt: AttemptId) -> Result<Option<AccountKey>, EnishiError> {
        self.ask(|client| async move { client.approved(attempt).await }).await
    }

    /// On a phone that is signed in: the device behind a link that was scanned. Changes nothing.
    pub async fn look_at_device(&self, account: AccountKey, link: ApprovalLink) -> Result<ApprovalView, EnishiError> {
        self.ask(|client| async move { client.look_at_device(account, &link).await }).await
    }

    /// On a phone that is signed in: lets the device behind a link into this account. Where the answer
    /// is lost, the same call again gets it.
    pub async fn approve_device(&self, account: AccountKey, link: ApprovalLink) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.approve_device(account, &link).await }).await
    }

    /// Signs in with the printed recovery code. Where the answer is lost, the same call again gets it.
    pub async fn sign_in_with_recovery_code(&self, server: Server, code: String) -> Result<AccountKey, EnishiError> {
        self.ask(|client| async move { client.sign_in_with_recovery_code(&server, &code).await }).await
    }
}
