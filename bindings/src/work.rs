//! Where calls run: never on the caller's thread, and only until the client is shut down.

use crate::EnishiError;
use enishi_core::Error;
use std::{future::Future, sync::LazyLock};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinError,
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

/// One runtime for all clients of the process; it is never shut down, so nothing can outlive it.
static RUNTIME: LazyLock<std::io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).thread_name("enishi").enable_all().build());

/// The calls of one client.
#[derive(Clone)]
pub(crate) struct Work {
    runtime: Handle,
    closed: CancellationToken,
    calls: TaskTracker,
}

impl Work {
    pub(crate) fn new() -> Result<Self, EnishiError> {
        let runtime = RUNTIME.as_ref().map_err(|error| EnishiError::Internal { detail: error.to_string() })?;
        Ok(Self { runtime: runtime.handle().clone(), closed: CancellationToken::new(), calls: TaskTracker::new() })
    }

    /// Runs what reads or writes the store. It goes on where the caller does not wait for it.
    pub(crate) async fn look<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, EnishiError>
    where
        T: Send + 'static,
        E: Into<EnishiError> + Send + 'static,
    {
        if self.closed.is_cancelled() {
            return Err(EnishiError::Closed);
        }
        let done = self.calls.spawn_blocking_on(work, &self.runtime).await;
        done.map_err(|error| broken(&error))?.map_err(Into::into)
    }

    /// Runs what asks a server. It ends where the caller does not wait for it any more.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, EnishiError> {
        let closed = self.closed.clone();
        let call = async move { closed.run_until_cancelled(call).await };
        let done = AbortOnDropHandle::new(self.calls.spawn_on(call, &self.runtime)).await;
        match done.map_err(|error| broken(&error))? {
            Some(answer) => Ok(answer?),
            None => Err(EnishiError::Closed),
        }
    }

    /// Runs what follows something, until the client is shut down or it ends by itself.
    pub(crate) fn follow(&self, following: impl Future<Output = ()> + Send + 'static) {
        self.calls.spawn_on(following, &self.runtime);
    }

    /// Cancelled once the client is shut down.
    pub(crate) fn closed(&self) -> &CancellationToken {
        &self.closed
    }

    /// Ends all calls, and takes no more.
    pub(crate) async fn close(&self) {
        self.closed.cancel();
        self.calls.close();
        self.calls.wait().await;
    }

    /// Runs the end of a client itself, which needs the runtime around it.
    pub(crate) async fn last(&self, end: impl Future<Output = ()> + Send + 'static) {
        if let Err(error) = self.runtime.spawn(end).await {
            tracing::error!(%error, "a client ended badly");
        }
    }
}

/// A call that panicked: a defect, told as such instead of taking the app down.
fn broken(error: &JoinError) -> EnishiError {
    EnishiError::Internal { detail: format!("a call ended badly: {error}") }
}

/// How many, as the core counts.
pub(crate) fn count(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
