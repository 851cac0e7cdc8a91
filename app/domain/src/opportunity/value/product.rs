//! List price of a product, or the median that peers pay for it (PRODUCT 5).

use super::{NoAmount, ONE_PRICE, Worked};
use crate::{account::Product, format, money::Money, opportunity::input::Input};

/// Fewer owners than this say nothing about a price (PRODUCT 5).
const MIN_OWNERS: usize = 5;

/// What a product brings: the median that peers pay when five or more own it, else its list price. Low and high are the
/// lower and the higher of the two.
pub(super) fn price(input: &Input<'_>, product: &Product, asked: Option<i64>) -> Result<Worked, NoAmount> {
    let mut inputs = Vec::new();
    let mut missing = format!("{} has no list price", product.name);
    let list = match product.list_price_annual.filter(|price| price.0 > 0) {
        None => None,
        Some(price) => match quantity(input, product, asked) {
            Ok(quantity) => Some(listed(input, product, price, quantity, &mut inputs)),
            Err(reason) => {
                missing = reason;
                None
            }
        },
    };
    let owners = input.context.peers.owners.get(&product.id).copied().unwrap_or(0);
    let median = input.context.peers.median_price.get(&product.id).copied();
    let median = median.filter(|price| price.0 > 0 && owners >= MIN_OWNERS);
    if let Some(median) = median {
        inputs.push((format!("{}, median that {owners} peers pay", product.name), input.money(median)));
    }
    let (Some(expected), Some(other)) = (median.or(list), list.or(median)) else {
        let reason = format!("{missing}, and fewer than {MIN_OWNERS} peers pay for it");
        return Err(NoAmount { reason, inputs, seats: None });
    };
    let (method, range) = match (median, list) {
        (Some(_), Some(_)) => {
            ("Median that peers pay", "Low and high are the list price and the peers' median.".to_owned())
        }
        (Some(_), None) => ("Median that peers pay", ONE_PRICE.to_owned()),
        _ => ("List price", ONE_PRICE.to_owned()),
    };
    Ok(Worked { low: expected.min(other), expected, high: expected.max(other), method, inputs, range, seats: None })
}

/// What the list price is multiplied by.
enum Quantity {
    One,
    Seats(i64),
    Units(i64),
}

fn quantity(input: &Input<'_>, product: &Product, asked: Option<i64>) -> Result<Quantity, String> {
    match product.price_unit.as_deref() {
        Some("seat") => input
            .licensed_seats()
            .or_else(|| input.active_users())
            .map(Quantity::Seats)
            .ok_or_else(|| format!("{} is priced per seat, and seats are not known", product.name)),
        Some("unit") => Ok(Quantity::Units(asked.unwrap_or(1))),
        _ => Ok(Quantity::One),
    }
}

fn listed(
    input: &Input<'_>,
    product: &Product,
    price: Money,
    quantity: Quantity,
    inputs: &mut Vec<(String, String)>,
) -> Money {
    let (each, label, n) = match quantity {
        Quantity::One => ("", "", 1),
        Quantity::Seats(n) => (" per seat", "Seats", n),
        Quantity::Units(n) => (" per unit", "Units", n),
    };
    let total = Money(price.0.saturating_mul(n));
    inputs.push((format!("{}, list price{each}", product.name), input.money(price)));
    if !label.is_empty() {
        inputs.push((label.to_owned(), format!("× {} = {}", format::number(n), input.money(total))));
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::sample::{ANALYTICS, Sample};

    #[test]
    fn list_price_or_what_peers_pay() {
        // unit, list price, peers that own it, their median → low, expected, high
        type Row = (&'static str, Option<i64>, usize, Option<i64>, Option<(i64, i64, i64)>);
        let rows: [Row; 9] = [
            ("flat", Some(30), 0, None, Some((30, 30, 30))),
            ("flat", Some(30), 4, Some(24), Some((30, 30, 30))),
            ("flat", Some(30), 5, Some(24), Some((24, 24, 30))),
            ("flat", Some(30), 5, Some(36), Some((30, 36, 36))),
            ("flat", None, 7, Some(24), Some((24, 24, 24))),
            ("flat", None, 4, Some(24), None),
            ("flat", Some(0), 0, None, None),
            ("seat", Some(2), 0, None, Some((100, 100, 100))),
            ("unit", Some(2), 0, None, Some((6, 6, 6))),
        ];
        for (unit, list, owners, median, expected) in rows {
            let mut sample = Sample::new();
            let product = sample.market.products.iter_mut().find(|p| p.id == ANALYTICS).unwrap();
            product.price_unit = Some(unit.to_owned());
            product.list_price_annual = list.map(Money::units);
            sample.peers.owners.insert(ANALYTICS, owners);
            if let Some(median) = median {
                sample.peers.median_price.insert(ANALYTICS, Money::units(median));
            }
            let found = price(&sample.input(), sample.market.product(ANALYTICS).unwrap(), Some(3));
            let amounts = found.ok().map(|w| (w.low.0 / 100, w.expected.0 / 100, w.high.0 / 100));
            assert_eq!(amounts, expected, "{unit} {list:?} {owners} {median:?}");
        }
    }

    #[test]
    fn a_price_per_seat_needs_seats() {
        let mut sample = Sample::new();
        sample.market.products[3].price_unit = Some("seat".to_owned());
        sample.contract().licensed_seats = None;
        let found = price(&sample.input(), &sample.market.products[3], None).unwrap_err();
        assert_eq!(
            found.reason,
            "Advanced Analytics is priced per seat, and seats are not known, and fewer than 5 peers pay for it"
        );
    }
}
