//! Multi-year: annual value × a planning rate (PRODUCT 5, PRODUCT 2 on Q4).

use super::{NoAmount, Worked};
use crate::{format, money::Money, opportunity::input::Input};

/// What a longer term is planned to bring a year. The planning rate is a plan and not a price, so low and high stand half
/// of it below and above. The term is shown beside it; total contract value is never added.
pub(super) fn multi_year(input: &Input<'_>) -> Result<Worked, NoAmount> {
    let contract = input.account.contract_on(input.today());
    let annual = contract.and_then(|c| c.annual_value).or_else(|| input.account.annual_value(input.today()));
    let annual = annual.filter(|value| value.0 > 0);
    let annual = annual.ok_or_else(|| NoAmount::because("the annual value today is not known"))?;
    let rate = input.context.market.multi_year_rate_milli;
    if rate <= 0 {
        return Err(NoAmount::because("the planning rate of multi-year conversions is set to 0"));
    }
    let mut inputs = vec![
        ("Annual value today".to_owned(), input.money(annual)),
        ("Planning rate".to_owned(), format!("× {}", percent_of_milli(rate))),
    ];
    if let Some(months) = contract.and_then(|c| c.term_months) {
        inputs.push(("Term today, not in the amount".to_owned(), format!("{} months", format::number(months))));
    }
    let share = |milli: i64| annual.times(milli as f64 / 1000.0);
    // Half a thousandth is lost on odd rates without the doubled scale.
    let half = |milli: i64| annual.times(milli as f64 / 2000.0);
    let (low, expected, high) = (half(rate), share(rate), half(rate.saturating_mul(3)));
    if low <= Money::ZERO {
        return Err(NoAmount::because("the annual value is too small for the planning rate"));
    }
    Ok(Worked {
        low,
        expected,
        high,
        method: "Annual value × planning rate",
        inputs,
        range: "Low at half the planning rate, high at one and a half times it.".to_owned(),
        seats: None,
    })
}

fn percent_of_milli(milli: i64) -> String {
    format::percent_with(milli as f64 / 1000.0, u32::from(milli % 10 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::sample::Sample;

    #[test]
    fn the_planning_rate_is_applied_to_the_annual_value() {
        let mut sample = Sample::new();
        let found = multi_year(&sample.input()).unwrap();
        assert_eq!(
            (found.low, found.expected, found.high),
            (Money::units(3_750), Money::units(7_500), Money::units(11_250))
        );
        assert_eq!(found.inputs[1], ("Planning rate".to_owned(), "× 15\u{202f}%".to_owned()));
        assert_eq!(found.inputs[2], ("Term today, not in the amount".to_owned(), "12 months".to_owned()));

        sample.market.multi_year_rate_milli = 125;
        let found = multi_year(&sample.input()).unwrap();
        assert_eq!((found.expected, found.inputs[1].1.as_str()), (Money::units(6_250), "× 12.5\u{202f}%"));

        sample.contract().annual_value = None;
        sample.account.customer.arr = None;
        assert_eq!(multi_year(&sample.input()).unwrap_err().reason, "the annual value today is not known");
    }
}
