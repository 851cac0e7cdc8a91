//! What the command line does, one file per noun.

pub mod database;
pub mod import;
pub mod people;
pub mod scan;
pub mod seed;
pub mod serve;

use domain::time::At;
use services::{Clock, Services};

use crate::config::Config;

/// Why a command failed: one clear line.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Result of a command.
pub type Outcome = Result<(), Failure>;

/// The clock of a single command: fixed by `--now`, else the system's.
fn clock_of(now: Option<At>) -> Clock {
    now.map_or_else(Clock::system, Clock::fixed)
}

/// Connects, brings the schema up to date, and puts the services together.
///
/// # Errors
/// When the data directory or the database can't be used.
pub async fn open(config: &Config, clock: Clock, worker: bool) -> Result<Services, Failure> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|error| format!("the data directory {} can't be made: {error}", config.data_dir.display()))?;
    let db = store::Db::connect(&config.database_url, store::Options::default())
        .await
        .map_err(|error| format!("the database can't be opened: {}", chain(&error)))?;
    db.migrate().await.map_err(|error| format!("the database can't be brought up to date: {}", chain(&error)))?;
    Ok(Services::new(db, clock, config.for_services(worker)))
}

/// An error with its causes in one line.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// A use case's error as one line for the terminal.
#[must_use]
pub fn say(error: services::Error) -> Failure {
    match error {
        services::Error::Invalid(messages) => {
            let lines: Vec<String> = messages
                .into_iter()
                .map(|m| if m.field.is_empty() { m.message } else { format!("{}: {}", m.field, m.message) })
                .collect();
            lines.join(" ").into()
        }
        other => other.to_string().into(),
    }
}
