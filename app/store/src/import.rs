//! What an import reads and writes: dataset tables by their descriptors, usage, the ledger, and its undo.
//!
//! Everything goes in chunks of many rows per statement, with the same text on both databases. A [`Value`] stands in its
//! stored form here: references are ids.

use std::collections::{HashMap, HashSet};

use domain::{
    id::{ImportId, UserId},
    import::{Column, Dataset, DatasetReport, Kind, Value},
    time::At,
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value as Bind};

use crate::{Error, Result, Tx};

/// Bound values per statement: SQLite takes 32,766, PostgreSQL 65,535.
const BINDS_MAX: usize = 30_000;
/// Usage rows per statement; with four values a row it stays under [`BINDS_MAX`].
pub const USAGE_CHUNK: usize = 6_000;
/// Rows per lookup by key.
const LOOKUP_CHUNK: usize = 2_000;

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Int,
    Real,
    Bool,
    Text,
}

const fn class(kind: Kind) -> Class {
    match kind {
        Kind::Money | Kind::SignedMoney | Kind::Integer(..) | Kind::Day | Kind::Instant | Kind::Reference(_) => {
            Class::Int
        }
        Kind::Number(..) | Kind::Ratio => Class::Real,
        Kind::Bool => Class::Bool,
        _ => Class::Text,
    }
}

/// A value bound with the column's type, also when it is absent: PostgreSQL has typed nulls.
fn bind(class: Class, value: &Value) -> Bind {
    match class {
        Class::Int => Bind::BigInt(value.int()),
        Class::Real => Bind::Double(value.real()),
        Class::Bool => Bind::Bool(match value {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }),
        Class::Text => Bind::String(value.text().map(str::to_owned)),
    }
}

/// An absent part of a key has a stored form, so that `UNIQUE` works: 0 or the empty text.
#[must_use]
pub fn stored_form(column: &Column, value: Value) -> Value {
    if !value.is_null() || !column.key || column.required {
        return value;
    }
    match class(column.kind) {
        Class::Int => Value::Int(0),
        _ => Value::Text(String::new()),
    }
}

/// Builds a statement and counts its placeholders.
struct Sql {
    backend: DbBackend,
    text: String,
    values: Vec<Bind>,
}

impl Sql {
    fn new(db: &impl ConnectionTrait, text: impl Into<String>) -> Sql {
        Sql { backend: db.get_database_backend(), text: text.into(), values: Vec::new() }
    }

    fn push(&mut self, text: &str) -> &mut Sql {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: Bind) -> &mut Sql {
        self.values.push(value);
        if self.backend == DbBackend::Postgres {
            self.text.push('$');
            self.text.push_str(&self.values.len().to_string());
        } else {
            self.text.push('?');
        }
        self
    }

    /// `(?, ?), (?, ?)`: one group per row.
    fn rows(&mut self, rows: impl IntoIterator<Item = Vec<Bind>>) -> &mut Sql {
        for (at, row) in rows.into_iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", (" });
            for (at, value) in row.into_iter().enumerate() {
                if at > 0 {
                    self.push(", ");
                }
                self.bind(value);
            }
            self.push(")");
        }
        self
    }

    /// `?, ?, ?`
    fn list(&mut self, values: impl IntoIterator<Item = Bind>) -> &mut Sql {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self
    }

    fn done(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.text, self.values)
    }
}

fn ints(ids: &[i64]) -> impl Iterator<Item = Bind> + '_ {
    ids.iter().map(|id| Bind::BigInt(Some(*id)))
}

fn text(value: &str) -> Bind {
    Bind::String(Some(value.to_owned()))
}

// --- dataset tables ---------------------------------------------------------------------------------------------------

/// A row as it is stored: its cells stand in the order of the dataset's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Id.
    pub id: i64,
    /// Cells.
    pub cells: Vec<Value>,
}

impl Stored {
    /// The key of the row as one text.
    #[must_use]
    pub fn key(&self, dataset: Dataset) -> String {
        key_text(dataset, &self.cells)
    }
}

/// The key of a row as one text: the same for the same key, and only then.
#[must_use]
pub fn key_text(dataset: Dataset, cells: &[Value]) -> String {
    let mut out = String::new();
    for (column, cell) in dataset.columns().iter().zip(cells) {
        if column.key {
            match cell {
                Value::Text(text) => out.push_str(text),
                Value::Int(number) => out.push_str(&number.to_string()),
                Value::Real(number) => out.push_str(&number.to_string()),
                Value::Bool(truth) => out.push_str(if *truth { "1" } else { "0" }),
                Value::Null => {}
            }
            out.push('\u{1f}');
        }
    }
    out
}

fn selected(dataset: Dataset) -> String {
    let mut out = "id".to_owned();
    for column in dataset.columns() {
        let name = column.stored;
        out.push_str(&match class(column.kind) {
            Class::Int => format!(", CAST({name} AS BIGINT)"),
            Class::Real => format!(", CAST({name} AS DOUBLE PRECISION)"),
            Class::Bool | Class::Text => format!(", {name}"),
        });
    }
    out
}

