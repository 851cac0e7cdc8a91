//! The champion: the best path to a decision (PRODUCT 5).

use super::{
    composite::ten_thousandths,
    found::Champion,
    input::{Input, days_ago},
};
use crate::{
    account::{Stakeholder, StakeholderRole},
    format,
};

/// Contact is worth half after this many days (PRODUCT 5).
pub const HALF_LIFE_DAYS: f64 = 60.0;
/// What an unknown engagement or an unknown last contact counts.
const UNKNOWN: f64 = 0.5;

/// What the stakeholders say about a path to a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Path {
    /// Somebody fits.
    Champion(Champion),
    /// Stakeholders are known, but none fits.
    NoneFits,
    /// No stakeholder is known at all.
    NobodyKnown,
}

impl Path {
    /// The champion, if there is one.
    #[must_use]
    pub fn champion(&self) -> Option<&Champion> {
        match self {
            Path::Champion(champion) => Some(champion),
            Path::NoneFits | Path::NobodyKnown => None,
        }
    }
}

/// Weight of a role; a detractor never counts, and somebody without a role is not a champion.
#[must_use]
pub const fn role_weight(role: Option<StakeholderRole>) -> Option<f64> {
    match role {
        Some(StakeholderRole::Champion | StakeholderRole::EconomicBuyer | StakeholderRole::ExecSponsor) => Some(1.0),
        Some(StakeholderRole::DecisionMaker) => Some(0.9),
        Some(StakeholderRole::Influencer) => Some(0.6),
        Some(StakeholderRole::Detractor) | None => None,
    }
}

/// A role as words: "economic buyer".
#[must_use]
pub const fn role_label(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::Champion => "champion",
        StakeholderRole::EconomicBuyer => "economic buyer",
        StakeholderRole::ExecSponsor => "executive sponsor",
        StakeholderRole::DecisionMaker => "decision maker",
        StakeholderRole::Influencer => "influencer",
        StakeholderRole::Detractor => "detractor",
    }
}

/// A role as its key in files and JSON.
#[must_use]
pub const fn role_key(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::Champion => "champion",
        StakeholderRole::EconomicBuyer => "economic_buyer",
        StakeholderRole::ExecSponsor => "exec_sponsor",
        StakeholderRole::DecisionMaker => "decision_maker",
        StakeholderRole::Influencer => "influencer",
        StakeholderRole::Detractor => "detractor",
    }
}

/// Role × engagement ÷ 100 × recency, four decimals; none when the role does not fit.
#[must_use]
pub fn score(stakeholder: &Stakeholder, input: &Input<'_>) -> Option<f64> {
    let weight = role_weight(stakeholder.role)?;
    let engagement = stakeholder.engagement.map_or(UNKNOWN, |e| e.clamp(0.0, 100.0) / 100.0);
    let recency = stakeholder.last_contact_on.map_or(UNKNOWN, |on| {
        let days = (input.today() - on).max(0);
        (-f64::from(days) / HALF_LIFE_DAYS).exp2()
    });
    Some(ten_thousandths(weight * engagement * recency) as f64 / 10_000.0)
}

/// The best stakeholder by score; of equals the one with the lowest id.
#[must_use]
pub fn path(input: &Input<'_>) -> Path {
    let people = &input.account.stakeholders;
    let best = people
        .iter()
        .filter_map(|person| Some((person, person.role?, score(person, input)?)))
        .max_by_key(|(person, _, score)| (ten_thousandths(*score), std::cmp::Reverse(person.id)));
    match best {
        Some((person, role, score)) => Path::Champion(Champion {
            stakeholder: person.id,
            name: person.name.clone(),
            title: person.title.clone(),
            role: role_key(role).to_owned(),
            engagement: person.engagement,
            last_contact_on: person.last_contact_on,
            score,
        }),
        None if people.is_empty() => Path::NobodyKnown,
        None => Path::NoneFits,
    }
}

/// "Sarah Chen, engagement 88, 5 days ago".
#[must_use]
pub fn sentence(champion: &Champion, input: &Input<'_>) -> String {
    let engagement = champion
        .engagement
        .map_or_else(|| "engagement not measured".to_owned(), |e| format!("engagement {}", format::quantity(e)));
    let contact =
        champion.last_contact_on.map_or_else(|| "last contact not known".to_owned(), |on| days_ago(input.today() - on));
    format!("{}, {engagement}, {contact}", champion.name)
}

#[cfg(test)]
mod tests {
    use super::{super::sample::Sample, *};
    use crate::{account::StakeholderRole as Role, id::StakeholderId};

    #[test]
    fn roles_engagement_and_recency_multiply() {
        for (role, engagement, ago, expected) in [
            (Some(Role::Champion), Some(88.0), Some(5), Some(0.8306)),
            (Some(Role::EconomicBuyer), Some(100.0), Some(0), Some(1.0)),
            (Some(Role::ExecSponsor), Some(100.0), Some(60), Some(0.5)),
            (Some(Role::DecisionMaker), Some(100.0), Some(0), Some(0.9)),
            (Some(Role::Influencer), Some(50.0), Some(0), Some(0.3)),
            (Some(Role::Influencer), Some(140.0), Some(-2), Some(0.6)),
            (Some(Role::Champion), None, Some(0), Some(0.5)),
            (Some(Role::Champion), Some(80.0), None, Some(0.4)),
            (Some(Role::Detractor), Some(100.0), Some(0), None),
            (None, Some(100.0), Some(0), None),
        ] {
            let mut sample = Sample::new();
            sample.stakeholder(1, "Sarah Chen", role, engagement, ago);
            let input = sample.input();
            assert_eq!(score(&input.account.stakeholders[0], &input), expected, "{role:?} {engagement:?} {ago:?}");
        }
    }

    #[test]
    fn the_best_wins_and_the_lower_id_breaks_a_tie() {
        let mut sample = Sample::new();
        assert_eq!(path(&sample.input()), Path::NobodyKnown);
        sample.stakeholder(7, "Detractor", Some(Role::Detractor), Some(99.0), Some(0));
        sample.stakeholder(8, "No role", None, Some(99.0), Some(0));
        assert_eq!(path(&sample.input()), Path::NoneFits);
        sample.stakeholder(5, "Ben", Some(Role::ExecSponsor), Some(80.0), Some(0));
        sample.stakeholder(4, "Ana", Some(Role::Champion), Some(80.0), Some(0));
        sample.stakeholder(3, "Ines", Some(Role::Influencer), Some(100.0), Some(0));
        let input = sample.input();
        let best = path(&input);
        let champion = best.champion().unwrap();
        assert_eq!((champion.stakeholder, champion.role.as_str()), (StakeholderId(4), "champion"));
        assert_eq!(sentence(champion, &input), "Ana, engagement 80, today");
    }
}
