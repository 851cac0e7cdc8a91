//! What one sentence of the customer is about, and whether it counts.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Ask, NotCounted, Topic, blockers,
    cues::cues,
    modality,
    names::Named,
    plain::{Plain, as_said, pattern},
};
use crate::id::ProductId;

/// A topic found in a sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    pub(super) topic: Option<Topic>,
    pub(super) ask: Option<Ask>,
    pub(super) product: Option<ProductId>,
    pub(super) feature: Option<String>,
    pub(super) departments: Vec<String>,
    pub(super) competitor: Option<String>,
    pub(super) displaces: bool,
    pub(super) quantity: Option<i64>,
    pub(super) not_counted: Option<NotCounted>,
    /// Counts only when the same speaker then asks: "We're out of seats." "Can we get more?"
    pub(super) if_asked_next: bool,
}

impl Found {
    pub(super) fn about(topic: Topic, not_counted: Option<NotCounted>) -> Found {
        Found { topic: Some(topic), not_counted, ..Found::default() }
    }
}

/// One part of a sentence ("…, but …" has two) with what every topic needs to know.
pub(super) struct Part<'a> {
    plain: &'a Plain,
    pub(super) text: &'a str,
    pub(super) is_question: bool,
    pub(super) year: i32,
}

/// Everything that a sentence says, in its order of topics. `original` is the sentence as said.
pub(super) fn find(plain: &Plain, original: &str, year: i32, is_qbr: bool) -> Vec<Found> {
    let mut found = Vec::new();
    for range in modality::parts(&plain.text) {
        let Some(text) = plain.text.get(range) else { continue };
        let part = Part { plain, text, is_question: plain.is_question(), year };
        part.requests(&mut found);
        part.budget(&mut found);
        part.departments(&mut found);
        part.interest(&mut found);
        part.comparison(&mut found);
        if is_qbr {
            part.growth(&mut found);
        }
    }
    if !found.iter().any(|f| matches!(f.topic, Some(Topic::Interest | Topic::Request))) {
        named_feature(plain, original, year, &mut found);
    }
    found
}

