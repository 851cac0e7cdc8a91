//! Historical expansion: has this account bought more before (PRODUCT 5)?

use super::{composite::ten_thousandths, input::Input};
use crate::{account::KnownOpportunity, format, opportunity::Stage, time::Day};

/// Expansions count for this long.
pub const MONTHS: i32 = 24;
/// An account younger than this is new.
const YEAR_MONTHS: i32 = 12;
/// A lost expansion counts for this long.
pub const LOST_DAYS: i32 = 90;
/// What a recently lost expansion takes away.
const LOST_PENALTY: f64 = 0.2;
/// A won opportunity and an expansion this close together are the same deal (CONTRACT 5).
const SAME_DEAL_DAYS: i32 = 30;

/// The history part of confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// 0–1.
    pub value: f64,
    /// Whether there was anything to judge by.
    pub known: bool,
    /// "2 expansions in 24 months".
    pub evidence: String,
}

/// Expansion opportunities lost in the last 90 days, newest first.
#[must_use]
pub fn lost_recently<'a>(input: &Input<'a>) -> Vec<(Day, &'a KnownOpportunity)> {
    let today = input.today();
    let mut lost: Vec<_> = input
        .account
        .opportunities
        .iter()
        .filter(|record| record.stage == Stage::ClosedLost)
        .filter_map(|record| record.closed_on.map(|on| (on, record)))
        .filter(|(on, _)| *on <= today && today - *on <= LOST_DAYS)
        .collect();
    lost.sort_by_key(|(on, record)| (std::cmp::Reverse(*on), record.id));
    lost
}

/// How the account expanded so far.
#[must_use]
pub fn history(input: &Input<'_>) -> History {
    let count = expansions(input);
    let lost = lost_recently(input);
    let (base, known, sentence) = match (count, customer_since(input)) {
        (2.., _) => (1.0, true, format!("{} expansions in {MONTHS} months", format::number(i64::from(count)))),
        (1, _) => (0.7, true, format!("1 expansion in {MONTHS} months")),
        (_, Some(since)) if since > input.today().plus_months(-YEAR_MONTHS) => {
            (0.5, true, format!("No expansion yet, a customer since {}", input.day(since)))
        }
        (_, Some(since)) => {
            (0.25, true, format!("No expansion in {MONTHS} months, a customer since {}", input.day(since)))
        }
        (_, None) => (0.5, false, "No expansion known, nor since when they are a customer".to_owned()),
    };
    let Some((on, record)) = lost.first() else {
        return History { value: base, known, evidence: sentence };
    };
    let value = ten_thousandths((base - LOST_PENALTY).max(0.0)) as f64 / 10_000.0;
    History { value, known: true, evidence: format!("{sentence}; lost “{}” on {}", record.name, input.day(*on)) }
}

/// Expansions booked in the last 24 months, and won opportunities that no expansion within 30 days already stands for.
fn expansions(input: &Input<'_>) -> u32 {
    let today = input.today();
    let from = today.plus_months(-MONTHS);
    let recent = |day: Day| day > from && day <= today;
    let account = input.account;
    let booked: Vec<Day> = account.expansions.iter().filter(|e| e.arr_delta.0 > 0).map(|e| e.booked_on).collect();
    let won = account
        .opportunities
        .iter()
        .filter(|record| record.stage == Stage::ClosedWon)
        .filter_map(|record| record.closed_on)
        .filter(|won| !booked.iter().any(|day| (*day - *won).abs() <= SAME_DEAL_DAYS));
    booked.iter().copied().chain(won).filter(|day| recent(*day)).count() as u32
}

/// Since when the account is a customer: its row, else its first contract.
fn customer_since(input: &Input<'_>) -> Option<Day> {
    let account = input.account;
    account.customer.created_on.or_else(|| account.contracts.iter().map(|contract| contract.starts_on).min())
}

#[cfg(test)]
mod tests {
    use super::{super::sample::Sample, *};

    #[test]
    fn expansions_age_and_losses() {
        // Days are relative to 2 Feb 2026; 24 months before is 2 Feb 2024, day −731.
        struct Case {
            booked: &'static [i32],
            won: &'static [i32],
            lost: &'static [i32],
            since: Option<i32>,
            value: f64,
            known: bool,
        }
        let case = |booked, won, lost, since, value, known| Case { booked, won, lost, since, value, known };
        for (i, c) in [
            case(&[-30, -400], &[], &[], None, 1.0, true),
            case(&[-30], &[], &[], None, 0.7, true),
            case(&[-730], &[], &[], None, 0.7, true),
            case(&[-731], &[], &[], Some(-900), 0.25, true),
            case(&[], &[], &[], Some(-365), 0.25, true),
            case(&[], &[], &[], Some(-364), 0.5, true),
            case(&[], &[], &[], None, 0.5, false),
            case(&[-30], &[-50], &[], None, 0.7, true),
            case(&[-30], &[-61], &[], None, 1.0, true),
            case(&[], &[-50], &[], None, 0.7, true),
            case(&[-30], &[], &[-90], None, 0.5, true),
            case(&[-30], &[], &[-91], None, 0.7, true),
            case(&[], &[], &[-1, -2], Some(-900), 0.05, true),
            case(&[5], &[], &[], Some(-900), 0.25, true),
        ]
        .iter()
        .enumerate()
        {
            let mut sample = Sample::new();
            sample.account.contracts.clear();
            sample.account.customer.created_on = c.since.map(|days| sample.today() + days);
            c.booked.iter().for_each(|days| sample.expansion(*days));
            c.won.iter().for_each(|days| sample.closed(Stage::ClosedWon, *days));
            c.lost.iter().for_each(|days| sample.closed(Stage::ClosedLost, *days));
            let found = history(&sample.input());
            assert_eq!((found.value, found.known), (c.value, c.known), "case {i}: {}", found.evidence);
        }
    }

    #[test]
    fn the_first_contract_stands_in_for_a_missing_start() {
        let mut sample = Sample::new();
        sample.account.customer.created_on = None;
        assert_eq!(history(&sample.input()).value, 0.25, "the sample's contract began in 2024");
    }
}
