//! Which live signals speak for the same opportunity (PRODUCT 5: one open opportunity per account, type and product).
//!
//! 1. A specific signal leads to a type and a product. Seats, terms, price books and new teams have no product. A tier
//!    upgrade, and an upsell that names nothing, sell the next plan. An add-on that names nothing sells the product that
//!    counts the signal's metric. What was said about nothing by name, in a meeting where a product was named, is about
//!    that product; a team named in a meeting where seats were asked for wants those seats.
//! 2. A product is sold once: signals on the same product are one group, whatever type each leads to. Its type is the
//!    strongest signal's. An account has one plan: signals for plans are one group, for the plan that the strongest of
//!    them names. It is a tier upgrade as soon as one signal leads to one, names the plan, or stands at a plan's limit.
//! 3. A signal without a product joins the strongest group of its type that has one.
//! 4. Groups attach to open records, see [`record_for`]; groups on the same record are one. A new team belongs to a
//!    record that bundles several products (PRD-103), and adds no amount to it.
//! 5. General signals (growth of use, budget, goals, health) stay with a record that was made from them; else they
//!    support the group of their own type, else the account's leading group: the one with the strongest specific signal,
//!    of equals the one worth more, then by type and product. Without any group the strongest general one makes its own
//!    and the others support it. What only supports never makes one.
//!
//! Making a record of a group changes nothing about the groups of the next scan; a property test of [`super::assemble`]
//! holds that.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    OpportunityType,
    composite::{age_days, decayed, ten_thousandths},
    input::Input,
    records::{record_for, record_made_from, sold_by},
    value,
};
use crate::{
    account::{KnownOpportunity, Product},
    id::{MeetingId, ProductId},
    money::Money,
    signal::{
        RuleKey,
        episode::{Episode, SignalStatus},
    },
};

/// An episode with what it counts today.
#[derive(Debug, Clone, Copy)]
pub struct Weighed<'a> {
    /// The episode.
    pub episode: &'a Episode,
    /// Strength after decay.
    pub strength: f64,
}

impl Weighed<'_> {
    fn units(&self) -> i64 {
        ten_thousandths(self.strength)
    }
}

/// What is sold: a type, and a product where the type has one.
pub type Part = (OpportunityType, Option<ProductId>);

/// Signals that make one opportunity.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// What is sold, in order; several when several products share a record.
    pub parts: BTreeSet<Part>,
    /// The open record that it attaches to.
    pub record: Option<&'a KnownOpportunity>,
    /// Signals that make it, strongest first.
    pub makers: Vec<Weighed<'a>>,
    /// General signals that support it, strongest first.
    pub support: Vec<Weighed<'a>>,
}

impl<'a> Group<'a> {
    /// The type: the record's, else that of the only part, else that of the strongest signal's part.
    #[must_use]
    pub fn kind(&self) -> OpportunityType {
        let strongest = || self.makers.first().map(|maker| maker.episode.leads_to);
        self.record
            .map(|record| record.kind)
            .or_else(|| self.parts.first().map(|part| part.0))
            .or_else(strongest)
            .unwrap_or(OpportunityType::Upsell)
    }

    /// The product: the record's, else the only one.
    #[must_use]
    pub fn product(&self) -> Option<ProductId> {
        let products = self.products();
        let only = if products.len() == 1 { products.first().copied() } else { None };
        self.record.and_then(|record| record.product).or(only)
    }

    /// All products that it sells, in order.
    #[must_use]
    pub fn products(&self) -> Vec<ProductId> {
        let all: BTreeSet<ProductId> = self.parts.iter().filter_map(|part| part.1).collect();
        all.into_iter().collect()
    }

