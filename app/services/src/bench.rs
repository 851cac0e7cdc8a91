//! Measuring: the bars of PRODUCT 15 on scan and import, each beside its floor. `headroom bench` prints them.
//!
//! Everything runs on a SQLite file of its own in a folder that is thrown away, through the same functions as in service.

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use domain::{
    calendar::Calendar,
    id::CustomerId,
    import::Dataset,
    time::{At, Day},
};
use store::{Db, bench::Copied};

use crate::{
    Clock, Error, Result, Services, demo,
    import::{By, Progress, Request, Source, import_file, import_paths},
    org::Config,
    scan,
};

/// Accounts of the incremental scan.
const TOUCHED: usize = 100;
/// Usage rows of the import that is measured.
const USAGE_ROWS: usize = 1_000_000;
/// Accounts over which those rows are spread.
const USAGE_ACCOUNTS: usize = 1_000;
/// Opportunities of the import that is measured.
const OPPORTUNITIES: usize = 10_000;

/// A measured promise.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// What came out, in seconds or megabytes.
    pub value: f64,
    /// The most that it may be.
    pub bar: Option<f64>,
    /// The same in plain SQL.
    pub floor: Option<f64>,
    /// "s" or "MB".
    pub unit: &'static str,
}

impl Figure {
    fn seconds(what: impl Into<String>, value: f64, bar: Option<f64>, floor: Option<f64>) -> Figure {
        Figure { what: what.into(), value, bar, floor, unit: "s" }
    }

    fn megabytes(what: impl Into<String>, value: f64, bar: Option<f64>) -> Figure {
        Figure { what: what.into(), value, bar, floor: None, unit: "MB" }
    }

    /// Whether the bar holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.bar.is_none_or(|bar| self.value <= bar)
    }
}

/// Measures in `folder`, which has to exist; `tell` is called with each figure as it is known. The bar of the scan grows
/// with the number of accounts, as PRODUCT 15 says: 1.1 × linear above 10,000.
///
/// # Errors
/// When the folder can't be written.
pub async fn measure(folder: &Path, accounts: u32, as_of: Day, mut tell: impl FnMut(&Figure)) -> Result<()> {
    imports(&folder.join("imports"), as_of).await?.iter().for_each(&mut tell);
    scans(&folder.join("scans"), accounts, as_of).await?.iter().for_each(tell);
    Ok(())
}

async fn scans(folder: &Path, accounts: u32, as_of: Day) -> Result<Vec<Figure>> {
    let services = open(folder, as_of).await?;
    let now = services.now();
    let files = folder.join("files");
    let started = Instant::now();
    write_tables(&files, demo::generate(demo::DEFAULT_SEED, as_of, accounts))?;
    let generated = seconds(started);
    let started = Instant::now();
    import_paths(&services.db, request(now), std::slice::from_ref(&files), &Progress::default()).await?;
    let imported = seconds(started);
    std::fs::remove_dir_all(&files).map_err(unwritable)?;
    services.db.close().await;
    drop(services);
    // As `headroom scan` begins: nothing in memory yet.
    let services = open(folder, as_of).await?;
    reset_peak();
    let (first, report) = timed(scan::scan_all(&services, now)).await?;
    let peak = peak_megabytes();
    let (second, _) = timed(scan::scan_all(&services, now)).await?;
    let (floor, rows) = timed(async { Ok(store::bench::aggregate_usage(&services.db).await?) }).await?;
    let scale = f64::from(accounts) / 10_000.0;
    let bar = 5.0 * if scale > 1.0 { scale * 1.1 } else { scale.max(0.01) };
    let what = format!("{accounts} accounts, {:.1} M usage rows", rows as f64 / 1e6);
    let mut figures = vec![
        Figure::seconds(format!("(making the files of {what})"), generated, None, None),
        Figure::seconds("(importing them)", imported, None, None),
        Figure::seconds(
            format!("first full scan, {what}, {} signals opened", report.signals_opened),
            first,
            Some(bar),
            Some(floor),
        ),
        Figure::seconds("full scan again, nothing to write", second, Some(bar), Some(floor)),
        Figure::megabytes("memory of the process during the first full scan, at most", peak, Some(400.0)),
    ];
    figures.extend(incremental(&services, folder, accounts, as_of).await?);
    services.db.close().await;
    Ok(figures)
}

