//! What is said in the demo's meetings and mails: planted sentences among harmless and misleading ones.
//!
//! Nothing in the pools below may fire a rule: the truth test holds all of them against it.

use super::prng::Prng;

/// A side's sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) speaker: String,
    /// `customer` or `vendor`.
    pub(super) side: &'static str,
    pub(super) text: String,
}

/// A meeting or mail.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Talk {
    /// Days before the as-of day, hour and minute.
    pub(super) ago: i32,
    pub(super) at: (u32, u32),
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
}

impl Talk {
    /// A meeting whose lines are made here: speaker, side, text.
    pub(super) fn new(ago: i32, at: (u32, u32), kind: &'static str, title: &str, lines: &[(&str, Side, &str)]) -> Talk {
        let line = |(speaker, side, text): &(&str, Side, &str)| Line {
            speaker: (*speaker).to_owned(),
            side: side.word(),
            text: (*text).to_owned(),
        };
        Talk { ago, at, kind, title: title.to_owned(), lines: lines.iter().map(line).collect() }
    }

    /// The text of the `transcript` column.
    pub(super) fn transcript(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|l| format!("{} ({}): {}", l.speaker, l.side, l.text)).collect();
        lines.join("\n")
    }

    /// Everybody who speaks, once each.
    pub(super) fn attendees(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !names.contains(&line.speaker.as_str()) {
                names.push(&line.speaker);
            }
        }
        names.join("; ")
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The customer.
    C,
    /// The vendor.
    V,
}

impl Side {
    const fn word(self) -> &'static str {
        match self {
            Side::C => "customer",
            Side::V => "vendor",
        }
    }
}

/// What the vendor says and what the customer answers.
type Exchange = (&'static str, &'static str);

/// Exchanges of any account.
const HARMLESS: [Exchange; 14] = [
    ("How was the roll-out last week?", "Smooth. People found their way without much help."),
    ("Did the new dashboard arrive well?", "Yes, it loads faster than before, thank you."),
    ("Is there anything left from our last call?", "The slow export on Mondays, but your support has fixed it."),
    ("Shall I send the release notes again?", "Please do, I did not see them."),
    ("Would a training session for the new joiners help?", "It would. Two hours on a Thursday are enough."),
    ("How do you use the weekly view?", "We open it on Monday mornings and go through the red rows."),
    ("Is the import still failing at night?", "No, it has run without errors for two weeks."),
    ("Can you tell me how many people open the report?", "About half of the team, mostly in the morning."),
    ("What would you change first?", "The colours of the chart, honestly. The numbers are right."),
    ("Shall we keep the monthly rhythm?", "Yes, once a month is good for us."),
    ("Did the key rotation work?", "It did, our developer changed it on Friday."),
    ("How is the new colleague settling in?", "Well. She has taken over the weekly report."),
    ("Is the data of last month complete?", "It is, we checked it against our own figures."),
    ("Should I invite your administrator to the next call?", "Yes, he has a question about roles."),
];

/// Exchanges of accounts on which nothing may be found: the vendor's pitch, refusals, what-ifs, budgets of the past.
const MISLEADING: [Exchange; 8] = [
    ("We could always look at more seats before the summer.", "There is no need for more seats, we have enough."),
    ("Our bigger plans come with single sign-on, by the way.", "We are fine with the plan that we have."),
    ("You might have budget for something larger next year.", "We had budget for that last year, and it is gone."),
    ("We have a new module for audits, too.", "Not interested at the moment, thanks."),
    ("Have you looked at the larger plan?", "We are not looking at another plan."),
    ("If you grow, we can talk about seats.", "If we ever opened a second site we would see, but that is far away."),
    ("Many of our customers move to Enterprise in their second year.", "Good for them."),
    ("Advanced Analytics would show you this at a glance.", "Our own report does that well enough."),
];

const OPENINGS: [&str; 4] =
    ["Thanks for taking the time.", "Good to see you again.", "Hello, can you hear me?", "Let us start."];
const CLOSINGS: [&str; 4] = [
    "Thank you, talk to you next month.",
    "Great, I will write down the points.",
    "That was all from my side.",
    "Good, until then.",
];

/// A talk in which nothing happens; a misleading one only sounds as if.
pub(super) fn chatter(dice: &mut Prng, ago: i32, customer: &str, vendor: &str, misleading: bool) -> Talk {
    let qbr = dice.percent(25);
    let mut lines = vec![line(vendor, Side::V, dice.pick(&OPENINGS))];
    let first = dice.between(0, 13);
    let misleads_at = if misleading { dice.between(0, 2) } else { -1 };
    for step in 0..dice.between(3, 5) {
        // 5 has no factor in common with 14: no exchange comes twice in a talk.
        let at = usize::try_from((first + 5 * step) % 14).unwrap_or(0);
        let harmless = HARMLESS.get(at).copied().unwrap_or_default();
        let (asks, answers) = if step == misleads_at { dice.pick(&MISLEADING) } else { harmless };
        lines.push(line(vendor, Side::V, asks));
        lines.push(line(customer, Side::C, answers));
    }
    lines.push(line(customer, Side::C, dice.pick(&CLOSINGS)));
    Talk {
        ago,
        at: (dice.between(8, 15) as u32, (5 * dice.between(0, 11)) as u32),
        kind: if qbr { "qbr" } else { "call" },
        title: (if qbr { "Business review" } else { "Check-in call" }).to_owned(),
        lines,
    }
}

fn line(speaker: &str, side: Side, text: &str) -> Line {
    Line { speaker: speaker.to_owned(), side: side.word(), text: text.to_owned() }
}

/// Puts a planted talk's lines into the middle of a harmless one.
pub(super) fn among_chatter(dice: &mut Prng, mut planted: Talk, customer: &str, vendor: &str) -> Talk {
    let mut around = chatter(dice, planted.ago, customer, vendor, false).lines;
    let end = around.split_off(around.len() / 2 + 1 - (around.len() / 2) % 2);
    around.append(&mut planted.lines);
    around.extend(end);
    Talk { lines: around, ..planted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_names_side_and_speaker_on_each_line() {
        let talk = Talk::new(
            5,
            (14, 0),
            "call",
            "Check-in",
            &[("Sarah Chen", Side::C, "Hello."), ("Maya Ortiz", Side::V, "Hi.")],
        );
        assert_eq!(talk.transcript(), "Sarah Chen (customer): Hello.\nMaya Ortiz (vendor): Hi.");
        assert_eq!(talk.attendees(), "Sarah Chen; Maya Ortiz");
    }

    #[test]
    fn planted_lines_stand_whole_and_in_order_among_harmless_ones() {
        let planted = Talk::new(5, (14, 0), "call", "Check-in", &[("A", Side::V, "one"), ("B", Side::C, "two")]);
        let mixed = among_chatter(&mut Prng::keyed(1, "x", "talk"), planted.clone(), "B", "A");
        let at = mixed.lines.iter().position(|l| l.text == "one").unwrap();
        assert!(at > 0 && at + 2 < mixed.lines.len());
        assert_eq!(mixed.lines[at..at + 2], planted.lines[..]);
        assert_eq!((mixed.ago, mixed.kind), (5, "call"));
    }
}
