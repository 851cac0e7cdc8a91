//! Numbers, days and money as they stand on screens (DESIGN 8). Browser and server both write through this module, so a
//! figure reads the same wherever it stands. Unknown is never 0: callers write [`MISSING`] and the reason.

use crate::{money::Money, time::Day};

/// What stands for a value that is not known (DESIGN 8).
pub const MISSING: &str = "—";
/// The minus sign of numbers; a hyphen is narrower than the digits.
pub const MINUS: char = '\u{2212}';
/// Keeps a day and its month, or a number and its unit, on one line.
const NBSP: char = '\u{a0}';
/// Between a number and `%`.
const NARROW_NBSP: char = '\u{202f}';

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Money in full digits: `$45,000`, `−$12.50`, `CHF 45,000`. Minor units only when the amount is not whole.
#[must_use]
pub fn money(amount: Money, currency: &str) -> String {
    let minor = amount.0.unsigned_abs();
    let cents = if minor.is_multiple_of(100) { String::new() } else { format!(".{:02}", minor % 100) };
    format!("{}{}{}{cents}", sign_if_negative(amount.0), symbol(currency), grouped(minor / 100))
}

/// Money that adds or takes away inside a sum: `+$95,000`, `−$12,000`, `$0`.
#[must_use]
pub fn signed_money(amount: Money, currency: &str) -> String {
    let plus = if amount.0 > 0 { "+" } else { "" };
    format!("{plus}{}", money(amount, currency))
}

/// Money against the last period: `▲ $28,000`, `▼ $12,000`, `$0`.
#[must_use]
pub fn money_change(amount: Money, currency: &str) -> String {
    let size = money(Money(amount.0.saturating_abs()), currency);
    match amount.0.signum() {
        1 => format!("▲{NBSP}{size}"),
        -1 => format!("▼{NBSP}{size}"),
        _ => size,
    }
}

/// Money on axes and chart labels only: `$1.20M`, `$560K`, `$2.10B`; below a thousand in full.
#[must_use]
pub fn compact_money(amount: Money, currency: &str) -> String {
    let minor = amount.0.unsigned_abs();
    let head = format!("{}{}", sign_if_negative(amount.0), symbol(currency));
    // The unit is chosen after rounding, so that $999,999 is $1.00M and not $1000K.
    let thousands = rounded_div(minor, 100_000);
    let hundredths_of = |unit: u64| {
        let hundredths = rounded_div(minor, unit);
        format!("{}.{:02}", grouped(hundredths / 100), hundredths % 100)
    };
    if minor < 100_000 {
        format!("{head}{}", rounded_div(minor, 100))
    } else if thousands < 1_000 {
        format!("{head}{thousands}K")
    } else if rounded_div(minor, 1_000_000) < 100_000 {
        format!("{head}{}M", hundredths_of(1_000_000))
    } else {
        format!("{head}{}B", hundredths_of(1_000_000_000))
    }
}

/// A ratio as percent without decimals: 0.63 is `63 %`.
#[must_use]
pub fn percent(ratio: f64) -> String {
    percent_with(ratio, 0)
}

/// A ratio as percent with decimals, where parts must add up or differences matter: `63.4 %`.
#[must_use]
pub fn percent_with(ratio: f64, decimals: u32) -> String {
    if !ratio.is_finite() {
        return MISSING.to_owned();
    }
    format!("{}{NARROW_NBSP}%", decimal(ratio * 100.0, decimals))
}

/// A whole number with thousands separators: `1,024`, `−7`.
#[must_use]
pub fn number(value: i64) -> String {
    format!("{}{}", sign_if_negative(value), grouped(value.unsigned_abs()))
}

/// A measured quantity: whole when it is whole, else one decimal: `12,400`, `3.5`.
#[must_use]
pub fn quantity(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if !value.is_finite() {
        MISSING.to_owned()
    } else if tenths % 10.0 == 0.0 {
        decimal(value, 0)
    } else {
        decimal(value, 1)
    }
}

/// A measured quantity in a sentence: millions with one decimal, less in full: `9.2 M`, `214`, `99,500`.
#[must_use]
pub fn short_quantity(value: f64) -> String {
    if value.is_finite() && value.abs() >= 1e6 {
        format!("{}{NBSP}M", decimal(value / 1e6, 1))
    } else {
        quantity(value)
    }
}

