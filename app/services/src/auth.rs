//! Who is it: passwords, sign-in with its rate limit, tokens, invitations, and the actor of a request.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use domain::{
    access::{Actor, Capability, Role, Scope, TokenScope},
    id::UserId,
    time::At,
};
use rand::RngCore;
use sha2::{Digest, Sha256};
use store::{
    Tx,
    tokens::NewToken,
    users::{NewUser, User},
};

use crate::{Error, Result, Services, audit};

/// Failures after which an account and address wait (CONTRACT 4).
const FAILURES_ALLOWED: u32 = 10;
/// The window in which failures count.
const FAILURE_WINDOW_SECONDS: i64 = 15 * 60;
/// Shortest password that is accepted.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// Longest, so that hashing stays bounded.
pub const MAX_PASSWORD_CHARS: usize = 200;
/// How long an invitation works.
const INVITATION_DAYS: i64 = 7;
/// Longest life of a token.
const MAX_TOKEN_SECONDS: i64 = 3 * 366 * 86_400;
/// A hash of no password, verified when the account does not exist so that both answers take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$8dZWEzjGUUN2wqGWcbyDVnuPvHwxaT0HdZw1fXRhnZQ";

/// Random bytes of the operating system.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "secrets come from the operating system, in this one function")]
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// SHA-256 in hex: how tokens and invitations are kept.
#[must_use]
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Checks a new password; the message says what would be right.
///
/// # Errors
/// [`Error::Invalid`] beside `field`.
pub fn check_password(field: &str, password: &str) -> Result<()> {
    let length = password.chars().count();
    if length < MIN_PASSWORD_CHARS {
        return Err(Error::field(field, format!("Write at least {MIN_PASSWORD_CHARS} characters; this has {length}.")));
    }
    if length > MAX_PASSWORD_CHARS {
        return Err(Error::field(field, format!("Write at most {MAX_PASSWORD_CHARS} characters.")));
    }
    Ok(())
}

/// Hashes a password with argon2id, off the async threads and only a few at once.
///
/// # Errors
/// [`Error::Internal`] when hashing fails.
pub async fn hash_password(services: &Services, password: &str) -> Result<String> {
    let password = password.to_owned();
    let salt = random_bytes::<16>();
    blocking(services, move || {
        let salt = SaltString::encode_b64(&salt).map_err(|error| Error::Internal(format!("salt: {error}")))?;
        Argon2::default()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(format!("hashing a password: {error}")))
    })
    .await
}

