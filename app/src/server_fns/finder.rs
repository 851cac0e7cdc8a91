//! The finder.

use domain::{
    id::FoundId,
    view::finder::{FinderPage, FinderQuery},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// The page.
#[server(name = LoadFinder, prefix = "/fn", endpoint = "finder", input = GetUrl)]
pub async fn load_finder(query: FinderQuery) -> Result<FinderPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::finder::page(&services, &visit.actor, &query).await.map_err(crate::error::wire)
}

/// Confirms a candidate: makes the record.
#[server(name = ConfirmFound, prefix = "/fn", endpoint = "confirm_found")]
pub async fn confirm_found(found: FoundId, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::finder::confirm(&services, &visit.actor, found).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "confirmed");
    Ok(())
}

/// Dismisses with a reason.
#[server(name = DismissFound, prefix = "/fn", endpoint = "dismiss_found")]
pub async fn dismiss_found(
    found: FoundId,
    reason: String,
    #[server(default)] note: String,
    back: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::finder::dismiss(&services, &visit.actor, found, &reason, &note).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "dismissed");
    Ok(())
}

/// Not now: quiet until a day or the renewal.
#[server(name = QuietFound, prefix = "/fn", endpoint = "quiet_found")]
pub async fn quiet_found(
    found: FoundId,
    #[server(default)] until: String,
    #[server(default)] renewal: bool,
    back: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let until = if renewal { "renewal".to_owned() } else { until };
    services::finder::quiet(&services, &visit.actor, found, &until).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "quiet");
    Ok(())
}
