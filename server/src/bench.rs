//! The bench.

use crate::{cli::Bench, commands::Outcome, config::Config};

/// `headroom bench`.
///
/// # Errors
/// Always, for now.
pub async fn run(_config: Config, _args: Bench) -> Outcome {
    Err("not built".into())
}
