//! Scans of the demo portfolio, on both databases: the whole way from files to what people are told.

use domain::{calendar::Calendar, time::At};
use store::{
    Db, on_each_database,
    testing::{execute, findings, number},
};

use super::*;
use crate::{
    Clock, demo,
    import::{By, Progress, Request, import_paths},
    org::Config,
};

/// 09:00 on the as-of day of the demo.
const NOW: &str = "2026-02-02T09:00:00Z";

fn now() -> At {
    NOW.parse().unwrap()
}

/// The demo's data, imported; its outreach and settings are not there.
async fn portfolio(db: &Db, accounts: u32) -> Services {
    let folder = tempfile::tempdir().unwrap();
    for table in demo::generate(demo::DEFAULT_SEED, now().day_utc(), accounts) {
        let mut file = std::fs::File::create(folder.path().join(format!("{}.csv", table.dataset))).unwrap();
        std::io::copy(&mut table.into_csv(), &mut file).unwrap();
    }
    let request = Request { now: now(), calendar: Calendar::default(), by: By::Demo, mapping: None };
    import_paths(db, request, &[folder.path().to_owned()], &Progress::default()).await.unwrap();
    Services::new(db.clone(), Clock::fixed(now()), Config::default())
}

async fn count(db: &Db, table: &str) -> i64 {
    number(db, &format!("SELECT COUNT(*) FROM {table}")).await
}

async fn account(db: &Db, external_id: &str) -> CustomerId {
    CustomerId(number(db, &format!("SELECT id FROM customers WHERE external_id = '{external_id}'")).await)
}

