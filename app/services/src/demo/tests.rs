//! Tests of the portfolio as data; the truth test holds the rules against it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Days at which months, quarters and years turn.
pub(super) const AS_OF: [&str; 7] =
    ["2026-02-02", "2026-11-20", "2026-01-01", "2026-03-31", "2024-02-29", "2025-12-31", "2027-08-15"];

fn rows(dataset: &str, as_of: Day, accounts: u32) -> Vec<BTreeMap<&'static str, String>> {
    let table = generate(DEFAULT_SEED, as_of, accounts).into_iter().find(|table| table.dataset == dataset).unwrap();
    let header = table.header;
    table.rows.map(|row| header.iter().copied().zip(row).collect()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |seed| -> Vec<Vec<Row>> {
        generate(seed, day("2026-02-02"), 64).into_iter().map(|t| t.rows.collect()).collect()
    };
    let once = bytes(1);
    assert_eq!(once, bytes(1));
    assert_ne!(once, bytes(2));
}

#[test]
fn every_row_is_as_long_as_its_header_and_refers_to_what_came_before() {
    for as_of in ["2026-02-02", "2024-02-29"] {
        let mut keys: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for table in generate(DEFAULT_SEED, day(as_of), 75) {
            let header = table.header;
            let unique = matches!(header[0], "external_id" | "email" | "sku");
            for row in table.rows {
                assert_eq!(row.len(), header.len(), "{} {row:?}", table.dataset);
                for (name, cell) in header.iter().zip(&row) {
                    let target = match *name {
                        _ if cell.is_empty() => continue,
                        "customer_external_id" => "customers",
                        "contract_external_id" => "contracts",
                        "opportunity_external_id" => "opportunities",
                        "product_sku" | "plan_sku" => "products",
                        "csm_email" | "sales_rep_email" | "original_ae_email" | "manager_email" | "user_email"
                        | "changed_by_email" => "users",
                        _ => continue,
                    };
                    assert!(keys[target].contains(cell), "{}.{name} = {cell}", table.dataset);
                }
                let new = !unique || keys.entry(table.dataset).or_default().insert(row[0].clone());
                assert!(new, "{} has {} twice", table.dataset, row[0]);
                if table.dataset == "users" {
                    keys.entry("users").or_default();
                }
            }
        }
    }
}

#[test]
fn the_open_pipeline_and_the_last_month_add_up() {
    let as_of = day("2026-02-02");
    let all = rows("opportunities", as_of, DEFAULT_ACCOUNTS);
    let sum = |rows: &[&BTreeMap<&str, String>]| -> i64 {
        rows.iter().map(|row| row["estimated_value"].parse::<i64>().unwrap()).sum()
    };
    let open: Vec<_> = all.iter().filter(|row| row["closed_on"].is_empty()).collect();
    assert_eq!((open.len(), sum(&open)), (34, 1_200_000));
    assert!(
        open.iter()
            .all(|row| row["identified_on"] <= as_of.to_string() && row["expected_close_on"] > as_of.to_string())
    );
    let january: Vec<_> =
        all.iter().filter(|row| row["closed_on"].starts_with("2026-01") && row["stage"] == "closed_won").collect();
    assert_eq!((january.len(), sum(&january)), (6, 195_000));
    let week = "2026-01-26".to_owned();
    let fresh: Vec<_> = all.iter().filter(|row| row["identified_on"] > week).collect();
    assert_eq!((fresh.len(), sum(&fresh)), (3, 95_000), "PRD-155: three new ones this week");
    let won = all.iter().filter(|row| row["stage"] == "closed_won").count();
    let lost = all.iter().filter(|row| row["stage"] == "closed_lost").count();
    assert!((65..=90).contains(&won) && (100..=150).contains(&lost), "{won} won, {lost} lost");
}

#[test]
fn stage_history_leads_to_the_stage_and_never_goes_back_in_time() {
    let as_of = day("2026-11-20");
    let mut last: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for row in rows("opportunity_history", as_of, DEFAULT_ACCOUNTS) {
        let id = row["opportunity_external_id"].clone();
        let at = row["changed_at"].clone();
        if let Some((stage, before)) = last.get(&id) {
            assert!(*before < at, "{id}: {before} is not before {at}");
            assert_eq!(*stage, row["from_stage"], "{id}");
        }
        first.entry(id.clone()).or_insert_with(|| at[..10].to_owned());
        last.insert(id, (row["to_stage"].clone(), at));
    }
    for row in rows("opportunities", as_of, DEFAULT_ACCOUNTS) {
        let id = &row["external_id"];
        assert_eq!(last[id].0, row["stage"], "{id}");
        assert_eq!(first[id], row["identified_on"], "{id}");
        if !row["closed_on"].is_empty() {
            assert_eq!(last[id].1[..10], row["closed_on"], "{id}");
        }
    }
}

