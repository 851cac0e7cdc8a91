//! How a file writes its dates (CONTRACT 5): the separator tells the style, a column has one style.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};

use crate::{
    calendar::Calendar,
    time::{At, Day},
};

use super::words::shown;

/// Days before this year are a slip of the pen or a "never" of another system.
const FIRST_YEAR: i32 = 1990;
/// Days after this year are a "for ever" of another system.
const LAST_YEAR: i32 = 2100;

/// A way to write a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// `2025-06-30`
    YearDash,
    /// `2025/06/30`
    YearSlash,
    /// `30-06-2025`
    DayDash,
    /// `30.06.2025`
    DayDot,
    /// `06/30/2025`
    MonthSlash,
    /// `30/06/2025`
    DaySlash,
}

impl fmt::Display for DateStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateStyle::YearDash => "YYYY-MM-DD",
            DateStyle::YearSlash => "YYYY/MM/DD",
            DateStyle::DayDash => "DD-MM-YYYY",
            DateStyle::DayDot => "DD.MM.YYYY",
            DateStyle::MonthSlash => "MM/DD/YYYY",
            DateStyle::DaySlash => "DD/MM/YYYY",
        })
    }
}

/// What one cell shows of its style, before the whole column is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Known(DateStyle),
    Slash,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Known(style) => style.fmt(f),
            Shape::Slash => f.write_str("MM/DD/YYYY or DD/MM/YYYY"),
        }
    }
}

/// The three numbers of a date, and the text after it.
struct Split<'a> {
    shape: Shape,
    numbers: [u32; 3],
    /// The year is written with two digits.
    short_year: bool,
    rest: &'a str,
}

fn number(bytes: &[u8], at: &mut usize) -> Option<(u32, usize)> {
    let start = *at;
    let mut value = 0_u32;
    while let Some(digit) = bytes.get(*at).filter(|b| b.is_ascii_digit()) {
        if *at - start == 4 {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
        *at += 1;
    }
    (*at > start).then_some((value, *at - start))
}

fn split(text: &str) -> Option<Split<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let (first, first_digits) = number(bytes, &mut at)?;
    let separator = *bytes.get(at)?;
    at += 1;
    let (second, second_digits) = number(bytes, &mut at)?;
    if *bytes.get(at)? != separator {
        return None;
    }
    at += 1;
    let (third, third_digits) = number(bytes, &mut at)?;
    if second_digits > 2 {
        return None;
    }
    let shape = match (separator, first_digits, third_digits) {
        (b'-', 4, 1..=2) => Shape::Known(DateStyle::YearDash),
        (b'/', 4, 1..=2) => Shape::Known(DateStyle::YearSlash),
        (b'-', 1..=2, 2 | 4) => Shape::Known(DateStyle::DayDash),
        (b'.', 1..=2, 2 | 4) => Shape::Known(DateStyle::DayDot),
        (b'/', 1..=2, 2 | 4) => Shape::Slash,
        _ => return None,
    };
    let rest = text.get(at..)?;
    Some(Split { shape, numbers: [first, second, third], short_year: first_digits != 4 && third_digits == 2, rest })
}

/// What a column of dates has shown so far.
#[derive(Debug, Clone, Default)]
pub(super) struct DateSurvey {
    first: Option<(Shape, u64)>,
    other: Option<(Shape, u64)>,
    /// First line with a `/` date whose first number is above 12.
    day_first: Option<u64>,
    /// First line with a `/` date whose second number is above 12.
    month_first: Option<u64>,
}

impl DateSurvey {
    /// Takes one cell into account.
    pub(super) fn see(&mut self, text: &str, line: u64) {
        let Some(split) = split(text) else { return };
        match self.first {
            None => self.first = Some((split.shape, line)),
            Some((shape, _)) if shape != split.shape && self.other.is_none() => self.other = Some((split.shape, line)),
            Some(_) => {}
        }
        if split.shape == Shape::Slash {
            if split.numbers[0] > 12 && split.numbers[1] <= 12 {
                self.day_first.get_or_insert(line);
            } else if split.numbers[1] > 12 && split.numbers[0] <= 12 {
                self.month_first.get_or_insert(line);
            }
        }
    }

