//! Exact arithmetic of the rules over usage: windows, thresholds, trends, and the numbers of evidence.
//!
//! Values come as floats from the database. They are rounded to thousandths first and compared as integers by
//! cross-multiplication, so that an exact tie gives the same answer everywhere (PRODUCT 4). Windows are calendar days,
//! whatever the spacing of the rows; weekly rows are dated on the last day of their week (CONTRACT 5).

use super::{Evidence, EvidenceSource, Reach};
use crate::{
    account::{AccountSnapshot, Series},
    format,
    time::Day,
};

/// A value older than this says nothing about today; monthly rows still count.
pub const STALE_AFTER_DAYS: i32 = 35;
/// Days over which a linear trend is taken: eight weeks.
pub const TREND_DAYS: i32 = 56;
/// Days over which the pace of a count is taken.
pub const PACE_DAYS: i32 = 28;
/// How far ahead a trend is believed.
pub const HORIZON_DAYS: i32 = 365;
/// Points of a sparkline, one a week.
pub const SERIES_WEEKS: i32 = 24;
/// Fewer points or days than these make no trend.
const MIN_TREND_POINTS: usize = 3;
const MIN_TREND_SPAN_DAYS: i32 = 14;
/// Fewer days than these make no pace.
const MIN_PACE_DAYS: i32 = 7;
/// Rows are taken to cover a month at most.
const MAX_STEP_DAYS: i32 = 31;
/// Days of a week.
const WEEK: i32 = 7;

/// A value in thousandths; what is not a number is 0.
#[must_use]
pub fn milli(value: f64) -> i64 {
    (value * 1000.0).round() as i64
}

/// Thousandths as a float, for texts and evidence.
#[must_use]
pub fn from_milli(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

/// The sum of points in thousandths.
#[must_use]
pub fn sum_milli(points: &[(Day, f64)]) -> i64 {
    points.iter().fold(0_i64, |sum, (_, value)| sum.saturating_add(milli(*value)))
}

/// `part ÷ whole ≥ threshold`, exactly; `whole` is above 0, `threshold` in thousandths.
#[must_use]
pub fn at_least(part: i64, whole: i64, threshold: i64) -> bool {
    i128::from(part) * 1000 >= i128::from(threshold) * i128::from(whole)
}

/// `part ÷ whole > threshold`, exactly.
#[must_use]
pub fn above(part: i64, whole: i64, threshold: i64) -> bool {
    i128::from(part) * 1000 > i128::from(threshold) * i128::from(whole)
}

/// `part ÷ whole` with two decimals, or with more when two would read like the threshold: 0.8496 against 0.85 is
/// "0.8496", never a failed "0.85".
#[must_use]
pub fn ratio(part: i64, whole: i64, threshold: i64) -> String {
    let value = part as f64 / whole as f64;
    let tie = i128::from(part) * 1000 == i128::from(threshold) * i128::from(whole);
    let reads_like_it = format::decimal(value, 2) == format::decimal(from_milli(threshold), 2);
    format::decimal(value, if reads_like_it && !tie { 4 } else { 2 })
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The metric has no row up to today.
    Never,
    /// The newest row is too old.
    Stale(Day),
}

impl Missing {
    /// In words: "no usage of api_calls", "newest api_calls 12 Oct 2025".
    #[must_use]
    pub fn reason(self, metric: &str, today: Day) -> String {
        match self {
            Missing::Never => format!("no usage of {metric}"),
            Missing::Stale(day) => format!("newest {metric} {}", format::day(day, today)),
        }
    }
}

/// A metric's series and its newest point up to today, when that is recent enough.
///
/// # Errors
/// Why there is none.
pub fn newest<'a>(account: &'a AccountSnapshot, metric: &str, today: Day) -> Result<(&'a Series, Day, f64), Missing> {
    let series = account.series(metric).ok_or(Missing::Never)?;
    let (day, value) = series.last(today).ok_or(Missing::Never)?;
    if today - day > STALE_AFTER_DAYS { Err(Missing::Stale(day)) } else { Ok((series, day, value)) }
}

/// The first day that the rows up to `through` cover: a weekly first row covers the six days before it, as the distance
/// to the second row tells. None with less than two rows.
fn covered_since(series: &Series, through: Day) -> Option<Day> {
    let (first, second) = (series.points.first()?.0, series.points.get(1)?.0);
    (second <= through).then(|| first - ((second - first).clamp(1, MAX_STEP_DAYS) - 1))
}

/// Whether the rows up to `through` reach back to the start of a window.
#[must_use]
pub fn covers(series: &Series, from: Day, through: Day) -> bool {
    covered_since(series, through).is_some_and(|since| since <= from)
}

