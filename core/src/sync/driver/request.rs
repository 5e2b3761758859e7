//! Sending a sync request, and taking its answer.

use super::{Calling, Driver};
use crate::{
    account::token::Token,
    error::StoreError,
    sync::{
        engine::{Failure, Input},
        local::Local,
        replica::{Asked, Outgoing},
    },
    transport::api::{CallError, Synced},
};
use enishi_protocol::{
    ErrorCode, Mutation,
    sync::{SyncRequest, Undecided},
};
use std::sync::Arc;

impl Driver {
    pub(super) fn send(&mut self, history: bool) {
        let Some(token) = self.parts.token.get() else {
            return self.failed(Failure::Halted(ErrorCode::SignedOut));
        };
        let (asked, request) = match compose(&self.parts.local, history) {
            Ok(composed) => composed,
            Err(error) => {
                let failure = self.store_failed(&error);
                return self.failed(failure);
            }
        };
        let api = self.parts.api.clone();
        let sent_with = token.clone();
        let call = Box::pin(async move { api.sync(&sent_with, &request).await });
        self.waiters.append(&mut self.next_waiters);
        self.calling = Some(Calling { token, asked, history, call });
    }

    pub(super) fn take_answer(&mut self, answer: Result<Synced, CallError>) {
        let Some(Calling { token, asked, history, .. }) = self.calling.take() else { return };
        let Synced { reply, date_us } = match answer {
            Ok(synced) => synced,
            Err(error) => return self.call_failed(&token, &error),
        };
        if let Some(date_us) = date_us {
            let now_us = self.parts.surroundings.now_us();
            self.tell_status(|status| status.clock_wrong = is_wrong(now_us, date_us));
        }
        let changes = reply.batches.iter().map(|batch| batch.changes.len()).sum();
        let (more, undecided, pages) = (reply.more, reply.undecided, !reply.pages.is_empty());
        let stepped = match self.parts.local.step(&[], |replica| (replica.receive(&asked, reply), ())) {
            Ok(stepped) => stepped,
            Err(error) => {
                let failure = self.store_failed(&error);
                return self.failed(failure);
            }
        };
        self.tell_status(|status| status.storage_full = false);
        if stepped.changed {
            self.chores.took(changes, pages);
            (self.parts.changed)();
        }
        if let Some(Undecided { code: ErrorCode::TryAgain, .. }) = undecided {
            return self.failed(Failure::Unreachable);
        }
        // An answer that changed nothing cannot be followed by one that does: no tight circle.
        let more = stepped.changed && (more || self.parts.local.look(|replica| wants_more(replica, history)));
        self.input(Input::Answered { more });
        if self.calling.is_none() {
            self.in_step();
        }
        self.follow_new_streams();
    }

    fn in_step(&mut self) {
        self.chores.look_for_bookmarked();
        let now = self.parts.surroundings.now_us();
        self.tell_status(|status| status.in_step_us = Some(now));
        for waiter in self.waiters.drain(..) {
            let _ = waiter.send(Ok(()));
        }
    }

    fn call_failed(&mut self, token: &Token, error: &CallError) {
        tracing::debug!(%error, "a sync request failed");
        let signed_in_again = self.parts.token.get().is_some_and(|present| !Arc::ptr_eq(&present, token));
        match failure(error) {
            // It was the former session that is over.
            Failure::Halted(ErrorCode::SignedOut) if signed_in_again => self.input(Input::Answered { more: true }),
            failure => self.failed(failure),
        }
    }
}

fn wants_more(replica: &crate::sync::replica::Replica, history: bool) -> bool {
    let first_page = |held: &crate::sync::replica::Held| held.target().cursor.is_none();
    replica.has_something_to_send() || history && !replica.is_whole() || replica.streams.values().any(first_page)
}

/// Marks what will be sent as sent, and writes the request.
fn compose(local: &Arc<Local>, history: bool) -> Result<(Asked, SyncRequest), StoreError> {
    let stepped = local.step(&[], |replica| {
        let (step, outgoing) = replica.request(0);
        (step, (replica.member, outgoing))
    })?;
    let (member, Outgoing { asked, mutations, mut streams }) = stepped.value;
    let ids: Vec<_> = mutations.iter().map(|sent| sent.id).collect();
    let writes = local.writes(member, &ids)?;
    let mutations = mutations.iter().zip(writes).map(|(sent, write)| Mutation {
        id: sent.id,
        after: sent.after,
        since: sent.since,
        kind: write.kind,
        body: write.body,
    });
    if !history {
        for stream in streams.iter_mut().filter(|stream| stream.cursor.is_some()) {
            stream.page = None;
        }
    }
    let request = SyncRequest {
        community: local.community(),
        era: asked.era,
        mutations: mutations.collect(),
        ask: asked.ask.clone(),
        streams,
    };
    Ok((asked, request))
}

/// Whether the phone's clock is as far from the server's as no slow answer explains.
fn is_wrong(now_us: i64, server_us: i64) -> bool {
    const TEN_MINUTES_US: u64 = 10 * 60 * 1_000_000;
    now_us.abs_diff(server_us) >= TEN_MINUTES_US
}

/// What a failed call means for when to call again.
fn failure(error: &CallError) -> Failure {
    let halts = |code| {
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
    match (error.code(), error.retry_after()) {
        (Some(code), _) if halts(code) => Failure::Halted(code),
        (_, Some(wait)) => Failure::RetryAfter(wait),
        (_, None) => Failure::Unreachable,
    }
}
