//! What stands in the way of an opportunity (PRODUCT 5). A blocker is shown beside it; only guards hold alerts back.

use super::{
    champion::Path,
    found::{BlockerNote, Guard},
    guards, history,
    input::{Input, in_days},
};
use crate::{
    account::{ContractStatus, KnownOpportunity},
    id::{OpportunityId, ProductId},
    signal::Blocker,
};

/// A renewal nearer than this has to be settled first (PRODUCT 5).
const RENEWAL_DAYS: i32 = 30;

/// Everything in the way, in the order in which it is shown. `products` are those that the opportunity sells, `record`
/// is its own record.
#[must_use]
pub fn blockers(
    input: &Input<'_>,
    path: &Path,
    products: &[ProductId],
    record: Option<OpportunityId>,
) -> Vec<BlockerNote> {
    let from_guards = [guards::falling_health(input), guards::critical_ticket(input), guards::outreach(input)];
    let lost = history::lost_recently(input);
    let mut notes: Vec<BlockerNote> = no_champion(input, path).into_iter().collect();
    notes.extend(from_guards.into_iter().flatten().map(from_guard));
    notes.extend(renewal_unsettled(input));
    notes.extend(lost.first().map(|(on, record)| {
        let detail = format!("“{}”, lost on {}", record.name, input.day(*on));
        note("lost_recently", format!("Lost an expansion in the last {} days", history::LOST_DAYS), detail)
    }));
    notes.extend(other_open(input, products, record));
    notes.extend(input.conversation_blockers.iter().map(|blocker| from_conversation(input, blocker)));
    notes
}

fn note(key: &str, text: impl Into<String>, detail: impl Into<String>) -> BlockerNote {
    BlockerNote { key: key.to_owned(), text: text.into(), detail: detail.into() }
}

fn no_champion(input: &Input<'_>, path: &Path) -> Option<BlockerNote> {
    match path {
        Path::Champion(_) => None,
        Path::NobodyKnown => Some(note("no_champion", "No champion known", "No stakeholder of the account is known")),
        Path::NoneFits => {
            let known = input.account.stakeholders.len();
            let detail = format!("{known} known, none with a role that can champion it");
            Some(note("no_champion", "No champion", detail))
        }
    }
}

fn from_guard(guard: Guard) -> BlockerNote {
    BlockerNote { key: guard.key, text: guard.text, detail: guard.detail }
}

fn renewal_unsettled(input: &Input<'_>) -> Option<BlockerNote> {
    let current = input.account.contract_on(input.today())?;
    let ends_on = current.ends_on?;
    let days = ends_on - input.today();
    let later = |c: &crate::account::Contract| {
        c.id != current.id && c.status == ContractStatus::Active && c.ends_on.is_none_or(|end| end > ends_on)
    };
    if days >= RENEWAL_DAYS || input.account.contracts.iter().any(later) {
        return None;
    }
    let detail = format!(
        "Contract {} ends on {}, {}; no later one is known",
        current.external_id,
        input.day(ends_on),
        in_days(days)
    );
    Some(note("renewal_unsettled", "Renewal not settled", detail))
}

fn other_open(input: &Input<'_>, products: &[ProductId], record: Option<OpportunityId>) -> Vec<BlockerNote> {
    let same = |other: &&KnownOpportunity| {
        other.stage.is_open() && Some(other.id) != record && other.product.is_some_and(|p| products.contains(&p))
    };
    let mut others: Vec<&KnownOpportunity> = input.account.opportunities.iter().filter(same).collect();
    others.sort_by_key(|other| other.id);
    others
        .into_iter()
        .map(|other| {
            let id = other.external_id.clone().unwrap_or_else(|| other.id.to_string());
            let detail = format!("{id} “{}”, in {}", other.name, other.stage.label());
            note("other_open", "Another open opportunity on the same product", detail)
        })
        .collect()
}

