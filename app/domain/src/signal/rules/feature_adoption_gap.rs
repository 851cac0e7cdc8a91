//! Features that are wanted or left unused. Two kinds of subjects:
//!
//! - **Attempts**, one subject per feature: `feature.<key>.denied` at least 10 times in 90 days (CONTRACT 5), for a
//!   feature that is not in the plan by now. Somebody wants it.
//! - **The gap to peers**, one subject with the list: features of the plan that at least 40 % of the peers used in 90
//!   days and this account did not. A plan without `feature.*` entitlements says nothing about its features; then those
//!   that peers use are taken. It needs 5 peers, and some usage of the account itself.

use crate::{
    account::{AccountSnapshot, Context, Series},
    format,
    opportunity::OpportunityType,
    peers::MIN_PEERS,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo, features, limits, measure, settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct FeatureAdoptionGap;

/// Features that one signal lists, most used by peers first.
const MAX_LISTED: usize = 5;
const WINDOW_DAYS: i32 = 90;
const MIN_ATTEMPTS: SettingInfo = SettingInfo::whole("min_attempts", "Minimum attempts in 90 days", "", 10, 1, 10_000);
const PEER_SHARE: SettingInfo = SettingInfo::ratio("peer_share", "Share of peers that use it", 400, 50, 1000);
const STRENGTH: SettingInfo = SettingInfo::ratio("strength", "Strength of the gap to peers", 550, 0, 1000);
const STRENGTH_ATTEMPTS: SettingInfo =
    SettingInfo::ratio("strength_attempts", "Strength of repeated attempts", 750, 0, 1000);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::FeatureAdoptionGap,
    sentence: "Fires when features outside the plan are tried again and again, or when peers use features of the plan \
               that this account does not.",
    leads_to: OpportunityType::Upsell,
    settings: &[MIN_ATTEMPTS, PEER_SHARE, STRENGTH, STRENGTH_ATTEMPTS],
};

impl Rule for FeatureAdoptionGap {
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
        let mut evaluations: Vec<Evaluation> = features::denied(account)
            .map(|(key, series)| attempts(key, series, account, context, settings, clauses))
            .collect();
        if evaluations.is_empty() {
            let mut list = ClauseList::new(clauses);
            list.check(false, || {
                (ATTEMPTS, "none recorded", format!("≥ {} of one feature", milli_text(settings.milli(&MIN_ATTEMPTS))))
            });
            evaluations.push(list.silent("attempts"));
        }
        evaluations.push(gap(account, context, settings, clauses));
        evaluations
    }
}

const ATTEMPTS: &str = "Attempts outside the plan, 90 days";

fn attempts(
    key: &str,
    series: &Series,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
    clauses: Clauses,
) -> Evaluation {
    let mut list = ClauseList::new(clauses);
    let today = context.today;
    let window = (today - (WINDOW_DAYS - 1), today);
    let tried = measure::sum_milli(series.between(window.0, window.1));
    let min_attempts = settings.milli(&MIN_ATTEMPTS);
    let often = list.check(tried >= min_attempts, || {
        (ATTEMPTS, format::quantity(measure::from_milli(tried)), format!("≥ {}", milli_text(min_attempts)))
    });
    // Looked up only when it matters: a scan asks this of every account.
    let outside = (clauses == Clauses::Skip && !often) || !in_plan(key, account, context);
    list.check(outside, || {
        let value = if outside { "not in the plan" } else { "in the plan by now" };
        (format::capitalized(&format::metric(key)), value, "outside the plan")
    });
    list.conclude(key, || {
        let metric = format!("{}{key}{}", features::PREFIX, features::DENIED);
        let words = format::metric(key);
        let count = measure::from_milli(tried);
        let title = format!("{} attempts to use {words}, which is not in the plan", format::quantity(count));
        let text = format!("{} attempts to use {words} in 90 days; it is not in the plan", format::quantity(count));
        let limit = Some(measure::from_milli(min_attempts));
        let sparkline = measure::weekly_sums(series, today);
        let feature = format!("{}{key}", features::PREFIX);
        Some(Firing {
            strength: settings.value(&STRENGTH_ATTEMPTS),
            product: limits::product_for(context.market, account, &feature, today).map(|product| product.id),
            evidence: vec![measure::evidence(EvidenceSource::Usage, &metric, text, count, limit, window, sparkline)],
            ..INFO.level(title, context.now)
        })
    })
}

/// Whether a contract in force entitles to the feature, or a product that is owned adds it.
fn in_plan(key: &str, account: &AccountSnapshot, context: &Context<'_>) -> bool {
    let is_it = |metric: &str| metric.strip_prefix(features::PREFIX) == Some(key);
    let entitled = account.entitlements_on(context.today).any(|(_, e)| is_it(&e.metric) && measure::milli(e.limit) > 0);
    let adds = |product: &&crate::account::Product| product.metric.as_deref().is_some_and(is_it);
    entitled || {
        let mut adding = context.market.products.iter().filter(adds).peekable();
        adding.peek().is_some() && {
            let owned = account.owned_products(context.today);
            adding.any(|product| owned.contains(&product.id))
        }
    }
}

