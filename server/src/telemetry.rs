//! Logs and metrics.

use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging to stderr. A filter that can't be read falls back to `info`.
pub fn start_logging(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start in one process (tests) keeps the first.
    drop(
        tracing_subscriber::registry()
            .with(filter)
            .with(fmt::layer().with_writer(std::io::stderr).with_target(true))
            .try_init(),
    );
}

/// The recorder behind `/metrics`; one per process.
#[must_use]
pub fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Fails only when another recorder is there; then /metrics stays empty but serves.
            drop(metrics::set_global_recorder(recorder));
            handle
        })
        .clone()
}

/// Counts a request.
pub fn count_request(method: &str, route: &str, status: u16, took: Duration) {
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("headroom_http_requests_total", &labels).increment(1);
    metrics::histogram!("headroom_http_request_seconds", "route" => route.to_owned()).record(took.as_secs_f64());
}
