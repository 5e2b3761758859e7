//! When a phone talks to its server: one request at a time, a live connection while somebody looks,
//! and patience where the network or the server asks for it.
//!
//! Pure: time and chance are passed in, and what to do comes out. What is said is the
//! [`super::replica`]'s matter.

use super::{backoff::Backoff, replica::Taken};
use enishi_protocol::ErrorCode;
use std::time::Duration;

/// How long to wait for the next look at the server where a live connection cannot be had.
const POLL: Duration = Duration::from_mins(1);

/// What the engine knows of the world.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the device")]
pub struct Engine {
    online: bool,
    foreground: bool,
    metered: bool,
    wanted: bool,
    calling: bool,
    /// Whether the server has answered since the last reset of trust; before that nothing can be live.
    answered: bool,
    live: Live,
    backoff: Backoff,
    not_before_ms: u64,
    /// Apart from the other: where something on the way lets no live connection live, requests go on.
    live_backoff: Backoff,
    live_not_before_ms: u64,
    halted: Option<ErrorCode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Live {
    Closed,
    Opening,
    Open,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A mutation was put into the outbox.
    Wrote,
    /// A push message said "sync", or the member pulled the feed down: no waiting now.
    Nudged,
    /// The network came or went.
    Online(bool),
    /// The app is looked at, or not any more.
    Foreground(bool),
    /// The network costs money by the byte, or does not.
    Metered(bool),
    /// The time asked for by [`Effect::WakeAt`] has come.
    Timer,
    /// A request was answered and its answer stored. `more`: another one now would bring more.
    Answered {
        /// Whether the server has more, or the outbox still holds something to send.
        more: bool,
    },
    /// A request failed.
    Failed(Failure),
    /// The live connection is up.
    LiveOpened,
    /// A live batch was taken, or missed.
    LiveTook(Taken),
    /// The live connection ended, by whichever side.
    LiveClosed,
    /// Signed in again, updated, or let in again: whatever halted the engine is over.
    Resumed,
}

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer came, or none of this server's. It will do later.
    Unreachable,
    /// The server asks to come back after a time.
    RetryAfter(Duration),
    /// The server will not answer this phone until a person has done something.
    Halted(ErrorCode),
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a sync request. Without `history` it asks for no pages of a first sync but the first.
    Sync {
        /// Whether older pages may be fetched.
        history: bool,
    },
    /// Open the live connection.
    OpenLive,
    /// Close the live connection.
    CloseLive,
    /// Step again with [`Input::Timer`] at this time, in milliseconds of the clock that is passed in.
    WakeAt(u64),
}

/// What a screen may say of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Reach {
    /// In step, or getting there.
    Online,
    /// Reading and writing go on without a server.
    Offline,
    /// A person must do something: sign in, update, ask, open the app anew.
    Halted(ErrorCode),
}

impl Default for Engine {
    /// A phone that has just been started, believed to be online and looked at.
    fn default() -> Self {
        Self {
            online: true,
            foreground: true,
            metered: false,
            wanted: true,
            calling: false,
            answered: false,
            live: Live::Closed,
            backoff: Backoff::default(),
            not_before_ms: 0,
            live_backoff: Backoff::default(),
            live_not_before_ms: 0,
            halted: None,
        }
    }
}

impl Engine {
    /// The next state and what to do. `now_ms` is any clock that only goes forward, `chance` is
    /// uniform over its whole range.
    pub fn step(&self, now_ms: u64, chance: u32, input: Input) -> (Self, Vec<Effect>) {
        let mut next = self.clone();
        let mut effects = Vec::new();
        next.learn(now_ms, chance, input);
        next.act(now_ms, &mut effects);
        (next, effects)
    }

    /// What a screen may say of the network.
    pub fn reach(&self) -> Reach {
        match self.halted {
            Some(code) => Reach::Halted(code),
            None if !self.online || self.backoff.failures() > 0 => Reach::Offline,
            None => Reach::Online,
        }
    }

    /// Whether the network costs money by the byte.
    pub fn is_metered(&self) -> bool {
        self.metered
    }

    /// Whether a request is under way.
    pub fn is_calling(&self) -> bool {
        self.calling
    }

