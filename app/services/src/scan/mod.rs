//! Scans: load accounts in batches, let the rules and the finder decide, write what is new (PRODUCT 4 and 5).
//!
//! A scan is a reconciler: it compares what should be with what is, and a second one in a row writes nothing. Two workers
//! load and decide, each batch on its own thread; one writes, a short transaction per batch, so that memory is bounded
//! and nobody waits long. A batch that somebody changed meanwhile is read and decided again.

mod plan;
mod run;
mod setup;
#[cfg(test)]
mod tests;

use domain::{
    account::AccountSnapshot,
    id::CustomerId,
    signal::{self, Evaluation, RuleKey},
    time::At,
};
use serde::{Deserialize, Serialize};
use store::scan::{Accounts, Loader, touched};

use crate::{Error, Result, Services};

pub use setup::PeerCache;

/// Accounts of one round of an incremental scan.
const ROUND: u32 = 5_000;

/// What a scan did; `headroom scan --json` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScanReport {
    /// Accounts that were looked at.
    pub accounts: u64,
    /// Signals that began.
    pub signals_opened: u64,
    /// Signals that changed.
    pub signals_updated: u64,
    /// Signals that ended.
    pub signals_closed: u64,
    /// Opportunity records that were made.
    pub opportunities_created: u64,
    /// Opportunities that stand: in the pipeline or candidates.
    pub found: u64,
    /// Opportunities that a guard holds back.
    pub held_back: u64,
    /// Opportunities that wait for a CSM's confirmation.
    pub exploratory: u64,
    /// Items that were put into somebody's inbox.
    pub notifications: u64,
    /// How long it took.
    pub took_ms: u64,
}

impl ScanReport {
    /// As a sentence, for the log of runs.
    #[must_use]
    pub fn sentence(&self) -> String {
        use domain::format::{count, number};
        let n = |value: u64| number(i64::try_from(value).unwrap_or(i64::MAX));
        format!(
            "{}: {} opened, {} changed, {} closed; {} made, {} found, {} held back.",
            count(self.accounts, "account", "accounts"),
            count(self.signals_opened, "signal", "signals"),
            n(self.signals_updated),
            n(self.signals_closed),
            count(self.opportunities_created, "record", "records"),
            n(self.found),
            n(self.held_back),
        )
    }

    fn add(&mut self, other: &ScanReport) {
        self.accounts += other.accounts;
        self.signals_opened += other.signals_opened;
        self.signals_updated += other.signals_updated;
        self.signals_closed += other.signals_closed;
        self.opportunities_created += other.opportunities_created;
        self.found += other.found;
        self.held_back += other.held_back;
        self.exploratory += other.exploratory;
        self.notifications += other.notifications;
        self.took_ms += other.took_ms;
    }
}

/// Scans all accounts.
///
/// # Errors
/// When the database fails.
pub async fn scan_all(services: &Services, now: At) -> Result<ScanReport> {
    let started = std::time::Instant::now();
    let ids = store::scan::account_ids(&services.db).await?;
    let setup = setup::for_all(services, now).await?;
    let batches = ids.chunks(run::BATCH).filter_map(|chunk| Some(Accounts::Between(*chunk.first()?, *chunk.last()?)));
    let report = run::run(services, setup, batches.collect()).await?;
    Ok(ScanReport { took_ms: millis(started), ..report })
}

/// Scans all accounts, and forgets that new data touched any before: the daily scan.
///
/// # Errors
/// When the database fails.
pub async fn scan_all_and_touched(services: &Services, now: At) -> Result<ScanReport> {
    let taken = &services.db.write(|tx| async move { touched::take(&tx, u32::MAX).await }).await?;
    let report = scan_all(services, now).await?;
    services.db.write(|tx| async move { touched::done(&tx, taken).await }).await?;
    Ok(report)
}

/// Scans some accounts. Unknown ids are passed over.
///
/// # Errors
/// When the database fails.
pub async fn scan_accounts(services: &Services, now: At, accounts: &[CustomerId]) -> Result<ScanReport> {
    let started = std::time::Instant::now();
    if accounts.is_empty() {
        return Ok(ScanReport::default());
    }
    let setup = setup::for_some(services, now, accounts).await?;
    // Small enough that both workers have something to do.
    let size = accounts.len().div_ceil(run::WORKERS).clamp(1, run::BATCH);
    let batches = accounts.chunks(size).map(|chunk| Accounts::These(chunk.to_vec())).collect();
    let report = run::run(services, setup, batches).await?;
    Ok(ScanReport { took_ms: millis(started), ..report })
}

/// Scans the accounts that new data touched, and forgets those it scanned. After a crash they still wait; touched again
/// while they are scanned, they wait for the next scan.
///
/// # Errors
/// When the database fails.
pub async fn scan_touched(services: &Services, now: At) -> Result<ScanReport> {
    let mut total = ScanReport::default();
    loop {
        if store::jobs::waiting_accounts(services.db.read()).await? == 0 {
            return Ok(total);
        }
        let taken = services.db.write(|tx| async move { touched::take(&tx, ROUND).await }).await?;
        total.add(&scan_accounts(services, now, &taken).await?);
        let taken = &taken;
        services.db.write(|tx| async move { touched::done(&tx, taken).await }).await?;
        if taken.len() < ROUND as usize {
            return Ok(total);
        }
    }
}

/// What is known of an account, and every rule's answer for it.
#[derive(Debug)]
pub struct Explanation {
    /// Everything known at the instant.
    pub account: AccountSnapshot,
    /// "Why not?": each rule with its clauses, in the order of PRODUCT 4.
    pub rules: Vec<(RuleKey, Vec<Evaluation>)>,
}

/// Why each rule fires or does not, for one account at an instant. The caller has checked that it may be seen.
///
/// # Errors
/// [`Error::NotFound`] when the account is not known at that instant.
pub async fn explain(services: &Services, now: At, customer: CustomerId) -> Result<Explanation> {
    let setup = setup::for_some(services, now, &[customer]).await?;
    let mut loader = Loader::open(&services.db)?;
    let loaded = loader.load(Accounts::These(vec![customer]), setup.as_of).await?;
    let account = loaded.into_iter().next().ok_or(Error::NotFound)?.snapshot;
    let rules = signal::explain(&account, &setup.context(&account), &setup.rules);
    Ok(Explanation { account, rules })
}

fn millis(started: std::time::Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