/// The mean pace of a count over the last [`PACE_DAYS`] up to `through`, as (sum in thousandths, days); over fewer days
/// when the rows don't reach back so far; none below a week.
#[must_use]
pub fn pace(series: &Series, through: Day) -> Option<(i64, i32)> {
    let from = (through - (PACE_DAYS - 1)).max(covered_since(series, through)?);
    let days = through - from + 1;
    (days >= MIN_PACE_DAYS).then(|| (sum_milli(series.between(from, through)), days))
}

/// The day on which a count passes its limit at this pace: the first one that ends above it.
#[must_use]
pub fn passes_on(used: i64, limit: i64, pace: (i64, i32), through: Day) -> Option<Day> {
    let (sum, days) = pace;
    if sum <= 0 || used > limit {
        return None;
    }
    let needed = (i128::from(limit) - i128::from(used)) * i128::from(days) / i128::from(sum) + 1;
    let needed = i32::try_from(needed).ok()?;
    (needed <= HORIZON_DAYS).then(|| through + needed)
}

/// The day on which the sum since `from` went above the limit.
#[must_use]
pub fn passed_on(series: &Series, from: Day, through: Day, limit: i64) -> Option<Day> {
    let mut sum = 0_i64;
    series.between(from, through).iter().find_map(|(day, value)| {
        sum = sum.saturating_add(milli(*value));
        (sum > limit).then_some(*day)
    })
}

/// When a level reaches its limit: the first day of the run that stands there now, or the day to which the linear trend
/// of the last eight weeks leads. None without a rising trend, or beyond a year.
#[must_use]
pub fn reach_of_level(series: &Series, through: Day, limit: f64, today: Day) -> Option<Reach> {
    let (_, value) = series.last(through)?;
    if value >= limit {
        let run = series.between(Day(i32::MIN), through).iter().rev().take_while(|(_, value)| *value >= limit);
        return run.last().map(|(day, _)| Reach { on: *day });
    }
    let per_day = trend_per_day(series, through)?;
    // A hair less, so that a slope of exactly one a week is not a day late by the last bit of a float.
    let days = ((limit - value) / per_day - 1e-6).ceil();
    (days <= f64::from(HORIZON_DAYS)).then(|| Reach { on: (through + days as i32).max(today) })
}

/// The slope of the last eight weeks by least squares, when it rises.
fn trend_per_day(series: &Series, through: Day) -> Option<f64> {
    let points = series.between(through - (TREND_DAYS - 1), through);
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < MIN_TREND_POINTS || last.0 - first.0 < MIN_TREND_SPAN_DAYS {
        return None;
    }
    let count = points.len() as f64;
    let x = |day: Day| f64::from(day - first.0);
    let mean_x = points.iter().map(|(day, _)| x(*day)).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, value)| value).sum::<f64>() / count;
    let (covariance, variance) = points.iter().fold((0.0, 0.0), |(covariance, variance), (day, value)| {
        let dx = x(*day) - mean_x;
        (covariance + dx * (value - mean_y), variance + dx * dx)
    });
    let slope = covariance / variance;
    (slope.is_finite() && slope > 1e-9).then_some(slope)
}

/// The sparkline of a level: the mean of each week up to `through`, oldest first; weeks without a row are left out.
#[must_use]
pub fn weekly_means(series: &Series, through: Day) -> Vec<f64> {
    weeks(series, through, |points| points.iter().map(|(_, value)| value).sum::<f64>() / points.len() as f64)
}

/// The sparkline of a count: the sum of each week up to `through`, oldest first; weeks without a row are left out.
#[must_use]
pub fn weekly_sums(series: &Series, through: Day) -> Vec<f64> {
    weeks(series, through, |points| points.iter().map(|(_, value)| value).sum())
}

fn weeks(series: &Series, through: Day, value: impl Fn(&[(Day, f64)]) -> f64) -> Vec<f64> {
    (0..SERIES_WEEKS)
        .rev()
        .map(|week| series.between(through - (week * WEEK + WEEK - 1), through - week * WEEK))
        .filter(|points| !points.is_empty())
        .map(|points| thousandths(value(points)))
        .collect()
}

/// Evidence that is a number: value, limit, window and series (PRODUCT 4). Rounded to thousandths, so that it comes back
/// from the database as it went in.
#[must_use]
pub fn evidence(
    source: EvidenceSource,
    metric: &str,
    text: String,
    value: f64,
    limit: Option<f64>,
    window: (Day, Day),
    series: Vec<f64>,
) -> Evidence {
    Evidence {
        metric: Some(metric.to_owned()),
        value: Some(thousandths(value)),
        limit: limit.map(thousandths),
        window: Some(window),
        series,
        ..Evidence::new(source, metric, text)
    }
}

