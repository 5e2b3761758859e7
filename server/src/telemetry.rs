//! Logs and metrics. Neither holds an address, a name, a text, a code or a token: only ids made at
//! random, routes, outcomes, sizes and times.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Requests by route and status.
pub const REQUESTS: &str = "enishi_http_requests_total";
/// How long requests took, in seconds, by route.
pub const REQUEST_SECONDS: &str = "enishi_http_request_seconds";
/// Mutations decided, by outcome.
pub const MUTATIONS: &str = "enishi_sync_mutations_total";
/// How many writes were committed together.
pub const COMMIT_WRITES: &str = "enishi_commit_writes";
/// How long a commit with its flush took, in seconds.
pub const COMMIT_SECONDS: &str = "enishi_commit_seconds";
/// Live connections open now.
pub const LIVE: &str = "enishi_live_connections";

/// Begins to write logs, as JSON lines to standard error. `RUST_LOG` chooses what; a second call does nothing.
pub fn init_logs() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    // Libraries below log what they carry (SQL, headers): none of them may speak above a warning.
    let quiet = ["hyper", "rustls", "tokio_postgres", "lettre", "h2"];
    let filter = quiet.iter().fold(filter, |filter, name| match format!("{name}=warn").parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    });
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
}

/// The numbers of this process; begins to count with the first call.
pub fn metrics() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| begin_counting().ok()).clone()
}

/// Sorts the samples taken since the last call into their histograms. Until then each is held by itself, so without
/// this a server whose numbers nobody asks for grows with every request.
pub fn gather() {
    if let Some(numbers) = metrics() {
        numbers.run_upkeep();
    }
}

fn begin_counting() -> Result<PrometheusHandle, BuildError> {
    let seconds = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    let writes = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
    PrometheusBuilder::new()
        .set_buckets(&seconds)?
        .set_buckets_for_metric(Matcher::Full(COMMIT_WRITES.into()), &writes)?
        .install_recorder()
}
