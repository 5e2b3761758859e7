//! Signing in by a code that comes by mail.
//!
//! The attempt with its secret is kept before it is sent: a reply that is lost is asked for again
//! with the same attempt and gets the same answer.

use super::{
    AccountKey,
    records::{AccountRecord, AttemptRecord, Records},
};
use crate::{
    error::Error,
    surroundings::Surroundings,
    transport::{Server, api::Api},
};
use data_encoding::HEXLOWER;
use enishi_protocol::{
    AttemptId, DeviceId, ErrorCode, Language, limits,
    session::{SignInCode, SignInStart, SignedIn},
};
use sha2::{Digest, Sha256};

/// Digits of a code.
pub(super) const CODE_DIGITS: usize = 6;

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CodeSent {
    /// Names the attempt when the code is spent.
    pub attempt: AttemptId,
    /// How long the code is good, in seconds.
    pub good_for_seconds: i64,
    /// The address that the mail comes from.
    pub sender: String,
}

/// The account on this phone that signed in with this address before.
pub(crate) fn known(records: &Records, server: &Server, address: &str) -> Option<AccountKey> {
    let same = |held: &&AccountRecord| held.server == *server && held.address == address.trim();
    records.look(|state| state.accounts.iter().find(same).map(|held| held.key))
}

/// Asks for a code. `token` is that of a session which this phone holds or held with this address:
/// the server counts such a device by itself, so that nobody else's tries can lock it out.
pub(crate) async fn start(
    records: &Records,
    surroundings: &dyn Surroundings,
    api: &Api,
    address: &str,
    language: Language,
    token: Option<&str>,
) -> Result<CodeSent, Error> {
    let address = address.trim();
    if !address.contains('@') || address.chars().count() > limits::ADDRESS_CHARS {
        return Err(Error::Rejected { code: ErrorCode::AddressInvalid });
    }
    let attempt = attempt_for(records, surroundings, api.server(), address)?;
    let secret = HEXLOWER.decode(attempt.secret.as_bytes()).unwrap_or_default();
    let start = SignInStart {
        attempt: attempt.attempt,
        secret_hash: HEXLOWER.encode(&Sha256::digest(&secret)),
        address: address.to_owned(),
        language,
    };
    let started = api.sign_in(&start, token).await?;
    records.change(|state| {
        for held in state.attempts.iter_mut().filter(|held| held.attempt == attempt.attempt) {
            held.under_way = true;
        }
    })?;
    Ok(CodeSent { attempt: attempt.attempt, good_for_seconds: started.good_for_seconds, sender: started.sender })
}

/// The attempt whose start was not answered, or a new one. Kept when this returns.
fn attempt_for(
    records: &Records,
    surroundings: &dyn Surroundings,
    server: &Server,
    address: &str,
) -> Result<AttemptRecord, Error> {
    let now = surroundings.now_us();
    let fresh_from = now - limits::CODE_SECONDS * 1_000_000;
    let attempt = records.change(|state| {
        state.attempts.retain(|held| (fresh_from..=now).contains(&held.started_us));
        let same = |held: &&AttemptRecord| held.server == *server && held.address == address && !held.under_way;
        if let Some(held) = state.attempts.iter().find(same) {
            return held.clone();
        }
        let known = state.accounts.iter().find(|held| held.server == *server && held.address == address);
        let attempt = AttemptRecord {
            attempt: AttemptId(surroundings.new_id()),
            secret: HEXLOWER.encode(surroundings.new_secret().as_ref()),
            server: server.clone(),
            address: address.to_owned(),
            device: known.map_or_else(|| DeviceId(surroundings.new_id()), |held| held.device),
            started_us: now,
            under_way: false,
        };
        state.attempts.push(attempt.clone());
        attempt
    })?;
    Ok(attempt)
}

/// The attempt of that id, where this phone made it and it is not spent.
pub(crate) fn attempt(records: &Records, attempt: AttemptId) -> Result<AttemptRecord, Error> {
    let found = records.look(|state| state.attempts.iter().find(|held| held.attempt == attempt).cloned());
    found.ok_or(Error::Rejected { code: ErrorCode::CodeExpired })
}

/// Spends a code.
pub(crate) async fn spend(
    api: &Api,
    attempt: &AttemptRecord,
    code: &str,
    device_name: &str,
) -> Result<SignedIn, Error> {
    let code = digits(code);
    // What cannot be a code must not cost one of the few tries.
    if code.len() != CODE_DIGITS {
        return Err(Error::Rejected { code: ErrorCode::CodeWrong });
    }
    let spend = SignInCode {
        secret: attempt.secret.clone(),
        code,
        device: attempt.device,
        device_name: device_name.chars().take(limits::DEVICE_NAME_CHARS).collect(),
    };
    Ok(api.spend_code(attempt.attempt, &spend).await?)
}

