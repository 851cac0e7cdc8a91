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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        fixture::{ANA, fill},
        on_each_database,
    };

    on_each_database! {
        async fn an_upload_is_remembered_until_it_is_forgotten(db: &Db) {
            fill(db).await;
            let upload = &Upload {
                id: "u1".into(), file: "users.csv".into(), path: "/data/u1".into(), dataset: Some("users".into()),
                created_at: At(5), created_by: Some(ANA),
            };
            let put = |tx: Tx| async move { put(&tx, upload.clone()).await };
            db.write(put).await.unwrap();
            assert!(matches!(db.write(put).await, Err(Error::Conflict(_))));
            assert_eq!(one(db.read(), "u1").await.unwrap().as_ref(), Some(upload));
            db.write(|tx| async move { remove(&tx, "u1").await }).await.unwrap();
            assert_eq!(one(db.read(), "u1").await.unwrap(), None);
        }
    }
}
