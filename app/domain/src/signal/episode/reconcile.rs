//! The plan that brings the stored episodes of an account to what a scan saw, or to what a person reported.

use std::collections::{BTreeMap, BTreeSet};

use super::{Detection, Episode, MAX_EVIDENCE, SignalStatus};
use crate::{
    id::SignalId,
    signal::{Evidence, RuleKey},
    time::Day,
};

/// What is to be written so that the stored episodes of one account agree with what a scan saw. Closes are written
/// before opens: a quiet episode that speaks again is closed and opened in one plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// To be opened now, by (rule, subject).
    pub opens: Vec<Detection>,
    /// The new state of running episodes in which something changed, by id.
    pub updates: Vec<Episode>,
    /// Running, nothing to write.
    pub keeps: Vec<SignalId>,
    /// To be closed now.
    pub closes: Vec<SignalId>,
}

impl Plan {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.updates.is_empty() && self.closes.is_empty()
    }
}

impl Episode {
    /// The state after a scan saw the condition hold; equal to `self` when there is nothing to write. What a person
    /// logged stays; the rule's own evidence is replaced. The time of a level moves only with the day.
    fn held(&self, detection: &Detection, today: Day) -> Episode {
        let firing = &detection.firing;
        let logged: Vec<&Evidence> = self.evidence.iter().filter(|evidence| evidence.logged).collect();
        let mut next = Episode {
            strength: if logged.is_empty() { firing.strength } else { firing.strength.max(self.strength) },
            leads_to: firing.leads_to,
            product: firing.product.or(self.product.filter(|_| !logged.is_empty())),
            general: firing.general,
            supports_only: firing.supports_only,
            title: firing.title.clone(),
            reach: firing.reach,
            asked_quantity: firing.asked_quantity.or(self.asked_quantity.filter(|_| !logged.is_empty())),
            last_held_on: self.last_held_on.max(today),
            evidence: join(&firing.evidence, &logged),
            ..self.clone()
        };
        if next != *self {
            next.observed_at = self.observed_at.max(firing.observed_at);
        }
        next
    }
}

/// A running episode after the same (rule, subject) was reported by another source: the stronger strength, the newer
/// time, both pieces of evidence. Reporting the same twice changes nothing.
#[must_use]
pub fn merge(running: &Episode, reported: &Detection, today: Day) -> Episode {
    let firing = &reported.firing;
    let kept: Vec<&Evidence> = running.evidence.iter().collect();
    Episode {
        strength: running.strength.max(firing.strength),
        product: running.product.or(firing.product),
        asked_quantity: running.asked_quantity.max(firing.asked_quantity),
        observed_at: running.observed_at.max(firing.observed_at),
        last_held_on: running.last_held_on.max(firing.observed_at.day_utc().min(today)),
        reach: match (running.reach, firing.reach) {
            (Some(one), Some(other)) => Some(if one.on <= other.on { one } else { other }),
            (one, other) => one.or(other),
        },
        evidence: join(&firing.evidence, &kept),
        ..running.clone()
    }
}

/// Brings the stored episodes of one account to what a scan saw. `existing` holds every episode that is not closed, and
/// the closed ones with a quiet day still ahead. Neither the order of `existing` nor of `detections` matters, and after
/// the plan was carried out the same scan plans nothing.
#[must_use]
pub fn plan(existing: &[Episode], detections: &[Detection], today: Day, cool_down_days: i32) -> Plan {
    let mut seen = strongest_by_subject(detections);
    let mut ordered: Vec<&Episode> = existing.iter().collect();
    ordered.sort_by_key(|episode| episode.id);
    let mut plan = Plan::default();
    let mut running = BTreeSet::new();
    let mut silenced = BTreeSet::new();
    for episode in ordered {
        let key = (episode.rule, episode.subject.as_str());
        let quiet = episode.status == SignalStatus::Dismissed && episode.quiet_until.is_some_and(|day| today < day);
        if episode.closed_at.is_some() {
            if quiet {
                silenced.insert(key);
            }
            continue;
        }
        // One episode per subject: a second one that is open against the rules is closed.
        if !running.insert(key) {
            plan.closes.push(episode.id);
            continue;
        }
        let Some(detection) = seen.get(&key) else {
            if today - episode.held_through() >= cool_down_days {
                plan.closes.push(episode.id);
            } else {
                plan.keeps.push(episode.id);
            }
            continue;
        };
        if episode.status == SignalStatus::Dismissed && episode.quiet_until.is_some() && !quiet {
            plan.closes.push(episode.id);
            continue;
        }
        let next = episode.held(detection, today);
        if next == *episode {
            plan.keeps.push(episode.id);
        } else {
            plan.updates.push(next);
        }
        seen.remove(&key);
    }
    plan.opens = seen.into_iter().filter(|(key, _)| !silenced.contains(key)).map(|(_, detection)| detection).collect();
    plan
}

