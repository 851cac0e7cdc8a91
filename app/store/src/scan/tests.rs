//! What a batch holds and what is written of it, on both databases.

use domain::{
    account::CustomerStatus,
    id::{CustomerId, OpportunityId, ProductId, SignalId, UserId},
    money::Money,
    opportunity::{FoundStatus, OpportunityType, Stage, Timeline, found::Found, found::ValueEstimate},
    signal::{
        Evidence, EvidenceSource, Firing, RuleKey,
        episode::{Detection, Episode},
    },
    time::{At, Day},
};
use sea_orm::ConnectionTrait;

use super::*;
use crate::{on_each_database, testing::findings as dump};

/// 2026-02-02, a Monday.
const TODAY: Day = Day(20_486);

fn as_of() -> AsOf {
    AsOf { now: At(TODAY.start_utc().0 + 9 * 3_600_000), today: TODAY, meeting_days: 90 }
}

async fn run(db: &Db, sql: &str) {
    let sql = sql.replace("{today}", &TODAY.0.to_string()).replace("{now}", &as_of().now.0.to_string());
    db.write(|tx| {
        let sql = sql.clone();
        async move { tx.execute_unprepared(&sql).await.map(|_| ()).map_err(Error::from) }
    })
    .await
    .unwrap();
}

/// Three accounts: one with everything, one that is known only tomorrow, one without anything.
async fn portfolio(db: &Db) {
    let hour = 3_600_000_i64;
    let now = as_of().now.0;
    run(db, "INSERT INTO users (id, email, name, role, created_at, updated_at) VALUES (1, 'csm@example.com', 'Maya Ortiz', 'csm', 0, 0)").await;
    run(db, "INSERT INTO products (id, sku, name, plan_tier, created_at, updated_at) VALUES (1, 'BUS', 'Business', 2, 0, 0), (2, 'ANA', 'Analytics', NULL, 0, 0)").await;
    run(db, "INSERT INTO customers (id, external_id, name, status, segment, csm_id, created_on, churned_on, created_at, updated_at) VALUES \
        (1, 'acme', 'Acme Corp', 'churned', 'smb', 1, {today} - 400, {today} + 1, 0, 0), \
        (2, 'late', 'Late Co', NULL, 'smb', NULL, {today} + 1, NULL, 0, 0), \
        (3, 'bare', 'Bare Ltd', NULL, NULL, NULL, NULL, NULL, 0, 0)").await;
    run(db, "INSERT INTO contracts (id, external_id, customer_id, plan_id, status, starts_on, ends_on, licensed_seats, annual_value, created_at, updated_at) VALUES \
        (1, 'c1', 1, 1, 'expired', {today} - 300, {today} + 60, 50, 5000000, 0, 0), \
        (2, 'c2', 1, 1, 'active', {today} + 1, NULL, 100, 9000000, 0, 0), \
        (3, 'c3', 1, 2, NULL, {today} - 10, NULL, NULL, 700000, 0, 0)").await;
    run(db, "INSERT INTO entitlements (contract_id, metric, limit_value, product_id, period, created_at, updated_at) VALUES (1, 'api_calls', 1000, 2, 'month', 0, 0)").await;
    run(db, "INSERT INTO metrics (id, name) VALUES (1, 'active_users'), (2, 'feature.export'), (3, 'feature.sso'), (4, 'feature.sso.denied')").await;
    run(
        db,
        "INSERT INTO usage_metrics (customer_id, metric_id, day, value, import_id) VALUES \
        (1, 1, {today} - 600, 1, 1), (1, 1, {today} - 1, 47, 1), (1, 1, {today}, 48.5, 1), (1, 1, {today} + 1, 99, 1), \
        (1, 2, {today} - 2, 3, 1), (1, 3, {today} - 120, 3, 1), (1, 4, {today}, 5, 1), (3, 1, {today}, 7, 1)",
    )
    .await;
    run(db, "INSERT INTO customer_users (external_id, customer_id, department, first_seen_on, last_seen_on, created_at, updated_at) VALUES \
        ('u1', 1, 'Sales', {today} - 9, {today} + 9, 0, 0), ('u2', 1, 'Legal', {today} + 1, NULL, 0, 0)").await;
    run(db, "INSERT INTO stakeholders (id, external_id, customer_id, name, role, engagement, last_contact_on, created_at, updated_at) VALUES (1, 's1', 1, 'Sarah Chen', 'champion', 88, {today} + 3, 0, 0)").await;
    run(db, "INSERT INTO health_scores (customer_id, scored_on, score, created_at, updated_at) VALUES (1, {today} + 1, 10, 0, 0), (1, {today} - 5, 80, 0, 0), (1, {today} - 35, 70, 0, 0)").await;
    run(
        db,
        "INSERT INTO meetings (id, external_id, customer_id, held_at, kind, transcript, created_at, updated_at) VALUES \
        (1, 'm1', 1, {now} + 1, 'call', 'later', 0, 0), (2, 'm2', 1, {now}, NULL, NULL, 0, 0)",
    )
    .await;
    run(db, &format!("INSERT INTO tickets (id, external_id, customer_id, opened_at, closed_at, priority, created_at, updated_at) VALUES \
        (1, 't1', 1, {{now}} - {hour}, {{now}} + {hour}, 'critical', 0, 0), (2, 't2', 1, {{now}} + {hour}, NULL, 'low', 0, 0)")).await;
    run(db, "INSERT INTO opportunities (id, customer_id, name, type, stage, closed_value, identified_on, closed_on, product_id, created_at, updated_at) VALUES \
        (1, 1, 'Won later', 'upsell', 'closed_won', 100, {today} - 50, {today} + 5, NULL, 0, 0), \
        (2, 1, 'Moves later', 'upsell', 'proposal', NULL, {today} - 50, NULL, NULL, 0, 0), \
        (3, 1, 'Found later', 'upsell', 'identified', NULL, {today} + 1, NULL, NULL, 0, 0), \
        (4, 1, 'Undated', 'cross_sell', 'qualified', NULL, NULL, NULL, 2, 0, 0)").await;
    if db.backend() == sea_orm::DbBackend::Postgres {
        // Rows with given ids do not move the sequence.
        run(db, "ALTER TABLE opportunities ALTER COLUMN id RESTART WITH 100").await;
    }
    run(db, "INSERT INTO opportunity_history (opportunity_id, to_stage, from_stage, changed_at, created_at, updated_at) VALUES \
        (2, 'qualified', 'identified', {now} - 5, 0, 0), (2, 'proposal', 'qualified', {now} + 5, 0, 0)").await;
    run(db, "INSERT INTO expansions (customer_id, booked_on, arr_delta, type, product_id, created_at, updated_at) VALUES (1, {today} - 9, 650000, '', 2, 0, 0), (1, {today} + 9, 100, '', 0, 0, 0)").await;
    run(db, &format!("INSERT INTO activities (customer_id, at, actor, kind, text) VALUES \
        (1, {}, 'Maya Ortiz', 'outreach', 'Call about seats'), (1, {{now}} + 1, 'Maya Ortiz', 'outreach', 'Later'), (1, {{now}}, 'Monitor', 'signal', 'x')", now - hour)).await;
}

