//! Three to five steps: what the strongest signals ask for, then who, then the terms.

use super::{Facts, cite::cite_signal, inside};
use crate::{
    account::{Stakeholder, StakeholderRole},
    format,
    opportunity::{OpportunityType, composite::ten_thousandths, found::Step, input::days_ago, value::seat_price},
    signal::{RuleKey, episode::Episode},
};

/// No more than this.
const MOST: usize = 5;
/// Room that is kept for people and terms.
const MOST_FROM_SIGNALS: usize = 3;
/// A request for fewer seats is no pilot.
const PILOT_FROM: i64 = 10;

/// The steps, each with what it rests on.
#[must_use]
pub fn steps(facts: &Facts<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for signal in facts.signals {
        let step = Step { text: for_signal(facts, signal.episode), evidence: cite_signal(facts.input, signal.episode) };
        if steps.len() < MOST_FROM_SIGNALS && steps.iter().all(|other| other.text != step.text) {
            steps.push(step);
        }
    }
    let room = MOST.saturating_sub(steps.len() + 1);
    steps.extend([pilot(facts), bundle(facts)].into_iter().flatten().take(room));
    steps.push(person(facts));
    let room = MOST.saturating_sub(steps.len());
    steps.extend([co_term(facts), price(facts)].into_iter().flatten().take(room));
    steps
}

fn step(text: impl Into<String>, evidence: impl Into<String>) -> Step {
    Step { text: text.into(), evidence: evidence.into() }
}

/// What one signal asks for.
fn for_signal(facts: &Facts<'_>, signal: &Episode) -> String {
    let input = facts.input;
    let title = inside(&signal.title);
    let speaker = signal.evidence.iter().find_map(|e| e.speaker.as_deref());
    let product = signal.product.and_then(|id| facts.product_name(id));
    let reach = signal.reach.map(|reach| input.day(reach.on));
    let subject = Some(signal.subject.as_str()).filter(|s| !s.is_empty());
    match signal.rule {
        RuleKey::SeatUtilization => match input.active_users() {
            Some(active) => format!("Lead with the value delivered to the {} current users", format::number(active)),
            None => format!("Lead with the use of today: {title}"),
        },
        RuleKey::SeatOverage => match (input.active_users(), input.licensed_seats()) {
            (Some(active), Some(paid)) if active > paid => {
                let over = format::count((active - paid).unsigned_abs(), "user", "users");
                format!("Settle the {over} above the {} paid seats first", format::number(paid))
            }
            _ => format!("Settle the users above the paid seats first: {title}"),
        },
        RuleKey::ApiLimit | RuleKey::EntitlementLimit => match reach {
            Some(day) => format!("Show that the limit is reached on {day} at today’s pace: {title}"),
            None => format!("Show how close the limit is: {title}"),
        },
        RuleKey::ApiGrowth => format!("Ask what drives the growth and how far it goes: {title}"),
        RuleKey::FeatureCeiling => match facts.offer() {
            Some(offer) => format!("Show what {offer} lifts: {title}"),
            None => format!("Show what stops at the limit: {title}"),
        },
        RuleKey::UsageGrowth => format!("Open with the growth: {title}"),
        RuleKey::NewUseCase => format!("Ask the first users what they want to reach with it: {title}"),
        RuleKey::FeatureAdoptionGap => format!("Walk through what they miss today: {title}"),
        RuleKey::MultiYearAvailable => match input.renewal() {
            Some(day) => format!("Offer the longer term before the renewal on {}", input.day(day)),
            None => format!("Offer the longer term: {title}"),
        },
        RuleKey::LegacyPricing => match input.context.market.current_price_book.as_deref() {
            Some(book) => format!("Lay price book {book} beside today’s contract, line by line"),
            None => format!("Lay the current prices beside today’s contract: {title}"),
        },
        RuleKey::MissingProducts => format!("Bring the case of a similar customer: {title}"),
        RuleKey::NewTeamOnboarding => format!("Meet the new users and ask for their goals: {title}"),
        RuleKey::NewDepartmentMentioned => match (speaker, subject) {
            (Some(speaker), Some(team)) => format!("Ask {speaker} for an introduction to {team}"),
            (Some(speaker), None) => format!("Ask {speaker} for an introduction to the team"),
            _ => format!("Ask for an introduction to the team: {title}"),
        },
        RuleKey::BudgetDiscussion => match speaker {
            Some(speaker) => format!("Agree on a decision date with {speaker} while the budget stands"),
            None => "Agree on a decision date while the budget stands".to_owned(),
        },
        RuleKey::FeatureInterest => match (product, subject) {
            (Some(product), _) => format!("Schedule technical deep-dive on {product}"),
            (None, Some(feature)) => format!("Schedule technical deep-dive on {feature}"),
            (None, None) => format!("Schedule a demo of what was asked about: {title}"),
        },
        RuleKey::ComparisonShopping => match competitor(facts, signal) {
            Some(name) => format!("Prepare a side-by-side comparison with {name}"),
            None => format!("Prepare a side-by-side comparison: {title}"),
        },
        RuleKey::GrowthGoals => match speaker {
            Some(speaker) => format!("Tie the offer to the growth goals that {speaker} named"),
            None => "Tie the offer to the growth goals that were named".to_owned(),
        },
        RuleKey::ExplicitRequest => request(signal, speaker, product),
        RuleKey::HealthThreshold => format!("Open with the results: {title}"),
        RuleKey::Manual => format!("Follow up on what was logged: {title}"),
    }
}

