//! Stopping a call from outside, where the language that calls does not drop its future.

use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Stops the calls that it was given to. Cancelling twice is no error.
#[derive(Debug, Default, uniffi::Object)]
pub struct Cancel(CancellationToken);

#[uniffi::export]
impl Cancel {
    /// One that stops nothing yet.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Stops the calls: they end with `Cancelled`.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// The token behind one that may not have been given.
pub(crate) fn token(cancel: Option<Arc<Cancel>>) -> CancellationToken {
    cancel.map(|cancel| cancel.0.clone()).unwrap_or_default()
}
