//! Money, days and numbers in the organisation's currency and year; the forms are `domain::format`'s (DESIGN 8).

use domain::{format, money::Money, time::Day};

use crate::context;

/// An amount: `$45,000`.
#[must_use]
pub fn money(amount: Money) -> String {
    let currency = context::shell().map_or_else(|| "USD".to_owned(), |shell| shell.currency);
    format::money(amount, &currency)
}

/// An amount, or what is missing in words.
#[must_use]
pub fn money_or(amount: Option<Money>, missing: &str) -> String {
    amount.map_or_else(|| missing.to_owned(), money)
}

/// A day: `27 Feb`, with its year when it is another one.
#[must_use]
pub fn day(day: Day) -> String {
    let today = context::shell().map_or(day, |shell| shell.today);
    format::day(day, today)
}

/// A day, or a dash.
#[must_use]
pub fn day_or_dash(of: Option<Day>) -> String {
    of.map_or_else(|| format::MISSING.to_owned(), day)
}

/// Text, or a dash.
#[must_use]
pub fn or_dash(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| format::MISSING.to_owned())
}

/// A count with its noun: `1 account`, `28 accounts`.
#[must_use]
pub fn count(n: u32, one: &str, many: &str) -> String {
    format::count(u64::from(n), one, many)
}

/// A width in percent for bars, cut to what fits: 0.96 is `width:96.0%`.
#[must_use]
pub fn bar(ratio: f64) -> String {
    let percent = if ratio.is_finite() { (ratio * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    format!("width:{percent:.1}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_their_track() {
        for (ratio, style) in
            [(0.96, "width:96.0%"), (1.4, "width:100.0%"), (-1.0, "width:0.0%"), (f64::NAN, "width:0.0%")]
        {
            assert_eq!(bar(ratio), style);
        }
    }
}
