//! What happens around every request: it is counted and logged by its route, never by its path
//! (which may carry a code), and a client that is too old is told so.

use crate::{error::Error, telemetry};
use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{Method, Response},
    middleware::Next,
    response::IntoResponse,
};
use enishi_protocol::{CLIENT_HEADER, ErrorCode};
use std::time::Instant;

/// The oldest client that is still understood.
const OLDEST_CLIENT: u32 = 1;

pub(super) async fn count(request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    // A method comes from outside: those that nobody knows are counted as one.
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    metrics::counter!(telemetry::REQUESTS, "route" => route.clone(), "method" => method, "status" => status.to_string())
        .increment(1);
    metrics::histogram!(telemetry::REQUEST_SECONDS, "route" => route.clone()).record(seconds);
    tracing::debug!(method, route, status, seconds, "request");
    response
}

pub(super) async fn refuse_too_old(request: Request, next: Next) -> Response<Body> {
    let version = request
        .headers()
        .get(CLIENT_HEADER)
        .map(|value| value.to_str().ok().and_then(|version| version.trim().parse::<u32>().ok()).unwrap_or_default());
    match version {
        Some(version) if version < OLDEST_CLIENT => Error::Refused(ErrorCode::UpgradeRequired).into_response(),
        _ => next.run(request).await,
    }
}
