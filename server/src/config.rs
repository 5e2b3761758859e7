//! How a server is set up: flags, then environment (`ENISHI_…`), then one TOML file, then defaults.
//!
//! The defaults are safe: everything listens on loopback until somebody says otherwise.

use clap::Args;
use enishi_protocol::AttemptId;
use serde::Deserialize;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// The file in the data folder that holds the message key, unless another is named.
const MESSAGE_KEY: &str = "message.key";

/// A server's set-up, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the database, the mailbox and whatever else the server keeps.
    pub data: PathBuf,
    /// PostgreSQL instead of the SQLite file in `data`.
    pub database_url: Option<String>,
    /// The list of erasures, where it is not in `data`.
    pub erasures: Option<PathBuf>,
    /// Where phones reach the server. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where metrics are served; nowhere where none.
    pub metrics_listen: Option<SocketAddr>,
    /// What phones call the server, without a slash at its end.
    pub public_url: Option<String>,
    /// The host of the apps' verified links, where there is an app of one's own.
    pub link_host: Option<String>,
    /// The app that opens this host's links on Android.
    pub android: Option<AndroidApp>,
    /// The file with the key that messages are sealed with; made at the first start.
    pub message_key: PathBuf,
    /// How mail goes out.
    pub mail: MailConfig,
    /// Certificate and key, to speak TLS oneself.
    pub tls: Option<TlsFiles>,
    /// Proxies whose word about a client's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// An S3-compatible place for images and PDFs; without one they lie in the data folder.
    pub media_url: Option<String>,
    /// The program that looks into files; this very one where none is named. Tests have another.
    pub media_program: Option<PathBuf>,
}

/// How mail goes out.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The address that it comes from.
    pub sender: String,
    /// A mail server's URL; without one mail goes into the folder `mail` in the data folder.
    pub smtp_url: Option<String>,
}

/// An app, and who may have signed it.
#[derive(Clone, Debug)]
pub struct AndroidApp {
    /// Its package name.
    pub package: String,
    /// The SHA-256 fingerprints of its certificates: pairs of hexadecimal digits with colons between them.
    pub certificates: Vec<String>,
}

/// PEM files.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What a person sets: every setting may be left out.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A TOML file with any of these settings, named as here with underscores
    #[arg(long, env = "ENISHI_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The folder that the server keeps its database and mailbox in [default: data]
    #[arg(long, env = "ENISHI_DATA", value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL, instead of the SQLite file in the data folder
    #[arg(long, env = "ENISHI_DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The file of the list of erasures, to be kept where no restore of the database reaches it; all processes of one
    /// server share it [default: erasures.list in the data folder]
    #[arg(long, env = "ENISHI_ERASURES", value_name = "FILE", global = true)]
    pub erasures: Option<PathBuf>,
    /// Where phones reach the server [default: 127.0.0.1:8600]
    #[arg(long, env = "ENISHI_LISTEN", value_name = "ADDRESS", global = true)]
    pub listen: Option<SocketAddr>,
    /// Where metrics are served at /metrics; nowhere by default
    #[arg(long, env = "ENISHI_METRICS_LISTEN", value_name = "ADDRESS", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// What phones call the server, for instance `https://alumni.example.jp`
    #[arg(long, env = "ENISHI_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,
    /// The host of the apps' verified links, for links of the form `https://HOST/i/SERVER/CODE`
    #[arg(long, env = "ENISHI_LINK_HOST", value_name = "HOST", global = true)]
    pub link_host: Option<String>,
    /// The Android app that opens this host's links, by its package name
    #[arg(long, env = "ENISHI_ANDROID_APP", value_name = "PACKAGE", global = true)]
    pub android_app: Option<String>,
    /// The SHA-256 fingerprints of the certificates that app is signed with, separated by commas
    #[arg(
        long,
        env = "ENISHI_ANDROID_CERTIFICATES",
        value_name = "FINGERPRINTS",
        value_delimiter = ',',
        global = true
    )]
    pub android_certificates: Option<Vec<String>>,
    /// The address that mail comes from (by default `enishi@localhost.localdomain`)
    #[arg(long, env = "ENISHI_MAIL_FROM", value_name = "ADDRESS", global = true)]
    pub mail_from: Option<String>,
    /// A mail server, `smtps://user:password@host`; without one mail goes into the folder `mail` in the data folder
    #[arg(long, env = "ENISHI_SMTP_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// The file with the key of members' messages, kept apart from backups [default: message.key in the data folder]
    #[arg(long, env = "ENISHI_MESSAGE_KEY", value_name = "FILE", global = true)]
    pub message_key: Option<PathBuf>,
    /// A certificate with its chain (PEM), to speak TLS
    #[arg(long, env = "ENISHI_TLS_CERTIFICATE", value_name = "FILE", global = true)]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, env = "ENISHI_TLS_KEY", value_name = "FILE", global = true)]
    pub tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "ENISHI_TRUSTED_PROXIES", value_name = "ADDRESSES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// Where images and PDFs are kept, `s3://BUCKET/PREFIX`; without it in the folder `media` in the data folder
    #[arg(long, env = "ENISHI_MEDIA_URL", value_name = "URL", global = true)]
    pub media_url: Option<String>,
}

