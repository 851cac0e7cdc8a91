//! Settings of a rule: named integers in thousandths, so that thresholds compare exactly (PRODUCT 4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One setting of a rule: name, unit, default and bounds, all in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingInfo {
    /// Name in the database and in forms: `fires_at`.
    pub key: &'static str,
    /// Label: "Fires at or above".
    pub label: &'static str,
    /// Unit shown in the field: "", "seats", "days", "users", "%".
    pub unit: &'static str,
    /// Default.
    pub default_milli: i64,
    /// Smallest allowed.
    pub min_milli: i64,
    /// Largest allowed.
    pub max_milli: i64,
    /// Whether only whole numbers make sense (days, seats).
    pub whole: bool,
}

/// The settings in force for one rule, with the version that signals carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSettings {
    /// Version, from 1.
    pub version: i64,
    /// Whether the rule runs.
    pub enabled: bool,
    /// Values in thousandths that differ from the default.
    pub values_milli: BTreeMap<String, i64>,
}

impl Default for RuleSettings {
    fn default() -> Self {
        RuleSettings { version: 1, enabled: true, values_milli: BTreeMap::new() }
    }
}

impl RuleSettings {
    /// A setting in thousandths.
    #[must_use]
    pub fn milli(&self, info: &SettingInfo) -> i64 {
        self.values_milli.get(info.key).copied().unwrap_or(info.default_milli)
    }

    /// A setting as a whole number.
    #[must_use]
    pub fn whole(&self, info: &SettingInfo) -> i64 {
        self.milli(info) / 1000
    }

    /// A setting as a float, for strengths and sentences.
    #[must_use]
    pub fn value(&self, info: &SettingInfo) -> f64 {
        self.milli(info) as f64 / 1000.0
    }
}
