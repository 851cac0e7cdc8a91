//! Seats short × price per seat, and a new team × price per seat (PRODUCT 5).

use super::{NoAmount, Worked};
use crate::{
    format,
    money::Money,
    opportunity::input::Input,
    signal::{EvidenceSource, RuleKey, episode::Episode},
};

/// Seats are sold in packs of this size (PRODUCT 5).
const PACK: i64 = 5;
/// Need × this ÷ 10 is the expected need: 20 % growth room (PRODUCT 5).
const EXPECTED_TENTHS: i64 = 12;
/// 40 % growth room for the high value.
const HIGH_TENTHS: i64 = 14;
/// No growth room for the low value.
const LOW_TENTHS: i64 = 10;

/// What one more seat costs a year, and where that is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatPrice {
    /// Price of a seat for a year.
    pub price: Money,
    /// "Price per seat, contract".
    pub label: String,
}

/// The contract's price per seat; else its annual value ÷ seats; else the list price of the plan or of a seat product.
#[must_use]
pub fn seat_price(input: &Input<'_>) -> Option<SeatPrice> {
    let today = input.today();
    let mut contracts: Vec<_> = input.account.contracts.iter().filter(|c| c.in_force(today)).collect();
    contracts.sort_by_key(|c| std::cmp::Reverse((c.annual_value, c.starts_on, c.id)));
    let agreed = contracts.iter().filter_map(|c| c.price_per_seat_annual).find(|price| price.0 > 0);
    if let Some(price) = agreed {
        return Some(SeatPrice { price, label: "Price per seat, contract".to_owned() });
    }
    let divided = contracts.iter().find_map(|contract| {
        let (value, seats) = (contract.annual_value?, contract.licensed_seats.filter(|seats| *seats > 0)?);
        let price = Money((value.0 + seats / 2) / seats);
        let label = format!("Annual value {} ÷ {} seats", input.money(value), format::number(seats));
        (price.0 > 0).then_some(SeatPrice { price, label })
    });
    divided.or_else(|| {
        let market = input.context.market;
        let plan = contracts.iter().filter_map(|c| c.plan).find_map(|id| market.product(id));
        let plan = plan.filter(|plan| plan.price_unit.as_deref() == Some("seat"));
        let seat = || market.products.iter().filter(|p| p.metric.as_deref() == Some("seats")).min_by_key(|p| p.id);
        let product = plan.or_else(seat)?;
        let price = product.list_price_annual.filter(|price| price.0 > 0)?;
        Some(SeatPrice { price, label: format!("Price per seat, list price of {}", product.name) })
    })
}

/// Seats short, with growth room, in packs.
pub(super) fn expansion(input: &Input<'_>, asked: Option<i64>) -> Result<Worked, NoAmount> {
    let mut inputs = Vec::new();
    let (low, expected, high, range) = match (input.active_users(), input.licensed_seats(), asked) {
        (Some(active), Some(licensed), asked) => {
            let need = active.saturating_add(asked.unwrap_or(0));
            let short = |tenths| with_room(need, tenths) - licensed;
            inputs.push(("Active users now".to_owned(), format::number(active)));
            if let Some(asked) = asked {
                inputs.push(("Asked for".to_owned(), format!("+ {}", format::number(asked))));
            }
            let room = format!("× 1.2 = {}", format::number(with_room(need, EXPECTED_TENTHS)));
            inputs.push((format!("Growth room {}", format::percent(0.2)), room));
            inputs.push(("Licensed today".to_owned(), format!("{} {}", format::MINUS, format::number(licensed))));
            let expected = packs(short(EXPECTED_TENTHS));
            let rounding = format!("{} → {}", format::number(short(EXPECTED_TENTHS)), format::number(expected));
            inputs.push((format!("Short, in packs of {PACK}"), rounding));
            let range = format!("Low with no growth room, high with {}.", format::percent(0.4));
            (packs(short(LOW_TENTHS)), expected, packs(short(HIGH_TENTHS)), range)
        }
        (active, _, Some(asked)) => {
            let seats = packs(asked);
            let rounding = format!("{} → {}", format::number(asked), format::number(seats));
            inputs.push((format!("Asked for, in packs of {PACK}"), rounding));
            let missing = if active.is_none() { "Active users" } else { "Licensed seats" };
            (seats, seats, seats, format!("{missing} are not known, so only what was asked for counts."))
        }
        (None, _, None) => return Err(NoAmount::because("active users are not known")),
        (Some(_), None, None) => return Err(NoAmount::because("licensed seats are not known")),
    };
    priced(input, low, expected, high, "Seats short × price per seat", inputs, range)
}

/// The new team's users × price per seat.
pub(super) fn new_team(input: &Input<'_>, signals: &[&Episode], asked: Option<i64>) -> Result<Worked, NoAmount> {
    let counted: i64 = signals.iter().filter_map(|signal| new_users(signal)).sum();
    let (label, people) = match (counted, asked) {
        (seen, Some(asked)) if asked > seen => ("Seats asked for", asked),
        (1.., _) => ("New users of the team", counted),
        _ => return Err(NoAmount::because("how many people the team has is not known")),
    };
    let seats = packs(people);
    let high = packs(with_room(people, EXPECTED_TENTHS));
    let inputs = vec![
        (label.to_owned(), format::number(people)),
        (format!("In packs of {PACK}"), format!("{} → {}", format::number(people), format::number(seats))),
    ];
    let range = format!("Low is what is known, high has {} growth room.", format::percent(0.2));
    priced(input, seats, seats, high, "Users of the team × price per seat", inputs, range)
}

