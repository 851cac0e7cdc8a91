//! Composite score: what several live signals add up to (PRODUCT 2, CONTRACT 6).
//!
//! Everything is in whole ten-thousandths, so that the score can be recomputed to the last digit from the strengths that
//! stand on the screen.

use super::input::Input;
use crate::signal::episode::Episode;

/// A signal's strength halves in this many days (PRODUCT 2).
pub const HALF_LIFE_DAYS: f64 = 45.0;
/// Composite at or above this makes a candidate (PRODUCT 2).
pub const CANDIDATE_AT: f64 = 0.6;
/// Composite at or above this also tells the sales rep (PRODUCT 2).
pub const STRONG_AT: f64 = 0.8;

/// A value with four decimals as an integer, so that comparisons and sums are exact.
#[must_use]
pub fn ten_thousandths(value: f64) -> i64 {
    (value * 10_000.0).round() as i64
}

/// Age of an episode's evidence in whole calendar days. A level that holds now has age 0. Whole days, so that a second
/// scan on the same day finds the same score.
#[must_use]
pub fn age_days(input: &Input<'_>, episode: &Episode) -> i32 {
    (input.day_of(input.context.now) - input.day_of(episode.observed_at)).max(0)
}

/// Strength after decay: strength × 2^(−age ÷ 45 days), four decimals.
#[must_use]
pub fn decayed(strength: f64, age_days: i32) -> f64 {
    let fresh = strength.clamp(0.0, 1.0);
    ten_thousandths(fresh * (-f64::from(age_days.max(0)) / HALF_LIFE_DAYS).exp2()) as f64 / 10_000.0
}

/// Σs² ÷ Σs over decayed strengths, four decimals; 0 without any.
#[must_use]
pub fn composite(decayed_strengths: &[f64]) -> f64 {
    let strengths = decayed_strengths.iter().map(|s| ten_thousandths(*s).max(0));
    let (sum, squares) = strengths.fold((0_i64, 0_i64), |(sum, squares), s| (sum + s, squares + s * s));
    if sum == 0 {
        return 0.0;
    }
    let rounded = (2 * squares + sum) / (2 * sum);
    rounded as f64 / 10_000.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::score;

    #[test]
    fn the_scores_of_the_specification() {
        for (strengths, expected) in [
            (vec![0.85, 0.70], "0.78"),
            (vec![0.78, 0.83, 0.62, 0.70], "0.74"),
            (vec![0.6], "0.60"),
            (vec![], "0.00"),
            (vec![0.0, 0.0], "0.00"),
        ] {
            assert_eq!(score(composite(&strengths)), expected, "{strengths:?}");
        }
    }

    #[test]
    fn strength_decays_by_the_day() {
        for (strength, age, expected) in
            [(0.90, 5, 0.8333), (0.75, 12, 0.6234), (0.90, 45, 0.45), (0.85, 0, 0.85), (0.85, -3, 0.85), (1.4, 0, 1.0)]
        {
            assert_eq!(decayed(strength, age), expected, "{strength} after {age}");
        }
        assert_eq!((score(decayed(0.90, 5)), score(decayed(0.75, 12))), ("0.83".into(), "0.62".into()));
    }

    proptest! {
        #[test]
        fn the_composite_lies_between_the_weakest_and_the_strongest(
            strengths in proptest::collection::vec(1_i64..=10_000, 1..20)
        ) {
            let strengths: Vec<f64> = strengths.into_iter().map(|s| s as f64 / 10_000.0).collect();
            let score = composite(&strengths);
            let low = strengths.iter().copied().fold(1.0, f64::min);
            let high = strengths.iter().copied().fold(0.0, f64::max);
            prop_assert!(low <= score && score <= high, "{low} <= {score} <= {high}");
        }
    }
}
