//! One process per data directory.

use crate::error::StoreError;
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

/// Holds a data directory for this process until it is dropped, or the process ends in any way.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes the directory, which must exist.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another holder lives.
    pub fn take(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join("in-use");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
