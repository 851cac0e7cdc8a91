//! The frame.

use domain::view::shell::Shell;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// The frame's figures at this moment.
#[server(name = LoadShell, prefix = "/fn", endpoint = "shell", input = GetUrl)]
pub async fn load_shell() -> Result<Shell, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::shell::shell(&services, &visit.actor).await.map_err(crate::error::wire)
}

/// Sets the theme: `light`, `dark`, `system`.
#[server(name = SetTheme, prefix = "/fn", endpoint = "theme")]
pub async fn set_theme(theme: String, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::me::set_theme(&services, &visit.actor, &theme).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "");
    Ok(())
}
