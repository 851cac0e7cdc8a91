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
/// 2. a name that mentions the product, on a record of the same or a related type,
/// 3. the same type, where the record names no product,
/// 4. the same type, where the signals name none; or another plan, because an account has one plan,
/// 5. a record whose source is one of the rules, where either names no product,
/// 6. a related type, on a record that was made from a signal, where either names no product; an upgrade takes the
///    signals for a plan whoever made it.
///
/// Related: add-on and cross-sell are both another product; a new team is who a product is for; an upsell to a plan is an
/// upgrade. Records of people (source "QBR", "CSM") take only what fits their own type or product.
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
        let related = is_related(kind, record.kind, wants_plan);
        let source = source_rule(record);
        let open_product = record.product.is_none() || product.is_none();
        let is_upgrade = record.kind == OpportunityType::TierUpgrade && wants_plan;
        if product.is_some() && record.product == product {
            Some(u8::from(!same_kind))
        } else if (same_kind || related) && wanted.is_some_and(|p| mentions(&record.name, p)) {
            Some(2)
        } else if same_kind && record.product.is_none() {
            Some(3)
        } else if same_kind && (product.is_none() || is_upgrade) {
            Some(4)
        } else if open_product && source.is_some_and(|rule| rules.contains(&rule)) {
            Some(5)
        } else if related && (is_upgrade || (open_product && source.is_some())) {
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
    use OpportunityType::{AddOn, CrossSell, LandAndExpand, TierUpgrade, Upsell};
    match (kind, record) {
        (AddOn, CrossSell) | (CrossSell, AddOn) | (LandAndExpand, AddOn | CrossSell) => true,
        (Upsell, TierUpgrade) => wants_plan,
        _ => false,
    }
}

/// The rule that a record was made from, when its source is one.
fn source_rule(record: &KnownOpportunity) -> Option<RuleKey> {
    let source = record.source.as_deref()?.trim();
    RuleKey::ALL.iter().copied().find(|rule| source.eq_ignore_ascii_case(rule.label()) || source == rule.key())
}

fn mentions(name: &str, product: &Product) -> bool {
    let name = name.to_lowercase();
    let mut names = product.aliases.iter().chain([&product.name]).map(|n| n.trim().to_lowercase());
    names.any(|n| !n.is_empty() && name.contains(&n))
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

/// Whether an open record was made from a signal of this rule.
pub(super) fn has_home(input: &Input<'_>, rule: RuleKey) -> bool {
    input.account.opportunities.iter().any(|record| record.stage.is_open() && source_rule(record) == Some(rule))
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
        // type, product and source of records by name → the record for (type, product)
        let record = |records: &[(OpportunityType, Option<ProductId>, &str, &str)], part: Part| {
            let mut sample = Sample::new();
            for (kind, product, name, source) in records {
                sample.record(*kind, *product, name).source = Some((*source).to_owned());
            }
            record_for(&sample.input(), part, &BTreeSet::from([RuleKey::ApiLimit])).map(|r| r.name.clone())
        };
        let cases: [(&[(OpportunityType, Option<ProductId>, &str, &str)], Part, Option<&str>); 20] = [
            (&[(AddOn, None, "a", "CSM"), (AddOn, Some(API_PLUS), "b", "CSM")], (AddOn, Some(API_PLUS)), Some("b")),
            (&[(CrossSell, Some(API_PLUS), "a", "CSM")], (AddOn, Some(API_PLUS)), Some("a")),
            (&[(AddOn, Some(STORAGE), "a", "CSM")], (AddOn, Some(API_PLUS)), None),
            (&[(AddOn, Some(STORAGE), "a", "CSM")], (AddOn, None), Some("a")),
            (
                &[(AddOn, None, "a", "CSM"), (AddOn, None, "The api plus deal", "CSM")],
                (AddOn, Some(API_PLUS)),
                Some("The api plus deal"),
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
            (&[(CrossSell, Some(ANALYTICS), "a", "API limit")], (AddOn, Some(API_PLUS)), None),
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
