//! Days and instants as plain integers: the same on every database and in the browser.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
};

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const MILLIS_PER_DAY: i64 = 86_400_000;

/// A calendar day without a zone, as days since 1970-01-01. On the wire `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

/// An instant in UTC, as milliseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct At(pub i64);

/// The text is not a day or an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {wanted}")]
pub struct TimeError {
    /// What was given.
    pub text: String,
    /// What would be right.
    pub wanted: &'static str,
}

impl Day {
    /// The day of a calendar date, when there is one.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from_date)
    }

    /// From chrono's date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Day {
        Day(date.signed_duration_since(NaiveDate::default()).num_days() as i32)
    }

    /// As chrono's date; beyond its range the epoch.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(self.0))).unwrap_or_default()
    }

    /// Year, month 1–12, day 1–31.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn month_start(self) -> Day {
        let (_, _, day) = self.ymd();
        Day(self.0 - day as i32 + 1)
    }

    /// The first day of the month after this day's.
    #[must_use]
    pub fn next_month_start(self) -> Day {
        Day(self.month_start().0 + 32).month_start()
    }

    /// The same day `months` later (or earlier), cut to the month's last day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        let date = self.date();
        let moved = if months >= 0 {
            date.checked_add_months(chrono::Months::new(months.unsigned_abs()))
        } else {
            date.checked_sub_months(chrono::Months::new(months.unsigned_abs()))
        };
        moved.map_or(self, Day::from_date)
    }

    /// Midnight UTC at the start of this day.
    #[must_use]
    pub fn start_utc(self) -> At {
        At(i64::from(self.0) * MILLIS_PER_DAY)
    }
}

impl At {
    /// The calendar day in UTC. For days of the organisation use [`crate::calendar::Calendar::day_of`].
    #[must_use]
    pub fn day_utc(self) -> Day {
        Day(self.0.div_euclid(MILLIS_PER_DAY) as i32)
    }

    /// As chrono's instant; beyond its range the epoch.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or_default()
    }

    /// `days` later (24 hours each).
    #[must_use]
    pub fn plus_days(self, days: i64) -> At {
        At(self.0 + days * MILLIS_PER_DAY)
    }

    /// `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> At {
        At(self.0 + seconds * 1000)
    }

    /// Days from `earlier` to `self`, as a fraction.
    #[must_use]
    pub fn days_since(self, earlier: At) -> f64 {
        (self.0 - earlier.0) as f64 / MILLIS_PER_DAY as f64
    }
}

impl Add<i32> for Day {
    type Output = Day;
    fn add(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

impl Sub<i32> for Day {
    type Output = Day;
    fn sub(self, days: i32) -> Day {
        Day(self.0.saturating_sub(days))
    }
}

impl Sub<Day> for Day {
    type Output = i32;
    /// Days between.
    fn sub(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = if self.0.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
        write!(f, "{}", self.utc().format(format))
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Day, TimeError> {
        let wrong = || TimeError { text: text.chars().take(80).collect(), wanted: "a day like 2026-02-27" };
        if text.len() != 10 {
            return Err(wrong());
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Day::from_date).map_err(|_| wrong())
    }
}

impl FromStr for At {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<At, TimeError> {
        DateTime::parse_from_rfc3339(text).map(|at| At(at.timestamp_millis())).map_err(|_| TimeError {
            text: text.chars().take(80).collect(),
            wanted: "an instant like 2026-02-27T09:00:00Z",
        })
    }
}

macro_rules! text_on_the_wire {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}
text_on_the_wire!(Day, At);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_survive_the_wire() {
        let day: Day = "2026-02-28".parse().unwrap();
        assert_eq!(day.to_string(), "2026-02-28");
        assert_eq!((day + 1).to_string(), "2026-03-01");
        assert_eq!(day.month_start().to_string(), "2026-02-01");
        assert_eq!(day.next_month_start().to_string(), "2026-03-01");
        assert_eq!("2024-03-31".parse::<Day>().unwrap().plus_months(-1).to_string(), "2024-02-29");
        let at: At = "2026-02-02T09:00:00Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-02-02T09:00:00Z");
        assert_eq!(at.day_utc().to_string(), "2026-02-02");
        assert!("2026-2-3".parse::<Day>().is_err() && "2026-02-30".parse::<Day>().is_err());
    }
}
