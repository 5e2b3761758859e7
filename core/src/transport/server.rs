//! The address of a server: https, or plain HTTP to this very machine.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, str::FromStr};

/// A server's address, in one normal form: `https://host` or `https://host:port`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Server(String);

/// Why a text is not the address of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAServer {
    /// It is no address at all, or names more than a server.
    #[error("this is not the address of a server")]
    Malformed,
    /// Plain HTTP would show everything to the network; it is for the same machine only.
    #[error("this server's address is not https")]
    NotSecure,
}

impl Server {
    /// The host, with its port where that is not the usual one: what a person is shown.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, host)| host)
    }

    /// The whole address of a path on this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for Server {
    type Err = NotAServer;

    /// Reads `host`, `host:port`, or an address with its scheme. Without one it is https.
    fn from_str(text: &str) -> Result<Self, NotAServer> {
        let text = text.trim();
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&whole).map_err(|_| NotAServer::Malformed)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(NotAServer::Malformed)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(NotAServer::Malformed);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(NotAServer::NotSecure),
            _ => return Err(NotAServer::Malformed),
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{}://{host}{port}", url.scheme())))
    }
}

/// Whether a host is this machine, whatever a name server says.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Server {
    type Error = NotAServer;
    fn try_from(text: String) -> Result<Self, NotAServer> {
        text.parse()
    }
}

impl From<Server> for String {
    fn from(server: Server) -> Self {
        server.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_normal_form() {
        for (text, normal) in [
            ("alumni.example.jp", "https://alumni.example.jp"),
            (" https://Alumni.Example.JP:443/ ", "https://alumni.example.jp"),
            ("alumni.example.jp:8443", "https://alumni.example.jp:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(text.parse::<Server>().map(|server| server.to_string()).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for text in ["http://alumni.example.jp", "http://192.168.0.2:8080", "http://localhost.example.jp"] {
            assert_eq!(text.parse::<Server>(), Err(NotAServer::NotSecure), "{text}");
        }
    }

    #[test]
    fn what_names_more_or_less_than_a_server_is_refused() {
        for text in
            ["", "ftp://a.example", "https://a.example/x", "https://u:p@a.example", "https://a.example/?q", "a b"]
        {
            assert_eq!(text.parse::<Server>(), Err(NotAServer::Malformed), "{text}");
        }
    }
}
