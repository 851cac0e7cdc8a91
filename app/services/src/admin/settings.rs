//! `/admin/settings`: the organisation's settings, as versioned rows.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Capability},
    view::admin::{OrgSetting, SettingsPage},
};
use store::Tx;

use crate::{
    Error, Result, Services, audit, auth,
    org::{self, Kind, Org, SETTINGS, SettingDef},
};

/// All settings of the organisation.
///
/// # Errors
/// [`Error::Denied`] for everybody but admins.
pub async fn page(services: &Services, actor: &Actor) -> Result<SettingsPage> {
    auth::require(actor, Capability::Administer)?;
    let stored = Org::stored(services, services.now()).await?;
    let texts = Org::texts(&stored, &services.config);
    let mut groups: Vec<(String, Vec<OrgSetting>)> = Vec::new();
    for def in SETTINGS {
        let setting = OrgSetting {
            key: def.key.into(),
            label: def.label.into(),
            hint: def.hint.into(),
            value: texts.get(def.key).cloned().unwrap_or_default(),
            kind: match def.kind {
                Kind::Text | Kind::Currency => "text",
                Kind::Number { .. } => "number",
                Kind::Lines => "lines",
                Kind::Zone => "zone",
                Kind::Month => "month",
            }
            .into(),
            fixed_by: def.fixed_by.filter(|_| org::is_fixed(def, &services.config)).map(str::to_owned),
        };
        match groups.last_mut().filter(|(group, _)| group == def.group) {
            Some((_, settings)) => settings.push(setting),
            None => groups.push((def.group.into(), vec![setting])),
        }
    }
    Ok(SettingsPage { groups })
}

/// Saves the given ones; each changed one is a new version. All or nothing.
///
/// # Errors
/// [`Error::Invalid`] beside each wrong field.
pub async fn save(services: &Services, actor: &Actor, values: &BTreeMap<String, String>) -> Result<()> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let stored = Org::stored(services, now).await?;
    let present = Org::texts(&stored, &services.config);
    let mut messages = Vec::new();
    let mut changed: Vec<(&SettingDef, String)> = Vec::new();
    for (key, text) in values {
        let Some(def) = SETTINGS.iter().find(|def| def.key == key) else {
            messages.extend(fields(Error::field(key, format!("There is no setting {key}."))));
            continue;
        };
        match org::check(def, text) {
            Ok(_) if org::is_fixed(def, &services.config) => {}
            Ok(text) if present.get(def.key) == Some(&text) => {}
            Ok(text) => changed.push((def, text)),
            Err(error) => messages.extend(fields(error)),
        }
    }
    if !messages.is_empty() {
        return Err(Error::Invalid(messages));
    }
    let changed = &changed;
    let write = |tx: Tx| async move {
        for (def, text) in changed {
            store::settings::put(&tx, def.key, &text.clone().into(), Some(actor.user), now).await?;
            let short: String = text.chars().take(120).collect();
            store::audit::record(&tx, audit::by(actor, now, "setting.saved", def.key, short)).await?;
        }
        Ok::<_, store::Error>(())
    };
    Ok(services.db.write(write).await?)
}

fn fields(error: Error) -> Vec<domain::view::FieldMessage> {
    match error {
        Error::Invalid(messages) => messages,
        _ => Vec::new(),
    }
}
