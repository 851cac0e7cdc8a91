//! Connections and transactions.
//!
//! SQLite: one write connection and a pool of read-only ones on a write-ahead log. PostgreSQL: one pool. All writes go
//! through [`Db::write`], which begins IMMEDIATE on SQLite (a read-then-write would fail at once otherwise) and runs
//! the whole closure again when another writer was in the way. Inside the closure use only its [`Tx`].

use std::{
    future::Future,
    hash::BuildHasher,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{Stream, stream};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions,
    TransactionTrait,
    sqlx::{
        self,
        postgres::{PgConnectOptions, PgListener, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use tokio::{sync::broadcast, task::AbortHandle};

use crate::error::{Error, Result, Trouble};

/// How often a transaction is tried before [`Error::Busy`] reaches the caller.
const WRITE_ATTEMPTS: u32 = 6;
/// Longest pause before the second attempt; it doubles with each further one.
const RETRY_PAUSE: Duration = Duration::from_millis(20);
/// Events that a slow subscriber may lag behind before it loses the oldest. An event is only a nudge to look again.
const EVENT_BACKLOG: usize = 256;
/// PostgreSQL's channel of live events.
const CHANNEL: &str = "headroom";
/// Key of the advisory lock that lets one replica migrate at a time.
const MIGRATION_LOCK: i64 = 0x6865_6164_726f_6f6d;

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Read connections on SQLite, all connections on PostgreSQL.
    pub connections: u32,
    /// How long a statement waits for another program's lock on SQLite.
    pub busy_timeout: Duration,
    /// How long a caller waits for a free connection.
    pub acquire_timeout: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            connections: 8,
            busy_timeout: Duration::from_secs(5),
            // An import holds the write connection for as long as it runs.
            acquire_timeout: Duration::from_secs(120),
        }
    }
}

/// The database. A clone is another handle to the same connections.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    read: DatabaseConnection,
    write: DatabaseConnection,
    sqlite: Option<SqliteConnectOptions>,
    events: broadcast::Sender<String>,
    listener: Option<AbortHandle>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("backend", &self.backend()).finish()
    }
}

impl Db {
    /// Connects to `sqlite://file` (made when missing) or `postgres://…`. Does not migrate.
    pub async fn connect(url: &str, options: Options) -> Result<Db> {
        if url.starts_with("sqlite:") {
            Db::connect_sqlite(url, options).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Db::connect_postgres(url, options).await
        } else {
            let scheme: String = url.chars().take_while(|c| *c != ':').take(20).collect();
            Err(Error::Unfit(format!("a database address begins with sqlite:// or postgres://, not with {scheme:?}")))
        }
    }

