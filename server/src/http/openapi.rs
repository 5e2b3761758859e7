//! The OpenAPI document, made from the handlers.

use super::router;
use axum::{http::header, response::IntoResponse};
use utoipa::openapi::{
    OpenApi,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The document of every operation that phones may call. Each one's tag says who may:
/// `public`, `session` or `member`.
pub fn document() -> OpenApi {
    let (_, mut document) = router::operations().split_for_parts();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The session's token")).build();
    document
        .components
        .get_or_insert_default()
        .security_schemes
        .insert("session".into(), SecurityScheme::Http(scheme).into());
    document
}

/// The document as JSON, as it is printed and kept.
///
/// # Errors
/// Never for the document of this crate.
pub fn text() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&document()).map(|text| text + "\n")
}

/// This document.
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "openapi", tag = "public", responses(
    (status = 200, description = "The OpenAPI document of this server", body = Object),
))]
pub(super) async fn show() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text().unwrap_or_default())
}
