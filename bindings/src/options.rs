//! What a client is given when it is opened.

use crate::work::count;
use enishi_core::{ClientConfig, Error, secrets::SecretStore};
use enishi_protocol::Language;
use std::sync::Arc;

/// What a client is given when it is opened.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ClientOptions {
    /// A folder of its own, which is made where it is not there. Not one that a backup copies.
    pub data_dir: String,
    /// The language of messages from servers.
    pub language: Language,
    /// What the device is called in the list of devices.
    #[uniffi(default = "Enishi")]
    pub device_name: String,
    /// Whether the network is believed to be there at first.
    #[uniffi(default = true)]
    pub online: bool,
    /// Whether somebody looks at first. In the background nothing is fetched unless asked for.
    #[uniffi(default = true)]
    pub foreground: bool,
    /// How many posts of each feed the phone holds; none for the usual number.
    #[uniffi(default = None)]
    pub floor_posts: Option<u32>,
}

impl ClientOptions {
    pub(crate) fn config(self, secrets: Arc<dyn SecretStore>) -> Result<ClientConfig, Error> {
        let config = ClientConfig::new(self.data_dir, secrets)?
            .language(self.language)
            .device_name(self.device_name)
            .online(self.online)
            .foreground(self.foreground);
        Ok(match self.floor_posts {
            Some(posts) => config.floor_posts(count(posts)),
            None => config,
        })
    }
}
