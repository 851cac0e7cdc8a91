//! The import as a whole, on both databases.

use std::{
    io::{BufRead, Write},
    path::PathBuf,
};

use domain::{
    access::{Actor, Role, Scope, TokenScope},
    calendar::Calendar,
    id::{ImportId, UserId},
    import::{Dataset, DatasetReport, ImportReport, Mapping},
    time::At,
};
use store::{
    Db, on_each_database,
    testing::{execute, number},
};

use super::{By, Progress, Request, Source, fail_orphans, import_paths, import_stream, preview, undo};
use crate::{Error, Result};

const NOW: &str = "2026-02-02T09:00:00Z";

fn at(text: &str) -> At {
    text.parse().unwrap()
}

fn request() -> Request {
    Request { now: at(NOW), calendar: Calendar::default(), by: By::CommandLine, mapping: None }
}

fn mapped(mapping: &str) -> Request {
    Request { mapping: Some(super::mapping_of(mapping).unwrap()), ..request() }
}

fn actor(role: Role, token_scopes: Option<Vec<TokenScope>>) -> Actor {
    Actor {
        user: UserId(1),
        email: "a@example.com".into(),
        name: "A".into(),
        role,
        team: None,
        scope: Scope::All,
        token_scopes,
    }
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

async fn go_with(db: &Db, request: Request, files: &[(&str, &str)]) -> Result<ImportReport> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    import_paths(db, request, &[folder.path().to_owned()], &Progress::default()).await
}

async fn go(db: &Db, files: &[(&str, &str)]) -> ImportReport {
    go_with(db, request(), files).await.unwrap()
}

/// created, updated, unchanged, rejected
fn counts(report: &DatasetReport) -> [u64; 4] {
    assert!(report.adds_up(), "{report:?}");
    [report.created, report.updated, report.unchanged, report.rejected]
}

fn message(error: &Error) -> String {
    match error {
        Error::Invalid(fields) => fields.iter().map(|field| format!("{}: {}", field.field, field.message)).collect(),
        other => other.to_string(),
    }
}

const CUSTOMERS: &str = "external_id,name\nC-1,Acme\nC-2,Beta\n";

/// One small file of every dataset.
const PORTFOLIO: [(&str, &str); 15] = [
    (
        "users.csv",
        "email,name,role,manager_email,active\nana@example.com,Ana,csm,Lee@example.com,yes\nlee@example.com,Lee,cs_leader,,\n",
    ),
    (
        "products.csv",
        "sku,name,plan_tier,list_price_annual,aliases\nP-1,Starter,1,1000,\nP-2,Business,2,5000.50,Biz;Business Plan\n",
    ),
    (
        "customers.csv",
        "external_id,name,status,arr,csm_email,parent_external_id,created_on\nC-1,Acme,active,\"45,000.00\",ANA@example.com,C-2,2024-01-31\nC-2,Beta,,,,,\n",
    ),
    (
        "contracts.csv",
        "external_id,customer_external_id,plan_sku,starts_on,ends_on,licensed_seats,auto_renew\nK-1,C-1,P-1,2025-01-01,2026-12-31,100,true\n",
    ),
    (
        "entitlements.csv",
        "contract_external_id,metric,limit,starts_on\nK-1,seats,100,\nK-1,api_calls,100000.5,2025-01-01\n",
    ),
    (
        "usage_metrics.csv",
        "customer_external_id,metric,observed_on,value\nC-1,active_users,2026-02-01,92\nC-1,api_calls,2026-02-01,0.1\nC-2,api_calls,2026-02-01,7\n",
    ),
    ("customer_users.csv", "external_id,customer_external_id,email,department\nU-1,C-1,x@acme.com,Finance\n"),
    ("stakeholders.csv", "external_id,customer_external_id,name,role,engagement\nS-1,C-1,Jo,Champion,80\n"),
    ("health_scores.csv", "customer_external_id,scored_on,score\nC-1,2026-01-01,81.5\nC-1,2026-02-01,83\n"),
    (
        "meetings.csv",
        "external_id,customer_external_id,held_at,kind,transcript\nM-1,C-1,2026-01-15T10:00:00Z,QBR,\"Jo (customer): we grow\nAna (vendor): nice\"\n",
    ),
    ("tickets.csv", "external_id,customer_external_id,opened_at,closed_at,priority\nT-1,C-1,2026-01-15 3:00,,urgent\n"),
    (
        "opportunities.csv",
        "external_id,customer_external_id,name,type,stage,estimated_value,probability,identified_on,csm_email,product_sku,currency\nO-1,C-1,More seats,seats,Proposal/Price Quote,12000,60,2026-01-01,ana@example.com,P-2,USD\nO-2,C-2,Won one,upsell,Closed Won,,100,2025-12-01,,,\n",
    ),
    (
        "opportunity_history.csv",
        "opportunity_external_id,to_stage,changed_at,from_stage,changed_by_email\nO-1,proposal,2026-01-10T10:00:00Z,qualified,ana@example.com\n",
    ),
    (
        "expansions.csv",
        "customer_external_id,booked_on,arr_delta,type\nC-1,2025-06-01,5000,\nC-1,2025-06-01,-10.5,upsell\n",
    ),
    ("targets.csv", "period,amount,team\n2026-Q1,100000,\n2026-01,5000,North\n"),
];

