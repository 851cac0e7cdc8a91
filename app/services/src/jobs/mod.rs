//! Jobs: what the worker runs by itself, when, and what each does (ARCHITECTURE 2).
//!
//! A job is a row with a due time and a lease, so that of several workers one runs it, a missed time is made up for once
//! after downtime, and a worker that dies is replaced. To add one: a row in [`JOBS`] and an arm in `execute`.

mod schedule;
#[cfg(test)]
mod tests;
mod worker;

pub use schedule::Schedule;
pub use worker::Worker;

/// The daily scan of all accounts.
pub const FULL_SCAN: &str = "scan.full";
/// The scan of accounts that new data touched.
pub const TOUCHED_SCAN: &str = "scan.touched";
/// What nobody needs any more is removed, and what died is marked.
pub const HOUSEKEEPING: &str = "housekeeping";

/// A job, for the worker and the admin page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobDef {
    /// Key in the database.
    pub key: &'static str,
    /// Label.
    pub label: &'static str,
    /// When it runs.
    pub schedule: Schedule,
}

/// All jobs.
pub const JOBS: &[JobDef] = &[
    JobDef { key: FULL_SCAN, label: "Scan of all accounts", schedule: Schedule::DailyScan },
    JobDef { key: TOUCHED_SCAN, label: "Scan of accounts with new data", schedule: Schedule::WhenTouched },
    JobDef { key: HOUSEKEEPING, label: "Housekeeping", schedule: Schedule::Cron("30 3 * * *") },
];

/// A job by key.
#[must_use]
pub fn find(key: &str) -> Option<&'static JobDef> {
    JOBS.iter().find(|job| job.key == key)
}