/// A day's usage for a hundred accounts arrives and is scanned.
async fn incremental(services: &Services, folder: &Path, accounts: u32, as_of: Day) -> Result<Vec<Figure>> {
    let settled = scan::scan_touched(services, services.now()).await?;
    let tomorrow = as_of + 1;
    let now = morning(tomorrow);
    services.clock.set(now);
    let customers = demo::generate(demo::DEFAULT_SEED, as_of, accounts).into_iter().find(|t| t.dataset == "customers");
    let step = (accounts as usize / TOUCHED).max(1);
    let references: Vec<String> = customers
        .into_iter()
        .flat_map(|table| table.rows)
        .filter_map(|row| row.into_iter().next())
        .step_by(step)
        .collect();
    let file = folder.join("usage_metrics.csv");
    let rows = references.iter().flat_map(|reference| {
        [("active_users", 61), ("api_calls", 900)]
            .map(|(metric, value)| format!("{reference},{metric},{tomorrow},{value}"))
    });
    write_lines(&file, "customer_external_id,metric,observed_on,value", rows)?;
    import_paths(&services.db, request(now), &[file], &Progress::default()).await?;
    let (took, report) = timed(scan::scan_touched(services, now)).await?;
    // Another process, which has nothing in memory.
    let fresh = Services::new(services.db.clone(), services.clock.clone(), Config::default());
    let ids: Vec<CustomerId> = store::scan::account_ids(&services.db).await?.into_iter().step_by(step).collect();
    let (cold, _) = timed(scan::scan_accounts(&fresh, now, &ids)).await?;
    let explained = ids.first().copied().unwrap_or(CustomerId(1));
    let (explain, _) = timed(scan::explain(services, now, explained)).await?;
    Ok(vec![
        Figure::seconds(
            format!("(incremental scan after the first import, {} accounts)", settled.accounts),
            settled.took_ms as f64 / 1e3,
            None,
            None,
        ),
        Figure::seconds(format!("incremental scan after data for {} accounts", report.accounts), took, Some(0.5), None),
        Figure::seconds(format!("the same for {} accounts in a new process", ids.len()), cold, Some(0.5), None),
        Figure::seconds("(why not? of one account)", explain, None, None),
    ])
}

async fn imports(folder: &Path, as_of: Day) -> Result<Vec<Figure>> {
    let services = open(folder, as_of).await?;
    let now = services.now();
    let customers = folder.join("customers.csv");
    let lines = (0..USAGE_ACCOUNTS).map(|n| format!("C-{n},Account {n}"));
    write_lines(&customers, "external_id,name", lines)?;
    import(&services, Dataset::Customers, customers, now).await?;

    let usage = folder.join("usage_metrics.csv");
    let days = USAGE_ROWS / USAGE_ACCOUNTS / 2;
    let lines = (0..USAGE_ACCOUNTS).flat_map(|account| {
        (0..days).flat_map(move |back| {
            let day = as_of - (days - 1 - back) as i32;
            ["active_users", "api_calls"]
                .map(|metric| format!("C-{account},{metric},{day},{}", (account * 7 + back) % 977))
        })
    });
    write_lines(&usage, "customer_external_id,metric,observed_on,value", lines)?;
    reset_peak();
    let usage_took = import(&services, Dataset::UsageMetrics, usage, now).await?;
    let peak = peak_megabytes();
    let (usage_floor, _) = timed(async { Ok(store::bench::copy_table(&services.db, Copied::Usage).await?) }).await?;

    let opportunities = folder.join("opportunities.csv");
    let lines = (0..OPPORTUNITIES).map(|n| {
        let (account, day) = (n % USAGE_ACCOUNTS, as_of - (n % 300) as i32);
        format!("O-{n},C-{account},Deal {n},upsell,qualified,{},{day}", 1_000 + n)
    });
    write_lines(
        &opportunities,
        "external_id,customer_external_id,name,type,stage,estimated_value,identified_on",
        lines,
    )?;
    let opportunities_took = import(&services, Dataset::Opportunities, opportunities, now).await?;
    let (opportunities_floor, _) =
        timed(async { Ok(store::bench::copy_table(&services.db, Copied::Opportunities).await?) }).await?;
    services.db.close().await;
    Ok(vec![
        Figure::seconds("import of 1,000,000 usage rows", usage_took, Some(20.0), Some(usage_floor)),
        Figure::megabytes("memory of the process during it, at most", peak, None),
        Figure::seconds("import of 10,000 opportunities", opportunities_took, Some(2.0), Some(opportunities_floor)),
    ])
}

