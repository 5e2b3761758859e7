//! Slow hashes: beside the runtime, a few at a time.

use super::App;
use crate::error::{Error, Result};

/// Runs a slow hash beside the runtime, a few at a time.
pub(super) async fn slowly<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _room = app.slow.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
}
