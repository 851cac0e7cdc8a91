//! One cell becomes one value, or a sentence that says what would be right.

use crate::{calendar::Calendar, money::Money};

use super::{
    columns::Kind,
    dates::{self, DateStyle},
    words::{read_stage, read_type, shown, squash},
};

/// Longest external id, e-mail address or metric name; indexes hold them.
const KEY_MAX: usize = 254;
/// Longest short text; a name or a title, not a document.
const TEXT_MAX: usize = 2_000;
/// Longest list of aliases.
const LIST_MAX: usize = 4_000;

/// A cell as it is stored: days, instants and money are integers, words are their key, references are still the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Empty.
    Null,
    /// Text, or the text of a reference.
    Text(String),
    /// Whole number, minor units, days or milliseconds.
    Int(i64),
    /// Number.
    Real(f64),
    /// Truth.
    Bool(bool),
}

impl Value {
    /// The text, when it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, when it is one.
    #[must_use]
    pub const fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, when it is one.
    #[must_use]
    pub const fn real(&self) -> Option<f64> {
        match self {
            Value::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// Nothing.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

/// What the survey of the file found out about a column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// How its dates are written.
    pub style: Option<DateStyle>,
    /// Its ratios are in percent.
    pub percent: bool,
    /// Factor from the mapping (`scale = 12` makes a month's amount a year's).
    pub scale: Option<f64>,
    /// Days from the mapping (`shift_days = 6` dates a week by its last day).
    pub shift_days: i32,
}

/// Reads a trimmed cell that is not empty.
pub(super) fn read(kind: Kind, text: &str, reading: &Reading, calendar: &Calendar) -> Result<Value, String> {
    if text.contains('\0') {
        return Err("the cell holds a NUL character; is the file really text?".into());
    }
    let scaled = |number: f64| number * reading.scale.unwrap_or(1.0);
    match kind {
        Kind::Key | Kind::Metric | Kind::Reference(_) => bounded(text, KEY_MAX).map(Value::Text),
        Kind::Text => bounded(text, TEXT_MAX).map(Value::Text),
        Kind::LongText => Ok(Value::Text(text.to_owned())),
        Kind::Email => read_email(text).map(Value::Text),
        Kind::Money | Kind::SignedMoney => {
            let mut money = read_money(text)?;
            if let Some(scale) = reading.scale {
                let minor = money.0 as f64 * scale;
                if minor.abs() > 9e15 {
                    return Err(format!("{} times {scale} is too large for an amount", shown(text)));
                }
                money = money.times(scale);
            }
            if money.0 < 0 && kind == Kind::Money {
                return Err(format!("{} is negative; write an amount of zero or more", shown(text)));
            }
            Ok(Value::Int(money.0))
        }
        Kind::Currency => {
            if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
                Ok(Value::Text(text.to_ascii_uppercase()))
            } else {
                Err(format!("{} is not a currency code; write three letters, like USD", shown(text)))
            }
        }
        Kind::Integer(min, max) => {
            let number = scaled(read_number(text)?);
            if number.fract() != 0.0 {
                return Err(format!("{} is not a whole number", shown(text)));
            }
            if number < min as f64 || number > max as f64 {
                return Err(out_of_bounds(text, number, min as f64, max as f64));
            }
            Ok(Value::Int(number as i64))
        }
        Kind::Number(min, max) => {
            let number = scaled(read_number(text)?);
            if number < min || number > max {
                return Err(out_of_bounds(text, number, min, max));
            }
            // `-0` is zero.
            Ok(Value::Real(number + 0.0))
        }
        Kind::Ratio => {
            let number = read_number(text.strip_suffix('%').unwrap_or(text).trim_end())?;
            let (number, max) = if reading.percent { (number / 100.0, 100) } else { (number, 1) };
            if !(0.0..=1.0).contains(&number) {
                return Err(format!("{} is not a probability; this file writes them from 0 to {max}", shown(text)));
            }
            Ok(Value::Real(number + 0.0))
        }
        Kind::Bool => match squash(text).as_str() {
            "true" | "1" | "yes" | "t" | "y" => Ok(Value::Bool(true)),
            "false" | "0" | "no" | "f" | "n" => Ok(Value::Bool(false)),
            _ => Err(format!("{} is not true or false; write true, false, 1, 0, yes or no", shown(text))),
        },
        Kind::Day => dates::read_day(text, reading.style, calendar)
            .map(|day| Value::Int(i64::from((day + reading.shift_days).0))),
        Kind::Instant => dates::read_instant(text, reading.style, calendar)
            .map(|at| Value::Int(at.plus_days(i64::from(reading.shift_days)).0)),
        Kind::Word(words) => {
            let wanted = squash(text);
            words
                .iter()
                .find(|(key, others)| squash(key) == wanted || others.contains(&wanted.as_str()))
                .map(|(key, _)| Value::Text((*key).to_owned()))
                .ok_or_else(|| {
                    let known: Vec<&str> = words.iter().map(|(key, _)| *key).collect();
                    format!("{} is none of {}", shown(text), known.join(", "))
                })
        }
        Kind::Stage => read_stage(text).map(|stage| Value::Text(stage.key().to_owned())),
        Kind::OpportunityType => read_type(text).map(|kind| Value::Text(kind.key().to_owned())),
        Kind::List => {
            let items: Vec<&str> = text.split(';').map(str::trim).filter(|item| !item.is_empty()).collect();
            let joined = items.join(";");
            bounded(&joined, LIST_MAX).map(Value::Text)
        }
        Kind::Period => read_period(text).map(Value::Text),
        Kind::Zone => text
            .parse::<chrono_tz::Tz>()
            .map(|zone| Value::Text(zone.name().to_owned()))
            .map_err(|_| format!("{} is not a time zone; write it like Europe/Berlin", shown(text))),
    }
}

fn bounded(text: &str, max: usize) -> Result<String, String> {
    if text.len() <= max {
        return Ok(text.to_owned());
    }
    let length = text.chars().count();
    if length <= max { Ok(text.to_owned()) } else { Err(format!("has {length} characters; at most {max} fit")) }
}

fn out_of_bounds(text: &str, number: f64, min: f64, max: f64) -> String {
    if min == 0.0 && number < 0.0 {
        format!("{} is negative; write zero or more", shown(text))
    } else if max < 1e6 {
        format!("{} is out of range; write a number from {min} to {max}", shown(text))
    } else {
        format!("{} is out of range; at most {max} fits", shown(text))
    }
}

/// Whether a text has the shape of an e-mail address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && text.len() <= KEY_MAX
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"'))
}

