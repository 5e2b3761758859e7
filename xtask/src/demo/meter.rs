//! The real way to the server, with its bytes counted, and broken where the story wants it.

use enishi_core::transport::{
    Live, Method, Request, Response, Server, Transport, TransportError, Transports, http::Http,
};
use futures_util::StreamExt;
use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// Bytes of JSON that went over a phone's connection, before compression.
#[derive(Clone, Default)]
pub(super) struct Meter {
    sent: Arc<AtomicU64>,
    received: Arc<AtomicU64>,
    breaks: Arc<AtomicUsize>,
    repeated: Arc<AtomicUsize>,
}

impl Meter {
    /// Sent and received so far.
    pub(super) fn read(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.received.load(Ordering::Relaxed))
    }

    /// Of the next calls that send a file every other one breaks, so many times.
    pub(super) fn break_every_other(&self, times: usize) {
        self.breaks.store(times * 2, Ordering::Relaxed);
    }

    /// How many breaks are still to come.
    pub(super) fn breaks_left(&self) -> usize {
        self.breaks.load(Ordering::Relaxed) / 2
    }

    /// How many calls were made a second time, because their reply was lost.
    pub(super) fn repeated(&self) -> usize {
        self.repeated.load(Ordering::Relaxed)
    }

    /// Whether this call is to break.
    fn breaks(&self, request: &Request) -> bool {
        let next = |left: usize| left.checked_sub(1);
        let is_file = request.method == Method::Put;
        is_file && self.breaks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok_and(|left| left % 2 == 0)
    }

    fn sent(&self, request: &Request) {
        self.sent.fetch_add(request.body.as_ref().map_or(0, Vec::len) as u64, Ordering::Relaxed);
    }
}

/// Whether a call outside sync, and other than a piece of a file, changes something.
fn changes_something(request: &Request) -> bool {
    !matches!(request.method, Method::Get | Method::Put) && !request.path.ends_with("/sync")
}

/// [`Http`], counted.
pub(super) struct Metered {
    pub(super) http: Http,
    pub(super) meter: Meter,
}

impl Transports for Metered {
    fn to(&self, server: &Server) -> Arc<dyn Transport> {
        Arc::new(MeteredTransport { inner: self.http.to(server), meter: self.meter.clone() })
    }
}

struct MeteredTransport {
    inner: Arc<dyn Transport>,
    meter: Meter,
}

#[async_trait::async_trait]
impl Transport for MeteredTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        self.meter.sent(&request);
        if self.meter.breaks(&request) {
            // The server gets it, and its answer is lost.
            drop(self.inner.call(request).await);
            return Err(TransportError::Unreachable("the line broke".into()));
        }
        if changes_something(&request) {
            // The server gets every such call twice: what it answered first never arrives.
            drop(self.inner.call(request.clone()).await);
            self.meter.repeated.fetch_add(1, Ordering::Relaxed);
        }
        let response = self.inner.call(request).await?;
        self.meter.received.fetch_add(response.body.len() as u64, Ordering::Relaxed);
        Ok(response)
    }

    async fn live(&self, request: Request) -> Result<Live, TransportError> {
        self.meter.sent(&request);
        let received = self.meter.received.clone();
        Ok(match self.inner.live(request).await? {
            Live::Open(stream) => Live::Open(Box::pin(stream.inspect(move |piece| {
                let size = piece.as_ref().map_or(0, bytes::Bytes::len);
                received.fetch_add(size as u64, Ordering::Relaxed);
            }))),
            answered @ Live::Answered(_) => answered,
        })
    }
}
