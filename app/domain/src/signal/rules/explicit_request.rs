//! The customer asks outright for seats, a higher plan, a product or more of a limit. What is asked decides the type;
//! one subject per thing asked for.

use crate::{
    account::{AccountSnapshot, Context, Product},
    conversation::{
        Ask, Mention, Topic,
        talk::{self, LOOK_BACK, Said, Talk},
    },
    format,
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo, limits},
};

/// See the module.
#[derive(Debug)]
pub struct ExplicitRequest;

const STRENGTH: SettingInfo = SettingInfo::strength(900);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::ExplicitRequest,
    sentence: "Fires when the customer asks outright for seats, a higher plan, a product or a higher limit.",
    leads_to: OpportunityType::SeatExpansion,
    settings: &[LOOK_BACK, STRENGTH],
};

impl Rule for ExplicitRequest {
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
        let talk = Talk::of(Topic::Request, account, context, settings);
        let mut subjects = talk.by_subject(|mention| subject(mention, context));
        if subjects.is_empty() && clauses == Clauses::Write {
            subjects.push((String::new(), Vec::new()));
        }
        subjects
            .into_iter()
            .map(|(subject, said)| {
                let mut list = ClauseList::new(clauses);
                talk.clauses("that ask for more", &mut list);
                let named = said.iter().find_map(|said| said.mention.product);
                let named = named.and_then(|id| context.market.product(id));
                if let Some(product) = named {
                    let above = talk::lies_above(account, context, product);
                    list.check(above, || {
                        (product.name.clone(), if above { "not owned" } else { "owned" }, "not owned")
                    });
                }
                list.conclude(subject, || firing(&said, named, account, context, settings))
            })
            .collect()
    }
}

fn subject(mention: &Mention, context: &Context<'_>) -> String {
    let product = mention.product.and_then(|id| context.market.product(id));
    match (mention.ask, product) {
        (Some(Ask::Product), Some(product)) => product.sku.clone(),
        (Some(Ask::Tier), _) => "tier".to_owned(),
        (Some(Ask::AddOn), _) => metric(mention).to_owned(),
        _ => "seats".to_owned(),
    }
}

/// The metric whose limit is asked for.
fn metric(mention: &Mention) -> &'static str {
    if mention.feature.as_deref() == Some("storage") { "storage_gb" } else { "api_calls" }
}