on_each_database! {
    async fn a_portfolio_goes_in_and_a_second_time_writes_nothing(db: &Db) {
        let report = go(db, &PORTFOLIO).await;
        for dataset in &report.datasets {
            assert_eq!(dataset.rejections, [], "{}", dataset.dataset);
            assert_eq!(counts(dataset), [dataset.rows, 0, 0, 0], "{}", dataset.dataset);
        }
        assert_eq!(report.datasets.len(), 15);
        let before = number(db, "SELECT SUM(updated_at) FROM customers").await;
        for day in ["2026-02-02T09:00:00Z", "2026-03-05T09:00:00Z"] {
            let again = go_with(db, Request { now: at(day), ..request() }, &PORTFOLIO).await.unwrap();
            for dataset in &again.datasets {
                assert_eq!(counts(dataset), [0, 0, dataset.rows, 0], "{}", dataset.dataset);
            }
        }
        assert_eq!(number(db, "SELECT SUM(updated_at) FROM customers").await, before);
        assert_eq!(number(db, "SELECT COUNT(*) FROM import_changes WHERE import_file_id > 15").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics WHERE import_id = 1").await, 3);
        assert_eq!(number(db, "SELECT parent_id FROM customers WHERE external_id = 'C-1'").await,
            number(db, "SELECT id FROM customers WHERE external_id = 'C-2'").await);
        assert_eq!(number(db, "SELECT arr FROM customers WHERE external_id = 'C-1'").await, 4_500_000);
        assert_eq!(number(db, "SELECT COUNT(*) FROM users WHERE manager_id IS NOT NULL AND password_hash IS NULL").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM tickets WHERE priority = 'critical'").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunities WHERE probability = 0.6 OR stage = 'closed_won'").await, 2);
        assert_eq!(number(db, "SELECT COUNT(*) FROM touched_accounts").await, 2);
        assert_eq!(number(db, "SELECT COUNT(*) FROM audit_log WHERE action = 'import.done'").await, 3);
    }

    async fn an_undo_brings_back_what_was(db: &Db) {
        go(db, &PORTFOLIO).await;
        let second = go(db, &[
            ("customers.csv", "external_id,name,arr\nC-1,Acme Corp,50000\nC-9,Nine,1\nC-8,Eight,1\nC-7,Seven,1\n"),
            ("usage_metrics.csv", "customer_external_id,metric,observed_on,value\nC-1,active_users,2026-02-01,95\nC-1,active_users,2026-02-02,96\n"),
            ("opportunities.csv", "external_id,customer_external_id,name,type,stage\nO-1,C-1,More seats,seats,closed_won\n"),
        ]).await;
        assert_eq!(counts(&second.datasets[0]), [3, 1, 0, 0]);
        assert_eq!(counts(&second.datasets[1]), [1, 1, 0, 0]);
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunity_history").await, 2, "the stage change is recorded");
        execute(db, "UPDATE customers SET name = 'Nine Ltd' WHERE external_id = 'C-9'").await;
        execute(db, "UPDATE customers SET parent_id = (SELECT id FROM customers WHERE external_id = 'C-8') WHERE external_id = 'C-2'").await;
        let undone = undo(db, at("2026-02-03T09:00:00Z"), None, second.import_id).await.unwrap();
        assert_eq!(undone.kept.len(), 2, "{:?}", undone.kept);
        assert!(undone.kept.contains(&"customers C-9: edited since".to_owned()));
        assert!(undone.kept.contains(&"customers C-8: referred to by other customers".to_owned()));
        let customers = undone.datasets.iter().find(|d| d.dataset == "customers").unwrap();
        assert_eq!((customers.deleted, customers.restored, customers.kept), (1, 1, 2));
        let usage = undone.datasets.iter().find(|d| d.dataset == "usage_metrics").unwrap();
        assert_eq!((usage.deleted, usage.restored, usage.kept), (1, 1, 0));
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers WHERE name = 'Acme' AND arr = 4500000").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunities WHERE stage = 'proposal' AND probability = 0.6").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunity_history").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics WHERE value = 92 AND import_id = 1").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics").await, 3);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_prior").await, 0);
        let twice = undo(db, at(NOW), None, second.import_id).await;
        assert!(matches!(&twice, Err(Error::Conflict(text)) if text.contains("undone already")), "{twice:?}");
        assert!(matches!(undo(db, at(NOW), None, ImportId(99)).await, Err(Error::NotFound)));
        // The first portfolio goes too, but for what was referred to by what stayed.
        let first = undo(db, at(NOW), None, ImportId(1)).await.unwrap();
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunities").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics").await, 0);
        assert_eq!(first.kept, ["customers C-2: edited since"]);
    }

    async fn undoing_the_older_of_two_usage_imports_keeps_the_newer(db: &Db) {
        go(db, &[("customers.csv", CUSTOMERS)]).await;
        let usage = |value: u32| format!("customer_external_id,metric,observed_on,value\nC-1,api_calls,2026-01-01,{value}\n");
        let mut imports = Vec::new();
        for value in [1, 2, 3] {
            imports.push(go(db, &[("usage_metrics.csv", &usage(value))]).await.import_id);
        }
        let undone = undo(db, at(NOW), None, imports[1]).await.unwrap();
        assert_eq!((undone.datasets[0].deleted, undone.datasets[0].restored, undone.datasets[0].kept), (0, 0, 1));
        assert_eq!(number(db, "SELECT CAST(value AS BIGINT) FROM usage_metrics").await, 3);
        undo(db, at(NOW), None, imports[2]).await.unwrap();
        assert_eq!(number(db, "SELECT CAST(value AS BIGINT) FROM usage_metrics").await, 1, "what stood before both");
        undo(db, at(NOW), None, imports[0]).await.unwrap();
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics").await, 0);
    }

    async fn rows_are_refused_one_by_one_with_their_place(db: &Db) {
        let report = go(db, &[
            ("customers.csv", "external_id,name,arr,parent_external_id,colour\nC-1,Acme,1,,red\nC-1,Again,2,,\n,Nameless,,,\nC-3,Three,NaN,,\nC-4,Four,=1+1,,\nC-5,=Five,5,,\nC-6,Six,,C-99,\nC-7,Seven,,C-3,\nC-8,Eight,,C-8,\n"),
            ("contracts.csv", "external_id,customer_external_id,starts_on,licensed_seats\nK-1,C-1,2025-01-01,-5\nK-2,C-404,2025-01-01,5\nK-3,C-1,1899-01-01,5\nK-4,C-1,2025-13-01,5\n"),
        ]).await;
        let customers = &report.datasets[0];
        assert_eq!(counts(customers), [3, 0, 0, 6]);
        let reasons: Vec<(u64, &str)> = customers.rejections.iter().map(|r| (r.line, r.field.as_str())).collect();
        assert_eq!(reasons, [(3, "external_id"), (4, "external_id"), (5, "arr"), (6, "arr"), (8, "parent_external_id"), (10, "parent_external_id")]);
        assert!(customers.rejections[0].reason.contains("line 2"));
        assert!(customers.rejections[4].reason.contains("C-99"));
        assert_eq!(customers.warnings.len(), 2, "{:?}", customers.warnings);
        assert_eq!((customers.warnings[0].line, customers.warnings[0].field.as_str()), (1, "colour"));
        assert_eq!(customers.warnings[1].line, 9, "the parent was rejected");
        let contracts = &report.datasets[1];
        assert_eq!(counts(contracts), [0, 0, 0, 4]);
        assert_eq!(number(db, "SELECT COUNT(*) FROM contracts").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM import_rejections WHERE raw LIKE 'K-%'").await, 4);
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers WHERE name = '=Five'").await, 1);
    }

    async fn of_a_key_twice_the_last_wins_where_it_may(db: &Db) {
        go(db, &[("customers.csv", CUSTOMERS)]).await;
        let usage = "customer_external_id,metric,observed_on,value\nC-1,api_calls,2026-01-01,1\nC-2,api_calls,2026-01-01,5\nC-1,api_calls,2026-01-01,2\n";
        let health = "customer_external_id,scored_on,score\nC-1,2026-01-01,50\nC-1,2026-01-01,60\n";
        let files = [("usage_metrics.csv", usage), ("health_scores.csv", health)];
        let first = go(db, &files).await;
        assert_eq!(counts(&first.datasets[0]), [2, 1, 0, 0]);
        assert_eq!(counts(&first.datasets[1]), [1, 1, 0, 0]);
        assert_eq!(number(db, "SELECT CAST(SUM(value) AS BIGINT) FROM usage_metrics").await, 7);
        assert_eq!(number(db, "SELECT CAST(SUM(score) AS BIGINT) FROM health_scores").await, 60);
        let second = go(db, &files).await;
        assert_eq!(counts(&second.datasets[0]), [0, 0, 3, 0]);
        assert_eq!(counts(&second.datasets[1]), [0, 0, 2, 0]);
    }

    async fn keys_twice_are_settled_across_batches_too(db: &Db) {
        go(db, &[("customers.csv", CUSTOMERS)]).await;
        let mut usage = "customer_external_id,metric,observed_on,value\nC-1,api_calls,2026-01-01,1\n".to_owned();
        let mut health = "customer_external_id,scored_on,score\nC-2,2026-01-01,50\n".to_owned();
        let day = |n: i32| (domain::time::Day(14_000) + n).to_string();
        for n in 0..7_000 {
            usage.push_str(&format!("C-2,api_calls,{},{n}\n", day(n)));
            if n < 2_500 {
                health.push_str(&format!("C-1,{},{}\n", day(n), n % 100));
            }
        }
        usage.push_str("C-1,api_calls,2026-01-01,2\n");
        health.push_str("C-2,2026-01-01,60\n");
        let files = [("usage_metrics.csv", usage.as_str()), ("health_scores.csv", health.as_str())];
        let first = go(db, &files).await;
        assert_eq!(counts(&first.datasets[0]), [7_001, 1, 0, 0]);
        assert_eq!(counts(&first.datasets[1]), [2_501, 1, 0, 0]);
        let second = go(db, &files).await;
        assert_eq!(counts(&second.datasets[0]), [0, 0, 7_002, 0]);
        assert_eq!(counts(&second.datasets[1]), [0, 0, 2_502, 0]);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics WHERE import_id = 3").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_prior").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM import_changes WHERE import_file_id > 3").await, 0);
        undo(db, at(NOW), None, first.import_id).await.unwrap();
        assert_eq!(number(db, "SELECT COUNT(*) FROM usage_metrics").await + number(db, "SELECT COUNT(*) FROM health_scores").await, 0);
    }

    async fn opportunities_keep_their_own_rules(db: &Db) {
        go(db, &[("customers.csv", CUSTOMERS)]).await;
        let head = "external_id,customer_external_id,name,type,stage,closed_value,lost_reason\n";
        let first = go(db, &[("opportunities.csv", &format!("{head}O-1,C-1,A,upsell,Engaging,,\nO-2,C-1,B,seats,Won,,\nO-3,C-1,C,upsell,Lost,,Dragons\nO-4,C-1,D,upsell,Someday,,\nO-5,C-1,E,new_business,Won,,\n"))]).await;
        assert_eq!(counts(&first.datasets[0]), [3, 0, 0, 2]);
        assert_eq!(first.datasets[0].warnings.len(), 3, "no identified_on");
        assert!(first.datasets[0].rejections[0].reason.contains("closed_won"));
        let today = number(db, "SELECT MIN(identified_on) FROM opportunities").await;
        assert_eq!(today, i64::from(at(NOW).day_utc().0));
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunities WHERE lost_reason = 'Dragons' OR closed_value IS NULL").await, 3);
        // A month later one has moved, and one moved as the history file says.
        let later = Request { now: at("2026-03-02T09:00:00Z"), ..request() };
        let second = go_with(db, later, &[
            ("opportunities.csv", &format!("{head}O-1,C-1,A,upsell,Proposal,,\nO-2,C-1,B,seats,Lost,,\nO-3,C-1,C,upsell,Lost,,Dragons\n")),
            ("opportunity_history.csv", "opportunity_external_id,to_stage,changed_at,from_stage\nO-2,Lost,2026-02-20T10:00:00Z,Won\n"),
        ]).await.unwrap();
        assert_eq!(counts(&second.datasets[0]), [0, 2, 1, 0]);
        assert_eq!(number(db, "SELECT COUNT(*) FROM opportunity_history").await, 2);
        let recorded = at("2026-03-02T09:00:00Z").0;
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM opportunity_history WHERE changed_at = {recorded} AND from_stage = 'qualified'")).await, 1);
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM opportunities WHERE identified_on = {today}")).await, 3, "the first day stays");
    }

    async fn empty_cells_clear_and_missing_columns_leave_alone(db: &Db) {
        go(db, &[("customers.csv", "external_id,name,arr,industry\nC-1,Acme,10,Retail\n")]).await;
        go(db, &[("customers.csv", "external_id,name,industry\nC-1,Acme,\n")]).await;
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers WHERE arr = 1000 AND industry IS NULL").await, 1);
        go(db, &[("customers.jsonl", "{\"external_id\":\"C-1\",\"name\":\"Acme\",\"arr\":null}\n{\"external_id\":\"C-2\",\"name\":\"Beta\",\"arr\":5.5,\"industry\":\"IT\"}\n")]).await;
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers WHERE arr IS NULL AND industry IS NULL").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers WHERE arr = 550").await, 1);
    }

    async fn a_mapping_feeds_several_datasets_from_foreign_files(db: &Db) {
        let mapping = r#"
            [customers]
            file = "accounts.csv"
            external_id = "id"
            name = "id"
            [contracts]
            file = "accounts.csv"
            external_id = "id"
            customer_external_id = "id"
            starts_on = "signup"
            annual_value = { column = "mrr", scale = 12 }
            [usage_metrics]
            file = "weekly.csv"
            customer_external_id = { column = "account", via = "contracts" }
            observed_on = { column = "week", shift_days = 6 }
            metrics = { calls = "api_calls", trial = "feature.premium.denied" }
            skip_zero = true
        "#;
        let report = go_with(db, mapped(mapping), &[
            ("accounts.csv", "id,signup,mrr\nA,2024-01-01,10.5\nB,2024-02-01,0\n"),
            ("weekly.csv", "account,week,calls,trial\nA,2025-06-02,5,0\nB,2025-06-02,0,3\nX,2025-06-02,1,1\n"),
        ]).await.unwrap();
        assert_eq!(report.datasets.iter().map(counts).collect::<Vec<_>>(), [[2, 0, 0, 0], [2, 0, 0, 0], [2, 0, 0, 2]]);
        assert_eq!(number(db, "SELECT SUM(annual_value) FROM contracts").await, 12_600);
        assert_eq!(number(db, "SELECT day FROM usage_metrics LIMIT 1").await as i32, "2025-06-08".parse::<domain::time::Day>().unwrap().0);
        assert!(report.datasets[2].rejections[0].reason.contains("row of contracts"));
    }

    async fn a_file_that_can_not_be_read_writes_nothing(db: &Db) {
        let packed = {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(b"external_id,name\n").unwrap();
            for n in 0..50_000 {
                packed.write_all(format!("C-{},{}\n", n, n * 7919).as_bytes()).unwrap();
            }
            packed.finish().unwrap()
        };
        let truncated = &packed[..packed.len() - 100];
        for (name, content, part) in [
            ("customers.csv.gz", truncated, "cut off"),
            ("customers.csv", b"\x00\x01\x02binary".as_slice(), "binary"),
            ("customers.csv", b"".as_slice(), "empty"),
            ("customers.csv", b"id,name\n1,A\n".as_slice(), "external_id"),
            ("clients.csv", b"external_id,name\n1,A\n".as_slice(), "no file of a dataset"),
        ] {
            let folder = folder(&[("products.csv", b"sku,name\nP,Plan\n"), (name, content)]);
            let paths = if name == "clients.csv" {
                std::fs::remove_file(folder.path().join("products.csv")).unwrap();
                [folder.path().to_owned()]
            } else {
                [folder.path().to_owned()]
            };
            let error = import_paths(db, request(), &paths, &Progress::default()).await.unwrap_err();
            assert!(message(&error).contains(part), "{name}: {error:?}");
        }
        assert_eq!(number(db, "SELECT COUNT(*) FROM products").await, 0);
        assert_eq!(number(db, "SELECT COUNT(*) FROM imports WHERE state = 'failed' AND error IS NOT NULL").await, 4);
        let missing = import_paths(db, request(), &[PathBuf::from("/nowhere/customers.csv")], &Progress::default()).await;
        assert!(message(&missing.unwrap_err()).contains("not there"));
        // What is fine in itself is imported afterwards.
        let folder = folder(&[("customers.csv.gz", &packed)]);
        let report = import_paths(db, request(), &[folder.path().to_owned()], &Progress::default()).await.unwrap();
        assert_eq!(counts(&report.datasets[0]), [50_000, 0, 0, 0]);
    }

    async fn only_an_admin_imports_and_a_token_needs_its_scope(db: &Db) {
        let body = |text: &'static str| futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(text.as_bytes()))]);
        let spool = tempfile::tempdir().unwrap();
        execute(db, "INSERT INTO users (email, name, role, created_at, updated_at) VALUES ('a@example.com', 'A', 'admin', 0, 0)").await;
        for (role, scopes, allowed) in [
            (Role::Admin, None, true),
            (Role::Admin, Some(vec![TokenScope::Import]), true),
            (Role::Admin, Some(vec![TokenScope::Write]), false),
            (Role::CsLeader, None, false),
            (Role::Viewer, Some(vec![TokenScope::Import]), false),
        ] {
            let request = Request { by: By::Api(actor(role, scopes)), ..request() };
            let result = import_stream(db, request, Dataset::Customers, "customers", body(CUSTOMERS), spool.path(), &Progress::default()).await;
            assert_eq!(result.is_ok(), allowed, "{role:?} {result:?}");
            assert!(allowed || matches!(result, Err(Error::Denied)));
        }
        assert_eq!(std::fs::read_dir(spool.path()).unwrap().count(), 0, "the body is not kept");
        let broken = futures::stream::iter([Ok(bytes::Bytes::from_static(b"external_id,na")), Err(std::io::Error::other("gone"))]);
        let request = Request { by: By::Api(actor(Role::Admin, None)), ..request() };
        let error = import_stream(db, request, Dataset::Customers, "customers", broken, spool.path(), &Progress::default()).await.unwrap_err();
        assert!(message(&error).contains("broke off"), "{error:?}");
        let denied = undo(db, at(NOW), Some(&actor(Role::Csm, None)), ImportId(1)).await;
        assert!(matches!(denied, Err(Error::Denied)));
    }

    async fn a_run_whose_process_died_is_failed_at_the_next_start(db: &Db) {
        let import = db.write(async |tx: store::Tx| store::import::begin_run(&tx, at(NOW), None, "upload").await).await.unwrap();
        assert!(matches!(undo(db, at(NOW), None, import).await, Err(Error::Conflict(text)) if text.contains("running")));
        assert_eq!(fail_orphans(db, at("2026-02-02T10:00:00Z")).await.unwrap(), 1);
        let run = store::imports::one(db.read(), import).await.unwrap().unwrap();
        assert_eq!((run.state.as_str(), run.error.is_some()), ("failed", true));
        let undone = undo(db, at(NOW), None, import).await;
        assert!(matches!(undone, Err(Error::Conflict(text)) if text.contains("nothing to undo")));
    }

    async fn an_import_that_fails_in_the_middle_leaves_nothing(db: &Db) {
        go(db, &[("customers.csv", CUSTOMERS)]).await;
        // The database refuses the last step; everything before it is taken back.
        let refuse = match db.sqlite_path() {
            Some(_) => "CREATE TRIGGER full_disk BEFORE INSERT ON tickets BEGIN SELECT RAISE(ABORT, 'no room'); END",
            None => "ALTER TABLE tickets ADD CONSTRAINT no_room CHECK (id < 0)",
        };
        execute(db, refuse).await;
        let tickets = "external_id,customer_external_id,opened_at\nT-1,C-1,2026-01-15\n";
        let failed = go_with(db, request(), &[("customers.csv", "external_id,name\nC-3,Three\n"), ("tickets.csv", tickets)]).await;
        assert!(failed.is_err());
        assert_eq!(number(db, "SELECT COUNT(*) FROM customers").await, 2);
        assert_eq!(number(db, "SELECT COUNT(*) FROM import_files").await, 1);
        assert_eq!(number(db, "SELECT COUNT(*) FROM imports WHERE state = 'failed'").await, 1);
    }
}

