//! What this phone knows of its accounts, kept among the secrets: an address says who somebody is.
//!
//! Every change is kept before anything is sent that relies on it.

use super::{AccountKey, joining::Joining};
use crate::{
    error::Error,
    secrets::{Secret, SecretError, SecretStore},
    transport::Server,
};
use enishi_protocol::{
    AccountId, AttemptId, DeviceId, NoticeId, RequestId,
    account::{Notice, WaysIn},
    membership::Membership,
    session::Session,
};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

const NAME: &str = "accounts";

/// One account on one server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountRecord {
    pub(crate) key: AccountKey,
    pub(crate) server: Server,
    pub(crate) account: AccountId,
    /// This phone, as that server knows it. Another server gets another id.
    pub(crate) device: DeviceId,
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) memberships: Vec<Membership>,
    /// What the server has told about the account, and this phone has not shown yet.
    #[serde(default)]
    pub(crate) notices: Vec<Notice>,
    /// Notices that were shown, which the server does not know yet.
    #[serde(default)]
    pub(crate) seen: Vec<NoticeId>,
    /// As the server last told it.
    #[serde(default)]
    pub(crate) ways: Option<WaysIn>,
}

/// A code that was asked for and not spent yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AttemptRecord {
    pub(crate) attempt: AttemptId,
    /// 32 random bytes in lower-case hexadecimal.
    pub(crate) secret: String,
    pub(crate) server: Server,
    pub(crate) address: String,
    pub(crate) device: DeviceId,
    pub(crate) started_us: i64,
    /// Whether the server has said that the code is on its way.
    #[serde(default)]
    pub(crate) under_way: bool,
}

/// An invitation that was accepted, where the answer is not known.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AcceptanceRecord {
    pub(crate) account: AccountKey,
    pub(crate) code: String,
    pub(crate) id: RequestId,
    /// What was said, to go on with where something else was needed first.
    #[serde(default)]
    pub(crate) joining: Option<Joining>,
}

/// A code for another address of an account that was asked for and not spent yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AddressRecord {
    pub(crate) attempt: AttemptId,
    /// 32 random bytes in lower-case hexadecimal.
    pub(crate) secret: String,
    pub(crate) account: AccountKey,
    pub(crate) address: String,
    pub(crate) replaces: Option<String>,
    pub(crate) started_us: i64,
    /// Whether the server has said that the code is on its way.
    #[serde(default)]
    pub(crate) under_way: bool,
}

/// A sign-in of this phone by other means than mail, whose answer is not known.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct EntryRecord {
    pub(crate) attempt: AttemptId,
    /// 32 random bytes in lower-case hexadecimal.
    pub(crate) secret: String,
    pub(crate) server: Server,
    pub(crate) device: DeviceId,
    /// The recovery code that is spent; none where a device that is signed in approves.
    pub(crate) code: Option<String>,
    pub(crate) started_us: i64,
}

/// A call of an account whose answer is not known: made again under the same id.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CallRecord {
    pub(crate) account: AccountKey,
    /// Which call, and about what.
    pub(crate) what: String,
    pub(crate) id: Uuid,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct State {
    #[serde(default)]
    pub(crate) accounts: Vec<AccountRecord>,
    #[serde(default)]
    pub(crate) attempts: Vec<AttemptRecord>,
    #[serde(default)]
    pub(crate) acceptances: Vec<AcceptanceRecord>,
    #[serde(default)]
    pub(crate) addresses: Vec<AddressRecord>,
    #[serde(default)]
    pub(crate) entries: Vec<EntryRecord>,
    #[serde(default)]
    pub(crate) calls: Vec<CallRecord>,
}

/// The records, in memory and among the secrets.
pub(crate) struct Records {
    secrets: Arc<dyn SecretStore>,
    state: Mutex<State>,
}

impl Records {
    pub(crate) fn open(secrets: Arc<dyn SecretStore>) -> Result<Self, SecretError> {
        let state = match secrets.get(NAME)? {
            Some(bytes) => {
                serde_json::from_slice(&bytes).map_err(|_| SecretError("the accounts are damaged".into()))?
            }
            None => State::default(),
        };
        Ok(Self { secrets, state: Mutex::new(state) })
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the records. What is kept is changed first, so that a failure leaves both as they were.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, SecretError> {
        let mut present = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = present.clone();
        let value = change(&mut next);
        let bytes = serde_json::to_vec(&next).map_err(|error| SecretError(error.to_string()))?;
        self.secrets.set(NAME, &Secret::new(bytes))?;
        *present = next;
        Ok(value)
    }

    pub(crate) fn account(&self, key: AccountKey) -> Result<AccountRecord, Error> {
        let found = self.look(|state| state.accounts.iter().find(|record| record.key == key).cloned());
        found.ok_or(Error::Rejected { code: enishi_protocol::ErrorCode::NotFound })
    }

    /// Takes over what the server says of an account's memberships. One that it no longer names stays
    /// on the phone until the member removes it: it may hold what was never sent.
    pub(crate) fn take_memberships(&self, key: AccountKey, memberships: &[Membership]) -> Result<(), SecretError> {
        self.change(|state| {
            let Some(record) = state.accounts.iter_mut().find(|record| record.key == key) else { return };
            for membership in memberships {
                record.memberships.retain(|held| held.community != membership.community);
                record.memberships.push(membership.clone());
            }
        })
    }

    /// Takes over what the server says of an account in the answer about its session.
    pub(crate) fn take_session(&self, key: AccountKey, session: &Session) -> Result<(), SecretError> {
        self.take_memberships(key, &session.memberships)?;
        self.change(|state| {
            let Some(record) = state.accounts.iter_mut().find(|record| record.key == key) else { return };
            record.ways = Some(session.ways);
            let unseen = session.notices.iter().filter(|notice| !record.seen.contains(&notice.id));
            record.notices = unseen.cloned().collect();
        })
    }
}
