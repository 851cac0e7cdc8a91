//! Transcript text → turns. Formats: `Speaker (customer): text`, `Speaker: text`, `[00:32] Michael: text`, a name and a
//! time on a line of their own, and mails with headers. Quoted replies are not new words and are left out.

use std::sync::LazyLock;

use regex::Regex;

use super::Side;

/// Sentences longer than this are cut: unpunctuated speech would else let one "if" reach over minutes.
const SENTENCE_BYTES: usize = 480;
/// Longest name of a speaker.
const NAME_BYTES: usize = 80;

/// A sentence at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Line of the transcript, from 1.
    pub line: u32,
    /// As said, trimmed, line breaks turned into spaces.
    pub text: String,
}

/// What one person said in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Line of the transcript on which it begins, from 1.
    pub line: u32,
    /// The speaker as written; empty when nobody is named.
    pub speaker: String,
    /// E-mail address of the speaker, when written.
    pub email: Option<String>,
    /// Job title from brackets behind the name.
    pub title: Option<String>,
    /// The side as written; see [`super::people`] for how a missing one is found.
    pub side: Side,
    /// The words.
    pub sentences: Vec<Sentence>,
}

/// A parsed transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcript {
    /// What was said, in order.
    pub turns: Vec<Turn>,
    /// Lists of participants as written in the text.
    pub participants: Vec<String>,
    /// The account's name as written in the text.
    pub accounts: Vec<String>,
}

/// Splits a transcript into turns. Never fails: what has no speaker is a turn without one.
#[must_use]
pub fn parse(text: &str) -> Transcript {
    let mut builder = Builder::default();
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if !builder.read(number, line) {
            break;
        }
    }
    builder.close();
    builder.transcript
}

#[derive(Default)]
struct Builder {
    transcript: Transcript,
    open: Option<(Turn, Vec<(u32, String)>)>,
    /// After "On … wrote:" until the next mail.
    in_quote: bool,
}

impl Builder {
    /// Reads one line; false when the rest is somebody's earlier mail.
    fn read(&mut self, number: u32, raw: &str) -> bool {
        let line = raw.trim();
        if line.starts_with('>') || is_stage_direction(line) {
            return true;
        }
        if EARLIER_MAIL.is_match(line) {
            return false;
        }
        if QUOTE_BEGINS.is_match(line) {
            self.in_quote = true;
            return true;
        }
        if let Some((key, value)) = header(line) {
            self.header(number, &key, value);
            return true;
        }
        if self.in_quote {
            return true;
        }
        if let Some(found) = speaker_line(line) {
            self.close();
            let turn = Turn {
                line: number,
                speaker: found.name,
                email: found.email,
                title: found.title,
                side: found.side,
                sentences: Vec::new(),
            };
            self.open = Some((turn, vec![(number, found.text.to_owned())]));
        } else if let Some((_, pieces)) = &mut self.open {
            pieces.push((number, line.to_owned()));
        } else if !line.is_empty() {
            self.open = Some((nobody(number), vec![(number, line.to_owned())]));
        }
        true
    }

    fn header(&mut self, number: u32, key: &str, value: &str) {
        match key {
            "from" => {
                self.close();
                self.in_quote = false;
                let (name, email) = name_and_address(value);
                self.open = Some((Turn { speaker: name, email, ..nobody(number) }, Vec::new()));
            }
            "participants" | "attendees" | "present" => self.transcript.participants.push(value.to_owned()),
            "account" | "company" => self.transcript.accounts.push(value.to_owned()),
            "summary" | "notes" | "action items" | "next steps" | "agenda" => {
                self.close();
                self.open = Some((nobody(number), vec![(number, value.to_owned())]));
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        if let Some((mut turn, pieces)) = self.open.take() {
            turn.sentences = sentences(&pieces);
            if !turn.sentences.is_empty() {
                self.transcript.turns.push(turn);
            }
        }
    }
}

fn nobody(line: u32) -> Turn {
    Turn { line, speaker: String::new(), email: None, title: None, side: Side::Unknown, sentences: Vec::new() }
}

/// "[END OF TRANSCRIPT]", "-----".
fn is_stage_direction(line: &str) -> bool {
    let bracketed = line.starts_with('[') && line.ends_with(']') && line.len() > 1;
    let rule = line.len() > 2 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*'));
    bracketed || rule
}

/// A header of a mail or of a transcript, as lower-case key and value.
fn header(line: &str) -> Option<(String, &str)> {
    const KEYS: [&str; 24] = [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "sent",
        "reply-to",
        "participants",
        "attendees",
        "present",
        "account",
        "company",
        "duration",
        "time",
        "location",
        "title",
        "agenda",
        "notes",
        "summary",
        "action items",
        "next steps",
        "re",
        "fwd",
    ];
    let (key, value) = line.trim_start_matches('*').split_once(':')?;
    let key = key.trim().trim_matches('*').to_ascii_lowercase();
    KEYS.contains(&key.as_str()).then(|| (key, value.trim().trim_start_matches('*').trim()))
}

struct SpeakerLine<'a> {
    name: String,
    email: Option<String>,
    title: Option<String>,
    side: Side,
    text: &'a str,
}

/// A line that begins a turn.
fn speaker_line(line: &str) -> Option<SpeakerLine<'_>> {
    let line = LEADING_TIME.find(line).map_or(line, |time| line.get(time.end()..).unwrap_or(line));
    if let Some(found) = NAME_THEN_TIME.captures(line) {
        let name = found.get(1)?.as_str();
        return is_name(name, false).then(|| SpeakerLine {
            name: name.trim().to_owned(),
            email: None,
            title: None,
            side: Side::Unknown,
            text: "",
        });
    }
    let line = line.trim_start_matches('*');
    let (head, text) = line.split_once(':')?;
    if head.len() > NAME_BYTES || !(text.is_empty() || text.starts_with([' ', '\t', '*'])) {
        return None;
    }
    let head = TRAILING_TIME.replace(head.trim().trim_end_matches('*'), "");
    let (name, bracket) = match head.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((name, bracket)) => (name.trim(), Some(bracket.trim())),
        None => (head.trim(), None),
    };
    let stated = bracket.and_then(stated_side);
    if !is_name(name, stated.is_some()) {
        return None;
    }
    let stated = stated.or_else(|| side_as_name(name));
    let (name, email) = name_and_address(name);
    let title = bracket.filter(|_| stated.is_none()).map(str::to_owned);
    let text = text.trim().trim_start_matches('*').trim();
    Some(SpeakerLine { name, email, title, side: stated.unwrap_or(Side::Unknown), text })
}

