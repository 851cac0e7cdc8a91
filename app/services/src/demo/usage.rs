//! An account's use, day by day.

use domain::time::Day;

use super::{
    account::back,
    prng::Prng,
    spec::{ApiLimit, Spec, value_at},
    table::Row,
};

pub(super) const USAGE_COLUMNS: &[&str] = &["customer_external_id", "metric", "observed_on", "value"];

/// How busy a weekend day is beside a working day.
pub(super) const WEEKEND: f64 = 0.45;

fn busy(day: Day) -> f64 {
    // Day 0, 1 January 1970, was a Thursday: 2 and 3 are Saturday and Sunday.
    if matches!(day.0.rem_euclid(7), 2 | 3) { WEEKEND } else { 1.0 }
}

/// `YYYY-MM-DD` without the machinery of formats: a large portfolio has ten million of them.
fn day_text(day: Day) -> String {
    let (year, month, day) = day.ymd();
    let mut text = String::with_capacity(10);
    let digits = [year / 1000, year / 100 % 10, year / 10 % 10, year % 10].map(i32::unsigned_abs);
    let rest = [10, month / 10, month % 10, 10, day / 10, day % 10];
    let shown = digits.into_iter().chain(rest);
    text.extend(shown.map(|digit| char::from_digit(digit, 10).unwrap_or('-')));
    text
}

/// A metric's values, oldest first, for a number of days up to the as-of day.
fn series(spec: &Spec, as_of: Day, metric: &str, value: impl Fn(i32, Day) -> f64) -> Vec<Row> {
    let last = spec.left.unwrap_or(0);
    let days = (last..spec.usage_days).rev().map(|ago| (ago, back(as_of, ago)));
    let row = |(ago, day): (i32, Day)| {
        let value = value(ago, day).max(0.0).round() as i64;
        vec![spec.id.clone(), metric.to_owned(), day_text(day), value.to_string()]
    };
    days.map(row).collect()
}

pub(super) fn usage_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    if spec.status == "prospect" {
        return Vec::new();
    }
    // The wobble of a day depends on the day alone, so that values may be asked for in any order.
    let wobble = |metric: &str, ago: i32, part: f64| {
        let mut dice = Prng::keyed(seed ^ (ago as u64), &spec.id, metric);
        1.0 + part * (2.0 * dice.unit() - 1.0)
    };
    let mut rows = series(spec, as_of, "active_users", |ago, _| {
        let level = value_at(&spec.active, ago);
        if spec.exact && ago <= 150 { level } else { level * wobble("active_users", ago, 0.015) }
    });
    rows.extend(api_rows(spec, as_of, wobble));
    let full = spec.storage_limit as f64 * spec.storage_used;
    rows.extend(series(spec, as_of, "storage_gb", |ago, _| full * (1.0 - 0.0008 * f64::from(ago))));
    if spec.lean {
        return rows;
    }
    let features = [("dashboards", 0.9), ("exports", 0.12), ("automations", 0.3)];
    for (key, per_user) in features {
        let metric = format!("feature.{key}");
        let ceiling = spec.ceiling.filter(|ceiling| ceiling.feature == key);
        let planted = spec.exports_28_days.filter(|_| key == "exports");
        rows.extend(match (ceiling, planted) {
            (Some(limit), _) => series(spec, as_of, &metric, |ago, _| {
                // The running period's limit is spread over its days and is used up two days ago.
                let days = i64::from(limit.began - 1);
                let spent = i64::from(limit.began - ago);
                let share = |n: i64| (limit.limit * n.clamp(0, days)) / days.max(1);
                if ago > limit.began { share(1) as f64 * 0.6 } else { (share(spent + 1) - share(spent)) as f64 }
            }),
            (None, Some(total)) => series(spec, as_of, &metric, |ago, _| {
                let place = i64::from(27 - ago.rem_euclid(28));
                (total * (place + 1) / 28 - total * place / 28) as f64
            }),
            (None, None) => series(spec, as_of, &metric, |ago, day| {
                // At least one a day: a feature in use never looks new.
                (value_at(&spec.active, ago) * per_user * busy(day) * wobble(&metric, ago, 0.2)).max(1.0)
            }),
        });
    }
    rows
}

fn api_rows(spec: &Spec, as_of: Day, wobble: impl Fn(&str, i32, f64) -> f64) -> Vec<Row> {
    let usual = |ago: i32, day: Day| {
        let grown = spec.api_growth.powf(-f64::from(ago) / 91.0);
        spec.api_daily * grown * busy(day) * wobble("api_calls", ago, 0.06)
    };
    let ApiLimit::Package { calls, began, used, .. } = spec.api_limit else {
        return series(spec, as_of, "api_calls", usual);
    };
    // A package is planted to the call: the usual days of its period, scaled so that they add up to the part used.
    let sum: f64 = (0..=began).map(|ago| usual(ago, back(as_of, ago))).sum();
    let scale = calls * used / sum.max(1.0);
    series(spec, as_of, "api_calls", |ago, day| usual(ago, day) * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_everywhere_else() {
        for text in ["2024-02-29", "1970-01-01", "2026-11-20", "0999-12-31"] {
            assert_eq!(day_text(text.parse().unwrap()), text);
        }
    }
}
