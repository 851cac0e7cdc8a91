//! The HTTP API (PRODUCT 13, CONTRACT 2–3). The OpenAPI document is generated from the handlers, so it can't disagree.
//!
//! To add an operation: a handler with `#[utoipa::path]` in the file of its noun, a line in [`operations`], a row in the
//! access test.

mod csv;
mod customers;
mod docs;
pub mod extract;
mod finder;
mod imports;
mod page;
mod signals;
pub mod types;

use axum::{Router, extract::DefaultBodyLimit, response::IntoResponse, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    problem::{Problem, ProblemField},
    state::AppState,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Headroom",
        description = "Expansion signals, found opportunities, accounts and imports. Money is a decimal string with its \
                       currency beside it; days are YYYY-MM-DD, instants RFC 3339 in UTC; errors are RFC 9457 problem \
                       details; lists are `{data, next_cursor, totals}`.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")
    ),
    modifiers(&Bearer),
    security(("token" = [])),
    components(schemas(Problem, ProblemField))
)]
struct Description;

/// Bearer tokens, made by an admin or `headroom token create`.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token")).build();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Every operation of the API.
fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(finder::list, finder::search))
        .routes(routes!(signals::log))
        .routes(routes!(signals::of_customer))
        .routes(routes!(customers::list))
        .routes(routes!(customers::one))
        .routes(routes!(customers::contracts))
        .routes(routes!(imports::run))
        .routes(routes!(imports::one))
        .routes(routes!(imports::undo))
}

/// The router below `/api`.
pub fn router(_state: &AppState) -> Router<AppState> {
    let (router, description) =
        OpenApiRouter::with_openapi(Description::openapi()).nest("/api", operations()).split_for_parts();
    let document = serde_json::to_string_pretty(&description).unwrap_or_default();
    let docs = docs::page(&description);
    router
        .route(
            "/api/openapi.json",
            get(move || async move { ([(http::header::CONTENT_TYPE, "application/json")], document) }),
        )
        .route("/api/docs", get(move || async move { docs::respond(docs) }))
        .route("/api/{*rest}", axum::routing::any(async || Problem::not_found()))
        .method_not_allowed_fallback(async || {
            Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "This address does not have that method; see /api/docs.")
        })
        .layer(DefaultBodyLimit::disable())
}

/// How long an `Idempotency-Key` gives the same answer (CONTRACT 2).
const KEY_HOURS: i64 = 24;
/// Longest key.
const MOST_KEY_CHARS: usize = 200;

/// Runs `work` once per key: the same key of the same person gives the first answer again for 24 hours.
///
/// # Errors
/// What `work` answers; 400 for a key that is too long.
pub(crate) async fn idempotent(
    services: &services::Services,
    actor: &domain::access::Actor,
    key: Option<&str>,
    path: &str,
    work: impl AsyncFnOnce() -> Result<(http::StatusCode, serde_json::Value), Problem>,
) -> Result<axum::response::Response, Problem> {
    let answer = |status: http::StatusCode, body: serde_json::Value| (status, axum::Json(body)).into_response();
    let Some(key) = key.filter(|key| !key.is_empty()) else {
        let (status, body) = work().await?;
        return Ok(answer(status, body));
    };
    if key.chars().count() > MOST_KEY_CHARS {
        return Err(Problem::bad_request(format!("Idempotency-Key: write at most {MOST_KEY_CHARS} characters.")));
    }
    let now = services.now();
    let since = now.plus_seconds(-KEY_HOURS * 3600);
    let known = store::idempotency::find(services.db.read(), actor.user, key, path, since).await;
    if let Some(known) = known.map_err(services::Error::from)? {
        let status = http::StatusCode::from_u16(known.status).unwrap_or(http::StatusCode::OK);
        return Ok(answer(status, serde_json::from_str(&known.body).unwrap_or_default()));
    }
    let (status, body) = work().await?;
    let kept = &store::idempotency::Answer { status: status.as_u16(), body: body.to_string() };
    let user = actor.user;
    let write = |tx: store::Tx| async move { store::idempotency::put(&tx, user, key, path, kept, now).await };
    services.db.write(write).await.map_err(services::Error::from)?;
    Ok(answer(status, body))
}

/// Every operation as (method, path), for the test that lists routes × roles.
#[must_use]
pub fn listing() -> Vec<(String, String)> {
    let description = operations().into_openapi();
    let mut all = Vec::new();
    for (path, item) in &description.paths.paths {
        for (method, operation) in
            [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)]
        {
            if operation.is_some() {
                all.push((method.to_owned(), format!("/api{path}")));
            }
        }
    }
    all
}
