//! The worker: claims due jobs, runs them, and says when they run next.

use std::{
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use domain::{format, time::At};
use futures::StreamExt;
use store::jobs::{self, Claim, Finish};
use tokio::sync::watch;

use super::{FULL_SCAN, HOUSEKEEPING, JOBS, Schedule, TOUCHED_SCAN, find};
use crate::{Error, Result, Services, org::Org, scan};

/// How often the worker looks for due jobs without being nudged.
const POLL: Duration = Duration::from_secs(10);
/// How long a worker that does not answer keeps a job. Long runs extend it.
const LEASE_SECONDS: i64 = 120;
/// How often a running job's lease is extended.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// The pause after a first failure; it doubles with each further one.
const FIRST_PAUSE_SECONDS: i64 = 30;
/// The longest pause after a failure.
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
/// Runs in a row before the worker looks up again. A job that is made due again by its own run must not block the others.
const RUNS_AT_ONCE: u32 = 20;
/// Answers to an `Idempotency-Key` are kept for 24 hours (CONTRACT 2).
const ANSWERS_KEPT_DAYS: i64 = 1;
/// Failed sign-ins count for 15 minutes (CONTRACT 4).
const ATTEMPTS_KEPT_DAYS: i64 = 1;
/// An import that still runs after this time has died with its process. When a process starts, it marks its own at once.
const LONGEST_IMPORT_SECONDS: i64 = 6 * 3_600;
/// Runs of jobs are kept for a quarter.
const RUNS_KEPT_DAYS: i64 = 90;

/// Runs jobs; a process has at most one.
pub struct Worker {
    services: Services,
    /// Tells its leases from those of others.
    name: String,
}

impl Worker {
    /// A worker with a name of its own.
    #[must_use]
    pub fn new(services: Services) -> Worker {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let name = format!("{}-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed), services.now().0);
        Worker { services, name }
    }

    /// Works until it is told to stop. What it is running then is stopped; nothing of it is lost, because every batch
    /// was written or not, and the job stays due.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut nudges = pin!(self.services.live.subscribe());
        loop {
            if *stop.borrow() {
                return;
            }
            tokio::select! {
                worked = self.run_due() => {
                    if let Err(error) = worked {
                        tracing::warn!(%error, "the worker could not look for jobs");
                    }
                }
                _ = stop.changed() => {
                    self.give_back().await;
                    return;
                }
            }
            let data_arrived = async {
                while let Some(nudge) = nudges.next().await {
                    if nudge.kind == "import" || nudge.kind == "scan" {
                        return;
                    }
                }
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                () = data_arrived => {}
                _ = stop.changed() => return,
            }
        }
    }

    /// Runs every job that is due now; answers how many ran.
    ///
    /// # Errors
    /// When the database can't be asked. A job that fails is no error here: it is logged and tried again.
    pub async fn run_due(&self) -> Result<u32> {
        self.schedule().await?;
        let mut ran = 0;
        while ran < RUNS_AT_ONCE && self.run_next().await? {
            ran += 1;
        }
        Ok(ran)
    }

    /// Makes sure that every job has its row and a due time that fits its schedule, and that waiting accounts are
    /// scanned. Writes nothing when all is in place.
    async fn schedule(&self) -> Result<()> {
        let db = &self.services.db;
        let now = self.services.now();
        let org = Org::load(&self.services, now).await?;
        let rows = jobs::list(db.read()).await?;
        let waiting = jobs::waiting_accounts(db.read()).await? > 0;
        for job in JOBS {
            let next = job.schedule.next(&org, now);
            let row = rows.iter().find(|row| row.key == job.key);
            let is_data = job.schedule == Schedule::WhenTouched;
            match row {
                None => db.write(|tx| async move { jobs::ensure(&tx, job.key, next).await }).await?,
                Some(row) => {
                    // Running, due, or put off after a failure: left alone.
                    let Some(due_at) = row.due_at.filter(|due| *due > now && row.attempts == 0) else { continue };
                    if is_data && waiting {
                        db.write(|tx| async move { jobs::make_due(&tx, job.key, now).await }).await?;
                    } else if !is_data && due_at != next {
                        db.write(|tx| async move { jobs::reschedule(&tx, job.key, next).await }).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs the job that is due longest; false when none is.
    async fn run_next(&self) -> Result<bool> {
        let now = self.services.now();
        if !jobs::is_any_due(self.services.db.read(), now).await? {
            return Ok(false);
        }
        let name = self.name.as_str();
        let lease = now.plus_seconds(LEASE_SECONDS);
        let claimed = self.services.db.write(|tx| async move { jobs::claim(&tx, name, now, lease).await }).await?;
        let Some(claim) = claimed else { return Ok(false) };
        tracing::debug!(job = claim.key, attempt = claim.attempt, "job starts");
        let outcome = tokio::select! {
            outcome = execute(&self.services, &claim.key, now) => outcome,
            () = self.lose_lease(&claim.key) => {
                tracing::warn!(job = claim.key, "the lease was lost; another worker has the job");
                return Ok(true);
            }
        };
        self.finish(&claim, now, outcome).await?;
        Ok(true)
    }

    /// Extends the lease of a job for as long as that works.
    async fn lose_lease(&self, key: &str) {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            let name = self.name.as_str();
            let until = self.services.now().plus_seconds(LEASE_SECONDS);
            let extended = self.services.db.write(|tx| async move { jobs::extend(&tx, key, name, until).await }).await;
            match extended {
                Ok(true) => {}
                Ok(false) => return,
                // The job itself will fail if the database stays away.
                Err(error) => tracing::warn!(%error, job = key, "the lease could not be extended"),
            }
        }
    }

    async fn finish(&self, claim: &Claim, started_at: At, outcome: Result<Option<String>>) -> Result<()> {
        let finished_at = self.services.now();
        let org = Org::load(&self.services, finished_at).await?;
        let next = find(&claim.key).map_or(finished_at.plus_days(1), |job| job.schedule.next(&org, finished_at));
        let (ok, detail, due_at) = match outcome {
            Ok(detail) => (true, detail, next),
            Err(error) => {
                tracing::error!(%error, job = claim.key, attempt = claim.attempt, "job failed");
                (false, Some(error.to_string()), next.min(finished_at.plus_seconds(pause_seconds(claim.attempt))))
            }
        };
        let end = Finish { started_at, finished_at, ok, detail: detail.as_deref(), due_at };
        let (end, name) = (&end, self.name.as_str());
        let mine = self.services.db.write(|tx| async move { jobs::finish(&tx, claim, name, end).await }).await?;
        if !mine {
            tracing::warn!(job = claim.key, "the lease was lost before the job ended");
        }
        Ok(())
    }

    /// Lets others take over at once what this worker was running.
    async fn give_back(&self) {
        let name = self.name.as_str();
        let now = self.services.now();
        if let Err(error) = self.services.db.write(|tx| async move { jobs::give_back(&tx, name, now).await }).await {
            tracing::warn!(%error, "leases could not be given back; they end by themselves");
        }
    }
}

/// 30 s, 1 min, 2 min … 1 h.
fn pause_seconds(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(16);
    (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS)
}

/// Runs a job; answers what it did, or nothing when there was nothing to do.
async fn execute(services: &Services, key: &str, now: At) -> Result<Option<String>> {
    match key {
        FULL_SCAN => scan::scan_all_and_touched(services, now).await.map(|report| Some(report.sentence())),
        TOUCHED_SCAN => {
            let report = scan::scan_touched(services, now).await?;
            Ok((report.accounts > 0).then(|| report.sentence()))
        }
        HOUSEKEEPING => housekeeping(services, now).await.map(Some),
        other => Err(Error::Internal(format!("no job has the key {other:?}"))),
    }
}

/// Removes what nobody needs any more, and marks imports whose process died.
async fn housekeeping(services: &Services, now: At) -> Result<String> {
    let died_before = now.plus_seconds(-LONGEST_IMPORT_SECONDS);
    let (removed, died) = services
        .db
        .write(|tx| async move {
            let removed = [
                ("session", "sessions", store::sessions::prune(&tx, now).await?),
                (
                    "failed sign-in",
                    "failed sign-ins",
                    store::attempts::prune(&tx, now.plus_days(-ATTEMPTS_KEPT_DAYS)).await?,
                ),
                (
                    "kept answer",
                    "kept answers",
                    store::idempotency::prune(&tx, now.plus_days(-ANSWERS_KEPT_DAYS)).await?,
                ),
                ("run of a job", "runs of jobs", jobs::prune_runs(&tx, now.plus_days(-RUNS_KEPT_DAYS)).await?),
            ];
            Ok::<_, store::Error>((removed, store::import::fail_orphans(&tx, now, died_before).await?))
        })
        .await?;
    let parts: Vec<String> =
        removed.into_iter().filter(|(.., n)| *n > 0).map(|(one, many, n)| format::count(n, one, many)).collect();
    let mut did =
        if parts.is_empty() { "Nothing to remove.".to_owned() } else { format!("Removed {}.", parts.join(", ")) };
    if died > 0 {
        did.push_str(&format!(" Marked {} that died.", format::count(died, "import", "imports")));
    }
    Ok(did)
}

#[cfg(test)]
mod tests {
    #[test]
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<i64> = [1, 2, 3, 8, 100, -5].into_iter().map(super::pause_seconds).collect();
        assert_eq!(pauses, [30, 60, 120, 3_600, 3_600, 30]);
    }
}
