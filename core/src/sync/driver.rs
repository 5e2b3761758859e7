//! Performs what the engine asks for: one task per membership.
//!
//! A reply is committed before the engine hears of it, and a mutation is marked as sent before it
//! is sent. Nothing here decides what may be believed; that is the replica's matter.

mod bookmarks;
mod idle;
mod live;
mod request;

use super::{
    engine::{Effect, Engine, Failure, Input, Reach},
    local::Local,
    replica::Asked,
    status::SyncStatus,
};
use crate::{
    account::token::{Token, TokenHolder},
    error::{Error, StoreError},
    surroundings::Surroundings,
    transport::{
        Call,
        api::{Api, CallError, Synced},
    },
};
use bookmarks::Bookmarks;
use enishi_protocol::{ErrorCode, older::SinglePosts};
use idle::Chores;
use live::LiveConnection;
use std::{collections::VecDeque, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// How long to wait before trying again to store what the phone had no space for.
const FULL: Duration = Duration::from_secs(30);
/// How often to look whether somebody has let this member in.
const LET_IN: Duration = Duration::from_mins(5);

/// What a driver needs.
pub(crate) struct Parts {
    pub(crate) local: Arc<Local>,
    pub(crate) api: Api,
    pub(crate) token: Arc<TokenHolder>,
    pub(crate) surroundings: Arc<dyn Surroundings>,
    /// Posts of each feed that are held.
    pub(crate) floor_posts: usize,
    /// Called after everything that changed what reads would see.
    pub(crate) changed: Arc<dyn Fn() + Send + Sync>,
}

/// The way to speak to a driver. The driver ends when `cancel` is.
#[derive(Clone, Debug)]
pub(crate) struct DriverHandle {
    told: mpsc::UnboundedSender<Told>,
    status: watch::Receiver<SyncStatus>,
}

/// What the world tells a driver.
#[derive(Debug)]
enum Told {
    Input(Input),
    /// Tell when the phone is in step, or that this try failed.
    SyncNow(oneshot::Sender<Result<(), Error>>),
}

impl DriverHandle {
    /// Tells the engine something.
    pub(crate) fn tell(&self, input: Input) {
        // A driver that has ended needs to hear nothing.
        let _ = self.told.send(Told::Input(input));
    }

    /// Asks the server now, and waits until the phone is in step with it.
    pub(crate) async fn sync_now(&self) -> Result<(), Error> {
        let (tell, told) = oneshot::channel();
        self.told.send(Told::SyncNow(tell)).map_err(|_| Error::Cancelled)?;
        told.await.map_err(|_| Error::Cancelled)?
    }

    /// The status and its changes.
    pub(crate) fn status(&self) -> &watch::Receiver<SyncStatus> {
        &self.status
    }
}

/// A request under way.
struct Calling {
    token: Token,
    asked: Asked,
    history: bool,
    call: Call<Synced>,
}

pub(crate) struct Driver {
    parts: Parts,
    engine: Engine,
    inputs: VecDeque<Input>,
    stepping: bool,
    started: Instant,
    told: mpsc::UnboundedReceiver<Told>,
    status: watch::Sender<SyncStatus>,
    calling: Option<Calling>,
    live: Option<LiveConnection>,
    wake_at: Option<Instant>,
    let_in_at: Option<Instant>,
    /// Who waits for a request that has not been sent yet, and who for the one under way.
    next_waiters: Vec<oneshot::Sender<Result<(), Error>>>,
    waiters: Vec<oneshot::Sender<Result<(), Error>>>,
    chores: Chores,
    bookmarks: Bookmarks,
    /// Whether the status says that the store is damaged, which may show anywhere, also in a read.
    damage_told: bool,
}

enum Happened {
    Told(Told),
    Answer(Result<Synced, CallError>),
    Live(live::Happened),
    Bookmarked(Result<SinglePosts, CallError>),
    Damaged,
    Timer,
    LetIn,
    Idle,
    End,
}

impl Driver {
    /// A driver that has not begun, and the way to speak to it.
    pub(crate) fn new(parts: Parts) -> (Self, DriverHandle) {
        let (tell, told) = mpsc::unbounded_channel();
        let (status, follow) = watch::channel(parts.local.look(SyncStatus::of));
        let driver = Self {
            parts,
            engine: Engine::default(),
            inputs: VecDeque::new(),
            stepping: false,
            started: Instant::now(),
            told,
            status,
            calling: None,
            live: None,
            wake_at: None,
            let_in_at: None,
            next_waiters: Vec::new(),
            waiters: Vec::new(),
            chores: Chores::default(),
            bookmarks: Bookmarks::default(),
            damage_told: false,
        };
        (driver, DriverHandle { told: tell, status: follow })
    }

    /// Drives until cancelled. What is under way is then dropped; whatever was not committed is
    /// asked for again next time.
    pub(crate) async fn run(mut self, cancel: CancellationToken) {
        loop {
            let happened = tokio::select! {
                biased;
                () = cancel.cancelled() => Happened::End,
                happened = self.next() => happened,
            };
            match happened {
                Happened::End => return,
                Happened::Told(told) => self.hear(told),
                Happened::Answer(answer) => self.take_answer(answer),
                Happened::Live(event) => self.take_live(event),
                Happened::Bookmarked(answer) => self.take_bookmarked(answer),
                Happened::Damaged => {
                    self.damage_told = true;
                    self.failed(Failure::Halted(ErrorCode::StoreDamaged));
                }
                Happened::Timer => {
                    self.wake_at = None;
                    self.input(Input::Timer);
                }
                Happened::LetIn => self.ask_whether_let_in(),
                Happened::Idle => self.idle().await,
            }
        }
    }

    async fn next(&mut self) -> Happened {
        let idle = self.chores.wait() && self.calling.is_none();
        // What a write in flight did may arrive here first; it could not be applied before its result.
        let awaits_results = self.calling.as_ref().is_some_and(|calling| !calling.asked.ask.is_empty());
        tokio::select! {
            biased;
            () = self.parts.local.store().damaged().cancelled(), if !self.damage_told => Happened::Damaged,
            told = self.told.recv() => told.map_or(Happened::End, Happened::Told),
            answer = answer_of(&mut self.calling) => Happened::Answer(answer),
            event = live::next(&mut self.live), if !awaits_results => Happened::Live(event),
            answer = bookmarks::answer_of(&mut self.bookmarks) => Happened::Bookmarked(answer),
            () = at(self.wake_at) => Happened::Timer,
            () = at(self.let_in_at) => Happened::LetIn,
            () = std::future::ready(()), if idle => Happened::Idle,
        }
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Input(input @ (Input::Nudged | Input::Online(true) | Input::Foreground(true))) => {
                self.ask_whether_let_in();
                self.input(input);
            }
            Told::Input(input) => self.input(input),
            Told::SyncNow(waiter) => {
                self.next_waiters.push(waiter);
                self.ask_whether_let_in();
                self.input(Input::Nudged);
                match self.engine.reach() {
                    Reach::Halted(code) => self.fail_waiters(&Error::from(code)),
                    Reach::Offline if self.calling.is_none() => self.fail_waiters(&Error::Offline),
                    _ => {}
                }
            }
        }
    }

    /// A halt that somebody else can end is tried again; all others await this person.
    fn ask_whether_let_in(&mut self) {
        self.let_in_at = None;
        if let Reach::Halted(code) = self.engine.reach()
            && ends_by_itself(code)
        {
            self.input(Input::Resumed);
        }
    }

    /// Performing an effect may itself bring an input: that one waits until the effects before it are
    /// performed, so that the engine and the world do not fall apart.
    fn input(&mut self, input: Input) {
        self.inputs.push_back(input);
        if !std::mem::replace(&mut self.stepping, true) {
            while let Some(input) = self.inputs.pop_front() {
                self.step(input);
            }
            self.stepping = false;
            self.tell_status(|_| {});
        }
    }

    fn step(&mut self, input: Input) {
        let mut chance = [0; 4];
        self.parts.surroundings.random(&mut chance);
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (engine, effects) = self.engine.step(now, u32::from_le_bytes(chance), input);
        self.engine = engine;
        self.wake_at = None;
        for effect in effects {
            match effect {
                Effect::Sync { history } => self.send(history),
                Effect::OpenLive => self.open_live(),
                Effect::CloseLive => self.live = None,
                Effect::WakeAt(at) => self.wake_at = Some(self.started + Duration::from_millis(at)),
            }
        }
    }

    fn failed(&mut self, failure: Failure) {
        if let Failure::Halted(code) = failure {
            self.live = None;
            if code == ErrorCode::MembershipEnded {
                self.end_membership();
            }
            self.let_in_at = ends_by_itself(code).then(|| Instant::now() + LET_IN);
        }
        let error = match failure {
            Failure::Halted(code) => code.into(),
            Failure::RetryAfter(_) | Failure::Unreachable => Error::Offline,
        };
        // The status says first that the call is over: who waits looks at it before trying again.
        self.input(Input::Failed(failure));
        self.fail_waiters(&error);
    }

    /// Nothing of a community stays readable for somebody who is no longer in it.
    fn end_membership(&mut self) {
        match self.parts.local.step(&[], |replica| (replica.end(), ())) {
            Ok(stepped) if stepped.changed => (self.parts.changed)(),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "an ended membership could not be cleared away"),
        }
    }

    fn fail_waiters(&mut self, error: &Error) {
        for waiter in self.waiters.drain(..).chain(self.next_waiters.drain(..)) {
            let _ = waiter.send(Err(error.clone()));
        }
    }

    fn store_failed(&mut self, error: &StoreError) -> Failure {
        tracing::warn!(%error, "the local store did not take a step");
        if matches!(error, StoreError::Damaged(_)) {
            return Failure::Halted(ErrorCode::StoreDamaged);
        }
        let full = matches!(error, StoreError::Full);
        self.tell_status(|status| status.storage_full = full);
        if full {
            self.fail_waiters(&Error::StorageFull);
        }
        Failure::RetryAfter(FULL)
    }

    fn tell_status(&self, change: impl FnOnce(&mut SyncStatus)) {
        let (reach, calling) = (self.engine.reach(), self.calling.is_some());
        // Windows say whether older posts can be fetched now.
        let reach_differs = self.status.borrow().reach != reach;
        let live = self.live.as_ref().is_some_and(LiveConnection::is_open);
        self.status.send_if_modified(|status| {
            let before = *status;
            change(status);
            (status.reach, status.calling, status.live) = (reach, calling, live);
            status.metered = self.engine.is_metered();
            self.parts.local.look(|replica| status.count(replica));
            *status != before
        });
        if reach_differs {
            (self.parts.changed)();
        }
    }
}

/// Whether a halt ends without this person doing anything.
fn ends_by_itself(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::MembershipWaiting | ErrorCode::MembershipSuspended | ErrorCode::NotFound)
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

async fn answer_of(calling: &mut Option<Calling>) -> Result<Synced, CallError> {
    match calling {
        Some(calling) => (&mut calling.call).await,
        None => std::future::pending().await,
    }
}
