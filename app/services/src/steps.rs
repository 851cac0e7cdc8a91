//! Next steps that work (PRODUCT 5): a call invitation, an outreach draft, a proposal, a task.

#![expect(unused_variables, reason = "signatures first")]
use domain::access::Actor;
use domain::id::FoundId;

use crate::{Error, Result, Services};

/// A calendar invitation (RFC 5545) for a call with the champion, in three working days at 10:00.
///
/// # Errors
/// See [`crate::Error`].
pub async fn invitation(services: &Services, actor: &Actor, found: FoundId) -> Result<String> {
    Err(Error::Internal("not built".into()))
}

/// A mail text from the evidence.
///
/// # Errors
/// See [`crate::Error`].
pub async fn draft(services: &Services, actor: &Actor, found: FoundId) -> Result<domain::view::finder::OutreachDraft> {
    Err(Error::Internal("not built".into()))
}

/// Records that somebody reached out; the 14-day guard starts.
///
/// # Errors
/// See [`crate::Error`].
pub async fn record_outreach(services: &Services, actor: &Actor, found: FoundId, what: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// What a printable proposal holds.
///
/// # Errors
/// See [`crate::Error`].
pub async fn proposal(services: &Services, actor: &Actor, found: FoundId) -> Result<domain::view::finder::Proposal> {
    Err(Error::Internal("not built".into()))
}

/// Makes a task for this person, due on a day (`YYYY-MM-DD`).
///
/// # Errors
/// See [`crate::Error`].
pub async fn add_task(services: &Services, actor: &Actor, found: FoundId, title: &str, due_on: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
