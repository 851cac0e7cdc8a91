//! One made-up account for the tests of rules: Acme Corp on 2 February 2026, with setters that read like a table.

use std::collections::BTreeMap;

use super::{Clauses, Evaluation, Firing, Rule, RuleSettings};
use crate::{
    account::{
        AccountSnapshot, Cached, Context, Contract, ContractStatus, Customer, CustomerStatus, CustomerUser,
        Entitlement, LimitPeriod, Market, PeerGroup, Product, Series,
    },
    id::{ContractId, CustomerId, ProductId},
    money::Money,
    time::Day,
};

/// A day from its text.
pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The day of the tests.
pub(crate) fn today() -> Day {
    day("2026-02-02")
}

/// An account without any data but its contract of 50 seats, October to September.
pub(crate) fn acme() -> AccountSnapshot {
    AccountSnapshot {
        customer: Customer {
            id: CustomerId(1),
            external_id: "C-1".into(),
            name: "Acme Corp".into(),
            status: CustomerStatus::Active,
            industry: None,
            segment: Some("mid_market".into()),
            arr: Some(Money::units(50_000)),
            health_score: None,
            primary_department: Some("Sales".into()),
            csm: None,
            sales_rep: None,
            created_on: Some(day("2024-10-01")),
            churned_on: None,
        },
        contracts: vec![Contract {
            id: ContractId(1),
            external_id: "CT-1".into(),
            plan: Some(ProductId(1)),
            status: ContractStatus::Active,
            starts_on: day("2025-10-01"),
            ends_on: Some(day("2026-09-30")),
            term_months: Some(12),
            licensed_seats: Some(50),
            price_per_seat_annual: Some(Money::units(1000)),
            annual_value: Some(Money::units(50_000)),
            price_book: Some("2024".into()),
            entitlements: Vec::new(),
        }],
        usage: BTreeMap::new(),
        users: Vec::new(),
        stakeholders: Vec::new(),
        health: Vec::new(),
        meetings: Vec::new(),
        tickets: Vec::new(),
        expansions: Vec::new(),
        opportunities: Vec::new(),
        last_outreach: None,
        heard: Cached::default(),
    }
}

/// A product; a plan when it has a tier.
pub(crate) fn product(id: i64, sku: &str, name: &str, plan_tier: Option<i64>, metric: Option<&str>) -> Product {
    Product {
        id: ProductId(id),
        sku: sku.into(),
        name: name.into(),
        family: None,
        plan_tier,
        list_price_annual: Some(Money::units(15_000)),
        price_unit: None,
        metric: metric.map(str::to_owned),
        aliases: Vec::new(),
    }
}

/// Two plans, Analytics and API Plus.
pub(crate) fn market() -> Market {
    Market {
        products: vec![
            product(1, "BUSINESS", "Business", Some(1), None),
            product(2, "ENTERPRISE", "Enterprise", Some(2), None),
            product(3, "ANALYTICS", "Analytics Module", None, None),
            product(4, "API-PLUS", "API Plus", None, Some("api_calls")),
        ],
        current_price_book: Some("2026".into()),
        competitors: Vec::new(),
        departments: crate::conversation::defaults::DEPARTMENTS.iter().map(|name| (*name).to_owned()).collect(),
        gauges: Vec::new(),
        multi_year_rate_milli: 150,
        healthy_at: 60.0,
        listener: Cached::default(),
    }
}

impl AccountSnapshot {
    /// The same value on each day of `[from, to]`.
    pub(crate) fn with_daily(mut self, metric: &str, from: &str, to: &str, value: f64) -> AccountSnapshot {
        let series: &mut Series = self.usage.entry(metric.to_owned()).or_default();
        series.points.extend((day(from).0..=day(to).0).map(|n| (Day(n), value)));
        series.points.sort_by_key(|(day, _)| *day);
        self
    }

    /// Some points.
    pub(crate) fn with_points(mut self, metric: &str, points: &[(&str, f64)]) -> AccountSnapshot {
        let series: &mut Series = self.usage.entry(metric.to_owned()).or_default();
        series.points.extend(points.iter().map(|(on, value)| (day(on), *value)));
        series.points.sort_by_key(|(day, _)| *day);
        self
    }