fn read_email(text: &str) -> Result<String, String> {
    if is_email(text) {
        Ok(text.to_lowercase())
    } else {
        Err(format!("{} is not an e-mail address; write it like ana@example.com", shown(text)))
    }
}

/// A formula is data where text is wanted, and nothing where a number is.
fn formula(text: &str) -> bool {
    text.starts_with(['=', '@'])
        || (text.starts_with(['+', '-']) && !text[1..].starts_with(|c: char| "0123456789.$€£".contains(c)))
}

/// `1,234,567.89` without its commas; `None` when commas stand anywhere else than between thousands.
fn without_thousands(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches(['-', '+', '$', '€', '£', ' ']);
    let good = !first.is_empty()
        && first.len() <= 3
        && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
        && !fraction.contains(',');
    good.then(|| text.replace(',', ""))
}

fn comma_message(text: &str) -> String {
    format!("{} has a comma that separates no thousands; write decimals with a point, like 1234.50", shown(text))
}

fn read_money(text: &str) -> Result<Money, String> {
    if formula(text) {
        return Err(format!("{} is a formula, not an amount; write its value, like 45000.00", shown(text)));
    }
    let plain = without_thousands(text).ok_or_else(|| comma_message(text))?;
    plain.parse::<Money>().map_err(|error| match error {
        crate::money::MoneyError::NotANumber(_) => {
            format!("{} is not an amount; write digits with an optional decimal point, like 45000.00", shown(text))
        }
        crate::money::MoneyError::TooLarge(_) => format!("{} is too large for an amount", shown(text)),
    })
}

fn read_number(text: &str) -> Result<f64, String> {
    if formula(text) {
        return Err(format!("{} is a formula, not a number; write its value", shown(text)));
    }
    let plain = without_thousands(text).ok_or_else(|| comma_message(text))?;
    // `parse` would also read "inf", "infinity" and "NaN".
    let digits = plain.trim_start_matches(['-', '+']);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(format!("{} is not a number", shown(text)));
    }
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!("{} is too large for a number", shown(text))),
        Err(_) => Err(format!("{} is not a number", shown(text))),
    }
}

