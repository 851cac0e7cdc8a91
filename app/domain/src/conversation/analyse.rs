//! One meeting: sides, sentences, topics, blockers, and what the sentences around one say about it.

use std::ops::Range;

use super::{
    Analysis, Mention, NotCounted, QUOTE_CHARS, Side, Topic,
    blockers::{self, BUDGET_KEYS, FoundBlocker, PLAIN_KEYS, RISK_KEYS},
    cues::{cues, hears_a_cue},
    names::{Listener, Named},
    parse::{self, Sentence},
    people::{People, Speaker},
    plain::Plain,
    topics::{self, Found},
};
use crate::{
    account::{Meeting, MeetingKind, Stakeholder},
    signal::{Blocker, Evidence, EvidenceSource},
};

/// How many turns away a competitor may be named and still be meant.
const TURNS_NEARBY: usize = 2;
/// At most so many mentions, and so many blockers, of one meeting; nobody reads more, and a pasted log has thousands.
const MOST_OF_ONE_MEETING: usize = 200;

/// What is heard in one meeting or mail.
#[must_use]
pub fn analyse(meeting: &Meeting, stakeholders: &[Stakeholder], account_name: &str, listener: &Listener) -> Analysis {
    let mut analysis =
        Analysis { meeting: meeting.id, held_at: meeting.held_at, mentions: Vec::new(), blockers: Vec::new() };
    if !(hears_a_cue(&meeting.transcript) || listener.hears_anything(&meeting.transcript)) {
        return analysis;
    }
    let transcript = parse::parse(&meeting.transcript);
    let people = People::of(meeting, &transcript, stakeholders, account_name);
    let speakers: Vec<Speaker<'_>> = transcript.turns.iter().map(|turn| people.speaker(turn)).collect();
    let knows_a_customer = speakers.iter().any(|speaker| speaker.side == Side::Customer);
    let mut ear = Ear {
        meeting,
        stakeholders,
        listener,
        year: meeting.held_at.day_utc().ymd().0,
        is_qbr: is_qbr(meeting),
        vendor_named: Vec::new(),
        competitors: Vec::new(),
        compared_in: Vec::new(),
        analysis: &mut analysis,
    };
    for (index, (turn, speaker)) in transcript.turns.iter().zip(&speakers).enumerate() {
        match speaker.side {
            Side::Customer => ear.customer(index, &turn.sentences, speaker),
            Side::Vendor => ear.vendor(index, &turn.sentences),
            Side::Unknown if !knows_a_customer => ear.unknown(&turn.sentences, speaker),
            Side::Unknown => {}
        }
    }
    ear.name_competitors_nearby();
    if !knows_a_customer {
        // One such sentence may be about anything; two different ones are about us.
        let mut keys: Vec<&str> = analysis.blockers.iter().map(|blocker| blocker.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() < 2 {
            analysis.blockers.clear();
        }
    }
    if analysis.blockers.iter().any(|blocker| RISK_KEYS.contains(&blocker.key.as_str())) {
        for mention in &mut analysis.mentions {
            mention.not_counted.get_or_insert(NotCounted::Risk);
        }
    }
    analysis
}

/// Whether a question asks for what was said before: seats after "we're out of seats", a feature after "Tableau has …".
fn asks_for_it(plain: &Plain, topic: Option<Topic>) -> bool {
    let c = cues();
    match topic {
        Some(Topic::Request) => c.more_of_it.is_match(&plain.text) || c.price.is_match(&plain.text),
        _ => c.do_it_too.is_match(&plain.text),
    }
}

/// Whether a meeting is a business review, by its kind or its title.
#[must_use]
pub fn is_qbr(meeting: &Meeting) -> bool {
    meeting.kind == MeetingKind::Qbr
        || meeting.title.as_deref().is_some_and(|title| {
            let title = title.to_lowercase();
            title.contains("qbr") || title.contains("business review")
        })
}

struct Ear<'a> {
    meeting: &'a Meeting,
    stakeholders: &'a [Stakeholder],
    listener: &'a Listener,
    year: i32,
    is_qbr: bool,
    /// Products and features that the vendor named in the turn before.
    vendor_named: Vec<Named>,
    /// Competitors with the turn in which anybody named them.
    competitors: Vec<(usize, String)>,
    /// Comparisons without a name: index of the mention and its turn.
    compared_in: Vec<(usize, usize)>,
    analysis: &'a mut Analysis,
}