#[tokio::test]
async fn a_database_that_is_read_only_gives_a_clear_answer() {
    let database = store::testing::sqlite().await;
    go(&database, &[("customers.csv", CUSTOMERS)]).await;
    execute(&database, "PRAGMA query_only = ON").await;
    let error = go_with(&database, request(), &[("customers.csv", "external_id,name\nC-3,Three\n")]).await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable(text) if text.contains("read-only")), "{error:?}");
}

#[tokio::test]
async fn a_full_disk_gives_a_clear_answer_and_writes_nothing() {
    let database = store::testing::sqlite().await;
    go(&database, &[("customers.csv", CUSTOMERS)]).await;
    let pages = number(&database, "PRAGMA page_count").await;
    execute(&database, &format!("PRAGMA max_page_count = {}", pages + 2)).await;
    let mut many = "external_id,name\n".to_owned();
    for n in 0..5_000 {
        many.push_str(&format!("D-{n},A customer with a long name {n}\n"));
    }
    let error = go_with(&database, request(), &[("customers.csv", &many)]).await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable(text) if text.contains("full")), "{error:?}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM customers").await, 2);
}

#[tokio::test]
async fn a_preview_tries_the_first_rows_and_writes_nothing() {
    let folder = folder(&[("x.csv", b"opp,acct,stage,prob\n1,C-1,Proposal,60\n2,C-1,Never,40\n")]);
    let source = Source::of(&folder.path().join("x.csv"));
    let admin = actor(Role::Admin, None);
    let look = |mapping: Option<Mapping>| {
        preview(&admin, Calendar::default(), source.clone(), Dataset::Opportunities, mapping)
    };
    let bare = look(None).await.unwrap();
    assert_eq!(bare.messages.len(), 1, "{:?}", bare.messages);
    assert_eq!(bare.messages[0].field, "external_id");
    assert_eq!(bare.columns[4].header, "stage", "what can be guessed is");
    let mapping = super::mapping_of(
        "[opportunities]\nexternal_id = \"opp\"\ncustomer_external_id = \"acct\"\nname = \"opp\"\nprobability = \"prob\"\ntype = { constant = \"upsell\" }",
    )
    .unwrap();
    let full = look(Some(mapping)).await.unwrap();
    assert_eq!(full.trial[0], (2, "ok".to_owned()));
    assert!(full.trial[1].1.starts_with("stage: \"Never\""), "{:?}", full.trial);
    assert!(full.messages.iter().any(|m| m.message.contains("percent")));
    assert_eq!((full.sample.len(), full.headers.len()), (2, 4));
    assert!(matches!(
        preview(&actor(Role::Csm, None), Calendar::default(), source, Dataset::Users, None).await,
        Err(Error::Denied)
    ));
}

