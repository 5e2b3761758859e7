//! What can go wrong on the phone: rich inside, few and shaped by what the caller can do outside.

use enishi_protocol::ErrorCode;

/// What a caller of this crate has to tell apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The session is over. What was written is kept; signing in again goes on with it.
    #[error("signed out")]
    SignedOut,
    /// This member may not do that here.
    #[error("not allowed")]
    NotAllowed,
    /// The wish cannot be carried out, and trying again will not help. Nothing was changed.
    #[error("rejected: {}", code.as_str())]
    Rejected {
        /// Why. It has words for a person.
        code: ErrorCode,
    },
    /// The server no longer speaks with this version of the app.
    #[error("this version is too old for the server")]
    UpgradeRequired,
    /// The phone has no space left. Nothing was lost and nothing was changed.
    #[error("no space left on this device")]
    StorageFull,
    /// The server cannot be reached, or cannot answer just now.
    #[error("the server cannot be reached")]
    Offline,
    /// Another process uses this data directory.
    #[error("another process uses this data directory")]
    InUse,
    /// The caller stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A defect or a damaged device. Nothing was changed.
    #[error("internal: {detail}")]
    Internal {
        /// For a log, not for a person; carries no personal data.
        detail: String,
    },
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::SignedOut => Self::SignedOut,
            ErrorCode::NotAllowed => Self::NotAllowed,
            ErrorCode::UpgradeRequired => Self::UpgradeRequired,
            code => Self::Rejected { code },
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StorageFull,
            StoreError::InUse => Self::InUse,
            StoreError::Refused(code) => code.into(),
            StoreError::Damaged(_) => ErrorCode::StoreDamaged.into(),
            error => Self::Internal { detail: error.to_string() },
        }
    }
}

/// What the local store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space left. The transaction left no trace.
    #[error("no space left for the local store")]
    Full,
    /// Another process holds the lock of the data directory.
    #[error("another process uses this data directory")]
    InUse,
    /// The file is damaged, or not readable with this key.
    #[error("the local store is damaged or its key is another: {0}")]
    Damaged(String),
    /// The file was written with another key, as after a phone's backup was restored without it.
    #[error("the local store belongs to another key")]
    OtherKey,
    /// The wish breaks a rule that the server would refuse it for.
    #[error("refused: {}", .0.as_str())]
    Refused(ErrorCode),
    /// The caller and the store disagree about what is stored: a defect.
    #[error("the local store was asked for what cannot be: {0}")]
    Inconsistent(&'static str),
    /// SQLite said something else.
    #[error("SQLite: {0}")]
    Sqlite(rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("migrating the local store: {0}")]
    Migration(String),
    /// What should be JSON is not, or could not be written as such.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A file of the data directory.
    #[error("file: {0}")]
    File(#[source] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error as E, ErrorCode as Code, ffi};
        match &error {
            E::SqliteFailure(failure, _) => match failure.code {
                Code::DiskFull => Self::Full,
                Code::SystemIoFailure => match failure.extended_code {
                    ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_CORRUPTFS => {
                        Self::Damaged(error.to_string())
                    }
                    _ => Self::Full,
                },
                // SQLCipher says that memory ran out where a page that is to be changed does not decrypt.
                Code::DatabaseCorrupt | Code::NotADatabase | Code::OutOfMemory => Self::Damaged(error.to_string()),
                _ => Self::Sqlite(error),
            },
            E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) | E::InvalidColumnType(..) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File(error),
        }
    }
}
