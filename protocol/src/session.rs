//! Signing in by a code, devices and sessions.
//!
//! Every call carries an id made on the phone; a repeat that proves the same secret gets the same
//! answer, so a reply lost on the way locks nobody out.

use crate::{
    account::{Notice, WaysIn},
    error::Language,
    ids::{AccountId, AttemptId, DeviceId},
    membership::Membership,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Asks for a code: `POST /v1/sign-in`. Known and unknown addresses are answered alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignInStart {
    /// Made on the phone.
    pub attempt: AttemptId,
    /// SHA-256 of the attempt's secret (32 random bytes made on the phone), in lower-case hexadecimal.
    pub secret_hash: String,
    /// Where the code is sent.
    pub address: String,
    /// The language of the mail.
    pub language: Language,
}

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignInStarted {
    /// How long the code is good, in seconds.
    pub good_for_seconds: i64,
    /// The address that the mail comes from, to allow in a filter.
    pub sender: String,
}

/// Spends a code: `POST /v1/sign-in/{attempt}/code`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignInCode {
    /// The attempt's secret, in lower-case hexadecimal.
    pub secret: String,
    /// The six digits from the mail.
    pub code: String,
    /// The device's id, made on the phone once.
    pub device: DeviceId,
    /// What its owner calls the device.
    pub device_name: String,
}

impl fmt::Debug for SignInCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInCode").field("device", &self.device).finish_non_exhaustive()
    }
}

/// Signed in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The session's token: 256 bits in hexadecimal, sent as `Authorization: Bearer …`.
    pub token: String,
    /// Whose it is.
    pub account: AccountId,
    /// The account's communities.
    pub memberships: Vec<Membership>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The present session: `GET /v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    /// Whose it is.
    pub account: AccountId,
    /// The device it belongs to.
    pub device: DeviceId,
    /// The account's communities.
    pub memberships: Vec<Membership>,
    /// What this device has not yet said that it has shown, oldest first.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// How the account can be signed in to again.
    #[serde(default)]
    pub ways: WaysIn,
}

/// A device that is signed in: `GET /v1/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Device {
    /// Which device.
    pub id: DeviceId,
    /// What its owner calls it.
    pub name: String,
    /// When it signed in, in microseconds since 1970 UTC.
    pub since_us: i64,
    /// When it was last here, to the hour, in microseconds since 1970 UTC.
    pub seen_us: i64,
    /// Whether it is the one that asks.
    pub this: bool,
}
