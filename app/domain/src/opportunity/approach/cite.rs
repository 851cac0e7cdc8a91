//! What a sentence rests on, in a few words: "usage, 12 weeks", "call, 28 Jan".

use crate::{
    account::MeetingKind,
    opportunity::input::Input,
    signal::{Evidence, EvidenceSource, episode::Episode},
};

/// The source of a piece of evidence with its window or day.
#[must_use]
pub fn cite(input: &Input<'_>, evidence: &Evidence) -> String {
    let source = match evidence.source {
        EvidenceSource::Usage => "usage",
        EvidenceSource::Contract => "contract",
        EvidenceSource::Meeting => meeting(input, evidence),
        EvidenceSource::Email => "mail",
        EvidenceSource::Support => "support",
        EvidenceSource::Peers => "peers",
        EvidenceSource::Health => "health",
        EvidenceSource::People => "users",
        EvidenceSource::Manual => "logged",
    };
    if evidence.source == EvidenceSource::Contract && !evidence.source_reference.is_empty() {
        return format!("{source} {}", evidence.source_reference);
    }
    let when = match (evidence.window, evidence.at) {
        (Some((from, to)), _) => match to - from + 1 {
            days @ 14.. => format!("{} weeks", days / 7),
            2..=13 => format!("{} days", to - from + 1),
            _ => input.day(to),
        },
        (None, Some(at)) => input.day(input.day_of(at)),
        (None, None) => return source.to_owned(),
    };
    format!("{source}, {when}")
}

/// The first piece of a signal's evidence; without any the day on which it was seen.
pub(super) fn cite_signal(input: &Input<'_>, signal: &Episode) -> String {
    match signal.evidence.first() {
        Some(evidence) => cite(input, evidence),
        None => format!("seen {}", input.day(input.day_of(signal.observed_at))),
    }
}

fn meeting(input: &Input<'_>, evidence: &Evidence) -> &'static str {
    let meeting = evidence.meeting.and_then(|id| input.account.meetings.iter().find(|m| m.id == id));
    match meeting.map(|m| m.kind) {
        Some(MeetingKind::Call) => "call",
        Some(MeetingKind::Qbr) => "QBR",
        Some(MeetingKind::Email) => "mail",
        Some(MeetingKind::Support) => "support",
        None => "meeting",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::Meeting, id::MeetingId, opportunity::sample::Sample};

    #[test]
    fn sources_stand_with_their_window_or_day() {
        let mut sample = Sample::new();
        let (today, at) = (sample.today(), sample.at(-5));
        sample.account.meetings.push(Meeting {
            id: MeetingId(4),
            external_id: "m-4".to_owned(),
            held_at: at,
            kind: MeetingKind::Qbr,
            title: None,
            transcript: String::new(),
            attendees: None,
        });
        let new = |source| Evidence::new(source, "C-1", "text");
        for (evidence, expected) in [
            (Evidence { window: Some((today - 83, today)), ..new(EvidenceSource::Usage) }, "usage, 12 weeks"),
            (Evidence { window: Some((today - 6, today)), ..new(EvidenceSource::Usage) }, "usage, 7 days"),
            (Evidence { window: Some((today, today)), ..new(EvidenceSource::Usage) }, "usage, 2\u{a0}Feb"),
            (new(EvidenceSource::Contract), "contract C-1"),
            (new(EvidenceSource::Peers), "peers"),
            (
                Evidence { meeting: Some(MeetingId(4)), at: Some(at), ..new(EvidenceSource::Meeting) },
                "QBR, 28\u{a0}Jan",
            ),
            (
                Evidence { meeting: Some(MeetingId(5)), at: Some(at), ..new(EvidenceSource::Meeting) },
                "meeting, 28\u{a0}Jan",
            ),
            (Evidence { at: Some(at), ..new(EvidenceSource::Manual) }, "logged, 28\u{a0}Jan"),
        ] {
            assert_eq!(cite(&sample.input(), &evidence), expected);
        }
    }
}
