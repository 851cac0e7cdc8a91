//! Headroom's use cases and jobs. Every use case authorises, loads, lets `domain` decide, and writes in one
//! transaction; the audit row stands in the same transaction as the change.
//!
//! Each module is a noun of the product. A function takes [`Services`], the [`domain::access::Actor`] and its input, and
//! returns what the page or the API shows, or an [`Error`].

pub mod accounts;
pub mod admin;
pub mod audit;
pub mod auth;
pub mod bench;
pub mod charts;
pub mod clock;
pub mod demo;
pub mod error;
pub mod finder;
pub mod import;
pub mod inbox;
pub mod jobs;
pub mod live;
pub mod me;
pub mod org;
pub mod scan;
pub mod seed;
pub mod shell;
pub mod signals;
pub mod steps;

use std::sync::Arc;

pub use clock::Clock;
pub use error::{Error, Result};

/// Argon2 needs 19 MiB a hash; more at once only queue for the cores.
const HASHES_AT_ONCE: usize = 2;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: store::Db,
    /// The clock.
    pub clock: Clock,
    /// What the environment and the configuration file fix.
    pub config: Arc<org::Config>,
    /// Live events to browsers.
    pub live: live::Live,
    /// Bounds the number of password hashes computed at once.
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    /// What all accounts own and use, as the last full scan left it.
    pub(crate) peers: scan::PeerCache,
}

impl Services {
    /// Services over an open database.
    #[must_use]
    pub fn new(db: store::Db, clock: Clock, config: org::Config) -> Services {
        let live = live::Live::new(&db);
        Services {
            db,
            clock,
            config: Arc::new(config),
            live,
            hashing: Arc::new(tokio::sync::Semaphore::new(HASHES_AT_ONCE)),
            peers: scan::PeerCache::default(),
        }
    }

    /// The instant of this request.
    #[must_use]
    pub fn now(&self) -> domain::time::At {
        self.clock.now()
    }
}