/// Whether a password belongs to a hash.
async fn verify(services: &Services, password: &str, hash: &str) -> Result<bool> {
    let (password, hash) = (password.to_owned(), hash.to_owned());
    blocking(services, move || {
        let parsed = PasswordHash::new(&hash).map_err(|error| Error::Internal(format!("stored hash: {error}")))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

async fn blocking<T: Send + 'static>(
    services: &Services,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _permit = services.hashing.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(format!("hashing task: {error}")))?
}

/// Signs a person in by e-mail and password.
///
/// # Errors
/// [`Error::Denied`] for a wrong pair (the same whether the account exists or not), [`Error::TooMany`] after
/// 10 failures in 15 minutes for this account and address.
pub async fn sign_in(services: &Services, email: &str, password: &str, address: &str) -> Result<UserId> {
    let now = services.now();
    let email = email.trim().to_lowercase();
    let since = now.plus_seconds(-FAILURE_WINDOW_SECONDS);
    let attempts = store::attempts::since(services.db.read(), &email, address, since).await?;
    if attempts.count >= FAILURES_ALLOWED {
        let free_at = attempts.oldest.unwrap_or(now).plus_seconds(FAILURE_WINDOW_SECONDS);
        let wait = ((free_at.0 - now.0) / 1000).max(1);
        return Err(Error::TooMany { retry_after_seconds: wait as u64 });
    }
    let known = store::users::credentials(services.db.read(), &email).await?;
    let may = known.filter(|(user, _)| user.active && (!user.demo || services.config.demo_logins));
    let (user, hash) = may.map_or((None, None), |(user, hash)| (Some(user), hash));
    let right = password.chars().count() <= MAX_PASSWORD_CHARS
        && verify(services, password, hash.as_deref().unwrap_or(NOBODY)).await?
        && hash.is_some();
    let (email, signed_in) = (&email, user.filter(|_| right).map(|user| user.id));
    let write = |tx: Tx| async move {
        let mut entry = match signed_in {
            Some(user) => {
                store::attempts::clear(&tx, email, address).await?;
                store::users::record_sign_in(&tx, user, now).await?;
                audit::by_name(email, now, "sign_in.done", email, "")
            }
            None => {
                store::attempts::record(&tx, email, address, now).await?;
                audit::by_name(email, now, "sign_in.failed", email, format!("from {address}"))
            }
        };
        entry.actor_id = signed_in;
        store::audit::record(&tx, entry).await
    };
    services.db.write(write).await?;
    signed_in.ok_or(Error::Denied)
}

/// The actor of a signed-in person; none when the person is gone or inactive.
///
/// # Errors
/// When the database can't be read.
pub async fn actor_of(services: &Services, user: UserId) -> Result<Option<Actor>> {
    let Some(user) = store::users::by_id(services.db.read(), user).await? else { return Ok(None) };
    if !user.active || (user.demo && !services.config.demo_logins) {
        return Ok(None);
    }
    Ok(Some(actor(services, user, None).await?))
}

/// The actor behind an API token; none when it is unknown, expired or revoked.
///
/// # Errors
/// When the database can't be read.
pub async fn actor_of_token(services: &Services, secret: &str) -> Result<Option<Actor>> {
    let now = services.now();
    let Some(token) = store::tokens::by_hash(services.db.read(), &digest(secret)).await? else { return Ok(None) };
    if !token.is_live(now) {
        return Ok(None);
    }
    let Some(user) = store::users::by_id(services.db.read(), token.user).await? else { return Ok(None) };
    if !user.active || (user.demo && !services.config.demo_logins) {
        return Ok(None);
    }
    // Once a minute is exact enough, and keeps reads from writing.
    if token.last_used_at.is_none_or(|last| now.0 - last.0 > 60_000) {
        let id = token.id;
        services.db.write(|tx| async move { store::tokens::record_use(&tx, id, now).await }).await?;
    }
    Ok(Some(actor(services, user, Some(token.scopes)).await?))
}

/// The scope of a role (PRODUCT 12): own accounts for CSMs, own teams for leaders (the team, or anyone below in the
/// reporting line), what was routed to them for sales reps, all for the rest.
async fn actor(services: &Services, user: User, token_scopes: Option<Vec<TokenScope>>) -> Result<Actor> {
    let scope = match user.role {
        Role::Admin | Role::Viewer => Scope::All,
        Role::Csm => Scope::Csms(vec![user.id]),
        Role::SalesRep => Scope::Routed(user.id),
        Role::CsLeader => Scope::Csms(store::users::team_of(services.db.read(), user.id).await?),
    };
    Ok(Actor {
        user: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        team: user.team,
        scope,
        token_scopes,
    })
}

/// Refuses when role or token do not allow it.
///
/// # Errors
/// [`Error::Denied`].
pub fn require(actor: &Actor, capability: Capability) -> Result<()> {
    if actor.can(capability) { Ok(()) } else { Err(Error::Denied) }
}

/// An address as it is kept: lower case, checked for its shape only.
///
/// # Errors
/// [`Error::Invalid`] beside `email`.
pub fn check_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let shaped = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if shaped && email.len() <= 254 && !email.contains(char::is_whitespace) {
        Ok(email)
    } else {
        Err(Error::field("email", format!("{email:?} is not an e-mail address; write it like ana@example.com.")))
    }
}

/// Makes a person who can sign in at once (`headroom user create`).
///
/// # Errors
/// [`Error::Conflict`] when the address is taken; [`Error::Invalid`] for a wrong field.
pub async fn create_user(
    services: &Services,
    by: &str,
    email: &str,
    name: &str,
    role: Role,
    team: Option<&str>,
    password: Option<&str>,
) -> Result<UserId> {
    let email = check_email(email)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Error::field("name", "Write a name of 1 to 200 characters."));
    }
    let hash = match password {
        Some(password) => {
            check_password("password", password)?;
            Some(hash_password(services, password).await?)
        }
        None => None,
    };
    if store::users::by_email(services.db.read(), &email).await?.is_some() {
        return Err(Error::Conflict(format!("There is a user {email} already.")));
    }
    let now = services.now();
    let new = &NewUser {
        email: email.clone(),
        name: name.to_owned(),
        role,
        team: team.map(str::trim).filter(|team| !team.is_empty()).map(str::to_owned),
        manager: None,
        password_hash: hash,
        demo: false,
    };
    let write = |tx: Tx| async move {
        let id = store::users::create(&tx, new.clone(), now).await?;
        let detail = format!("role {}", role.key());
        store::audit::record(&tx, audit::by_name(by, now, "user.created", &new.email, detail)).await?;
        Ok::<_, store::Error>(id)
    };
    Ok(services.db.write(write).await?)
}

/// Reads `90d`, `12h`, `600s` (CONTRACT 6) into seconds.
///
/// # Errors
/// [`Error::Invalid`] beside `expires_in`.
pub fn parse_lifetime(text: &str) -> Result<i64> {
    let wrong = || Error::field("expires_in", format!("{text:?} is not a lifetime; write it like 90d, 12h or 600s."));
    let text = text.trim();
    let unit = match text.chars().last() {
        Some('d') => 86_400,
        Some('h') => 3_600,
        Some('s') => 1,
        _ => return Err(wrong()),
    };
    let number: i64 = text.get(..text.len() - 1).and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    match number.checked_mul(unit) {
        Some(seconds) if seconds > 0 && seconds <= MAX_TOKEN_SECONDS => Ok(seconds),
        _ => Err(Error::field("expires_in", "A token lives at least a second and at most three years.")),
    }
}