async fn import(services: &Services, dataset: Dataset, path: PathBuf, now: At) -> Result<f64> {
    let source = Source { name: path.display().to_string(), path };
    let (took, report) = timed(import_file(&services.db, request(now), dataset, source, &Progress::default())).await?;
    let rejected: u64 = report.datasets.iter().map(|file| file.rejected).sum();
    if rejected > 0 {
        return Err(Error::Internal(format!("the bench made {rejected} rows of {dataset:?} that the import refuses")));
    }
    Ok(took)
}

fn request(now: At) -> Request {
    Request { now, calendar: Calendar::default(), by: By::CommandLine, mapping: None }
}

/// 09:00 UTC.
fn morning(day: Day) -> At {
    day.start_utc().plus_seconds(9 * 3_600)
}

async fn open(folder: &Path, as_of: Day) -> Result<Services> {
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let url = format!("sqlite://{}", folder.join("bench.db").display());
    let db = Db::connect(&url, store::Options::default()).await?;
    db.migrate().await?;
    Ok(Services::new(db, Clock::fixed(morning(as_of)), Config::default()))
}

fn write_tables(folder: &Path, tables: Vec<demo::Table>) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    for table in tables {
        let file = std::fs::File::create(folder.join(format!("{}.csv", table.dataset))).map_err(unwritable)?;
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
        std::io::copy(&mut table.into_csv(), &mut out).map_err(unwritable)?;
        out.flush().map_err(unwritable)?;
    }
    Ok(())
}

fn write_lines(path: &Path, header: &str, lines: impl Iterator<Item = String>) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).map_err(unwritable)?);
    writeln!(out, "{header}").map_err(unwritable)?;
    for line in lines {
        writeln!(out, "{line}").map_err(unwritable)?;
    }
    out.flush().map_err(unwritable)
}

fn unwritable(error: std::io::Error) -> Error {
    Error::Unavailable(format!("the bench's folder can't be written: {error}"))
}

async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(f64, T)> {
    let started = Instant::now();
    let done = work.await?;
    Ok((seconds(started), done))
}

fn seconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64()
}

/// Forgets the highest memory use so far, where the system can.
fn reset_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// The highest memory use since the last reset, in MB; 0 where the system does not say.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

#[cfg(test)]
mod tests {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_small_portfolio_is_measured_and_every_bar_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let as_of = "2026-02-02".parse().unwrap();
        let figures = super::scans(folder.path(), 20, as_of).await.unwrap();
        let bars: Vec<Option<f64>> = figures.iter().filter(|f| f.bar.is_some()).map(|f| f.bar).collect();
        assert_eq!(bars, [Some(0.05), Some(0.05), Some(400.0), Some(0.5), Some(0.5)]);
        assert!(figures.iter().all(|figure| figure.value >= 0.0));
    }
}
