//! A feature cluster adopted for the first time (in the history that scans read) in the last 30 days, by at least 5 uses.
//!
//! The data count uses and not users per feature, so uses decide. The account needs 60 days of usage before the first
//! use: in the first weeks of a customer everything is new. One subject per cluster.

use crate::{
    account::{AccountSnapshot, Context, Series},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo,
        features, limits, measure, settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct NewUseCase;

const NEW_DAYS: SettingInfo = SettingInfo::whole("new_days", "First used within", "days", 30, 7, 90);
const MIN_USES: SettingInfo = SettingInfo::whole("min_uses", "Minimum uses", "uses", 5, 1, 10_000);
const MIN_HISTORY: SettingInfo = SettingInfo::whole("min_history", "Usage known before", "days", 60, 0, 365);
const STRENGTH: SettingInfo = SettingInfo::strength(650);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::NewUseCase,
    sentence: "Fires when a feature cluster was first used lately, often enough, by an account that used others before.",
    leads_to: OpportunityType::CrossSell,
    settings: &[NEW_DAYS, MIN_USES, MIN_HISTORY, STRENGTH],
};

impl Rule for NewUseCase {
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
        let today = context.today;
        let since = today - (settings.whole(&NEW_DAYS) as i32 - 1);
        let mut adopted = adoptions(account, today);
        if adopted.iter().any(|adoption| adoption.first >= since) {
            adopted.retain(|adoption| adoption.first >= since);
            return adopted.iter().map(|adoption| one(adoption, account, context, settings, clauses)).collect();
        }
        let mut list = ClauseList::new(clauses);
        let newest = adopted.iter().max_by_key(|adoption| adoption.first);
        let needs = || format!("since {}", format::day(since, today));
        match newest {
            Some(newest) => {
                list.check(false, || {
                    let first = format::day(newest.first, today);
                    ("Newest feature cluster", format!("{}, first used {first}", newest.cluster), needs())
                });
            }
            None => list.unknown(|| ("Newest feature cluster", "no usage of a feature", needs())),
        }
        vec![list.silent("")]
    }
}

/// A cluster's first use, with the feature that was used first.
struct Adoption<'a> {
    cluster: &'a str,
    key: &'a str,
    series: &'a Series,
    first: Day,
}

/// Each cluster with its first use up to today.
fn adoptions(account: &AccountSnapshot, today: Day) -> Vec<Adoption<'_>> {
    let mut adopted: Vec<Adoption<'_>> = Vec::new();
    for (key, series) in features::used(account) {
        let mut uses = series.between(Day(i32::MIN), today).iter().filter(|(_, value)| measure::milli(*value) > 0);
        let Some((first, _)) = uses.next() else { continue };
        let adoption = Adoption { cluster: features::cluster(key), key, series, first: *first };
        match adopted.iter_mut().find(|known| known.cluster == adoption.cluster) {
            None => adopted.push(adoption),
            Some(known) if adoption.first < known.first => *known = adoption,
            Some(_) => {}
        }
    }
    adopted
}

