//! `/admin/jobs`.

use domain::{
    access::{Actor, Capability},
    view::admin::{JobRow, JobRunRow, JobsPage},
};
use store::Tx;

use crate::{Error, Result, Services, audit, auth, jobs, org::Org};

const MOST_RUNS: u32 = 50;

/// Jobs and their runs.
///
/// # Errors
/// [`Error::Denied`] for everybody but admins.
pub async fn page(services: &Services, actor: &Actor) -> Result<JobsPage> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let rows = store::jobs::list(conn).await?.into_iter().map(|job| {
        let known = jobs::find(&job.key);
        let result = match (job.last_ok, &job.last_detail) {
            (None, _) => "has not run yet".to_owned(),
            (Some(true), detail) => detail.clone().unwrap_or_else(|| "done".into()),
            (Some(false), detail) => format!("failed: {}", detail.as_deref().unwrap_or("no reason was kept")),
        };
        JobRow {
            label: known.map_or_else(|| job.key.clone(), |known| known.label.to_owned()),
            schedule: known.map_or_else(|| "not planned by this version".into(), |known| known.schedule.words(&org)),
            last: job.last_finished_at.map_or_else(|| "never".into(), |at| org.moment(at, now)),
            result,
            ok: job.last_ok != Some(false),
            next: match job.lease_until {
                Some(until) if until > now => "running".into(),
                _ => job.due_at.map_or_else(|| "not planned".into(), |at| org.moment(at, now)),
            },
            key: job.key,
        }
    });
    let rows = rows.collect();
    let runs = store::jobs::runs(conn, MOST_RUNS).await?.into_iter().map(|run| JobRunRow {
        job: run.job,
        when: org.moment(run.started_at, now),
        took: run.finished_at.map_or_else(
            || "running".into(),
            |end| format!("{} s", domain::format::decimal((end.0 - run.started_at.0) as f64 / 1000.0, 1)),
        ),
        detail: run.detail.unwrap_or_default(),
        ok: run.ok.unwrap_or(true),
    });
    Ok(JobsPage { rows, runs: runs.collect(), waiting: store::jobs::waiting_accounts(conn).await? })
}

/// Runs a job now: makes it due.
///
/// # Errors
/// [`Error::NotFound`] for an unknown job.
pub async fn run_now(services: &Services, actor: &Actor, job: &str) -> Result<()> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    if !store::jobs::list(services.db.read()).await?.iter().any(|known| known.key == job) {
        return Err(Error::NotFound);
    }
    let write = |tx: Tx| async move {
        store::jobs::make_due(&tx, job, now).await?;
        store::audit::record(&tx, audit::by(actor, now, "job.nudged", job, "")).await?;
        Ok::<_, store::Error>(())
    };
    Ok(services.db.write(write).await?)
}
