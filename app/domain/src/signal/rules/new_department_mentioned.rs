//! The customer names a team that wants to use the product and has no users yet. One subject per department.

use crate::{
    account::{AccountSnapshot, Context},
    conversation::{
        Topic, defaults,
        talk::{self, LOOK_BACK, Talk},
    },
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo},
};

/// See the module.
#[derive(Debug)]
pub struct NewDepartmentMentioned;

const STRENGTH: SettingInfo = SettingInfo::strength(650);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::NewDepartmentMentioned,
    sentence: "Fires when the customer names a team without users that wants to use the product.",
    leads_to: OpportunityType::LandAndExpand,
    settings: &[LOOK_BACK, STRENGTH],
};

impl Rule for NewDepartmentMentioned {
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
        let talk = Talk::of(Topic::Department, account, context, settings);
        let mut subjects = talk.by_subject(|mention| mention.departments.first().cloned().unwrap_or_default());
        if subjects.is_empty() && clauses == Clauses::Write {
            subjects.push((String::new(), Vec::new()));
        }
        subjects
            .into_iter()
            .map(|(department, said)| {
                let mut list = ClauseList::new(clauses);
                talk.clauses("on teams that want to use it", &mut list);
                if !said.is_empty() {
                    let users = talk::users_in(account, &department, context.today);
                    list.check(users == 0, || (format!("Users in {department}"), users.to_string(), "none yet"));
                    let primary = account.customer.primary_department.as_deref().map(defaults::department_name);
                    let is_primary = primary.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&department));
                    list.check(!is_primary, || {
                        ("Primary department", primary.unwrap_or_else(|| "not known".to_owned()), "another one")
                    });
                }
                list.conclude(department.as_str(), || {
                    let newest = said.first()?;
                    Some(Firing {
                        strength: settings.value(&STRENGTH),
                        evidence: talk::evidence(&said, |_| format!("named {department} as a team that wants it")),
                        ..INFO.level(format!("{department} wants to use it"), newest.meeting.held_at)
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
        conversation::corpus::{acme_with, talk},
        signal::fixture::{evaluate, lines},
    };

    fn subjects(account: &AccountSnapshot) -> Vec<String> {
        let fires = |e: Evaluation| e.firing.map(|firing| format!("{}: {}", e.subject, firing.title));
        evaluate(&NewDepartmentMentioned, account).into_iter().filter_map(fires).collect()
    }

    #[test]
    fn a_team_without_users_that_wants_it_fires() {
        let said = "Sarah: Finance, Legal and Human Resources want to join the platform.";
        let account = acme_with(&[talk("2026-01-28", said)]);
        assert_eq!(
            subjects(&account),
            ["Finance: Finance wants to use it", "Legal: Legal wants to use it", "HR: HR wants to use it"]
        );
        let account =
            account.with_users(1, Some("finance"), "2025-11-01").with_users(2, Some("People Ops"), "2025-11-01");
        assert_eq!(subjects(&account), ["Legal: Legal wants to use it"]);
        assert!(
            lines(&evaluate(&NewDepartmentMentioned, &account))
                .contains(&"Users in Finance: 1 (none yet) not met".to_owned())
        );
    }

    #[test]
    fn the_primary_department_is_not_new() {
        assert!(subjects(&acme_with(&[talk("2026-01-28", "Sarah: Our sales team wants access.")])).is_empty());
    }

    #[test]
    fn nothing_said_says_so() {
        let silent = acme_with(&[talk("2026-01-28", "Sarah: Hello.")]);
        assert_eq!(
            lines(&evaluate(&NewDepartmentMentioned, &silent)),
            [
                "Meetings and mails in the last 90 days: 1 (≥ 1) met",
                "Customer statements on teams that want to use it: 0 that count (≥ 1) not met",
            ]
        );
    }
}
