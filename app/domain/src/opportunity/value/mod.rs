//! What an opportunity may bring a year: low, expected and high, with the method and its inputs (PRODUCT 5).
//!
//! Never a flat share of ARR. When a price or a quantity is missing there is no amount, and the method says why. To add
//! a method: a file here that answers a `Worked` or a reason, and an arm in [`estimate`].

mod plan;
mod product;
mod seats;
mod term;

use super::{OpportunityType, found::ValueEstimate, input::Input};
use crate::{id::ProductId, money::Money, signal::episode::Episode};

pub use seats::{SeatPrice, seat_price};

/// An estimate with what names need of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Low, expected, high, method, inputs.
    pub value: ValueEstimate,
    /// Seats expected, for the name "45 additional seats".
    pub seats: Option<i64>,
}

/// A finished calculation.
#[derive(Debug, Clone, PartialEq)]
struct Worked {
    low: Money,
    expected: Money,
    high: Money,
    method: &'static str,
    inputs: Vec<(String, String)>,
    range: String,
    seats: Option<i64>,
}

/// Why there is no amount, with the inputs that are known.
#[derive(Debug, Clone, PartialEq)]
struct NoAmount {
    reason: String,
    inputs: Vec<(String, String)>,
    seats: Option<i64>,
}

impl NoAmount {
    fn because(reason: impl Into<String>) -> NoAmount {
        NoAmount { reason: reason.into(), inputs: Vec::new(), seats: None }
    }
}

/// What stands for low and high where only one price is known.
const ONE_PRICE: &str = "One price is known, so low and high are the same.";

/// The value of one (type, product) with the signals that speak for it.
#[must_use]
pub fn estimate(
    input: &Input<'_>,
    kind: OpportunityType,
    product: Option<ProductId>,
    signals: &[&Episode],
) -> Estimate {
    let asked = asked_quantity(kind, signals);
    let named = product.and_then(|id| input.context.market.product(id));
    let worked = match kind {
        OpportunityType::SeatExpansion => seats::expansion(input, asked),
        OpportunityType::LandAndExpand => seats::new_team(input, signals, asked),
        OpportunityType::TierUpgrade => plan::upgrade(input, named),
        OpportunityType::PricingUpdate => plan::current_price(input),
        OpportunityType::MultiYear => term::multi_year(input),
        OpportunityType::Upsell if named.is_none_or(|p| p.plan_tier.is_some()) => plan::upgrade(input, named),
        OpportunityType::Upsell | OpportunityType::CrossSell | OpportunityType::AddOn => match named {
            Some(named) => product::price(input, named, asked),
            None => Err(NoAmount::because("no signal names a product of the catalogue")),
        },
    };
    match worked {
        Ok(worked) => Estimate {
            value: ValueEstimate {
                low: Some(worked.low),
                expected: Some(worked.expected),
                high: Some(worked.high),
                method: worked.method.to_owned(),
                inputs: worked.inputs,
                range: worked.range,
            },
            seats: worked.seats,
        },
        Err(missing) => Estimate {
            value: ValueEstimate {
                low: None,
                expected: None,
                high: None,
                method: format!("No amount: {}", missing.reason),
                inputs: missing.inputs,
                range: String::new(),
            },
            seats: missing.seats,
        },
    }
}

/// Several estimates as one: the sum of those with an amount; the others are named, not counted as 0.
#[must_use]
pub fn sum(mut estimates: Vec<Estimate>) -> Estimate {
    if estimates.len() == 1
        && let Some(only) = estimates.pop()
    {
        return only;
    }
    let add = |pick: fn(&ValueEstimate) -> Option<Money>| {
        let amounts: Vec<Money> = estimates.iter().filter_map(|e| pick(&e.value)).collect();
        (!amounts.is_empty()).then(|| amounts.into_iter().sum())
    };
    let (low, expected, high) = (add(|v| v.low), add(|v| v.expected), add(|v| v.high));
    let priced = estimates.iter().filter(|e| e.value.expected.is_some()).count();
    let method = match (priced, estimates.len()) {
        (0, 0) => "No amount: no signal names what to sell".to_owned(),
        (0, all) => format!("No amount: none of {all} parts has a price"),
        (priced, all) if priced == all => format!("Sum of {all} parts"),
        (priced, all) => format!("Sum of {priced} of {all} parts; the others have no amount"),
    };
    let mut ranges: Vec<String> = Vec::new();
    let mut inputs = Vec::new();
    for part in estimates {
        if part.value.expected.is_none() {
            inputs.push(("Not counted".to_owned(), part.value.method));
        }
        inputs.extend(part.value.inputs);
        if !part.value.range.is_empty() && !ranges.contains(&part.value.range) {
            ranges.push(part.value.range);
        }
    }
    Estimate { value: ValueEstimate { low, expected, high, method, inputs, range: ranges.join(" ") }, seats: None }
}