/// The other half of the next test: a process that imports until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is started by the test that kills it"]
async fn a_process_to_be_killed() {
    let url = std::env::var("HEADROOM_TEST_KILL_DATABASE").unwrap();
    let folder = std::env::var("HEADROOM_TEST_KILL_FOLDER").unwrap();
    let db = Db::connect(&url, store::Options::default()).await.unwrap();
    let progress = Progress::default();
    let watched = progress.clone();
    std::thread::spawn(move || {
        while watched.done() < 50_000 {
            std::thread::yield_now();
        }
        println!("\nin the middle");
    });
    import_paths(&db, request(), &[folder.into()], &progress).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_in_the_middle_leaves_nothing_but_its_line_in_the_ledger() {
    let database = store::testing::sqlite().await;
    go(&database, &[("customers.csv", CUSTOMERS)]).await;
    let mut usage = "customer_external_id,metric,observed_on,value\n".to_owned();
    for n in 0..400_000 {
        usage.push_str(&format!("C-1,feature.f{},{},{n}\n", n / 20_000, domain::time::Day(10_000 + n % 20_000)));
    }
    let folder = folder(&[("usage_metrics.csv", usage.as_bytes())]);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "import::tests::a_process_to_be_killed", "--ignored", "--nocapture"])
        .env("HEADROOM_TEST_KILL_DATABASE", database.url())
        .env("HEADROOM_TEST_KILL_FOLDER", folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let said = std::io::BufReader::new(child.stdout.take().unwrap());
    assert!(said.lines().any(|line| line.unwrap() == "in the middle"));
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was killed before its end");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM usage_metrics").await, 0);
    assert_eq!(number(&database, "SELECT COUNT(*) FROM imports WHERE state = 'running'").await, 1);
    assert_eq!(fail_orphans(&database, at("2026-02-02T10:00:00Z")).await.unwrap(), 1);
    // And the database goes on.
    let report = go(&database, &[("customers.csv", "external_id,name\nC-3,Three\n")]).await;
    assert_eq!(counts(&report.datasets[0]), [1, 0, 0, 0]);
}

