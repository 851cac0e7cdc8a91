//! The one error that server functions answer with, and the one place that makes it from the services' errors
//! (ARCHITECTURE 5).

use domain::view::FieldMessage;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a page or a form can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WireError {
    /// Not there, or not this person's to see.
    #[error("This page does not exist, or it is not yours to see.")]
    NotFound,
    /// Seen, but not allowed.
    #[error("Your role may not do this.")]
    Denied,
    /// The input is wrong, field by field.
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldMessage>),
    /// Somebody was faster, or the state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries.
    #[error("Too many tries. Wait {retry_after_seconds} seconds, then try again.")]
    TooMany {
        /// Seconds to wait.
        retry_after_seconds: u64,
    },
    /// Something that is needed is not there at the moment.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours; the log knows more.
    #[error("Something failed on our side. Nothing was saved.")]
    Internal {
        /// What the log calls this request.
        request_id: String,
    },
    /// Nobody is signed in, or no longer.
    #[error("You are signed out. Sign in to go on.")]
    SignedOut,
}

fn summary(messages: &[FieldMessage]) -> String {
    match messages.iter().find(|message| message.field.is_empty()) {
        Some(message) => message.message.clone(),
        None if messages.len() == 1 => "One field needs another answer.".into(),
        None => format!("{} fields need another answer.", messages.len()),
    }
}

impl WireError {
    /// The message beside a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let WireError::Invalid(messages) = self else { return None };
        messages.iter().find(|message| message.field == name).map(|message| message.message.clone())
    }
}

impl FromServerFnError for WireError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> WireError {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                WireError::Unavailable("The server did not answer. Nothing was saved; try again in a moment.".into())
            }
            ServerFnErrorErr::Args(text)
            | ServerFnErrorErr::MissingArg(text)
            | ServerFnErrorErr::Deserialization(text) => {
                let error = WireError::Invalid(vec![FieldMessage { field: String::new(), message: text }]);
                #[cfg(feature = "ssr")]
                crate::context::answer_status(error.status());
                error
            }
            _ => WireError::Internal { request_id: String::new() },
        }
    }
}

#[cfg(feature = "ssr")]
impl WireError {
    /// The HTTP status of this answer.
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode as S;
        match self {
            WireError::NotFound => S::NOT_FOUND,
            WireError::Denied => S::FORBIDDEN,
            WireError::Invalid(_) => S::UNPROCESSABLE_ENTITY,
            WireError::Conflict(_) => S::CONFLICT,
            WireError::TooMany { .. } => S::TOO_MANY_REQUESTS,
            WireError::Unavailable(_) => S::SERVICE_UNAVAILABLE,
            WireError::Internal { .. } => S::INTERNAL_SERVER_ERROR,
            WireError::SignedOut => S::UNAUTHORIZED,
        }
    }
}

/// Turns a use case's error into the answer: sets the HTTP status, and logs faults of ours once.
#[cfg(feature = "ssr")]
pub fn wire(error: services::Error) -> WireError {
    use services::Error as E;
    let error = match error {
        E::Denied => WireError::Denied,
        E::NotFound => WireError::NotFound,
        E::Invalid(messages) => WireError::Invalid(messages),
        E::Conflict(text) => WireError::Conflict(text),
        E::TooMany { retry_after_seconds } => WireError::TooMany { retry_after_seconds },
        E::Unavailable(text) => {
            tracing::warn!(%text, "unavailable");
            WireError::Unavailable(text)
        }
        E::Internal(text) => {
            let request_id = crate::context::request_id();
            tracing::error!(%text, request_id, "a page or form failed");
            WireError::Internal { request_id }
        }
    };
    crate::context::answer_status(error.status());
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stand_beside_their_field_and_are_counted() {
        let message = |field: &str| FieldMessage { field: field.into(), message: format!("{field} is wrong") };
        let error = WireError::Invalid(vec![message("amount"), message("closed_on")]);
        assert_eq!(error.field("amount").as_deref(), Some("amount is wrong"));
        assert_eq!(error.field("name"), None);
        assert_eq!(error.to_string(), "2 fields need another answer.");
        let whole = WireError::Invalid(vec![FieldMessage { field: String::new(), message: "Nothing to save.".into() }]);
        assert_eq!(whole.to_string(), "Nothing to save.");
    }

    #[test]
    fn an_error_survives_the_way_through_the_address_of_a_form() {
        let error = WireError::Conflict("Somebody was faster.".into());
        assert_eq!(WireError::de(error.ser()), error);
    }
}