/// `2026-Q1`, `2026q1`, `2026-01`.
fn read_period(text: &str) -> Result<String, String> {
    let wrong = || format!("{} is not a period; write it like 2026-Q1 or 2026-01", shown(text));
    let (year, part) = match text.split_once('-') {
        Some(parts) => parts,
        None => (text.get(..4).ok_or_else(wrong)?, text.get(4..).ok_or_else(wrong)?),
    };
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) || !("1990"..="2100").contains(&year) {
        return Err(wrong());
    }
    if let Some(quarter) = part.strip_prefix(['Q', 'q']) {
        return matches!(quarter, "1" | "2" | "3" | "4").then(|| format!("{year}-Q{quarter}")).ok_or_else(wrong);
    }
    match part.parse::<u32>() {
        Ok(month) if (1..=12).contains(&month) && part.len() <= 2 && text.contains('-') => {
            Ok(format!("{year}-{month:02}"))
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::import::Dataset;

    fn plain(kind: Kind, text: &str) -> Result<Value, String> {
        read(kind, text, &Reading::default(), &Calendar::default())
    }

    fn column(dataset: Dataset, name: &str) -> Kind {
        dataset.columns()[dataset.position(name).unwrap()].kind
    }

    #[test]
    fn good_cells_are_read() {
        let word = column(Dataset::Tickets, "priority");
        for (kind, text, value) in [
            (Kind::Money, "45,000.50", Value::Int(4_500_050)),
            (Kind::Money, "$1,234", Value::Int(123_400)),
            (Kind::SignedMoney, "-12.5", Value::Int(-1250)),
            (Kind::Integer(0, 100), "12.0", Value::Int(12)),
            (Kind::Number(0.0, 1e9), "1,234.5", Value::Real(1234.5)),
            (Kind::Number(0.0, 1e9), "1e3", Value::Real(1000.0)),
            (Kind::Ratio, "0.4", Value::Real(0.4)),
            (Kind::Bool, "YES", Value::Bool(true)),
            (Kind::Bool, "False", Value::Bool(false)),
            (Kind::Currency, "eur", Value::Text("EUR".into())),
            (Kind::Email, "Ana@Example.com", Value::Text("ana@example.com".into())),
            (word, "Urgent", Value::Text("critical".into())),
            (Kind::Text, "=SUM(A1)", Value::Text("=SUM(A1)".into())),
            (Kind::Key, "@handle", Value::Text("@handle".into())),
            (Kind::List, " API ; ; Api Pack ", Value::Text("API;Api Pack".into())),
            (Kind::Period, "2026-q1", Value::Text("2026-Q1".into())),
            (Kind::Period, "2026-1", Value::Text("2026-01".into())),
            (Kind::Zone, "Europe/Berlin", Value::Text("Europe/Berlin".into())),
        ] {
            assert_eq!(plain(kind, text), Ok(value), "{text}");
        }
        let percent = Reading { percent: true, ..Reading::default() };
        assert_eq!(read(Kind::Ratio, "40", &percent, &Calendar::default()), Ok(Value::Real(0.4)));
        assert_eq!(read(Kind::Ratio, "40%", &percent, &Calendar::default()), Ok(Value::Real(0.4)));
        let monthly = Reading { scale: Some(12.0), ..Reading::default() };
        assert_eq!(read(Kind::Money, "6184.21", &monthly, &Calendar::default()), Ok(Value::Int(7_421_052)));
        let week = Reading { shift_days: 6, ..Reading::default() };
        let sunday = read(Kind::Day, "2025-06-02", &week, &Calendar::default());
        assert_eq!(sunday, Ok(Value::Int(i64::from("2025-06-08".parse::<crate::time::Day>().unwrap().0))));
    }

    #[test]
    fn wrong_cells_say_what_would_be_right() {
        let seats = column(Dataset::Contracts, "licensed_seats");
        for (kind, text, part) in [
            (Kind::Money, "=1+1", "formula"),
            (Kind::Money, "45000,50", "comma"),
            (Kind::Money, "NaN", "not an amount"),
            (Kind::Money, "-5", "negative"),
            (Kind::Money, "99999999999999999999", "too large"),
            (seats, "-3", "negative"),
            (seats, "3.5", "whole number"),
            (seats, "1e30", "out of range"),
            (Kind::Number(0.0, 100.0), "NaN", "not a number"),
            (Kind::Number(0.0, 100.0), "inf", "not a number"),
            (Kind::Number(0.0, 100.0), "-Infinity", "formula"),
            (Kind::Number(0.0, 100.0), "1e400", "too large"),
            (Kind::Number(0.0, 100.0), "101", "from 0 to 100"),
            (Kind::Number(0.0, 100.0), "@x", "formula"),
            (Kind::Ratio, "1.2", "probability"),
            (Kind::Bool, "maybe", "true or false"),
            (Kind::Currency, "Euro", "three letters"),
            (Kind::Email, "ana", "e-mail"),
            (Kind::Email, "a@b@c", "e-mail"),
            (Kind::Stage, "Someday", "closed_won"),
            (Kind::Period, "2026-13", "2026-Q1"),
            (Kind::Period, "2026-Q5", "2026-Q1"),
            (Kind::Zone, "Mars", "Europe/Berlin"),
            (Kind::Text, "a\0b", "NUL"),
        ] {
            let message = plain(kind, text).unwrap_err();
            assert!(message.contains(part), "{text:?}: {message}");
        }
        assert!(plain(Kind::Key, &"x".repeat(300)).unwrap_err().contains("254"));
    }

    proptest! {
        #[test]
        fn no_text_makes_any_kind_panic_and_numbers_are_finite(text in ".{1,40}", scale in proptest::option::of(-1e12f64..1e12)) {
            for dataset in Dataset::ALL {
                for column in dataset.columns() {
                    let reading = Reading { scale, shift_days: 3, ..Reading::default() };
                    let trimmed = text.trim();
                    if let Ok(Value::Real(number)) = read(column.kind, trimmed, &reading, &Calendar::default()) {
                        prop_assert!(number.is_finite());
                    }
                }
            }
        }

        #[test]
        fn any_date_like_text_is_read_or_refused(text in "[0-9]{1,5}[-./:][0-9]{1,3}[-./][0-9]{0,5}[ T]?[0-9:.+ZAPM -]{0,14}") {
            let _ = plain(Kind::Day, &text);
            let _ = plain(Kind::Instant, &text);
        }
    }
}