// --- data that others made ---------------------------------------------------------------------------------------------

/// A folder of third-party data, or none: then the test says so and ends.
fn third_party(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("HEADROOM_TEST_DATA").filter(|root| !root.is_empty()) else {
        eprintln!("skipped: HEADROOM_TEST_DATA does not say where the third-party data is");
        return None;
    };
    let path = PathBuf::from(root).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// Imports a folder with its example mapping.
async fn import_once(db: &Db, folder: &str, mapping: &str) -> Option<(Request, PathBuf, ImportReport)> {
    let path = third_party(folder)?;
    let examples = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../server/examples/mapping"));
    let request = Request { mapping: Some(super::read_mapping(&examples.join(mapping)).unwrap()), ..request() };
    let report = import_paths(db, request.clone(), std::slice::from_ref(&path), &Progress::default()).await.unwrap();
    for dataset in &report.datasets {
        counts(dataset);
    }
    Some((request, path, report))
}

/// The same twice: the second time nothing changes.
async fn import_example(db: &Db, folder: &str, mapping: &str) -> Option<ImportReport> {
    let (request, path, report) = import_once(db, folder, mapping).await?;
    let again = import_paths(db, request, &[path], &Progress::default()).await.unwrap();
    for (first, second) in report.datasets.iter().zip(&again.datasets) {
        assert_eq!(counts(second), [0, 0, first.rows - first.rejected, first.rejected], "{}", first.dataset);
    }
    Some(report)
}

fn of<'a>(report: &'a ImportReport, dataset: &str) -> &'a DatasetReport {
    report.datasets.iter().find(|file| file.dataset == dataset).unwrap()
}

