//! Waiting for a condition. A wait that is in vain fails the test and says what it was for.

use std::{fmt::Display, future::Future, time::Duration};

/// How long a condition may take on a slow and busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// How often to look where nothing tells of a change, as with files.
const LOOK: Duration = Duration::from_millis(5);

/// Waits for a future.
pub async fn in_time<T>(what: impl Display, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(elapsed) => panic!("waited in vain for: {what} ({elapsed} after {PATIENCE:?})"),
    }
}

/// Looks until there is something.
pub async fn until<T>(what: impl Display, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    in_time(what, async {
        loop {
            if let Some(value) = look().await {
                return value;
            }
            tokio::time::sleep(LOOK).await;
        }
    })
    .await
}
