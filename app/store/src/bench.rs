//! Floors for the bench: the same rows in plain SQL on the same database (PRODUCT 15). Nothing here is kept.

use sea_orm::{ConnectionTrait, Statement};

use crate::{Db, Error, Result};

/// Reads all usage as a scan has to, in plain SQL: sum, newest day and number per account and metric. Answers the rows read.
///
/// # Errors
/// When the database fails.
pub async fn aggregate_usage(db: &Db) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM (SELECT COUNT(*) AS n, SUM(value) AS total, MAX(day) AS newest \
         FROM usage_metrics GROUP BY customer_id, metric_id) AS series";
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// The tables whose plain copy is a floor of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// Usage.
    Usage,
    /// Opportunities with their unique external id.
    Opportunities,
}

/// Writes all rows of a table once more into an empty one with the same key, in plain SQL and one transaction.
///
/// # Errors
/// When the database fails.
pub async fn copy_table(db: &Db, what: Copied) -> Result<u64> {
    let (make, copy) = match what {
        Copied::Usage => (
            "CREATE TABLE bench_copy (customer_id BIGINT NOT NULL, metric_id INTEGER NOT NULL, day INTEGER NOT NULL, \
             value DOUBLE PRECISION NOT NULL, import_id BIGINT NOT NULL, PRIMARY KEY (customer_id, metric_id, day))",
            "INSERT INTO bench_copy SELECT customer_id, metric_id, day, value, import_id FROM usage_metrics",
        ),
        Copied::Opportunities => (
            "CREATE TABLE bench_copy (id BIGINT PRIMARY KEY, external_id TEXT UNIQUE, customer_id BIGINT NOT NULL, \
             name TEXT NOT NULL, type TEXT NOT NULL, stage TEXT NOT NULL, estimated_value BIGINT, identified_on INTEGER)",
            "INSERT INTO bench_copy SELECT id, external_id, customer_id, name, type, stage, estimated_value, identified_on \
             FROM opportunities",
        ),
    };
    let run = |sql: &'static str| db.write(move |tx| async move { Ok::<_, Error>(tx.execute_unprepared(sql).await?) });
    run(make).await?;
    let copied = run(copy).await?;
    run("DROP TABLE bench_copy").await?;
    Ok(copied.rows_affected())
}
