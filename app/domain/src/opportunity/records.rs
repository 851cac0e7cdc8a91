//! Which open record signals attach to (PRODUCT 5: new signals attach to the one open opportunity).

use std::collections::BTreeSet;

use super::{
    OpportunityType,
    group::{Part, sells_products},
    input::Input,
};
use crate::{
    account::{KnownOpportunity, Product},
    id::ProductId,
    signal::RuleKey,
};

/// The open record that signals of these rules for this part attach to. From the best match to the weakest, of equals
/// the oldest:
///
/// 0. the same type and product,
/// 1. the same product,
/// 2. the product in its name ("Advanced Analytics + API Plus"), on a record of the same or a related type,
/// 3. the same type, where the record names no product,
/// 4. the same type, where the signals name no product; or another plan, because an account has one plan,
/// 5. a record that was made from one of the rules (its source says so), where either names no product,
/// 6. an upgrade, for an upsell to a plan.
///
/// Related: add-on and cross-sell are both another product, an upsell to a plan is an upgrade.
#[must_use]
pub fn record_for<'a>(
    input: &Input<'a>,
    (kind, product): Part,
    rules: &BTreeSet<RuleKey>,
) -> Option<&'a KnownOpportunity> {
    let market = input.context.market;
    let wanted = product.and_then(|id| market.product(id));
    let wants_plan = wanted.is_some_and(|p| p.plan_tier.is_some());
    let rank = |record: &KnownOpportunity| -> Option<u8> {
        let same_kind = record.kind == kind;
        let related = same_kind || is_related(kind, record.kind, wants_plan);
        let is_upgrade = record.kind == OpportunityType::TierUpgrade && wants_plan;
        let from_these = || source_rule(record).is_some_and(|rule| has_one_subject(rule) && rules.contains(&rule));
        if product.is_some() && record.product == product {
            Some(u8::from(!same_kind))
        } else if related && wanted.is_some_and(|p| mentions(&record.name, p)) {
            Some(2)
        } else if same_kind && record.product.is_none() {
            Some(3)
        } else if same_kind && (product.is_none() || is_upgrade) {
            Some(4)
        } else if (record.product.is_none() || product.is_none()) && from_these() {
            Some(5)
        } else if related && is_upgrade {
            Some(6)
        } else {
            None
        }
    };
    let open = input.account.opportunities.iter().filter(|record| record.stage.is_open());
    let ranked = open.filter_map(|record| Some((rank(record)?, record.id, record)));
    ranked.min_by_key(|(rank, id, _)| (*rank, *id)).map(|(_, _, record)| record)
}

fn is_related(kind: OpportunityType, record: OpportunityType, wants_plan: bool) -> bool {
    use OpportunityType::{AddOn, CrossSell, TierUpgrade, Upsell};
    match (kind, record) {
        (AddOn, CrossSell) | (CrossSell, AddOn) => true,
        (Upsell, TierUpgrade) => wants_plan,
        _ => false,
    }
}

/// The rule that a record was made from, when its source is one.
fn source_rule(record: &KnownOpportunity) -> Option<RuleKey> {
    let source = record.source.as_deref()?.trim();
    RuleKey::ALL.iter().copied().find(|rule| source.eq_ignore_ascii_case(rule.label()) || source == rule.key())
}

/// Rules whose signals on an account all speak for the same opportunity. Of the others, "Explicit request" as a source
/// does not say which request.
const fn has_one_subject(rule: RuleKey) -> bool {
    use RuleKey::{
        ApiGrowth, ApiLimit, LegacyPricing, MultiYearAvailable, NewTeamOnboarding, SeatOverage, SeatUtilization,
        UsageGrowth,
    };
    matches!(
        rule,
        ApiGrowth
            | ApiLimit
            | LegacyPricing
            | MultiYearAvailable
            | NewTeamOnboarding
            | SeatOverage
            | SeatUtilization
            | UsageGrowth
    )
}

/// Whether one of the things that a name lists is the product.
fn mentions(name: &str, product: &Product) -> bool {
    let listed = name.to_lowercase().replace(" and ", "+");
    let mut names = product.aliases.iter().chain([&product.name]).map(|n| n.trim().to_lowercase());
    names.any(|n| !n.is_empty() && listed.split(['+', ',', '&']).any(|part| part.trim() == n))
}

/// What a part adds to a record: a product of its own, else what the record sells. An account has one plan.
pub(super) fn sold_by(input: &Input<'_>, record: &KnownOpportunity, (kind, product): Part) -> Part {
    let is_plan = |id: ProductId| input.context.market.product(id).is_some_and(|p| p.plan_tier.is_some());
    match (product, record.product) {
        (Some(own), Some(sold)) if own != sold && is_plan(own) && is_plan(sold) => (record.kind, record.product),
        (Some(_), _) => (kind, product),
        (None, _) if sells_products(record.kind) => (record.kind, record.product),
        (None, _) => (record.kind, None),
    }
}