    /// All signals, strongest first.
    #[must_use]
    pub fn signals(&self) -> Vec<Weighed<'a>> {
        let mut all: Vec<Weighed<'a>> = self.makers.iter().chain(&self.support).copied().collect();
        strongest_first(&mut all);
        all
    }

    /// What it may bring: the sum over its parts.
    #[must_use]
    pub fn estimate(&self, input: &Input<'_>) -> value::Estimate {
        let episodes: Vec<&Episode> = self.makers.iter().map(|maker| maker.episode).collect();
        value::sum(
            self.parts.iter().map(|(kind, product)| value::estimate(input, *kind, *product, &episodes)).collect(),
        )
    }

    fn absorb(&mut self, other: Group<'a>) {
        self.parts.extend(other.parts);
        self.makers.extend(other.makers);
        self.support.extend(other.support);
        strongest_first(&mut self.makers);
        strongest_first(&mut self.support);
    }
}

/// The groups of an account's live signals, by type and product.
#[must_use]
pub fn groups<'a>(input: &Input<'a>) -> Vec<Group<'a>> {
    let is_general = |w: &Weighed<'_>| w.episode.general || w.episode.supports_only;
    let (general, specific): (Vec<_>, Vec<_>) = live(input).into_iter().partition(is_general);
    let mut groups = attach(input, by_product(input, specific));
    let general = bring_home(input, &mut groups, general);
    if groups.is_empty()
        && let Some(lead) = general.iter().find(|w| !w.episode.supports_only).copied()
    {
        groups = attach(input, by_product(input, vec![lead]));
    }
    support(input, &mut groups, general);
    groups.sort_by_key(|group| (group.kind(), group.product()));
    groups
}

/// Rule 5: general signals go to the record that was made from them. Answers those that have none.
fn bring_home<'a>(input: &Input<'a>, groups: &mut Vec<Group<'a>>, general: Vec<Weighed<'a>>) -> Vec<Weighed<'a>> {
    let mut homeless = Vec::new();
    for weighed in general {
        let home = if weighed.episode.supports_only { None } else { record_made_from(input, weighed.episode.rule) };
        let Some(record) = home else {
            homeless.push(weighed);
            continue;
        };
        match groups.iter_mut().find(|group| group.record.map(|r| r.id) == Some(record.id)) {
            Some(group) => group.support.push(weighed),
            None => {
                let part = sold_by(input, record, (record.kind, None));
                let parts = BTreeSet::from([part]);
                groups.push(Group { parts, record: Some(record), makers: vec![weighed], support: Vec::new() });
            }
        }
    }
    homeless
}

/// Rule 5: what supports goes to the group of its own type, else to the leading one.
fn support<'a>(input: &Input<'a>, groups: &mut [Group<'a>], general: Vec<Weighed<'a>>) {
    let Some(leading) = leading(input, groups) else { return };
    let made = |groups: &[Group<'a>], w: &Weighed<'a>| {
        groups.iter().any(|g| g.makers.iter().any(|m| m.episode.id == w.episode.id))
    };
    for weighed in general {
        if made(groups, &weighed) {
            continue;
        }
        let own = groups.iter().position(|group| group.kind() == weighed.episode.leads_to);
        if let Some(group) = groups.get_mut(own.unwrap_or(leading)) {
            group.support.push(weighed);
        }
    }
}

/// Episodes that count: open, and neither dismissed nor decided. Strongest first, so that nothing below depends on the
/// order in which they were given.
fn live<'a>(input: &Input<'a>) -> Vec<Weighed<'a>> {
    let counts = |episode: &&Episode| {
        episode.closed_at.is_none()
            && matches!(episode.status, SignalStatus::Detected | SignalStatus::Acknowledged | SignalStatus::Routed)
    };
    let weigh =
        |episode: &'a Episode| Weighed { episode, strength: decayed(episode.strength, age_days(input, episode)) };
    let mut live: Vec<Weighed<'a>> = input.live.iter().filter(counts).map(weigh).collect();
    strongest_first(&mut live);
    live
}

