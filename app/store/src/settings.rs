//! Settings of the organisation and of rules. A change is a new row; the newest wins and the old ones tell the history.

use std::collections::BTreeMap;

use domain::{
    id::UserId,
    signal::{RuleKey, RuleSettings},
    time::At,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, FromQueryResult};
use serde_json::Value;

use crate::{
    db::Tx,
    entity::{rule_versions, settings},
    error::{Error, Result},
    sql::Sql,
};

/// All settings in force at `now`, by key.
pub async fn all(conn: &impl ConnectionTrait, now: At) -> Result<BTreeMap<String, Value>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        value: String,
    }
    // In order, so that the newest row of a key is the one that stays.
    let sql = Sql::new(conn, "SELECT key, value FROM settings WHERE")
        .with("valid_from <= ? ORDER BY valid_from, id", [now.0.into()]);
    let mut found = BTreeMap::new();
    for row in sql.all::<Row>(conn).await? {
        let value = serde_json::from_str(&row.value)
            .map_err(|error| Error::inconsistent("settings", format!("{}: {error}", row.key)))?;
        found.insert(row.key, value);
    }
    Ok(found)
}

/// Sets a setting from `now` on.
pub async fn put(tx: &Tx, key: &str, value: &Value, by: Option<UserId>, now: At) -> Result<()> {
    let row = settings::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value.to_string()),
        valid_from: Set(now.0),
        changed_by: Set(by.map(|id| id.0)),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(())
}

/// One saved version of a rule's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleVersion {
    /// Rule.
    pub rule: RuleKey,
    /// Settings with their version.
    pub settings: RuleSettings,
    /// Saved.
    pub created_at: At,
    /// Name of who saved it.
    pub created_by: Option<String>,
    /// What the person wrote about it.
    pub note: String,
}

/// All saved versions, newest first within each rule.
pub async fn rule_versions(conn: &impl ConnectionTrait) -> Result<Vec<RuleVersion>> {
    #[derive(FromQueryResult)]
    struct Row {
        rule: String,
        version: i64,
        enabled: bool,
        values_json: String,
        created_at: i64,
        created_by: Option<String>,
        note: String,
    }
    let sql = Sql::new(
        conn,
        "SELECT r.rule, r.version, r.enabled, r.values_json, r.created_at, u.name AS created_by, r.note \
         FROM rule_versions r LEFT JOIN users u ON u.id = r.created_by ORDER BY r.rule, r.version DESC",
    );
    let read = |row: Row| {
        let wrong = |error: &dyn std::fmt::Display| {
            Error::inconsistent("rule_versions", format!("{} v{}: {error}", row.rule, row.version))
        };
        Ok(RuleVersion {
            rule: row.rule.parse().map_err(|error: String| wrong(&error))?,
            settings: RuleSettings {
                version: row.version,
                enabled: row.enabled,
                values_milli: serde_json::from_str(&row.values_json).map_err(|error| wrong(&error))?,
            },
            created_at: At(row.created_at),
            created_by: row.created_by,
            note: row.note,
        })
    };
    sql.all::<Row>(conn).await?.into_iter().map(read).collect()
}

/// The settings in force for every rule; one that was never saved has its defaults as version 1.
pub async fn rules(conn: &impl ConnectionTrait) -> Result<BTreeMap<RuleKey, RuleSettings>> {
    let mut found: BTreeMap<RuleKey, RuleSettings> =
        RuleKey::ALL.iter().map(|rule| (*rule, RuleSettings::default())).collect();
    // Newest first, so from the back the newest stays.
    for version in rule_versions(conn).await?.into_iter().rev() {
        found.insert(version.rule, version.settings);
    }
    Ok(found)
}

/// Saves a rule's settings as the next version (the delivered defaults are version 1). `version` of the argument is the
/// one that was edited: when another was saved meanwhile the answer is [`Error::Conflict`].
pub async fn save_rule(
    tx: &Tx,
    rule: RuleKey,
    edited: RuleSettings,
    by: Option<UserId>,
    note: &str,
    now: At,
) -> Result<RuleSettings> {
    let newest = Sql::new(tx, "SELECT COALESCE(MAX(version), 1) FROM rule_versions WHERE")
        .with("rule = ?", [rule.key().into()])
        .number(tx)
        .await?;
    if edited.version != i64::from(newest) {
        return Err(Error::Conflict(format!("{rule} was saved as version {newest} meanwhile")));
    }
    let saved = RuleSettings { version: i64::from(newest) + 1, ..edited };
    let values = serde_json::to_string(&saved.values_milli)
        .map_err(|error| Error::inconsistent("rule_versions", format!("{rule}: {error}")))?;
    let row = rule_versions::ActiveModel {
        rule: Set(rule.key().to_owned()),
        version: Set(saved.version),
        enabled: Set(saved.enabled),
        values_json: Set(values),
        created_at: Set(now.0),
        created_by: Set(by.map(|id| id.0)),
        note: Set(note.to_owned()),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::on_each_database;

    on_each_database! {
        async fn the_newest_setting_wins_and_a_later_one_waits(db: &Db) {
            db.write(|tx| async move {
                put(&tx, "currency", &json!("EUR"), None, At(10)).await?;
                put(&tx, "currency", &json!("USD"), None, At(20)).await?;
                put(&tx, "currency", &json!("CHF"), None, At(90)).await?;
                put(&tx, "departments", &json!(["Legal"]), None, At(10)).await
            }).await.unwrap();
            let found = all(db.read(), At(50)).await.unwrap();
            assert_eq!(found["currency"], json!("USD"));
            assert_eq!(found["departments"], json!(["Legal"]));
        }

        async fn a_rule_is_saved_as_the_next_version_and_an_old_edit_is_refused(db: &Db) {
            let before = rules(db.read()).await.unwrap();
            assert_eq!(before[&RuleKey::SeatUtilization], RuleSettings::default());
            let mut edited = before[&RuleKey::SeatUtilization].clone();
            edited.values_milli.insert("fires_at".into(), 880);
            let edited = &edited;
            let save = |tx: Tx| async move {
                save_rule(&tx, RuleKey::SeatUtilization, edited.clone(), None, "higher", At(5)).await
            };
            assert_eq!(db.write(save).await.unwrap().version, 2);
            assert!(matches!(db.write(save).await, Err(Error::Conflict(_))));
            let after = rules(db.read()).await.unwrap();
            assert_eq!(after[&RuleKey::SeatUtilization].values_milli["fires_at"], 880);
            assert_eq!(after.len(), RuleKey::ALL.len());
            assert_eq!(rule_versions(db.read()).await.unwrap()[0].note, "higher");
        }
    }
}
