//! The devices that an account is signed in on.

use super::{
    App,
    extract::{self, SignedIn},
};
use crate::{accounts::devices, db::Scope, error::Result};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use enishi_protocol::{DeviceId, ErrorBody, session::Device};

/// The account's devices.
#[utoipa::path(get, path = "/v1/devices", operation_id = "devices", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "The devices, the one that asks first", body = Vec<Device>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn list(State(app): State<App>, SignedIn(session): SignedIn) -> Result<axum::Json<Vec<Device>>> {
    let now_us = app.surroundings.now_us();
    let list = app.db.read(Scope::Accounts, move |conn| devices::list(conn, now_us, &session)).await?;
    Ok(axum::Json(list))
}

/// Revokes a device: it is signed out everywhere.
#[utoipa::path(delete, path = "/v1/devices/{device}", operation_id = "revoke_device", tag = "session", security(("session" = [])),
    params(("device" = DeviceId, Path, description = "Which device")), responses(
    (status = 204, description = "Revoked"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn revoke(
    State(app): State<App>,
    headers: HeaderMap,
    Path(device): Path<DeviceId>,
) -> Result<StatusCode> {
    // Whoever revokes the device that they hold, and hears nothing, asks once more with a session that is over.
    if extract::ended_device(&headers, &app).await? == Some(device) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let session = extract::session(&headers, &app).await?;
    let now_us = app.surroundings.now_us();
    app.db.write(Scope::Accounts, move |conn| devices::revoke(conn, now_us, &session, device)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes all devices but this one: they are signed out everywhere.
#[utoipa::path(delete, path = "/v1/devices", operation_id = "revoke_other_devices", tag = "session", security(("session" = [])), responses(
    (status = 204, description = "Revoked"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn revoke_others(State(app): State<App>, SignedIn(session): SignedIn) -> Result<StatusCode> {
    let now_us = app.surroundings.now_us();
    app.db.write(Scope::Accounts, move |conn| devices::revoke_others(conn, now_us, &session)).await?;
    Ok(StatusCode::NO_CONTENT)
}
