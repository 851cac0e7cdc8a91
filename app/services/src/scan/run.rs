//! Running: workers load and decide, one writes.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use domain::id::UserId;
use store::scan::{AccountChanges, Accounts, Applied, Loader, apply};
use tokio::{sync::mpsc, task::JoinSet};

use super::{ScanReport, plan, setup::Setup};
use crate::{Error, Result, Services, live::Nudge};

/// Accounts of a batch: a few megabytes of usage, and a transaction of some milliseconds.
pub(super) const BATCH: usize = 200;
/// Batches that are loaded and decided at the same time.
pub(super) const WORKERS: usize = 2;
/// How often a batch that somebody changed meanwhile is read again.
const ATTEMPTS: u32 = 4;

/// A batch with what is to be written of it.
struct Decided {
    accounts: Accounts,
    changes: Vec<AccountChanges>,
    counts: ScanReport,
}

/// Scans batches of accounts.
pub(super) async fn run(services: &Services, setup: Arc<Setup>, batches: Vec<Accounts>) -> Result<ScanReport> {
    let batches = Arc::new(batches);
    let next = Arc::new(AtomicUsize::new(0));
    let (decided, mut waiting) = mpsc::channel::<Result<Decided>>(WORKERS);
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS.min(batches.len()) {
        let (db, setup) = (services.db.clone(), Arc::clone(&setup));
        let (batches, next, decided) = (Arc::clone(&batches), Arc::clone(&next), decided.clone());
        workers.spawn(async move {
            let mut loader = match Loader::open(&db) {
                Ok(loader) => loader,
                Err(error) => return drop(decided.send(Err(error.into())).await),
            };
            while let Some(accounts) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                let batch = decide(&mut loader, &setup, accounts.clone()).await;
                let failed = batch.is_err();
                // Nobody listens any more when the scan failed elsewhere.
                if decided.send(batch).await.is_err() || failed {
                    return;
                }
            }
        });
    }
    drop(decided);
    let mut report = ScanReport::default();
    while let Some(batch) = waiting.recv().await {
        report.add(&write(services, &setup, batch?).await?);
    }
    // A worker that panicked took its batch with it.
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| Error::Internal(format!("a worker of the scan stopped: {error}")))?;
    }
    Ok(report)
}

async fn decide(loader: &mut Loader, setup: &Arc<Setup>, accounts: Accounts) -> Result<Decided> {
    let loaded = loader.load(accounts.clone(), setup.as_of).await?;
    let setup = Arc::clone(setup);
    let deciding = tokio::task::spawn_blocking(move || {
        let mut changes = Vec::new();
        let mut counts = ScanReport::default();
        for account in loaded {
            let planned = plan::plan(&setup, account)?;
            counts.add(&planned.counts);
            if !planned.changes.is_empty() {
                changes.push(planned.changes);
            }
        }
        Ok::<_, store::Error>((changes, counts))
    });
    let joined = deciding.await.map_err(|error| Error::Internal(format!("deciding stopped: {error}")))?;
    let (changes, counts) = joined?;
    Ok(Decided { accounts, changes, counts })
}

/// Writes a batch; when somebody changed the same accounts since it was read, reads and decides it again.
async fn write(services: &Services, setup: &Arc<Setup>, mut batch: Decided) -> Result<ScanReport> {
    let mut attempt = 1;
    loop {
        match write_once(services, setup, &batch.changes).await {
            Ok(applied) => {
                return Ok(ScanReport {
                    signals_opened: applied.opened,
                    signals_updated: applied.updated,
                    signals_closed: applied.closed,
                    opportunities_created: applied.records,
                    notifications: applied.notifications,
                    ..batch.counts
                });
            }
            Err(store::Error::Conflict(what)) if attempt < ATTEMPTS => {
                tracing::debug!(attempt, what, "a batch is read again");
                attempt += 1;
                batch = decide(&mut Loader::open(&services.db)?, setup, batch.accounts).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn write_once(services: &Services, setup: &Setup, changes: &[AccountChanges]) -> Result<Applied, store::Error> {
    if changes.is_empty() {
        return Ok(Applied::default());
    }
    let now = setup.as_of.now;
    let written = services
        .db
        .write(|tx| async move {
            let (applied, told): (Applied, BTreeSet<UserId>) = apply(&tx, changes, now).await?;
            if !told.is_empty() {
                Nudge { users: told.into_iter().collect(), kind: "inbox".into() }.send_with(&tx);
            }
            Ok::<_, store::Error>(applied)
        })
        .await?;
    Ok(written)
}
