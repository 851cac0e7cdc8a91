//! `/finder` and `/api/intelligence/expansion-opportunities`: what was found, within a scope.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::{
    id::FoundId,
    view::finder::{FinderPage, FinderQuery},
};

/// The finder page.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, query: &FinderQuery) -> Result<FinderPage> {
    Err(Error::Internal("not built".into()))
}

/// Confirms a candidate or an exploratory one: makes the record, stage identified. Answers the record's reference.
///
/// # Errors
/// See [`crate::Error`].
pub async fn confirm(services: &Services, actor: &Actor, found: FoundId) -> Result<String> {
    Err(Error::Internal("not built".into()))
}

/// Dismisses what was found, with a reason: `not_a_fit`, `bad_timing`, `in_progress`, `bad_data`, `other`; its signals are dismissed with it.
///
/// # Errors
/// See [`crate::Error`].
pub async fn dismiss(services: &Services, actor: &Actor, found: FoundId, reason: &str, note: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Not now: quiet until a day (`YYYY-MM-DD`) or `renewal`.
///
/// # Errors
/// See [`crate::Error`].
pub async fn quiet(services: &Services, actor: &Actor, found: FoundId, until: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
