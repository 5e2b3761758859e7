//! `POST /v1/live`: server-sent events of what changes in the streams that a phone follows.

use super::{App, extract::MemberBody};
use crate::{error::Result, sync::hub::LiveItem, telemetry};
use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use enishi_protocol::{
    ErrorBody,
    sync::{LiveEvent, LiveRequest},
};
use futures_util::stream::{self, Stream};
use std::{convert::Infallible, time::Duration};

/// How often a silent connection says that it lives, so that nothing between takes it for dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// Follows streams as they change. What was missed since the cursors comes first.
#[utoipa::path(post, path = "/v1/live", operation_id = "live", tag = "member", security(("session" = [])),
    request_body = LiveRequest, responses(
    (status = 200, description = "Server-sent events `batch` and `again`, each with its JSON", body = LiveEvent,
        content_type = "text/event-stream"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn live(
    State(app): State<App>,
    MemberBody(member, request): MemberBody<LiveRequest>,
) -> Result<Sse<impl Stream<Item = std::result::Result<Event, Infallible>>>> {
    let items = app.hub.open(member.member, member.session.session, &request)?;
    let events = stream::unfold((items, Open::count()), |(mut items, open)| async move {
        let item = items.recv().await?;
        Some((Ok(event(&item)), (items, open)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

fn event(item: &LiveItem) -> Event {
    Event::default().event(item.event).data(String::from_utf8_lossy(&item.data))
}

/// Counts a connection while it is open.
struct Open;

impl Open {
    fn count() -> Self {
        metrics::gauge!(telemetry::LIVE).increment(1);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!(telemetry::LIVE).decrement(1);
    }
}
