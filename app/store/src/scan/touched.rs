//! Accounts that new data touched and that wait for an incremental scan.
//!
//! Taking marks an account with the time 0; a touch that comes while it is scanned sets a time again. What was scanned is
//! deleted only where the mark still stands, so neither a crash nor a touch in between loses anything.

use domain::id::CustomerId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{Result, Tx};

/// Takes the accounts that wait longest, at most `limit`; also those that an earlier scan took and did not finish.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &Tx, limit: u32) -> Result<Vec<CustomerId>> {
    let text = format!("SELECT customer_id FROM touched_accounts ORDER BY touched_at, customer_id LIMIT {limit}");
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), text)).await?;
    let ids = rows.iter().map(|row| Ok(CustomerId(row.try_get_by_index(0)?))).collect::<Result<Vec<_>>>()?;
    if !ids.is_empty() {
        let text = format!("UPDATE touched_accounts SET touched_at = 0 WHERE customer_id IN ({})", list(&ids));
        tx.execute_unprepared(&text).await?;
    }
    Ok(ids)
}

/// Forgets accounts that were scanned, except those that were touched again meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn done(tx: &Tx, scanned: &[CustomerId]) -> Result<()> {
    if !scanned.is_empty() {
        let text = format!("DELETE FROM touched_accounts WHERE touched_at = 0 AND customer_id IN ({})", list(scanned));
        tx.execute_unprepared(&text).await?;
    }
    Ok(())
}

fn list(ids: &[CustomerId]) -> String {
    ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",")
}
