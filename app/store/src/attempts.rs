//! Failed sign-ins, counted per account and address (CONTRACT 4: 10 in 15 minutes).

use domain::time::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, FromQueryResult};

use crate::{db::Tx, entity::sign_in_attempts::ActiveModel, error::Result, sql::Sql};

/// Failures of an account from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub count: u32,
    /// The oldest of them; when it leaves the window, one more is allowed.
    pub oldest: Option<At>,
}

/// Failures since an instant.
pub async fn since(conn: &impl ConnectionTrait, email: &str, address: &str, since: At) -> Result<Attempts> {
    #[derive(FromQueryResult)]
    struct Row {
        n: i64,
        oldest: Option<i64>,
    }
    let sql = Sql::new(conn, "SELECT COUNT(*) AS n, MIN(at) AS oldest FROM sign_in_attempts WHERE").with(
        "email = ? AND address = ? AND at > ?",
        [email.trim().to_lowercase().into(), address.into(), since.0.into()],
    );
    let row = sql.one::<Row>(conn).await?;
    Ok(row.map_or(Attempts { count: 0, oldest: None }, |row| Attempts {
        count: u32::try_from(row.n).unwrap_or(u32::MAX),
        oldest: row.oldest.map(At),
    }))
}

/// Remembers a failure.
pub async fn record(tx: &Tx, email: &str, address: &str, now: At) -> Result<()> {
    let row = ActiveModel {
        email: Set(email.trim().to_lowercase()),
        address: Set(address.to_owned()),
        at: Set(now.0),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(())
}

/// Forgets the failures of an account from an address, after a success.
pub async fn clear(tx: &Tx, email: &str, address: &str) -> Result<()> {
    let sql = Sql::new(tx, "DELETE FROM sign_in_attempts WHERE")
        .with("email = ? AND address = ?", [email.trim().to_lowercase().into(), address.into()]);
    sql.run(tx).await.map(|_| ())
}

/// Removes failures before an instant.
pub async fn prune(tx: &Tx, before: At) -> Result<u64> {
    Sql::new(tx, "DELETE FROM sign_in_attempts WHERE").with("at < ?", [before.0.into()]).run(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, on_each_database};

    on_each_database! {
        async fn failures_count_per_account_and_address_within_the_window(db: &Db) {
            db.write(|tx| async move {
                for at in [1, 50, 60] {
                    record(&tx, "Ana@x.io", "10.0.0.1", At(at)).await?;
                }
                record(&tx, "ana@x.io", "10.0.0.2", At(60)).await?;
                record(&tx, "bo@x.io", "10.0.0.1", At(60)).await?;
                Ok::<_, Error>(())
            }).await.unwrap();
            let seen = since(db.read(), "ana@X.io", "10.0.0.1", At(10)).await.unwrap();
            assert_eq!(seen, Attempts { count: 2, oldest: Some(At(50)) });
            db.write(|tx| async move { clear(&tx, "ana@x.io", "10.0.0.1").await }).await.unwrap();
            assert_eq!(since(db.read(), "ana@x.io", "10.0.0.1", At(0)).await.unwrap().count, 0);
            assert_eq!(db.write(|tx| async move { prune(&tx, At(61)).await }).await.unwrap(), 2);
        }
    }
}
