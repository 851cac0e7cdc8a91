//! Databases for tests: a temporary SQLite file, and a fresh PostgreSQL database when `HEADROOM_TEST_POSTGRES` holds the
//! address of a server where databases may be made (`end2end/postgres.sh start DIR` prints one).
//!
//! A store test is written once and runs on both:
//!
//! ```ignore
//! on_each_database! {
//!     async fn a_name_that_says_what_holds(db: &Db) { … }
//! }
//! ```
#![expect(clippy::expect_used, reason = "a test that can't have a database has to stop")]

use std::{
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, Database};

use crate::db::{Db, Options};

/// The variable with the address of a PostgreSQL server for tests.
pub const POSTGRES: &str = "HEADROOM_TEST_POSTGRES";

/// A migrated database that goes away with the value.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    folder: Option<tempfile::TempDir>,
    /// Server and name of the database to drop.
    drop_at_end: Option<(String, String)>,
}

impl TestDb {
    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of the file, on SQLite.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(tempfile::TempDir::path)
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some((server, name)) = self.drop_at_end.take() else { return };
        // Another thread, because a test's own runtime can't block here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let server = Database::connect(server).await.expect("the PostgreSQL server");
                server.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok();
            });
        });
        dropped.join().ok();
    }
}

/// A fresh SQLite file.
pub async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("headroom.db").display());
    let db = Db::connect(&url, options()).await.expect("a SQLite file");
    db.migrate().await.expect("migrations on SQLite");
    TestDb { db, url, folder: Some(folder), drop_at_end: None }
}

/// A fresh PostgreSQL database, or `None` when no server is given.
pub async fn postgres() -> Option<TestDb> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty())?;
    let name = format!("headroom_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = Database::connect(&server).await.expect("the PostgreSQL server of HEADROOM_TEST_POSTGRES");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a PostgreSQL database");
    admin.close().await.ok();
    let url = with_database(&server, &name);
    let db = Db::connect(&url, options()).await.expect("the new PostgreSQL database");
    db.migrate().await.expect("migrations on PostgreSQL");
    Some(TestDb { db, url, folder: None, drop_at_end: Some((server, name)) })
}

/// A fresh database of each kind there is.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}

fn options() -> Options {
    Options { connections: 3, ..Options::default() }
}

/// The first number that a query gives.
pub async fn number(db: &Db, sql: &str) -> i64 {
    // PostgreSQL sums whole numbers to NUMERIC and has more than one kind of integer.
    let sql = if sql.starts_with("SELECT") { format!("SELECT CAST(({sql}) AS BIGINT)") } else { sql.to_owned() };
    let statement = sea_orm::Statement::from_string(db.backend(), sql);
    let row = db.read().query_one_raw(statement).await.expect("the query runs").expect("the query gives a row");
    row.try_get_by_index(0).expect("the first column is a number")
}

/// Runs a statement as an outsider would.
pub async fn execute(db: &Db, sql: &str) {
    db.write(async |tx: crate::Tx| tx.execute_unprepared(sql).await.map_err(crate::Error::from))
        .await
        .expect("the statement runs");
}

/// All rows of the tables that a scan writes, as text: equal texts, nothing was written in between.
pub async fn findings(db: &Db) -> Vec<String> {
    let mut rows = Vec::new();
    for (table, columns) in [
        (
            "signals",
            "id, customer_id, rule, subject, status, strength, title, observed_at, last_held_on, closed_at, found_id, opportunity_id, content_hash, live_key, updated_at",
        ),
        ("signal_evidence", "id, signal_id, position, json"),
        (
            "found_opportunities",
            "id, customer_id, kind, product_id, status, opportunity_id, detail, content_hash, scored_at, first_found_at, gone_at, dismissed_reason",
        ),
        ("account_state", "customer_id, scanned_at, blockers, guards"),
        ("opportunities", "id, name, stage, estimated_value, identified_on, csm_id, source, product_id, found_id"),
        ("opportunity_history", "id, opportunity_id, to_stage, changed_at"),
        ("notifications", "id, user_id, kind, title, body, href, dedupe_key"),
        ("tasks", "id, user_id, opportunity_id, title, due_on"),
        ("activities", "id, opportunity_id, at, actor, kind, text"),
        ("audit_log", "id, actor, action, subject, detail"),
    ] {
        let cells: Vec<String> =
            columns.split(", ").map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", cells.join(" || '|' || "));
        for row in
            db.read().query_all_raw(sea_orm::Statement::from_string(db.backend(), sql)).await.expect("the query runs")
        {
            rows.push(format!("{table}: {}", row.try_get_by_index::<String>(0).expect("a text")));
        }
    }
    rows
}

/// The address with another database name; the part after `?` stays.
fn with_database(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').unwrap_or((server, ""));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address[after_scheme..].find('/').map_or(address.len(), |at| after_scheme + at);
    let question = if parameters.is_empty() { "" } else { "?" };
    format!("{}/{name}{question}{parameters}", &address[..end])
}

/// Writes a test once and runs it on SQLite and, when there is a server, on PostgreSQL.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: &Db) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn check($db: &$crate::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::testing::sqlite().await;
                check(&database).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::testing::postgres().await {
                    check(&database).await;
                }
            }
        }
    )+};
}
