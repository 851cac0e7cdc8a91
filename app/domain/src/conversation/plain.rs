//! A sentence as plain words: lower case, contractions written out, number words as digits, fillers gone, one space
//! between words and marks, and each known name replaced by a token (`C_0` competitor, `P_1` product, `L_2` plan,
//! `D_3` department, `F_4` feature; the number counts the names). Cues are written against this form only, and upper
//! case stands for names only.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use super::names::{Named, Spotted};

/// A sentence in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plain {
    /// The words.
    pub text: String,
    /// What the tokens stand for, by their number.
    pub named: Vec<Named>,
}

impl Plain {
    /// Brings a sentence to plain words.
    #[must_use]
    pub fn of(sentence: &str, spotted: Vec<Spotted>) -> Plain {
        let mut words = Vec::new();
        let mut named = Vec::new();
        let mut at = 0;
        for spot in spotted {
            tokenize(sentence.get(at..spot.range.start).unwrap_or_default(), &mut words);
            words.push(format!("{}_{}", letter(&spot.named), named.len()));
            // "Enterprise plan" and "Enterprise" read alike: a plan keeps the word that says so.
            if let Some(kind) = plan_word(&spot, sentence) {
                words.push(kind);
            }
            named.push(spot.named);
            at = spot.range.end;
        }
        tokenize(sentence.get(at..).unwrap_or_default(), &mut words);
        let words = numbers(&words);
        let text = words.join(" ");
        let text = NOT_ONLY.replace_all(&text, " ");
        let text = FILLERS.replace_all(&text, " ");
        let text = SPACES.replace_all(text.trim(), " ");
        Plain { text: text.into_owned(), named }
    }

    /// The name that a token like `D_3` stands for.
    #[must_use]
    pub fn name_of(&self, token: &str) -> Option<&Named> {
        token.split_once('_').and_then(|(_, number)| number.parse::<usize>().ok()).and_then(|i| self.named.get(i))
    }

    /// Whether the sentence asks.
    #[must_use]
    pub fn is_question(&self) -> bool {
        self.text.ends_with('?')
    }
}

fn plan_word(spot: &Spotted, sentence: &str) -> Option<String> {
    let last = sentence.get(spot.range.clone())?.split_whitespace().next_back()?.to_lowercase();
    let is_plan = matches!(spot.named, Named::Plan(_));
    (is_plan && matches!(last.as_str(), "plan" | "tier" | "edition" | "package")).then_some(last)
}

fn letter(named: &Named) -> char {
    match named {
        Named::Competitor(_) => 'C',
        Named::Product(_) => 'P',
        Named::Plan(_) => 'L',
        Named::Department(_) => 'D',
        Named::Feature(_) => 'F',
    }
}

/// Splits text into lower-case words and marks.
fn tokenize(text: &str, words: &mut Vec<String>) {
    let mut word = String::new();
    let mut in_braces = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if in_braces || c == '{' {
            in_braces = c != '}';
            continue;
        }
        match c {
            '’' | '‘' | '`' | '´' | '\'' => word.push('\''),
            _ if c.is_ascii_alphanumeric() => word.push(c.to_ascii_lowercase()),
            // Cues are ASCII; any other letter only has to stay a letter.
            _ if c.is_alphanumeric() => word.push('x'),
            // 1,000 and 2.5 stay one number.
            ',' | '.'
                if word.ends_with(|d: char| d.is_ascii_digit())
                    && characters.peek().is_some_and(char::is_ascii_digit) =>
            {
                if c == '.' {
                    word.push('.');
                }
            }
            _ => {
                finish(&mut word, words);
                match c {
                    ',' | ';' | ':' | '?' | '!' | '.' | '%' | '$' => words.push(c.to_string()),
                    // The currency never matters, that it is money does.
                    '€' | '£' => words.push("$".into()),
                    '…' => words.push(".".into()),
                    '(' | ')' => words.push(",".into()),
                    '–' | '—' => words.push("-".into()),
                    // "re-use" becomes two words, " - " is a mark.
                    '-' if characters.peek().is_none_or(|next| next.is_whitespace() || *next == '-') => {
                        words.push("-".into())
                    }
                    '&' => words.push("and".into()),
                    _ => {}
                }
            }
        }
    }
    finish(&mut word, words);
}

