//! Uploads behind what the member does: one file at a time, piece by piece, from wherever the server
//! stands. One task per membership, beside the driver.
//!
//! Nothing here is remembered that a kill would cost: the server says how far a file has come, and
//! what waits for it lies in the outbox. When all files of a mutation are there it is released, and the
//! driver sends it like any other.

use super::pace::Pace;
use crate::{
    account::token::TokenHolder,
    error::StoreError,
    store::media::{HeldWrite, PickedFile},
    surroundings::Surroundings,
    sync::{
        backoff::Backoff,
        driver::DriverHandle,
        engine::{Input, Reach},
        local::Local,
        status::SyncStatus,
    },
    transport::api::{Api, CallError},
};
use enishi_protocol::{ErrorCode, MutationId, limits::METERED_UPLOAD_BYTES, media::UploadStanding};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long to wait before trying again what this phone could not store.
const FULL: Duration = Duration::from_secs(30);

/// What an uploader needs.
pub(crate) struct Parts {
    pub(crate) local: Arc<Local>,
    pub(crate) api: Api,
    pub(crate) token: Arc<TokenHolder>,
    pub(crate) surroundings: Arc<dyn Surroundings>,
    pub(crate) driver: DriverHandle,
    /// Counts changes to what reads would see.
    pub(crate) changed: watch::Sender<u64>,
    /// Counts steps of uploads.
    pub(crate) progress: watch::Sender<u64>,
}

pub(crate) struct Uploader {
    parts: Parts,
    pace: Pace,
    backoff: Backoff,
}

/// What came of a step.
enum Step {
    /// Another one may be made at once.
    Again,
    /// There is nothing to do until something changes.
    Idle,
    /// It is worth another try after so long, or when the network comes back.
    Wait(Duration),
}

