//! Extractors whose refusals are problem details.

use axum::{
    extract::{FromRef, FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    response::IntoResponse,
};
use domain::access::{Actor, TokenScope};
use http::{Method, StatusCode, header, request::Parts};
use serde::de::DeserializeOwned;
use tower_sessions::Session;

use crate::{problem::Problem, state::AppState, web::USER};

/// JSON bodies are small; imports have their own reader.
const JSON_LIMIT_BYTES: usize = 1024 * 1024;

/// Who calls: the bearer token's person; for GET also the signed-in person of the browser (exports are links).
pub struct Caller(pub Actor);

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Caller, Problem> {
        let services = AppState::from_ref(state).services;
        let actor = match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let text = value.to_str().map_err(|_| Problem::unauthorized())?;
                let (scheme, token) = text.split_once(' ').ok_or_else(Problem::unauthorized)?;
                if !scheme.eq_ignore_ascii_case("bearer") {
                    return Err(Problem::unauthorized());
                }
                services::auth::actor_of_token(&services, token.trim()).await?
            }
            None if parts.method == Method::GET => match Session::from_request_parts(parts, state).await {
                Ok(session) => match session.get::<domain::id::UserId>(USER).await {
                    Ok(Some(user)) => services::auth::actor_of(&services, user).await?,
                    _ => None,
                },
                Err(_) => None,
            },
            None => None,
        };
        let actor = actor.ok_or_else(Problem::unauthorized)?;
        let needed = match parts.method {
            Method::GET | Method::HEAD => TokenScope::Read,
            // The import path asks for its own scope.
            _ if parts.uri.path().contains("/import") => TokenScope::Import,
            // A search by POST changes nothing.
            _ if parts.uri.path().ends_with("/intelligence/expansion-opportunities") => TokenScope::Read,
            _ => TokenScope::Write,
        };
        if !actor.has_scope(needed) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                format!("This token lacks the scope `{}`; make one with it.", needed.key()),
            ));
        }
        Ok(Caller(actor))
    }
}

/// Query parameters; what can't be read is a 400 that names it.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Query(query)),
            Err(rejection) => Err(Problem::bad_request(rejection.body_text())),
        }
    }
}

/// A path parameter.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(_) => Err(Problem::not_found()),
        }
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, JSON_LIMIT_BYTES)
            .await
            .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 1 MB, or broke off."))?;
        let request = Request::from_parts(parts, axum::body::Body::from(bytes));
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Json(value)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }
}

fn refused(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON with `Content-Type: application/json`.")
        }
        JsonRejection::JsonDataError(error) => {
            let text = innermost(error);
            let field = text.split_once(": ").map_or("", |(path, _)| path).to_owned();
            Problem::field(if field.contains(' ') { "" } else { &field }, text)
        }
        other => Problem::bad_request(other.body_text()),
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}

/// A JSON answer.
pub fn json<T: serde::Serialize>(value: T) -> axum::response::Response {
    axum::Json(value).into_response()
}
