//! What a use case answers when it can't do what was asked.

use domain::view::FieldMessage;

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case failed. Web and API turn it into an answer in one place (`server::problem`, `app::error`).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Seen, but not allowed: 403.
    #[error("not allowed")]
    Denied,
    /// Not there, or not this person's to see: 404.
    #[error("not found")]
    NotFound,
    /// The input is wrong, field by field: 422.
    #[error("the input is not valid")]
    Invalid(Vec<FieldMessage>),
    /// Somebody was faster, or the state does not allow it: 409.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries: 429, with the seconds to wait.
    #[error("too many tries")]
    TooMany {
        /// Seconds to wait.
        retry_after_seconds: u64,
    },
    /// Something that is needed is not there at the moment: 503.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours: 500. The text goes to the log only.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// One wrong field.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldMessage { field: field.into(), message: message.into() }])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::Conflict(_) => Error::Conflict(error.to_string()),
            store::Error::Busy | store::Error::ReadOnly | store::Error::Full | store::Error::Unfit(_) => {
                Error::Unavailable(error.to_string())
            }
            other => {
                let mut text = other.to_string();
                let mut source = std::error::Error::source(&other);
                while let Some(inner) = source {
                    text.push_str(": ");
                    text.push_str(&inner.to_string());
                    source = inner.source();
                }
                Error::Internal(text)
            }
        }
    }
}
