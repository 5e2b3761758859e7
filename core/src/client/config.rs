//! What a client is given when it is opened.

use crate::{
    error::Error,
    secrets::SecretStore,
    surroundings::{RealSurroundings, Surroundings},
    transport::{
        Transports,
        http::{Http, HttpOptions},
    },
};
use enishi_protocol::{Language, limits::FLOOR_POSTS};
use std::{path::PathBuf, sync::Arc};

/// What a client is given. Made by [`ClientConfig::new`], then changed where something else is wanted.
#[derive(Clone)]
pub struct ClientConfig {
    pub(crate) data_dir: PathBuf,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) language: Language,
    pub(crate) device_name: String,
    pub(crate) transports: Arc<dyn Transports>,
    pub(crate) surroundings: Arc<dyn Surroundings>,
    pub(crate) online: bool,
    pub(crate) foreground: bool,
    pub(crate) floor_posts: usize,
}

impl ClientConfig {
    /// A client with its data in a folder of its own and its secrets in `secrets`, over real HTTP.
    ///
    /// # Errors
    /// [`Error::Internal`] where the HTTP client cannot be made.
    pub fn new(data_dir: impl Into<PathBuf>, secrets: Arc<dyn SecretStore>) -> Result<Self, Error> {
        Self::with_http(data_dir, secrets, &HttpOptions::default())
    }

    /// As [`ClientConfig::new`], with options for HTTP.
    ///
    /// # Errors
    /// [`Error::Internal`] where the HTTP client cannot be made with these options.
    pub fn with_http(
        data_dir: impl Into<PathBuf>,
        secrets: Arc<dyn SecretStore>,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        let http = Http::new(options).map_err(|error| Error::Internal { detail: error.to_string() })?;
        Ok(Self::over(data_dir, secrets, Arc::new(http)))
    }

    /// A client that reaches its servers by other ways than HTTP, as in tests.
    pub fn over(data_dir: impl Into<PathBuf>, secrets: Arc<dyn SecretStore>, transports: Arc<dyn Transports>) -> Self {
        Self {
            data_dir: data_dir.into(),
            secrets,
            language: Language::default(),
            device_name: String::from("Enishi"),
            transports,
            surroundings: Arc::new(RealSurroundings),
            online: true,
            foreground: true,
            floor_posts: FLOOR_POSTS,
        }
    }

    /// The language of messages from servers.
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// What the device is called in the list of devices.
    #[must_use]
    pub fn device_name(self, name: impl Into<String>) -> Self {
        Self { device_name: name.into(), ..self }
    }

    /// Another clock and other randomness.
    #[must_use]
    pub fn surroundings(self, surroundings: Arc<dyn Surroundings>) -> Self {
        Self { surroundings, ..self }
    }

    /// Whether the network is believed to be there at first.
    #[must_use]
    pub fn online(self, online: bool) -> Self {
        Self { online, ..self }
    }

    /// Whether somebody looks at first. In the background nothing is fetched unless asked for.
    #[must_use]
    pub fn foreground(self, foreground: bool) -> Self {
        Self { foreground, ..self }
    }

    /// How many posts of each feed the phone holds; older ones are fetched as they are scrolled to.
    #[must_use]
    pub fn floor_posts(self, floor_posts: usize) -> Self {
        Self { floor_posts, ..self }
    }
}
