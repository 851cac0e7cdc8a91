//! The customer asks how we compare with a competitor, or a competitor's product is being displaced. By wording alone,
//! without a known name, it counts less (CONTRACT 5). One subject per competitor. A customer who thinks of leaving for a
//! competitor is a blocker and no signal.

use crate::{
    account::{AccountSnapshot, Context},
    conversation::{
        Topic,
        talk::{self, LOOK_BACK, Talk},
    },
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo},
};

/// See the module.
#[derive(Debug)]
pub struct ComparisonShopping;

const STRENGTH: SettingInfo = SettingInfo::strength(700);
const BY_WORDING: SettingInfo =
    SettingInfo::ratio("strength_by_wording", "Strength without a known name", 600, 0, 1000);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::ComparisonShopping,
    sentence: "Fires when the customer compares with a competitor, or replaces a competitor’s product.",
    leads_to: OpportunityType::Upsell,
    settings: &[LOOK_BACK, STRENGTH, BY_WORDING],
};

impl Rule for ComparisonShopping {
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
        let talk = Talk::of(Topic::Comparison, account, context, settings);
        let mut subjects = talk.by_subject(|mention| mention.competitor.clone().unwrap_or_default());
        if subjects.is_empty() && clauses == Clauses::Write {
            subjects.push((String::new(), Vec::new()));
        }
        subjects
            .into_iter()
            .map(|(competitor, said)| {
                let mut list = ClauseList::new(clauses);
                talk.clauses("that compare or replace", &mut list);
                let name = if competitor.is_empty() { "another product".to_owned() } else { competitor.clone() };
                list.conclude(competitor.as_str(), || {
                    let newest = said.first()?;
                    let strength = if competitor.is_empty() { &BY_WORDING } else { &STRENGTH };
                    let title = if newest.mention.displaces {
                        format!("Replaces {name}")
                    } else {
                        format!("Compares with {name}")
                    };
                    let what =
                        |displaces| format!("{} {name}", if displaces { "is replacing" } else { "compared with" });
                    Some(Firing {
                        strength: settings.value(strength),
                        evidence: talk::evidence(&said, |mention| what(mention.displaces)),
                        ..INFO.level(title, newest.meeting.held_at)
                    })
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::PeerGroup,
        conversation::corpus::{acme_with, talk},
        signal::{RuleSettings, fixture},
    };

    fn fired(said: &str) -> Option<(String, String, f64)> {
        let mut market = fixture::market();
        market.competitors = vec![vec!["Tableau".into(), "Tableau Cloud".into()]];
        let account = acme_with(&[talk("2026-01-29", said)]);
        let peers = PeerGroup::default();
        let found =
            fixture::evaluate_with(&ComparisonShopping, &account, &market, &peers, &RuleSettings::default()).remove(0);
        let firing = found.firing?;
        assert_eq!(firing.leads_to, OpportunityType::Upsell);
        Some((found.subject, firing.title, firing.strength))
    }

    #[test]
    fn a_known_name_counts_more_than_wording() {
        for (said, wanted) in [
            (
                "Sarah: How does your reporting compare to Tableau Cloud?",
                Some(("Tableau", "Compares with Tableau", 0.7)),
            ),
            ("Sarah: How does your reporting compare?", Some(("", "Compares with another product", 0.6))),
            (
                "Sarah: We use Tableau.\nSarah: How does your reporting compare?",
                Some(("Tableau", "Compares with Tableau", 0.7)),
            ),
            ("Sarah: We're replacing Tableau with you.", Some(("Tableau", "Replaces Tableau", 0.7))),
            ("Sarah: We're thinking about replacing you with Tableau.", None),
            ("Maya (vendor): How does our reporting compare to Tableau?", None),
        ] {
            let wanted = wanted.map(|(subject, title, strength)| (subject.to_owned(), title.to_owned(), strength));
            assert_eq!(fired(said), wanted, "{said}");
        }
    }
}
