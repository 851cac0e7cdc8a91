//! The customer asks about a product or feature that they do not own. A product leads to a cross-sell, a feature or a
//! higher plan to an upsell. One subject per product (its SKU) or feature.

use crate::{
    account::{AccountSnapshot, Context},
    conversation::{
        Mention, Topic,
        talk::{self, LOOK_BACK, Talk},
    },
    format,
    opportunity::OpportunityType,
    signal::{ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo},
};

/// See the module.
#[derive(Debug)]
pub struct FeatureInterest;

const STRENGTH: SettingInfo = SettingInfo::strength(700);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::FeatureInterest,
    sentence: "Fires when the customer asks about a product or feature that they do not own.",
    leads_to: OpportunityType::CrossSell,
    settings: &[LOOK_BACK, STRENGTH],
};

impl Rule for FeatureInterest {
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
        let talk = Talk::of(Topic::Interest, account, context, settings);
        let subject = |mention: &Mention| {
            let product = mention.product.and_then(|id| context.market.product(id));
            product.map_or_else(|| mention.feature.clone().unwrap_or_default(), |product| product.sku.clone())
        };
        let mut subjects = talk.by_subject(subject);
        if subjects.is_empty() && clauses == Clauses::Write {
            subjects.push((String::new(), Vec::new()));
        }
        subjects
            .into_iter()
            .map(|(subject, said)| {
                let mut list = ClauseList::new(clauses);
                talk.clauses("of interest", &mut list);
                let product = said.first().and_then(|said| said.mention.product);
                let product = product.and_then(|id| context.market.product(id));
                let name = product.map_or_else(|| format::capitalized(&subject), |product| product.name.clone());
                if !said.is_empty() {
                    let owned = product.map_or_else(
                        || talk::has_feature(account, &subject, context.today),
                        |product| !talk::lies_above(account, context, product),
                    );
                    list.check(!owned, || (name.clone(), if owned { "owned" } else { "not owned" }, "not owned"));
                }
                list.conclude(subject, || {
                    let newest = said.first()?;
                    let is_product = product.is_some_and(|product| product.plan_tier.is_none());
                    let leads_to = if is_product { OpportunityType::CrossSell } else { OpportunityType::Upsell };
                    Some(Firing {
                        strength: settings.value(&STRENGTH),
                        leads_to,
                        product: product.map(|product| product.id),
                        evidence: talk::evidence(&said, |_| format!("asked about {name}")),
                        ..INFO.level(format!("Asked about {name}"), newest.meeting.held_at)
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
        id::ProductId,
        signal::fixture::{evaluate, firing, lines},
    };

    #[test]
    fn a_product_leads_to_a_cross_sell_and_a_feature_to_an_upsell() {
        for (said, subject, leads_to, product) in [
            ("Asked about the Analytics Module capabilities", "ANALYTICS", OpportunityType::CrossSell, Some(3)),
            ("What is included in the Enterprise plan?", "ENTERPRISE", OpportunityType::Upsell, Some(2)),
            ("Do you support SSO?", "single sign-on", OpportunityType::Upsell, None),
            ("Asked about Smart Routing capabilities", "Smart Routing", OpportunityType::Upsell, None),
        ] {
            let account = acme_with(&[talk("2026-01-28", &format!("Sarah: {said}"))]);
            let found = evaluate(&FeatureInterest, &account).remove(0);
            assert_eq!(found.subject, subject, "{said}");
            let firing = found.firing.unwrap();
            assert_eq!((firing.strength, firing.leads_to, firing.product), (0.7, leads_to, product.map(ProductId)));
            assert!(!firing.general);
        }
    }

    #[test]
    fn what_they_own_is_no_interest() {
        let mut owner = acme_with(&[talk("2026-01-28", "Sarah: Can you tell us more about the Analytics Module?")]);
        assert!(firing(&FeatureInterest, &owner).is_some());
        owner = owner.with_limit("feature.analytics", 100.0, None);
        owner.contracts[0].entitlements[0].product = Some(ProductId(3));
        assert!(firing(&FeatureInterest, &owner).is_none());
        assert_eq!(lines(&evaluate(&FeatureInterest, &owner))[2], "Analytics Module: owned (not owned) not met");
        let user = acme_with(&[talk("2026-01-28", "Sarah: Do you support SSO?")]);
        assert!(firing(&FeatureInterest, &user).is_some());
        assert!(firing(&FeatureInterest, &user.with_points("feature.sso", &[("2026-01-01", 3.0)])).is_none());
        let own_plan = acme_with(&[talk("2026-01-28", "Sarah: What is included in the Business plan?")]);
        assert!(firing(&FeatureInterest, &own_plan).is_none());
    }
}
