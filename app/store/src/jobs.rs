//! Jobs: rows with a due time, a lease and attempts, and the log of their runs (ARCHITECTURE 2).
//!
//! A worker claims a due row by taking its lease; of several workers one gets it. A worker that dies loses its lease by
//! the clock, its run is logged as failed, and another one takes over.

use domain::time::At;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

use crate::{Result, Tx, sql::Sql};

/// The due time of a job that runs: whoever makes it due meanwhile sets a time, and it runs again afterwards.
const NOT_DUE: i64 = i64::MAX;

/// A job as it stands in its row.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
struct Row {
    key: String,
    due_at: i64,
    lease_until: Option<i64>,
    attempts: i64,
    last_started_at: Option<i64>,
    last_finished_at: Option<i64>,
    last_ok: Option<bool>,
    last_detail: Option<String>,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// `scan.full`, …
    pub key: String,
    /// When it is to run next; none while it runs.
    pub due_at: Option<At>,
    /// Set while a worker runs it; past, when that worker stopped answering.
    pub lease_until: Option<At>,
    /// Attempts since it last went well.
    pub attempts: i64,
    /// Last start.
    pub last_started_at: Option<At>,
    /// Last end.
    pub last_finished_at: Option<At>,
    /// Whether that was good.
    pub last_ok: Option<bool>,
    /// What it did, or why it failed.
    pub last_detail: Option<String>,
}

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Which job.
    pub job: String,
    /// Start.
    pub started_at: At,
    /// End.
    pub finished_at: Option<At>,
    /// Whether it was good.
    pub ok: Option<bool>,
    /// What it did, or why it failed.
    pub detail: Option<String>,
}

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which job.
    pub key: String,
    /// This attempt, from 1.
    pub attempt: i64,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish<'a> {
    /// Start.
    pub started_at: At,
    /// End.
    pub finished_at: At,
    /// Whether it was good.
    pub ok: bool,
    /// What it did, or why it failed; `None` for a run that had nothing to do, which is not logged.
    pub detail: Option<&'a str>,
    /// When it is to run next.
    pub due_at: At,
}

/// All jobs, by key.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &impl ConnectionTrait) -> Result<Vec<Job>> {
    let text = "SELECT key, due_at, lease_until, attempts, last_started_at, last_finished_at, last_ok, last_detail \
         FROM jobs ORDER BY key";
    let rows: Vec<Row> = Sql::new(conn, text).all(conn).await?;
    let job = |row: Row| Job {
        key: row.key,
        due_at: (row.due_at != NOT_DUE).then_some(At(row.due_at)),
        lease_until: row.lease_until.map(At),
        attempts: row.attempts,
        last_started_at: row.last_started_at.map(At),
        last_finished_at: row.last_finished_at.map(At),
        last_ok: row.last_ok,
        last_detail: row.last_detail,
    };
    Ok(rows.into_iter().map(job).collect())
}

/// The newest runs, newest first.
///
/// # Errors
/// When the database fails.
pub async fn runs(conn: &impl ConnectionTrait, limit: u32) -> Result<Vec<JobRun>> {
    #[derive(FromQueryResult)]
    struct Row {
        job: String,
        started_at: i64,
        finished_at: Option<i64>,
        ok: Option<bool>,
        detail: Option<String>,
    }
    let text = "SELECT job, started_at, finished_at, ok, detail FROM job_runs ORDER BY id DESC";
    let rows: Vec<Row> = Sql::new(conn, text).with("LIMIT ?", [i64::from(limit).into()]).all(conn).await?;
    let run = |row: Row| JobRun {
        job: row.job,
        started_at: At(row.started_at),
        finished_at: row.finished_at.map(At),
        ok: row.ok,
        detail: row.detail,
    };
    Ok(rows.into_iter().map(run).collect())
}

/// Whether a job waits for a worker.
///
/// # Errors
/// When the database fails.
pub async fn is_any_due(conn: &impl ConnectionTrait, now: At) -> Result<bool> {
    let sql = Sql::new(conn, "SELECT COUNT(*) FROM jobs WHERE")
        .with("(due_at <= ? AND lease_until IS NULL) OR lease_until <= ?", [now.0.into(), now.0.into()]);
    Ok(sql.number(conn).await? > 0)
}

/// Makes sure that a job has its row; one that is there stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn ensure(tx: &Tx, key: &str, due_at: At) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO jobs (key, due_at)")
        .with("VALUES (?, ?) ON CONFLICT (key) DO NOTHING", [key.into(), due_at.0.into()]);
    sql.run(tx).await?;
    Ok(())
}

/// Moves a job that is not running to a time: its schedule was changed.
///
/// # Errors
/// When the database fails.
pub async fn reschedule(tx: &Tx, key: &str, due_at: At) -> Result<()> {
    let sql = Sql::new(tx, "UPDATE jobs")
        .with("SET due_at = ? WHERE key = ? AND lease_until IS NULL", [due_at.0.into(), key.into()]);
    sql.run(tx).await?;
    Ok(())
}