fn strongest_first(signals: &mut [Weighed<'_>]) {
    signals.sort_by(|a, b| {
        let key = |w: &Weighed<'_>| (Reverse(w.units()), w.episode.rule);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.episode.subject.cmp(&b.episode.subject))
            .then(a.episode.id.cmp(&b.episode.id))
    });
}

/// What a signal leads to, with its product resolved.
fn leads_to(input: &Input<'_>, episode: &Episode) -> Part {
    let market = input.context.market;
    let next_plan = || {
        let plan = input.account.contract_on(input.today())?.plan?;
        market.next_plan(plan).map(|plan| plan.id)
    };
    let product = match episode.leads_to {
        OpportunityType::SeatExpansion
        | OpportunityType::MultiYear
        | OpportunityType::PricingUpdate
        | OpportunityType::LandAndExpand => None,
        OpportunityType::TierUpgrade => episode.product.filter(|id| is_plan(input, *id)).or_else(next_plan),
        OpportunityType::Upsell => episode.product.or_else(next_plan),
        OpportunityType::AddOn => episode.product.or_else(|| product_of_metric(input, episode)),
        OpportunityType::CrossSell => episode.product,
    };
    (episode.leads_to, product)
}

/// The product that was named in the meeting where this was said, when it names none itself.
fn said_about(weighed: &Weighed<'_>, all: &[Weighed<'_>]) -> Option<ProductId> {
    let episode = weighed.episode;
    if episode.product.is_some() || !sells_products(episode.leads_to) {
        return None;
    }
    let named = |other: &&Weighed<'_>| sells_products(other.episode.leads_to) && same_meeting(episode, other.episode);
    // `all` is sorted by strength.
    all.iter().filter(named).find_map(|other| other.episode.product)
}

/// Whether a team that was named wants the seats that were asked for in that meeting.
fn wants_the_seats(weighed: &Weighed<'_>, all: &[Weighed<'_>]) -> bool {
    let asks_for_seats =
        |e: &Episode| e.rule == RuleKey::ExplicitRequest && e.leads_to == OpportunityType::SeatExpansion;
    weighed.episode.rule == RuleKey::NewDepartmentMentioned
        && all.iter().any(|other| asks_for_seats(other.episode) && same_meeting(weighed.episode, other.episode))
}

fn same_meeting(one: &Episode, other: &Episode) -> bool {
    let meetings =
        |e: &Episode| -> BTreeSet<MeetingId> { e.evidence.iter().filter_map(|piece| piece.meeting).collect() };
    !meetings(one).is_disjoint(&meetings(other))
}

/// Whether opportunities of this type are about a product.
pub(super) const fn sells_products(kind: OpportunityType) -> bool {
    use OpportunityType::{AddOn, CrossSell, TierUpgrade, Upsell};
    matches!(kind, TierUpgrade | CrossSell | AddOn | Upsell)
}

/// The product that raises the limit of the signal's metric: not owned before owned, then the cheapest.
fn product_of_metric(input: &Input<'_>, episode: &Episode) -> Option<ProductId> {
    let metric = metric(episode)?;
    let owned = input.account.owned_products(input.today());
    let market = input.context.market;
    let candidates = market.products.iter().filter(|p| p.plan_tier.is_none() && p.metric.as_deref() == Some(metric));
    let price = |p: &Product| p.list_price_annual.map_or(i64::MAX, |price| price.0);
    candidates.min_by_key(|p| (owned.contains(&p.id), price(p), p.id)).map(|p| p.id)
}

/// The metric that an add-on signal counts.
#[must_use]
pub fn metric(episode: &Episode) -> Option<&str> {
    match episode.rule {
        RuleKey::ApiLimit | RuleKey::ApiGrowth => Some("api_calls"),
        _ => episode.evidence.iter().find_map(|e| e.metric.as_deref()).filter(|m| !m.is_empty()),
    }
}

/// Signals on one product, each with the type that it leads to.
type Members<'a> = Vec<(OpportunityType, Weighed<'a>)>;

