//! API calls grow: the last 28 days against the 28 before, +50 %, with at least 1,000 calls in the earlier ones.
//!
//! Both windows end with the newest row, so that rows which lag a day don't look like a decline. The rows have to reach
//! back over both windows: the first weeks of a customer are no growth.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo,
        limits, measure, rules::api_limit::API_CALLS, settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct ApiGrowth;

const WINDOW_DAYS: i32 = 28;
const GROWS_BY: SettingInfo = SettingInfo::ratio("grows_to", "Fires at or above, times the base", 1500, 1010, 10_000);
const MIN_BASE: SettingInfo =
    SettingInfo::whole("min_base", "Minimum calls in the base window", "calls", 1000, 1, 1_000_000_000);
const STRENGTH: SettingInfo = SettingInfo::strength(650);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::ApiGrowth,
    sentence: "Fires when the API calls of the last 28 days reach the threshold times those of the 28 days before.",
    leads_to: OpportunityType::AddOn,
    settings: &[GROWS_BY, MIN_BASE, STRENGTH],
};

impl Rule for ApiGrowth {
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
        let (grows_to, min_base) = (settings.milli(&GROWS_BY), settings.milli(&MIN_BASE));
        let needs = || format!("≥ {} × base", milli_text(grows_to));
        let (series, through) = match measure::newest(account, API_CALLS, today) {
            Ok((series, through, _)) => (series, through),
            Err(missing) => {
                list.unknown(|| ("Last 28 days", missing.reason(API_CALLS, today), needs()));
                return vec![list.silent("")];
            }
        };
        let recent = (through - (WINDOW_DAYS - 1), through);
        let base = (through - (2 * WINDOW_DAYS - 1), through - WINDOW_DAYS);
        let new = measure::sum_milli(series.between(recent.0, recent.1));
        let old = measure::sum_milli(series.between(base.0, base.1));
        let calls = |milli: i64| format::quantity(measure::from_milli(milli));
        list.check(old > 0 && measure::at_least(new, old, grows_to), || {
            ("Last 28 days", format!("{} against {}", calls(new), calls(old)), needs())
        });
        list.check(old >= min_base, || ("Calls in the base window", calls(old), format!("≥ {}", milli_text(min_base))));
        list.check(measure::covers(series, base.0, through), || {
            let first = series.points.first().map(|(first, _)| format!("rows since {}", format::day(*first, today)));
            let needs = format!("rows since {}", format::day(base.0, today));
            ("Base window covered", first.unwrap_or_default(), needs)
        });
        vec![list.conclude("", || {
            let (new, old) = (measure::from_milli(new), measure::from_milli(old));
            let title = format!("API calls up {} on the 28 days before", format::percent((new - old) / old));
            let text = format!("{title} ({} → {})", format::short_quantity(old), format::short_quantity(new));
            let needed = old * settings.value(&GROWS_BY);
            let sparkline = measure::weekly_sums(series, through);
            Some(Firing {
                strength: settings.value(&STRENGTH),
                product: limits::product_for(context.market, account, API_CALLS, today).map(|product| product.id),
                evidence: vec![measure::evidence(
                    EvidenceSource::Usage,
                    API_CALLS,
                    text,
                    new,
                    Some(needed),
                    recent,
                    sparkline,
                )],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines};

    /// 28 days to 4 January, then 28 to 1 February.
    fn with(old: f64, new: f64) -> AccountSnapshot {
        let before = acme().with_daily("api_calls", "2025-12-08", "2026-01-04", old);
        before.with_daily("api_calls", "2026-01-05", "2026-02-01", new)
    }

    #[test]
    fn half_more_on_a_base_that_counts() {
        for (old, new, fires) in [
            (100.0, 149.9, false),
            (100.0, 150.0, true),
            (35.0, 70.0, false),
            (35.8, 53.7, true),
            (0.0, 500.0, false),
            (100.0, 50.0, false),
        ] {
            assert_eq!(firing(&ApiGrowth, &with(old, new)).is_some(), fires, "{old} → {new}");
        }
    }

    #[test]
    fn weekly_rows_count_as_the_days_that_they_cover() {
        let ends = ["2025-12-14", "2025-12-21", "2025-12-28", "2026-01-04", "2026-01-11", "2026-01-18", "2026-01-25"];
        let mut points: Vec<(&str, f64)> =
            ends.iter().enumerate().map(|(n, end)| (*end, if n < 4 { 700.0 } else { 1050.0 })).collect();
        points.push(("2026-02-01", 1050.0));
        let found = firing(&ApiGrowth, &acme().with_points("api_calls", &points)).unwrap();
        assert_eq!(found.strength, 0.65);
        assert_eq!(found.title, "API calls up 50\u{202f}% on the 28 days before");
        assert_eq!(found.evidence[0].text, "API calls up 50\u{202f}% on the 28 days before (2,800 → 4,200)");
        assert_eq!((found.evidence[0].value, found.evidence[0].limit), (Some(4200.0), Some(4200.0)));
        assert_eq!(found.evidence[0].window, Some((day("2026-01-05"), day("2026-02-01"))));
        assert_eq!(found.evidence[0].series.len(), 8);
    }

    #[test]
    fn the_first_weeks_of_a_customer_are_no_growth() {
        let young = acme().with_daily("api_calls", "2025-12-20", "2026-01-04", 100.0).with_daily(
            "api_calls",
            "2026-01-05",
            "2026-02-01",
            200.0,
        );
        assert_eq!(
            lines(&evaluate(&ApiGrowth, &young)),
            [
                "Last 28 days: 5,600 against 1,600 (≥ 1.5 × base) met",
                "Calls in the base window: 1,600 (≥ 1000) met",
                "Base window covered: rows since 20\u{a0}Dec 2025 (rows since 8\u{a0}Dec 2025) not met",
            ]
        );
    }
}
