//! How to go about it: steps, talking points, objections with answers, next steps (PRODUCT 5).
//!
//! Sentences are templates that are filled from evidence; each says what it rests on, and a template whose facts are
//! missing is left out. To add one: an arm in [`steps`] for a rule, or in [`objections`] for a type.

mod cite;
mod objections;
mod steps;
mod talking_points;

use super::{
    OpportunityType,
    found::{Champion, NextStep, ValueEstimate},
    group::{Group, Weighed},
    input::Input,
};
use crate::id::ProductId;

pub use cite::cite;
pub use objections::objections;
pub use steps::steps;
pub use talking_points::talking_points;

/// What sentences are made from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The account with its context.
    pub input: &'a Input<'a>,
    /// What is sold, and the signals for it.
    pub group: &'a Group<'a>,
    /// All signals, strongest first.
    pub signals: &'a [Weighed<'a>],
    /// The champion.
    pub champion: Option<&'a Champion>,
    /// What it may bring.
    pub value: &'a ValueEstimate,
}

impl<'a> Facts<'a> {
    /// A product's name.
    fn product_name(&self, id: ProductId) -> Option<&'a str> {
        self.input.context.market.product(id).map(|product| product.name.as_str())
    }

    /// The names of all products that are sold: "Advanced Analytics and API Plus".
    fn offer(&self) -> Option<String> {
        let names: Vec<&str> = self.group.products().into_iter().filter_map(|id| self.product_name(id)).collect();
        (!names.is_empty()).then(|| list(&names))
    }
}

/// Actions offered for a type, the primary one first (PRODUCT 5, "Next steps").
#[must_use]
pub fn next_steps(kind: OpportunityType) -> Vec<NextStep> {
    use NextStep::{CreateTask, DraftOutreach, Proposal, RequestDemo, ScheduleCall};
    match kind {
        OpportunityType::SeatExpansion | OpportunityType::PricingUpdate | OpportunityType::MultiYear => {
            vec![Proposal, ScheduleCall, DraftOutreach, CreateTask]
        }
        OpportunityType::CrossSell | OpportunityType::Upsell => {
            vec![RequestDemo, ScheduleCall, DraftOutreach, Proposal, CreateTask]
        }
        OpportunityType::TierUpgrade | OpportunityType::AddOn => {
            vec![ScheduleCall, Proposal, RequestDemo, DraftOutreach, CreateTask]
        }
        OpportunityType::LandAndExpand => vec![ScheduleCall, DraftOutreach, RequestDemo, CreateTask],
    }
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A headline inside a sentence: its first letter small, unless the word is an abbreviation or a name with capitals.
fn inside(title: &str) -> String {
    let first_word = title.split_whitespace().next().unwrap_or_default();
    let capitals = first_word.chars().filter(|c| c.is_uppercase()).count();
    let mut chars = title.chars();
    match chars.next() {
        Some(first) if capitals == 1 && first.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_offers_actions_and_ends_with_a_task() {
        for kind in OpportunityType::ALL {
            let steps = next_steps(*kind);
            assert!(steps.len() >= 4 && steps.last() == Some(&NextStep::CreateTask), "{kind:?}");
        }
    }

    #[test]
    fn lists_and_headlines_read_as_sentences() {
        assert_eq!(
            (list(&["a"]), list(&["a", "b"]), list(&["a", "b", "c"])),
            ("a".into(), "a and b".into(), "a, b and c".into())
        );
        for (title, text) in [
            ("Active users up 33 %", "active users up 33 %"),
            ("API calls at 92 %", "API calls at 92 %"),
            ("48 of 50 seats active", "48 of 50 seats active"),
            ("“Export” is at its limit", "“Export” is at its limit"),
            ("", ""),
        ] {
            assert_eq!(inside(title), text);
        }
    }
}