impl Ear<'_> {
    fn vendor(&mut self, turn: usize, sentences: &[Sentence]) {
        self.vendor_named.clear();
        for sentence in sentences {
            for spot in self.listener.spot(&sentence.text) {
                match spot.named {
                    Named::Competitor(name) => self.competitors.push((turn, name)),
                    Named::Product(_) | Named::Feature(_) => self.vendor_named.push(spot.named),
                    Named::Plan(_) | Named::Department(_) => {}
                }
            }
        }
    }

    /// Speakers of unknown side say nothing positive; a threat in a meeting without known customers is kept.
    fn unknown(&mut self, sentences: &[Sentence], speaker: &Speaker<'_>) {
        for sentence in sentences.iter().filter(|s| hears_a_cue(&s.text)) {
            let plain = Plain::of(&sentence.text, self.listener.spot(&sentence.text));
            for found in blockers::find(&plain, &sentence.text, self.stakeholders, self.year) {
                if PLAIN_KEYS.contains(&found.key) {
                    self.block(found, sentence, speaker);
                }
            }
        }
    }

    fn customer(&mut self, turn: usize, sentences: &[Sentence], speaker: &Speaker<'_>) {
        // The mentions of the sentence before, to join what is one request in two sentences.
        let end = self.analysis.mentions.len();
        let mut before: Range<usize> = end..end;
        let mut waiting: Vec<(&Sentence, Found)> = Vec::new();
        for (position, sentence) in sentences.iter().enumerate() {
            let spotted = self.listener.spot(&sentence.text);
            let start = self.analysis.mentions.len();
            if spotted.is_empty() && waiting.is_empty() && !hears_a_cue(&sentence.text) {
                before = start..start;
                continue;
            }
            for spot in &spotted {
                if let Named::Competitor(name) = &spot.named {
                    self.competitors.push((turn, name.clone()));
                }
            }
            let names_something = spotted.iter().any(|s| matches!(s.named, Named::Product(_) | Named::Feature(_)));
            let plain = Plain::of(&sentence.text, spotted);
            for found in blockers::find(&plain, &sentence.text, self.stakeholders, self.year) {
                self.block(found, sentence, speaker);
            }
            let mut found = topics::find(&plain, &sentence.text, self.year, self.is_qbr);
            if position < 3 && !names_something && found.iter().all(|f| f.topic != Some(Topic::Request)) {
                found.extend(self.interest_in_that(&plain));
            }
            // "We're out of seats." counts once the speaker asks.
            if plain.is_question() {
                for (said, found) in waiting.drain(..).filter(|(_, found)| asks_for_it(&plain, found.topic)) {
                    self.mention(found.clone(), said, speaker, turn, &before);
                    if found.topic == Some(Topic::Request) {
                        // Joins the question to the quote.
                        self.mention(found, sentence, speaker, turn, &before);
                    }
                }
            }
            for found in found {
                if found.if_asked_next && found.not_counted.is_none() {
                    waiting.push((sentence, found));
                } else if !found.if_asked_next {
                    self.mention(found, sentence, speaker, turn, &before);
                }
            }
            before = start..self.analysis.mentions.len();
        }
        self.vendor_named.clear();
    }

    /// "We'd be interested in that": what the vendor named right before.
    fn interest_in_that(&self, plain: &Plain) -> Option<Found> {
        let named = self.vendor_named.last()?;
        let cue = cues().interest_in_that.find(&plain.text)?;
        let (product, feature) = match named {
            Named::Product(id) => (Some(*id), None),
            Named::Feature(name) => (None, Some(name.clone())),
            _ => return None,
        };
        let not_counted = super::modality::not_counted(&plain.text, cue.range(), self.year);
        Some(Found { topic: Some(Topic::Interest), product, feature, not_counted, ..Found::default() })
    }

    fn mention(
        &mut self,
        found: Found,
        sentence: &Sentence,
        speaker: &Speaker<'_>,
        turn: usize,
        before: &Range<usize>,
    ) {
        let Some(topic) = found.topic else { return };
        let neighbours = before.start..self.analysis.mentions.len();
        let joined = self.analysis.mentions.get_mut(neighbours).into_iter().flatten().find(|m| {
            topic == Topic::Request
                && m.topic == topic
                && m.ask == found.ask
                && m.product == found.product
                && m.not_counted == found.not_counted
        });
        if let Some(known) = joined {
            if known.line != sentence.line || !known.quote.contains(sentence.text.as_str()) {
                let longer = format!("{} {}", known.quote, sentence.text);
                if longer.chars().count() <= QUOTE_CHARS {
                    known.quote = longer;
                }
            }
            known.quantity = known.quantity.or(found.quantity);
            for department in found.departments {
                if !known.departments.contains(&department) {
                    known.departments.push(department);
                }
            }
            return;
        }
        if self.analysis.mentions.len() >= MOST_OF_ONE_MEETING {
            return;
        }
        if topic == Topic::Comparison && found.competitor.is_none() {
            self.compared_in.push((self.analysis.mentions.len(), turn));
        }
        self.analysis.mentions.push(Mention {
            topic,
            quote: quote(&sentence.text),
            speaker: speaker.name.clone(),
            stakeholder: speaker.stakeholder.map(|s| s.id),
            title: speaker.title.clone(),
            line: sentence.line,
            product: found.product,
            feature: found.feature,
            departments: found.departments,
            competitor: found.competitor,
            displaces: found.displaces,
            ask: found.ask,
            quantity: found.quantity,
            not_counted: found.not_counted,
        });
    }

    fn block(&mut self, found: FoundBlocker, sentence: &Sentence, speaker: &Speaker<'_>) {
        let said_before = |known: &Blocker| known.key == found.key && known.evidence.line == Some(sentence.line);
        let full = self.analysis.blockers.len() >= MOST_OF_ONE_MEETING;
        if full || self.analysis.blockers.iter().any(said_before) {
            return;
        }
        let evidence = spoken(self.meeting, sentence.line, &quote(&sentence.text), &speaker.name, &found.text);
        self.analysis.blockers.push(Blocker { key: found.key.to_owned(), text: found.text, evidence });
    }

    fn name_competitors_nearby(&mut self) {
        for (mention, turn) in &self.compared_in {
            let near = self.competitors.iter().filter(|(at, _)| at.abs_diff(*turn) <= TURNS_NEARBY);
            let nearest = near.min_by_key(|(at, _)| at.abs_diff(*turn)).map(|(_, name)| name.clone());
            if let Some(mention) = self.analysis.mentions.get_mut(*mention) {
                mention.competitor = nearest;
            }
        }
    }
}

