//! `/admin/detection-rules`: what each rule does, its settings and their versions.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Capability},
    signal::{RuleInfo, RuleKey, RuleSettings, rules, settings::milli_text},
    view::admin::{RuleRow, RulesPage, SettingRow},
};
use store::{Tx, settings::RuleVersion};

use crate::{Error, Result, Services, audit, auth, org::Org};

/// All rules, in the order of PRODUCT 4.
///
/// # Errors
/// [`Error::Denied`] for roles that may not see rules.
pub async fn page(services: &Services, actor: &Actor) -> Result<RulesPage> {
    auth::require(actor, Capability::SeeRules)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let versions = store::settings::rule_versions(conn).await?;
    let live: BTreeMap<RuleKey, u32> = store::signals::by_rule(conn, &actor.scope).await?.into_iter().collect();
    let rows = rules::all().iter().map(|rule| {
        let info = rule.info();
        // Newest first within each rule.
        let own: Vec<&RuleVersion> = versions.iter().filter(|version| version.rule == info.key).collect();
        let settings = own.first().map_or_else(RuleSettings::default, |version| version.settings.clone());
        let by = |version: &RuleVersion| version.created_by.clone().unwrap_or_else(|| "the system".into());
        RuleRow {
            key: info.key.key().into(),
            label: info.key.label().into(),
            sentence: info.sentence.into(),
            leads_to: info.leads_to.label().into(),
            version: settings.version,
            since: own.first().map_or_else(
                || "as delivered".into(),
                |version| format!("since {}, by {}", org.moment(version.created_at, now), by(version)),
            ),
            enabled: settings.enabled,
            settings: info
                .settings
                .iter()
                .map(|setting| SettingRow {
                    key: setting.key.into(),
                    label: setting.label.into(),
                    unit: setting.unit.into(),
                    value: milli_text(settings.milli(setting)),
                    default: milli_text(setting.default_milli),
                    bounds: setting.bounds(),
                })
                .collect(),
            live: live.get(&info.key).copied().unwrap_or(0),
            history: own
                .iter()
                .map(|version| {
                    let when = org.moment(version.created_at, now);
                    format!("v{}, {when}, {}: {}", version.settings.version, by(version), version.note)
                })
                .collect(),
        }
    });
    Ok(RulesPage { rows: rows.collect(), may_edit: actor.can(Capability::Administer) })
}

/// Saves a new version of a rule's settings: values by setting key, and whether it runs. Saving what is in force makes no
/// version. Answers the version in force. Every account is scanned again.
///
/// # Errors
/// [`Error::Invalid`] beside each wrong field, [`Error::NotFound`] for an unknown rule.
pub async fn save(
    services: &Services,
    actor: &Actor,
    rule: &str,
    enabled: bool,
    values: &BTreeMap<String, String>,
) -> Result<i64> {
    auth::require(actor, Capability::Administer)?;
    let key: RuleKey = rule.parse().map_err(|_| Error::NotFound)?;
    let info = rules::find(key).ok_or(Error::NotFound)?.info();
    let values_milli = info.parse(values).map_err(Error::Invalid)?;
    let before = store::settings::rules(services.db.read()).await?.remove(&key).unwrap_or_default();
    let edited = &RuleSettings { version: before.version, enabled, values_milli };
    if edited.enabled == before.enabled && edited.values_milli == before.values_milli {
        return Ok(before.version);
    }
    let note = &difference(info, &before, edited);
    let now = services.now();
    let write = |tx: Tx| async move {
        let saved = store::settings::save_rule(&tx, key, edited.clone(), Some(actor.user), note, now).await?;
        store::jobs::make_due(&tx, crate::jobs::FULL_SCAN, now).await?;
        let subject = format!("{key} v{}", saved.version);
        store::audit::record(&tx, audit::by(actor, now, "rule.saved", subject, note.as_str())).await?;
        Ok::<_, store::Error>(saved.version)
    };
    Ok(services.db.write(write).await?)
}

/// "fires at 0.85 → 0.88; switched off".
fn difference(info: &RuleInfo, before: &RuleSettings, after: &RuleSettings) -> String {
    let mut parts: Vec<String> = info
        .settings
        .iter()
        .filter(|setting| before.milli(setting) != after.milli(setting))
        .map(|setting| {
            let (old, new) = (milli_text(before.milli(setting)), milli_text(after.milli(setting)));
            format!("{} {old} → {new}", setting.label.to_lowercase())
        })
        .collect();
    if before.enabled != after.enabled {
        parts.push(if after.enabled { "switched on" } else { "switched off" }.into());
    }
    parts.join("; ")
}
