//! The organisation: what the configuration fixes, and the versioned settings that admins edit.

use std::collections::BTreeMap;

use domain::{
    account::{Cached, Market, Product},
    calendar::Calendar,
    time::At,
};

use crate::{Error, Result, Services};

/// What the environment or the configuration file fixes (CONTRACT 1). A value that is set here wins over the settings page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// `HEADROOM_TIME_ZONE`.
    pub time_zone: Option<String>,
    /// `HEADROOM_CURRENCY`.
    pub currency: Option<String>,
    /// `HEADROOM_FISCAL_YEAR_START`, 1–12.
    pub fiscal_year_start: Option<u32>,
    /// `HEADROOM_BASE_URL`.
    pub base_url: String,
    /// Where uploads and the embedded database live.
    pub data_dir: std::path::PathBuf,
    /// Whether demo logins may be used (always on loopback, else by a setting).
    pub demo_logins: bool,
    /// Whether the worker runs in this process, for the sidebar's health.
    pub worker: bool,
}

/// Kind of a setting, for forms and checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// One line.
    Text,
    /// A number with bounds.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// One entry per line.
    Lines,
    /// An IANA time zone.
    Zone,
    /// A month, 1–12.
    Month,
    /// An ISO 4217 code.
    Currency,
}

/// A setting of the organisation: where it stands on the page and what is allowed.
#[derive(Debug, Clone, Copy)]
pub struct SettingDef {
    /// Key in the database and in forms.
    pub key: &'static str,
    /// Group on the page.
    pub group: &'static str,
    /// Label.
    pub label: &'static str,
    /// What it does.
    pub hint: &'static str,
    /// Kind.
    pub kind: Kind,
    /// The environment variable that can fix it.
    pub fixed_by: Option<&'static str>,
}

/// Every setting, in the order of the page. To add one: a row here, a field in [`Org`], a line in [`Org::from_values`].
pub const SETTINGS: &[SettingDef] = &[
    SettingDef {
        key: "name",
        group: "Organisation",
        label: "Name",
        hint: "Stands on proposals and in mails.",
        kind: Kind::Text,
        fixed_by: None,
    },
    SettingDef {
        key: "time_zone",
        group: "Organisation",
        label: "Time zone",
        hint: "Days, periods and the daily scan follow it.",
        kind: Kind::Zone,
        fixed_by: Some("HEADROOM_TIME_ZONE"),
    },
    SettingDef {
        key: "currency",
        group: "Organisation",
        label: "Currency",
        hint: "Three letters, like USD. Amounts without a currency are in it.",
        kind: Kind::Currency,
        fixed_by: Some("HEADROOM_CURRENCY"),
    },
    SettingDef {
        key: "fiscal_year_start",
        group: "Organisation",
        label: "Fiscal year starts in month",
        hint: "1 is January.",
        kind: Kind::Month,
        fixed_by: Some("HEADROOM_FISCAL_YEAR_START"),
    },
    SettingDef {
        key: "scan_time",
        group: "Detection",
        label: "Daily scan at",
        hint: "Time of day in the organisation's zone, like 09:00.",
        kind: Kind::Text,
        fixed_by: None,
    },
    SettingDef {
        key: "healthy_at",
        group: "Detection",
        label: "Healthy at or above",
        hint: "Accounts with a lower health are held back. Unknown health is not.",
        kind: Kind::Number { min: 0.0, max: 100.0 },
        fixed_by: None,
    },
    SettingDef {
        key: "cool_down_days",
        group: "Detection",
        label: "Cool-down in days",
        hint: "How long a condition must be gone before its signal closes.",
        kind: Kind::Number { min: 1.0, max: 365.0 },
        fixed_by: None,
    },
    SettingDef {
        key: "competitors",
        group: "Detection",
        label: "Competitors",
        hint: "One per line, aliases after commas.",
        kind: Kind::Lines,
        fixed_by: None,
    },
    SettingDef {
        key: "departments",
        group: "Detection",
        label: "Departments",
        hint: "One per line. Departments of imported users are known besides.",
        kind: Kind::Lines,
        fixed_by: None,
    },
    SettingDef {
        key: "gauges",
        group: "Detection",
        label: "Gauges",
        hint: "Metrics that are a level, not a count per day; one per line. active_users and storage_gb are.",
        kind: Kind::Lines,
        fixed_by: None,
    },
    SettingDef {
        key: "price_book",
        group: "Value",
        label: "Current price book",
        hint: "Contracts on another one are on legacy pricing. Empty switches that off.",
        kind: Kind::Text,
        fixed_by: None,
    },
    SettingDef {
        key: "multi_year_percent",
        group: "Value",
        label: "Multi-year planning rate in percent",
        hint: "Share of the annual value that a longer term is planned to bring.",
        kind: Kind::Number { min: 0.0, max: 100.0 },
        fixed_by: None,
    },
    SettingDef {
        key: "quick_win_min",
        group: "Value",
        label: "Quick wins from",
        hint: "Smallest value of a quick win, in whole units of the currency.",
        kind: Kind::Number { min: 0.0, max: 1e9 },
        fixed_by: None,
    },
];