/// The account on this phone that somebody signed in to: a known one, or a new one. Not kept yet.
pub(crate) fn account_of(
    records: &Records,
    surroundings: &dyn Surroundings,
    server: &Server,
    signed_in: &SignedIn,
) -> AccountKey {
    let same = |held: &&AccountRecord| held.server == *server && held.account == signed_in.account;
    let known = records.look(|state| state.accounts.iter().find(same).map(|held| held.key));
    known.unwrap_or_else(|| AccountKey(surroundings.new_id()))
}

/// Keeps the account, and that the attempt is spent.
pub(crate) fn keep(
    records: &Records,
    key: AccountKey,
    attempt: &AttemptRecord,
    signed_in: &SignedIn,
) -> Result<(), Error> {
    records.change(|state| state.attempts.retain(|held| held.attempt != attempt.attempt))?;
    keep_account(records, key, (&attempt.server, attempt.device), Some(&attempt.address), signed_in)
}

/// Keeps an account that somebody signed in to, with the address where that is known.
pub(crate) fn keep_account(
    records: &Records,
    key: AccountKey,
    (server, device): (&Server, DeviceId),
    address: Option<&str>,
    signed_in: &SignedIn,
) -> Result<(), Error> {
    records.change(|state| {
        if let Some(held) = state.accounts.iter_mut().find(|held| held.key == key) {
            held.device = device;
            if let Some(address) = address {
                address.clone_into(&mut held.address);
            }
            return;
        }
        state.accounts.push(AccountRecord {
            key,
            server: server.clone(),
            account: signed_in.account,
            device,
            address: address.unwrap_or_default().to_owned(),
            memberships: Vec::new(),
            notices: Vec::new(),
            seen: Vec::new(),
            ways: None,
        });
    })?;
    Ok(records.take_memberships(key, &signed_in.memberships)?)
}

/// The digits of what somebody typed: full-width ones and spaces are common.
pub(super) fn digits(code: &str) -> String {
    code.chars()
        .filter_map(|character| match character {
            '０'..='９' => char::from_u32(u32::from(character) - u32::from('０') + u32::from('0')),
            '0'..='9' => Some(character),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        secrets::MemorySecretStore,
        surroundings::RealSurroundings,
        transport::{Live, Request, Response, Transport, TransportError},
    };
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        assert_eq!(digits(" １２3-456 "), "123456");
    }

    /// Loses the first answers, and notes what was sent.
    struct Lossy {
        lose: Mutex<usize>,
        sent: Mutex<Vec<SignInStart>>,
    }

    #[async_trait::async_trait]
    impl Transport for Lossy {
        async fn call(&self, request: Request) -> Result<Response, TransportError> {
            let start = serde_json::from_slice(&request.body.expect("a body")).expect("a start");
            self.sent.lock().expect("sent").push(start);
            let mut lose = self.lose.lock().expect("lose");
            if *lose > 0 {
                *lose -= 1;
                return Err(TransportError::TimedOut);
            }
            let body = r#"{"good_for_seconds":600,"sender":"enishi@example.jp"}"#.into();
            Ok(Response { status: 200, retry_after: None, date_us: None, body })
        }

        async fn live(&self, _: Request) -> Result<Live, TransportError> {
            Err(TransportError::TimedOut)
        }
    }

    #[tokio::test]
    async fn a_start_whose_answer_is_lost_is_repeated_as_the_same_attempt() {
        let transport = Arc::new(Lossy { lose: Mutex::new(1), sent: Mutex::default() });
        let secrets = Arc::new(MemorySecretStore::default());
        let server: Server = "alumni.example.jp".parse().expect("server");
        let api = Api::new(server, transport.clone(), Language::Ja);
        let ask = async |secrets: &Arc<MemorySecretStore>| {
            let records = Records::open(secrets.clone()).expect("records");
            start(&records, &RealSurroundings, &api, "hanako@example.jp", Language::Ja, None).await
        };
        assert_eq!(ask(&secrets).await, Err(Error::Offline));
        let sent = ask(&secrets).await.expect("the code is on its way");
        let again = ask(&secrets).await.expect("a second code");
        let starts = transport.sent.lock().expect("sent");
        assert_eq!(starts[0], starts[1], "the phone was restarted in between");
        assert_eq!(starts[1].attempt, sent.attempt);
        assert_ne!(sent.attempt, again.attempt, "asked anew after an answer, it is a new attempt");
    }
}