fn read_stored(dataset: Dataset, row: &QueryResult) -> Result<Stored> {
    let mut cells = Vec::with_capacity(dataset.columns().len());
    for (at, column) in dataset.columns().iter().enumerate() {
        let at = at + 1;
        cells.push(match class(column.kind) {
            Class::Int => row.try_get_by_index::<Option<i64>>(at)?.map_or(Value::Null, Value::Int),
            Class::Real => row.try_get_by_index::<Option<f64>>(at)?.map_or(Value::Null, Value::Real),
            Class::Bool => row.try_get_by_index::<Option<bool>>(at)?.map_or(Value::Null, Value::Bool),
            Class::Text => row.try_get_by_index::<Option<String>>(at)?.map_or(Value::Null, Value::Text),
        });
    }
    Ok(Stored { id: row.try_get_by_index(0)?, cells })
}

fn key_columns(dataset: Dataset) -> Vec<(usize, &'static Column)> {
    dataset.columns().iter().enumerate().filter(|(_, column)| column.key).collect()
}

/// The stored rows with the keys of these cells, by [`key_text`].
///
/// # Errors
/// When the database fails.
pub async fn existing(
    db: &impl ConnectionTrait,
    dataset: Dataset,
    rows: &[&[Value]],
) -> Result<HashMap<String, Stored>> {
    let keys = key_columns(dataset);
    let names: Vec<&str> = keys.iter().map(|(_, column)| column.stored).collect();
    let mut found = HashMap::new();
    for chunk in rows.chunks(LOOKUP_CHUNK) {
        let binds = chunk.iter().map(|cells| {
            keys.iter()
                .map(|(at, column)| bind(class(column.kind), cells.get(*at).unwrap_or(&Value::Null)))
                .collect::<Vec<_>>()
        });
        let mut sql;
        if let [name] = names.as_slice() {
            sql = Sql::new(db, format!("SELECT {} FROM {dataset} WHERE {name} IN (", selected(dataset)));
            sql.list(binds.flatten()).push(")");
        } else {
            // Joined, because SQLite looks a list of row values up by reading the whole table.
            let wanted: Vec<String> = (0..names.len()).map(|at| format!("k{at}")).collect();
            let same: Vec<String> = names.iter().zip(&wanted).map(|(name, key)| format!("{name} = {key}")).collect();
            sql = Sql::new(db, format!("WITH wanted ({}) AS (VALUES ", wanted.join(", ")));
            sql.rows(binds).push(&format!(
                ") SELECT {} FROM wanted CROSS JOIN {dataset} WHERE {}",
                selected(dataset),
                same.join(" AND ")
            ));
        }
        for row in db.query_all_raw(sql.done()).await? {
            let stored = read_stored(dataset, &row)?;
            found.insert(stored.key(dataset), stored);
        }
    }
    Ok(found)
}

/// The stored rows with these ids.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(db: &impl ConnectionTrait, dataset: Dataset, ids: &[i64]) -> Result<HashMap<i64, Stored>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(db, format!("SELECT {} FROM {dataset} WHERE id IN (", selected(dataset)));
        sql.list(ints(chunk)).push(")");
        for row in db.query_all_raw(sql.done()).await? {
            let stored = read_stored(dataset, &row)?;
            found.insert(stored.id, stored);
        }
    }
    Ok(found)
}

/// Inserts rows; answers their ids by [`key_text`].
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, dataset: Dataset, at: At, rows: &[Vec<Value>]) -> Result<HashMap<String, i64>> {
    let columns = dataset.columns();
    let names: Vec<&str> = columns.iter().map(|column| column.stored).collect();
    let mut ids = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks((BINDS_MAX / (columns.len() + 2)).max(1)) {
        let mut sql =
            Sql::new(tx, format!("INSERT INTO {dataset} ({}, created_at, updated_at) VALUES ", names.join(", ")));
        sql.rows(chunk.iter().map(|cells| {
            let mut binds: Vec<Bind> =
                columns.iter().zip(cells).map(|(column, cell)| bind(class(column.kind), cell)).collect();
            binds.extend([Bind::BigInt(Some(at.0)), Bind::BigInt(Some(at.0))]);
            binds
        }));
        sql.push(&format!(" RETURNING {}", selected_key(dataset)));
        for row in tx.query_all_raw(sql.done()).await? {
            let (id, key) = read_key(dataset, &row)?;
            ids.insert(key, id);
        }
    }
    Ok(ids)
}

fn selected_key(dataset: Dataset) -> String {
    let mut out = "id".to_owned();
    for (_, column) in key_columns(dataset) {
        let name = column.stored;
        out.push_str(&if class(column.kind) == Class::Int {
            format!(", CAST({name} AS BIGINT)")
        } else {
            format!(", {name}")
        });
    }
    out
}

fn read_key(dataset: Dataset, row: &QueryResult) -> Result<(i64, String)> {
    let mut cells = vec![Value::Null; dataset.columns().len()];
    for (place, (at, column)) in key_columns(dataset).into_iter().enumerate() {
        let value = if class(column.kind) == Class::Int {
            row.try_get_by_index::<Option<i64>>(place + 1)?.map_or(Value::Null, Value::Int)
        } else {
            row.try_get_by_index::<Option<String>>(place + 1)?.map_or(Value::Null, Value::Text)
        };
        if let Some(cell) = cells.get_mut(at) {
            *cell = value;
        }
    }
    Ok((row.try_get_by_index(0)?, key_text(dataset, &cells)))
}