/// The upgrades of the next months are among the accounts with an upsell or tier signal built on usage: recall ≥ 0.95 at
/// precision ≥ 0.55, of accounts that are live, older than 90 days and have not upgraded yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saasguard_goes_in_whole_and_its_upgrades_are_seen_coming() {
    let db = store::testing::sqlite().await;
    let Some((_, _, report)) = import_once(&db, "saasguard_synth", "saasguard.toml").await else { return };
    assert_eq!(report.rejected(), 0, "{report:?}");
    assert_eq!(counts(of(&report, "customers")), [2_000, 0, 0, 0]);
    assert_eq!(counts(of(&report, "tickets")), [14_010, 0, 0, 0]);
    assert_eq!(number(&db, "SELECT COUNT(*) FROM opportunities").await, 350);
    assert!(of(&report, "usage_metrics").created > 400_000);

    let now = at("2025-06-30T09:00:00Z");
    let services = crate::Services::new((*db).clone(), crate::Clock::fixed(now), crate::org::Config::default());
    let first = crate::scan::scan_all(&services, now).await.unwrap();
    let today = now.day_utc();
    let live = format!(
        "FROM customers c WHERE c.created_on <= {} AND (c.churned_on IS NULL OR c.churned_on > {2}) AND NOT EXISTS \
         (SELECT 1 FROM entitlements e JOIN contracts k ON k.id = e.contract_id WHERE k.customer_id = c.id AND e.starts_on <= {2}){}",
        (today - 90).0,
        "",
        today.0
    );
    let upgrades = format!(
        " AND EXISTS (SELECT 1 FROM entitlements e JOIN contracts k ON k.id = e.contract_id WHERE k.customer_id = c.id AND e.starts_on > {})",
        today.0
    );
    let seen = " AND EXISTS (SELECT 1 FROM signals s JOIN signal_evidence e ON e.signal_id = s.id WHERE s.customer_id = c.id \
                AND s.leads_to IN ('upsell', 'tier_upgrade') AND s.closed_at IS NULL AND e.json LIKE '%\"usage\"%')";
    let count =
        async |conditions: &[&str]| number(&db, &format!("SELECT COUNT(*) {live}{}", conditions.concat())).await;
    let (all, later) = (count(&[]).await, count(&[&upgrades]).await);
    let (found, hits) = (count(&[seen]).await, count(&[&upgrades, seen]).await);
    println!("{all} accounts, {later} upgrade later; {found} with a signal, {hits} of them upgrade; {first:?}");
    assert_eq!((all, later), (1_014, 45), "the counts of the data's own notes");
    assert!(hits as f64 >= 0.95 * later as f64, "recall {hits}/{later}");
    assert!(hits as f64 >= 0.55 * found as f64, "precision {hits}/{found}");
    let second = crate::scan::scan_all(&services, now).await.unwrap();
    assert_eq!(
        (second.signals_opened, second.signals_updated, second.signals_closed, second.opportunities_created),
        (0, 0, 0, 0)
    );
}