fn one(
    adoption: &Adoption<'_>,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
    clauses: Clauses,
) -> Evaluation {
    let mut list = ClauseList::new(clauses);
    let today = context.today;
    let first = adoption.first;
    let (min_uses, min_history) = (settings.milli(&MIN_USES), settings.whole(&MIN_HISTORY) as i32);
    list.check(true, || {
        let needs = format!("in the last {} days", settings.whole(&NEW_DAYS));
        ("First use of the cluster", format::day(first, today), needs)
    });
    let cluster = features::used(account).filter(|(key, _)| features::cluster(key) == adoption.cluster);
    let uses = cluster.map(|(_, series)| measure::sum_milli(series.between(first, today)));
    let uses = uses.fold(0_i64, i64::saturating_add);
    list.check(uses >= min_uses, || {
        ("Uses since", format::quantity(measure::from_milli(uses)), format!("≥ {}", milli_text(min_uses)))
    });
    let began = account.usage.values().filter_map(|series| series.points.first()).map(|(day, _)| *day).min();
    list.check(began.is_some_and(|began| first - began >= min_history), || {
        let known = began.map_or(0, |began| first - began);
        ("Usage known before", format!("{known} days"), format!("≥ {min_history} days"))
    });
    list.conclude(adoption.cluster, || {
        let metric = format!("{}{}", features::PREFIX, adoption.key);
        let words = format::metric(adoption.cluster);
        let uses = measure::from_milli(uses);
        let title = format!("New use of {words} since {}", format::day(first, today));
        let text = format!(
            "{}: first used on {}, {} uses since",
            format::capitalized(&words),
            format::day(first, today),
            format::quantity(uses)
        );
        let sparkline = measure::weekly_sums(adoption.series, today);
        let limit = Some(measure::from_milli(min_uses));
        let evidence = measure::evidence(EvidenceSource::Usage, &metric, text, uses, limit, (first, today), sparkline);
        Some(Firing {
            strength: settings.value(&STRENGTH),
            product: limits::product_for(context.market, account, &metric, today).map(|product| product.id),
            evidence: vec![evidence],
            ..INFO.level(title, context.now)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines, today};

    /// Long used for exports; something else since a day.
    fn with(metric: &str, since: &str, per_day: f64) -> AccountSnapshot {
        acme().with_daily("feature.export", "2025-10-01", "2026-02-01", 3.0).with_daily(
            metric,
            since,
            "2026-02-01",
            per_day,
        )
    }

    #[test]
    fn a_cluster_is_new_for_thirty_days() {
        for (metric, since, per_day, fires) in [
            ("feature.automation", "2026-01-04", 1.0, true),
            ("feature.automation", "2026-01-03", 1.0, false),
            ("feature.automation", "2026-01-28", 1.0, true),
            ("feature.automation", "2026-01-29", 1.0, false),
            ("feature.automation", "2026-01-04", 0.0, false),
            ("feature.automation.denied", "2026-01-04", 1.0, false),
            // A new feature of a cluster that is used is no new cluster.
            ("feature.export.pdf", "2026-01-04", 1.0, false),
            ("custom_metric", "2026-01-04", 1.0, false),
        ] {
            let found = firing(&NewUseCase, &with(metric, since, per_day));
            assert_eq!(found.is_some(), fires, "{metric} since {since}");
        }
    }

    #[test]
    fn zeroes_before_the_first_use_are_no_use() {
        let account = with("feature.automation.rules", "2025-10-01", 0.0).with_daily(
            "feature.automation.runs",
            "2026-01-20",
            "2026-02-01",
            2.0,
        );
        let found = evaluate(&NewUseCase, &account).remove(0);
        assert_eq!(found.subject, "automation");
        let firing = found.firing.unwrap();
        assert_eq!((firing.strength, firing.leads_to), (0.65, OpportunityType::CrossSell));
        assert_eq!(firing.title, "New use of automation since 20\u{a0}Jan");
        assert_eq!(firing.evidence[0].text, "Automation: first used on 20\u{a0}Jan, 26 uses since");
        assert_eq!(firing.evidence[0].metric.as_deref(), Some("feature.automation.runs"));
        assert_eq!(firing.evidence[0].window, Some((day("2026-01-20"), today())));
    }

    #[test]
    fn in_the_first_weeks_everything_is_new() {
        let young = acme().with_daily("active_users", "2025-12-01", "2026-02-01", 12.0).with_daily(
            "feature.export",
            "2026-01-10",
            "2026-02-01",
            3.0,
        );
        assert_eq!(
            lines(&evaluate(&NewUseCase, &young)),
            [
                "First use of the cluster: 10\u{a0}Jan (in the last 30 days) met",
                "Uses since: 69 (≥ 5) met",
                "Usage known before: 40 days (≥ 60 days) not met",
            ]
        );
        assert_eq!(
            lines(&evaluate(&NewUseCase, &with("feature.export", "2025-09-01", 1.0))),
            ["Newest feature cluster: export, first used 1\u{a0}Sep 2025 (since 4\u{a0}Jan) not met"]
        );
        assert_eq!(
            lines(&evaluate(&NewUseCase, &acme())),
            ["Newest feature cluster: — no usage of a feature (since 4\u{a0}Jan) unknown"]
        );
    }
}
