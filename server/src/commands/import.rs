//! `import PATH…`.

use std::{future::Future, io::IsTerminal, time::Duration};

use domain::import::ImportReport;
use indicatif::{ProgressBar, ProgressStyle};
use services::import::{By, Progress, Request, import_paths, read_mapping};

use super::{Outcome, clock_of, open, say};
use crate::{cli::Import, config::Config};

/// How often the progress is drawn.
const TICK: Duration = Duration::from_millis(250);
/// Plain lines, where there is no terminal, come once in so many ticks.
const TICKS_PER_LINE: u32 = 20;
/// Rejections printed for people; all of them are in the ledger.
const MOST_PRINTED: usize = 20;

/// `headroom import`.
///
/// # Errors
/// When a file can't be read at all, and with `--strict` when any row was rejected.
pub async fn run(config: Config, args: Import) -> Outcome {
    let mapping = match &args.map {
        None => None,
        Some(path) => Some(read_mapping(path).map_err(say)?),
    };
    let services = open(&config, clock_of(args.clock.now), false).await?;
    let now = services.now();
    let calendar = services::org::Org::load(&services, now).await.map_err(say)?.calendar;
    let progress = Progress::default();
    let request = Request { now, calendar, by: By::CommandLine, mapping };
    let report = watch(import_paths(&services.db, request, &args.paths, &progress), &progress).await.map_err(say)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    let rejected: u64 = report.datasets.iter().map(|dataset| dataset.rejected).sum();
    if args.strict && rejected > 0 {
        return Err(format!("{rejected} rows were rejected; the ledger of {} has the reasons", report.import_id).into());
    }
    Ok(())
}

fn print(report: &ImportReport) {
    println!(
        "{:<22} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "dataset", "rows", "created", "updated", "unchanged", "rejected"
    );
    for dataset in &report.datasets {
        println!(
            "{:<22} {:>10} {:>10} {:>10} {:>10} {:>10}",
            dataset.dataset, dataset.rows, dataset.created, dataset.updated, dataset.unchanged, dataset.rejected
        );
    }
    for dataset in &report.datasets {
        for warning in dataset.warnings.iter().take(MOST_PRINTED) {
            println!("{} line {}, {}: {}", dataset.file, warning.line, warning.field, warning.message);
        }
        for rejection in dataset.rejections.iter().take(MOST_PRINTED) {
            println!("{} line {}, {}: {}", dataset.file, rejection.line, rejection.field, rejection.reason);
        }
        if dataset.rejections.len() > MOST_PRINTED {
            println!(
                "{}: … and {} more rejected rows in the ledger",
                dataset.file,
                dataset.rejected - MOST_PRINTED as u64
            );
        }
    }
    println!("Import {}.", report.import_id);
}

/// Runs `work` and shows its progress on stderr: a bar on a terminal, plain lines otherwise.
pub async fn watch<T>(work: impl Future<Output = T>, progress: &Progress) -> T {
    let terminal = std::io::stderr().is_terminal();
    let bar = if terminal { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    let mut work = std::pin::pin!(work);
    let mut tick = tokio::time::interval(TICK);
    let mut ticks = 0_u32;
    loop {
        tokio::select! {
            result = &mut work => {
                bar.finish_and_clear();
                return result;
            }
            _ = tick.tick() => {
                ticks += 1;
                bar.set_length(progress.total());
                bar.set_position(progress.done());
                bar.set_message(progress.step());
                if !terminal && ticks.is_multiple_of(TICKS_PER_LINE) {
                    eprintln!("{}, {} of {}", progress.step(), progress.done(), progress.total());
                }
            }
        }
    }
}