/// Writes whole rows over stored ones.
///
/// # Errors
/// When the database fails.
pub async fn update(tx: &Tx, dataset: Dataset, at: At, rows: &[Stored]) -> Result<()> {
    let columns = dataset.columns();
    let names: Vec<&str> = columns.iter().map(|column| column.stored).collect();
    let set: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    for chunk in rows.chunks((BINDS_MAX / (columns.len() + 3)).max(1)) {
        // An upsert by id is the one way to write many rows with one statement that both databases type by the table.
        let mut sql =
            Sql::new(tx, format!("INSERT INTO {dataset} (id, {}, created_at, updated_at) VALUES ", names.join(", ")));
        sql.rows(chunk.iter().map(|row| {
            let mut binds = vec![Bind::BigInt(Some(row.id))];
            binds.extend(columns.iter().zip(&row.cells).map(|(column, cell)| bind(class(column.kind), cell)));
            binds.extend([Bind::BigInt(Some(at.0)), Bind::BigInt(Some(at.0))]);
            binds
        }));
        sql.push(&format!(" ON CONFLICT (id) DO UPDATE SET {}, updated_at = excluded.updated_at", set.join(", ")));
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// Ids of rows by what files call them: external id, sku, e-mail.
///
/// # Errors
/// When the database fails.
pub async fn ids(db: &impl ConnectionTrait, dataset: Dataset, texts: &[String]) -> Result<HashMap<String, i64>> {
    let Some(key) = dataset.columns().first() else { return Ok(HashMap::new()) };
    pairs(db, &format!("SELECT {0}, id FROM {dataset} WHERE {0} IN (", key.stored), texts).await
}

/// Accounts of rows (`via`): the account of the contract that a file names.
///
/// # Errors
/// When the database fails.
pub async fn customers_via(db: &impl ConnectionTrait, via: Dataset, texts: &[String]) -> Result<HashMap<String, i64>> {
    pairs(db, &format!("SELECT external_id, customer_id FROM {via} WHERE external_id IN ("), texts).await
}

/// Accounts that rows hang on, by row id; for datasets that have an account.
///
/// # Errors
/// When the database fails.
pub async fn customers_of(db: &impl ConnectionTrait, dataset: Dataset, ids: &[i64]) -> Result<HashSet<i64>> {
    let column = match dataset {
        Dataset::Customers => "id",
        Dataset::Contracts
        | Dataset::CustomerUsers
        | Dataset::Stakeholders
        | Dataset::HealthScores
        | Dataset::Meetings
        | Dataset::Tickets
        | Dataset::Opportunities
        | Dataset::Expansions => "customer_id",
        Dataset::Entitlements => "(SELECT customer_id FROM contracts WHERE contracts.id = entitlements.contract_id)",
        Dataset::OpportunityHistory => {
            "(SELECT customer_id FROM opportunities WHERE opportunities.id = opportunity_history.opportunity_id)"
        }
        Dataset::Users | Dataset::Products | Dataset::UsageMetrics | Dataset::Targets => return Ok(HashSet::new()),
    };
    let mut found = HashSet::new();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(db, format!("SELECT {column} FROM {dataset} WHERE id IN ("));
        sql.list(ints(chunk)).push(")");
        for row in db.query_all_raw(sql.done()).await? {
            found.extend(row.try_get_by_index::<Option<i64>>(0)?);
        }
    }
    Ok(found)
}

async fn pairs(db: &impl ConnectionTrait, head: &str, texts: &[String]) -> Result<HashMap<String, i64>> {
    let mut found = HashMap::new();
    for chunk in texts.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(db, head);
        sql.list(chunk.iter().map(|item| text(item))).push(")");
        for row in db.query_all_raw(sql.done()).await? {
            found.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
    }
    Ok(found)
}

/// Marks accounts for the incremental scan.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &Tx, at: At, customers: &[i64]) -> Result<()> {
    for chunk in customers.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(tx, "INSERT INTO touched_accounts (customer_id, touched_at) VALUES ");
        sql.rows(chunk.iter().map(|id| vec![Bind::BigInt(Some(*id)), Bind::BigInt(Some(at.0))]));
        sql.push(" ON CONFLICT (customer_id) DO UPDATE SET touched_at = excluded.touched_at");
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// Writes the stage change of opportunities whose newest history row does not say so already (CONTRACT 5): effective and
/// recorded at the import's time.
///
/// # Errors
/// When the database fails.
pub async fn record_stage_changes(tx: &Tx, at: At, changes: &[(i64, String, String)]) -> Result<u64> {
    let mut written = 0;
    for (opportunity, from, to) in changes {
        let mut newest = Sql::new(tx, "SELECT to_stage FROM opportunity_history WHERE opportunity_id = ");
        newest.bind(Bind::BigInt(Some(*opportunity))).push(" AND changed_at <= ").bind(Bind::BigInt(Some(at.0)));
        newest.push(" ORDER BY changed_at DESC, id DESC LIMIT 1");
        let said = match tx.query_one_raw(newest.done()).await? {
            Some(row) => row.try_get_by_index::<String>(0)? == *to,
            None => false,
        };
        if said {
            continue;
        }
        let mut sql = Sql::new(
            tx,
            "INSERT INTO opportunity_history (opportunity_id, to_stage, changed_at, from_stage, created_at, updated_at) VALUES ",
        );
        let at = Bind::BigInt(Some(at.0));
        sql.rows([vec![Bind::BigInt(Some(*opportunity)), text(to), at.clone(), text(from), at.clone(), at]]);
        sql.push(" ON CONFLICT (opportunity_id, changed_at, to_stage) DO NOTHING");
        written += tx.execute_raw(sql.done()).await?.rows_affected();
    }
    Ok(written)
}

// --- usage ------------------------------------------------------------------------------------------------------------

/// One value of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsagePoint {
    /// Account.
    pub customer: i64,
    /// Metric.
    pub metric: i64,
    /// Days since 1970-01-01.
    pub day: i32,
    /// Value.
    pub value: f64,
    /// How often the key stood in the chunk; the last one is the value.
    pub times: u64,
}