impl Part<'_> {
    pub(super) fn judge(&self, cue: Range<usize>) -> Option<NotCounted> {
        modality::not_counted(self.text, cue, self.year)
    }

    pub(super) fn has(&self, stems: &[&str]) -> bool {
        stems.iter().any(|stem| self.text.contains(stem))
    }

    pub(super) fn product(&self, token: &str) -> Option<ProductId> {
        match self.plain.name_of(token) {
            Some(Named::Product(id) | Named::Plan(id)) => Some(*id),
            _ => None,
        }
    }

    fn feature(&self, token: &str) -> Option<String> {
        match self.plain.name_of(token) {
            Some(Named::Feature(name)) => Some(name.clone()),
            _ => None,
        }
    }

    fn competitor(&self, text: &str) -> Option<String> {
        TOKEN.find_iter(text).find_map(|token| match self.plain.name_of(token.as_str()) {
            Some(Named::Competitor(name)) => Some(name.clone()),
            _ => None,
        })
    }

    pub(super) fn departments_in(&self, text: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for token in TOKEN.find_iter(text) {
            // "from Sales to Finance": Sales has it.
            let has_it = text.get(..token.start()).is_some_and(|before| before.ends_with("from "));
            if let Some(Named::Department(name)) = self.plain.name_of(token.as_str())
                && !names.contains(name)
                && !has_it
            {
                names.push(name.clone());
            }
        }
        names
    }

    /// "Does Finance want access?" doubts; "Can Finance get access?" asks.
    pub(super) fn starts_as_doubt(&self) -> bool {
        self.is_question && DOUBTS.is_match(self.text)
    }

    fn budget(&self, found: &mut Vec<Found>) {
        if !self.has(&[
            "budget",
            "fund",
            "money",
            "lose it",
            "spend",
            "investment",
            "expansion",
            "$",
            "dollars",
            "euros",
            "usd",
            "eur",
        ]) {
            return;
        }
        let c = cues();
        if let Some(cue) = c.budget_is_fine.find(self.text) {
            let not_counted = if modality::is_hypothetical(self.text) {
                Some(NotCounted::Hypothetical)
            } else if modality::is_past(self.text, self.year) {
                Some(NotCounted::Past)
            } else {
                modality::is_asked(self.text, &cue.range()).then_some(NotCounted::Question)
            };
            found.push(Found::about(Topic::Budget, not_counted));
            return;
        }
        let Some(cue) = c.has_budget.find(self.text) else { return };
        let clause = modality::clause(self.text, &cue.range());
        if c.budget_unless.is_match(self.text.get(clause).unwrap_or(self.text)) {
            return;
        }
        let had = c.had_budget.is_match(self.text).then_some(NotCounted::Past);
        let asked = || modality::is_asked(self.text, &cue.range()).then_some(NotCounted::Question);
        let denied = || blockers::denies_budget(self.text).then_some(NotCounted::Negated);
        let not_counted = self.judge(cue.range()).or(had).or_else(denied).or_else(asked);
        found.push(Found::about(Topic::Budget, not_counted));
    }

    fn departments(&self, found: &mut Vec<Found>) {
        if !self.has(&["D_"]) {
            return;
        }
        let c = cues();
        let cue = [&c.dept_wants, &c.dept_extend, &c.dept_bring, &c.dept_could, &c.dept_for, &c.dept_new]
            .into_iter()
            .find_map(|cue| cue.find(self.text));
        let Some(cue) = cue else { return };
        if c.dept_unless.is_match(self.text) {
            return;
        }
        let asked = self.starts_as_doubt().then_some(NotCounted::Question);
        let not_counted = self.judge(cue.range()).or(asked);
        for department in self.departments_in(cue.as_str()) {
            found.push(Found { departments: vec![department], ..Found::about(Topic::Department, not_counted) });
        }
    }

    fn interest(&self, found: &mut Vec<Found>) {
        let c = cues();
        let asked_for = |product: Option<ProductId>| {
            found.iter().any(|f| f.topic == Some(Topic::Request) && f.product.is_some() && f.product == product)
        };
        let mut new = Vec::new();
        for token in TOKEN.find_iter(self.text) {
            let (cue, product, feature) = match token.as_str().as_bytes().first() {
                Some(b'P') => (&c.interest, self.product(token.as_str()), None),
                Some(b'F') => (&c.interest_feature, None, self.feature(token.as_str())),
                _ => continue,
            };
            if (product.is_none() && feature.is_none()) || asked_for(product) || c.interest_unless.is_match(self.text) {
                continue;
            }
            if let Some(cue) = nearest(cue, self.text, &token.range()) {
                let judged = self.judge(cue.start.min(token.start())..cue.end.max(token.end()));
                new.push(Found { product, feature, ..Found::about(Topic::Interest, judged) });
            }
        }
        if new.is_empty()
            && self.has(&["plan", "tier", "edition", "package"])
            && !found.iter().any(|f| f.ask == Some(Ask::Tier))
            && let Some(cue) = c.in_tier.find(self.text)
        {
            let product = TOKEN.find_iter(cue.as_str()).filter_map(|t| self.product(t.as_str())).last();
            let feature = product.is_none().then(|| "higher plan".to_owned());
            new.push(Found { product, feature, ..Found::about(Topic::Interest, self.judge(cue.range())) });
        }
        if new.is_empty()
            && self.has(&["L_"])
            && !found.iter().any(|f| f.ask == Some(Ask::Tier))
            && let (Some(plan), Some(cue)) = (c.tier.find(self.text), c.considers.find(self.text))
        {
            let product = TOKEN.find_iter(plan.as_str()).filter_map(|t| self.product(t.as_str())).last();
            let judged = self.judge(cue.start()..plan.end().max(cue.end()));
            if product.is_some() {
                new.push(Found { product, ..Found::about(Topic::Interest, judged) });
            }
        }
        found.append(&mut new);
    }

    fn comparison(&self, found: &mut Vec<Found>) {
        if !self.has(&[
            "C_",
            "compar",
            "versus",
            " vs ",
            "stack",
            "differ",
            "better",
            "replac",
            "migrat",
            "consolidat",
            "measure",
            "competit",
            "mov",
            "switch",
            "retir",
            "alternative",
        ]) {
            return;
        }
        let c = cues();
        if let Some(cue) = c.displaces.find(self.text) {
            let after = self.text.get(cue.end()..).unwrap_or_default();
            if !TO_ANOTHER.is_match(after) {
                let competitor = self.competitor(cue.as_str());
                let not_counted = modality::not_counted(self.text, cue.start()..cue.start(), self.year);
                found.push(Found { competitor, displaces: true, ..Found::about(Topic::Comparison, not_counted) });
            }
            return;
        }
        if let Some(cue) = c.displaces_unnamed.find(self.text) {
            let judged = self.judge(cue.start()..cue.start());
            let competitor = self.competitor(self.text);
            found.push(Found { competitor, displaces: true, ..Found::about(Topic::Comparison, judged) });
            return;
        }
        let competitor = self.competitor(self.text);
        let asks = self.is_question || WANTS_TO_KNOW.is_match(self.text);
        if let Some(name) = &competitor {
            if let Some(cue) = c.compare.find(self.text)
                && asks
                && (c.ours.is_match(self.text) || self.is_question)
            {
                let judged = self.judge(cue.start()..cue.start());
                found.push(Found { competitor: Some(name.clone()), ..Found::about(Topic::Comparison, judged) });
            } else if let Some(cue) = c.competitor_has.find(self.text) {
                let asked = self.is_question && c.do_you.is_match(self.text);
                let judged = modality::not_counted(self.text, cue.start()..cue.start(), self.year);
                found.push(Found {
                    competitor: Some(name.clone()),
                    if_asked_next: !asked,
                    ..Found::about(Topic::Comparison, judged)
                });
            }
        } else if let Some(cue) = c.ours_strict.find(self.text)
            && (asks || cue.as_str().starts_with("how"))
        {
            let judged = self.judge(cue.start()..cue.start());
            found.push(Found::about(Topic::Comparison, judged));
        }
    }

    fn growth(&self, found: &mut Vec<Found>) {
        if !self.has(&[
            "grow",
            "doubl",
            "tripl",
            "expan",
            "scal",
            "hir",
            "open",
            "acqui",
            "launch",
            "enter",
            "bring",
            "headcount",
            "add",
        ]) {
            return;
        }
        let c = cues();
        let Some(cue) = c.growth_goal.find(self.text).or_else(|| c.grows.find(self.text)) else { return };
        if c.growth_unless.is_match(self.text) {
            return;
        }
        let asked = || modality::is_asked(self.text, &cue.range()).then_some(NotCounted::Question);
        let not_counted = self.judge(cue.range()).or_else(asked);
        found.push(Found::about(Topic::Growth, not_counted));
    }
}

