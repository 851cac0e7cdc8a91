//! Names to listen for: competitors, products, plans, departments, features; one automaton per market.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::defaults::{DEPARTMENT_ALIASES, EVERYDAY_WORDS, FEATURES, department_name};
use crate::{account::Market, id::ProductId};

/// What a name in a sentence stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A competitor, by its first name.
    Competitor(String),
    /// A product that is no plan.
    Product(ProductId),
    /// A plan.
    Plan(ProductId),
    /// A department, by the name that is shown.
    Department(String),
    /// A feature that is no product of the catalogue.
    Feature(String),
}

/// A name at its place in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spotted {
    /// Bytes of the sentence.
    pub range: Range<usize>,
    /// What it stands for.
    pub named: Named,
}

/// Knows the names of one market. Build it once and use it for all accounts.
#[derive(Debug)]
pub struct Listener {
    automaton: Option<AhoCorasick>,
    /// What each pattern of the automaton stands for.
    meanings: Vec<Named>,
}

impl Listener {
    /// Makes the market's names ready for listening.
    #[must_use]
    pub fn new(market: &Market) -> Listener {
        let mut words: Vec<String> = Vec::new();
        let mut meanings: Vec<Named> = Vec::new();
        let mut add = |word: &str, named: &Named| {
            let word = word.trim();
            // A one-letter name would be found everywhere.
            if word.chars().count() > 1 {
                words.push(word.to_owned());
                meanings.push(named.clone());
            }
        };
        for product in &market.products {
            let is_plan = product.plan_tier.is_some();
            let named = if is_plan { Named::Plan(product.id) } else { Named::Product(product.id) };
            for name in std::iter::once(&product.name).chain(&product.aliases) {
                add(name, &named);
                if let Some(short) = is_plan.then(|| without_plan_word(name)).flatten() {
                    add(short, &named);
                }
            }
        }
        for names in &market.competitors {
            let Some(first) = names.first() else { continue };
            for name in names {
                add(name, &Named::Competitor(first.trim().to_owned()));
            }
        }
        for department in &market.departments {
            let shown = department_name(department);
            let named = Named::Department(shown.clone());
            add(department, &named);
            let group = DEPARTMENT_ALIASES.iter().find(|group| group.first().is_some_and(|first| *first == shown));
            for alias in group.copied().unwrap_or_default() {
                add(alias, &named);
            }
        }
        for feature in FEATURES {
            let Some(first) = feature.first() else { continue };
            for name in *feature {
                add(name, &Named::Feature((*first).to_owned()));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&words)
            .ok();
        Listener { automaton, meanings }
    }

    /// Whether any name stands in the text; for the quick look before the work.
    #[must_use]
    pub fn hears_anything(&self, text: &str) -> bool {
        self.automaton
            .as_ref()
            .is_some_and(|automaton| automaton.find_iter(text).any(|found| stands_alone(text, found.range())))
    }

    /// The names in a sentence, in order, none overlapping.
    #[must_use]
    pub fn spot(&self, sentence: &str) -> Vec<Spotted> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        automaton
            .find_iter(sentence)
            .filter(|found| stands_alone(sentence, found.range()))
            .filter_map(|found| {
                let named = self.meanings.get(found.pattern().as_usize())?.clone();
                let word = sentence.get(found.range())?;
                let named = match named {
                    Named::Department(name) if is_department(sentence, &found.range(), word) => Named::Department(name),
                    Named::Department(_) => return None,
                    Named::Plan(_) if !is_plan(sentence, &found.range(), word) => return None,
                    other => other,
                };
                Some(Spotted { range: found.range(), named })
            })
            .collect()
    }
}

/// "Enterprise" for "Enterprise plan"; none when nothing is cut off.
fn without_plan_word(name: &str) -> Option<&str> {
    [" plan", " tier", " edition", " package"].iter().find_map(|end| {
        let cut = name.len().checked_sub(end.len())?;
        (name.get(cut..)?.eq_ignore_ascii_case(end)).then(|| name.get(..cut)).flatten()
    })
}

/// Whether no letter or digit touches the range.
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|head| head.chars().next_back());
    let after = text.get(range.end..).and_then(|tail| tail.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Whether a plan's name means the plan: "Business", "the business plan", "upgrade to business", but not "our business".
fn is_plan(text: &str, range: &Range<usize>, word: &str) -> bool {
    const KINDS: [&str; 6] = ["plan", "tier", "edition", "package", "subscription", "version"];
    let after = text.get(range.end..).unwrap_or_default().trim_start().to_ascii_lowercase();
    let before = text.get(..range.start).unwrap_or_default().to_ascii_lowercase();
    word.chars().any(char::is_uppercase)
        || word.chars().any(char::is_whitespace)
        || KINDS.iter().any(|kind| after.starts_with(kind))
        || before.ends_with(" to ")
}

/// Whether a department's name means the department here: "our data team" and "Data", but not "the data" or "it".
fn is_department(text: &str, range: &Range<usize>, word: &str) -> bool {
    if word.chars().count() <= 2 {
        return word.chars().all(char::is_uppercase);
    }
    let everyday = EVERYDAY_WORDS.iter().any(|common| common.eq_ignore_ascii_case(word));
    if !everyday || word.chars().next().is_some_and(char::is_uppercase) {
        return true;
    }
    let before = text.get(..range.start).unwrap_or_default().trim_end();
    let after = text.get(range.end..).unwrap_or_default().trim_start().to_ascii_lowercase();
    let beside_team = ["team", "department", "dept", "folks", "group", "org", "people", "colleagues"]
        .iter()
        .any(|team| after.starts_with(team));
    beside_team || before.rsplit(char::is_whitespace).next().is_some_and(|last| last.eq_ignore_ascii_case("our"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_not_an_everyday_word() {
        let yes = ["our data team", "Support wants in", "finance wants in", "IT is asking", "the security team"];
        for text in yes {
            let word = ["data", "Support", "finance", "IT", "security"].iter().find(|w| text.contains(**w)).unwrap();
            let at = text.find(word).unwrap();
            assert!(is_department(text, &(at..at + word.len()), word), "{text}");
        }
        for (text, word) in [("we want it", "it"), ("the data is late", "data"), ("your support was slow", "support")] {
            let at = text.find(word).unwrap();
            assert!(!is_department(text, &(at..at + word.len()), word), "{text}");
        }
    }
}
