//! When a job is due: cron patterns in the organisation's time zone.

use std::str::FromStr;

use chrono::TimeZone;
use croner::Cron;
use domain::time::At;

use crate::org::Org;

/// A job that waits for data looks for it at the latest after this time, whether somebody nudged it or not.
const LOOK_AGAIN_SECONDS: i64 = 3_600;

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Daily at the organisation's scan time.
    DailyScan,
    /// As soon as accounts wait.
    WhenTouched,
    /// By a cron pattern of five fields, in the organisation's time zone.
    Cron(&'static str),
}

impl Schedule {
    /// The next time after an instant.
    #[must_use]
    pub fn next(self, org: &Org, after: At) -> At {
        let pattern = match self {
            Schedule::WhenTouched => return after.plus_seconds(LOOK_AGAIN_SECONDS),
            Schedule::Cron(pattern) => pattern.to_owned(),
            Schedule::DailyScan => daily(&org.scan_time).unwrap_or_else(|| "0 9 * * *".to_owned()),
        };
        next_by_cron(&pattern, org, after).unwrap_or_else(|| after.plus_days(1))
    }

    /// "daily at 09:00", "when data arrives".
    #[must_use]
    pub fn words(self, org: &Org) -> String {
        match self {
            Schedule::DailyScan => format!("daily at {}", org.scan_time),
            Schedule::WhenTouched => "when data arrives".to_owned(),
            Schedule::Cron(pattern) => {
                let mut fields = pattern.split(' ').filter_map(|field| field.parse::<u32>().ok());
                match (fields.next(), fields.next()) {
                    (Some(minute), Some(hour)) => format!("daily at {hour:02}:{minute:02}"),
                    _ => pattern.to_owned(),
                }
            }
        }
    }
}

/// "09:30" as a cron pattern.
fn daily(time: &str) -> Option<String> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then(|| format!("{minute} {hour} * * *"))
}

fn next_by_cron(pattern: &str, org: &Org, after: At) -> Option<At> {
    let cron = Cron::from_str(pattern).ok()?;
    let local = org.calendar.zone.timestamp_millis_opt(after.0).single()?;
    let next = cron.find_next_occurrence(&local, false).ok()?;
    Some(At(next.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn org(zone: &str, scan_time: &str) -> Org {
        let stored = [("time_zone", zone), ("scan_time", scan_time)].map(|(k, v)| (k.to_owned(), v.to_owned()));
        Org::from_values(&BTreeMap::from(stored), &crate::org::Config::default())
    }

    #[test]
    fn the_daily_scan_follows_the_organisations_clock() {
        for (zone, time, after, next) in [
            ("UTC", "09:00", "2026-02-02T08:59:59Z", "2026-02-02T09:00:00Z"),
            ("UTC", "09:00", "2026-02-02T09:00:00Z", "2026-02-03T09:00:00Z"),
            ("America/New_York", "09:00", "2026-02-02T09:00:00Z", "2026-02-02T14:00:00Z"),
            // The clocks go forward in the night before: 09:00 is an hour earlier in UTC.
            ("Europe/Berlin", "09:00", "2026-03-28T12:00:00Z", "2026-03-29T07:00:00Z"),
            // 02:30 does not exist on that day.
            ("Europe/Berlin", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            // It exists twice when they go back; the scan runs once.
            ("Europe/Berlin", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", "02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            ("UTC", "not a time", "2026-02-02T08:00:00Z", "2026-02-02T09:00:00Z"),
        ] {
            let after: At = after.parse().unwrap();
            assert_eq!(Schedule::DailyScan.next(&org(zone, time), after).to_string(), next, "{zone} {time} {after}");
        }
    }

    #[test]
    fn every_schedule_has_words_and_moves_on() {
        let org = org("UTC", "07:15");
        let now: At = "2026-02-02T03:30:00Z".parse().unwrap();
        for job in super::super::JOBS {
            assert!(job.schedule.next(&org, now) > now, "{}", job.key);
            assert_eq!(super::super::find(job.key), Some(job));
        }
        assert_eq!(Schedule::DailyScan.words(&org), "daily at 07:15");
        assert_eq!(Schedule::Cron("30 3 * * *").words(&org), "daily at 03:30");
    }
}
