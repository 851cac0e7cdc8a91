//! Answers kept for 24 hours under `Idempotency-Key` (CONTRACT 2).

use domain::{id::UserId, time::At};
use sea_orm::ConnectionTrait;

use crate::{db::Tx, error::Result, sql::Sql};

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}

/// The answer given under a key since an instant.
pub async fn find(
    conn: &impl ConnectionTrait,
    user: UserId,
    key: &str,
    path: &str,
    since: At,
) -> Result<Option<Answer>> {
    let sql = Sql::new(conn, "SELECT status, body FROM idempotency_keys WHERE").with(
        "user_id = ? AND key = ? AND path = ? AND created_at >= ?",
        [user.0.into(), key.into(), path.into(), since.0.into()],
    );
    let rows = sql.rows(conn).await?;
    rows.first()
        .map(|row| {
            let status: i32 = row.try_get_by_index(0)?;
            Ok(Answer { status: u16::try_from(status).unwrap_or(500), body: row.try_get_by_index(1)? })
        })
        .transpose()
}

/// Keeps an answer; an older one under the same key is replaced.
pub async fn put(tx: &Tx, user: UserId, key: &str, path: &str, answer: &Answer, now: At) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO idempotency_keys (user_id, key, path, status, body, created_at) VALUES").with(
        "(?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, key, path) \
         DO UPDATE SET status = excluded.status, body = excluded.body, created_at = excluded.created_at",
        [
            user.0.into(),
            key.into(),
            path.into(),
            i32::from(answer.status).into(),
            answer.body.as_str().into(),
            now.0.into(),
        ],
    );
    sql.run(tx).await.map(|_| ())
}

/// Removes answers given before an instant.
pub async fn prune(tx: &Tx, before: At) -> Result<u64> {
    Sql::new(tx, "DELETE FROM idempotency_keys WHERE").with("created_at < ?", [before.0.into()]).run(tx).await
}
