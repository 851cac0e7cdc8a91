//! The frame around every page.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::view::shell::Shell;

/// Counts, sync health and the person's own facts.
///
/// # Errors
/// See [`crate::Error`].
pub async fn shell(services: &Services, actor: &Actor) -> Result<Shell> {
    Err(Error::Internal("not built".into()))
}
