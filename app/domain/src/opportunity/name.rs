//! What a found opportunity is called: "45 additional seats", "Enterprise tier", "Advanced Analytics + API Plus".

use super::{
    OpportunityType,
    approach::list,
    group::{Group, metric},
    input::Input,
    value::Estimate,
};
use crate::{
    format,
    id::ProductId,
    signal::{RuleKey, rules::new_team_onboarding::SEVERAL},
};

/// The record's own name when there is one, else what is sold.
#[must_use]
pub fn name(input: &Input<'_>, group: &Group<'_>, estimate: &Estimate) -> String {
    if let Some(record) = group.record {
        return record.name.clone();
    }
    let mut names: Vec<String> = Vec::new();
    for (kind, product) in &group.parts {
        let part = part(input, group, *kind, *product, estimate);
        if !names.contains(&part) {
            names.push(part);
        }
    }
    names.join(" + ")
}

fn part(
    input: &Input<'_>,
    group: &Group<'_>,
    kind: OpportunityType,
    product: Option<ProductId>,
    estimate: &Estimate,
) -> String {
    let market = input.context.market;
    if let Some(product) = product.and_then(|id| market.product(id)) {
        let ends_as_plan = ["tier", "plan", "edition"].iter().any(|end| product.name.to_lowercase().ends_with(end));
        return if product.plan_tier.is_some() && !ends_as_plan {
            format!("{} tier", product.name)
        } else {
            product.name.clone()
        };
    }
    match kind {
        OpportunityType::SeatExpansion => match estimate.seats {
            Some(seats) => format!("{} additional seats", format::number(seats)),
            None => "Additional seats".to_owned(),
        },
        OpportunityType::TierUpgrade => "Next tier".to_owned(),
        OpportunityType::CrossSell => "Another product".to_owned(),
        OpportunityType::MultiYear => "Three-year conversion".to_owned(),
        OpportunityType::AddOn => {
            let metric = group.makers.iter().find_map(|maker| metric(maker.episode));
            metric.map_or_else(|| "More capacity".to_owned(), |metric| format!("More {}", capacity(metric)))
        }
        OpportunityType::Upsell => "Feature upsell".to_owned(),
        OpportunityType::LandAndExpand => new_team(group),
        OpportunityType::PricingUpdate => match market.current_price_book.as_deref() {
            Some(book) => format!("Move to price book {book}"),
            None => "Move to current prices".to_owned(),
        },
    }
}

/// "Marketing team", "Finance and Legal teams".
fn new_team(group: &Group<'_>) -> String {
    let about_a_team = |rule| matches!(rule, RuleKey::NewTeamOnboarding | RuleKey::NewDepartmentMentioned);
    let mut teams: Vec<&str> = group
        .makers
        .iter()
        .filter(|maker| about_a_team(maker.episode.rule) && !maker.episode.subject.is_empty())
        .map(|maker| maker.episode.subject.as_str())
        .filter(|team| *team != SEVERAL)
        .collect();
    teams.sort_unstable();
    teams.dedup();
    match teams.len() {
        0 => "New team".to_owned(),
        1 => format!("{} team", list(&teams)),
        _ => format!("{} teams", list(&teams)),
    }
}

/// A metric as something that one can have more of: "API calls", "storage".
fn capacity(metric: &str) -> String {
    format::metric(metric).trim_end_matches(" in GB").to_owned()
}

#[cfg(test)]
mod tests {
    use OpportunityType::*;

    use super::{
        super::{
            group::groups,
            sample::{ANALYTICS, PREMIUM, Sample},
        },
        *,
    };
    use crate::signal::{Evidence, EvidenceSource};

    fn shown(sample: &Sample) -> String {
        let input = sample.input();
        let group = &groups(&input)[0];
        name(&input, group, &group.estimate(&input))
    }

    #[test]
    fn names_say_what_is_sold() {
        let one = |kind, change: fn(&mut Sample)| {
            let mut sample = Sample::new();
            sample.signal(RuleKey::Manual, kind, 0.7, 0);
            change(&mut sample);
            shown(&sample)
        };
        let nothing: fn(&mut Sample) = |_| {};
        for (found, expected) in [
            (one(SeatExpansion, |s| s.usage("active_users", 48.0)), "10 additional seats"),
            (one(SeatExpansion, nothing), "Additional seats"),
            (one(TierUpgrade, nothing), "Premium tier"),
            (one(TierUpgrade, |s| s.market.products[2].name = "Premium Plan".to_owned()), "Premium Plan"),
            (one(TierUpgrade, |s| s.contract().plan = Some(PREMIUM)), "Next tier"),
            (one(CrossSell, |s| s.live[0].product = Some(ANALYTICS)), "Advanced Analytics"),
            (one(CrossSell, nothing), "Another product"),
            (one(MultiYear, nothing), "Three-year conversion"),
            (one(PricingUpdate, nothing), "Move to price book 2026"),
            (one(LandAndExpand, nothing), "New team"),
            (one(AddOn, nothing), "More capacity"),
            (
                one(AddOn, |s| {
                    let metric = Some("feature.bulk_export".to_owned());
                    s.live[0].evidence = vec![Evidence { metric, ..Evidence::new(EvidenceSource::Usage, "", "") }];
                }),
                "More bulk export",
            ),
            (
                one(AddOn, |s| {
                    s.record(AddOn, None, "The record’s own name");
                }),
                "The record’s own name",
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn teams_are_named_in_order() {
        let mut sample = Sample::new();
        for (rule, team) in [
            (RuleKey::NewDepartmentMentioned, "Legal"),
            (RuleKey::NewTeamOnboarding, "Marketing"),
            (RuleKey::NewDepartmentMentioned, "Marketing"),
            (RuleKey::NewDepartmentMentioned, "Finance"),
        ] {
            sample.signal(rule, LandAndExpand, 0.65, 0).subject = team.to_owned();
        }
        assert_eq!(shown(&sample), "Finance, Legal and Marketing teams");
        sample.live.iter_mut().for_each(|signal| signal.subject = SEVERAL.to_owned());
        assert_eq!(shown(&sample), "New team");
    }
}
