//! Likely objections by type, answered from the evidence. Without a fact to answer with, the objection is left out.

use super::{Facts, inside};
use crate::{
    format,
    opportunity::{OpportunityType, found::Objection, history},
    signal::{RuleKey, episode::Episode},
};

/// No more than this.
const MOST: usize = 3;

/// Up to three objections with their answers.
#[must_use]
pub fn objections(facts: &Facts<'_>) -> Vec<Objection> {
    use OpportunityType::{
        AddOn, CrossSell, LandAndExpand, MultiYear, PricingUpdate, SeatExpansion, TierUpgrade, Upsell,
    };
    let candidates = match facts.group.kind() {
        SeatExpansion => vec![who_uses_it(facts), wait_for_renewal(facts), price_of_a_seat(facts)],
        AddOn => vec![enough_for_now(facts), wait_for_renewal(facts), price_is_high(facts)],
        CrossSell | Upsell => vec![do_we_need_it(facts), wait_for_renewal(facts), price_is_high(facts)],
        TierUpgrade => vec![do_we_need_it(facts), price_is_high(facts), wait_for_renewal(facts)],
        LandAndExpand => vec![team_is_new(facts), price_of_a_seat(facts), wait_for_renewal(facts)],
        MultiYear => vec![tied_for_long(facts), no_hurry(facts)],
        PricingUpdate => vec![why_pay_more(facts), no_hurry(facts)],
    };
    let lost = lost_before(facts);
    candidates.into_iter().chain([lost]).flatten().take(MOST).collect()
}

fn objection(says: &str, answer: String) -> Objection {
    Objection { says: says.to_owned(), answer }
}

fn signal<'a>(facts: &Facts<'a>, rules: &[RuleKey]) -> Option<&'a Episode> {
    facts.signals.iter().map(|s| s.episode).find(|episode| rules.contains(&episode.rule))
}

fn who_uses_it(facts: &Facts<'_>) -> Option<Objection> {
    let (active, seats) = (facts.input.active_users()?, facts.input.licensed_seats()?);
    let answer =
        format!("{} of {} seats were active in the last 30 days.", format::number(active), format::number(seats));
    Some(objection("We should first see who really uses it.", answer))
}

fn wait_for_renewal(facts: &Facts<'_>) -> Option<Objection> {
    let renewal = facts.input.renewal()?;
    let reach = facts.signals.iter().filter_map(|s| s.episode.reach).map(|reach| reach.on).min()?;
    if reach >= renewal {
        return None;
    }
    let (reach_day, renewal) = (facts.input.day(reach), facts.input.day(renewal));
    let limit = if reach > facts.input.today() { "is reached on" } else { "was reached on" };
    let answer = format!("The limit {limit} {reach_day} at today’s pace; co-terming to {renewal} keeps one date.");
    Some(objection("Can we wait until renewal?", answer))
}

fn price_of_a_seat(facts: &Facts<'_>) -> Option<Objection> {
    let contract = facts.input.account.contract_on(facts.input.today())?;
    let price = contract.price_per_seat_annual.filter(|price| price.0 > 0)?;
    let answer = format!("It is the price of the contract, {} a seat and year.", facts.input.money(price));
    Some(objection("What will more seats cost us?", answer))
}

fn enough_for_now(facts: &Facts<'_>) -> Option<Objection> {
    let limit = signal(facts, &[RuleKey::ApiLimit, RuleKey::EntitlementLimit, RuleKey::ApiGrowth])?;
    Some(objection("What we have is enough for now.", format!("{}.", limit.title)))
}

fn do_we_need_it(facts: &Facts<'_>) -> Option<Objection> {
    let strongest = facts.signals.first()?.episode;
    let quote = strongest.evidence.iter().find_map(|e| e.quote.as_deref());
    let answer = match quote {
        Some(quote) => format!("It answers what was said: “{quote}”"),
        None => format!("The data says so: {}.", inside(&strongest.title)),
    };
    Some(objection("Do we really need it?", answer))
}

fn price_is_high(facts: &Facts<'_>) -> Option<Objection> {
    let (expected, current) = (facts.value.expected?, facts.input.account.annual_value(facts.input.today())?);
    let median = facts.value.inputs.iter().find(|(label, _)| label.contains("median that"));
    let answer = match median {
        Some((label, value)) => format!("{label}: {value}."),
        None => format!(
            "{} a year on top of {} today; the calculation is open line by line.",
            facts.input.money(expected),
            facts.input.money(current)
        ),
    };
    Some(objection("It costs too much.", answer))
}

fn team_is_new(facts: &Facts<'_>) -> Option<Objection> {
    let seen = signal(facts, &[RuleKey::NewTeamOnboarding, RuleKey::NewDepartmentMentioned])?;
    Some(objection("The team is only trying it.", format!("{}.", seen.title)))
}