type UsageKey = (i64, i64, i32);

impl UsagePoint {
    const fn key(&self) -> UsageKey {
        (self.customer, self.metric, self.day)
    }
}

/// How usage rows ended. `updated` and `unchanged` may go down when a later line of the file takes back an earlier one.
#[derive(Debug, Clone, Default)]
pub struct UsageCounts {
    /// New.
    pub created: i64,
    /// Changed.
    pub updated: i64,
    /// As they were.
    pub unchanged: i64,
    /// Accounts with a new or changed row.
    pub touched: HashSet<i64>,
}

/// Ids of metrics by name, made when missing.
///
/// # Errors
/// When the database fails.
pub async fn metric_ids(tx: &Tx, names: &[String]) -> Result<HashMap<String, i64>> {
    for chunk in names.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(tx, "INSERT INTO metrics (name) VALUES ");
        sql.rows(chunk.iter().map(|name| vec![text(name)])).push(" ON CONFLICT (name) DO NOTHING");
        tx.execute_raw(sql.done()).await?;
    }
    pairs(tx, "SELECT name, id FROM metrics WHERE name IN (", names).await
}

/// Writes one chunk of usage; the keys of `points` differ.
///
/// New rows go in with one statement, which also counts them. Only when some were there already are the stored values
/// looked at: a changed value is kept in `usage_prior` for the undo, an equal one is not written.
///
/// # Errors
/// When the database fails.
pub async fn put_usage(tx: &Tx, import: ImportId, points: &[UsagePoint]) -> Result<UsageCounts> {
    let mut counts = UsageCounts::default();
    if points.is_empty() {
        return Ok(counts);
    }
    let created = insert_usage(tx, import, points).await?;
    let repeated: u64 = points.iter().map(|point| point.times - 1).sum();
    if created == points.len() as u64 {
        counts.created = created as i64;
        counts.updated = repeated as i64;
        counts.touched.extend(points.iter().map(|point| point.customer));
        return Ok(counts);
    }
    counts.created = created as i64;
    let stored = stored_usage(tx, points).await?;
    let mut own_equal = 0;
    let mut from_others: Vec<(UsagePoint, f64, i64)> = Vec::new();
    let mut own_changed: Vec<UsagePoint> = Vec::new();
    for point in points {
        let Some((value, by)) = stored.get(&point.key()).copied() else {
            return Err(Error::inconsistent("usage_metrics", format!("{:?} was written and is gone", point.key())));
        };
        match (by == import.0, value == point.value) {
            (true, true) => {
                own_equal += 1;
                counts.updated += (point.times - 1) as i64;
                counts.touched.insert(point.customer);
            }
            (true, false) => own_changed.push(*point),
            (false, true) => counts.unchanged += point.times as i64,
            (false, false) => {
                counts.updated += point.times as i64;
                counts.touched.insert(point.customer);
                from_others.push((*point, value, by));
            }
        }
    }
    // Rows of this import with the same value were made right now, or by an earlier line of the file.
    counts.updated += own_equal - created as i64;
    keep_prior(tx, import, &from_others).await?;
    let overwritten: Vec<UsagePoint> = from_others.iter().map(|(point, _, _)| *point).collect();
    overwrite_usage(tx, &overwritten, import.0).await?;
    amend_own(tx, import, &own_changed, &mut counts).await?;
    Ok(counts)
}

async fn insert_usage(tx: &Tx, import: ImportId, points: &[UsagePoint]) -> Result<u64> {
    let mut created = 0;
    for chunk in points.chunks(USAGE_CHUNK) {
        created +=
            tx.execute_raw(usage_statement(tx, chunk, import.0, " ON CONFLICT DO NOTHING")).await?.rows_affected();
    }
    Ok(created)
}

