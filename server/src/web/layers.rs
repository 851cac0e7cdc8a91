//! Layers around every request: its id and metrics, security headers, the origin check, and who is visiting.

use std::{any::Any, time::Instant};

use app::context::Visit;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::id::UserId;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use tower_sessions::Session;

use crate::{
    problem::{Problem, REQUEST_ID},
    state::AppState,
    telemetry,
    web::sign_in::USER,
};

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id (16 hex digits), counts it, and logs what failed.
pub async fn request(mut request: Request, next: Next) -> Response {
    let id = hex::encode(services::auth::random_bytes::<8>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID_HEADER, value.clone());
    }
    let started = Instant::now();
    let mut response = REQUEST_ID.scope(id.clone(), next.run(request)).await;
    let status = response.status();
    telemetry::count_request(method.as_str(), &route, status.as_u16(), started.elapsed());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    response
}

/// A panic becomes a 500 that names itself in the log; the server goes on.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(%text, "a request panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.").into_response()
}

/// The headers of CONTRACT 4. A page brings its own content security policy with its nonce; everything else gets one
/// that allows nothing.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses a changing request that a browser sends from another site. Programs send neither header; they need a token
/// or the person's own cookie, which a foreign site can't read.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_token = request.headers().contains_key(header::AUTHORIZATION);
    if safe || by_token || comes_from_here(&request) {
        next.run(request).await
    } else {
        Problem::new(StatusCode::FORBIDDEN, "This form was sent from another site.").into_response()
    }
}

fn comes_from_here(request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = text("host").or_else(|| request.uri().host());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    origin_host.is_some() && origin_host == host
}

/// Puts the visitor into the request, and sends visitors who are not signed in to the sign-in page.
pub async fn visit(State(state): State<AppState>, session: Session, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let user = match session.get::<UserId>(USER).await {
        Ok(user) => user,
        Err(error) => return Problem::from(services::Error::Internal(format!("session: {error}"))).into_response(),
    };
    let actor = match user {
        Some(user) => match services::auth::actor_of(&state.services, user).await {
            Ok(actor) => actor,
            Err(error) => return Problem::from(error).into_response(),
        },
        None => None,
    };
    let Some(actor) = actor else {
        let open = is_open(&path);
        let page = request.method() == Method::GET && !path.starts_with("/fn/") && path != "/events";
        return match (open, page) {
            (true, _) => next.run(request).await,
            (false, true) => Redirect::to(&sign_in_address(request.uri())).into_response(),
            (false, false) if path.starts_with("/fn/") => next.run(request).await,
            (false, false) => Problem::new(StatusCode::UNAUTHORIZED, "Sign in first.").into_response(),
        };
    };
    let renders_a_page = request.method() == Method::GET && !path.starts_with("/fn/") && path != "/events";
    let shell = if renders_a_page {
        match services::shell::shell(&state.services, &actor).await {
            Ok(shell) => Some(shell),
            Err(error) => return Problem::from(error).into_response(),
        }
    } else {
        None
    };
    let session = session.id().map(|id| id.to_string()).unwrap_or_default();
    request.extensions_mut().insert(Visit { actor, session, shell });
    next.run(request).await
}

/// What visitors may see who are not signed in.
fn is_open(path: &str) -> bool {
    path == "/login"
        || path.starts_with("/invite/")
        || path.starts_with("/api")
        || matches!(path, "/favicon.ico" | "/favicon.svg" | "/robots.txt" | "/logout" | "/echarts.js")
}

/// `/login?next=…` for a page; only its own path is kept.
fn sign_in_address(uri: &Uri) -> String {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    if wanted == "/" { "/login".into() } else { format!("/login?next={}", app::url::encode(wanted)) }
}