fn request(signal: &Episode, speaker: Option<&str>, product: Option<&str>) -> String {
    let whose = speaker.map_or_else(|| "the request".to_owned(), |speaker| format!("{speaker}’s request"));
    match (signal.leads_to, signal.asked_quantity, product) {
        (OpportunityType::SeatExpansion | OpportunityType::LandAndExpand, Some(seats), _) => {
            format!("Answer {whose} with an offer for {}", format::count(seats.unsigned_abs(), "seat", "seats"))
        }
        (_, _, Some(product)) => format!("Answer {whose} with an offer for {product}"),
        _ => format!("Answer {whose}: {}", inside(&signal.title)),
    }
}

/// The competitor that a signal names, by the names that are listened for.
fn competitor<'a>(facts: &Facts<'a>, signal: &Episode) -> Option<&'a str> {
    let said = signal.evidence.iter().flat_map(|e| [Some(e.text.as_str()), e.quote.as_deref()]).flatten();
    let heard: Vec<String> =
        said.chain([signal.subject.as_str(), signal.title.as_str()]).map(str::to_lowercase).collect();
    let competitors = &facts.input.context.market.competitors;
    let named = competitors.iter().find(|names| {
        names.iter().any(|name| !name.is_empty() && heard.iter().any(|text| text.contains(&name.to_lowercase())))
    });
    named.and_then(|names| names.first()).map(String::as_str)
}

/// Half of what was asked for, for those who asked.
fn pilot(facts: &Facts<'_>) -> Option<Step> {
    let asked = facts.signals.iter().filter(|s| s.episode.leads_to == OpportunityType::SeatExpansion);
    let (signal, seats) = asked.filter_map(|s| Some((s.episode, s.episode.asked_quantity?))).max_by_key(|(_, n)| *n)?;
    if facts.group.kind() != OpportunityType::SeatExpansion || seats < PILOT_FROM {
        return None;
    }
    let half = (seats + 1) / 2;
    let text =
        format!("Propose a pilot with {} of the {} seats asked for", format::number(half), format::number(seats));
    Some(step(text, cite_signal(facts.input, signal)))
}

/// Another open record of the account that it can go with.
fn bundle(facts: &Facts<'_>) -> Option<Step> {
    let own = facts.group.record.map(|record| record.id);
    let open = facts.input.account.opportunities.iter().filter(|r| r.stage.is_open() && Some(r.id) != own);
    let other = open.max_by_key(|r| (r.stage, r.estimated_value, std::cmp::Reverse(r.id)))?;
    let id = other.external_id.clone().unwrap_or_else(|| other.id.to_string());
    Some(step(format!("Bundle with “{}”, which is in {}", other.name, inside(other.stage.label())), id))
}

/// One end date for what is added during the term.
fn co_term(facts: &Facts<'_>) -> Option<Step> {
    use OpportunityType::{AddOn, CrossSell, LandAndExpand, SeatExpansion, Upsell};
    if !matches!(facts.group.kind(), SeatExpansion | AddOn | CrossSell | Upsell | LandAndExpand) {
        return None;
    }
    let contract = facts.input.account.contract_on(facts.input.today())?;
    let ends_on = contract.ends_on?;
    Some(step(
        format!("Co-term with the contract that ends on {}", facts.input.day(ends_on)),
        format!("contract {}", contract.external_id),
    ))
}

