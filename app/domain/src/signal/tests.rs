//! What holds for all rules together.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::{
    account::{ContractStatus, CustomerStatus, CustomerUser, Entitlement, LimitPeriod, Market, PeerGroup, Series},
    signal::fixture::{acme, day, market, peers, today},
};

/// The usual market, whose names are made ready for listening only once.
static MARKET: LazyLock<Market> = LazyLock::new(market);

/// 09:00 on the day of the tests.
fn now() -> At {
    At(today().start_utc().0 + 9 * 3_600_000)
}

fn found(account: &AccountSnapshot, settings: &BTreeMap<RuleKey, RuleSettings>) -> Vec<Detection> {
    let (market, peers) = (&*MARKET, peers(&[(3, 7)], &[("feature.reports", 9)]));
    detect(account, &Context { now: now(), today: today(), market, peers: &peers }, settings)
}

/// Acme Corp of the mocks: 48 of 50 seats, from 36 a quarter ago, an old price book, no analytics.
fn acme_of_the_mocks() -> AccountSnapshot {
    acme().with_daily("active_users", "2025-09-01", "2025-12-31", 36.0).with_daily(
        "active_users",
        "2026-01-01",
        "2026-02-01",
        48.0,
    )
}

#[test]
fn an_account_gives_one_detection_for_each_thing_that_is_seen() {
    let detections = found(&acme_of_the_mocks(), &BTreeMap::new());
    let keys: Vec<(RuleKey, &str)> = detections.iter().map(|d| (d.rule, d.subject.as_str())).collect();
    assert_eq!(
        keys,
        [
            (RuleKey::SeatUtilization, ""),
            (RuleKey::UsageGrowth, ""),
            (RuleKey::FeatureAdoptionGap, ""),
            (RuleKey::LegacyPricing, ""),
            (RuleKey::MissingProducts, "ANALYTICS"),
        ]
    );
    assert!(detections.iter().all(|detection| detection.rule_version == 1));
}

#[test]
fn a_rule_that_is_off_is_silent_but_still_explains() {
    let off = RuleSettings { version: 4, enabled: false, ..RuleSettings::default() };
    let newer = RuleSettings { version: 3, ..RuleSettings::default() };
    let settings = BTreeMap::from([(RuleKey::SeatUtilization, off), (RuleKey::UsageGrowth, newer)]);
    let account = acme_of_the_mocks();
    let detections = found(&account, &settings);
    assert!(detections.iter().all(|detection| detection.rule != RuleKey::SeatUtilization));
    assert!(detections.iter().any(|detection| detection.rule == RuleKey::UsageGrowth && detection.rule_version == 3));
    let (market, peers) = (&*MARKET, PeerGroup::default());
    let context = Context { now: now(), today: today(), market, peers: &peers };
    let explained = explain(&account, &context, &settings);
    assert_eq!(explained.len(), rules::all().len());
    assert!(explained.iter().any(|(key, e)| *key == RuleKey::SeatUtilization && e[0].firing.is_some()));
}

#[test]
fn only_live_customers_are_evaluated() {
    for (status, created_on, churned_on, live) in [
        (CustomerStatus::Active, Some("2024-10-01"), None, true),
        (CustomerStatus::Active, None, None, true),
        (CustomerStatus::Active, Some("2026-02-02"), None, true),
        (CustomerStatus::Active, Some("2026-02-03"), None, false),
        (CustomerStatus::Active, None, Some("2026-02-02"), false),
        (CustomerStatus::Active, None, Some("2026-02-03"), true),
        (CustomerStatus::Churned, None, None, false),
        (CustomerStatus::Churned, None, Some("2026-02-02"), false),
        // Marked as churned by now, and still a customer on the day that is looked at.
        (CustomerStatus::Churned, None, Some("2026-02-03"), true),
        (CustomerStatus::Prospect, None, None, false),
        (CustomerStatus::Prospect, None, Some("2026-03-01"), false),
    ] {
        let mut account = acme_of_the_mocks();
        account.customer.status = status;
        account.customer.created_on = created_on.map(day);
        account.customer.churned_on = churned_on.map(day);
        assert_eq!(is_live_customer(&account, today()), live, "{status:?} {created_on:?} {churned_on:?}");
        assert_eq!(found(&account, &BTreeMap::new()).is_empty(), !live);
    }
}

#[test]
fn every_key_but_the_manual_one_has_one_rule_in_the_order_of_the_table() {
    let keys: Vec<RuleKey> = rules::all().iter().map(|rule| rule.info().key).collect();
    let expected: Vec<RuleKey> = RuleKey::ALL.iter().copied().filter(|key| *key != RuleKey::Manual).collect();
    assert_eq!(keys, expected);
    assert!(rules::find(RuleKey::Manual).is_none());
}

#[test]
fn every_rule_says_what_it_is() {
    for rule in rules::all() {
        let info = rule.info();
        assert!(info.sentence.starts_with("Fires when ") && info.sentence.ends_with('.'), "{}", info.sentence);
        assert!(!info.sentence.contains("  "), "{}", info.sentence);
        assert_eq!(rules::find(info.key).map(|found| found.info().key), Some(info.key));
        for setting in info.settings {
            let fits = (setting.min_milli..=setting.max_milli).contains(&setting.default_milli);
            assert!(fits && !setting.label.is_empty(), "{}: {setting:?}", info.key);
            let text = settings::milli_text(setting.default_milli);
            assert_eq!(setting.parse(&text), Ok(setting.default_milli), "{}: {setting:?}", info.key);
        }
        let mut names: Vec<&str> = info.settings.iter().map(|setting| setting.key).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), info.settings.len(), "{}: a setting twice", info.key);
    }
}