/// Rules 1 to 3: one group per product, and one per type without product.
fn by_product<'a>(input: &Input<'a>, specific: Vec<Weighed<'a>>) -> Vec<Group<'a>> {
    let mut with_product: BTreeMap<ProductId, Members<'a>> = BTreeMap::new();
    let mut without: BTreeMap<OpportunityType, Vec<Weighed<'a>>> = BTreeMap::new();
    for weighed in specific.iter().copied() {
        let part = match said_about(&weighed, &specific) {
            Some(product) => (weighed.episode.leads_to, Some(product)),
            None if wants_the_seats(&weighed, &specific) => (OpportunityType::SeatExpansion, None),
            None => leads_to(input, weighed.episode),
        };
        match part {
            (kind, Some(product)) => with_product.entry(product).or_default().push((kind, weighed)),
            (kind, None) => without.entry(kind).or_default().push(weighed),
        }
    }
    one_plan(input, &mut with_product);
    let kinds: BTreeMap<ProductId, OpportunityType> =
        with_product.iter().map(|(product, members)| (*product, kind_of(input, *product, members))).collect();
    for (kind, signals) in std::mem::take(&mut without) {
        let same_kind = with_product.iter().filter_map(|(product, members)| {
            let best = members.iter().filter(|(k, _)| *k == kind).map(|(_, w)| w.units()).max()?;
            Some((Reverse(best), *product))
        });
        match same_kind.min().and_then(|(_, product)| with_product.get_mut(&product)) {
            Some(members) => members.extend(signals.into_iter().map(|w| (kind, w))),
            None => {
                without.insert(kind, signals);
            }
        }
    }
    let group = |part: Part, mut makers: Vec<Weighed<'a>>| {
        strongest_first(&mut makers);
        Group { parts: BTreeSet::from([part]), record: None, makers, support: Vec::new() }
    };
    let products = with_product.into_iter().map(|(product, members)| {
        let kind = kinds.get(&product).copied().unwrap_or(OpportunityType::Upsell);
        group((kind, Some(product)), members.into_iter().map(|(_, w)| w).collect())
    });
    let mut all: Vec<Group<'a>> = products.collect();
    all.extend(without.into_iter().map(|(kind, makers)| group((kind, None), makers)));
    all
}

/// Rule 2: signals for several plans become one entry, for the plan that the strongest of them names.
fn one_plan<'a>(input: &Input<'a>, with_product: &mut BTreeMap<ProductId, Members<'a>>) {
    let plans: Vec<ProductId> = with_product.keys().copied().filter(|id| is_plan(input, *id)).collect();
    let named = plans.iter().flat_map(|plan| {
        let members = with_product.get(plan).into_iter().flatten();
        members.map(move |(_, w)| (w.episode.product != Some(*plan), Reverse(w.units()), *plan))
    });
    let Some((_, _, chosen)) = named.min() else { return };
    for plan in plans.into_iter().filter(|plan| *plan != chosen) {
        let moved = with_product.remove(&plan).unwrap_or_default();
        with_product.entry(chosen).or_default().extend(moved);
    }
}

/// Rule 2: the type of a product's group.
fn kind_of(input: &Input<'_>, product: ProductId, members: &Members<'_>) -> OpportunityType {
    let names_a_plan = |e: &Episode| e.product.is_some_and(|id| is_plan(input, id));
    let wants_plan = |e: &Episode| names_a_plan(e) || e.rule == RuleKey::FeatureCeiling;
    let is_upgrade = |(kind, w): &(OpportunityType, Weighed<'_>)| {
        *kind == OpportunityType::TierUpgrade || (is_plan(input, product) && wants_plan(w.episode))
    };
    if members.iter().any(is_upgrade) {
        return OpportunityType::TierUpgrade;
    }
    let strongest = members.iter().map(|(kind, w)| (Reverse(w.units()), *kind)).min();
    strongest.map_or(OpportunityType::Upsell, |(_, kind)| kind)
}