/// Pushes a word with its contraction written out.
fn finish(word: &mut String, words: &mut Vec<String>) {
    let whole = std::mem::take(word);
    let whole = whole.trim_end_matches('\'');
    let whole = if whole.starts_with("'s") { whole } else { whole.trim_start_matches('\'') };
    if whole.is_empty() {
        return;
    }
    let mut push = |parts: &[&str]| words.extend(parts.iter().map(|part| (*part).to_owned()));
    match whole {
        "can't" | "cannot" | "cant" => push(&["can", "not"]),
        "won't" => push(&["will", "not"]),
        "ain't" => push(&["is", "not"]),
        "dont" => push(&["do", "not"]),
        "doesnt" => push(&["does", "not"]),
        "didnt" => push(&["did", "not"]),
        "let's" | "lets" => push(&["let", "us"]),
        "gonna" => push(&["going", "to"]),
        "wanna" => push(&["want", "to"]),
        "gotta" => push(&["have", "to"]),
        _ => match whole.rsplit_once('\'') {
            Some((stem, "t")) if stem.ends_with('n') => push(&[stem.strip_suffix('n').unwrap_or(stem), "not"]),
            Some((stem, "re")) => push(&[stem, "are"]),
            Some((stem, "ve")) => push(&[stem, "have"]),
            Some((stem, "ll")) => push(&[stem, "will"]),
            Some((stem, "d")) => push(&[stem, "would"]),
            Some((stem, "m")) => push(&[stem, "am"]),
            Some((stem, "s")) if is_subject(stem) => push(&[stem, "is"]),
            Some(("", "s")) => push(&["'s"]),
            Some((stem, "s")) => push(&[stem, "'s"]),
            _ => push(&[whole]),
        },
    }
}

/// Words after which `'s` means "is".
fn is_subject(word: &str) -> bool {
    const SUBJECTS: [&str; 17] = [
        "it",
        "that",
        "there",
        "what",
        "he",
        "she",
        "here",
        "who",
        "how",
        "where",
        "budget",
        "money",
        "everyone",
        "everybody",
        "nobody",
        "this",
        "one",
    ];
    SUBJECTS.contains(&word)
}

/// Number words become digits: "twenty-five" → 25, "a dozen" → 12; "one" only where it counts something.
fn numbers(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some((value, used)) = number_at(words.get(at..).unwrap_or_default()) {
            out.push(value.to_string());
            at += used;
        } else {
            out.push(word.clone());
            at += 1;
        }
    }
    out
}

/// The number that begins here, and how many words it takes.
fn number_at(words: &[String]) -> Option<(u64, usize)> {
    let mut total = 0_u64;
    let mut part = 0_u64;
    let mut used = 0;
    let mut spelled = false;
    while let Some(word) = words.get(used) {
        let next = words.get(used + 1).map(String::as_str);
        if let Some(value) = small(word) {
            if word == "one" && !spelled && !next.is_some_and(counts_things) {
                break;
            }
            // "two thirty" is no number; "thirty two" is.
            if !part.is_multiple_of(100) && (value >= 10 || !part.is_multiple_of(10)) {
                break;
            }
            part = part.saturating_add(value);
        } else if word == "hundred" && (spelled || is_article(words, used)) {
            part = part.max(1).saturating_mul(100);
        } else if word == "thousand" && spelled {
            total = total.saturating_add(part.max(1).saturating_mul(1000));
            part = 0;
        } else if word == "dozen" {
            part = part.max(1).saturating_mul(12);
        } else if joins_numbers(word, next, spelled, part) {
            used += 1;
            continue;
        } else {
            break;
        }
        spelled = true;
        used += 1;
    }
    spelled.then_some((total.saturating_add(part), used))
}