/// The organisation's settings in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Org {
    /// Name.
    pub name: String,
    /// Time zone and fiscal year.
    pub calendar: Calendar,
    /// Currency code.
    pub currency: String,
    /// Time of day of the daily scan, `HH:MM`.
    pub scan_time: String,
    /// Health at or above which an account counts as healthy.
    pub healthy_at: f64,
    /// Days until a signal closes after its condition is gone.
    pub cool_down_days: i64,
    /// Competitors with aliases.
    pub competitors: Vec<Vec<String>>,
    /// Departments.
    pub departments: Vec<String>,
    /// Gauges besides the built-in ones.
    pub gauges: Vec<String>,
    /// Current price book.
    pub price_book: Option<String>,
    /// Multi-year planning rate, in thousandths.
    pub multi_year_rate_milli: i64,
    /// Smallest value of a quick win.
    pub quick_win_min: domain::money::Money,
}

impl Org {
    /// The settings in force at an instant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn load(services: &Services, at: At) -> Result<Org> {
        Ok(Org::from_values(&Org::stored(services, at).await?, &services.config))
    }

    /// The stored texts in force at an instant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn stored(services: &Services, at: At) -> Result<BTreeMap<String, String>> {
        let values = store::settings::all(services.db.read(), at).await?;
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(values.into_iter().map(|(key, value)| (key, text(value))).collect())
    }

    /// Text values of every setting: what is stored, what the configuration fixes, else the default.
    #[must_use]
    pub fn texts(stored: &BTreeMap<String, String>, config: &Config) -> BTreeMap<&'static str, String> {
        SETTINGS
            .iter()
            .map(|def| {
                let fixed = match def.key {
                    "time_zone" => config.time_zone.clone(),
                    "currency" => config.currency.clone(),
                    "fiscal_year_start" => config.fiscal_year_start.map(|month| month.to_string()),
                    _ => None,
                };
                let text = fixed.or_else(|| stored.get(def.key).cloned()).unwrap_or_else(|| default_text(def.key));
                (def.key, text)
            })
            .collect()
    }

    /// Reads stored values; what is not stored is the default.
    #[must_use]
    pub fn from_values(stored: &BTreeMap<String, String>, config: &Config) -> Org {
        let texts = Org::texts(stored, config);
        let text = |key: &str| texts.get(key).cloned().unwrap_or_default();
        let number = |key: &str| {
            text(key).trim().parse::<f64>().or_else(|_| default_text(key).parse::<f64>()).unwrap_or_default()
        };
        let lines = |key: &str| -> Vec<String> {
            text(key).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Org {
            name: text("name"),
            calendar: Calendar {
                zone: text("time_zone").parse().unwrap_or(chrono_tz::Tz::UTC),
                fiscal_year_start: (number("fiscal_year_start") as u32).clamp(1, 12),
            },
            currency: text("currency"),
            scan_time: text("scan_time"),
            healthy_at: number("healthy_at"),
            cool_down_days: number("cool_down_days") as i64,
            competitors: lines("competitors")
                .iter()
                .map(|line| {
                    line.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
                })
                .collect(),
            departments: lines("departments"),
            gauges: lines("gauges"),
            price_book: Some(text("price_book")).filter(|book| !book.trim().is_empty()),
            multi_year_rate_milli: (number("multi_year_percent") * 10.0).round() as i64,
            quick_win_min: domain::money::Money::units(number("quick_win_min") as i64),
        }
    }

    /// An instant as it stands on screens, in the organisation's zone: "2 Feb, 09:00".
    #[must_use]
    pub fn moment(&self, at: At, now: At) -> String {
        let day = domain::format::day(self.calendar.day_of(at), self.calendar.day_of(now));
        format!("{day}, {}", self.calendar.clock(at))
    }

    /// The market that rules look at, with the catalogue.
    #[must_use]
    pub fn market(&self, products: Vec<Product>) -> Market {
        Market {
            products,
            current_price_book: self.price_book.clone(),
            competitors: self.competitors.clone(),
            departments: self.departments.clone(),
            gauges: self.gauges.clone(),
            multi_year_rate_milli: self.multi_year_rate_milli,
            healthy_at: self.healthy_at,
            listener: Cached::default(),
        }
    }
}