/// The side when a bracket says it outright.
pub(super) fn stated_side(bracket: &str) -> Option<Side> {
    match bracket.trim().to_ascii_lowercase().as_str() {
        "customer" | "client" | "buyer" | "customer side" => Some(Side::Customer),
        "vendor" | "us" | "internal" | "host" | "seller" | "vendor side" => Some(Side::Vendor),
        _ => None,
    }
}

/// "Customer: …" and "CSM: …": the side stands where a name would.
fn side_as_name(name: &str) -> Option<Side> {
    match name.to_ascii_lowercase().as_str() {
        "customer" | "client" => Some(Side::Customer),
        "vendor" | "csm" | "customer success manager" | "account executive" | "account manager" | "support agent" => {
            Some(Side::Vendor)
        }
        _ => None,
    }
}

/// Whether a text reads as somebody's name: up to five words, each with a capital (or a particle like "van").
fn is_name(text: &str, side_is_stated: bool) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    let characters = text.chars().all(|c| c.is_alphanumeric() || " .'’-_@&+/<>#".contains(c));
    let capital = |word: &str| {
        word.contains('@')
            || matches!(
                word,
                "van" | "von" | "der" | "den" | "de" | "da" | "di" | "la" | "le" | "al" | "bin" | "of" | "&"
            )
            || word.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase())
    };
    (1..=5).contains(&words)
        && characters
        && text.chars().any(char::is_alphanumeric)
        && (side_is_stated || (text.split_whitespace().all(capital) && !text.starts_with("http")))
}

/// `Sarah Chen <sarah@acme.example>` → name and address; a bare address is both.
pub(super) fn name_and_address(text: &str) -> (String, Option<String>) {
    let text = text.trim();
    let Some((name, rest)) = text.split_once('<') else {
        let email = (text.contains('@') && !text.contains(' ')).then(|| text.to_ascii_lowercase());
        return (text.trim_matches('"').to_owned(), email);
    };
    let address = rest.split('>').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = name.trim().trim_matches('"').trim();
    let shown = if name.is_empty() { address.clone() } else { name.to_owned() };
    (shown, (!address.is_empty()).then_some(address))
}

/// Joins the lines of a turn and splits them into sentences. A blank line and a bullet end a sentence.
fn sentences(pieces: &[(u32, String)]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut starts_on = 0;
    for (line, text) in pieces {
        let bullet = text.trim_start_matches(['-', '*', '•', '–']);
        let is_bullet = bullet.len() < text.len() && bullet.starts_with(' ');
        if text.is_empty() || is_bullet {
            push(&mut found, starts_on, &mut current);
        }
        for word in if is_bullet { bullet } else { text }.split_whitespace() {
            if current.is_empty() {
                starts_on = *line;
            } else {
                current.push(' ');
            }
            current.push_str(word);
            if ends_sentence(word) || current.len() > SENTENCE_BYTES {
                push(&mut found, starts_on, &mut current);
            }
        }
    }
    push(&mut found, starts_on, &mut current);
    found
}

fn push(found: &mut Vec<Sentence>, line: u32, current: &mut String) {
    if current.chars().any(char::is_alphanumeric) {
        found.push(Sentence { line, text: std::mem::take(current) });
    }
    current.clear();
}

