//! Subscriptions: a screen's value, whole, again whenever what it shows may have changed.
//!
//! The first value is there at once, from the local store. A slow reader gets the newest value, never
//! a queue. Dropping the subscription ends it.

#[cfg(test)]
mod tests;

use crate::{
    attention::{Attention, needs_attention},
    error::StoreError,
    feed::{PostPage, Unread, post, unread},
    store::Store,
};
use enishi_protocol::{CommunityId, PostId};
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A value that follows what is stored.
pub struct Subscription<T> {
    values: watch::Receiver<T>,
    _end: DropGuard,
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl<T: Clone> Subscription<T> {
    /// The newest value.
    pub fn latest(&mut self) -> T {
        self.values.borrow_and_update().clone()
    }

    /// Waits for a value other than the last one taken; none where there will be no more.
    pub async fn next(&mut self) -> Option<T> {
        self.values.changed().await.ok()?;
        Some(self.latest())
    }
}

/// Follows the answer to a query: asks again after each change, and tells where it differs.
///
/// Must be called within a Tokio runtime. `changed` counts the changes of the community.
///
/// # Errors
/// Those of the first answer. Where a later one fails the last good value stays.
pub fn follow<T>(
    changed: watch::Receiver<u64>,
    query: impl Fn() -> Result<T, StoreError> + Send + Sync + 'static,
) -> Result<Subscription<T>, StoreError>
where
    T: PartialEq + Send + Sync + 'static,
{
    follow_in_time(changed, query, |_| None)
}

/// Follows the answer to a query that also changes with time: `again` says in how long it is worth
/// asking again, where it is.
///
/// # Errors
/// As [`follow`].
pub fn follow_in_time<T>(
    mut changed: watch::Receiver<u64>,
    query: impl Fn() -> Result<T, StoreError> + Send + Sync + 'static,
    again: impl Fn(&T) -> Option<Duration> + Send + Sync + 'static,
) -> Result<Subscription<T>, StoreError>
where
    T: PartialEq + Send + Sync + 'static,
{
    changed.mark_unchanged();
    let (tell, values) = watch::channel(query()?);
    let end = CancellationToken::new();
    let subscription = Subscription { values, _end: end.clone().drop_guard() };
    let query = Arc::new(query);
    tokio::spawn(end.run_until_cancelled_owned(async move {
        loop {
            let again = again(&tell.borrow());
            tokio::select! {
                more = changed.changed() => if more.is_err() { break },
                () = sleep(again) => {}
            }
            let query = query.clone();
            match tokio::task::spawn_blocking(move || query()).await {
                Ok(Ok(value)) => drop(tell.send_if_modified(|held| replace_if_different(held, value))),
                Ok(Err(error)) => tracing::warn!(%error, "a subscription keeps its last value"),
                Err(_) => break,
            }
        }
    }));
    Ok(subscription)
}

/// Sleeps so long; for ever where no time is given.
async fn sleep(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

fn replace_if_different<T: PartialEq>(held: &mut T, value: T) -> bool {
    let different = *held != value;
    if different {
        *held = value;
    }
    different
}

/// Follows a post with its newest `size` comments; none once it is gone.
pub fn post_page(
    store: Arc<Store>,
    community: CommunityId,
    changed: watch::Receiver<u64>,
    id: PostId,
    size: usize,
) -> Result<Subscription<Option<PostPage>>, StoreError> {
    follow(changed, move || post(&store, community, id, size))
}

/// Follows what needs attention.
pub fn attention(
    store: Arc<Store>,
    community: CommunityId,
    changed: watch::Receiver<u64>,
) -> Result<Subscription<Vec<Attention>>, StoreError> {
    follow(changed, move || needs_attention(&store, community))
}

/// Follows the unread counts of all feeds.
pub fn unread_counts(
    store: Arc<Store>,
    community: CommunityId,
    changed: watch::Receiver<u64>,
) -> Result<Subscription<Vec<Unread>>, StoreError> {
    follow(changed, move || unread(&store, community))
}