/// The offer in figures, or what is missing for one.
fn price(facts: &Facts<'_>) -> Option<Step> {
    let Some(expected) = facts.value.expected else {
        let why = facts.value.method.strip_prefix("No amount: ").unwrap_or(&facts.value.method);
        return Some(step(format!("Work out a price first: {why}"), "value"));
    };
    let terms = match (facts.group.kind(), seat_price(facts.input)) {
        (OpportunityType::SeatExpansion, Some(seat)) => format!(", {} a seat", facts.input.money(seat.price)),
        _ => String::new(),
    };
    Some(step(format!("Put the offer in figures: {} a year{terms}", facts.input.money(expected)), "value"))
}

/// Who carries it: the champion, and the one with the money; without a champion, finding one.
fn person(facts: &Facts<'_>) -> Step {
    let Some(champion) = facts.champion else {
        let known = facts.input.account.stakeholders.len();
        return if known == 0 {
            step("Find out who decides and who wants it: no stakeholder is known", "stakeholders")
        } else {
            let count = format::count(known as u64, "stakeholder", "stakeholders");
            step(format!("Win a champion: none of {count} known can carry it"), "stakeholders")
        };
    };
    let rests_on = match (champion.engagement, champion.last_contact_on) {
        (Some(engagement), Some(on)) => {
            format!("engagement {}, {}", format::quantity(engagement), days_ago(facts.input.today() - on))
        }
        (Some(engagement), None) => format!("engagement {}", format::quantity(engagement)),
        (None, Some(on)) => format!("last contact {}", days_ago(facts.input.today() - on)),
        (None, None) => "stakeholders".to_owned(),
    };
    match buyer(facts) {
        Some(buyer) => step(format!("Ask {} to bring {} to the pricing call", champion.name, titled(buyer)), rests_on),
        None => step(
            format!("Confirm need, budget and date with {}", named(&champion.name, champion.title.as_deref())),
            rests_on,
        ),
    }
}

/// Somebody besides the champion who can say yes: by role, then engagement.
fn buyer<'a>(facts: &Facts<'a>) -> Option<&'a Stakeholder> {
    let champion = facts.champion.map(|c| c.stakeholder);
    let rank = |person: &Stakeholder| match person.role {
        Some(StakeholderRole::EconomicBuyer) => Some(0),
        Some(StakeholderRole::DecisionMaker) => Some(1),
        Some(StakeholderRole::ExecSponsor) => Some(2),
        _ => None,
    };
    let others = facts.input.account.stakeholders.iter().filter(|person| Some(person.id) != champion);
    let ranked = others.filter_map(|person| Some((rank(person)?, person)));
    ranked
        .min_by_key(|(rank, person)| {
            (*rank, std::cmp::Reverse(ten_thousandths(person.engagement.unwrap_or(0.0))), person.id)
        })
        .map(|(_, person)| person)
}

fn titled(person: &Stakeholder) -> String {
    named(&person.name, person.title.as_deref())
}

