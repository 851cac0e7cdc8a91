//! The audit log: who did what to what. A row is written in the same transaction as the change.

use domain::{id::UserId, time::At};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    db::Tx,
    entity::audit_log::{ActiveModel, Model},
    error::Result,
    sql::{Listed, Page, Sql},
};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: At,
    /// Who, when it was a person.
    pub actor_id: Option<UserId>,
    /// E-mail address of the person, or the name of a job.
    pub actor: String,
    /// `rule.saved`, `user.created`, `sign_in.failed`, …
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Details in words.
    pub detail: String,
}

/// Writes a line.
pub async fn record(tx: &Tx, entry: AuditEntry) -> Result<()> {
    let row = ActiveModel {
        at: Set(entry.at.0),
        actor_id: Set(entry.actor_id.map(|id| id.0)),
        actor: Set(entry.actor),
        action: Set(entry.action),
        subject: Set(entry.subject),
        detail: Set(entry.detail),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(())
}

/// Lines, newest first; with an action only those, with a text only those that contain it.
pub async fn list(
    conn: &impl ConnectionTrait,
    action: Option<&str>,
    text: Option<&str>,
    page: Page,
) -> Result<Listed<AuditEntry>> {
    let matching = |begin: &str| {
        let sql = Sql::new(conn, begin).when(action, "AND action = ?", |action| [action.into()]);
        match text {
            Some(text) => sql.add("AND").contains(&["actor", "subject", "detail"], text),
            None => sql,
        }
    };
    let total = matching("SELECT COUNT(*) FROM audit_log WHERE TRUE").number(conn).await?;
    let rows = matching("SELECT id, at, actor_id, actor, action, subject, detail FROM audit_log WHERE TRUE")
        .add("ORDER BY id DESC")
        .page(page)
        .all::<Model>(conn)
        .await?;
    let entry = |row: Model| AuditEntry {
        at: At(row.at),
        actor_id: row.actor_id.map(UserId),
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
    };
    Ok(Listed { rows: rows.into_iter().map(entry).collect(), total })
}

/// Actions in use, for the filter.
pub async fn actions(conn: &impl ConnectionTrait) -> Result<Vec<String>> {
    let rows = Sql::new(conn, "SELECT DISTINCT action FROM audit_log ORDER BY action").rows(conn).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, on_each_database};

    on_each_database! {
        async fn lines_come_newest_first_and_are_filtered(db: &Db) {
            db.write(|tx| async move {
                for (at, action, detail) in [(1, "rule.saved", "0.85 → 0.88"), (2, "user.created", "100% new"), (3, "rule.saved", "Ärger")] {
                    let entry = AuditEntry {
                        at: At(at), actor_id: None, actor: "ana@x.io".into(), action: action.into(), subject: "s".into(), detail: detail.into(),
                    };
                    record(&tx, entry).await?;
                }
                Ok::<_, Error>(())
            }).await.unwrap();
            let all = list(db.read(), None, None, Page::first(2)).await.unwrap();
            assert_eq!((all.total, all.rows[0].at, all.rows.len()), (3, At(3), 2));
            let saved = list(db.read(), Some("rule.saved"), Some("ANA@"), Page::first(9)).await.unwrap();
            assert_eq!(saved.total, 2);
            assert_eq!(list(db.read(), None, Some("100%"), Page::first(9)).await.unwrap().total, 1);
            assert_eq!(list(db.read(), None, Some("%"), Page::first(9)).await.unwrap().total, 1, "a sign of LIKE is a sign");
            assert_eq!(list(db.read(), None, Some("Ärg"), Page::first(9)).await.unwrap().total, 1);
            assert_eq!(actions(db.read()).await.unwrap(), ["rule.saved", "user.created"]);
        }
    }
}
