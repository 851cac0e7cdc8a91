//! One text of SQL, two drivers. A scan reads millions of rows, so on SQLite it reads with `rusqlite` on read-only
//! connections of its own instead of through the pool; on PostgreSQL it streams. Both are called from a blocking thread
//! and show one consistent state of the database between [`Reader::begin`] and [`Reader::end`].

use std::path::PathBuf;

use futures::StreamExt;
use rusqlite::{OpenFlags, types::ValueRef};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel, QueryResult, Statement, StreamTrait,
    TransactionTrait,
};
use tokio::runtime::Handle;

use crate::{Db, Error, Result};

/// Pages that a reader on SQLite keeps, in KiB. A scan goes through the file once; more would only be held.
const CACHE_KIB: i64 = 8 * 1024;

/// Where the rows of a scan come from.
pub(super) enum Reader {
    /// A read-only connection to the file.
    Sqlite(rusqlite::Connection),
    /// The pool, and the transaction while there is one.
    Postgres { db: DatabaseConnection, tx: Option<DatabaseTransaction>, runtime: Handle },
}

/// Columns of a row, by position. The width of an integer is that of its column: PostgreSQL tells them apart.
pub(super) trait Columns {
    /// A `BIGINT`.
    fn big(&self, column: usize) -> Result<Option<i64>>;
    /// An `INTEGER`.
    fn small(&self, column: usize) -> Result<Option<i32>>;
    /// A `DOUBLE PRECISION`.
    fn real(&self, column: usize) -> Result<Option<f64>>;
    /// A `TEXT`.
    fn text(&self, column: usize) -> Result<Option<String>>;
    /// A `BOOLEAN`.
    fn flag(&self, column: usize) -> Result<Option<bool>>;
}

/// A value that can't be absent.
pub(super) fn known<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::inconsistent("scan", "a column that can't be empty"))
}

impl Reader {
    /// A reader of its own; call it where a runtime is at hand.
    pub(super) fn open(db: &Db) -> Result<Reader> {
        let Some(path) = db.sqlite_path() else {
            return Ok(Reader::Postgres { db: db.read().clone(), tx: None, runtime: Handle::current() });
        };
        Reader::open_file(path.to_path_buf())
    }

    fn open_file(path: PathBuf) -> Result<Reader> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(sqlite_error)?;
        connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(sqlite_error)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(sqlite_error)?;
        Ok(Reader::Sqlite(connection))
    }

    /// What is read from here on is one state of the database.
    pub(super) fn begin(&mut self) -> Result<()> {
        match self {
            Reader::Sqlite(connection) => connection.execute_batch("BEGIN").map_err(sqlite_error),
            Reader::Postgres { db, tx, runtime } => {
                let begun = db.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
                *tx = Some(runtime.block_on(begun)?);
                Ok(())
            }
        }
    }

    /// Lets newer states be seen again.
    pub(super) fn end(&mut self) -> Result<()> {
        match self {
            Reader::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            Reader::Sqlite(connection) => connection.execute_batch("COMMIT").map_err(sqlite_error),
            Reader::Postgres { tx, runtime, .. } => match tx.take() {
                Some(open) => Ok(runtime.block_on(open.rollback())?),
                None => Ok(()),
            },
        }
    }

    /// Calls `row` for each row. The text is our own; only integers are ever put into it.
    pub(super) fn each(&self, sql: &str, mut row: impl FnMut(&dyn Columns) -> Result<()>) -> Result<()> {
        match self {
            Reader::Sqlite(connection) => {
                let mut statement = connection.prepare(sql).map_err(sqlite_error)?;
                let mut rows = statement.query([]).map_err(sqlite_error)?;
                while let Some(found) = rows.next().map_err(sqlite_error)? {
                    row(found)?;
                }
                Ok(())
            }
            Reader::Postgres { db, tx, runtime } => runtime.block_on(async {
                let statement = Statement::from_string(db.get_database_backend(), sql);
                match tx {
                    Some(tx) => {
                        let mut rows = tx.stream_raw(statement).await?;
                        while let Some(found) = rows.next().await {
                            row(&found?)?;
                        }
                    }
                    None => {
                        let mut rows = db.stream_raw(statement).await?;
                        while let Some(found) = rows.next().await {
                            row(&found?)?;
                        }
                    }
                }
                Ok(())
            }),
        }
    }

    /// Calls `point` for each row of usage: customer, metric, day, value. The one loop that runs ten million times.
    pub(super) fn each_usage(&self, sql: &str, mut point: impl FnMut(i64, i32, i32, f64)) -> Result<()> {
        let Reader::Sqlite(connection) = self else {
            return self.each(sql, |row| {
                let customer = known(row.big(0)?)?;
                point(customer, known(row.small(1)?)?, known(row.small(2)?)?, known(row.real(3)?)?);
                Ok(())
            });
        };
        let mut statement = connection.prepare(sql).map_err(sqlite_error)?;
        let mut rows = statement.query([]).map_err(sqlite_error)?;
        while let Some(row) = rows.next().map_err(sqlite_error)? {
            let int = |column: usize| row.get_ref(column).map_err(sqlite_error).map(integer);
            let value = match row.get_ref(3).map_err(sqlite_error)? {
                ValueRef::Real(value) => value,
                ValueRef::Integer(value) => value as f64,
                _ => continue,
            };
            point(int(0)?, int(1)? as i32, int(2)? as i32, value);
        }
        Ok(())
    }
}

fn integer(value: ValueRef<'_>) -> i64 {
    match value {
        ValueRef::Integer(value) => value,
        _ => 0,
    }
}

impl Columns for rusqlite::Row<'_> {
    fn big(&self, column: usize) -> Result<Option<i64>> {
        self.get(column).map_err(sqlite_error)
    }
    fn small(&self, column: usize) -> Result<Option<i32>> {
        self.get(column).map_err(sqlite_error)
    }
    fn real(&self, column: usize) -> Result<Option<f64>> {
        self.get(column).map_err(sqlite_error)
    }
    fn text(&self, column: usize) -> Result<Option<String>> {
        self.get(column).map_err(sqlite_error)
    }
    fn flag(&self, column: usize) -> Result<Option<bool>> {
        self.get(column).map_err(sqlite_error)
    }
}

impl Columns for QueryResult {
    fn big(&self, column: usize) -> Result<Option<i64>> {
        Ok(self.try_get_by_index(column)?)
    }
    fn small(&self, column: usize) -> Result<Option<i32>> {
        Ok(self.try_get_by_index(column)?)
    }
    fn real(&self, column: usize) -> Result<Option<f64>> {
        Ok(self.try_get_by_index(column)?)
    }
    fn text(&self, column: usize) -> Result<Option<String>> {
        Ok(self.try_get_by_index(column)?)
    }
    fn flag(&self, column: usize) -> Result<Option<bool>> {
        Ok(self.try_get_by_index(column)?)
    }
}

/// What `rusqlite` says, as an error of the store.
fn sqlite_error(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Error::Busy,
        _ => Error::Db(DbErr::Custom(error.to_string())),
    }
}
