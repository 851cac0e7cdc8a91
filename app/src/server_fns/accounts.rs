//! Accounts.

use domain::view::account::{AccountPage, AccountsPage, AccountsQuery};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// The list.
#[server(name = LoadAccounts, prefix = "/fn", endpoint = "accounts", input = GetUrl)]
pub async fn load_accounts(query: AccountsQuery) -> Result<AccountsPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::accounts::page(&services, &visit.actor, &query).await.map_err(crate::error::wire)
}

/// One account; `open` names a measure whose rows are shown.
#[server(name = LoadAccount, prefix = "/fn", endpoint = "account", input = GetUrl)]
pub async fn load_account(reference: String, #[server(default)] open: String) -> Result<AccountPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::accounts::account(&services, &visit.actor, &reference, &open).await.map_err(crate::error::wire)
}