fn seats(strength: f64) -> Episode {
    let firing = Firing {
        strength,
        leads_to: OpportunityType::SeatExpansion,
        product: None,
        general: false,
        supports_only: false,
        title: "48 of 50 seats active (96 %)".into(),
        observed_at: as_of().now,
        reach: None,
        asked_quantity: None,
        evidence: vec![Evidence {
            value: Some(0.1 + 0.2),
            ..Evidence::new(EvidenceSource::Usage, "active_users", "48 of 50 seats active (96 %)")
        }],
    };
    let detection = Detection { rule: RuleKey::SeatUtilization, rule_version: 1, subject: String::new(), firing };
    Episode::open(SignalId(0), detection, as_of().now, TODAY)
}

fn found(composite: f64) -> Found {
    Found {
        kind: OpportunityType::SeatExpansion,
        product: None,
        name: "10 additional seats".into(),
        status: FoundStatus::Open,
        opportunity: None,
        composite,
        confidence: 81.5,
        parts: Vec::new(),
        value: ValueEstimate {
            low: Some(Money(100)),
            expected: Some(Money(1_000_000)),
            high: None,
            method: String::new(),
            range: String::new(),
            inputs: Vec::new(),
        },
        timeline: Timeline::Immediate,
        timeline_reason: String::new(),
        champion: None,
        signals: Vec::new(),
        approach: Vec::new(),
        talking_points: Vec::new(),
        objections: Vec::new(),
        blockers: Vec::new(),
        guards: Vec::new(),
        next_steps: Vec::new(),
    }
}

