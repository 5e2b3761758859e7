//! Whether the server lives and is ready to serve, and its numbers.

use super::App;
use crate::{db::Scope, error::Result, telemetry};
use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use enishi_protocol::{ErrorBody, ErrorCode};

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "public", responses((status = 200, description = "It lives", body = String)))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether requests can be served: the database answers, and the server is not going away.
#[utoipa::path(get, path = "/readyz", tag = "public", responses(
    (status = 200, description = "It is ready", body = String),
    (status = "default", description = "It is not", body = ErrorBody),
))]
pub(super) async fn readyz(State(app): State<App>) -> Result<&'static str> {
    if app.closing.is_cancelled() {
        return Err(ErrorCode::ShuttingDown.into());
    }
    let sql = "SELECT id FROM account LIMIT 1";
    app.db.read(Scope::Accounts, move |conn| conn.query(sql, &[]).map(drop)).await?;
    Ok("ready\n")
}

/// The numbers' own router: it listens on an address of its own, away from phones.
pub fn metrics_router() -> Router {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics() -> impl IntoResponse {
    let text = telemetry::metrics().map(|handle| handle.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
