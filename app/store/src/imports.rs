//! Imports as people see them: runs, their files, what was rejected and why. The importer writes them (`import`).

use std::collections::BTreeMap;

use domain::{id::ImportId, import::Warning, time::At};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    entity::import_files,
    error::Result,
    sql::{Listed, Page, Sql},
    words,
};

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRun {
    /// Id.
    pub id: ImportId,
    /// Started.
    pub created_at: At,
    /// Name of the person, when it was one.
    pub created_by: Option<String>,
    /// `command line`, `upload`, `API`, `demo`.
    pub source: String,
    /// `running`, `done`, `failed`, `undone`.
    pub state: String,
    /// Finished.
    pub finished_at: Option<At>,
    /// Undone.
    pub undone_at: Option<At>,
    /// Name of who undid it.
    pub undone_by: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// Rows done so far.
    pub progress: u64,
    /// Its files in import order.
    pub files: Vec<ImportFile>,
}

/// One file of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportFile {
    /// Id.
    pub id: i64,
    /// Dataset.
    pub dataset: String,
    /// File name.
    pub file: String,
    /// Hash of its content.
    pub sha256: String,
    /// Rows read.
    pub rows: u64,
    /// Created.
    pub created: u64,
    /// Updated.
    pub updated: u64,
    /// Unchanged.
    pub unchanged: u64,
    /// Rejected.
    pub rejected: u64,
    /// How dates were read: `closed_on: DD.MM.YYYY`.
    pub date_styles: Vec<String>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct RejectedRow {
    /// Id, for [`rejections_after`].
    pub id: i64,
    /// The file.
    pub import_file_id: i64,
    /// Line of the file; the header is line 1.
    pub line: i64,
    /// Column, or empty.
    pub field: String,
    /// Why.
    pub reason: String,
    /// The row as it stood in the file.
    pub raw: String,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    created_at: i64,
    created_by: Option<String>,
    source: String,
    state: String,
    finished_at: Option<i64>,
    undone_at: Option<i64>,
    undone_by: Option<String>,
    error: Option<String>,
    progress: i64,
}

const COLUMNS: &str = "SELECT i.id, i.created_at, c.name AS created_by, i.source, i.state, i.finished_at, i.undone_at, \
    u.name AS undone_by, i.error, i.progress FROM imports i LEFT JOIN users c ON c.id = i.created_by \
    LEFT JOIN users u ON u.id = i.undone_by";

async fn with_files(conn: &impl ConnectionTrait, rows: Vec<Row>) -> Result<Vec<ImportRun>> {
    let mut files = files(conn, rows.iter().map(|row| row.id)).await?;
    let run = |row: Row| ImportRun {
        id: ImportId(row.id),
        created_at: At(row.created_at),
        created_by: row.created_by,
        source: row.source,
        state: row.state,
        finished_at: row.finished_at.map(At),
        undone_at: row.undone_at.map(At),
        undone_by: row.undone_by,
        error: row.error,
        progress: count(row.progress),
        files: files.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(run).collect())
}