fn tied_for_long(facts: &Facts<'_>) -> Option<Objection> {
    let today = facts.input.today();
    let first = facts.input.account.contracts.iter().map(|c| c.starts_on).filter(|on| *on <= today).min()?;
    let years = (today - first) / 365;
    let span = format::count(u64::from(years.unsigned_abs()), "full year", "full years");
    let since = facts.input.day(first);
    let answer = format!("They have been on contract since {since}, {span}; a longer term keeps today’s terms.");
    (years >= 1).then(|| objection("We don’t want to be tied for that long.", answer))
}

fn no_hurry(facts: &Facts<'_>) -> Option<Objection> {
    let renewal = facts.input.renewal()?;
    let days = renewal - facts.input.today();
    let answer = format!("The contract ends on {}, {days} days from now.", facts.input.day(renewal));
    (days > 0).then(|| objection("There is no hurry.", answer))
}

fn why_pay_more(facts: &Facts<'_>) -> Option<Objection> {
    let contract = facts.input.account.contract_on(facts.input.today())?;
    let (old, new) = (contract.price_book.as_deref()?, facts.input.context.market.current_price_book.as_deref()?);
    let answer = format!("The contract still has price book {old}; {new} is the one that other customers pay by.");
    (old != new).then(|| objection("Why should we pay more for the same?", answer))
}

fn lost_before(facts: &Facts<'_>) -> Option<Objection> {
    let lost = history::lost_recently(facts.input);
    let (on, record) = lost.first()?;
    let news = facts.signals.iter().map(|s| s.episode).find(|episode| facts.input.day_of(episode.opened_at) > *on)?;
    let answer =
        format!("Since “{}” was lost on {} this is new: {}.", record.name, facts.input.day(*on), inside(&news.title));
    Some(objection("We said no before.", answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        opportunity::{
            Stage, champion,
            group::groups,
            sample::{API_PLUS, Sample},
        },
        signal::Reach,
    };

    fn shown(sample: &Sample) -> Vec<String> {
        let input = sample.input();
        let group = &groups(&input)[0];
        let (signals, path, value) = (group.signals(), champion::path(&input), group.estimate(&input).value);
        let facts = Facts { input: &input, group, signals: &signals, champion: path.champion(), value: &value };
        objections(&facts).into_iter().map(|o| format!("{} {}", o.says, o.answer).replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn seats() {
        let mut sample = Sample::new();
        sample.usage("active_users", 48.0);
        let on = sample.today() + 14;
        sample.signal(RuleKey::SeatUtilization, OpportunityType::SeatExpansion, 0.83, 0).reach = Some(Reach { on });
        assert_eq!(
            shown(&sample),
            [
                "We should first see who really uses it. 48 of 50 seats were active in the last 30 days.",
                "Can we wait until renewal? The limit is reached on 16 Feb at today’s pace; co-terming to 30 Sep keeps one date.",
                "What will more seats cost us? It is the price of the contract, $1,000 a seat and year.",
            ]
        );
        sample.account.contracts.clear();
        assert_eq!(shown(&sample), [] as [&str; 0], "nothing to answer with");
    }

    #[test]
    fn other_types() {
        for (rule, kind, expected) in [
            (RuleKey::ApiLimit, OpportunityType::AddOn, "What we have is enough for now. API limit of the test."),
            (
                RuleKey::FeatureInterest,
                OpportunityType::CrossSell,
                "Do we really need it? The data says so: feature interest of the test.",
            ),
            (
                RuleKey::UsageGrowth,
                OpportunityType::TierUpgrade,
                "It costs too much. $85,000 a year on top of $50,000 today; the calculation is open line by line.",
            ),
            (
                RuleKey::NewTeamOnboarding,
                OpportunityType::LandAndExpand,
                "The team is only trying it. New team onboarding of the test.",
            ),
            (
                RuleKey::MultiYearAvailable,
                OpportunityType::MultiYear,
                "There is no hurry. The contract ends on 30 Sep, 240 days from now.",
            ),
            (
                RuleKey::LegacyPricing,
                OpportunityType::PricingUpdate,
                "Why should we pay more for the same? The contract still has price book 2024; 2026 is the one that other customers pay by.",
            ),
        ] {
            let mut sample = Sample::new();
            sample.signal(rule, kind, 0.7, 0);
            let found = shown(&sample);
            assert!(found.contains(&expected.to_owned()), "{found:#?}");
        }
    }

    #[test]
    fn peers_answer_the_price_and_news_answers_a_lost_deal() {
        let mut sample = Sample::new();
        sample.peers.owners.insert(API_PLUS, 7);
        sample.peers.median_price.insert(API_PLUS, crate::money::Money::units(12_000));
        sample.closed(Stage::ClosedLost, -20);
        sample.signal(RuleKey::ApiLimit, OpportunityType::AddOn, 0.9, 0);
        assert_eq!(
            shown(&sample)[1..],
            [
                "It costs too much. API Plus, median that 7 peers pay: $12,000.",
                "We said no before. Since “Business tier” was lost on 13 Jan this is new: API limit of the test.",
            ]
        );
    }
}