    fn learn(&mut self, now_ms: u64, chance: u32, input: Input) {
        match input {
            Input::Wrote => self.wanted = true,
            Input::Nudged => self.at_once(),
            Input::Online(online) => {
                let came = online && !self.online;
                self.online = online;
                if came {
                    self.at_once();
                }
            }
            Input::Foreground(foreground) => {
                let came = foreground && !self.foreground;
                self.foreground = foreground;
                if came {
                    self.at_once();
                }
            }
            Input::Metered(metered) => self.metered = metered,
            Input::Timer => self.wanted |= self.foreground && self.live != Live::Open && now_ms >= self.not_before_ms,
            Input::Answered { more } => {
                (self.calling, self.answered, self.wanted) = (false, true, self.wanted || more);
                self.backoff.succeeded();
            }
            Input::Failed(failure) => self.failed(now_ms, chance, failure),
            Input::LiveOpened => self.live = Live::Open,
            Input::LiveTook(taken) => {
                self.live_backoff.succeeded();
                self.wanted |= taken == Taken::Missed;
            }
            Input::LiveClosed => self.live_closed(now_ms, chance),
            Input::Resumed => {
                self.halted = None;
                self.answered = false;
                self.at_once();
            }
        }
    }

    fn failed(&mut self, now_ms: u64, chance: u32, failure: Failure) {
        self.calling = false;
        self.wanted = true;
        let asked = match failure {
            Failure::Unreachable => None,
            Failure::RetryAfter(asked) => Some(asked),
            Failure::Halted(code) => return self.halted = Some(code),
        };
        self.wait(now_ms, chance, asked);
    }

    /// An end that was not ours: the phone catches up by a request and then opens it again, both after
    /// a wait by chance, so that phones that lost the same server do not come back together.
    fn live_closed(&mut self, now_ms: u64, chance: u32) {
        if self.live != Live::Closed {
            self.live = Live::Closed;
            (self.wanted, self.answered) = (true, false);
            let wait = now_ms + millis(Backoff::default().failed(chance, None));
            self.not_before_ms = self.not_before_ms.max(wait);
            self.live_not_before_ms = now_ms + millis(self.live_backoff.failed(chance, None));
        }
    }

    fn wait(&mut self, now_ms: u64, chance: u32, asked: Option<Duration>) {
        self.not_before_ms = now_ms + millis(self.backoff.failed(chance, asked));
    }

    fn at_once(&mut self) {
        self.wanted = true;
        self.not_before_ms = 0;
    }