/// What a report of a person or of the API does to the stored episodes of one account: it joins the running episode of
/// the same (rule, subject), or opens one. A person's new word counts more than an earlier dismissal: the dismissed
/// episode closes and a new one opens. Reporting the same twice plans nothing. `existing` is as in [`plan`].
#[must_use]
pub fn plan_report(existing: &[Episode], reported: &Detection, today: Day) -> Plan {
    let same = |episode: &&Episode| {
        episode.closed_at.is_none() && episode.rule == reported.rule && episode.subject == reported.subject
    };
    let mut plan = Plan::default();
    match existing.iter().filter(same).min_by_key(|episode| episode.id) {
        Some(running) if running.is_live() => {
            let next = merge(running, reported, today);
            if next == *running { plan.keeps.push(running.id) } else { plan.updates.push(next) }
        }
        Some(dismissed) => {
            plan.closes.push(dismissed.id);
            plan.opens.push(reported.clone());
        }
        None => plan.opens.push(reported.clone()),
    }
    plan
}

/// One detection per (rule, subject): of several the strongest speaks, with the evidence of all.
fn strongest_by_subject(detections: &[Detection]) -> BTreeMap<(RuleKey, &str), Detection> {
    let mut ordered: Vec<&Detection> = detections.iter().collect();
    ordered.sort_by(|a, b| {
        let by_strength = b.firing.strength.total_cmp(&a.firing.strength);
        let texts = |d: &Detection| d.firing.evidence.iter().map(|e| e.text.clone()).collect::<Vec<String>>();
        by_strength.then_with(|| a.firing.title.cmp(&b.firing.title)).then_with(|| texts(a).cmp(&texts(b)))
    });
    let mut by_subject: BTreeMap<(RuleKey, &str), Detection> = BTreeMap::new();
    for detection in ordered {
        by_subject
            .entry((detection.rule, detection.subject.as_str()))
            .and_modify(|strongest| {
                let more: Vec<&Evidence> = detection.firing.evidence.iter().collect();
                strongest.firing.evidence = join(&strongest.firing.evidence, &more);
                strongest.firing.observed_at = strongest.firing.observed_at.max(detection.firing.observed_at);
            })
            .or_insert_with(|| detection.clone());
    }
    by_subject
}