    async fn connect_sqlite(url: &str, options: Options) -> Result<Db> {
        let unfit = |error: &dyn std::fmt::Display| Error::Unfit(format!("{url:?} is no SQLite address: {error}"));
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(unfit(&"a database in memory would not be kept; name a file"));
        }
        let base = SqliteConnectOptions::from_str(url).map_err(|error| unfit(&error))?;
        let path = base.get_filename().to_path_buf();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|e| Error::Unfit(format!("the folder {} can't be made: {e}", folder.display())))?;
        }
        let base = base
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(options.busy_timeout)
            .foreign_keys(true)
            .statement_cache_capacity(256)
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", "268435456")
            .pragma("journal_size_limit", "67108864");
        let pool = |connections: u32| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(options.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let named = |error: sqlx::Error| match Error::from(error) {
            Error::Db(error) => Error::Unfit(format!("{} can't be opened as a database: {error}", path.display())),
            other => other,
        };
        let write = pool(1).connect_with(base.clone().pragma("cache_size", "-65536")).await.map_err(named)?;
        let reading = base.clone().pragma("cache_size", "-16384").pragma("query_only", "ON");
        let read = pool(options.connections.max(1)).connect_with(reading).await.map_err(named)?;
        Ok(Db::assemble(Inner {
            read: SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
            write: SqlxSqliteConnector::from_sqlx_sqlite_pool(write),
            sqlite: Some(base),
            events: broadcast::Sender::new(EVENT_BACKLOG),
            listener: None,
        }))
    }

    async fn connect_postgres(url: &str, options: Options) -> Result<Db> {
        let connect = PgConnectOptions::from_str(url)
            .map_err(|error| Error::Unfit(format!("the PostgreSQL address is not valid: {error}")))?
            .application_name("headroom")
            // Short statements gain nothing from compiling.
            .options([("jit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections.max(2))
            .acquire_timeout(options.acquire_timeout)
            .connect_with(connect)
            .await?;
        let events = broadcast::Sender::new(EVENT_BACKLOG);
        let mut listener = PgListener::connect_with(&pool).await?;
        // The pool's closing must not wait for the listener.
        listener.ignore_pool_close_event(true);
        listener.listen(CHANNEL).await?;
        let forward = tokio::spawn(forward_events(listener, events.clone()));
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Db::assemble(Inner {
            read: connection.clone(),
            write: connection,
            sqlite: None,
            events,
            listener: Some(forward.abort_handle()),
        }))
    }

    fn assemble(inner: Inner) -> Db {
        Db { inner: Arc::new(inner) }
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.inner.read.get_database_backend()
    }

    /// A connection for reading; on SQLite it can't write.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// The database file, on SQLite.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        self.inner.sqlite.as_ref().map(SqliteConnectOptions::get_filename)
    }

    /// Runs `work` in a write transaction: all of it happens, or nothing. It may run several times, so it must have no
    /// effect outside its [`Tx`], and must not keep the `Tx`. Nothing network-bound belongs inside.
    ///
    /// Borrowed input is captured by reference: `let input = &input; db.write(|tx| async move { … }).await`.
    pub async fn write<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<Error>,
    {
        let mut attempt = 1;
        loop {
            match self.attempt(&work).await {
                Attempt::Done(outcome) => return outcome,
                Attempt::Again(error) if attempt >= WRITE_ATTEMPTS => return Err(error),
                Attempt::Again(_) => {
                    tracing::debug!(attempt, "write transaction is tried again");
                    tokio::time::sleep(pause_before(attempt)).await;
                    attempt += 1;
                }
            }
        }
    }

    /// One attempt at a transaction.
    async fn attempt<T, E, F, Fut>(&self, work: &F) -> Attempt<T, E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<Error>,
    {
        let failed = |error: DbErr| match Trouble::of(&error) {
            Some(Trouble::Transient) => Attempt::Again(Error::Busy.into()),
            _ => Attempt::Done(Err(Error::from(error).into())),
        };
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            // Lost updates become an error that is tried again.
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let inner = match self.inner.write.begin_with_options(options).await {
            Ok(begun) => begun,
            Err(error) => return failed(error),
        };
        let tx =
            Tx { inner: Arc::new(TxInner { tx: inner, transient: AtomicBool::new(false), events: Mutex::default() }) };
        let outcome = work(tx.clone()).await;
        let Some(TxInner { tx, transient, events }) = Arc::into_inner(tx.inner) else {
            return Attempt::Done(Err(Error::Unfit("a transaction was kept beyond its end".into()).into()));
        };
        let value = match outcome {
            Ok(value) => value,
            Err(error) => {
                // A failed rollback leaves nothing behind either: the connection is thrown away.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(error = %rollback, "rollback failed");
                }
                return if transient.into_inner() { Attempt::Again(error) } else { Attempt::Done(Err(error)) };
            }
        };
        let events = events.into_inner().unwrap_or_default();
        if postgres {
            for event in &events {
                let notify = Statement::from_sql_and_values(
                    DbBackend::Postgres,
                    "SELECT pg_notify($1, $2)",
                    [CHANNEL.into(), event.as_str().into()],
                );
                if let Err(error) = tx.execute_raw(notify).await {
                    return failed(error);
                }
            }
        }
        if let Err(error) = tx.commit().await {
            return failed(error);
        }
        if !postgres {
            for event in events {
                // Nobody listening is fine.
                let _ = self.inner.events.send(event);
            }
        }
        Attempt::Done(Ok(value))
    }

    /// Live events from now on, of all replicas on PostgreSQL. A slow reader may miss some; an event is only a nudge.
    pub fn subscribe(&self) -> impl Stream<Item = String> + Send + use<> {
        stream::unfold(self.inner.events.subscribe(), |mut events| async move {
            loop {
                match events.recv().await {
                    Ok(event) => return Some((event, events)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        })
    }

    /// Brings the schema to this program's version, in one transaction; of several replicas one does it.
    pub async fn migrate(&self) -> Result<()> {
        self.write(|tx| async move {
            let tx: &DatabaseTransaction = &tx.inner.tx;
            if tx.get_database_backend() == DbBackend::Postgres {
                let lock = Statement::from_sql_and_values(
                    DbBackend::Postgres,
                    "SELECT pg_advisory_xact_lock($1)",
                    [MIGRATION_LOCK.into()],
                );
                tx.execute_raw(lock).await?;
            }
            Migrator::up(tx, None).await.map_err(Error::from)
        })
        .await
    }

    /// Whether migrations wait.
    pub async fn is_migrated(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations_read_only(self.read()).await.map_err(Error::from)?.is_empty())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.read().execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// A consistent copy into a new file while others read and write (CONTRACT 1, `backup`).
    pub async fn backup(&self, path: &Path) -> Result<()> {
        let Some(options) = &self.inner.sqlite else {
            return Err(Error::Unfit("a PostgreSQL database is backed up with pg_dump, not from here".into()));
        };
        if path.exists() {
            return Err(Error::Unfit(format!("{} is there already; name a new file", path.display())));
        }
        let text = path.to_str().ok_or_else(|| Error::Unfit(format!("{} is not a UTF-8 path", path.display())))?;
        // Not the read pool: it can't write, not even a copy. Not the write connection: nobody should wait for this.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let copied = sqlx::query("VACUUM INTO ?").bind(text).execute(&pool).await;
        pool.close().await;
        copied?;
        Ok(())
    }

    /// Closes all connections; on SQLite the log is folded into the file.
    pub async fn close(&self) {
        if let Some(listener) = &self.inner.listener {
            listener.abort();
        }
        for connection in [&self.inner.read, &self.inner.write] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "closing the database failed");
            }
        }
    }
}

