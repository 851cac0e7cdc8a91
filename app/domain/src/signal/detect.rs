//! All rules on one account: what they see, and why not.

use std::collections::BTreeMap;

use super::{Clauses, Detection, Evaluation, RuleKey, RuleSettings, rules};
use crate::{
    account::{AccountSnapshot, Context, CustomerStatus},
    time::Day,
};

/// Whether an account is evaluated at all on a day: a paying customer by then, not yet gone. A status `churned` with a
/// later `churned_on` still pays on that day, so that a scan of a past day sees what stood then.
#[must_use]
pub fn is_live_customer(account: &AccountSnapshot, today: Day) -> bool {
    let customer = &account.customer;
    let stays = match customer.churned_on {
        Some(left) => left > today && customer.status != CustomerStatus::Prospect,
        None => customer.status == CustomerStatus::Active,
    };
    stays && customer.created_on.is_none_or(|from| from <= today)
}

/// What the enabled rules see in an account, in the order of PRODUCT 4. Rules without stored settings run on defaults.
/// Nothing for an account that is no live customer.
#[must_use]
pub fn detect(
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings_by_rule: &BTreeMap<RuleKey, RuleSettings>,
) -> Vec<Detection> {
    let mut detections = Vec::new();
    if !is_live_customer(account, context.today) {
        return detections;
    }
    let default = RuleSettings::default();
    for rule in rules::all() {
        let key = rule.info().key;
        let settings = settings_by_rule.get(&key).unwrap_or(&default);
        if !settings.enabled {
            continue;
        }
        for evaluation in rule.evaluate(account, context, settings, Clauses::Skip) {
            if let Some(firing) = evaluation.firing {
                detections.push(Detection {
                    rule: key,
                    rule_version: settings.version,
                    subject: evaluation.subject,
                    firing,
                });
            }
        }
    }
    detections
}

/// "Why not?": every rule with all its evaluations and clauses, in the order of PRODUCT 4, also those that are off and
/// also for an account that is no live customer; the caller says so beside them.
#[must_use]
pub fn explain(
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings_by_rule: &BTreeMap<RuleKey, RuleSettings>,
) -> Vec<(RuleKey, Vec<Evaluation>)> {
    let default = RuleSettings::default();
    rules::all()
        .iter()
        .map(|rule| {
            let key = rule.info().key;
            let settings = settings_by_rule.get(&key).unwrap_or(&default);
            (key, rule.evaluate(account, context, settings, Clauses::Write))
        })
        .collect()
}