fn is_plan(input: &Input<'_>, id: ProductId) -> bool {
    input.context.market.product(id).is_some_and(|product| product.plan_tier.is_some())
}

/// Rule 4: groups find their records; those on the same record, or of the same type and product, become one.
fn attach<'a>(input: &Input<'a>, groups: Vec<Group<'a>>) -> Vec<Group<'a>> {
    let mut merged: Vec<Group<'a>> = Vec::new();
    for mut group in groups {
        let rules: BTreeSet<RuleKey> = group.makers.iter().map(|maker| maker.episode.rule).collect();
        group.record = group.parts.first().and_then(|part| record_for(input, *part, &rules));
        if let Some(record) = group.record {
            group.parts = group.parts.into_iter().map(|part| sold_by(input, record, part)).collect();
        }
        let same_record =
            |other: &&mut Group<'a>| group.record.is_some() && other.record.map(|r| r.id) == group.record.map(|r| r.id);
        match merged.iter_mut().find(same_record) {
            Some(other) => other.absorb(group),
            None => merged.push(group),
        }
    }
    join_bundle(&mut merged);
    // Two records of one type can end up selling the same: one opportunity per account, type and product.
    merged.sort_by_key(|group| (group.kind(), group.product(), group.record.is_none(), group.record.map(|r| r.id)));
    let mut unique: Vec<Group<'a>> = Vec::new();
    for group in merged {
        match unique.last_mut().filter(|last| (last.kind(), last.product()) == (group.kind(), group.product())) {
            Some(last) => last.absorb(group),
            None => unique.push(group),
        }
    }
    unique
}

/// Rule 4: a new team without a record belongs to a record that bundles several products.
fn join_bundle(groups: &mut Vec<Group<'_>>) {
    let is_new_team = |group: &Group<'_>| group.record.is_none() && group.kind() == OpportunityType::LandAndExpand;
    let is_bundle = |group: &&mut Group<'_>| {
        let products: BTreeSet<ProductId> = group.products().into_iter().chain(group.product()).collect();
        group.record.is_some() && products.len() > 1
    };
    let Some(at) = groups.iter().position(is_new_team) else { return };
    let mut team = groups.remove(at);
    match groups.iter_mut().filter(is_bundle).min_by_key(|group| group.record.map(|record| record.id)) {
        Some(bundle) => {
            team.parts.clear();
            bundle.absorb(team);
        }
        None => groups.insert(at, team),
    }
}

