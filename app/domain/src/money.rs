//! Money: integers in minor units, never a float.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, Sub},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount in minor units (cents) of the organisation's currency, or of the currency that stands beside it.
/// On the wire a decimal string (CONTRACT 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number.
    #[error("{0:?} is not an amount; write digits with an optional decimal point, like 45000.00")]
    NotANumber(String),
    /// More than fits into 64 bits of minor units.
    #[error("{0:?} is too large for an amount")]
    TooLarge(String),
}

impl Money {
    /// Zero.
    pub const ZERO: Money = Money(0);

    /// Whole units of the currency.
    #[must_use]
    pub const fn units(units: i64) -> Money {
        Money(units * 100)
    }

    /// The amount as a float of whole units, for charts and ratios only.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// `self × ratio`, rounded half away from zero to the minor unit (CONTRACT 5).
    #[must_use]
    pub fn times(self, ratio: f64) -> Money {
        Money((self.0 as f64 * ratio).round() as i64)
    }

    /// `self × count`, or `None` beyond 64 bits.
    #[must_use]
    pub fn checked_times(self, count: i64) -> Option<Money> {
        self.0.checked_mul(count).map(Money)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads `45000`, `45,000.50`, `$45000`, `-12.5`; more than two decimals are rounded half away from zero.
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let shown = || text.chars().take(80).collect::<String>();
        let cleaned: String = text.trim().trim_start_matches(['$', '€', '£']).replace([',', '_', ' '], "");
        let (negative, digits) = match cleaned.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start_matches(['$', '€', '£'])),
            None => (false, cleaned.strip_prefix('+').unwrap_or(&cleaned)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(MoneyError::NotANumber(shown()));
        }
        let too_large = || MoneyError::TooLarge(shown());
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| too_large())? };
        let mut cents = 0_i64;
        for place in 0..2 {
            let digit = fraction.as_bytes().get(place).map_or(0, |b| i64::from(b - b'0'));
            cents = cents * 10 + digit;
        }
        if fraction.as_bytes().get(2).is_some_and(|b| *b >= b'5') {
            cents += 1;
        }
        let minor = whole.checked_mul(100).and_then(|m| m.checked_add(cents)).ok_or_else(too_large)?;
        Ok(Money(if negative { -minor } else { minor }))
    }
}

impl fmt::Display for Money {
    /// The decimal of the wire: `45000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(items: I) -> Money {
        items.fold(Money::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_exactly() {
        for (text, minor) in
            [("45000", 4_500_000), ("45,000.50", 4_500_050), ("-12.5", -1250), ("0.005", 1), ("$7", 700), (".5", 50)]
        {
            assert_eq!(text.parse::<Money>().map(|m| m.0), Ok(minor), "{text}");
        }
        for wrong in ["", "NaN", "1e5", "=1+1", "1.2.3", "ten", "99999999999999999999", "--1"] {
            assert!(wrong.parse::<Money>().is_err(), "{wrong}");
        }
        assert_eq!(Money(-1250).to_string(), "-12.50");
        assert_eq!(Money(10).times(0.25), Money(3), "half away from zero");
    }
}
