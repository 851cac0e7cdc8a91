//! `/accounts`, `/accounts/{id}`, `/api/customers`, `/api/contracts`.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::view::account::{AccountPage, AccountsPage, AccountsQuery};

/// The list.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, query: &AccountsQuery) -> Result<AccountsPage> {
    Err(Error::Internal("not built".into()))
}

/// One account by id or external id; `open` names a measure whose rows are shown.
///
/// # Errors
/// See [`crate::Error`].
pub async fn account(services: &Services, actor: &Actor, reference: &str, open: &str) -> Result<AccountPage> {
    Err(Error::Internal("not built".into()))
}
