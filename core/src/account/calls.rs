//! Calls whose answer may be lost: their id is kept before they are sent, and they are made again
//! under it.

use super::{
    AccountKey,
    records::{CallRecord, Records},
};
use crate::{error::Error, surroundings::Surroundings, transport::api::CallError};
use enishi_protocol::ErrorCode;
use uuid::Uuid;

/// Whether an answer ends the matter. Signed out is no answer to the call itself.
pub(crate) fn is_decided<T>(answer: &Result<T, CallError>) -> bool {
    match answer {
        Ok(_) => true,
        Err(error) => error.is_final() && error.code() != Some(ErrorCode::SignedOut),
    }
}

/// Makes a call under the id of the one before whose answer is not known, or a new one.
pub(crate) async fn once<T>(
    records: &Records,
    surroundings: &dyn Surroundings,
    (account, what): (AccountKey, &str),
    call: impl AsyncFnOnce(Uuid) -> Result<T, CallError>,
) -> Result<T, Error> {
    let id = records.change(|state| {
        let same = |held: &&CallRecord| held.account == account && held.what == what;
        if let Some(held) = state.calls.iter().find(same) {
            return held.id;
        }
        let id = surroundings.new_id();
        state.calls.push(CallRecord { account, what: what.to_owned(), id });
        id
    })?;
    let answer = call(id).await;
    if is_decided(&answer) {
        records.change(|state| state.calls.retain(|held| held.id != id))?;
    }
    Ok(answer?)
}
