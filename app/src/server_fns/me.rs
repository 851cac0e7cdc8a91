//! A person's own page.

use domain::view::inbox::MePage;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::error::WireError;

/// A page with a secret that is shown once, after a form of a browser without scripts made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Once<T> {
    /// The page.
    pub page: T,
    /// The secret.
    pub secret: Option<String>,
}

/// The page.
#[server(name = LoadMe, prefix = "/fn", endpoint = "me", input = GetUrl)]
pub async fn load_me() -> Result<Once<MePage>, WireError> {
    let (services, visit) = crate::context::caller()?;
    let page = services::me::page(&services, &visit.actor).await.map_err(crate::error::wire)?;
    Ok(Once { page, secret: crate::context::take_secret("/me") })
}

/// Changes the password.
#[server(name = ChangePassword, prefix = "/fn", endpoint = "change_password")]
pub async fn change_password(old: String, new: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let keep = Some(visit.session.as_str());
    services::me::change_password(&services, &visit.actor, &old, &new, keep).await.map_err(crate::error::wire)?;
    crate::context::finish("/me", "password");
    Ok(())
}

/// Makes an API token; answers its secret, which is never shown again.
#[server(name = CreateToken, prefix = "/fn", endpoint = "create_token")]
pub async fn create_token(
    name: String,
    #[server(default)] scopes: Vec<String>,
    expires_in: String,
) -> Result<String, WireError> {
    let (services, visit) = crate::context::caller()?;
    let scopes = scopes.join(",");
    let made = services::me::create_token(&services, &visit.actor, &name, &scopes, &expires_in);
    let secret = made.await.map_err(crate::error::wire)?;
    crate::context::hand_over_secret("/me", &secret);
    Ok(secret)
}

/// Revokes a token.
#[server(name = RevokeToken, prefix = "/fn", endpoint = "revoke_token")]
pub async fn revoke_token(token: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::me::revoke_token(&services, &visit.actor, &token).await.map_err(crate::error::wire)?;
    crate::context::finish("/me", "revoked");
    Ok(())
}
