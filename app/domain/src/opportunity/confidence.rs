//! Confidence: how likely an opportunity is, given what is known (PRD-060, PRODUCT 5).
//!
//! Computed in whole tenths of a point: the confidence that is shown is the sum of the points that are shown.

use super::{
    champion::{self, Path},
    composite::ten_thousandths,
    found::ConfidencePart,
    health, history,
    input::Input,
};
use crate::format;

/// Weights of the four parts in percent, in the order of [`Weight`] (PRD-060).
const WEIGHTS: [(&str, i64); 4] = [("signal_strength", 35), ("health", 25), ("champion", 20), ("history", 20)];
/// What a part without data counts (PRODUCT 5).
const UNKNOWN: f64 = 0.5;

/// Confidence with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Confidence {
    /// 0–100, one decimal.
    pub total: f64,
    /// Signal strength, health, champion, history.
    pub parts: Vec<ConfidencePart>,
}

/// A part before it is weighted.
struct Measured {
    value: f64,
    known: bool,
    evidence: String,
}

/// The label of a part on screens.
#[must_use]
pub fn part_label(key: &str) -> &'static str {
    match key {
        "signal_strength" => "Signal strength",
        "health" => "Health",
        "champion" => "Champion",
        _ => "History",
    }
}

/// Confidence of an opportunity with this composite score made from that many signals.
#[must_use]
pub fn confidence(input: &Input<'_>, composite: f64, signals: usize, path: &Path) -> Confidence {
    let past = history::history(input);
    let measured = [
        Measured {
            value: composite,
            known: true,
            evidence: format!("Composite of {}", format::count(signals as u64, "live signal", "live signals")),
        },
        measure_health(input),
        measure_champion(input, path),
        Measured { value: past.value, known: past.known, evidence: past.evidence },
    ];
    let mut tenths_total = 0;
    let parts = WEIGHTS
        .iter()
        .zip(measured)
        .map(|((key, percent), part)| {
            let value = if part.known { part.value.clamp(0.0, 1.0) } else { UNKNOWN };
            let units = ten_thousandths(value);
            let tenths = (units * percent + 500) / 1_000;
            tenths_total += tenths;
            ConfidencePart {
                key: (*key).to_owned(),
                value: units as f64 / 10_000.0,
                weight: *percent as f64 / 100.0,
                points: tenths as f64 / 10.0,
                known: part.known,
                evidence: part.evidence,
            }
        })
        .collect();
    Confidence { total: tenths_total as f64 / 10.0, parts }
}

/// Evidence completeness: how many parts are known, of how many.
#[must_use]
pub fn completeness(parts: &[ConfidencePart]) -> (usize, usize) {
    (parts.iter().filter(|part| part.known).count(), parts.len())
}

/// "3 of 4 parts".
#[must_use]
pub fn completeness_text(parts: &[ConfidencePart]) -> String {
    let (known, all) = completeness(parts);
    format!("{known} of {all} parts")
}

fn measure_health(input: &Input<'_>) -> Measured {
    match health::trend(input) {
        Some(trend) => {
            Measured { value: trend.latest.clamp(0.0, 100.0) / 100.0, known: true, evidence: trend.sentence(input) }
        }
        None => Measured { value: UNKNOWN, known: false, evidence: "No health score known".to_owned() },
    }
}

fn measure_champion(input: &Input<'_>, path: &Path) -> Measured {
    match path {
        Path::Champion(best) => {
            Measured { value: best.score, known: best.engagement.is_some(), evidence: champion::sentence(best, input) }
        }
        Path::NoneFits => Measured {
            value: 0.0,
            known: true,
            evidence: format!(
                "None of {} can champion it",
                format::count(input.account.stakeholders.len() as u64, "stakeholder", "stakeholders")
            ),
        },
        Path::NobodyKnown => Measured { value: UNKNOWN, known: false, evidence: "No stakeholders known".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::sample::Sample, *};
    use crate::account::StakeholderRole as Role;

    fn acme() -> Sample {
        let mut sample = Sample::new();
        sample.account.health = vec![(sample.today() - 32, 86.0), (sample.today() - 1, 90.0)];
        sample.stakeholder(1, "Sarah Chen", Some(Role::Champion), Some(88.0), Some(5));
        sample.expansion(-100);
        sample.expansion(-300);
        sample
    }

    #[test]
    fn acme_scores_85_1_with_four_of_four_parts() {
        let sample = acme();
        let input = sample.input();
        let found = confidence(&input, 0.7435, 4, &champion::path(&input));
        assert_eq!(found.total, 85.1);
        let shown: Vec<_> = found.parts.iter().map(|p| (p.key.as_str(), p.value, p.weight, p.points)).collect();
        assert_eq!(
            shown,
            [
                ("signal_strength", 0.7435, 0.35, 26.0),
                ("health", 0.90, 0.25, 22.5),
                ("champion", 0.8306, 0.20, 16.6),
                ("history", 1.0, 0.20, 20.0)
            ]
        );
        let evidence: Vec<_> = found.parts.iter().map(|p| p.evidence.as_str()).collect();
        assert_eq!(
            evidence,
            [
                "Composite of 4 live signals",
                "90 on 1\u{a0}Feb, up 4 in 30 days",
                "Sarah Chen, engagement 88, 5 days ago",
                "2 expansions in 24 months"
            ]
        );
        assert_eq!(completeness_text(&found.parts), "4 of 4 parts");
    }

    #[test]
    fn unknown_parts_count_half_and_say_so() {
        let mut sample = Sample::new();
        sample.account.contracts.clear();
        sample.account.customer.created_on = None;
        let input = sample.input();
        let found = confidence(&input, 0.8, 1, &champion::path(&input));
        let known: Vec<_> = found.parts.iter().map(|p| (p.known, p.value)).collect();
        assert_eq!(known, [(true, 0.8), (false, 0.5), (false, 0.5), (false, 0.5)]);
        assert_eq!((found.total, completeness_text(&found.parts)), (60.5, "1 of 4 parts".to_owned()));
    }

    #[test]
    fn stakeholders_of_whom_none_fits_count_nothing() {
        let mut sample = acme();
        sample.account.stakeholders.clear();
        sample.stakeholder(1, "Max", Some(Role::Detractor), Some(99.0), Some(1));
        let input = sample.input();
        let found = confidence(&input, 0.7, 1, &champion::path(&input));
        let part = &found.parts[2];
        assert_eq!(
            (part.value, part.known, part.evidence.as_str()),
            (0.0, true, "None of 1 stakeholder can champion it")
        );
    }

    proptest! {
        #[test]
        fn the_parts_add_up(composite in 0_i64..=10_000, health in 0.0_f64..=100.0, engagement in 0.0_f64..=100.0, ago in 0_i32..400) {
            let mut sample = acme();
            sample.account.health = vec![(sample.today(), health)];
            sample.account.stakeholders.clear();
            sample.stakeholder(1, "Sarah Chen", Some(Role::Influencer), Some(engagement), Some(ago));
            let input = sample.input();
            let found = confidence(&input, composite as f64 / 10_000.0, 2, &champion::path(&input));
            let tenths = |x: f64| (x * 10.0).round() as i64;
            prop_assert_eq!(tenths(found.total), found.parts.iter().map(|p| tenths(p.points)).sum::<i64>());
            prop_assert!((0.0..=100.0).contains(&found.total));
            for part in &found.parts {
                prop_assert!((part.value * part.weight * 100.0 - part.points).abs() <= 0.0501);
            }
        }
    }
}