/// Why a file did not get further.
enum Stop {
    /// The server will not take it: it is the member's to choose what now.
    Refused(ErrorCode),
    /// Not now.
    Later(Option<Duration>),
    /// The member gave it up meanwhile.
    GivenUp,
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CallError> for Stop {
    /// What ends a session or a membership is the driver's to find out.
    fn from(error: CallError) -> Self {
        let of_the_member = |code| {
            matches!(
                code,
                ErrorCode::SignedOut
                    | ErrorCode::UpgradeRequired
                    | ErrorCode::MembershipWaiting
                    | ErrorCode::MembershipEnded
                    | ErrorCode::MembershipSuspended
                    | ErrorCode::NotFound
            )
        };
        match error.code() {
            Some(code) if error.is_final() && !of_the_member(code) => Self::Refused(code),
            _ => Self::Later(error.retry_after()),
        }
    }
}

impl Uploader {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, pace: Pace::default(), backoff: Backoff::default() }
    }

    /// Uploads until cancelled. What is under way is then dropped, and goes on from where the server
    /// stands next time.
    pub(crate) async fn run(mut self, cancel: CancellationToken) {
        let mut changed = self.parts.changed.subscribe();
        let mut status = self.parts.driver.status().clone();
        let mut was = *status.borrow_and_update();
        loop {
            changed.mark_unchanged();
            let step = tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                step = self.step(was) => step,
            };
            let wait = match step {
                Step::Again => Duration::ZERO,
                Step::Idle => Duration::MAX,
                Step::Wait(wait) => wait,
            };
            if wait.is_zero() {
                was = *status.borrow_and_update();
                continue;
            }
            let woken = async {
                loop {
                    tokio::select! {
                        change = changed.changed() => match change {
                            // While a try waits, only the network coming back is worth another.
                            Ok(()) if wait == Duration::MAX => return,
                            Ok(()) => {}
                            Err(_) => std::future::pending().await,
                        },
                        change = status.changed() => {
                            if change.is_err() {
                                std::future::pending::<()>().await;
                            }
                            let now = *status.borrow_and_update();
                            let came = now.reach == Reach::Online && was.reach != Reach::Online;
                            let cheaper = was.metered && !now.metered;
                            was = now;
                            if came || cheaper {
                                return;
                            }
                        }
                    }
                }
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                () = woken => {}
                () = tokio::time::sleep(wait), if wait != Duration::MAX => {}
            }
        }
    }

    async fn step(&mut self, status: SyncStatus) -> Step {
        match self.advance(status).await {
            Ok(step) => step,
            Err(error) => {
                tracing::warn!(%error, "an upload could not go on");
                Step::Wait(FULL)
            }
        }
    }

    /// Releases what has all its files, gives up what cannot have them, or gets one file further.
    async fn advance(&mut self, status: SyncStatus) -> Result<Step, StoreError> {
        let (local, store) = (&self.parts.local, self.parts.local.store());
        let member = local.look(|replica| replica.member);
        for HeldWrite { mutation, shows } in store.held_writes(local.community(), member)? {
            let mut next = None;
            for attaching in &shows {
                match store.picked(attaching.id)? {
                    None => return self.refuse(mutation, ErrorCode::AttachmentLost),
                    Some(file) if !file.finished => next = next.or(Some(file)),
                    Some(_) => {}
                }
            }
            match next {
                None => return self.release(mutation),
                Some(file) if waits_for_unmetered(&file, status.metered) => {}
                Some(_) if status.reach != Reach::Online => return Ok(Step::Idle),
                Some(file) => return self.get_further(mutation, &file).await,
            }
        }
        Ok(Step::Idle)
    }

    async fn get_further(&mut self, mutation: MutationId, file: &PickedFile) -> Result<Step, StoreError> {
        match self.upload(mutation, file).await {
            Ok(()) => {
                self.backoff.succeeded();
                self.parts.local.store().picked_finished(file.id, true)?;
                self.tell_progress();
                Ok(Step::Again)
            }
            Err(Stop::Refused(code)) => self.refuse(mutation, code),
            Err(Stop::GivenUp) => {
                if let Some(token) = self.parts.token.get()
                    && let Err(error) =
                        self.parts.api.cancel_upload(&token, self.parts.local.community(), file.id).await
                {
                    tracing::debug!(%error, "the server was not told that an upload was given up");
                }
                Ok(Step::Again)
            }
            Err(Stop::Later(asked)) => {
                self.pace.failed();
                let mut chance = [0; 4];
                self.parts.surroundings.random(&mut chance);
                Ok(Step::Wait(self.backoff.failed(u32::from_le_bytes(chance), asked)))
            }
            Err(Stop::Store(error)) => Err(error),
        }
    }

    /// Sends what the server does not have of a file, and has it finished.
    async fn upload(&mut self, mutation: MutationId, file: &PickedFile) -> Result<(), Stop> {
        let (api, community) = (self.parts.api.clone(), self.parts.local.community());
        let token = self.parts.token.get().ok_or(Stop::Later(None))?;
        let mut standing = match api.upload_standing(&token, community, file.id).await {
            Err(error) if error.code() == Some(ErrorCode::NotFound) => {
                UploadStanding { received: 0, finished: None, refused: None }
            }
            standing => standing?,
        };
        while standing.received < file.bytes && standing.finished.is_none() && standing.refused.is_none() {
            if !self.is_wanted(mutation) {
                return Err(Stop::GivenUp);
            }
            let piece = self.parts.local.store().picked_bytes(file.id, standing.received, self.pace.bytes())?;
            if piece.is_empty() {
                return Err(Stop::Refused(ErrorCode::AttachmentLost));
            }
            let started = Instant::now();
            let before = standing.received;
            standing = api.upload_piece(&token, community, file.id, (before, file.bytes), piece).await?;
            if standing.received <= before && standing.finished.is_none() && standing.refused.is_none() {
                // Somebody else sends the same file, or the server forgot it: not in a tight circle.
                return Err(Stop::Later(None));
            }
            self.pace.arrived(started.elapsed());
            self.backoff.succeeded();
            self.parts.local.store().picked_sent(file.id, standing.received)?;
            self.tell_progress();
        }
        match (standing.refused, standing.finished) {
            (Some(code), _) => Err(Stop::Refused(code)),
            (None, Some(_)) => Ok(()),
            (None, None) if !self.is_wanted(mutation) => Err(Stop::GivenUp),
            (None, None) => Ok(api.finish_upload(&token, community, file.id, &file.sha256).await.map(drop)?),
        }
    }

    fn is_wanted(&self, mutation: MutationId) -> bool {
        self.parts.local.look(|replica| replica.outbox.iter().any(|entry| entry.id == mutation && entry.held))
    }

    fn release(&self, mutation: MutationId) -> Result<Step, StoreError> {
        self.parts.local.step(&[], |replica| (replica.release(mutation), ()))?;
        self.tell_changed();
        self.parts.driver.tell(Input::Wrote);
        Ok(Step::Again)
    }

    fn refuse(&self, mutation: MutationId, code: ErrorCode) -> Result<Step, StoreError> {
        self.parts.local.step(&[], |replica| (replica.refuse_held(mutation, code), ()))?;
        self.tell_changed();
        // So that the status counts it.
        self.parts.driver.tell(Input::Wrote);
        Ok(Step::Again)
    }

    fn tell_changed(&self) {
        self.parts.changed.send_modify(|count| *count += 1);
        self.tell_progress();
    }

    fn tell_progress(&self) {
        self.parts.progress.send_modify(|count| *count += 1);
    }
}

/// Whether a file is too large for a network that costs money by the byte, and nobody said it may go.
pub(crate) fn waits_for_unmetered(file: &PickedFile, metered: bool) -> bool {
    metered && !file.on_metered && file.bytes.saturating_sub(file.sent) > METERED_UPLOAD_BYTES
}
