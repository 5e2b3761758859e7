//! Which key a database belongs to, beside the database: so that one restored without its key is
//! told apart from a damaged one. The fingerprint of a random key of 256 bits gives nothing away.

use super::DatabaseKey;
use crate::error::StoreError;
use sha2::{Digest, Sha256};
use std::{ffi::OsString, fs, io::ErrorKind, path::Path};

/// What the fingerprint's file has after the database's name.
pub(super) const SUFFIX: &str = ".key";

/// Checks that a database belongs to this key, and notes it where nothing is noted.
///
/// # Errors
/// [`StoreError::OtherKey`] where it does not.
pub(super) fn check(path: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let mut name = OsString::from(path);
    name.push(SUFFIX);
    let digest = Sha256::new().chain_update(b"enishi database key").chain_update(key.bytes()).finalize();
    let own = data_encoding::HEXLOWER.encode(&digest[..8]);
    match fs::read(&name) {
        // One cut short by a crash says nothing.
        Ok(noted) if noted.len() == own.len() && noted != own.as_bytes() && path.exists() => Err(StoreError::OtherKey),
        Ok(noted) if noted == own.as_bytes() => Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(fs::write(&name, own)?),
    }
}
