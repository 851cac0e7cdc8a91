//! The demo's truth: on any as-of day a scan finds what is planted, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    account::{AccountSnapshot, Context},
    calendar::Calendar,
    conversation,
    id::SignalId,
    money::Money,
    opportunity::{
        FoundStatus,
        assemble::assemble,
        composite::CANDIDATE_AT,
        decide::{RECORD_ABOVE, decide},
        found::Found,
        input::Input,
    },
    signal::{self, Blocker, episode::Episode},
    time::Day,
};

use super::{
    DEFAULT_ACCOUNTS, DEFAULT_SEED, planted,
    portfolio_in_memory::{World, at_nine, world},
    tests::{AS_OF, day},
};

/// What a scan finds on an account.
struct Scanned<'a> {
    account: &'a AccountSnapshot,
    signals: Vec<Episode>,
    found: Vec<Found>,
    blockers: Vec<Blocker>,
}

fn scan<'a>(world: &'a World, account: &'a AccountSnapshot, today: Day) -> Scanned<'a> {
    let now = at_nine(today);
    let peers = world.peers.group_for(account.customer.id);
    let context = Context { now, today, market: &world.market, peers };
    let detections = signal::detect(account, &context, &BTreeMap::new());
    let open = |(detection, id)| Episode::open(SignalId(id), detection, now, today);
    let signals: Vec<Episode> = detections.into_iter().zip(1..).map(open).collect();
    let blockers = conversation::blockers(account, &context);
    let found = assemble(&Input {
        account,
        context,
        calendar: Calendar::default(),
        currency: "USD",
        live: &signals,
        conversation_blockers: &blockers,
    });
    Scanned { account, signals, found, blockers }
}

impl<'a> Scanned<'a> {
    fn name(&self) -> &'a str {
        &self.account.customer.name
    }

    /// The external id of the record that a found opportunity attaches to, and its amount, else the expected value.
    fn record(&self, found: &Found) -> (Option<&'a str>, Money) {
        let record = self.account.opportunities.iter().find(|record| Some(record.id) == found.opportunity);
        let amount = record.and_then(|r| r.estimated_value).or(found.value.expected);
        (record.and_then(|r| r.external_id.as_deref()), amount.unwrap_or(Money::ZERO))
    }
}

/// "Acme Corp: seat_expansion, open, OPP-1016, 45000.00" with the rules behind it.
fn line(account: &str, kind: &str, status: &str, record: Option<&str>, value: Money) -> String {
    format!("{account}: {kind}, {status}, {}, {value}", record.unwrap_or("no record"))
}

/// Holds the named accounts against what is planted, and answers how many of the others have something.
fn check(seed: u64, as_of: Day, accounts: u32) -> usize {
    let world = world(seed, as_of, accounts);
    let (named, numbered) = world.accounts.split_at(DEFAULT_ACCOUNTS as usize);
    let mut expected: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for p in planted(as_of) {
        let line = line(p.account, p.kind.key(), p.status.key(), p.record, p.value);
        expected.entry(line).or_default().insert(p.rule.key());
    }
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for account in named {
        let scanned = scan(&world, account, as_of);
        for found in &scanned.found {
            let (record, amount) = scanned.record(found);
            let line = line(scanned.name(), found.kind.key(), found.status.key(), record, amount);
            seen.entry(line).or_default().extend(found.signals.iter().map(|signal| signal.rule.key()));
            waits(found, &format!("{as_of}, seed {seed}: {}, {}", scanned.name(), found.name));
        }
        let counted: usize = scanned.found.iter().map(|found| found.signals.len()).sum();
        assert_eq!(counted, scanned.signals.len(), "{as_of}, seed {seed}: a stray signal on {}", scanned.name());
        let blockers: Vec<&str> = scanned.blockers.iter().map(|blocker| blocker.key.as_str()).collect();
        // "We have enough seats" stands in the way of nothing: it is said where nothing is planted.
        let said: &[&str] = match scanned.name() {
            "Granite Insurance" => &["no_budget", "not_now"],
            _ if scanned.found.is_empty() => &["not_now"],
            _ => &[],
        };
        let where_said = format!("{as_of}, seed {seed}: {blockers:?} on {}", scanned.name());
        assert!(blockers.iter().all(|key| said.contains(key)), "{where_said}");
        assert_eq!(blockers.contains(&"no_budget"), scanned.name() == "Granite Insurance", "{where_said}");
    }
    let missing: Vec<_> = expected.iter().filter(|(line, rules)| seen.get(*line) != Some(rules)).collect();
    let extra: Vec<_> = seen.iter().filter(|(line, rules)| expected.get(*line) != Some(rules)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "{as_of}, seed {seed}\nmissing {missing:#?}\nseen {extra:#?}");
    numbered.iter().filter(|account| !scan(&world, account, as_of).found.is_empty()).count()
}

