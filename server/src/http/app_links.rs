//! Which app may open this host's links by itself: what Android asks of the host that an app's links name.

use super::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// One app that this host's links belong to.
#[derive(Serialize, ToSchema)]
pub(super) struct Statement {
    relation: [&'static str; 1],
    target: Target,
}

#[derive(Serialize, ToSchema)]
struct Target {
    namespace: &'static str,
    package_name: String,
    sha256_cert_fingerprints: Vec<String>,
}

/// The app of this host's links, in the form that phones look for.
#[utoipa::path(get, path = "/.well-known/assetlinks.json", operation_id = "app_links", tag = "public", responses(
    (status = 200, description = "The one app that opens this host's links", body = [Statement]),
    (status = 404, description = "This host's links belong to no app"),
))]
pub(super) async fn show(State(app): State<App>) -> Result<Json<[Statement; 1]>, StatusCode> {
    let android = app.config.android.clone().ok_or(StatusCode::NOT_FOUND)?;
    let target = Target {
        namespace: "android_app",
        package_name: android.package,
        sha256_cert_fingerprints: android.certificates,
    };
    Ok(Json([Statement { relation: ["delegate_permission/common.handle_all_urls"], target }]))
}
