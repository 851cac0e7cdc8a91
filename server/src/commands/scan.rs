//! `scan`.

use domain::access::Scope;

use super::{Outcome, clock_of, open, say};
use crate::{cli::Scan, config::Config};

/// `headroom scan`: all accounts, or those that are named.
///
/// # Errors
/// When an account is not there, or the database can't be written.
pub async fn run(config: Config, args: Scan) -> Outcome {
    let services = open(&config, clock_of(args.clock.now), false).await?;
    let now = services.now();
    let report = if args.customers.is_empty() {
        services::scan::scan_all(&services, now).await.map_err(say)?
    } else {
        let today = services::org::Org::load(&services, now).await.map_err(say)?.calendar.day_of(now);
        let mut ids = Vec::with_capacity(args.customers.len());
        for reference in &args.customers {
            let account = store::customers::by_ref(services.db.read(), &Scope::All, reference, today).await?;
            ids.push(account.ok_or_else(|| format!("there is no account {reference:?} on {today}"))?.customer.id);
        }
        services::scan::scan_accounts(&services, now, &ids).await.map_err(say)?
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!(
            "{} accounts in {} ms: {} signals opened, {} updated, {} closed; {} opportunities made; {} found, {} held back.",
            report.accounts,
            report.took_ms,
            report.signals_opened,
            report.signals_updated,
            report.signals_closed,
            report.opportunities_created,
            report.found,
            report.held_back
        );
    }
    Ok(())
}