/// Makes an API token for a person; answers the secret, which is kept as a hash only.
///
/// # Errors
/// [`Error::Invalid`] for scopes or lifetime.
pub async fn create_token(
    services: &Services,
    by: &str,
    user: UserId,
    name: &str,
    scopes: &str,
    expires_in: &str,
) -> Result<String> {
    let mut parsed: Vec<TokenScope> = Vec::new();
    for scope in scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()) {
        parsed.push(scope.parse().map_err(|message: String| Error::field("scopes", message))?);
    }
    parsed.sort_unstable();
    parsed.dedup();
    if parsed.is_empty() {
        return Err(Error::field("scopes", "Choose at least one scope: read, write, import, admin."));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::field("name", "Write a name of 1 to 100 characters."));
    }
    let now = services.now();
    let expires_at: At = now.plus_seconds(parse_lifetime(expires_in)?);
    let secret = format!("hr_{}", hex::encode(random_bytes::<24>()));
    let new = &NewToken {
        user,
        name: name.to_owned(),
        hash: digest(&secret),
        prefix: secret.chars().take(9).collect(),
        scopes: parsed,
        expires_at: Some(expires_at),
    };
    let write = |tx: Tx| async move {
        store::tokens::create(&tx, new.clone(), now).await?;
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.key()).collect();
        let detail = format!("{} for {user}, until {expires_at}", scopes.join(", "));
        store::audit::record(&tx, audit::by_name(by, now, "token.created", &new.name, detail)).await
    };
    services.db.write(write).await?;
    Ok(secret)
}

/// Makes an invitation for a person; answers the path that sets a password, valid for 7 days.
///
/// # Errors
/// When the database can't be written.
pub async fn create_invitation(services: &Services, by: &Actor, user: &User) -> Result<String> {
    let now = services.now();
    let secret = hex::encode(random_bytes::<24>());
    let (hash, ends) = (&digest(&secret), now.plus_days(INVITATION_DAYS));
    let write = |tx: Tx| async move {
        store::invitations::create(&tx, user.id, hash, ends, now).await?;
        store::audit::record(&tx, audit::by(by, now, "user.invited", &user.email, "")).await
    };
    services.db.write(write).await?;
    Ok(format!("/invite/{secret}"))
}

/// Sets a password by an invitation; answers who it was. An invitation works once.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired one; [`Error::Invalid`] for the password.
pub async fn accept_invitation(services: &Services, secret: &str, password: &str) -> Result<UserId> {
    let now = services.now();
    check_password("password", password)?;
    let invitation = store::invitations::by_hash(services.db.read(), &digest(secret), now).await?;
    let invitation = invitation.ok_or(Error::NotFound)?;
    let hash = &hash_password(services, password).await?;
    let (id, user) = (invitation.id, invitation.user);
    let write = |tx: Tx| async move {
        if !store::invitations::take(&tx, id, now).await? {
            return Ok::<_, store::Error>(false);
        }
        store::users::set_password(&tx, user, hash, now).await?;
        let entry = audit::by_name(&user.to_string(), now, "user.password_set", user.to_string(), "by invitation");
        store::audit::record(&tx, entry).await?;
        Ok(true)
    };
    if services.db.write(write).await? { Ok(user) } else { Err(Error::NotFound) }
}

/// Changes a person's own password and ends their other sessions.
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
    let Some(hash) = store::users::password_hash(services.db.read(), actor.user).await? else {
        return Err(Error::field("old", "This account has no password yet; ask an admin for an invitation."));
    };
    if !verify(services, old, &hash).await? {
        return Err(Error::field("old", "That is not the present password."));
    }
    check_password("new", new)?;
    let hash = &hash_password(services, new).await?;
    let now = services.now();
    let write = |tx: Tx| async move {
        store::users::set_password(&tx, actor.user, hash, now).await?;
        store::sessions::end_all_of(&tx, actor.user, keep_session).await?;
        store::audit::record(&tx, audit::by(actor, now, "user.password_changed", &actor.email, "")).await
    };
    Ok(services.db.write(write).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_and_addresses_say_what_would_be_right() {
        assert_eq!(parse_lifetime("90d").unwrap(), 90 * 86_400);
        assert_eq!(parse_lifetime("12h").unwrap(), 43_200);
        for wrong in ["", "90", "d", "-1d", "0s", "99999d", "9999999999999999999d", "1é"] {
            assert!(parse_lifetime(wrong).is_err(), "{wrong}");
        }
        assert_eq!(check_email(" Ana@Example.com ").unwrap(), "ana@example.com");
        for wrong in ["ana", "@b.c", "a@b", "a b@c.d", "a@.c"] {
            assert!(check_email(wrong).is_err(), "{wrong}");
        }
        assert!(check_password("p", "short").is_err() && check_password("p", "long enough").is_ok());
    }

    #[test]
    fn the_hash_of_nobody_can_be_parsed() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
