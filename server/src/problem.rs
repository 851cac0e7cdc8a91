//! Errors of the HTTP API: RFC 9457 problem details, made here and nowhere else (CONTRACT 2). The only place that logs
//! an internal error of the API.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::view::FieldMessage;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// An error as the API answers it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable address of this kind of error.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong here, and what would be right.
    pub detail: String,
    /// The request's id, for the log.
    pub request_id: String,
    /// Field by field, for 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// Seconds to wait, for 429; sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after_seconds: Option<u64>,
}

/// One wrong field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemField {
    /// Name of the field.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

tokio::task_local! {
    /// The id of the request that is being answered.
    pub static REQUEST_ID: String;
}

/// The id of the present request; empty outside of one.
#[must_use]
pub fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

impl Problem {
    /// A problem of a status with its detail.
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        let slug = match status {
            StatusCode::UNAUTHORIZED => "signed-out",
            StatusCode::FORBIDDEN => "not-allowed",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
            StatusCode::CONFLICT => "conflict",
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            StatusCode::UNPROCESSABLE_ENTITY => "invalid",
            StatusCode::TOO_MANY_REQUESTS => "too-many-requests",
            StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            StatusCode::INTERNAL_SERVER_ERROR => "internal",
            _ => "bad-request",
        };
        Problem {
            kind: format!("/api/docs#{slug}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            request_id: request_id(),
            errors: Vec::new(),
            retry_after_seconds: None,
        }
    }

    /// 400 with what would be right.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404: not there, or not this person's to see.
    #[must_use]
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address, or it is not yours to see.")
    }

    /// 401.
    #[must_use]
    pub fn unauthorized() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "Send a valid API token as `Authorization: Bearer …`; an admin or `headroom token create` makes one.",
        )
    }

    /// 422 for one field.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Problem {
        services::Error::field(field, message).into()
    }
}

impl From<services::Error> for Problem {
    fn from(error: services::Error) -> Problem {
        use services::Error as E;
        match error {
            E::Denied => {
                Problem::new(StatusCode::FORBIDDEN, "Your role, or the scopes of this token, do not allow that.")
            }
            E::NotFound => Problem::not_found(),
            E::Invalid(fields) => {
                let detail = fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" ");
                let errors = fields.into_iter().map(|FieldMessage { field, message }| ProblemField { field, message });
                Problem { errors: errors.collect(), ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
            }
            E::Conflict(detail) => Problem::new(StatusCode::CONFLICT, detail),
            E::TooMany { retry_after_seconds } => Problem {
                retry_after_seconds: Some(retry_after_seconds),
                ..Problem::new(StatusCode::TOO_MANY_REQUESTS, format!("Try again in {retry_after_seconds} seconds."))
            },
            E::Unavailable(detail) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail),
            E::Internal(cause) => {
                let request_id = request_id();
                tracing::error!(%cause, %request_id, "a request failed");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    format!("Something went wrong on our side. The log knows it as {request_id}."),
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after_seconds;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
