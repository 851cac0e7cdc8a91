//! Text that we did not write: twenty real design meetings without a customer, one customer call with risk and one
//! with interest, arbitrary text; and how long it takes. The sets lie in the folder that `HEADROOM_TEST_DATA` names;
//! without it these tests say so and pass.

use std::{fs, path::PathBuf, time::Instant};

use proptest::prelude::*;

use super::{
    corpus::{market, review, sarah, summary},
    *,
};
use crate::account::{Meeting, MeetingKind, Stakeholder};

fn test_data(path: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("HEADROOM_TEST_DATA") else {
        eprintln!("skipped: HEADROOM_TEST_DATA is not set, so {path} is not read");
        return None;
    };
    Some(fs::read_to_string(PathBuf::from(folder).join(path)).unwrap())
}

/// QMSum (Yale-LILY, MIT; AMI corpus, CC BY 4.0): transcripts as `Speaker: text` lines.
fn design_meetings(side: &str) -> Option<Vec<String>> {
    let text = test_data("qmsum_product_meetings/val.jsonl")?;
    let meetings = text.lines().map(|line| {
        let meeting: serde_json::Value = serde_json::from_str(line).unwrap();
        let turns = meeting["meeting_transcripts"].as_array().unwrap();
        let lines = turns
            .iter()
            .map(|turn| format!("{}{side}: {}", turn["speaker"].as_str().unwrap(), turn["content"].as_str().unwrap()));
        lines.collect::<Vec<_>>().join("\n")
    });
    Some(meetings.collect())
}

fn heard_in(transcript: &str, stakeholders: &[Stakeholder], account: &str, kind: MeetingKind) -> Vec<String> {
    let market = market();
    let meeting = Meeting { kind, ..review(transcript) };
    summary(&analyse(&meeting, stakeholders, account, &Listener::new(&market)), &market)
}

#[test]
fn design_meetings_without_a_customer_give_nothing() {
    let Some(meetings) = design_meetings("") else { return };
    assert_eq!(meetings.len(), 20);
    for kind in [MeetingKind::Call, MeetingKind::Qbr] {
        for meeting in &meetings {
            assert_eq!(heard_in(meeting, &[], "Acme Corp", kind), Vec::<String>::new());
            assert_eq!(heard_in(meeting, &[sarah()], "Acme Corp", kind), Vec::<String>::new());
        }
    }
}

/// Harder than the data are: every word of the design meetings as if the customer had said it.
#[test]
fn design_meetings_give_at_most_one_signal_even_as_customer_talk() {
    let Some(meetings) = design_meetings(" (customer)") else { return };
    let market = market();
    let listener = Listener::new(&market);
    let mut signals = Vec::new();
    let mut blockers = Vec::new();
    for meeting in &meetings {
        let analysis = analyse(&review(meeting), &[], "Acme Corp", &listener);
        signals.extend(analysis.mentions.into_iter().filter(|m| m.not_counted.is_none()));
        blockers.extend(analysis.blockers);
    }
    let quotes: Vec<String> = signals.iter().map(|m| format!("{:?}: {}", m.topic, m.quote)).collect();
    let blocked: Vec<String> =
        blockers.iter().map(|b| format!("{}: {}", b.key, b.evidence.quote.clone().unwrap_or_default())).collect();
    assert!(signals.len() <= 1, "{}\n{}", quotes.join("\n"), blocked.join("\n"));
}

/// The long and the medium call of the sample (jbeck018/recursive-llm-ts, MIT).
fn calls() -> Option<(String, String, String)> {
    let whole = test_data("call_transcript_sample/call-transcript.ts")?;
    let parts: Vec<&str> = whole.split('`').collect();
    Some((parts[1].to_owned(), parts[3].to_owned(), whole.clone()))
}