    /// A limit of the first contract.
    pub(crate) fn with_limit(mut self, metric: &str, limit: f64, period: Option<LimitPeriod>) -> AccountSnapshot {
        self.contracts[0].entitlements.push(Entitlement {
            metric: metric.into(),
            limit,
            product: None,
            period,
            starts_on: None,
            ends_on: None,
        });
        self
    }

    /// Users of a department, all first seen on a day.
    pub(crate) fn with_users(mut self, count: usize, department: Option<&str>, first_seen: &str) -> AccountSnapshot {
        self.users.extend((0..count).map(|_| CustomerUser {
            department: department.map(str::to_owned),
            first_seen_on: Some(day(first_seen)),
            last_seen_on: None,
        }));
        self
    }
}

/// Peers in a segment of 13 accounts: who owns what, who uses which feature.
pub(crate) fn peers(owners: &[(i64, usize)], feature_users: &[(&str, usize)]) -> PeerGroup {
    PeerGroup {
        label: "segment mid_market".into(),
        accounts: 13,
        owners: owners.iter().map(|(product, count)| (ProductId(*product), *count)).collect(),
        median_price: BTreeMap::new(),
        feature_users: feature_users.iter().map(|(feature, count)| ((*feature).to_owned(), *count)).collect(),
    }
}

/// A rule with one setting changed.
pub(crate) fn setting(key: &str, milli: i64) -> RuleSettings {
    RuleSettings { values_milli: [(key.to_owned(), milli)].into(), ..RuleSettings::default() }
}

/// What a rule says about an account on the day of the tests, and that it says the same without clauses.
pub(crate) fn evaluate_with(
    rule: &dyn Rule,
    account: &AccountSnapshot,
    market: &Market,
    peers: &PeerGroup,
    settings: &RuleSettings,
) -> Vec<Evaluation> {
    let now = crate::time::At(today().start_utc().0 + 9 * 3_600_000);
    let context = Context { now, today: today(), market, peers };
    let full = rule.evaluate(account, &context, settings, Clauses::Write);
    assert!(!full.is_empty() && full.iter().all(|evaluation| !evaluation.clauses.is_empty()), "{full:?}");
    for evaluation in &full {
        let met = evaluation.clauses.iter().all(|clause| clause.met != Some(false));
        assert!(evaluation.firing.is_none() || met, "fires against its clauses: {evaluation:?}");
    }
    let fires = |evaluations: &[Evaluation]| -> Vec<(String, Firing)> {
        let firing = |e: &Evaluation| Some((e.subject.clone(), e.firing.clone()?));
        evaluations.iter().filter_map(firing).collect()
    };
    assert_eq!(fires(&full), fires(&rule.evaluate(account, &context, settings, Clauses::Skip)));
    for firing in full.iter().filter_map(|evaluation| evaluation.firing.as_ref()) {
        assert!(!firing.evidence.is_empty(), "evidence or no signal");
        assert!(firing.evidence.iter().all(|evidence| evidence.series.len() <= 24));
        assert!(firing.strength > 0.0 && firing.strength <= 1.0);
    }
    full
}

/// The same on defaults, the usual market and no peers.
pub(crate) fn evaluate(rule: &dyn Rule, account: &AccountSnapshot) -> Vec<Evaluation> {
    evaluate_with(rule, account, &market(), &PeerGroup::default(), &RuleSettings::default())
}

/// The only firing, if any.
pub(crate) fn firing(rule: &dyn Rule, account: &AccountSnapshot) -> Option<Firing> {
    let mut firings = evaluate(rule, account).into_iter().filter_map(|evaluation| evaluation.firing);
    let only = firings.next();
    assert!(firings.next().is_none(), "more than one firing");
    only
}

/// The clauses of the only evaluation, as lines "label: value (needs) met".
pub(crate) fn lines(evaluations: &[Evaluation]) -> Vec<String> {
    let clauses = evaluations.iter().flat_map(|evaluation| &evaluation.clauses);
    clauses
        .map(|clause| {
            let met = clause.met.map_or("unknown", |met| if met { "met" } else { "not met" });
            format!("{}: {} ({}) {met}", clause.label, clause.value, clause.needs)
        })
        .collect()
}
