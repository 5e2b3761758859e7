//! Every route, and what stands around all of them.

use super::{
    App, account, addresses, answer, app_links, approvals, decline, devices, feed, invitations, join, landing, leaving,
    live, media, notices, openapi, recoveries, recovery_code, session, sign_in, status, stop, sync, watch,
};
use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::from_fn,
};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, decompression::RequestDecompressionLayer,
    sensitive_headers::SetSensitiveRequestHeadersLayer, timeout::TimeoutLayer,
};
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long a request may take until its answer begins.
const PATIENCE: Duration = Duration::from_secs(30);

/// All operations, with their documentation.
pub(super) fn operations() -> OpenApiRouter<App> {
    let info = InfoBuilder::new()
        .title("Enishi")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("What a phone and a server say to each other."))
        .build();
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
        .routes(routes!(sign_in::start))
        .routes(routes!(sign_in::spend))
        .routes(routes!(session::show, session::end))
        .routes(routes!(notices::seen))
        .routes(routes!(devices::list, devices::revoke_others))
        .routes(routes!(devices::revoke))
        .routes(routes!(addresses::list, addresses::start))
        .routes(routes!(addresses::confirm))
        .routes(routes!(addresses::remove))
        .routes(routes!(approvals::start))
        .routes(routes!(approvals::show))
        .routes(routes!(approvals::approve))
        .routes(routes!(approvals::spend))
        .routes(routes!(approvals::page))
        .routes(routes!(recovery_code::set))
        .routes(routes!(recovery_code::spend))
        .routes(routes!(recoveries::list, recoveries::ask))
        .routes(routes!(recoveries::stop))
        .routes(routes!(stop::show, stop::press))
        .routes(routes!(leaving::leave))
        .routes(routes!(account::delete))
        .routes(routes!(invitations::show))
        .routes(routes!(invitations::accept))
        .routes(routes!(sync::sync))
        .routes(routes!(live::live))
        .routes(routes!(feed::older))
        .routes(routes!(feed::singles))
        .routes(routes!(feed::search))
        .routes(routes!(feed::history))
        .routes(routes!(media::standing, media::receive, media::cancel))
        .routes(routes!(media::finish))
        .routes(routes!(media::show))
        .routes(routes!(app_links::show))
        .routes(routes!(landing::show))
        .routes(routes!(decline::show, decline::press))
        .routes(routes!(join::begin, join::ask))
        .routes(routes!(join::show, join::go_on))
        .routes(routes!(status::healthz))
        .routes(routes!(status::readyz))
        .routes(routes!(openapi::show))
}

/// The whole server as a service.
pub fn router(app: App) -> Router {
    let (routes, _) = operations().split_for_parts();
    let around = ServiceBuilder::new()
        .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION]))
        .layer(from_fn(watch::count))
        .layer(CompressionLayer::new())
        .layer(from_fn(answer::in_words))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn(watch::refuse_too_old))
        .layer(RequestDecompressionLayer::new());
    routes.fallback(nowhere).layer(around).with_state(app)
}

async fn nowhere(_request: Request) -> StatusCode {
    StatusCode::NOT_FOUND
}
