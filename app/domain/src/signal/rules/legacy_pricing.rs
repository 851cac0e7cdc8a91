//! A contract on a price book that is not the current one.
//!
//! The contract is the main one in force; names of price books are compared without regard to case and outer spaces.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo,
    },
};

/// See the module.
#[derive(Debug)]
pub struct LegacyPricing;

const STRENGTH: SettingInfo = SettingInfo::strength(600);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::LegacyPricing,
    sentence: "Fires when the price book of the contract is not the current one.",
    leads_to: OpportunityType::PricingUpdate,
    settings: &[STRENGTH],
};

impl Rule for LegacyPricing {
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
        let given = |name: &'_ Option<String>| name.as_deref().map(str::trim).is_some_and(|name| !name.is_empty());
        let current = context.market.current_price_book.as_deref().map(str::trim);
        let current = current.filter(|_| given(&context.market.current_price_book));
        let Some(current) = current else {
            list.unknown(|| ("Price book", "the current price book is not set", "another than the current one"));
            return vec![list.silent("")];
        };
        let needs = || format!("another than {current}");
        let Some(contract) = account.contract_on(context.today) else {
            list.unknown(|| ("Price book", "no contract in force", needs()));
            return vec![list.silent("")];
        };
        let Some(book) = contract.price_book.as_deref().map(str::trim).filter(|_| given(&contract.price_book)) else {
            list.unknown(|| ("Price book", "the contract names none", needs()));
            return vec![list.silent("")];
        };
        list.check(book.to_lowercase() != current.to_lowercase(), || ("Price book", book, needs()));
        vec![list.conclude("", || {
            let title = format!("On price book {book}, not {current}");
            let since = format::day(contract.starts_on, context.today);
            let text = format!("Contract {} of {since} is on price book {book}, not {current}", contract.external_id);
            Some(Firing {
                strength: settings.value(&STRENGTH),
                evidence: vec![Evidence::new(EvidenceSource::Contract, &contract.external_id, text)],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Market, PeerGroup},
        signal::fixture::{acme, evaluate_with, lines, market},
    };

    fn found(book: Option<&str>, current: Option<&str>) -> Vec<Evaluation> {
        let mut account = acme();
        account.contracts[0].price_book = book.map(str::to_owned);
        let market = Market { current_price_book: current.map(str::to_owned), ..market() };
        evaluate_with(&LegacyPricing, &account, &market, &PeerGroup::default(), &RuleSettings::default())
    }

    #[test]
    fn another_price_book_than_the_current_one() {
        for (book, current, fires) in [
            (Some("2024"), Some("2026"), true),
            (Some("2026"), Some("2026"), false),
            (Some(" Standard "), Some("STANDARD"), false),
            (Some(" "), Some("2026"), false),
            (None, Some("2026"), false),
            (Some("2024"), None, false),
            (Some("2024"), Some(""), false),
        ] {
            let firing = found(book, current).remove(0).firing;
            assert_eq!(firing.map(|firing| firing.strength), fires.then_some(0.60), "{book:?} {current:?}");
        }
    }

    #[test]
    fn evidence_and_clauses_name_both_books() {
        let evaluations = found(Some("2024"), Some("2026"));
        assert_eq!(lines(&evaluations), ["Price book: 2024 (another than 2026) met"]);
        let firing = evaluations[0].firing.as_ref().unwrap();
        assert_eq!(firing.leads_to, OpportunityType::PricingUpdate);
        assert_eq!(firing.title, "On price book 2024, not 2026");
        assert_eq!(firing.evidence[0].text, "Contract CT-1 of 1\u{a0}Oct 2025 is on price book 2024, not 2026");
        assert_eq!(firing.evidence[0].source_reference, "CT-1");
        assert_eq!(
            lines(&found(None, Some("2026"))),
            ["Price book: — the contract names none (another than 2026) unknown"]
        );
    }
}