    /// Whether the column shows that `/` dates of the file begin with the day; `None` without a sign.
    pub(super) fn slash_begins_with_day(&self) -> Option<bool> {
        match (self.day_first, self.month_first) {
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            _ => None,
        }
    }

    /// The style of the column; `None` when no cell looks like a date. `file` is what the file's other columns show of
    /// their `/` dates.
    ///
    /// # Errors
    /// Two styles, with both lines named.
    pub(super) fn finish(&self, file: Option<bool>) -> Result<Option<DateStyle>, String> {
        let mixed = |a: &dyn fmt::Display, a_line: u64, b: &dyn fmt::Display, b_line: u64| {
            format!(
                "the column mixes two ways to write a date: {a} on line {a_line} and {b} on line {b_line}; write all its dates in one way, best as YYYY-MM-DD"
            )
        };
        let Some((shape, line)) = self.first else { return Ok(None) };
        if let Some((other, other_line)) = self.other {
            return Err(mixed(&shape, line, &other, other_line));
        }
        let Shape::Slash = shape else {
            let Shape::Known(style) = shape else { return Ok(None) };
            return Ok(Some(style));
        };
        if let (Some(day), Some(month)) = (self.day_first, self.month_first) {
            return Err(mixed(&DateStyle::DaySlash, day, &DateStyle::MonthSlash, month));
        }
        let day_first = self.slash_begins_with_day().or(file).unwrap_or(false);
        Ok(Some(if day_first { DateStyle::DaySlash } else { DateStyle::MonthSlash }))
    }
}

/// A date, a wall-clock time when there is one, and an offset from UTC in seconds when there is one.
struct Written {
    date: NaiveDate,
    time: Option<NaiveTime>,
    offset_seconds: Option<i32>,
}

fn read(text: &str, style: Option<DateStyle>) -> Result<Written, String> {
    let wanted = || match style {
        Some(style) => format!("write it as {style}, like the rest of the column"),
        None => "write it as YYYY-MM-DD".to_owned(),
    };
    let no_date = || format!("{} is not a date; {}", shown(text), wanted());
    let split = split(text).ok_or_else(no_date)?;
    let style = match (split.shape, style) {
        (Shape::Slash, Some(style @ (DateStyle::MonthSlash | DateStyle::DaySlash))) => style,
        (Shape::Slash, None) => DateStyle::MonthSlash,
        (Shape::Known(shape), None) => shape,
        (Shape::Known(shape), Some(style)) if shape == style => style,
        _ => return Err(no_date()),
    };
    let [a, b, c] = split.numbers;
    let (year, month, day) = match style {
        DateStyle::YearDash | DateStyle::YearSlash => (a, b, c),
        DateStyle::DayDash | DateStyle::DayDot | DateStyle::DaySlash => (c, b, a),
        DateStyle::MonthSlash => (c, a, b),
    };
    let year = year as i32 + if split.short_year { 2000 } else { 0 };
    let date = NaiveDate::from_ymd_opt(year, month, day)
        .ok_or_else(|| format!("{}, read as {style}, is no day of the calendar", shown(text)))?;
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(format!(
            "{} is out of range; a date lies between {FIRST_YEAR}-01-01 and {LAST_YEAR}-12-31, and an unknown one is left empty",
            shown(text)
        ));
    }
    let (time, offset_seconds) = read_time(split.rest)
        .ok_or_else(|| format!("{} has no readable time of day; write it like 2025-06-30T14:05:00Z", shown(text)))?;
    Ok(Written { date, time, offset_seconds })
}

