//! What handlers share.

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use services::Services;

/// What handlers share.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Where the site is.
    pub leptos: LeptosOptions,
    /// Use cases.
    pub services: Services,
    /// `/metrics`.
    pub metrics: PrometheusHandle,
    /// Signs list cursors.
    pub secret: SecretKey,
}

/// The key of `HEADROOM_SECRET_KEY`.
#[derive(Clone)]
pub struct SecretKey(pub std::sync::Arc<[u8]>);
