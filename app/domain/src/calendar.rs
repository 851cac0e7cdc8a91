//! The organisation's clock: one place that knows its time zone and fiscal year (MEASURES 4.13).

use chrono::{NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::time::{At, Day};

/// Time zone and fiscal year of the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The organisation's time zone.
    pub zone: Tz,
    /// First month of the fiscal year, 1–12.
    pub fiscal_year_start: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar { zone: Tz::UTC, fiscal_year_start: 1 }
    }
}

impl Calendar {
    /// The organisation's calendar day at an instant.
    #[must_use]
    pub fn day_of(&self, at: At) -> Day {
        Day::from_date(at.utc().with_timezone(&self.zone).date_naive())
    }

    /// The instant of a wall-clock time on a day. In a gap of the clock the first instant after it; of two the earlier.
    #[must_use]
    pub fn instant(&self, day: Day, time: NaiveTime) -> At {
        let mut local = day.date().and_time(time);
        for _ in 0..4 {
            if let Some(found) = self.zone.from_local_datetime(&local).earliest() {
                return At(found.timestamp_millis());
            }
            local += chrono::TimeDelta::minutes(30);
        }
        At(local.and_utc().timestamp_millis())
    }

    /// The first instant of a day.
    #[must_use]
    pub fn start_of(&self, day: Day) -> At {
        self.instant(day, NaiveTime::MIN)
    }

    /// Wall-clock `HH:MM` of an instant.
    #[must_use]
    pub fn clock(&self, at: At) -> String {
        at.utc().with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// The zone's offset from UTC in minutes at an instant, for the browser.
    #[must_use]
    pub fn offset_minutes(&self, at: At) -> i32 {
        at.utc().with_timezone(&self.zone).offset().fix().local_minus_utc() / 60
    }

    /// First day and first day after of the fiscal quarter that contains `day`.
    #[must_use]
    pub fn quarter_of(&self, day: Day) -> (Day, Day) {
        let (_, month, _) = day.ymd();
        let into_quarter = (month as i32 - self.fiscal_year_start as i32).rem_euclid(3);
        let start = day.month_start().plus_months(-into_quarter);
        (start, start.plus_months(3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_organisation_not_utc() {
        let berlin = Calendar { zone: Tz::Europe__Berlin, fiscal_year_start: 2 };
        let late: At = "2026-02-01T23:30:00Z".parse().unwrap();
        assert_eq!(berlin.day_of(late).to_string(), "2026-02-02");
        assert_eq!(berlin.start_of("2026-02-02".parse().unwrap()).to_string(), "2026-02-01T23:00:00Z");
        let (from, to) = berlin.quarter_of("2026-01-15".parse().unwrap());
        assert_eq!((from.to_string(), to.to_string()), ("2025-11-01".into(), "2026-02-01".into()));
        // 02:30 does not exist on the day the clocks go forward.
        let gap = berlin.instant("2026-03-29".parse().unwrap(), NaiveTime::from_hms_opt(2, 30, 0).unwrap());
        assert_eq!(gap.to_string(), "2026-03-29T01:00:00Z");
    }
}
