//! Sign-in, sign-out and invitations: plain form posts, because a session can't be changed while a page streams.

use std::net::SocketAddr;

use app::{
    context::Visit,
    url::{encode, finished},
};
use axum::{
    Extension, Form,
    extract::{ConnectInfo, Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{access::Role, id::UserId};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{problem::Problem, state::AppState};

/// Session key of the signed-in person.
pub const USER: &str = store::sessions::USER_KEY;

/// The form of `/login`.
#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`.
pub async fn sign_in(
    State(state): State<AppState>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    session: Session,
    Form(form): Form<SignIn>,
) -> Response {
    let address =
        address.map_or_else(|| "local".to_owned(), |Extension(ConnectInfo(address))| address.ip().to_string());
    let back =
        |error: &str| format!("/login?error={error}&email={}&next={}", encode(form.email.trim()), encode(&form.next));
    match services::auth::sign_in(&state.services, &form.email, &form.password, &address).await {
        Ok(user) => begin(&session, user, &finished(&form.next, "")).await,
        Err(services::Error::Denied) => Redirect::to(&back("wrong")).into_response(),
        Err(services::Error::TooMany { retry_after_seconds }) => {
            let minutes = retry_after_seconds.div_ceil(60);
            let text = format!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Too many tries · Headroom</title>\
                 </head><body><h1>Too many tries</h1><p>Sign-in with this address is closed for {minutes} more minutes. \
                 <a href=\"/login\">Back to sign-in</a></p></body></html>"
            );
            let mut response = (StatusCode::TOO_MANY_REQUESTS, axum::response::Html(text)).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
            response
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Starts a session under a new id.
async fn begin(session: &Session, user: UserId, next: &str) -> Response {
    let begun = async {
        session.cycle_id().await?;
        session.insert(USER, user).await
    };
    match begun.await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => Problem::from(services::Error::Internal(format!("session: {error}"))).into_response(),
    }
}

/// `POST /logout`.
pub async fn sign_out(session: Session) -> Response {
    match session.flush().await {
        Ok(()) => Redirect::to("/login?done=signed-out").into_response(),
        Err(error) => Problem::from(services::Error::Internal(format!("session: {error}"))).into_response(),
    }
}

/// The form of `/invite/{token}`.
#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `POST /invite/{token}`: sets the password and signs in.
pub async fn accept_invitation(
    State(state): State<AppState>,
    Path(token): Path<String>,
    session: Session,
    Form(form): Form<NewPassword>,
) -> Response {
    let page = |error: &str| Redirect::to(&format!("/invite/{}?error={error}", encode(&token))).into_response();
    if form.password != form.again {
        return page("different");
    }
    match services::auth::accept_invitation(&state.services, &token, &form.password).await {
        Ok(user) => begin(&session, user, "/").await,
        Err(services::Error::Invalid(_)) => page("short"),
        Err(services::Error::NotFound) => page("used"),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// `GET /`: the first page of each role.
pub async fn home(Extension(visit): Extension<Visit>) -> Redirect {
    Redirect::to(match visit.actor.role {
        Role::Admin | Role::CsLeader => "/finder",
        Role::Csm | Role::SalesRep => "/inbox",
        Role::Viewer => "/accounts",
    })
}
