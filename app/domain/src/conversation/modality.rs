//! Whether a sentence states what it names: negation, "if", wishes, the past, questions.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{NotCounted, plain::pattern};

/// How many words back a negation reaches.
const NEGATION_WORDS: usize = 7;

/// The parts of a sentence between "but", "however", …: what one part denies, the other may state.
#[must_use]
pub fn parts(plain: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for contrast in CONTRAST.find_iter(plain) {
        parts.push(start..contrast.start());
        start = contrast.end();
    }
    parts.push(start..plain.len());
    parts
}

/// Why a cue at `cue` in a part does not count; none when it does. `year` is the year of the conversation.
#[must_use]
pub fn not_counted(part: &str, cue: Range<usize>, year: i32) -> Option<NotCounted> {
    if is_negated(part, cue) {
        Some(NotCounted::Negated)
    } else if is_hypothetical(part) {
        Some(NotCounted::Hypothetical)
    } else if is_past(part, year) {
        Some(NotCounted::Past)
    } else {
        None
    }
}

/// Whether a negation stands before the cue in its clause, or inside the cue.
#[must_use]
pub fn is_negated(part: &str, cue: Range<usize>) -> bool {
    let before = part.get(..cue.start).unwrap_or_default();
    let clause = CLAUSE_END.find_iter(before).last().map_or(0, |end| end.end());
    let near = before.get(clause..).unwrap_or_default();
    let skip = near.split(' ').filter(|word| !word.is_empty()).count().saturating_sub(NEGATION_WORDS);
    let negates = |word: &str| NEGATIONS.contains(&word);
    near.split(' ').filter(|word| !word.is_empty()).skip(skip).any(negates)
        || part.get(cue).unwrap_or_default().split(' ').any(negates)
        || NEGATED_PHRASE.is_match(near)
}

const NEGATIONS: [&str; 18] = [
    "no", "not", "never", "without", "none", "nobody", "neither", "nor", "hardly", "barely", "unlikely", "lack",
    "lacks", "lacking", "doubt", "doubtful", "stop", "against",
];

/// The clause around a cue: from the comma or "and" before it to the comma after it.
#[must_use]
pub fn clause(part: &str, cue: &Range<usize>) -> Range<usize> {
    let before = part.get(..cue.start).unwrap_or_default();
    let start = CLAUSE_END.find_iter(before).last().map_or(0, |end| end.end());
    let after = part.get(cue.end..).unwrap_or_default();
    let end = after.find([',', ':', '?', '.']).map_or(part.len(), |at| cue.end + at);
    start..end
}

/// Whether the part is about what might be.
#[must_use]
pub fn is_hypothetical(part: &str) -> bool {
    // Without an "if" or another such word there is nothing to take away first.
    HYPOTHETICAL.is_match(part) && HYPOTHETICAL.is_match(&INDIRECT_IF.replace_all(part, " "))
}

/// Whether the part is about a time that is over.
#[must_use]
pub fn is_past(part: &str, year: i32) -> bool {
    let part = COMPARED_WITH_PAST.replace_all(part, " ");
    let years: Vec<i32> = YEAR.find_iter(&part).filter_map(|found| found.as_str().parse().ok()).collect();
    PAST.is_match(&part) || (!years.is_empty() && years.iter().all(|said| *said < year))
}

/// Whether a cue stands in the asking part of a question: "Do we have budget?" but not "We have budget, can you …?".
#[must_use]
pub fn is_asked(plain: &str, cue: &Range<usize>) -> bool {
    if !plain.ends_with('?') {
        return false;
    }
    let asked_from = plain.rfind([',', '-', ':']).map_or(0, |at| at + 1);
    let tail_words = plain.get(asked_from..).unwrap_or_default().split_whitespace().count();
    // "…, right?" asks for what stands before it.
    ASKS.is_match(plain) || cue.end > asked_from || tail_words <= 3
}

static CONTRAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r" ?(?:;|\b(?:but|however|although|though|whereas|nevertheless)\b) ?"));
static CLAUSE_END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:[,:.?!]| -|\b(?:and|so|because|since|which|therefore|that is why)) "));
/// Negations of more than one word.
static NEGATED_PHRASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:instead of|rather than|too early|far from|less than|waiting (?:for|on)|wait (?:for|until))\b")
});
/// An "if" that only introduces a question or is polite.
static INDIRECT_IF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:ask|asking|asked|know|see|check|checking|wonder|wondering|tell me|tell us|confirm|find out|clarify|advise|question is|look into) (?:if|whether)|(?:how much|what (?:is|are|would|will|does)|cost|price|pricing|quote)(?: \S+){0,5}? if (?:we|i)|if (?:possible|you (?:can|could|have|would|do|agree|want)|not|so|that works|needed|necessary|i may|we may|i understand|there is a way))\b",
    )
});
static HYPOTHETICAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:if|unless|assuming|provided that|suppose|supposing|imagine|hypothetical(?:ly)?|theoretically|in theory|in an? (?:ideal|perfect) world|some ?day|one day|some point|down the (?:road|line|track)|eventually|in the (?:distant |long |far )?future|wish|wished|dream|would be (?:so )?(?:nice|cool|lovely|sweet|neat|fun)|would have (?:been|loved|liked|needed|bought|wanted)|might|may(?: or may not)? (?:need|want|have)|maybe (?:next|one|some|later|we|in)|perhaps (?:next|one|some|later|we|in)|let us say|what if|were to|hope to (?:have|get)|hoping (?:to have|to get|for|the|that)|hopefully|fingers crossed|as soon as we (?:have|get)|once (?:we (?:have|get)|the|our|it)|when we (?:have|get) (?:the |more |some )?(?:budget|money|funding)|pending)\b",
    )
});
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:last (?:year|fiscal|fy|budget|cycle|winter|summer|spring|autumn|fall)|previous (?:year|quarter|fiscal|budget|cycle|contract)|(?:\d+|a|few|couple of|several|some) years? (?:ago|back)|years ago|(?:\d+|a|few|couple of|several) quarters? ago|back (?:in|then|when)|at the time|used to|in the past|previously|formerly|in those days|when we (?:signed|bought|started|first)|before the (?:cuts?|merger|layoffs|freeze))\b",
    )
});
static COMPARED_WITH_PAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:than|unlike|like|compared (?:to|with)|since|from|over|as|versus|vs) (?:in |the )?(?:last|previous) (?:year|quarter|fiscal year|budget|cycle|summer|winter)\b",
    )
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b20\d\d\b"));
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:so |and |but |well |ok |okay |, )*(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|what|how|when|where|who|why|which|whose|any)\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(part: &str, cue: &str) -> Option<NotCounted> {
        let at = part.find(cue).unwrap();
        not_counted(part, at..at + cue.len(), 2026)
    }

    #[test]
    fn what_is_not_so_does_not_count() {
        use NotCounted::{Hypothetical, Negated, Past};
        let cases = [
            ("we do not have budget", "have budget", Some(Negated)),
            ("we do not think we need 30 more seats", "we need 30 more seats", Some(Negated)),
            ("we do not need it and finance wants 30 more seats", "wants 30 more seats", None),
            ("no , we have budget", "have budget", None),
            ("if we had budget , we would take 30 more seats", "30 more seats", Some(Hypothetical)),
            ("i wanted to ask if we could get 30 more seats", "30 more seats", None),
            ("if possible send a quote for 30 more seats", "30 more seats", None),
            ("30 more seats would be nice someday", "30 more seats", Some(Hypothetical)),
            ("last year we had budget", "budget", Some(Past)),
            ("we have more budget than last year", "budget", None),
            ("the budget for 2025 was approved", "budget", Some(Past)),
            ("the budget for 2026 was approved", "budget", None),
        ];
        for (part, cue, wanted) in cases {
            assert_eq!(judge(part, cue), wanted, "{part}");
        }
    }

    #[test]
    fn questions_are_told_from_statements() {
        let asked = |text: &str| {
            let at = text.find("budget").unwrap();
            is_asked(text, &(at..at + 6))
        };
        assert!(asked("do we have budget ?") && asked("we have budget , right ?") && asked("we have budget ?"));
        assert!(!asked("we have budget , can you send us a quote please ?") && !asked("we have budget ."));
    }

    #[test]
    fn but_splits_a_sentence() {
        let text = "we have no budget but finance has ; ok";
        let found: Vec<&str> = parts(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, vec!["we have no budget", "finance has", "ok"]);
    }
}
