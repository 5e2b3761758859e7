//! Which app may open this host's links by itself: what Android asks of the host that an app's links name.

use super::App;
use crate::error::Result;
use axum::{Json, extract::State};
use enishi_protocol::{ErrorBody, ErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

/// One app that this host's links belong to.
#[derive(Serialize, ToSchema)]
pub(super) struct AppLink {
    relation: [&'static str; 1],
    target: LinkedApp,
}

#[derive(Serialize, ToSchema)]
struct LinkedApp {
    namespace: &'static str,
    package_name: String,
    sha256_cert_fingerprints: Vec<String>,
}

/// The app of this host's links, in the form that phones look for.
#[utoipa::path(get, path = "/.well-known/assetlinks.json", operation_id = "app_links", tag = "public", responses(
    (status = 200, description = "The one app that opens this host's links", body = [AppLink]),
    (status = 404, description = "This host's links belong to no app", body = ErrorBody),
))]
pub(super) async fn show(State(app): State<App>) -> Result<Json<[AppLink; 1]>> {
    let android = app.config.android.clone().ok_or(ErrorCode::NotFound)?;
    let target = LinkedApp {
        namespace: "android_app",
        package_name: android.package,
        sha256_cert_fingerprints: android.certificates,
    };
    Ok(Json([AppLink { relation: ["delegate_permission/common.handle_all_urls"], target }]))
}
