//! Reading what a person typed or scanned.

use crate::EnishiError;
use enishi_core::{
    account::link::{ApprovalLink, InvitationLink, NotALink},
    transport::Server,
};

impl From<NotALink> for EnishiError {
    fn from(error: NotALink) -> Self {
        match error {
            NotALink::Malformed => Self::NotALink,
            NotALink::NotSecure => Self::NotSecure,
        }
    }
}

/// Reads the address of a server: `host`, `host:port`, or one with its scheme. Without one it is https.
#[uniffi::export]
fn parse_server(text: &str) -> Result<Server, EnishiError> {
    Ok(text.parse()?)
}

/// The host of a server, with its port where that is not the usual one: what a person is shown.
#[uniffi::export]
fn server_host(server: &Server) -> String {
    server.host().to_owned()
}

/// Reads an invitation: `https://HOST/i/<server>/<code>`, `https://<server>/i/<code>`, or a bare code.
#[uniffi::export]
fn parse_invitation(text: &str) -> Result<InvitationLink, EnishiError> {
    Ok(text.parse()?)
}

/// Reads what a new device shows: `https://HOST/d/<server>/<attempt>` or `https://<server>/d/<attempt>`.
#[uniffi::export]
fn parse_approval(text: &str) -> Result<ApprovalLink, EnishiError> {
    Ok(text.parse()?)
}