const SEATS: FoundKey = (OpportunityType::SeatExpansion, None);

/// What a first scan writes of one account: an episode, a record, what was found, and who is told.
fn first_changes() -> AccountChanges {
    let episode = seats(0.9);
    AccountChanges {
        opens: vec![EpisodeWrite { content_hash: episode_hash(&episode).unwrap(), episode }],
        records: vec![NewRecord {
            provisional: OpportunityId(-1),
            found: SEATS,
            name: "10 additional seats".into(),
            estimated_value: Some(Money(1_000_000)),
            source: "Seat utilization".into(),
            csm: Some(UserId(1)),
            identified_on: TODAY,
        }],
        found: vec![FoundWrite {
            found: Found { opportunity: Some(OpportunityId(-1)), ..found(0.9) },
            first_found_at: as_of().now,
            afresh: false,
        }],
        links: vec![Link { signal: (RuleKey::SeatUtilization, String::new()), id: None, found: Some(SEATS) }],
        state: Some(StateWrite { blockers: "[]".into(), guards: "[]".into(), content_hash: "x".into() }),
        notifications: vec![NewNotification {
            user: UserId(1),
            kind: "signal",
            title: "Expansion signal: Acme Corp".into(),
            body: String::new(),
            href: "/finder?why={found}",
            found: SEATS,
            dedupe_key: "k".into(),
        }],
        tasks: vec![NewTask {
            user: UserId(1),
            title: "Explore expansion".into(),
            due_on: TODAY + 7,
            found: SEATS,
            dedupe_key: "t".into(),
        }],
        activities: vec![NewActivity { actor: "Monitor", kind: "signal", text: "Detected".into(), found: Some(SEATS) }],
        ..AccountChanges::none(CustomerId(1))
    }
}

async fn write(db: &Db, changes: &[AccountChanges]) -> Result<Applied> {
    Ok(db.write(|tx| async move { apply(&tx, changes, as_of().now).await }).await?.0)
}

async fn load(db: &Db, accounts: Accounts) -> Vec<Loaded> {
    Loader::open(db).unwrap().load(accounts, as_of()).await.unwrap()
}