/// Whether the configuration fixes a setting, so that the page can't change it.
#[must_use]
pub fn is_fixed(def: &SettingDef, config: &Config) -> bool {
    match def.key {
        "time_zone" => config.time_zone.is_some(),
        "currency" => config.currency.is_some(),
        "fiscal_year_start" => config.fiscal_year_start.is_some(),
        _ => false,
    }
}

/// The default of a setting, as text.
fn default_text(key: &str) -> String {
    match key {
        "name" => "Your organisation".into(),
        "time_zone" => "UTC".into(),
        "currency" => "USD".into(),
        "fiscal_year_start" => "1".into(),
        "scan_time" => "09:00".into(),
        "healthy_at" => "60".into(),
        "cool_down_days" => "30".into(),
        "multi_year_percent" => "15".into(),
        "quick_win_min" => "25000".into(),
        "departments" => domain::conversation::defaults::DEPARTMENTS.join("\n"),
        "competitors" => {
            let lines: Vec<String> =
                domain::conversation::defaults::COMPETITORS.iter().map(|names| names.join(", ")).collect();
            lines.join("\n")
        }
        _ => String::new(),
    }
}

/// Checks one edited value; answers the text to store.
///
/// # Errors
/// A message beside the field that says what would be right.
pub fn check(def: &SettingDef, text: &str) -> Result<String> {
    let text = text.trim();
    let wrong = |message: String| Error::field(def.key, message);
    match def.kind {
        Kind::Text if def.key == "scan_time" => chrono::NaiveTime::parse_from_str(text, "%H:%M")
            .map(|time| time.format("%H:%M").to_string())
            .map_err(|_| wrong(format!("{text:?} is not a time of day; write it like 09:00."))),
        Kind::Text if text.chars().count() > 200 => Err(wrong("Write at most 200 characters.".into())),
        Kind::Text => Ok(text.to_owned()),
        Kind::Lines if text.len() > 20_000 => Err(wrong("The list is longer than 20,000 characters.".into())),
        Kind::Lines => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")),
        Kind::Number { min, max } => match text.parse::<f64>() {
            Ok(number) if number.is_finite() && (min..=max).contains(&number) => Ok(text.to_owned()),
            _ => Err(wrong(format!("{text:?} is not a number from {min} to {max}."))),
        },
        Kind::Zone => text
            .parse::<chrono_tz::Tz>()
            .map(|zone| zone.name().to_owned())
            .map_err(|_| wrong(format!("{text:?} is not a time zone; write it like Europe/Berlin."))),
        Kind::Month => match text.parse::<u32>() {
            Ok(month) if (1..=12).contains(&month) => Ok(month.to_string()),
            _ => Err(wrong(format!("{text:?} is not a month; write 1 to 12."))),
        },
        Kind::Currency if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok(text.to_ascii_uppercase())
        }
        Kind::Currency => Err(wrong(format!("{text:?} is not a currency code; write three letters like USD."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_default_that_passes_its_own_check() {
        let config = Config::default();
        for (key, text) in Org::texts(&BTreeMap::new(), &config) {
            let def = SETTINGS.iter().find(|def| def.key == key).unwrap();
            assert!(check(def, &text).is_ok(), "{key}: {text:?}");
        }
    }

    #[test]
    fn the_configuration_wins_over_the_page_and_wrong_values_are_named() {
        let stored = BTreeMap::from([
            ("time_zone".to_owned(), "Europe/Berlin".to_owned()),
            ("healthy_at".to_owned(), "70".to_owned()),
        ]);
        let org =
            Org::from_values(&stored, &Config { time_zone: Some("America/New_York".into()), ..Config::default() });
        assert_eq!(org.calendar.zone, chrono_tz::Tz::America__New_York);
        assert_eq!(org.healthy_at, 70.0);
        for (key, wrong) in [
            ("healthy_at", "NaN"),
            ("healthy_at", "101"),
            ("time_zone", "Mars"),
            ("fiscal_year_start", "13"),
            ("currency", "$"),
            ("scan_time", "9"),
        ] {
            let def = SETTINGS.iter().find(|def| def.key == key).unwrap();
            assert!(matches!(check(def, wrong), Err(Error::Invalid(_))), "{key} {wrong}");
        }
    }
}
