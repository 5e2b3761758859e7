//! What can go wrong inside a feature, and what of it faces outside.

use crate::{db::DbError, writing::Failure};
use enishi_protocol::ErrorCode;

/// Why a call was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// For a reason that whoever asked is told.
    #[error("refused: {}", .0.as_str())]
    Refused(ErrorCode),
    /// There were too many tries.
    #[error("refused for {seconds} s: too many tries")]
    Wait {
        /// After how long it is worth another try.
        seconds: u32,
    },
    /// The database did not do as asked.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A defect of ours. The text is for the log and names nobody.
    #[error("{0}")]
    Internal(String),
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Database(error) => Self::Db(error),
            other => Self::Refused(other.code()),
        }
    }
}

impl Error {
    /// The code that faces outside.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(code) => *code,
            Self::Wait { .. } => ErrorCode::RateLimited,
            Self::Db(DbError::Full) => ErrorCode::StorageFull,
            Self::Db(DbError::Unavailable(_)) => ErrorCode::TryAgain,
            Self::Db(_) | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// In how many seconds it is worth another try, where it is.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Wait { seconds } => Some(*seconds),
            other => retry_after(other.code()),
        }
    }
}

/// In how many seconds it is worth another try after an answer with this code, where it is.
pub fn retry_after(code: ErrorCode) -> Option<u32> {
    match code {
        ErrorCode::TryAgain | ErrorCode::ShuttingDown => Some(2),
        ErrorCode::StorageFull | ErrorCode::RateLimited => Some(60),
        _ => None,
    }
}

/// The result of a feature's function.
pub type Result<T> = std::result::Result<T, Error>;
