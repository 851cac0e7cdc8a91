//! `/admin/users`.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::{id::UserId, view::admin::UsersPage};

/// People.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, q: &str, page: u32) -> Result<UsersPage> {
    Err(Error::Internal("not built".into()))
}

/// Makes a person without a password.
///
/// # Errors
/// See [`crate::Error`].
pub async fn create(
    services: &Services,
    actor: &Actor,
    email: &str,
    name: &str,
    role: &str,
    team: &str,
) -> Result<UserId> {
    Err(Error::Internal("not built".into()))
}

/// Changes role, team and whether they may sign in. The last active admin stays one.
///
/// # Errors
/// See [`crate::Error`].
pub async fn update(
    services: &Services,
    actor: &Actor,
    user: UserId,
    role: &str,
    team: &str,
    active: bool,
) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Makes an invitation; answers its path `/invite/<token>`, shown once, valid for 7 days.
///
/// # Errors
/// See [`crate::Error`].
pub async fn invite(services: &Services, actor: &Actor, user: UserId) -> Result<String> {
    Err(Error::Internal("not built".into()))
}