/// A part of a whole as percent: `96 %`; what only rounds to 100 % keeps a decimal: `99.6 %`.
#[must_use]
pub fn share(part: f64, whole: f64) -> String {
    let ratio = part / whole;
    let decimals = if (ratio * 100.0).round() == 100.0 && part != whole { 1 } else { 0 };
    percent_with(ratio, decimals)
}

/// A metric in words: `API calls`, `storage in GB`, `export` for `feature.export`, `workflow runs`.
#[must_use]
pub fn metric(metric: &str) -> String {
    match metric {
        "api_calls" => "API calls".to_owned(),
        "storage_gb" => "storage in GB".to_owned(),
        other => other.strip_prefix("feature.").unwrap_or(other).replace(['_', '.'], " "),
    }
}

/// A sentence's first letter in upper case.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A number with that many decimals, rounded half away from zero, with thousands separators: `1,234.50`.
#[must_use]
pub fn decimal(value: f64, decimals: u32) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    let decimals = decimals.min(6);
    let scale = 10_i64.pow(decimals);
    // Twelve significant places first: 0.285 × 100 is 28.499999999999996 as a float, and must not become 28.
    let scaled = value * scale as f64;
    let steadied = (scaled * 1e6).round() / 1e6;
    let units = steadied.round() as i64;
    let whole = grouped(units.unsigned_abs() / scale.unsigned_abs());
    let sign = sign_if_negative(units);
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = units.unsigned_abs() % scale.unsigned_abs();
    format!("{sign}{whole}.{fraction:0width$}", width = decimals as usize)
}

/// A signal strength or composite score: `0.78`.
#[must_use]
pub fn score(value: f64) -> String {
    decimal(value, 2)
}

/// A confidence 0–100 as a whole number; never with `%` (DESIGN 8).
#[must_use]
pub fn confidence(value: f64) -> String {
    decimal(value, 0)
}

/// A day in text: `27 Feb` in the year of `reference` (today), else `30 Sep 2026`.
#[must_use]
pub fn day(day: Day, reference: Day) -> String {
    let (year, month, of_month) = day.ymd();
    let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    if year == reference.ymd().0 { format!("{of_month}{NBSP}{name}") } else { format!("{of_month}{NBSP}{name} {year}") }
}

/// A length of time in its two largest fitting units: `47 d`, `3 h 35 min`, `20 s`.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let seconds_left = seconds.unsigned_abs();
    let sign = sign_if_negative(seconds);
    let (days, hours, minutes) = (seconds_left / 86_400, seconds_left / 3_600, seconds_left / 60);
    let body = if days > 0 {
        format!("{}{NBSP}d", grouped(days))
    } else if hours > 0 && minutes % 60 > 0 {
        format!("{hours}{NBSP}h {}{NBSP}min", minutes % 60)
    } else if hours > 0 {
        format!("{hours}{NBSP}h")
    } else if minutes > 0 {
        format!("{minutes}{NBSP}min")
    } else {
        format!("{seconds_left}{NBSP}s")
    };
    format!("{sign}{body}")
}

/// A length of time in days: `47 d`.
#[must_use]
pub fn days(days: i64) -> String {
    format!("{}{NBSP}d", number(days))
}

/// A count with its noun: `1 account`, `28 accounts`.
#[must_use]
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// The letters of an avatar: `Sarah Chen` is `SC`, `Madonna` is `M`.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// The symbol of a currency, or its code with a space.
fn symbol(currency: &str) -> String {
    match currency {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "JPY" => "¥".to_owned(),
        "INR" => "₹".to_owned(),
        "AUD" => "A$".to_owned(),
        "CAD" => "CA$".to_owned(),
        "NZD" => "NZ$".to_owned(),
        code => format!("{code}{NBSP}"),
    }
}

fn sign_if_negative(value: i64) -> String {
    if value < 0 { MINUS.to_string() } else { String::new() }
}