fn gap(account: &AccountSnapshot, context: &Context<'_>, settings: &RuleSettings, clauses: Clauses) -> Evaluation {
    let mut list = ClauseList::new(clauses);
    let today = context.today;
    let since = today - (WINDOW_DAYS - 1);
    let others = context.peers.accounts.saturating_sub(1);
    let enough = list.check(others >= MIN_PEERS, || {
        let label = &context.peers.label;
        let value = if label.is_empty() { others.to_string() } else { format!("{others}, {label}") };
        ("Peers", value, format!("≥ {MIN_PEERS}"))
    });
    let in_use = account.usage.values().any(|series| series.last(today).is_some_and(|(day, _)| day >= since));
    list.check(in_use, || ("Usage of any kind, 90 days", if in_use { "yes" } else { "none" }, "some"));
    let share = settings.milli(&PEER_SHARE);
    let mut missing = if enough && in_use { unused(account, context, since) } else { Vec::new() };
    let best = missing.iter().max_by_key(|(_, users)| *users).copied();
    missing.retain(|(_, users)| measure::at_least(*users as i64, others as i64, share));
    list.check(!missing.is_empty(), || {
        let value = best.map_or_else(
            || "no feature that peers use is left unused".to_owned(),
            |(key, users)| format!("{}: {users} of {others} peers", format::metric(key)),
        );
        ("Features that peers use, not used in 90 days", value, format!("≥ {} of the peers", milli_text(share)))
    });
    list.conclude("", || {
        missing.sort_by(|(a, a_users), (b, b_users)| b_users.cmp(a_users).then_with(|| a.cmp(b)));
        missing.truncate(MAX_LISTED);
        let evidence: Vec<Evidence> = missing
            .iter()
            .map(|(key, users)| {
                let metric = format!("{}{key}", features::PREFIX);
                let text = format!("{users} of {others} peers use {}, this account does not", format::metric(key));
                let needed = Some(settings.value(&PEER_SHARE) * others as f64);
                measure::evidence(
                    EvidenceSource::Peers,
                    &metric,
                    text,
                    *users as f64,
                    needed,
                    (since, today),
                    Vec::new(),
                )
            })
            .collect();
        let names: Vec<String> = missing.iter().map(|(key, _)| format::metric(key)).collect();
        let title = format!("Peers use what is left unused here: {}", names.join(", "));
        Some(Firing { strength: settings.value(&STRENGTH), evidence, ..INFO.level(title, context.now) })
    })
}