fn priced(
    input: &Input<'_>,
    low: i64,
    expected: i64,
    high: i64,
    method: &'static str,
    mut inputs: Vec<(String, String)>,
    range: String,
) -> Result<Worked, NoAmount> {
    let Some(SeatPrice { price, label }) = seat_price(input) else {
        let reason = "the price of a seat is not known".to_owned();
        return Err(NoAmount { reason, inputs, seats: Some(expected) });
    };
    inputs.push((label, format!("× {}", input.money(price))));
    let times = |seats: i64| Money(price.0.saturating_mul(seats));
    Ok(Worked {
        low: times(low),
        expected: times(expected),
        high: times(high),
        method,
        inputs,
        range,
        seats: Some(expected),
    })
}

/// Users whom a new-team signal counted.
fn new_users(signal: &Episode) -> Option<i64> {
    if signal.rule != RuleKey::NewTeamOnboarding {
        return None;
    }
    let people = signal.evidence.iter().filter(|e| e.source == EvidenceSource::People).find_map(|e| e.value)?;
    (people >= 1.0).then(|| people.round() as i64)
}

/// `need` × tenths ÷ 10, rounded up to whole seats.
fn with_room(need: i64, tenths: i64) -> i64 {
    need.saturating_mul(tenths).saturating_add(9).div_euclid(10)
}

/// Rounded up to whole packs, at least one.
fn packs(seats: i64) -> i64 {
    seats.max(1).saturating_add(PACK - 1) / PACK * PACK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        opportunity::{OpportunityType, sample::Sample},
        signal::Evidence,
    };

    #[test]
    fn acme_is_short_of_45_seats() {
        let mut sample = Sample::new();
        sample.usage("active_users", 48.0);
        let found = expansion(&sample.input(), Some(30)).unwrap();
        assert_eq!(
            (found.low, found.expected, found.high),
            (Money::units(30_000), Money::units(45_000), Money::units(60_000))
        );
        let rows: Vec<_> = found.inputs.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("Active users now", "48"),
                ("Asked for", "+ 30"),
                ("Growth room 20\u{202f}%", "× 1.2 = 94"),
                ("Licensed today", "− 50"),
                ("Short, in packs of 5", "44 → 45"),
                ("Price per seat, contract", "× $1,000"),
            ]
        );
        assert_eq!(found.range, "Low with no growth room, high with 40\u{202f}%.");
    }

    #[test]
    fn seats_by_what_is_known() {
        for (active, licensed, asked, seats) in [
            (Some(43), Some(50), None, Some((5, 5, 15))),
            (Some(50), Some(50), None, Some((5, 10, 20))),
            (Some(55), Some(50), None, Some((5, 20, 30))),
            (Some(850), Some(1000), None, Some((5, 20, 190))),
            (None, Some(50), Some(30), Some((30, 30, 30))),
            (Some(40), None, Some(12), Some((15, 15, 15))),
            (None, Some(50), None, None),
            (Some(40), None, None, None),
        ] {
            let mut sample = Sample::new();
            if let Some(active) = active {
                sample.usage("active_users", f64::from(active));
            }
            sample.contract().licensed_seats = licensed;
            let found = expansion(&sample.input(), asked);
            let in_seats = found.ok().map(|w| (w.low.0 / 100_000, w.expected.0 / 100_000, w.high.0 / 100_000));
            assert_eq!(in_seats, seats, "{active:?} of {licensed:?}, asked {asked:?}");
        }
    }

    #[test]
    fn the_price_falls_back_in_order() {
        let mut sample = Sample::new();
        let price = |sample: &Sample| seat_price(&sample.input()).map(|p| (p.price, p.label));
        assert_eq!(price(&sample), Some((Money::units(1_000), "Price per seat, contract".to_owned())));
        sample.contract().price_per_seat_annual = None;
        sample.contract().annual_value = Some(Money::units(40_000));
        assert_eq!(price(&sample), Some((Money::units(800), "Annual value $40,000 ÷ 50 seats".to_owned())));
        sample.contract().annual_value = None;
        assert_eq!(price(&sample), None, "the plan is flat and no product counts seats");
        sample.market.products[1].price_unit = Some("seat".to_owned());
        assert_eq!(price(&sample), Some((Money::units(60_000), "Price per seat, list price of Business".to_owned())));

        sample.market.products[1].price_unit = None;
        sample.usage("active_users", 60.0);
        let found = expansion(&sample.input(), None).unwrap_err();
        assert_eq!((found.reason.as_str(), found.seats), ("the price of a seat is not known", Some(25)));
    }

    #[test]
    fn a_new_team_counts_its_users() {
        let mut sample = Sample::new();
        let signal = sample.signal(RuleKey::NewTeamOnboarding, OpportunityType::LandAndExpand, 0.75, 0);
        signal.evidence =
            vec![Evidence { value: Some(8.0), ..Evidence::new(EvidenceSource::People, "Marketing", "8 new users") }];
        sample.signal(RuleKey::NewDepartmentMentioned, OpportunityType::LandAndExpand, 0.65, 0);
        let all: Vec<_> = sample.live.iter().collect();
        let seats = |asked, signals: &[&Episode]| new_team(&sample.input(), signals, asked).map(|w| w.seats);
        assert_eq!(seats(None, &all), Ok(Some(10)));
        assert_eq!(seats(Some(12), &all), Ok(Some(15)));
        assert!(seats(None, &all[1..]).unwrap_err().reason.contains("how many people"));
    }
}