/// Whether a sentence ends with this word: `.`, `?` or `!`, but not "Inc.", "J." or "e.g.".
fn ends_sentence(word: &str) -> bool {
    let word = word.trim_end_matches(['"', '”', '\'', '’', ')']);
    if word.ends_with(['?', '!', '…']) || word.ends_with("...") {
        return true;
    }
    let Some(stem) = word.strip_suffix('.') else { return false };
    let stem = stem.trim_start_matches(['(', '"', '“']);
    const SHORT: [&str; 16] =
        ["mr", "mrs", "ms", "dr", "inc", "ltd", "vs", "approx", "no", "st", "e.g", "i.e", "etc", "jr", "sr", "dept"];
    let initial = stem.chars().count() == 1 && stem.chars().all(char::is_uppercase) && stem != "I";
    // "no." ends a sentence far more often than it means "number".
    let short = SHORT.iter().any(|s| s.eq_ignore_ascii_case(stem)) && !stem.eq_ignore_ascii_case("no");
    !(initial || short)
}

#[expect(clippy::unwrap_used, reason = "literal patterns; each is compiled by the tests below")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

static LEADING_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[-•*]\s+)?[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?\s*[-–—|]?\s*"));
static TRAILING_TIME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[(]\d{1,2}.\d{2}(?:.\d{2})?[\])]?$"));
static NAME_THEN_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([^\d:]{2,80}?)\s+[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?$"));
static QUOTE_BEGINS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:On|Am|Le) .{4,160} (?:wrote|schrieb.*|a écrit) ?:$"));
static EARLIER_MAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^-{2,} ?(?:Original Message|Forwarded message|Original message)"));

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(text: &str) -> Vec<(u32, String, Side, Vec<String>)> {
        parse(text)
            .turns
            .into_iter()
            .map(|t| (t.line, t.speaker, t.side, t.sentences.into_iter().map(|s| s.text).collect()))
            .collect()
    }

    #[test]
    fn reads_speakers_with_and_without_sides() {
        let text = "Sarah Chen (customer): We like it. A lot!\nMaya (vendor): Good.\n[00:32] Michael: Hm.\nAnn Lee: Yes\n  and more: no, three things I need: x.";
        assert_eq!(
            turns(text),
            vec![
                (1, "Sarah Chen".into(), Side::Customer, vec!["We like it.".into(), "A lot!".into()]),
                (2, "Maya".into(), Side::Vendor, vec!["Good.".into()]),
                (3, "Michael".into(), Side::Unknown, vec!["Hm.".into()]),
                (4, "Ann Lee".into(), Side::Unknown, vec!["Yes and more: no, three things I need: x.".into()]),
            ]
        );
    }

    #[test]
    fn knows_other_layouts() {
        assert_eq!(
            turns("Michael Chen 00:32\nHello there.\n"),
            vec![(1, "Michael Chen".into(), Side::Unknown, vec!["Hello there.".into()])]
        );
        let with_title = parse("Dana Reyes (CFO): Fine.");
        assert_eq!(with_title.turns[0].title.as_deref(), Some("CFO"));
        assert_eq!(turns("sarah@acme.example (customer): Hi.")[0].1, "sarah@acme.example");
        assert_eq!(turns("- [1:02:03] **Ana Silva**: Bold.")[0].3, vec!["Bold.".to_owned()]);
    }

    #[test]
    fn a_mail_has_a_sender_and_quotes_are_left_out() {
        let text = "Subject: Re: seats\nFrom: Sarah Chen <Sarah@acme.example>\nTo: maya@us.example\n\nHi Maya,\n\nthirty more seats\nplease.\n- Finance too\n\nOn Mon, 5 Jan 2026, Maya wrote:\n> Budget is approved?\nold words\n";
        let parsed = parse(text);
        assert_eq!(parsed.turns.len(), 1);
        let turn = &parsed.turns[0];
        assert_eq!((turn.speaker.as_str(), turn.email.as_deref()), ("Sarah Chen", Some("sarah@acme.example")));
        let said: Vec<(u32, &str)> = turn.sentences.iter().map(|s| (s.line, s.text.as_str())).collect();
        assert_eq!(said, vec![(5, "Hi Maya,"), (7, "thirty more seats please."), (9, "Finance too")]);
        assert!(parse("Hi.\n-----Original Message-----\nFrom: Sarah <s@a.example>\nWe have budget.").turns.len() == 1);
    }

    #[test]
    fn participants_and_account_are_kept() {
        let parsed = parse("Account: TechCorp\nParticipants: A B (CSM), C D (CTO, TechCorp)\n\n[00:00] A: Hi");
        assert_eq!(parsed.accounts, vec!["TechCorp"]);
        assert_eq!(parsed.participants.len(), 1);
        assert_eq!(parsed.turns.len(), 1);
    }

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&LEADING_TIME, &TRAILING_TIME, &NAME_THEN_TIME, &QUOTE_BEGINS, &EARLIER_MAIL] {
            assert!(!pattern.as_str().is_empty());
        }
    }
}
