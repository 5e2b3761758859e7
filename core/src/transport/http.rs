//! The one place that makes an HTTP client, the same on every platform.
//!
//! TLS is rustls with its ring provider and bundled roots: the platform's own verifier would need
//! a context on Android that these bindings never give. Redirects are never followed: this
//! protocol has none, and whatever sends one stands in the server's place.

use super::{Content, Live, Method, Request, Response, Server, Transport, TransportError, Transports};
use bytes::{Bytes, BytesMut};
use enishi_protocol::{CLIENT_HEADER, Language, PROTOCOL_VERSION};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::{Client, header};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, SystemTime},
};

const CONNECT: Duration = Duration::from_secs(10);
/// A live stream that says nothing for so long is dead: the server sends a comment every 20 s.
const LIVE_SILENCE: Duration = Duration::from_mins(1);
/// The types of files that a server hands out.
const FILES: &[&str] = &["image/jpeg", "image/png", "application/pdf"];
/// Bytes of an answer: far above any page or batch.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What can be said about the HTTP client. The default is right for every product.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// A certificate authority to trust besides the bundled ones, as PEM.
    pub extra_root_pem: Option<Vec<u8>>,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpSetupError {
    /// The extra root is not a certificate that can be trusted.
    #[error("the extra root certificate cannot be read")]
    ExtraRoot,
    /// Anything else: a defect of ours.
    #[error("the HTTP client cannot be made: {0}")]
    Failed(String),
}

/// Makes transports over one HTTP client, whose connections they share.
#[derive(Clone)]
pub struct Http(Client);

impl Http {
    /// Makes the HTTP client.
    ///
    /// # Errors
    /// Where the extra root is no certificate.
    pub fn new(options: &HttpOptions) -> Result<Self, HttpSetupError> {
        let failed = |error: reqwest::Error| HttpSetupError::Failed(error.to_string());
        let mut headers = header::HeaderMap::new();
        headers.insert(header::HeaderName::from_static(CLIENT_HEADER), PROTOCOL_VERSION.into());
        #[allow(clippy::disallowed_methods, reason = "the one constructor that the lint points to")]
        let client = Client::builder()
            .tls_backend_preconfigured(tls(options)?)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_keepalive(Duration::from_secs(30))
            .build()
            .map_err(failed)?;
        Ok(Self(client))
    }
}

impl Transports for Http {
    fn to(&self, server: &Server) -> Arc<dyn Transport> {
        Arc::new(HttpTransport { client: self.0.clone(), server: server.clone() })
    }
}

fn tls(options: &HttpOptions) -> Result<ClientConfig, HttpSetupError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = &options.extra_root_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| HttpSetupError::ExtraRoot)?;
            roots.add(certificate).map_err(|_| HttpSetupError::ExtraRoot)?;
        }
        if roots.len() == before {
            return Err(HttpSetupError::ExtraRoot);
        }
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpSetupError::Failed(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

struct HttpTransport {
    client: Client,
    server: Server,
}

impl HttpTransport {
    fn prepare(&self, request: Request, accept: &'static str) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let language = match request.language {
            Language::Ja => "ja",
            Language::En => "en",
        };
        let mut call = self
            .client
            .request(method, self.server.at(&request.path))
            .header(header::ACCEPT, accept)
            .header(header::ACCEPT_LANGUAGE, language);
        if let Some(token) = &request.bearer {
            call = call.bearer_auth(token);
        }
        if let Some(body) = request.body {
            let kind = match request.carries {
                Content::Json => "application/json",
                Content::File => "application/octet-stream",
            };
            call = call.header(header::CONTENT_TYPE, kind).body(body);
        }
        call
    }
}

