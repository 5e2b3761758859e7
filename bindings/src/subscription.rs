//! Following: a listener is told of the newest value, one at a time, until the handle is let go of.

use crate::{ListenerError, open::Open};
use enishi_core::observe;
use std::{fmt, future::Future, sync::Arc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Something that is followed. Closing it, or letting go of it, ends that: no call of the listener
/// begins after it.
#[derive(uniffi::Object)]
pub struct Subscription {
    end: CancellationToken,
    _open: Arc<Open>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Subscription {
    /// Ends it. Ending it again changes nothing.
    pub fn end(&self) {
        self.end.cancel();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// Where values come from.
pub(crate) trait Source: Send + 'static {
    type Value: Send + 'static;
    /// The newest value.
    fn latest(&mut self) -> Self::Value;
    /// Waits for a newer one; none where there will be no more.
    fn next(&mut self) -> impl Future<Output = Option<Self::Value>> + Send;
}

impl<T: Clone + Send + Sync + 'static> Source for observe::Subscription<T> {
    type Value = T;

    fn latest(&mut self) -> T {
        self.latest()
    }

    async fn next(&mut self) -> Option<T> {
        self.next().await
    }
}

impl<T: Clone + Send + Sync + 'static> Source for watch::Receiver<T> {
    type Value = T;

    fn latest(&mut self) -> T {
        self.borrow_and_update().clone()
    }

    async fn next(&mut self) -> Option<T> {
        self.changed().await.ok()?;
        Some(self.latest())
    }
}

/// Who is told.
pub(crate) trait Listener<T>: Clone + Send + 'static {
    fn tell(&self, value: T) -> Result<(), ListenerError>;
    fn tell_end(&self) -> Result<(), ListenerError>;
}

impl Subscription {
    pub(crate) fn begin<S: Source>(open: &Arc<Open>, source: S, listener: impl Listener<S::Value>) -> Arc<Self> {
        let end = CancellationToken::new();
        let (ended, closed) = (end.clone(), open.work.closed().clone());
        open.work.follow(async move {
            tokio::select! {
                biased;
                () = ended.cancelled() => return,
                () = closed.cancelled() => {}
                () = pass_on(source, listener.clone(), ended.clone()) => {}
            }
            // Where the app has ended it itself it wants to hear no more.
            if !ended.is_cancelled() {
                called(move || listener.tell_end()).await;
            }
        });
        Arc::new(Self { end, _open: open.clone() })
    }
}

/// While the listener is busy values take each other's place: it gets the newest, not a queue.
async fn pass_on<S: Source>(mut source: S, listener: impl Listener<S::Value>, ended: CancellationToken) {
    let mut value = source.latest();
    loop {
        let (listener, ended) = (listener.clone(), ended.clone());
        called(move || if ended.is_cancelled() { Ok(()) } else { listener.tell(value) }).await;
        match source.next().await {
            Some(newer) => value = newer,
            None => return,
        }
    }
}

/// A listener may take its time, and it may fail: neither keeps anything else from going on.
async fn called(call: impl FnOnce() -> Result<(), ListenerError> + Send + 'static) {
    match tokio::task::spawn_blocking(call).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a listener failed"),
        Err(error) => tracing::error!(%error, "a listener ended badly"),
    }
}