/// How an attempt ended.
enum Attempt<T, E> {
    /// For good.
    Done(Result<T, E>),
    /// Another writer was in the way.
    Again(E),
}

/// A pause with jitter, so that two writers don't meet again.
fn pause_before(attempt: u32) -> Duration {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let random = std::hash::RandomState::new().hash_one(COUNTER.fetch_add(1, Ordering::Relaxed));
    let longest = RETRY_PAUSE.saturating_mul(1 << attempt.min(6)).as_micros() as u64;
    Duration::from_micros(1_000 + random % longest.max(1))
}

/// Hands PostgreSQL's notifications to this process's subscribers. The listener reconnects by itself.
async fn forward_events(mut listener: PgListener, events: broadcast::Sender<String>) {
    loop {
        match listener.recv().await {
            Ok(event) => {
                let _ = events.send(event.payload().to_owned());
            }
            Err(error) => {
                tracing::warn!(%error, "live events are interrupted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// A write transaction of [`Db::write`]. A clone is the same transaction.
#[derive(Clone)]
pub struct Tx {
    inner: Arc<TxInner>,
}

struct TxInner {
    tx: DatabaseTransaction,
    /// Set when a statement failed because of another writer.
    transient: AtomicBool,
    events: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Tx {
    /// Sends a live event when, and only when, the transaction is committed. The same text is sent once.
    pub fn notify(&self, event: impl Into<String>) {
        let event = event.into();
        if let Ok(mut events) = self.inner.events.lock()
            && !events.contains(&event)
        {
            events.push(event);
        }
    }

    fn noted<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &result
            && Trouble::of(error) == Some(Trouble::Transient)
        {
            self.inner.transient.store(true, Ordering::Relaxed);
        }
        result
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.tx.get_database_backend()
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        self.noted(self.inner.tx.execute_raw(stmt).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.noted(self.inner.tx.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.noted(self.inner.tx.query_one_raw(stmt).await)
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.noted(self.inner.tx.query_all_raw(stmt).await)
    }
}

/// The file of a `sqlite://` address, when it is one.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    SqliteConnectOptions::from_str(url).ok().map(|options| options.get_filename().to_path_buf())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use futures::StreamExt;

    use super::*;
    use crate::{on_each_database, testing};

    async fn metrics(db: &Db) -> i64 {
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), "SELECT COUNT(*) AS n FROM metrics"));
        row.await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    async fn add_metric(tx: &Tx, name: &str) -> Result<()> {
        let sql = "INSERT INTO metrics (name) VALUES ($1)";
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into()])).await?;
        Ok(())
    }

    on_each_database! {
        async fn a_failed_transaction_leaves_nothing_and_sends_nothing(db: &Db) {
            assert!(db.is_migrated().await.unwrap());
            db.migrate().await.unwrap();
            let mut events = Box::pin(db.subscribe());
            let failed: Result<()> = db.write(|tx| async move {
                add_metric(&tx, "a").await?;
                tx.notify("lost");
                Err(Error::Unfit("no".into()))
            }).await;
            assert!(failed.is_err());
            assert_eq!(metrics(db).await, 0);
            db.write(|tx| async move {
                add_metric(&tx, "a").await?;
                tx.notify("kept");
                tx.notify("kept");
                Ok::<_, Error>(())
            }).await.unwrap();
            assert_eq!(metrics(db).await, 1);
            let event = tokio::time::timeout(Duration::from_secs(10), events.next()).await.unwrap();
            assert_eq!(event.as_deref(), Some("kept"));
            let again = db.write(|tx| async move { add_metric(&tx, "a").await }).await;
            assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        }

        async fn two_writers_at_once_lose_nothing(db: &Db) {
            db.write(|tx| async move {
                tx.execute_unprepared("INSERT INTO jobs (key, due_at) VALUES ('counter', 0)").await?;
                Ok::<_, Error>(())
            }).await.unwrap();
            let add = |db: Db| async move {
                for _ in 0..10 {
                    db.write(|tx| async move {
                        let backend = tx.get_database_backend();
                        let row = tx.query_one_raw(Statement::from_string(backend, "SELECT due_at FROM jobs")).await?;
                        let n: i64 = row.unwrap().try_get("", "due_at")?;
                        tokio::task::yield_now().await;
                        let sql = "UPDATE jobs SET due_at = $1";
                        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [(n + 1).into()])).await?;
                        Ok::<_, Error>(())
                    }).await.unwrap();
                }
            };
            let other = tokio::spawn(add(db.clone()));
            add(db.clone()).await;
            other.await.unwrap();
            let row = db.read().query_one_raw(Statement::from_string(db.backend(), "SELECT due_at FROM jobs")).await.unwrap();
            assert_eq!(row.unwrap().try_get::<i64>("", "due_at").unwrap(), 20);
        }
    }

    #[tokio::test]
    async fn another_program_that_holds_the_file_is_waited_for_then_reported() {
        let database = testing::sqlite().await;
        let options = Options { busy_timeout: Duration::from_millis(5), ..Options::default() };
        let impatient = &Db::connect(database.url(), options).await.unwrap();
        let tries = &AtomicU32::new(0);
        let held = database.write(|tx| async move {
            add_metric(&tx, "held").await?;
            let write = |tx: Tx| async move {
                tries.fetch_add(1, Ordering::Relaxed);
                add_metric(&tx, "b").await
            };
            let refused = impatient.write(write).await;
            assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
            Ok::<_, Error>(())
        });
        held.await.unwrap();
        assert_eq!(tries.load(Ordering::Relaxed), 0, "BEGIN IMMEDIATE itself waits");
    }

    #[tokio::test]
    async fn readers_can_not_write_and_a_copy_is_whole() {
        let database = testing::sqlite().await;
        let written = database.read().execute_unprepared("INSERT INTO metrics (name) VALUES ('x')").await;
        assert!(matches!(written.map_err(Error::from), Err(Error::ReadOnly)));
        database.write(|tx| async move { add_metric(&tx, "kept").await }).await.unwrap();
        let copy = database.folder().unwrap().join("copy.db");
        database.backup(&copy).await.unwrap();
        assert!(matches!(database.backup(&copy).await, Err(Error::Unfit(_))), "an old copy is not overwritten");
        let copied = Db::connect(&format!("sqlite://{}", copy.display()), Options::default()).await.unwrap();
        assert_eq!(metrics(&copied).await, 1);
        copied.close().await;
    }

    #[tokio::test]
    async fn a_wrong_address_is_named() {
        for (url, word) in [("mysql://x", "mysql"), ("sqlite::memory:", "memory"), ("/tmp/x.db", "sqlite://")] {
            let error = Db::connect(url, Options::default()).await.unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
