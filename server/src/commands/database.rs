//! `migrate`, `check-config`, `backup`.

use std::path::Path;

use services::Clock;

use super::{Outcome, chain, open};
use crate::config::Config;

/// `headroom migrate`.
///
/// # Errors
/// When the database can't be used.
pub async fn migrate(config: Config) -> Outcome {
    open(&config, Clock::system(), false).await?;
    println!("The database is up to date.");
    Ok(())
}

/// `headroom check-config`: what is in force, without secrets.
///
/// # Errors
/// None of its own: a wrong value has stopped the start already.
pub fn check_config(config: Config) -> Outcome {
    let database = match config.database_url.split_once("://") {
        Some(("sqlite", path)) => format!("SQLite, {path}"),
        _ => "PostgreSQL".into(),
    };
    println!("data directory  {}", config.data_dir.display());
    println!("database        {database}");
    println!("listens on      {}", config.listen);
    println!("base address    {}", config.base_url);
    println!("time zone       {}", config.time_zone.as_deref().unwrap_or("from the settings page"));
    println!("currency        {}", config.currency.as_deref().unwrap_or("from the settings page"));
    println!("The configuration is good.");
    Ok(())
}

/// `headroom backup FILE`.
///
/// # Errors
/// When the copy can't be made.
pub async fn backup(config: Config, file: &Path) -> Outcome {
    let services = open(&config, Clock::system(), false).await?;
    services.db.backup(file).await.map_err(|error| format!("the copy can't be made: {}", chain(&error)))?;
    println!("The copy is in {}.", file.display());
    Ok(())
}
