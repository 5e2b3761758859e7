//! Where bytes lie: a folder by default, or an S3-compatible service. Names are given by the callers.

use crate::error::Error;
use bytes::Bytes;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutPayload,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    client::{HttpClient, HttpConnector},
    local::LocalFileSystem,
    path::Path as Name,
    prefix::PrefixStore,
};
use std::{path::Path, sync::Arc, time::Duration};

/// How long one call to an S3 service may take.
const CALL: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(5);

/// Why the media store cannot be used as it is set up.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is of no kind that is known.
    #[error("media-url must be s3://BUCKET or s3://BUCKET/PREFIX")]
    Url,
    /// Plain HTTP would show everybody's files to the network.
    #[error("the endpoint of the media store must be https:// (plain http:// is for loopback alone)")]
    NotSecure,
    /// The folder or the service cannot be set up.
    #[error("the media store cannot be set up: {0}")]
    SetUp(String),
}

/// A media store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MediaStore(Arc<dyn ObjectStore>);

impl MediaStore {
    /// Opens the store that a URL names; without one a folder, made where there is none.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open(url: Option<&str>, folder: &Path) -> Result<Self, StoreError> {
        match url {
            None => Self::in_folder(folder),
            Some(url) => Self::on_s3(url, std::env::vars()),
        }
    }

    /// A store in a folder. What is put there is on the disk before anybody is told.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self, StoreError> {
        let failed = |error: &dyn std::fmt::Display| StoreError::SetUp(error.to_string());
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(&error))?;
        Ok(Self(Arc::new(store.with_fsync(true).with_automatic_cleanup(true))))
    }

    /// A store on an S3-compatible service, with the usual environment variables (`AWS_…`).
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn on_s3(url: &str, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, StoreError> {
        let place = url.strip_prefix("s3://").ok_or(StoreError::Url)?;
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(StoreError::Url);
        }
        let mut builder = AmazonS3Builder::new();
        for (name, value) in environment {
            let name = name.to_ascii_lowercase();
            if name.starts_with("aws_")
                && let Ok(key) = name.parse::<AmazonS3ConfigKey>()
            {
                builder = builder.with_config(key, value);
            }
        }
        for key in [AmazonS3ConfigKey::Endpoint, AmazonS3ConfigKey::S3Endpoint] {
            if builder.get_config_value(&key).is_some_and(|endpoint| !is_secure(&endpoint)) {
                return Err(StoreError::NotSecure);
            }
        }
        let builder = builder.with_bucket_name(bucket).with_allow_http(true).with_http_connector(Connector);
        let store = builder.build().map_err(|error| StoreError::SetUp(error.to_string()))?;
        let prefix = prefix.trim_matches('/');
        if prefix.is_empty() { Ok(Self(Arc::new(store))) } else { Ok(Self(Arc::new(PrefixStore::new(store, prefix)))) }
    }

    /// Keeps bytes under a name, in place of what was there.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::TryAgain`]; then it may or may not be there.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), Error> {
        self.0
            .put(&Name::from(name), PutPayload::from_bytes(bytes))
            .await
            .map(drop)
            .map_err(|error| unavailable(&error))
    }

    /// The bytes under a name; none where there are none.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::TryAgain`].
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        let found = match self.0.get(&Name::from(name)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Removes what is under a name. Where there is nothing that is no error.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::TryAgain`].
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        match self.0.delete(&Name::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

/// What the store says names buckets and paths, so it goes to the log and not to whoever asked.
fn unavailable(error: &object_store::Error) -> Error {
    tracing::warn!(%error, "the media store did not do as asked");
    Error::Refused(enishi_protocol::ErrorCode::TryAgain)
}

/// Whether an endpoint is encrypted, or on this very machine.
fn is_secure(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or_default());
    let Some(host) = host else { return endpoint.starts_with("https://") };
    // What stands before an @ is who asks, not who is asked.
    if host.contains('@') {
        return false;
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// Makes the HTTP client with the same TLS as everything else here: ring and bundled roots.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let failed =
            |source: Box<dyn std::error::Error + Send + Sync>| object_store::Error::Generic { store: "S3", source };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.into()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        #[allow(clippy::disallowed_methods, reason = "the phone's client knows the protocol's headers, this one S3's")]
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(CALL)
            .build()
            .map_err(|error| failed(error.into()))?;
        Ok(HttpClient::new(client))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> [(String, String); 1] {
        [("AWS_ENDPOINT_URL".to_owned(), url.to_owned())]
    }

    #[test]
    fn files_never_go_over_plain_http_to_another_machine() {
        for (url, secure) in [
            ("https://s3.example.jp", true),
            ("http://127.0.0.1:9000", true),
            ("http://localhost:9000/", true),
            ("http://s3.example.jp", false),
            ("http://localhost.example.jp", false),
            ("http://127.0.0.1.example.jp:80", false),
            ("http://localhost:80@s3.example.jp", false),
            ("ftp://127.0.0.1", false),
        ] {
            let opened = MediaStore::on_s3("s3://media/enishi", endpoint(url));
            assert_eq!(!matches!(opened, Err(StoreError::NotSecure)), secure, "{url}: {opened:?}");
        }
    }

    #[test]
    fn a_url_that_names_no_bucket_is_refused() {
        for url in ["s3://", "s3:///x", "file:///tmp", "bucket"] {
            assert!(matches!(MediaStore::on_s3(url, []), Err(StoreError::Url)), "{url}");
        }
    }
}
