//! Deciding: what a scan writes of one account. Pure; everything it looks at was loaded before.

use std::collections::BTreeSet;

use domain::{
    account::{AccountSnapshot, KnownOpportunity},
    conversation, format,
    id::{OpportunityId, SignalId},
    opportunity::{
        FoundStatus, Stage,
        assemble::assemble,
        blockers, champion, decide,
        found::{BlockerNote, Found, Guard},
        guards,
        input::Input,
    },
    signal::{
        self, Blocker, StrengthClass,
        episode::{self, Episode, SignalStatus},
    },
};
use store::scan::{
    AccountChanges, EpisodeKey, EpisodeWrite, FoundKey, FoundWrite, Link, Loaded, NewActivity, NewNotification,
    NewRecord, NewTask, StateWrite, StoredEpisode, StoredFound, content_hash, episode_hash, found_hash,
};

use super::{ScanReport, setup::Setup};

/// Rounds of making records and looking again. The second one sees what the first one made; a third would only be needed
/// if a new record let another candidate rise above the threshold.
const RECORD_ROUNDS: usize = 4;
/// Signals that an alert names; the finder shows all.
const NAMED_SIGNALS: usize = 3;

/// Ids of what is only being made begin here: beyond all that a database will ever give.
const NEW_IDS_FROM: i64 = i64::MAX - 1_000_000;

/// What is to be written of an account, and what it counts for in the report.
pub(super) struct Planned {
    pub(super) changes: AccountChanges,
    pub(super) counts: ScanReport,
}

/// Decides about one account.
pub(super) fn plan(setup: &Setup, loaded: Loaded) -> Result<Planned, store::Error> {
    let Loaded { mut snapshot, episodes, found: stored_found, state_hash, later_records } = loaded;
    let mut changes = AccountChanges::none(snapshot.customer.id);
    let live = plan_episodes(setup, &snapshot, &episodes, &mut changes)?;
    let said = conversation::blockers(&snapshot, &setup.context(&snapshot));
    let found = make_records(setup, &mut snapshot, &live, &said, &later_records, &mut changes);
    let input = input(setup, &snapshot, &live, &said);
    changes.state = state(&input, state_hash.as_deref())?;
    plan_found(setup, &snapshot, &found, &stored_found, &mut changes)?;
    changes.links = links(&live, &episodes, &found, &stored_found);
    let with_status = |wanted: &[FoundStatus]| found.iter().filter(|f| wanted.contains(&f.status)).count() as u64;
    let counts = ScanReport {
        accounts: 1,
        found: with_status(&[FoundStatus::Open, FoundStatus::Candidate]),
        held_back: with_status(&[FoundStatus::HeldBack]),
        exploratory: with_status(&[FoundStatus::Exploratory]),
        ..ScanReport::default()
    };
    Ok(Planned { changes, counts })
}

fn input<'a>(setup: &'a Setup, account: &'a AccountSnapshot, live: &'a [Episode], said: &'a [Blocker]) -> Input<'a> {
    Input {
        account,
        context: setup.context(account),
        calendar: setup.calendar,
        currency: &setup.currency,
        live,
        conversation_blockers: said,
    }
}

/// Brings the stored episodes to what the rules see; answers those that are open afterwards.
fn plan_episodes(
    setup: &Setup,
    snapshot: &AccountSnapshot,
    stored: &[StoredEpisode],
    changes: &mut AccountChanges,
) -> Result<Vec<Episode>, store::Error> {
    let AsOfDay { now, today } = AsOfDay::of(setup);
    let detections = signal::detect(snapshot, &setup.context(snapshot), &setup.rules);
    let existing: Vec<Episode> = stored.iter().map(|stored| stored.episode.clone()).collect();
    let plan = episode::plan(&existing, &detections, today, setup.cool_down_days);
    let mut live: Vec<Episode> = existing
        .into_iter()
        .filter(|episode| episode.closed_at.is_none() && !plan.closes.contains(&episode.id))
        .collect();
    for next in plan.updates {
        let hash = episode_hash(&next)?;
        if stored.iter().any(|stored| stored.episode.id == next.id && stored.content_hash == hash) {
            // A number came back from the database with another last bit: nothing that anybody could see.
            continue;
        }
        if let Some(running) = live.iter_mut().find(|running| running.id == next.id) {
            running.clone_from(&next);
        }
        changes.updates.push(EpisodeWrite { episode: next, content_hash: hash });
    }
    for id in plan.closes {
        let ended = stored.iter().find(|stored| stored.episode.id == id).map(|stored| &stored.episode);
        if let Some(ended) = ended.filter(|ended| ended.status != SignalStatus::Dismissed) {
            changes.activities.push(monitor(format!("Closed, not seen any more: {}", ended.title)));
        }
        changes.closes.push(id);
    }
    for (number, detection) in plan.opens.into_iter().enumerate() {
        let id = SignalId(NEW_IDS_FROM + number as i64);
        let opened = Episode::open(id, detection, now, today);
        changes.activities.push(monitor(format!("Detected: {}", opened.title)));
        changes.opens.push(EpisodeWrite { content_hash: episode_hash(&opened)?, episode: opened.clone() });
        live.push(opened);
    }
    Ok(live)
}