fn thousandths(value: f64) -> f64 {
    if value.is_finite() { (value * 1000.0).round() / 1000.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::day;

    fn daily(from: &str, values: impl IntoIterator<Item = f64>) -> Series {
        let from = day(from);
        Series { points: values.into_iter().enumerate().map(|(n, value)| (from + n as i32, value)).collect() }
    }

    #[test]
    fn ties_are_exact() {
        // 0.1 + 0.2 is no tie as floats, and is one here.
        assert!(at_least(milli(0.1) + milli(0.2), milli(0.3), 1000) && !above(milli(0.3), milli(0.3), 1000));
        assert!(at_least(17, 20, 850) && !at_least(1699, 2000, 850));
        assert!(at_least(i64::MAX, i64::MAX, 1000));
        assert_eq!((milli(f64::NAN), milli(1e300)), (0, i64::MAX));
        for (part, whole, text) in [(31, 34, "0.91"), (17, 20, "0.85"), (8496, 10_000, "0.8496"), (1, 3, "0.33")] {
            assert_eq!(ratio(part, whole, 850), text);
        }
    }

    #[test]
    fn a_pace_uses_the_days_that_the_rows_cover() {
        let series = daily("2026-01-01", std::iter::repeat_n(10.0, 40));
        assert_eq!(pace(&series, day("2026-02-09")), Some((280_000, 28)));
        let weekly = Series { points: (0..4).map(|n| (day("2026-01-07") + 7 * n, 70.0)).collect() };
        assert_eq!(pace(&weekly, day("2026-01-28")), Some((280_000, 28)), "weekly rows give the same pace");
        assert_eq!(pace(&weekly, day("2026-01-14")), Some((140_000, 14)));
        assert_eq!(pace(&daily("2026-01-01", [10.0; 6]), day("2026-01-06")), None, "less than a week");
        assert_eq!(
            pace(&weekly, day("2026-01-13")),
            None,
            "the second row, which tells how long a row is, comes later"
        );
        assert_eq!(pace(&daily("2026-01-01", [10.0]), day("2026-01-01")), None, "one row may be of any length");
        assert_eq!(pace(&Series::default(), day("2026-01-07")), None);
    }

    #[test]
    fn a_limit_is_passed_on_the_first_day_above_it() {
        let through = day("2026-02-01");
        assert_eq!(passes_on(90_000, 100_000, (28_000, 28), through), Some(through + 11), "exactly full is not above");
        assert_eq!(passes_on(100_000, 100_000, (28_000, 28), through), Some(through + 1));
        assert_eq!(passes_on(0, 100_000, (0, 28), through), None);
        assert_eq!(passes_on(0, 1_000_000, (28_000, 28), through), None, "beyond a year");
        let series = daily("2026-02-01", [40.0, 40.0, 40.0, 40.0]);
        assert_eq!(passed_on(&series, through, day("2026-02-04"), 100_000), Some(day("2026-02-03")));
        assert_eq!(passed_on(&series, through, day("2026-02-04"), 160_000), None);
    }

    #[test]
    fn a_level_reaches_its_limit_by_its_trend() {
        // One more every fourth day: 48 on the last day, 50 eight days later.
        let series = daily("2025-11-01", (0..93).map(|n| 25.0 + f64::from(n) / 4.0));
        let through = day("2026-02-01");
        let today = day("2026-02-02");
        assert_eq!(reach_of_level(&series, through, 50.0, today), Some(Reach { on: through + 8 }));
        assert_eq!(reach_of_level(&series, through, 5000.0, today), None);
        assert_eq!(reach_of_level(&series, through, 40.0, today), Some(Reach { on: day("2025-12-31") }), "was reached");
        let falling = daily("2026-01-01", (0..32).map(|n| 50.0 - f64::from(n)));
        assert_eq!(reach_of_level(&falling, through, 60.0, today), None);
        assert_eq!(reach_of_level(&daily("2026-02-01", [48.0]), through, 50.0, today), None, "one point is no trend");
    }

    #[test]
    fn sparklines_have_a_point_a_week_at_most_24_ascending() {
        let series = daily("2025-01-01", (0..397).map(f64::from));
        let through = day("2026-02-01");
        let means = weekly_means(&series, through);
        assert_eq!((means.len(), means[23], means[22]), (24, 393.0, 386.0));
        assert_eq!(weekly_sums(&series, through)[23], 393.0 * 7.0);
        assert_eq!(weekly_means(&daily("2026-02-01", [1.0, 100.0]), through), [1.0], "nothing dated later");
    }
}