/// Makes a job due now, unless it is already.
///
/// # Errors
/// When the database fails.
pub async fn make_due(tx: &Tx, key: &str, now: At) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO jobs (key, due_at)").with(
        "VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at WHERE jobs.due_at > excluded.due_at",
        [key.into(), now.0.into()],
    );
    sql.run(tx).await?;
    Ok(())
}

/// Takes the lease of the job that is due longest. A lease that ran out is taken over, and the lost run is logged.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &Tx, by: &str, now: At, lease_until: At) -> Result<Option<Claim>> {
    const LOST: &str = "The worker that ran it stopped answering; another one takes over.";
    let lost = Sql::new(tx, "INSERT INTO job_runs (job, started_at, finished_at, ok, detail)")
        .with("SELECT key, COALESCE(last_started_at, due_at), CAST(? AS BIGINT), FALSE,", [now.0.into()])
        .with("CAST(? AS TEXT) FROM jobs WHERE lease_until <= ?", [LOST.into(), now.0.into()]);
    if lost.run(tx).await? > 0 {
        let free = Sql::new(tx, "UPDATE jobs SET lease_until = NULL, lease_by = NULL, last_ok = FALSE,")
            .with("due_at = ?, last_finished_at = ?, last_detail = ?", [now.0.into(), now.0.into(), LOST.into()])
            .with("WHERE lease_until <= ?", [now.0.into()]);
        free.run(tx).await?;
    }
    let skip = if tx.get_database_backend() == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let claim = Sql::new(tx, "UPDATE jobs SET attempts = attempts + 1,")
        .with("due_at = ?,", [NOT_DUE.into()])
        .with("lease_by = ?, lease_until = ?, last_started_at = ?", [by.into(), lease_until.0.into(), now.0.into()])
        .with("WHERE key = (SELECT key FROM jobs WHERE due_at <= ? AND lease_until IS NULL", [now.0.into()])
        .add(&format!("ORDER BY due_at, key LIMIT 1 {skip}) RETURNING key, attempts"));
    let Some(row) = claim.rows(tx).await?.into_iter().next() else { return Ok(None) };
    Ok(Some(Claim { key: row.try_get_by_index(0)?, attempt: row.try_get_by_index(1)? }))
}

/// Keeps a lease; false when it is lost.
///
/// # Errors
/// When the database fails.
pub async fn extend(tx: &Tx, key: &str, by: &str, lease_until: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE jobs")
        .with("SET lease_until = ? WHERE key = ? AND lease_by = ?", [lease_until.0.into(), key.into(), by.into()]);
    Ok(sql.run(tx).await? > 0)
}

/// Gives back what a worker holds, undone and due at once, because it is told to stop.
///
/// # Errors
/// When the database fails.
pub async fn give_back(tx: &Tx, by: &str, now: At) -> Result<u64> {
    let sql = Sql::new(tx, "UPDATE jobs SET lease_until = NULL, lease_by = NULL, attempts = 0,")
        .with("due_at = ? WHERE lease_by = ?", [now.0.into(), by.into()]);
    sql.run(tx).await
}

/// Gives a job back, logs the run and says when it is to run next. Somebody may have made it due meanwhile; then it stays
/// due. False when the lease was lost: the run is not logged twice.
///
/// # Errors
/// When the database fails.
pub async fn finish(tx: &Tx, claim: &Claim, by: &str, end: &Finish<'_>) -> Result<bool> {
    let attempts = if end.ok { 0 } else { claim.attempt };
    let given_back = Sql::new(tx, "UPDATE jobs SET lease_until = NULL, lease_by = NULL,")
        .with(
            "attempts = ?, last_finished_at = ?, last_ok = ?,",
            [attempts.into(), end.finished_at.0.into(), end.ok.into()],
        )
        .with("last_detail = COALESCE(?, last_detail),", [end.detail.map(str::to_owned).into()])
        // A time that was set during the run stays, unless it is the later one.
        .with("due_at = CASE WHEN due_at < ? THEN due_at ELSE ? END", [end.due_at.0.into(), end.due_at.0.into()])
        .with("WHERE key = ? AND lease_by = ?", [claim.key.as_str().into(), by.into()])
        .run(tx)
        .await?;
    if given_back == 0 {
        return Ok(false);
    }
    if let Some(detail) = end.detail {
        let log = Sql::new(tx, "INSERT INTO job_runs (job, started_at, finished_at, ok, detail)").with(
            "VALUES (?, ?, ?, ?, ?)",
            [
                claim.key.as_str().into(),
                end.started_at.0.into(),
                end.finished_at.0.into(),
                end.ok.into(),
                detail.into(),
            ],
        );
        log.run(tx).await?;
    }
    Ok(true)
}

/// Forgets runs that ended before an instant.
///
/// # Errors
/// When the database fails.
pub async fn prune_runs(tx: &Tx, before: At) -> Result<u64> {
    Sql::new(tx, "DELETE FROM job_runs").with("WHERE finished_at < ?", [before.0.into()]).run(tx).await
}

/// Number of jobs whose last run was not good.
///
/// # Errors
/// When the database fails.
pub async fn troubles(conn: &impl ConnectionTrait) -> Result<u32> {
    Sql::new(conn, "SELECT COUNT(*) FROM jobs WHERE last_ok = FALSE").number(conn).await
}

