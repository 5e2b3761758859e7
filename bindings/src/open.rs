//! What is open while anybody has a handle that needs it.

use crate::{EnishiError, work::Work};
use enishi_core::Client as Core;
use std::sync::{Arc, PoisonError, RwLock};

/// A client that is open, behind all its handles: an app that holds on to a community or a subscription
/// alone has let go of the client, but means it to go on.
pub(crate) struct Open {
    core: RwLock<Option<Arc<Core>>>,
    pub(crate) work: Work,
}

impl Open {
    pub(crate) fn new(core: Core, work: Work) -> Arc<Self> {
        Arc::new(Self { core: RwLock::new(Some(Arc::new(core))), work })
    }

    pub(crate) fn core(&self) -> Result<Arc<Core>, EnishiError> {
        self.core.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(EnishiError::Closed)
    }

    /// Ends what is left of it, once all calls have ended.
    pub(crate) async fn end(&self) {
        let core = self.core.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(core) = core.and_then(Arc::into_inner) {
            self.work.last(core.close()).await;
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.work.closed().cancel();
    }
}