/// Features of the plan that peers use and this account did not since a day, with the number of peers.
fn unused<'a>(account: &'a AccountSnapshot, context: &Context<'a>, since: Day) -> Vec<(&'a str, usize)> {
    let entitled = account.entitlements_on(context.today).filter(|(_, e)| measure::milli(e.limit) > 0);
    let entitled: Vec<&str> = entitled.filter_map(|(_, e)| e.metric.strip_prefix(features::PREFIX)).collect();
    let used = |metric: &str| {
        let series = account.series(metric);
        series.is_some_and(|s| s.between(since, context.today).iter().any(|(_, value)| measure::milli(*value) > 0))
    };
    let peers_use = context.peers.feature_users.iter().filter(|(metric, _)| !metric.ends_with(features::DENIED));
    peers_use
        .filter_map(|(metric, users)| Some((metric, metric.strip_prefix(features::PREFIX)?, *users)))
        .filter(|(_, key, _)| entitled.is_empty() || entitled.contains(key))
        .filter(|(metric, _, _)| !used(metric))
        .map(|(_, key, users)| (key, users))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{LimitPeriod, PeerGroup},
        id::ProductId,
        signal::fixture::{acme, day, evaluate, evaluate_with, firing, lines, market, peers, product, setting, today},
    };

    fn with_peers(account: &AccountSnapshot, peers: &PeerGroup) -> Vec<Evaluation> {
        evaluate_with(&FeatureAdoptionGap, account, &market(), peers, &RuleSettings::default())
    }

    fn tried(times: f64) -> AccountSnapshot {
        acme().with_points(
            "feature.audit_log.denied",
            &[("2025-11-04", 900.0), ("2025-11-05", 1.0), ("2026-02-02", times)],
        )
    }

    #[test]
    fn ten_attempts_in_ninety_days() {
        for (times, fires) in [(8.0, false), (9.0, true), (200.0, true)] {
            let found = firing(&FeatureAdoptionGap, &tried(times));
            assert_eq!(found.map(|f| f.strength), fires.then_some(0.75), "{times} and one on the first day");
        }
        let found = firing(&FeatureAdoptionGap, &tried(13.0)).unwrap();
        assert_eq!(found.leads_to, OpportunityType::Upsell);
        assert_eq!(found.title, "14 attempts to use audit log, which is not in the plan");
        assert_eq!(found.evidence[0].window, Some((day("2025-11-05"), today())));
        assert_eq!(found.evidence[0].source_reference, "feature.audit_log.denied");
        assert_eq!((found.evidence[0].value, found.evidence[0].limit), (Some(14.0), Some(10.0)));
    }

    #[test]
    fn weekly_rows_of_a_quarter_count_like_daily_ones() {
        let sundays: Vec<Day> = (0..13).map(|week| day("2026-02-01") - 7 * week).collect();
        let mut account = acme();
        let series = account.usage.entry("feature.premium.denied".into()).or_default();
        series.points = sundays.iter().rev().map(|day| (*day, 1.0)).collect();
        assert!(firing(&FeatureAdoptionGap, &account).is_some(), "13 weeks of one attempt");
    }

    #[test]
    fn a_feature_that_is_in_the_plan_by_now_is_no_gap() {
        assert!(firing(&FeatureAdoptionGap, &tried(50.0).with_limit("feature.audit_log", 1.0, None)).is_none());
        assert!(firing(&FeatureAdoptionGap, &tried(50.0).with_limit("feature.audit_log", 0.0, None)).is_some());
        let mut catalogue = market();
        catalogue.products.push(product(7, "AUDIT", "Audit", None, Some("feature.audit_log")));
        let found = |account: &AccountSnapshot| {
            let all = evaluate_with(
                &FeatureAdoptionGap,
                account,
                &catalogue,
                &PeerGroup::default(),
                &RuleSettings::default(),
            );
            all.into_iter().find_map(|evaluation| evaluation.firing)
        };
        assert_eq!(found(&tried(50.0)).and_then(|firing| firing.product), Some(ProductId(7)));
        let mut owner = tried(50.0).with_limit("audit_days", 90.0, Some(LimitPeriod::Total));
        owner.contracts[0].entitlements[0].product = Some(ProductId(7));
        assert!(found(&owner).is_none());
    }

    #[test]
    fn each_feature_that_is_tried_is_a_subject() {
        let account = tried(20.0).with_points("feature.sso.denied", &[("2026-01-20", 30.0)]);
        let found: Vec<String> = evaluate(&FeatureAdoptionGap, &account)
            .into_iter()
            .filter(|evaluation| evaluation.firing.is_some())
            .map(|evaluation| evaluation.subject)
            .collect();
        assert_eq!(found, ["audit_log", "sso"]);
    }

    #[test]
    fn what_two_fifths_of_the_peers_use_is_a_gap() {
        // 12 peers besides the account: 4.8 are two fifths.
        let account = acme().with_daily("feature.export", "2025-12-01", "2026-02-01", 1.0);
        let group = peers(
            &[],
            &[("feature.export", 12), ("feature.automation", 5), ("feature.sso", 4), ("feature.reports", 9)],
        );
        let found = with_peers(&account, &group).pop().unwrap();
        assert_eq!(found.subject, "");
        let firing = found.firing.unwrap();
        assert_eq!(firing.strength, 0.55);
        assert_eq!(firing.title, "Peers use what is left unused here: reports, automation");
        let texts: Vec<&str> = firing.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        assert_eq!(
            texts,
            ["9 of 12 peers use reports, this account does not", "5 of 12 peers use automation, this account does not"]
        );
        assert_eq!(firing.evidence[0].source, EvidenceSource::Peers);
        let strict = evaluate_with(&FeatureAdoptionGap, &account, &market(), &group, &setting("peer_share", 751));
        assert!(strict.iter().all(|evaluation| evaluation.firing.is_none()));
    }

    #[test]
    fn only_features_of_the_plan_count_when_the_plan_names_them() {
        let account = acme()
            .with_daily("feature.export", "2025-12-01", "2026-02-01", 1.0)
            .with_limit("feature.automation", 1.0, None)
            .with_limit("feature.sso", 0.0, None);
        let group = peers(&[], &[("feature.automation", 6), ("feature.reports", 9), ("feature.sso", 9)]);
        let firing = with_peers(&account, &group).pop().unwrap().firing.unwrap();
        assert_eq!(firing.title, "Peers use what is left unused here: automation");
    }

    #[test]
    fn few_peers_or_no_usage_say_so() {
        let group = peers(&[], &[("feature.reports", 9)]);
        assert_eq!(
            lines(&with_peers(&acme(), &group)),
            [
                "Attempts outside the plan, 90 days: none recorded (≥ 10 of one feature) not met",
                "Peers: 12, segment mid_market (≥ 5) met",
                "Usage of any kind, 90 days: none (some) not met",
                "Features that peers use, not used in 90 days: no feature that peers use is left unused (≥ 0.4 of the \
                 peers) not met",
            ]
        );
        let account = acme().with_daily("feature.export", "2025-12-01", "2026-02-01", 1.0);
        let few = PeerGroup { accounts: 5, ..group };
        let found = lines(&with_peers(&account, &few));
        assert_eq!(found[1], "Peers: 4, segment mid_market (≥ 5) not met");
    }
}
