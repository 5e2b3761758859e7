//! The recovery of a membership: by whoever has lost its account, and by the account that has it.

use super::Client;
use crate::{
    account::{AccountKey, calls},
    error::Error,
};
use enishi_protocol::{
    CommunityId, ErrorCode, RecoveryId,
    account::{OwnRecovery, RecoveryStart, RecoveryStop},
    invitations::normal_code,
    limits,
};

use super::Joining;

impl Client {
    /// Says "this membership is mine", from an account that is not in the community. `code` is that of
    /// any invitation to it. Where the answer is lost, the same call again gets it.
    pub async fn ask_for_recovery(&self, account: AccountKey, code: &str, who: &Joining) -> Result<OwnRecovery, Error> {
        let code = normal_code(code).ok_or(Error::Rejected { code: ErrorCode::InvitationUnknown })?;
        let (api, token) = self.signed_in(account)?;
        let what = format!("recover {code}");
        calls::once(&self.records, &*self.config.surroundings, (account, &what), async |id| {
            let start = RecoveryStart {
                id: id.into(),
                code: code.clone(),
                name: who.name.clone(),
                fact: who.fact.clone(),
                note: who.note.chars().take(limits::NOTE_CHARS).collect(),
            };
            api.ask_for_recovery(&token, &start).await
        })
        .await
    }

    /// The recoveries that the account has asked for, and how far each has come.
    pub async fn recoveries(&self, account: AccountKey) -> Result<Vec<OwnRecovery>, Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.recoveries(&token).await?)
    }

    /// Stops the recovery of a membership that the account has, as a notice told of it. Done again it
    /// changes nothing.
    pub async fn stop_recovery(
        &self,
        account: AccountKey,
        community: CommunityId,
        recovery: RecoveryId,
    ) -> Result<(), Error> {
        let (api, token) = self.signed_in(account)?;
        Ok(api.stop_recovery(&token, recovery, &RecoveryStop { community }).await?)
    }
}