/// The instant and the day of a scan.
struct AsOfDay {
    now: domain::time::At,
    today: domain::time::Day,
}

impl AsOfDay {
    fn of(setup: &Setup) -> AsOfDay {
        AsOfDay { now: setup.as_of.now, today: setup.as_of.today }
    }
}

fn monitor(text: String) -> NewActivity {
    NewActivity { actor: "Monitor", kind: "signal", text, found: None }
}

/// Adds up the live signals and makes the records that follow (PRODUCT 2), until no more follow. What is answered is
/// what stands with those records in place, so that the next scan finds the same.
fn make_records(
    setup: &Setup,
    snapshot: &mut AccountSnapshot,
    live: &[Episode],
    said: &[Blocker],
    later_records: &[FoundKey],
    changes: &mut AccountChanges,
) -> Vec<Found> {
    let is_due = |found: &&Found| decide::decide(found).create_record && !later_records.contains(&key(found));
    let mut found = assemble(&input(setup, snapshot, live, said));
    for _ in 0..RECORD_ROUNDS {
        let made: Vec<&Found> = found.iter().filter(is_due).collect();
        if made.is_empty() {
            break;
        }
        for found in made {
            let source = found.signals.first().map_or("Headroom", |signal| signal.rule.label());
            let record = NewRecord {
                provisional: provisional(changes.records.len()),
                found: key(found),
                name: found.name.clone(),
                estimated_value: found.value.expected,
                source: source.to_owned(),
                csm: snapshot.customer.csm,
                identified_on: setup.as_of.today,
            };
            snapshot.opportunities.push(known(&record));
            changes.activities.push(NewActivity {
                actor: "Expansion",
                kind: "opportunity",
                text: format!(
                    "Made the opportunity “{}” from {}, confidence {}",
                    found.name,
                    format::count(found.signals.len() as u64, "signal", "signals"),
                    format::confidence(found.confidence)
                ),
                found: Some(key(found)),
            });
            changes.records.push(record);
        }
        found = assemble(&input(setup, snapshot, live, said));
    }
    found
}

/// An id for the n-th record that is being made: after all that exist, in order, and all of one length as text.
fn provisional(n: usize) -> OpportunityId {
    OpportunityId(NEW_IDS_FROM + n as i64)
}

/// A record that is being made, as the next scan will load it.
fn known(record: &NewRecord) -> KnownOpportunity {
    KnownOpportunity {
        id: record.provisional,
        external_id: None,
        name: record.name.clone(),
        kind: record.found.0,
        stage: Stage::Identified,
        estimated_value: record.estimated_value,
        product: record.found.1,
        closed_on: None,
        source: Some(record.source.clone()),
    }
}

fn key(found: &Found) -> FoundKey {
    (found.kind, found.product)
}

/// Blockers and guards of the account as such, when they are not those that are stored.
fn state(input: &Input<'_>, stored: Option<&str>) -> Result<Option<StateWrite>, store::Error> {
    let blockers: Vec<BlockerNote> = blockers::blockers(input, &champion::path(input), &[], None);
    let guards: Vec<Guard> = guards::account_guards(input);
    let json = |error: serde_json::Error| store::Error::Unfit(format!("a blocker can't be written as JSON: {error}"));
    let blockers = serde_json::to_string(&blockers).map_err(json)?;
    let guards = serde_json::to_string(&guards).map_err(json)?;
    let hash = content_hash(&[&blockers, &guards]);
    Ok((stored != Some(hash.as_str())).then_some(StateWrite { blockers, guards, content_hash: hash }))
}

/// What was found against what is stored; people are told about what is new or changed, each once.
fn plan_found(
    setup: &Setup,
    snapshot: &AccountSnapshot,
    found: &[Found],
    stored: &[StoredFound],
    changes: &mut AccountChanges,
) -> Result<(), store::Error> {
    let now = setup.as_of.now;
    for found in found {
        let before = stored.iter().find(|stored| (stored.kind, stored.product) == key(found));
        let standing = before.filter(|stored| !stored.gone);
        // A record that is being made has no id yet, so its hash can't be the stored one.
        if standing.is_some_and(|stored| found_hash(found).is_ok_and(|hash| hash == stored.content_hash)) {
            continue;
        }
        let first_found_at = standing.map_or(now, |stored| stored.first_found_at);
        let afresh = before.is_some_and(|stored| stored.gone);
        tell(setup, snapshot, found, first_found_at, changes);
        changes.found.push(FoundWrite { found: found.clone(), first_found_at, afresh });
    }
    let gone =
        stored.iter().filter(|stored| !stored.gone && !found.iter().any(|f| key(f) == (stored.kind, stored.product)));
    changes.gone.extend(gone.map(|stored| stored.id));
    Ok(())
}

