//! Files that were uploaded and wait for their import.

use domain::{id::UserId, time::At};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{db::Tx, error::Result, sql::Sql};

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Random id; stands in the address of its preview.
    pub id: String,
    /// Name that it had on the person's machine.
    pub file: String,
    /// Where it is kept.
    pub path: String,
    /// Dataset that its name tells.
    pub dataset: Option<String>,
    /// When it came.
    pub created_at: At,
    /// Who brought it.
    pub created_by: Option<UserId>,
}

/// Remembers an upload.
pub async fn put(tx: &Tx, upload: Upload) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO uploads (id, file, created_at, created_by, path, dataset) VALUES").with(
        "(?, ?, ?, ?, ?, ?)",
        [
            upload.id.into(),
            upload.file.into(),
            upload.created_at.0.into(),
            upload.created_by.map(|id| id.0).into(),
            upload.path.into(),
            upload.dataset.into(),
        ],
    );
    sql.run(tx).await.map(|_| ())
}

/// One upload.
pub async fn one(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Upload>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: String,
        file: String,
        created_at: i64,
        created_by: Option<i64>,
        path: String,
        dataset: Option<String>,
    }
    let sql = Sql::new(conn, "SELECT id, file, created_at, created_by, path, dataset FROM uploads WHERE")
        .with("id = ?", [id.into()]);
    Ok(sql.one::<Row>(conn).await?.map(|row| Upload {
        id: row.id,
        file: row.file,
        path: row.path,
        dataset: row.dataset,
        created_at: At(row.created_at),
        created_by: row.created_by.map(UserId),
    }))
}

/// Forgets an upload.
pub async fn remove(tx: &Tx, id: &str) -> Result<()> {
    Sql::new(tx, "DELETE FROM uploads WHERE").with("id = ?", [id.into()]).run(tx).await.map(|_| ())
}
