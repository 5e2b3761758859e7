//! Accepting an invitation.
//!
//! The acceptance's id is kept before it is sent, so that one whose answer is lost is repeated, not
//! made a second time.

use super::{
    AccountKey, calls,
    records::{AcceptanceRecord, Records},
};
use crate::{error::Error, surroundings::Surroundings, transport::api::Api};
use enishi_protocol::{
    ErrorCode, RequestId,
    invitations::{Acceptance, Accepted, normal_code},
    limits,
    membership::{PersonName, ProfileField},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody says who accepts an invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "uniffi", uniffi(name = "JoiningForm"))]
pub struct Joining {
    /// The name to bear in the community.
    pub name: PersonName,
    /// The fact that the preview asks for, where the person knows it.
    pub fact: Option<String>,
    /// A word to those who decide, where somebody must.
    pub note: String,
    /// Fields of the profile to begin with, which everyone in the community will see.
    #[serde(default)]
    pub fields: BTreeMap<ProfileField, String>,
    /// Whether the person agrees that the inviter is told that they came.
    #[serde(default)]
    pub to_inviter: bool,
    /// Whether the person agrees that the company is told who brought them.
    #[serde(default)]
    pub to_company: bool,
}

/// Accepts an invitation.
pub(crate) async fn accept(
    records: &Records,
    surroundings: &dyn Surroundings,
    api: &Api,
    (account, token): (AccountKey, &str),
    code: &str,
    joining: &Joining,
) -> Result<Accepted, Error> {
    let code = normal_code(code).ok_or(Error::Rejected { code: ErrorCode::InvitationUnknown })?;
    check(&joining.name)?;
    let acceptance = Acceptance {
        id: id_for(records, surroundings, account, &code, joining)?,
        name: joining.name.clone(),
        fact: joining.fact.clone(),
        note: joining.note.chars().take(limits::NOTE_CHARS).collect(),
        fields: joining.fields.clone(),
        to_inviter: joining.to_inviter,
        to_company: joining.to_company,
    };
    let answer = api.accept(token, &code, &acceptance).await;
    // With an address of one's own the same acceptance goes on.
    let goes_on = matches!(&answer, Err(error) if error.code() == Some(ErrorCode::OwnAddressNeeded));
    if calls::is_decided(&answer) && !goes_on {
        records.change(|state| state.acceptances.retain(|held| held.id != acceptance.id))?;
    }
    Ok(answer?)
}

fn check(name: &PersonName) -> Result<(), Error> {
    let long = |part: &str| part.chars().count() > limits::NAME_CHARS;
    if name.family.trim().is_empty() || long(&name.family) || long(&name.given) {
        return Err(Error::Rejected { code: ErrorCode::NameInvalid });
    }
    Ok(())
}

/// The id of the acceptance whose answer is not known, or a new one. Kept when this returns.
fn id_for(
    records: &Records,
    surroundings: &dyn Surroundings,
    account: AccountKey,
    code: &str,
    joining: &Joining,
) -> Result<RequestId, Error> {
    let id = records.change(|state| {
        let same = |held: &&mut AcceptanceRecord| held.account == account && held.code == code;
        if let Some(held) = state.acceptances.iter_mut().find(same) {
            held.joining = Some(joining.clone());
            return held.id;
        }
        let id = RequestId(surroundings.new_id());
        let joining = Some(joining.clone());
        state.acceptances.push(AcceptanceRecord { account, code: code.to_owned(), id, joining });
        id
    })?;
    Ok(id)
}

/// Acceptances of an account that have not come to an end, with what was said: the code, then that.
pub(crate) fn unfinished(records: &Records, account: AccountKey) -> Vec<(String, Joining)> {
    records.look(|state| {
        let own = state.acceptances.iter().filter(|held| held.account == account);
        own.filter_map(|held| Some((held.code.clone(), held.joining.clone()?))).collect()
    })
}