async fn overwrite_usage(tx: &Tx, points: &[UsagePoint], import: i64) -> Result<()> {
    const END: &str = " ON CONFLICT (customer_id, metric_id, day) DO UPDATE SET value = excluded.value, import_id = excluded.import_id";
    for chunk in points.chunks(USAGE_CHUNK) {
        tx.execute_raw(usage_statement(tx, chunk, import, END)).await?;
    }
    Ok(())
}

fn usage_statement(tx: &Tx, points: &[UsagePoint], import: i64, end: &str) -> Statement {
    let mut sql = Sql::new(tx, "INSERT INTO usage_metrics (customer_id, metric_id, day, value, import_id) VALUES ");
    sql.text.reserve(points.len() * 24);
    sql.values.reserve(points.len() * 4);
    let tail = format!(", {import})");
    for (at, point) in points.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" });
        sql.list([
            Bind::BigInt(Some(point.customer)),
            Bind::BigInt(Some(point.metric)),
            Bind::Int(Some(point.day)),
            Bind::Double(Some(point.value)),
        ]);
        sql.push(&tail);
    }
    sql.push(end);
    sql.done()
}

async fn stored_usage(tx: &Tx, points: &[UsagePoint]) -> Result<HashMap<UsageKey, (f64, i64)>> {
    let mut found = HashMap::with_capacity(points.len());
    for chunk in points.chunks(USAGE_CHUNK) {
        let customers = || chunk.iter().map(|point| point.customer);
        let (first, last) = (customers().min().unwrap_or(0), customers().max().unwrap_or(0));
        let mut sql = Sql::new(tx, "WITH wanted (k0, k1, k2) AS (VALUES ");
        sql.rows(chunk.iter().map(key_binds)).push(
            ") SELECT customer_id, CAST(metric_id AS BIGINT), day, value, import_id FROM wanted CROSS JOIN usage_metrics \
             WHERE customer_id = k0 AND metric_id = k1 AND day = k2 AND customer_id BETWEEN ",
        );
        // The bounds keep PostgreSQL from reading the whole table: a file mostly goes account by account.
        sql.bind(Bind::BigInt(Some(first))).push(" AND ").bind(Bind::BigInt(Some(last)));
        for row in tx.query_all_raw(sql.done()).await? {
            let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            found.insert(key, (row.try_get_by_index(3)?, row.try_get_by_index(4)?));
        }
    }
    Ok(found)
}

fn key_binds(point: &UsagePoint) -> Vec<Bind> {
    vec![Bind::BigInt(Some(point.customer)), Bind::BigInt(Some(point.metric)), Bind::Int(Some(point.day))]
}