/// The oldest open record that was made from a signal of this rule.
pub(super) fn record_made_from<'a>(input: &Input<'a>, rule: RuleKey) -> Option<&'a KnownOpportunity> {
    let open = input.account.opportunities.iter().filter(|record| record.stage.is_open());
    open.filter(|record| source_rule(record) == Some(rule)).min_by_key(|record| record.id)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            OpportunityType::*,
            Stage,
            sample::{ANALYTICS, API_PLUS, BUSINESS, PREMIUM, STORAGE, Sample},
        },
        *,
    };

    #[test]
    fn records_take_what_fits_them_best() {
        // Type, product, name and source of records; what is asked for; the name of the record that is found.
        type Record = (OpportunityType, Option<ProductId>, &'static str, &'static str);
        type Case = (&'static [Record], Part, Option<&'static str>);
        let record = |records: &[Record], part: Part| {
            let mut sample = Sample::new();
            for (kind, product, name, source) in records {
                sample.record(*kind, *product, name).source = Some((*source).to_owned());
            }
            record_for(&sample.input(), part, &BTreeSet::from([RuleKey::ApiLimit, RuleKey::ExplicitRequest]))
                .map(|r| r.name.clone())
        };
        let cases: [Case; 22] = [
            (&[(AddOn, None, "a", "CSM"), (AddOn, Some(API_PLUS), "b", "CSM")], (AddOn, Some(API_PLUS)), Some("b")),
            (&[(CrossSell, Some(API_PLUS), "a", "CSM")], (AddOn, Some(API_PLUS)), Some("a")),
            (&[(AddOn, Some(STORAGE), "a", "CSM")], (AddOn, Some(API_PLUS)), None),
            (&[(AddOn, Some(STORAGE), "a", "CSM")], (AddOn, None), Some("a")),
            (
                &[(AddOn, None, "a", "CSM"), (AddOn, None, "Storage and api plus", "CSM")],
                (AddOn, Some(API_PLUS)),
                Some("Storage and api plus"),
            ),
            (&[(AddOn, None, "a", "CSM"), (AddOn, None, "b", "CSM")], (AddOn, Some(API_PLUS)), Some("a")),
            (&[(CrossSell, None, "a", "CSM")], (AddOn, Some(API_PLUS)), None),
            (&[(CrossSell, None, "a", "api_limit")], (AddOn, Some(API_PLUS)), Some("a")),
            (&[(CrossSell, None, "API Plus", "CSM")], (AddOn, Some(API_PLUS)), Some("API Plus")),
            (
                &[(CrossSell, Some(ANALYTICS), "Analytics + API Plus", "CSM")],
                (AddOn, Some(API_PLUS)),
                Some("Analytics + API Plus"),
            ),
            (&[(CrossSell, Some(ANALYTICS), "More API Plus", "CSM")], (AddOn, Some(API_PLUS)), None),
            (&[(CrossSell, Some(ANALYTICS), "a", "API limit")], (AddOn, Some(API_PLUS)), None),
            (&[(CrossSell, None, "a", "Explicit request")], (AddOn, Some(API_PLUS)), None),
            (&[(CrossSell, Some(ANALYTICS), "a", "API limit")], (LandAndExpand, None), Some("a")),
            (&[(CrossSell, Some(ANALYTICS), "a", "CSM")], (LandAndExpand, None), None),
            (&[(TierUpgrade, Some(PREMIUM), "a", "API limit")], (LandAndExpand, None), Some("a")),
            (&[(TierUpgrade, Some(PREMIUM), "a", "QBR")], (TierUpgrade, Some(BUSINESS)), Some("a")),
            (&[(TierUpgrade, Some(PREMIUM), "a", "QBR")], (Upsell, Some(BUSINESS)), Some("a")),
            (&[(TierUpgrade, None, "a", "QBR")], (Upsell, Some(PREMIUM)), Some("a")),
            (&[(TierUpgrade, None, "a", "QBR")], (Upsell, Some(ANALYTICS)), None),
            (&[(SeatExpansion, None, "a", "QBR"), (SeatExpansion, None, "b", "QBR")], (SeatExpansion, None), Some("a")),
            (&[(MultiYear, None, "a", "QBR")], (SeatExpansion, None), None),
        ];
        for (records, part, expected) in cases {
            assert_eq!(record(records, part).as_deref(), expected, "{records:?} for {part:?}");
        }
        let mut sample = Sample::new();
        sample.record(SeatExpansion, None, "closed").stage = Stage::ClosedWon;
        assert!(record_for(&sample.input(), (SeatExpansion, None), &BTreeSet::new()).is_none());
    }
}