/// `""`, `T09:00`, ` 3:00`, ` 08:55 PM`, `T09:00:00.250+02:00`, `T09:00:00Z`; `None` when it is nothing of that kind.
fn read_time(rest: &str) -> Option<(Option<NaiveTime>, Option<i32>)> {
    let Some(text) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty().then_some((None, None));
    };
    let text = text.trim();
    if text.is_empty() {
        return Some((None, None));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    let (mut hour, digits) = number(bytes, &mut at)?;
    if digits > 2 || bytes.get(at) != Some(&b':') {
        return None;
    }
    at += 1;
    let (minute, digits) = number(bytes, &mut at)?;
    if digits != 2 {
        return None;
    }
    let (mut second, mut milli) = (0, 0);
    if bytes.get(at) == Some(&b':') {
        at += 1;
        let (read, digits) = number(bytes, &mut at)?;
        if digits != 2 {
            return None;
        }
        second = read;
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            at += 1;
            let mut place = 100;
            let start = at;
            while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
                milli += u32::from(digit - b'0') * place;
                place /= 10;
                at += 1;
            }
            if at == start {
                return None;
            }
        }
    }
    let mut tail = text.get(at..)?.trim();
    let (half, after) = match tail.get(..2).map(str::to_ascii_uppercase).as_deref() {
        Some("AM") => (Some(0), tail.get(2..)?.trim()),
        Some("PM") => (Some(12), tail.get(2..)?.trim()),
        _ => (None, tail),
    };
    tail = after;
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    let offset = match tail {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => Some(0),
        _ => Some(read_offset(tail)?),
    };
    // A leap second is the last one of its minute.
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second.min(59), milli)?;
    (second <= 60).then_some((Some(time), offset))
}

