//! The live connection: opened with the cursors, so that what was missed comes first.

use super::Driver;
use crate::{
    sync::{
        engine::{Failure, Input},
        replica::{Replica, Taken},
    },
    transport::{
        Call, LiveBytes, TransportError,
        live::{EventReader, ServerEvent},
    },
};
use bytes::Bytes;
use enishi_protocol::{
    Era, Grant, Stream,
    sync::{LiveEvent, LiveRequest, StreamRequest},
};
use futures_util::StreamExt;
use std::collections::{BTreeMap, VecDeque};

/// A live connection that is open or being opened.
pub(super) struct LiveConnection {
    session: u64,
    follows: Follows,
    state: State,
}

enum State {
    Opening(Call<LiveBytes>),
    Open { bytes: LiveBytes, reader: EventReader, events: VecDeque<ServerEvent> },
}

/// What a connection follows: where this differs from what is held, it must be opened anew.
pub(super) type Follows = (Option<Era>, BTreeMap<Stream, Option<Grant>>);

pub(super) enum Happened {
    Opened(LiveBytes),
    Event(ServerEvent),
    Closed,
}

impl LiveConnection {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }
}

/// The next thing that happens on the connection; never, where there is none. Cancel safe.
pub(super) async fn next(live: &mut Option<LiveConnection>) -> Happened {
    let Some(live) = live else { return std::future::pending().await };
    match &mut live.state {
        State::Opening(call) => match call.await {
            Ok(bytes) => Happened::Opened(bytes),
            Err(error) => {
                tracing::debug!(%error, "the live connection could not be opened");
                Happened::Closed
            }
        },
        State::Open { bytes, reader, events } => loop {
            if let Some(event) = events.pop_front() {
                return Happened::Event(event);
            }
            match read(bytes.next().await, reader) {
                Ok(more) => events.extend(more),
                Err(error) => {
                    tracing::debug!(%error, "the live connection ended");
                    return Happened::Closed;
                }
            }
        },
    }
}

fn read(
    piece: Option<Result<Bytes, TransportError>>,
    reader: &mut EventReader,
) -> Result<Vec<ServerEvent>, TransportError> {
    let ended = || TransportError::Unreachable("the server closed it".into());
    reader.take(&piece.ok_or_else(ended)??)
}

impl Driver {
    pub(super) fn open_live(&mut self) {
        let (session, follows, streams) =
            self.parts.local.look(|replica| (replica.session, follows(replica), followed(replica)));
        let (Some(era), Some(token)) = (follows.0, self.parts.token.get()) else {
            self.live = None;
            return self.input(Input::LiveClosed);
        };
        let request = LiveRequest { community: self.parts.local.community(), era, streams };
        let api = self.parts.api.clone();
        let call = Box::pin(async move { api.live(&token, &request).await });
        self.live = Some(LiveConnection { session, follows, state: State::Opening(call) });
    }

    /// Opens the connection anew where other streams are held than it follows. The engine need not
    /// know: what the new one missed comes first.
    pub(super) fn follow_new_streams(&mut self) {
        let present = self.parts.local.look(follows);
        if self.live.as_ref().is_some_and(|live| live.follows != present) {
            self.open_live();
        }
    }

    pub(super) fn take_live(&mut self, happened: Happened) {
        match happened {
            Happened::Opened(bytes) => {
                let state = State::Open { bytes, reader: EventReader::default(), events: VecDeque::new() };
                if let Some(live) = &mut self.live {
                    live.state = state;
                }
                self.input(Input::LiveOpened);
            }
            Happened::Closed => self.live_closed(),
            Happened::Event(event) => match event.decode() {
                Ok(Some(LiveEvent::Batch(batch))) => self.take_live_batch(batch),
                Ok(None) => {}
                Ok(Some(LiveEvent::Again(_))) => self.live_closed(),
                Err(error) => {
                    tracing::warn!(%error, "a live event could not be read");
                    self.live_closed();
                }
            },
        }
    }

    fn take_live_batch(&mut self, batch: enishi_protocol::sync::Batch) {
        let Some(session) = self.live.as_ref().map(|live| live.session) else { return };
        let (changes, of_inbox) = (batch.changes.len(), matches!(batch.stream, Stream::Member(_)));
        match self.parts.local.step(&[], |replica| replica.live(session, batch)) {
            Ok(stepped) => {
                if stepped.changed {
                    self.chores.took(changes, false);
                    if of_inbox {
                        self.chores.look_for_bookmarked();
                    }
                    (self.parts.changed)();
                }
                self.input(Input::LiveTook(stepped.value));
                self.look_for_new_grants();
            }
            Err(error) => match self.store_failed(&error) {
                halted @ Failure::Halted(_) => self.failed(halted),
                _ => self.live_closed(),
            },
        }
    }

    /// A batch may have granted a stream that only a request can begin to fetch.
    fn look_for_new_grants(&mut self) {
        let begins = |replica: &Replica| replica.streams.values().any(|held| held.target().cursor.is_none());
        if self.parts.local.look(begins) {
            self.input(Input::LiveTook(Taken::Missed));
        }
        self.follow_new_streams();
    }

    fn live_closed(&mut self) {
        self.live = None;
        self.input(Input::LiveClosed);
    }
}

pub(super) fn follows(replica: &Replica) -> Follows {
    let streams = followed(replica).into_iter().map(|stream| (stream.stream, stream.grant));
    (replica.era, streams.collect())
}

/// Where the phone stands in every stream whose first page it has.
fn followed(replica: &Replica) -> Vec<StreamRequest> {
    let (_, outgoing) = replica.request(usize::MAX);
    let begun = outgoing.streams.into_iter().filter(|stream| stream.cursor.is_some());
    begun.map(|stream| StreamRequest { page: None, ..stream }).collect()
}