/// `first`, then what `others` add to it, each piece once, at most [`MAX_EVIDENCE`]; logged pieces are cut last.
fn join(first: &[Evidence], others: &[&Evidence]) -> Vec<Evidence> {
    let mut joined: Vec<Evidence> = Vec::with_capacity(first.len() + others.len());
    for evidence in first.iter().chain(others.iter().copied()) {
        if !joined.contains(evidence) {
            joined.push(evidence.clone());
        }
    }
    while joined.len() > MAX_EVIDENCE {
        let found = joined.iter().rposition(|evidence| !evidence.logged);
        joined.remove(found.unwrap_or(joined.len() - 1));
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        opportunity::OpportunityType,
        signal::{EvidenceSource, Firing},
        time::At,
    };

    const COOL_DOWN: i32 = 30;

    fn day(n: i32) -> Day {
        Day(20_000 + n)
    }

    fn at(n: i32) -> At {
        At(day(n).start_utc().0 + 9 * 3_600_000)
    }

    fn detection(rule: RuleKey, subject: &str, strength: f64, n: i32) -> Detection {
        let firing = Firing {
            strength,
            leads_to: OpportunityType::SeatExpansion,
            product: None,
            general: false,
            supports_only: false,
            title: format!("{subject} at {strength}"),
            observed_at: at(n),
            reach: None,
            asked_quantity: None,
            evidence: vec![Evidence::new(EvidenceSource::Usage, "active_users", format!("{subject} at {strength}"))],
        };
        Detection { rule, rule_version: 1, subject: subject.to_owned(), firing }
    }

    fn seats(strength: f64, n: i32) -> Detection {
        detection(RuleKey::SeatUtilization, "", strength, n)
    }

    fn logged(strength: f64, n: i32) -> Detection {
        let mut detection = seats(strength, n);
        detection.firing.title = "Asked on the phone".to_owned();
        detection.firing.evidence = vec![Evidence {
            at: Some(at(n)),
            logged: true,
            ..Evidence::new(EvidenceSource::Manual, "call", "Asked on the phone")
        }];
        detection
    }

    /// Carries a plan out, as the store does.
    fn apply(existing: &mut Vec<Episode>, plan: &Plan, n: i32) {
        for episode in existing.iter_mut() {
            if plan.closes.contains(&episode.id) {
                episode.closed_at = Some(at(n));
            }
            if let Some(next) = plan.updates.iter().find(|next| next.id == episode.id) {
                *episode = next.clone();
            }
        }
        for detection in &plan.opens {
            let id = SignalId(existing.len() as i64 + 1);
            existing.push(Episode::open(id, detection.clone(), at(n), day(n)));
        }
    }

    fn scan(existing: &mut Vec<Episode>, detections: &[Detection], n: i32) -> Plan {
        let plan = plan(existing, detections, day(n), COOL_DOWN);
        apply(existing, &plan, n);
        plan
    }

    fn unclosed(existing: &[Episode]) -> Vec<i64> {
        existing.iter().filter(|episode| episode.closed_at.is_none()).map(|episode| episode.id.0).collect()
    }

    #[test]
    fn an_episode_opens_holds_cools_down_and_opens_anew() {
        let mut stored = Vec::new();
        assert_eq!(scan(&mut stored, &[seats(0.7, 0)], 0).opens.len(), 1);
        assert!(scan(&mut stored, &[seats(0.7, 0)], 0).is_empty(), "the same scan again writes nothing");
        assert_eq!(scan(&mut stored, &[seats(0.7, 1)], 1).updates.len(), 1, "a new day moves last_held_on");
        assert_eq!((stored[0].last_held_on, stored[0].observed_at), (day(1), at(1)));
        assert!(scan(&mut stored, &[], 30).is_empty(), "gone for 29 days");
        assert_eq!(scan(&mut stored, &[], 31).closes, [SignalId(1)]);
        assert!(scan(&mut stored, &[], 32).is_empty());
        assert_eq!(scan(&mut stored, &[seats(0.7, 40)], 40).opens.len(), 1);
        assert_eq!(unclosed(&stored), [2]);
        assert_eq!(stored[1].opened_at, at(40));
    }

    #[test]
    fn later_on_the_same_day_only_what_changed_is_written() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0)], 0);
        let mut later = seats(0.7, 0);
        later.firing.observed_at = At(at(0).0 + 3_600_000);
        assert!(scan(&mut stored, std::slice::from_ref(&later), 0).is_empty(), "the hour alone is no change");
        later.firing.strength = 0.75;
        assert_eq!(scan(&mut stored, std::slice::from_ref(&later), 0).updates.len(), 1);
        assert_eq!((stored[0].strength, stored[0].observed_at), (0.75, later.firing.observed_at));
    }

    #[test]
    fn utilization_that_becomes_overage_is_two_episodes() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.85, 0)], 0);
        scan(&mut stored, &[detection(RuleKey::SeatOverage, "", 0.9, 10)], 10);
        assert_eq!(unclosed(&stored), [1, 2]);
        scan(&mut stored, &[detection(RuleKey::SeatOverage, "", 0.9, 30)], 30);
        assert_eq!(unclosed(&stored), [2], "utilization closes by its cool-down");
    }

    #[test]
    fn a_dismissed_episode_stays_silent_while_it_holds() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0)], 0);
        stored[0].status = SignalStatus::Dismissed;
        for n in 1..60 {
            assert!(scan(&mut stored, &[seats(0.7, n)], n).opens.is_empty(), "day {n}");
        }
        assert!(!stored[0].is_live() && stored[0].closed_at.is_none());
        scan(&mut stored, &[], 89);
        assert_eq!(scan(&mut stored, &[seats(0.7, 90)], 90).opens.len(), 1, "gone and come again is new");
    }

    #[test]
    fn a_quiet_episode_speaks_again_on_its_day() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0)], 0);
        stored[0].status = SignalStatus::Dismissed;
        stored[0].quiet_until = Some(day(50));
        assert!(scan(&mut stored, &[seats(0.7, 49)], 49).opens.is_empty());
        let speaks = scan(&mut stored, &[seats(0.7, 50)], 50);
        assert_eq!((speaks.closes, speaks.opens.len()), (vec![SignalId(1)], 1));

        // Gone and closed in the meantime: still quiet until the day.
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0)], 0);
        stored[0].status = SignalStatus::Dismissed;
        stored[0].quiet_until = Some(day(50));
        assert_eq!(scan(&mut stored, &[], 30).closes, [SignalId(1)]);
        assert!(scan(&mut stored, &[seats(0.7, 40)], 40).is_empty());
        assert_eq!(scan(&mut stored, &[seats(0.7, 50)], 50).opens.len(), 1);
    }

    #[test]
    fn two_sources_join_and_both_pieces_of_evidence_stay() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0)], 0);
        stored[0] = merge(&stored[0], &logged(0.8, 3), day(3));
        assert_eq!(merge(&stored[0], &logged(0.8, 3), day(3)), stored[0], "the same report twice changes nothing");
        assert_eq!((stored[0].strength, stored[0].evidence.len()), (0.8, 2));
        scan(&mut stored, &[seats(0.72, 4)], 4);
        let texts: Vec<&str> = stored[0].evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        assert_eq!(texts, [" at 0.72", "Asked on the phone"], "the rule's own is renewed, the logged one kept");
        assert_eq!(stored[0].strength, 0.8);
        assert!(scan(&mut stored, &[seats(0.72, 4)], 4).is_empty());
    }

    #[test]
    fn a_report_joins_opens_or_overrules_a_dismissal() {
        let mut stored = Vec::new();
        let first = plan_report(&stored, &logged(0.8, 0), day(0));
        apply(&mut stored, &first, 0);
        assert_eq!(unclosed(&stored), [1]);
        assert!(plan_report(&stored, &logged(0.8, 0), day(0)).is_empty(), "the same report twice");
        let again = plan_report(&stored, &logged(0.9, 5), day(5));
        assert_eq!((again.updates.len(), again.opens.len()), (1, 0));
        stored[0].status = SignalStatus::Dismissed;
        stored[0].quiet_until = Some(day(90));
        let overruled = plan_report(&stored, &logged(0.9, 6), day(6));
        apply(&mut stored, &overruled, 6);
        assert_eq!(unclosed(&stored), [2]);
        assert!(stored[1].is_live());
    }

    #[test]
    fn logged_words_hold_sixty_days_before_they_cool_down() {
        let mut stored = vec![Episode::open(SignalId(1), logged(0.8, 0), at(0), day(0))];
        assert!(scan(&mut stored, &[], 89).is_empty());
        assert_eq!(scan(&mut stored, &[], 90).closes, [SignalId(1)]);
    }

    #[test]
    fn two_detections_of_one_subject_open_one_episode_with_both_pieces_of_evidence() {
        let mut stored = Vec::new();
        scan(&mut stored, &[seats(0.7, 0), seats(0.8, 0)], 0);
        assert_eq!((stored.len(), stored[0].strength, stored[0].evidence.len()), (1, 0.8, 2));
    }

    #[test]
    fn evidence_has_a_limit_and_logged_pieces_go_last() {
        let piece = |n: usize, logged: bool| Evidence {
            logged,
            ..Evidence::new(EvidenceSource::Usage, "active_users", n.to_string())
        };
        let found: Vec<Evidence> = (0..30).map(|n| piece(n, false)).collect();
        let said = piece(99, true);
        let joined = join(&found, &[&said]);
        assert_eq!(joined.len(), MAX_EVIDENCE);
        assert_eq!((joined.first(), joined.last()), (found.first(), Some(&said)));
    }

    /// One day of a random life: days that pass, what fires, and what a person does to an episode.
    type Step = (i32, Vec<(usize, usize, u32)>, Option<(usize, u8)>);

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let firing = (0..2_usize, 0..2_usize, 5..10_u32);
        let step = (0..45_i32, proptest::collection::vec(firing, 0..4), proptest::option::of((0..6_usize, 0..4_u8)));
        proptest::collection::vec(step, 1..14)
    }

    proptest! {
        #[test]
        fn scans_settle_whatever_the_order(steps in steps()) {
            let rules = [RuleKey::SeatUtilization, RuleKey::ApiLimit];
            let mut stored: Vec<Episode> = Vec::new();
            let mut n = 0;
            for (days, firings, deed) in steps {
                n += days;
                let detections: Vec<Detection> = firings
                    .iter()
                    .map(|(rule, subject, tenths)| {
                        detection(rules[*rule], ["a", "b"][*subject], f64::from(*tenths) / 10.0, n)
                    })
                    .collect();
                let forwards = plan(&stored, &detections, day(n), COOL_DOWN);
                let backwards_stored: Vec<Episode> = stored.iter().rev().cloned().collect();
                let backwards_detections: Vec<Detection> = detections.iter().rev().cloned().collect();
                prop_assert_eq!(&forwards, &plan(&backwards_stored, &backwards_detections, day(n), COOL_DOWN));
                apply(&mut stored, &forwards, n);
                prop_assert!(plan(&stored, &detections, day(n), COOL_DOWN).is_empty());
                let mut keys = BTreeSet::new();
                for episode in stored.iter().filter(|episode| episode.closed_at.is_none()) {
                    prop_assert!(keys.insert((episode.rule, episode.subject.clone())));
                }
                if let Some((which, what)) = deed
                    && let Some(episode) = stored.get_mut(which)
                {
                    episode.status = if what == 0 { SignalStatus::Acknowledged } else { SignalStatus::Dismissed };
                    episode.quiet_until = (what > 1).then(|| day(n + 20 * i32::from(what)));
                }
            }
        }
    }
}