fn firing(
    said: &[Said<'_>],
    named: Option<&Product>,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
) -> Option<Firing> {
    let newest = said.first()?;
    let (market, today) = (context.market, context.today);
    let current = account.contract_on(today).and_then(|contract| contract.plan);
    let (leads_to, product) = match newest.mention.ask? {
        Ask::Seats => (OpportunityType::SeatExpansion, None),
        Ask::Tier => (OpportunityType::TierUpgrade, named.or_else(|| market.next_plan(current?))),
        Ask::AddOn => (OpportunityType::AddOn, limits::product_for(market, account, metric(newest.mention), today)),
        Ask::Product => {
            (if named.is_some_and(raises_a_limit) { OpportunityType::AddOn } else { OpportunityType::CrossSell }, named)
        }
    };
    let quantity = said.iter().find_map(|said| said.mention.quantity);
    let mut departments: Vec<String> = Vec::new();
    for name in said.iter().flat_map(|said| &said.mention.departments) {
        if !departments.contains(name) {
            departments.push(name.clone());
        }
    }
    let wanted = |mention: &Mention| wanted(mention, product);
    let title = match newest.mention.ask? {
        Ask::Seats if departments.len() > 1 => format!("{} departments asked for access", departments.len()),
        Ask::Seats if quantity.is_some() => {
            format!("Asked for {} more seats", quantity.map(format::number).unwrap_or_default())
        }
        _ => format::capitalized(&wanted(newest.mention)),
    };
    Some(Firing {
        strength: settings.value(&STRENGTH),
        leads_to,
        product: product.map(|product| product.id),
        asked_quantity: quantity,
        evidence: talk::evidence(said, wanted),
        ..INFO.level(title, newest.meeting.held_at)
    })
}

/// Whether a product is a package on top of a limit: API calls, storage.
fn raises_a_limit(product: &Product) -> bool {
    product.metric.as_deref().is_some_and(|metric| metric != "seats" && !metric.starts_with("feature."))
}

fn wanted(mention: &Mention, product: Option<&Product>) -> String {
    let what = match (mention.ask, product) {
        (Some(Ask::Product | Ask::Tier), Some(product)) => product.name.clone(),
        (Some(Ask::Tier), None) => "a higher plan".to_owned(),
        (Some(Ask::AddOn), _) => format!("more {}", format::metric(metric(mention))),
        _ => match mention.quantity {
            Some(1) => "one more seat".to_owned(),
            Some(quantity) => format!("{} more seats", format::number(quantity)),
            None => "more seats".to_owned(),
        },
    };
    let departments = talk::listed(&mention.departments);
    if departments.is_empty() { format!("asked for {what}") } else { format!("asked for {what}, for {departments}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        conversation::corpus::{acme_with, talk},
        id::ProductId,
        signal::fixture::{evaluate, firing, lines},
    };

    fn only(said: &str) -> (String, Firing) {
        let found = evaluate(&ExplicitRequest, &acme_with(&[talk("2026-01-28", said)])).remove(0);
        (found.subject, found.firing.unwrap())
    }

    #[test]
    fn three_departments_and_thirty_seats() {
        let (subject, firing) = only(
            "Sarah: Finance, Legal and Support all want in. Can you tell me what thirty more seats would look like?",
        );
        assert_eq!(
            (subject.as_str(), firing.strength, firing.leads_to),
            ("seats", 0.9, OpportunityType::SeatExpansion)
        );
        assert_eq!((firing.title.as_str(), firing.asked_quantity), ("3 departments asked for access", Some(30)));
        let evidence = &firing.evidence[0];
        assert_eq!(evidence.text, "Sarah Chen asked for 30 more seats, for Finance, Legal and Support");
        assert_eq!(
            evidence.quote.as_deref(),
            Some("Finance, Legal and Support all want in. Can you tell me what thirty more seats would look like?")
        );
        assert_eq!(firing.evidence.len(), 1);
    }

    #[test]
    fn what_is_asked_decides_the_type() {
        use OpportunityType::{AddOn, CrossSell, SeatExpansion, TierUpgrade};
        for (said, subject, leads_to, product, quantity) in [
            ("We need 20 more seats.", "seats", SeatExpansion, None, Some(20)),
            ("Three departments are requesting access.", "seats", SeatExpansion, None, None),
            ("We'd like to add a couple of seats.", "seats", SeatExpansion, None, None),
            ("We want to upgrade to the Enterprise plan.", "tier", TierUpgrade, Some(2), None),
            ("Can we upgrade our plan?", "tier", TierUpgrade, Some(2), None),
            ("What does the Analytics Module cost?", "ANALYTICS", CrossSell, Some(3), None),
            ("We'd like to buy API Plus.", "API-PLUS", AddOn, Some(4), None),
            ("Can you raise our API limit?", "api_calls", AddOn, Some(4), None),
            ("We need more storage.", "storage_gb", AddOn, None, None),
        ] {
            let (found, firing) = only(&format!("Sarah: {said}"));
            assert_eq!(
                (found.as_str(), firing.leads_to, firing.product, firing.asked_quantity),
                (subject, leads_to, product.map(ProductId), quantity),
                "{said}"
            );
        }
    }

    #[test]
    fn what_they_have_is_no_request() {
        let account = acme_with(&[talk("2026-01-28", "Sarah: What would moving to the Business plan cost?")]);
        assert!(firing(&ExplicitRequest, &account).is_none());
        assert_eq!(lines(&evaluate(&ExplicitRequest, &account))[2], "Business: owned (not owned) not met");
        let denied = acme_with(&[talk("2026-01-28", "Sarah: We don't need 30 more seats.")]);
        assert_eq!(
            lines(&evaluate(&ExplicitRequest, &denied))[1],
            "Customer statements that ask for more: 0 that count; not counted, negated: “We don't need 30 more seats.” (≥ 1) not met"
        );
    }
}