/// Why a set-up cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {0} cannot be read: {1}")]
    File(PathBuf, std::io::Error),
    /// The file is not what it should be.
    #[error("the configuration file {0} is not understood: {1}")]
    Toml(PathBuf, toml::de::Error),
    /// A certificate needs its key, and a key its certificate.
    #[error("tls-certificate and tls-key are only of use together")]
    HalfTls,
    /// An app without its certificate could be anybody's.
    #[error(
        "android-app and android-certificates are only of use together; a certificate is 32 pairs of hexadecimal digits"
    )]
    HalfApp,
    /// Phones refuse plain HTTP except on their own machine.
    #[error("public-url must begin with https:// (plain http:// is for loopback alone)")]
    PublicUrl,
}

impl Settings {
    /// Adds the file's settings to those that flags and environment leave out, and fills in defaults.
    ///
    /// # Errors
    /// Where the file or the set-up as a whole cannot be used.
    pub fn complete(self) -> Result<Config, ConfigError> {
        let file = self.config.as_deref().map(Self::read).transpose()?.unwrap_or_default();
        let settings = self.or(file);
        let tls = match (settings.tls_certificate, settings.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            _ => return Err(ConfigError::HalfTls),
        };
        let android = match (settings.android_app, settings.android_certificates.unwrap_or_default()) {
            (None, certificates) if certificates.is_empty() => None,
            (Some(package), certificates)
                if !certificates.is_empty() && certificates.iter().all(|one| is_fingerprint(one)) =>
            {
                let certificates = certificates.iter().map(|one| one.to_ascii_uppercase()).collect();
                Some(AndroidApp { package, certificates })
            }
            _ => return Err(ConfigError::HalfApp),
        };
        let public_url = settings.public_url.map(|url| url.trim_end_matches('/').to_owned());
        if public_url.as_deref().is_some_and(|url| !is_fit_for_phones(url)) {
            return Err(ConfigError::PublicUrl);
        }
        let data = settings.data.unwrap_or_else(|| "data".into());
        Ok(Config {
            message_key: settings.message_key.unwrap_or_else(|| data.join(MESSAGE_KEY)),
            data,
            database_url: settings.database_url,
            erasures: settings.erasures,
            listen: settings.listen.unwrap_or(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8600)),
            metrics_listen: settings.metrics_listen,
            public_url,
            link_host: settings.link_host,
            android,
            mail: MailConfig {
                sender: settings.mail_from.unwrap_or_else(|| "enishi@localhost.localdomain".into()),
                smtp_url: settings.smtp_url,
            },
            tls,
            trusted_proxies: settings.trusted_proxies.unwrap_or_default(),
            media_url: settings.media_url,
            media_program: None,
        })
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File(path.to_owned(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::Toml(path.to_owned(), error))
    }

    fn or(self, other: Self) -> Self {
        Self {
            config: self.config,
            data: self.data.or(other.data),
            database_url: self.database_url.or(other.database_url),
            erasures: self.erasures.or(other.erasures),
            listen: self.listen.or(other.listen),
            metrics_listen: self.metrics_listen.or(other.metrics_listen),
            public_url: self.public_url.or(other.public_url),
            link_host: self.link_host.or(other.link_host),
            android_app: self.android_app.or(other.android_app),
            android_certificates: self.android_certificates.or(other.android_certificates),
            mail_from: self.mail_from.or(other.mail_from),
            smtp_url: self.smtp_url.or(other.smtp_url),
            message_key: self.message_key.or(other.message_key),
            tls_certificate: self.tls_certificate.or(other.tls_certificate),
            tls_key: self.tls_key.or(other.tls_key),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            media_url: self.media_url.or(other.media_url),
        }
    }
}

fn is_fingerprint(text: &str) -> bool {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
    text.split(':').count() == 32 && text.split(':').all(is_pair)
}

fn is_fit_for_phones(url: &str) -> bool {
    let loopback = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let after = |prefix: &str| url.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    url.starts_with("https://") || loopback.iter().any(|prefix| after(prefix))
}