/// `+02:00`, `-0530`, `+02` in seconds.
fn read_offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !(digits.len() == 2 || digits.len() == 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

impl Written {
    /// The instant; a wall-clock time without an offset is the organisation's, a day alone is its first instant.
    fn instant(&self, calendar: &Calendar) -> At {
        let time = self.time.unwrap_or(NaiveTime::MIN);
        match self.offset_seconds {
            Some(offset) => At(self.date.and_time(time).and_utc().timestamp_millis() - i64::from(offset) * 1000),
            None => calendar.instant(Day::from_date(self.date), time),
        }
    }
}

/// A calendar day. A wall-clock time after it is ignored; with an offset it is the organisation's day of that instant.
pub(super) fn read_day(text: &str, style: Option<DateStyle>, calendar: &Calendar) -> Result<Day, String> {
    let written = read(text, style)?;
    Ok(match (written.time, written.offset_seconds) {
        (Some(_), Some(_)) => calendar.day_of(written.instant(calendar)),
        _ => Day::from_date(written.date),
    })
}

/// An instant.
pub(super) fn read_instant(text: &str, style: Option<DateStyle>, calendar: &Calendar) -> Result<At, String> {
    Ok(read(text, style)?.instant(calendar))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style_of(cells: &[&str]) -> Result<Option<DateStyle>, String> {
        let mut survey = DateSurvey::default();
        for (at, cell) in cells.iter().enumerate() {
            survey.see(cell, at as u64 + 2);
        }
        survey.finish(None)
    }

    #[test]
    fn the_separator_tells_the_style() {
        for (cells, style) in [
            (&["2025-06-30", "2025-06-30T10:00:00Z"][..], DateStyle::YearDash),
            (&["2023-07-28 3:00", "2023-07-27"], DateStyle::YearDash),
            (&["2025/06/30"], DateStyle::YearSlash),
            (&["30-06-2025"], DateStyle::DayDash),
            (&["01-06-2025"], DateStyle::DayDash),
            (&["30.06.2025", "1.7.2025"], DateStyle::DayDot),
            (&["06/07/2025", "06/30/2025"], DateStyle::MonthSlash),
            (&["06/07/2025"], DateStyle::MonthSlash),
            (&["06/07/2025", "13/07/2025"], DateStyle::DaySlash),
            (&["02/23/26 08:55 PM"], DateStyle::MonthSlash),
        ] {
            assert_eq!(style_of(cells), Ok(Some(style)), "{cells:?}");
        }
        assert_eq!(style_of(&["soon", ""]), Ok(None));
    }

    #[test]
    fn two_styles_name_both_lines() {
        let message = style_of(&["2025-06-30", "2025-07-01", "01.07.2025"]).unwrap_err();
        assert!(message.contains("line 2") && message.contains("line 4"), "{message}");
        let message = style_of(&["01/02/2025", "30/06/2025", "06/30/2025"]).unwrap_err();
        assert!(message.contains("line 3") && message.contains("line 4"), "{message}");
    }

    #[test]
    fn another_column_of_the_file_decides_an_ambiguous_one() {
        let mut survey = DateSurvey::default();
        survey.see("02/03/24", 2);
        assert_eq!(survey.finish(Some(true)), Ok(Some(DateStyle::DaySlash)));
        assert_eq!(survey.finish(Some(false)), Ok(Some(DateStyle::MonthSlash)));
    }

    #[test]
    fn days_and_instants_are_read() {
        let utc = Calendar::default();
        let berlin = Calendar { zone: chrono_tz::Tz::Europe__Berlin, fiscal_year_start: 1 };
        let day = |text: &str, style| read_day(text, style, &utc).map(|d| d.to_string());
        assert_eq!(day("2025-06-30", None).as_deref(), Ok("2025-06-30"));
        assert_eq!(day("30.6.2025", Some(DateStyle::DayDot)).as_deref(), Ok("2025-06-30"));
        assert_eq!(day("02/03/24", Some(DateStyle::DaySlash)).as_deref(), Ok("2024-03-02"));
        assert_eq!(day("02/23/26 08:55 PM", Some(DateStyle::MonthSlash)).as_deref(), Ok("2026-02-23"));
        let late = read_day("2025-06-30T23:30:00Z", None, &berlin).map(|d| d.to_string());
        assert_eq!(late.as_deref(), Ok("2025-07-01"), "an instant has the organisation's day");
        let at = |text: &str, calendar| read_instant(text, None, calendar).map(|at| at.to_string());
        assert_eq!(at("2024-07-09 3:00", &utc).as_deref(), Ok("2024-07-09T03:00:00Z"));
        assert_eq!(at("2024-07-09 3:00", &berlin).as_deref(), Ok("2024-07-09T01:00:00Z"));
        assert_eq!(at("02/23/26 12:05 AM", &utc).as_deref(), Ok("2026-02-23T00:05:00Z"));
        assert_eq!(at("2024-07-09T03:00:00.25+02:00", &utc).as_deref(), Ok("2024-07-09T01:00:00.250Z"));
        assert_eq!(at("2024-07-09", &berlin).as_deref(), Ok("2024-07-08T22:00:00Z"));
    }

    #[test]
    fn wrong_dates_say_what_would_be_right() {
        let utc = Calendar::default();
        for (text, style, part) in [
            ("2025-02-30", None, "no day of the calendar"),
            ("1899-12-31", None, "out of range"),
            ("9999-12-31", None, "out of range"),
            ("30.06.2025", Some(DateStyle::YearDash), "YYYY-MM-DD"),
            ("soon", None, "YYYY-MM-DD"),
            ("=TODAY()", None, "is not a date"),
            ("06/30/2025", Some(DateStyle::DaySlash), "no day of the calendar"),
            ("2025-06-30T25:00", None, "time of day"),
            ("2025-06-30 13:00 PM", None, "time of day"),
            ("20250630", None, "is not a date"),
            ("99999-01-01", None, "is not a date"),
        ] {
            let message = read_day(text, style, &utc).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
