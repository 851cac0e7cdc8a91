//! The demo in a database: everything is accepted, and the first scan finds what is planted.

use domain::time::At;
use store::{on_each_database, testing::number};

use super::{DEFAULT_ACCOUNTS, DEFAULT_SEED};
use crate::{Clock, Services, import::Progress, org::Config, seed};

on_each_database! {
    async fn the_first_scan_after_a_seed_finds_what_is_planted(db: &Db) {
        let now: At = "2026-11-20T09:00:00Z".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let services = Services::new(db.clone(), Clock::fixed(now), config);
        let seeded =
            seed::demo(&services, DEFAULT_SEED, now.day_utc(), DEFAULT_ACCOUNTS, now, &Progress::default()).await.unwrap();
        for part in &seeded.report.datasets {
            assert_eq!((part.rejected, part.warnings.len()), (0, 0), "{part:?}");
        }
        assert_eq!(seeded.report.datasets.len(), 15);
        assert_eq!((seeded.scan.opportunities_created, seeded.scan.exploratory), (0, 0), "{:?}", seeded.scan);
        let count = async |status: &str| {
            number(db, &format!("SELECT COUNT(*) FROM found_opportunities WHERE status = '{status}'")).await
        };
        assert_eq!([count("open").await, count("candidate").await, count("held_back").await], [22, 6, 3]);
        let records = "SELECT SUM(o.estimated_value) FROM opportunities o \
                       JOIN found_opportunities f ON f.opportunity_id = o.id WHERE f.status = 'open'";
        assert_eq!(number(db, records).await, 45_600_000);
        let expected = |status: &str| format!("SELECT SUM(value_expected) FROM found_opportunities WHERE status = '{status}'");
        assert_eq!(number(db, &expected("candidate")).await, 2_900_000);
        assert_eq!(number(db, &expected("held_back")).await, 22_300_000);
    }
}
