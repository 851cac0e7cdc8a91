//! Who speaks, and for which side (CONTRACT 5: a speaker is matched to a stakeholder by e-mail, full name, or a first
//! name that is unique in the account).
//!
//! Order: the side written behind the name; the meeting's participants; a stakeholder of the account; the domain of an
//! address. Whoever is left is unknown and counts for nothing positive.

use super::{
    Side,
    parse::{Transcript, Turn, name_and_address, stated_side},
};
use crate::account::{Meeting, MeetingKind, Stakeholder};

/// Who speaks a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Speaker<'a> {
    /// Side.
    pub side: Side,
    /// Name that is shown: the stakeholder's full name, else as written.
    pub name: String,
    /// The stakeholder.
    pub stakeholder: Option<&'a Stakeholder>,
    /// Job title.
    pub title: Option<String>,
}

/// One entry of a list of participants.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Participant {
    name: String,
    email: Option<String>,
    title: Option<String>,
    side: Side,
}

/// Everybody that can be known in one meeting.
#[derive(Debug)]
pub struct People<'a> {
    stakeholders: &'a [Stakeholder],
    participants: Vec<Participant>,
    is_mail: bool,
}

impl<'a> People<'a> {
    /// Reads the lists of participants, of the meeting and inside the transcript.
    #[must_use]
    pub fn of(
        meeting: &Meeting,
        transcript: &Transcript,
        stakeholders: &'a [Stakeholder],
        account_name: &str,
    ) -> People<'a> {
        let accounts: Vec<&str> =
            std::iter::once(account_name).chain(transcript.accounts.iter().map(String::as_str)).collect();
        let lists = meeting.attendees.iter().chain(&transcript.participants);
        let participants = lists.flat_map(|list| participants(list, &accounts)).collect();
        let is_mail = matches!(meeting.kind, MeetingKind::Email | MeetingKind::Support);
        People { stakeholders, participants, is_mail }
    }

    /// The speaker of a turn.
    #[must_use]
    pub fn speaker(&self, turn: &Turn) -> Speaker<'a> {
        let signed = if turn.speaker.is_empty() && self.is_mail { self.signature(turn) } else { None };
        let written = signed.map_or(turn.speaker.as_str(), |stakeholder| stakeholder.name.as_str());
        let participant = self.participant(written, turn.email.as_deref());
        let full_name = participant.map_or(written, |p| p.name.as_str());
        let email = turn.email.as_deref().or_else(|| participant.and_then(|p| p.email.as_deref()));
        let stakeholder = self.stakeholder(full_name, email);
        let from_title = turn.title.as_deref().filter(|title| sounds_like_vendor(title)).map(|_| Side::Vendor);
        let from_participant = participant.map(|p| p.side).filter(|side| *side != Side::Unknown);
        let side = if turn.side == Side::Unknown {
            from_participant
                .or_else(|| stakeholder.map(|_| Side::Customer))
                .or(from_title)
                .or_else(|| email.filter(|e| self.is_customer_address(e)).map(|_| Side::Customer))
                .unwrap_or(Side::Unknown)
        } else {
            turn.side
        };
        let stakeholder = stakeholder.filter(|_| side == Side::Customer);
        let title = stakeholder
            .and_then(|s| s.title.clone())
            .or_else(|| turn.title.clone())
            .or_else(|| participant.and_then(|p| p.title.clone()));
        let name = stakeholder.map_or_else(|| full_name.to_owned(), |s| s.name.clone());
        Speaker { side, name, stakeholder, title }
    }

    fn participant(&self, name: &str, email: Option<&str>) -> Option<&Participant> {
        let by_email = email.and_then(|email| self.participants.iter().find(|p| p.email.as_deref() == Some(email)));
        by_email
            .or_else(|| self.participants.iter().find(|p| same_name(&p.name, name)))
            .or_else(|| only(self.participants.iter().filter(|p| is_first_name_of(name, &p.name))))
    }

    fn stakeholder(&self, name: &str, email: Option<&str>) -> Option<&'a Stakeholder> {
        let by_email = email.and_then(|email| {
            self.stakeholders
                .iter()
                .find(|s| s.email.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(email)))
        });
        by_email
            .or_else(|| self.stakeholders.iter().find(|s| same_name(&s.name, name)))
            .or_else(|| only(self.stakeholders.iter().filter(|s| is_first_name_of(name, &s.name))))
    }

    /// A mail without a sender: the stakeholder whose name stands in its last lines.
    fn signature(&self, turn: &Turn) -> Option<&'a Stakeholder> {
        turn.sentences.iter().rev().take(3).find_map(|sentence| {
            let mut words: Vec<&str> = sentence.text.split_whitespace().rev().take(2).collect();
            words.reverse();
            let last_two = words.join(" ");
            self.stakeholders.iter().find(|s| same_name(&s.name, last_two.trim_end_matches(['.', ','])))
        })
    }

    /// Whether an address is of a stakeholder's company.
    fn is_customer_address(&self, email: &str) -> bool {
        const PUBLIC: [&str; 8] =
            ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.net", "proton.me", "aol.com"];
        let Some((_, domain)) = email.rsplit_once('@') else { return false };
        !PUBLIC.contains(&domain)
            && self
                .stakeholders
                .iter()
                .filter_map(|s| s.email.as_deref())
                .any(|own| own.trim().rsplit_once('@').is_some_and(|(_, of_own)| of_own.eq_ignore_ascii_case(domain)))
    }
}

/// The one item of an iterator; none when there are several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

fn same_name(a: &str, b: &str) -> bool {
    !a.trim().is_empty() && a.split_whitespace().map(str::to_lowercase).eq(b.split_whitespace().map(str::to_lowercase))
}

