//! Names to listen for: competitors, products, plans, departments, features; one automaton per market.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::defaults::{DEPARTMENT_ALIASES, EVERYDAY_WORDS, FEATURES, NO_DEPARTMENTS, department_name};
use crate::{
    account::{Market, Product},
    id::ProductId,
};

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
    /// The pattern's word and what it stands for.
    meanings: Vec<(String, Named)>,
}

impl Listener {
    /// Makes the market's names ready for listening.
    #[must_use]
    pub fn new(market: &Market) -> Listener {
        let mut meanings: Vec<(String, Named)> = Vec::new();
        let mut add = |word: &str, named: &Named| {
            let word = word.trim();
            // A one-letter name would be found everywhere.
            if word.chars().count() > 1 {
                meanings.push((word.to_owned(), named.clone()));
            }
        };
        for product in &market.products {
            let is_plan = product.plan_tier.is_some();
            let named = if is_plan { Named::Plan(product.id) } else { Named::Product(product.id) };
            let names = std::iter::once(&product.name).chain(&product.aliases);
            for name in names.filter(|name| is_plan || !is_quantity(name)) {
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
        let real = |name: &&String| !NO_DEPARTMENTS.iter().any(|none| none.eq_ignore_ascii_case(name.trim()));
        for department in market.departments.iter().filter(real) {
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
            // A product of the catalogue wins over a feature that holds its name.
            for name in feature.iter().filter(|name| !market.products.iter().any(|product| holds(name, product))) {
                add(name, &Named::Feature((*first).to_owned()));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(meanings.iter().map(|(word, _)| word))
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
                let (pattern, named) = self.meanings.get(found.pattern().as_usize())?;
                let word = sentence.get(found.range())?;
                let named = match named {
                    Named::Plan(_) | Named::Product(_) if !is_named(sentence, &found.range(), word) => {
                        self.department(pattern).filter(|_| is_department(sentence, &found.range(), word))?
                    }
                    Named::Department(_) if !is_department(sentence, &found.range(), word) => return None,
                    other => other,
                }
                .clone();
                Some(Spotted { range: found.range(), named })
            })
            .collect()
    }
}

impl Listener {
    /// The department of the same name as a product.
    fn department(&self, word: &str) -> Option<&Named> {
        let same = |(known, named): &&(String, Named)| {
            matches!(named, Named::Department(_)) && known.eq_ignore_ascii_case(word)
        };
        self.meanings.iter().find(same).map(|(_, named)| named)
    }
}

/// Whether the words of a text hold a product's name.
fn holds(text: &str, product: &Product) -> bool {
    let padded = format!(" {} ", text.to_lowercase().replace('-', " "));
    std::iter::once(&product.name).chain(&product.aliases).any(|name| {
        let name = name.trim().to_lowercase().replace('-', " ");
        !name.is_empty() && padded.contains(&format!(" {name} "))
    })
}

/// "Additional seats", "API calls": products that are called like what they count; requests for those have own cues.
fn is_quantity(name: &str) -> bool {
    const WORDS: [&str; 20] = [
        "additional",
        "extra",
        "more",
        "seat",
        "seats",
        "license",
        "licenses",
        "licence",
        "licences",
        "user",
        "users",
        "api",
        "call",
        "calls",
        "storage",
        "gb",
        "tb",
        "pack",
        "data",
        "account",
    ];
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
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

/// Whether the name of a plan or product means it here: "Business", "the business plan", "upgrade to business", but not
/// "our business" and not "the Analytics team".
fn is_named(text: &str, range: &Range<usize>, word: &str) -> bool {
    const KINDS: [&str; 11] = [
        "plan",
        "tier",
        "edition",
        "package",
        "subscription",
        "version",
        "module",
        "add-on",
        "addon",
        "product",
        "suite",
    ];
    let after = text.get(range.end..).unwrap_or_default().trim_start().to_ascii_lowercase();
    let before = text.get(..range.start).unwrap_or_default().to_ascii_lowercase();
    if word.chars().any(char::is_whitespace) || KINDS.iter().any(|kind| after.starts_with(kind)) {
        return true;
    }
    let of_people = TEAM_WORDS.iter().any(|team| after.starts_with(team));
    !of_people && (word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit()) || before.ends_with(" to "))
}

const TEAM_WORDS: [&str; 8] = ["team", "department", "dept", "folks", "group", "org", "people", "colleagues"];

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
    let beside_team = TEAM_WORDS.iter().any(|team| after.starts_with(team));
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

    #[test]
    fn products_called_like_everyday_words_or_departments() {
        use crate::conversation::corpus::{market, product};
        let mut market = market();
        market.products.retain(|product| product.id != ProductId(4));
        market.products.push(product(6, "Analytics", None, None, &[]));
        market.products.push(product(7, "Additional seats", None, Some("seats"), &[]));
        market.departments.push("Other".to_owned());
        let listener = Listener::new(&market);
        let spotted = |text: &str| listener.spot(text).into_iter().map(|s| s.named).collect::<Vec<_>>();
        let product = vec![Named::Product(ProductId(6))];
        assert_eq!(spotted("Tell us about Analytics."), product);
        assert_eq!(spotted("we like the analytics module"), product);
        assert_eq!(spotted("The Analytics team wants in"), vec![Named::Department("Data".into())]);
        assert_eq!(spotted("our business needs additional seats, other users too"), vec![]);
        assert_eq!(spotted("we upgrade to business"), vec![Named::Plan(ProductId(2))]);
    }
}
