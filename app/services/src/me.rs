//! `/me`: a person's own password, theme and tokens.

use domain::{
    access::Actor,
    id::TokenId,
    view::inbox::{MePage, TokenRow},
};
use store::Tx;

use crate::{Error, Result, Services, audit, auth, org::Org};

/// The page.
///
/// # Errors
/// When the database can't be read.
pub async fn page(services: &Services, actor: &Actor) -> Result<MePage> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let user = store::users::by_id(services.db.read(), actor.user).await?.ok_or(Error::NotFound)?;
    let tokens = store::tokens::of_user(services.db.read(), actor.user).await?;
    let row = |token: store::tokens::Token| TokenRow {
        id: token.id.to_string(),
        state: match (token.revoked_at, token.is_live(now)) {
            (Some(_), _) => "revoked",
            (None, true) => "active",
            (None, false) => "expired",
        }
        .into(),
        scopes: token.scopes.iter().map(|scope| scope.key()).collect::<Vec<_>>().join(", "),
        expires: token.expires_at.map_or_else(|| "never".into(), |at| org.moment(at, now)),
        last_used: token.last_used_at.map_or_else(|| "never".into(), |at| org.moment(at, now)),
        name: token.name,
        prefix: token.prefix,
    };
    Ok(MePage {
        name: user.name,
        email: user.email,
        role: user.role.label().into(),
        team: user.team,
        theme: user.theme,
        tokens: tokens.into_iter().map(row).collect(),
    })
}

/// Sets the theme: `light`, `dark`, `system`.
///
/// # Errors
/// [`Error::Invalid`] for another word.
pub async fn set_theme(services: &Services, actor: &Actor, theme: &str) -> Result<()> {
    if !matches!(theme, "light" | "dark" | "system") {
        return Err(Error::field("theme", "Choose light, dark or system."));
    }
    services.db.write(|tx| async move { store::users::set_theme(&tx, actor.user, theme).await }).await?;
    Ok(())
}

/// Changes the password; ends the person's other sessions.
///
/// # Errors
/// [`Error::Invalid`] beside `old` or `new`.
pub async fn change_password(
    services: &Services,
    actor: &Actor,
    old: &str,
    new: &str,
    keep_session: Option<&str>,
) -> Result<()> {
    auth::change_password(services, actor, old, new, keep_session).await
}

/// Makes an API token; the secret is in the answer and nowhere else. `scopes` comma-separated, `expires_in` like `90d`.
///
/// # Errors
/// [`Error::Invalid`] beside the field.
pub async fn create_token(
    services: &Services,
    actor: &Actor,
    name: &str,
    scopes: &str,
    expires_in: &str,
) -> Result<String> {
    auth::create_token(services, &actor.email, actor.user, name, scopes, expires_in).await
}

/// Revokes one of the person's own tokens.
///
/// # Errors
/// [`Error::NotFound`] for another's or an unknown one.
pub async fn revoke_token(services: &Services, actor: &Actor, token: &str) -> Result<()> {
    let id: TokenId = token.parse().map_err(|_| Error::NotFound)?;
    let now = services.now();
    let write = |tx: Tx| async move {
        let revoked = store::tokens::revoke(&tx, actor.user, id, now).await?;
        if revoked {
            store::audit::record(&tx, audit::by(actor, now, "token.revoked", id.to_string(), "")).await?;
        }
        Ok::<_, store::Error>(revoked)
    };
    if services.db.write(write).await? { Ok(()) } else { Err(Error::NotFound) }
}
