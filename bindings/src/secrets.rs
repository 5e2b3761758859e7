//! Where tokens and keys live: the app's Keystore or Keychain.

use enishi_core::secrets::{FileSecretStore, Secret, SecretError, SecretStore as Keeper};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The place for secrets did not do as asked: locked, full, or damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SecretStoreError {
    /// It did not do as asked.
    #[error("the secret store failed: {reason}")]
    Failed {
        /// For a log. Must say nothing of the secret.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SecretStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

impl From<SecretStoreError> for SecretError {
    fn from(SecretStoreError::Failed { reason }: SecretStoreError) -> Self {
        Self(reason)
    }
}

/// Keeps secrets by name, in the Keystore or the Keychain. Names are ASCII and say nothing about a
/// person.
///
/// Called from any thread, never the one that draws. `set` must have reached the disk when it returns:
/// what is sent afterwards relies on it.
#[uniffi::export(with_foreign)]
pub trait SecretStore: Send + Sync {
    /// The secret of that name, where there is one.
    fn get(&self, name: String) -> Result<Option<Vec<u8>>, SecretStoreError>;
    /// Keeps a secret, in place of one of that name.
    fn set(&self, name: String, secret: Vec<u8>) -> Result<(), SecretStoreError>;
    /// Forgets a secret. One that is not there is no error.
    fn remove(&self, name: String) -> Result<(), SecretStoreError>;
}

/// An app's place for secrets, as the core knows it.
pub(crate) struct OfApp(pub(crate) Arc<dyn SecretStore>);

impl Keeper for OfApp {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.0.get(name.to_owned())?.map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        Ok(self.0.set(name.to_owned(), secret.to_vec())?)
    }

    fn remove(&self, name: &str) -> Result<(), SecretError> {
        Ok(self.0.remove(name.to_owned())?)
    }
}

/// Secrets in a file that only its owner may read, for tools and tests on a computer. A phone uses its
/// own keeper.
#[uniffi::export]
fn file_secret_store(path: String) -> Result<Arc<dyn SecretStore>, SecretStoreError> {
    Ok(Arc::new(InFile(FileSecretStore::open(path).map_err(failed)?)))
}

struct InFile(FileSecretStore);

impl SecretStore for InFile {
    fn get(&self, name: String) -> Result<Option<Vec<u8>>, SecretStoreError> {
        Ok(self.0.get(&name).map_err(failed)?.map(|secret| secret.to_vec()))
    }

    fn set(&self, name: String, secret: Vec<u8>) -> Result<(), SecretStoreError> {
        self.0.set(&name, &secret).map_err(failed)
    }

    fn remove(&self, name: String) -> Result<(), SecretStoreError> {
        self.0.remove(&name).map_err(failed)
    }
}

fn failed(SecretError(reason): SecretError) -> SecretStoreError {
    SecretStoreError::Failed { reason }
}