/// Alerts and the task of what was found (PRD-103 4.3). The keys let each happen once per finding, however often its
/// content changes.
fn tell(
    setup: &Setup,
    snapshot: &AccountSnapshot,
    found: &Found,
    first_found_at: domain::time::At,
    changes: &mut AccountChanges,
) {
    let action = decide::decide(found);
    let customer = &snapshot.customer;
    let product = found.product.map_or(0, |product| product.0);
    let finding = format!("{}/{}/{product}/{}", customer.id.0, found.kind.key(), first_found_at.0);
    if let Some(csm) = customer.csm.filter(|_| action.alert_csm) {
        changes.notifications.push(NewNotification {
            user: csm,
            kind: "signal",
            title: format!("Expansion signal: {}", customer.name),
            body: alert(setup, found),
            href: "/finder?why={found}",
            found: key(found),
            dedupe_key: format!("csm/{finding}"),
        });
        let primary = found.signals.first().map_or("Signals", |signal| signal.rule.label());
        changes.tasks.push(NewTask {
            user: csm,
            title: format!("Explore expansion: {} - {primary}", customer.name),
            due_on: setup.as_of.today + decide::TASK_DAYS,
            found: key(found),
            dedupe_key: format!("task/{finding}"),
        });
    }
    if let Some(rep) = customer.sales_rep.filter(|_| action.notify_sales) {
        changes.notifications.push(NewNotification {
            user: rep,
            kind: "sales",
            title: format!("Strong expansion signal: {}", customer.name),
            body: alert(setup, found),
            // Before it is routed to them they can't open it.
            href: "/inbox",
            found: key(found),
            dedupe_key: format!("sales/{finding}"),
        });
    }
}

/// "45 additional seats, $45,000 a year. Signal strength high (0.87), confidence 85. 48 of 50 seats active (96 %); …"
fn alert(setup: &Setup, found: &Found) -> String {
    let value = found.value.expected.map_or_else(
        || "no amount yet".to_owned(),
        |value| format!("{} a year", format::money(value, &setup.currency)),
    );
    let class = match StrengthClass::of(found.composite) {
        StrengthClass::Strong => "high",
        StrengthClass::Moderate => "moderate",
        StrengthClass::Exploratory => "low",
    };
    let titles: Vec<&str> = found.signals.iter().take(NAMED_SIGNALS).map(|signal| signal.title.as_str()).collect();
    let more = found.signals.len().saturating_sub(NAMED_SIGNALS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!(
        "{}, {value}. Signal strength {class} ({}), confidence {}. {}{more}.",
        found.name,
        format::score(found.composite),
        format::confidence(found.confidence),
        titles.join("; ")
    )
}

/// What each live signal counts for, where that differs from what is stored. Decided ones keep what they counted for.
fn links(live: &[Episode], stored: &[StoredEpisode], found: &[Found], stored_found: &[StoredFound]) -> Vec<Link> {
    let mut taken: BTreeSet<EpisodeKey> = BTreeSet::new();
    let mut links = Vec::new();
    let counts = |episode: &&Episode| {
        matches!(episode.status, SignalStatus::Detected | SignalStatus::Acknowledged | SignalStatus::Routed)
    };
    for episode in live.iter().filter(counts) {
        let signal: EpisodeKey = (episode.rule, episode.subject.clone());
        if !taken.insert(signal.clone()) {
            continue;
        }
        let target =
            found.iter().find(|found| found.signals.iter().any(|s| s.rule == signal.0 && s.subject == signal.1));
        let before = stored.iter().find(|stored| stored.episode.id == episode.id);
        let stored_target =
            target.and_then(|found| stored_found.iter().find(|stored| (stored.kind, stored.product) == key(found)));
        let same = before.is_some_and(|before| match target {
            None => before.found.is_none() && before.opportunity.is_none(),
            Some(found) => {
                stored_target.is_some_and(|stored| before.found == Some(stored.id))
                    && before.opportunity == found.opportunity
            }
        });
        if !(same || before.is_none() && target.is_none()) {
            links.push(Link { signal, id: before.map(|before| before.episode.id), found: target.map(key) });
        }
    }
    links
}