fn rounded_div(value: u64, by: u64) -> u64 {
    value / by + u64::from(value % by * 2 >= by)
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_stands_in_full_digits_with_its_symbol_and_sign() {
        for (minor, currency, text) in [
            (4_500_000, "USD", "$45,000"),
            (-1_250, "USD", "−$12.50"),
            (0, "EUR", "€0"),
            (123_456_789, "GBP", "£1,234,567.89"),
            (4_500_000, "CHF", "CHF\u{a0}45,000"),
            (-4_500_000, "CHF", "−CHF\u{a0}45,000"),
            (i64::MIN, "USD", "−$92,233,720,368,547,758.08"),
        ] {
            assert_eq!(money(Money(minor), currency), text);
        }
        assert_eq!(signed_money(Money::units(95_000), "USD"), "+$95,000");
        assert_eq!(signed_money(Money::units(-12_000), "USD"), "−$12,000");
        assert_eq!(signed_money(Money::ZERO, "USD"), "$0");
        assert_eq!(money_change(Money::units(28_000), "USD"), "▲\u{a0}$28,000");
        assert_eq!(money_change(Money::units(-5), "USD"), "▼\u{a0}$5");
    }

    #[test]
    fn compact_money_picks_its_unit_after_rounding() {
        for (units, text) in [
            (1_200_000, "$1.20M"),
            (560_000, "$560K"),
            (999_499, "$999K"),
            (999_999, "$1.00M"),
            (1_000, "$1K"),
            (950, "$950"),
            (999_999_999, "$1.00B"),
            (-560_000, "−$560K"),
            (2_100_000_000, "$2.10B"),
        ] {
            assert_eq!(compact_money(Money::units(units), "USD"), text);
        }
    }

    #[test]
    fn numbers_and_percents_round_half_away_from_zero() {
        assert_eq!(percent(0.63), "63\u{202f}%");
        assert_eq!(percent(0.285), "29\u{202f}%");
        assert_eq!(percent(-0.12), "−12\u{202f}%");
        assert_eq!(percent_with(0.6342, 1), "63.4\u{202f}%");
        assert_eq!(percent(f64::NAN), MISSING);
        assert_eq!((number(1_234_567), number(-7), number(999)), ("1,234,567".into(), "−7".into(), "999".into()));
        assert_eq!((quantity(12_400.0), quantity(3.54), quantity(0.04)), ("12,400".into(), "3.5".into(), "0".into()));
        assert_eq!((short_quantity(9_240_000.0), short_quantity(99_500.0)), ("9.2\u{a0}M".into(), "99,500".into()));
        assert_eq!((share(48.0, 50.0), share(249.0, 250.0)), ("96\u{202f}%".into(), "99.6\u{202f}%".into()));
        assert_eq!((metric("feature.bulk_export"), metric("api_calls")), ("bulk export".into(), "API calls".into()));
        assert_eq!((capitalized("éclair"), capitalized("")), ("Éclair".into(), String::new()));
        assert_eq!((score(0.7823), score(0.785), score(1.0)), ("0.78".into(), "0.79".into(), "1.00".into()));
        assert_eq!((confidence(85.1), confidence(84.5)), ("85".into(), "85".into()));
        assert_eq!(decimal(-0.001, 2), "0.00", "a rounded zero has no sign");
    }

    #[test]
    fn days_name_the_year_only_when_it_is_another() {
        let today = Day::from_ymd(2026, 2, 2).unwrap();
        assert_eq!(day(Day::from_ymd(2026, 2, 27).unwrap(), today), "27\u{a0}Feb");
        assert_eq!(day(Day::from_ymd(2025, 9, 30).unwrap(), today), "30\u{a0}Sep 2025");
    }

    #[test]
    fn durations_counts_and_initials() {
        let min = |m: i64| m * 60;
        assert_eq!(duration(47 * 86_400 + 5), "47\u{a0}d");
        assert_eq!(duration(min(215)), "3\u{a0}h 35\u{a0}min");
        assert_eq!(duration(min(120)), "2\u{a0}h");
        assert_eq!(
            (duration(90), duration(20), duration(0)),
            ("1\u{a0}min".into(), "20\u{a0}s".into(), "0\u{a0}s".into())
        );
        assert_eq!(days(1_024), "1,024\u{a0}d");
        assert_eq!(
            (count(1, "account", "accounts"), count(1_028, "account", "accounts")),
            ("1 account".into(), "1,028 accounts".into())
        );
        for (name, letters) in
            [("Sarah Chen", "SC"), ("Madonna", "M"), ("Ana de la Cruz", "AC"), ("élodie", "É"), (" ", "")]
        {
            assert_eq!(initials(name), letters);
        }
    }
}
