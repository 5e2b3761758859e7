//! The OpenAPI document, made from the handlers.

use super::router;
use axum::{http::header, response::IntoResponse};
use enishi_protocol::{AttachmentId, media::MediaSize};
use utoipa::{
    PartialSchema,
    openapi::{
        OpenApi,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// The document of every operation that phones may call. Each one's tag says who may:
/// `public`, `session` or `member`.
pub fn document() -> OpenApi {
    let (_, mut document) = router::operations().split_for_parts();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The session's token")).build();
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert("session".into(), SecurityScheme::Http(scheme).into());
    // Schemas are gathered from bodies; these stand in paths and queries alone.
    components.schemas.insert("AttachmentId".into(), AttachmentId::schema());
    components.schemas.insert("MediaSize".into(), MediaSize::schema());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_document_leads_to_a_schema() {
        let text = text().unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let schemas = &document["components"]["schemas"];
        let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
        let missing: Vec<_> = names.filter(|name| schemas.get(name).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