/// Whether `name` is one word and the first name of `full`.
fn is_first_name_of(name: &str, full: &str) -> bool {
    let name = name.trim();
    !name.is_empty()
        && !name.contains(char::is_whitespace)
        && full.split_whitespace().next().is_some_and(|first| first.to_lowercase() == name.to_lowercase())
}

/// `Sarah Johnson (Account Executive), Michael Chen (VP of Engineering, TechCorp)`.
fn participants(list: &str, accounts: &[&str]) -> Vec<Participant> {
    split_outside_brackets(list)
        .into_iter()
        .filter_map(|entry| {
            let (head, bracket) = match entry.split_once('(') {
                Some((head, rest)) => (head.trim(), Some(rest.trim_end_matches(')').trim())),
                None => (entry.trim(), None),
            };
            let (name, email) = name_and_address(head);
            let side = bracket.map_or(Side::Unknown, |bracket| side_of(bracket, accounts));
            let title = bracket
                .filter(|bracket| stated_side(bracket).is_none())
                .and_then(|bracket| bracket.split(',').next())
                .map(|title| title.trim().to_owned());
            (!name.is_empty()).then_some(Participant { name, email, title, side })
        })
        .collect()
}

fn split_outside_brackets(list: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    list.split(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth <= 0 && matches!(c, ',' | ';' | '\n')
    })
    .map(str::trim)
    .filter(|entry| !entry.is_empty())
    .collect()
}

/// The side that the words behind a participant's name tell.
fn side_of(bracket: &str, accounts: &[&str]) -> Side {
    let parts: Vec<&str> = bracket.split(',').map(str::trim).collect();
    let stated = stated_side(bracket).or_else(|| parts.iter().find_map(|part| stated_side(part)));
    if let Some(side) = stated {
        side
    } else if parts.iter().any(|part| accounts.iter().any(|account| same_company(part, account))) {
        Side::Customer
    } else if sounds_like_vendor(bracket) {
        Side::Vendor
    } else {
        Side::Unknown
    }
}

/// "TechCorp" and "TechCorp Industries" are the same company.
fn same_company(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    short.first().is_some_and(|first| first.chars().count() > 2) && long.starts_with(short)
}

/// Titles that people of a vendor have in a customer meeting.
fn sounds_like_vendor(title: &str) -> bool {
    let title = title.to_lowercase();
    [
        "account executive",
        "account manager",
        "customer success",
        "csm",
        "solutions engineer",
        "sales engineer",
        "solutions consultant",
        "solution architect",
        "solutions architect",
        "implementation manager",
        "implementation consultant",
        "onboarding",
        "sales rep",
        "sales development",
        "renewals manager",
        "renewal manager",
        "support engineer",
        "vendor",
    ]
    .iter()
    .any(|word| title.contains(word))
        || title.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ae")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        conversation::parse::parse,
        id::{MeetingId, StakeholderId},
        time::At,
    };

    fn stakeholder(id: i64, name: &str, email: Option<&str>) -> Stakeholder {
        Stakeholder {
            id: StakeholderId(id),
            name: name.into(),
            email: email.map(str::to_owned),
            title: None,
            role: None,
            engagement: None,
            last_contact_on: None,
        }
    }

    fn sides(transcript: &str, attendees: Option<&str>, stakeholders: &[Stakeholder]) -> Vec<(Side, String)> {
        let meeting = Meeting {
            id: MeetingId(1),
            external_id: "m1".into(),
            held_at: At(0),
            kind: MeetingKind::Email,
            title: None,
            transcript: transcript.into(),
            attendees: attendees.map(str::to_owned),
        };
        let parsed = parse(transcript);
        let people = People::of(&meeting, &parsed, stakeholders, "TechCorp Industries");
        parsed.turns.iter().map(|turn| people.speaker(turn)).map(|s| (s.side, s.name)).collect()
    }

    #[test]
    fn a_speaker_is_matched_by_mail_full_name_or_a_first_name_that_is_unique() {
        let known = [
            stakeholder(1, "Sarah Chen", Some("sarah@techcorp.example")),
            stakeholder(2, "Michael Chen", None),
            stakeholder(3, "Michael Brown", None),
        ];
        let cases = [
            ("Sarah: a", Side::Customer, "Sarah Chen"),
            ("sarah@techcorp.example (customer): a", Side::Customer, "Sarah Chen"),
            ("Michael Brown: a", Side::Customer, "Michael Brown"),
            ("Michael: a", Side::Unknown, "Michael"),
            ("Chen: a", Side::Unknown, "Chen"),
            ("Sarah Chen (vendor): a", Side::Vendor, "Sarah Chen"),
            ("Maya Ortiz (CSM): a", Side::Vendor, "Maya Ortiz"),
            ("From: Bo <bo@techcorp.example>\n\na", Side::Customer, "Bo"),
            ("From: Bo <bo@gmail.com>\n\na", Side::Unknown, "Bo"),
            ("Hi Maya, we like it.\n\nBest,\nSarah Chen", Side::Customer, "Sarah Chen"),
        ];
        for (text, side, name) in cases {
            assert_eq!(sides(text, None, &known), vec![(side, name.to_owned())], "{text}");
        }
    }

    #[test]
    fn participants_tell_sides() {
        let list = "Sarah Johnson (Account Executive), Michael Chen (VP of Engineering, TechCorp); Al Bo (CTO)";
        let text = "Sarah: a\nMichael: b\nAl: c\nEve: d";
        let known = [stakeholder(1, "Sarah Chen", None)];
        assert_eq!(
            sides(text, Some(list), &known),
            vec![
                (Side::Vendor, "Sarah Johnson".into()),
                (Side::Customer, "Michael Chen".into()),
                (Side::Unknown, "Al Bo".into()),
                (Side::Unknown, "Eve".into()),
            ]
        );
    }
}