/// Interest in a feature that no list knows, written as a name: "asked about Advanced Routing capabilities".
fn named_feature(plain: &Plain, original: &str, year: i32, found: &mut Vec<Found>) {
    const KINDS: [&str; 7] = ["module", "capabilit", "add on", "feature", "functionality", "package", "suite"];
    if !KINDS.iter().any(|kind| plain.text.contains(kind)) {
        return;
    }
    let Some(captures) = NAMED_FEATURE.captures(original) else { return };
    let Some(name) = captures.get(1).map(|name| name.as_str().trim()) else { return };
    let whole = 0..plain.text.len();
    if cues().interest_unless.is_match(&plain.text) || modality::parts(&plain.text).len() > 1 {
        return;
    }
    let start = cues().interest.find(&plain.text).map_or(0, |cue| cue.start());
    let not_counted = modality::not_counted(&plain.text, start..whole.end.min(start), year);
    found.push(Found { feature: Some(name.to_owned()), ..Found::about(Topic::Interest, not_counted) });
}

/// The match of a cue that is nearest to a token.
fn nearest(cue: &Regex, text: &str, token: &Range<usize>) -> Option<Range<usize>> {
    cue.find_iter(text).map(|found| found.range()).min_by_key(|found| {
        if found.end <= token.start { token.start - found.end } else { found.start.saturating_sub(token.end) }
    })
}

pub(super) static TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[CPLDF]_\d+"));
static DOUBTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:so |and |well )?(?:do|does|did|is|are|was|were|has|have|why|who|which)\b"));
/// A move from one competitor to another, or away from us.
static TO_ANOTHER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?: \S+){0,4} (?:to|with|by|onto|for|in favor of) (?:\w+ )?C_\d+"));
static WANTS_TO_KNOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:how|curious|wondering|wonder|want to (?:know|see|understand)|like to (?:know|see|understand)|asked|asking|comparing|tell (?:me|us)|show (?:me|us)|can you|could you|do you)\b",
    )
});
static NAMED_FEATURE: LazyLock<Regex> = LazyLock::new(|| {
    as_said(
        r"(?i:\b(?:interested in|interest in|ask(?:ed|ing)? about|more about|demo of|trial of|curious about|questions? about|information (?:on|about)|do you (?:offer|have|sell|support)|is there)(?: (?:the|your|an?|our|using|seeing|adding|getting|having|trying))*) ((?:[A-Z][\w-]*)(?: (?:[A-Z0-9][\w-]*|and|&))*) (?i:modules?|capabilit(?:y|ies)|add-?ons?|features?|functionality|package|suite)\b",
    )
});
