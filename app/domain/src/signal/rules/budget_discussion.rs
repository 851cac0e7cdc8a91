//! The customer says that there is money: "we have set aside budget for this in Q1".
//!
//! Negated, hypothetical and past budget does not count (PRODUCT 4), nor does a question. The last word holds: talk of
//! budget that was denied later is out. A general signal: it supports what else the account shows.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    account::{AccountSnapshot, Context},
    conversation::{
        Topic,
        talk::{self, LOOK_BACK, Talk},
    },
    format,
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo},
};

/// See the module.
#[derive(Debug)]
pub struct BudgetDiscussion;

const STRENGTH: SettingInfo = SettingInfo::strength(750);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::BudgetDiscussion,
    sentence: "Fires when the customer says that budget is there and has not denied it since.",
    leads_to: OpportunityType::Upsell,
    settings: &[LOOK_BACK, STRENGTH],
};

impl Rule for BudgetDiscussion {
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
        let mut talk = Talk::of(Topic::Budget, account, context, settings);
        if clauses == Clauses::Skip && talk.said.is_empty() {
            return Vec::new();
        }
        let mut list = ClauseList::new(clauses);
        talk.clauses("on budget", &mut list);
        if !talk.said.is_empty() {
            let denied = talk::budget_denied_at(account, context, talk.days);
            talk.said.retain(|said| denied.is_none_or(|denied| said.moment() > denied));
            list.check(!talk.said.is_empty(), || {
                let value = match denied {
                    Some((at, _)) => format!("denied on {}", format::day(at.day_utc(), context.today)),
                    None => "never denied".to_owned(),
                };
                ("Denied since", value, "not after the last such statement")
            });
        }
        vec![list.conclude("", || {
            let newest = talk.said.first()?;
            let period = PERIOD.find(&newest.mention.quote).map(|period| format!(" for {}", period.as_str()));
            Some(Firing {
                strength: settings.value(&STRENGTH),
                general: true,
                evidence: talk::evidence(&talk.said, |_| "said that there is budget".to_owned()),
                ..INFO.level(format!("Budget confirmed{}", period.unwrap_or_default()), newest.meeting.held_at)
            })
        })]
    }
}

#[expect(clippy::unwrap_used, reason = "a literal pattern, compiled by the tests below")]
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:Q[1-4]|H[12]|FY ?\d{2,4}|20\d\d|(?:this|next) (?:fiscal )?(?:year|quarter|month))\b").unwrap()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        conversation::corpus::{acme_with, talk},
        signal::{
            EvidenceSource,
            fixture::{evaluate, firing, lines},
        },
    };

    #[test]
    fn budget_that_is_there_fires() {
        let account = acme_with(&[talk("2026-01-21", "Sarah: We have set aside budget for this in Q1.")]);
        let found = firing(&BudgetDiscussion, &account).unwrap();
        assert_eq!((found.strength, found.leads_to, found.general), (0.75, OpportunityType::Upsell, true));
        assert_eq!(found.title, "Budget confirmed for Q1");
        assert_eq!(found.observed_at, account.meetings[0].held_at);
        let evidence = &found.evidence[0];
        assert_eq!(evidence.quote.as_deref(), Some("We have set aside budget for this in Q1."));
        assert_eq!((evidence.speaker.as_deref(), evidence.line), (Some("Sarah Chen"), Some(1)));
        assert_eq!((evidence.source, evidence.meeting), (EvidenceSource::Meeting, Some(account.meetings[0].id)));
        assert_eq!(evidence.text, "Sarah Chen said that there is budget");
    }

    #[test]
    fn the_last_word_holds() {
        let yes = "Sarah: Budget is approved.";
        let no = "Sarah: We have no budget this year.";
        for (meetings, fires) in [
            (vec![talk("2026-01-10", yes), talk("2026-01-20", no)], false),
            (vec![talk("2026-01-10", no), talk("2026-01-20", yes)], true),
            (vec![talk("2026-01-10", &format!("{no}\n{yes}"))], true),
            (vec![talk("2026-01-10", &format!("{yes}\n{no}"))], false),
            // Before the look-back, and not yet held.
            (vec![talk("2025-10-20", yes)], false),
            (vec![talk("2026-02-10", yes)], false),
        ] {
            let account = acme_with(&meetings);
            assert_eq!(firing(&BudgetDiscussion, &account).is_some(), fires, "{meetings:?}");
        }
    }

    #[test]
    fn why_not() {
        let account = acme_with(&[talk("2026-01-10", "Sarah: If we had budget we would do it.")]);
        assert_eq!(
            lines(&evaluate(&BudgetDiscussion, &account)),
            [
                "Meetings and mails in the last 90 days: 1 (≥ 1) met",
                "Customer statements on budget: 0 that count; not counted, hypothetical: “If we had budget we would do it.” (≥ 1) not met",
            ]
        );
        assert_eq!(
            lines(&evaluate(&BudgetDiscussion, &acme_with(&[])))[0],
            "Meetings and mails in the last 90 days: 0 (≥ 1) not met"
        );
    }
}
