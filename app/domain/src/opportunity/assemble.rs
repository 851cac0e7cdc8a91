//! The finder's one entry: from an account's live signals to found opportunities (PRD-060, PRODUCT 5).

use super::{
    FoundStatus,
    approach::{self, Facts},
    blockers, champion,
    champion::Path,
    composite::{self, CANDIDATE_AT, ten_thousandths},
    confidence,
    found::{Found, FoundSignal, Guard},
    group::{Group, Weighed, groups},
    guards,
    input::Input,
    name, timeline,
};
use crate::signal::episode::Episode;

/// The opportunities that an account's live signals add up to, by type and product. The order in which signals,
/// stakeholders, contracts or records are given does not matter.
#[must_use]
pub fn assemble(input: &Input<'_>) -> Vec<Found> {
    let groups = groups(input);
    if groups.is_empty() {
        return Vec::new();
    }
    let path = champion::path(input);
    groups.iter().map(|group| found(input, group, &path)).collect()
}

fn found(input: &Input<'_>, group: &Group<'_>, path: &Path) -> Found {
    let signals = group.signals();
    let makers: Vec<&Episode> = group.makers.iter().map(|maker| maker.episode).collect();
    let strengths: Vec<f64> = signals.iter().map(|signal| signal.strength).collect();
    let composite = composite::composite(&strengths);
    let confidence = confidence::confidence(input, composite, signals.len(), path);
    let estimate = group.estimate(input);
    let guards = guards::guards(input, &makers);
    let (timeline, timeline_reason) = timeline::timeline(input, &makers, composite);
    let record = group.record.map(|record| record.id);
    let name = name::name(input, group, &estimate);
    let facts = Facts { input, group, signals: &signals, champion: path.champion(), value: &estimate.value };
    Found {
        kind: group.kind(),
        product: group.product(),
        name,
        status: status(group, composite, &guards),
        opportunity: record,
        composite,
        confidence: confidence.total,
        parts: confidence.parts,
        timeline,
        timeline_reason,
        champion: path.champion().cloned(),
        approach: approach::steps(&facts),
        talking_points: approach::talking_points(&facts),
        objections: approach::objections(&facts),
        blockers: blockers::blockers(input, path, &group.products(), record),
        guards,
        next_steps: approach::next_steps(group.kind()),
        signals: signals.iter().map(found_signal).collect(),
        value: estimate.value,
    }
}

/// A record is open whatever else holds; without one a guard holds back, and the composite decides the rest.
fn status(group: &Group<'_>, composite: f64, guards: &[Guard]) -> FoundStatus {
    if group.record.is_some() {
        FoundStatus::Open
    } else if !guards.is_empty() {
        FoundStatus::HeldBack
    } else if ten_thousandths(composite) >= ten_thousandths(CANDIDATE_AT) {
        FoundStatus::Candidate
    } else {
        FoundStatus::Exploratory
    }
}