async fn files(
    conn: &impl ConnectionTrait,
    imports: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Vec<ImportFile>>> {
    let sql = Sql::new(
        conn,
        "SELECT id, import_id, dataset, file, sha256, rows, created, updated, unchanged, rejected, date_styles, warnings \
         FROM import_files WHERE",
    )
    .within("import_id", imports)
    .add("ORDER BY id");
    let mut found: BTreeMap<i64, Vec<ImportFile>> = BTreeMap::new();
    for row in sql.all::<import_files::Model>(conn).await? {
        found.entry(row.import_id).or_default().push(ImportFile {
            id: row.id,
            dataset: row.dataset,
            file: row.file,
            sha256: row.sha256,
            rows: count(row.rows),
            created: count(row.created),
            updated: count(row.updated),
            unchanged: count(row.unchanged),
            rejected: count(row.rejected),
            date_styles: words::json("import_files", row.id, &row.date_styles)?,
            warnings: words::json("import_files", row.id, &row.warnings)?,
        });
    }
    Ok(found)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Runs, newest first.
pub async fn list(conn: &impl ConnectionTrait, page: Page) -> Result<Listed<ImportRun>> {
    let total = Sql::new(conn, "SELECT COUNT(*) FROM imports").number(conn).await?;
    let rows = Sql::new(conn, COLUMNS).add("ORDER BY i.id DESC").page(page).all::<Row>(conn).await?;
    Ok(Listed { rows: with_files(conn, rows).await?, total })
}

/// One run.
pub async fn one(conn: &impl ConnectionTrait, id: ImportId) -> Result<Option<ImportRun>> {
    let rows = Sql::new(conn, COLUMNS).with("WHERE i.id = ?", [id.0.into()]).all::<Row>(conn).await?;
    Ok(with_files(conn, rows).await?.pop())
}

/// What the undo of a run left in place, as sentences.
pub async fn kept(conn: &impl ConnectionTrait, id: ImportId) -> Result<Vec<String>> {
    let sql = Sql::new(conn, "SELECT what FROM import_kept WHERE").with("import_id = ? ORDER BY id", [id.0.into()]);
    sql.rows(conn).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The first rejections of each file of a run, by line.
pub async fn rejections(conn: &impl ConnectionTrait, file: i64, page: Page) -> Result<Vec<RejectedRow>> {
    let sql = Sql::new(conn, "SELECT id, import_file_id, line, field, reason, raw FROM import_rejections WHERE")
        .with("import_file_id = ? ORDER BY line, id", [file.into()])
        .page(page);
    sql.all(conn).await
}

/// The next rejections of a run after one, for a download that is written piece by piece.
pub async fn rejections_after(
    conn: &impl ConnectionTrait,
    import: ImportId,
    after: i64,
    limit: u32,
) -> Result<Vec<RejectedRow>> {
    let sql = Sql::new(
        conn,
        "SELECT r.id, r.import_file_id, r.line, r.field, r.reason, r.raw FROM import_rejections r \
         JOIN import_files f ON f.id = r.import_file_id WHERE",
    )
    .with(
        "f.import_id = ? AND r.id > ? ORDER BY r.id LIMIT ?",
        [import.0.into(), after.into(), i64::from(limit).into()],
    );
    sql.all(conn).await
}

/// When the newest import that stands was finished: the data is as of then.
pub async fn data_through(conn: &impl ConnectionTrait) -> Result<Option<At>> {
    let sql = Sql::new(conn, "SELECT MAX(finished_at) FROM imports WHERE state = 'done'");
    let rows = sql.rows(conn).await?;
    Ok(rows.first().map_or(Ok(None), |row| row.try_get_by_index::<Option<i64>>(0))?.map(At))
}

/// Number of imports that failed since an instant.
pub async fn failed_since(conn: &impl ConnectionTrait, since: At) -> Result<u32> {
    let sql = Sql::new(conn, "SELECT COUNT(*) FROM imports WHERE state = 'failed' AND");
    sql.with("created_at >= ?", [since.0.into()]).number(conn).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, fixture::fill, on_each_database};

    on_each_database! {
        async fn a_run_is_read_with_its_files_and_its_rejections(db: &Db) {
            fill(db).await;
            db.write(|tx| async move {
                for text in [
                    "INSERT INTO imports (id, created_at, created_by, source, state, finished_at) VALUES \
                     (1, 10, 1, 'upload', 'done', 20), (2, 30, NULL, 'API', 'failed', 40)",
                    "INSERT INTO import_files (id, import_id, dataset, file, sha256, rows, rejected, date_styles, warnings) VALUES \
                     (1, 1, 'users', 'users.csv', 'ab', 3, 2, '[\"a: b\"]', '[{\"line\":1,\"field\":\"x\",\"message\":\"unknown\"}]'), \
                     (2, 1, 'customers', 'c.csv', 'cd', 1, 1, '[]', '[]')",
                    "INSERT INTO import_rejections (id, import_file_id, line, field, reason, raw) VALUES \
                     (1, 1, 9, 'role', 'no', 'r9'), (2, 1, 2, '', 'no', 'r2'), (3, 2, 4, '', 'no', 'r4')",
                    "INSERT INTO import_kept (import_id, what) VALUES (1, 'customers C-9: edited since')",
                ] {
                    tx.execute_unprepared(text).await?;
                }
                Ok::<_, Error>(())
            }).await.unwrap();
            let runs = list(db.read(), Page::first(9)).await.unwrap();
            assert_eq!((runs.total, runs.rows[0].id, runs.rows[0].files.len()), (2, ImportId(2), 0));
            let run = one(db.read(), ImportId(1)).await.unwrap().unwrap();
            assert_eq!(run, runs.rows[1]);
            assert_eq!((run.created_by.as_deref(), run.files[0].warnings[0].line, run.files[0].rejected), (Some("Ana"), 1, 2));
            let lines: Vec<i64> = rejections(db.read(), 1, Page::first(9)).await.unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 9]);
            let next = rejections_after(db.read(), ImportId(1), 1, 9).await.unwrap();
            assert_eq!(next.iter().map(|row| row.raw.as_str()).collect::<Vec<_>>(), ["r2", "r4"]);
            assert_eq!(kept(db.read(), ImportId(1)).await.unwrap().len(), 1);
            assert_eq!(data_through(db.read()).await.unwrap(), Some(At(20)));
            assert_eq!((failed_since(db.read(), At(30)).await.unwrap(), failed_since(db.read(), At(31)).await.unwrap()), (1, 0));
            assert!(one(db.read(), ImportId(9)).await.unwrap().is_none());
        }
    }
}