async fn keep_prior(tx: &Tx, import: ImportId, rows: &[(UsagePoint, f64, i64)]) -> Result<()> {
    for chunk in rows.chunks(BINDS_MAX / 6) {
        let mut sql = Sql::new(
            tx,
            "INSERT INTO usage_prior (import_id, customer_id, metric_id, day, value, prior_import_id) VALUES ",
        );
        sql.rows(chunk.iter().map(|(point, value, by)| {
            let mut binds = vec![Bind::BigInt(Some(import.0))];
            binds.extend(key_binds(point));
            binds.extend([Bind::Double(Some(*value)), Bind::BigInt(Some(*by))]);
            binds
        }));
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// A later line changes what an earlier line of the same file wrote. When that brings back what was stored before the
/// import, nothing has changed after all: so the same file twice writes nothing.
async fn amend_own(tx: &Tx, import: ImportId, points: &[UsagePoint], counts: &mut UsageCounts) -> Result<()> {
    let mut plain = Vec::new();
    for point in points {
        counts.touched.insert(point.customer);
        let mut sql = Sql::new(
            tx,
            "SELECT value, prior_import_id FROM usage_prior WHERE (import_id, customer_id, metric_id, day) = ",
        );
        sql.rows([[vec![Bind::BigInt(Some(import.0))], key_binds(point)].concat()]);
        let prior = match tx.query_one_raw(sql.done()).await? {
            Some(row) => Some((row.try_get_by_index::<f64>(0)?, row.try_get_by_index::<i64>(1)?)),
            None => None,
        };
        match prior {
            Some((value, by)) if value == point.value => {
                overwrite_usage(tx, &[*point], by).await?;
                let mut sql = Sql::new(tx, "DELETE FROM usage_prior WHERE (import_id, customer_id, metric_id, day) = ");
                sql.rows([[vec![Bind::BigInt(Some(import.0))], key_binds(point)].concat()]);
                tx.execute_raw(sql.done()).await?;
                counts.updated -= 1;
                counts.unchanged += 1 + point.times as i64;
            }
            _ => {
                counts.updated += point.times as i64;
                plain.push(*point);
            }
        }
    }
    overwrite_usage(tx, &plain, import.0).await
}

/// What the undo of usage did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageUndone {
    /// Rows deleted.
    pub deleted: u64,
    /// Rows with their old value again.
    pub restored: u64,
    /// Rows that a later import wrote over.
    pub kept: u64,
}

/// Takes back the usage of an import. Rows that a later import wrote over stay; that import's own undo will then bring
/// back what stood before this one.
///
/// # Errors
/// When the database fails.
pub async fn undo_usage(tx: &Tx, import: ImportId, at: At) -> Result<UsageUndone> {
    let run = async |text: &str| -> Result<u64> {
        let text = text.replace("@import", &import.0.to_string()).replace("@at", &at.0.to_string());
        Ok(tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await?.rows_affected())
    };
    run("INSERT INTO touched_accounts (customer_id, touched_at)
         SELECT DISTINCT customer_id, @at FROM usage_metrics WHERE import_id = @import
         AND customer_id IN (SELECT id FROM customers)
         ON CONFLICT (customer_id) DO UPDATE SET touched_at = excluded.touched_at")
    .await?;
    // Later imports that wrote over rows of this one: what they would bring back is now what stood before this one.
    let relinked = run("UPDATE usage_prior SET value = older.value, prior_import_id = older.prior_import_id
         FROM usage_prior AS older
         WHERE usage_prior.prior_import_id = @import AND older.import_id = @import
         AND older.customer_id = usage_prior.customer_id AND older.metric_id = usage_prior.metric_id
         AND older.day = usage_prior.day")
    .await?;
    let unlinked = run("DELETE FROM usage_prior WHERE prior_import_id = @import").await?;
    let restored = run("UPDATE usage_metrics SET value = older.value, import_id = older.prior_import_id
         FROM usage_prior AS older
         WHERE usage_metrics.import_id = @import AND older.import_id = @import
         AND older.customer_id = usage_metrics.customer_id AND older.metric_id = usage_metrics.metric_id
         AND older.day = usage_metrics.day")
    .await?;
    let deleted = run("DELETE FROM usage_metrics WHERE import_id = @import").await?;
    run("DELETE FROM usage_prior WHERE import_id = @import").await?;
    Ok(UsageUndone { deleted, restored, kept: relinked + unlinked })
}

// --- the ledger -------------------------------------------------------------------------------------------------------

/// A rejected row with its text, for download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Line of the file.
    pub line: u64,
    /// Column.
    pub field: String,
    /// Why.
    pub reason: String,
    /// The row as it stood in the file, cut.
    pub raw: String,
}

/// One changed row: what was before (none: it was created), and what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Row.
    pub entity: i64,
    /// Changed cells as they were, as JSON.
    pub before: Option<String>,
    /// Digest of the row as written.
    pub after: String,
}

/// Starts a run: a row of its own transaction, so that others see it while the import's one still runs.
///
/// # Errors
/// When the database fails.
pub async fn begin_run(tx: &Tx, at: At, by: Option<UserId>, source: &str) -> Result<ImportId> {
    let mut sql = Sql::new(tx, "INSERT INTO imports (created_at, created_by, source, state) VALUES ");
    sql.rows([vec![Bind::BigInt(Some(at.0)), Bind::BigInt(by.map(|id| id.0)), text(source), text("running")]]);
    sql.push(" RETURNING id");
    let row = tx.query_one_raw(sql.done()).await?.ok_or_else(|| Error::inconsistent("imports", "no id"))?;
    Ok(ImportId(row.try_get_by_index(0)?))
}

/// Ends a run: `done`, `failed` with its reason, or `undone`.
///
/// # Errors
/// When the database fails.
pub async fn end_run(
    tx: &Tx,
    import: ImportId,
    at: At,
    state: &str,
    error: Option<&str>,
    progress: Option<u64>,
) -> Result<()> {
    let mut sql = Sql::new(tx, "UPDATE imports SET state = ");
    sql.bind(text(state)).push(", error = ").bind(Bind::String(error.map(str::to_owned)));
    sql.push(", finished_at = ").bind(Bind::BigInt(Some(at.0)));
    if let Some(progress) = progress {
        sql.push(", progress = ").bind(Bind::BigInt(Some(progress as i64)));
    }
    sql.push(" WHERE id = ").bind(Bind::BigInt(Some(import.0)));
    tx.execute_raw(sql.done()).await?;
    Ok(())
}

/// Marks a run as undone; false when it can't be: it is not done, or somebody was faster.
///
/// # Errors
/// When the database fails.
pub async fn claim_undo(tx: &Tx, import: ImportId, at: At, by: Option<UserId>) -> Result<bool> {
    let mut sql = Sql::new(tx, "UPDATE imports SET state = 'undone', undone_at = ");
    sql.bind(Bind::BigInt(Some(at.0))).push(", undone_by = ").bind(Bind::BigInt(by.map(|id| id.0)));
    sql.push(" WHERE state = 'done' AND id = ").bind(Bind::BigInt(Some(import.0)));
    Ok(tx.execute_raw(sql.done()).await?.rows_affected() == 1)
}

/// Runs that still say `running` though their process has ended; nothing of them was written.
///
/// # Errors
/// When the database fails.
pub async fn fail_orphans(tx: &Tx, at: At, started_before: At) -> Result<u64> {
    let mut sql = Sql::new(
        tx,
        "UPDATE imports SET state = 'failed', error = 'The process ended while the import ran. Nothing of it was written.', finished_at = ",
    );
    sql.bind(Bind::BigInt(Some(at.0))).push(" WHERE state = 'running' AND created_at < ");
    sql.bind(Bind::BigInt(Some(started_before.0)));
    Ok(tx.execute_raw(sql.done()).await?.rows_affected())
}

/// A file of a run.
///
/// # Errors
/// When the database fails.
pub async fn add_file(tx: &Tx, import: ImportId, dataset: Dataset, file: &str, sha256: &str) -> Result<i64> {
    let mut sql = Sql::new(tx, "INSERT INTO import_files (import_id, dataset, file, sha256) VALUES ");
    sql.rows([vec![Bind::BigInt(Some(import.0)), text(dataset.key()), text(file), text(sha256)]]).push(" RETURNING id");
    let row = tx.query_one_raw(sql.done()).await?.ok_or_else(|| Error::inconsistent("import_files", "no id"))?;
    Ok(row.try_get_by_index(0)?)
}

/// The counts of a file.
///
/// # Errors
/// When the database fails.
pub async fn end_file(tx: &Tx, file: i64, report: &DatasetReport) -> Result<()> {
    let json = |value: serde_json::Result<String>| text(&value.unwrap_or_else(|_| "[]".to_owned()));
    let count = |number: u64| Bind::BigInt(Some(number as i64));
    let mut sql = Sql::new(tx, "UPDATE import_files SET rows = ");
    sql.bind(count(report.rows)).push(", created = ").bind(count(report.created));
    sql.push(", updated = ").bind(count(report.updated)).push(", unchanged = ").bind(count(report.unchanged));
    sql.push(", rejected = ").bind(count(report.rejected));
    sql.push(", date_styles = ").bind(json(serde_json::to_string(&report.date_styles)));
    sql.push(", warnings = ").bind(json(serde_json::to_string(&report.warnings)));
    sql.push(" WHERE id = ").bind(Bind::BigInt(Some(file)));
    tx.execute_raw(sql.done()).await?;
    Ok(())
}

/// Rejected rows of a file.
///
/// # Errors
/// When the database fails.
pub async fn add_rejections(tx: &Tx, file: i64, rows: &[RejectedRow]) -> Result<()> {
    for chunk in rows.chunks(BINDS_MAX / 5) {
        let mut sql = Sql::new(tx, "INSERT INTO import_rejections (import_file_id, line, field, reason, raw) VALUES ");
        sql.rows(chunk.iter().map(|row| {
            vec![
                Bind::BigInt(Some(file)),
                Bind::BigInt(Some(row.line as i64)),
                text(&row.field),
                text(&row.reason),
                text(&row.raw),
            ]
        }));
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// Changed rows of a file.
///
/// # Errors
/// When the database fails.
pub async fn add_changes(tx: &Tx, file: i64, changes: &[Change]) -> Result<()> {
    for chunk in changes.chunks(BINDS_MAX / 4) {
        let mut sql = Sql::new(tx, "INSERT INTO import_changes (import_file_id, entity_id, before, after) VALUES ");
        sql.rows(chunk.iter().map(|change| {
            vec![
                Bind::BigInt(Some(file)),
                Bind::BigInt(Some(change.entity)),
                Bind::String(change.before.clone()),
                text(&change.after),
            ]
        }));
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// The change that this file made to a row before, if it made one.
///
/// # Errors
/// When the database fails.
pub async fn change_of(tx: &Tx, file: i64, entity: i64) -> Result<Option<(i64, Change)>> {
    let mut sql = Sql::new(tx, "SELECT id, before, after FROM import_changes WHERE import_file_id = ");
    sql.bind(Bind::BigInt(Some(file))).push(" AND entity_id = ").bind(Bind::BigInt(Some(entity)));
    let Some(row) = tx.query_one_raw(sql.done()).await? else { return Ok(None) };
    let change = Change { entity, before: row.try_get_by_index(1)?, after: row.try_get_by_index(2)? };
    Ok(Some((row.try_get_by_index(0)?, change)))
}

/// Replaces a change, or drops it when nothing is left of it.
///
/// # Errors
/// When the database fails.
pub async fn amend_change(tx: &Tx, id: i64, change: Option<&Change>) -> Result<()> {
    let mut sql;
    match change {
        Some(change) => {
            sql = Sql::new(tx, "UPDATE import_changes SET before = ");
            sql.bind(Bind::String(change.before.clone())).push(", after = ").bind(text(&change.after));
        }
        None => sql = Sql::new(tx, "DELETE FROM import_changes"),
    }
    sql.push(" WHERE id = ").bind(Bind::BigInt(Some(id)));
    tx.execute_raw(sql.done()).await?;
    Ok(())
}

/// Changes of a file, newest first, up to `limit` of those with a smaller id than `before`.
///
/// # Errors
/// When the database fails.
pub async fn changes(db: &impl ConnectionTrait, file: i64, before: i64, limit: u64) -> Result<Vec<(i64, Change)>> {
    let mut sql = Sql::new(db, "SELECT id, entity_id, before, after FROM import_changes WHERE import_file_id = ");
    sql.bind(Bind::BigInt(Some(file))).push(" AND id < ").bind(Bind::BigInt(Some(before)));
    sql.push(&format!(" ORDER BY id DESC LIMIT {limit}"));
    let rows = db.query_all_raw(sql.done()).await?;
    rows.iter()
        .map(|row| {
            let change = Change {
                entity: row.try_get_by_index(1)?,
                before: row.try_get_by_index(2)?,
                after: row.try_get_by_index(3)?,
            };
            Ok((row.try_get_by_index(0)?, change))
        })
        .collect()
}

/// Deletes rows of a dataset; for opportunities also the stage changes that the import wrote beside them.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &Tx, dataset: Dataset, ids: &[i64]) -> Result<u64> {
    let mut deleted = 0;
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(tx, format!("DELETE FROM {dataset} WHERE id IN ("));
        sql.list(ints(chunk)).push(")");
        deleted += tx.execute_raw(sql.done()).await?.rows_affected();
    }
    Ok(deleted)
}

/// Deletes the stage changes that an import recorded beside opportunities.
///
/// # Errors
/// When the database fails.
pub async fn delete_recorded_stage_changes(tx: &Tx, at: At, opportunities: &[i64]) -> Result<()> {
    for chunk in opportunities.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(tx, "DELETE FROM opportunity_history WHERE changed_by_id IS NULL AND created_at = ");
        sql.bind(Bind::BigInt(Some(at.0))).push(" AND changed_at = ").bind(Bind::BigInt(Some(at.0)));
        sql.push(" AND opportunity_id IN (").list(ints(chunk)).push(")");
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}

/// Where rows of a dataset are referred to by something that is not derived from them: table, column, condition.
fn referrers(dataset: Dataset) -> &'static [(&'static str, &'static str, &'static str)] {
    match dataset {
        Dataset::Users => &[
            ("customers", "csm_id", ""),
            ("customers", "sales_rep_id", ""),
            ("customers", "original_ae_id", ""),
            ("opportunities", "csm_id", ""),
            ("opportunities", "sales_rep_id", ""),
            ("opportunity_history", "changed_by_id", ""),
            ("targets", "user_id", ""),
            ("users", "id", " AND (password_hash IS NOT NULL OR last_sign_in_at IS NOT NULL)"),
            ("api_tokens", "user_id", ""),
            ("tasks", "user_id", ""),
            ("signals", "logged_by", ""),
        ],
        Dataset::Products => &[
            ("contracts", "plan_id", ""),
            ("entitlements", "product_id", ""),
            ("opportunities", "product_id", ""),
            ("expansions", "product_id", ""),
        ],
        Dataset::Customers => &[
            ("contracts", "customer_id", ""),
            ("customer_users", "customer_id", ""),
            ("stakeholders", "customer_id", ""),
            ("health_scores", "customer_id", ""),
            ("meetings", "customer_id", ""),
            ("tickets", "customer_id", ""),
            ("opportunities", "customer_id", ""),
            ("expansions", "customer_id", ""),
            ("usage_metrics", "customer_id", ""),
            ("tasks", "customer_id", ""),
            ("activities", "customer_id", ""),
            ("signals", "customer_id", " AND source <> 'scan'"),
        ],
        Dataset::Contracts => &[("entitlements", "contract_id", "")],
        Dataset::Opportunities => &[
            ("opportunity_history", "opportunity_id", ""),
            ("expansions", "opportunity_id", ""),
            ("tasks", "opportunity_id", ""),
            ("activities", "opportunity_id", ""),
        ],
        _ => &[],
    }
}

/// Of these rows, those that something still refers to, with the table that does.
///
/// # Errors
/// When the database fails.
pub async fn referred(db: &impl ConnectionTrait, dataset: Dataset, ids: &[i64]) -> Result<HashMap<i64, &'static str>> {
    let mut found = HashMap::new();
    for (table, column, condition) in referrers(dataset) {
        for chunk in ids.chunks(LOOKUP_CHUNK) {
            let mut sql = Sql::new(db, format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IN ("));
            sql.list(ints(chunk)).push(")").push(condition);
            for row in db.query_all_raw(sql.done()).await? {
                found.entry(row.try_get_by_index(0)?).or_insert(*table);
            }
        }
    }
    Ok(found)
}

/// Pairs (row, row of the same table that it refers to) among rows that refer to one of `ids`: parents, managers.
///
/// # Errors
/// When the database fails.
pub async fn self_referrers(db: &impl ConnectionTrait, dataset: Dataset, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    let Some(column) = dataset.self_reference().and_then(|at| dataset.columns().get(at)) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(db, format!("SELECT id, {0} FROM {dataset} WHERE {0} IN (", column.stored));
        sql.list(ints(chunk)).push(")");
        for row in db.query_all_raw(sql.done()).await? {
            found.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    Ok(found)
}

/// Notes what an undo left in place.
///
/// # Errors
/// When the database fails.
pub async fn add_kept(tx: &Tx, import: ImportId, sentences: &[String]) -> Result<()> {
    for chunk in sentences.chunks(LOOKUP_CHUNK) {
        let mut sql = Sql::new(tx, "INSERT INTO import_kept (import_id, what) VALUES ");
        sql.rows(chunk.iter().map(|what| vec![Bind::BigInt(Some(import.0)), text(what)]));
        tx.execute_raw(sql.done()).await?;
    }
    Ok(())
}
