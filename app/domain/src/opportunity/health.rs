//! Health of an account as a level and a trend: read by confidence, guards and blockers.

use super::{composite::ten_thousandths, input::Input};
use crate::{format, time::Day};

/// Health that fell by this much in [`TREND_DAYS`] is falling (PRODUCT 5).
pub const FALL_POINTS: f64 = 10.0;
/// The window of the trend.
pub const TREND_DAYS: i32 = 30;

/// The newest health with what it was a month before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthTrend {
    /// Newest score, 0–100.
    pub latest: f64,
    /// Its day; a score on the customer row has none.
    pub on: Option<Day>,
    /// The score 30 days before; when there is none that old, the first one inside the window.
    pub before: Option<(Day, f64)>,
}

impl HealthTrend {
    /// Latest minus before.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        self.before.map(|(_, before)| (ten_thousandths(self.latest) - ten_thousandths(before)) as f64 / 10_000.0)
    }

    /// Fell by ten points or more.
    #[must_use]
    pub fn is_falling(&self) -> bool {
        self.change().is_some_and(|change| change <= -FALL_POINTS)
    }

    /// "90 on 1 Feb, up 4 in 30 days".
    #[must_use]
    pub fn sentence(&self, input: &Input<'_>) -> String {
        let level = format::quantity(self.latest);
        let Some(on) = self.on else { return format!("{level}, as the account's row says") };
        let trend = match (self.before, self.change()) {
            (Some((since, _)), Some(change)) => {
                let days = self.days_since(since);
                if change > 0.0 {
                    format!(", up {} in {days} days", format::quantity(change))
                } else if change < 0.0 {
                    format!(", down {} in {days} days", format::quantity(-change))
                } else {
                    format!(", steady for {days} days")
                }
            }
            _ => String::new(),
        };
        format!("{level} on {}{trend}", input.day(on))
    }

    /// "74 → 62 in 30 days (−12)".
    #[must_use]
    pub fn fall_sentence(&self) -> String {
        let latest = format::quantity(self.latest);
        match (self.before, self.change()) {
            (Some((since, before)), Some(change)) => format!(
                "{} → {latest} in {} days ({})",
                format::quantity(before),
                self.days_since(since),
                format::quantity(change)
            ),
            _ => latest,
        }
    }

    /// Days that the trend spans: 30, or fewer when the first score is younger.
    fn days_since(&self, since: Day) -> i32 {
        self.on.map_or(TREND_DAYS, |on| (on - since).clamp(1, TREND_DAYS))
    }
}

/// The account's health today with its trend; none when no score is known. Only dated scores make a trend.
#[must_use]
pub fn trend(input: &Input<'_>) -> Option<HealthTrend> {
    let today = input.today();
    let known = input.account.health.partition_point(|(on, _)| *on <= today);
    let dated = input.account.health.get(..known).unwrap_or(&[]);
    let Some((on, latest)) = dated.last().copied() else {
        return input.account.customer.health_score.map(|latest| HealthTrend { latest, on: None, before: None });
    };
    let old = dated.partition_point(|(day, _)| *day <= on - TREND_DAYS);
    let before = old.checked_sub(1).and_then(|i| dated.get(i)).or_else(|| dated.first()).copied();
    Some(HealthTrend { latest, on: Some(on), before: before.filter(|(day, _)| *day < on) })
}

#[cfg(test)]
mod tests {
    use super::{super::sample::Sample, *};

    #[test]
    fn the_trend_compares_with_the_score_a_month_before() {
        for (what, scores, falling, sentence) in [
            ("a month apart", vec![(-32, 74.0), (-1, 62.0)], true, "62 on 1\u{a0}Feb, down 12 in 30 days"),
            ("exactly ten", vec![(-31, 72.3), (-1, 62.3)], true, "62.3 on 1\u{a0}Feb, down 10 in 30 days"),
            ("nearly ten", vec![(-31, 72.2), (-1, 62.3)], false, "62.3 on 1\u{a0}Feb, down 9.9 in 30 days"),
            ("rising", vec![(-31, 86.0), (-1, 90.0)], false, "90 on 1\u{a0}Feb, up 4 in 30 days"),
            ("young", vec![(-21, 80.0), (-1, 60.0)], true, "60 on 1\u{a0}Feb, down 20 in 20 days"),
            ("one score", vec![(-1, 60.0)], false, "60 on 1\u{a0}Feb"),
            (
                "tomorrow's score is not known",
                vec![(-31, 80.0), (-1, 80.0), (1, 10.0)],
                false,
                "80 on 1\u{a0}Feb, steady for 30 days",
            ),
        ] {
            let mut sample = Sample::new();
            sample.account.health = scores.into_iter().map(|(day, score)| (sample.today() + day, score)).collect();
            let input = sample.input();
            let found = trend(&input).expect(what);
            assert_eq!((found.is_falling(), found.sentence(&input)), (falling, sentence.to_owned()), "{what}");
        }
    }

    #[test]
    fn the_customer_row_is_a_level_without_a_trend() {
        let mut sample = Sample::new();
        sample.account.customer.health_score = Some(71.0);
        let found = trend(&sample.input()).unwrap();
        assert_eq!((found.latest, found.before, found.is_falling()), (71.0, None, false));
        sample.account.customer.health_score = None;
        assert_eq!(trend(&sample.input()), None);
    }
}