impl Config {
    /// A set-up with all defaults in a data folder, on a free port of loopback: for tests and trying out.
    pub fn in_folder(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database_url: None,
            erasures: None,
            listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0),
            metrics_listen: None,
            public_url: None,
            link_host: None,
            android: None,
            message_key: data.join(MESSAGE_KEY),
            mail: MailConfig { sender: "enishi@localhost.localdomain".into(), smtp_url: None },
            tls: None,
            trusted_proxies: Vec::new(),
            media_url: None,
            media_program: None,
        }
    }

    /// The SQLite file.
    pub fn database_file(&self) -> PathBuf {
        self.data.join("enishi.db")
    }

    /// The list of erasures.
    pub fn erasures_file(&self) -> PathBuf {
        self.erasures.clone().unwrap_or_else(|| self.data.join("erasures.list"))
    }

    /// The folder that mail goes into where no mail server is set.
    pub fn mailbox(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// The folder that images and PDFs are kept in where no other place is set.
    pub fn media_folder(&self) -> PathBuf {
        self.data.join("media")
    }

    /// What phones call the server.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }

    /// The link that carries an invitation's code.
    pub fn link(&self, code: &str) -> String {
        self.carried("i", code)
    }

    /// The link that a device shows which waits to be approved.
    pub fn approval_link(&self, attempt: AttemptId) -> String {
        self.carried("d", &attempt.0.simple().to_string())
    }

    /// A link over the apps' host, where there is one, to something on this server.
    fn carried(&self, mark: &str, what: &str) -> String {
        let url = self.url();
        let server = url.split_once("://").map_or(url.as_str(), |(_, server)| server);
        match &self.link_host {
            Some(host) => format!("https://{host}/{mark}/{server}/{what}"),
            None => format!("{url}/{mark}/{what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
        let folder = crate::db::testing::folder();
        let file = folder.join("enishi.toml");
        std::fs::write(&file, "listen = \"0.0.0.0:443\"\npublic_url = \"https://a.example.jp/\"\n").unwrap();
        let flags = Settings {
            config: Some(file.clone()),
            public_url: Some("https://b.example.jp".into()),
            ..Settings::default()
        };
        let config = flags.complete().unwrap();
        assert_eq!(config.link("CODE"), "https://b.example.jp/i/CODE");
        assert_eq!(config.listen.to_string(), "0.0.0.0:443");
        assert_eq!(config.data, PathBuf::from("data"));
        std::fs::write(&file, "lisent = \"0.0.0.0:443\"").unwrap();
        let misspelt = Settings { config: Some(file), ..Settings::default() }.complete();
        assert!(matches!(misspelt, Err(ConfigError::Toml(..))), "a misspelt setting is not passed over");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn by_default_nobody_outside_the_machine_reaches_the_server() {
        let config = Settings::default().complete().unwrap();
        assert!(config.listen.ip().is_loopback());
        assert!(config.metrics_listen.is_none());
    }

    #[test]
    fn phones_are_never_told_to_speak_plain_http() {
        for (url, fit) in [
            ("https://a.jp", true),
            ("http://a.jp", false),
            ("http://localhost:8600", true),
            ("http://localhost.evil.jp", false),
        ] {
            let settings = Settings { public_url: Some(url.into()), ..Settings::default() };
            assert_eq!(settings.complete().is_ok(), fit, "{url}");
        }
    }

    #[test]
    fn an_app_is_named_with_its_certificate_or_not_at_all() {
        let print = ["ab"; 32].join(":");
        for (package, certificate, fit) in [
            (None, None, true),
            (Some("dev.enishi.app"), Some(print.as_str()), true),
            (Some("dev.enishi.app"), None, false),
            (None, Some(print.as_str()), false),
            (Some("dev.enishi.app"), Some(&print[3..]), false),
            (Some("dev.enishi.app"), Some("sha256"), false),
        ] {
            let settings = Settings {
                android_app: package.map(str::to_owned),
                android_certificates: certificate.map(|one| vec![one.to_owned()]),
                ..Settings::default()
            };
            let complete = settings.complete();
            assert_eq!(complete.is_ok(), fit, "{package:?} {certificate:?}");
            let kept = complete.ok().and_then(|config| config.android);
            assert!(kept.is_none_or(|app| app.certificates == [print.to_ascii_uppercase()]));
        }
    }

    #[test]
    fn a_link_over_the_apps_host_names_the_server() {
        let settings = Settings {
            public_url: Some("https://alumni.example.jp".into()),
            link_host: Some("enishi.example".into()),
            ..Settings::default()
        };
        let link = settings.complete().unwrap().link("CODE");
        assert_eq!(link, "https://enishi.example/i/alumni.example.jp/CODE");
    }
}
