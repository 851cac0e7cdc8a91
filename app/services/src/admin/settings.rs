//! `/admin/settings`.

#![expect(unused_variables, reason = "signatures first")]
use domain::access::Actor;
use std::collections::BTreeMap;

use crate::{Error, Result, Services};
use domain::view::admin::SettingsPage;

/// All settings of the organisation.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor) -> Result<SettingsPage> {
    Err(Error::Internal("not built".into()))
}

/// Saves the given ones; each changed one is a new version.
///
/// # Errors
/// See [`crate::Error`].
pub async fn save(services: &Services, actor: &Actor, values: &BTreeMap<String, String>) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