/// A candidate waits for a CSM: no record is made by itself. What is held back has one visible reason.
fn waits(found: &Found, what: &str) {
    assert!(!decide(found).create_record, "{what} at {}", found.confidence);
    match found.status {
        FoundStatus::Candidate => {
            assert!(
                found.composite >= CANDIDATE_AT && found.confidence <= RECORD_ABOVE,
                "{what} at {}",
                found.confidence
            );
        }
        FoundStatus::HeldBack => assert_eq!(found.guards.len(), 1, "{what}"),
        _ => assert!(found.guards.is_empty(), "{what}"),
    }
}

#[test]
fn a_scan_finds_what_is_planted_and_nothing_else_on_any_day() {
    for as_of in AS_OF {
        check(DEFAULT_SEED, day(as_of), DEFAULT_ACCOUNTS);
    }
}

#[test]
fn a_scan_finds_what_is_planted_and_nothing_else_with_any_seed() {
    for seed in 1..=4 {
        check(seed, day("2026-02-02"), DEFAULT_ACCOUNTS);
    }
}

#[test]
fn a_large_portfolio_keeps_what_is_planted_and_about_one_account_in_eight_has_something() {
    let some = check(DEFAULT_SEED, day("2026-02-02"), 460);
    assert!((32..=72).contains(&some), "{some} of 400");
}

#[test]
fn the_estimates_of_records_are_their_amounts() {
    let as_of = day("2026-02-02");
    let world = world(DEFAULT_SEED, as_of, DEFAULT_ACCOUNTS);
    for account in &world.accounts {
        let scanned = scan(&world, account, as_of);
        for found in &scanned.found {
            let (_, amount) = scanned.record(found);
            let expected = found.value.expected.unwrap_or(Money::ZERO);
            // A longer term is planned at a rate of the annual value, which does not come out even.
            assert!((expected.0 - amount.0).abs() < 100, "{}: {expected} for {amount}", scanned.name());
        }
    }
}

/// PRD-060's Acme, PRD-103's InnovateCorp and the three that are held back, as the documents have them.
#[test]
fn the_accounts_of_the_documents_read_as_they_do_there() {
    let as_of = day("2026-02-02");
    let world = world(DEFAULT_SEED, as_of, DEFAULT_ACCOUNTS);
    let of = |name: &str| scan(&world, world.accounts.iter().find(|a| a.customer.name == name).unwrap(), as_of);
    let evidence = |scanned: &Scanned<'_>| -> Vec<String> {
        let texts = scanned.signals.iter().flat_map(|s| s.evidence.iter());
        texts.map(|e| e.quote.clone().unwrap_or_else(|| e.text.clone()).replace(['\u{a0}', '\u{202f}'], " ")).collect()
    };
    let acme = of("Acme Corp");
    let said = evidence(&acme);
    for wanted in [
        "48 of 50 seats active (96 %)",
        "Active users up 33 % on the quarter before (36 → 48, 30-day mean)",
        "We have set aside budget for this in Q1.",
    ] {
        assert!(said.iter().any(|text| text == wanted), "{wanted} in {said:#?}");
    }
    assert!(said.iter().any(|text| text.contains("Finance, Legal and Support all want in.")), "{said:#?}");
    let found = &acme.found[0];
    assert_eq!(found.champion.as_ref().map(|c| (c.name.as_str(), c.score)), Some(("Sarah Chen", 0.8306)));
    let known: Vec<(f64, bool)> = found.parts[1..].iter().map(|part| (part.value, part.known)).collect();
    assert_eq!(known, [(0.9, true), (0.8306, true), (1.0, true)]);
    let amounts = [found.value.low, found.value.expected, found.value.high].map(|m| m.unwrap().0 / 100_000);
    assert_eq!(amounts, [30, 45, 60], "thousands");

    let innovate = of("InnovateCorp");
    let said = evidence(&innovate);
    assert!(said[0].starts_with("9.2 M of 10.0 M API calls"), "{said:#?}");
    assert!(said.iter().any(|text| text.contains("8 users from Marketing")), "{said:#?}");
    assert_eq!(innovate.found[0].value.expected, Some(Money::units(45_000)));

    let guard = |name: &str| {
        let guard = of(name).found[0].guards[0].clone();
        [guard.text, guard.detail.replace('\u{a0}', " "), guard.until.replace('\u{a0}', " ")]
    };
    assert_eq!(
        guard("DataDrive Co"),
        ["Open critical ticket", "#4471 “SSO outage”, open since 30 Jan", "when the ticket closes"]
    );
    let detail = "Call about 50 additional seats by Tom Becker, 27 Jan";
    assert_eq!(guard("TechFlow Inc"), ["Outreach in the last 14 days", detail, "10 Feb"]);
    assert_eq!(guard("Pinegrove"), ["Falling health", "74 → 62 in 30 days (−12)", "when health recovers"]);
}