fn named(name: &str, title: Option<&str>) -> String {
    match title.filter(|title| !title.is_empty()) {
        Some(title) => format!("{name} ({title})"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        opportunity::{
            champion,
            group::groups,
            sample::{ANALYTICS, Sample},
        },
        signal::{Evidence, EvidenceSource, Reach},
    };

    fn shown(sample: &Sample) -> Vec<String> {
        let input = sample.input();
        let group = &groups(&input)[0];
        let (signals, path, value) = (group.signals(), champion::path(&input), group.estimate(&input).value);
        let facts = Facts { input: &input, group, signals: &signals, champion: path.champion(), value: &value };
        let line = |s: Step| format!("{} [{}]", s.text, s.evidence).replace('\u{a0}', " ");
        steps(&facts).into_iter().map(line).collect()
    }

    #[test]
    fn acme() {
        let mut sample = Sample::new();
        sample.usage("active_users", 48.0);
        sample.stakeholder(1, "Sarah Chen", Some(StakeholderRole::Champion), Some(88.0), Some(5));
        sample.stakeholder(2, "Paul Ruiz", Some(StakeholderRole::EconomicBuyer), Some(54.0), Some(30));
        sample.account.stakeholders[1].title = Some("CFO".to_owned());
        sample.record(OpportunityType::TierUpgrade, None, "Premium tier");
        let at = sample.at(-5);
        let request = sample.signal(RuleKey::ExplicitRequest, OpportunityType::SeatExpansion, 0.9, 5);
        request.asked_quantity = Some(30);
        request.evidence = vec![Evidence {
            quote: Some("Can you tell me what thirty more seats would look like?".to_owned()),
            speaker: Some("Sarah Chen".to_owned()),
            at: Some(at),
            ..Evidence::new(EvidenceSource::Meeting, "m-1", "Asked for 30 seats")
        }];
        sample.signal(RuleKey::SeatUtilization, OpportunityType::SeatExpansion, 0.83, 0);
        assert_eq!(
            shown(&sample),
            [
                "Answer Sarah Chen’s request with an offer for 30 seats [meeting, 28 Jan]",
                "Lead with the value delivered to the 48 current users [usage]",
                "Propose a pilot with 15 of the 30 seats asked for [meeting, 28 Jan]",
                "Bundle with “Premium tier”, which is in qualified [OPP-1]",
                "Ask Sarah Chen to bring Paul Ruiz (CFO) to the pricing call [engagement 88, 5 days ago]",
            ]
        );
    }

    #[test]
    fn innovatecorp_gets_its_deep_dive() {
        let mut sample = Sample::new();
        sample.signal(RuleKey::FeatureInterest, OpportunityType::CrossSell, 0.7, 0).product = Some(ANALYTICS);
        assert_eq!(
            shown(&sample),
            [
                "Schedule technical deep-dive on Advanced Analytics [usage]",
                "Find out who decides and who wants it: no stakeholder is known [stakeholders]",
                "Co-term with the contract that ends on 30 Sep [contract C-1]",
                "Put the offer in figures: $30,000 a year [value]",
            ]
        );
    }

    #[test]
    fn thin_data_still_gives_three_steps_and_every_rule_has_one() {
        for rule in RuleKey::ALL {
            for kind in OpportunityType::ALL {
                let mut sample = Sample::new();
                sample.account.contracts.clear();
                let signal = sample.signal(*rule, *kind, 0.7, 0);
                (signal.general, signal.supports_only, signal.evidence) = (false, false, Vec::new());
                let found = shown(&sample);
                assert!((3..=5).contains(&found.len()), "{rule} {kind:?}: {found:#?}");
                assert!(found.iter().all(|line| !line.contains("[]")), "every step rests on something: {found:#?}");
            }
        }
    }

    #[test]
    fn signals_fill_their_templates() {
        let text = |change: fn(&mut Sample)| {
            let mut sample = Sample::new();
            change(&mut sample);
            shown(&sample)[0].clone()
        };
        use OpportunityType::*;
        assert_eq!(
            text(|s| {
                let on = s.today() + 14;
                s.signal(RuleKey::ApiLimit, AddOn, 0.9, 0).reach = Some(Reach { on });
            }),
            "Show that the limit is reached on 16 Feb at today’s pace: API limit of the test [usage]"
        );
        assert_eq!(
            text(|s| {
                s.usage("active_users", 57.0);
                s.signal(RuleKey::SeatOverage, SeatExpansion, 0.9, 0);
            }),
            "Settle the 7 users above the 50 paid seats first [usage]"
        );
        assert_eq!(
            text(|s| s.signal(RuleKey::ComparisonShopping, Upsell, 0.7, 0).evidence[0].quote =
                Some("How do you compare to rivalytics?".into())),
            "Prepare a side-by-side comparison with Rivalytics [usage]"
        );
        assert_eq!(
            text(|s| {
                s.signal(RuleKey::MultiYearAvailable, MultiYear, 0.6, 0);
            }),
            "Offer the longer term before the renewal on 30 Sep [usage]"
        );
        assert_eq!(
            text(|s| {
                let signal = s.signal(RuleKey::NewDepartmentMentioned, LandAndExpand, 0.65, 0);
                signal.subject = "Finance".to_owned();
                signal.evidence[0].speaker = Some("Ines Falk".to_owned());
            }),
            "Ask Ines Falk for an introduction to Finance [usage]"
        );
    }
}
