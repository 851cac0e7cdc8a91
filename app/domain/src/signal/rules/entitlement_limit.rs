//! Any other entitlement above 80 % of its limit. Seats, API calls and features have rules of their own.
//!
//! One subject per metric. A level is reached by its trend, a count by the projection of its period.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Reach, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo,
        limits::{self, Counted, Limit},
        measure,
        rules::api_limit::API_CALLS,
        settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct EntitlementLimit;

const FIRES_ABOVE: SettingInfo = SettingInfo::ratio("fires_above", "Fires above", 800, 100, 1000);
const MIN_LIMIT: SettingInfo = SettingInfo::whole("min_limit", "Minimum limit", "units", 5, 1, 1_000_000);
const STRENGTH: SettingInfo = SettingInfo::strength(750);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::EntitlementLimit,
    sentence: "Fires when use of an entitlement, other than seats, API calls and features, is above the threshold of \
               its limit.",
    leads_to: OpportunityType::AddOn,
    settings: &[FIRES_ABOVE, MIN_LIMIT, STRENGTH],
};

impl Rule for EntitlementLimit {
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
        let other = |metric: &str| metric != "seats" && metric != API_CALLS && !metric.starts_with("feature.");
        let limits = limits::in_force(account, context, other);
        if limits.is_empty() {
            let mut list = ClauseList::new(clauses);
            list.unknown(|| (LABEL, "no other limit in a contract in force", needs(settings)));
            return vec![list.silent("")];
        }
        limits.iter().map(|limit| one(limit, account, context, settings, clauses)).collect()
    }
}

const LABEL: &str = "Used ÷ limit";

fn needs(settings: &RuleSettings) -> String {
    format!("> {}", milli_text(settings.milli(&FIRES_ABOVE)))
}

fn one(
    limit: &Limit<'_>,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
    clauses: Clauses,
) -> Evaluation {
    let mut list = ClauseList::new(clauses);
    let today = context.today;
    let (fires_above, min_limit) = (settings.milli(&FIRES_ABOVE), settings.milli(&MIN_LIMIT));
    let large = list.check(limit.limit >= min_limit, || {
        let full = format::quantity(measure::from_milli(limit.limit));
        ("Limit", format!("{full}{}", limit.period_words()), format!("≥ {}", milli_text(min_limit)))
    });
    let used = match limit.used(account, today) {
        Ok(used) if large => used,
        Ok(_) => return list.silent(limit.metric),
        Err(missing) => {
            list.unknown(|| (LABEL, missing.reason(limit.metric, today), needs(settings)));
            return list.silent(limit.metric);
        }
    };
    let (value, full) = (measure::from_milli(used.used), measure::from_milli(limit.limit));
    list.check(measure::above(used.used, limit.limit, fires_above), || {
        let ratio = measure::ratio(used.used, limit.limit, fires_above);
        (LABEL, format!("{} / {} = {ratio}", format::quantity(value), format::quantity(full)), needs(settings))
    });
    list.conclude(limit.metric, || {
        let words = format::metric(limit.metric);
        let share = format::share(value, full);
        let title = format!("{} at {share} of the limit", format::capitalized(&words));
        let text = format!(
            "{} of {} {words}{} ({share})",
            format::short_quantity(value),
            format::short_quantity(full),
            limit.period_words()
        );
        let reach = match limit.counted {
            Counted::Level => measure::reach_of_level(used.series, used.through, full, today),
            Counted::Month | Counted::Total => limit.projection(&used, today).passes.map(|on| Reach { on }),
        };
        let sparkline = used.sparkline(limit.counted);
        Some(Firing {
            strength: settings.value(&STRENGTH),
            product: limits::product_for(context.market, account, limit.metric, today).map(|product| product.id),
            reach,
            evidence: vec![measure::evidence(
                EvidenceSource::Usage,
                limit.metric,
                text,
                value,
                Some(full),
                used.window,
                sparkline,
            )],
            ..INFO.level(title, context.now)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines, today};

    #[test]
    fn above_four_fifths_of_a_level_or_of_a_month() {
        for (metric, limit, value, fires) in [
            ("storage_gb", 500.0, 400.0, false),
            ("storage_gb", 500.0, 400.01, true),
            ("storage_gb", 500.0, 700.0, true),
            ("storage_gb", 4.0, 4.0, false),
            // A count per month: 1 February only.
            ("workflow_runs", 100.0, 80.0, false),
            ("workflow_runs", 100.0, 81.0, true),
        ] {
            let account = acme().with_limit(metric, limit, None).with_daily(metric, "2026-02-01", "2026-02-01", value);
            assert_eq!(firing(&EntitlementLimit, &account).is_some(), fires, "{metric} {value} of {limit}");
        }
    }

    #[test]
    fn evidence_says_how_full_and_until_when() {
        let account = acme().with_limit("storage_gb", 500.0, None).with_points(
            "storage_gb",
            &[("2026-01-04", 410.0), ("2026-01-11", 417.0), ("2026-01-18", 424.0), ("2026-02-01", 438.0)],
        );
        let found = firing(&EntitlementLimit, &account).unwrap();
        assert_eq!((found.strength, found.leads_to), (0.75, OpportunityType::AddOn));
        assert_eq!(found.title, "Storage in GB at 88\u{202f}% of the limit");
        assert_eq!(found.evidence[0].text, "438 of 500 storage in GB (88\u{202f}%)");
        assert_eq!(found.reach, Some(Reach { on: day("2026-02-01") + 62 }), "one GB a day");
        let counted = acme().with_limit("workflow_runs", 100.0, None).with_daily(
            "workflow_runs",
            "2025-12-01",
            "2026-02-02",
            42.0,
        );
        let found = firing(&EntitlementLimit, &counted).unwrap();
        assert_eq!(found.evidence[0].text, "84 of 100 workflow runs this month (84\u{202f}%)");
        assert_eq!(
            (found.reach, found.evidence[0].window.map(|w| w.1)),
            (Some(Reach { on: today() + 1 }), Some(today()))
        );
    }

    #[test]
    fn each_metric_is_a_subject_and_others_have_their_own_rules() {
        let account = acme()
            .with_limit("storage_gb", 500.0, None)
            .with_limit("workflow_runs", 100.0, None)
            .with_limit("seats", 50.0, None)
            .with_limit("api_calls", 50.0, None)
            .with_limit("feature.export", 50.0, None)
            .with_daily("storage_gb", "2026-01-01", "2026-02-01", 100.0);
        let found = evaluate(&EntitlementLimit, &account);
        let subjects: Vec<&str> = found.iter().map(|evaluation| evaluation.subject.as_str()).collect();
        assert_eq!(subjects, ["storage_gb", "workflow_runs"]);
        assert_eq!(
            lines(&found),
            [
                "Limit: 500 (≥ 5) met",
                "Used ÷ limit: 100 / 500 = 0.20 (> 0.8) not met",
                "Limit: 100 this month (≥ 5) met",
                "Used ÷ limit: — no usage of workflow_runs (> 0.8) unknown",
            ]
        );
        assert_eq!(
            lines(&evaluate(&EntitlementLimit, &acme())),
            ["Used ÷ limit: — no other limit in a contract in force (> 0.8) unknown"]
        );
    }
}