fn from_conversation(input: &Input<'_>, blocker: &Blocker) -> BlockerNote {
    let evidence = &blocker.evidence;
    let said = evidence.quote.as_deref().map_or_else(|| evidence.text.clone(), |quote| format!("“{quote}”"));
    let parts = [Some(said), evidence.speaker.clone(), evidence.at.map(|at| input.day(input.day_of(at)))];
    let detail = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    note(&blocker.key, &blocker.text, detail)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            OpportunityType, Stage, champion,
            sample::{API_PLUS, Sample},
        },
        *,
    };
    use crate::{
        account::{Outreach, StakeholderRole},
        signal::{Evidence, EvidenceSource},
    };

    fn shown(sample: &Sample) -> Vec<(String, String)> {
        let input = sample.input();
        let plain = |text: String| text.replace('\u{a0}', " ");
        let found = blockers(&input, &champion::path(&input), &[API_PLUS], Some(OpportunityId(1)));
        found.into_iter().map(|b| (b.key, plain(b.detail))).collect()
    }

    fn with_champion() -> Sample {
        let mut sample = Sample::new();
        sample.stakeholder(1, "Sarah Chen", Some(StakeholderRole::Champion), Some(88.0), Some(5));
        sample
    }

    #[test]
    fn nothing_stands_in_the_way_of_acme() {
        assert_eq!(shown(&with_champion()), []);
    }

    #[test]
    fn each_blocker_with_its_numbers() {
        let one = |sample: &Sample| {
            let found = shown(sample);
            assert_eq!(found.len(), 1, "{found:?}");
            found[0].clone()
        };
        let pair = |key: &str, detail: &str| (key.to_owned(), detail.to_owned());

        assert_eq!(one(&Sample::new()), pair("no_champion", "No stakeholder of the account is known"));
        let mut sample = Sample::new();
        sample.stakeholder(1, "Max", Some(StakeholderRole::Detractor), None, None);
        assert_eq!(one(&sample), pair("no_champion", "1 known, none with a role that can champion it"));

        let mut sample = with_champion();
        sample.account.health = vec![(sample.today() - 31, 90.0), (sample.today() - 1, 78.0)];
        assert_eq!(one(&sample), pair("falling_health", "90 → 78 in 30 days (−12)"));

        let mut sample = with_champion();
        let at = sample.at(-6);
        sample.account.last_outreach = Some(Outreach { at, by: "Tom Becker".to_owned(), what: "Call".to_owned() });
        assert_eq!(one(&sample), pair("outreach", "Call by Tom Becker, 27 Jan"));

        let mut sample = with_champion();
        sample.closed(Stage::ClosedLost, -89);
        assert_eq!(one(&sample), pair("lost_recently", "“Business tier”, lost on 5 Nov 2025"));

        let mut sample = with_champion();
        sample.record(OpportunityType::AddOn, Some(API_PLUS), "Own record");
        sample.record(OpportunityType::AddOn, Some(API_PLUS), "API Plus");
        sample.record(OpportunityType::TierUpgrade, None, "Premium tier");
        assert_eq!(one(&sample), pair("other_open", "OPP-2 “API Plus”, in Qualified"));

        let mut sample = with_champion();
        let at = sample.at(-5);
        let evidence = Evidence {
            quote: Some("There is no budget this year".to_owned()),
            speaker: Some("Paul Ruiz".to_owned()),
            at: Some(at),
            ..Evidence::new(EvidenceSource::Meeting, "m-1", "No budget")
        };
        sample.blockers = vec![Blocker { key: "no_budget".to_owned(), text: "No budget".to_owned(), evidence }];
        assert_eq!(one(&sample), pair("no_budget", "“There is no budget this year”, Paul Ruiz, 28 Jan"));
    }

    #[test]
    fn a_renewal_is_settled_by_a_later_contract() {
        let mut sample = with_champion();
        let today = sample.today();
        sample.contract().ends_on = Some(today + 29);
        assert_eq!(shown(&sample)[0].1, "Contract C-1 ends on 3 Mar, in 29 days; no later one is known");
        let mut next = sample.account.contracts[0].clone();
        (next.id.0, next.starts_on, next.ends_on) = (2, today + 30, None);
        sample.account.contracts.push(next);
        assert_eq!(shown(&sample), []);
        sample.account.contracts.pop();
        sample.contract().ends_on = Some(today + 30);
        assert_eq!(shown(&sample), []);
    }
}