#[tokio::test]
async fn ravenstack_goes_in_but_for_the_use_of_trials() {
    let db = store::testing::sqlite().await;
    let Some(report) = import_example(&db, "ravenstack", "ravenstack.toml").await else { return };
    assert_eq!(counts(of(&report, "customers")), [500, 0, 0, 0]);
    assert_eq!(of(&report, "contracts").rejected, 0);
    assert_eq!(counts(of(&report, "tickets")), [2_000, 0, 0, 0]);
    let usage = of(&report, "usage_metrics");
    assert!(usage.rejections.iter().all(|rejection| rejection.reason.contains("row of contracts")));
    assert_eq!((usage.rows, usage.created > 15_000), (25_000, true));
}

#[tokio::test]
async fn a_salesforce_export_goes_in_with_its_history() {
    let db = store::testing::sqlite().await;
    let Some(report) = import_example(&db, "salesforce_devorg", "salesforce_devorg.toml").await else { return };
    assert_eq!(counts(of(&report, "opportunities")), [36, 0, 0, 0], "{:?}", of(&report, "opportunities").rejections);
    assert_eq!(counts(of(&report, "opportunity_history")), [48, 0, 0, 0]);
    let read = &of(&report, "opportunities").warnings;
    assert!(read.iter().any(|warning| warning.field == "probability" && warning.message.contains("percent")));
    assert!(read.iter().any(|warning| warning.field == "identified_on" && warning.message.contains("MM/DD/YYYY")));
}