/// Rule 5: the group that general signals support.
fn leading(input: &Input<'_>, groups: &[Group<'_>]) -> Option<usize> {
    let strength = |group: &Group<'_>| group.makers.iter().map(Weighed::units).max().unwrap_or(0);
    let best = groups.iter().map(strength).max()?;
    let value = |group: &Group<'_>| group.estimate(input).value.expected.unwrap_or(Money::ZERO);
    let strongest = groups.iter().enumerate().filter(|(_, group)| strength(group) == best);
    strongest.min_by_key(|(_, group)| (Reverse(value(group)), group.kind(), group.product())).map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use RuleKey::*;

    use super::{
        super::sample::{ANALYTICS, API_PLUS, PREMIUM, STORAGE, Sample},
        OpportunityType::*,
        *,
    };
    use crate::signal::Evidence;

    /// "type/product: rule rule + supporting rule" for each group.
    fn shown(sample: &Sample) -> Vec<String> {
        let words =
            |signals: &[Weighed<'_>]| signals.iter().map(|w| w.episode.rule.key()).collect::<Vec<_>>().join(" ");
        groups(&sample.input())
            .iter()
            .map(|group| {
                let product = group
                    .product()
                    .map(|id| format!("/{}", sample.market.product(id).unwrap().name))
                    .unwrap_or_default();
                let record = group.record.map(|r| format!(" on {}", r.name)).unwrap_or_default();
                let support =
                    if group.support.is_empty() { String::new() } else { format!(" + {}", words(&group.support)) };
                format!("{}{product}{record}: {}{support}", group.kind().key(), words(&group.makers))
            })
            .collect()
    }

    #[test]
    fn specific_signals_group_by_type_and_product() {
        let mut sample = Sample::new();
        sample.signal(SeatUtilization, SeatExpansion, 0.8, 0);
        sample.signal(ExplicitRequest, SeatExpansion, 0.9, 5);
        sample.signal(UsageGrowth, TierUpgrade, 0.7, 0);
        sample.signal(ApiLimit, AddOn, 0.8, 0);
        sample.signal(MissingProducts, CrossSell, 0.55, 0).product = Some(ANALYTICS);
        assert_eq!(
            shown(&sample),
            [
                "seat_expansion: explicit_request seat_utilization",
                "tier_upgrade/Premium: usage_growth",
                "cross_sell/Advanced Analytics: missing_products",
                "add_on/API Plus: api_limit"
            ]
        );
    }

    #[test]
    fn products_are_resolved() {
        let mut sample = Sample::new();
        let storage = sample.signal(EntitlementLimit, AddOn, 0.75, 0);
        storage.subject = "storage_gb".to_owned();
        storage.evidence = vec![Evidence { metric: Some("storage_gb".to_owned()), ..storage.evidence[0].clone() }];
        let other = sample.signal(EntitlementLimit, AddOn, 0.7, 0);
        other.subject = "messages".to_owned();
        other.evidence = vec![Evidence { metric: Some("messages".to_owned()), ..other.evidence[0].clone() }];
        assert_eq!(
            shown(&sample),
            ["add_on/Storage Pack: entitlement_limit entitlement_limit"],
            "an unknown metric joins the strongest add-on"
        );
        sample.market.products.retain(|p| p.id != STORAGE);
        assert_eq!(shown(&sample), ["add_on: entitlement_limit entitlement_limit"]);

        let mut sample = Sample::new();
        sample.signal(FeatureCeiling, Upsell, 0.75, 0);
        assert_eq!(shown(&sample), ["tier_upgrade/Premium: feature_ceiling"]);
        sample.contract().plan = Some(PREMIUM);
        assert_eq!(shown(&sample), ["upsell: feature_ceiling"], "there is no plan above");
    }

    #[test]
    fn a_product_is_sold_once() {
        let mut sample = Sample::new();
        sample.signal(FeatureInterest, Upsell, 0.7, 0).product = Some(ANALYTICS);
        sample.signal(MissingProducts, CrossSell, 0.55, 0).product = Some(ANALYTICS);
        sample.signal(FeatureCeiling, Upsell, 0.75, 0);
        sample.signal(UsageGrowth, TierUpgrade, 0.7, 0);
        assert_eq!(
            shown(&sample),
            [
                "tier_upgrade/Premium: feature_ceiling usage_growth",
                "upsell/Advanced Analytics: feature_interest missing_products"
            ]
        );
    }

    #[test]
    fn general_signals_support_the_leading_group() {
        let mut sample = Sample::new();
        sample.signal(HealthThreshold, SeatExpansion, 0.5, 0);
        assert_eq!(shown(&sample), [] as [&str; 0], "what only supports makes nothing");
        sample.signal(GrowthGoals, LandAndExpand, 0.65, 0);
        sample.signal(BudgetDiscussion, Upsell, 0.75, 0);
        assert_eq!(shown(&sample), ["upsell/Premium: budget_discussion + growth_goals health_threshold"]);
        sample.signal(LegacyPricing, PricingUpdate, 0.6, 0);
        sample.signal(MultiYearAvailable, MultiYear, 0.6, 0);
        assert_eq!(
            shown(&sample),
            [
                "multi_year: multi_year_available",
                "pricing_update: legacy_pricing + budget_discussion growth_goals health_threshold"
            ],
            "of equals the one worth more: $10,000 against $7,500"
        );
        sample.signal(SeatUtilization, SeatExpansion, 0.61, 0);
        assert!(shown(&sample)[0].starts_with("seat_expansion: seat_utilization + budget"));
    }

    #[test]
    fn growth_supports_the_next_plan_where_it_is_wanted_and_else_the_leading_group() {
        let mut sample = Sample::new();
        sample.signal(SeatUtilization, SeatExpansion, 0.8, 0);
        sample.signal(UsageGrowth, TierUpgrade, 0.7, 0).general = true;
        assert_eq!(shown(&sample), ["seat_expansion: seat_utilization + usage_growth"]);
        sample.signal(FeatureInterest, Upsell, 0.7, 9).product = Some(PREMIUM);
        assert_eq!(
            shown(&sample),
            ["seat_expansion: seat_utilization", "tier_upgrade/Premium: feature_interest + usage_growth"]
        );
    }

    #[test]
    fn closed_and_decided_episodes_do_not_count() {
        for change in [
            (|e: &mut Episode| e.status = SignalStatus::Dismissed) as fn(&mut Episode),
            |e| e.status = SignalStatus::Won,
            |e| e.status = SignalStatus::Lost,
            |e| e.closed_at = Some(e.observed_at),
        ] {
            let mut sample = Sample::new();
            change(sample.signal(SeatUtilization, SeatExpansion, 0.8, 0));
            assert_eq!(shown(&sample), [] as [&str; 0]);
        }
    }

    #[test]
    fn innovatecorp_sells_both_products_on_its_record() {
        let mut sample = Sample::new();
        sample.record(CrossSell, None, "Advanced Analytics + API Plus").source = Some("API limit".to_owned());
        sample.signal(ApiLimit, AddOn, 0.9, 0);
        sample.signal(FeatureInterest, CrossSell, 0.7, 5).product = Some(ANALYTICS);
        assert_eq!(shown(&sample), ["cross_sell on Advanced Analytics + API Plus: api_limit feature_interest"]);
        let group = &groups(&sample.input())[0];
        assert_eq!(group.products(), [ANALYTICS, API_PLUS]);
        assert_eq!(group.estimate(&sample.input()).value.expected, Some(Money::units(45_000)));
    }

    #[test]
    fn a_new_team_joins_the_product_it_is_for_and_adds_no_amount() {
        let mut sample = Sample::new();
        sample.record(CrossSell, Some(ANALYTICS), "Advanced Analytics + API Plus").source =
            Some("API limit".to_owned());
        sample.signal(ApiLimit, AddOn, 0.9, 0);
        sample.signal(FeatureInterest, CrossSell, 0.7, 5).product = Some(ANALYTICS);
        sample.signal(NewTeamOnboarding, LandAndExpand, 0.75, 0);
        assert_eq!(
            shown(&sample),
            [
                "cross_sell/Advanced Analytics on Advanced Analytics + API Plus: api_limit new_team_onboarding feature_interest"
            ]
        );
        let value = groups(&sample.input())[0].estimate(&sample.input()).value;
        assert_eq!((value.expected, value.method.as_str()), (Some(Money::units(45_000)), "Sum of 2 parts"));
        sample.live.remove(1);
        assert_eq!(shown(&sample).len(), 1, "the record's own product counts");
        sample.account.opportunities.clear();
        assert_eq!(shown(&sample), ["add_on/API Plus: api_limit", "land_and_expand: new_team_onboarding"]);
    }

    #[test]
    fn a_record_keeps_the_signals_that_it_was_made_from() {
        let mut sample = Sample::new();
        sample.record(TierUpgrade, Some(PREMIUM), "Premium tier").source = Some("QBR".to_owned());
        sample.signal(SeatUtilization, SeatExpansion, 0.83, 0);
        sample.signal(UsageGrowth, TierUpgrade, 0.7, 0).general = true;
        assert_eq!(shown(&sample), ["seat_expansion: seat_utilization + usage_growth"]);
        sample.account.opportunities[0].source = Some("Usage growth".to_owned());
        assert_eq!(
            shown(&sample),
            ["seat_expansion: seat_utilization", "tier_upgrade/Premium on Premium tier: usage_growth"]
        );
        sample.account.opportunities[0].source = Some("New team onboarding".to_owned());
        sample.signal(NewTeamOnboarding, LandAndExpand, 0.75, 0);
        assert_eq!(
            shown(&sample),
            [
                "seat_expansion: seat_utilization",
                "tier_upgrade/Premium on Premium tier: new_team_onboarding + usage_growth"
            ]
        );
    }

    #[test]
    fn an_account_has_one_plan() {
        let mut sample = Sample::new();
        let enterprise = ProductId(4);
        let product = crate::account::Product {
            id: enterprise,
            name: "Enterprise".to_owned(),
            plan_tier: Some(4),
            ..sample.market.products[2].clone()
        };
        sample.market.products.push(product);
        sample.signal(UsageGrowth, TierUpgrade, 0.8, 0);
        sample.signal(ComparisonShopping, Upsell, 0.75, 0);
        assert_eq!(shown(&sample), ["tier_upgrade/Premium: usage_growth comparison_shopping"]);
        sample.signal(ExplicitRequest, TierUpgrade, 0.7, 0).product = Some(enterprise);
        assert_eq!(shown(&sample), ["tier_upgrade/Enterprise: usage_growth comparison_shopping explicit_request"]);
        sample.record(TierUpgrade, Some(PREMIUM), "Premium tier");
        assert_eq!(
            shown(&sample)[0],
            "tier_upgrade/Premium on Premium tier: usage_growth comparison_shopping explicit_request"
        );
    }

    #[test]
    fn what_is_said_in_one_meeting_is_about_the_product_named_there() {
        let mut sample = Sample::new();
        let meeting = Some(MeetingId(4));
        let interest = sample.signal(FeatureInterest, CrossSell, 0.7, 5);
        (interest.product, interest.evidence[0].meeting) = (Some(ANALYTICS), meeting);
        let comparison = sample.signal(ComparisonShopping, Upsell, 0.7, 5);
        comparison.evidence[0].meeting = meeting;
        sample.signal(ExplicitRequest, SeatExpansion, 0.9, 5).evidence[0].meeting = meeting;
        assert_eq!(
            shown(&sample),
            ["seat_expansion: explicit_request", "cross_sell/Advanced Analytics: feature_interest comparison_shopping"]
        );
        sample.live[1].evidence[0].meeting = Some(MeetingId(5));
        assert_eq!(
            shown(&sample)[1..],
            ["cross_sell/Advanced Analytics: feature_interest", "upsell/Premium: comparison_shopping"]
        );
    }

    #[test]
    fn a_team_that_was_named_where_seats_were_asked_for_wants_them() {
        let mut sample = Sample::new();
        let meeting = Some(MeetingId(4));
        sample.signal(ExplicitRequest, SeatExpansion, 0.9, 5).evidence[0].meeting = meeting;
        sample.signal(NewDepartmentMentioned, LandAndExpand, 0.65, 5).evidence[0].meeting = meeting;
        assert_eq!(shown(&sample), ["seat_expansion: explicit_request new_department_mentioned"]);
        sample.live[1].evidence[0].meeting = Some(MeetingId(5));
        assert_eq!(
            shown(&sample),
            ["seat_expansion: explicit_request", "land_and_expand: new_department_mentioned"],
            "in another meeting they may want something else"
        );
    }

    #[test]
    fn a_signal_without_product_takes_its_records_product() {
        let mut sample = Sample::new();
        sample.record(CrossSell, Some(ANALYTICS), "Analytics");
        sample.signal(NewUseCase, CrossSell, 0.65, 0);
        let group = &groups(&sample.input())[0];
        assert_eq!(
            (group.product(), group.estimate(&sample.input()).value.expected),
            (Some(ANALYTICS), Some(Money::units(30_000)))
        );
    }
}
