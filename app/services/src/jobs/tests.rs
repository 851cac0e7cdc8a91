//! Two workers, a clock that stands still, both databases.

use domain::time::At;
use store::{
    Db, jobs, on_each_database,
    testing::{execute, number},
};

use super::*;
use crate::{Clock, Services, org::Config};

fn at(text: &str) -> At {
    text.parse().unwrap()
}

fn services(db: &Db, now: &str) -> Services {
    Services::new(db.clone(), Clock::fixed(at(now)), Config::default())
}

async fn runs_of(db: &Db, job: &str) -> i64 {
    number(db, &format!("SELECT COUNT(*) FROM job_runs WHERE job = '{job}'")).await
}

async fn with_account(db: &Db) {
    execute(
        db,
        "INSERT INTO customers (id, external_id, name, created_at, updated_at) VALUES (1, 'acme', 'Acme', 0, 0)",
    )
    .await;
    execute(db, "INSERT INTO touched_accounts (customer_id, touched_at) VALUES (1, 5)").await;
}

on_each_database! {
    async fn a_missed_time_is_made_up_for_once_and_then_the_schedule_goes_on(db: &Db) {
        let services = services(db, "2026-02-02T08:00:00Z");
        let worker = Worker::new(services.clone());
        assert_eq!(worker.run_due().await.unwrap(), 0, "a new job waits for its time");
        let due = |rows: Vec<jobs::Job>| rows.into_iter().find(|job| job.key == FULL_SCAN).unwrap().due_at;
        assert_eq!(due(jobs::list(db.read()).await.unwrap()), Some(at("2026-02-02T09:00:00Z")));
        // Down for three days.
        services.clock.set(at("2026-02-05T12:00:00Z"));
        worker.run_due().await.unwrap();
        assert_eq!(runs_of(db, FULL_SCAN).await, 1);
        assert_eq!(due(jobs::list(db.read()).await.unwrap()), Some(at("2026-02-06T09:00:00Z")));
        assert_eq!(worker.run_due().await.unwrap(), 0);
    }

    async fn two_workers_run_a_due_job_once(db: &Db) {
        let services = services(db, "2026-02-02T08:00:00Z");
        Worker::new(services.clone()).run_due().await.unwrap();
        services.clock.set(at("2026-02-02T09:00:00Z"));
        let (one, other) = (Worker::new(services.clone()), Worker::new(services.clone()));
        let (ran, too) = tokio::join!(one.run_due(), other.run_due());
        // The full scan, and the hourly look for data, which finds none and is not logged.
        assert_eq!(ran.unwrap() + too.unwrap(), 2);
        assert_eq!(number(db, "SELECT COUNT(*) FROM job_runs").await, 1);
        assert_eq!(runs_of(db, FULL_SCAN).await, 1);
    }

    async fn data_that_arrives_is_scanned_and_an_idle_look_is_not_logged(db: &Db) {
        let services = services(db, "2026-02-02T08:00:00Z");
        let worker = Worker::new(services.clone());
        worker.run_due().await.unwrap();
        with_account(db).await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(jobs::waiting_accounts(db.read()).await.unwrap(), 0);
        assert_eq!(runs_of(db, TOUCHED_SCAN).await, 1);
        services.clock.set(at("2026-02-02T08:59:59Z"));
        worker.run_due().await.unwrap();
        services.clock.set(at("2026-02-02T09:00:00Z"));
        worker.run_due().await.unwrap();
        assert_eq!((runs_of(db, TOUCHED_SCAN).await, runs_of(db, FULL_SCAN).await), (1, 1));
    }

    async fn a_worker_that_dies_is_replaced_when_its_lease_ends(db: &Db) {
        let services = services(db, "2026-02-02T08:00:00Z");
        let worker = Worker::new(services.clone());
        worker.run_due().await.unwrap();
        with_account(db).await;
        // Another process takes the job and dies.
        let now = at("2026-02-02T08:10:00Z");
        db.write(async |tx: store::Tx| {
            jobs::make_due(&tx, TOUCHED_SCAN, now).await?;
            jobs::claim(&tx, "dead", now, now.plus_seconds(120)).await
        })
        .await
        .unwrap()
        .unwrap();
        services.clock.set(at("2026-02-02T08:11:59Z"));
        assert_eq!(worker.run_due().await.unwrap(), 0, "it may still be alive");
        services.clock.set(at("2026-02-02T08:12:00Z"));
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(jobs::waiting_accounts(db.read()).await.unwrap(), 0);
        assert_eq!(runs_of(db, TOUCHED_SCAN).await, 2, "the lost run and the good one");
    }

    async fn a_job_that_fails_is_logged_with_its_reason_and_tried_again_later(db: &Db) {
        let services = services(db, "2026-02-02T08:00:00Z");
        let worker = Worker::new(services.clone());
        worker.run_due().await.unwrap();
        with_account(db).await;
        execute(db, "UPDATE customers SET status = 'unheard of'").await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        let job = jobs::list(db.read()).await.unwrap().into_iter().find(|job| job.key == TOUCHED_SCAN).unwrap();
        assert_eq!((job.last_ok, job.attempts, job.due_at), (Some(false), 1, Some(at("2026-02-02T08:00:30Z"))));
        assert!(job.last_detail.unwrap().contains("unheard of"));
        assert_eq!(worker.run_due().await.unwrap(), 0, "not before the pause is over");
        services.clock.set(at("2026-02-02T08:00:30Z"));
        assert_eq!(worker.run_due().await.unwrap(), 1);
        let job = jobs::list(db.read()).await.unwrap().into_iter().find(|job| job.key == TOUCHED_SCAN).unwrap();
        assert_eq!((job.attempts, job.due_at), (2, Some(at("2026-02-02T08:01:30Z"))), "the pause doubles");
        execute(db, "UPDATE customers SET status = 'active'").await;
        services.clock.set(at("2026-02-02T08:01:30Z"));
        worker.run_due().await.unwrap();
        assert_eq!(jobs::waiting_accounts(db.read()).await.unwrap(), 0, "nothing that waited was lost");
    }

    async fn housekeeping_removes_what_nobody_needs(db: &Db) {
        let services = services(db, "2026-02-02T02:00:00Z");
        let worker = Worker::new(services.clone());
        worker.run_due().await.unwrap();
        let old = at("2026-02-01T01:00:00Z").0;
        execute(db, &format!("INSERT INTO sign_in_attempts (email, address, at) VALUES ('a@x.io', '::1', {old})")).await;
        execute(db, &format!("INSERT INTO imports (created_at, source, state) VALUES ({old}, 'upload', 'running')")).await;
        services.clock.set(at("2026-02-02T03:30:00Z"));
        worker.run_due().await.unwrap();
        assert_eq!(number(db, "SELECT COUNT(*) FROM sign_in_attempts").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM imports WHERE state = 'failed'").await, 1);
        let logged = jobs::runs(db.read(), 1).await.unwrap().remove(0);
        assert_eq!(logged.detail.as_deref(), Some("Removed 1 failed sign-in. Marked 1 import that died."));
    }

    async fn a_worker_stops_when_it_is_told_to(db: &Db) {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = tokio::spawn(Worker::new(services(db, "2026-02-02T08:00:00Z")).run(stopped));
        stop.send(true).unwrap();
        worker.await.unwrap();
    }
}