on_each_database! {
    async fn a_batch_holds_what_is_known_at_the_instant_and_nothing_later(db: &Db) {
        portfolio(db).await;
        assert_eq!(account_ids(db).await.unwrap(), [CustomerId(1), CustomerId(2), CustomerId(3)]);
        let all = load(db, Accounts::Between(CustomerId(1), CustomerId(9))).await;
        assert_eq!(all.len(), 2, "an account of tomorrow is unknown");
        let acme = &all[0].snapshot;
        assert_eq!((acme.customer.status, acme.customer.csm), (CustomerStatus::Churned, Some(UserId(1))));
        let contracts: Vec<&str> = acme.contracts.iter().map(|c| c.external_id.as_str()).collect();
        assert_eq!(contracts, ["c1", "c3"]);
        assert_eq!(acme.contract_on(TODAY).map(|c| c.external_id.as_str()), Some("c1"), "it runs out later");
        assert_eq!(acme.contracts[0].entitlements[0].limit, 1000.0);
        assert_eq!(acme.usage["active_users"].points, [(TODAY - 1, 47.0), (TODAY, 48.5)]);
        assert_eq!(acme.usage.len(), 4);
        assert_eq!(acme.users.len(), 1);
        assert_eq!(acme.users[0].last_seen_on, Some(TODAY));
        assert_eq!(acme.stakeholders[0].last_contact_on, None);
        assert_eq!(acme.health, [(TODAY - 35, 70.0), (TODAY - 5, 80.0)]);
        assert_eq!(acme.meetings.len(), 1);
        assert_eq!(acme.tickets.len(), 1);
        assert_eq!(acme.tickets[0].closed_at, None, "it closes later");
        assert_eq!(acme.expansions.len(), 1);
        let stages: Vec<(i64, Stage)> = acme.opportunities.iter().map(|o| (o.id.0, o.stage)).collect();
        assert_eq!(stages, [(1, Stage::Identified), (2, Stage::Qualified), (4, Stage::Qualified)]);
        assert_eq!(all[0].later_records, [(OpportunityType::Upsell, None)]);
        assert_eq!(acme.last_outreach.as_ref().map(|o| o.what.as_str()), Some("Call about seats"));
        assert!(all[1].snapshot.contracts.is_empty());
        let some = load(db, Accounts::These(vec![CustomerId(3)])).await;
        assert_eq!(some.len(), 1);
        assert_eq!(some[0].snapshot, all[1].snapshot);
        assert!(load(db, Accounts::These(Vec::new())).await.is_empty());
    }

    async fn what_was_written_is_read_back_and_the_same_again_is_no_change(db: &Db) {
        portfolio(db).await;
        let applied = write(db, &[first_changes()]).await.unwrap();
        let expected = Applied { opened: 1, updated: 0, closed: 0, records: 1, notifications: 1 };
        assert_eq!(applied, expected);
        let stored = &load(db, Accounts::These(vec![CustomerId(1)])).await[0];
        let episode = &stored.episodes[0];
        assert_eq!(episode.content_hash, episode_hash(&episode.episode).unwrap());
        assert_eq!(Episode { id: SignalId(0), ..episode.episode.clone() }, seats(0.9));
        let record = stored.snapshot.opportunities.last().unwrap();
        assert_eq!((record.stage, record.source.as_deref()), (Stage::Identified, Some("Seat utilization")));
        assert_eq!(episode.opportunity, Some(record.id));
        assert_eq!(episode.found, Some(stored.found[0].id));
        let with_record = Found { opportunity: Some(record.id), ..found(0.9) };
        assert_eq!(stored.found[0].content_hash, found_hash(&with_record).unwrap());
        let rows = dump(db).await;
        assert!(rows.iter().any(|row| row.contains(&format!("/finder?why={}", stored.found[0].id))), "{rows:#?}");
        write(db, &[AccountChanges::none(CustomerId(1))]).await.unwrap();
        assert_eq!(dump(db).await, rows);
    }

    async fn episodes_change_and_close_and_what_is_gone_comes_back_afresh(db: &Db) {
        portfolio(db).await;
        write(db, &[first_changes()]).await.unwrap();
        let stored = load(db, Accounts::These(vec![CustomerId(1)])).await.remove(0);
        let id = stored.episodes[0].episode.id;
        let mut weaker = stored.episodes[0].episode.clone();
        weaker.strength = 0.7;
        weaker.evidence.push(Evidence::new(EvidenceSource::Manual, "call", "Asked on the phone"));
        let change = AccountChanges {
            updates: vec![EpisodeWrite { content_hash: episode_hash(&weaker).unwrap(), episode: weaker.clone() }],
            ..AccountChanges::none(CustomerId(1))
        };
        assert_eq!(write(db, &[change]).await.unwrap().updated, 1);
        let stored = load(db, Accounts::These(vec![CustomerId(1)])).await.remove(0);
        assert_eq!(stored.episodes[0].episode, weaker);
        run(db, "UPDATE found_opportunities SET dismissed_reason = 'other'").await;
        let ends = AccountChanges {
            closes: vec![id],
            gone: vec![stored.found[0].id],
            ..AccountChanges::none(CustomerId(1))
        };
        assert_eq!(write(db, &[ends]).await.unwrap().closed, 1);
        let stored = load(db, Accounts::These(vec![CustomerId(1)])).await.remove(0);
        assert!(stored.episodes.is_empty() && stored.found[0].gone);
        let again = AccountChanges {
            records: Vec::new(),
            found: vec![FoundWrite { found: found(0.8), first_found_at: as_of().now, afresh: true }],
            ..first_changes()
        };
        let applied = write(db, &[again]).await.unwrap();
        assert_eq!((applied.opened, applied.notifications), (1, 0), "nobody is told twice under one key");
        let stored = load(db, Accounts::These(vec![CustomerId(1)])).await.remove(0);
        assert!(!stored.found[0].gone);
        assert!(!dump(db).await.iter().any(|row| row.starts_with("found") && row.contains("other")));
    }

    async fn two_scans_of_one_account_do_not_open_or_make_the_same_twice(db: &Db) {
        portfolio(db).await;
        write(db, &[first_changes()]).await.unwrap();
        let rows = dump(db).await;
        assert!(matches!(write(db, &[first_changes()]).await, Err(Error::Conflict(_))), "the episode is open already");
        let record_only = AccountChanges { opens: Vec::new(), links: Vec::new(), ..first_changes() };
        assert!(matches!(write(db, &[record_only]).await, Err(Error::Conflict(_))), "the record is there already");
        assert_eq!(dump(db).await, rows);
    }

    async fn the_portfolio_is_worked_out_kept_and_refreshed(db: &Db) {
        portfolio(db).await;
        let mut loader = Loader::open(db).unwrap();
        let portfolio = loader.portfolio(as_of()).await.unwrap();
        assert_eq!(portfolio.departments, ["Legal", "Sales"]);
        let acme = &portfolio.facts[0];
        assert_eq!((acme.customer, acme.segment.as_deref(), acme.plan), (CustomerId(1), Some("smb"), Some(ProductId(1))));
        // The plan names no price; the add-on has its contract's, and the booking knows better.
        assert_eq!(acme.owned, [(ProductId(2), Some(Money(650_000))), (ProductId(1), None)]);
        assert_eq!(acme.features, ["feature.export"], "sso is too long ago, attempts are no use");
        assert_eq!(portfolio.facts.len(), 2);
        assert_eq!(portfolio::kept(db).await.unwrap(), None);
        for _ in 0..2 {
            let portfolio = &portfolio;
            db.write(|tx| async move { portfolio::keep(&tx, portfolio, as_of().now).await }).await.unwrap();
        }
        let mut kept = portfolio::kept(db).await.unwrap().unwrap();
        assert_eq!(kept, portfolio);
        run(db, "DELETE FROM usage_metrics WHERE metric_id = 2").await;
        let newer = loader.peer_facts(Accounts::These(vec![CustomerId(1)]), as_of()).await.unwrap();
        assert!(!kept.agrees(&[CustomerId(1)], &newer));
        kept.refresh(&[CustomerId(1)], newer.clone());
        assert!(kept.agrees(&[CustomerId(1), CustomerId(2)], &newer), "nobody knows account 2");
        assert_eq!(kept, loader.portfolio(as_of()).await.unwrap());
    }

    async fn an_account_touched_while_it_is_scanned_waits_for_the_next_scan(db: &Db) {
        portfolio(db).await;
        run(db, "INSERT INTO touched_accounts (customer_id, touched_at) VALUES (1, 50), (2, 40), (3, 60)").await;
        let take = |limit| async move { db.write(|tx| async move { touched::take(&tx, limit).await }).await.unwrap() };
        let taken = take(2).await;
        assert_eq!(taken, [CustomerId(2), CustomerId(1)], "who waits longest comes first");
        assert_eq!(take(2).await, [CustomerId(1), CustomerId(2)], "a scan that died is taken up again");
        run(db, "UPDATE touched_accounts SET touched_at = 70 WHERE customer_id = 1").await;
        let taken = &taken;
        db.write(|tx| async move { touched::done(&tx, taken).await }).await.unwrap();
        assert_eq!(take(9).await, [CustomerId(3), CustomerId(1)]);
    }
}

#[test]
fn the_hour_is_no_change_but_the_day_is() {
    let stored = seats(0.9);
    let later = Episode { observed_at: At(stored.observed_at.0 + 1), ..stored.clone() };
    assert_eq!(episode_hash(&stored).unwrap(), episode_hash(&later).unwrap());
    let tomorrow = Episode { last_held_on: TODAY + 1, ..stored.clone() };
    assert_ne!(episode_hash(&stored).unwrap(), episode_hash(&tomorrow).unwrap());
    assert_ne!(
        found_hash(&found(0.9)).unwrap(),
        found_hash(&Found { opportunity: Some(OpportunityId(1)), ..found(0.9) }).unwrap()
    );
    assert_eq!(content_hash(&["a"]), content_hash(&["a"]));
    assert_ne!(content_hash(&["ab", "c"]), content_hash(&["a", "bc"]));
}
