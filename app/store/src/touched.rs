//! Accounts that new data touched and that wait for an incremental scan; scans take them (`scan::touched`).

use domain::{id::CustomerId, time::At};

use crate::{db::Tx, error::Result, sql::Sql};

/// Marks accounts; one that waits already keeps its place unless a scan has taken it.
pub async fn touch(tx: &Tx, customers: impl IntoIterator<Item = CustomerId>, now: At) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO touched_accounts (customer_id, touched_at) SELECT id,")
        .with("? FROM customers WHERE", [now.0.into()])
        .within("id", customers.into_iter().map(|id| id.0))
        .add("ON CONFLICT (customer_id) DO UPDATE SET touched_at = excluded.touched_at WHERE touched_accounts.touched_at = 0");
    sql.run(tx).await.map(|_| ())
}

/// Marks all accounts, after a change of rules or settings.
pub async fn touch_all(tx: &Tx, now: At) -> Result<()> {
    let sql = Sql::new(tx, "INSERT INTO touched_accounts (customer_id, touched_at) SELECT id,")
        .with("? FROM customers WHERE TRUE", [now.0.into()])
        .add("ON CONFLICT (customer_id) DO UPDATE SET touched_at = excluded.touched_at WHERE touched_accounts.touched_at = 0");
    sql.run(tx).await.map(|_| ())
}