#[tokio::test]
async fn scrambled_connector_tables_are_refused_row_by_row() {
    let db = store::testing::sqlite().await;
    let Some(report) = import_example(&db, "fivetran_salesforce_seeds", "fivetran_salesforce.toml").await else {
        return;
    };
    assert_eq!(counts(of(&report, "customers")), [1, 0, 0, 0]);
    assert_eq!(of(&report, "users").rejected, of(&report, "users").rows, "their addresses are hashes");
    assert_eq!(of(&report, "opportunities").rows, 0, "all are deleted");
}

#[tokio::test]
async fn telco_customers_go_in_with_their_add_ons() {
    let db = store::testing::sqlite().await;
    let Some(report) = import_example(&db, "ibm_telco", "ibm_telco.toml").await else { return };
    assert_eq!(report.rejected(), 0);
    assert_eq!(counts(of(&report, "customers")), [7_043, 0, 0, 0]);
    assert_eq!(number(&db, "SELECT COUNT(*) FROM entitlements WHERE metric = 'feature.tech_support'").await, 2_044);
}

/// PRODUCT 15: 1 M usage rows in 20 s, 10,000 opportunities in 2 s. `cargo test --release -p services --lib
/// import::tests::speed -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes its time; for the release profile"]
async fn speed() {
    for db in store::testing::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut customers = "external_id,name\n".to_owned();
        let mut opportunities =
            "external_id,customer_external_id,name,type,stage,estimated_value,probability,identified_on\n".to_owned();
        let mut usage = std::io::BufWriter::new(std::fs::File::create(path("usage_metrics.csv")).unwrap());
        writeln!(usage, "customer_external_id,metric,observed_on,value").unwrap();
        for customer in 0..1_000 {
            customers.push_str(&format!("C-{customer},Customer {customer}\n"));
            for metric in ["active_users", "api_calls", "storage_gb", "feature.export"] {
                for day in 0..250 {
                    writeln!(usage, "C-{customer},{metric},{},{}", domain::time::Day(20_000 + day), customer + day)
                        .unwrap();
                }
            }
            for number in 0..10 {
                opportunities.push_str(&format!(
                    "O-{customer}-{number},C-{customer},Deal,upsell,Proposal,{number}000.50,40,2025-01-01\n"
                ));
            }
        }
        usage.flush().unwrap();
        std::fs::write(path("customers.csv"), customers).unwrap();
        std::fs::write(path("opportunities.csv"), opportunities).unwrap();
        for name in
            ["customers.csv", "opportunities.csv", "usage_metrics.csv", "opportunities.csv", "usage_metrics.csv"]
        {
            let started = std::time::Instant::now();
            let report = import_paths(&db, request(), &[path(name)], &Progress::default()).await.unwrap();
            let took = started.elapsed();
            println!(
                "{:?} {name}: {} rows in {:.2} s, {:?}",
                db.backend(),
                report.datasets[0].rows,
                took.as_secs_f64(),
                counts(&report.datasets[0])
            );
        }
        let started = std::time::Instant::now();
        let undone = undo(&db, at(NOW), None, ImportId(3)).await.unwrap();
        println!(
            "{:?} undo of usage: {} rows in {:.2} s",
            db.backend(),
            undone.datasets[0].deleted,
            started.elapsed().as_secs_f64()
        );
    }
}
