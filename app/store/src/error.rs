//! What can go wrong in the store (ARCHITECTURE 5). Absent is `Option`, not an error.

use sea_orm::{DbErr, RuntimeErr, SqlErr, TransactionError, sqlx};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A row with the same key is there already.
    #[error("a row with the same key is there already ({0})")]
    Conflict(String),
    /// A stored row has a value that the program does not know.
    #[error("{table} holds a value that this version does not know, in {row}")]
    Inconsistent {
        /// Table.
        table: &'static str,
        /// Row and value.
        row: String,
    },
    /// Another writer held the database too long.
    #[error("the database is busy; another program holds it")]
    Busy,
    /// The database can't be written.
    #[error("the database is read-only; check the rights of its file and folder")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk of the database is full")]
    Full,
    /// The address or the database is not fit for what was asked, as a sentence.
    #[error("{0}")]
    Unfit(String),
    /// Anything else that the database said.
    #[error("the database failed")]
    Db(#[source] DbErr),
}

/// Result of a store call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A row of `table` that can't be read.
    pub(crate) fn inconsistent(table: &'static str, row: impl std::fmt::Display) -> Error {
        Error::Inconsistent { table, row: row.to_string() }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        if let Some(SqlErr::UniqueConstraintViolation(what)) = error.sql_err() {
            return Error::Conflict(what);
        }
        match Trouble::of(&error) {
            Some(Trouble::Transient) => Error::Busy,
            Some(Trouble::ReadOnly) => Error::ReadOnly,
            Some(Trouble::Full) => Error::Full,
            None => Error::Db(error),
        }
    }
}

impl From<TransactionError<Error>> for Error {
    fn from(error: TransactionError<Error>) -> Error {
        match error {
            TransactionError::Connection(error) => error.into(),
            TransactionError::Transaction(error) => error,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        DbErr::Conn(RuntimeErr::SqlxError(error.into())).into()
    }
}

/// The few conditions that are treated apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The same transaction may succeed when it is tried again.
    Transient,
    /// Not writable.
    ReadOnly,
    /// No room left.
    Full,
}

impl Trouble {
    /// The condition behind an error, by the codes of SQLite and PostgreSQL.
    pub(crate) fn of(error: &DbErr) -> Option<Trouble> {
        let (DbErr::Exec(cause) | DbErr::Query(cause) | DbErr::Conn(cause)) = error else { return None };
        let RuntimeErr::SqlxError(cause) = cause else { return None };
        let code = cause.as_database_error()?.code()?;
        // SQLite gives extended result codes; the low byte is the primary one.
        match code.as_ref() {
            "40001" | "40P01" | "55P03" => return Some(Trouble::Transient),
            "25006" => return Some(Trouble::ReadOnly),
            "53100" => return Some(Trouble::Full),
            _ => {}
        }
        match code.parse::<i64>().ok().filter(|_| code.len() < 5)? & 0xff {
            5 | 6 => Some(Trouble::Transient),
            8 => Some(Trouble::ReadOnly),
            13 => Some(Trouble::Full),
            _ => None,
        }
    }
}