    fn act(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let reachable = self.online && self.halted.is_none();
        let may_be_live = reachable && self.foreground;
        if !may_be_live && self.live != Live::Closed {
            self.live = Live::Closed;
            effects.push(Effect::CloseLive);
        }
        if !reachable {
            return;
        }
        if self.wanted && !self.calling && now_ms >= self.not_before_ms {
            (self.wanted, self.calling) = (false, true);
            effects.push(Effect::Sync { history: !self.metered });
        }
        let may_be_live = may_be_live && self.answered && self.backoff.failures() == 0;
        if may_be_live && self.live == Live::Closed && now_ms >= self.live_not_before_ms {
            self.live = Live::Opening;
            effects.push(Effect::OpenLive);
        }
        if self.wanted && !self.calling {
            effects.push(Effect::WakeAt(self.not_before_ms));
        } else if self.foreground && self.live != Live::Open {
            let poll = now_ms.max(self.not_before_ms) + millis(POLL);
            let reopen = Some(self.live_not_before_ms).filter(|at| *at > now_ms && may_be_live);
            effects.push(Effect::WakeAt(reopen.map_or(poll, |at| at.min(poll))));
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps an engine through inputs at a time each, and gives what the last one asked for.
    fn after(inputs: &[(u64, Input)]) -> (Engine, Vec<Effect>) {
        inputs
            .iter()
            .fold((Engine::default(), Vec::new()), |(engine, _), (now, input)| engine.step(*now, u32::MAX, *input))
    }

    fn syncs(effects: &[Effect]) -> bool {
        effects.iter().any(|effect| matches!(effect, Effect::Sync { .. }))
    }

    #[test]
    fn a_phone_that_is_started_asks_once_and_goes_live_after_the_answer() {
        let (engine, effects) = after(&[(0, Input::Nudged)]);
        assert!(syncs(&effects));
        let (engine, effects) = engine.step(1, 0, Input::Wrote);
        assert!(!syncs(&effects), "one request at a time");
        let (engine, effects) = engine.step(2, 0, Input::Answered { more: false });
        assert!(syncs(&effects), "what was written meanwhile follows");
        assert!(effects.contains(&Effect::OpenLive));
        let (_, effects) = engine.step(3, 0, Input::Answered { more: false });
        assert!(!syncs(&effects));
    }

    #[test]
    fn after_a_failure_it_waits_and_a_nudge_ends_the_wait() {
        let (engine, effects) = after(&[(0, Input::Nudged), (10, Input::Failed(Failure::Unreachable))]);
        assert_eq!(effects, [Effect::WakeAt(1_010)]);
        assert_eq!(engine.reach(), Reach::Offline);
        let (_, effects) = engine.step(500, 0, Input::Wrote);
        assert!(!syncs(&effects), "a write does not shorten the wait");
        let (_, effects) = engine.step(1_010, 0, Input::Timer);
        assert!(syncs(&effects));
        let (_, effects) = engine.step(20, 0, Input::Nudged);
        assert!(syncs(&effects));
    }

    #[test]
    fn a_time_that_the_server_names_is_kept() {
        let asked = Failure::RetryAfter(Duration::from_secs(30));
        let (engine, _) = after(&[(0, Input::Nudged), (0, Input::Failed(asked))]);
        assert!(!syncs(&engine.step(29_999, 0, Input::Timer).1));
        assert!(syncs(&engine.step(40_000, 0, Input::Timer).1));
    }

    #[test]
    fn offline_nothing_is_sent_and_coming_back_sends_at_once() {
        let (engine, effects) = after(&[(0, Input::Online(false)), (1, Input::Wrote)]);
        assert!(effects.is_empty());
        assert_eq!(engine.reach(), Reach::Offline);
        assert!(syncs(&engine.step(2, 0, Input::Online(true)).1));
    }

    #[test]
    fn signed_out_it_stays_silent_until_a_person_has_signed_in() {
        let halted = Input::Failed(Failure::Halted(ErrorCode::SignedOut));
        let (engine, effects) = after(&[(0, Input::Nudged), (1, halted), (2, Input::Nudged), (3, Input::Timer)]);
        assert!(effects.is_empty());
        assert_eq!(engine.reach(), Reach::Halted(ErrorCode::SignedOut));
        assert!(syncs(&engine.step(4, 0, Input::Resumed).1));
    }

    #[test]
    fn in_the_background_the_live_connection_is_closed() {
        let (engine, _) = after(&[(0, Input::Nudged), (1, Input::Answered { more: false }), (2, Input::LiveOpened)]);
        let (engine, effects) = engine.step(3, 0, Input::Foreground(false));
        assert_eq!(effects, [Effect::CloseLive]);
        assert!(syncs(&engine.step(4, 0, Input::Nudged).1), "a push still brings what is new");
    }

    #[test]
    fn a_missed_live_batch_is_caught_up_by_a_request() {
        let (engine, _) = after(&[(0, Input::Nudged), (1, Input::Answered { more: false }), (2, Input::LiveOpened)]);
        assert!(!syncs(&engine.step(3, 0, Input::LiveTook(Taken::Yes)).1));
        assert!(syncs(&engine.step(3, 0, Input::LiveTook(Taken::Missed)).1));
    }

    #[test]
    fn a_live_connection_that_ends_is_caught_up_before_it_is_opened_again() {
        let (engine, _) = after(&[(0, Input::Nudged), (1, Input::Answered { more: false }), (2, Input::LiveOpened)]);
        let (engine, effects) = engine.step(3, u32::MAX, Input::LiveClosed);
        assert_eq!(effects, [Effect::WakeAt(1_003)]);
        let (engine, effects) = engine.step(1_003, 0, Input::Timer);
        assert!(syncs(&effects) && !effects.contains(&Effect::OpenLive));
        assert!(engine.step(1_010, 0, Input::Answered { more: false }).1.contains(&Effect::OpenLive));
    }

    #[test]
    fn where_no_live_connection_can_live_it_is_tried_ever_more_seldom() {
        let (mut engine, mut now, mut opened) = (after(&[(0, Input::Nudged)]).0, 0, 0);
        for _ in 0..100 {
            now += 1_000;
            let (next, effects) = engine.step(now, u32::MAX, Input::Answered { more: false });
            opened += usize::from(effects.contains(&Effect::OpenLive));
            engine = next.step(now, u32::MAX, Input::LiveClosed).0;
        }
        assert_eq!(opened, 7, "after 1, 2, 4, … seconds");
    }

    #[test]
    fn on_a_metered_network_history_waits() {
        let (_, effects) = after(&[(0, Input::Online(false)), (0, Input::Metered(true)), (1, Input::Online(true))]);
        assert!(effects.contains(&Effect::Sync { history: false }));
    }
}
