//! A metered power feature at its plan limit: an entitlement `feature.<key>` used to 100 % or more.
//!
//! The limit counts over its period; one in total is looked at over the last 30 days, because an old peak says nothing
//! about today. Limits below the minimum are no meter: a limit of 1 only says that the feature is in the plan.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Reach, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo,
        limits::{self, Counted, Limit, Used},
        measure,
        settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct FeatureCeiling;

const TOTAL_DAYS: i32 = 30;
const FIRES_AT: SettingInfo = SettingInfo::ratio("fires_at", "Fires at or above", 1000, 500, 2000);
const MIN_LIMIT: SettingInfo = SettingInfo::whole("min_limit", "Minimum limit", "uses", 10, 2, 1_000_000);
const STRENGTH: SettingInfo = SettingInfo::strength(750);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::FeatureCeiling,
    sentence: "Fires when a metered feature is used up to its plan limit.",
    leads_to: OpportunityType::Upsell,
    settings: &[FIRES_AT, MIN_LIMIT, STRENGTH],
};

impl Rule for FeatureCeiling {
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
        let limits =
            limits::in_force(account, context, |metric| metric.starts_with("feature.") && !metric.ends_with(".denied"));
        if limits.is_empty() {
            let mut list = ClauseList::new(clauses);
            list.unknown(|| (LABEL, "no feature has a limit in a contract in force", needs(settings)));
            return vec![list.silent("")];
        }
        limits.iter().map(|limit| one(limit, account, context, settings, clauses)).collect()
    }
}

const LABEL: &str = "Used ÷ limit";

fn needs(settings: &RuleSettings) -> String {
    format!("≥ {}", milli_text(settings.milli(&FIRES_AT)))
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
    let subject = limit.metric.strip_prefix("feature.").unwrap_or(limit.metric);
    let (fires_at, min_limit) = (settings.milli(&FIRES_AT), settings.milli(&MIN_LIMIT));
    // A total is looked at over a window of its own.
    let recent = Limit { since: limit.since.max(today - (TOTAL_DAYS - 1)), ..*limit };
    let period = if limit.counted == Counted::Total { " in 30 days" } else { limit.period_words() };
    let metered = list.check(limit.limit >= min_limit, || {
        let full = format::quantity(measure::from_milli(limit.limit));
        ("Limit", format!("{full}{period}"), format!("≥ {}", milli_text(min_limit)))
    });
    let used = match recent.used(account, today) {
        Ok(used) if metered => used,
        Ok(_) => return list.silent(subject),
        Err(missing) => {
            list.unknown(|| (LABEL, missing.reason(limit.metric, today), needs(settings)));
            return list.silent(subject);
        }
    };
    let (value, full) = (measure::from_milli(used.used), measure::from_milli(limit.limit));
    list.check(measure::at_least(used.used, limit.limit, fires_at), || {
        let ratio = measure::ratio(used.used, limit.limit, fires_at);
        (LABEL, format!("{} / {} = {ratio}", format::quantity(value), format::quantity(full)), needs(settings))
    });
    list.conclude(subject, || {
        let words = format::capitalized(&format::metric(limit.metric));
        let text = format!(
            "{words}: {} of {} uses{period} ({})",
            format::short_quantity(value),
            format::short_quantity(full),
            format::share(value, full),
        );
        let title = format!("{words} at its plan limit");
        let series = used.sparkline(limit.counted);
        let evidence =
            measure::evidence(EvidenceSource::Usage, limit.metric, text, value, Some(full), used.window, series);
        Some(Firing {
            strength: settings.value(&STRENGTH),
            product: limits::product_for(context.market, account, limit.metric, today).map(|product| product.id),
            reach: reach(limit, &used, today),
            evidence: vec![evidence],
            ..INFO.level(title, context.now)
        })
    })
}

/// The first day on which nothing was left.
fn reach(limit: &Limit<'_>, used: &Used<'_>, today: Day) -> Option<Reach> {
    match limit.counted {
        Counted::Level => measure::reach_of_level(used.series, used.through, measure::from_milli(limit.limit), today),
        Counted::Month | Counted::Total => {
            let on = measure::passed_on(used.series, used.window.0, used.window.1, limit.limit - 1);
            on.map(|on| Reach { on })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::LimitPeriod,
        signal::fixture::{acme, day, evaluate, firing, lines},
    };

    #[test]
    fn a_used_up_limit_fires() {
        for (limit, uses, fires) in
            [(100.0, 99.0, false), (100.0, 100.0, true), (100.0, 130.0, true), (1.0, 500.0, false), (10.0, 10.0, true)]
        {
            let account = acme()
                .with_limit("feature.bulk_export", limit, None)
                .with_points("feature.bulk_export", &[("2026-01-31", 1000.0), ("2026-02-01", uses)]);
            assert_eq!(firing(&FeatureCeiling, &account).is_some(), fires, "{uses} of {limit}");
        }
    }

    #[test]
    fn a_limit_in_total_is_looked_at_over_30_days() {
        let account = |per_day: f64| {
            acme().with_limit("feature.bulk_export", 300.0, Some(LimitPeriod::Total)).with_daily(
                "feature.bulk_export",
                "2025-10-01",
                "2026-02-02",
                per_day,
            )
        };
        assert!(firing(&FeatureCeiling, &account(9.9)).is_none());
        let found = firing(&FeatureCeiling, &account(10.0)).unwrap();
        assert_eq!((found.strength, found.leads_to), (0.75, OpportunityType::Upsell));
        assert_eq!(found.title, "Bulk export at its plan limit");
        assert_eq!(found.evidence[0].text, "Bulk export: 300 of 300 uses in 30 days (100\u{202f}%)");
        assert_eq!(found.evidence[0].source_reference, "feature.bulk_export");
        assert_eq!(found.reach, Some(Reach { on: day("2026-02-02") }));
    }

    #[test]
    fn why_not_names_each_feature_with_a_limit() {
        let account = acme().with_limit("feature.sso", 1.0, None).with_limit("feature.export", 50.0, None);
        let found = evaluate(&FeatureCeiling, &account.with_daily("feature.sso", "2026-02-01", "2026-02-01", 9.0));
        assert_eq!(
            lines(&found),
            [
                "Limit: 1 this month (≥ 10) not met",
                "Limit: 50 this month (≥ 10) met",
                "Used ÷ limit: — no usage of feature.export (≥ 1) unknown",
            ]
        );
        assert_eq!((found[0].subject.as_str(), found[1].subject.as_str()), ("sso", "export"));
        assert_eq!(evaluate(&FeatureCeiling, &acme()).len(), 1);
    }
}
