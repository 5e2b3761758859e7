//! The handle to one membership: what a member does, reads and follows.
//!
//! Commands return once one local transaction is flushed; nothing here waits for the network but
//! what says so.

mod drafts;
mod feed;
mod follow;
mod media;
mod messages;
mod moderation;
mod notifications;
mod older;
mod people;

pub use people::MadeInvitation;

use crate::{
    account::{
        AccountKey,
        token::{Token, TokenHolder},
    },
    error::Error,
    store::{DirectoryLock, NewWrite, Store, Wish},
    surroundings::Surroundings,
    sync::{
        driver::DriverHandle,
        engine::{Input, Reach},
        local::Local,
        replica::{Replica, Step},
        status::SyncStatus,
    },
    transport::api::Api,
};
use enishi_protocol::{CommunityId, MemberId, MutationId, Operation, membership::Membership};
use std::{fmt, sync::Arc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A membership on this phone. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Community(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) account: AccountKey,
    pub(crate) membership: Membership,
    pub(crate) local: Arc<Local>,
    pub(crate) api: Api,
    pub(crate) token: Arc<TokenHolder>,
    pub(crate) surroundings: Arc<dyn Surroundings>,
    pub(crate) driver: DriverHandle,
    pub(crate) changed: watch::Sender<u64>,
    /// Counts steps of uploads.
    pub(crate) progress: watch::Sender<u64>,
    pub(crate) cancel: CancellationToken,
    /// As long as anybody holds a handle, no other process may use the data directory.
    pub(crate) _lock: Arc<DirectoryLock>,
}

impl fmt::Debug for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Community").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl Community {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Which community.
    pub fn id(&self) -> CommunityId {
        self.0.membership.community
    }

    /// Who one is in it.
    pub fn member(&self) -> MemberId {
        self.0.membership.member
    }

    /// Whose membership this is.
    pub fn account(&self) -> AccountKey {
        self.0.account
    }

    /// The membership as the server last told it.
    pub fn membership(&self) -> &Membership {
        &self.0.membership
    }

    /// How it stands towards its server.
    pub fn status(&self) -> SyncStatus {
        let mut status = *self.0.driver.status().borrow();
        // What was just written counts at once; the driver hears of it a moment later.
        self.0.local.look(|replica| status.count(replica));
        status
    }

    /// Follows the status. The present one is there at once; a slow reader gets the newest.
    pub fn follow_status(&self) -> watch::Receiver<SyncStatus> {
        self.0.driver.status().clone()
    }

    /// Sends what waits, fetches what is new, and returns once the phone is in step.
    ///
    /// # Errors
    /// [`Error::Offline`] where the server cannot be reached now (it is tried again behind this),
    /// [`Error::SignedOut`] and others where a person must do something, [`Error::Cancelled`].
    pub async fn sync_now(&self, cancel: &CancellationToken) -> Result<(), Error> {
        cancel.run_until_cancelled(self.0.driver.sync_now()).await.unwrap_or(Err(Error::Cancelled))
    }

    /// Waits until nothing waits to be sent and everything is here, however long the network takes.
    ///
    /// # Errors
    /// [`Error::SignedOut`] and others where a person must do something, [`Error::Cancelled`].
    pub async fn in_step(&self, cancel: &CancellationToken) -> Result<(), Error> {
        loop {
            match self.sync_now(cancel).await {
                Err(Error::Offline) => {}
                done => return done,
            }
            let mut status = self.follow_status();
            // The next try may be over before anybody looks: then it shows in what can be reached.
            let tried = status.wait_for(|status| status.calling || status.reach != Reach::Offline);
            match cancel.run_until_cancelled(tried).await {
                Some(Ok(_)) => {}
                _ => return Err(Error::Cancelled),
            }
        }
    }

    /// The network came or went.
    pub fn set_online(&self, online: bool) {
        self.tell(Input::Online(online));
    }

    /// The app is looked at: changes arrive as they happen.
    pub fn foreground(&self) {
        self.tell(Input::Foreground(true));
    }

    /// The app is not looked at any more.
    pub fn background(&self) {
        self.tell(Input::Foreground(false));
    }

    /// The network costs money by the byte, or does not: history waits while it does.
    pub fn set_metered(&self, metered: bool) {
        self.tell(Input::Metered(metered));
    }

    /// A push message came for this community.
    pub fn push(&self) {
        self.tell(Input::Nudged);
    }

    /// Follows changes to what reads would see: the number grows with each.
    pub fn follow_changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Puts what a member did into the outbox. When this returns it is safe.
    ///
    /// The commands of each feature make the operation; `parent` is the mutation in the outbox without
    /// which it cannot be applied.
    ///
    /// # Errors
    /// [`Error::StorageFull`]; then nothing was written.
    pub fn write(&self, operation: Operation, parent: Option<MutationId>) -> Result<MutationId, Error> {
        self.write_one(NewWrite { id: MutationId(self.0.surroundings.new_id()), operation }, parent)
    }

    fn write_one(&self, write: NewWrite, parent: Option<MutationId>) -> Result<MutationId, Error> {
        let (id, size) = (write.id, write.size()?);
        // What shows a file goes once the server has the file.
        let held = !write.operation.attachments().is_empty();
        self.commit(&[write], |replica| replica.write(id, parent, size, held))?;
        Ok(id)
    }

    /// Puts a wish into the outbox.
    fn wish(&self, wish: Wish) -> Result<MutationId, Error> {
        self.write(wish.operation, wish.parent)
    }

    /// Commits what this member did on this phone.
    fn commit(&self, written: &[NewWrite], make: impl FnOnce(&Replica) -> Step) -> Result<(), Error> {
        self.0.local.step(written, |replica| (make(replica), ()))?;
        self.changed();
        self.tell(Input::Wrote);
        Ok(())
    }

    pub(crate) fn changed(&self) {
        self.0.changed.send_modify(|count| *count += 1);
    }

    pub(crate) fn tell(&self, input: Input) {
        self.0.driver.tell(input);
    }

    /// The store that this membership is kept in.
    pub fn store(&self) -> &Arc<Store> {
        self.0.local.store()
    }

    /// Ends what keeps this membership in step, and takes no more writes.
    pub(crate) fn stop(&self) {
        self.0.cancel.cancel();
        self.0.local.close();
    }

    /// The server's calls, while signed in.
    fn calls(&self) -> Result<(&Api, Token), Error> {
        Ok((&self.0.api, self.0.token.get().ok_or(Error::SignedOut)?))
    }

    /// Signed in again: what is shown is fetched anew, the outbox stays.
    pub(crate) fn begin_session(&self) -> Result<(), Error> {
        self.0.local.step(&[], |replica| (replica.new_session(), ()))?;
        self.changed();
        self.tell(Input::Resumed);
        Ok(())
    }
}
