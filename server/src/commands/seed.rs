//! `seed --demo`.

use services::import::Progress;

use super::{Outcome, clock_of, import::watch, open, say};
use crate::{cli::Seed, config::Config};

/// A demo of another day stands at this hour of it, after the daily scan.
const HOUR_OF_ANOTHER_DAY: i64 = 9 * 3600 + 5 * 60;

/// `headroom seed --demo`: fills an empty database and prints the logins.
///
/// # Errors
/// When the database holds users already, or can't be written.
pub async fn run(config: Config, args: Seed) -> Outcome {
    let services = open(&config, clock_of(args.clock.now), false).await?;
    if args.if_empty && store::users::count(services.db.read()).await? > 0 {
        if store::users::has_demo(services.db.read()).await? {
            print_logins();
        }
        return Ok(());
    }
    let clock = services.now();
    let calendar = services::org::Org::load(&services, clock).await.map_err(say)?.calendar;
    let as_of = args.as_of.unwrap_or_else(|| calendar.day_of(clock));
    let now = if as_of == calendar.day_of(clock) {
        clock
    } else {
        calendar.start_of(as_of).plus_seconds(HOUR_OF_ANOTHER_DAY)
    };
    let accounts = u32::try_from(args.accounts).map_err(|_| "too many accounts")?;
    let progress = Progress::default();
    let seeding = services::seed::demo(&services, args.seed, as_of, accounts, now, &progress);
    let seeded = watch(seeding, &progress).await.map_err(say)?;
    let rows: u64 = seeded.report.datasets.iter().map(|dataset| dataset.rows).sum();
    let rejected: u64 = seeded.report.datasets.iter().map(|dataset| dataset.rejected).sum();
    println!("{rows} rows of {accounts} accounts as of {as_of}, {rejected} rejected.");
    println!("The first scan opened {} signals; the finder lists {}.", seeded.scan.signals_opened, seeded.scan.found);
    print_logins();
    Ok(())
}

fn print_logins() {
    println!(
        "Demo logins: admin@example.com, leader@example.com, csm@example.com, rep@example.com, viewer@example.com"
    );
    println!("Password: {}", services::seed::PASSWORD);
}
