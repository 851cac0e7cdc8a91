//! Health crossed the expansion threshold (80) upwards in the last 30 days.
//!
//! Only dated scores count: the newest one is at or above the threshold, the one that stood 30 days ago was below it.
//! Alone it makes no opportunity; it supports the account's leading one.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo, measure, settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct HealthThreshold;

/// Scores of the sparkline.
const SPARK_POINTS: usize = 24;
const THRESHOLD: SettingInfo = SettingInfo::ratio("threshold", "Health crosses", 80_000, 1000, 100_000);
const WITHIN: SettingInfo = SettingInfo::whole("within", "Within the last", "days", 30, 7, 180);
const STRENGTH: SettingInfo = SettingInfo::strength(500);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::HealthThreshold,
    sentence: "Fires when health has risen above the expansion threshold lately; it supports other signals only.",
    leads_to: OpportunityType::Upsell,
    settings: &[THRESHOLD, WITHIN, STRENGTH],
};

impl Rule for HealthThreshold {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation> {
        let mut list = ClauseList::new(clauses);
        let today = context.today;
        let threshold = settings.milli(&THRESHOLD);
        let before_on = today - settings.whole(&WITHIN) as i32;
        let needs_now = || format!("≥ {}", milli_text(threshold));
        let needs_before = || format!("< {}", milli_text(threshold));
        let newest = score_on(account, today);
        let before = score_on(account, before_on);
        match newest {
            Some((_, score)) => {
                list.check(measure::milli(score) >= threshold, || ("Health", format::quantity(score), needs_now()));
            }
            None => list.unknown(|| ("Health", "no dated score", needs_now())),
        }
        let label = || format!("Health on {}", format::day(before_on, today));
        match before {
            Some((_, score)) => {
                list.check(measure::milli(score) < threshold, || (label(), format::quantity(score), needs_before()));
            }
            None => list.unknown(|| (label(), "no score that early", needs_before())),
        }
        vec![list.conclude("", || {
            let ((on, now), (_, then)) = (newest?, before?);
            let title = format!("Health rose above {}", milli_text(threshold));
            let text = format!(
                "Health {} → {} since {}",
                format::quantity(then),
                format::quantity(now),
                format::day(before_on, today)
            );
            let end = account.health.partition_point(|(day, _)| *day <= today);
            let known = account.health.get(end.saturating_sub(SPARK_POINTS)..end).unwrap_or_default();
            let evidence = Evidence {
                value: Some(measure::from_milli(measure::milli(now))),
                limit: Some(measure::from_milli(threshold)),
                window: Some((before_on, on)),
                series: known.iter().map(|(_, score)| measure::from_milli(measure::milli(*score))).collect(),
                ..Evidence::new(EvidenceSource::Health, "health_scores", text)
            };
            Some(Firing {
                strength: settings.value(&STRENGTH),
                general: true,
                supports_only: true,
                evidence: vec![evidence],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

/// The newest dated score on or before a day.
fn score_on(account: &AccountSnapshot, day: Day) -> Option<(Day, f64)> {
    let end = account.health.partition_point(|(scored_on, _)| *scored_on <= day);
    end.checked_sub(1).and_then(|last| account.health.get(last)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines};

    fn with(scores: &[(&str, f64)]) -> AccountSnapshot {
        let mut account = acme();
        account.health = scores.iter().map(|(on, score)| (day(on), *score)).collect();
        account
    }

    #[test]
    fn it_crosses_eighty_upwards_within_thirty_days() {
        // 30 days ago is 3 January.
        for (scores, fires) in [
            (&[("2026-01-03", 79.9), ("2026-01-20", 80.0)][..], true),
            (&[("2025-09-01", 60.0), ("2026-01-04", 85.0)], true),
            (&[("2026-01-03", 80.0), ("2026-01-20", 95.0)], false),
            (&[("2025-12-01", 70.0), ("2026-01-02", 85.0)], false),
            (&[("2026-01-03", 70.0), ("2026-01-20", 85.0), ("2026-02-01", 79.0)], false),
            (&[("2026-01-03", 70.0), ("2026-02-03", 85.0)], false),
            (&[("2026-01-20", 85.0)], false),
            (&[], false),
        ] {
            let found = firing(&HealthThreshold, &with(scores));
            assert_eq!(found.map(|f| f.strength), fires.then_some(0.50), "{scores:?}");
        }
    }

    #[test]
    fn it_only_supports_and_shows_both_scores() {
        let found = firing(&HealthThreshold, &with(&[("2026-01-01", 74.0), ("2026-01-20", 86.5)])).unwrap();
        assert!(found.general && found.supports_only);
        assert_eq!(found.title, "Health rose above 80");
        assert_eq!(found.evidence[0].text, "Health 74 → 86.5 since 3\u{a0}Jan");
        assert_eq!(found.evidence[0].series, [74.0, 86.5]);
        assert_eq!(
            lines(&evaluate(&HealthThreshold, &with(&[("2026-01-20", 85.0)]))),
            ["Health: 85 (≥ 80) met", "Health on 3\u{a0}Jan: — no score that early (< 80) unknown"]
        );
    }
}
