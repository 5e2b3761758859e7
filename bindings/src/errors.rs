//! What can go wrong, by what an app can do about it.

use enishi_core::{Error, transport::NotAServer};
use enishi_protocol::{ErrorCode, Language};

/// What can go wrong, by what an app can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum EnishiError {
    /// The session is over. What was written is kept; signing in again goes on with it.
    #[error("signed out")]
    SignedOut,
    /// This member may not do that here.
    #[error("not allowed")]
    NotAllowed,
    /// The wish cannot be carried out, and trying again will not help. Nothing was changed.
    #[error("rejected: {}", code.as_str())]
    Rejected {
        /// Why. `error_message` has words for a person, `error_name` the stable name.
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
    /// Another process, or a client that was not shut down, uses this data directory.
    #[error("another process uses this data directory")]
    InUse,
    /// The caller stopped it.
    #[error("cancelled")]
    Cancelled,
    /// The client was shut down before.
    #[error("the client was shut down")]
    Closed,
    /// The text is no invitation, and no link of a device.
    #[error("this is not a link")]
    NotALink,
    /// The text is not the address of a server.
    #[error("this is not the address of a server")]
    NotAServer,
    /// The address is not https: everything would be shown to the network.
    #[error("this address is not https")]
    NotSecure,
    /// A defect or a damaged device. Nothing was changed.
    #[error("internal: {detail}")]
    Internal {
        /// For a log, not for a person; carries no personal data.
        detail: String,
    },
}

impl From<Error> for EnishiError {
    fn from(error: Error) -> Self {
        match error {
            Error::SignedOut => Self::SignedOut,
            Error::NotAllowed => Self::NotAllowed,
            Error::Rejected { code } => Self::Rejected { code },
            Error::UpgradeRequired => Self::UpgradeRequired,
            Error::StorageFull => Self::StorageFull,
            Error::Offline => Self::Offline,
            Error::InUse => Self::InUse,
            Error::Cancelled => Self::Cancelled,
            Error::Internal { detail } => Self::Internal { detail },
        }
    }
}

impl From<NotAServer> for EnishiError {
    fn from(error: NotAServer) -> Self {
        match error {
            NotAServer::Malformed => Self::NotAServer,
            NotAServer::NotSecure => Self::NotSecure,
        }
    }
}

/// The stable name of a code, as it stands on the wire and in the server's documents.
#[uniffi::export]
fn error_name(code: ErrorCode) -> String {
    code.as_str().to_owned()
}

/// What a code says to a person: what happened, what is safe and what to do.
#[uniffi::export]
fn error_message(code: ErrorCode, language: Language) -> String {
    code.message(language).to_owned()
}