/// The largest quantity asked for by signals of this type: the same request heard twice is one request.
fn asked_quantity(kind: OpportunityType, signals: &[&Episode]) -> Option<i64> {
    signals.iter().filter(|s| s.leads_to == kind).filter_map(|s| s.asked_quantity).filter(|n| *n > 0).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::sample::{ANALYTICS, API_PLUS, PREMIUM, Sample},
        *,
    };
    use crate::signal::RuleKey;

    #[test]
    fn two_products_add_up_and_a_part_without_price_is_named() {
        let mut sample = Sample::new();
        let both = |sample: &Sample| {
            let input = sample.input();
            sum(vec![
                estimate(&input, OpportunityType::CrossSell, Some(ANALYTICS), &[]),
                estimate(&input, OpportunityType::AddOn, Some(API_PLUS), &[]),
            ])
            .value
        };
        let found = both(&sample);
        assert_eq!((found.expected, found.method.as_str()), (Some(Money::units(45_000)), "Sum of 2 parts"));
        assert_eq!(
            found.inputs,
            [
                ("Advanced Analytics, list price".to_owned(), "$30,000".to_owned()),
                ("API Plus, list price".to_owned(), "$15,000".to_owned())
            ]
        );
        assert_eq!(found.range, ONE_PRICE);

        sample.market.products.iter_mut().filter(|p| p.id == API_PLUS).for_each(|p| p.list_price_annual = None);
        let found = both(&sample);
        assert_eq!(found.expected, Some(Money::units(30_000)));
        assert_eq!(found.method, "Sum of 1 of 2 parts; the others have no amount");
    }

    #[test]
    fn without_a_product_there_is_no_amount() {
        let sample = Sample::new();
        let found = estimate(&sample.input(), OpportunityType::CrossSell, None, &[]).value;
        assert_eq!(
            (found.expected, found.method.as_str()),
            (None, "No amount: no signal names a product of the catalogue")
        );
        assert_eq!(sum(Vec::new()).value.expected, None);
    }

    proptest! {
        #[test]
        fn low_expected_and_high_stand_in_order(
            active in 0_i64..3000, licensed in 0_i64..3000, asked in 0_i64..300, price in 0_i64..5_000_000,
            annual in 0_i64..20_000_000, median in 0_i64..9_000_000, owners in 0_usize..9, rate in 0_i64..1000,
            unit in prop_oneof![Just("flat"), Just("seat"), Just("unit")],
        ) {
            let mut sample = Sample::new();
            sample.usage("active_users", active as f64);
            let contract = sample.contract();
            contract.licensed_seats = Some(licensed);
            contract.price_per_seat_annual = Some(Money(price));
            contract.annual_value = Some(Money(annual));
            sample.market.multi_year_rate_milli = rate;
            sample.market.products.iter_mut().for_each(|p| p.price_unit = Some(unit.to_owned()));
            sample.peers.owners.insert(ANALYTICS, owners);
            sample.peers.median_price.insert(ANALYTICS, Money(median));
            sample.signal(RuleKey::ExplicitRequest, OpportunityType::SeatExpansion, 0.9, 1).asked_quantity = Some(asked);
            let input = sample.input();
            let signals: Vec<&Episode> = sample.live.iter().collect();
            for kind in OpportunityType::ALL {
                for product in [None, Some(ANALYTICS), Some(PREMIUM)] {
                    let value = estimate(&input, *kind, product, &signals).value;
                    prop_assert!(value.low <= value.expected && value.expected <= value.high, "{:?}", value);
                    prop_assert!(value.low.is_none_or(|low| low.0 > 0), "an amount is above zero: {:?}", value);
                    prop_assert_eq!(value.low.is_some(), value.high.is_some());
                }
            }
        }
    }
}
