//! A single-year contract of a healthy account whose renewal comes within 180 days: it could run longer.
//!
//! The contract is the main one in force. Its length is `term_months`, else the days from start to end. Unknown health
//! does not hold it back (CONTRACT 5). The dates of the contract are the facts; a rate has no minimum volume here.

use crate::{
    account::{AccountSnapshot, Context, Contract},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo, measure, settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct MultiYearAvailable;

/// A year with its leap day, for contracts without a term.
const DAYS_OF_YEAR: i32 = 366;
const MONTHS_OF_YEAR: i64 = 12;
const RENEWAL_WITHIN: SettingInfo = SettingInfo::whole("renewal_within", "Renewal within", "days", 180, 1, 366);
const STRENGTH: SettingInfo = SettingInfo::strength(600);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::MultiYearAvailable,
    sentence: "Fires when a healthy account's contract runs for a year at most and renews soon.",
    leads_to: OpportunityType::MultiYear,
    settings: &[RENEWAL_WITHIN, STRENGTH],
};

impl Rule for MultiYearAvailable {
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
        let mut list = ClauseList::new(clauses);
        let today = context.today;
        let Some(contract) = account.contract_on(today) else {
            list.unknown(|| ("Contract", "no contract in force", "one for a year at most"));
            return vec![list.silent("")];
        };
        match term(contract) {
            Some(term) => {
                list.check(term.single_year, || ("Term", term.words.clone(), "≤ 12 months"));
            }
            None => list.unknown(|| ("Term", "open-ended, no term given", "≤ 12 months")),
        }
        let within = settings.whole(&RENEWAL_WITHIN) as i32;
        let needs = || format!("in 0 to {within} days");
        match contract.ends_on {
            Some(ends_on) => {
                let left = ends_on - today;
                list.check((0..=within).contains(&left), || {
                    ("Renewal", format!("{}, in {left} days", format::day(ends_on, today)), needs())
                });
            }
            None => list.unknown(|| ("Renewal", "no end given", needs())),
        }
        let healthy_at = measure::milli(context.market.healthy_at);
        let needs = || format!("≥ {}, or unknown", milli_text(healthy_at));
        match account.health_on(today) {
            Some(health) => {
                list.check(measure::milli(health) >= healthy_at, || ("Health", format::quantity(health), needs()));
            }
            None => list.note(|| ("Health", "no score", needs())),
        }
        vec![list.conclude("", || {
            let ends_on = contract.ends_on?;
            let left = ends_on - today;
            let title = format!("Single-year contract, renewal in {left} days");
            let text = format!(
                "Contract {} ({}) ends on {}, in {left} days",
                contract.external_id,
                term(contract)?.words,
                format::day(ends_on, today)
            );
            let evidence = Evidence {
                value: Some(f64::from(left)),
                limit: Some(f64::from(within)),
                window: Some((contract.starts_on, ends_on)),
                ..Evidence::new(EvidenceSource::Contract, &contract.external_id, text)
            };
            Some(Firing {
                strength: settings.value(&STRENGTH),
                evidence: vec![evidence],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

/// How long a contract runs.
struct Term {
    single_year: bool,
    words: String,
}

fn term(contract: &Contract) -> Option<Term> {
    if let Some(months) = contract.term_months {
        return Some(Term { single_year: months <= MONTHS_OF_YEAR, words: format!("{months} months") });
    }
    // The last day counts: 1 January to 31 December is a year of 365 days.
    let days = contract.ends_on? - contract.starts_on + 1;
    Some(Term { single_year: days <= DAYS_OF_YEAR, words: format!("{days} days") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines, today};

    fn with(term_months: Option<i64>, starts_on: &str, ends_on: Option<&str>, health: Option<f64>) -> AccountSnapshot {
        let mut account = acme();
        let contract = &mut account.contracts[0];
        contract.term_months = term_months;
        contract.starts_on = day(starts_on);
        contract.ends_on = ends_on.map(day);
        account.customer.health_score = health;
        account
    }

    #[test]
    fn a_year_that_ends_within_180_days() {
        for (term, starts_on, ends_on, health, fires) in [
            (Some(12), "2025-08-01", Some("2026-07-31"), Some(60.0), true),
            (Some(12), "2025-08-02", Some("2026-08-01"), Some(60.0), true),
            (Some(12), "2025-08-03", Some("2026-08-02"), Some(60.0), false),
            (Some(12), "2025-02-03", Some("2026-02-02"), None, true),
            (Some(12), "2025-02-01", Some("2026-02-01"), None, false),
            (Some(12), "2025-08-01", Some("2026-07-31"), Some(59.9), false),
            (Some(36), "2023-08-01", Some("2026-07-31"), Some(90.0), false),
            (Some(13), "2025-07-01", Some("2026-07-31"), Some(90.0), false),
            (None, "2025-08-01", Some("2026-07-31"), Some(90.0), true),
            (None, "2025-07-30", Some("2026-07-31"), Some(90.0), false),
            (Some(12), "2025-08-01", None, Some(90.0), false),
            (None, "2025-08-01", None, Some(90.0), false),
        ] {
            let found = firing(&MultiYearAvailable, &with(term, starts_on, ends_on, health));
            assert_eq!(found.map(|f| f.strength), fires.then_some(0.60), "{term:?} {starts_on} {ends_on:?} {health:?}");
        }
    }

    #[test]
    fn evidence_is_the_contract() {
        let found = firing(&MultiYearAvailable, &with(Some(12), "2025-07-01", Some("2026-06-30"), None)).unwrap();
        assert_eq!(found.leads_to, OpportunityType::MultiYear);
        assert_eq!(found.title, "Single-year contract, renewal in 148 days");
        assert_eq!(found.evidence[0].text, "Contract CT-1 (12 months) ends on 30\u{a0}Jun, in 148 days");
        assert_eq!(found.evidence[0].source_reference, "CT-1");
        assert_eq!(day("2026-06-30") - today(), 148);
    }

    #[test]
    fn a_dated_score_wins_and_why_not_names_everything() {
        let mut account = with(Some(24), "2025-07-01", Some("2027-06-30"), Some(90.0));
        account.health = vec![(day("2026-01-10"), 41.0), (day("2026-02-03"), 95.0)];
        assert_eq!(
            lines(&evaluate(&MultiYearAvailable, &account)),
            [
                "Term: 24 months (≤ 12 months) not met",
                "Renewal: 30\u{a0}Jun 2027, in 513 days (in 0 to 180 days) not met",
                "Health: 41 (≥ 60, or unknown) not met",
            ]
        );
        account.contracts.clear();
        assert_eq!(
            lines(&evaluate(&MultiYearAvailable, &account)),
            ["Contract: — no contract in force (one for a year at most) unknown"]
        );
    }
}