/// Evidence that was said: quote, speaker, meeting, line and time (PRODUCT 4).
#[must_use]
pub fn spoken(meeting: &Meeting, line: u32, quote: &str, speaker: &str, text: &str) -> Evidence {
    let source = match meeting.kind {
        MeetingKind::Call | MeetingKind::Qbr => EvidenceSource::Meeting,
        MeetingKind::Email => EvidenceSource::Email,
        MeetingKind::Support => EvidenceSource::Support,
    };
    Evidence {
        quote: Some(quote.to_owned()),
        speaker: (!speaker.is_empty()).then(|| speaker.to_owned()),
        meeting: Some(meeting.id),
        line: Some(line),
        at: Some(meeting.held_at),
        ..Evidence::new(source, format!("{}:{line}", meeting.external_id), text)
    }
}

/// Whether a blocker takes back what was said about budget.
#[must_use]
pub fn takes_back_budget(blocker: &Blocker) -> bool {
    BUDGET_KEYS.contains(&blocker.key.as_str())
}

/// A sentence as evidence: at most [`QUOTE_CHARS`] characters.
fn quote(sentence: &str) -> String {
    let sentence = sentence.trim();
    if sentence.chars().count() <= QUOTE_CHARS {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(QUOTE_CHARS - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_cut_between_characters() {
        let long = "ü".repeat(400);
        assert_eq!(quote(&long).chars().count(), QUOTE_CHARS);
        assert_eq!(quote("  short  "), "short");
    }
}
