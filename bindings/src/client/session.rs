//! Signing in and out, joining, and devices.

use super::Client;
use crate::EnishiError;
use enishi_core::account::AccountKey;
use enishi_core::account::link::InvitationLink;
use enishi_core::account::sign_in::CodeSent;
use enishi_core::client::{Joined, Joining, OnSignOut};
use enishi_core::transport::Server;
use enishi_protocol::invitations::InvitationPreview;
use enishi_protocol::membership::Membership;
use enishi_protocol::session::Device;
use enishi_protocol::{AttemptId, DeviceId};

#[uniffi::export]
impl Client {
    /// Asks a server for a code by mail.
    pub async fn sign_in(&self, server: Server, address: String) -> Result<CodeSent, EnishiError> {
        self.ask(|client| async move { client.sign_in(&server, &address).await }).await
    }

    /// Spends a code. Where the answer is lost, the same call again gets it.
    pub async fn finish_sign_in(&self, attempt: AttemptId, code: String) -> Result<AccountKey, EnishiError> {
        self.ask(|client| async move { client.finish_sign_in(attempt, &code).await }).await
    }

    /// What a link shows before anybody joins. Changes and counts nothing.
    ///
    /// `server` is where a bare code is looked up.
    pub async fn preview(
        &self,
        link: InvitationLink,
        server: Option<Server>,
    ) -> Result<InvitationPreview, EnishiError> {
        self.ask(|client| async move { client.preview(&link, server.as_ref()).await }).await
    }

    /// Accepts an invitation. Where the answer is lost, the same call again gets it.
    pub async fn join(&self, account: AccountKey, code: String, joining: Joining) -> Result<Joined, EnishiError> {
        self.ask(|client| async move { client.join(account, &code, &joining).await }).await
    }

    /// Asks the server anew which communities the account is in, and what there is to know about it.
    pub async fn refresh(&self, account: AccountKey) -> Result<Vec<Membership>, EnishiError> {
        self.ask(|client| async move { client.refresh(account).await }).await
    }

    /// The devices that the account is signed in on.
    pub async fn devices(&self, account: AccountKey) -> Result<Vec<Device>, EnishiError> {
        self.ask(|client| async move { client.devices(account).await }).await
    }

    /// Signs a device of the account out.
    pub async fn revoke_device(&self, account: AccountKey, device: DeviceId) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.revoke_device(account, device).await }).await
    }

    /// Signs all devices of the account out but this one.
    pub async fn revoke_other_devices(&self, account: AccountKey) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.revoke_other_devices(account).await }).await
    }

    /// Signs the account out on this phone. The server is told where it can be reached; where not,
    /// the session ends there when it is revoked from another device or grows old.
    pub async fn sign_out(&self, account: AccountKey, then: OnSignOut) -> Result<(), EnishiError> {
        self.ask(|client| async move { client.sign_out(account, then).await }).await
    }
}
