//! The router: pages, server functions, forms, files, live events, the API, and the layers around them.

mod downloads;
mod events;
mod health;
mod layers;
mod sign_in;
mod uploads;

pub use sign_in::USER;

use std::path::PathBuf;

use app::{App, shell};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderValue, header};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use services::Services;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
};
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time},
};

use crate::{
    api,
    state::{AppState, SecretKey},
    telemetry,
};

/// Name of the session cookie.
const COOKIE: &str = "headroom";
/// A session ends after so many days without a change.
const SESSION_DAYS: i64 = 14;
/// Forms are small; uploads and imports have limits of their own.
const FORM_LIMIT_BYTES: usize = 1024 * 1024;

/// What the router needs to know besides the services.
pub struct WebConfig {
    /// Folder of the built site.
    pub site_root: PathBuf,
    /// Whether cookies are `Secure` and HSTS is sent.
    pub tls: bool,
    /// Signs cursors.
    pub secret: SecretKey,
}

/// The whole application as one router.
pub fn router(services: Services, web: &WebConfig) -> Router {
    let leptos = LeptosOptions::builder()
        .output_name("headroom")
        .site_root(web.site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build();
    let state = AppState { leptos, services, metrics: telemetry::metrics(), secret: web.secret.clone() };
    // Once, before serving: it renders every route.
    let routes = generate_route_list(App);

    let sessions =
        SessionManagerLayer::new(store::sessions::Sessions::new(state.services.db.clone(), services::clock::wall))
            .with_name(COOKIE)
            .with_same_site(SameSite::Lax)
            .with_http_only(true)
            .with_secure(web.tls)
            .with_expiry(Expiry::OnInactivity(time::Duration::days(SESSION_DAYS)));

    let context = {
        let services = state.services.clone();
        move || provide_context(services.clone())
    };
    let options = state.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&state, routes, context.clone(), move || shell(options.clone()))
        .route("/login", post(sign_in::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/invite/{token}", post(sign_in::accept_invitation))
        .route("/", get(sign_in::home))
        .route("/admin/imports/upload", post(uploads::upload).layer(DefaultBodyLimit::disable()))
        .route("/admin/imports/{id}/rejected.csv", get(downloads::rejected))
        .route("/actions/invite.ics", get(downloads::invitation))
        .route("/events", get(events::stream))
        .fallback(page_or_404)
        .layer(from_fn_with_state(state.clone(), layers::visit));

    let static_files = Router::new()
        .nest_service("/pkg", ServeDir::new(web.site_root.join("pkg")).precompressed_br().precompressed_gzip())
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            // Names stay the same from version to version: the browser asks each time, and is told that nothing changed.
            HeaderValue::from_static("public, max-age=0, must-revalidate"),
        ));

    let compressed = SizeAbove::new(1024)
        .and(NotForContentType::new("text/event-stream"))
        .and(NotForContentType::new("application/wasm"));
    let mut router = pages
        .merge(api::router(&state))
        .layer(DefaultBodyLimit::max(FORM_LIMIT_BYTES))
        .layer(sessions)
        .layer(from_fn(layers::same_origin))
        .merge(static_files)
        .merge(health::router())
        .layer(CompressionLayer::new().gzip(true).br(false).compress_when(compressed))
        .layer(from_fn(layers::security_headers))
        .layer(from_fn(layers::request))
        .layer(CatchPanicLayer::custom(layers::panicked));
    if web.tls {
        router = router.layer(SetResponseHeaderLayer::overriding(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        ));
    }
    router.with_state(state)
}

/// A file of the site, or the page that says that there is nothing here.
async fn page_or_404(State(state): State<AppState>, request: Request) -> Response {
    let context = {
        let services = state.services.clone();
        move || provide_context(services.clone())
    };
    leptos_axum::file_and_error_handler_with_context::<AppState, _>(context, shell)(
        request.uri().clone(),
        State(state),
        request,
    )
    .await
    .into_response()
}
