//! The life of a process inside this one: tasks of its own, which all end at once when it is killed.

use std::{future::Future, time::Duration};
use tokio::runtime::{Builder, Handle, Runtime};

/// How long work on other threads may take to end.
const LAST_WORK: Duration = Duration::from_secs(20);

/// A runtime that can be killed. Killed in the background when dropped.
pub struct Life(Option<Runtime>);

impl Default for Life {
    fn default() -> Self {
        Self(Some(Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()))
    }
}

impl Life {
    /// Where its tasks run.
    pub fn handle(&self) -> &Handle {
        self.0.as_ref().unwrap().handle()
    }

    /// Runs something as one of its tasks.
    pub async fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        self.handle().spawn(work).await.unwrap()
    }

    /// Ends every task where it stands. Returns once nothing of it runs any more.
    pub async fn kill(mut self) {
        let runtime = self.0.take().unwrap();
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(LAST_WORK)).await.unwrap();
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