/// Accounts that wait for an incremental scan.
///
/// # Errors
/// When the database fails.
pub async fn waiting_accounts(conn: &impl ConnectionTrait) -> Result<u32> {
    Sql::new(conn, "SELECT COUNT(*) FROM touched_accounts").number(conn).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_each_database;

    async fn claimed(db: &crate::Db, by: &str, now: i64) -> Option<Claim> {
        db.write(|tx| async move { claim(&tx, by, At(now), At(now + 100)).await }).await.unwrap()
    }

    async fn finished(db: &crate::Db, claim: &Claim, by: &str, now: i64, ok: bool, next: i64) -> bool {
        let end = Finish { started_at: At(now), finished_at: At(now), ok, detail: Some("done"), due_at: At(next) };
        let end = &end;
        db.write(|tx| async move { finish(&tx, claim, by, end).await }).await.unwrap()
    }

    async fn with_job(db: &crate::Db) {
        db.write(|tx| async move {
            ensure(&tx, "scan", At(1000)).await?;
            ensure(&tx, "scan", At(5)).await
        })
        .await
        .unwrap();
    }

    on_each_database! {
        async fn a_due_job_is_claimed_by_one_and_given_back(db: &Db) {
            with_job(db).await;
            assert!(!is_any_due(db.read(), At(999)).await.unwrap());
            assert_eq!(claimed(db, "a", 999).await, None);
            let (one, other) = tokio::join!(claimed(db, "a", 1000), claimed(db, "b", 1000));
            assert_eq!(one.is_some() as u8 + other.is_some() as u8, 1);
            let by = if one.is_some() { "a" } else { "b" };
            let claim = one.or(other).unwrap();
            assert_eq!(claim, Claim { key: "scan".into(), attempt: 1 });
            assert!(!is_any_due(db.read(), At(1050)).await.unwrap(), "it is leased");
            assert!(finished(db, &claim, by, 1050, true, 2000).await);
            assert!(!finished(db, &claim, by, 1060, true, 2000).await, "it was given back already");
            let job = list(db.read()).await.unwrap().remove(0);
            assert_eq!((job.due_at, job.attempts, job.last_ok), (Some(At(2000)), 0, Some(true)));
            assert_eq!(runs(db.read(), 9).await.unwrap().len(), 1);
        }

        async fn a_lease_that_runs_out_is_taken_over_and_the_lost_run_is_logged(db: &Db) {
            with_job(db).await;
            let first = claimed(db, "a", 1000).await.unwrap();
            assert_eq!(claimed(db, "b", 1099).await, None);
            assert!(db.write(|tx| async move { extend(&tx, "scan", "a", At(1150)).await }).await.unwrap());
            assert_eq!(claimed(db, "b", 1149).await, None);
            let second = claimed(db, "b", 1150).await.unwrap();
            assert_eq!(second.attempt, 2);
            assert!(!db.write(|tx| async move { extend(&tx, "scan", "a", At(1250)).await }).await.unwrap());
            assert!(!finished(db, &first, "a", 1160, true, 2000).await, "the first worker lost it");
            assert!(finished(db, &second, "b", 1170, false, 1500).await);
            let job = list(db.read()).await.unwrap().remove(0);
            assert_eq!((job.due_at, job.attempts, job.last_ok), (Some(At(1500)), 2, Some(false)));
            assert_eq!(troubles(db.read()).await.unwrap(), 1);
            let logged: Vec<Option<bool>> = runs(db.read(), 9).await.unwrap().into_iter().map(|run| run.ok).collect();
            assert_eq!(logged, [Some(false), Some(false)]);
        }

        async fn a_nudge_makes_a_job_due_also_while_it_runs(db: &Db) {
            with_job(db).await;
            let due = |now| async move { db.write(|tx| async move { make_due(&tx, "scan", At(now)).await }).await.unwrap() };
            due(700).await;
            due(800).await;
            assert_eq!(list(db.read()).await.unwrap()[0].due_at, Some(At(700)), "an earlier time stays");
            let claim = claimed(db, "a", 700).await.unwrap();
            assert!(finished(db, &claim, "a", 720, true, 2000).await);
            due(900).await;
            assert_eq!(list(db.read()).await.unwrap()[0].due_at, Some(At(900)));
            db.write(|tx| async move { reschedule(&tx, "scan", At(3000)).await }).await.unwrap();
            assert_eq!(list(db.read()).await.unwrap()[0].due_at, Some(At(3000)));
            due(910).await;
            let running = claimed(db, "a", 910).await.unwrap();
            assert_eq!(list(db.read()).await.unwrap()[0].due_at, None);
            due(920).await;
            assert!(finished(db, &running, "a", 930, true, 2000).await);
            assert_eq!(list(db.read()).await.unwrap()[0].due_at, Some(At(920)), "it runs once more");
            assert_eq!(db.write(|tx| async move { prune_runs(&tx, At(721)).await }).await.unwrap(), 1, "the run of 930 stays");
            assert_eq!(waiting_accounts(db.read()).await.unwrap(), 0);
        }
    }
}