/// "a" in "a dozen", "and" in "a hundred and fifty".
fn joins_numbers(word: &str, next: Option<&str>, spelled: bool, part: u64) -> bool {
    let article = matches!(word, "a" | "an") && !spelled && matches!(next, Some("dozen" | "hundred"));
    article || (word == "and" && spelled && part >= 100 && next.and_then(small).is_some())
}

fn is_article(words: &[String], used: usize) -> bool {
    used.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word == "a")
}

fn small(word: &str) -> Option<u64> {
    const WORDS: [(&str, u64); 27] = [
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("seventeen", 17),
        ("eighteen", 18),
        ("nineteen", 19),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
    ];
    WORDS.iter().find(|(text, _)| *text == word).map(|(_, value)| *value)
}

/// What may follow "one" when it is a number.
fn counts_things(word: &str) -> bool {
    const THINGS: [&str; 10] =
        ["more", "additional", "extra", "hundred", "thousand", "dozen", "seat", "license", "licence", "department"];
    THINGS.contains(&word)
}

/// A pattern over plain text. Plain text is ASCII, so classes are too: a fraction of the size and of the time.
#[expect(clippy::unwrap_used, reason = "literal patterns, compiled by every test of this folder")]
pub(super) fn pattern(text: impl AsRef<str>) -> Regex {
    let ascii = text.as_ref().replace(r"\w", "[0-9a-zA-Z_]").replace(r"\S", "[!-~]").replace(r"\d", "[0-9]");
    let ascii = ascii.replace(r"\s", "[ \\t\\n]");
    RegexBuilder::new(&ascii).unicode(false).build().unwrap()
}

/// A pattern over a sentence as it was said.
#[expect(clippy::unwrap_used, reason = "literal patterns, compiled by every test of this folder")]
pub(super) fn as_said(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// Forms that hold a "not" and negate nothing.
static NOT_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:not (?:just|only|merely|simply)|(?:can|could) not wait to|do not forget(?: to)?|why do not|do not hesitate to|no (?:doubt|question|worries|wonder|problem(?: at all)?)|do not mind|no ,)(?: |$)",
    )
});
static FILLERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:, )?\b(?:uh|um|erm|er|hm+|mm+|ah|oh|you know|i mean|kind of|sort of|right now|at the moment|at this (?:point|time|stage)|at present|to be honest|as you know|as i said|of course|by the way|for sure|as well|really|actually|just|basically|honestly|frankly|literally|simply|definitely|certainly|absolutely|also|now|currently|obviously|clearly|genuinely|seriously|finally|quite|very|unfortunately|luckily|happily)\b(?: ,)?",
    )
});
static SPACES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_become_plain_words() {
        let cases = [
            ("We don’t have budget.", "we do not have budget ."),
            ("We've just set-aside $1,000!", "we have set aside $ 1000 !"),
            (
                "Can you tell me what thirty more seats would look like?",
                "can you tell me what 30 more seats would look like ?",
            ),
            ("Twenty-five or a hundred and fifty, a dozen, two thousand", "25 or 150 , 12 , 2000"),
            ("One of us wants one more seat", "one of us wants 1 more seat"),
            ("Not only Finance {vocalsound} uh, wants it", "finance wants it"),
            ("The budget's approved; Tableau's isn't", "the budget is approved ; tableau 's is not"),
            ("We do not, at this point, have it", "we do not have it"),
            ("", ""),
            (&"hundred ".repeat(40).replacen("hundred", "a hundred", 1), &u64::MAX.to_string()),
        ];
        for (sentence, plain) in cases {
            assert_eq!(Plain::of(sentence, Vec::new()).text, plain, "{sentence}");
        }
    }

    #[test]
    fn names_become_tokens() {
        let spotted = vec![Spotted { range: 4..11, named: Named::Department("Finance".into()) }];
        let plain = Plain::of("Our Finance's team", spotted);
        assert_eq!(plain.text, "our D_0 's team");
        assert_eq!(plain.name_of("D_0"), Some(&Named::Department("Finance".into())));
    }
}
