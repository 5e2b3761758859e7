//! What a screen may say about being in step.

use super::{engine::Reach, replica::Replica};

/// How one membership stands towards its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown in its own way")]
pub struct SyncStatus {
    /// Whether the server can be reached, or what a person must do.
    pub reach: Reach,
    /// Whether a request is under way.
    pub calling: bool,
    /// Whether changes arrive as they happen.
    pub live: bool,
    /// Whether every stream is here whole; before that, history is still arriving.
    pub whole: bool,
    /// Mutations that the server has not decided yet, as far as this phone knows.
    pub waiting: usize,
    /// Mutations that await the member's choice.
    pub attention: usize,
    /// Whether this phone has no space for what arrives. Nothing is lost; it goes on once there is.
    pub storage_full: bool,
    /// Whether the network costs money by the byte: history and large files wait while it does.
    pub metered: bool,
    /// Whether this phone's clock was ten minutes or more from the server's when that last answered: times that are shown
    /// are wrong by as much.
    pub clock_wrong: bool,
    /// When the phone was last in step, in microseconds since 1970 UTC by its own clock.
    pub in_step_us: Option<i64>,
}

impl SyncStatus {
    /// The status before anything was tried.
    pub(crate) fn of(replica: &Replica) -> Self {
        let mut status = Self {
            reach: Reach::Offline,
            calling: false,
            live: false,
            whole: false,
            waiting: 0,
            attention: 0,
            storage_full: false,
            metered: false,
            clock_wrong: false,
            in_step_us: None,
        };
        status.count(replica);
        status
    }

    /// Takes over what the replica says.
    pub(crate) fn count(&mut self, replica: &Replica) {
        self.whole = replica.is_whole();
        self.attention = replica.outbox.iter().filter(|entry| entry.needs_attention()).count();
        self.waiting = replica.outbox.iter().filter(|entry| entry.state == super::replica::State::Waiting).count();
    }
}
