//! What a scan reads and writes: batches of accounts with one query per table, never one query per account.
//!
//! [`Loader::load`] gives snapshots with what earlier scans left behind, `domain` decides, [`apply`] writes what is new
//! of a batch in one short transaction. Memory is bounded by the batch. [`portfolio`] holds what a full scan knows of
//! all accounts together, so that an incremental one needs no pass over everybody's usage.

mod apply;
mod load;
pub mod portfolio;
mod reader;
mod stored;
#[cfg(test)]
mod tests;
pub mod touched;

use domain::{
    account::{AccountSnapshot, Customer},
    id::{CustomerId, FoundId, OpportunityId, ProductId},
    opportunity::OpportunityType,
    signal::episode::Episode,
    time::{At, Day},
};

use crate::{Db, Error, Result};

pub use apply::{
    AccountChanges, Applied, EpisodeWrite, FoundWrite, Link, NewActivity, NewNotification, NewRecord, NewTask,
    StateWrite, apply, content_hash, episode_hash, found_hash,
};
pub use load::HISTORY_MONTHS;

/// The instant as of which accounts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// The instant.
    pub now: At,
    /// The organisation's day at that instant.
    pub today: Day,
    /// Days of meetings and mails that are read; transcripts are long, so no more than a rule looks back.
    pub meeting_days: i64,
}

impl AsOf {
    /// The first day of history that is read.
    #[must_use]
    pub fn history_from(self) -> Day {
        self.today.plus_months(-HISTORY_MONTHS)
    }
}

/// Which accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accounts {
    /// All with an id from the first to the second.
    Between(CustomerId, CustomerId),
    /// These.
    These(Vec<CustomerId>),
}

impl Accounts {
    /// As a condition on a column. Ids are integers, so the text can't be anything else.
    fn filter(&self, column: &str) -> String {
        match self {
            Accounts::Between(from, to) => format!("{column} BETWEEN {} AND {}", from.0, to.0),
            Accounts::These(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
                // An empty list is no SQL; no account has the id 0.
                format!("{column} IN ({})", if ids.is_empty() { "0".to_owned() } else { ids.join(",") })
            }
        }
    }
}

/// An account as it is known, with what earlier scans left behind.
#[derive(Debug)]
pub struct Loaded {
    /// Everything known at the instant.
    pub snapshot: AccountSnapshot,
    /// Episodes that are not closed, and closed ones that are silenced until a day that is still ahead.
    pub episodes: Vec<StoredEpisode>,
    /// What was found before, also what is gone.
    pub found: Vec<StoredFound>,
    /// Hash of the stored blockers and guards.
    pub state_hash: Option<String>,
    /// Type and product of records that are open, but were not yet at the instant: a scan of a past day makes no second
    /// ones.
    pub later_records: Vec<FoundKey>,
}

impl Loaded {
    fn new(customer: Customer) -> Loaded {
        Loaded {
            snapshot: AccountSnapshot {
                customer,
                contracts: Vec::new(),
                usage: std::collections::BTreeMap::new(),
                users: Vec::new(),
                stakeholders: Vec::new(),
                health: Vec::new(),
                meetings: Vec::new(),
                tickets: Vec::new(),
                expansions: Vec::new(),
                opportunities: Vec::new(),
                last_outreach: None,
                heard: domain::account::Cached::default(),
            },
            episodes: Vec::new(),
            found: Vec::new(),
            state_hash: None,
            later_records: Vec::new(),
        }
    }
}

/// An episode as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEpisode {
    /// The episode.
    pub episode: Episode,
    /// Hash of what the scan wrote.
    pub content_hash: String,
    /// What it counts for.
    pub found: Option<FoundId>,
    /// The record behind that.
    pub opportunity: Option<OpportunityId>,
}

/// A found opportunity as it is stored, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFound {
    /// Id.
    pub id: FoundId,
    /// Type.
    pub kind: OpportunityType,
    /// Product.
    pub product: Option<ProductId>,
    /// Hash of what the scan wrote.
    pub content_hash: String,
    /// Found first at.
    pub first_found_at: At,
    /// Not there any more.
    pub gone: bool,
    /// Silent until this day, by somebody's decision.
    pub quiet_until: Option<Day>,
}

/// Reads batches. Each has its own connection on SQLite, so that two use both cores.
pub struct Loader {
    reader: Option<reader::Reader>,
}

impl Loader {
    /// A loader of its own.
    ///
    /// # Errors
    /// When the database can't be opened.
    pub fn open(db: &Db) -> Result<Loader> {
        Ok(Loader { reader: Some(reader::Reader::open(db)?) })
    }

    /// Reads the accounts of a batch, in the order of their ids. Those that are not known yet at the instant are absent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(&mut self, accounts: Accounts, as_of: AsOf) -> Result<Vec<Loaded>> {
        self.blocking(move |reader| load::load(reader, &accounts, as_of)).await
    }

    /// Runs work on the reader in a blocking thread.
    async fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut reader::Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let lost = || Error::Unfit("an earlier read of this scan failed; start it again".into());
        let mut reader = self.reader.take().ok_or_else(lost)?;
        let joined = tokio::task::spawn_blocking(move || {
            let result = work(&mut reader);
            if result.is_err() {
                // A failed read leaves its transaction open.
                reader.end().ok();
            }
            (reader, result)
        })
        .await;
        let (reader, result) = joined.map_err(|error| Error::Unfit(format!("reading accounts stopped: {error}")))?;
        self.reader = Some(reader);
        result
    }
}

/// Ids of all accounts, ascending, for cutting a full scan into batches.
///
/// # Errors
/// When the database fails.
pub async fn account_ids(db: &Db) -> Result<Vec<CustomerId>> {
    let mut loader = Loader::open(db)?;
    loader
        .blocking(|reader| {
            let mut ids = Vec::new();
            reader.each("SELECT id FROM customers ORDER BY id", |row| {
                ids.push(CustomerId(reader::known(row.big(0)?)?));
                Ok(())
            })?;
            Ok(ids)
        })
        .await
}

/// The key of an episode among an account's: rule and subject.
pub type EpisodeKey = (domain::signal::RuleKey, String);

/// The key of a found opportunity among an account's: type and product.
pub type FoundKey = (OpportunityType, Option<ProductId>);
