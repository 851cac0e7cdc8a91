//! The next plan's list price − current annual value, and the current price book − contract value (PRODUCT 5).

use super::{NoAmount, ONE_PRICE, Worked};
use crate::{
    account::{Contract, Product},
    format,
    money::Money,
    opportunity::input::Input,
};

/// The next plan, or the plan that a signal names.
pub(super) fn upgrade(input: &Input<'_>, plan: Option<&Product>) -> Result<Worked, NoAmount> {
    let plan = plan.ok_or_else(|| NoAmount::because("the catalogue has no plan above the current one"))?;
    difference(input, plan, "Next plan's list price − annual value", &format!("{}, list price", plan.name))
}

/// The contract's own plan at today's list price.
pub(super) fn current_price(input: &Input<'_>) -> Result<Worked, NoAmount> {
    let contract = contract(input)?;
    let plan = contract.plan.and_then(|id| input.context.market.product(id));
    let plan = plan.ok_or_else(|| NoAmount::because("the contract names no plan of the catalogue"))?;
    let book = input.context.market.current_price_book.as_deref();
    let label = match book {
        Some(book) => format!("{}, list price in {book}", plan.name),
        None => format!("{}, list price", plan.name),
    };
    difference(input, plan, "Current price book − contract value", &label)
}

fn difference(input: &Input<'_>, plan: &Product, method: &'static str, label: &str) -> Result<Worked, NoAmount> {
    let list = plan.list_price_annual.filter(|price| price.0 > 0);
    let list = list.ok_or_else(|| NoAmount::because(format!("{} has no list price", plan.name)))?;
    let contract = contract(input)?;
    let current = contract.annual_value.or_else(|| input.account.annual_value(input.today()));
    let current = current.ok_or_else(|| NoAmount::because("the annual value today is not known"))?;
    let mut inputs = Vec::new();
    let (at_seats, at_active) = if plan.price_unit.as_deref() == Some("seat") {
        let seats = input.licensed_seats();
        let seats =
            seats.ok_or_else(|| NoAmount::because("the plan is priced per seat, and licensed seats are not known"))?;
        let total = times(list, seats);
        inputs.push((format!("{label} per seat"), input.money(list)));
        inputs.push(("Licensed seats".to_owned(), format!("× {} = {}", format::number(seats), input.money(total))));
        (total, times(list, seats.max(input.active_users().unwrap_or(0))))
    } else {
        inputs.push((label.to_owned(), input.money(list)));
        (list, list)
    };
    inputs.push(("Annual value today".to_owned(), format!("{} {}", format::MINUS, input.money(current))));
    let expected = at_seats - current;
    if expected.0 <= 0 {
        let reason = format!(
            "{} at list price, {}, is not above the annual value today, {}",
            plan.name,
            input.money(at_seats),
            input.money(current)
        );
        return Err(NoAmount { reason, inputs, seats: None });
    }
    let range = if at_active > at_seats {
        "Low and expected at the licensed seats, high at the active users.".to_owned()
    } else {
        ONE_PRICE.to_owned()
    };
    Ok(Worked { low: expected, expected, high: at_active - current, method, inputs, range, seats: None })
}

fn contract<'a>(input: &Input<'a>) -> Result<&'a Contract, NoAmount> {
    input.account.contract_on(input.today()).ok_or_else(|| NoAmount::because("no contract is in force"))
}

fn times(price: Money, seats: i64) -> Money {
    Money(price.0.saturating_mul(seats))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::sample::{PREMIUM, Sample};

    fn premium(sample: &Sample) -> Result<Worked, NoAmount> {
        upgrade(&sample.input(), sample.market.product(PREMIUM))
    }

    #[test]
    fn a_flat_plan_costs_its_list_price_more() {
        let sample = Sample::new();
        let found = premium(&sample).unwrap();
        assert_eq!(
            (found.low, found.expected, found.high),
            (Money::units(85_000), Money::units(85_000), Money::units(85_000))
        );
        assert_eq!(
            found.inputs,
            [
                ("Premium, list price".to_owned(), "$135,000".to_owned()),
                ("Annual value today".to_owned(), "− $50,000".to_owned())
            ]
        );
    }

    #[test]
    fn a_plan_per_seat_counts_seats_and_at_best_active_users() {
        let mut sample = Sample::new();
        sample.market.products[2].price_unit = Some("seat".to_owned());
        sample.market.products[2].list_price_annual = Some(Money::units(1_500));
        sample.usage("active_users", 60.0);
        let found = premium(&sample).unwrap();
        assert_eq!(
            (found.low, found.expected, found.high),
            (Money::units(25_000), Money::units(25_000), Money::units(40_000))
        );
        assert_eq!(found.inputs[1], ("Licensed seats".to_owned(), "× 50 = $75,000".to_owned()));
        sample.contract().licensed_seats = None;
        assert!(premium(&sample).unwrap_err().reason.contains("licensed seats are not known"));
    }

    #[test]
    fn no_amount_names_its_reason() {
        let reason = |sample: &Sample| premium(sample).unwrap_err().reason;
        let mut sample = Sample::new();
        sample.contract().annual_value = Some(Money::units(140_000));
        assert_eq!(reason(&sample), "Premium at list price, $135,000, is not above the annual value today, $140,000");
        sample.contract().annual_value = None;
        sample.account.customer.arr = None;
        assert_eq!(reason(&sample), "the annual value today is not known");
        sample.market.products[2].list_price_annual = None;
        assert_eq!(reason(&sample), "Premium has no list price");
        assert!(upgrade(&sample.input(), None).unwrap_err().reason.contains("no plan above"));
        sample.account.contracts.clear();
        assert_eq!(current_price(&sample.input()).unwrap_err().reason, "no contract is in force");
    }

    #[test]
    fn the_current_price_book_stands_against_the_contract() {
        let mut sample = Sample::new();
        let found = current_price(&sample.input()).unwrap();
        assert_eq!(
            (found.expected, found.inputs[0].0.as_str()),
            (Money::units(10_000), "Business, list price in 2026")
        );
        sample.contract().plan = None;
        assert!(current_price(&sample.input()).unwrap_err().reason.contains("names no plan"));
    }
}