#[async_trait::async_trait]
impl Transport for HttpTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let (limit, wants) = (request.time_limit, request.wants);
        let accept = if wants == Content::Json { "application/json" } else { "*/*" };
        let answer = self.prepare(request, accept).timeout(limit).send().await.map_err(failure)?;
        whole(answer, wants).await
    }

    async fn live(&self, request: Request) -> Result<Live, TransportError> {
        let limit = request.time_limit;
        let opening = self.prepare(request, "text/event-stream").send();
        let answer =
            tokio::time::timeout(limit, opening).await.map_err(|_| TransportError::TimedOut)?.map_err(failure)?;
        if !answer.status().is_success() {
            return tokio::time::timeout(limit, whole(answer, Content::Json))
                .await
                .map_err(|_| TransportError::TimedOut)?
                .map(Live::Answered);
        }
        if content_type(&answer) != "text/event-stream" {
            return Err(TransportError::NotTheServer("the live stream is of another type"));
        }
        let bytes = answer.bytes_stream().map_err(failure);
        let alive = futures_util::stream::unfold(bytes.boxed(), |mut bytes| async move {
            match tokio::time::timeout(LIVE_SILENCE, bytes.next()).await {
                Ok(next) => next.map(|next| (next, bytes)),
                Err(_) => Some((Err(TransportError::TimedOut), futures_util::stream::empty().boxed())),
            }
        });
        Ok(Live::Open(alive.boxed()))
    }
}

/// Reads an answer whole, within bounds, and makes sure that it can be the server's own.
async fn whole(answer: reqwest::Response, wants: Content) -> Result<Response, TransportError> {
    let status = answer.status().as_u16();
    let told = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let (retry_after, date_us) =
        (told(header::RETRY_AFTER).and_then(retry_after), told(header::DATE).and_then(date_us));
    let kind = content_type(&answer);
    let mut body = BytesMut::new();
    let mut pieces = answer.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(failure)?;
        if body.len() + piece.len() > ANSWER_BYTES {
            return Err(TransportError::TooLarge(ANSWER_BYTES));
        }
        body.extend_from_slice(&piece);
    }
    let body: Bytes = body.freeze();
    // A page that stands in the server's place is HTML: it is never taken for a file.
    let is_file = wants == Content::File && status == 200 && FILES.contains(&kind.as_str());
    let own = (body.is_empty() && status == 204) || kind == "application/json" || is_file;
    // A proxy says 502 to 504 in words of its own: the server is away, and may say for how long.
    if own || (502..=504).contains(&status) {
        return Ok(Response { status, retry_after, date_us, body });
    }
    Err(TransportError::NotTheServer("the answer is not JSON"))
}

fn content_type(answer: &reqwest::Response) -> String {
    let value = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads `Retry-After`: seconds, or an HTTP date (RFC 9110, 10.2.3). At most a day is believed.
fn retry_after(value: &str) -> Option<Duration> {
    const DAY: Duration = Duration::from_hours(24);
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(DAY));
    }
    let at: SystemTime = date(value)?.into();
    Some(at.duration_since(SystemTime::now()).unwrap_or_default().min(DAY))
}

/// Reads `Date` (RFC 9110, 6.6.1).
fn date_us(value: &str) -> Option<i64> {
    Some(date(value)?.timestamp_micros())
}

fn date(value: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::parse_from_rfc2822(value.trim()).ok()
}

/// Says what went wrong without the address, which can carry an invitation's code.
fn failure(error: reqwest::Error) -> TransportError {
    if error.is_timeout() {
        return TransportError::TimedOut;
    }
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    TransportError::Unreachable(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date_and_is_never_absurd() {
        assert_eq!(retry_after("30"), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("99999999999"), Some(Duration::from_hours(24)));
        assert_eq!(retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after("soon"), None);
    }

    #[test]
    fn an_extra_root_must_be_a_certificate() {
        assert!(Http::new(&HttpOptions::default()).is_ok());
        for pem in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let options = HttpOptions { extra_root_pem: Some(pem.into()) };
            assert!(Http::new(&options).is_err(), "{pem}");
        }
    }
}
