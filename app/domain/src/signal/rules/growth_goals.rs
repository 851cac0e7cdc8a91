//! An executive sponsor speaks of growth in a business review.
//!
//! Sponsor: a stakeholder with the role executive sponsor or economic buyer, or a title from VP upwards. Growth of the
//! customer that is planned or under way counts; costs, tickets or last year's growth do not. A general signal.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    account::{AccountSnapshot, Context, StakeholderRole},
    conversation::{
        Mention, Topic, is_qbr,
        talk::{self, LOOK_BACK, Said, Talk},
    },
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo},
};

/// See the module.
#[derive(Debug)]
pub struct GrowthGoals;

const STRENGTH: SettingInfo = SettingInfo::strength(650);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::GrowthGoals,
    sentence: "Fires when an executive sponsor speaks of growth in a business review.",
    leads_to: OpportunityType::LandAndExpand,
    settings: &[LOOK_BACK, STRENGTH],
};

impl Rule for GrowthGoals {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation> {
        let talk = Talk::of(Topic::Growth, account, context, settings);
        if clauses == Clauses::Skip && talk.said.is_empty() {
            return Vec::new();
        }
        let mut list = ClauseList::new(clauses);
        let from = context.now.plus_days(-talk.days);
        list.check(account.meetings.iter().any(|m| is_qbr(m) && m.held_at >= from && m.held_at <= context.now), || {
            let held = account.meetings.iter().filter(|m| is_qbr(m) && m.held_at >= from && m.held_at <= context.now);
            (format!("Business reviews in the last {} days", talk.days), held.count().to_string(), "≥ 1")
        });
        talk.clauses("on growth", &mut list);
        let by_sponsors: Vec<Said<'_>> =
            talk.said.iter().filter(|said| is_executive(account, said.mention)).copied().collect();
        if let Some(newest) = talk.said.first() {
            list.check(!by_sponsors.is_empty(), || {
                let speaker = by_sponsors.first().unwrap_or(newest).mention;
                let title = speaker.title.as_deref().map(|title| format!(", {title}")).unwrap_or_default();
                ("Said by", format!("{}{title}", speaker.speaker), "an executive sponsor")
            });
        }
        vec![list.conclude("", || {
            let newest = by_sponsors.first()?;
            Some(Firing {
                strength: settings.value(&STRENGTH),
                general: true,
                evidence: talk::evidence(&by_sponsors, |_| "spoke of growth".to_owned()),
                ..INFO.level(format!("Growth goals named by {}", newest.mention.speaker), newest.meeting.held_at)
            })
        })]
    }
}

fn is_executive(account: &AccountSnapshot, mention: &Mention) -> bool {
    let stakeholder = account.stakeholders.iter().find(|s| Some(s.id) == mention.stakeholder);
    let by_role = stakeholder
        .and_then(|s| s.role)
        .is_some_and(|role| matches!(role, StakeholderRole::ExecSponsor | StakeholderRole::EconomicBuyer));
    by_role || mention.title.as_deref().is_some_and(|title| EXECUTIVE.is_match(title))
}

#[expect(clippy::unwrap_used, reason = "a literal pattern, compiled by the tests below")]
static EXECUTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:C[A-Z]O|CISO|chief [\w ]+ officer|[SE]?VP|vice[- ]president|president|founder|owner|managing director|general manager)\b").unwrap()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Meeting, MeetingKind},
        conversation::corpus::{acme_with, talk},
        signal::fixture::{evaluate, firing, lines},
    };

    const GOALS: &str = "Sarah: Our goal is to double revenue by 2027.";

    fn review_of(said: &str) -> Meeting {
        Meeting { kind: MeetingKind::Qbr, ..talk("2026-01-28", said) }
    }

    #[test]
    fn only_executives_in_reviews_count() {
        let found = firing(&GrowthGoals, &acme_with(&[review_of(GOALS)])).unwrap();
        assert_eq!((found.strength, found.leads_to, found.general), (0.65, OpportunityType::LandAndExpand, true));
        assert_eq!(found.title, "Growth goals named by Sarah Chen");

        let call = acme_with(&[talk("2026-01-28", GOALS)]);
        assert!(firing(&GrowthGoals, &call).is_none());
        let titled = acme_with(&[Meeting { title: Some("Q4 business review".into()), ..talk("2026-01-28", GOALS) }]);
        assert!(firing(&GrowthGoals, &titled).is_some());

        let mut analyst = acme_with(&[review_of(GOALS)]);
        analyst.stakeholders[0].role = Some(StakeholderRole::Influencer);
        analyst.stakeholders[0].title = Some("Analyst".into());
        assert!(firing(&GrowthGoals, &analyst).is_none());
        assert_eq!(
            lines(&evaluate(&GrowthGoals, &analyst))[3],
            "Said by: Sarah Chen, Analyst (an executive sponsor) not met"
        );

        let cfo = acme_with(&[review_of("Dana Reyes (CFO): We are opening two new offices.")]);
        assert!(firing(&GrowthGoals, &cfo).is_none(), "a title alone does not tell the side");
    }

    #[test]
    fn titles_of_executives() {
        for title in ["CFO", "Chief Operating Officer", "VP Operations", "SVP Sales", "Vice President, IT", "Founder"] {
            assert!(EXECUTIVE.is_match(title), "{title}");
        }
        for title in ["Analyst", "Head of Coffee", "Account Manager", "Director of Data"] {
            assert!(!EXECUTIVE.is_match(title), "{title}");
        }
    }
}
