//! `/me`: a person's own password, theme and tokens.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::view::inbox::MePage;

/// The page.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor) -> Result<MePage> {
    Err(Error::Internal("not built".into()))
}

/// Sets the theme: `light`, `dark`, `system`.
///
/// # Errors
/// See [`crate::Error`].
pub async fn set_theme(services: &Services, actor: &Actor, theme: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Changes the password; ends the person's other sessions.
///
/// # Errors
/// See [`crate::Error`].
pub async fn change_password(
    services: &Services,
    actor: &Actor,
    old: &str,
    new: &str,
    keep_session: Option<&str>,
) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Makes an API token; the secret is in the answer and nowhere else. `scopes` comma-separated, `expires_in` like `90d`.
///
/// # Errors
/// See [`crate::Error`].
pub async fn create_token(
    services: &Services,
    actor: &Actor,
    name: &str,
    scopes: &str,
    expires_in: &str,
) -> Result<String> {
    Err(Error::Internal("not built".into()))
}

/// Revokes one.
///
/// # Errors
/// See [`crate::Error`].
pub async fn revoke_token(services: &Services, actor: &Actor, token: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
