//! Accounts on this phone: signing in, devices, and the way into a community.
//!
//! Whatever proves something is kept before it is sent, so that a reply lost on the way can be
//! asked for again and locks nobody out.

pub mod addresses;
pub(crate) mod calls;
pub mod entering;
pub(crate) mod joining;
pub mod link;
pub(crate) mod records;
pub mod sign_in;
pub(crate) mod token;

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Names an account on this phone. Made here; says nothing about whose it is or on which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountKey(pub Uuid);

impl fmt::Display for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountKey {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