#[test]
fn a_call_about_leaving_gives_blockers_and_no_expansion() {
    let Some((long, _, whole)) = calls() else { return };
    let michael = Stakeholder { name: "Michael Chen".into(), email: None, ..sarah() };
    let mut variants = vec![
        (long.clone(), vec![], "TechCorp Industries"),
        (long.clone(), vec![michael.clone()], "TechCorp Industries"),
        (long.clone(), vec![], "Some Account"),
        (long.replace("Michael:", "Michael (customer):").replace("Sarah:", "Sarah (vendor):"), vec![], "Some Account"),
        // Only the words, without the list of participants.
        (long.lines().filter(|l| l.starts_with('[')).collect::<Vec<_>>().join("\n"), vec![michael.clone()], "X"),
        (long.lines().filter(|l| l.starts_with('[')).collect::<Vec<_>>().join("\n"), vec![], "X"),
    ];
    // The whole file, with the code around it and the second call behind the first.
    variants.push((whole.clone(), vec![], "TechCorp Industries"));
    variants.push((whole, vec![michael], "TechCorp Industries"));
    for (transcript, stakeholders, account) in variants {
        for kind in [MeetingKind::Call, MeetingKind::Qbr] {
            let heard = heard_in(&transcript, &stakeholders, account, kind);
            assert!(heard.iter().all(|what| what.starts_with("blocker")), "{heard:?}");
            assert!(heard.contains(&"blocker evaluating_competitor".to_owned()), "{heard:?}");
            assert!(heard.contains(&"blocker executive_review".to_owned()), "{heard:?}");
        }
    }
    let heard = heard_in(&long, &[], "TechCorp Industries", MeetingKind::Call);
    assert_eq!(
        heard,
        [
            "blocker churn_threat",
            "blocker contact_left",
            "blocker evaluating_competitor",
            "blocker executive_review",
            "blocker no_budget"
        ]
    );
}

/// The second call of the sample is a happy one; this is what its customer really asks for.
#[test]
fn a_happy_call_gives_its_request() {
    let Some((_, medium, _)) = calls() else { return };
    let heard = heard_in(&medium, &[], "DataFlow Analytics", MeetingKind::Call);
    assert_eq!(heard, ["interest anomaly detection", "request seats"]);
}

#[test]
fn a_long_meeting_takes_milliseconds_and_one_without_cues_microseconds() {
    let market = market();
    let listener = Listener::new(&market);
    let talk = "Sarah Chen (customer): We looked at the numbers and the team is fine with the plan for the offsite.\n\
                Maya (vendor): Good, I will send the agenda for the next call to everyone on the team.\n";
    let long = review(&talk.repeat(170));
    let silent = review(&"Sarah Chen (customer): Hi.\nMaya (vendor): Hello.\n".repeat(100));
    assert!(long.transcript.split_whitespace().count() > 6_000);
    let _ = analyse(&long, &[sarah()], "Acme", &listener);
    let started = Instant::now();
    let _ = analyse(&long, &[sarah()], "Acme", &listener);
    let took = started.elapsed();
    let started = Instant::now();
    for _ in 0..100 {
        let _ = analyse(&silent, &[sarah()], "Acme", &listener);
    }
    let silent_took = started.elapsed() / 100;
    eprintln!("6,000 words: {took:?}; without a cue: {silent_took:?}");
    // Wide bounds: debug builds on a busy machine.
    assert!(took.as_millis() < 2_000 && silent_took.as_millis() < 20, "{took:?} {silent_took:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,400}", lines in proptest::collection::vec(line(), 0..12)) {
        let market = market();
        let listener = Listener::new(&market);
        for transcript in [text, lines.join("\n")] {
            for kind in [MeetingKind::Qbr, MeetingKind::Email] {
                let meeting = Meeting { kind, attendees: Some(transcript.clone()), ..review(&transcript) };
                let analysis = analyse(&meeting, &[sarah()], &transcript, &listener);
                for mention in &analysis.mentions {
                    prop_assert!(mention.quote.chars().count() <= QUOTE_CHARS);
                    prop_assert!(mention.line >= 1 && mention.line as usize <= transcript.lines().count().max(1));
                }
            }
        }
    }
}

/// Lines made of what the module looks for, so that the deep paths are reached too.
fn line() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Sarah Chen (customer):".to_owned()),
        Just("Maya (vendor):".to_owned()),
        Just("we need thirty more seats".to_owned()),
        Just("Finance wants in".to_owned()),
        Just("budget’s approved – ß".to_owned()),
        Just("Tableau".to_owned()),
        Just("Advanced Analytics".to_owned()),
        Just("how does your reporting compare?".to_owned()),
        Just("no longer with us".to_owned()),
        Just("But, ; if".to_owned()),
        Just("> quoted".to_owned()),
        Just("From: İstanbul <a@b".to_owned()),
        "\\PC{0,12}",
    ];
    proptest::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}