#[test]
fn stages_convert_about_as_the_mocks_have_it() {
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows("opportunity_history", day("2026-02-02"), DEFAULT_ACCOUNTS) {
        reached.entry(row["opportunity_external_id"].clone()).or_default().insert(row["to_stage"].clone());
    }
    let closed: Vec<_> = reached.values().filter(|s| s.contains("closed_won") || s.contains("closed_lost")).collect();
    let later = [
        ("identified", 0.64, vec!["qualified", "proposal", "negotiation", "closed_won"]),
        ("qualified", 0.74, vec!["proposal", "negotiation", "closed_won"]),
        ("proposal", 0.76, vec!["negotiation", "closed_won"]),
        ("negotiation", 0.86, vec!["closed_won"]),
    ];
    for (stage, expected, next) in later {
        let entered: Vec<_> = closed.iter().filter(|s| s.contains(stage)).collect();
        let converted = entered.iter().filter(|s| next.iter().any(|n| s.contains(*n))).count();
        let rate = converted as f64 / entered.len() as f64;
        assert!((rate - expected).abs() < 0.12, "{stage}: {converted} of {} is {rate}", entered.len());
    }
}

#[test]
fn use_is_daily_for_fifteen_months_and_ends_on_the_as_of_day() {
    for as_of in AS_OF.map(day) {
        let acme: Vec<_> = rows("usage_metrics", as_of, 20)
            .into_iter()
            .filter(|row| row["customer_external_id"] == "acme-corp" && row["metric"] == "active_users")
            .collect();
        assert_eq!(acme.len(), 456);
        let newest = acme.last().unwrap();
        assert_eq!((newest["observed_on"].as_str(), newest["value"].as_str()), (as_of.to_string().as_str(), "48"));
    }
}

#[test]
fn a_large_portfolio_has_its_rows_and_keeps_the_named_accounts() {
    let as_of = day("2026-02-02");
    let named = rows("customers", as_of, DEFAULT_ACCOUNTS);
    let large = rows("customers", as_of, 200);
    assert_eq!((named.len(), large.len()), (60, 200));
    assert_eq!(named[..], large[..60]);
    let usage = rows("usage_metrics", as_of, 62).into_iter().filter(|r| r["customer_external_id"] == "acc-00061");
    assert_eq!(usage.count(), 3 * 360);
}

#[test]
fn extras_name_people_and_accounts_that_exist() {
    let as_of = day("2026-02-02");
    let extras = extras(as_of);
    let names: Vec<_> = extras.logins.iter().map(|login| (login.email, login.role)).collect();
    assert_eq!(
        names,
        [
            ("admin@example.com", "admin"),
            ("leader@example.com", "cs_leader"),
            ("csm@example.com", "csm"),
            ("rep@example.com", "sales_rep"),
            ("viewer@example.com", "viewer"),
        ]
    );
    let customers = rows("customers", as_of, DEFAULT_ACCOUNTS);
    assert!(extras.outreach.iter().all(|note| customers.iter().any(|row| row["external_id"] == note.customer)));
    assert_eq!(extras.outreach[0].at.to_string(), "2026-01-27T15:00:00Z");
    let accounts: BTreeSet<_> = customers.iter().map(|row| row["name"].clone()).collect();
    assert!(planted(as_of).iter().all(|p| accounts.contains(p.account)));
}

#[test]
fn what_is_planted_adds_up_as_the_mocks_have_it() {
    let mut found: BTreeSet<(String, &str, i64, &str)> = BTreeSet::new();
    for p in planted(day("2026-02-02")) {
        found.insert((p.account.to_owned(), p.kind.key(), p.value.0 / 100, p.status.key()));
    }
    let of = |statuses: &[&str]| {
        let rows: Vec<_> = found.iter().filter(|f| statuses.contains(&f.3)).collect();
        (rows.len(), rows.iter().map(|f| f.2).sum::<i64>())
    };
    assert_eq!(of(&["open"]), (22, 456_000));
    assert_eq!(of(&["open", "candidate"]), (28, 485_000));
    assert_eq!(of(&["held_back"]), (3, 223_000));
}

#[test]
fn a_planted_record_is_one_of_the_open_pipeline() {
    for p in planted(day("2026-02-02")) {
        let Some(id) = p.record else { continue };
        let record = pipeline::OPEN.iter().find(|open| open.id == id).unwrap();
        assert_eq!((record.account, record.kind, record.amount * 100), (p.account, p.kind.key(), p.value.0), "{id}");
    }
}

#[test]
fn files_hold_every_dataset_in_import_order() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_files(folder.path(), DEFAULT_SEED, day("2026-02-02"), 3).unwrap();
    let names: Vec<_> = files.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let datasets: Vec<_> = generate(DEFAULT_SEED, day("2026-02-02"), 3).iter().map(|t| t.dataset.to_owned()).collect();
    assert_eq!(names, datasets);
    let usage = std::fs::read_to_string(folder.path().join("usage-1/usage_metrics.csv")).unwrap();
    assert_eq!(usage.lines().count(), 1 + 3 * 6 * 456);
}

#[test]
fn spans_of_days_are_the_right_way_round() {
    for (dataset, from, to) in [
        ("contracts", "starts_on", "ends_on"),
        ("entitlements", "starts_on", "ends_on"),
        ("customers", "created_on", "churned_on"),
        ("opportunities", "identified_on", "closed_on"),
        ("customer_users", "first_seen_on", "last_seen_on"),
        ("tickets", "opened_at", "closed_at"),
    ] {
        for as_of in AS_OF.map(day) {
            for row in rows(dataset, as_of, 75) {
                assert!(row[to].is_empty() || row[from] <= row[to], "{as_of}, {dataset}: {row:?}");
            }
        }
    }
}
