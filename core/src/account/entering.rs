//! Signing this phone in without mail: approved by a device that is signed in, or by the printed
//! recovery code.
//!
//! The attempt with its secret is kept before it is sent, so that a lost answer is asked for again.

use super::records::{EntryRecord, Records};
use crate::{
    error::Error,
    surroundings::Surroundings,
    transport::{
        Server,
        api::{Api, CallError},
    },
};
use data_encoding::HEXLOWER;
use enishi_protocol::{
    AttemptId, DeviceId, ErrorCode,
    account::{ApprovalAnswer, ApprovalProof, ApprovalStart, RecoveryCodeSpending, read_recovery_code, recovery_code},
    limits,
    session::SignedIn,
};
use sha2::{Digest, Sha256};

/// What this phone shows, as text and as QR code, to be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ShownToApprove {
    /// Names the attempt when it is asked whether it was approved.
    pub attempt: AttemptId,
    /// The link. Whoever sees it can do nothing with it but let this phone into their own account.
    pub link: String,
    /// How long it may be approved, in seconds.
    pub good_for_seconds: i64,
}

/// Asks to be approved. Asked again while one waits, it is the same attempt.
pub(crate) async fn ask(
    records: &Records,
    surroundings: &dyn Surroundings,
    api: &Api,
    device_name: &str,
) -> Result<ShownToApprove, Error> {
    let entry = entry_for(records, surroundings, api.server(), None)?;
    let secret = HEXLOWER.decode(entry.secret.as_bytes()).unwrap_or_default();
    let start = ApprovalStart {
        attempt: entry.attempt,
        secret_hash: HEXLOWER.encode(&Sha256::digest(&secret)),
        device: entry.device,
        device_name: device_name.chars().take(limits::DEVICE_NAME_CHARS).collect(),
    };
    let answer = api.ask_for_approval(&start).await;
    if matches!(&answer, Err(error) if error.is_final()) {
        forget(records, entry.attempt)?;
    }
    let started = answer?;
    Ok(ShownToApprove { attempt: entry.attempt, link: started.link, good_for_seconds: started.good_for_seconds })
}

/// The attempt of that id, where this phone made it and it is not done.
pub(crate) fn entry(records: &Records, attempt: AttemptId) -> Result<EntryRecord, Error> {
    let found = records.look(|state| state.entries.iter().find(|held| held.attempt == attempt).cloned());
    found.ok_or(Error::Rejected { code: ErrorCode::CodeExpired })
}

/// Asks whether it was approved: who it is then.
pub(crate) async fn approved(records: &Records, api: &Api, entry: &EntryRecord) -> Result<Option<SignedIn>, Error> {
    let proof = ApprovalProof { secret: entry.secret.clone() };
    let answer = api.spend_approval(entry.attempt, &proof).await;
    if matches!(&answer, Err(error) if error.is_final()) {
        forget(records, entry.attempt)?;
    }
    match answer? {
        ApprovalAnswer::Waiting => Ok(None),
        ApprovalAnswer::SignedIn(signed_in) => Ok(Some(signed_in)),
    }
}

/// Spends a recovery code. `token`: of a session that this phone holds or held on that server.
pub(crate) async fn spend_code(
    records: &Records,
    surroundings: &dyn Surroundings,
    api: &Api,
    (code, device_name): (&str, &str),
    token: Option<&str>,
) -> Result<(EntryRecord, SignedIn), Error> {
    let code = read_recovery_code(code).ok_or(Error::Rejected { code: ErrorCode::RecoveryCodeWrong })?;
    let entry = entry_for(records, surroundings, api.server(), Some(&code))?;
    let spending = RecoveryCodeSpending {
        attempt: entry.attempt,
        secret: entry.secret.clone(),
        code,
        device: entry.device,
        device_name: device_name.chars().take(limits::DEVICE_NAME_CHARS).collect(),
    };
    let answer = api.spend_recovery_code(&spending, token).await;
    if matches!(&answer, Err(error) if error.is_final()) {
        forget(records, entry.attempt)?;
    }
    Ok((entry, answer.map_err(|error: CallError| Error::from(error))?))
}

/// Forgets an attempt that is done.
pub(crate) fn forget(records: &Records, attempt: AttemptId) -> Result<(), Error> {
    Ok(records.change(|state| state.entries.retain(|held| held.attempt != attempt))?)
}

/// The attempt whose answer is not known, or a new one. Kept when this returns.
fn entry_for(
    records: &Records,
    surroundings: &dyn Surroundings,
    server: &Server,
    code: Option<&str>,
) -> Result<EntryRecord, Error> {
    let now = surroundings.now_us();
    let fresh_from = now - limits::APPROVAL_SECONDS * 1_000_000;
    let entry = records.change(|state| {
        // One that waits to be approved is of no use later; a code may have been spent long ago.
        state.entries.retain(|held| held.code.is_some() || (fresh_from..=now).contains(&held.started_us));
        let same = |held: &&EntryRecord| held.server == *server && held.code.as_deref() == code;
        if let Some(held) = state.entries.iter().find(same) {
            return held.clone();
        }
        let entry = EntryRecord {
            attempt: AttemptId(surroundings.new_id()),
            secret: HEXLOWER.encode(surroundings.new_secret().as_ref()),
            server: server.clone(),
            device: DeviceId(surroundings.new_id()),
            code: code.map(str::to_owned),
            started_us: now,
        };
        state.entries.push(entry.clone());
        entry
    })?;
    Ok(entry)
}

/// A new recovery code.
pub(crate) fn new_code(surroundings: &dyn Surroundings) -> String {
    let mut random = [0; limits::RECOVERY_CODE_CHARS - 1];
    surroundings.random(&mut random);
    recovery_code(&random)
}