on_each_database! {
    async fn a_second_scan_in_a_row_writes_nothing(db: &Db) {
        let services = portfolio(db, 60).await;
        let first = scan_all(&services, now()).await.unwrap();
        assert_eq!(first.accounts as i64, count(db, "customers").await);
        assert_eq!(first.signals_opened as i64, count(db, "signals").await);
        assert!(first.signals_opened > 30 && first.opportunities_created > 0, "{first:?}");
        assert_eq!(first.found + first.held_back + first.exploratory, count(db, "found_opportunities").await as u64);
        assert_eq!(first.notifications as i64, count(db, "notifications").await);
        let rows = findings(db).await;
        let idle = |report: ScanReport| {
            let written = (report.signals_opened, report.signals_updated, report.signals_closed);
            written == (0, 0, 0) && report.opportunities_created == 0 && report.notifications == 0
        };
        let second = scan_all(&services, now()).await.unwrap();
        assert!(idle(second), "{second:?}");
        assert_eq!((second.found, second.held_back), (first.found, first.held_back));
        let touched = scan_touched(&services, now()).await.unwrap();
        assert!(idle(touched), "{touched:?}");
        assert_eq!(touched.accounts, first.accounts, "the import touched all of them");
        assert_eq!(count(db, "touched_accounts").await, 0);
        let some = scan_accounts(&services, now(), &[CustomerId(1), CustomerId(2), CustomerId(999_999)]).await.unwrap();
        assert!(idle(some) && some.accounts == 2, "{some:?}");
        // Some seconds later, as the next run of the command line would be.
        let later = scan_all(&services, now().plus_seconds(7)).await.unwrap();
        assert!(idle(later), "{later:?}");
        let after = findings(db).await;
        let changed: Vec<_> = rows.iter().zip(&after).filter(|(before, after)| before != after).collect();
        assert!(changed.is_empty() && rows.len() == after.len(), "{changed:#?}");
    }

    async fn what_is_found_has_evidence_owners_and_links_both_ways(db: &Db) {
        let services = portfolio(db, 60).await;
        scan_all(&services, now()).await.unwrap();
        let no = |sql: &'static str| async move { assert_eq!(number(db, sql).await, 0, "{sql}") };
        no("SELECT COUNT(*) FROM signals s WHERE NOT EXISTS (SELECT 1 FROM signal_evidence e WHERE e.signal_id = s.id)").await;
        no("SELECT COUNT(*) FROM signals WHERE rule_version < 1 OR live_key IS NULL").await;
        no("SELECT COUNT(*) FROM opportunities o WHERE NOT o.imported AND (o.stage <> 'identified' OR o.found_id IS NULL)").await;
        no("SELECT COUNT(*) FROM opportunities o WHERE NOT o.imported AND NOT EXISTS \
            (SELECT 1 FROM opportunity_history h WHERE h.opportunity_id = o.id)").await;
        no("SELECT COUNT(*) FROM opportunities o JOIN found_opportunities f ON f.id = o.found_id \
            WHERE NOT o.imported AND (f.opportunity_id <> o.id OR f.status <> 'open' OR f.customer_id <> o.customer_id)").await;
        no("SELECT COUNT(*) FROM signals s JOIN found_opportunities f ON f.id = s.found_id \
            WHERE f.customer_id <> s.customer_id OR f.opportunity_id <> s.opportunity_id").await;
        no("SELECT COUNT(*) FROM found_opportunities f WHERE NOT EXISTS (SELECT 1 FROM signals s WHERE s.found_id = f.id)").await;
        // One open record per account, type and product.
        no("SELECT COUNT(*) FROM (SELECT 1 FROM opportunities WHERE stage NOT IN ('closed_won', 'closed_lost') \
            AND NOT imported GROUP BY customer_id, type, product_id HAVING COUNT(*) > 1) AS twice").await;
        no("SELECT COUNT(*) FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.kind = 'sales' AND u.role <> 'sales_rep'").await;
        no("SELECT COUNT(*) FROM tasks t WHERE t.title NOT LIKE 'Explore expansion: % - %'").await;
        let due = now().day_utc() + 7;
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM tasks WHERE due_on = {}", due.0)).await, count(db, "tasks").await);
        assert!(number(db, "SELECT COUNT(*) FROM notifications WHERE kind = 'sales'").await > 0);
        assert_eq!(
            number(db, "SELECT COUNT(*) FROM audit_log WHERE action = 'opportunity.created'").await,
            number(db, "SELECT COUNT(*) FROM opportunities WHERE NOT imported").await
        );
    }

    async fn new_data_changes_only_what_it_touches_and_later_days_move_on(db: &Db) {
        let services = portfolio(db, 60).await;
        scan_all(&services, now()).await.unwrap();
        execute(db, "DELETE FROM touched_accounts").await;
        let acme = account(db, "acme-corp").await;
        let others = format!("SELECT COALESCE(SUM(updated_at), 0) FROM signals WHERE customer_id <> {}", acme.0);
        let before = (findings(db).await.len(), number(db, &others).await);
        // A critical ticket holds everything of the account back.
        execute(db, &format!(
            "INSERT INTO tickets (external_id, customer_id, opened_at, priority, topic, created_at, updated_at) \
             VALUES ('t-new', {}, {}, 'critical', 'SSO outage', 0, 0)", acme.0, now().0)).await;
        execute(db, &format!("INSERT INTO touched_accounts (customer_id, touched_at) VALUES ({}, {})", acme.0, now().0)).await;
        let later = now().plus_seconds(60);
        let report = scan_touched(&services, later).await.unwrap();
        assert_eq!(report.accounts, 1);
        let guarded = format!("SELECT COUNT(*) FROM account_state WHERE customer_id = {} AND guards LIKE '%critical_ticket%'", acme.0);
        assert_eq!(number(db, &guarded).await, 1);
        assert_eq!(number(db, &others).await, before.1);
        let open = number(db, "SELECT COUNT(*) FROM signals WHERE closed_at IS NULL").await;
        let told = count(db, "notifications").await;
        // Two days later nothing was measured, so levels still stand on old values; nobody is told again.
        let report = scan_all(&services, now().plus_days(2)).await.unwrap();
        assert!(number(db, "SELECT COUNT(*) FROM signals WHERE closed_at IS NULL").await >= open - 5, "{report:?}");
        // A year later everything is long gone.
        let report = scan_all(&services, now().plus_days(500)).await.unwrap();
        assert!(report.signals_closed > 0, "{report:?}");
        let again = scan_all(&services, now().plus_days(500)).await.unwrap();
        assert_eq!((again.signals_opened, again.signals_updated, again.signals_closed), (0, 0, 0));
        // A past day can be scanned afterwards; what was made later is not made twice.
        let past = scan_all(&services, now().plus_days(-1)).await.unwrap();
        assert_eq!(number(db, "SELECT COUNT(*) FROM (SELECT 1 FROM opportunities WHERE stage = 'identified' \
            AND NOT imported GROUP BY customer_id, type, product_id HAVING COUNT(*) > 1) AS twice").await, 0);
        let told = told + i64::try_from(report.notifications + past.notifications).unwrap();
        assert!(count(db, "notifications").await <= told);
    }

    async fn an_account_is_explained_without_writing(db: &Db) {
        let services = portfolio(db, 60).await;
        scan_all(&services, now()).await.unwrap();
        let rows = findings(db).await;
        let acme = account(db, "acme-corp").await;
        let explained = explain(&services, now(), acme).await.unwrap();
        assert_eq!(explained.account.customer.id, acme);
        assert_eq!(explained.rules.len(), domain::signal::rules::all().len());
        for (rule, evaluations) in &explained.rules {
            assert!(evaluations.iter().all(|e| !e.clauses.is_empty()) && !evaluations.is_empty(), "{rule}");
        }
        let fires: Vec<String> = explained
            .rules
            .iter()
            .flat_map(|(rule, evaluations)| evaluations.iter().filter(|e| e.firing.is_some()).map(move |e| format!("{rule}/{}", e.subject)))
            .collect();
        let stored = number(db, &format!("SELECT COUNT(*) FROM signals WHERE customer_id = {}", acme.0)).await;
        assert_eq!(fires.len() as i64, stored, "{fires:?}");
        assert!(matches!(explain(&services, now(), CustomerId(999_999)).await, Err(Error::NotFound)));
        assert_eq!(findings(db).await, rows);
    }

    async fn before_the_first_full_scan_an_incremental_one_finds_the_same(db: &Db) {
        let services = portfolio(db, 40).await;
        let touched = scan_touched(&services, now()).await.unwrap();
        assert!(touched.signals_opened > 0);
        let full = scan_all(&services, now()).await.unwrap();
        assert_eq!((full.signals_opened, full.signals_updated, full.opportunities_created), (0, 0, 0), "{full:?}");
        // Another process has nothing in memory and finds the same.
        let fresh = Services::new(db.clone(), Clock::fixed(now()), Config::default());
        let again = scan_accounts(&fresh, now(), &[CustomerId(1)]).await.unwrap();
        assert_eq!((again.signals_opened, again.signals_updated), (0, 0), "{again:?}");
    }
}