fn found_signal(signal: &Weighed<'_>) -> FoundSignal {
    let episode = signal.episode;
    FoundSignal {
        rule: episode.rule,
        subject: episode.subject.clone(),
        strength: episode.strength,
        decayed_strength: signal.strength,
        title: episode.title.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{
            ConfidenceLevel, OpportunityType, Timeline,
            sample::{ANALYTICS, API_PLUS, Sample},
        },
        *,
    };
    use crate::{
        account::{Priority, StakeholderRole, Ticket},
        id::TicketId,
        money::Money,
        signal::{Reach, RuleKey, rules},
    };

    fn acme() -> Sample {
        let mut sample = Sample::new();
        sample.usage("active_users", 48.0);
        sample.account.health = vec![(sample.today() - 32, 86.0), (sample.today() - 1, 90.0)];
        sample.stakeholder(1, "Sarah Chen", Some(StakeholderRole::Champion), Some(88.0), Some(5));
        sample.expansion(-100);
        sample.expansion(-300);
        sample.signal(RuleKey::ExplicitRequest, OpportunityType::SeatExpansion, 0.9, 5).asked_quantity = Some(30);
        let on = sample.today() + 14;
        sample.signal(RuleKey::SeatUtilization, OpportunityType::SeatExpansion, 0.83, 0).reach = Some(Reach { on });
        sample.signal(RuleKey::BudgetDiscussion, OpportunityType::Upsell, 0.75, 12);
        sample
    }

    #[test]
    fn acme_is_one_seat_expansion() {
        let sample = acme();
        let found = assemble(&sample.input());
        assert_eq!(found.len(), 1);
        let acme = &found[0];
        assert_eq!((acme.name.as_str(), acme.kind), ("45 additional seats", OpportunityType::SeatExpansion));
        assert_eq!((acme.status, acme.timeline), (FoundStatus::Candidate, Timeline::Immediate));
        let strengths: Vec<f64> = acme.signals.iter().map(|s| s.decayed_strength).collect();
        assert_eq!(strengths, [0.8333, 0.83, 0.6234]);
        assert_eq!(acme.composite, 0.7749);
        assert_eq!((acme.confidence, ConfidenceLevel::of(acme.confidence)), (86.2, ConfidenceLevel::High));
        assert_eq!(acme.value.expected, Some(Money::units(45_000)));
        assert_eq!(acme.champion.as_ref().map(|c| c.name.as_str()), Some("Sarah Chen"));
        assert_eq!((acme.blockers.as_slice(), acme.guards.as_slice()), ([].as_slice(), [].as_slice()));
        assert!(acme.approach.len() >= 3 && acme.talking_points.len() >= 3 && acme.objections.len() == 3);
    }

    #[test]
    fn a_record_is_open_with_its_own_name_and_a_ticket_holds_only_its_alerts() {
        let mut sample = acme();
        let opened_at = sample.at(-3);
        sample.account.tickets.push(Ticket {
            id: TicketId(1),
            external_id: "4471".to_owned(),
            opened_at,
            closed_at: None,
            priority: Priority::Critical,
            topic: None,
        });
        let held = &assemble(&sample.input())[0];
        assert_eq!((held.status, held.guards.len(), held.blockers.len()), (FoundStatus::HeldBack, 1, 1));
        let id = sample.record(OpportunityType::SeatExpansion, None, "Seats for Finance").id;
        let open = &assemble(&sample.input())[0];
        assert_eq!(
            (open.status, open.name.as_str(), open.opportunity),
            (FoundStatus::Open, "Seats for Finance", Some(id))
        );
        assert_eq!(open.guards.len(), 1);
    }

    #[test]
    fn a_weak_signal_alone_is_exploratory() {
        let mut sample = Sample::new();
        sample.signal(RuleKey::MissingProducts, OpportunityType::CrossSell, 0.55, 0).product = Some(ANALYTICS);
        assert_eq!(assemble(&sample.input())[0].status, FoundStatus::Exploratory);
        assert_eq!(assemble(&Sample::new().input()), []);
    }

    prop_compose! {
        /// Signals of any rule, type, strength and age, with or without a product, on an account with a few records.
        fn any_sample()(
            signals in proptest::collection::vec(
                (0..RuleKey::ALL.len(), 0..OpportunityType::ALL.len(), 1_i64..=1000, 0_i32..90, 0_usize..4, 0_i64..40), 0..9),
            records in proptest::collection::vec((0..OpportunityType::ALL.len(), 0_usize..4, any::<bool>()), 0..5),
            active in 0_i64..80,
        ) -> Sample {
            let products = [None, Some(ANALYTICS), Some(API_PLUS), None];
            let mut sample = acme();
            sample.live.clear();
            sample.usage("active_users", active as f64);
            for (i, (rule, kind, strength, ago, product, asked)) in signals.into_iter().enumerate() {
                let rule = RuleKey::ALL[rule];
                let usual = match rule {
                    RuleKey::ExplicitRequest | RuleKey::FeatureInterest | RuleKey::Manual => OpportunityType::ALL[kind],
                    RuleKey::GrowthGoals | RuleKey::NewDepartmentMentioned => OpportunityType::LandAndExpand,
                    other => rules::find(other).map_or(OpportunityType::Upsell, |rule| rule.info().leads_to),
                };
                let signal = sample.signal(rule, usual, strength as f64 / 1000.0, ago);
                signal.general |= rule == RuleKey::UsageGrowth;
                signal.subject = format!("subject {}", i % 3);
                signal.product = products[product];
                signal.asked_quantity = (asked > 0).then_some(asked);
            }
            for (kind, product, from_signal) in records {
                let record = sample.record(OpportunityType::ALL[kind], products[product], "Record");
                record.source = from_signal.then(|| "API limit".to_owned());
            }
            sample
        }
    }

    proptest! {
        #[test]
        fn the_order_of_what_is_given_does_not_matter(sample in any_sample(), turn in 0_usize..9) {
            let straight = assemble(&sample.input());
            let mut turned = sample;
            turned.live.reverse();
            let by = turn.min(turned.live.len());
            turned.live.rotate_left(by);
            turned.account.opportunities.reverse();
            turned.account.stakeholders.reverse();
            turned.account.expansions.reverse();
            turned.market.products.reverse();
            prop_assert_eq!(straight, assemble(&turned.input()));
        }

        /// What a scan makes of its finds changes nothing about the finds of the next one.
        #[test]
        fn records_take_exactly_what_they_were_made_from(sample in any_sample(), made in proptest::collection::vec(any::<bool>(), 12)) {
            let mut sample = sample;
            let essence = |f: &Found| (f.kind, f.product, f.signals.clone(), f.confidence, f.value.clone(), f.timeline);
            let first = assemble(&sample.input());
            for (found, _) in first.iter().zip(made).filter(|(f, made)| *made && f.opportunity.is_none()) {
                let record = sample.record(found.kind, found.product, &found.name);
                record.source = found.signals.first().map(|signal| signal.rule.label().to_owned());
            }
            let second = assemble(&sample.input());
            let (first, second): (Vec<_>, Vec<_>) = (first.iter().map(essence).collect(), second.iter().map(essence).collect());
            prop_assert_eq!(first, second);
        }

        #[test]
        fn what_is_found_is_consistent(sample in any_sample()) {
            let found = assemble(&sample.input());
            let mut keys: Vec<_> = found.iter().map(|f| (f.kind, f.product)).collect();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), found.len(), "one per type and product");
            let mut records: Vec<_> = found.iter().filter_map(|f| f.opportunity).collect();
            records.sort_unstable();
            records.dedup();
            prop_assert_eq!(records.len(), found.iter().filter(|f| f.opportunity.is_some()).count(), "one per record");
            let counted: usize = found.iter().map(|f| f.signals.len()).sum();
            let makes = |e: &Episode| !e.supports_only;
            let expected = if sample.live.iter().any(makes) { sample.live.len() } else { 0 };
            prop_assert_eq!(counted, expected, "every signal counts exactly once");
            for f in &found {
                let tenths = |x: f64| (x * 10.0).round() as i64;
                prop_assert_eq!(tenths(f.confidence), f.parts.iter().map(|p| tenths(p.points)).sum::<i64>());
                prop_assert!(f.value.low <= f.value.expected && f.value.expected <= f.value.high);
                prop_assert!((3..=5).contains(&f.approach.len()));
                prop_assert!(!f.name.is_empty() && !f.timeline_reason.is_empty() && !f.value.method.is_empty());
                let strengths: Vec<f64> = f.signals.iter().map(|s| s.decayed_strength).collect();
                prop_assert_eq!(f.composite, composite::composite(&strengths));
            }
        }
    }
}
