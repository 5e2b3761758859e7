//! Links of invitations and of devices that wait to be approved, as they come from a mail, a QR code or a keyboard.

use crate::transport::{Server, server::NotAServer};
use enishi_protocol::{AttemptId, invitations::normal_code};
use std::str::FromStr;

/// Where an invitation leads. Reading it opens nothing: it is shown first, and joining is a press.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InvitationLink {
    /// The server that knows the invitation; none where only a code was given.
    pub server: Option<Server>,
    /// The host that only carried the link, where it is not the server itself.
    pub link_host: Option<Server>,
    /// The code in its one form.
    pub code: String,
}

/// Why a text is no invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALink {
    /// There is no code in it, or it is not whole.
    #[error("this is not an invitation link")]
    Malformed,
    /// It leads to a server without https.
    #[error("this link leads to a server without https")]
    NotSecure,
}

impl From<NotAServer> for NotALink {
    fn from(error: NotAServer) -> Self {
        match error {
            NotAServer::Malformed => Self::Malformed,
            NotAServer::NotSecure => Self::NotSecure,
        }
    }
}

impl FromStr for InvitationLink {
    type Err = NotALink;

    /// Reads `https://HOST/i/<server>/<code>`, `https://<server>/i/<code>`, or a bare code.
    fn from_str(text: &str) -> Result<Self, NotALink> {
        let text = text.trim();
        if !text.contains("://") {
            let code = normal_code(text).ok_or(NotALink::Malformed)?;
            return Ok(Self { server: None, link_host: None, code });
        }
        let carried = Carried::read(text, "i")?;
        let code = normal_code(carried.what).ok_or(NotALink::Malformed)?;
        Ok(Self { server: Some(carried.server), link_host: carried.link_host, code })
    }
}

/// What a new device shows that waits to be approved. Nothing in it lets anybody in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ApprovalLink {
    /// The server that the device asks to sign in to.
    pub server: Server,
    /// The host that only carried the link, where it is not the server itself.
    pub link_host: Option<Server>,
    /// The device's attempt.
    pub attempt: AttemptId,
}

impl FromStr for ApprovalLink {
    type Err = NotALink;

    /// Reads `https://HOST/d/<server>/<attempt>` or `https://<server>/d/<attempt>`.
    fn from_str(text: &str) -> Result<Self, NotALink> {
        let carried = Carried::read(text.trim(), "d")?;
        let attempt = carried.what.parse().map_err(|_| NotALink::Malformed)?;
        Ok(Self { server: carried.server, link_host: carried.link_host, attempt })
    }
}

/// A link to something on a server, carried by the host of an app's verified links or by itself.
struct Carried<'a> {
    server: Server,
    link_host: Option<Server>,
    what: &'a str,
}

impl<'a> Carried<'a> {
    fn read(text: &'a str, of: &str) -> Result<Self, NotALink> {
        let (scheme, rest) = text.split_once("://").ok_or(NotALink::Malformed)?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let mut parts = rest.trim_end_matches('/').split('/');
        let (host, mark) = (parts.next().unwrap_or_default(), parts.next());
        let (first, second, more) = (parts.next(), parts.next(), parts.next());
        let carrier: Server = format!("{scheme}://{host}").parse()?;
        let what = second.or(first).ok_or(NotALink::Malformed)?;
        if mark != Some(of) || more.is_some() {
            return Err(NotALink::Malformed);
        }
        match (first, second) {
            (Some(named), Some(_)) => {
                let named = named.replace("%3A", ":").replace("%3a", ":");
                Ok(Self { server: named.parse()?, link_host: Some(carrier), what })
            }
            _ => Ok(Self { server: carrier, link_host: None, what }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "2NANANANANANANANANANANANAN";

    fn link(text: &str) -> (Option<String>, Option<String>) {
        let link: InvitationLink = text.parse().expect(text);
        assert_eq!(link.code, CODE);
        (link.server.map(|server| server.to_string()), link.link_host.map(|host| host.to_string()))
    }

    #[test]
    fn a_link_names_its_server_and_the_host_that_carried_it() {
        let server = || Some("https://alumni.example.jp".to_owned());
        assert_eq!(link(&format!("https://alumni.example.jp/i/{CODE}")), (server(), None));
        let carried = link(&format!(" https://go.example.com/i/alumni.example.jp/{CODE}?lang=ja#x "));
        assert_eq!(carried, (server(), Some("https://go.example.com".into())));
        let port = link(&format!("https://go.example.com/i/alumni.example.jp%3A8443/{CODE}/"));
        assert_eq!(port.0.as_deref(), Some("https://alumni.example.jp:8443"));
        let here = link(&format!("http://127.0.0.1:8080/i/{}", CODE.to_lowercase()));
        assert_eq!(here.0.as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(link(CODE), (None, None));
    }

    #[test]
    fn what_is_no_link_or_leads_nowhere_safe_is_refused() {
        let refused = |text: &str| text.parse::<InvitationLink>().expect_err(text);
        assert_eq!(refused(&format!("http://alumni.example.jp/i/{CODE}")), NotALink::NotSecure);
        for text in [
            "",
            "hello",
            "https://alumni.example.jp",
            "https://alumni.example.jp/i/",
            "https://alumni.example.jp/i/123",
            &format!("https://alumni.example.jp/x/{CODE}"),
            &format!("https://go.example.com/i/a@b/{CODE}"),
            &format!("https://go.example.com/i/a/{CODE}/more"),
            &format!("enishi://alumni.example.jp/i/{CODE}"),
        ] {
            assert_eq!(refused(text), NotALink::Malformed, "{text}");
        }
    }

    #[test]
    fn a_devices_link_names_its_server_and_the_attempt_alone() {
        let attempt = "0192b3c4d5e670008000000000000007";
        for text in [
            format!("https://alumni.example.jp/d/{attempt}"),
            format!("https://go.example.com/d/alumni.example.jp/{attempt}"),
        ] {
            let link: ApprovalLink = text.parse().expect("a link");
            assert_eq!(link.server.to_string(), "https://alumni.example.jp");
            assert_eq!(link.attempt.0.simple().to_string(), attempt);
        }
        for text in [&format!("https://alumni.example.jp/i/{attempt}"), attempt, "https://alumni.example.jp/d/7"] {
            assert_eq!(text.parse::<ApprovalLink>(), Err(NotALink::Malformed), "{text}");
        }
    }
}
