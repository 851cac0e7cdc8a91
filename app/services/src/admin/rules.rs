//! `/admin/detection-rules`.

#![expect(unused_variables, reason = "signatures first")]
use domain::access::Actor;
use std::collections::BTreeMap;

use crate::{Error, Result, Services};
use domain::view::admin::RulesPage;

/// All rules.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor) -> Result<RulesPage> {
    Err(Error::Internal("not built".into()))
}

/// Saves a new version of a rule's settings: values by setting key, and whether it runs.
///
/// # Errors
/// See [`crate::Error`].
pub async fn save(
    services: &Services,
    actor: &Actor,
    rule: &str,
    enabled: bool,
    values: &BTreeMap<String, String>,
) -> Result<i64> {
    Err(Error::Internal("not built".into()))
}
