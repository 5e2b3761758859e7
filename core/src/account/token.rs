//! The token of an account's session, in memory and in the place for secrets.

use super::AccountKey;
use crate::secrets::{SecretError, SecretStore};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};
use zeroize::Zeroizing;

/// A token as calls take it.
pub(crate) type Token = Arc<Zeroizing<String>>;

/// Where the drivers of an account find its token.
pub(crate) struct TokenHolder {
    name: String,
    secrets: Arc<dyn SecretStore>,
    token: RwLock<Option<Token>>,
}

impl TokenHolder {
    /// Reads the token of an account; there is none while it is signed out.
    pub(crate) fn open(secrets: Arc<dyn SecretStore>, account: AccountKey) -> Result<Self, SecretError> {
        let name = format!("token/{account}");
        let token = secrets.get(&name)?.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        Ok(Self { name, secrets, token: RwLock::new(token.map(|token| Arc::new(Zeroizing::new(token)))) })
    }

    /// The token; none while signed out.
    pub(crate) fn get(&self) -> Option<Token> {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signed in.
    pub(crate) fn set(&self, token: &str) -> Result<(), SecretError> {
        self.secrets.set(&self.name, token.as_bytes())?;
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(Zeroizing::new(token.to_owned())));
        Ok(())
    }

    /// Signed out.
    pub(crate) fn forget(&self) -> Result<(), SecretError> {
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.secrets.remove(&self.name)
    }
}

impl fmt::Debug for TokenHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenHolder").finish_non_exhaustive()
    }
}
