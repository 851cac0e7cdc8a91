//! Settings of a rule: named integers in thousandths, so that thresholds compare exactly (PRODUCT 4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RuleInfo;
use crate::view::FieldMessage;

/// Longest text of a setting that is read; everything longer is refused unread.
const MAX_TEXT: usize = 20;

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

impl SettingInfo {
    /// A ratio or score with decimals, given in thousandths.
    #[must_use]
    pub const fn ratio(key: &'static str, label: &'static str, default: i64, min: i64, max: i64) -> SettingInfo {
        SettingInfo { key, label, unit: "", default_milli: default, min_milli: min, max_milli: max, whole: false }
    }

    /// A whole number with its unit.
    #[must_use]
    pub const fn whole(
        key: &'static str,
        label: &'static str,
        unit: &'static str,
        default: i64,
        min: i64,
        max: i64,
    ) -> SettingInfo {
        SettingInfo {
            key,
            label,
            unit,
            default_milli: default * 1000,
            min_milli: min * 1000,
            max_milli: max * 1000,
            whole: true,
        }
    }

    /// The strength of a rule's signals, in thousandths.
    #[must_use]
    pub const fn strength(default: i64) -> SettingInfo {
        SettingInfo::ratio("strength", "Strength", default, 0, 1000)
    }

    /// The bounds as text: "0.5 to 1".
    #[must_use]
    pub fn bounds(&self) -> String {
        format!("{} to {}", milli_text(self.min_milli), milli_text(self.max_milli))
    }

    /// Reads an edited value into thousandths; the error says what is allowed.
    ///
    /// # Errors
    /// The message for the field.
    pub fn parse(&self, text: &str) -> Result<i64, String> {
        let kind = if self.whole { "a whole number" } else { "a number with at most three decimals" };
        let allowed = || format!("{} needs {kind} from {}.", self.label, self.bounds());
        let milli = parse_milli(text).ok_or_else(allowed)?;
        let fits = (self.min_milli..=self.max_milli).contains(&milli) && (!self.whole || milli % 1000 == 0);
        if fits { Ok(milli) } else { Err(allowed()) }
    }
}

/// A number in thousandths as text without trailing zeros: 850 is "0.85", 5000 is "5".
#[must_use]
pub fn milli_text(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    let (whole, rest) = (milli.unsigned_abs() / 1000, milli.unsigned_abs() % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let decimals = format!("{rest:03}");
    format!("{sign}{whole}.{}", decimals.trim_end_matches('0'))
}

/// Reads "0.85", "5", ".5" or "-1" exactly into thousandths; nothing with more than three decimals.
fn parse_milli(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > MAX_TEXT {
        return None;
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && decimals.is_empty()) || decimals.len() > 3 || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let thousandths: i64 = format!("{decimals:0<3}").parse().ok()?;
    Some(sign * whole.checked_mul(1000)?.checked_add(thousandths)?)
}

impl RuleInfo {
    /// A setting by name.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&'static SettingInfo> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Checks edited values by name: what differs from the default, in thousandths, as [`RuleSettings`] keeps it. A
    /// setting that is not among `values` takes its default.
    ///
    /// # Errors
    /// One message for each field that is wrong, in the order of the rule's settings; unknown names last.
    pub fn parse(&self, values: &BTreeMap<String, String>) -> Result<BTreeMap<String, i64>, Vec<FieldMessage>> {
        let mut read = BTreeMap::new();
        let mut messages = Vec::new();
        for setting in self.settings {
            let Some(text) = values.get(setting.key) else { continue };
            match setting.parse(text) {
                Ok(milli) if milli == setting.default_milli => {}
                Ok(milli) => {
                    read.insert(setting.key.to_owned(), milli);
                }
                Err(message) => messages.push(FieldMessage { field: setting.key.to_owned(), message }),
            }
        }
        for name in values.keys().filter(|name| self.setting(name).is_none()) {
            let known: Vec<&str> = self.settings.iter().map(|setting| setting.key).collect();
            messages.push(FieldMessage {
                field: name.clone(),
                message: format!("{} has no such setting; it has {}.", self.key.label(), known.join(", ")),
            });
        }
        if messages.is_empty() { Ok(read) } else { Err(messages) }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{opportunity::OpportunityType, signal::RuleKey};

    const INFO: RuleInfo = RuleInfo {
        key: RuleKey::SeatUtilization,
        sentence: "",
        leads_to: OpportunityType::SeatExpansion,
        settings: &[
            SettingInfo::ratio("fires_at", "Fires at or above", 850, 500, 1000),
            SettingInfo::whole("min_seats", "Minimum licensed seats", "seats", 5, 1, 1000),
        ],
    };

    fn parse(values: &[(&str, &str)]) -> Result<BTreeMap<String, i64>, Vec<FieldMessage>> {
        INFO.parse(&values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn numbers_are_read_and_written_exactly() {
        for (text, milli) in [("0.85", 850), ("5", 5000), (".5", 500), ("-1.25", -1250), ("1.", 1000), (" 7 ", 7000)] {
            assert_eq!(parse_milli(text), Some(milli), "{text}");
        }
        for wrong in ["", ".", "-", "0.8505", "1e3", "NaN", "0,85", "85 %", "--1", "=1", "99999999999999999999"] {
            assert_eq!(parse_milli(wrong), None, "{wrong}");
        }
        for (milli, text) in [(850, "0.85"), (5000, "5"), (1300, "1.3"), (-10, "-0.01"), (0, "0"), (1, "0.001")] {
            assert_eq!(milli_text(milli), text);
            assert_eq!(parse_milli(text), Some(milli));
        }
    }

    #[test]
    fn only_what_differs_from_the_default_is_kept() {
        assert_eq!(parse(&[("fires_at", "0.85"), ("min_seats", "12")]), Ok([("min_seats".to_owned(), 12_000)].into()));
        assert_eq!(parse(&[]), Ok(BTreeMap::new()));
        let edited = RuleSettings { values_milli: parse(&[("fires_at", "0.9")]).unwrap(), ..RuleSettings::default() };
        assert_eq!(edited.milli(&INFO.settings[0]), 900);
        assert_eq!(edited.whole(&INFO.settings[1]), 5);
    }

    #[test]
    fn each_wrong_value_says_what_is_allowed() {
        let messages = parse(&[("fires_at", "1.01"), ("min_seats", "2.5"), ("colour", "1")]).unwrap_err();
        let shown: Vec<String> = messages.iter().map(|m| format!("{}: {}", m.field, m.message)).collect();
        assert_eq!(
            shown,
            [
                "fires_at: Fires at or above needs a number with at most three decimals from 0.5 to 1.",
                "min_seats: Minimum licensed seats needs a whole number from 1 to 1000.",
                "colour: Seat utilization has no such setting; it has fires_at, min_seats.",
            ]
        );
    }
}