/// Values as a database may hold them, also those that are wrong.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => (0..200_i32).prop_map(f64::from),
        2 => 0.0..1e7,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(1e300), Just(-1e300)],
    ]
}

/// Days around the day of the tests, mostly before it.
fn some_day() -> impl Strategy<Value = Day> {
    prop_oneof![30 => (-500..=0_i32).prop_map(|n| today() + n), 1 => (1..400_i32).prop_map(|n| today() + n)]
}

fn series() -> impl Strategy<Value = Series> {
    let every = prop_oneof![Just(1), Just(7), Just(30)];
    (some_day(), every, proptest::collection::vec(value(), 0..80)).prop_map(|(first, every, values)| Series {
        points: values.into_iter().enumerate().map(|(n, value)| (first + every * n as i32, value)).collect(),
    })
}

fn entitlement() -> impl Strategy<Value = Entitlement> {
    let metric = proptest::sample::select(METRICS.to_vec());
    let period = prop_oneof![Just(None), Just(Some(LimitPeriod::Month)), Just(Some(LimitPeriod::Total))];
    (metric, value(), period, proptest::option::of(some_day())).prop_map(|(metric, limit, period, starts_on)| {
        Entitlement { metric: metric.to_owned(), limit, product: None, period, starts_on, ends_on: None }
    })
}

const METRICS: &[&str] = &[
    "active_users",
    "api_calls",
    "seats",
    "storage_gb",
    "workflow_runs",
    "feature.reports",
    "feature.reports.denied",
    "feature.sso",
    "feature.sso.denied",
    "feature.a.b",
];

fn account() -> impl Strategy<Value = AccountSnapshot> {
    let usage = proptest::collection::btree_map(proptest::sample::select(METRICS.to_vec()), series(), 0..8);
    let user = (proptest::option::of(proptest::sample::select(vec!["Sales", "Legal", "Ops"])), some_day());
    (
        usage,
        proptest::collection::vec(entitlement(), 0..6),
        proptest::collection::vec(user, 0..30),
        proptest::collection::vec((some_day(), value()), 0..6),
        (proptest::option::of(0..400_i64), proptest::option::of(some_day()), some_day()),
    )
        .prop_map(|(usage, entitlements, users, mut health, (seats, ends_on, starts_on))| {
            let mut account = acme();
            account.usage = usage.into_iter().map(|(metric, series)| (metric.to_owned(), series)).collect();
            let contract = &mut account.contracts[0];
            (contract.licensed_seats, contract.ends_on, contract.starts_on) = (seats, ends_on, starts_on);
            contract.entitlements = entitlements;
            account.users = users
                .into_iter()
                .map(|(department, first_seen)| CustomerUser {
                    department: department.map(str::to_owned),
                    first_seen_on: Some(first_seen),
                    last_seen_on: None,
                })
                .collect();
            health.sort_by_key(|(on, _)| *on);
            account.health = health;
            account
        })
}

/// The account without anything that is dated later than the day of the tests.
fn known_today(account: &AccountSnapshot) -> AccountSnapshot {
    let mut known = account.clone();
    known.usage.values_mut().for_each(|series| series.points.retain(|(on, _)| *on <= today()));
    known.users.retain(|user| user.first_seen_on.is_none_or(|on| on <= today()));
    known.health.retain(|(on, _)| *on <= today());
    for contract in &mut known.contracts {
        contract.entitlements.retain(|entitlement| entitlement.starts_on.is_none_or(|on| on <= today()));
        if contract.starts_on > today() {
            contract.status = ContractStatus::Expired;
        }
    }
    known
}

proptest! {
    #[test]
    fn whatever_the_data_rules_agree_with_themselves(account in account()) {
        let (market, peers) = (&*MARKET, peers(&[(3, 7)], &[("feature.reports", 9), ("feature.sso", 12)]));
        let context = Context { now: now(), today: today(), market, peers: &peers };
        let settings = RuleSettings::default();
        for rule in rules::all() {
            let key = rule.info().key;
            let full = rule.evaluate(&account, &context, &settings, Clauses::Write);
            prop_assert!(!full.is_empty(), "{}", key);
            for evaluation in &full {
                prop_assert!(!evaluation.clauses.is_empty(), "{}", key);
                if let Some(firing) = &evaluation.firing {
                    prop_assert!(evaluation.clauses.iter().all(|clause| clause.met != Some(false)), "{}", key);
                    prop_assert!(firing.strength > 0.0 && firing.strength <= 1.0, "{}", key);
                    prop_assert_eq!((firing.strength * 10_000.0).round() / 10_000.0, firing.strength);
                    prop_assert!(!firing.evidence.is_empty() && !firing.title.is_empty(), "{}", key);
                    for evidence in &firing.evidence {
                        prop_assert!(evidence.series.len() <= 24);
                        let text = serde_json::to_string(evidence).unwrap();
                        let back: Evidence = serde_json::from_str(&text).unwrap();
                        prop_assert_eq!(&back, evidence, "survives the database");
                    }
                }
            }
            let quick = rule.evaluate(&account, &context, &settings, Clauses::Skip);
            let firings = |all: &[Evaluation]| -> Vec<(String, Firing)> {
                all.iter().filter_map(|e| Some((e.subject.clone(), e.firing.clone()?))).collect()
            };
            prop_assert_eq!(firings(&full), firings(&quick), "{}", key);
        }
        let known = known_today(&account);
        prop_assert_eq!(detect(&account, &context, &BTreeMap::new()), detect(&known, &context, &BTreeMap::new()));
    }
}
